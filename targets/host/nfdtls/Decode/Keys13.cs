using System;
using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace NfDtls.Tool;

/// <summary>One direction's keys of an epoch of DTLS 1.3, of a traffic secret (RFC 9147 sections 4.2 and 5.9).</summary>
internal sealed class Keys13
{
    private const int NonceLength = 12;

    private readonly CipherSuite _suite;
    private readonly byte[] _secret;
    private readonly byte[] _iv;
    private readonly AeadContext _aead;
    private readonly MaskContext _mask;
    private ulong _next;

    public Keys13(CryptoProvider crypto, CipherSuite suite, byte[] secret)
    {
        _suite = suite;
        _secret = secret;
        _iv = Expand("iv", NonceLength);
        _aead = crypto.CreateAead(suite.Cipher, Expand("key", suite.KeyLength), 0, suite.TagLength);
        _mask = crypto.CreateMask(suite.Cipher, Expand("sn", suite.KeyLength), 0);
    }

    /// <summary>The secret of the epoch after this one.</summary>
    public byte[] Next()
    {
        return Expand("traffic upd", CryptoAlgorithm.HashSize(_suite.Hash));
    }

    /// <summary>The content of a record with its type and padding behind it, or null where it is not authentic.</summary>
    /// <param name="header">The header as it came.</param>
    /// <param name="numberAt">Where in it the number is.</param>
    /// <param name="numberSize">Bytes of that: 1 or 2.</param>
    /// <param name="cipher">What follows the header.</param>
    /// <param name="sequence">The whole number.</param>
    public byte[]? Open(ReadOnlySpan<byte> header, int numberAt, int numberSize, ReadOnlySpan<byte> cipher, out ulong sequence)
    {
        sequence = 0;
        int length = cipher.Length - _aead.TagLength;
        if (length < 0 || cipher.Length < MaskContext.SampleLength)
        {
            return null;
        }

        byte[] mask = cipher[..MaskContext.SampleLength].ToArray();
        _mask.Compute(mask, 0, mask, 0);
        byte[] clear = header.ToArray();
        for (int i = 0; i < numberSize; i++)
        {
            clear[numberAt + i] ^= mask[i];
        }

        sequence = Complete(numberSize == 1 ? clear[numberAt] : BinaryPrimitives.ReadUInt16BigEndian(clear.AsSpan(numberAt)), numberSize);
        byte[] nonce = new byte[NonceLength];
        BinaryPrimitives.WriteUInt64BigEndian(nonce.AsSpan(NonceLength - sizeof(ulong)), sequence);
        for (int i = 0; i < NonceLength; i++)
        {
            nonce[i] ^= _iv[i];
        }

        byte[] data = cipher.ToArray();
        if (!_aead.Open(nonce, 0, clear, 0, clear.Length, data, 0, length))
        {
            return null;
        }

        _next = Math.Max(_next, sequence + 1);
        return data[..length];
    }

    /// <summary>The number with these last bits that is nearest to the one expected (RFC 9147 section 4.2.2).</summary>
    private ulong Complete(int low, int size)
    {
        ulong range = 1UL << (8 * size);
        ulong candidate = (_next & ~(range - 1)) | (uint)low;
        if (candidate > _next && candidate - _next > range / 2 && candidate >= range)
        {
            return candidate - range;
        }

        return candidate < _next && _next - candidate > range / 2 ? candidate + range : candidate;
    }

    /// <summary>HKDF-Expand-Label with the prefix of DTLS 1.3.</summary>
    private byte[] Expand(string label, int count)
    {
        byte[] name = Encoding.ASCII.GetBytes("dtls13" + label);
        byte[] info = [(byte)(count >> 8), (byte)count, (byte)name.Length, .. name, 0];
        HashAlgorithmName hash = _suite.Hash == CryptoAlgorithm.Sha384 ? HashAlgorithmName.SHA384 : HashAlgorithmName.SHA256;
        return HKDF.Expand(hash, _secret, count, info);
    }
}
