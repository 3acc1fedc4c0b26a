using System;
using System.Buffers.Binary;
using System.Collections.Generic;
using System.IO;

namespace NfDtls.Tests.Peers.Formats;

/// <summary>Datagrams in the order they were seen, and a pcap file of them.</summary>
internal sealed class Capture
{
    private const int IpLength = 20;
    private const int UdpLength = 8;
    private const int RecordHeader = 13;
    private const int HandshakeHeader = 12;
    private const uint LinkTypeRawIp = 101;

    private delegate bool HeaderTest(ReadOnlySpan<byte> header);

    private readonly List<(long Time, int From, int To, byte[] Data)> _datagrams = [];

    internal void Add(long time, int from, int to, ReadOnlySpan<byte> data)
    {
        _datagrams.Add((time, from, to, data.ToArray()));
    }

    /// <summary>Handshake messages of a type, whole or in part, that came in the clear from a port. Repetitions do not count.</summary>
    internal int Messages(int from, int messageType)
    {
        return Count(from, messageType, header => true);
    }

    /// <summary>As <see cref="Messages"/>, only those that are less than the whole message.</summary>
    internal int Fragments(int from, int messageType)
    {
        return Count(from, messageType, header => !header.Slice(1, 3).SequenceEqual(header.Slice(9, 3)));
    }

    /// <summary>Whether an alert in the clear has gone to a port.</summary>
    internal bool HasAlert(int to)
    {
        return _datagrams.Exists(datagram => datagram.To == to && datagram.Data.Length > 4 && datagram.Data[0] == 21 && datagram.Data[3] == 0 && datagram.Data[4] == 0);
    }

    /// <summary>The longest datagram that came from a port.</summary>
    internal int Longest(int from)
    {
        int longest = 0;
        foreach ((long _, int source, int _, byte[] data) in _datagrams)
        {
            longest = source == from ? Math.Max(longest, data.Length) : longest;
        }

        return longest;
    }

    /// <summary>The two bits of its epoch that the newest record of DTLS 1.3 from a port shows, or to it.</summary>
    internal int EpochBits(int port, bool isFrom)
    {
        return _datagrams.FindLast(datagram => (isFrom ? datagram.From : datagram.To) == port && datagram.Data[0] >> 5 == 1).Data[0] & 3;
    }

    internal void WriteTo(string path)
    {
        using BinaryWriter writer = new(File.Create(path));
        writer.Write(0xA1B2C3D4u);
        writer.Write((ushort)2);
        writer.Write((ushort)4);
        writer.Write(0);
        writer.Write(0);
        writer.Write(65535);
        writer.Write(LinkTypeRawIp);
        foreach ((long time, int from, int to, byte[] data) in _datagrams)
        {
            int length = IpLength + UdpLength + data.Length;
            writer.Write((uint)(time / 1000));
            writer.Write((uint)(time % 1000 * 1000));
            writer.Write(length);
            writer.Write(length);
            writer.Write(Headers(from, to, length));
            writer.Write(data);
        }
    }

    private int Count(int from, int messageType, HeaderTest test)
    {
        HashSet<(int Sequence, int Offset)> seen = [];
        foreach ((long _, int source, int _, byte[] data) in _datagrams)
        {
            for (int at = 0; source == from && at + RecordHeader + HandshakeHeader <= data.Length; at += RecordHeader + BinaryPrimitives.ReadUInt16BigEndian(data.AsSpan(at + 11)))
            {
                bool inTheClear = data[at] == 22 && data[at + 3] == 0 && data[at + 4] == 0;
                ReadOnlySpan<byte> header = data.AsSpan(at + RecordHeader, HandshakeHeader);
                if (inTheClear && header[0] == messageType && test(header))
                {
                    seen.Add((BinaryPrimitives.ReadUInt16BigEndian(header[4..]), (header[6] << 16) | BinaryPrimitives.ReadUInt16BigEndian(header[7..])));
                }
            }
        }

        return seen.Count;
    }

    private static byte[] Headers(int from, int to, int length)
    {
        byte[] headers = new byte[IpLength + UdpLength];
        headers[0] = 0x45;
        BinaryPrimitives.WriteUInt16BigEndian(headers.AsSpan(2), (ushort)length);
        headers[8] = 64;
        headers[9] = 17;
        new byte[] { 127, 0, 0, 1, 127, 0, 0, 1 }.CopyTo(headers, 12);
        BinaryPrimitives.WriteUInt16BigEndian(headers.AsSpan(20), (ushort)from);
        BinaryPrimitives.WriteUInt16BigEndian(headers.AsSpan(22), (ushort)to);
        BinaryPrimitives.WriteUInt16BigEndian(headers.AsSpan(24), (ushort)(length - IpLength));
        return headers;
    }
}
