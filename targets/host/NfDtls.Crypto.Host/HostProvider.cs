using System;
using System.Buffers;
using System.Security.Cryptography;

namespace NfDtls.Crypto.Host;

/// <summary>
/// Cryptography over .NET's own, for gateways, tools and tests. The provider keeps nothing between calls, so any number of
/// engines may share it; a context that it makes belongs to one engine.
/// </summary>
/// <remarks>
/// The record path allocates nothing, with one exception: .NET reports a forged GCM or ChaCha20-Poly1305 record by an
/// exception, which Open catches.
/// </remarks>
public sealed class HostProvider : CryptoProvider
{
    /// <inheritdoc/>
    public override bool Supports(int algorithm)
    {
        switch (algorithm)
        {
            case CryptoAlgorithm.Aes128Ccm:
            case CryptoAlgorithm.Aes256Ccm:
            case CryptoAlgorithm.Aes128CbcHmacSha1:
            case CryptoAlgorithm.Aes128CbcHmacSha256:
            case CryptoAlgorithm.Aes256CbcHmacSha256:
            case CryptoAlgorithm.Random:
                return true;
            case CryptoAlgorithm.Aes128Gcm:
            case CryptoAlgorithm.Aes256Gcm:
                return AesGcm.IsSupported;
            case CryptoAlgorithm.ChaCha20Poly1305:
                return ChaCha20Poly1305.IsSupported;
            default:
                int kind = algorithm & ~0xFF;
                return (kind == 0 || kind == CryptoAlgorithm.Hmac || kind == CryptoAlgorithm.Prf)
                    && CryptoAlgorithm.HashSize(algorithm & 0xFF) != 0;
        }
    }

    /// <inheritdoc/>
    public override void Random(byte[] destination, int offset, int count)
    {
        RandomNumberGenerator.Fill(destination.AsSpan(offset, count));
    }

    /// <inheritdoc/>
    public override HashContext CreateHash(int algorithm)
    {
        return new HostHash(HashName(algorithm, 0), CryptoAlgorithm.HashSize(algorithm));
    }

    /// <inheritdoc/>
    public override AeadContext CreateAead(int algorithm, byte[] key, int offset, int tagLength)
    {
        if (!Supports(algorithm))
        {
            throw Unsupported(algorithm);
        }

        switch (algorithm)
        {
            case CryptoAlgorithm.Aes128Ccm:
                CheckTag(tagLength is 8 or 16);
                return new HostCcm(key.AsSpan(offset, 16), tagLength);
            case CryptoAlgorithm.Aes256Ccm:
                CheckTag(tagLength is 8 or 16);
                return new HostCcm(key.AsSpan(offset, 32), tagLength);
            case CryptoAlgorithm.Aes128Gcm:
                CheckTag(tagLength == 16);
                return new HostGcm(key.AsSpan(offset, 16));
            case CryptoAlgorithm.Aes256Gcm:
                CheckTag(tagLength == 16);
                return new HostGcm(key.AsSpan(offset, 32));
            case CryptoAlgorithm.ChaCha20Poly1305:
                CheckTag(tagLength == 16);
                return new HostChaCha(key.AsSpan(offset, 32));
            default:
                throw Unsupported(algorithm);
        }
    }

    /// <inheritdoc/>
    public override CbcContext CreateCbc(int algorithm, byte[] keys, int offset, bool encryptThenMac)
    {
        switch (algorithm)
        {
            case CryptoAlgorithm.Aes128CbcHmacSha1:
                return new HostCbc(HashAlgorithmName.SHA1, keys.AsSpan(offset, 20), keys.AsSpan(offset + 20, 16), encryptThenMac);
            case CryptoAlgorithm.Aes128CbcHmacSha256:
                return new HostCbc(HashAlgorithmName.SHA256, keys.AsSpan(offset, 32), keys.AsSpan(offset + 32, 16), encryptThenMac);
            case CryptoAlgorithm.Aes256CbcHmacSha256:
                return new HostCbc(HashAlgorithmName.SHA256, keys.AsSpan(offset, 32), keys.AsSpan(offset + 32, 32), encryptThenMac);
            default:
                throw Unsupported(algorithm);
        }
    }

    /// <inheritdoc/>
    public override void Hmac(int hash, byte[] key, int keyOffset, int keyCount, byte[] data, int offset, int count, byte[] destination, int destinationOffset)
    {
        HashName(hash, CryptoAlgorithm.Hmac);
        ComputeHmac(hash, key.AsSpan(keyOffset, keyCount), data.AsSpan(offset, count), destination.AsSpan(destinationOffset));
    }

    /// <inheritdoc/>
    public override void Prf(
        int hash, byte[] secret, int secretOffset, int secretCount, byte[] labelAndSeed, int seedOffset, int seedCount,
        byte[] destination, int offset, int count)
    {
        HashName(hash, CryptoAlgorithm.Prf);
        int size = CryptoAlgorithm.HashSize(hash);
        ReadOnlySpan<byte> key = secret.AsSpan(secretOffset, secretCount);
        Span<byte> output = destination.AsSpan(offset, count);

        // The output is HMAC of A(i) and the seed, which stand together here.
        byte[] rented = ArrayPool<byte>.Shared.Rent(size + seedCount);
        Span<byte> input = rented.AsSpan(0, size + seedCount);
        Span<byte> block = stackalloc byte[size];
        labelAndSeed.AsSpan(seedOffset, seedCount).CopyTo(input[size..]);
        ComputeHmac(hash, key, input[size..], block);
        while (output.Length > 0)
        {
            block.CopyTo(input);
            ComputeHmac(hash, key, input, block);
            int n = Math.Min(size, output.Length);
            block[..n].CopyTo(output);
            output = output[n..];
            ComputeHmac(hash, key, input[..size], block);
        }

        CryptographicOperations.ZeroMemory(block);
        CryptographicOperations.ZeroMemory(input);
        ArrayPool<byte>.Shared.Return(rented);
    }

    private static void ComputeHmac(int hash, ReadOnlySpan<byte> key, ReadOnlySpan<byte> data, Span<byte> destination)
    {
        switch (hash)
        {
            case CryptoAlgorithm.Sha1: HMACSHA1.HashData(key, data, destination); break;
            case CryptoAlgorithm.Sha256: HMACSHA256.HashData(key, data, destination); break;
            case CryptoAlgorithm.Sha384: HMACSHA384.HashData(key, data, destination); break;
            default: HMACSHA512.HashData(key, data, destination); break;
        }
    }

    private static HashAlgorithmName HashName(int hash, int use)
    {
        return hash switch
        {
            CryptoAlgorithm.Sha1 => HashAlgorithmName.SHA1,
            CryptoAlgorithm.Sha256 => HashAlgorithmName.SHA256,
            CryptoAlgorithm.Sha384 => HashAlgorithmName.SHA384,
            CryptoAlgorithm.Sha512 => HashAlgorithmName.SHA512,
            _ => throw Unsupported(use + hash),
        };
    }

    private static void CheckTag(bool possible)
    {
        if (!possible)
        {
            throw new ArgumentOutOfRangeException("tagLength");
        }
    }

    private static NotSupportedException Unsupported(int algorithm)
    {
        return new NotSupportedException($"The host provider lacks algorithm {algorithm}.");
    }
}
