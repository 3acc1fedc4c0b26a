namespace NfDtls
{
    /// <summary>Numbers of the groups for key agreement (IANA's TLS Supported Groups; RFC 8422), and the sizes of their values in bytes.</summary>
    public static class NamedGroup
    {
        /// <summary>secp256r1, also known as P-256.</summary>
        public const int Secp256r1 = 23;
        /// <summary>secp384r1, also known as P-384.</summary>
        public const int Secp384r1 = 24;
        /// <summary>secp521r1, also known as P-521.</summary>
        public const int Secp521r1 = 25;
        /// <summary>x25519 (RFC 7748).</summary>
        public const int X25519 = 29;

        /// <summary>
        /// ML-KEM-768 (FIPS 203), which is no group but a key encapsulation: one makes a key pair, and agrees by the ciphertext that
        /// comes in place of the peer's public key; the other has no key pair (<see cref="MlKem768Encapsulation"/>). A provider has both or none.
        /// </summary>
        public const int MlKem768 = 0x0201;
        /// <summary>The other end's part in ML-KEM-768, for CryptoProvider.Agree alone. No number of IANA's.</summary>
        public const int MlKem768Encapsulation = 0x10201;
        /// <summary>ML-KEM-768 and X25519 together, in DTLS 1.3 (draft-ietf-tls-ecdhe-mlkem): the providers have the two, none has this one.</summary>
        public const int X25519MlKem768 = 0x11EC;

        /// <summary>Bytes of ML-KEM-768's private key: its seed, d and z.</summary>
        public const int MlKem768PrivateLength = 64;
        /// <summary>Bytes of ML-KEM-768's public key, the encapsulation key.</summary>
        public const int MlKem768PublicLength = 1184;
        /// <summary>Bytes of ML-KEM-768's ciphertext.</summary>
        public const int MlKem768CipherLength = 1088;
        /// <summary>Bytes of the secret that ML-KEM-768 agrees on.</summary>
        public const int MlKem768SecretLength = 32;

        /// <summary>Bytes of a private key, and of the shared secret: the size of a coordinate; 0 for an unknown group.</summary>
        public static int SecretLength(int group)
        {
            switch (group)
            {
                case Secp256r1:
                case X25519: return 32;
                case Secp384r1: return 48;
                case Secp521r1: return 66;
                default: return 0;
            }
        }

        /// <summary>Bytes of a public key: an uncompressed point (04, X, Y) or X25519's coordinate; 0 for an unknown group.</summary>
        public static int PublicKeyLength(int group)
        {
            switch (group)
            {
                case Secp256r1: return 65;
                case Secp384r1: return 97;
                case Secp521r1: return 133;
                case X25519: return 32;
                default: return 0;
            }
        }
    }
}
