namespace NfDtls.Ecdhe
{
    /// <summary>Forms in which an end proves itself (IANA's TLS Certificate Types; RFC 7250).</summary>
    public static class CertificateType
    {
        /// <summary>A chain of X.509 certificates.</summary>
        public const int X509 = 0;
        /// <summary>A SubjectPublicKeyInfo alone.</summary>
        public const int RawPublicKey = 2;
    }
}
