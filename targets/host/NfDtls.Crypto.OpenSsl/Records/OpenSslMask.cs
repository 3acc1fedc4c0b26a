using System;
using System.Security.Cryptography;

namespace NfDtls.Crypto.OpenSsl;

/// <summary>Masks by AES, the block of the sample, or by ChaCha20, whose counter and nonce are the sample.</summary>
internal sealed unsafe class OpenSslMask : MaskContext
{
    private readonly CipherHandle _cipher;
    private readonly bool _isChaCha;

    internal OpenSslMask(Cipher cipher, ReadOnlySpan<byte> key, bool isChaCha)
    {
        _isChaCha = isChaCha;
        _cipher = CipherHandle.Create(cipher, key, 1, 0, 0);
    }

    public override void Compute(byte[] sample, int offset, byte[] mask, int maskOffset)
    {
        fixed (byte* input = sample.AsSpan(offset, SampleLength), output = mask.AsSpan(maskOffset, SampleLength))
        {
            IntPtr context = _cipher.Use();
            byte* source = input;
            bool done = true;
            byte* zeros = stackalloc byte[SampleLength];
            if (_isChaCha)
            {
                done = NativeMethods.EVP_CipherInit_ex(context, IntPtr.Zero, IntPtr.Zero, null, input, 1) == 1;
                new Span<byte>(zeros, SampleLength).Clear();
                source = zeros;
            }

            int written;
            done = done && NativeMethods.EVP_CipherUpdate(context, output, &written, source, SampleLength) == 1;
            _cipher.DangerousRelease();
            if (!done)
            {
                NativeMethods.ERR_clear_error();
                throw new CryptographicException("OpenSSL did not make the mask.");
            }
        }
    }

    public override void Clear()
    {
        _cipher.Dispose();
    }
}
