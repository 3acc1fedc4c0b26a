using System;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace NfDtls.Crypto.Host;

/// <summary>
/// AES (FIPS 197) by the processor's instructions, forwards alone, which is all that CCM and GCM want. Keys are those of the
/// rounds, 11 for 128 bits and 15 for 256. Instructions take the same time whatever they work on, and nothing here branches
/// or looks up by what is secret.
/// </summary>
internal readonly ref struct AesRounds
{
    internal const int ShortKey = 11;
    internal const int LongKey = 15;

    // A reference in place of a span, since the compiler keeps what it finds of a span's elements in memory.
    private readonly ref Vector128<byte> _keys;
    private readonly int _last;

    /// <summary>The rounds of a key that stands at the beginning of an array.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal AesRounds(Vector128<byte>[] keys, int count)
    {
        // Ten rounds at the least are done without asking again.
        ArgumentOutOfRangeException.ThrowIfLessThan(count, ShortKey);
        ArgumentOutOfRangeException.ThrowIfLessThan(keys.Length, count);
        _keys = ref MemoryMarshal.GetArrayDataReference(keys);
        _last = count - 1;
    }

    /// <summary>What a block is XORed with before the first round.</summary>
    internal Vector128<byte> FirstKey
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get { return _keys; }
    }

    /// <summary>What a block is XORed with in the last round.</summary>
    internal Vector128<byte> LastKey
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get { return Key(_last); }
    }

    /// <summary>How many round keys a key has.</summary>
    internal static int KeysOf(ReadOnlySpan<byte> key)
    {
        return key.Length == 16 ? ShortKey : LongKey;
    }

    /// <summary>Makes the round keys.</summary>
    internal static void Expand(ReadOnlySpan<byte> key, Span<Vector128<byte>> keys)
    {
        if (key.Length == 16)
        {
            ExpandShort(key, keys);
        }
        else
        {
            ExpandLong(key, keys);
        }
    }

    /// <summary>The bytes in reverse order: the last one, the lowest of a number in network order, comes first.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static Vector128<byte> Reverse(Vector128<byte> block)
    {
        return Ssse3.Shuffle(block, Vector128.Create((byte)15, 14, 13, 12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1, 0));
    }

    /// <summary>One block.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal Vector128<byte> Encrypt(Vector128<byte> block)
    {
        return Last(Middle(block ^ FirstKey));
    }

    /// <summary>All rounds but the last, of a block that has been XORed with the first key.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal Vector128<byte> Middle(Vector128<byte> a)
    {
        a = Aes.Encrypt(a, Key(1));
        a = Aes.Encrypt(a, Key(2));
        a = Aes.Encrypt(a, Key(3));
        a = Aes.Encrypt(a, Key(4));
        a = Aes.Encrypt(a, Key(5));
        a = Aes.Encrypt(a, Key(6));
        a = Aes.Encrypt(a, Key(7));
        a = Aes.Encrypt(a, Key(8));
        a = Aes.Encrypt(a, Key(9));
        for (int i = ShortKey - 1; i < _last; i++)
        {
            a = Aes.Encrypt(a, Key(i));
        }

        return a;
    }

    /// <summary>The same for two blocks at once: an instruction's result takes some cycles, in which others can begin.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal void Middle(ref Vector128<byte> first, ref Vector128<byte> second)
    {
        Vector128<byte> a = Aes.Encrypt(first, Key(1));
        Vector128<byte> b = Aes.Encrypt(second, Key(1));
        a = Aes.Encrypt(a, Key(2));
        b = Aes.Encrypt(b, Key(2));
        a = Aes.Encrypt(a, Key(3));
        b = Aes.Encrypt(b, Key(3));
        a = Aes.Encrypt(a, Key(4));
        b = Aes.Encrypt(b, Key(4));
        a = Aes.Encrypt(a, Key(5));
        b = Aes.Encrypt(b, Key(5));
        a = Aes.Encrypt(a, Key(6));
        b = Aes.Encrypt(b, Key(6));
        a = Aes.Encrypt(a, Key(7));
        b = Aes.Encrypt(b, Key(7));
        a = Aes.Encrypt(a, Key(8));
        b = Aes.Encrypt(b, Key(8));
        a = Aes.Encrypt(a, Key(9));
        b = Aes.Encrypt(b, Key(9));
        for (int i = ShortKey - 1; i < _last; i++)
        {
            a = Aes.Encrypt(a, Key(i));
            b = Aes.Encrypt(b, Key(i));
        }

        first = a;
        second = b;
    }

    /// <summary>The last round, without what is XORed with the result: <see cref="LastKey"/> and whatever goes with it.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static Vector128<byte> Last(Vector128<byte> block, Vector128<byte> joint)
    {
        return Aes.EncryptLast(block, joint);
    }

    /// <summary>The last round.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal Vector128<byte> Last(Vector128<byte> block)
    {
        return Aes.EncryptLast(block, LastKey);
    }

    /// <summary>A round's key.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal Vector128<byte> Key(int round)
    {
        // At most _last, which lies within the array: the constructor has seen to it.
        return Unsafe.Add(ref _keys, round);
    }

    /// <summary>The number of the last round, 10 or 14, whose key is <see cref="LastKey"/>; the rounds before it are numbered from 1 on.</summary>
    internal int LastRound
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get { return _last; }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void ExpandShort(ReadOnlySpan<byte> key, Span<Vector128<byte>> keys)
    {
        Vector128<byte> k = Vector128.Create(key);
        keys[0] = k;
        keys[1] = k = Next(k, Word3(Aes.KeygenAssist(k, 0x01)));
        keys[2] = k = Next(k, Word3(Aes.KeygenAssist(k, 0x02)));
        keys[3] = k = Next(k, Word3(Aes.KeygenAssist(k, 0x04)));
        keys[4] = k = Next(k, Word3(Aes.KeygenAssist(k, 0x08)));
        keys[5] = k = Next(k, Word3(Aes.KeygenAssist(k, 0x10)));
        keys[6] = k = Next(k, Word3(Aes.KeygenAssist(k, 0x20)));
        keys[7] = k = Next(k, Word3(Aes.KeygenAssist(k, 0x40)));
        keys[8] = k = Next(k, Word3(Aes.KeygenAssist(k, 0x80)));
        keys[9] = k = Next(k, Word3(Aes.KeygenAssist(k, 0x1B)));
        keys[10] = Next(k, Word3(Aes.KeygenAssist(k, 0x36)));
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void ExpandLong(ReadOnlySpan<byte> key, Span<Vector128<byte>> keys)
    {
        Vector128<byte> even = Vector128.Create(key[..16]);
        Vector128<byte> odd = Vector128.Create(key[16..]);
        keys[0] = even;
        keys[1] = odd;
        keys[2] = even = Next(even, Word3(Aes.KeygenAssist(odd, 0x01)));
        keys[3] = odd = Next(odd, Word2(Aes.KeygenAssist(even, 0)));
        keys[4] = even = Next(even, Word3(Aes.KeygenAssist(odd, 0x02)));
        keys[5] = odd = Next(odd, Word2(Aes.KeygenAssist(even, 0)));
        keys[6] = even = Next(even, Word3(Aes.KeygenAssist(odd, 0x04)));
        keys[7] = odd = Next(odd, Word2(Aes.KeygenAssist(even, 0)));
        keys[8] = even = Next(even, Word3(Aes.KeygenAssist(odd, 0x08)));
        keys[9] = odd = Next(odd, Word2(Aes.KeygenAssist(even, 0)));
        keys[10] = even = Next(even, Word3(Aes.KeygenAssist(odd, 0x10)));
        keys[11] = odd = Next(odd, Word2(Aes.KeygenAssist(even, 0)));
        keys[12] = even = Next(even, Word3(Aes.KeygenAssist(odd, 0x20)));
        keys[13] = odd = Next(odd, Word2(Aes.KeygenAssist(even, 0)));
        keys[14] = Next(even, Word3(Aes.KeygenAssist(odd, 0x40)));
    }

    /// <summary>Each word of the result is the XOR of the words up to it, and of what came through the S-box.</summary>
    private static Vector128<byte> Next(Vector128<byte> k, Vector128<byte> substituted)
    {
        k ^= Sse2.ShiftLeftLogical128BitLane(k, 4);
        k ^= Sse2.ShiftLeftLogical128BitLane(k, 8);
        return k ^ substituted;
    }

    private static Vector128<byte> Word3(Vector128<byte> assist)
    {
        return Sse2.Shuffle(assist.AsUInt32(), 0xFF).AsByte();
    }

    private static Vector128<byte> Word2(Vector128<byte> assist)
    {
        return Sse2.Shuffle(assist.AsUInt32(), 0xAA).AsByte();
    }
}
