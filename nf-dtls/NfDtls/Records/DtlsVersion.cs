namespace NfDtls
{
    /// <summary>Versions as they stand on the wire; they count down.</summary>
    public static class DtlsVersion
    {
        /// <summary>DTLS 1.0: only in the records of a ClientHello and in HelloVerifyRequest.</summary>
        public const int Dtls10 = 0xFEFF;
        /// <summary>DTLS 1.2 (RFC 6347).</summary>
        public const int Dtls12 = 0xFEFD;

        /// <summary>Whether a version is of DTLS's numbering: one's complement, so that they cannot be taken for TLS's.</summary>
        internal static bool IsDtls(int version)
        {
            return version >> 8 == 0xFE;
        }
    }
}
