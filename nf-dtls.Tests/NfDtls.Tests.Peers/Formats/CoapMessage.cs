using System;
using System.Buffers.Binary;

namespace NfDtls.Tests.Peers.Formats;

/// <summary>As much of CoAP (RFC 7252) as a GET and its answer need.</summary>
internal sealed class CoapMessage
{
    internal const int Confirmable = 0;
    internal const int Acknowledgement = 2;
    internal const int Get = 1;
    internal const int Content = 0x45;

    private const int HeaderLength = 4;
    private const int PayloadMarker = 0xFF;

    private CoapMessage(int type, int code, int id, byte[] token, byte[] payload)
    {
        Type = type;
        Code = code;
        Id = id;
        Token = token;
        Payload = payload;
    }

    internal int Type { get; }

    internal int Code { get; }

    internal int Id { get; }

    internal byte[] Token { get; }

    internal byte[] Payload { get; }

    /// <summary>A GET of the root, without any option.</summary>
    internal static CoapMessage NewGet(int id, byte[] token)
    {
        return new CoapMessage(Confirmable, Get, id, token, []);
    }

    internal static CoapMessage Parse(ReadOnlySpan<byte> data)
    {
        int at = HeaderLength + (data[0] & 0x0F);
        byte[] token = data[HeaderLength..at].ToArray();
        while (at < data.Length && data[at] != PayloadMarker)
        {
            int delta = data[at] >> 4;
            int length = data[at] & 0x0F;
            at++;
            at += ExtendedLength(delta);
            int extended = ExtendedLength(length);
            length = extended == 0 ? length : extended == 1 ? 13 + data[at] : 269 + BinaryPrimitives.ReadUInt16BigEndian(data[at..]);
            at += extended + length;
        }

        byte[] payload = at < data.Length ? data[(at + 1)..].ToArray() : [];
        return new CoapMessage((data[0] >> 4) & 3, data[1], BinaryPrimitives.ReadUInt16BigEndian(data[2..]), token, payload);
    }

    /// <summary>The answer that goes back with the acknowledgement.</summary>
    internal CoapMessage Answer(byte[] payload)
    {
        return new CoapMessage(Acknowledgement, Content, Id, Token, payload);
    }

    internal byte[] ToArray()
    {
        byte[] header = [(byte)(0x40 | (Type << 4) | Token.Length), (byte)Code, (byte)(Id >> 8), (byte)Id];
        byte[] marker = Payload.Length == 0 ? [] : [PayloadMarker];
        return [.. header, .. Token, .. marker, .. Payload];
    }

    private static int ExtendedLength(int nibble)
    {
        return nibble < 13 ? 0 : nibble - 12;
    }
}
