using System;
using System.Buffers.Binary;
using System.Collections.Generic;
using System.Text;

namespace NfDtls.Tool;

/// <summary>A datagram's records, what they hold where that can be read, and the messages in them.</summary>
internal sealed class RecordDecoder
{
    private const int HeaderLength = 13;
    private const int NumbersAt = 3;
    private const int ConnectionIdType = 25;

    private readonly SessionTable _sessions;

    public RecordDecoder(SessionTable sessions)
    {
        _sessions = sessions;
    }

    /// <summary>Whether bytes begin as a record of DTLS does, one with the header of DTLS 1.3 only where a session is known.</summary>
    public bool Recognizes(string from, string to, ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length == 0)
        {
            return false;
        }

        return bytes[0] >> 5 == 1
            ? _sessions.Knows(from, to, bytes)
            : bytes.Length >= HeaderLength && bytes[0] is >= 20 and <= 27 && IsVersion(BinaryPrimitives.ReadUInt16BigEndian(bytes[1..]));
    }

    /// <summary>Reads a datagram into a node.</summary>
    public void Read(string from, string to, ReadOnlySpan<byte> bytes, Node into)
    {
        while (bytes.Length > 0)
        {
            int length = bytes[0] >> 5 == 1 ? ReadUnified(from, to, bytes, into) : ReadPlain(from, to, bytes, into);
            if (length == 0)
            {
                into.Add(new Node("rest", $"no record of DTLS, {bytes.Length} bytes")).With("content", bytes.ToArray());
                return;
            }

            bytes = bytes[length..];
        }
    }

    private static bool IsVersion(int version)
    {
        return version is 0xFEFF or 0xFEFD or 0xFEFC or 0x0100;
    }

    /// <summary>A record with the header of DTLS 1.2 and before; its length, or 0 where it is none.</summary>
    private int ReadPlain(string from, string to, ReadOnlySpan<byte> bytes, Node into)
    {
        int type = bytes[0];
        if (bytes.Length < HeaderLength || type is < 20 or > 27 || !IsVersion(BinaryPrimitives.ReadUInt16BigEndian(bytes[1..])))
        {
            return 0;
        }

        int version = BinaryPrimitives.ReadUInt16BigEndian(bytes[1..]);
        int epoch = BinaryPrimitives.ReadUInt16BigEndian(bytes[NumbersAt..]);
        long sequence = BinaryPrimitives.ReadInt64BigEndian(bytes[NumbersAt..]) & 0xFFFF_FFFF_FFFF;
        List<Session> candidates = _sessions.Find(from, to, type == ConnectionIdType ? bytes[(HeaderLength - 2)..] : default);
        byte[]? id = null;
        if (type == ConnectionIdType)
        {
            foreach (Session one in candidates)
            {
                id = id ?? one.FindId(one.Client == from, bytes[(HeaderLength - 2)..]);
            }
        }

        int lengthAt = HeaderLength - 2 + (id?.Length ?? 0);
        if (bytes.Length < lengthAt + 2)
        {
            return 0;
        }

        int length = BinaryPrimitives.ReadUInt16BigEndian(bytes[lengthAt..]);
        int whole = Math.Min(bytes.Length, lengthAt + 2 + length);
        ReadOnlySpan<byte> fragment = bytes[(lengthAt + 2)..whole];
        Node record = into.Add(new Node("record", $"record: {WireNames.OfContent(type)}, {WireNames.OfVersion(version)}, epoch {epoch}, number {sequence}, {length} bytes"));
        record.With("_type", WireNames.OfContent(type)).With("_version", WireNames.OfVersion(version)).With("_epoch", epoch).With("_sequence", sequence).With("_length", length);
        if (id != null)
        {
            record.With("connection id", id);
        }

        if (fragment.Length < length)
        {
            record.With("malformed", $"{length} bytes are promised, and {fragment.Length} are there");
            return whole;
        }

        if (epoch == 0 && type != ConnectionIdType)
        {
            Session session = _sessions.ForPlain(from, to, type, fragment, version);
            ReadContent(session, session.Client == from, epoch, type, fragment, record);
            return whole;
        }

        OpenPlain(candidates, from, bytes.Slice(NumbersAt, 8), type, version, epoch, id, fragment, record);
        return whole;
    }

    private static void OpenPlain(List<Session> candidates, string from, ReadOnlySpan<byte> numbers, int type, int version, int epoch, byte[]? id, ReadOnlySpan<byte> fragment, Node record)
    {
        bool hasKeys = false;
        foreach (Session session in candidates)
        {
            bool fromClient = session.Client == from || (id != null && session.FindId(toServer: true, id) != null);
            Keys12? keys = session.KeysOf(!fromClient, epoch);
            hasKeys |= keys != null;
            byte[]? content = keys?.Open(numbers, type, version, id, fragment);
            if (content != null)
            {
                record.With("_decrypted", true);
                int inner = type;
                if (id != null && !Unwrap(ref content, out inner))
                {
                    record.With("malformed", "it has no content type");
                    return;
                }

                ReadContent(session, fromClient, epoch, inner, content, record);
                return;
            }
        }

        Closed(hasKeys, fragment, record);
    }

    /// <summary>A record with the header of DTLS 1.3; its length, or 0 where it is none.</summary>
    private int ReadUnified(string from, string to, ReadOnlySpan<byte> bytes, Node into)
    {
        int first = bytes[0];
        List<Session> candidates = _sessions.Find(from, to, (first & 16) != 0 ? bytes[1..] : default);
        byte[]? id = null;
        foreach (Session one in candidates)
        {
            id = id ?? ((first & 16) != 0 ? one.FindId(one.Client == from, bytes[1..]) ?? one.FindId(one.Client != from, bytes[1..]) : null);
        }

        int numberAt = 1 + (id?.Length ?? 0);
        int numberSize = (first & 8) != 0 ? 2 : 1;
        int headerLength = numberAt + numberSize + ((first & 4) != 0 ? 2 : 0);
        if (bytes.Length < headerLength)
        {
            return 0;
        }

        int length = (first & 4) != 0 ? BinaryPrimitives.ReadUInt16BigEndian(bytes[(numberAt + numberSize)..]) : bytes.Length - headerLength;
        int whole = Math.Min(bytes.Length, headerLength + length);
        Node record = into.Add(new Node("record", $"record: encrypted, DTLS 1.3, epoch ends in {first & 3}, {length} bytes"));
        record.With("_version", "DTLS 1.3").With("_epoch_bits", first & 3).With("_length", length);
        if (id != null)
        {
            record.With("connection id", id);
        }
        else if ((first & 16) != 0)
        {
            // Nothing tells how long it is, so nothing behind it can be told apart.
            record.With("connection id", "of a session whose beginning was not seen").With("content", bytes[1..].ToArray());
            return bytes.Length;
        }

        if (whole < headerLength + length)
        {
            record.With("malformed", $"{length} bytes are promised, and {whole - headerLength} are there");
            return whole;
        }

        OpenUnified(candidates, from, id, bytes[..headerLength], numberAt, numberSize, bytes[headerLength..whole], record);
        return whole;
    }

    private static void OpenUnified(List<Session> candidates, string from, byte[]? id, ReadOnlySpan<byte> header, int numberAt, int numberSize, ReadOnlySpan<byte> cipher, Node record)
    {
        bool hasKeys = false;
        foreach (Session session in candidates)
        {
            bool fromClient = session.Client == from || (id != null && session.FindId(toServer: true, id) != null);
            foreach (int epoch in session.EpochsOf(!fromClient, header[0] & 3))
            {
                Keys13? keys = session.Keys13Of(!fromClient, epoch);
                hasKeys |= keys != null;
                ulong sequence = 0;
                byte[]? content = keys?.Open(header, numberAt, numberSize, cipher, out sequence);
                if (content == null)
                {
                    continue;
                }

                session.Reached(!fromClient, epoch);
                record.With("_decrypted", true).With("_epoch", epoch).With("_sequence", (long)sequence);
                if (!Unwrap(ref content, out int type))
                {
                    record.With("malformed", "it has no content type");
                    return;
                }

                record.Title = $"record: {WireNames.OfContent(type)}, DTLS 1.3, epoch {epoch}, number {sequence}, {cipher.Length} bytes";
                record.With("_type", WireNames.OfContent(type));
                ReadContent(session, fromClient, epoch, type, content, record);
                return;
            }
        }

        Closed(hasKeys, cipher, record);
    }

    private static void Closed(bool hasKeys, ReadOnlySpan<byte> bytes, Node record)
    {
        record.With("_decrypted", false).With("encrypted", bytes.ToArray());
        if (hasKeys)
        {
            record.With("not authentic", "the key log's keys do not open it");
        }
    }

    /// <summary>Takes the type and the padding from the end of an inner plaintext.</summary>
    private static bool Unwrap(ref byte[] content, out int type)
    {
        int last = Array.FindLastIndex(content, b => b != 0);
        type = last < 0 ? 0 : content[last];
        content = last < 0 ? content : content[..last];
        return last >= 0;
    }

    private static void ReadContent(Session session, bool fromClient, int epoch, int type, ReadOnlySpan<byte> content, Node record)
    {
        try
        {
            ByteReader reader = new ByteReader(content);
            switch (type)
            {
                case 21:
                    int level = reader.U8();
                    record.With("alert", DtlsNames.OfAlert(reader.U8())).With("level", level == 1 ? "warning" : level == 2 ? "fatal" : $"{level}");
                    break;
                case 22:
                    ReadMessages(session, fromClient, epoch, ref reader, record);
                    break;
                case 23:
                    ReadData(reader.Rest().ToArray(), record);
                    break;
                case 26:
                    ReadAck(new ByteReader(reader.Vector(2)), record);
                    break;
                case 27:
                    int kind = reader.U8();
                    record.With("path", kind == 0 ? "challenge" : kind == 1 ? "response" : kind == 2 ? "drop" : $"{kind}").With("cookie", reader.Rest().ToArray());
                    break;
                default:
                    record.With("content", reader.Rest().ToArray());
                    break;
            }

            if (reader.Left > 0)
            {
                throw new MalformedException($"{reader.Left} bytes stand behind what belongs there");
            }
        }
        catch (MalformedException e)
        {
            record.With("malformed", e.Message);
        }
    }

    private static void ReadMessages(Session session, bool fromClient, int epoch, ref ByteReader reader, Node record)
    {
        while (reader.Left > 0)
        {
            int type = reader.U8();
            int length = reader.U24();
            int number = reader.U16();
            int offset = reader.U24();
            ReadOnlySpan<byte> fragment = reader.Take(reader.U24());
            string name = DtlsNames.OfMessage(type);
            bool isWhole = offset == 0 && fragment.Length == length;
            string title = isWhole ? $"{name}, message {number}, {length} bytes" : $"{name}, message {number}, bytes {offset} to {offset + fragment.Length} of {length}";
            Node message = record.Add(new Node("message", title));
            message.With("_name", name).With("_number", number).With("_length", length).With("_offset", offset).With("_fragment", fragment.Length).With("_from_client", fromClient);
            byte[]? body = isWhole ? fragment.ToArray() : (fromClient ? session.OfClient : session.OfServer).Add(epoch, number, type, length, offset, fragment);
            if (offset + fragment.Length > length)
            {
                message.With("malformed", "it reaches beyond its message");
            }
            else if (body != null)
            {
                session.Messages.Read(type, body, fromClient, message);
            }
            else if (length > Reassembly.MaxMessage)
            {
                message.With("too long", $"only messages of up to {Reassembly.MaxMessage} bytes are put together");
            }
        }
    }

    private static void ReadData(byte[] data, Node record)
    {
        record.With("data", data);
        string text = Encoding.UTF8.GetString(data);
        if (data.Length > 0 && System.Text.Unicode.Utf8.IsValid(data) && !HasControls(text))
        {
            record.With("text", text);
        }
    }

    private static bool HasControls(string text)
    {
        foreach (char c in text)
        {
            if (char.IsControl(c) && c is not ('\n' or '\r' or '\t'))
            {
                return true;
            }
        }

        return false;
    }

    private static void ReadAck(ByteReader numbers, Node record)
    {
        List<string> records = [];
        while (numbers.Left > 0)
        {
            records.Add($"{numbers.U64()}/{numbers.U64()}");
        }

        record.With("records", records);
    }
}
