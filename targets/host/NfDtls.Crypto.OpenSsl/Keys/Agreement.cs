using System;
using System.Security.Cryptography;

namespace NfDtls.Crypto.OpenSsl;

/// <summary>Key pairs and shared secrets of ECDH and X25519.</summary>
internal static unsafe class Agreement
{
    private const int X25519Length = 32;

    internal static DtlsError Generate(int group, Span<byte> privateKey, Span<byte> publicKey)
    {
        Curve? curve = Curves.OfGroup(group);
        if (curve == null)
        {
            return Entropy.TryFill(privateKey) ? DerivePublicX25519(privateKey, publicKey) : DtlsError.NoEntropy;
        }

        // Numbers of the order's length, drawn until one is below the order; P-521's has one bit in its first byte.
        do
        {
            if (!Entropy.TryFill(privateKey))
            {
                return DtlsError.NoEntropy;
            }

            if (curve == Curve.P521)
            {
                privateKey[0] &= 1;
            }
        }
        while (!curve.IsScalar(privateKey));

        return curve.TryMultiplyGenerator(privateKey, publicKey) ? DtlsError.None : DtlsError.InternalError;
    }

    internal static DtlsError Agree(int group, ReadOnlySpan<byte> privateKey, ReadOnlySpan<byte> peerKey, Span<byte> secret)
    {
        Curve? curve = Curves.OfGroup(group);
        if (curve == null)
        {
            return AgreeX25519(privateKey, peerKey, secret);
        }

        Span<byte> product = stackalloc byte[1 + (2 * curve.FieldLength)];
        DtlsError error = curve.MultiplyPoint(privateKey, peerKey, product);
        if (error == DtlsError.None)
        {
            product.Slice(1, curve.FieldLength).CopyTo(secret);
        }

        CryptographicOperations.ZeroMemory(product);
        return error;
    }

    private static DtlsError AgreeX25519(ReadOnlySpan<byte> privateKey, ReadOnlySpan<byte> peerKey, Span<byte> secret)
    {
        if (peerKey.Length != X25519Length)
        {
            return DtlsError.IllegalParameter;
        }

        using KeyHandle own = RawKey.Private(RawKey.X25519, privateKey);
        using KeyHandle peer = RawKey.Public(RawKey.X25519, peerKey);
        Span<byte> agreed = stackalloc byte[X25519Length];
        nuint length = X25519Length;
        IntPtr context = own.NewContext();
        bool isReady = !own.IsInvalid && !peer.IsInvalid && context != IntPtr.Zero && NativeMethods.EVP_PKEY_derive_init(context) == 1;
        bool done;
        fixed (byte* bytes = agreed)
        {
            // A secret of zeros is an error of OpenSSL's own.
            done = isReady && NativeMethods.EVP_PKEY_derive_set_peer(context, peer.DangerousGetHandle()) == 1
                && NativeMethods.EVP_PKEY_derive(context, bytes, &length) == 1 && length == X25519Length;
        }

        NativeMethods.EVP_PKEY_CTX_free(context);
        GC.KeepAlive(peer);
        if (done)
        {
            agreed.CopyTo(secret);
        }
        else
        {
            NativeMethods.ERR_clear_error();
        }

        CryptographicOperations.ZeroMemory(agreed);
        return done ? DtlsError.None : isReady ? DtlsError.IllegalParameter : DtlsError.InternalError;
    }

    private static DtlsError DerivePublicX25519(ReadOnlySpan<byte> privateKey, Span<byte> publicKey)
    {
        using KeyHandle key = RawKey.Private(RawKey.X25519, privateKey);
        return RawKey.TryGetPublic(key, publicKey[..X25519Length]) ? DtlsError.None : DtlsError.InternalError;
    }
}
