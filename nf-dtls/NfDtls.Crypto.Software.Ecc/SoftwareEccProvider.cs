using System;

namespace NfDtls.Crypto.Software
{
    /// <summary>
    /// Elliptic curves in managed code: key pairs, agreement and ECDSA on P-256 and P-384, X25519 and Ed25519.
    /// It supports these alone; a CompositeProvider puts it beside a SoftwareProvider.
    /// </summary>
    /// <remarks>
    /// Every operation is stepped; a unit of <see cref="CryptoOperation.Step"/>'s budget is at most six multiplications in the
    /// field, or what takes as long, but for a signature's nonce, where a unit is an HMAC of the provider underneath, and for a
    /// block of Ed25519's hash. Any number of operations may be pending at once: each has its own state, some 2 to 8 KB, which
    /// its end zeroes. What depends on a secret runs in constant time.
    /// </remarks>
    public sealed class SoftwareEccProvider : CryptoProvider
    {
        private readonly CryptoProvider _crypto;
        private readonly PrimeField _p256Field;
        private readonly PrimeField _p384Field;
        private readonly PrimeField _field25519;
        private Curve _p256;
        private Curve _p384;
        private Edwards25519 _edwards;

        /// <summary>Makes a provider. Constants and tables are made when an operation first needs them.</summary>
        /// <param name="crypto">Gives random bytes, HMAC over SHA-256, SHA-384 and SHA-512 (to sign), and SHA-512 (for Ed25519).</param>
        /// <exception cref="ArgumentNullException">There is no provider.</exception>
        public SoftwareEccProvider(CryptoProvider crypto)
            : this(crypto, new P256Field(), new P384Field(), new Field25519())
        {
        }

        internal SoftwareEccProvider(CryptoProvider crypto, PrimeField p256Field, PrimeField p384Field, PrimeField field25519)
        {
            if (crypto == null)
            {
                throw new ArgumentNullException("crypto");
            }

            _crypto = crypto;
            _p256Field = p256Field;
            _p384Field = p384Field;
            _field25519 = field25519;
        }

        /// <inheritdoc/>
        public override bool Supports(int algorithm)
        {
            switch (algorithm)
            {
                case CryptoAlgorithm.Agree + NamedGroup.Secp256r1:
                case CryptoAlgorithm.Agree + NamedGroup.Secp384r1:
                case CryptoAlgorithm.Agree + NamedGroup.X25519:
                    return _crypto.Supports(CryptoAlgorithm.Random);
                case CryptoAlgorithm.DerivePublic + KeyKind.Secp256r1:
                case CryptoAlgorithm.DerivePublic + KeyKind.Secp384r1:
                    return true;
                case CryptoAlgorithm.DerivePublic + KeyKind.Ed25519:
                    return _crypto.Supports(CryptoAlgorithm.Sha512);
                default:
                    return SupportsSignature(algorithm);
            }
        }

        /// <inheritdoc/>
        public override CryptoOperation GenerateKey(int group, byte[] privateKey, int privateOffset, byte[] publicKey, int publicOffset)
        {
            if (group == NamedGroup.X25519)
            {
                return X25519Operation.Generate(_crypto, _field25519, privateKey, privateOffset, publicKey, publicOffset);
            }

            Curve curve = CurveOf(group);
            if (curve == null)
            {
                return base.GenerateKey(group, privateKey, privateOffset, publicKey, publicOffset);
            }

            return new GenerateOperation(_crypto, curve, privateKey, privateOffset, publicKey, publicOffset);
        }

        /// <inheritdoc/>
        public override CryptoOperation Agree(int group, byte[]? privateKey, int privateOffset, byte[] peerKey, int peerOffset, int peerCount, byte[] secret, int secretOffset)
        {
            if (group == NamedGroup.X25519)
            {
                return X25519Operation.Agree(_field25519, privateKey, privateOffset, peerKey, peerOffset, peerCount, secret, secretOffset);
            }

            Curve curve = CurveOf(group);
            if (curve == null)
            {
                return base.Agree(group, privateKey, privateOffset, peerKey, peerOffset, peerCount, secret, secretOffset);
            }

            return new AgreeOperation(curve, privateKey, privateOffset, peerKey, peerOffset, peerCount, secret, secretOffset);
        }

        /// <inheritdoc/>
        public override CryptoOperation DerivePublic(StoredPrivateKey key, byte[] publicKey, int offset)
        {
            if (!Supports(CryptoAlgorithm.DerivePublic + key.Kind))
            {
                return base.DerivePublic(key, publicKey, offset);
            }

            if (key.Kind == KeyKind.Ed25519)
            {
                return new Ed25519SignOperation(_crypto, EdwardsCurve(), key, null, 0, 0, publicKey, offset);
            }

            return new DeriveOperation(CurveOfKey(key.Kind), key, publicKey, offset);
        }

        /// <inheritdoc/>
        public override CryptoOperation Sign(int scheme, StoredPrivateKey key, byte[] data, int offset, int count, byte[] signature, int signatureOffset)
        {
            if (!Supports(CryptoAlgorithm.SignWith(scheme, key.Kind)))
            {
                return base.Sign(scheme, key, data, offset, count, signature, signatureOffset);
            }

            if (scheme == SignatureScheme.Ed25519)
            {
                return new Ed25519SignOperation(_crypto, EdwardsCurve(), key, data, offset, count, signature, signatureOffset);
            }

            return new SignOperation(_crypto, CurveOfKey(key.Kind), SignatureScheme.HashOf(scheme), key, data, offset, count, signature, signatureOffset);
        }

        /// <inheritdoc/>
        public override CryptoOperation Verify(int scheme, PublicKey key, byte[] data, int offset, int count, byte[] signature, int signatureOffset, int signatureCount)
        {
            if (!Supports(CryptoAlgorithm.VerifyWith(scheme, key.Kind)))
            {
                return base.Verify(scheme, key, data, offset, count, signature, signatureOffset, signatureCount);
            }

            if (scheme == SignatureScheme.Ed25519)
            {
                HashContext hash = _crypto.CreateHash(CryptoAlgorithm.Sha512);
                return new Ed25519Operation(EdwardsCurve(), hash, key, data, offset, count, signature, signatureOffset, signatureCount);
            }

            return new VerifyOperation(CurveOfKey(key.Kind), key, data, offset, count, signature, signatureOffset, signatureCount);
        }

        private bool SupportsSignature(int algorithm)
        {
            if (algorithm == CryptoAlgorithm.VerifyWith(SignatureScheme.Ed25519, KeyKind.Ed25519))
            {
                return _crypto.Supports(CryptoAlgorithm.Sha512);
            }

            if (algorithm == CryptoAlgorithm.SignWith(SignatureScheme.Ed25519, KeyKind.Ed25519))
            {
                return _crypto.Supports(CryptoAlgorithm.Sha512) && _crypto.Supports(CryptoAlgorithm.Random);
            }

            for (int kind = KeyKind.Secp256r1; kind <= KeyKind.Secp384r1; kind++)
            {
                // A scheme of TLS 1.2 says nothing about the curve: each hash goes with each.
                int scheme = algorithm & 0xFFFF;
                bool isEcdsa = scheme == SignatureScheme.EcdsaSecp256r1Sha256 || scheme == SignatureScheme.EcdsaSecp384r1Sha384
                    || scheme == SignatureScheme.EcdsaSecp521r1Sha512;
                if (isEcdsa && algorithm == CryptoAlgorithm.VerifyWith(scheme, kind))
                {
                    return true;
                }

                if (isEcdsa && algorithm == CryptoAlgorithm.SignWith(scheme, kind))
                {
                    return CanSign(SignatureScheme.HashOf(scheme));
                }
            }

            return false;
        }

        private bool CanSign(int hash)
        {
            return _crypto.Supports(CryptoAlgorithm.Random) && _crypto.Supports(CryptoAlgorithm.Hmac + hash);
        }

        private Edwards25519 EdwardsCurve()
        {
            if (_edwards == null)
            {
                _edwards = new Edwards25519(_field25519);
            }

            return _edwards;
        }

        private Curve CurveOfKey(int kind)
        {
            return CurveOf(kind == KeyKind.Secp256r1 ? NamedGroup.Secp256r1 : NamedGroup.Secp384r1);
        }

        private Curve CurveOf(int group)
        {
            if (group == NamedGroup.Secp256r1)
            {
                if (_p256 == null)
                {
                    _p256 = P256.Make(_p256Field);
                    _p256.LowComb = P256.MakeComb(0);
                    _p256.HighComb = P256.MakeComb(32);
                }

                return _p256;
            }

            if (group == NamedGroup.Secp384r1)
            {
                if (_p384 == null)
                {
                    _p384 = P384.Make(_p384Field);
                }

                return _p384;
            }

            return null;
        }
    }
}
