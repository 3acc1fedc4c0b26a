using System;

namespace NfDtls
{
    /// <summary>
    /// A private key whose numbers stand in a buffer, most often the DER that the application loaded. Nothing is copied: the
    /// buffer must stay as it is while the key is used, and to wipe it is its owner's business. All numbers are big-endian;
    /// leading zeros are allowed.
    /// </summary>
    public sealed class StoredPrivateKey : PrivateKey
    {
        /// <summary>Part of an elliptic curve key: the scalar (for Ed25519 the seed).</summary>
        public const int Scalar = 0;
        /// <summary>Part of an RSA key (RFC 8017 appendix A.1.2): the modulus n.</summary>
        public const int Modulus = 0;
        /// <summary>The public exponent e.</summary>
        public const int PublicExponent = 1;
        /// <summary>The private exponent d.</summary>
        public const int PrivateExponent = 2;
        /// <summary>The first prime p.</summary>
        public const int Prime1 = 3;
        /// <summary>The second prime q.</summary>
        public const int Prime2 = 4;
        /// <summary>d mod (p-1).</summary>
        public const int Exponent1 = 5;
        /// <summary>d mod (q-1).</summary>
        public const int Exponent2 = 6;
        /// <summary>The inverse of q mod p.</summary>
        public const int Coefficient = 7;
        /// <summary>Parts of an RSA key.</summary>
        public const int RsaParts = 8;

        private readonly int _kind;
        private readonly byte[] _buffer;
        private readonly int[] _offsets;
        private readonly int[] _counts;
        private readonly PublicKey _public;

        /// <summary>A key with a single secret number.</summary>
        /// <param name="kind">A kind of <see cref="KeyKind"/>, not RSA.</param>
        /// <param name="buffer">Holds the scalar or seed.</param>
        /// <param name="offset">Where it begins.</param>
        /// <param name="count">Bytes of it.</param>
        /// <param name="publicKey">The public key, or null where it is not known.</param>
        public StoredPrivateKey(int kind, byte[] buffer, int offset, int count, PublicKey? publicKey)
        {
            if (kind == KeyKind.Rsa)
            {
                throw new ArgumentException("An RSA key has eight parts.", "kind");
            }

            _kind = kind;
            _buffer = buffer;
            _offsets = new int[] { offset };
            _counts = new int[] { count };
            _public = publicKey;
        }

        /// <summary>An RSA key.</summary>
        /// <param name="buffer">Holds the eight numbers.</param>
        /// <param name="offsets">Where each begins, in the order of the constants of this class; kept, not copied.</param>
        /// <param name="counts">Bytes of each; kept, not copied.</param>
        public StoredPrivateKey(byte[] buffer, int[] offsets, int[] counts)
        {
            if (offsets.Length != RsaParts || counts.Length != RsaParts)
            {
                throw new ArgumentException("An RSA key has eight parts.", "offsets");
            }

            _kind = KeyKind.Rsa;
            _buffer = buffer;
            _offsets = offsets;
            _counts = counts;
            _public = new PublicKey();
            _public.SetRsa(buffer, offsets[Modulus], counts[Modulus], offsets[PublicExponent], counts[PublicExponent]);
        }

        /// <inheritdoc/>
        public override int Kind
        {
            get { return _kind; }
        }

        /// <inheritdoc/>
        public override PublicKey? Public
        {
            get { return _public; }
        }

        /// <summary>The buffer that holds all parts.</summary>
        public byte[] Buffer
        {
            get { return _buffer; }
        }

        /// <summary>Where a part begins.</summary>
        public int OffsetOf(int part)
        {
            return _offsets[part];
        }

        /// <summary>Bytes of a part.</summary>
        public int CountOf(int part)
        {
            return _counts[part];
        }

        /// <inheritdoc/>
        public override bool CanSign(CryptoProvider crypto, int scheme)
        {
            return SignatureScheme.Fits(scheme, _kind) && crypto.Supports(CryptoAlgorithm.SignWith(scheme, _kind));
        }

        /// <inheritdoc/>
        public override CryptoOperation Sign(CryptoProvider crypto, int scheme, byte[] data, int offset, int count, byte[] signature, int signatureOffset)
        {
            return crypto.Sign(scheme, this, data, offset, count, signature, signatureOffset);
        }

        /// <inheritdoc/>
        public override bool CanDecrypt(CryptoProvider crypto)
        {
            return _kind == KeyKind.Rsa && crypto.Supports(CryptoAlgorithm.RsaDecrypt);
        }

        /// <inheritdoc/>
        public override CryptoOperation Decrypt(CryptoProvider crypto, byte[] cipher, int offset, int count, byte[] destination, int destinationOffset, int length)
        {
            return crypto.RsaDecrypt(this, cipher, offset, count, destination, destinationOffset, length);
        }
    }
}
