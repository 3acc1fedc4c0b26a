using System;
using System.Text;
using Microsoft.VisualStudio.TestTools.UnitTesting;
using NfDtls.Dtls13;

namespace NfDtls.Tests.Dtls13;

/// <summary>The messages' schemas: what is written, what is read, and that nothing shorter or longer is.</summary>
[TestClass]
public class MessageTests
{
    private readonly WireReader _reader = new();
    private readonly WireWriter _writer = new();
    private readonly byte[] _buffer = new byte[400];

    private delegate bool ReadsWhole(WireReader reader);

    [TestMethod]
    public void An_ACK_lists_records_in_their_order_each_once_and_forgets_the_oldest()
    {
        RecordList list = new(4);
        list.Add(2, 3);
        list.Add(0, 7);
        list.Add(2, 1);
        list.Add(2, 3);
        list.Add(0, 7);
        Assert.AreEqual("0:7 2:1 2:3", Text(list));
        list.Add(2, 2);
        list.Add(2, 9);
        Assert.AreEqual("2:1 2:2 2:3 2:9", Text(list));
        list.Add(0, 1);
        Assert.AreEqual("2:1 2:2 2:3 2:9", Text(list), "older than all that have room");
        list.Add(2, 5);
        Assert.AreEqual("2:2 2:3 2:5 2:9", Text(list));
        list.Clear();
        Assert.AreEqual("", Text(list));
    }

    [TestMethod]
    public void A_CertificateRequest_without_schemes_lacks_an_extension_and_one_with_a_context_is_not_of_a_handshake()
    {
        _reader.Reset(new byte[] { 0, 0, 0 }, 0, 3);
        Assert.AreEqual(DtlsError.MissingExtension, CertificateRequest13.ToEarlier(null, _reader));
        _reader.Reset(new byte[] { 1, 7, 0, 0 }, 0, 4);
        Assert.AreEqual(DtlsError.IllegalParameter, CertificateRequest13.ToEarlier(null, _reader));
        _reader.Reset(new byte[] { 0, 0, 1 }, 0, 3);
        Assert.AreEqual(DtlsError.DecodeError, CertificateRequest13.ToEarlier(null, _reader));
    }

    [TestMethod]
    public void An_ACK_is_numbers_of_16_bytes_behind_their_length()
    {
        RecordList list = new(4);
        list.Add(2, 0x010203040506);
        list.Add(0, 1);
        byte[] bytes = Written(writer => AckMessage.Write(writer, list, 1000));
        Assert.AreEqual("0020" + "0000000000000000" + "0000000000000001" + "0000000000000002" + "0000010203040506", Convert.ToHexStringLower(bytes));
        _reader.Reset(bytes, 0, bytes.Length);
        Assert.AreEqual(2, AckMessage.ReadCount(_reader));
        Assert.AreEqual(0L, AckMessage.ReadNumber(_reader));
        Assert.AreEqual(1L, AckMessage.ReadNumber(_reader));
        Assert.AreEqual(2L, AckMessage.ReadNumber(_reader));
        Assert.AreEqual(0x010203040506L, AckMessage.ReadNumber(_reader));
        Assert.IsTrue(_reader.IsAtEnd);
        OnlyWhole(bytes, reader => AckMessage.ReadCount(reader) >= 0, 2);

        _reader.Reset(new byte[] { 0, 0 }, 0, 2);
        Assert.AreEqual(0, AckMessage.ReadCount(_reader), "an empty one is allowed");
        _reader.Reset(new byte[] { 0, 8, 1, 2, 3, 4, 5, 6, 7, 8 }, 0, 10);
        Assert.AreEqual(-1, AckMessage.ReadCount(_reader), "half a number");
        _reader.Reset(new byte[] { 0, 1, 0, 0, 0, 0, 0, 0 }, 0, 8);
        Assert.AreEqual(-1L, AckMessage.ReadNumber(_reader), "more than 48 bits");
    }

    [TestMethod]
    public void A_Certificate_has_an_empty_context_and_entries_without_extensions()
    {
        byte[][] chain = [[1, 2, 3], [4, 5]];
        byte[] bytes = Written(writer => CertificateMessage.Write(writer, chain));
        Assert.AreEqual("00" + "00000f" + "000003010203" + "0000" + "0000020405" + "0000", Convert.ToHexStringLower(bytes));
        OnlyWhole(bytes, reader => ReadCertificates(reader) == 2, 4);
        Assert.AreEqual("00000000", Convert.ToHexStringLower(Written(writer => CertificateMessage.Write(writer, []))));

        _reader.Reset(Convert.FromHexString("0101000000"), 0, 5);
        Assert.AreEqual(DtlsError.IllegalParameter, CertificateMessage.ReadHead(_reader), "a context");
        Assert.AreEqual(DtlsError.DecodeError, ReadEntry("0000000000"), "an empty certificate");
        Assert.AreEqual(DtlsError.UnsupportedExtension, ReadEntry("00000101" + "0006" + "000500020100"), "an extension");
        Assert.AreEqual(DtlsError.DecodeError, ReadEntry("00000101" + "0006" + "000500030100"), "an extension beyond its block");
    }

    [TestMethod]
    public void A_CertificateVerify_is_a_scheme_and_a_signature_over_text_and_hash()
    {
        byte[] bytes = Written(writer => CertificateVerify.Write(writer, SignatureScheme.EcdsaSecp256r1Sha256, [0, 9, 8, 7], 1, 3));
        Assert.AreEqual("04030003090807", Convert.ToHexStringLower(bytes));
        OnlyWhole(
            bytes,
            reader => CertificateVerify.Read(reader, out int scheme, out int offset, out int length) == DtlsError.None
                && scheme == SignatureScheme.EcdsaSecp256r1Sha256 && offset == 4 && length == 3,
            7);

        byte[] content = CertificateVerify.Content(true, [0xAA, 0xBB, 0xCC], 2);
        Assert.AreEqual(new string(' ', 64) + "TLS 1.3, server CertificateVerify\0", Encoding.ASCII.GetString(content, 0, content.Length - 2));
        Assert.AreEqual(0xBB, content[^1]);
        content = CertificateVerify.Content(false, new byte[32], 32);
        Assert.AreEqual(new string(' ', 64) + "TLS 1.3, client CertificateVerify\0", Encoding.ASCII.GetString(content, 0, content.Length - 32));
    }

    [TestMethod]
    public void A_KeyUpdate_is_one_byte_of_two_values()
    {
        Assert.AreEqual("00", Convert.ToHexStringLower(Written(writer => KeyUpdate.Write(writer, false))));
        Assert.AreEqual("01", Convert.ToHexStringLower(Written(writer => KeyUpdate.Write(writer, true))));
        OnlyWhole([1], reader => KeyUpdate.Read(reader, out bool isRequested) == DtlsError.None && isRequested, 1);
        _reader.Reset([2], 0, 1);
        Assert.AreEqual(DtlsError.IllegalParameter, KeyUpdate.Read(_reader, out _));
    }

    [TestMethod]
    public void New_connection_IDs_are_a_list_and_their_usage()
    {
        byte[][] ids = [[1, 2], [], [3]];
        byte[] bytes = Written(writer => ConnectionIdMessages.WriteNew(writer, ids, ConnectionIdMessages.Spare));
        Assert.AreEqual("0006" + "020102" + "00" + "0103" + "01", Convert.ToHexStringLower(bytes));
        OnlyWhole(
            bytes,
            reader => ConnectionIdMessages.ReadNew(reader, out int end, out int usage) == DtlsError.None && end == 8 && usage == ConnectionIdMessages.Spare && reader.Position == 2,
            9);
        bytes[8] = 2;
        _reader.Reset(bytes, 0, 9);
        Assert.AreEqual(DtlsError.IllegalParameter, ConnectionIdMessages.ReadNew(_reader, out _, out _), "an unknown usage");
        bytes[7] = 1;
        bytes[6] = 2;
        bytes[8] = 0;
        _reader.Reset(bytes, 0, 9);
        Assert.AreEqual(DtlsError.DecodeError, ConnectionIdMessages.ReadNew(_reader, out _, out _), "an ID beyond the list");

        Assert.AreEqual("05", Convert.ToHexStringLower(Written(writer => ConnectionIdMessages.WriteRequest(writer, 5))));
        OnlyWhole([5], reader => ConnectionIdMessages.ReadRequest(reader) == 5, 1);
    }

    [TestMethod]
    public void A_NewSessionTicket_lives_a_week_at_most()
    {
        byte[] bytes = Written(writer => NewSessionTicket.Write(writer, 0x00010203, [0xFF, 2, 3, 4], [9], [7, 8]));
        Assert.AreEqual("00010203" + "ff020304" + "0109" + "00020708" + "0000", Convert.ToHexStringLower(bytes));
        NewSessionTicket ticket = new();
        OnlyWhole(
            bytes,
            reader => ticket.Read(reader) == DtlsError.None && ticket.Lifetime == 0x10203 && ticket.AgeAdd == 0xFF020304L
                && ticket.Nonce == 9 && ticket.NonceLength == 1 && ticket.Ticket == 12 && ticket.TicketLength == 2,
            16);
        bytes = Written(writer => NewSessionTicket.Write(writer, NewSessionTicket.LongestLifetime + 1, new byte[4], [9], [7, 8]));
        _reader.Reset(bytes, 0, bytes.Length);
        Assert.AreEqual(DtlsError.IllegalParameter, ticket.Read(_reader));
        bytes = Written(writer => NewSessionTicket.Write(writer, 1, new byte[4], [9], []));
        _reader.Reset(bytes, 0, bytes.Length);
        Assert.AreEqual(DtlsError.DecodeError, ticket.Read(_reader), "an empty ticket");

        // An extension is stepped over, whatever it says.
        bytes = Convert.FromHexString("00000001" + "00000000" + "00" + "000101" + "0006" + "002a0002aabb");
        _reader.Reset(bytes, 0, bytes.Length);
        Assert.AreEqual(DtlsError.None, ticket.Read(_reader));
        bytes[13] = 5;
        _reader.Reset(bytes, 0, bytes.Length);
        Assert.AreEqual(DtlsError.DecodeError, ticket.Read(_reader));
    }

    private static int ReadCertificates(WireReader reader)
    {
        if (CertificateMessage.ReadHead(reader) != DtlsError.None)
        {
            return -1;
        }

        int count = 0;
        while (reader.Remaining > 0)
        {
            if (CertificateMessage.ReadEntry(null, reader, out _, out _) != DtlsError.None)
            {
                return -1;
            }

            count++;
        }

        return count;
    }

    private DtlsError ReadEntry(string hex)
    {
        byte[] bytes = Convert.FromHexString(hex);
        _reader.Reset(bytes, 0, bytes.Length);
        return CertificateMessage.ReadEntry(null, _reader, out _, out _);
    }

    private byte[] Written(Action<WireWriter> write)
    {
        _writer.Reset(_buffer, 5, _buffer.Length - 5);
        write(_writer);
        Assert.IsFalse(_writer.Failed);
        return _buffer.AsSpan(5, _writer.Length).ToArray();
    }

    /// <summary>Read as a whole it is right; one byte less or more is wrong. As many bytes as decide are tried.</summary>
    private void OnlyWhole(byte[] bytes, ReadsWhole read, int least)
    {
        byte[] longer = new byte[bytes.Length + 1];
        bytes.CopyTo(longer, 0);
        _reader.Reset(longer, 0, bytes.Length);
        Assert.IsTrue(read(_reader), "whole");
        for (int length = 0; length < bytes.Length; length++)
        {
            _reader.Reset(longer, 0, length);
            Assert.IsFalse(read(_reader), "length " + length);
        }

        _reader.Reset(longer, 0, longer.Length);
        Assert.IsFalse(read(_reader), "a byte more");
        Assert.IsGreaterThanOrEqualTo(least, bytes.Length);
    }

    private static string Text(RecordList list)
    {
        string text = "";
        for (int i = 0; i < list.Count; i++)
        {
            text += (i > 0 ? " " : "") + list.EpochAt(i) + ":" + list.SequenceAt(i);
        }

        return text;
    }
}
