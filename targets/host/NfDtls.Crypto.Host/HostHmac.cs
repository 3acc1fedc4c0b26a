using System;
using System.Security.Cryptography;

namespace NfDtls.Crypto.Host;

/// <summary>
/// HMAC (RFC 2104) over a hash of .NET's that each thread keeps: nothing is allocated after its first use. .NET's own HMAC over a range
/// has the system's library look the algorithm up each time, which takes several times as long as the hashing of a short one; and one
/// that keeps its key cannot be given another.
/// </summary>
internal readonly ref struct HostHmac
{
    /// <summary>Room that the pads take: two of the longest blocks.</summary>
    internal const int PadsLength = 2 * 128;

    private const byte Inner = 0x36;
    private const byte Outer = 0x5C;

    [ThreadStatic]
    private static IncrementalHash?[]? _hashes;

    private readonly IncrementalHash _hash;
    private readonly ReadOnlySpan<byte> _inner;
    private readonly ReadOnlySpan<byte> _outer;
    private readonly int _size;

    /// <param name="algorithm">The hash: a number of <see cref="CryptoAlgorithm"/>.</param>
    /// <param name="name">Its name.</param>
    /// <param name="key">The key, of any length.</param>
    /// <param name="pads">Room for <see cref="PadsLength"/> bytes, which hold the key from then on: whoever made it wipes it.</param>
    internal HostHmac(int algorithm, HashAlgorithmName name, ReadOnlySpan<byte> key, Span<byte> pads)
    {
        _size = CryptoAlgorithm.HashSize(algorithm);
        _hashes ??= new IncrementalHash?[CryptoAlgorithm.Sha512 + 1];
        _hash = _hashes[algorithm] ??= IncrementalHash.CreateHash(name);
        int block = _size > 32 ? 128 : 64;
        Span<byte> inner = pads[..block];
        inner.Clear();
        if (key.Length > block)
        {
            _hash.AppendData(key);
            _hash.GetHashAndReset(inner);
        }
        else
        {
            key.CopyTo(inner);
        }

        Span<byte> outer = pads.Slice(block, block);
        for (int i = 0; i < block; i++)
        {
            outer[i] = (byte)(inner[i] ^ Outer);
            inner[i] ^= Inner;
        }

        _inner = inner;
        _outer = outer;
    }

    /// <summary>The MAC of two ranges, one behind the other; may be written over either.</summary>
    internal void Compute(ReadOnlySpan<byte> first, ReadOnlySpan<byte> second, Span<byte> destination)
    {
        // What may throw comes first: the hash is the thread's, and goes on with what was appended to it.
        Span<byte> digest = destination[.._size];
        _hash.AppendData(_inner);
        _hash.AppendData(first);
        _hash.AppendData(second);
        _hash.GetHashAndReset(digest);
        _hash.AppendData(_outer);
        _hash.AppendData(digest);
        _hash.GetHashAndReset(digest);
    }
}
