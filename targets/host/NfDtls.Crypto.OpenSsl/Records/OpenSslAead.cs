using System;
using System.Security.Cryptography;

namespace NfDtls.Crypto.OpenSsl;

/// <summary>
/// AES-CCM, AES-GCM and ChaCha20-Poly1305: contexts of OpenSSL's with the key's schedule, which a record gives only its nonce.
/// GCM and ChaCha20 turn from sealing to opening; CCM takes the direction with the key, so that it has a context for each.
/// </summary>
internal sealed unsafe class OpenSslAead : AeadContext
{
    private const int NonceLength = 12;
    private const int LongestCcmText = 0xFFFFFF;

    private readonly CipherHandle _sealing;
    private readonly CipherHandle _opening;
    private readonly bool _isCcm;

    internal OpenSslAead(Cipher cipher, ReadOnlySpan<byte> key, int tagLength, bool isCcm)
    {
        TagLength = tagLength;
        _isCcm = isCcm;
        _sealing = CipherHandle.Create(cipher, key, 1, NonceLength, isCcm ? tagLength : 0);
        _opening = isCcm ? CipherHandle.Create(cipher, key, 0, NonceLength, tagLength) : _sealing;
    }

    public override int TagLength { get; }

    public override void Seal(byte[] nonce, int nonceOffset, byte[] aad, int aadOffset, int aadCount, byte[] data, int offset, int count)
    {
        if (count < 0 || (_isCcm && count > LongestCcmText))
        {
            throw new ArgumentOutOfRangeException(nameof(count));
        }

        ReadOnlySpan<byte> additional = aad.AsSpan(aadOffset, aadCount);
        fixed (byte* nonceBytes = nonce.AsSpan(nonceOffset, NonceLength), aadBytes = additional, text = data.AsSpan(offset, count + TagLength))
        {
            IntPtr context = _sealing.Use();
            int written;
            bool done = NativeMethods.EVP_CipherInit_ex(context, IntPtr.Zero, IntPtr.Zero, null, nonceBytes, 1) == 1
                && Begin(context, aadBytes, aadCount, count)
                && Update(context, text, count)
                && (_isCcm || NativeMethods.EVP_CipherFinal_ex(context, text + count, &written) == 1)
                && NativeMethods.EVP_CIPHER_CTX_ctrl(context, CipherHandle.GetTag, TagLength, text + count) == 1;
            _sealing.DangerousRelease();
            if (!done)
            {
                // Half a record must not leave.
                new Span<byte>(text, count + TagLength).Clear();
                NativeMethods.ERR_clear_error();
                throw new CryptographicException("OpenSSL did not seal the record.");
            }
        }
    }

    public override bool Open(byte[] nonce, int nonceOffset, byte[] aad, int aadOffset, int aadCount, byte[] data, int offset, int count)
    {
        if (count < 0 || aadCount < 0 || (_isCcm && count > LongestCcmText))
        {
            return false;
        }

        fixed (byte* nonceBytes = nonce.AsSpan(nonceOffset, NonceLength), aadBytes = aad.AsSpan(aadOffset, aadCount), text = data.AsSpan(offset, count + TagLength))
        {
            IntPtr context = _opening.Use();
            int written;
            bool genuine = NativeMethods.EVP_CipherInit_ex(context, IntPtr.Zero, IntPtr.Zero, null, nonceBytes, 0) == 1
                && NativeMethods.EVP_CIPHER_CTX_ctrl(context, CipherHandle.SetTag, TagLength, text + count) == 1
                && Begin(context, aadBytes, aadCount, count)
                && Update(context, text, count)
                && (_isCcm || NativeMethods.EVP_CipherFinal_ex(context, text + count, &written) == 1);
            _opening.DangerousRelease();
            if (!genuine)
            {
                new Span<byte>(text, count).Clear();
                NativeMethods.ERR_clear_error();
            }

            return genuine;
        }
    }

    public override void Clear()
    {
        _sealing.Dispose();
        _opening.Dispose();
    }

    private static bool Update(IntPtr context, byte* text, int count)
    {
        int written;
        return (count <= NativeMethods.Few
            ? NativeMethods.Short_EVP_CipherUpdate(context, text, &written, text, count)
            : NativeMethods.EVP_CipherUpdate(context, text, &written, text, count)) == 1;
    }

    /// <summary>Gives the additional data; CCM, which has the length in its first block, is told that before.</summary>
    private bool Begin(IntPtr context, byte* aad, int aadCount, int count)
    {
        int written;
        return (!_isCcm || NativeMethods.Short_EVP_CipherUpdate(context, null, &written, null, count) == 1)
            && (aadCount == 0 || NativeMethods.Short_EVP_CipherUpdate(context, null, &written, aad, aadCount) == 1);
    }
}
