using System;
using Microsoft.VisualStudio.TestTools.UnitTesting;
using NfDtls.Crypto.Software;

namespace NfDtls.Tests.Engine;

[TestClass]
public class RecordTests
{
    private static readonly Dtls12RecordCodec s_codec = new Dtls12RecordCodec();
    private static readonly RecordHeader s_header = new RecordHeader();

    [TestMethod]
    public void A_header_is_read_as_it_was_written()
    {
        byte[] buffer = new byte[40];
        s_codec.Write(buffer, 2, 23, DtlsVersion.Dtls12, 0xABCD, 0xFEDCBA987654, 20);
        Assert.IsTrue(s_codec.Read(buffer, 2, 33, s_header));
        Assert.AreEqual(23, s_header.Type);
        Assert.AreEqual(0xFEFD, s_header.Version);
        Assert.AreEqual(0xABCD, s_header.Epoch);
        Assert.AreEqual(0xFEDCBA987654, s_header.Sequence);
        Assert.AreEqual(15, s_header.FragmentOffset);
        Assert.AreEqual(20, s_header.FragmentLength);
        Assert.AreEqual(35, s_header.End);
    }

    [TestMethod]
    public void Numbers_of_every_size_are_written_and_read_and_open()
    {
        // On both sides of where a byte more is in use.
        long[] numbers = { 0, 1, 0xFF, 0x100, 0xFFFF, 0x10000, 0xFFFFFF, 0x1000000, 0x01020304, 0xFFFFFFFF, 0x100000000, 0x010203040506, Epoch.LastSequence };
        byte[] buffer = new byte[300];
        foreach (long number in numbers)
        {
            foreach (long epoch in new long[] { 0, 1, 0xFF, 0x100, 0xFFFF })
            {
                // What stood there before does not matter.
                byte[] header = Check.Bytes(40, 0x81);
                s_codec.Write(header, 2, 23, DtlsVersion.Dtls12, epoch, number, 20);
                Assert.IsTrue(s_codec.Read(header, 2, 33, s_header));
                Assert.AreEqual(epoch, s_header.Epoch);
                Assert.AreEqual(number, s_header.Sequence);
                long written = 0;
                for (int i = 5; i < 13; i++)
                {
                    written = (written << 8) | header[i];
                }

                Assert.AreEqual((epoch << 48) | number, written);
            }

            foreach (CipherSuite suite in Suites())
            {
                Epoch writer = MakeEpoch(suite);
                writer.NextSequence = number;
                int start = Seal(writer, buffer, Check.Bytes(20, 7), out int total);
                byte[] record = Check.Part(buffer, start, total);
                Assert.IsTrue(s_codec.Read(record, 0, total, s_header));
                Assert.AreEqual(number, s_header.Sequence);
                Assert.IsTrue(MakeEpoch(suite).Open(s_header, record), suite.Name + " " + number);
                Check.Equal(Check.Bytes(20, 7), Check.Part(record, s_header.FragmentOffset, s_header.FragmentLength));
            }
        }
    }

    [TestMethod]
    public void A_record_that_is_not_there_whole_is_refused()
    {
        byte[] buffer = new byte[40];
        s_codec.Write(buffer, 0, 23, DtlsVersion.Dtls12, 1, 1, 20);
        for (int count = 0; count < 33; count++)
        {
            Assert.IsFalse(s_codec.Read(buffer, 0, count, s_header));
        }

        Assert.IsTrue(s_codec.Read(buffer, 0, 33, s_header));
    }

    [TestMethod]
    public void Only_first_bytes_of_dtls_1_2_are_recognized()
    {
        for (int first = 0; first < 256; first++)
        {
            Assert.AreEqual(first >= 20 && first <= 31 && first != 25, s_codec.Recognizes(first), first.ToString());
        }
    }

    [TestMethod]
    public void Sealed_records_open_and_every_flipped_bit_is_seen()
    {
        foreach (CipherSuite suite in Suites())
        {
            Epoch writer = MakeEpoch(suite);
            Epoch reader = MakeEpoch(suite);
            byte[] buffer = new byte[300];
            for (int length = 0; length < 40; length += 13)
            {
                int start = Seal(writer, buffer, Check.Bytes(length, 7), out int total);
                for (int bit = 0; bit < total * 8; bit += 3)
                {
                    byte[] forged = Check.Part(buffer, start, total);
                    forged[bit / 8] ^= (byte)(1 << (bit % 8));
                    bool isEpoch = bit / 8 == 3 || bit / 8 == 4;
                    bool opened = !isEpoch && s_codec.Read(forged, 0, total, s_header) && reader.Open(s_header, forged);
                    Assert.IsFalse(opened, suite.Name + " bit " + bit);
                }

                byte[] record = Check.Part(buffer, start, total);
                Assert.IsTrue(s_codec.Read(record, 0, total, s_header));
                Assert.IsTrue(reader.Window.IsNew(s_header.Sequence), "A forged record moved the window.");
                Assert.IsTrue(reader.Open(s_header, record), suite.Name);
                Check.Equal(Check.Bytes(length, 7), Check.Part(record, s_header.FragmentOffset, s_header.FragmentLength));
                Assert.IsFalse(reader.Window.IsNew(s_header.Sequence));
            }
        }
    }

    [TestMethod]
    public void Fragments_of_every_length_are_opened_without_an_exception()
    {
        SeededRandom random = new SeededRandom(3);
        foreach (CipherSuite suite in Suites())
        {
            Epoch reader = MakeEpoch(suite);
            for (int length = 0; length < 120; length++)
            {
                byte[] record = new byte[13 + length];
                s_codec.Write(record, 0, 23, DtlsVersion.Dtls12, 1, length, length);
                Array.Copy(random.Bytes(length), 0, record, 13, length);
                Assert.IsTrue(s_codec.Read(record, 0, record.Length, s_header));
                Assert.IsFalse(reader.Open(s_header, record), suite.Name + " " + length);
            }
        }
    }

    [TestMethod]
    public void Every_record_has_a_nonce_of_its_own_that_is_epoch_and_sequence()
    {
        Epoch writer = MakeEpoch(PskSuites.Aes128Ccm8());
        byte[] buffer = new byte[300];
        for (int i = 0; i < 5; i++)
        {
            int start = Seal(writer, buffer, Check.Bytes(4), out _);
            Check.Equal(Check.Part(buffer, start + 3, 8), Check.Part(buffer, start + 13, 8));
            Assert.AreEqual(i, buffer[start + 10]);
        }
    }

    [TestMethod]
    public void An_epoch_keeps_its_last_record_for_the_alert_that_ends_it()
    {
        Epoch epoch = new Epoch(1, s_codec, new ReplayWindow(64)) { SealLimit = 3 };
        Assert.IsTrue(epoch.MaySeal);
        epoch.Sealed = 2;
        Assert.IsFalse(epoch.MaySeal);
        Assert.IsTrue(epoch.MaySealLast);
        epoch.Sealed = 0;
        epoch.NextSequence = Epoch.LastSequence;
        Assert.IsFalse(epoch.MaySeal);
        Assert.IsTrue(epoch.MaySealLast);
        epoch.NextSequence++;
        Assert.IsFalse(epoch.MaySealLast);
    }

    private static CipherSuite[] Suites()
    {
        return new[] { PskSuites.Aes128Ccm8(), PskSuites.Aes256GcmSha384(), PskSuites.ChaCha20Poly1305Sha256(), PskSuites.Aes128CbcSha256() };
    }

    private Epoch MakeEpoch(CipherSuite suite)
    {
        CryptoProvider crypto = new SoftwareProvider(new SeededEntropy(4));
        byte[] keys = Check.Bytes(64, 0x10);
        RecordProtection protection = suite.IsCbc
            ? new CbcProtection(crypto.CreateCbc(suite.Cipher, keys, 0, true), crypto)
            : new AeadProtection(crypto.CreateAead(suite.Cipher, keys, 0, suite.TagLength), keys, 32, suite.IvLength);
        return new Epoch(1, s_codec, new ReplayWindow(64)) { ReadProtection = protection, WriteProtection = protection };
    }

    private int Seal(Epoch epoch, byte[] buffer, byte[] content, out int total)
    {
        const int At = 64;
        Array.Copy(content, 0, buffer, At, content.Length);
        total = epoch.Seal(new RecordHeader(), 23, DtlsVersion.Dtls12, buffer, At, content.Length);
        return At - epoch.WriteProtection.PrefixLength - s_codec.HeaderLength;
    }
}
