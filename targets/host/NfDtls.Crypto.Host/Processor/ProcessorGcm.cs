using System;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Security.Cryptography;

namespace NfDtls.Crypto.Host;

/// <summary>
/// AES in GCM (SP 800-38D) with a nonce of 12 bytes and a tag of 16, by the processor's instructions: eight blocks at a time,
/// whose products are summed up and reduced once.
/// </summary>
internal sealed class ProcessorGcm : AeadContext
{
    private readonly int _count;

    // The round keys, and behind them the powers of the hash's key.
    private Vector128<byte>[] _keys;

    internal ProcessorGcm(ReadOnlySpan<byte> key)
    {
        _count = AesRounds.KeysOf(key);
        _keys = PinnedKeys.Rent(_count + Ghash.KeyLength);
        AesRounds.Expand(key, _keys);
        Ghash.Expand(new AesRounds(_keys, _count).Encrypt(default), _keys.AsSpan(_count));
    }

    /// <summary>Wipes the keys of a context that nobody has cleared. None is under work then: a record's last step reads the field.</summary>
    ~ProcessorGcm()
    {
        PinnedKeys.Return(ref _keys);
    }

    public override int TagLength => 16;

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override void Seal(byte[] nonce, int nonceOffset, byte[] aad, int aadOffset, int aadCount, byte[] data, int offset, int count)
    {
        Vector128<byte>[] keys = _keys;
        ObjectDisposedException.ThrowIf(keys.Length == 0, this);
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        Span<byte> tag = data.AsSpan(offset, count + TagLength)[count..];
        Crypt(keys, Blocks.Nonce(nonce, nonceOffset), aad.AsSpan(aadOffset, aadCount), data.AsSpan(offset, count), true).CopyTo(tag);
        if (!PinnedKeys.AreStill(keys, in _keys))
        {
            data.AsSpan(offset, count + TagLength).Clear();
            throw new ObjectDisposedException(nameof(ProcessorGcm));
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override bool Open(byte[] nonce, int nonceOffset, byte[] aad, int aadOffset, int aadCount, byte[] data, int offset, int count)
    {
        Vector128<byte>[] keys = _keys;
        ObjectDisposedException.ThrowIf(keys.Length == 0, this);
        if (count < 0 || aadCount < 0)
        {
            return false;
        }

        ReadOnlySpan<byte> tag = data.AsSpan(offset, count + TagLength)[count..];
        Span<byte> text = data.AsSpan(offset, count);
        bool genuine = Blocks.IsTag(Crypt(keys, Blocks.Nonce(nonce, nonceOffset), aad.AsSpan(aadOffset, aadCount), text, false), tag);
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

    /// <summary>Encrypts or decrypts a text, and gives the tag that belongs to it.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private Vector128<byte> Crypt(Vector128<byte>[] keys, Vector128<byte> nonce, ReadOnlySpan<byte> aad, Span<byte> text, bool encrypts)
    {
        AesRounds rounds = new(keys, _count);
        Ghash hash = new(keys, _count);
        Vector128<ulong> lengths = Vector128.Create(8UL * (ulong)text.Length, 8UL * (ulong)aad.Length);
        Vector128<uint> counter = AesRounds.Reverse(nonce).AsUInt32() | Vector128.CreateScalar(1u);
        Vector128<byte> tagMask = rounds.Encrypt(AesRounds.Reverse(counter.AsByte()));
        Vector128<ulong> sum = hash.Add(aad);
        counter += Vector128.CreateScalar(1u);
        if (text.Length >= CounterBlocks.Batch * Blocks.Size)
        {
            Span<Vector128<byte>> blocks = Blocks.Of(text);
            int batches = blocks.Length / CounterBlocks.Batch;
            sum = encrypts ? EncryptBatches(rounds, hash, counter, blocks, batches, sum) : DecryptBatches(rounds, hash, counter, blocks, batches, sum);
            counter += Vector128.CreateScalar((uint)(batches * CounterBlocks.Batch));
            text = text[(batches * CounterBlocks.Batch * Blocks.Size)..];
        }

        Span<Vector128<byte>> stream = stackalloc Vector128<byte>[CounterBlocks.Batch];
        return AesRounds.Reverse(Finish(rounds, hash, counter, text, encrypts, sum, lengths, stream).AsByte()) ^ tagMask;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static Vector128<ulong> EncryptBatches(AesRounds rounds, Ghash hash, Vector128<uint> counter, Span<Vector128<byte>> blocks, int batches, Vector128<ulong> sum)
    {
        const int Batch = CounterBlocks.Batch;
        CounterBlocks.Crypt(rounds, counter, blocks[..Batch]);
        for (int i = 1; i < batches; i++)
        {
            counter += Vector128.CreateScalar((uint)Batch);
            sum = CounterBlocks.CryptAndHash(rounds, hash, counter, blocks.Slice(i * Batch, Batch), blocks.Slice((i - 1) * Batch, Batch), sum);
        }

        Vector128<ulong> low = default;
        Vector128<ulong> middle = default;
        Vector128<ulong> high = default;
        ReadOnlySpan<Vector128<byte>> last = blocks.Slice((batches - 1) * Batch, Batch);
        for (int i = 0; i < last.Length; i++)
        {
            hash.Multiply(AesRounds.Reverse(last[i]).AsUInt64() ^ sum, Batch - i, ref low, ref middle, ref high);
            sum = default;
        }

        return Ghash.Reduce(low, middle, high);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static Vector128<ulong> DecryptBatches(AesRounds rounds, Ghash hash, Vector128<uint> counter, Span<Vector128<byte>> blocks, int batches, Vector128<ulong> sum)
    {
        const int Batch = CounterBlocks.Batch;
        for (int i = 0; i < batches; i++)
        {
            Span<Vector128<byte>> batch = blocks.Slice(i * Batch, Batch);
            sum = CounterBlocks.CryptAndHash(rounds, hash, counter, batch, batch, sum);
            counter += Vector128.CreateScalar((uint)Batch);
        }

        return sum;
    }

    /// <summary>
    /// What is left of the text, less than a batch, and the lengths in the same sum. The stream is room for a batch's key
    /// stream, zeros before and afterwards.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal static Vector128<ulong> Finish(
        AesRounds rounds, Ghash hash, Vector128<uint> counter, Span<byte> text, bool encrypts, Vector128<ulong> sum, Vector128<ulong> lengths,
        Span<Vector128<byte>> stream)
    {
        Vector128<ulong> low = default;
        Vector128<ulong> middle = default;
        Vector128<ulong> high = default;
        int left = (text.Length + Blocks.Size - 1) / Blocks.Size;
        if (left > 0)
        {
            if (left <= 4)
            {
                CounterBlocks.EncryptFour(rounds, counter, stream);
            }
            else
            {
                CounterBlocks.Crypt(rounds, counter, stream);
            }

            for (int i = 0; i < left; i++)
            {
                int n = Math.Min(text.Length, Blocks.Size);
                Vector128<byte> before = Blocks.Load(text[..n]);
                Vector128<byte> after = before ^ stream[i];
                if (n < Blocks.Size)
                {
                    after = Blocks.KeepPart(after, n);
                }

                Blocks.Store(after, text[..n]);
                hash.Multiply(AesRounds.Reverse(encrypts ? after : before).AsUInt64() ^ sum, left + 1 - i, ref low, ref middle, ref high);
                sum = default;
                text = text[n..];
            }

            CryptographicOperations.ZeroMemory(MemoryMarshal.AsBytes(stream));
        }

        hash.Multiply(lengths ^ sum, 1, ref low, ref middle, ref high);
        return Ghash.Reduce(low, middle, high);
    }
}
