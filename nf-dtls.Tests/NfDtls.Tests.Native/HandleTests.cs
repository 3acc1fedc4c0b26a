using System;
using System.Threading;
using Microsoft.VisualStudio.TestTools.UnitTesting;
using NfDtls.Crypto.Native;
using NfDtls.Native;

namespace NfDtls.Tests.Crypto;

/// <summary>The table of native contexts: what is full, stale, of another kind or forgotten, and many threads at once.</summary>
[TestClass]
public class HandleTests
{
    private const int Handles = 1;
    private const int Used = 2;
    private const int Reserve = 0x10000;

    [TestMethod]
    public void A_full_table_is_reported_and_a_cleared_context_makes_room()
    {
        NativeProvider provider = Providers.Native();
        int free = Free();
        AeadContext[] contexts = new AeadContext[free];
        for (int i = 0; i < free; i++)
        {
            contexts[i] = provider.CreateAead(CryptoAlgorithm.Aes128Ccm, new byte[16], 0, 8);
        }

        string text = Check.Throws(typeof(InvalidOperationException), delegate { provider.CreateHash(CryptoAlgorithm.Sha256); }, "hash");
        Assert.Contains(NativeMethods.Query(Handles).ToString(), text);
        Check.Throws(typeof(InvalidOperationException), delegate { provider.CreateAead(CryptoAlgorithm.Aes128Gcm, new byte[16], 0, 16); }, "AEAD");
        Check.Throws(typeof(InvalidOperationException), delegate { provider.CreateCbc(CryptoAlgorithm.Aes128CbcHmacSha1, new byte[36], 0, true); }, "CBC");
        CryptoOperation operation = provider.GenerateKey(NamedGroup.X25519, new byte[32], 0, new byte[32], 0);
        Assert.AreEqual(DtlsError.InternalError, Work.Run(operation));

        contexts[3].Clear();
        contexts[3] = provider.CreateAead(CryptoAlgorithm.Aes128Ccm, new byte[16], 0, 8);
        foreach (AeadContext context in contexts)
        {
            context.Clear();
        }

        Assert.AreEqual(free, Free());
    }

    [TestMethod]
    public void Room_is_made_beforehand_or_on_demand_up_to_the_bound()
    {
        NativeProvider provider = Providers.Native();
        int most = NativeMethods.Query(Handles);
        int used = most - Free();
        int room = NativeMethods.Query(Reserve);
        Assert.IsGreaterThanOrEqualTo(used, room);
        Assert.IsGreaterThanOrEqualTo(100, provider.Reserve(100));
        Assert.IsGreaterThanOrEqualTo(used + 100, NativeMethods.Query(Reserve));

        // More than that, one after the other: each is made, and none of the others is lost.
        AeadContext[] contexts = new AeadContext[Math.Min(NativeMethods.Query(Reserve) + 50, Free())];
        byte[] sealed0 = new byte[40];
        byte[] again = new byte[40];
        for (int i = 0; i < contexts.Length; i++)
        {
            contexts[i] = provider.CreateAead(CryptoAlgorithm.Aes128Ccm, Check.Pattern(16, i), 0, 8);
            if (i == 0)
            {
                contexts[0].Seal(new byte[12], 0, new byte[13], 0, 13, sealed0, 0, 20);
            }
        }

        contexts[0].Seal(new byte[12], 0, new byte[13], 0, 13, again, 0, 20);
        Check.Equal(sealed0, again, "the first one's key");
        foreach (AeadContext context in contexts)
        {
            context.Clear();
        }

        // No more than the bound is promised.
        Assert.AreEqual(most, provider.Reserve(1_000_000));
        Assert.AreEqual(most, NativeMethods.Query(Reserve));
        Assert.AreEqual(most, NativeMethods.Query(Handles));
    }

    [TestMethod]
    public void Contexts_that_nobody_holds_make_room()
    {
        NativeProvider provider = Providers.Native();
        for (int i = 0; i < 2 * NativeMethods.Query(Handles); i++)
        {
            provider.CreateHash(CryptoAlgorithm.Sha256);
            provider.CreateAead(CryptoAlgorithm.Aes128Ccm, new byte[16], 0, 8);
            provider.CreateCbc(CryptoAlgorithm.Aes128CbcHmacSha1, new byte[36], 0, true);
            provider.GenerateKey(NamedGroup.X25519, new byte[32], 0, new byte[32], 0);
        }
    }

    [TestMethod]
    public void A_cleared_context_does_nothing_any_more()
    {
        NativeProvider provider = Providers.Native();
        AeadContext old = provider.CreateAead(CryptoAlgorithm.Aes128Ccm, new byte[16], 0, 8);
        old.Clear();
        AeadContext other = provider.CreateAead(CryptoAlgorithm.Aes128Ccm, new byte[16], 0, 8);
        byte[] data = new byte[40];
        Check.Throws(typeof(InvalidOperationException), delegate { old.Seal(data, 0, data, 0, 12, data, 12, 10); }, "seal");
        Assert.IsFalse(old.Open(data, 0, data, 0, 12, data, 12, 10));
        Assert.IsTrue(Check.IsZero(data, 0, 40));
        old.Clear();
        other.Seal(data, 0, data, 0, 12, data, 12, 10);
        other.Clear();
    }

    [TestMethod]
    public void A_stale_handle_is_refused_though_its_place_is_taken_again()
    {
        Providers.Native();
        int old = NativeMethods.HashNew(CryptoAlgorithm.Sha256);
        Assert.AreEqual(0, NativeMethods.Free(old));
        Assert.AreEqual(-1, NativeMethods.Free(old));
        int next = NativeMethods.HashNew(CryptoAlgorithm.Sha256);
        Assert.AreEqual(old & 0xFFF, next & 0xFFF, "the same place");
        Assert.AreNotEqual(old, next);
        Assert.AreEqual(-1, NativeMethods.HashUpdate(old, new byte[1], 0, 1));
        Assert.AreEqual(-1, NativeMethods.HashPeek(old, new byte[32], 0));
        Assert.AreEqual(-1, NativeMethods.HashReset(old));
        Assert.AreEqual(0, NativeMethods.Free(next));
    }

    [TestMethod]
    public void A_handle_of_another_kind_is_refused()
    {
        Providers.Native();
        byte[] b = new byte[64];
        int hash = NativeMethods.HashNew(CryptoAlgorithm.Sha256);
        Assert.AreEqual(-1, NativeMethods.AeadSeal(hash, b, 0, b, 0, 0, b, 0, 1));
        Assert.AreEqual(-1, NativeMethods.AeadOpen(hash, b, 0, b, 0, 0, b, 0, 1));
        Assert.AreEqual(-1, NativeMethods.CbcSeal(hash, b, 0, 13, b, 16, b, 32, 0));
        Assert.AreEqual(-1, NativeMethods.CbcOpen(hash, b, 0, 13, b, 16, b, 32, 32));
        Assert.AreEqual(-1, NativeMethods.Poll(hash));
        Assert.AreEqual(-1, NativeMethods.Finish(hash, b, 0));
        foreach (int handle in new[] { 0, -1, int.MinValue, int.MaxValue, 4095, 4096 })
        {
            Assert.AreEqual(-1, NativeMethods.HashReset(handle));
            Assert.AreEqual(-1, NativeMethods.Free(handle));
        }

        NativeMethods.Free(hash);
    }

    [TestMethod]
    public void An_operation_can_be_cancelled_before_during_and_after()
    {
        NativeProvider provider = Providers.Native();
        int free = Free();
        byte[] secret = new byte[32];
        CryptoOperation operation = provider.GenerateKey(NamedGroup.X25519, secret, 0, new byte[32], 0);
        Assert.AreEqual(free - 1, Free());
        operation.Cancel();
        operation.Cancel();
        Assert.AreEqual(free, Free());
        Assert.IsTrue(operation.Step(1));
        Assert.IsTrue(Check.IsZero(secret, 0, 32));

        operation = provider.GenerateKey(NamedGroup.X25519, secret, 0, new byte[32], 0);
        Work.Succeed(operation, "generated");
        operation.Cancel();
        Assert.IsFalse(Check.IsZero(secret, 0, 32));
        Assert.AreEqual(free, Free());
    }

    [TestMethod]
    public void Many_threads_share_the_native_side()
    {
        NativeProvider provider = Providers.Native();
        int free = Free();
        Exception? failed = null;
        Thread[] threads = new Thread[6];
        for (int t = 0; t < threads.Length; t++)
        {
            int seed = t;
            threads[t] = new Thread(delegate()
            {
                try
                {
                    for (int round = 0; round < 60; round++)
                    {
                        UseEverything(provider, seed + 10 * round);
                    }
                }
                catch (Exception exception)
                {
                    failed = exception;
                }
            });
        }

        foreach (Thread thread in threads)
        {
            thread.Start();
        }

        foreach (Thread thread in threads)
        {
            thread.Join();
        }

        Assert.IsNull(failed, failed?.ToString());
        GC.Collect();
        GC.WaitForPendingFinalizers();
        Assert.IsGreaterThanOrEqualTo(free, Free(), "contexts were lost");
    }

    private static void UseEverything(NativeProvider provider, int seed)
    {
        byte[] key = Check.Pattern(64, seed);
        byte[] data = Check.Pattern(3000, seed);
        AeadContext aead = provider.CreateAead(CryptoAlgorithm.Aes128Ccm, key, 0, 8);
        aead.Seal(key, 0, key, 0, 13, data, 0, 2900);
        Assert.IsTrue(aead.Open(key, 0, key, 0, 13, data, 0, 2900));
        aead.Clear();
        CbcContext cbc = provider.CreateCbc(CryptoAlgorithm.Aes128CbcHmacSha256, key, 0, false);
        int count = cbc.Seal(Check.Pattern(13, 1), 0, 13, key, 0, data, 0, 700);
        Assert.AreEqual(700, cbc.Open(Check.Pattern(13, 1), 0, 13, key, 0, data, 0, count));
        cbc.Clear();
        Check.Equal(Check.Part(Check.Pattern(3000, seed), 0, 700), Check.Part(data, 0, 700), "data");
        HashContext hash = provider.CreateHash(CryptoAlgorithm.Sha384);
        byte[] digest = new byte[48];
        hash.Update(data, 0, 700);
        hash.Peek(digest, 0);
        Check.Equal(System.Security.Cryptography.SHA384.HashData(data.AsSpan(0, 700)), digest, "hash");
        byte[] secret = new byte[32];
        byte[] publicKey = new byte[65];
        Work.Succeed(provider.GenerateKey(NamedGroup.Secp256r1, secret, 0, publicKey, 0), "key pair");
        byte[] shared = new byte[32];
        Work.Succeed(provider.Agree(NamedGroup.Secp256r1, secret, 0, publicKey, 0, 65, shared, 0), "agreement");
    }

    private static int Free()
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();
        return NativeMethods.Query(Handles) - NativeMethods.Query(Used);
    }
}
