using System;
using System.Buffers.Binary;
using System.Collections.Generic;
using System.IO;
using System.Reflection;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Security.Cryptography;
using Microsoft.VisualStudio.TestTools.UnitTesting;
using NfDtls.Crypto.Host;

namespace NfDtls.Tests.Crypto;

/// <summary>AES in CCM and GCM by the processor's instructions, against .NET's own AesCcm and AesGcm.</summary>
[TestClass]
public class ProcessorTests
{
    private static readonly int[] Algorithms = AeadTests.Algorithms[..6];

    private readonly byte[] _nonce = new byte[12];

    [TestInitialize]
    public void RequireProcessor()
    {
        if (!Processor.IsThere)
        {
            Assert.Inconclusive("This processor has no instructions for AES that are used here.");
        }
    }

    [TestMethod]
    public void Records_of_every_length_with_additional_data_of_every_length_are_dotnets()
    {
        for (int a = 0; a < Algorithms.Length; a++)
        {
            Pair pair = new(a, 1);
            for (int count = 0; count <= 300; count++)
            {
                for (int aadCount = 0; aadCount <= 40; aadCount++)
                {
                    pair.Verify(count, aadCount, 0);
                }
            }
        }
    }

    [TestMethod]
    public void Long_records_and_long_additional_data_are_dotnets_wherever_they_begin()
    {
        int[] lengths = [301, 511, 512, 513, 1023, 1024, 1025, 1300, 2047, 4080, 4095, 4096, 4097, 8191, 16383, 16384];
        for (int a = 0; a < Algorithms.Length; a++)
        {
            Pair pair = new(a, 2);
            foreach (int count in lengths)
            {
                pair.Verify(count, 13, count % 32);
            }

            for (int alignment = 0; alignment < 64; alignment++)
            {
                pair.Verify(64, 13, alignment);
                pair.Verify(16384 - alignment, 13, alignment);
            }

            foreach (int aadCount in new[] { 127, 128, 129, 143, 144, 145, 160, 255, 256, 1000, 4096, 0xFEFF })
            {
                pair.Verify(100, aadCount, 5);
            }
        }
    }

    /// <summary>The number of a counter block carries into its second byte behind 4 KB, and into its third behind 1 MB.</summary>
    [TestMethod]
    public void The_counter_carries_through_its_bytes()
    {
        for (int a = 0; a < Algorithms.Length; a++)
        {
            new Pair(a, 3).Verify((1 << 20) + 333, 13, 1);
        }
    }

    /// <summary>No record is so long that a counter comes to its end; the blocks are right there all the same, and nothing of the nonce changes.</summary>
    [TestMethod]
    public void A_counter_that_ends_begins_anew_and_leaves_the_nonce_alone()
    {
        foreach (int keyLength in new[] { 16, 32 })
        {
            byte[] key = Check.Pattern(keyLength, 1);
            byte[] first = Check.Pattern(16, 2);
            byte[] expected = new byte[128];
            for (uint i = 0; i < 8; i++)
            {
                first.CopyTo(expected, 16 * i);
                BinaryPrimitives.WriteUInt32BigEndian(expected.AsSpan((16 * (int)i) + 12), uint.MaxValue - 2 + i);
            }

            using Aes aes = Aes.Create();
            aes.Key = key;
            expected = aes.EncryptEcb(expected, PaddingMode.None);
            Vector128<byte>[] keys = new Vector128<byte>[15];
            AesRounds.Expand(key, keys);
            AesRounds rounds = new(keys, AesRounds.KeysOf(key));
            Vector128<uint> counter = AesRounds.Reverse(Vector128.Create(first)).AsUInt32().WithElement(0, uint.MaxValue - 2);
            Vector128<byte>[] eight = new Vector128<byte>[8];
            CounterBlocks.Crypt(rounds, counter, eight);
            Vector128<byte>[] four = new Vector128<byte>[4];
            CounterBlocks.EncryptFour(rounds, counter, four);
            byte[] found = MemoryMarshal.AsBytes(eight.AsSpan()).ToArray();
            Check.Equal(expected, found, "eight blocks, key of " + keyLength);
            Check.Equal(found[..64], MemoryMarshal.AsBytes(four.AsSpan()).ToArray(), "four blocks, key of " + keyLength);
        }
    }

    [TestMethod]
    public void A_forged_byte_anywhere_is_refused_and_nothing_of_the_text_stays()
    {
        byte[] nonce = Check.Pattern(12, 3);
        byte[] aad = Check.Pattern(45, 4);
        for (int a = 0; a < Algorithms.Length; a++)
        {
            AeadContext context = Create(a, 7);
            foreach (int count in new[] { 0, 1, 16, 37, 128, 200, 400 })
            {
                byte[] record = Check.Pattern(count + context.TagLength, 9);
                context.Seal(nonce, 0, aad, 0, 45, record, 0, count);
                for (int i = 0; i < record.Length + aad.Length; i++)
                {
                    byte[] copy = (byte[])record.Clone();
                    byte[] changed = i < record.Length ? copy : aad;
                    int place = i < record.Length ? i : i - record.Length;
                    byte bit = (byte)(1 << i % 8);
                    changed[place] ^= bit;
                    byte[] tag = copy[count..];
                    Assert.IsFalse(context.Open(nonce, 0, aad, 0, 45, copy, 0, count), "algorithm " + a + " length " + count + " byte " + i);
                    Assert.IsTrue(Check.IsZero(copy, 0, count), "algorithm " + a + " length " + count + " byte " + i + " leaves text");
                    Check.Equal(tag, copy[count..], "the tag stays");
                    if (i >= record.Length)
                    {
                        aad[place] ^= bit;
                    }
                }

                Assert.IsTrue(context.Open(nonce, 0, aad, 0, 45, record, 0, count), "algorithm " + a + " length " + count + " unchanged");
            }
        }
    }

    [TestMethod]
    public void Neither_records_nor_forged_ones_allocate_at_any_length()
    {
        byte[] nonce = Check.Pattern(12, 3);
        byte[] record = new byte[1400];
        for (int a = 0; a < Algorithms.Length; a++)
        {
            AeadContext context = Create(a, 1);
            AllocationTests.Verify("algorithm " + a, delegate
            {
                context.Seal(nonce, 0, nonce, 0, 12, record, 3, 333);
                bool opened = context.Open(nonce, 0, nonce, 0, 12, record, 3, 333);
                return opened && !context.Open(nonce, 0, nonce, 0, 12, record, 4, 100);
            });
        }
    }

    [TestMethod]
    public void A_cleared_context_leaves_nothing_of_its_keys_and_is_refused()
    {
        byte[] bytes = new byte[100];
        for (int a = 0; a < Algorithms.Length; a++)
        {
            AeadContext context = Create(a, 1);
            Vector128<byte>[] keys = KeysOf(context);
            Assert.AreNotEqual(Vector128<byte>.Zero, keys[0], "the test sees the key");
            context.Clear();
            context.Clear();
            Assert.IsTrue(Array.TrueForAll(keys, block => block == Vector128<byte>.Zero), "algorithm " + a);
            Assert.ThrowsExactly<ObjectDisposedException>(() => context.Seal(bytes, 0, bytes, 0, 1, bytes, 10, 10));
            Assert.ThrowsExactly<ObjectDisposedException>(() => context.Open(bytes, 0, bytes, 0, 1, bytes, 10, 10));
            Assert.IsTrue(Check.IsZero(bytes, 0, 100));
        }

        MaskContext mask = new HostProvider().CreateMask(CryptoAlgorithm.Aes256Gcm, Check.Pattern(32, 1), 0);
        Vector128<byte>[] maskKeys = KeysOf(mask);
        Assert.AreNotEqual(Vector128<byte>.Zero, maskKeys[14], "the test sees the key");
        mask.Clear();
        mask.Clear();
        Assert.IsTrue(Array.TrueForAll(maskKeys, block => block == Vector128<byte>.Zero), "mask");
        Assert.ThrowsExactly<ObjectDisposedException>(() => mask.Compute(bytes, 0, bytes, 0));
    }

    /// <summary>Arrays are given out again: to one context at a time, however often another was cleared, and for keys of any length.</summary>
    [TestMethod]
    public void No_two_contexts_have_one_array()
    {
        List<AeadContext> contexts = [];
        for (int round = 0; round < 400; round++)
        {
            AeadContext context = Create(round % Algorithms.Length, round);
            context.Clear();
            context.Clear();
            contexts.Add(Create((round + 1) % Algorithms.Length, round));
        }

        HashSet<object> seen = new(ReferenceEqualityComparer.Instance);
        foreach (AeadContext context in contexts)
        {
            Assert.IsTrue(seen.Add(KeysOf(context)));
        }

        foreach (AeadContext context in contexts)
        {
            context.Clear();
        }

        // A key of 256 bits left more behind than one of 128 needs: nothing of it matters.
        for (int a = 0; a < Algorithms.Length; a++)
        {
            new Pair(a, 77).Verify(333, 13, 0);
        }
    }

    [TestMethod]
    public void What_does_not_fit_into_its_array_is_refused_and_nothing_is_written()
    {
        byte[] nonce = new byte[12];
        for (int a = 0; a < Algorithms.Length; a++)
        {
            AeadContext context = Create(a, 1);
            foreach ((int offset, int count) in new[] { (0, 100), (1, 100 - context.TagLength), (-1, 10), (0, -1), (101, 0), (90, 3), (0, int.MaxValue), (50, int.MaxValue - 20) })
            {
                byte[] data = new byte[100];
                Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => context.Seal(nonce, 0, nonce, 0, 12, data, offset, count), "algorithm " + a + " at " + offset + " length " + count);
                Assert.IsTrue(Check.IsZero(data, 0, 100), "algorithm " + a + " at " + offset + " length " + count);
            }

            byte[] record = new byte[100];
            Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => context.Seal(nonce, 1, nonce, 0, 12, record, 0, 10));
            Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => context.Seal(nonce, 0, nonce, 0, 13, record, 0, 10));
            Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => context.Seal(nonce, 0, nonce, 0, -1, record, 0, 10));
            Assert.IsTrue(Check.IsZero(record, 0, 100), "algorithm " + a);
        }
    }

    /// <summary>The length of a text has 3 bytes in CCM's first block, and that of additional data 2, where numbers from 0xFF00 on mean another form.</summary>
    [TestMethod]
    public void CCM_refuses_texts_of_16_MB_and_additional_data_of_65280_bytes_and_leaves_them_alone()
    {
        const int LongestText = 0xFFFFFF;
        const int LongestAad = 0xFEFF;
        for (int a = 0; a < 4; a++)
        {
            Pair pair = new(a, 5);
            pair.Verify(10, LongestAad, 0);
            AeadContext context = Create(a, 1);
            foreach ((int count, int aadCount) in new[] { (LongestText + 1, 1), (LongestText + 17, 1), (10, LongestAad + 1), (10, 0xFFFF), (10, 0x10000), (10, 0x10001), (10, 0x20000) })
            {
                string what = "algorithm " + a + " length " + count + " additional " + aadCount;
                byte[] aad = new byte[aadCount];
                byte[] data = new byte[count + 16];
                Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => context.Seal(_nonce, 0, aad, 0, aadCount, data, 0, count), what);
                Assert.IsTrue(Check.IsZero(data, 0, data.Length), what);
                data.AsSpan().Fill(1);
                Assert.IsFalse(context.Open(_nonce, 0, aad, 0, aadCount, data, 0, count), what);
                Assert.IsFalse(data.AsSpan().ContainsAnyExcept((byte)1), what + ": opened");
            }
        }

        new Pair(0, 6).Verify(LongestText, 13, 0);
    }

    [TestMethod]
    public void It_is_used_unless_the_provider_or_the_switch_says_otherwise()
    {
        HostProvider own = new();
        HostProvider plain = new(false);
        Assert.IsTrue(own.UsesProcessor);
        Assert.IsFalse(plain.UsesProcessor);
        Assert.AreEqual(".NET, AES-CCM and AES-GCM by the processor", own.ToString());
        Assert.AreEqual(".NET", plain.ToString());
        for (int a = 0; a < Algorithms.Length; a++)
        {
            Assert.AreEqual(a < 4 ? typeof(ProcessorCcm) : typeof(ProcessorGcm), AeadTests.Create(own, a, 1).GetType());
            Assert.AreEqual(a < 4 ? typeof(HostCcm) : typeof(HostGcm), AeadTests.Create(plain, a, 1).GetType());
            Assert.AreEqual(typeof(ProcessorMask), own.CreateMask(Algorithms[a], new byte[32], 0).GetType());
            Assert.AreEqual(typeof(HostAesMask), plain.CreateMask(Algorithms[a], new byte[32], 0).GetType());
        }

        AppContext.SetSwitch("NfDtls.Crypto.UseProcessor", false);
        try
        {
            Assert.IsFalse(new HostProvider().UsesProcessor);
            Assert.IsFalse(new HostProvider(true).UsesProcessor);
        }
        finally
        {
            AppContext.SetSwitch("NfDtls.Crypto.UseProcessor", true);
        }

        Assert.IsTrue(new HostProvider(true).UsesProcessor);
    }

    /// <summary>AES leaves a validated module by an explicit wish alone.</summary>
    [TestMethod]
    public void In_FIPS_mode_it_is_used_only_where_the_application_says_so()
    {
        bool isOn = FipsMode.IsOn;
        try
        {
            FipsMode.IsOn = true;
            Assert.IsFalse(new HostProvider().UsesProcessor);
            Assert.AreEqual(".NET", new HostProvider().ToString());
            Assert.IsTrue(new HostProvider(true).UsesProcessor);
            FipsMode.IsOn = false;
            Assert.IsTrue(new HostProvider().UsesProcessor);
        }
        finally
        {
            FipsMode.IsOn = isOn;
        }
    }

    [TestMethod]
    public void FIPS_mode_is_a_line_with_1_in_the_kernels_file()
    {
        string file = Path.GetTempFileName();
        try
        {
            foreach ((string text, bool says) in new[] { ("1\n", true), ("1", true), ("0\n", false), ("", false), ("10\n", false) })
            {
                File.WriteAllText(file, text);
                Assert.AreEqual(says, FipsMode.Says(file), text);
            }
        }
        finally
        {
            File.Delete(file);
        }

        Assert.IsFalse(FipsMode.Says(file), "no file");
        Assert.IsFalse(FipsMode.Says(Path.GetTempPath()), "a directory");
    }

    private static AeadContext Create(int index, int seed)
    {
        return AeadTests.Create(new HostProvider(), index, seed);
    }

    /// <summary>The array in which a context has its keys.</summary>
    internal static Vector128<byte>[] KeysOf(object context)
    {
        return (Vector128<byte>[])context.GetType().GetField("_keys", BindingFlags.Instance | BindingFlags.NonPublic)!.GetValue(context)!;
    }

    /// <summary>A key here and at .NET.</summary>
    private sealed class Pair
    {
        private readonly AeadContext _context;
        private readonly AesCcm? _ccm;
        private readonly AesGcm? _gcm;
        private readonly Random _random;
        private readonly byte[] _nonce = new byte[14];

        internal Pair(int index, int seed)
        {
            _random = new Random(seed);
            bool isLong = Algorithms[index] is CryptoAlgorithm.Aes256Ccm or CryptoAlgorithm.Aes256Gcm;
            byte[] key = new byte[isLong ? 32 : 16];
            _random.NextBytes(key);
            _context = new HostProvider().CreateAead(Algorithms[index], key, 0, AeadTests.TagLengths[index]);
            _ccm = index < 4 ? new AesCcm(key) : null;
            _gcm = index < 4 ? null : new AesGcm(key, 16);
        }

        /// <summary>Seals at a place in a buffer, compares it and what stands beside it, and opens it again.</summary>
        internal void Verify(int count, int aadCount, int at)
        {
            string what = _context.GetType().Name + " tag " + _context.TagLength + " length " + count + " additional " + aadCount + " at " + at;
            byte[] buffer = new byte[at + count + _context.TagLength + 19];
            byte[] aad = new byte[aadCount + 3];
            _random.NextBytes(buffer);
            _random.NextBytes(aad);
            _random.NextBytes(_nonce);
            byte[] before = (byte[])buffer.Clone();
            byte[] expected = (byte[])buffer.Clone();
            Span<byte> text = expected.AsSpan(at, count);
            Span<byte> tag = expected.AsSpan(at + count, _context.TagLength);
            _ccm?.Encrypt(_nonce.AsSpan(1, 12), text, text, tag, aad.AsSpan(2, aadCount));
            _gcm?.Encrypt(_nonce.AsSpan(1, 12), text, text, tag, aad.AsSpan(2, aadCount));
            _context.Seal(_nonce, 1, aad, 2, aadCount, buffer, at, count);
            Assert.IsTrue(expected.AsSpan().SequenceEqual(buffer), what + ": sealed");
            Assert.IsTrue(_context.Open(_nonce, 1, aad, 2, aadCount, buffer, at, count), what + ": opened");
            tag.CopyTo(before.AsSpan(at + count));
            Assert.IsTrue(before.AsSpan().SequenceEqual(buffer), what + ": opened text, and what stands beside it");
        }
    }
}
