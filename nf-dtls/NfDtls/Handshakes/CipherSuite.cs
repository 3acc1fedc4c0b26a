using System;

namespace NfDtls
{
    /// <summary>A cipher suite: nothing but data. An application may make its own and put it into a <see cref="CipherSuiteTable"/>.</summary>
    public sealed class CipherSuite
    {
        /// <summary>Set in <see cref="VersionMask"/> for DTLS 1.2.</summary>
        public const int Version12 = 1;
        /// <summary>Set in <see cref="VersionMask"/> for DTLS 1.3.</summary>
        public const int Version13 = 2;

        /// <summary>The two bytes on the wire.</summary>
        public readonly int Id;
        /// <summary>IANA's name.</summary>
        public readonly string Name;
        /// <summary>Versions that it may be used with.</summary>
        public readonly int VersionMask;
        /// <summary>AEAD or CBC algorithm of <see cref="CryptoAlgorithm"/>.</summary>
        public readonly int Cipher;
        /// <summary>Bytes of AEAD tag; 0 for CBC.</summary>
        public readonly int TagLength;
        /// <summary>Hash of the PRF and the transcript.</summary>
        public readonly int Hash;
        /// <summary>Makes the key exchange of a handshake.</summary>
        public readonly KeyExchangeFactory KeyExchange;

        /// <summary>Records that may be sealed under one key.</summary>
        public readonly long SealLimit;
        /// <summary>Records that may fail to open under one key.</summary>
        public readonly long ForgeryLimit;

        /// <summary>Makes a suite of DTLS 1.2 with the cipher's default limits.</summary>
        public CipherSuite(int id, string name, int cipher, int tagLength, int hash, KeyExchangeFactory keyExchange)
            : this(id, name, Version12, cipher, tagLength, hash, keyExchange)
        {
        }

        /// <summary>Makes a suite of the versions of a mask, with the cipher's default limits.</summary>
        public CipherSuite(int id, string name, int versionMask, int cipher, int tagLength, int hash, KeyExchangeFactory keyExchange)
        {
            if (keyExchange == null)
            {
                throw new ArgumentNullException("keyExchange");
            }

            if (CryptoAlgorithm.HashSize(hash) == 0)
            {
                throw new ArgumentException("Hash " + hash.ToString() + " is not one of CryptoAlgorithm's hashes.", "hash");
            }

            Id = id;
            Name = name;
            VersionMask = versionMask;
            Cipher = cipher;
            TagLength = tagLength;
            Hash = hash;
            KeyExchange = keyExchange;
            SealLimit = DefaultSealLimit(cipher);
            ForgeryLimit = DefaultForgeryLimit(cipher, tagLength);
        }

        /// <inheritdoc cref="Name"/>
        public override string ToString()
        {
            return Name;
        }

        /// <summary>Whether the suite is a CBC suite.</summary>
        public bool IsCbc
        {
            get { return Cipher >= CryptoAlgorithm.Aes128CbcHmacSha1 && Cipher <= CryptoAlgorithm.Aes256CbcHmacSha256; }
        }

        /// <summary>Bytes of cipher key.</summary>
        public int KeyLength
        {
            get
            {
                switch (Cipher)
                {
                    case CryptoAlgorithm.Aes256Ccm:
                    case CryptoAlgorithm.Aes256Gcm:
                    case CryptoAlgorithm.ChaCha20Poly1305:
                    case CryptoAlgorithm.Aes256CbcHmacSha256: return 32;
                    default: return 16;
                }
            }
        }

        /// <summary>Bytes of MAC key; 0 for AEAD.</summary>
        public int MacKeyLength
        {
            get { return !IsCbc ? 0 : Cipher == CryptoAlgorithm.Aes128CbcHmacSha1 ? 20 : 32; }
        }

        /// <summary>Bytes of IV taken from the key block.</summary>
        public int IvLength
        {
            get { return IsCbc ? 0 : Cipher == CryptoAlgorithm.ChaCha20Poly1305 ? 12 : 4; }
        }

        /// <summary>Whether a provider can do all that the suite needs of it.</summary>
        public bool IsSupportedBy(CryptoProvider crypto)
        {
            return crypto.Supports(Cipher) && crypto.Supports(Hash) && crypto.Supports(CryptoAlgorithm.Prf + Hash)
                && KeyExchange.IsSupportedBy(crypto);
        }

        /// <summary>RFC 9147 section 4.5.3 for AEAD; CBC under its 64-bit birthday bound of blocks, far above any 48-bit sequence in use.</summary>
        private static long DefaultSealLimit(int cipher)
        {
            switch (cipher)
            {
                case CryptoAlgorithm.Aes128Ccm:
                case CryptoAlgorithm.Aes256Ccm: return 1 << 23;
                case CryptoAlgorithm.Aes128Gcm:
                case CryptoAlgorithm.Aes256Gcm: return 23726566;
                default: return 1L << 47;
            }
        }

        private static long DefaultForgeryLimit(int cipher, int tagLength)
        {
            if (cipher == CryptoAlgorithm.Aes128Ccm || cipher == CryptoAlgorithm.Aes256Ccm)
            {
                return tagLength < 16 ? 1 << 22 : 11863283;
            }

            return 1L << 36;
        }
    }
}
