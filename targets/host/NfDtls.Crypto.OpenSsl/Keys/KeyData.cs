using System;
using System.Security.Cryptography;

namespace NfDtls.Crypto.OpenSsl;

/// <summary>Makes keys of RSA and of NIST's curves from their numbers.</summary>
internal static unsafe class KeyData
{
    private const int DomainSelection = 0x84;
    private const int PublicSelection = 0x86;
    private const int PairSelection = 0x87;
    private const int MostParts = 8;

    /// <summary>A private key of a curve; null where the number is none. OpenSSL signs without the public one.</summary>
    internal static KeyHandle? CurvePrivate(Curve curve, ReadOnlySpan<byte> scalar)
    {
        scalar = scalar.TrimStart((byte)0);
        if (scalar.Length > curve.FieldLength || !curve.IsScalar(scalar))
        {
            return null;
        }

        Span<byte> reversed = stackalloc byte[curve.FieldLength];
        Reverse(scalar, reversed);
        fixed (byte* type = "EC\0"u8, groupKey = "group\0"u8, privateKey = "priv\0"u8, name = curve.Name, number = reversed)
        {
            Parameter* parameters = stackalloc Parameter[3];
            parameters[0] = new Parameter { Key = groupKey, Type = Parameter.Text, Data = name, Count = (nuint)(curve.Name.Length - 1) };
            parameters[1] = new Parameter { Key = privateKey, Type = Parameter.UnsignedInteger, Data = number, Count = (nuint)reversed.Length };
            parameters[2] = default;
            KeyHandle? key = Make(type, PairSelection, parameters);
            CryptographicOperations.ZeroMemory(reversed);
            return key;
        }
    }

    /// <summary>A public key of a curve; null where the point is not uncompressed or not on it.</summary>
    internal static KeyHandle? CurvePublic(Curve curve, ReadOnlySpan<byte> point)
    {
        if (!curve.IsEncoded(point))
        {
            return null;
        }

        // A copy of one that has the curve alone: to find that by its name takes four times as long.
        IntPtr key = curve.Domain is { } domain ? domain.Copy() : IntPtr.Zero;
        fixed (byte* bytes = point)
        {
            if (key != IntPtr.Zero && NativeMethods.EVP_PKEY_set1_encoded_public_key(key, bytes, (nuint)point.Length) == 1)
            {
                return new KeyHandle(key);
            }
        }

        NativeMethods.EVP_PKEY_free(key);
        NativeMethods.ERR_clear_error();
        return null;
    }

    /// <summary>A key with its curve alone; null where the library lacks that.</summary>
    internal static KeyHandle? CurveAlone(Curve curve)
    {
        fixed (byte* type = "EC\0"u8, groupKey = "group\0"u8, name = curve.Name)
        {
            Parameter* parameters = stackalloc Parameter[2];
            parameters[0] = new Parameter { Key = groupKey, Type = Parameter.Text, Data = name, Count = (nuint)(curve.Name.Length - 1) };
            parameters[1] = default;
            return Make(type, DomainSelection, parameters);
        }
    }

    /// <summary>A public key of RSA; null where it cannot be one.</summary>
    internal static KeyHandle? RsaPublic(PublicKey key)
    {
        return RsaNumbers.IsPossible(key) ? Rsa(key, null, PublicSelection) : null;
    }

    /// <summary>A private key of RSA; null where its numbers do not belong together.</summary>
    internal static KeyHandle? RsaPrivate(StoredPrivateKey key)
    {
        PublicKey known = key.Public!;  // an RSA key has it always
        return RsaNumbers.IsPossible(known) && RsaNumbers.BelongTogether(key) ? Rsa(known, key, PairSelection) : null;
    }

    private static KeyHandle? Rsa(PublicKey known, StoredPrivateKey? secret, int selection)
    {
        // OpenSSL takes numbers with the least byte first.
        int size = known.Count + known.ExponentCount;
        for (int part = StoredPrivateKey.PrivateExponent; secret != null && part < StoredPrivateKey.RsaParts; part++)
        {
            size += secret.CountOf(part);
        }

        byte[] reversed = new byte[size];
        fixed (byte* type = "RSA\0"u8, n = "n\0"u8, e = "e\0"u8, d = "d\0"u8, p = "rsa-factor1\0"u8, q = "rsa-factor2\0"u8, numbers = reversed)
        fixed (byte* dp = "rsa-exponent1\0"u8, dq = "rsa-exponent2\0"u8, u = "rsa-coefficient1\0"u8)
        {
            byte** names = stackalloc byte*[MostParts] { n, e, d, p, q, dp, dq, u };
            Parameter* parameters = stackalloc Parameter[MostParts + 1];
            int used = 0;
            int count = secret == null ? 2 : MostParts;
            for (int part = 0; part < count; part++)
            {
                ReadOnlySpan<byte> number = part switch
                {
                    StoredPrivateKey.Modulus => known.Buffer.AsSpan(known.Offset, known.Count),
                    StoredPrivateKey.PublicExponent => known.Buffer.AsSpan(known.ExponentOffset, known.ExponentCount),
                    _ => secret!.Buffer.AsSpan(secret.OffsetOf(part), secret.CountOf(part)),
                };
                Reverse(number, reversed.AsSpan(used, number.Length));
                parameters[part] = new Parameter { Key = names[part], Type = Parameter.UnsignedInteger, Data = numbers + used, Count = (nuint)number.Length };
                used += number.Length;
            }

            parameters[count] = default;
            KeyHandle? key = Make(type, selection, parameters);
            CryptographicOperations.ZeroMemory(reversed);
            return key;
        }
    }

    private static KeyHandle? Make(byte* type, int selection, Parameter* parameters)
    {
        IntPtr key = IntPtr.Zero;
        IntPtr context = NativeMethods.EVP_PKEY_CTX_new_from_name(IntPtr.Zero, type, IntPtr.Zero);
        bool done = context != IntPtr.Zero && NativeMethods.EVP_PKEY_fromdata_init(context) == 1
            && NativeMethods.EVP_PKEY_fromdata(context, &key, selection, parameters) == 1;
        NativeMethods.EVP_PKEY_CTX_free(context);
        if (!done)
        {
            NativeMethods.EVP_PKEY_free(key);
            NativeMethods.ERR_clear_error();
            return null;
        }

        return new KeyHandle(key);
    }

    private static void Reverse(ReadOnlySpan<byte> number, Span<byte> reversed)
    {
        reversed.Clear();
        number.CopyTo(reversed);
        reversed[..number.Length].Reverse();
    }
}
