using System;
using Microsoft.VisualStudio.TestTools.UnitTesting;

namespace NfDtls.Tests.Crypto;

/// <summary>Where a CompositeProvider sends what.</summary>
[TestClass]
public class CompositeProviderTests
{
    [TestMethod]
    public void An_algorithm_goes_to_the_first_provider_that_supports_it()
    {
        RecordingProvider first = new RecordingProvider([CryptoAlgorithm.Aes128Ccm, CryptoAlgorithm.Hmac + CryptoAlgorithm.Sha256]);
        RecordingProvider second = new RecordingProvider(
        [
            CryptoAlgorithm.Aes128Ccm, CryptoAlgorithm.Aes128Gcm, CryptoAlgorithm.Sha256, CryptoAlgorithm.Random,
            CryptoAlgorithm.Prf + CryptoAlgorithm.Sha256, CryptoAlgorithm.Hmac + CryptoAlgorithm.Sha256, CryptoAlgorithm.Aes128CbcHmacSha1,
            CryptoAlgorithm.Mask + CryptoAlgorithm.Aes128Ccm,
        ]);
        RecordingProvider third = new RecordingProvider([CryptoAlgorithm.Random, CryptoAlgorithm.Sha256]);
        CompositeProvider composite = new CompositeProvider([first, second, third]);
        byte[] bytes = new byte[64];

        composite.CreateAead(CryptoAlgorithm.Aes128Ccm, bytes, 0, 8);
        composite.Hmac(CryptoAlgorithm.Sha256, bytes, 0, 1, bytes, 0, 1, bytes, 0);
        Assert.AreEqual("aead 16;hmac 2;", first.Calls);
        composite.CreateHmac(CryptoAlgorithm.Sha256, 4).Compute(bytes, 0, 1, bytes, 0);
        Assert.AreEqual("aead 16;hmac 2;hmac 2;", first.Calls);
        composite.CreateAead(CryptoAlgorithm.Aes128Gcm, bytes, 0, 16);
        composite.CreateCbc(CryptoAlgorithm.Aes128CbcHmacSha1, bytes, 0, true);
        composite.CreateHash(CryptoAlgorithm.Sha256);
        composite.Prf(CryptoAlgorithm.Sha256, bytes, 0, 1, bytes, 0, 1, bytes, 0, 1);
        composite.Random(bytes, 0, 1);
        composite.CreateMask(CryptoAlgorithm.Aes128Ccm, bytes, 0);
        Assert.AreEqual("aead 18;cbc 32;hash 2;prf 2;random;mask 16;", second.Calls);
        Assert.AreEqual("aead 16;hmac 2;hmac 2;", first.Calls);
        Assert.AreEqual("", third.Calls);

        Assert.AreSame(first, composite.ProviderFor(CryptoAlgorithm.Aes128Ccm));
        Assert.AreSame(second, composite.ProviderFor(CryptoAlgorithm.Random));
    }

    [TestMethod]
    public void An_algorithm_that_no_provider_supports_is_named()
    {
        CompositeProvider composite = new CompositeProvider([new RecordingProvider([CryptoAlgorithm.Sha256])]);
        byte[] bytes = new byte[64];
        Names(delegate { composite.CreateAead(20, bytes, 0, 16); }, "20");
        Names(delegate { composite.CreateCbc(32, bytes, 0, true); }, "32");
        Names(delegate { composite.CreateHash(CryptoAlgorithm.Sha1); }, " 1.");
        Names(delegate { composite.Hmac(CryptoAlgorithm.Sha256, bytes, 0, 1, bytes, 0, 1, bytes, 0); }, "258");
        Names(delegate { composite.Prf(CryptoAlgorithm.Sha256, bytes, 0, 1, bytes, 0, 1, bytes, 0, 1); }, "514");
        Names(delegate { composite.Random(bytes, 0, 1); }, "768");
        Names(delegate { composite.CreateMask(16, bytes, 0); }, "1296");
        Names(delegate { new CompositeProvider([]).CreateHash(65536); }, "65536");
    }

    [TestMethod]
    public void A_composite_supports_what_one_of_its_providers_does()
    {
        CompositeProvider composite = new CompositeProvider([new RecordingProvider([1]), new RecordingProvider([2])]);
        Assert.IsTrue(composite.Supports(1));
        Assert.IsTrue(composite.Supports(2));
        Assert.IsFalse(composite.Supports(3));
    }

    [TestMethod]
    public void A_missing_provider_is_refused_and_a_later_change_of_the_array_does_nothing()
    {
        Check.Throws(typeof(ArgumentNullException), delegate { new CompositeProvider(null!); }, "no array");
        Check.Throws(typeof(ArgumentNullException), delegate { new CompositeProvider([new RecordingProvider([1]), null!]); }, "no provider");
        CryptoProvider[] providers = [new RecordingProvider([1])];
        CompositeProvider composite = new CompositeProvider(providers);
        providers[0] = new RecordingProvider([2]);
        Assert.IsTrue(composite.Supports(1));
        Assert.IsFalse(composite.Supports(2));
    }

    private static void Names(Check.Act act, string number)
    {
        string text = Check.Throws(typeof(NotSupportedException), act, number);
        Assert.IsGreaterThanOrEqualTo(0, text.IndexOf(number), text);
    }

    /// <summary>Does nothing and writes down what it was asked.</summary>
    private sealed class RecordingProvider : CryptoProvider
    {
        private readonly int[] _algorithms;

        internal RecordingProvider(int[] algorithms)
        {
            _algorithms = algorithms;
        }

        internal string Calls = "";

        public override bool Supports(int algorithm)
        {
            for (int i = 0; i < _algorithms.Length; i++)
            {
                if (_algorithms[i] == algorithm)
                {
                    return true;
                }
            }

            return false;
        }

        public override void Random(byte[] destination, int offset, int count)
        {
            Calls += "random;";
        }

        public override HashContext CreateHash(int algorithm)
        {
            Calls += "hash " + algorithm + ";";
            return null!;
        }

        public override AeadContext CreateAead(int algorithm, byte[] key, int offset, int tagLength)
        {
            Calls += "aead " + algorithm + ";";
            return null!;
        }

        public override CbcContext CreateCbc(int algorithm, byte[] keys, int offset, bool encryptThenMac)
        {
            Calls += "cbc " + algorithm + ";";
            return null!;
        }

        public override MaskContext CreateMask(int algorithm, byte[] key, int offset)
        {
            Calls += "mask " + algorithm + ";";
            return null!;
        }

        public override void Hmac(int hash, byte[] key, int keyOffset, int keyCount, byte[] data, int offset, int count, byte[] destination, int destinationOffset)
        {
            Calls += "hmac " + hash + ";";
        }

        public override void Prf(int hash, byte[] secret, int secretOffset, int secretCount, byte[] labelAndSeed, int seedOffset, int seedCount, byte[] destination, int offset, int count)
        {
            Calls += "prf " + hash + ";";
        }
    }
}
