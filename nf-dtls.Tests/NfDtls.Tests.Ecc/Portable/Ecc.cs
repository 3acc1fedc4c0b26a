using Microsoft.VisualStudio.TestTools.UnitTesting;
using NfDtls.Crypto.Software;

namespace NfDtls.Tests.Ecc;

/// <summary>Operations over a provider, run to their end.</summary>
internal static class Ecc
{
    internal static CryptoProvider Software(int seed)
    {
        SoftwareProvider inner = new SoftwareProvider(new FixedEntropy(seed));
        return new CompositeProvider(new CryptoProvider[] { new SoftwareEccProvider(inner), inner });
    }

    internal static byte[] Bytes(string hex)
    {
        byte[] bytes = new byte[hex.Length / 2];
        for (int i = 0; i < hex.Length; i++)
        {
            int digit = hex[i] <= '9' ? hex[i] - '0' : (hex[i] | 0x20) - 'a' + 10;
            bytes[i / 2] = (byte)(bytes[i / 2] << 4 | digit);
        }

        return bytes;
    }

    internal static void Equal(byte[] expected, byte[] actual, string what)
    {
        Assert.AreEqual(expected.Length, actual.Length, what + ": length");
        for (int i = 0; i < expected.Length; i++)
        {
            if (expected[i] != actual[i])
            {
                Assert.Fail(what + ": byte " + i + " is " + actual[i] + " and not " + expected[i]);
            }
        }
    }

    /// <summary>Runs an operation to its end and returns how it ended.</summary>
    internal static DtlsError Run(CryptoOperation operation)
    {
        while (!operation.Step(int.MaxValue))
        {
        }

        return operation.Error;
    }

    /// <summary>A shared secret, or null where the peer's key is refused.</summary>
    internal static byte[]? Agree(CryptoProvider provider, int group, byte[] privateKey, byte[] peerKey)
    {
        byte[] secret = new byte[NamedGroup.SecretLength(group)];
        DtlsError error = Run(provider.Agree(group, privateKey, 0, peerKey, 0, peerKey.Length, secret, 0));
        if (error == DtlsError.None)
        {
            return secret;
        }

        Assert.AreEqual(DtlsError.IllegalParameter, error);
        return null;
    }

    internal static byte[] Sign(CryptoProvider provider, int scheme, int kind, byte[] privateKey, byte[] data)
    {
        byte[] signature = new byte[104];
        CryptoOperation operation = provider.Sign(scheme, new StoredPrivateKey(kind, privateKey, 0, privateKey.Length, null!), data, 0, data.Length, signature, 0);
        Assert.AreEqual(DtlsError.None, Run(operation));
        byte[] result = new byte[operation.Length];
        System.Array.Copy(signature, result, result.Length);
        return result;
    }

    internal static bool Verify(CryptoProvider provider, int scheme, int kind, byte[] publicKey, byte[] data, byte[] signature)
    {
        PublicKey key = new PublicKey();
        key.Set(kind, publicKey, 0, publicKey.Length);
        DtlsError error = Run(provider.Verify(scheme, key, data, 0, data.Length, signature, 0, signature.Length));
        if (error != DtlsError.None)
        {
            Assert.AreEqual(DtlsError.DecryptError, error);
        }

        return error == DtlsError.None;
    }
}
