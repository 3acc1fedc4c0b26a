using System;
using NfDtls.Extensions;

namespace NfDtls.Cluster;

/// <summary>
/// Connection IDs of one engine of a node, which <see cref="QuicLbCodec"/> writes: the nonce is a byte that leaves the engine's number
/// when it is divided by how many there are, random bytes and, masked, the session's place, as <see cref="RandomConnectionIds"/> has them.
/// </summary>
public sealed class QuicLbIds : ConnectionIds
{
    private readonly QuicLbCodec _codec;
    private readonly RandomConnectionIds _nonces;
    private readonly byte[] _node;
    private readonly byte[] _nonce;
    private readonly byte[] _found;
    private readonly int _engine;
    private readonly int _engines;
    private CryptoProvider? _crypto;

    /// <param name="options">The configuration, with this node's ID; what is changed afterwards changes nothing.</param>
    /// <param name="engine">Which of the node's engines this one is.</param>
    /// <param name="engines">How many there are, 1 to 256.</param>
    /// <exception cref="ArgumentException">Something is out of its range.</exception>
    public QuicLbIds(QuicLbOptions options, int engine = 0, int engines = 1)
    {
        ArgumentNullException.ThrowIfNull(options);
        options.Validate(true);
        if (engines is < 1 or > 256 || engine < 0 || engine >= engines)
        {
            throw new ArgumentException($"A node has 1 to 256 engines, and none is number {engine} of {engines}.", nameof(engine));
        }

        _engine = engine;
        _engines = engines;
        _codec = new QuicLbCodec(options);
        _nonces = new RandomConnectionIds(options.NonceLength - 1);
        _node = (byte[])options.NodeId!.Clone();
        _nonce = new byte[options.NonceLength];
        _found = new byte[_node.Length];
    }

    /// <inheritdoc/>
    public override int Length => _codec.Length;

    /// <inheritdoc/>
    public override void Attach(CryptoProvider crypto, int places)
    {
        _crypto = crypto;
        _nonces.Attach(crypto, places);
    }

    /// <inheritdoc/>
    public override void Create(int place, byte[] destination, int offset)
    {
        _crypto!.Random(_nonce, 0, 1);
        _nonce[0] = (byte)(_engine + (_engines * (_nonce[0] % (256 / _engines))));
        _nonces.Create(place, _nonce, 1);
        _codec.Encode(_node, _nonce, destination.AsSpan(offset, Length));
    }

    /// <inheritdoc/>
    public override int FindPlace(byte[] buffer, int offset)
    {
        bool isOurs = _codec.TryDecode(buffer.AsSpan(offset, Length), _found, _nonce) && _found.AsSpan().SequenceEqual(_node);
        return isOurs ? _nonces.FindPlace(_nonce, 1) : -1;
    }

    /// <summary>The engine whose ID has this nonce.</summary>
    internal static int EngineOf(ReadOnlySpan<byte> nonce, int engines)
    {
        return nonce[0] % engines;
    }
}
