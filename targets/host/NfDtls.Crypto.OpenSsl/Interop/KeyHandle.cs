using System;
using System.Runtime.InteropServices;

namespace NfDtls.Crypto.OpenSsl;

/// <summary>A key of OpenSSL's: an EVP_PKEY. Any number of threads may use it at a time.</summary>
internal sealed class KeyHandle : SafeHandle
{
    internal KeyHandle(IntPtr key)
        : base(IntPtr.Zero, true)
    {
        SetHandle(key);
    }

    public override bool IsInvalid
    {
        get { return handle == IntPtr.Zero; }
    }

    /// <summary>A context for one operation with the key, zero where there is none; EVP_PKEY_CTX_free ends it. It holds the key itself.</summary>
    internal IntPtr NewContext()
    {
        bool added = false;
        DangerousAddRef(ref added);
        IntPtr context = NativeMethods.EVP_PKEY_CTX_new(handle, IntPtr.Zero);
        DangerousRelease();
        return context;
    }

    /// <summary>Another key with the same parts, zero where there is none; its owner frees it.</summary>
    internal IntPtr Copy()
    {
        bool added = false;
        DangerousAddRef(ref added);
        IntPtr copy = NativeMethods.EVP_PKEY_dup(handle);
        DangerousRelease();
        return copy;
    }

    protected override bool ReleaseHandle()
    {
        NativeMethods.EVP_PKEY_free(handle);
        return true;
    }
}
