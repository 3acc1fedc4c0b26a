using System;

namespace NfDtls.Crypto.OpenSsl;

/// <summary>Signatures of ECDSA, RSA (PKCS #1 v1.5 and PSS) and Ed25519.</summary>
internal static unsafe class Signatures
{
    private const int Pkcs1Padding = 1;
    private const int PssPadding = 6;
    private const int SaltAsLongAsHash = -1;
    private const int Ed25519Length = 64;

    internal static CryptoOperation Sign(int scheme, KeyHandle? key, ReadOnlySpan<byte> data, Span<byte> signature)
    {
        nuint length = (nuint)signature.Length;
        bool done = false;
        if (key != null && HasLength(scheme, data))
        {
            fixed (byte* room = signature, bytes = data)
            {
                done = scheme == SignatureScheme.Ed25519
                    ? SignMessage(key, room, &length, bytes, data.Length)
                    : SignHash(scheme, key, room, &length, bytes, data.Length);
            }
        }

        return done ? new CompletedOperation((int)length) : Failed(DtlsError.InternalError);
    }

    internal static CryptoOperation Verify(int scheme, PublicKey key, ReadOnlySpan<byte> data, ReadOnlySpan<byte> signature)
    {
        bool genuine = false;
        if (HasLength(scheme, data) && !signature.IsEmpty)
        {
            using KeyHandle? handle = Read(key);
            fixed (byte* shown = signature, bytes = data)
            {
                genuine = handle is { IsInvalid: false } && (scheme == SignatureScheme.Ed25519
                    ? signature.Length == Ed25519Length && VerifyMessage(handle, shown, signature.Length, bytes, data.Length)
                    : VerifyHash(scheme, handle, shown, signature.Length, bytes, data.Length));
            }
        }

        return genuine ? new CompletedOperation(DtlsError.None) : Failed(DtlsError.DecryptError);
    }

    private static KeyHandle? Read(PublicKey key)
    {
        if (key.Kind == KeyKind.Rsa)
        {
            return KeyData.RsaPublic(key);
        }

        ReadOnlySpan<byte> bytes = key.Buffer.AsSpan(key.Offset, key.Count);
        Curve? curve = Curves.OfKind(key.Kind);
        return curve != null ? KeyData.CurvePublic(curve, bytes)
            : bytes.Length == RawKey.Length ? RawKey.Public(RawKey.Ed25519, bytes) : null;
    }

    private static bool SignHash(int scheme, KeyHandle key, byte* signature, nuint* length, byte* hash, int count)
    {
        IntPtr context = key.NewContext();
        bool done = context != IntPtr.Zero && NativeMethods.EVP_PKEY_sign_init(context) == 1 && Set(context, scheme)
            && NativeMethods.EVP_PKEY_sign(context, signature, length, hash, (nuint)count) == 1;
        NativeMethods.EVP_PKEY_CTX_free(context);
        return done;
    }

    private static bool VerifyHash(int scheme, KeyHandle key, byte* signature, int length, byte* hash, int count)
    {
        IntPtr context = key.NewContext();
        bool done = context != IntPtr.Zero && NativeMethods.EVP_PKEY_verify_init(context) == 1 && Set(context, scheme)
            && NativeMethods.EVP_PKEY_verify(context, signature, (nuint)length, hash, (nuint)count) == 1;
        NativeMethods.EVP_PKEY_CTX_free(context);
        return done;
    }

    private static bool SignMessage(KeyHandle key, byte* signature, nuint* length, byte* message, int count)
    {
        IntPtr context = NativeMethods.EVP_MD_CTX_new();
        bool done = context != IntPtr.Zero
            && NativeMethods.EVP_DigestSignInit(context, null, IntPtr.Zero, IntPtr.Zero, key.DangerousGetHandle()) == 1
            && NativeMethods.EVP_DigestSign(context, signature, length, message, (nuint)count) == 1;
        NativeMethods.EVP_MD_CTX_free(context);
        GC.KeepAlive(key);
        return done;
    }

    private static bool VerifyMessage(KeyHandle key, byte* signature, int length, byte* message, int count)
    {
        IntPtr context = NativeMethods.EVP_MD_CTX_new();
        bool done = context != IntPtr.Zero
            && NativeMethods.EVP_DigestVerifyInit(context, null, IntPtr.Zero, IntPtr.Zero, key.DangerousGetHandle()) == 1
            && NativeMethods.EVP_DigestVerify(context, signature, (nuint)length, message, (nuint)count) == 1;
        NativeMethods.EVP_MD_CTX_free(context);
        GC.KeepAlive(key);
        return done;
    }

    /// <summary>What RSA must be told; ECDSA takes the hash as it is, and of it what the curve takes.</summary>
    private static bool Set(IntPtr context, int scheme)
    {
        bool isPss = scheme is SignatureScheme.RsaPssRsaeSha256 or SignatureScheme.RsaPssRsaeSha384 or SignatureScheme.RsaPssRsaeSha512;
        bool isPkcs1 = scheme is SignatureScheme.RsaPkcs1Sha256 or SignatureScheme.RsaPkcs1Sha384 or SignatureScheme.RsaPkcs1Sha512;
        if (!isPss && !isPkcs1)
        {
            return true;
        }

        IntPtr hash = SignatureScheme.HashOf(scheme) switch
        {
            CryptoAlgorithm.Sha256 => NativeMethods.EVP_sha256(),
            CryptoAlgorithm.Sha384 => NativeMethods.EVP_sha384(),
            _ => NativeMethods.EVP_sha512(),
        };
        return NativeMethods.EVP_PKEY_CTX_set_rsa_padding(context, isPss ? PssPadding : Pkcs1Padding) == 1
            && NativeMethods.EVP_PKEY_CTX_set_signature_md(context, hash) == 1
            && (!isPss || NativeMethods.EVP_PKEY_CTX_set_rsa_pss_saltlen(context, SaltAsLongAsHash) == 1);
    }

    private static bool HasLength(int scheme, ReadOnlySpan<byte> data)
    {
        int hash = SignatureScheme.HashOf(scheme);
        return hash == 0 || data.Length == CryptoAlgorithm.HashSize(hash);
    }

    private static CompletedOperation Failed(DtlsError error)
    {
        NativeMethods.ERR_clear_error();
        return new CompletedOperation(error);
    }
}
