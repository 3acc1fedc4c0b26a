using System;
using System.Security.Cryptography;

namespace NfDtls.Crypto.Host;

/// <summary>.NET's ECDH and ECDSA on the curves of NIST. Each call but for signatures imports its key, works, and forgets it.</summary>
internal static class HostEcc
{
    private const byte Uncompressed = 4;

    internal static CryptoOperation GenerateKey(int group, Span<byte> privateKey, Span<byte> publicKey)
    {
        using ECDiffieHellman pair = ECDiffieHellman.Create(Curve(group));
        ECParameters parts = pair.ExportParameters(true);
        parts.D.CopyTo(privateKey);
        CryptographicOperations.ZeroMemory(parts.D);
        WritePoint(parts.Q, publicKey);
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

    internal static CryptoOperation DerivePublic(StoredPrivateKey key, Span<byte> publicKey)
    {
        using ECDsa? pair = Import(key);
        if (pair == null)
        {
            return new CompletedOperation(DtlsError.InternalError);
        }

        WritePoint(pair.ExportParameters(false).Q, publicKey);
        return new CompletedOperation(DtlsError.None);
    }

    internal static CryptoOperation Sign(HostKeys<ECDsa> keys, StoredPrivateKey key, ReadOnlySpan<byte> hash, Span<byte> signature)
    {
        using HostKeys<ECDsa>.Loan? signer = keys.Borrow(key);
        return signer is { } known && known.Key.TrySignHash(hash, signature, DSASignatureFormat.Rfc3279DerSequence, out int length)
            ? new CompletedOperation(length)
            : new CompletedOperation(DtlsError.InternalError);
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

    /// <summary>A private key with the public one that .NET computes; null where it is none of its curve.</summary>
    internal static ECDsa? Import(StoredPrivateKey key)
    {
        byte[] scalar = new byte[FieldLength(key.Kind)];
        try
        {
            ReadOnlySpan<byte> stored = key.Buffer.AsSpan(key.OffsetOf(StoredPrivateKey.Scalar), key.CountOf(StoredPrivateKey.Scalar)).TrimStart((byte)0);
            if (stored.Length > scalar.Length)
            {
                return null;
            }

            stored.CopyTo(scalar.AsSpan(scalar.Length - stored.Length));
            return ECDsa.Create(new ECParameters { Curve = CurveOf(key.Kind), D = scalar });
        }
        catch (CryptographicException)
        {
            return null;
        }
        finally
        {
            CryptographicOperations.ZeroMemory(scalar);
        }
    }

    private static void WritePoint(ECPoint point, Span<byte> publicKey)
    {
        publicKey[0] = Uncompressed;
        point.X.CopyTo(publicKey[1..]);
        point.Y.CopyTo(publicKey[(1 + point.X!.Length)..]);
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
        return group switch
        {
            NamedGroup.Secp256r1 => ECCurve.NamedCurves.nistP256,
            NamedGroup.Secp384r1 => ECCurve.NamedCurves.nistP384,
            _ => ECCurve.NamedCurves.nistP521,
        };
    }

    private static ECCurve CurveOf(int keyKind)
    {
        return keyKind switch
        {
            KeyKind.Secp256r1 => ECCurve.NamedCurves.nistP256,
            KeyKind.Secp384r1 => ECCurve.NamedCurves.nistP384,
            _ => ECCurve.NamedCurves.nistP521,
        };
    }

    private static int FieldLength(int keyKind)
    {
        return keyKind switch
        {
            KeyKind.Secp256r1 => 32,
            KeyKind.Secp384r1 => 48,
            _ => 66,
        };
    }
}
