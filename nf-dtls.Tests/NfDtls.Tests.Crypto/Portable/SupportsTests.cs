using System;
using Microsoft.VisualStudio.TestTools.UnitTesting;

namespace NfDtls.Tests.Crypto;

/// <summary>A provider does what it says it supports, and refuses the rest by NotSupportedException; keys and signatures have tests of their own.</summary>
[TestClass]
public class SupportsTests
{
    private const int Last = CryptoAlgorithm.Mask + 0x20;
    private const int LastRsa = CryptoAlgorithm.RsaDecrypt;

    [TestMethod]
    public void Supports_tells_the_truth_about_every_number()
    {
        CryptoProvider[] providers = Providers.All();
        for (int p = 0; p < providers.Length; p++)
        {
            VerifyTruth(providers[p], Providers.Names[p]);
        }
    }

    [TestMethod]
    public void A_constrained_provider_has_CCM_and_SHA_256_alone_and_refuses_all_else()
    {
        CryptoProvider[] providers = Providers.Constrained();
        int[] all =
        [
            CryptoAlgorithm.Sha256, CryptoAlgorithm.Aes128Ccm, CryptoAlgorithm.Aes256Ccm, CryptoAlgorithm.Hmac + CryptoAlgorithm.Sha256,
            CryptoAlgorithm.Prf + CryptoAlgorithm.Sha256, CryptoAlgorithm.Random, CryptoAlgorithm.Mask + CryptoAlgorithm.Aes128Ccm,
            CryptoAlgorithm.Mask + CryptoAlgorithm.Aes256Ccm,
        ];
        for (int p = 0; p < providers.Length; p++)
        {
            VerifyTruth(providers[p], "constrained");
            VerifyAll(providers[p], all, "constrained");
        }
    }

    [TestMethod]
    public void Every_algorithm_of_the_engine_is_there()
    {
        CryptoProvider[] providers = Providers.All();
        int[] all =
        [
            1, 2, 3, 4, 0x10, 0x11, 0x12, 0x13, 0x14, 0x20, 0x21, 0x22, 0x101, 0x102, 0x103, 0x104, 0x201, 0x202, 0x203, 0x204, 0x300,
            0x510, 0x511, 0x512, 0x513, 0x514,
        ];
        for (int p = 0; p < providers.Length; p++)
        {
            VerifyAll(providers[p], all, Providers.Names[p]);
        }
    }

    [TestMethod]
    public void What_a_provider_lacks_is_refused()
    {
        CryptoProvider[] providers = Providers.All();
        byte[] bytes = new byte[80];
        int[] wrong = [-1, 0, 5, 0x15, 0x1F, 0x23, 0x100, 0x105, 0x10000, int.MaxValue, int.MinValue];
        for (int p = 0; p < providers.Length; p++)
        {
            CryptoProvider provider = providers[p];
            for (int i = 0; i < wrong.Length; i++)
            {
                int number = wrong[i];
                string what = Providers.Names[p] + " algorithm " + number;
                Assert.IsFalse(provider.Supports(number), what);
                Check.Throws(typeof(NotSupportedException), delegate { provider.CreateHash(number); }, what);
                Check.Throws(typeof(NotSupportedException), delegate { provider.CreateAead(number, bytes, 0, 16); }, what);
                Check.Throws(typeof(NotSupportedException), delegate { provider.CreateCbc(number, bytes, 0, true); }, what);
                Check.Throws(typeof(NotSupportedException), delegate { provider.Hmac(number, bytes, 0, 1, bytes, 0, 1, bytes, 0); }, what);
                Check.Throws(typeof(NotSupportedException), delegate { provider.Prf(number, bytes, 0, 1, bytes, 0, 1, bytes, 0, 1); }, what);
                Check.Throws(typeof(NotSupportedException), delegate { provider.CreateMask(number, bytes, 0); }, what);
            }
        }
    }

    private static void VerifyTruth(CryptoProvider provider, string name)
    {
        byte[] bytes = new byte[80];
        for (int algorithm = 0; algorithm <= Last; algorithm = Next(algorithm))
        {
            string refusal = "";
            try
            {
                Use(provider, algorithm, bytes);
            }
            catch (NotSupportedException exception)
            {
                refusal = exception.Message;
            }

            Assert.AreEqual(refusal == "", provider.Supports(algorithm), name + " algorithm " + algorithm);
        }
    }

    /// <summary>A provider supports these and no others.</summary>
    private static void VerifyAll(CryptoProvider provider, int[] all, string name)
    {
        int supported = 0;
        for (int algorithm = 0; algorithm <= Last; algorithm = Next(algorithm))
        {
            supported += provider.Supports(algorithm) ? 1 : 0;
        }

        Assert.AreEqual(all.Length, supported, name);
        for (int i = 0; i < all.Length; i++)
        {
            Assert.IsTrue(provider.Supports(all[i]), name + " algorithm " + all[i]);
        }
    }

    /// <summary>The number behind one: RSA has tests of its own.</summary>
    private static int Next(int algorithm)
    {
        return algorithm == CryptoAlgorithm.Random ? LastRsa + 1 : algorithm + 1;
    }

    private static void Use(CryptoProvider provider, int algorithm, byte[] bytes)
    {
        if (algorithm < 0x10)
        {
            provider.CreateHash(algorithm);
        }
        else if (algorithm < 0x20)
        {
            provider.CreateAead(algorithm, bytes, 0, 16);
        }
        else if (algorithm < 0x100)
        {
            provider.CreateCbc(algorithm, bytes, 0, false);
        }
        else if (algorithm < CryptoAlgorithm.Prf)
        {
            provider.Hmac(algorithm - CryptoAlgorithm.Hmac, bytes, 0, 1, bytes, 0, 1, bytes, 0);
        }
        else if (algorithm < CryptoAlgorithm.Random)
        {
            provider.Prf(algorithm - CryptoAlgorithm.Prf, bytes, 0, 1, bytes, 0, 1, bytes, 0, 1);
        }
        else if (algorithm == CryptoAlgorithm.Random)
        {
            provider.Random(bytes, 0, 1);
        }
        else if (algorithm >= CryptoAlgorithm.Mask)
        {
            provider.CreateMask(algorithm - CryptoAlgorithm.Mask, bytes, 0);
        }
        else
        {
            throw new NotSupportedException("no such kind of algorithm");
        }
    }
}
