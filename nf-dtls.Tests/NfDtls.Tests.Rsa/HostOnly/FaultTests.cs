using System;
using Microsoft.VisualStudio.TestTools.UnitTesting;
using NfDtls.Crypto.Software;

namespace NfDtls.Tests.Rsa;

/// <summary>A signature that came out wrong is kept back; without random bytes nothing is done.</summary>
[TestClass]
public class FaultTests
{
    [TestMethod]
    public void A_wrong_part_of_the_key_gives_no_signature()
    {
        TestKey key = TestKeys.Of(1024);
        for (int part = StoredPrivateKey.Prime1; part < StoredPrivateKey.RsaParts; part++)
        {
            foreach (int scheme in new[] { SignatureScheme.RsaPkcs1Sha256, SignatureScheme.RsaPssRsaeSha256 })
            {
                byte[][] parts = RsaKeys.Parts(key.Stored);
                parts[part][parts[part].Length / 2] ^= 1;
                byte[] signature = new byte[key.Size];
                CryptoOperation operation = Providers.Software().Sign(scheme, RsaKeys.Store(parts), new byte[32], 0, 32, signature, 0);
                Assert.AreEqual(DtlsError.InternalError, Providers.End(operation), "part " + part);
                Assert.AreEqual(0, operation.Length);
                CollectionAssert.AreEqual(new byte[key.Size], signature, "part " + part);
            }
        }
    }

    [TestMethod]
    public void Without_random_bytes_private_work_and_encryption_fail_and_write_nothing()
    {
        TestKey key = TestKeys.Of(1024);
        CryptoProvider provider = new SoftwareRsaProvider(new CompositeProvider([new NoRandom(), new SoftwareProvider(new TestEntropySource(1))]));
        byte[] room = new byte[128];
        byte[] hash = new byte[32];
        Assert.AreEqual(DtlsError.NoEntropy, Providers.End(provider.Sign(SignatureScheme.RsaPkcs1Sha256, key.Stored, hash, 0, 32, room, 0)));
        Assert.AreEqual(DtlsError.NoEntropy, Providers.End(provider.Sign(SignatureScheme.RsaPssRsaeSha256, key.Stored, hash, 0, 32, room, 0)));
        Assert.AreEqual(DtlsError.NoEntropy, Providers.End(provider.RsaEncrypt(key.Public, hash, 0, 32, room, 0)));
        Assert.AreEqual(DtlsError.NoEntropy, Providers.End(provider.RsaDecrypt(key.Stored, new byte[128], 0, 128, room, 0, 48)));
        CollectionAssert.AreEqual(new byte[128], room);
        byte[] signature = Providers.Sign(Providers.Software(), SignatureScheme.RsaPssRsaeSha256, key.Stored, hash);
        Assert.AreEqual(DtlsError.None, Providers.Verify(provider, SignatureScheme.RsaPssRsaeSha256, key.Public, hash, signature));
    }

    [TestMethod]
    public void Random_bytes_that_are_all_zeros_do_not_keep_encryption_for_ever()
    {
        CryptoProvider provider = new SoftwareRsaProvider(new ZeroRandom());
        Assert.AreEqual(DtlsError.NoEntropy, Providers.End(provider.RsaEncrypt(TestKeys.Of(1024).Public, new byte[48], 0, 48, new byte[128], 0)));
    }

    private sealed class NoRandom : CryptoProvider
    {
        public override bool Supports(int algorithm)
        {
            return algorithm == CryptoAlgorithm.Random;
        }

        public override void Random(byte[] destination, int offset, int count)
        {
            throw new InvalidOperationException();
        }
    }

    private sealed class ZeroRandom : CryptoProvider
    {
        public override bool Supports(int algorithm)
        {
            return algorithm == CryptoAlgorithm.Random;
        }

        public override void Random(byte[] destination, int offset, int count)
        {
            destination.AsSpan(offset, count).Clear();
        }
    }
}
