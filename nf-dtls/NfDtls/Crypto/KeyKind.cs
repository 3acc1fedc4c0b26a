namespace NfDtls
{
    /// <summary>Kinds of asymmetric keys.</summary>
    public static class KeyKind
    {
        /// <summary>RSA (rsaEncryption).</summary>
        public const int Rsa = 1;
        /// <summary>A point on secp256r1.</summary>
        public const int Secp256r1 = 2;
        /// <summary>A point on secp384r1.</summary>
        public const int Secp384r1 = 3;
        /// <summary>Ed25519 (RFC 8410).</summary>
        public const int Ed25519 = 4;
        /// <summary>X25519 (RFC 8410): agrees, cannot sign.</summary>
        public const int X25519 = 5;
        /// <summary>A point on secp521r1.</summary>
        public const int Secp521r1 = 6;
    }
}
