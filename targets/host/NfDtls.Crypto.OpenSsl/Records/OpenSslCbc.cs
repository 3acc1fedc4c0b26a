using System;
using System.Security.Cryptography;
using NfDtls.Crypto.Host;

namespace NfDtls.Crypto.OpenSsl;

/// <summary>AES-CBC with HMAC, in both orders.</summary>
/// <remarks>
/// MAC-then-encrypt invites the Lucky Thirteen attack. Padding and MAC are checked without branches and indices that depend
/// on the plaintext, and a second hash runs as many compressions as the MAC of the longest possible plaintext would have
/// needed more. What remains is the hash's own copying of the last, partial block. Encrypt-then-MAC has nothing of this.
/// </remarks>
internal sealed unsafe class OpenSslCbc : CbcContext
{
    private const int BlockSize = 16;
    private const int HashBlock = 64;
    private const int LongestRecord = 0xFFFF - BlockSize;

    private static readonly byte[] Fill = new byte[8 * HashBlock];

    private readonly CipherHandle _encryptor;
    private readonly CipherHandle _decryptor;
    private readonly ulong[] _pads = new ulong[2 * Sha.StateWords];
    private readonly int _hash;
    private readonly int _macLength;
    private readonly bool _encryptThenMac;
    private bool _isCleared;

    internal OpenSslCbc(Cipher cipher, int hash, ReadOnlySpan<byte> macKey, ReadOnlySpan<byte> cipherKey, bool encryptThenMac)
    {
        _hash = hash;
        _macLength = macKey.Length;
        _encryptThenMac = encryptThenMac;
        Mac.SetKey(macKey);
        _encryptor = CipherHandle.Create(cipher, cipherKey, 1, 0, 0);
        _decryptor = CipherHandle.Create(cipher, cipherKey, 0, 0, 0);
    }

    public override int MaxOverhead
    {
        get { return BlockSize + _macLength; }
    }

    private HmacKey Mac
    {
        get { return new HmacKey(_hash, _pads); }
    }

    public override int Seal(byte[] header, int headerOffset, int headerCount, byte[] iv, int ivOffset, byte[] data, int offset, int count)
    {
        ObjectDisposedException.ThrowIf(_isCleared, this);
        if (count < 0 || count > LongestRecord - MaxOverhead)
        {
            throw new ArgumentOutOfRangeException(nameof(count));
        }

        Span<byte> macInput = header.AsSpan(headerOffset, headerCount);
        ReadOnlySpan<byte> ivBytes = iv.AsSpan(ivOffset, BlockSize);
        if (_encryptThenMac)
        {
            count = CbcText.Pad(data, offset, count);
            Crypt(_encryptor, ivBytes, data.AsSpan(offset, count), 1);
            ComputeMac(macInput, ivBytes, data.AsSpan(offset, count), data.AsSpan(offset + count, _macLength));
            return count + _macLength;
        }

        CbcText.WriteLength(macInput, count);
        Mac.Compute(macInput, data.AsSpan(offset, count), data.AsSpan(offset + count, _macLength));
        count = CbcText.Pad(data, offset, count + _macLength);
        Crypt(_encryptor, ivBytes, data.AsSpan(offset, count), 1);
        return count;
    }

    public override int Open(byte[] header, int headerOffset, int headerCount, byte[] iv, int ivOffset, byte[] data, int offset, int count)
    {
        ObjectDisposedException.ThrowIf(_isCleared, this);
        int body = _encryptThenMac ? count - _macLength : count;
        int least = _encryptThenMac ? BlockSize : _macLength + 1;
        if (body < least || body % BlockSize != 0 || body > LongestRecord)
        {
            return -1;
        }

        Span<byte> macInput = header.AsSpan(headerOffset, headerCount);
        ReadOnlySpan<byte> ivBytes = iv.AsSpan(ivOffset, BlockSize);
        Span<byte> text = data.AsSpan(offset, body);
        int length = _encryptThenMac
            ? OpenEncryptThenMac(macInput, ivBytes, text, data.AsSpan(offset + body, _macLength))
            : OpenMacThenEncrypt(macInput, ivBytes, text);
        if (length < 0)
        {
            data.AsSpan(offset, count).Clear();
        }

        return length;
    }

    public override void Clear()
    {
        _isCleared = true;
        _encryptor.Dispose();
        _decryptor.Dispose();
        Array.Clear(_pads);
    }

    private int OpenEncryptThenMac(Span<byte> header, ReadOnlySpan<byte> iv, Span<byte> text, ReadOnlySpan<byte> found)
    {
        Span<byte> expected = stackalloc byte[_macLength];
        ComputeMac(header, iv, text, expected);
        if (!CryptographicOperations.FixedTimeEquals(expected, found))
        {
            return -1;
        }

        Crypt(_decryptor, iv, text, 0);
        int padding = CbcText.PaddingLength(text, 0);
        return padding == 0 ? -1 : text.Length - padding;
    }

    private int OpenMacThenEncrypt(Span<byte> header, ReadOnlySpan<byte> iv, Span<byte> text)
    {
        Crypt(_decryptor, iv, text, 0);
        int padding = CbcText.PaddingLength(text, _macLength);
        int maximum = text.Length - _macLength;
        int length = maximum - padding;
        CbcText.WriteLength(header, length);

        Span<byte> expected = stackalloc byte[_macLength];
        Mac.Compute(header, text[..length], expected);

        // Padding of a hash takes 9 bytes at the least. One block more, so that the filler always has something to do.
        int missing = (header.Length + maximum + 8) / HashBlock - (header.Length + length + 8) / HashBlock;
        ulong* filler = stackalloc ulong[Sha.StateWords];
        Sha.Start(_hash, filler);
        Sha.Add(_hash, filler, Fill.AsSpan(0, (missing + 1) * HashBlock));

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
        HmacKey mac = Mac;
        ulong* state = stackalloc ulong[Sha.StateWords];
        mac.Start(state);
        Sha.Add(_hash, state, header);
        Sha.Add(_hash, state, iv);
        Sha.Add(_hash, state, body);
        mac.End(state, destination);
    }

    private static void Crypt(CipherHandle cipher, ReadOnlySpan<byte> iv, Span<byte> text, int encrypt)
    {
        fixed (byte* ivBytes = iv, bytes = text)
        {
            IntPtr context = cipher.Use();
            int written;
            bool done = NativeMethods.EVP_CipherInit_ex(context, IntPtr.Zero, IntPtr.Zero, null, ivBytes, encrypt) == 1
                && NativeMethods.EVP_CipherUpdate(context, bytes, &written, bytes, text.Length) == 1
                && written == text.Length;
            cipher.DangerousRelease();
            if (!done)
            {
                text.Clear();
                NativeMethods.ERR_clear_error();
                throw new CryptographicException("OpenSSL did not cipher the record.");
            }
        }
    }
}
