using System;
using NfDtls.Crypto.Software;

namespace NfDtls.Tests.Crypto;

/// <summary>No hash at all, but one that counts how often it is asked to take in a block, and to give a digest.</summary>
internal sealed class ToyHash : BlockHash
{
    private readonly uint[] _state;

    internal ToyHash()
        : this(new uint[8])
    {
    }

    private ToyHash(uint[] state)
        : base(state, new uint[8], new byte[64])
    {
        _state = state;
    }

    internal int Compressions;
    internal int Digests;

    public override int Size
    {
        get { return 32; }
    }

    internal override void Compress(byte[] data, int offset)
    {
        Compressions++;
        for (int i = 0; i < 64; i++)
        {
            _state[i & 7] = _state[i & 7] * 31 + data[offset + i];
        }
    }

    internal override void WriteState(byte[] destination, int offset)
    {
        Digests++;
        for (int i = 0; i < 8; i++)
        {
            BigEndian.Store32(destination, offset + 4 * i, (int)_state[i]);
        }
    }

    internal override Array NewState()
    {
        return new uint[8];
    }

    protected override void Restart()
    {
        Array.Clear(_state, 0, 8);
    }

    protected override void ClearSchedule()
    {
    }
}
