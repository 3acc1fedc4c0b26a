using System;
using System.Security.Cryptography;

namespace NfDtls.Crypto.Host;

/// <summary>.NET's RSA, but for decryption: .NET tells bad padding by an exception, which the peer could time.</summary>
internal static class HostRsa
{
    // 00 02, at least 8 bytes, 00 (RFC 8017 section 7.2.1).
    private const int LeastPadding = 11;

    internal static CryptoOperation Sign(int scheme, HashAlgorithmName hashName, HostKeys<RSA> keys, StoredPrivateKey key, ReadOnlySpan<byte> hash, Span<byte> signature)
    {
        try
        {
            using HostKeys<RSA>.Loan? signer = keys.Borrow(key);
            return signer is { } known && known.Key.TrySignHash(hash, signature, hashName, Padding(scheme), out int length)
                ? new CompletedOperation(length)
                : new CompletedOperation(DtlsError.InternalError);
        }
        catch (CryptographicException)
        {
            return new CompletedOperation(DtlsError.InternalError);
        }
    }

    /// <summary>A private key; null where it is none.</summary>
    internal static RSA? Import(StoredPrivateKey key)
    {
        RSAParameters parts = default;
        try
        {
            return TryRead(key, ref parts) ? RSA.Create(parts) : null;
        }
        catch (CryptographicException)
        {
            return null;
        }
        finally
        {
            CryptographicOperations.ZeroMemory(parts.D);
            CryptographicOperations.ZeroMemory(parts.P);
            CryptographicOperations.ZeroMemory(parts.Q);
            CryptographicOperations.ZeroMemory(parts.DP);
            CryptographicOperations.ZeroMemory(parts.DQ);
            CryptographicOperations.ZeroMemory(parts.InverseQ);
        }
    }

    internal static CryptoOperation Verify(int scheme, HashAlgorithmName hashName, PublicKey key, ReadOnlySpan<byte> hash, ReadOnlySpan<byte> signature)
    {
        bool genuine = false;
        try
        {
            using RSA verifier = RSA.Create(Read(key));
            genuine = verifier.VerifyHash(hash, signature, hashName, Padding(scheme));
        }
        catch (CryptographicException)
        {
            // What the peer calls its key is none: its signature proves nothing.
        }

        return new CompletedOperation(genuine ? DtlsError.None : DtlsError.DecryptError);
    }

    internal static CryptoOperation Encrypt(PublicKey key, ReadOnlySpan<byte> data, Span<byte> cipher)
    {
        bool done = false;
        try
        {
            if (data.Length <= key.Count - LeastPadding)
            {
                using RSA encryptor = RSA.Create(Read(key));
                done = encryptor.TryEncrypt(data, cipher, RSAEncryptionPadding.Pkcs1, out _);
            }
        }
        catch (CryptographicException)
        {
            // What the peer calls its key is none.
        }

        return new CompletedOperation(done ? DtlsError.None : DtlsError.IllegalParameter);
    }

    private static RSASignaturePadding Padding(int scheme)
    {
        // .NET's salt is as long as the hash, as the scheme wants it.
        return scheme is SignatureScheme.RsaPssRsaeSha256 or SignatureScheme.RsaPssRsaeSha384 or SignatureScheme.RsaPssRsaeSha512
            ? RSASignaturePadding.Pss
            : RSASignaturePadding.Pkcs1;
    }

    private static RSAParameters Read(PublicKey key)
    {
        if (key.Count == 0 || key.ExponentCount == 0)
        {
            // .NET fails otherwise on a number without bytes.
            throw new CryptographicException("The RSA key is empty.");
        }

        return new RSAParameters
        {
            Modulus = key.Buffer.AsSpan(key.Offset, key.Count).ToArray(),
            Exponent = key.Buffer.AsSpan(key.ExponentOffset, key.ExponentCount).ToArray(),
        };
    }

    /// <summary>.NET wants every number in its full length: the modulus', or half of it.</summary>
    private static bool TryRead(StoredPrivateKey key, ref RSAParameters parts)
    {
        PublicKey open = key.Public!;  // an RSA key has it always
        RSAParameters known = Read(open);
        int length = open.Count;
        int half = (length + 1) / 2;
        parts.Modulus = known.Modulus;
        parts.Exponent = known.Exponent;
        return TryPad(key, StoredPrivateKey.PrivateExponent, parts.D = new byte[length])
            && TryPad(key, StoredPrivateKey.Prime1, parts.P = new byte[half])
            && TryPad(key, StoredPrivateKey.Prime2, parts.Q = new byte[half])
            && TryPad(key, StoredPrivateKey.Exponent1, parts.DP = new byte[half])
            && TryPad(key, StoredPrivateKey.Exponent2, parts.DQ = new byte[half])
            && TryPad(key, StoredPrivateKey.Coefficient, parts.InverseQ = new byte[half]);
    }

    private static bool TryPad(StoredPrivateKey key, int part, byte[] padded)
    {
        ReadOnlySpan<byte> stored = key.Buffer.AsSpan(key.OffsetOf(part), key.CountOf(part)).TrimStart((byte)0);
        if (stored.Length > padded.Length)
        {
            return false;
        }

        stored.CopyTo(padded.AsSpan(padded.Length - stored.Length));
        return true;
    }
}
