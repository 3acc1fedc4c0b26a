using System;
using System.Security.Cryptography;

namespace NfDtls.Tests.Rsa;

/// <summary>.NET's and other RSA keys as the seam wants them.</summary>
internal static class RsaKeys
{
    /// <summary>The eight numbers in the order of <see cref="StoredPrivateKey"/>.</summary>
    internal static byte[][] Parts(RSAParameters key)
    {
        return [key.Modulus!, key.Exponent!, key.D!, key.P!, key.Q!, key.DP!, key.DQ!, key.InverseQ!];
    }

    /// <summary>Copies of the eight numbers.</summary>
    internal static byte[][] Parts(StoredPrivateKey key)
    {
        byte[][] parts = new byte[StoredPrivateKey.RsaParts][];
        for (int i = 0; i < parts.Length; i++)
        {
            parts[i] = key.Buffer.AsSpan(key.OffsetOf(i), key.CountOf(i)).ToArray();
        }

        return parts;
    }

    /// <summary>Puts the numbers behind each other in one buffer, as a file's DER does.</summary>
    internal static StoredPrivateKey Store(byte[][] parts)
    {
        int[] offsets = new int[parts.Length];
        int[] counts = new int[parts.Length];
        byte[] buffer = [];
        for (int i = 0; i < parts.Length; i++)
        {
            offsets[i] = buffer.Length;
            counts[i] = parts[i].Length;
            buffer = [.. buffer, .. parts[i]];
        }

        return new StoredPrivateKey(buffer, offsets, counts);
    }
}
