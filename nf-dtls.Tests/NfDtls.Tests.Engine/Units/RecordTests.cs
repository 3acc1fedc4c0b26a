using System;
using Microsoft.VisualStudio.TestTools.UnitTesting;

namespace NfDtls.Tests.Engine;

[TestClass]
public class RecordTests
{
    private readonly Dtls12RecordCodec _codec = new Dtls12RecordCodec();
    private readonly RecordHeader _header = new RecordHeader();

    [TestMethod]
    public void A_header_is_read_as_it_was_written()
    {
        byte[] buffer = new byte[40];
        _codec.Write(buffer, 2, 23, DtlsVersion.Dtls12, 0xABCD, 0xFEDCBA987654, 20);
        Assert.IsTrue(_codec.Read(buffer, 2, 33, _header));
        Assert.AreEqual(23, _header.Type);
        Assert.AreEqual(0xFEFD, _header.Version);
        Assert.AreEqual(0xABCD, _header.Epoch);
        Assert.AreEqual(0xFEDCBA987654, _header.Sequence);
        Assert.AreEqual(15, _header.FragmentOffset);
        Assert.AreEqual(20, _header.FragmentLength);
        Assert.AreEqual(35, _header.End);
    }

    [TestMethod]
    public void A_record_that_is_not_there_whole_is_refused()
    {
        byte[] buffer = new byte[40];
        _codec.Write(buffer, 0, 23, DtlsVersion.Dtls12, 1, 1, 20);
        for (int count = 0; count < 33; count++)
        {
            Assert.IsFalse(_codec.Read(buffer, 0, count, _header));
        }

        Assert.IsTrue(_codec.Read(buffer, 0, 33, _header));
    }

    [TestMethod]
    public void Only_first_bytes_of_dtls_1_2_are_recognized()
    {
        for (int first = 0; first < 256; first++)
        {
            Assert.AreEqual(first >= 20 && first <= 31 && first != 25, _codec.Recognizes(first), first.ToString());
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
                int start = Seal(writer, buffer, TestBed.Bytes(length, 7), out int total);
                for (int bit = 0; bit < total * 8; bit += 3)
                {
                    byte[] forged = buffer.AsSpan(start, total).ToArray();
                    forged[bit / 8] ^= (byte)(1 << (bit % 8));
                    bool isEpoch = bit / 8 == 3 || bit / 8 == 4;
                    bool opened = !isEpoch && _codec.Read(forged, 0, total, _header) && reader.Open(_header, forged);
                    Assert.IsFalse(opened, suite.Name + " bit " + bit);
                }

                byte[] record = buffer.AsSpan(start, total).ToArray();
                Assert.IsTrue(_codec.Read(record, 0, total, _header));
                Assert.IsFalse(reader.IsReplay(_header.Sequence), "A forged record moved the window.");
                Assert.IsTrue(reader.Open(_header, record), suite.Name);
                CollectionAssert.AreEqual(TestBed.Bytes(length, 7), record.AsSpan(_header.FragmentOffset, _header.FragmentLength).ToArray());
                Assert.IsTrue(reader.IsReplay(_header.Sequence));
            }
        }
    }

    [TestMethod]
    public void Fragments_of_every_length_are_opened_without_an_exception()
    {
        Random random = new Random(3);
        foreach (CipherSuite suite in Suites())
        {
            Epoch reader = MakeEpoch(suite);
            for (int length = 0; length < 120; length++)
            {
                byte[] content = new byte[length];
                random.NextBytes(content);
                byte[] record = TestBed.Record(23, 1, length, content);
                Assert.IsTrue(_codec.Read(record, 0, record.Length, _header));
                Assert.IsFalse(reader.Open(_header, record), suite.Name + " " + length);
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
            int start = Seal(writer, buffer, TestBed.Bytes(4), out _);
            CollectionAssert.AreEqual(buffer.AsSpan(start + 3, 8).ToArray(), buffer.AsSpan(start + 13, 8).ToArray());
            Assert.AreEqual(i, buffer[start + 10]);
        }
    }

    [TestMethod]
    public void An_epoch_keeps_its_last_record_for_the_alert_that_ends_it()
    {
        Epoch epoch = new Epoch(1, _codec, new ReplayWindow(64)) { SealLimit = 3 };
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
        CryptoProvider crypto = TestBed.Options(4).Crypto;
        byte[] keys = TestBed.Bytes(64, 0x10);
        RecordProtection protection = suite.IsCbc
            ? new CbcProtection(crypto.CreateCbc(suite.Cipher, keys, 0, true), crypto)
            : new AeadProtection(crypto.CreateAead(suite.Cipher, keys, 0, suite.TagLength), keys, 32, suite.IvLength);
        return new Epoch(1, _codec, new ReplayWindow(64)) { ReadProtection = protection, WriteProtection = protection };
    }

    private int Seal(Epoch epoch, byte[] buffer, byte[] content, out int total)
    {
        const int At = 64;
        Array.Copy(content, 0, buffer, At, content.Length);
        total = epoch.Seal(new RecordHeader(), 23, DtlsVersion.Dtls12, buffer, At, content.Length);
        return At - epoch.WriteProtection.PrefixLength - _codec.HeaderLength;
    }
}
