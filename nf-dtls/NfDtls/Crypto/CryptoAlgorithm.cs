namespace NfDtls
{
    /// <summary>
    /// The numbers by which the engine asks a <see cref="CryptoProvider"/> for an algorithm. Plain integers, so that an
    /// application can add its own (from 0x10000 to 0xFFFFF) without a change here.
    /// </summary>
    public static class CryptoAlgorithm
    {
        /// <summary>SHA-1 (FIPS 180-4), 20 bytes. Only inside the HMAC of TLS_RSA_WITH_AES_128_CBC_SHA.</summary>
        public const int Sha1 = 1;
        /// <summary>SHA-256 (FIPS 180-4), 32 bytes.</summary>
        public const int Sha256 = 2;
        /// <summary>SHA-384 (FIPS 180-4), 48 bytes.</summary>
        public const int Sha384 = 3;
        /// <summary>SHA-512 (FIPS 180-4), 64 bytes.</summary>
        public const int Sha512 = 4;

        /// <summary>AES-128 in CCM (RFC 3610, RFC 6655): key 16 bytes, nonce 12, tag 8 or 16.</summary>
        public const int Aes128Ccm = 0x10;
        /// <summary>AES-256 in CCM: key 32 bytes, nonce 12, tag 8 or 16.</summary>
        public const int Aes256Ccm = 0x11;
        /// <summary>AES-128 in GCM (SP 800-38D, RFC 5288): key 16 bytes, nonce 12, tag 16.</summary>
        public const int Aes128Gcm = 0x12;
        /// <summary>AES-256 in GCM: key 32 bytes, nonce 12, tag 16.</summary>
        public const int Aes256Gcm = 0x13;
        /// <summary>ChaCha20-Poly1305 (RFC 8439, RFC 7905): key 32 bytes, nonce 12, tag 16.</summary>
        public const int ChaCha20Poly1305 = 0x14;

        /// <summary>AES-128-CBC with HMAC-SHA-1: keys are the MAC key (20 bytes), then the cipher key (16).</summary>
        public const int Aes128CbcHmacSha1 = 0x20;
        /// <summary>AES-128-CBC with HMAC-SHA-256: keys are the MAC key (32 bytes), then the cipher key (16).</summary>
        public const int Aes128CbcHmacSha256 = 0x21;
        /// <summary>AES-256-CBC with HMAC-SHA-256: keys are the MAC key (32 bytes), then the cipher key (32).</summary>
        public const int Aes256CbcHmacSha256 = 0x22;

        /// <summary>Added to a hash's number: HMAC (RFC 2104) over it.</summary>
        public const int Hmac = 0x100;
        /// <summary>Added to a hash's number: the TLS 1.2 PRF (RFC 5246 section 5) over it.</summary>
        public const int Prf = 0x200;
        /// <summary>Random bytes fit for keys.</summary>
        public const int Random = 0x300;
        /// <summary>RSAES-PKCS1-v1_5 encryption (RFC 8017 section 7.2.1).</summary>
        public const int RsaEncrypt = 0x301;
        /// <summary>RSAES-PKCS1-v1_5 decryption with implicit rejection.</summary>
        public const int RsaDecrypt = 0x302;
        /// <summary>Added to an AEAD's number: the masks that hide the sequence numbers of its records (RFC 9147 section 4.2.3).</summary>
        public const int Mask = 0x500;

        /// <summary>Added to a number of <see cref="NamedGroup"/>: key pairs and key agreement in that group.</summary>
        public const int Agree = 0x100000;

        /// <summary>Added to a kind of <see cref="KeyKind"/>: the public key of a private one of that kind.</summary>
        public const int DerivePublic = 0x300000;

        private const int SignBase = 0x1000000;
        private const int VerifyBase = 0x2000000;

        /// <summary>The number for signing by a scheme of <see cref="SignatureScheme"/> with a key of a kind of <see cref="KeyKind"/>.</summary>
        public static int SignWith(int scheme, int keyKind)
        {
            return SignBase + (keyKind << 16) + scheme;
        }

        /// <summary>The number for verifying by a scheme of <see cref="SignatureScheme"/> with a key of a kind of <see cref="KeyKind"/>.</summary>
        public static int VerifyWith(int scheme, int keyKind)
        {
            return VerifyBase + (keyKind << 16) + scheme;
        }

        /// <summary>Length in bytes of a hash's digest, 0 for a number that is not a hash.</summary>
        public static int HashSize(int hash)
        {
            switch (hash)
            {
                case Sha1: return 20;
                case Sha256: return 32;
                case Sha384: return 48;
                case Sha512: return 64;
                default: return 0;
            }
        }
    }
}
