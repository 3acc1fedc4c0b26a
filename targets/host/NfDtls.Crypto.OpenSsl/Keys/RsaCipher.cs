using System;
using System.Buffers;
using System.Security.Cryptography;

namespace NfDtls.Crypto.OpenSsl;

/// <summary>RSAES-PKCS1-v1_5. OpenSSL raises to the power, with blinding; the padding is read here, in a time that does not tell what it is.</summary>
internal static unsafe class RsaCipher
{
    private const int Pkcs1Padding = 1;
    private const int NoPadding = 3;

    // 00 02, at least 8 bytes, 00 (RFC 8017 section 7.2.1).
    private const int LeastPadding = 11;

    internal static DtlsError Encrypt(PublicKey key, ReadOnlySpan<byte> data, Span<byte> cipher)
    {
        bool done = false;
        if (data.Length <= key.Count - LeastPadding)
        {
            using KeyHandle? handle = KeyData.RsaPublic(key);
            IntPtr context = handle?.NewContext() ?? IntPtr.Zero;
            nuint length = (nuint)cipher.Length;
            fixed (byte* bytes = data, output = cipher)
            {
                byte none = 0;
                done = context != IntPtr.Zero && NativeMethods.EVP_PKEY_encrypt_init(context) == 1
                    && NativeMethods.EVP_PKEY_CTX_set_rsa_padding(context, Pkcs1Padding) == 1
                    && NativeMethods.EVP_PKEY_encrypt(context, output, &length, data.IsEmpty ? &none : bytes, (nuint)data.Length) == 1
                    && length == (nuint)cipher.Length;
            }

            NativeMethods.EVP_PKEY_CTX_free(context);
            NativeMethods.ERR_clear_error();
        }

        return done ? DtlsError.None : DtlsError.IllegalParameter;
    }

    /// <summary>Writes the plaintext where it is as long as the destination and rightly padded, else random bytes.</summary>
    internal static DtlsError Decrypt(KeyHandle? key, int modulusLength, ReadOnlySpan<byte> cipher, Span<byte> destination)
    {
        if (key == null)
        {
            return DtlsError.InternalError;
        }

        if (!Entropy.TryFill(destination))
        {
            return DtlsError.NoEntropy;
        }

        if (destination.Length > modulusLength - LeastPadding)
        {
            return DtlsError.None; // No plaintext is so long.
        }

        byte[] rented = ArrayPool<byte>.Shared.Rent(modulusLength);
        Span<byte> block = rented.AsSpan(0, modulusLength);
        bool isPossible = cipher.Length == modulusLength && TryRaise(key, cipher, block);
        if (!isPossible)
        {
            // Known to the peer, who has the modulus.
            block.Clear();
        }

        Choose(block, destination);
        CryptographicOperations.ZeroMemory(block);
        ArrayPool<byte>.Shared.Return(rented);
        return DtlsError.None;
    }

    private static bool TryRaise(KeyHandle key, ReadOnlySpan<byte> cipher, Span<byte> block)
    {
        IntPtr context = key.NewContext();
        nuint length = (nuint)block.Length;
        bool done;
        fixed (byte* bytes = cipher, output = block)
        {
            done = context != IntPtr.Zero && NativeMethods.EVP_PKEY_decrypt_init(context) == 1
                && NativeMethods.EVP_PKEY_CTX_set_rsa_padding(context, NoPadding) == 1
                && NativeMethods.EVP_PKEY_decrypt(context, output, &length, bytes, (nuint)cipher.Length) == 1
                && length == (nuint)block.Length;
        }

        NativeMethods.EVP_PKEY_CTX_free(context);
        NativeMethods.ERR_clear_error();
        return done;
    }

    /// <summary>Every byte is read, whatever stands there: 00 02, bytes that are not 0, 00, and the plaintext at the end.</summary>
    private static void Choose(ReadOnlySpan<byte> block, Span<byte> destination)
    {
        int start = block.Length - destination.Length;
        int wrong = block[0] | (block[1] ^ 2) | block[start - 1];
        for (int i = 2; i < start - 1; i++)
        {
            wrong |= IsZero(block[i]);
        }

        int right = IsZero(wrong);
        for (int i = 0; i < destination.Length; i++)
        {
            destination[i] = (byte)((block[start + i] & right) | (destination[i] & ~right));
        }
    }

    /// <summary>-1 if the value is 0, else 0.</summary>
    private static int IsZero(int value)
    {
        return ~((value | -value) >> 31);
    }
}
