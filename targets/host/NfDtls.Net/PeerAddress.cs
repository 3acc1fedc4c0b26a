using System;
using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;

namespace NfDtls.Net;

/// <summary>
/// Peers' addresses as the bytes that an engine keeps, in the form of NfDtls.Sockets: family (4 or 6), port (2), address (4 or 16),
/// and for IPv6 the scope (4); all big-endian. Made of and into a system's socket address without allocating.
/// </summary>
internal static class PeerAddress
{
    internal const int MaxLength = 23;
    private const byte Ipv4 = 4;
    private const byte Ipv6 = 6;
    private const int Ipv4Length = 7;

    /// <summary>Reads what the system says; returns the bytes written, 0 for another family.</summary>
    internal static int Write(SocketAddress from, byte[] destination)
    {
        ReadOnlySpan<byte> source = from.Buffer.Span;
        destination[1] = source[2];
        destination[2] = source[3];
        if (from.Family == AddressFamily.InterNetwork)
        {
            destination[0] = Ipv4;
            source.Slice(4, 4).CopyTo(destination.AsSpan(3));
            return Ipv4Length;
        }

        if (from.Family != AddressFamily.InterNetworkV6)
        {
            return 0;
        }

        destination[0] = Ipv6;
        source.Slice(8, 16).CopyTo(destination.AsSpan(3));
        uint scope = BitConverter.ToUInt32(source.Slice(24, 4));
        BinaryPrimitives.WriteUInt32BigEndian(destination.AsSpan(19), scope);
        return MaxLength;
    }

    /// <summary>Writes an end point as a socket of a family says it; returns the bytes written.</summary>
    internal static int Write(IPEndPoint from, AddressFamily family, byte[] destination)
    {
        IPAddress address = family == AddressFamily.InterNetworkV6 && from.AddressFamily == AddressFamily.InterNetwork ? from.Address.MapToIPv6() : from.Address;
        return Write(new IPEndPoint(address, from.Port).Serialize(), destination);
    }

    /// <summary>Makes the system's form of an address of the same family.</summary>
    internal static void Read(ReadOnlySpan<byte> source, SocketAddress to)
    {
        Span<byte> destination = to.Buffer.Span;
        destination[2] = source[1];
        destination[3] = source[2];
        if (source[0] == Ipv4)
        {
            source.Slice(3, 4).CopyTo(destination[4..]);
            return;
        }

        source.Slice(3, 16).CopyTo(destination[8..]);
        BitConverter.TryWriteBytes(destination[24..], BinaryPrimitives.ReadUInt32BigEndian(source[19..]));
    }

    /// <summary>The end point of an address; one of IPv4 that an IPv6 socket maps is told as what it is.</summary>
    internal static IPEndPoint ToEndPoint(ReadOnlySpan<byte> source)
    {
        int port = BinaryPrimitives.ReadUInt16BigEndian(source[1..]);
        if (source[0] == Ipv4)
        {
            return new IPEndPoint(new IPAddress(source.Slice(3, 4)), port);
        }

        IPAddress address = new(source.Slice(3, 16), BinaryPrimitives.ReadUInt32BigEndian(source[19..]));
        return new IPEndPoint(address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address, port);
    }

    /// <summary>Whether an address has port 0, where nothing can be sent to.</summary>
    internal static bool HasNoPort(ReadOnlySpan<byte> address)
    {
        return (address[1] | address[2]) == 0;
    }

    /// <summary>A number of an address, the same for the same address.</summary>
    internal static int Hash(ReadOnlySpan<byte> address)
    {
        HashCode hash = default;
        hash.AddBytes(address);
        return hash.ToHashCode() & int.MaxValue;
    }
}
