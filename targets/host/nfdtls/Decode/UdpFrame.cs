using System;
using System.Buffers.Binary;
using System.Net;

namespace NfDtls.Tool;

/// <summary>The UDP datagram in a frame of Ethernet, Linux's cooked forms, loopback or bare IP.</summary>
internal static class UdpFrame
{
    private const int Udp = 17;
    private const int UdpHeader = 8;
    private const int Ip6Header = 40;

    /// <summary>Whether there is one, whole; IP's own fragments are none.</summary>
    public static bool TryRead(CapturedFrame frame, out IPEndPoint from, out IPEndPoint to, out byte[] payload)
    {
        from = to = new IPEndPoint(IPAddress.None, 0);
        payload = [];
        ReadOnlySpan<byte> ip = IpOf(frame.Link, frame.Bytes);
        if (ip.Length < 20)
        {
            return false;
        }

        return ip[0] >> 4 == 4 ? ReadIp4(ip, ref from, ref to, ref payload) : ip[0] >> 4 == 6 && ReadIp6(ip, ref from, ref to, ref payload);
    }

    private static ReadOnlySpan<byte> IpOf(int link, ReadOnlySpan<byte> bytes)
    {
        return link switch
        {
            0 or 108 => After(bytes, 4),
            1 => OfEthernet(bytes),
            12 or 14 or 101 or 228 or 229 => bytes,
            113 => After(bytes, 16),
            276 => After(bytes, 20),
            _ => default,
        };
    }

    private static ReadOnlySpan<byte> OfEthernet(ReadOnlySpan<byte> bytes)
    {
        int at = 12;
        while (bytes.Length >= at + 2)
        {
            int type = BinaryPrimitives.ReadUInt16BigEndian(bytes[at..]);
            if (type is not (0x8100 or 0x88A8))
            {
                return type is 0x0800 or 0x86DD ? bytes[(at + 2)..] : default;
            }

            at += 4;
        }

        return default;
    }

    private static ReadOnlySpan<byte> After(ReadOnlySpan<byte> bytes, int count)
    {
        return bytes.Length < count ? default : bytes[count..];
    }

    private static bool ReadIp4(ReadOnlySpan<byte> ip, ref IPEndPoint from, ref IPEndPoint to, ref byte[] payload)
    {
        int header = (ip[0] & 15) * 4;
        bool isFragment = (BinaryPrimitives.ReadUInt16BigEndian(ip[6..]) & 0x3FFF) != 0;
        if (header < 20 || ip.Length < header || ip[9] != Udp || isFragment)
        {
            return false;
        }

        return ReadUdp(new IPAddress(ip.Slice(12, 4)), new IPAddress(ip.Slice(16, 4)), ip[header..], ref from, ref to, ref payload);
    }

    private static bool ReadIp6(ReadOnlySpan<byte> ip, ref IPEndPoint from, ref IPEndPoint to, ref byte[] payload)
    {
        if (ip.Length < Ip6Header)
        {
            return false;
        }

        int next = ip[6];
        int at = Ip6Header;

        // Hop-by-hop, routing and destination options.
        while (next is 0 or 43 or 60 && ip.Length >= at + 8)
        {
            next = ip[at];
            at += 8 * (1 + ip[at + 1]);
        }

        return next == Udp && at <= ip.Length && ReadUdp(new IPAddress(ip.Slice(8, 16)), new IPAddress(ip.Slice(24, 16)), ip[at..], ref from, ref to, ref payload);
    }

    private static bool ReadUdp(IPAddress source, IPAddress target, ReadOnlySpan<byte> udp, ref IPEndPoint from, ref IPEndPoint to, ref byte[] payload)
    {
        if (udp.Length < UdpHeader)
        {
            return false;
        }

        int length = BinaryPrimitives.ReadUInt16BigEndian(udp[4..]);
        from = new IPEndPoint(source, BinaryPrimitives.ReadUInt16BigEndian(udp));
        to = new IPEndPoint(target, BinaryPrimitives.ReadUInt16BigEndian(udp[2..]));

        // Where less was captured than was sent, what there is.
        payload = udp[UdpHeader..Math.Clamp(length, UdpHeader, udp.Length)].ToArray();
        return true;
    }
}
