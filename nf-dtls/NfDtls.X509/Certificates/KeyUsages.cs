namespace NfDtls.X509
{
    /// <summary>Bits of the keyUsage extension (RFC 5280 section 4.2.1.3).</summary>
    public static class KeyUsages
    {
        /// <summary>Signatures that are not on certificates or revocation lists: those of a handshake.</summary>
        public const int DigitalSignature = 1;
        /// <summary>Signatures that bind their maker (also called contentCommitment).</summary>
        public const int NonRepudiation = 2;
        /// <summary>Encryption of keys: the RSA key exchange.</summary>
        public const int KeyEncipherment = 4;
        /// <summary>Encryption of data.</summary>
        public const int DataEncipherment = 8;
        /// <summary>Key agreement with the certificate's own key.</summary>
        public const int KeyAgreement = 16;
        /// <summary>Signatures on certificates.</summary>
        public const int KeyCertSign = 32;
        /// <summary>Signatures on revocation lists.</summary>
        public const int CrlSign = 64;
    }
}
