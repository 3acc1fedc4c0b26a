using System;
using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace NfDtls.Crypto.OpenSsl;

/// <summary>A cipher with a key: an EVP_CIPHER_CTX, which OpenSSL wipes when it is freed.</summary>
internal sealed unsafe class CipherHandle : SafeHandle
{
    internal const int SetNonceLength = 0x9;
    internal const int GetTag = 0x10;
    internal const int SetTag = 0x11;

    private CipherHandle()
        : base(IntPtr.Zero, true)
    {
    }

    public override bool IsInvalid
    {
        get { return handle == IntPtr.Zero; }
    }

    /// <summary>A cipher with its key schedule made, for encryption (1) or decryption (0). CCM takes its lengths before the key, others 0 for both.</summary>
    internal static CipherHandle Create(Cipher cipher, ReadOnlySpan<byte> key, int encrypt, int nonceLength, int tagLength)
    {
        CipherHandle made = new();
        IntPtr context = NativeMethods.EVP_CIPHER_CTX_new();
        made.SetHandle(context);
        bool done = context != IntPtr.Zero && NativeMethods.EVP_CipherInit_ex(context, cipher.Method, IntPtr.Zero, null, null, encrypt) == 1;
        if (done && nonceLength > 0)
        {
            done = NativeMethods.EVP_CIPHER_CTX_ctrl(context, SetNonceLength, nonceLength, null) == 1
                && (tagLength == 0 || NativeMethods.EVP_CIPHER_CTX_ctrl(context, SetTag, tagLength, null) == 1);
        }

        fixed (byte* keyBytes = key)
        {
            // What was once told of padding is told again with every nonce, and takes a fifth of a short record's time: AEAD has none.
            done = done && NativeMethods.EVP_CipherInit_ex(context, IntPtr.Zero, IntPtr.Zero, keyBytes, null, encrypt) == 1
                && (nonceLength > 0 || NativeMethods.EVP_CIPHER_CTX_set_padding(context, 0) == 1);
        }

        if (!done)
        {
            made.Dispose();
            NativeMethods.ERR_clear_error();
            throw new CryptographicException("OpenSSL does not take the key.");
        }

        return made;
    }

    /// <summary>Pins the context for some calls; <see cref="SafeHandle.DangerousRelease"/> ends that.</summary>
    /// <exception cref="ObjectDisposedException">The key was cleared.</exception>
    internal IntPtr Use()
    {
        bool added = false;
        DangerousAddRef(ref added);
        return handle;
    }

    protected override bool ReleaseHandle()
    {
        NativeMethods.EVP_CIPHER_CTX_free(handle);
        return true;
    }
}
