using System;

namespace NfDtls
{
    /// <summary>
    /// Several providers as one: each algorithm is the first one's that supports it, so an accelerator goes before managed
    /// code, and on a PC the system's OpenSSL (OpenSslProvider of NfDtls.Crypto.OpenSsl, where its IsAvailable says so) before
    /// .NET's own (HostProvider). Used by one engine at a time, as its providers are.
    /// </summary>
    public sealed class CompositeProvider : CryptoProvider
    {
        private readonly CryptoProvider[] _providers;

        /// <summary>Makes a provider over others.</summary>
        /// <param name="providers">The providers, the preferred ones first.</param>
        /// <exception cref="ArgumentNullException">The array or one of its elements is null.</exception>
        public CompositeProvider(CryptoProvider[] providers)
        {
            if (providers == null)
            {
                throw new ArgumentNullException("providers");
            }

            _providers = new CryptoProvider[providers.Length];
            for (int i = 0; i < providers.Length; i++)
            {
                if (providers[i] == null)
                {
                    throw new ArgumentNullException("providers");
                }

                _providers[i] = providers[i];
            }
        }

        /// <inheritdoc/>
        public override bool Supports(int algorithm)
        {
            return Find(algorithm) != null;
        }

        /// <summary>The provider that an algorithm goes to.</summary>
        /// <exception cref="NotSupportedException">No provider supports it.</exception>
        public CryptoProvider ProviderFor(int algorithm)
        {
            CryptoProvider provider = Find(algorithm);
            if (provider == null)
            {
                throw new NotSupportedException("No crypto provider supports algorithm " + algorithm + ".");
            }

            return provider;
        }

        /// <inheritdoc/>
        public override int Reserve(int contexts)
        {
            int room = contexts;
            for (int i = 0; i < _providers.Length; i++)
            {
                int one = _providers[i].Reserve(contexts);
                room = one < room ? one : room;
            }

            return room;
        }

        /// <inheritdoc/>
        public override void Random(byte[] destination, int offset, int count)
        {
            ProviderFor(CryptoAlgorithm.Random).Random(destination, offset, count);
        }

        /// <inheritdoc/>
        public override HashContext CreateHash(int algorithm)
        {
            return ProviderFor(algorithm).CreateHash(algorithm);
        }

        /// <inheritdoc/>
        public override AeadContext CreateAead(int algorithm, byte[] key, int offset, int tagLength)
        {
            return ProviderFor(algorithm).CreateAead(algorithm, key, offset, tagLength);
        }

        /// <inheritdoc/>
        public override CbcContext CreateCbc(int algorithm, byte[] keys, int offset, bool encryptThenMac)
        {
            return ProviderFor(algorithm).CreateCbc(algorithm, keys, offset, encryptThenMac);
        }

        /// <inheritdoc/>
        public override MaskContext CreateMask(int algorithm, byte[] key, int offset)
        {
            return ProviderFor(CryptoAlgorithm.Mask + algorithm).CreateMask(algorithm, key, offset);
        }

        /// <inheritdoc/>
        public override void Hmac(int hash, byte[] key, int keyOffset, int keyCount, byte[] data, int offset, int count, byte[] destination, int destinationOffset)
        {
            ProviderFor(CryptoAlgorithm.Hmac + hash).Hmac(hash, key, keyOffset, keyCount, data, offset, count, destination, destinationOffset);
        }

        /// <inheritdoc/>
        public override HmacContext CreateHmac(int hash, int maxKey)
        {
            return ProviderFor(CryptoAlgorithm.Hmac + hash).CreateHmac(hash, maxKey);
        }

        /// <inheritdoc/>
        public override void Prf(
            int hash, byte[] secret, int secretOffset, int secretCount, byte[] labelAndSeed, int seedOffset, int seedCount,
            byte[] destination, int offset, int count)
        {
            ProviderFor(CryptoAlgorithm.Prf + hash).Prf(hash, secret, secretOffset, secretCount, labelAndSeed, seedOffset, seedCount, destination, offset, count);
        }

        /// <inheritdoc/>
        public override void Forget()
        {
            for (int i = 0; i < _providers.Length; i++)
            {
                _providers[i].Forget();
            }
        }

        /// <inheritdoc/>
        public override CryptoOperation GenerateKey(int group, byte[] privateKey, int privateOffset, byte[] publicKey, int publicOffset)
        {
            return ProviderFor(CryptoAlgorithm.Agree + group).GenerateKey(group, privateKey, privateOffset, publicKey, publicOffset);
        }

        /// <inheritdoc/>
        public override CryptoOperation Agree(int group, byte[]? privateKey, int privateOffset, byte[] peerKey, int peerOffset, int peerCount, byte[] secret, int secretOffset)
        {
            return ProviderFor(CryptoAlgorithm.Agree + group).Agree(group, privateKey, privateOffset, peerKey, peerOffset, peerCount, secret, secretOffset);
        }

        /// <inheritdoc/>
        public override CryptoOperation DerivePublic(StoredPrivateKey key, byte[] publicKey, int offset)
        {
            return ProviderFor(CryptoAlgorithm.DerivePublic + key.Kind).DerivePublic(key, publicKey, offset);
        }

        /// <inheritdoc/>
        public override CryptoOperation Sign(int scheme, StoredPrivateKey key, byte[] data, int offset, int count, byte[] signature, int signatureOffset)
        {
            return ProviderFor(CryptoAlgorithm.SignWith(scheme, key.Kind)).Sign(scheme, key, data, offset, count, signature, signatureOffset);
        }

        /// <inheritdoc/>
        public override CryptoOperation Verify(int scheme, PublicKey key, byte[] data, int offset, int count, byte[] signature, int signatureOffset, int signatureCount)
        {
            return ProviderFor(CryptoAlgorithm.VerifyWith(scheme, key.Kind)).Verify(scheme, key, data, offset, count, signature, signatureOffset, signatureCount);
        }

        /// <inheritdoc/>
        public override CryptoOperation RsaEncrypt(PublicKey key, byte[] data, int offset, int count, byte[] cipher, int cipherOffset)
        {
            return ProviderFor(CryptoAlgorithm.RsaEncrypt).RsaEncrypt(key, data, offset, count, cipher, cipherOffset);
        }

        /// <inheritdoc/>
        public override CryptoOperation RsaDecrypt(StoredPrivateKey key, byte[] cipher, int offset, int count, byte[] destination, int destinationOffset, int length)
        {
            return ProviderFor(CryptoAlgorithm.RsaDecrypt).RsaDecrypt(key, cipher, offset, count, destination, destinationOffset, length);
        }

        private CryptoProvider Find(int algorithm)
        {
            for (int i = 0; i < _providers.Length; i++)
            {
                if (_providers[i].Supports(algorithm))
                {
                    return _providers[i];
                }
            }

            return null;
        }
    }
}
