using System;
using System.Security.Cryptography;

namespace NfDtls.Cluster;

/// <summary>
/// Writes and reads connection IDs as draft-ietf-quic-load-balancers-21 has them (section 5.4): in the clear, as one block of AES
/// where node and nonce have 16 bytes, and else by a Feistel network of four rounds. What a balancer needs to route by. Safe from
/// any thread.
/// </summary>
public sealed class QuicLbCodec : IDisposable
{
    private const int Block = 16;
    private const int FirstRound = 1;
    private const int LastRound = 4;
    private const byte LowBits = 0x0F;
    private const byte HighBits = 0xF0;

    private readonly QuicLbOptions _options;
    private readonly int _nodeLength;
    private readonly int _together;
    private readonly Aes? _aes;

    /// <param name="options">The configuration; what is changed afterwards changes nothing.</param>
    /// <exception cref="ArgumentException">Something is out of its range.</exception>
    public QuicLbCodec(QuicLbOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        options.Validate(false);
        _options = new QuicLbOptions { ConfigurationId = options.ConfigurationId, NodeIdLength = options.NodeLength, NonceLength = options.NonceLength };
        _nodeLength = options.NodeLength;
        _together = options.NodeLength + options.NonceLength;
        if (options.Key != null)
        {
            _aes = Aes.Create();
            _aes.Key = options.Key;
        }
    }

    /// <summary>Bytes of an ID.</summary>
    public int Length => 1 + _together;

    /// <summary>Bytes of a node's ID in it.</summary>
    public int NodeIdLength => _nodeLength;

    /// <summary>Writes the ID of a node and a nonce.</summary>
    /// <param name="nodeId"><see cref="NodeIdLength"/> bytes.</param>
    /// <param name="nonce">The rest; no two IDs of a node have the same.</param>
    /// <param name="destination"><see cref="Length"/> bytes.</param>
    /// <exception cref="ArgumentException">Another length.</exception>
    public void Encode(ReadOnlySpan<byte> nodeId, ReadOnlySpan<byte> nonce, Span<byte> destination)
    {
        if (nodeId.Length != _nodeLength || nonce.Length != _together - _nodeLength || destination.Length != Length)
        {
            throw new ArgumentException($"An ID has {Length} bytes, of a node's ID of {_nodeLength} and a nonce of {_together - _nodeLength}.");
        }

        destination[0] = (byte)((_options.ConfigurationId << 5) | _together);
        Span<byte> rest = destination[1..];
        nodeId.CopyTo(rest);
        nonce.CopyTo(rest[_nodeLength..]);
        if (_aes != null && _together == Block)
        {
            _aes.EncryptEcb(rest, rest, PaddingMode.None);
        }
        else if (_aes != null)
        {
            Encrypt(rest);
        }
    }

    /// <summary>Reads an ID, which may be anybody's bytes.</summary>
    /// <param name="id">The ID, or more.</param>
    /// <param name="nodeId">Where the node's goes: <see cref="NodeIdLength"/> bytes.</param>
    /// <param name="nonce">Where the nonce goes: as long as that is, or empty.</param>
    /// <returns>False: it is of another configuration, or too short.</returns>
    public bool TryDecode(ReadOnlySpan<byte> id, Span<byte> nodeId, Span<byte> nonce)
    {
        if (id.Length < Length || id[0] >> 5 != _options.ConfigurationId)
        {
            return false;
        }

        Span<byte> rest = stackalloc byte[QuicLbOptions.MostTogether];
        rest = rest[.._together];
        id[1..Length].CopyTo(rest);
        if (_aes != null && _together == Block)
        {
            _aes.DecryptEcb(rest, rest, PaddingMode.None);
        }
        else if (_aes != null)
        {
            Decrypt(rest);
        }

        rest[.._nodeLength].CopyTo(nodeId);
        if (!nonce.IsEmpty)
        {
            rest[_nodeLength..].CopyTo(nonce);
        }

        return true;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _aes?.Dispose();
    }

    private void Encrypt(Span<byte> text)
    {
        Span<byte> left = stackalloc byte[Half];
        Span<byte> right = stackalloc byte[Half];
        Split(text, left, right);
        for (int round = FirstRound; round <= LastRound; round++)
        {
            Mix(round, left, right);
        }

        Join(left, right, text);
    }

    private void Decrypt(Span<byte> text)
    {
        Span<byte> left = stackalloc byte[Half];
        Span<byte> right = stackalloc byte[Half];
        Split(text, left, right);
        for (int round = LastRound; round >= FirstRound; round--)
        {
            Mix(round, left, right);
        }

        Join(left, right, text);
    }

    // Half of the bytes, rounded up: of an odd number the halves share the byte in the middle.
    private int Half => (_together + 1) / 2;

    private bool IsOdd => _together % 2 != 0;

    private void Split(ReadOnlySpan<byte> text, Span<byte> left, Span<byte> right)
    {
        text[..Half].CopyTo(left);
        text[(_together - Half)..].CopyTo(right);
        if (IsOdd)
        {
            left[^1] &= HighBits;
            right[0] &= LowBits;
        }
    }

    private void Join(ReadOnlySpan<byte> left, ReadOnlySpan<byte> right, Span<byte> text)
    {
        byte middle = left[^1];
        left.CopyTo(text);
        right.CopyTo(text[(_together - Half)..]);
        if (IsOdd)
        {
            text[Half - 1] |= middle;
        }
    }

    // Odd rounds change the right half by the left one, even rounds the left by the right.
    private void Mix(int round, Span<byte> left, Span<byte> right)
    {
        bool changesRight = round % 2 != 0;
        ReadOnlySpan<byte> from = changesRight ? left : right;
        Span<byte> to = changesRight ? right : left;
        Span<byte> block = stackalloc byte[Block];
        block.Clear();
        from.CopyTo(block);
        block[Block - 2] = (byte)_together;
        block[Block - 1] = (byte)round;
        _aes!.EncryptEcb(block, block, PaddingMode.None);
        for (int i = 0; i < to.Length; i++)
        {
            to[i] ^= block[i];
        }

        if (IsOdd && changesRight)
        {
            to[0] &= LowBits;
        }
        else if (IsOdd)
        {
            to[^1] &= HighBits;
        }
    }
}
