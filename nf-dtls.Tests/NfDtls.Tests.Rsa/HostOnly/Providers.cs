using Microsoft.VisualStudio.TestTools.UnitTesting;
using NfDtls.Crypto.Host;
using NfDtls.Crypto.Software;

namespace NfDtls.Tests.Rsa;

/// <summary>The providers that the vectors run over, where they support the algorithm.</summary>
internal static class Providers
{
    internal static readonly string[] Names = ["Software", "Host", "Composite"];

    internal static CryptoProvider[] All()
    {
        return [Software(), new HostProvider(), new CompositeProvider([new HostProvider(), Software()])];
    }

    /// <summary>Software RSA over software's random bytes, which are the same in every run.</summary>
    internal static SoftwareRsaProvider Software()
    {
        return new SoftwareRsaProvider(new SoftwareProvider(new TestEntropySource(1)));
    }

    /// <summary>Steps an operation to its end, and counts the steps.</summary>
    internal static int Run(CryptoOperation operation, int budget)
    {
        int steps = 1;
        while (!operation.Step(budget))
        {
            steps++;
            Assert.IsLessThan(1_000_000, steps, "the operation does not end");
        }

        return steps;
    }

    /// <summary>Steps an operation to its end, and returns how it ended.</summary>
    internal static DtlsError End(CryptoOperation operation)
    {
        Run(operation, int.MaxValue);
        return operation.Error;
    }

    internal static DtlsError Verify(CryptoProvider provider, int scheme, PublicKey key, byte[] hash, byte[] signature)
    {
        return End(provider.Verify(scheme, key, hash, 0, hash.Length, signature, 0, signature.Length));
    }

    internal static byte[] Sign(CryptoProvider provider, int scheme, StoredPrivateKey key, byte[] hash)
    {
        byte[] signature = new byte[key.Public.MaxSignatureLength];
        CryptoOperation operation = provider.Sign(scheme, key, hash, 0, hash.Length, signature, 0);
        Assert.AreEqual(DtlsError.None, End(operation));
        Assert.AreEqual(signature.Length, operation.Length);
        return signature;
    }

    internal static byte[] Encrypt(CryptoProvider provider, PublicKey key, byte[] data)
    {
        byte[] cipher = new byte[key.Count];
        Assert.AreEqual(DtlsError.None, End(provider.RsaEncrypt(key, data, 0, data.Length, cipher, 0)));
        return cipher;
    }

    internal static byte[] Decrypt(CryptoProvider provider, StoredPrivateKey key, byte[] cipher, int length)
    {
        byte[] plain = new byte[length];
        Assert.AreEqual(DtlsError.None, End(provider.RsaDecrypt(key, cipher, 0, cipher.Length, plain, 0, length)));
        return plain;
    }
}
