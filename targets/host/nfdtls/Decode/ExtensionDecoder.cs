using System;
using System.Collections.Generic;
using System.Text;

namespace NfDtls.Tool;

/// <summary>A block of extensions, of any message: by name and, where the form is known, what is in it.</summary>
internal static class ExtensionDecoder
{
    /// <summary>Reads the block, with its length, if there is one.</summary>
    /// <param name="reader">At the block.</param>
    /// <param name="into">What gets the extensions.</param>
    /// <param name="message">The handshake message's type: several extensions have other forms in other messages.</param>
    /// <param name="isRetry">Whether the message is a HelloRetryRequest.</param>
    public static void Read(ref ByteReader reader, Node into, int message, bool isRetry = false)
    {
        if (reader.Left == 0)
        {
            return;
        }

        ByteReader block = new ByteReader(reader.Vector(2));
        while (block.Left > 0)
        {
            int type = block.U16();
            ReadOnlySpan<byte> content = block.Vector(2);
            Node extension = into.Add(new Node("extension", $"{WireNames.OfExtension(type)}, {content.Length} bytes"));
            extension.With("_name", WireNames.OfExtension(type)).With("_number", type).With("_length", content.Length);
            try
            {
                ReadContent(type, new ByteReader(content), extension, message, isRetry);
            }
            catch (MalformedException e)
            {
                extension.With("malformed", e.Message).With("content", content.ToArray());
            }
        }
    }

    private static void ReadContent(int type, ByteReader reader, Node to, int message, bool isRetry)
    {
        bool isHello = message == HandshakeType.ClientHello;
        switch (type)
        {
            case 0 when isHello:
                ReadNames(new ByteReader(reader.Vector(2)), to);
                break;
            case 1:
                to.With("limit", 1 << (8 + (reader.U8() & 15)));
                break;
            case 10:
                to.With("groups", Numbers(reader.Vector(2), 2, WireNames.OfGroup));
                break;
            case 11:
                to.With("formats", Numbers(reader.Vector(1), 1, f => f == 0 ? "uncompressed" : $"format {f}"));
                break;
            case 13 or 50:
                to.With("schemes", Numbers(reader.Vector(2), 2, WireNames.OfScheme));
                break;
            case 16:
                ReadProtocols(new ByteReader(reader.Vector(2)), to);
                break;
            case 19 or 20:
                to.With("types", Numbers(isHello ? reader.Vector(1) : reader.Take(1), 1, t => t == 0 ? "X.509" : t == 2 ? "raw public key" : $"type {t}"));
                break;
            case 28:
                to.With("limit", reader.U16());
                break;
            case 35 or 42 when reader.Left > 0 && type == 35:
                to.With("ticket", reader.Rest().ToArray());
                break;
            case 41:
                ReadKeys(ref reader, to, isHello);
                break;
            case 43:
                to.With("versions", Numbers(isHello ? reader.Vector(1) : reader.Take(2), 2, WireNames.OfVersion));
                break;
            case 44:
                to.With("cookie", reader.Vector(2).ToArray());
                break;
            case 45:
                to.With("modes", Numbers(reader.Vector(1), 1, m => m == 0 ? "psk_ke" : m == 1 ? "psk_dhe_ke" : $"mode {m}"));
                break;
            case 51:
                ReadShares(ref reader, to, isHello, isRetry);
                break;
            case 54:
                to.With("id", reader.Vector(1).ToArray());
                break;
            case 0xFF01:
                to.With("verify data", reader.Vector(1).ToArray());
                break;
            default:
                if (reader.Left > 0)
                {
                    to.With("content", reader.Rest().ToArray());
                }

                break;
        }

        if (reader.Left > 0)
        {
            throw new MalformedException($"{reader.Left} bytes stand behind what belongs there");
        }
    }

    /// <summary>A vector of numbers of one or two bytes, by their names.</summary>
    public static List<string> Numbers(ReadOnlySpan<byte> vector, int size, Func<int, string> name)
    {
        List<string> names = [];
        ByteReader reader = new ByteReader(vector);
        while (reader.Left > 0)
        {
            names.Add(name(size == 1 ? reader.U8() : reader.U16()));
        }

        return names;
    }

    private static void ReadNames(ByteReader reader, Node to)
    {
        while (reader.Left > 0)
        {
            int type = reader.U8();
            byte[] name = reader.Vector(2).ToArray();
            to.With(type == 0 ? "name" : $"name of type {type}", Encoding.UTF8.GetString(name));
        }
    }

    private static void ReadProtocols(ByteReader reader, Node to)
    {
        List<string> protocols = [];
        while (reader.Left > 0)
        {
            protocols.Add(Encoding.UTF8.GetString(reader.Vector(1)));
        }

        to.With("protocols", protocols);
    }

    private static void ReadKeys(ref ByteReader reader, Node to, bool isHello)
    {
        if (!isHello)
        {
            to.With("chosen", reader.U16());
            return;
        }

        ByteReader identities = new ByteReader(reader.Vector(2));
        while (identities.Left > 0)
        {
            byte[] identity = identities.Vector(2).ToArray();
            to.Add(new Node("identity", "identity").With("bytes", identity).With("text", Screen.Printable(identity)).With("age", identities.U32()));
        }

        ByteReader binders = new ByteReader(reader.Vector(2));
        while (binders.Left > 0)
        {
            to.Add(new Node("binder", "binder").With("bytes", binders.Vector(1).ToArray()));
        }
    }

    private static void ReadShares(ref ByteReader reader, Node to, bool isHello, bool isRetry)
    {
        if (isRetry)
        {
            to.With("group", WireNames.OfGroup(reader.U16()));
            return;
        }

        ByteReader shares = new ByteReader(isHello ? reader.Vector(2) : reader.Rest());
        while (shares.Left > 0)
        {
            string group = WireNames.OfGroup(shares.U16());
            to.Add(new Node("share", group).With("_group", group).With("key", shares.Vector(2).ToArray()));
        }
    }
}
