using System;
using System.Buffers;
using System.Security.Cryptography;
using NfDtls.Crypto.Host;

namespace NfDtls.Crypto.OpenSsl;

/// <summary>
/// Cryptography over the system's libcrypto (OpenSSL 3 or later), for gateways. It does all that the seam has, and keeps
/// contexts and key schedules, so that a record costs no allocation, managed or native. Any number of engines, on any threads,
/// may share a provider; a context that it makes belongs to one engine.
/// </summary>
/// <remarks>
/// Private keys that sign or decrypt are read and checked once, and kept as long as their <see cref="StoredPrivateKey"/>; where
/// its bytes change, the key is read anew. Asymmetric work is done when it is asked for: the operations have ended before
/// their first step.
/// </remarks>
public sealed class OpenSslProvider : CryptoProvider
{
    private readonly KeyCache _keys = new();

    /// <summary>
    /// Makes a provider that does AES in CCM and GCM by the processor's own instructions, where it has them and the switch allows
    /// it; where libcrypto is in FIPS mode (its default properties have fips=yes) one that leaves it to libcrypto.
    /// </summary>
    /// <exception cref="NotSupportedException">There is no libcrypto of OpenSSL 3 or later: <see cref="IsAvailable"/> tells before.</exception>
    public OpenSslProvider()
        : this(!LibCrypto.IsInFipsMode)
    {
    }

    /// <summary>Makes a provider that does AES in CCM and GCM by the processor's own instructions, or leaves that to libcrypto as all else.</summary>
    /// <param name="useProcessor">
    /// False: all is libcrypto's. Its ciphers, signatures and key agreements may then be a validated module's; hashes, HMACs and point
    /// products are functions of libcrypto itself, which stand behind no module. True: AES in CCM and GCM, and masks by AES, are the
    /// processor's, where <see cref="UsesProcessor"/> is true then; in FIPS mode, too.
    /// </param>
    /// <exception cref="NotSupportedException">There is no libcrypto of OpenSSL 3 or later: <see cref="IsAvailable"/> tells before.</exception>
    public OpenSslProvider(bool useProcessor)
    {
        if (!IsAvailable)
        {
            throw new NotSupportedException("The system has no libcrypto of OpenSSL 3 or later; HostProvider needs none.");
        }

        UsesProcessor = useProcessor && Processor.IsThere && Processor.IsAllowed;
    }

    /// <summary>Whether the system has a libcrypto that fits.</summary>
    public static bool IsAvailable
    {
        get { return LibCrypto.IsAvailable; }
    }

    /// <summary>The library's name and version as it says them, empty where there is none.</summary>
    public static string LibraryVersion
    {
        get { return IsAvailable ? LibCrypto.Version : ""; }
    }

    /// <summary>
    /// Whether AES in CCM and GCM is done by the processor's own instructions (x86-64 with AES, PCLMULQDQ and SSSE3), without
    /// libcrypto: not where the switch NfDtls.Crypto.UseProcessor of <see cref="AppContext"/> is false.
    /// </summary>
    public bool UsesProcessor { get; }

    /// <summary>What does the work: the library's name and version, and the processor where <see cref="UsesProcessor"/> is true.</summary>
    public override string ToString()
    {
        return UsesProcessor ? LibraryVersion + Processor.Suffix : LibraryVersion;
    }

    /// <inheritdoc/>
    public override bool Supports(int algorithm)
    {
        switch (algorithm)
        {
            case CryptoAlgorithm.Random:
            case CryptoAlgorithm.RsaEncrypt:
            case CryptoAlgorithm.RsaDecrypt:
            case CryptoAlgorithm.Agree + NamedGroup.X25519:
            case CryptoAlgorithm.DerivePublic + KeyKind.Ed25519:
                return true;
            case CryptoAlgorithm.Aes128CbcHmacSha1:
            case CryptoAlgorithm.Aes128CbcHmacSha256:
                return Cipher.Aes128Cbc.IsThere;
            case CryptoAlgorithm.Aes256CbcHmacSha256:
                return Cipher.Aes256Cbc.IsThere;
        }

        int number = algorithm & 0xFF;
        switch (algorithm & ~0xFF)
        {
            case 0:
                return CryptoAlgorithm.HashSize(number) != 0 || AeadCipher(number) is { IsThere: true };
            case CryptoAlgorithm.Hmac:
            case CryptoAlgorithm.Prf:
                return CryptoAlgorithm.HashSize(number) != 0;
            case CryptoAlgorithm.Mask:
                return MaskCipher(number) is { IsThere: true };
            case CryptoAlgorithm.Agree:
                return Curves.OfGroup(number) != null;
            case CryptoAlgorithm.DerivePublic:
                return Curves.OfKind(number) != null;
            default:
                return Signs(algorithm);
        }
    }

    /// <inheritdoc/>
    public override void Random(byte[] destination, int offset, int count)
    {
        if (!Entropy.TryFill(destination.AsSpan(offset, count)))
        {
            throw new InvalidOperationException("OpenSSL has no entropy.");
        }
    }

    /// <inheritdoc/>
    public override HashContext CreateHash(int algorithm)
    {
        DemandHash(algorithm, 0);
        return new OpenSslHash(algorithm);
    }

    /// <inheritdoc/>
    public override AeadContext CreateAead(int algorithm, byte[] key, int offset, int tagLength)
    {
        Cipher? cipher = AeadCipher(algorithm);
        if (cipher is not { IsThere: true })
        {
            throw Unsupported(algorithm);
        }

        bool isCcm = algorithm is CryptoAlgorithm.Aes128Ccm or CryptoAlgorithm.Aes256Ccm;
        if (tagLength != 16 && !(isCcm && tagLength == 8))
        {
            throw new ArgumentOutOfRangeException(nameof(tagLength));
        }

        AeadContext? own = UsesProcessor ? Processor.CreateAead(algorithm, key, offset, tagLength) : null;
        return own ?? new OpenSslAead(cipher, key.AsSpan(offset, KeyLength(algorithm)), tagLength, isCcm);
    }

    /// <inheritdoc/>
    public override CbcContext CreateCbc(int algorithm, byte[] keys, int offset, bool encryptThenMac)
    {
        Demand(algorithm);
        int hash = algorithm == CryptoAlgorithm.Aes128CbcHmacSha1 ? CryptoAlgorithm.Sha1 : CryptoAlgorithm.Sha256;
        int macLength = CryptoAlgorithm.HashSize(hash);
        switch (algorithm)
        {
            case CryptoAlgorithm.Aes128CbcHmacSha1:
            case CryptoAlgorithm.Aes128CbcHmacSha256:
                return new OpenSslCbc(Cipher.Aes128Cbc, hash, keys.AsSpan(offset, macLength), keys.AsSpan(offset + macLength, 16), encryptThenMac);
            case CryptoAlgorithm.Aes256CbcHmacSha256:
                return new OpenSslCbc(Cipher.Aes256Cbc, hash, keys.AsSpan(offset, macLength), keys.AsSpan(offset + macLength, 32), encryptThenMac);
            default:
                throw Unsupported(algorithm);
        }
    }

    /// <inheritdoc/>
    public override MaskContext CreateMask(int algorithm, byte[] key, int offset)
    {
        Cipher? cipher = MaskCipher(algorithm);
        if (cipher is not { IsThere: true })
        {
            throw Unsupported(CryptoAlgorithm.Mask + algorithm);
        }

        MaskContext? own = UsesProcessor ? Processor.CreateMask(algorithm, key, offset) : null;
        return own ?? new OpenSslMask(cipher, key.AsSpan(offset, KeyLength(algorithm)), algorithm == CryptoAlgorithm.ChaCha20Poly1305);
    }

    /// <inheritdoc/>
    public override void Hmac(int hash, byte[] key, int keyOffset, int keyCount, byte[] data, int offset, int count, byte[] destination, int destinationOffset)
    {
        DemandHash(hash, CryptoAlgorithm.Hmac);
        Span<ulong> pads = stackalloc ulong[2 * Sha.StateWords];
        HmacKey mac = new(hash, pads);
        mac.SetKey(key.AsSpan(keyOffset, keyCount));
        mac.Compute(data.AsSpan(offset, count), default, destination.AsSpan(destinationOffset));
        pads.Clear();
    }

    /// <inheritdoc/>
    public override HmacContext CreateHmac(int hash, int maxKey)
    {
        DemandHash(hash, CryptoAlgorithm.Hmac);
        return new OpenSslHmac(hash, maxKey);
    }

    /// <inheritdoc/>
    public override void Prf(
        int hash, byte[] secret, int secretOffset, int secretCount, byte[] labelAndSeed, int seedOffset, int seedCount,
        byte[] destination, int offset, int count)
    {
        DemandHash(hash, CryptoAlgorithm.Prf);
        Span<ulong> pads = stackalloc ulong[2 * Sha.StateWords];
        HmacKey mac = new(hash, pads);
        mac.SetKey(secret.AsSpan(secretOffset, secretCount));
        Span<byte> output = destination.AsSpan(offset, count);

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

        pads.Clear();
        CryptographicOperations.ZeroMemory(chain);
        CryptographicOperations.ZeroMemory(block);
        CryptographicOperations.ZeroMemory(seed);
        ArrayPool<byte>.Shared.Return(rented);
    }

    /// <inheritdoc/>
    public override CryptoOperation GenerateKey(int group, byte[] privateKey, int privateOffset, byte[] publicKey, int publicOffset)
    {
        Demand(CryptoAlgorithm.Agree + group);
        return new CompletedOperation(Agreement.Generate(
            group, privateKey.AsSpan(privateOffset, NamedGroup.SecretLength(group)), publicKey.AsSpan(publicOffset, NamedGroup.PublicKeyLength(group))));
    }

    /// <inheritdoc/>
    public override CryptoOperation Agree(int group, byte[]? privateKey, int privateOffset, byte[] peerKey, int peerOffset, int peerCount, byte[] secret, int secretOffset)
    {
        Demand(CryptoAlgorithm.Agree + group);
        int length = NamedGroup.SecretLength(group);
        return new CompletedOperation(Agreement.Agree(
            group, privateKey.AsSpan(privateOffset, length), peerKey.AsSpan(peerOffset, peerCount), secret.AsSpan(secretOffset, length)));
    }

    /// <inheritdoc/>
    public override CryptoOperation DerivePublic(StoredPrivateKey key, byte[] publicKey, int offset)
    {
        Demand(CryptoAlgorithm.DerivePublic + key.Kind);
        ReadOnlySpan<byte> secret = key.Buffer.AsSpan(key.OffsetOf(StoredPrivateKey.Scalar), key.CountOf(StoredPrivateKey.Scalar));
        Curve? curve = Curves.OfKind(key.Kind);
        bool done;
        if (curve != null)
        {
            done = curve.TryMultiplyGenerator(secret, publicKey.AsSpan(offset, 1 + (2 * curve.FieldLength)));
        }
        else
        {
            KeyHandle? handle = _keys.Get(key);
            done = handle != null && RawKey.TryGetPublic(handle, publicKey.AsSpan(offset, RawKey.Length));
        }

        return new CompletedOperation(done ? DtlsError.None : DtlsError.InternalError);
    }

    /// <inheritdoc/>
    public override CryptoOperation Sign(int scheme, StoredPrivateKey key, byte[] data, int offset, int count, byte[] signature, int signatureOffset)
    {
        Demand(CryptoAlgorithm.SignWith(scheme, key.Kind));
        return Signatures.Sign(scheme, _keys.Get(key), data.AsSpan(offset, count), signature.AsSpan(signatureOffset));
    }

    /// <inheritdoc/>
    public override CryptoOperation Verify(int scheme, PublicKey key, byte[] data, int offset, int count, byte[] signature, int signatureOffset, int signatureCount)
    {
        Demand(CryptoAlgorithm.VerifyWith(scheme, key.Kind));
        return Signatures.Verify(scheme, key, data.AsSpan(offset, count), signature.AsSpan(signatureOffset, signatureCount));
    }

    /// <inheritdoc/>
    public override CryptoOperation RsaEncrypt(PublicKey key, byte[] data, int offset, int count, byte[] cipher, int cipherOffset)
    {
        return new CompletedOperation(RsaCipher.Encrypt(key, data.AsSpan(offset, count), cipher.AsSpan(cipherOffset, key.Count)));
    }

    /// <inheritdoc/>
    public override CryptoOperation RsaDecrypt(StoredPrivateKey key, byte[] cipher, int offset, int count, byte[] destination, int destinationOffset, int length)
    {
        return new CompletedOperation(RsaCipher.Decrypt(
            _keys.Get(key), key.Public!.Count, cipher.AsSpan(offset, count), destination.AsSpan(destinationOffset, length)));
    }

    /// <summary>Whether this is the number of a signature, made or verified, by a scheme that is not refused by name.</summary>
    private static bool Signs(int algorithm)
    {
        int scheme = algorithm & 0xFFFF;
        for (int kind = KeyKind.Rsa; kind <= KeyKind.Secp521r1; kind++)
        {
            if ((algorithm == CryptoAlgorithm.SignWith(scheme, kind) || algorithm == CryptoAlgorithm.VerifyWith(scheme, kind))
                && SignatureScheme.Fits(scheme, kind))
            {
                return SignatureScheme.HashOf(scheme) != CryptoAlgorithm.Sha1
                    && (kind is KeyKind.Rsa or KeyKind.Ed25519 || Curves.OfKind(kind) != null);
            }
        }

        return false;
    }

    private static Cipher? AeadCipher(int algorithm)
    {
        return algorithm switch
        {
            CryptoAlgorithm.Aes128Ccm => Cipher.Aes128Ccm,
            CryptoAlgorithm.Aes256Ccm => Cipher.Aes256Ccm,
            CryptoAlgorithm.Aes128Gcm => Cipher.Aes128Gcm,
            CryptoAlgorithm.Aes256Gcm => Cipher.Aes256Gcm,
            CryptoAlgorithm.ChaCha20Poly1305 => Cipher.ChaCha20Poly1305,
            _ => null,
        };
    }

    private static Cipher? MaskCipher(int algorithm)
    {
        return algorithm switch
        {
            CryptoAlgorithm.Aes128Ccm or CryptoAlgorithm.Aes128Gcm => Cipher.Aes128Ecb,
            CryptoAlgorithm.Aes256Ccm or CryptoAlgorithm.Aes256Gcm => Cipher.Aes256Ecb,
            CryptoAlgorithm.ChaCha20Poly1305 => Cipher.ChaCha20,
            _ => null,
        };
    }

    private static int KeyLength(int algorithm)
    {
        return algorithm is CryptoAlgorithm.Aes128Ccm or CryptoAlgorithm.Aes128Gcm ? 16 : 32;
    }

    private void Demand(int algorithm)
    {
        if (!Supports(algorithm))
        {
            throw Unsupported(algorithm);
        }
    }

    private static void DemandHash(int hash, int use)
    {
        if (CryptoAlgorithm.HashSize(hash) == 0)
        {
            throw Unsupported(use + hash);
        }
    }

    private static NotSupportedException Unsupported(int algorithm)
    {
        return new NotSupportedException($"The OpenSSL provider lacks algorithm {algorithm}.");
    }
}
