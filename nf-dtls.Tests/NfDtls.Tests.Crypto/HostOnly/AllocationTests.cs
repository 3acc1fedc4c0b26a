using System;
using Microsoft.VisualStudio.TestTools.UnitTesting;

namespace NfDtls.Tests.Crypto;

/// <summary>What is made once is used for ever: 10,000 calls allocate nothing.</summary>
[TestClass]
public class AllocationTests
{
    private const int Calls = 10_000;

    private readonly byte[] _header = new byte[13];
    private readonly byte[] _nonce = new byte[16];
    private readonly byte[] _record = new byte[200];

    [TestMethod]
    public void Sealing_and_opening_AEAD_records_allocates_nothing()
    {
        CryptoProvider[] providers = Providers.Frugal();
        for (int p = 0; p < providers.Length; p++)
        {
            for (int a = 0; a < AeadTests.Algorithms.Length; a++)
            {
                AeadContext context = AeadTests.Create(providers[p], a, 1);
                Verify(Providers.Names[p] + " algorithm " + a, delegate
                {
                    context.Seal(_nonce, 0, _header, 0, 13, _record, 20, 100);
                    return context.Open(_nonce, 0, _header, 0, 13, _record, 20, 100);
                });
            }
        }
    }

    [TestMethod]
    public void Sealing_and_opening_CBC_records_allocates_nothing()
    {
        CryptoProvider[] providers = Providers.Frugal();
        for (int p = 0; p < providers.Length; p++)
        {
            for (int a = 0; a < CbcTests.Algorithms.Length; a++)
            {
                for (int order = 0; order < 2; order++)
                {
                    CbcContext context = providers[p].CreateCbc(CbcTests.Algorithms[a], Check.Pattern(64, 1), 0, order == 1);
                    Verify(Providers.Names[p] + " algorithm " + a + " order " + order, delegate
                    {
                        int count = context.Seal(_header, 0, 13, _nonce, 0, _record, 20, 100);
                        return context.Open(_header, 0, 13, _nonce, 0, _record, 20, count) == 100;
                    });
                }
            }
        }
    }

    [TestMethod]
    public void Refusing_a_forged_record_allocates_nothing_where_the_code_is_our_own()
    {
        CryptoProvider[] providers = Providers.Frugal();
        for (int p = 0; p < providers.Length; p++)
        {
            // .NET reports a forged GCM or ChaCha20-Poly1305 record by an exception.
            for (int a = 0; a < (p == 0 ? AeadTests.Algorithms.Length : 4); a++)
            {
                AeadContext context = AeadTests.Create(providers[p], a, 1);
                Verify(Providers.Names[p] + " algorithm " + a, delegate { return !context.Open(_nonce, 0, _header, 0, 13, _record, 20, 100); });
            }

            CbcContext cbc = providers[p].CreateCbc(CryptoAlgorithm.Aes128CbcHmacSha256, Check.Pattern(64, 1), 0, false);
            Verify(Providers.Names[p] + " CBC", delegate { return cbc.Open(_header, 0, 13, _nonce, 0, _record, 20, 112) == -1; });
        }
    }

    [TestMethod]
    public void Masks_of_record_numbers_allocate_nothing()
    {
        CryptoProvider[] providers = Providers.Frugal();
        for (int p = 0; p < providers.Length; p++)
        {
            foreach (int algorithm in new[] { CryptoAlgorithm.Aes128Ccm, CryptoAlgorithm.ChaCha20Poly1305 })
            {
                MaskContext context = providers[p].CreateMask(algorithm, new byte[32], 0);
                Verify(Providers.Names[p] + " algorithm " + algorithm, delegate
                {
                    context.Compute(_record, 0, _record, 1);
                    return true;
                });
            }
        }
    }

    [TestMethod]
    public void Hashing_allocates_nothing()
    {
        CryptoProvider[] providers = Providers.Frugal();
        byte[] digest = new byte[64];
        for (int p = 0; p < providers.Length; p++)
        {
            foreach (int algorithm in HashTests.Hashes)
            {
                HashContext hash = providers[p].CreateHash(algorithm);
                Verify(Providers.Names[p] + " hash " + algorithm, delegate
                {
                    hash.Update(_record, 0, 150);
                    hash.Peek(digest, 0);
                    hash.Reset();
                    return true;
                });
            }
        }
    }

    [TestMethod]
    public void HMAC_PRF_and_random_bytes_allocate_nothing_from_the_second_call_on()
    {
        CryptoProvider[] providers = Providers.Frugal();
        byte[] output = new byte[104];
        for (int p = 0; p < providers.Length; p++)
        {
            CryptoProvider provider = providers[p];
            foreach (int hash in HashTests.Hashes)
            {
                Verify(Providers.Names[p] + " hash " + hash, delegate
                {
                    provider.Hmac(hash, _nonce, 0, 16, _record, 0, 100, output, 0);
                    provider.Prf(hash, _nonce, 0, 16, _record, 0, 77, output, 0, 104);
                    return true;
                });
            }

            Verify(Providers.Names[p] + " random", delegate
            {
                provider.Random(output, 0, 48);
                return true;
            });
        }
    }

    internal static void Verify(string what, Func<bool> act)
    {
        for (int i = 0; i < 100; i++)
        {
            Assert.IsTrue(act(), what);
        }

        // A collection that another thread causes adds 24 bytes to this thread's count: what allocates does so every time.
        long least = long.MaxValue;
        for (int attempt = 0; attempt < 3 && least > 0; attempt++)
        {
            int right = 0;
            long before = GC.GetAllocatedBytesForCurrentThread();
            for (int i = 0; i < Calls; i++)
            {
                right += act() ? 1 : 0;
            }

            least = Math.Min(least, GC.GetAllocatedBytesForCurrentThread() - before);
            Assert.AreEqual(Calls, right, what);
        }

        Assert.AreEqual(0L, least, what + ": bytes allocated");
    }
}
