namespace NfDtls.X509
{
    /// <summary>Bits for the purposes of the extKeyUsage extension (RFC 5280 section 4.2.1.12).</summary>
    public static class ExtendedKeyUsages
    {
        /// <summary>A server of TLS or DTLS.</summary>
        public const int ServerAuth = 1;
        /// <summary>A client of TLS or DTLS.</summary>
        public const int ClientAuth = 2;
        /// <summary>Any purpose.</summary>
        public const int Any = 4;
        /// <summary>Some purpose that is not named here.</summary>
        public const int Other = 8;
    }
}
