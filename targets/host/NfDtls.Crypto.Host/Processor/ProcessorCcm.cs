using System;
using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace NfDtls.Crypto.Host;

/// <summary>
/// AES in CCM (RFC 3610, RFC 6655) with a nonce of 12 bytes, by the processor's instructions. The MAC's blocks come one after
/// the other; each is encrypted side by side with a block of the key stream, which so takes no time of its own.
/// </summary>
internal sealed class ProcessorCcm : AeadContext
{
    private const int LongestText = 0xFFFFFF;

    private readonly int _count;
    private Vector128<byte>[] _keys;

    internal ProcessorCcm(ReadOnlySpan<byte> key, int tagLength)
    {
        TagLength = tagLength;
        _count = AesRounds.KeysOf(key);
        _keys = PinnedKeys.Rent(_count);
        AesRounds.Expand(key, _keys);
    }

    /// <summary>Wipes the keys of a context that nobody has cleared. None is under work then: a record's last step reads the field.</summary>
    ~ProcessorCcm()
    {
        PinnedKeys.Return(ref _keys);
    }

    public override int TagLength { get; }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override void Seal(byte[] nonce, int nonceOffset, byte[] aad, int aadOffset, int aadCount, byte[] data, int offset, int count)
    {
        Vector128<byte>[] keys = _keys;
        ObjectDisposedException.ThrowIf(keys.Length == 0, this);
        if (count < 0 || count > LongestText || aadCount < 0 || aadCount >= 0xFF00)
        {
            throw new ArgumentOutOfRangeException(nameof(count));
        }

        AesRounds rounds = new(keys, _count);
        Span<byte> tag = data.AsSpan(offset, count + TagLength)[count..];
        Span<byte> text = data.AsSpan(offset, count);
        Vector128<byte> nonceBlock = Sse2.ShiftLeftLogical128BitLane(Blocks.Nonce(nonce, nonceOffset), 1);
        Vector128<uint> counter = Counter(nonceBlock);
        Vector128<byte> beginning = FirstBlock(nonceBlock, aadCount, count) ^ rounds.FirstKey;
        Vector128<byte> tagMask = AesRounds.Reverse(counter.AsByte()) ^ rounds.FirstKey;
        rounds.Middle(ref beginning, ref tagMask);
        tagMask = rounds.Last(tagMask);

        // A chain's block is XORed with the last key, the next block and the first key: all three by one instruction.
        Vector128<byte> joint = rounds.LastKey ^ rounds.FirstKey;
        Vector128<byte> chain = AddAdditional(rounds, joint, beginning, aad.AsSpan(aadOffset, aadCount));
        chain = SealBlocks(rounds, joint, chain, counter, Blocks.Of(text));
        counter += Vector128.CreateScalar((uint)(count / Blocks.Size));
        Span<byte> rest = text[(count & ~(Blocks.Size - 1))..];
        if (rest.Length > 0)
        {
            Vector128<byte> plain = Blocks.LoadPart(rest);
            counter += Vector128.CreateScalar(1u);
            Vector128<byte> stream = AesRounds.Reverse(counter.AsByte()) ^ rounds.FirstKey;
            chain = AesRounds.Last(chain, joint ^ plain);
            rounds.Middle(ref chain, ref stream);
            Blocks.StorePart(plain ^ rounds.Last(stream), rest);
        }

        Blocks.StoreTag(AesRounds.Last(chain, rounds.LastKey ^ tagMask), tag);
        if (!PinnedKeys.AreStill(keys, in _keys))
        {
            data.AsSpan(offset, count + TagLength).Clear();
            throw new ObjectDisposedException(nameof(ProcessorCcm));
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override bool Open(byte[] nonce, int nonceOffset, byte[] aad, int aadOffset, int aadCount, byte[] data, int offset, int count)
    {
        Vector128<byte>[] keys = _keys;
        ObjectDisposedException.ThrowIf(keys.Length == 0, this);
        if (count < 0 || count > LongestText || aadCount < 0 || aadCount >= 0xFF00)
        {
            return false;
        }

        AesRounds rounds = new(keys, _count);
        ReadOnlySpan<byte> tag = data.AsSpan(offset, count + TagLength)[count..];
        Span<byte> text = data.AsSpan(offset, count);
        Vector128<byte> nonceBlock = Sse2.ShiftLeftLogical128BitLane(Blocks.Nonce(nonce, nonceOffset), 1);
        Vector128<uint> counter = Counter(nonceBlock);
        Vector128<byte> tagMask = AesRounds.Reverse(counter.AsByte()) ^ rounds.FirstKey;
        Vector128<byte> beginning = FirstBlock(nonceBlock, aadCount, count) ^ rounds.FirstKey;
        rounds.Middle(ref beginning, ref tagMask);
        tagMask = rounds.Last(tagMask);
        Vector128<byte> joint = rounds.LastKey ^ rounds.FirstKey;
        Vector128<byte> chain = AddAdditional(rounds, joint, beginning, aad.AsSpan(aadOffset, aadCount));
        chain = OpenBlocks(rounds, joint, chain, counter, Blocks.Of(text));
        Span<byte> rest = text[(count & ~(Blocks.Size - 1))..];
        if (rest.Length > 0)
        {
            counter += Vector128.CreateScalar((uint)(count / Blocks.Size) + 1);
            Vector128<byte> stream = rounds.Encrypt(AesRounds.Reverse(counter.AsByte()));
            Vector128<byte> plain = Blocks.KeepPart(Blocks.LoadPart(rest) ^ stream, rest.Length);
            Blocks.StorePart(plain, rest);
            chain = rounds.Middle(AesRounds.Last(chain, joint ^ plain));
        }

        bool genuine = Blocks.IsTag(AesRounds.Last(chain, rounds.LastKey ^ tagMask), tag);
        bool isOwn = PinnedKeys.AreStill(keys, in _keys);
        if (!genuine || !isOwn)
        {
            text.Clear();
            ObjectDisposedException.ThrowIf(!isOwn, this);
        }

        return genuine;
    }

    public override void Clear()
    {
        PinnedKeys.Return(ref _keys);
        GC.SuppressFinalize(this);
    }

    /// <summary>The block that the MAC begins with: what is there, the nonce, the text's length in 3 bytes.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private Vector128<byte> FirstBlock(Vector128<byte> nonce, int aadCount, int count)
    {
        uint flags = (uint)((aadCount > 0 ? 0x40 : 0) | (TagLength - 2) / 2 << 3 | 2);
        uint length = BinaryPrimitives.ReverseEndianness((uint)count);
        return nonce | Vector128.Create(flags, 0, 0, length).AsByte();
    }

    /// <summary>The counter block of number 0, its bytes in reverse order: the number has 3 bytes, which a text does not exhaust.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<uint> Counter(Vector128<byte> nonce)
    {
        return AesRounds.Reverse(nonce | Vector128.CreateScalar((byte)2)).AsUInt32();
    }

    /// <summary>Encrypts whole blocks, whose counter blocks come behind the one that is given.</summary>
    /// <returns>The chain behind them.</returns>
    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    private static Vector128<byte> SealBlocks(
        AesRounds rounds, Vector128<byte> joint, Vector128<byte> chain, Vector128<uint> counter, Span<Vector128<byte>> blocks)
    {
        foreach (ref Vector128<byte> block in blocks)
        {
            Vector128<byte> plain = block;
            counter += Vector128.CreateScalar(1u);
            Vector128<byte> stream = AesRounds.Reverse(counter.AsByte()) ^ rounds.FirstKey;
            chain = AesRounds.Last(chain, joint ^ plain);
            rounds.Middle(ref chain, ref stream);
            block = plain ^ rounds.Last(stream);
        }

        return chain;
    }

    /// <summary>Decrypts whole blocks: the key stream is a block ahead of the chain, which goes over what it uncovers.</summary>
    /// <returns>The chain behind them.</returns>
    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    private static Vector128<byte> OpenBlocks(
        AesRounds rounds, Vector128<byte> joint, Vector128<byte> chain, Vector128<uint> counter, Span<Vector128<byte>> blocks)
    {
        counter += Vector128.CreateScalar(1u);
        Vector128<byte> stream = rounds.Middle(AesRounds.Reverse(counter.AsByte()) ^ rounds.FirstKey);
        foreach (ref Vector128<byte> block in blocks)
        {
            Vector128<byte> plain = block ^ rounds.Last(stream);
            block = plain;
            counter += Vector128.CreateScalar(1u);
            stream = AesRounds.Reverse(counter.AsByte()) ^ rounds.FirstKey;
            chain = AesRounds.Last(chain, joint ^ plain);
            rounds.Middle(ref chain, ref stream);
        }

        return chain;
    }

    /// <summary>The additional data, behind their length in 2 bytes: the first block has 14 of them.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static Vector128<byte> AddAdditional(AesRounds rounds, Vector128<byte> joint, Vector128<byte> chain, ReadOnlySpan<byte> aad)
    {
        if (aad.Length == 0)
        {
            return chain;
        }

        int first = Math.Min(aad.Length, Blocks.Size - 2);
        Vector128<byte> block = Sse2.ShiftLeftLogical128BitLane(Blocks.LoadPart(aad[..first]), 2)
            | Vector128.CreateScalar(BinaryPrimitives.ReverseEndianness((ushort)aad.Length)).AsByte();
        chain = rounds.Middle(AesRounds.Last(chain, joint ^ block));
        aad = aad[first..];
        while (aad.Length > 0)
        {
            int n = Math.Min(aad.Length, Blocks.Size);
            block = Blocks.Load(aad[..n]);
            chain = rounds.Middle(AesRounds.Last(chain, joint ^ block));
            aad = aad[n..];
        }

        return chain;
    }
}
