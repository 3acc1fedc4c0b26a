using System;

namespace NfDtls.Crypto.OpenSsl;

/// <summary>Keys of X25519 and Ed25519, which are plain bytes.</summary>
internal static unsafe class RawKey
{
    internal const int X25519 = 1034;
    internal const int Ed25519 = 1087;
    internal const int Length = 32;

    internal static KeyHandle Private(int type, ReadOnlySpan<byte> key)
    {
        fixed (byte* bytes = key)
        {
            return Checked(NativeMethods.EVP_PKEY_new_raw_private_key(type, IntPtr.Zero, bytes, (nuint)key.Length));
        }
    }

    internal static KeyHandle Public(int type, ReadOnlySpan<byte> key)
    {
        fixed (byte* bytes = key)
        {
            return Checked(NativeMethods.EVP_PKEY_new_raw_public_key(type, IntPtr.Zero, bytes, (nuint)key.Length));
        }
    }

    internal static bool TryGetPublic(KeyHandle key, Span<byte> publicKey)
    {
        nuint length = Length;
        fixed (byte* bytes = publicKey[..Length])
        {
            bool done = !key.IsInvalid && NativeMethods.EVP_PKEY_get_raw_public_key(key.DangerousGetHandle(), bytes, &length) == 1;
            GC.KeepAlive(key);
            return done && length == Length;
        }
    }

    private static KeyHandle Checked(IntPtr key)
    {
        if (key == IntPtr.Zero)
        {
            NativeMethods.ERR_clear_error();
        }

        return new KeyHandle(key);
    }
}
