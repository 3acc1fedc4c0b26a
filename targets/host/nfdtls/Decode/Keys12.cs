using System;
using System.Buffers.Binary;
using System.Text;

namespace NfDtls.Tool;

/// <summary>One direction's keys of an epoch of DTLS 1.2 (RFC 5246 section 6.3), of a master secret.</summary>
internal sealed class Keys12
{
    private const int NonceLength = 12;
    private const int BlockLength = 16;

    private readonly CipherSuite _suite;
    private readonly AeadContext? _aead;
    private readonly CbcContext? _cbc;
    private readonly byte[] _iv;

    private Keys12(CryptoProvider crypto, CipherSuite suite, byte[] block, bool ofServer, bool encryptThenMac)
    {
        _suite = suite;
        int mac = suite.MacKeyLength;
        int key = suite.KeyLength;
        int side = ofServer ? 1 : 0;
        byte[] keys = [.. block.AsSpan(side * mac, mac), .. block.AsSpan((2 * mac) + (side * key), key)];
        _iv = block.AsSpan((2 * (mac + key)) + (side * suite.IvLength), suite.IvLength).ToArray();
        if (suite.IsCbc)
        {
            _cbc = crypto.CreateCbc(suite.Cipher, keys, 0, encryptThenMac);
        }
        else
        {
            _aead = crypto.CreateAead(suite.Cipher, keys, 0, suite.TagLength);
        }
    }

    public static Keys12 Make(CryptoProvider crypto, CipherSuite suite, byte[] master, byte[] clientRandom, byte[] serverRandom, bool ofServer, bool encryptThenMac)
    {
        byte[] seed = [.. Encoding.ASCII.GetBytes("key expansion"), .. serverRandom, .. clientRandom];
        byte[] block = new byte[2 * (suite.MacKeyLength + suite.KeyLength + suite.IvLength)];
        crypto.Prf(suite.Hash, master, 0, master.Length, seed, 0, seed.Length, block, 0, block.Length);
        return new Keys12(crypto, suite, block, ofServer, encryptThenMac);
    }

    /// <summary>The content of a record, or null where it is not authentic.</summary>
    /// <param name="numbers">Epoch and sequence number, 8 bytes.</param>
    /// <param name="type">The record's type.</param>
    /// <param name="version">Its version.</param>
    /// <param name="id">Its connection ID, or null for a record without.</param>
    /// <param name="fragment">Its fragment.</param>
    public byte[]? Open(ReadOnlySpan<byte> numbers, int type, int version, byte[]? id, ReadOnlySpan<byte> fragment)
    {
        int explicitLength = _cbc != null ? BlockLength : _iv.Length == NonceLength ? 0 : NonceLength - _iv.Length;
        int length = fragment.Length - explicitLength - (_aead?.TagLength ?? 0);
        if (length < 0)
        {
            return null;
        }

        byte[] data = fragment[explicitLength..].ToArray();
        byte[] header = Header(numbers, type, version, id, length);
        if (_cbc != null)
        {
            int opened = data.Length < BlockLength ? -1 : _cbc.Open(header, 0, header.Length, fragment[..BlockLength].ToArray(), 0, data, 0, data.Length);
            return opened < 0 ? null : data[..opened];
        }

        byte[] nonce = new byte[NonceLength];
        _iv.CopyTo(nonce, 0);
        if (explicitLength > 0)
        {
            fragment[..explicitLength].CopyTo(nonce.AsSpan(_iv.Length));
        }
        else
        {
            for (int i = 0; i < numbers.Length; i++)
            {
                nonce[NonceLength - numbers.Length + i] ^= numbers[i];
            }
        }

        return _aead!.Open(nonce, 0, header, 0, header.Length, data, 0, length) ? data[..length] : null;
    }

    /// <summary>What is authenticated beside the content; of a record with a connection ID by RFC 9146 section 5.</summary>
    private static byte[] Header(ReadOnlySpan<byte> numbers, int type, int version, byte[]? id, int length)
    {
        byte[] tail = new byte[2];
        BinaryPrimitives.WriteUInt16BigEndian(tail, (ushort)length);
        byte[] middle = [(byte)type, (byte)(version >> 8), (byte)version];
        return id == null ? [.. numbers, .. middle, .. tail]
            : [0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, (byte)type, (byte)id.Length, .. middle, .. numbers, .. id, .. tail];
    }
}
