namespace NfDtls
{
    /// <summary>
    /// Numbers of the signature schemes (IANA's TLS SignatureScheme). In DTLS 1.2 the two bytes are a hash and an algorithm
    /// (RFC 5246 section 7.4.1.4.1): the curve in an ECDSA scheme's name says nothing about the key's curve there.
    /// </summary>
    public static class SignatureScheme
    {
        /// <summary>RSASSA-PKCS1-v1_5 with SHA-1: known only to be refused by name.</summary>
        public const int RsaPkcs1Sha1 = 0x0201;
        /// <summary>ECDSA with SHA-1: known only to be refused by name.</summary>
        public const int EcdsaSha1 = 0x0203;
        /// <summary>RSASSA-PKCS1-v1_5 with SHA-256.</summary>
        public const int RsaPkcs1Sha256 = 0x0401;
        /// <summary>RSASSA-PKCS1-v1_5 with SHA-384.</summary>
        public const int RsaPkcs1Sha384 = 0x0501;
        /// <summary>RSASSA-PKCS1-v1_5 with SHA-512.</summary>
        public const int RsaPkcs1Sha512 = 0x0601;
        /// <summary>ECDSA with SHA-256.</summary>
        public const int EcdsaSecp256r1Sha256 = 0x0403;
        /// <summary>ECDSA with SHA-384.</summary>
        public const int EcdsaSecp384r1Sha384 = 0x0503;
        /// <summary>ECDSA with SHA-512.</summary>
        public const int EcdsaSecp521r1Sha512 = 0x0603;
        /// <summary>RSASSA-PSS with SHA-256, MGF1 with SHA-256 and a salt of 32 bytes, by a key of type rsaEncryption.</summary>
        public const int RsaPssRsaeSha256 = 0x0804;
        /// <summary>The same with SHA-384 and 48 bytes.</summary>
        public const int RsaPssRsaeSha384 = 0x0805;
        /// <summary>The same with SHA-512 and 64 bytes.</summary>
        public const int RsaPssRsaeSha512 = 0x0806;
        /// <summary>Ed25519 (RFC 8032): signs the message itself.</summary>
        public const int Ed25519 = 0x0807;

        // The second byte of the schemes whose first byte is a hash; behind the first byte 8 stand those that are named as a whole.
        private const int Rsa = 1;
        private const int Ecdsa = 3;

        /// <summary>The hash over what is signed, of <see cref="CryptoAlgorithm"/>; 0 for a scheme that signs the message itself, or an unknown one.</summary>
        public static int HashOf(int scheme)
        {
            switch (scheme)
            {
                case RsaPssRsaeSha256: return CryptoAlgorithm.Sha256;
                case RsaPssRsaeSha384: return CryptoAlgorithm.Sha384;
                case RsaPssRsaeSha512: return CryptoAlgorithm.Sha512;
            }

            int algorithm = scheme & 0xFF;
            if (algorithm != Rsa && algorithm != Ecdsa)
            {
                return 0;
            }

            switch (scheme >> 8)
            {
                case 2: return CryptoAlgorithm.Sha1;
                case 4: return CryptoAlgorithm.Sha256;
                case 5: return CryptoAlgorithm.Sha384;
                case 6: return CryptoAlgorithm.Sha512;
                default: return 0;
            }
        }

        /// <summary>Whether a key of a kind (<see cref="KeyKind"/>) can make such a signature in DTLS 1.2.</summary>
        public static bool Fits(int scheme, int keyKind)
        {
            if (HashOf(scheme) == 0)
            {
                return scheme == Ed25519 && keyKind == KeyKind.Ed25519;
            }

            return (scheme & 0xFF) == Ecdsa
                ? keyKind == KeyKind.Secp256r1 || keyKind == KeyKind.Secp384r1 || keyKind == KeyKind.Secp521r1
                : keyKind == KeyKind.Rsa;
        }
    }
}
