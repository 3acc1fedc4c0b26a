using System;
using System.Buffers.Binary;

namespace NfDtls.Tool;

/// <summary>Bytes that end before what they promise, or promise what cannot be.</summary>
internal sealed class MalformedException : Exception
{
    public MalformedException(string reason)
        : base(reason)
    {
    }
}

/// <summary>Reads numbers and vectors as TLS writes them; never past the end, which it throws <see cref="MalformedException"/> for.</summary>
internal ref struct ByteReader
{
    private ReadOnlySpan<byte> _rest;

    public ByteReader(ReadOnlySpan<byte> bytes)
    {
        _rest = bytes;
    }

    public readonly int Left
    {
        get { return _rest.Length; }
    }

    public ReadOnlySpan<byte> Take(int count)
    {
        if (count < 0 || count > _rest.Length)
        {
            throw new MalformedException($"{count} bytes are promised, and {_rest.Length} are there");
        }

        ReadOnlySpan<byte> taken = _rest[..count];
        _rest = _rest[count..];
        return taken;
    }

    public byte[] Bytes(int count)
    {
        return Take(count).ToArray();
    }

    public int U8()
    {
        return Take(1)[0];
    }

    public int U16()
    {
        return BinaryPrimitives.ReadUInt16BigEndian(Take(2));
    }

    public int U24()
    {
        ReadOnlySpan<byte> b = Take(3);
        return (b[0] << 16) | (b[1] << 8) | b[2];
    }

    public long U32()
    {
        return BinaryPrimitives.ReadUInt32BigEndian(Take(4));
    }

    public long U48()
    {
        return ((long)U16() << 32) | U32();
    }

    public ulong U64()
    {
        return BinaryPrimitives.ReadUInt64BigEndian(Take(8));
    }

    /// <summary>The rest of it.</summary>
    public ReadOnlySpan<byte> Rest()
    {
        return Take(_rest.Length);
    }

    /// <summary>A vector with one, two or three bytes of length before it.</summary>
    public ReadOnlySpan<byte> Vector(int lengthBytes)
    {
        return Take(lengthBytes == 1 ? U8() : lengthBytes == 2 ? U16() : U24());
    }
}
