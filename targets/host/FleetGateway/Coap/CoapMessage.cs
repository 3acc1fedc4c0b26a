using System;
using System.Buffers.Binary;
using System.Collections.Generic;
using System.Text;

namespace FleetGateway.Coap;

/// <summary>A message of CoAP (RFC 7252 section 3), of those options that this server knows.</summary>
internal sealed class CoapMessage
{
    internal const int Confirmable = 0;
    internal const int NonConfirmable = 1;
    internal const int Acknowledgement = 2;
    internal const int Reset = 3;

    private const int HeaderLength = 4;
    private const int MostToken = 8;
    private const byte PayloadMarker = 0xFF;
    private const int UriHost = 3;
    private const int UriPort = 7;
    private const int UriPath = 11;
    private const int ContentFormatOption = 12;
    private const int UriQuery = 15;
    private const int AcceptOption = 17;
    private static readonly UTF8Encoding Strict = new(false, true);

    internal int Type { get; init; }

    internal byte Code { get; init; }

    internal ushort Id { get; init; }

    internal byte[] Token { get; init; } = [];

    internal List<string> Path { get; } = [];

    /// <summary>Of the payload (RFC 7252 section 12.3); null where nothing says it.</summary>
    internal int? ContentFormat { get; set; }

    /// <summary>What the client wants to get; null for anything.</summary>
    internal int? Accept { get; private set; }

    /// <summary>Whether it has an option that must be understood and is not (section 5.4.1).</summary>
    internal bool HasUnknownOption { get; private set; }

    internal byte[] Payload { get; set; } = [];

    internal bool IsRequest => Code is > CoapCode.Empty and <= CoapCode.LastMethod;

    /// <summary>Reads a datagram.</summary>
    /// <param name="datagram">All of it.</param>
    /// <param name="message">What it says; where it is malformed, its type and ID alone, or null where it is no message of this version.</param>
    /// <returns>False: it is malformed (section 4.2, 4.3).</returns>
    internal static bool TryRead(ReadOnlySpan<byte> datagram, out CoapMessage? message)
    {
        message = null;
        if (datagram.Length < HeaderLength || datagram[0] >> 6 != 1)
        {
            return false;
        }

        int tokenLength = datagram[0] & 0xF;
        message = new CoapMessage { Type = (datagram[0] >> 4) & 3, Code = datagram[1], Id = BinaryPrimitives.ReadUInt16BigEndian(datagram[2..]) };
        if (tokenLength > MostToken || datagram.Length < HeaderLength + tokenLength || (message.Code == CoapCode.Empty && datagram.Length != HeaderLength))
        {
            return false;
        }

        message = new CoapMessage { Type = message.Type, Code = message.Code, Id = message.Id, Token = datagram.Slice(HeaderLength, tokenLength).ToArray() };
        return message.TryReadOptions(datagram[(HeaderLength + tokenLength)..]);
    }

    /// <summary>The datagram of it.</summary>
    internal byte[] Write()
    {
        List<byte> bytes = [(byte)((1 << 6) | (Type << 4) | Token.Length), Code, (byte)(Id >> 8), (byte)Id, .. Token];
        if (ContentFormat is int format)
        {
            byte[] value = format == 0 ? [] : format < 256 ? [(byte)format] : [(byte)(format >> 8), (byte)format];
            bytes.Add((byte)((ContentFormatOption << 4) | value.Length));
            bytes.AddRange(value);
        }

        if (Payload.Length > 0)
        {
            bytes.Add(PayloadMarker);
            bytes.AddRange(Payload);
        }

        return [.. bytes];
    }

    private bool TryReadOptions(ReadOnlySpan<byte> rest)
    {
        int number = 0;
        while (!rest.IsEmpty)
        {
            if (rest[0] == PayloadMarker)
            {
                Payload = rest[1..].ToArray();
                return Payload.Length > 0;
            }

            int first = rest[0];
            rest = rest[1..];
            if (!TryReadNumber(first >> 4, ref rest, out int delta) || !TryReadNumber(first & 0xF, ref rest, out int length) || length > rest.Length)
            {
                return false;
            }

            number += delta;
            if (!TryTake(number, rest[..length]))
            {
                return false;
            }

            rest = rest[length..];
        }

        return true;
    }

    // Section 3.1: up to 12 as it is, then one byte more, or two.
    private static bool TryReadNumber(int nibble, ref ReadOnlySpan<byte> rest, out int number)
    {
        const int OneByte = 13;
        const int TwoBytes = 14;
        int more = nibble < OneByte ? 0 : nibble == OneByte ? 1 : 2;
        number = nibble;
        if (nibble > TwoBytes || rest.Length < more)
        {
            return false;
        }

        number = more == 0 ? nibble : more == 1 ? rest[0] + 13 : BinaryPrimitives.ReadUInt16BigEndian(rest) + 269;
        rest = rest[more..];
        return true;
    }

    private bool TryTake(int number, ReadOnlySpan<byte> value)
    {
        switch (number)
        {
            case UriPath:
                return TryTakePath(value);
            case ContentFormatOption:
                ContentFormat = ReadUint(value);
                return value.Length <= 2;
            case AcceptOption:
                Accept = ReadUint(value);
                return value.Length <= 2;
            case UriHost:
            case UriPort:
            case UriQuery:
                return true; // There is one host here, and no resource has queries.
            default:
                HasUnknownOption |= (number & 1) != 0;
                return true;
        }
    }

    private bool TryTakePath(ReadOnlySpan<byte> value)
    {
        try
        {
            Path.Add(Strict.GetString(value));
            return true;
        }
        catch (ArgumentException)
        {
            return false;
        }
    }

    private static int ReadUint(ReadOnlySpan<byte> value)
    {
        int number = 0;
        foreach (byte one in value)
        {
            number = (number << 8) | one;
        }

        return number;
    }
}
