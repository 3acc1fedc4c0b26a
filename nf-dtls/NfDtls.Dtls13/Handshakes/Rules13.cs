namespace NfDtls.Dtls13
{
    /// <summary>
    /// Which messages come in a handshake of DTLS 1.3, and in which order (RFC 8446 section 4, appendix A; RFC 9147 section 5.7). A
    /// HelloRetryRequest is a ServerHello: the role tells them apart, and its flag asks for one more.
    /// </summary>
    internal static class Rules13
    {
        /// <summary>What a client receives. A HelloVerifyRequest is a server's that knows no newer version than 1.2.</summary>
        internal static HandshakeRules Client()
        {
            HandshakeRules rules = new HandshakeRules();
            rules.Repeat(HandshakeType.HelloVerifyRequest, HandshakeFlags.EarlierOffered, HandshakeFlags.HelloRetried);
            rules.Require(HandshakeType.ServerHello, 0, 0);
            rules.Require(HandshakeType.ServerHello, HandshakeFlags.HelloRetried, 0);
            rules.Require(HandshakeType13.EncryptedExtensions, 0, 0);
            rules.Allow(HandshakeType.CertificateRequest, HandshakeFlags.ServerCertificate, 0);
            rules.Require(HandshakeType.Certificate, HandshakeFlags.ServerCertificate, 0);
            rules.Require(HandshakeType.CertificateVerify, HandshakeFlags.ServerCertificate, 0);
            rules.Require(HandshakeType.Finished, 0, 0);
            return rules;
        }

        /// <summary>What a server receives. Its HelloRetryRequest is forgotten, so that it sees one hello.</summary>
        internal static HandshakeRules Server()
        {
            HandshakeRules rules = new HandshakeRules();
            rules.Require(HandshakeType.ClientHello, 0, 0);
            rules.Require(HandshakeType.Certificate, HandshakeFlags.ClientCertificateRequested, 0);
            rules.Require(HandshakeType.CertificateVerify, HandshakeFlags.ClientCertificateSent, 0);
            rules.Require(HandshakeType.Finished, 0, 0);
            return rules;
        }
    }
}
