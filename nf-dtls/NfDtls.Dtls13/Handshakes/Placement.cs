namespace NfDtls.Dtls13
{
    /// <summary>Which message of DTLS 1.3 has which extension of those that DTLS 1.2 has as well (RFC 8446 section 4.2).</summary>
    internal static class Placement
    {
        private const int SignatureAlgorithms = 13;
        private const int CertificateAuthorities = 47;
        private const int SignatureAlgorithmsCert = 50;
        private const int ConnectionId = 54;
        private const int ReturnRoutability = 61;

        /// <summary>A client's hello has them all, and what a server answers stands in EncryptedExtensions unless it is needed before.</summary>
        internal static bool Allows(int extension, int messageType)
        {
            if (messageType == HandshakeType.ClientHello)
            {
                return true;
            }

            switch (extension)
            {
                case ConnectionId:
                case ReturnRoutability:
                    return messageType == HandshakeType.ServerHello;
                case SignatureAlgorithms:
                case SignatureAlgorithmsCert:
                case CertificateAuthorities:
                    return messageType == HandshakeType.CertificateRequest;
                default:
                    return messageType == HandshakeType13.EncryptedExtensions;
            }
        }
    }
}
