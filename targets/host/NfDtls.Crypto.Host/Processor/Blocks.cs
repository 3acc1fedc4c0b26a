using System;
using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace NfDtls.Crypto.Host;

/// <summary>Bytes as blocks of 16. What is read and written is what the spans hold, never a byte beside it.</summary>
internal static class Blocks
{
    internal const int Size = 16;

    /// <summary>The whole blocks of a text, wherever it begins.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static Span<Vector128<byte>> Of(Span<byte> text)
    {
        return MemoryMarshal.Cast<byte, Vector128<byte>>(text);
    }

    /// <summary>The 12 bytes of a nonce in the first bytes of a block, and zeros.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static Vector128<byte> Nonce(byte[] nonce, int offset)
    {
        ReadOnlySpan<byte> bytes = nonce.AsSpan(offset, 12);
        return Vector128.Create(BinaryPrimitives.ReadUInt64LittleEndian(bytes), BinaryPrimitives.ReadUInt32LittleEndian(bytes[8..])).AsByte();
    }

    /// <summary>0 to 16 bytes, and zeros behind them.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static Vector128<byte> Load(ReadOnlySpan<byte> bytes)
    {
        return bytes.Length == Size ? Vector128.Create(bytes) : LoadPart(bytes);
    }

    /// <summary>Writes the first 0 to 16 bytes of a block.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static void Store(Vector128<byte> block, Span<byte> bytes)
    {
        if (bytes.Length == Size)
        {
            block.CopyTo(bytes);
        }
        else
        {
            StorePart(block, bytes);
        }
    }

    /// <summary>0 to 15 bytes, and zeros behind them.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal static Vector128<byte> LoadPart(ReadOnlySpan<byte> bytes)
    {
        int count = bytes.Length;
        if (count >= 8)
        {
            // The second half is read from the end, so that some bytes come twice, and those are shifted out.
            ulong end = count == 8 ? 0 : BinaryPrimitives.ReadUInt64LittleEndian(bytes[(count - 8)..]) >> 8 * (16 - count);
            return Vector128.Create(BinaryPrimitives.ReadUInt64LittleEndian(bytes), end).AsByte();
        }

        ulong word = 0;
        if (count >= 4)
        {
            word = BinaryPrimitives.ReadUInt32LittleEndian(bytes) | (ulong)BinaryPrimitives.ReadUInt32LittleEndian(bytes[(count - 4)..]) << 8 * (count - 4);
        }
        else if (count > 0)
        {
            word = bytes[0] | (ulong)bytes[count / 2] << 8 * (count / 2) | (ulong)bytes[count - 1] << 8 * (count - 1);
        }

        return Vector128.CreateScalar(word).AsByte();
    }

    /// <summary>Writes the first 0 to 15 bytes of a block.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal static void StorePart(Vector128<byte> block, Span<byte> bytes)
    {
        int count = bytes.Length;
        ulong first = block.AsUInt64().ToScalar();
        if (count >= 8)
        {
            BinaryPrimitives.WriteUInt64LittleEndian(bytes, first);
            if (count > 8)
            {
                ulong second = block.AsUInt64().GetElement(1);
                BinaryPrimitives.WriteUInt64LittleEndian(bytes[(count - 8)..], first >> 8 * (count - 8) | second << 8 * (16 - count));
            }
        }
        else if (count >= 4)
        {
            BinaryPrimitives.WriteUInt32LittleEndian(bytes, (uint)first);
            BinaryPrimitives.WriteUInt32LittleEndian(bytes[(count - 4)..], (uint)(first >> 8 * (count - 4)));
        }
        else if (count > 0)
        {
            bytes[0] = (byte)first;
            bytes[count / 2] = (byte)(first >> 8 * (count / 2));
            bytes[count - 1] = (byte)(first >> 8 * (count - 1));
        }
    }

    /// <summary>A block of which only the first 0 to 15 bytes are kept.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal static Vector128<byte> KeepPart(Vector128<byte> block, int count)
    {
        Vector128<byte> places = Vector128.Create((byte)0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15);
        return block & Vector128.LessThan(places, Vector128.Create((byte)count));
    }

    /// <summary>Writes a tag of 8 or 16 bytes.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static void StoreTag(Vector128<byte> tag, Span<byte> bytes)
    {
        if (bytes.Length == Size)
        {
            tag.CopyTo(bytes);
        }
        else
        {
            BinaryPrimitives.WriteUInt64LittleEndian(bytes, tag.AsUInt64().ToScalar());
        }
    }

    /// <summary>Whether a tag of 8 or 16 bytes is the right one: all of its bytes are compared before anything is decided.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static bool IsTag(Vector128<byte> tag, ReadOnlySpan<byte> bytes)
    {
        ulong first = tag.AsUInt64().ToScalar() ^ BinaryPrimitives.ReadUInt64LittleEndian(bytes);
        ulong second = bytes.Length == Size ? tag.AsUInt64().GetElement(1) ^ BinaryPrimitives.ReadUInt64LittleEndian(bytes[8..]) : 0;
        return (first | second) == 0;
    }
}
