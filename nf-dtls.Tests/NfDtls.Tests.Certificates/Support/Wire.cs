using System;
using System.Collections.Generic;
using System.Linq;
using NfDtls.Tests.Engine;

namespace NfDtls.Tests.Certificates;

/// <summary>What the ends said in plaintext, read from what they sent.</summary>
internal static class Wire
{
    /// <summary>The bodies of the handshake messages of epoch 0 in one direction, by type and in order, from their fragments.</summary>
    internal static List<(int Type, byte[] Body)> Messages(TestBed bed, bool toServer)
    {
        SortedDictionary<int, (int Type, byte[] Body)> messages = new();
        foreach (byte[] datagram in bed.Network.Sent.Where(datagram => datagram.ToServer == toServer).Select(datagram => datagram.Bytes))
        {
            for (int at = 0; at < datagram.Length; at += 13 + Number(datagram, at + 11, 2))
            {
                int end = at + 13 + Number(datagram, at + 11, 2);
                for (int m = at + 13; datagram[at] == ContentType.Handshake && Number(datagram, at + 3, 2) == 0 && m < end; m += 12 + Number(datagram, m + 9, 3))
                {
                    int sequence = Number(datagram, m + 4, 2);
                    if (!messages.ContainsKey(sequence))
                    {
                        messages[sequence] = (datagram[m], new byte[Number(datagram, m + 1, 3)]);
                    }

                    Array.Copy(datagram, m + 12, messages[sequence].Body, Number(datagram, m + 6, 3), Number(datagram, m + 9, 3));
                }
            }
        }

        return messages.Values.ToList();
    }

    /// <summary>The body of the last message of a type, or null.</summary>
    internal static byte[]? Message(TestBed bed, bool toServer, int type)
    {
        return Messages(bed, toServer).Where(message => message.Type == type).Select(message => message.Body).LastOrDefault();
    }

    /// <summary>The group of the ServerKeyExchange, behind a hint where it is one of ECDHE_PSK.</summary>
    internal static int GroupOf(TestBed bed, bool hasHint = false)
    {
        byte[] body = Message(bed, false, HandshakeType.ServerKeyExchange)!;
        return Number(body, (hasHint ? 2 + Number(body, 0, 2) : 0) + 1, 2);
    }

    internal static int SchemeOfServer(TestBed bed)
    {
        byte[] body = Message(bed, false, HandshakeType.ServerKeyExchange)!;
        return Number(body, 4 + body[3], 2);
    }

    /// <summary>Types of a hello's extensions, in order.</summary>
    internal static List<int> ExtensionTypes(TestBed bed, bool toServer)
    {
        return Extensions(bed, toServer).Select(extension => extension.Type).ToList();
    }

    /// <summary>What an extension of a hello holds, null where it is not there.</summary>
    internal static byte[]? Extension(TestBed bed, bool toServer, int type)
    {
        return Extensions(bed, toServer).Where(extension => extension.Type == type).Select(extension => extension.Content).FirstOrDefault();
    }

    internal static List<(int Type, byte[] Content)> Extensions(TestBed bed, bool toServer)
    {
        byte[] body = Message(bed, toServer, toServer ? HandshakeType.ClientHello : HandshakeType.ServerHello)!;
        int at = 34;
        at += 1 + body[at];
        if (toServer)
        {
            at += 1 + body[at];
            at += 2 + Number(body, at, 2);
            at += 1 + body[at];
        }
        else
        {
            at += 3;
        }

        List<(int Type, byte[] Content)> extensions = new();
        for (at += 2; at < body.Length; at += 4 + Number(body, at + 2, 2))
        {
            extensions.Add((Number(body, at, 2), body.AsSpan(at + 4, Number(body, at + 2, 2)).ToArray()));
        }

        return extensions;
    }

    internal static int Number(byte[] bytes, int at, int count)
    {
        int number = 0;
        for (int i = 0; i < count; i++)
        {
            number = (number << 8) | bytes[at + i];
        }

        return number;
    }

    internal static byte[] Vector(int lengthBytes, params byte[][] parts)
    {
        byte[] content = parts.SelectMany(part => part).ToArray();
        return Number(content.Length, lengthBytes).Concat(content).ToArray();
    }

    internal static byte[] Number(int number, int bytes)
    {
        return Enumerable.Range(0, bytes).Select(i => (byte)(number >> (8 * (bytes - 1 - i)))).ToArray();
    }

    internal static byte[] Numbers(params int[] numbers)
    {
        return numbers.SelectMany(number => Number(number, 2)).ToArray();
    }
}
