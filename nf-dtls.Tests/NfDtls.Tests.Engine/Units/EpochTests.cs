using System;
using System.Linq;
using System.Security.Cryptography;
using Microsoft.VisualStudio.TestTools.UnitTesting;
using NfDtls.Crypto.Software;

namespace NfDtls.Tests.Engine;

[TestClass]
public class EpochTests
{
    private const int At = 64;

    private static readonly Dtls12RecordCodec s_codec = new Dtls12RecordCodec();

    [TestMethod]
    [DataRow(CryptoAlgorithm.Aes128Gcm, 16, 4)]
    [DataRow(CryptoAlgorithm.ChaCha20Poly1305, 32, 12)]
    public void A_record_is_what_dotnet_makes_of_its_number_and_the_bytes_of_the_key_block(int algorithm, int keyLength, int ivLength)
    {
        byte[] keys = TestBed.Bytes(keyLength + ivLength, 0x91);
        byte[] iv = keys.AsSpan(keyLength).ToArray();
        byte[] content = TestBed.Bytes(0x123, 5);
        foreach (long number in new[] { 0L, 1, 0x10203040506, Epoch.LastSequence })
        {
            AeadProtection protection = Protection(algorithm, keys, keyLength, ivLength);
            Epoch epoch = Make(0xA1B2, protection);
            epoch.NextSequence = number;
            byte[] buffer = new byte[500];
            content.CopyTo(buffer, At);
            RecordHeader header = new RecordHeader();
            int length = epoch.Seal(header, 23, DtlsVersion.Dtls12, buffer, At, content.Length);
            byte[] record = buffer.AsSpan(header.Offset, length).ToArray();

            byte[] place = { 0xA1, 0xB2, (byte)(number >> 40), (byte)(number >> 32), (byte)(number >> 24), (byte)(number >> 16), (byte)(number >> 8), (byte)number };
            byte[] nonce = ivLength == 4 ? iv.Concat(place).ToArray() : iv.Select((b, i) => (byte)(b ^ (i < 4 ? 0 : place[i - 4]))).ToArray();
            byte[] additional = place.Concat(new byte[] { 23, 0xFE, 0xFD, 1, 0x23 }).ToArray();
            byte[] cipher = new byte[content.Length];
            byte[] tag = new byte[16];
            Encrypt(keys.AsSpan(0, keyLength).ToArray(), nonce, content, cipher, tag, additional);
            byte[] prefix = ivLength == 4 ? place : new byte[0];
            byte[] expected = new byte[] { 23, 0xFE, 0xFD }.Concat(place).Concat(new byte[] { 1, (byte)(prefix.Length + 0x33) })
                .Concat(prefix).Concat(cipher).Concat(tag).ToArray();
            CollectionAssert.AreEqual(expected, record);
            Assert.IsTrue(header.Scratch.Take(12).All(b => b == 0), "A nonce is left behind.");

            Epoch reader = Make(0xA1B2, Protection(algorithm, keys, keyLength, ivLength));
            Assert.IsTrue(s_codec.Read(record, 0, record.Length, header));
            Assert.IsTrue(reader.Open(header, record));
            CollectionAssert.AreEqual(content, record.AsSpan(header.FragmentOffset, header.FragmentLength).ToArray());
            Assert.IsTrue(header.Scratch.Take(12).All(b => b == 0), "A nonce is left behind.");
            protection.Clear();
            Assert.IsNull(Reachable.Find(protection, new[] { iv }));
        }
    }

    [TestMethod]
    public void A_fragment_shorter_than_nonce_and_tag_is_no_record_and_one_as_long_is_an_empty_one()
    {
        byte[] keys = TestBed.Bytes(20, 0x31);
        byte[] buffer = new byte[200];
        RecordHeader header = new RecordHeader();
        int length = Make(1, Protection(CryptoAlgorithm.Aes128Gcm, keys, 16, 4)).Seal(header, 23, DtlsVersion.Dtls12, buffer, At, 0);
        Assert.AreEqual(13 + 8 + 16, length);
        for (int cut = 0; cut <= 24; cut++)
        {
            byte[] record = buffer.AsSpan(header.Offset, length).ToArray();
            RecordHeader read = new RecordHeader();
            Assert.IsTrue(s_codec.Read(record, 0, length, read));
            read.FragmentLength -= cut;
            Assert.AreEqual(cut == 0, Make(1, Protection(CryptoAlgorithm.Aes128Gcm, keys, 16, 4)).Open(read, record), cut.ToString());
        }
    }

    [TestMethod]
    public void Bounds_that_one_epoch_is_given_are_no_others()
    {
        Epoch first = Make(1, null);
        Epoch other = Make(2, null);
        Assert.AreEqual(Epoch.LastSequence, first.LastWritable);
        Assert.AreEqual(Epoch.LastSequence, first.LastReadable);
        first.LastWritable = Epoch.LastSequence;
        first.LastWritable = 7;
        Assert.AreEqual(7, first.LastWritable);
        first.WriteLimit = 100;
        Assert.AreEqual(100, first.WriteLimit);
        VerifyUsual(other);
        Epoch second = Make(3, null);
        second.LastReadable = 9;
        Assert.AreEqual(9, second.LastReadable);
        VerifyUsual(other);
        Epoch third = Make(4, null);
        third.ReadLimit = 200;
        Assert.AreEqual(200, third.ReadLimit);
        VerifyUsual(other);
        Epoch fourth = Make(5, null);
        fourth.WriteLimit = 300;
        Assert.AreEqual(300, fourth.WriteLimit);
        VerifyUsual(other);
        VerifyUsual(Make(6, null));
        Assert.AreEqual(7, first.LastWritable);
        Assert.AreEqual(100, first.WriteLimit);
    }

    [TestMethod]
    public void Numbers_are_written_to_their_promised_end_and_one_of_them_is_kept_for_the_alert()
    {
        Epoch epoch = Make(1, new NullProtection());
        epoch.LastWritable = 2;
        byte[] buffer = new byte[100];
        for (int number = 0; number < 3; number++)
        {
            Assert.AreEqual(number < 2, epoch.MaySeal);
            Assert.IsTrue(epoch.MaySealLast);
            epoch.Seal(new RecordHeader(), 21, DtlsVersion.Dtls12, buffer, At, 2);
        }

        Assert.IsFalse(epoch.MaySealLast);
        Assert.AreEqual(3, epoch.Sealed);
        DtlsException failure = Assert.ThrowsExactly<DtlsException>(() => epoch.Seal(new RecordHeader(), 21, DtlsVersion.Dtls12, buffer, At, 2));
        Assert.AreEqual(DtlsError.SequenceExhausted, failure.Error);
        Assert.AreEqual(3, epoch.NextSequence);
        Assert.AreEqual(3, epoch.Sealed);
    }

    [TestMethod]
    public void A_number_above_what_was_promised_does_not_move_the_window()
    {
        Epoch epoch = Make(1, new NullProtection());
        epoch.LastReadable = 10;
        foreach ((long number, bool isPromised) in new[] { (11L, false), (10, true), (9, true), (12, false) })
        {
            Assert.IsTrue(epoch.Open(new RecordHeader { Sequence = number }, new byte[20]));
            Assert.AreEqual(isPromised, !epoch.Window.IsNew(number));
        }

        Assert.AreEqual(10, epoch.Window.Highest);
        Assert.IsFalse(epoch.IsNewest(10));
        Assert.IsTrue(epoch.IsNewest(11));
        Epoch plain = new Epoch(0, s_codec, null) { ReadProtection = new NullProtection() };
        Assert.IsTrue(plain.Open(new RecordHeader { Sequence = 3 }, new byte[20]));
        Assert.IsNull(plain.Window);
        Assert.IsFalse(plain.IsNewest(4));
    }

    [TestMethod]
    public void What_a_form_puts_behind_the_content_counts_but_where_it_is_padding()
    {
        AeadProtection protection = Protection(CryptoAlgorithm.Aes128Gcm, TestBed.Bytes(20, 1), 16, 4);
        foreach ((int trailer, int limit, int most) in new[] { (0, 100, 100), (1, 100, 99), (49, 100, 51), (50, 100, 99), (51, 100, 99), (400, 100, 99) })
        {
            Epoch epoch = new Epoch(1, new Trailing(trailer), new ReplayWindow(64)) { WriteProtection = protection, WriteLimit = limit };
            Assert.AreEqual(most, epoch.MostContent, trailer.ToString());
            Assert.AreEqual(13 + 8 + trailer + 16, epoch.Overhead);
            Assert.AreEqual(0, epoch.RoomIn(epoch.Overhead - 1));
            Assert.AreEqual(0, epoch.RoomIn(epoch.Overhead));
            Assert.AreEqual(1, epoch.RoomIn(epoch.Overhead + 1));
            Assert.AreEqual(most, epoch.RoomIn(epoch.Overhead + most));
            Assert.AreEqual(most, epoch.RoomIn(epoch.Overhead + most + 1));
        }
    }

    [TestMethod]
    public void Content_that_leaves_no_room_before_it_moves_and_is_sealed_all_the_same()
    {
        byte[] keys = TestBed.Bytes(20, 0x31);
        byte[] usual = new byte[200];
        TestBed.Bytes(30, 9).CopyTo(usual, At);
        RecordHeader header = new RecordHeader();
        int length = Make(1, Protection(CryptoAlgorithm.Aes128Gcm, keys, 16, 4)).Seal(header, 23, DtlsVersion.Dtls12, usual, At, 30);
        Assert.AreEqual(At - 21, header.Offset);
        byte[] expected = usual.AsSpan(header.Offset, length).ToArray();
        foreach (int offset in new[] { 0, 1, 20, 21, 22 })
        {
            byte[] buffer = new byte[200];
            TestBed.Bytes(30, 9).CopyTo(buffer, offset);
            Epoch epoch = Make(1, Protection(CryptoAlgorithm.Aes128Gcm, keys, 16, 4));
            Assert.AreEqual(21, epoch.BytesBefore(23));
            Assert.AreEqual(length, epoch.Seal(header, 23, DtlsVersion.Dtls12, buffer, offset, 30));
            Assert.AreEqual(Math.Max(offset, 21) - 21, header.Offset);
            CollectionAssert.AreEqual(expected, buffer.AsSpan(header.Offset, length).ToArray());
        }
    }

    [TestMethod]
    public void A_form_that_says_nothing_else_authenticates_epoch_and_number()
    {
        byte[] keys = TestBed.Bytes(20, 0x31);
        Trailing form = new Trailing(0);
        Epoch epoch = new Epoch(0x102, form, new ReplayWindow(64)) { NextSequence = 0x30405060708 };
        epoch.WriteProtection = Protection(CryptoAlgorithm.Aes128Gcm, keys, 16, 4);
        epoch.ReadProtection = Protection(CryptoAlgorithm.Aes128Gcm, keys, 16, 4);
        byte[] buffer = new byte[200];
        RecordHeader header = new RecordHeader();
        int length = epoch.Seal(header, 23, DtlsVersion.Dtls12, buffer, At, 9);
        byte[] record = buffer.AsSpan(header.Offset, length).ToArray();
        Assert.IsTrue(form.Read(record, 0, length, header));
        Array.Clear(header.Scratch);
        Assert.IsTrue(epoch.Open(header, record));
        Assert.AreEqual(9, header.FragmentLength);
    }

    [TestMethod]
    public void A_record_is_of_the_newest_epoch_or_of_the_one_before_while_that_is_read_and_of_no_other()
    {
        Epoch oldest = Make(4, null);
        Epoch before = Make(5, null);
        Epoch newest = Make(6, null);
        oldest.IsReadable = true;
        before.Before = oldest;
        foreach (bool isReadable in new[] { false, true })
        {
            before.IsReadable = isReadable;
            newest.Before = before;
            for (int number = 0; number < 9; number++)
            {
                RecordHeader header = new RecordHeader { Epoch = number };
                Assert.AreSame(number == 6 ? newest : number == 5 && isReadable ? before : null, s_codec.FindEpoch(newest, header, new byte[20]), number.ToString());
            }
        }

        newest.Before = null;
        Assert.IsNull(s_codec.FindEpoch(newest, new RecordHeader { Epoch = 5 }, new byte[20]));
    }

    [TestMethod]
    public void A_header_grows_for_a_form_that_authenticates_more_and_never_shrinks()
    {
        RecordHeader header = new RecordHeader();
        byte[] usual = header.Scratch;
        Assert.AreEqual(25, usual.Length);
        header.Reserve(13);
        Assert.AreSame(usual, header.Scratch);
        header.Reserve(14);
        Assert.AreEqual(26, header.Scratch.Length);
        header.Reserve(3);
        Assert.AreEqual(26, header.Scratch.Length);
    }

    private static Epoch Make(long number, RecordProtection? protection)
    {
        return new Epoch(number, s_codec, new ReplayWindow(64)) { WriteProtection = protection, ReadProtection = protection };
    }

    private static AeadProtection Protection(int algorithm, byte[] keys, int ivAt, int ivLength)
    {
        CryptoProvider crypto = new SoftwareProvider(new SeededEntropy(4));
        return new AeadProtection(crypto.CreateAead(algorithm, keys, 0, 16), keys, ivAt, ivLength);
    }

    private static void Encrypt(byte[] key, byte[] nonce, byte[] content, byte[] cipher, byte[] tag, byte[] additional)
    {
        if (key.Length == 16)
        {
            using AesGcm aes = new AesGcm(key, 16);
            aes.Encrypt(nonce, content, cipher, tag, additional);
            return;
        }

        using ChaCha20Poly1305 chaCha = new ChaCha20Poly1305(key);
        chaCha.Encrypt(nonce, content, cipher, tag, additional);
    }

    private static void VerifyUsual(Epoch epoch)
    {
        Assert.AreEqual(Epoch.LastSequence, epoch.LastWritable);
        Assert.AreEqual(Epoch.LastSequence, epoch.LastReadable);
        Assert.AreEqual(Epoch.MaxContent, epoch.WriteLimit);
        Assert.AreEqual(Epoch.MaxContent, Math.Min(Epoch.MaxContent, epoch.ReadLimit));
    }

    /// <summary>The usual form, with bytes behind the content.</summary>
    private sealed class Trailing : RecordCodec
    {
        private readonly int _length;

        internal Trailing(int length)
        {
            _length = length;
        }

        public override int HeaderLength
        {
            get { return s_codec.HeaderLength; }
        }

        internal override int MaxTrailerLength
        {
            get { return _length; }
        }

        public override bool Recognizes(int firstByte)
        {
            return s_codec.Recognizes(firstByte);
        }

        public override bool Read(byte[] buffer, int offset, int count, RecordHeader header)
        {
            return s_codec.Read(buffer, offset, count, header);
        }

        public override bool IsVersionRight(RecordHeader header)
        {
            return s_codec.IsVersionRight(header);
        }

        public override void Write(byte[] buffer, int offset, int type, int version, long epoch, long sequence, int fragmentLength)
        {
            s_codec.Write(buffer, offset, type, version, epoch, sequence, fragmentLength);
        }

        public override int WriteAdditionalData(byte[] destination, int offset, RecordHeader header, int length)
        {
            return s_codec.WriteAdditionalData(destination, offset, header, length);
        }
    }
}
