using System;
using System.Text;

namespace NfDtls.Crypto.OpenSsl;

/// <summary>A cipher's method, fetched once for the process: to look it up by name takes longer than a record.</summary>
internal sealed unsafe class Cipher
{
    internal static readonly Cipher Aes128Ccm = new("AES-128-CCM");
    internal static readonly Cipher Aes256Ccm = new("AES-256-CCM");
    internal static readonly Cipher Aes128Gcm = new("AES-128-GCM");
    internal static readonly Cipher Aes256Gcm = new("AES-256-GCM");
    internal static readonly Cipher ChaCha20Poly1305 = new("ChaCha20-Poly1305");
    internal static readonly Cipher Aes128Cbc = new("AES-128-CBC");
    internal static readonly Cipher Aes256Cbc = new("AES-256-CBC");
    internal static readonly Cipher Aes128Ecb = new("AES-128-ECB");
    internal static readonly Cipher Aes256Ecb = new("AES-256-ECB");
    internal static readonly Cipher ChaCha20 = new("ChaCha20");

    private Cipher(string name)
    {
        fixed (byte* text = Encoding.ASCII.GetBytes(name + "\0"))
        {
            Method = NativeMethods.EVP_CIPHER_fetch(IntPtr.Zero, text, IntPtr.Zero);
        }

        if (Method == IntPtr.Zero)
        {
            NativeMethods.ERR_clear_error();
        }
    }

    internal IntPtr Method { get; }

    /// <summary>Whether this library has the cipher: a FIPS provider, for one, lacks ChaCha20.</summary>
    internal bool IsThere
    {
        get { return Method != IntPtr.Zero; }
    }
}
