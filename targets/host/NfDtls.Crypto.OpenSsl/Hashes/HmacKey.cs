using System;
using System.Security.Cryptography;

namespace NfDtls.Crypto.OpenSsl;

/// <summary>HMAC (RFC 2104) under one key: the hash's states behind its two pads, from which each MAC begins.</summary>
internal unsafe ref struct HmacKey
{
    private readonly int _hash;
    private readonly int _size;
    private readonly Span<ulong> _pads;

    /// <param name="hash">The hash.</param>
    /// <param name="pads">Room for twice <see cref="Sha.StateWords"/>, which holds secrets from then on.</param>
    internal HmacKey(int hash, Span<ulong> pads)
    {
        _hash = hash;
        _size = CryptoAlgorithm.HashSize(hash);
        _pads = pads[..(2 * Sha.StateWords)];
    }

    internal readonly void SetKey(ReadOnlySpan<byte> key)
    {
        Span<byte> block = stackalloc byte[Sha.BlockSize(_hash)];
        block.Clear();
        fixed (ulong* pads = _pads)
        {
            if (key.Length > block.Length)
            {
                Sha.Start(_hash, pads);
                Sha.Add(_hash, pads, key);
                Sha.End(_hash, pads, block);
            }
            else
            {
                key.CopyTo(block);
            }

            Begin(pads, block, 0x36);
            Begin(pads + Sha.StateWords, block, 0x36 ^ 0x5C);
        }

        CryptographicOperations.ZeroMemory(block);
    }

    /// <summary>The MAC of two ranges, one behind the other; may be written over either.</summary>
    internal readonly void Compute(ReadOnlySpan<byte> first, ReadOnlySpan<byte> second, Span<byte> destination)
    {
        ulong* state = stackalloc ulong[Sha.StateWords];
        Start(state);
        Sha.Add(_hash, state, first);
        Sha.Add(_hash, state, second);
        End(state, destination);
    }

    /// <summary>Begins a MAC in a state of the caller's, whose data <see cref="Sha.Add"/> takes.</summary>
    internal readonly void Start(ulong* state)
    {
        _pads[..Sha.StateWords].CopyTo(new Span<ulong>(state, Sha.StateWords));
    }

    /// <summary>Writes the MAC and wipes the state.</summary>
    internal readonly void End(ulong* state, Span<byte> destination)
    {
        Span<ulong> words = new(state, Sha.StateWords);
        Span<byte> inner = stackalloc byte[Sha.LongestDigest];
        Sha.End(_hash, state, inner);
        _pads[Sha.StateWords..].CopyTo(words);
        Sha.Add(_hash, state, inner[.._size]);
        Sha.End(_hash, state, destination[.._size]);
        words.Clear();
    }

    private readonly void Begin(ulong* state, Span<byte> block, int pad)
    {
        for (int i = 0; i < block.Length; i++)
        {
            block[i] ^= (byte)pad;
        }

        Sha.Start(_hash, state);
        Sha.Add(_hash, state, block);
    }
}
