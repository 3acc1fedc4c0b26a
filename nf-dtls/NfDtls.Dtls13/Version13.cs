namespace NfDtls.Dtls13
{
    /// <summary>DTLS 1.3 (RFC 9147).</summary>
    internal static class Version13
    {
        /// <summary>Its number in supported_versions; the version fields of records and hellos say 1.2.</summary>
        internal const int WireNumber = 0xFEFC;

        /// <summary>Its bit in <see cref="CipherSuite.VersionMask"/>.</summary>
        internal const int SuiteMask = 2;
    }
}
