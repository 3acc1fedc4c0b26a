using System;
using System.Buffers.Binary;
using System.Net;
using System.Security.Cryptography;

namespace NfDtls.Cluster;

/// <summary>
/// A datagram on its way from node to node: an HMAC under the nodes' key, the length of the peer's address, the address, its port,
/// the datagram. Its records are protected and told from repeated ones by themselves, so a copy of it does nothing.
/// </summary>
internal static class Envelope
{
    private const int TagLength = 16;
    private const int DigestLength = 32;
    private const int PortLength = 2;

    internal static byte[] Seal(byte[] key, ReadOnlySpan<byte> datagram, IPEndPoint peer)
    {
        byte[] address = peer.Address.GetAddressBytes();
        byte[] message = new byte[TagLength + 1 + address.Length + PortLength + datagram.Length];
        Span<byte> rest = message.AsSpan(TagLength);
        rest[0] = (byte)address.Length;
        address.CopyTo(rest[1..]);
        BinaryPrimitives.WriteUInt16BigEndian(rest[(1 + address.Length)..], (ushort)peer.Port);
        datagram.CopyTo(rest[(1 + address.Length + PortLength)..]);
        Span<byte> digest = stackalloc byte[DigestLength];
        HMACSHA256.HashData(key, rest, digest);
        digest[..TagLength].CopyTo(message);
        return message;
    }

    internal static bool TryOpen(byte[] key, ReadOnlySpan<byte> message, out ReadOnlySpan<byte> datagram, out IPEndPoint? peer)
    {
        datagram = default;
        peer = null;
        if (message.Length <= TagLength)
        {
            return false;
        }

        ReadOnlySpan<byte> rest = message[TagLength..];
        Span<byte> digest = stackalloc byte[DigestLength];
        HMACSHA256.HashData(key, rest, digest);
        int length = rest[0];
        if (!CryptographicOperations.FixedTimeEquals(digest[..TagLength], message[..TagLength]) || length is not (4 or 16) || rest.Length <= 1 + length + PortLength)
        {
            return false;
        }

        peer = new IPEndPoint(new IPAddress(rest.Slice(1, length)), BinaryPrimitives.ReadUInt16BigEndian(rest[(1 + length)..]));
        datagram = rest[(1 + length + PortLength)..];
        return true;
    }
}
