using System;

namespace NfDtls.Crypto.OpenSsl;

/// <summary>Whether the numbers of an RSA key are what they claim: OpenSSL takes any, and works around wrong ones in silence.</summary>
internal static unsafe class RsaNumbers
{
    private const int LeastBits = 512;
    private const int MostBits = 16384;
    private const int LongestExponent = 8;

    // Modulus, d, p, q, d mod (p-1), d mod (q-1), 1/q mod p, and the public exponent, which stands second.
    private const int Parts = StoredPrivateKey.RsaParts;

    /// <summary>Whether the modulus is odd and of a possible size, and the exponent odd, above 1 and of at most 8 bytes.</summary>
    internal static bool IsPossible(PublicKey key)
    {
        if (key.Bits is < LeastBits or > MostBits || key.ExponentCount is < 1 or > LongestExponent)
        {
            return false;
        }

        byte last = key.Buffer[key.ExponentOffset + key.ExponentCount - 1];
        return (key.Buffer[key.Offset + key.Count - 1] & 1) == 1 && (last & 1) == 1 && (key.ExponentCount > 1 || last > 1);
    }

    /// <summary>Whether p q = n, e dp = 1 mod (p-1) and the same for q, q u = 1 mod p, and d gives dp and dq.</summary>
    internal static bool BelongTogether(StoredPrivateKey key)
    {
        IntPtr scratch = NativeMethods.BN_CTX_new();
        IntPtr product = NativeMethods.BN_new();
        Span<IntPtr> numbers = stackalloc IntPtr[Parts];
        bool areRead = scratch != IntPtr.Zero && product != IntPtr.Zero;
        for (int part = 0; part < Parts; part++)
        {
            fixed (byte* bytes = key.Buffer.AsSpan(key.OffsetOf(part), key.CountOf(part)))
            {
                numbers[part] = NativeMethods.BN_bin2bn(bytes, key.CountOf(part), IntPtr.Zero);
            }

            areRead &= numbers[part] != IntPtr.Zero;
        }

        IntPtr p = numbers[StoredPrivateKey.Prime1];
        IntPtr q = numbers[StoredPrivateKey.Prime2];
        bool right = areRead && IsLarge(p) && IsLarge(q)
            && NativeMethods.BN_mul(product, p, q, scratch) == 1 && NativeMethods.BN_cmp(product, numbers[StoredPrivateKey.Modulus]) == 0
            && NativeMethods.BN_cmp(numbers[StoredPrivateKey.Coefficient], p) < 0
            && IsInverse(product, q, numbers[StoredPrivateKey.Coefficient], p, scratch)
            && Divides(product, numbers, p, StoredPrivateKey.Exponent1, scratch)
            && Divides(product, numbers, q, StoredPrivateKey.Exponent2, scratch);
        foreach (IntPtr number in numbers)
        {
            NativeMethods.BN_clear_free(number);
        }

        NativeMethods.BN_clear_free(product);
        NativeMethods.BN_CTX_free(scratch);
        if (!right)
        {
            NativeMethods.ERR_clear_error();
        }

        return right;
    }

    private static bool IsLarge(IntPtr prime)
    {
        return NativeMethods.BN_is_zero(prime) == 0 && NativeMethods.BN_is_one(prime) == 0;
    }

    /// <summary>The prime becomes itself less one: nothing needs it afterwards.</summary>
    private static bool Divides(IntPtr product, ReadOnlySpan<IntPtr> numbers, IntPtr prime, int exponent, IntPtr scratch)
    {
        return NativeMethods.BN_sub_word(prime, new System.Runtime.InteropServices.CULong(1)) == 1
            && NativeMethods.BN_cmp(numbers[exponent], prime) < 0
            && IsInverse(product, numbers[StoredPrivateKey.PublicExponent], numbers[exponent], prime, scratch)
            && NativeMethods.BN_nnmod(product, numbers[StoredPrivateKey.PrivateExponent], prime, scratch) == 1
            && NativeMethods.BN_cmp(product, numbers[exponent]) == 0;
    }

    private static bool IsInverse(IntPtr product, IntPtr a, IntPtr b, IntPtr modulus, IntPtr scratch)
    {
        return NativeMethods.BN_mod_mul(product, a, b, modulus, scratch) == 1 && NativeMethods.BN_is_one(product) == 1;
    }
}
