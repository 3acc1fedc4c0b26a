using System;
using System.Security.Cryptography;

namespace NfDtls.Crypto.Host;

/// <summary>.NET's AES-GCM.</summary>
internal sealed class HostGcm : AeadContext
{
    private readonly AesGcm _cipher;

    internal HostGcm(ReadOnlySpan<byte> key)
    {
        _cipher = new AesGcm(key, 16);
    }

    public override int TagLength => 16;

    public override void Seal(byte[] nonce, int nonceOffset, byte[] aad, int aadOffset, int aadCount, byte[] data, int offset, int count)
    {
        Span<byte> text = data.AsSpan(offset, count);
        _cipher.Encrypt(nonce.AsSpan(nonceOffset, 12), text, text, data.AsSpan(offset + count, 16), aad.AsSpan(aadOffset, aadCount));
    }

    public override bool Open(byte[] nonce, int nonceOffset, byte[] aad, int aadOffset, int aadCount, byte[] data, int offset, int count)
    {
        if (count < 0)
        {
            return false;
        }

        Span<byte> text = data.AsSpan(offset, count);
        try
        {
            _cipher.Decrypt(nonce.AsSpan(nonceOffset, 12), text, data.AsSpan(offset + count, 16), text, aad.AsSpan(aadOffset, aadCount));
            return true;
        }
        catch (AuthenticationTagMismatchException)
        {
            text.Clear();
            return false;
        }
    }

    public override void Clear()
    {
        _cipher.Dispose();
    }
}
