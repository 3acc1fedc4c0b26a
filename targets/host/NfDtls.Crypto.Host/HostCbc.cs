using System;
using System.Security.Cryptography;

namespace NfDtls.Crypto.Host;

/// <summary>AES-CBC with HMAC, in both orders, out of .NET's AES and HMAC.</summary>
/// <remarks>
/// MAC-then-encrypt invites the Lucky Thirteen attack. Padding and MAC are checked without branches and indices that depend
/// on the plaintext, and a second hash runs as many compressions as the MAC of the longest possible plaintext would have
/// needed more. What remains is .NET's own copying of the last, partial block. Encrypt-then-MAC has nothing of this.
/// </remarks>
internal sealed class HostCbc : CbcContext
{
    private const int BlockSize = 16;
    private const int HashBlock = 64;
    private const int LongestRecord = 0xFFFF - BlockSize;

    private readonly IncrementalHash _hmac;
    private readonly IncrementalHash _filler;
    private readonly ICryptoTransform _encryptor;
    private readonly ICryptoTransform _decryptor;
    private readonly bool _encryptThenMac;
    private readonly int _macLength;

    // .NET chains one record to the next; these are the blocks that its chains stand at.
    private readonly byte[] _encryptChain = new byte[BlockSize];
    private readonly byte[] _decryptChain = new byte[BlockSize];
    private readonly byte[] _fill = new byte[8 * HashBlock];

    internal HostCbc(HashAlgorithmName hash, ReadOnlySpan<byte> macKey, ReadOnlySpan<byte> cipherKey, bool encryptThenMac)
    {
        _hmac = IncrementalHash.CreateHMAC(hash, macKey);
        _filler = IncrementalHash.CreateHash(hash);
        _macLength = macKey.Length;
        _encryptThenMac = encryptThenMac;
        using Aes aes = Aes.Create();
        byte[] copy = cipherKey.ToArray();
        aes.Key = copy;
        CryptographicOperations.ZeroMemory(copy);
        aes.Padding = PaddingMode.None;
        aes.Mode = CipherMode.CBC;
        aes.IV = new byte[BlockSize];
        _encryptor = aes.CreateEncryptor();
        _decryptor = aes.CreateDecryptor();
    }

    public override int MaxOverhead => BlockSize + _macLength;

    public override int Seal(byte[] header, int headerOffset, int headerCount, byte[] iv, int ivOffset, byte[] data, int offset, int count)
    {
        if (count < 0 || count > LongestRecord - MaxOverhead)
        {
            throw new ArgumentOutOfRangeException(nameof(count));
        }

        Span<byte> macInput = header.AsSpan(headerOffset, headerCount);
        ReadOnlySpan<byte> ivBytes = iv.AsSpan(ivOffset, BlockSize);
        if (_encryptThenMac)
        {
            count = CbcText.Pad(data, offset, count);
            Encrypt(ivBytes, data, offset, count);
            ComputeMac(macInput, ivBytes, data.AsSpan(offset, count), data.AsSpan(offset + count, _macLength));
            return count + _macLength;
        }

        CbcText.WriteLength(macInput, count);
        _hmac.AppendData(macInput);
        _hmac.AppendData(data.AsSpan(offset, count));
        _hmac.GetHashAndReset(data.AsSpan(offset + count, _macLength));
        count = CbcText.Pad(data, offset, count + _macLength);
        Encrypt(ivBytes, data, offset, count);
        return count;
    }

    public override int Open(byte[] header, int headerOffset, int headerCount, byte[] iv, int ivOffset, byte[] data, int offset, int count)
    {
        int body = _encryptThenMac ? count - _macLength : count;
        int least = _encryptThenMac ? BlockSize : _macLength + 1;
        if (body < least || body % BlockSize != 0 || body > LongestRecord)
        {
            return -1;
        }

        Span<byte> macInput = header.AsSpan(headerOffset, headerCount);
        ReadOnlySpan<byte> ivBytes = iv.AsSpan(ivOffset, BlockSize);
        int length = _encryptThenMac
            ? OpenEncryptThenMac(macInput, ivBytes, data, offset, body)
            : OpenMacThenEncrypt(macInput, ivBytes, data, offset, body);
        if (length < 0)
        {
            data.AsSpan(offset, count).Clear();
        }

        return length;
    }

    public override void Clear()
    {
        _hmac.Dispose();
        _filler.Dispose();
        _encryptor.Dispose();
        _decryptor.Dispose();
    }

    private int OpenEncryptThenMac(Span<byte> header, ReadOnlySpan<byte> iv, byte[] data, int offset, int count)
    {
        Span<byte> expected = stackalloc byte[_macLength];
        ComputeMac(header, iv, data.AsSpan(offset, count), expected);
        if (!CryptographicOperations.FixedTimeEquals(expected, data.AsSpan(offset + count, _macLength)))
        {
            return -1;
        }

        Decrypt(iv, data, offset, count);
        int padding = CbcText.PaddingLength(data.AsSpan(offset, count), 0);
        return padding == 0 ? -1 : count - padding;
    }

    private int OpenMacThenEncrypt(Span<byte> header, ReadOnlySpan<byte> iv, byte[] data, int offset, int count)
    {
        Decrypt(iv, data, offset, count);
        Span<byte> text = data.AsSpan(offset, count);
        int padding = CbcText.PaddingLength(text, _macLength);
        int maximum = count - _macLength;
        int length = maximum - padding;
        CbcText.WriteLength(header, length);

        Span<byte> expected = stackalloc byte[_macLength];
        _hmac.AppendData(header);
        _hmac.AppendData(text[..length]);
        _hmac.GetHashAndReset(expected);

        // Padding of a hash takes 9 bytes at the least. One block more, so that the filler always has something to do.
        int missing = (header.Length + maximum + 8) / HashBlock - (header.Length + length + 8) / HashBlock;
        _filler.AppendData(_fill.AsSpan(0, (missing + 1) * HashBlock));

        Span<byte> found = stackalloc byte[_macLength];
        int minimum = Math.Max(0, maximum - 256);
        CbcText.FindMac(text[minimum..], maximum - minimum, length - minimum, found);
        bool macRight = CryptographicOperations.FixedTimeEquals(expected, found);
        CryptographicOperations.ZeroMemory(expected);
        CryptographicOperations.ZeroMemory(found);
        return macRight & padding != 0 ? length : -1;
    }

    private void ComputeMac(Span<byte> header, ReadOnlySpan<byte> iv, ReadOnlySpan<byte> body, Span<byte> destination)
    {
        CbcText.WriteLength(header, BlockSize + body.Length);
        _hmac.AppendData(header);
        _hmac.AppendData(iv);
        _hmac.AppendData(body);
        _hmac.GetHashAndReset(destination);
    }

    private void Encrypt(ReadOnlySpan<byte> iv, byte[] data, int offset, int count)
    {
        // The chain is taken out of the first block, and the IV put in.
        Xor(data.AsSpan(offset, BlockSize), _encryptChain, iv);
        _encryptor.TransformBlock(data, offset, count, data, offset);
        data.AsSpan(offset + count - BlockSize, BlockSize).CopyTo(_encryptChain);
    }

    private void Decrypt(ReadOnlySpan<byte> iv, byte[] data, int offset, int count)
    {
        Span<byte> last = stackalloc byte[BlockSize];
        data.AsSpan(offset + count - BlockSize, BlockSize).CopyTo(last);
        _decryptor.TransformBlock(data, offset, count, data, offset);
        Xor(data.AsSpan(offset, BlockSize), _decryptChain, iv);
        last.CopyTo(_decryptChain);
    }

    private static void Xor(Span<byte> block, ReadOnlySpan<byte> a, ReadOnlySpan<byte> b)
    {
        for (int i = 0; i < BlockSize; i++)
        {
            block[i] ^= (byte)(a[i] ^ b[i]);
        }
    }
}
