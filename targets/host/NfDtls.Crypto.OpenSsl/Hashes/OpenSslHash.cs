using System;

namespace NfDtls.Crypto.OpenSsl;

/// <summary>A hash of OpenSSL's.</summary>
internal sealed unsafe class OpenSslHash : HashContext
{
    private readonly int _hash;
    private readonly ulong[] _state = new ulong[Sha.StateWords];

    internal OpenSslHash(int hash)
    {
        _hash = hash;
        Size = CryptoAlgorithm.HashSize(hash);
        Reset();
    }

    public override int Size { get; }

    public override void Update(byte[] data, int offset, int count)
    {
        fixed (ulong* state = _state)
        {
            Sha.Add(_hash, state, data.AsSpan(offset, count));
        }
    }

    public override void Peek(byte[] destination, int offset)
    {
        ulong* copy = stackalloc ulong[Sha.StateWords];
        Span<ulong> words = new(copy, Sha.StateWords);
        _state.CopyTo(words);
        Sha.End(_hash, copy, destination.AsSpan(offset, Size));
        words.Clear();
    }

    public override void Reset()
    {
        fixed (ulong* state = _state)
        {
            Array.Clear(_state);
            Sha.Start(_hash, state);
        }
    }
}
