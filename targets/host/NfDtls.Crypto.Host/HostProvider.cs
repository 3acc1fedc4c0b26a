using System;
using System.Buffers;
using System.Security.Cryptography;

namespace NfDtls.Crypto.Host;

/// <summary>
/// Cryptography over .NET's own, for gateways, tools and tests; AES in CCM and GCM by the processor's own instructions, where
/// it has them. Any number of engines, on any threads, may share a provider; a context that it makes belongs to one engine.
/// Private keys that sign are read and checked once, and kept as long as their <see cref="StoredPrivateKey"/>; where its bytes
/// change, the key is read anew.
/// </summary>
/// <remarks>
/// The record path allocates nothing, with one exception: .NET reports a forged ChaCha20-Poly1305 record, and one of GCM where
/// that is .NET's, by an exception, which Open catches. Asymmetric work is done when it is asked for, in well under a
/// millisecond but for a signature by a long RSA key: the operations have ended before their first step.
/// </remarks>
public sealed class HostProvider : CryptoProvider
{
    private readonly HostKeys<ECDsa> _curveKeys = new(HostEcc.Import);
    private readonly HostKeys<RSA> _rsaKeys = new(HostRsa.Import);

    /// <summary>
    /// Makes a provider that does AES in CCM and GCM by the processor's own instructions, where it has them and the switch allows
    /// it; on Linux in FIPS mode (/proc/sys/crypto/fips_enabled) one that leaves it to .NET's library, which may be a validated module.
    /// </summary>
    public HostProvider()
        : this(!FipsMode.IsOn)
    {
    }

    /// <summary>Makes a provider that does AES in CCM and GCM by the processor's own instructions, or leaves that to .NET as all else.</summary>
    /// <param name="useProcessor">
    /// False: all is .NET's. True: AES in CCM and GCM, and masks by AES, are the processor's, where <see cref="UsesProcessor"/>
    /// is true then; in FIPS mode, too.
    /// </param>
    public HostProvider(bool useProcessor)
    {
        UsesProcessor = useProcessor && Processor.IsThere && Processor.IsAllowed;
    }

    /// <summary>
    /// Whether AES in CCM and GCM is done by the processor's own instructions (x86-64 with AES, PCLMULQDQ and SSSE3), without
    /// a library: not where the switch NfDtls.Crypto.UseProcessor of <see cref="AppContext"/> is false.
    /// </summary>
    public bool UsesProcessor { get; }

    /// <summary>What does the work: ".NET", and the processor where <see cref="UsesProcessor"/> is true.</summary>
    public override string ToString()
    {
        return UsesProcessor ? ".NET" + Processor.Suffix : ".NET";
    }

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
            case CryptoAlgorithm.Mask + CryptoAlgorithm.Aes128Ccm:
            case CryptoAlgorithm.Mask + CryptoAlgorithm.Aes256Ccm:
            case CryptoAlgorithm.Mask + CryptoAlgorithm.Aes128Gcm:
            case CryptoAlgorithm.Mask + CryptoAlgorithm.Aes256Gcm:
            case CryptoAlgorithm.Mask + CryptoAlgorithm.ChaCha20Poly1305:
                return true;
            case CryptoAlgorithm.Aes128Gcm:
            case CryptoAlgorithm.Aes256Gcm:
                return UsesProcessor || AesGcm.IsSupported;
            case CryptoAlgorithm.ChaCha20Poly1305:
                return ChaCha20Poly1305.IsSupported;
            case CryptoAlgorithm.Agree + NamedGroup.Secp256r1:
            case CryptoAlgorithm.Agree + NamedGroup.Secp384r1:
            case CryptoAlgorithm.Agree + NamedGroup.Secp521r1:
            case CryptoAlgorithm.DerivePublic + KeyKind.Secp256r1:
            case CryptoAlgorithm.DerivePublic + KeyKind.Secp384r1:
            case CryptoAlgorithm.DerivePublic + KeyKind.Secp521r1:
            case CryptoAlgorithm.RsaEncrypt:
                return true;
            case CryptoAlgorithm.Agree + NamedGroup.MlKem768:
            case CryptoAlgorithm.Agree + NamedGroup.MlKem768Encapsulation:
                return MLKem.IsSupported;
            default:
                int kind = algorithm & ~0xFF;
                return ((kind == 0 || kind == CryptoAlgorithm.Hmac || kind == CryptoAlgorithm.Prf) && CryptoAlgorithm.HashSize(algorithm & 0xFF) != 0)
                    || Signs(algorithm);
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

        bool isCcm = algorithm is CryptoAlgorithm.Aes128Ccm or CryptoAlgorithm.Aes256Ccm;
        if (tagLength != 16 && !(isCcm && tagLength == 8))
        {
            throw new ArgumentOutOfRangeException(nameof(tagLength));
        }

        AeadContext? own = UsesProcessor ? Processor.CreateAead(algorithm, key, offset, tagLength) : null;
        return own ?? algorithm switch
        {
            CryptoAlgorithm.Aes128Ccm => new HostCcm(key.AsSpan(offset, 16), tagLength),
            CryptoAlgorithm.Aes256Ccm => new HostCcm(key.AsSpan(offset, 32), tagLength),
            CryptoAlgorithm.Aes128Gcm => new HostGcm(key.AsSpan(offset, 16)),
            CryptoAlgorithm.Aes256Gcm => new HostGcm(key.AsSpan(offset, 32)),
            CryptoAlgorithm.ChaCha20Poly1305 => new HostChaCha(key.AsSpan(offset, 32)),
            _ => throw Unsupported(algorithm),
        };
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
    public override MaskContext CreateMask(int algorithm, byte[] key, int offset)
    {
        MaskContext? own = UsesProcessor ? Processor.CreateMask(algorithm, key, offset) : null;
        return own ?? algorithm switch
        {
            CryptoAlgorithm.Aes128Ccm or CryptoAlgorithm.Aes128Gcm => new HostAesMask(key.AsSpan(offset, 16)),
            CryptoAlgorithm.Aes256Ccm or CryptoAlgorithm.Aes256Gcm => new HostAesMask(key.AsSpan(offset, 32)),
            CryptoAlgorithm.ChaCha20Poly1305 => new HostChaChaMask(key.AsSpan(offset, 32)),
            _ => throw Unsupported(CryptoAlgorithm.Mask + algorithm),
        };
    }

    /// <inheritdoc/>
    public override void Hmac(int hash, byte[] key, int keyOffset, int keyCount, byte[] data, int offset, int count, byte[] destination, int destinationOffset)
    {
        Span<byte> pads = stackalloc byte[HostHmac.PadsLength];
        new HostHmac(hash, HashName(hash, CryptoAlgorithm.Hmac), key.AsSpan(keyOffset, keyCount), pads)
            .Compute(data.AsSpan(offset, count), default, destination.AsSpan(destinationOffset));
        CryptographicOperations.ZeroMemory(pads);
    }

    /// <inheritdoc/>
    public override void Prf(
        int hash, byte[] secret, int secretOffset, int secretCount, byte[] labelAndSeed, int seedOffset, int seedCount,
        byte[] destination, int offset, int count)
    {
        Span<byte> output = destination.AsSpan(offset, count);
        Span<byte> pads = stackalloc byte[HostHmac.PadsLength];
        HostHmac mac = new(hash, HashName(hash, CryptoAlgorithm.Prf), secret.AsSpan(secretOffset, secretCount), pads);

        // The output may stand where the seed does.
        byte[] rented = ArrayPool<byte>.Shared.Rent(seedCount);
        Span<byte> seed = rented.AsSpan(0, seedCount);
        labelAndSeed.AsSpan(seedOffset, seedCount).CopyTo(seed);
        Span<byte> chain = stackalloc byte[CryptoAlgorithm.HashSize(hash)];
        Span<byte> block = stackalloc byte[chain.Length];
        scoped ReadOnlySpan<byte> before = seed;
        while (output.Length > 0)
        {
            mac.Compute(before, default, chain);
            before = chain;
            mac.Compute(chain, seed, block);
            int n = Math.Min(block.Length, output.Length);
            block[..n].CopyTo(output);
            output = output[n..];
        }

        CryptographicOperations.ZeroMemory(pads);
        CryptographicOperations.ZeroMemory(chain);
        CryptographicOperations.ZeroMemory(block);
        CryptographicOperations.ZeroMemory(seed);
        ArrayPool<byte>.Shared.Return(rented);
    }

    /// <inheritdoc/>
    public override CryptoOperation GenerateKey(int group, byte[] privateKey, int privateOffset, byte[] publicKey, int publicOffset)
    {
        Demand(CryptoAlgorithm.Agree + group);
        if (group == NamedGroup.MlKem768)
        {
            return HostKem.GenerateKey(
                privateKey.AsSpan(privateOffset, NamedGroup.MlKem768PrivateLength), publicKey.AsSpan(publicOffset, NamedGroup.MlKem768PublicLength));
        }

        return HostEcc.GenerateKey(
            group, privateKey.AsSpan(privateOffset, NamedGroup.SecretLength(group)), publicKey.AsSpan(publicOffset, NamedGroup.PublicKeyLength(group)));
    }

    /// <inheritdoc/>
    public override CryptoOperation Agree(int group, byte[]? privateKey, int privateOffset, byte[] peerKey, int peerOffset, int peerCount, byte[] secret, int secretOffset)
    {
        Demand(CryptoAlgorithm.Agree + group);
        ReadOnlySpan<byte> peer = peerKey.AsSpan(peerOffset, peerCount);
        switch (group)
        {
            case NamedGroup.MlKem768:
                return HostKem.Decapsulate(
                    privateKey.AsSpan(privateOffset, NamedGroup.MlKem768PrivateLength), peer, secret.AsSpan(secretOffset, NamedGroup.MlKem768SecretLength));
            case NamedGroup.MlKem768Encapsulation:
                return HostKem.Encapsulate(
                    peer, secret.AsSpan(secretOffset, NamedGroup.MlKem768SecretLength),
                    secret.AsSpan(secretOffset + NamedGroup.MlKem768SecretLength, NamedGroup.MlKem768CipherLength));
            default:
                break;
        }

        int length = NamedGroup.SecretLength(group);
        return HostEcc.Agree(group, privateKey.AsSpan(privateOffset, length), peer, secret.AsSpan(secretOffset, length));
    }

    /// <inheritdoc/>
    public override CryptoOperation DerivePublic(StoredPrivateKey key, byte[] publicKey, int offset)
    {
        Demand(CryptoAlgorithm.DerivePublic + key.Kind);
        return HostEcc.DerivePublic(key, publicKey.AsSpan(offset));
    }

    /// <inheritdoc/>
    public override CryptoOperation Sign(int scheme, StoredPrivateKey key, byte[] data, int offset, int count, byte[] signature, int signatureOffset)
    {
        Demand(CryptoAlgorithm.SignWith(scheme, key.Kind));
        ReadOnlySpan<byte> hash = data.AsSpan(offset, count);
        Span<byte> room = signature.AsSpan(signatureOffset);
        return key.Kind == KeyKind.Rsa
            ? HostRsa.Sign(scheme, HashName(SignatureScheme.HashOf(scheme), 0), _rsaKeys, key, hash, room)
            : HostEcc.Sign(_curveKeys, key, hash, room);
    }

    /// <inheritdoc/>
    public override CryptoOperation Verify(int scheme, PublicKey key, byte[] data, int offset, int count, byte[] signature, int signatureOffset, int signatureCount)
    {
        Demand(CryptoAlgorithm.VerifyWith(scheme, key.Kind));
        ReadOnlySpan<byte> hash = data.AsSpan(offset, count);
        ReadOnlySpan<byte> shown = signature.AsSpan(signatureOffset, signatureCount);
        return key.Kind == KeyKind.Rsa
            ? HostRsa.Verify(scheme, HashName(SignatureScheme.HashOf(scheme), 0), key, hash, shown)
            : HostEcc.Verify(key, hash, shown);
    }

    /// <inheritdoc/>
    public override CryptoOperation RsaEncrypt(PublicKey key, byte[] data, int offset, int count, byte[] cipher, int cipherOffset)
    {
        return HostRsa.Encrypt(key, data.AsSpan(offset, count), cipher.AsSpan(cipherOffset, key.Count));
    }

    /// <summary>Whether this is the number of a signature, made or verified, by a scheme that .NET has.</summary>
    private static bool Signs(int algorithm)
    {
        for (int kind = KeyKind.Rsa; kind <= KeyKind.Secp521r1; kind++)
        {
            int scheme = algorithm & 0xFFFF;
            if ((algorithm == CryptoAlgorithm.SignWith(scheme, kind) || algorithm == CryptoAlgorithm.VerifyWith(scheme, kind))
                && SignatureScheme.Fits(scheme, kind))
            {
                return SignatureScheme.HashOf(scheme) != CryptoAlgorithm.Sha1 && scheme != SignatureScheme.Ed25519;
            }
        }

        return false;
    }

    private void Demand(int algorithm)
    {
        if (!Supports(algorithm))
        {
            throw Unsupported(algorithm);
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

    private static NotSupportedException Unsupported(int algorithm)
    {
        return new NotSupportedException($"The host provider lacks algorithm {algorithm}.");
    }
}
