using System;
using System.Buffers.Binary;
using System.Numerics;

namespace NfDtls.Crypto.Host;

/// <summary>Masks by ChaCha20 (RFC 8439 section 2.3), which .NET has with Poly1305 only: the sample is counter and nonce.</summary>
internal sealed class HostChaChaMask : MaskContext
{
    private readonly uint[] _input = new uint[16];

    internal HostChaChaMask(ReadOnlySpan<byte> key)
    {
        // "expand 32-byte k"
        _input[0] = 0x61707865;
        _input[1] = 0x3320646E;
        _input[2] = 0x79622D32;
        _input[3] = 0x6B206574;
        for (int i = 0; i < 8; i++)
        {
            _input[4 + i] = BinaryPrimitives.ReadUInt32LittleEndian(key[(4 * i)..]);
        }
    }

    public override void Compute(byte[] sample, int offset, byte[] mask, int maskOffset)
    {
        for (int i = 0; i < 4; i++)
        {
            _input[12 + i] = BinaryPrimitives.ReadUInt32LittleEndian(sample.AsSpan(offset + (4 * i)));
        }

        Span<uint> work = stackalloc uint[16];
        _input.CopyTo(work);
        for (int i = 0; i < 10; i++)
        {
            for (int column = 0; column < 4; column++)
            {
                QuarterRound(ref work[column], ref work[4 + column], ref work[8 + column], ref work[12 + column]);
            }

            for (int column = 0; column < 4; column++)
            {
                QuarterRound(ref work[column], ref work[4 + ((column + 1) & 3)], ref work[8 + ((column + 2) & 3)], ref work[12 + ((column + 3) & 3)]);
            }
        }

        for (int i = 0; i < 4; i++)
        {
            BinaryPrimitives.WriteUInt32LittleEndian(mask.AsSpan(maskOffset + (4 * i)), work[i] + _input[i]);
        }

        work.Clear();
    }

    public override void Clear()
    {
        Array.Clear(_input);
    }

    private static void QuarterRound(ref uint a, ref uint b, ref uint c, ref uint d)
    {
        a += b;
        d = BitOperations.RotateLeft(d ^ a, 16);
        c += d;
        b = BitOperations.RotateLeft(b ^ c, 12);
        a += b;
        d = BitOperations.RotateLeft(d ^ a, 8);
        c += d;
        b = BitOperations.RotateLeft(b ^ c, 7);
    }
}
