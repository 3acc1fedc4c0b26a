using System;
using System.Security.Cryptography;
using Microsoft.VisualStudio.TestTools.UnitTesting;

namespace NfDtls.Tests.Crypto;

/// <summary>Runs operations to their end, and makes keys for them.</summary>
internal static class Work
{
    internal static DtlsError Run(CryptoOperation operation)
    {
        for (int steps = 0; !operation.Step(1); steps++)
        {
            Assert.IsLessThan(1000, steps, "the operation does not end");
        }

        return operation.Error;
    }

    internal static int Succeed(CryptoOperation operation, string what)
    {
        Assert.AreEqual(DtlsError.None, Run(operation), what);
        return operation.Length;
    }

    /// <summary>The key's eight numbers in one array.</summary>
    internal static StoredPrivateKey PrivateKey(RSA rsa)
    {
        RSAParameters p = rsa.ExportParameters(true);
        byte[][] parts = [p.Modulus!, p.Exponent!, p.D!, p.P!, p.Q!, p.DP!, p.DQ!, p.InverseQ!];
        int[] offsets = new int[parts.Length];
        int[] counts = new int[parts.Length];
        byte[] buffer = [];
        for (int i = 0; i < parts.Length; i++)
        {
            // One leading zero, as DER has it.
            offsets[i] = buffer.Length;
            counts[i] = parts[i].Length + 1;
            buffer = [.. buffer, 0, .. parts[i]];
        }

        return new StoredPrivateKey(buffer, offsets, counts);
    }

    internal static PublicKey PublicKey(byte[] modulus, byte[] exponent)
    {
        PublicKey key = new();
        key.SetRsa([.. modulus, .. exponent], 0, modulus.Length, modulus.Length, exponent.Length);
        return key;
    }

    internal static PublicKey PublicKey(int kind, byte[] point)
    {
        PublicKey key = new();
        key.Set(kind, point, 0, point.Length);
        return key;
    }

    internal static byte[] Hash(int scheme, byte[] message)
    {
        return SignatureScheme.HashOf(scheme) switch
        {
            CryptoAlgorithm.Sha256 => SHA256.HashData(message),
            CryptoAlgorithm.Sha384 => SHA384.HashData(message),
            _ => SHA512.HashData(message),
        };
    }

    internal static byte[] Point(ECParameters parameters)
    {
        return [4, .. parameters.Q.X!, .. parameters.Q.Y!];
    }
}
