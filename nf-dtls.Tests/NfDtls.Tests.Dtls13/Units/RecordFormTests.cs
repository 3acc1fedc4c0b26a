using System;
using System.Security.Cryptography;
using System.Text;
using Microsoft.VisualStudio.TestTools.UnitTesting;
using NfDtls.Dtls13;

namespace NfDtls.Tests.Dtls13;

/// <summary>Records, against those that Python's cryptography made with the secrets that are SHA-2 of "secret".</summary>
[TestClass]
public class RecordFormTests
{
    [TestMethod]
    public void Records_are_those_of_another_implementation_in_every_suite_and_form()
    {
        Verify(Suites13.Aes128Ccm8Sha256(), 3, 5, ContentType.ApplicationData, "hello", null, "23dbcd96cd145d1e6417a001f58339cb82a4");
        Verify(Suites13.Aes128Ccm8Sha256(), 3, 127, ContentType.ApplicationData, "a longer text", null, "23048c86d339b3a78b419a5c9be5a88884430df779bfd58d");
        Verify(Suites13.Aes128Ccm8Sha256(), 2, 1, ContentType.Handshake, "a handshake message", null, "264c001ca2ac879bca7fe40065b71a09f34027ec286599ea14e5ed26d132baea");
        Verify(Suites13.Aes128GcmSha256(), 3, 128, ContentType.ApplicationData, "", null, "2bc5ac7bd11043f8fb771ed41f6a638f9b19df13");
        Verify(Suites13.Aes256GcmSha384(), 7, 0x123456789, ContentType.Handshake, "x", null, "2fe2780012933f0de43634fbcd3fed3eb7a7170c1ab5d5");
        Verify(Suites13.ChaCha20Poly1305Sha256(), 3, 0xABCD, ContentType.Alert, "\u0001\0", null, "2b7b5b313c5c9e81d47767d7cf4cfaa01e6e245047fb");
        Verify(Suites13.Aes128CcmSha256(), 4, 300, ContentType.ApplicationData, "with an id", [0xC1, 0xD2, 0xE3], "38c1d2e31bf37f1e26d27f1407226b4029437b86b66573c6b7e294ec75faa504bc");
    }

    [TestMethod]
    public void Padding_is_taken_off_and_a_record_of_zeros_has_no_type()
    {
        byte[] padded = Convert.FromHexString("2fd094002420ff03892bf0834a3e7db7957b94e47b89f6435d0066ea0b318f860a0d1ab4185e861d71");
        RecordHeader header = Open(Suites13.Aes128Ccm8Sha256(), 3, 0, null, padded)!;
        Assert.AreEqual(9L, header.Sequence);
        Assert.AreEqual(ContentType.ApplicationData, header.Type);
        Assert.AreEqual("padding", Encoding.ASCII.GetString(padded, header.FragmentOffset, header.FragmentLength));

        byte[] zeros = Convert.FromHexString("2f6a74001dc643cdfa2ed089b725d6cc1fd220698a7d0410735cf83dedad48f69bdf");
        header = Open(Suites13.Aes128Ccm8Sha256(), 3, 0, null, zeros)!;
        Assert.AreEqual(0, header.Type);
        Assert.AreEqual(0, header.FragmentLength);
    }

    [TestMethod]
    public void A_record_of_the_short_suite_has_11_bytes_more_than_its_content()
    {
        RecordEnd end = new(Suites13.Aes128Ccm8Sha256(), 3, 0, null);
        byte[] buffer = new byte[200];
        for (int i = 0; i < 128; i++)
        {
            Assert.AreEqual(100 + 11, end.Seal(ContentType.ApplicationData, new byte[100], buffer, out _), "record " + i);
        }

        Assert.AreEqual(100 + 12, end.Seal(ContentType.ApplicationData, new byte[100], buffer, out _), "from 128 on with 16 bits");
    }

    [TestMethod]
    public void The_shortest_records_are_padded_so_that_there_is_a_mask()
    {
        for (int count = 0; count < 12; count++)
        {
            RecordEnd end = new(Suites13.Aes128Ccm8Sha256(), 3, 0, null);
            byte[] buffer = new byte[100];
            int length = end.Seal(ContentType.ApplicationData, new byte[count], buffer, out int start);
            Assert.AreEqual(2 + Math.Max(16, count + 1 + 8), length);
            RecordHeader header = Open(Suites13.Aes128Ccm8Sha256(), 3, 0, null, buffer.AsSpan(start, length).ToArray())!;
            Assert.AreEqual(count, header.FragmentLength);
        }
    }

    [TestMethod]
    public void What_is_padded_to_blocks_is_zeros_whatever_stood_there()
    {
        byte[] id = [0xC1, 0xD2];
        for (int count = 0; count < 40; count++)
        {
            RecordEnd end = new(Suites13.Aes128Ccm8Sha256(), 3, 0, id, 16);
            byte[] buffer = new byte[200];
            Array.Fill(buffer, (byte)0xEE);
            int length = end.Seal(ContentType.ApplicationData, new byte[count], buffer, out int start);
            Assert.AreEqual(4 + (16 * ((count / 16) + 1)) + 8, length, "content " + count);
            RecordHeader header = Open(Suites13.Aes128Ccm8Sha256(), 3, 0, id, buffer.AsSpan(start, length).ToArray())!;
            Assert.AreEqual(count, header.FragmentLength);
            Assert.AreEqual(ContentType.ApplicationData, header.Type);
        }
    }

    [TestMethod]
    public void A_plaintext_record_is_an_alert_a_handshake_message_or_an_ACK_of_epoch_0()
    {
        PlainCodec codec = new();
        Epoch zero = new(0, codec, null);
        for (int type = 0; type < 256; type++)
        {
            bool isKnown = type == ContentType.Alert || type == ContentType.Handshake || type == ContentType.Ack;
            Assert.AreEqual(isKnown, codec.Recognizes(type));
            byte[] record = [(byte)type, 254, 253, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 7];
            RecordHeader header = new();
            Assert.IsTrue(codec.Read(record, 0, record.Length, header) || !isKnown);
            Assert.AreSame(isKnown ? zero : null, codec.FindEpoch(zero, header, record));
            header.Epoch = 1;
            Assert.IsNull(codec.FindEpoch(zero, header, record));
        }

        Assert.AreEqual(0, codec.WriteAdditionalData(new byte[20], 0, new RecordHeader(), 5), "there is nothing to authenticate");
    }

    [TestMethod]
    public void No_byte_of_a_record_can_be_changed()
    {
        byte[] record = Convert.FromHexString("38c1d2e31bf37f1e26d27f1407226b4029437b86b66573c6b7e294ec75faa504bc");
        byte[] id = [0xC1, 0xD2, 0xE3];
        for (int bit = 0; bit < 8 * record.Length; bit++)
        {
            byte[] changed = (byte[])record.Clone();
            changed[bit / 8] ^= (byte)(1 << (bit % 8));
            Assert.IsNull(Open(Suites13.Aes128CcmSha256(), 4, 290, id, changed), "bit " + bit);
        }

        for (int length = 0; length < record.Length; length++)
        {
            Assert.IsNull(Open(Suites13.Aes128CcmSha256(), 4, 290, id, record.AsSpan(0, length).ToArray()), "length " + length);
        }

        Assert.IsNotNull(Open(Suites13.Aes128CcmSha256(), 4, 290, id, record));
    }

    [TestMethod]
    public void A_header_is_read_in_all_its_forms_and_never_beyond_the_datagram()
    {
        RecordHeader header = new();
        for (int first = 0; first < 256; first++)
        {
            foreach (int id in new[] { 0, 4 })
            {
                UnifiedCodec codec = new() { ReadIdLength = id };
                Assert.AreEqual(first >= 0x20 && first < 0x40, codec.Recognizes(first));
                if (!codec.Recognizes(first))
                {
                    continue;
                }

                bool hasId = (first & 0x10) != 0;
                int size = 1 + (hasId ? id : 0) + ((first & 8) != 0 ? 2 : 1) + ((first & 4) != 0 ? 2 : 0);
                byte[] buffer = new byte[10 + size + 30];
                buffer[7] = (byte)first;
                if ((first & 4) != 0)
                {
                    buffer[7 + size - 1] = 20;
                }

                for (int count = 1; count <= size + 25; count++)
                {
                    bool isThere = (!hasId || id > 0) && count >= size + ((first & 4) != 0 ? 20 : 0);
                    Assert.AreEqual(isThere, codec.Read(buffer, 7, count, header), first + " " + count);
                    if (isThere)
                    {
                        Assert.AreEqual(first & 3, header.Epoch);
                        Assert.AreEqual(7 + size, header.FragmentOffset);
                        Assert.AreEqual((first & 4) != 0 ? 20 : count - size, header.FragmentLength);
                        Assert.AreEqual(header.FragmentOffset + header.FragmentLength, header.End);
                    }
                }
            }
        }
    }

    [TestMethod]
    public void A_number_is_the_nearest_to_the_one_expected()
    {
        Assert.AreEqual(5L, RecordNumber.Nearest(0, 5, 8));
        Assert.AreEqual(0xFEL, RecordNumber.Nearest(3, 0xFE, 8), "none is below 0");
        Assert.AreEqual(300L, RecordNumber.Nearest(300, 0x2C, 8));
        Assert.AreEqual(0x202L, RecordNumber.Nearest(0x1FE, 0x02, 8));
        Assert.AreEqual(0x1FEL, RecordNumber.Nearest(0x203, 0xFE, 8));
        Assert.AreEqual(0x1FFFEL, RecordNumber.Nearest(0x20003, 0xFFFE, 16));
        Assert.AreEqual(0x20002L, RecordNumber.Nearest(0x1FFFE, 0x0002, 16));
        Assert.AreEqual(428L, RecordNumber.Nearest(300, 428 & 0xFF, 8), "of two that are as near the one expected from now on");
        Assert.AreEqual(300L, RecordNumber.Nearest(428, 300 & 0xFF, 8));
        Assert.AreEqual(Epoch.LastSequence - 0xFF, RecordNumber.Nearest(Epoch.LastSequence, 0, 8), "none is above the last");
        for (long expected = 0; expected < 2000; expected += 7)
        {
            for (long number = Math.Max(0, expected - 127); number < expected + 128; number++)
            {
                Assert.AreEqual(number, RecordNumber.Nearest(expected, (int)(number & 0xFF), 8), expected + " " + number);
            }
        }
    }

    /// <summary>Whatever of the first 128 was lost, and whatever comes late, each is known by 8 bits while the window would take it.</summary>
    [TestMethod]
    public void The_numbers_that_go_out_short_are_always_told_right()
    {
        for (long number = 0; number < RecordNumber.ShortBelow; number++)
        {
            for (long expected = 0; expected <= number + RecordNumber.ShortBelow; expected++)
            {
                Assert.AreEqual(number, RecordNumber.Nearest(expected, (int)number, 8), expected + " " + number);
            }
        }
    }

    private static void Verify(CipherSuite suite, long epoch, long sequence, int type, string text, byte[]? id, string expected)
    {
        byte[] content = Encoding.ASCII.GetBytes(text);
        byte[] buffer = new byte[200];
        int length = new RecordEnd(suite, epoch, sequence, id).Seal(type, content, buffer, out int start);
        Assert.AreEqual(expected, Convert.ToHexStringLower(buffer.AsSpan(start, length)), suite.Name);
        byte[] record = Convert.FromHexString(expected);
        RecordHeader header = Open(suite, epoch, Math.Max(0, sequence - 10), id, record)!;
        Assert.IsNotNull(header, suite.Name);
        Assert.AreEqual(sequence, header.Sequence);
        Assert.AreEqual(epoch, header.Epoch);
        Assert.AreEqual(type, header.Type);
        Assert.AreEqual(text, Encoding.ASCII.GetString(record, header.FragmentOffset, header.FragmentLength));
    }

    private static RecordHeader? Open(CipherSuite suite, long epoch, long expected, byte[]? id, byte[] record)
    {
        return new RecordEnd(suite, epoch, 0, id).Open(record, expected);
    }

    /// <summary>One end of an epoch whose secret is known.</summary>
    private sealed class RecordEnd
    {
        private readonly Epoch _epoch;
        private readonly UnifiedCodec _codec;

        internal RecordEnd(CipherSuite suite, long number, long sequence, byte[]? id, int block = 1)
        {
            CryptoProvider crypto = Providers.All()[0];
            SecretTree tree = new(crypto, SecretTree.Prefix);
            bool isLong = suite.Hash == CryptoAlgorithm.Sha384;
            byte[] text = Encoding.ASCII.GetBytes("secret");
            byte[] secret = isLong ? SHA384.HashData(text) : SHA256.HashData(text);
            tree.Resume(suite.Hash);
            _codec = new UnifiedCodec(new byte[16]) { Ids = id == null ? null : new SessionIds(id, id, block) };
            _epoch = new Epoch(number, _codec, new ReplayWindow(64)) { NextSequence = sequence };
            TrafficKeys.ProtectReading(crypto, tree, suite, secret, 0, _epoch);
            TrafficKeys.ProtectWriting(crypto, tree, suite, secret, 0, _epoch);
        }

        internal int Seal(int type, byte[] content, byte[] buffer, out int start)
        {
            int offset = 40;
            Array.Copy(content, 0, buffer, offset, content.Length);
            start = offset - _epoch.BytesBefore(type);
            return _epoch.Seal(new RecordHeader(), type, 0, buffer, offset, content.Length);
        }

        internal RecordHeader? Open(byte[] record, long expected)
        {
            RecordHeader header = new();
            bool isOpen = record.Length > 0 && _codec.Recognizes(record[0]) && _codec.Read(record, 0, record.Length, header)
                && RecordNumber.IsEpoch(_epoch.Number, (int)header.Epoch)
                && _codec.Reveal(header, record, _epoch.Number, expected) && _epoch.Open(header, record);
            return isOpen ? header : null;
        }
    }
}
