using System;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace NfDtls.Crypto.Host;

/// <summary>
/// GHASH (SP 800-38D) by products without carries. With the bytes of a block in reverse order, the product of two blocks is
/// that of the polynomials modulo Q = x^128 + x^127 + x^126 + x^121 + 1, divided by x^127 (RFC 8452 appendix A). The key is
/// kept times x, so that a product is to be divided by x^128, which is two steps of Montgomery's reduction: Q's lowest word
/// is 1, so that the multiple of Q which clears a word is that word itself.
/// </summary>
internal readonly ref struct Ghash
{
    /// <summary>Powers of the key that are kept: so many blocks may be summed up before the sum is reduced.</summary>
    internal const int Powers = 9;

    /// <summary>What is kept of a key: its powers from the first on, each with the sum of its halves behind it.</summary>
    internal const int KeyLength = 2 * Powers;

    private readonly ref Vector128<byte> _powers;

    /// <summary>The powers that stand in an array from a place on.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal Ghash(Vector128<byte>[] keys, int offset)
    {
        _powers = ref MemoryMarshal.GetReference(keys.AsSpan(offset, KeyLength));
    }

    // Q without its lowest and its highest bit, which is its second word.
    private static Vector128<ulong> Fold
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get { return Vector128.CreateScalar(0xC200_0000_0000_0000UL); }
    }

    /// <summary>Makes the powers of a key, which is the cipher's block of zeros.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal static void Expand(Vector128<byte> key, Span<Vector128<byte>> powers)
    {
        // Times x: the bit that leaves at the top comes back as Q, and bits do not cross words by themselves.
        Vector128<ulong> h = AesRounds.Reverse(key).AsUInt64();
        Vector128<ulong> carries = Vector128.ShiftRightLogical(h, 63);
        Vector128<ulong> top = Vector128<ulong>.Zero - Sse2.UnpackHigh(carries, carries);
        h = Vector128.ShiftLeft(h, 1) | Sse2.ShiftLeftLogical128BitLane(carries, 8);
        h ^= top & Vector128.Create(1UL, 0xC200_0000_0000_0000UL);
        Vector128<byte> halves = (h ^ Swap(h)).AsByte();
        Vector128<ulong> power = h;
        for (int i = 0; i < KeyLength; i += 2)
        {
            powers[i] = power.AsByte();
            powers[i + 1] = (power ^ Swap(power)).AsByte();
            Vector128<ulong> low = default;
            Vector128<ulong> middle = default;
            Vector128<ulong> high = default;
            Multiply(power, h.AsByte(), halves, ref low, ref middle, ref high);
            power = Reduce(low, middle, high);
        }
    }

    /// <summary>Adds a block times a power, 1 to <see cref="Powers"/>, to a sum of products: its low and high words, and those between by Karatsuba.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal void Multiply(Vector128<ulong> block, int power, ref Vector128<ulong> low, ref Vector128<ulong> middle, ref Vector128<ulong> high)
    {
        int place = 2 * (power - 1);
        Multiply(block, Unsafe.Add(ref _powers, place), Unsafe.Add(ref _powers, place + 1), ref low, ref middle, ref high);
    }

    /// <summary>A sum of products modulo Q, divided by x^128.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static Vector128<ulong> Reduce(Vector128<ulong> low, Vector128<ulong> middle, Vector128<ulong> high)
    {
        middle ^= low ^ high;
        low ^= Sse2.ShiftLeftLogical128BitLane(middle, 8);
        high ^= Sse2.ShiftRightLogical128BitLane(middle, 8);
        low = Swap(low) ^ Pclmulqdq.CarrylessMultiply(low, Fold, 0x00);
        low = Swap(low) ^ Pclmulqdq.CarrylessMultiply(low, Fold, 0x00);
        return high ^ low;
    }

    /// <summary>The sum behind data, filled up with zeros, where it was zero before.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal Vector128<ulong> Add(ReadOnlySpan<byte> data)
    {
        Vector128<ulong> sum = default;
        while (data.Length > 0)
        {
            Vector128<ulong> low = default;
            Vector128<ulong> middle = default;
            Vector128<ulong> high = default;
            for (int power = Math.Min(Powers, (data.Length + Blocks.Size - 1) / Blocks.Size); power > 0; power--)
            {
                int n = Math.Min(data.Length, Blocks.Size);
                Multiply(AesRounds.Reverse(Blocks.Load(data[..n])).AsUInt64() ^ sum, power, ref low, ref middle, ref high);
                sum = default;
                data = data[n..];
            }

            sum = Reduce(low, middle, high);
        }

        return sum;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Multiply(
        Vector128<ulong> block, Vector128<byte> power, Vector128<byte> halves, ref Vector128<ulong> low, ref Vector128<ulong> middle, ref Vector128<ulong> high)
    {
        low ^= Pclmulqdq.CarrylessMultiply(block, power.AsUInt64(), 0x00);
        high ^= Pclmulqdq.CarrylessMultiply(block, power.AsUInt64(), 0x11);
        middle ^= Pclmulqdq.CarrylessMultiply(block ^ Swap(block), halves.AsUInt64(), 0x00);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<ulong> Swap(Vector128<ulong> block)
    {
        return Sse2.Shuffle(block.AsUInt32(), 0x4E).AsUInt64();
    }
}
