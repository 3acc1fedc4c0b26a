using System;

namespace NfDtls.Crypto.Software
{
    /// <summary>
    /// Cryptography in managed code, for any board: AES in CCM, GCM and CBC, ChaCha20-Poly1305, SHA-1 and SHA-2, HMAC, the TLS
    /// 1.2 PRF, and random bytes by HMAC_DRBG over the application's <see cref="EntropySource"/>.
    /// </summary>
    /// <remarks>
    /// One engine at a time uses a provider: its calls share scratch memory. Tables and scratch are made when an algorithm is
    /// first wanted, so a board pays only for what it uses; from the second call on <see cref="ConstrainedProvider.Hmac"/>,
    /// <see cref="ConstrainedProvider.Prf"/> and <see cref="ConstrainedProvider.Random"/> allocate nothing.
    /// </remarks>
    public sealed class SoftwareProvider : ConstrainedProvider
    {
        /// <summary>Makes a provider. The source is first read when random bytes are first wanted.</summary>
        /// <param name="entropy">Where random bits come from.</param>
        /// <exception cref="ArgumentNullException">There is no source.</exception>
        public SoftwareProvider(EntropySource entropy)
            : base(entropy)
        {
        }

        /// <summary>Makes a provider whose generator takes along at each boot what the boot before left.</summary>
        /// <param name="entropy">Where random bits come from.</param>
        /// <param name="saved">The place for it; read and replaced once, when random bytes are first wanted.</param>
        /// <exception cref="ArgumentNullException">There is no source or no place.</exception>
        public SoftwareProvider(EntropySource entropy, SavedSeed saved)
            : base(entropy, saved)
        {
        }

        /// <inheritdoc/>
        public override bool Supports(int algorithm)
        {
            if (base.Supports(algorithm))
            {
                return true;
            }

            switch (algorithm)
            {
                case CryptoAlgorithm.Sha1:
                case CryptoAlgorithm.Sha384:
                case CryptoAlgorithm.Sha512:
                case CryptoAlgorithm.Aes128Gcm:
                case CryptoAlgorithm.Aes256Gcm:
                case CryptoAlgorithm.ChaCha20Poly1305:
                case CryptoAlgorithm.Aes128CbcHmacSha1:
                case CryptoAlgorithm.Aes128CbcHmacSha256:
                case CryptoAlgorithm.Aes256CbcHmacSha256:
                case CryptoAlgorithm.Hmac + CryptoAlgorithm.Sha1:
                case CryptoAlgorithm.Hmac + CryptoAlgorithm.Sha384:
                case CryptoAlgorithm.Hmac + CryptoAlgorithm.Sha512:
                case CryptoAlgorithm.Prf + CryptoAlgorithm.Sha1:
                case CryptoAlgorithm.Prf + CryptoAlgorithm.Sha384:
                case CryptoAlgorithm.Prf + CryptoAlgorithm.Sha512:
                case CryptoAlgorithm.Mask + CryptoAlgorithm.Aes128Gcm:
                case CryptoAlgorithm.Mask + CryptoAlgorithm.Aes256Gcm:
                case CryptoAlgorithm.Mask + CryptoAlgorithm.ChaCha20Poly1305: return true;
                default: return false;
            }
        }

        /// <inheritdoc/>
        public override AeadContext CreateAead(int algorithm, byte[] key, int offset, int tagLength)
        {
            switch (algorithm)
            {
                case CryptoAlgorithm.Aes128Gcm:
                    CheckTag(tagLength == 16);
                    return new GcmContext(MakeKey(key, offset, 16));
                case CryptoAlgorithm.Aes256Gcm:
                    CheckTag(tagLength == 16);
                    return new GcmContext(MakeKey(key, offset, 32));
                case CryptoAlgorithm.ChaCha20Poly1305:
                    CheckTag(tagLength == 16);
                    return new ChaChaContext(key, offset);
                default:
                    return base.CreateAead(algorithm, key, offset, tagLength);
            }
        }

        /// <inheritdoc/>
        public override CbcContext CreateCbc(int algorithm, byte[] keys, int offset, bool encryptThenMac)
        {
            int hash = CryptoAlgorithm.Sha256;
            int keyLength = 16;
            switch (algorithm)
            {
                case CryptoAlgorithm.Aes128CbcHmacSha1:
                    hash = CryptoAlgorithm.Sha1;
                    break;
                case CryptoAlgorithm.Aes128CbcHmacSha256:
                    break;
                case CryptoAlgorithm.Aes256CbcHmacSha256:
                    keyLength = 32;
                    break;
                default:
                    return base.CreateCbc(algorithm, keys, offset, encryptThenMac);
            }

            HmacState hmac = MakeHmac(hash);
            hmac.SetKey(keys, offset, hmac.Size);
            return new AesCbcContext(MakeKey(keys, offset + hmac.Size, keyLength), hmac, encryptThenMac);
        }

        /// <inheritdoc/>
        public override MaskContext CreateMask(int algorithm, byte[] key, int offset)
        {
            switch (algorithm)
            {
                // The cipher's block alone makes the mask.
                case CryptoAlgorithm.Aes128Gcm: return base.CreateMask(CryptoAlgorithm.Aes128Ccm, key, offset);
                case CryptoAlgorithm.Aes256Gcm: return base.CreateMask(CryptoAlgorithm.Aes256Ccm, key, offset);
                case CryptoAlgorithm.ChaCha20Poly1305: return new ChaChaMask(key, offset);
                default: return base.CreateMask(algorithm, key, offset);
            }
        }

        internal override BlockHash MakeHash(int algorithm)
        {
            switch (algorithm)
            {
                case CryptoAlgorithm.Sha1: return new Sha1();
                case CryptoAlgorithm.Sha384: return new Sha512(Constants, 48);
                case CryptoAlgorithm.Sha512: return new Sha512(Constants, 64);
                default: return base.MakeHash(algorithm);
            }
        }
    }
}
