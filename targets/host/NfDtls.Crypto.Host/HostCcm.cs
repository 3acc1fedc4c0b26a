using System;
using System.Buffers.Binary;
using System.Numerics;
using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace NfDtls.Crypto.Host;

/// <summary>
/// AES in CCM (RFC 3610, RFC 6655) with a nonce of 12 bytes, out of .NET's AES: its AesCcm allocates for every record and
/// takes several times as long.
/// </summary>
internal sealed class HostCcm : AeadContext
{
    private const int BlockSize = 16;
    private const int ChunkSize = 64 * BlockSize;
    private const int LongestText = 0xFFFFFF;

    private readonly ICryptoTransform _blocks;
    private readonly ICryptoTransform _chain;

    // The last block that came out of the chain: the next one that goes in is XORed with it.
    private readonly byte[] _chained = new byte[BlockSize];
    private readonly byte[] _chunk = new byte[ChunkSize];
    private readonly byte[] _keyStream = new byte[ChunkSize];
    private readonly byte[] _tagMask = new byte[BlockSize];

    internal HostCcm(ReadOnlySpan<byte> key, int tagLength)
    {
        TagLength = tagLength;
        using Aes aes = Aes.Create();
        byte[] copy = key.ToArray();
        aes.Key = copy;
        CryptographicOperations.ZeroMemory(copy);
        aes.Padding = PaddingMode.None;
        aes.Mode = CipherMode.ECB;
        _blocks = aes.CreateEncryptor();
        aes.Mode = CipherMode.CBC;
        aes.IV = new byte[BlockSize];
        _chain = aes.CreateEncryptor();
    }

    public override int TagLength { get; }

    public override void Seal(byte[] nonce, int nonceOffset, byte[] aad, int aadOffset, int aadCount, byte[] data, int offset, int count)
    {
        if (count < 0 || count > LongestText || aadCount < 0 || aadCount >= 0xFF00)
        {
            throw new ArgumentOutOfRangeException(nameof(count));
        }

        Span<byte> text = data.AsSpan(offset, count);
        ReadOnlySpan<byte> nonceBytes = nonce.AsSpan(nonceOffset, 12);
        Span<byte> mac = stackalloc byte[BlockSize];
        ComputeMac(nonceBytes, aad.AsSpan(aadOffset, aadCount), text, mac);
        Crypt(nonceBytes, text);
        Xor(mac, _tagMask);
        mac[..TagLength].CopyTo(data.AsSpan(offset + count));
        CryptographicOperations.ZeroMemory(mac);
    }

    public override bool Open(byte[] nonce, int nonceOffset, byte[] aad, int aadOffset, int aadCount, byte[] data, int offset, int count)
    {
        if (count < 0 || count > LongestText || aadCount < 0 || aadCount >= 0xFF00)
        {
            return false;
        }

        Span<byte> text = data.AsSpan(offset, count);
        ReadOnlySpan<byte> nonceBytes = nonce.AsSpan(nonceOffset, 12);
        Span<byte> mac = stackalloc byte[BlockSize];
        Crypt(nonceBytes, text);
        ComputeMac(nonceBytes, aad.AsSpan(aadOffset, aadCount), text, mac);
        Xor(mac, _tagMask);
        bool genuine = CryptographicOperations.FixedTimeEquals(mac[..TagLength], data.AsSpan(offset + count, TagLength));
        if (!genuine)
        {
            text.Clear();
        }

        CryptographicOperations.ZeroMemory(mac);
        return genuine;
    }

    public override void Clear()
    {
        _blocks.Dispose();
        _chain.Dispose();
        CryptographicOperations.ZeroMemory(_chained);
        CryptographicOperations.ZeroMemory(_chunk);
        CryptographicOperations.ZeroMemory(_keyStream);
        CryptographicOperations.ZeroMemory(_tagMask);
    }

    /// <summary>Encrypts or decrypts, and leaves the tag's mask in <see cref="_tagMask"/>.</summary>
    private void Crypt(ReadOnlySpan<byte> nonce, Span<byte> text)
    {
        // Counter block 0 masks the tag; it goes before the text's own blocks.
        int used = 0;
        uint counter = 0;
        bool first = true;
        while (first || used < text.Length)
        {
            int blocks = Math.Min(ChunkSize / BlockSize, (text.Length - used + BlockSize - 1) / BlockSize + (first ? 1 : 0));
            for (int i = 0; i < blocks; i++)
            {
                Span<byte> block = _chunk.AsSpan(i * BlockSize, BlockSize);
                block[0] = 2;
                nonce.CopyTo(block[1..]);
                BinaryPrimitives.WriteUInt16BigEndian(block[14..], (ushort)counter);
                block[13] = (byte)(counter >> 16);
                counter++;
            }

            _blocks.TransformBlock(_chunk, 0, blocks * BlockSize, _keyStream, 0);
            ReadOnlySpan<byte> keyStream = _keyStream.AsSpan(0, blocks * BlockSize);
            if (first)
            {
                keyStream[..BlockSize].CopyTo(_tagMask);
                keyStream = keyStream[BlockSize..];
                first = false;
            }

            int n = Math.Min(keyStream.Length, text.Length - used);
            Xor(text.Slice(used, n), keyStream[..n]);
            used += n;
        }

        CryptographicOperations.ZeroMemory(_keyStream);
    }

    private void ComputeMac(ReadOnlySpan<byte> nonce, ReadOnlySpan<byte> aad, ReadOnlySpan<byte> text, Span<byte> mac)
    {
        Span<byte> chunk = _chunk;
        chunk[0] = (byte)((aad.Length > 0 ? 0x40 : 0) | (TagLength - 2) / 2 << 3 | 2);
        nonce.CopyTo(chunk[1..]);
        chunk[13] = (byte)(text.Length >> 16);
        BinaryPrimitives.WriteUInt16BigEndian(chunk[14..], (ushort)text.Length);

        // The chain goes on from the record before: taking its last block out again makes it start from zero.
        Xor(chunk[..BlockSize], _chained);
        int used = BlockSize;
        if (aad.Length > 0)
        {
            BinaryPrimitives.WriteUInt16BigEndian(chunk[used..], (ushort)aad.Length);
            Chain(aad, used + 2);
            used = 0;
        }

        Chain(text, used);
        _chained.CopyTo(mac);
        CryptographicOperations.ZeroMemory(_chunk);
    }

    /// <summary>Runs the chunk's first bytes and what is appended to them, filled up with zeros, through the chain.</summary>
    private void Chain(ReadOnlySpan<byte> appended, int used)
    {
        do
        {
            int n = Math.Min(appended.Length, ChunkSize - used);
            appended[..n].CopyTo(_chunk.AsSpan(used));
            appended = appended[n..];
            used += n;
            int whole = (used + BlockSize - 1) & ~(BlockSize - 1);
            _chunk.AsSpan(used, whole - used).Clear();
            if (whole > 0)
            {
                _chain.TransformBlock(_chunk, 0, whole, _chunk, 0);
                _chunk.AsSpan(whole - BlockSize, BlockSize).CopyTo(_chained);
            }

            used = 0;
        }
        while (appended.Length > 0);
    }

    private static void Xor(Span<byte> target, ReadOnlySpan<byte> mask)
    {
        int whole = target.Length / Vector<byte>.Count;
        Span<Vector<byte>> targets = MemoryMarshal.Cast<byte, Vector<byte>>(target);
        ReadOnlySpan<Vector<byte>> masks = MemoryMarshal.Cast<byte, Vector<byte>>(mask);
        for (int i = 0; i < whole; i++)
        {
            targets[i] ^= masks[i];
        }

        for (int i = whole * Vector<byte>.Count; i < target.Length; i++)
        {
            target[i] ^= mask[i];
        }
    }
}
