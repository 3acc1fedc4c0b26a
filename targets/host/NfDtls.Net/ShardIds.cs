using System;
using NfDtls.Extensions;

namespace NfDtls.Net;

/// <summary>
/// Connection IDs of one shard of several: the first byte, divided by the number of shards, leaves the shard's, and is random
/// otherwise; the rest leads to the session as ever.
/// </summary>
internal sealed class ShardIds : ConnectionIds
{
    private readonly RandomConnectionIds _rest;
    private readonly int _shard;
    private readonly int _shards;
    private readonly byte[] _random = new byte[1];
    private CryptoProvider? _crypto;

    internal ShardIds(int length, int shard, int shards)
    {
        _rest = new RandomConnectionIds(length - 1);
        _shard = shard;
        _shards = shards;
    }

    public override int Length => _rest.Length + 1;

    public override void Attach(CryptoProvider crypto, int places)
    {
        if (_rest.Length == 0 && places > 1)
        {
            throw new ArgumentException($"Connection IDs of one byte cannot tell {_shards} shards and {places} sessions and handshakes apart.");
        }

        _crypto = crypto;
        _rest.Attach(crypto, places);
    }

    public override void Create(int place, byte[] destination, int offset)
    {
        _crypto!.Random(_random, 0, 1);
        destination[offset] = (byte)(_shard + (_shards * (_random[0] % (256 / _shards))));
        _rest.Create(place, destination, offset + 1);
    }

    public override int FindPlace(byte[] buffer, int offset)
    {
        return _rest.FindPlace(buffer, offset + 1);
    }

    /// <summary>The shard that the first record of a datagram names by its connection ID; -1 where it has none, or a wrong one.</summary>
    internal static int ShardOf(ReadOnlySpan<byte> datagram, int shards)
    {
        ReadOnlySpan<byte> id = IdOf(datagram, 1);
        return id.IsEmpty ? -1 : id[0] % shards;
    }

    /// <summary>The connection ID of a datagram's first record, of so many bytes; empty where it has none.</summary>
    internal static ReadOnlySpan<byte> IdOf(ReadOnlySpan<byte> datagram, int length)
    {
        const int FormOf12 = 25; // tls12_cid (RFC 9146 section 4)
        const int IdIn12 = 11;
        const int FormOf13 = 0x20; // the unified header, and in it the bit of the connection ID (RFC 9147 section 4)
        const int FormBits = 0xE0;
        const int IdBit = 0x10;
        const int IdIn13 = 1;
        if (datagram.Length < IdIn12 + length)
        {
            return default;
        }

        bool is13 = (datagram[0] & FormBits) == FormOf13 && (datagram[0] & IdBit) != 0;
        if (datagram[0] != FormOf12 && !is13)
        {
            return default;
        }

        return datagram.Slice(is13 ? IdIn13 : IdIn12, length);
    }
}
