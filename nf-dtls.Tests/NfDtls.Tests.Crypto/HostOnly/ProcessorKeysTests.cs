using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Threading;
using Microsoft.VisualStudio.TestTools.UnitTesting;
using NfDtls.Crypto.Host;

namespace NfDtls.Tests.Crypto;

/// <summary>Keys of AES by the processor's instructions: whose they are, where they lie, and when they are wiped, on several threads too.</summary>
[TestClass]
public class ProcessorKeysTests
{
    private const int Long = 12 << 20;

    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);
    private static readonly int[] Algorithms = [CryptoAlgorithm.Aes128Ccm, CryptoAlgorithm.Aes256Gcm];

    private readonly HostProvider _provider = new();
    private readonly byte[] _key = Check.Pattern(32, 1);
    private readonly byte[] _nonce = Check.Pattern(12, 2);

    [TestInitialize]
    public void RequireProcessor()
    {
        if (!_provider.UsesProcessor)
        {
            Assert.Inconclusive("This processor has no instructions for AES that are used here.");
        }
    }

    /// <summary>An array that was returned twice would be two contexts' afterwards, and the later one's keys both of theirs.</summary>
    [TestMethod]
    public void A_context_that_two_threads_clear_gives_its_array_back_once()
    {
        object[] contexts = new object[128];
        Stopwatch watch = Stopwatch.StartNew();

        // Full machines give the two a turn seldom: fewer rounds there.
        for (int round = 0; round < 500 && watch.ElapsedMilliseconds < 2000; round++)
        {
            for (int i = 0; i < contexts.Length; i++)
            {
                contexts[i] = Create(i);
            }

            // Side by side at each of them, since it is a matter of nanoseconds.
            int arrived = 0;
            Both(delegate
            {
                for (int i = 0; i < contexts.Length; i++)
                {
                    Interlocked.Increment(ref arrived);
                    for (int spins = 0; Volatile.Read(ref arrived) < 2 * (i + 1); spins++)
                    {
                        if (spins > 1000)
                        {
                            Thread.Yield();
                        }
                    }

                    Clear(contexts[i]);
                }
            });
            VerifyDistinct(3 * contexts.Length, "round " + round);
        }
    }

    [TestMethod]
    public void Threads_that_make_and_clear_contexts_never_have_one_array_at_a_time()
    {
        Both(delegate
        {
            List<object> contexts = [];
            for (int round = 0; round < 2000; round++)
            {
                for (int i = 0; i < 20; i++)
                {
                    contexts.Add(Create(i));
                }

                contexts.ForEach(Clear);
                contexts.Clear();
            }
        });
        VerifyDistinct(600, "afterwards");
    }

    /// <summary>An array that the collector moved would leave a copy of the keys behind.</summary>
    [TestMethod]
    public void Keys_stay_where_they_are_when_the_collector_compacts()
    {
        List<object> contexts = [];
        List<object> garbage = [];
        List<nint> places = [];
        for (int i = 0; i < 4 * PinnedKeys.Kept; i++)
        {
            contexts.Add(Create(i));
            garbage.Add(new byte[1000]);
            places.Add(PlaceOf(contexts[i]));
        }

        garbage.Clear();
        GC.Collect(GC.MaxGeneration, GCCollectionMode.Forced, true, true);
        GC.Collect(GC.MaxGeneration, GCCollectionMode.Forced, true, true);
        for (int i = 0; i < contexts.Count; i++)
        {
            Assert.AreEqual(places[i], PlaceOf(contexts[i]), "context " + i);
        }

        contexts.ForEach(Clear);
    }

    [TestMethod]
    public void Of_arrays_that_are_given_back_no_more_are_kept_than_256_of_a_length()
    {
        HashSet<object> before = new(ReferenceEqualityComparer.Instance);
        List<object> contexts = [];
        for (int i = 0; i < 3 * 2 * PinnedKeys.Kept; i++)
        {
            contexts.Add(Create(i));
            before.Add(ProcessorTests.KeysOf(contexts[i]));
        }

        contexts.ForEach(Clear);
        int ofRounds = 0;
        int ofGcm = 0;
        for (int i = 0; i < contexts.Count; i++)
        {
            contexts[i] = Create(i);
            Vector128<byte>[] keys = ProcessorTests.KeysOf(contexts[i]);
            if (before.Contains(keys))
            {
                ofRounds += keys.Length == AesRounds.LongKey ? 1 : 0;
                ofGcm += keys.Length == AesRounds.LongKey ? 0 : 1;
            }
        }

        contexts.ForEach(Clear);
        // Fewer where a finalizer has given another one back meanwhile.
        Assert.IsLessThanOrEqualTo(256, ofRounds, "of round keys");
        Assert.IsLessThanOrEqualTo(256, ofGcm, "of round keys and powers");
    }

    /// <summary>The key stream of a record's end, which would uncover its text, for every length of that end.</summary>
    [TestMethod]
    public void Nothing_of_the_key_stream_stays_behind_a_record_in_GCM()
    {
        Vector128<byte>[] keys = new Vector128<byte>[AesRounds.LongKey + Ghash.KeyLength];
        AesRounds.Expand(_key, keys);
        AesRounds rounds = new(keys, AesRounds.LongKey);
        Ghash.Expand(rounds.Encrypt(default), keys.AsSpan(AesRounds.LongKey));
        Vector128<byte>[] stream = new Vector128<byte>[CounterBlocks.Batch];
        for (int count = 0; count < CounterBlocks.Batch * Blocks.Size; count++)
        {
            byte[] text = new byte[count];
            ProcessorGcm.Finish(rounds, new Ghash(keys, AesRounds.LongKey), default, text, true, default, default, stream);
            Assert.IsTrue(count < 16 || !Check.IsZero(text, 0, count), "the test sees a key stream");
            Assert.IsTrue(IsZero(stream), "length " + count);
        }
    }

    /// <summary>The array of a cleared context is wiped, and another context's at once: what is made of it must not come out.</summary>
    [TestMethod]
    [DataRow(true)]
    [DataRow(false)]
    public void A_record_under_work_when_its_context_is_cleared_is_right_or_refused_and_zeroed(bool seals)
    {
        byte[] plain = Check.Pattern(Long, 3);
        foreach (int algorithm in Algorithms)
        {
            byte[] record = new byte[Long + 16];
            plain.CopyTo(record, 0);
            _provider.CreateAead(algorithm, _key, 0, 16).Seal(_nonce, 0, _nonce, 0, 12, record, 0, Long);
            byte[] before = new byte[Long + 16];
            byte[] data = new byte[Long + 16];
            (seals ? plain : record).CopyTo(before, 0);
            ReadOnlySpan<byte> after = seals ? record : plain;
            Stopwatch watch = Stopwatch.StartNew();
            while (!Interrupt(_provider.CreateAead(algorithm, _key, 0, 16), seals, before, data))
            {
                Assert.IsTrue(data.AsSpan(0, after.Length).SequenceEqual(after), "algorithm " + algorithm + ": one that was not refused");
                if (watch.Elapsed > Patience)
                {
                    Assert.Inconclusive("No record was under work when its context was cleared.");
                }
            }

            Assert.IsTrue(Check.IsZero(data, 0, Long), "algorithm " + algorithm + ": text of a refused record");
        }
    }

    [TestMethod]
    public void Keys_of_contexts_that_nobody_clears_are_wiped_by_the_collector()
    {
        List<Vector128<byte>[]> arrays = Forget(30);
        Stopwatch watch = Stopwatch.StartNew();
        while (!arrays.TrueForAll(IsZero))
        {
            Assert.IsTrue(watch.Elapsed < Patience, "keys stay");
            GC.Collect();
            GC.WaitForPendingFinalizers();
        }
    }

    /// <summary>A context that is never used again may be collected as soon as its last use has read its fields, and its keys are wiped then.</summary>
    [TestMethod]
    public void A_record_under_work_keeps_its_context_from_the_collector()
    {
        byte[] plain = Check.Pattern(Long, 3);
        foreach (int algorithm in Algorithms)
        {
            byte[] expected = new byte[Long + 16];
            plain.CopyTo(expected, 0);
            AeadContext held = _provider.CreateAead(algorithm, _key, 0, 16);
            held.Seal(_nonce, 0, _nonce, 0, 12, expected, 0, Long);
            held.Clear();
            byte[] data = new byte[Long + 16];
            bool wasGenuine = false;
            for (int round = 0; round < 8; round++)
            {
                bool seals = round % 2 == 0;
                (seals ? plain : expected).CopyTo(data, 0);
                Thread worker = new(() => wasGenuine = Work(algorithm, data, seals));
                worker.Start();
                while (worker.IsAlive)
                {
                    GC.Collect();
                    GC.WaitForPendingFinalizers();
                }

                worker.Join();
                Assert.IsTrue(wasGenuine, "algorithm " + algorithm + " round " + round);
                Assert.IsTrue(data.AsSpan(0, Long).SequenceEqual((seals ? expected : plain).AsSpan(0, Long)), "algorithm " + algorithm + " round " + round);
            }
        }
    }

    /// <summary>Seals or opens a record by a context that nobody else has; neither has this method while it works, compiled as it is.</summary>
    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    private bool Work(int algorithm, byte[] data, bool seals)
    {
        if (!seals)
        {
            return _provider.CreateAead(algorithm, _key, 0, 16).Open(_nonce, 0, _nonce, 0, 12, data, 0, Long);
        }

        _provider.CreateAead(algorithm, _key, 0, 16).Seal(_nonce, 0, _nonce, 0, 12, data, 0, Long);
        return true;
    }

    /// <summary>Makes contexts, and keeps nothing of them but their arrays.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private List<Vector128<byte>[]> Forget(int count)
    {
        List<Vector128<byte>[]> arrays = [];
        for (int i = 0; i < count; i++)
        {
            arrays.Add(ProcessorTests.KeysOf(Create(i)));
        }

        Assert.IsFalse(arrays.Exists(IsZero), "the test sees the keys");
        return arrays;
    }

    private static nint PlaceOf(object context)
    {
        return Marshal.UnsafeAddrOfPinnedArrayElement(ProcessorTests.KeysOf(context), 0);
    }

    private static bool IsZero(Vector128<byte>[] keys)
    {
        return Array.TrueForAll(keys, block => block == Vector128<byte>.Zero);
    }

    /// <summary>Works with a record on another thread, clears the context as soon as that has begun, and gives its array to others.</summary>
    /// <returns>Whether it was refused.</returns>
    private bool Interrupt(AeadContext context, bool seals, byte[] before, byte[] data)
    {
        before.CopyTo(data, 0);
        bool wasRefused = false;
        bool wasGenuine = true;
        Thread worker = new(() =>
        {
            try
            {
                if (seals)
                {
                    context.Seal(_nonce, 0, _nonce, 0, 12, data, 0, Long);
                }
                else
                {
                    wasGenuine = context.Open(_nonce, 0, _nonce, 0, 12, data, 0, Long);
                }
            }
            catch (ObjectDisposedException)
            {
                wasRefused = true;
            }
        });
        worker.Start();
        SpinWait wait = default;
        while (worker.IsAlive && Volatile.Read(ref data[0]) == before[0])
        {
            wait.SpinOnce(-1);
        }

        context.Clear();
        List<object> others = [Create(0), Create(1), Create(2)];
        worker.Join();
        others.ForEach(Clear);
        Assert.IsTrue(wasGenuine, "a genuine record was called forged");
        return wasRefused;
    }

    /// <summary>Does one thing on two threads at once.</summary>
    private static void Both(Action action)
    {
        using Barrier barrier = new(2);
        Exception? failure = null;
        void Run()
        {
            barrier.SignalAndWait();
            try
            {
                action();
            }
            catch (Exception e)
            {
                failure = e;
            }
        }

        Thread other = new(Run);
        other.Start();
        Run();
        other.Join();
        Assert.IsNull(failure, failure?.ToString());
    }

    private void VerifyDistinct(int count, string when)
    {
        HashSet<object> seen = new(ReferenceEqualityComparer.Instance);
        List<object> contexts = [];
        for (int i = 0; i < count; i++)
        {
            contexts.Add(Create(i));
            Assert.IsTrue(seen.Add(ProcessorTests.KeysOf(contexts[i])), "two contexts have one array, " + when);
        }

        contexts.ForEach(Clear);
    }

    /// <summary>CCM, GCM and a mask by turns.</summary>
    private object Create(int index)
    {
        return (index % 3) switch
        {
            0 => _provider.CreateAead(CryptoAlgorithm.Aes256Ccm, _key, 0, 16),
            1 => _provider.CreateAead(CryptoAlgorithm.Aes128Gcm, _key, 0, 16),
            _ => _provider.CreateMask(CryptoAlgorithm.Aes128Gcm, _key, 0),
        };
    }

    private static void Clear(object context)
    {
        (context as AeadContext)?.Clear();
        (context as MaskContext)?.Clear();
    }
}
