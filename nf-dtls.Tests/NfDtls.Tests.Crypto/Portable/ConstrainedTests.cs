using System;
using Microsoft.VisualStudio.TestTools.UnitTesting;
using NfDtls.Crypto.Software;

namespace NfDtls.Tests.Crypto;

/// <summary>What the providers of AES-CCM and SHA-256 alone have, they do as known answers and the whole provider say.</summary>
[TestClass]
public class ConstrainedTests
{
    private const int Hash = CryptoAlgorithm.Sha256;

    [TestMethod]
    public void They_give_the_known_answers()
    {
        CryptoProvider[] providers = Providers.Constrained();
        for (int p = 0; p < providers.Length; p++)
        {
            CryptoProvider provider = providers[p];

            // SP 800-38C, example 3.
            AeadContext ccm = provider.CreateAead(CryptoAlgorithm.Aes128Ccm, Check.Bytes("404142434445464748494a4b4c4d4e4f"), 0, 8);
            AeadTests.VerifyContext(
                ccm,
                "101112131415161718191a1b",
                "000102030405060708090a0b0c0d0e0f10111213",
                "202122232425262728292a2b2c2d2e2f3031323334353637",
                "e3b201a9f5b71a7a9b1ceaeccd97e70b6176aad9a4428aa5484392fbc1b09951",
                "constrained");

            byte[] digest = new byte[32];
            HashContext hash = provider.CreateHash(Hash);
            hash.Update(Check.Ascii("abc"), 0, 3);
            hash.Peek(digest, 0);
            Check.Equal("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad", digest, "FIPS 180-4");

            byte[] data = Check.Bytes("7768617420646f2079612077616e7420666f72206e6f7468696e673f");
            provider.Hmac(Hash, Check.Bytes("4a656665"), 0, 4, data, 0, data.Length, digest, 0);
            Check.Equal("5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843", digest, "RFC 4231, case 2");

            byte[] seed = Check.Bytes("74657374206c6162656ca0ba9f936cda311827a6f796ffd5198c");
            provider.Prf(Hash, Check.Bytes("9bbe436ba940f017b17652849a71db35"), 0, 16, seed, 0, seed.Length, digest, 0, 32);
            Check.Equal("e3f229ba727be17b8d122620557cd453c2aab21d07c3d495329b52d4e61edb5a", digest, "the PRF's known answer");
        }
    }

    [TestMethod]
    public void Records_and_masks_are_those_of_the_whole_provider()
    {
        CryptoProvider[] providers = Providers.Constrained();
        CryptoProvider whole = Providers.Software();
        byte[] key = Check.Pattern(35, 1);
        byte[] nonce = Check.Pattern(16, 3);
        for (int p = 0; p < providers.Length; p++)
        {
            for (int algorithm = CryptoAlgorithm.Aes128Ccm; algorithm <= CryptoAlgorithm.Aes256Ccm; algorithm++)
            {
                for (int tag = 8; tag <= 16; tag += 8)
                {
                    AeadContext ours = providers[p].CreateAead(algorithm, key, 3, tag);
                    AeadContext theirs = whole.CreateAead(algorithm, key, 3, tag);
                    for (int count = 0; count < 70; count++)
                    {
                        byte[] one = Check.Pattern(count + 16, count);
                        byte[] other = Check.Pattern(count + 16, count);
                        ours.Seal(nonce, 0, nonce, 0, 13, one, 0, count);
                        theirs.Seal(nonce, 0, nonce, 0, 13, other, 0, count);
                        Check.Equal(other, one, "length " + count);
                        one[0] ^= 1;
                        Assert.IsFalse(ours.Open(nonce, 0, nonce, 0, 13, one, 0, count), "forged");
                        Assert.IsTrue(ours.Open(nonce, 0, nonce, 0, 13, other, 0, count), "genuine");
                    }
                }

                byte[] mask = new byte[16];
                byte[] expected = new byte[16];
                providers[p].CreateMask(algorithm, key, 1).Compute(nonce, 0, mask, 0);
                whole.CreateMask(algorithm, key, 1).Compute(nonce, 0, expected, 0);
                Check.Equal(expected, mask, "mask");
            }
        }
    }

    [TestMethod]
    public void Other_tags_and_other_algorithms_are_refused_by_what_was_asked()
    {
        CryptoProvider[] providers = Providers.Constrained();
        byte[] bytes = new byte[80];
        for (int p = 0; p < providers.Length; p++)
        {
            CryptoProvider provider = providers[p];
            Check.Throws(typeof(ArgumentOutOfRangeException), delegate { provider.CreateAead(CryptoAlgorithm.Aes128Ccm, bytes, 0, 12); }, "a tag of 12");
            Check.Throws(typeof(NotSupportedException), delegate { provider.CreateAead(CryptoAlgorithm.Aes128Gcm, bytes, 0, 16); }, "GCM");
            Check.Throws(typeof(NotSupportedException), delegate { provider.CreateCbc(CryptoAlgorithm.Aes128CbcHmacSha256, bytes, 0, true); }, "CBC");
            Check.Throws(typeof(NotSupportedException), delegate { provider.CreateMask(CryptoAlgorithm.ChaCha20Poly1305, bytes, 0); }, "a mask");
            Check.Throws(typeof(NotSupportedException), delegate { provider.CreateHmac(CryptoAlgorithm.Sha384, 48); }, "an HMAC that is kept");
        }

        string message = "";
        try
        {
            new ConstrainedProvider(new TestEntropySource(1)).Prf(CryptoAlgorithm.Sha384, bytes, 0, 1, bytes, 0, 1, bytes, 0, 1);
        }
        catch (NotSupportedException exception)
        {
            message = exception.Message;
        }

        Assert.AreEqual("The managed provider lacks algorithm 515.", message);
    }

    [TestMethod]
    public void A_constrained_provider_draws_what_the_whole_provider_draws_of_the_same_source()
    {
        byte[] ours = new byte[200];
        byte[] theirs = new byte[200];
        new ConstrainedProvider(new TestEntropySource(3)).Random(ours, 0, 200);
        new SoftwareProvider(new TestEntropySource(3)).Random(theirs, 0, 200);
        Check.Equal(theirs, ours, "random bytes");
        new ConstrainedProvider(new TestEntropySource(3), new TestSavedSeed()).Random(ours, 0, 200);
        new SoftwareProvider(new TestEntropySource(3), new TestSavedSeed()).Random(theirs, 0, 200);
        Check.Equal(theirs, ours, "with a place for a seed");
        Check.Throws(typeof(ArgumentNullException), delegate { new ConstrainedProvider(null!); }, "no source");
        Check.Throws(typeof(ArgumentNullException), delegate { new ConstrainedProvider(new TestEntropySource(3), null!); }, "no place");
    }
}
