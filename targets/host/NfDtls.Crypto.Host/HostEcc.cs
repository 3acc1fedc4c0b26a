using System;
using System.Security.Cryptography;

namespace NfDtls.Crypto.Host;

/// <summary>.NET's ECDH and ECDSA on the curves of NIST. Each call imports its key, works, and forgets it.</summary>
internal static class HostEcc
{
    private const byte Uncompressed = 4;

    internal static CryptoOperation GenerateKey(int group, Span<byte> privateKey, Span<byte> publicKey)
    {
        using ECDiffieHellman pair = ECDiffieHellman.Create(Curve(group));
        ECParameters parts = pair.ExportParameters(true);
        parts.D.CopyTo(privateKey);
        CryptographicOperations.ZeroMemory(parts.D);
        publicKey[0] = Uncompressed;
        parts.Q.X.CopyTo(publicKey[1..]);
        parts.Q.Y.CopyTo(publicKey[(1 + parts.Q.X!.Length)..]);
        return new CompletedOperation(DtlsError.None);
    }

    internal static CryptoOperation Agree(int group, ReadOnlySpan<byte> privateKey, ReadOnlySpan<byte> peerKey, Span<byte> secret)
    {
        ECParameters peer = new() { Curve = Curve(group) };
        if (!TryReadPoint(peerKey, privateKey.Length, ref peer))
        {
            return new CompletedOperation(DtlsError.IllegalParameter);
        }

        using ECDiffieHellman own = ECDiffieHellman.Create();
        using ECDiffieHellman other = ECDiffieHellman.Create();
        try
        {
            // The curve is checked here: a point beside it is refused.
            other.ImportParameters(peer);
        }
        catch (CryptographicException)
        {
            return new CompletedOperation(DtlsError.IllegalParameter);
        }

        ECParameters parts = new() { Curve = peer.Curve, D = privateKey.ToArray() };
        try
        {
            own.ImportParameters(parts);
            using ECDiffieHellmanPublicKey otherPublic = other.PublicKey;
            byte[] agreed = own.DeriveRawSecretAgreement(otherPublic);
            agreed.CopyTo(secret);
            CryptographicOperations.ZeroMemory(agreed);
            return new CompletedOperation(DtlsError.None);
        }
        catch (CryptographicException)
        {
            // The peer's key was good: ours is none.
            return new CompletedOperation(DtlsError.InternalError);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(parts.D);
        }
    }

    internal static CryptoOperation Sign(StoredPrivateKey key, ReadOnlySpan<byte> hash, Span<byte> signature)
    {
        byte[] scalar = new byte[FieldLength(key.Kind)];
        try
        {
            ReadOnlySpan<byte> stored = key.Buffer.AsSpan(key.OffsetOf(StoredPrivateKey.Scalar), key.CountOf(StoredPrivateKey.Scalar)).TrimStart((byte)0);
            if (stored.Length > scalar.Length)
            {
                return new CompletedOperation(DtlsError.InternalError);
            }

            stored.CopyTo(scalar.AsSpan(scalar.Length - stored.Length));
            using ECDsa signer = ECDsa.Create(new ECParameters { Curve = CurveOf(key.Kind), D = scalar });
            return signer.TrySignHash(hash, signature, DSASignatureFormat.Rfc3279DerSequence, out int length)
                ? new CompletedOperation(length)
                : new CompletedOperation(DtlsError.InternalError);
        }
        catch (CryptographicException)
        {
            return new CompletedOperation(DtlsError.InternalError);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(scalar);
        }
    }

    internal static CryptoOperation Verify(PublicKey key, ReadOnlySpan<byte> hash, ReadOnlySpan<byte> signature)
    {
        ECParameters parts = new() { Curve = CurveOf(key.Kind) };
        Span<byte> plain = stackalloc byte[2 * FieldLength(key.Kind)];
        bool genuine = false;
        try
        {
            if (HostSignature.TryRead(signature, plain) && TryReadPoint(key.Buffer.AsSpan(key.Offset, key.Count), FieldLength(key.Kind), ref parts))
            {
                using ECDsa verifier = ECDsa.Create(parts);
                genuine = verifier.VerifyHash(hash, plain, DSASignatureFormat.IeeeP1363FixedFieldConcatenation);
            }
        }
        catch (CryptographicException)
        {
            // The point is not on the curve: it proves nothing.
        }

        return new CompletedOperation(genuine ? DtlsError.None : DtlsError.DecryptError);
    }

    private static bool TryReadPoint(ReadOnlySpan<byte> point, int fieldLength, ref ECParameters parts)
    {
        if (point.Length != 1 + 2 * fieldLength || point[0] != Uncompressed)
        {
            return false;
        }

        parts.Q.X = point.Slice(1, fieldLength).ToArray();
        parts.Q.Y = point[(1 + fieldLength)..].ToArray();
        return true;
    }

    private static ECCurve Curve(int group)
    {
        return group == NamedGroup.Secp256r1 ? ECCurve.NamedCurves.nistP256 : ECCurve.NamedCurves.nistP384;
    }

    private static ECCurve CurveOf(int keyKind)
    {
        return keyKind == KeyKind.Secp256r1 ? ECCurve.NamedCurves.nistP256 : ECCurve.NamedCurves.nistP384;
    }

    private static int FieldLength(int keyKind)
    {
        return keyKind == KeyKind.Secp256r1 ? 32 : 48;
    }
}
