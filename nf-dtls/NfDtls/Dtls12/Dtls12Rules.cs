namespace NfDtls
{
    /// <summary>Which messages come in a handshake of DTLS 1.2, and in which order (RFC 5246 section 7.3, RFC 6347 section 4.2.1).</summary>
    internal static class Dtls12Rules
    {
        /// <summary>What a client receives.</summary>
        internal static HandshakeRules Client()
        {
            HandshakeRules rules = new HandshakeRules();
            rules.Repeat(HandshakeType.HelloVerifyRequest, 0, HandshakeFlags.Abbreviated);
            rules.Require(HandshakeType.ServerHello, 0, 0);
            rules.Require(HandshakeType.Certificate, HandshakeFlags.ServerCertificate, HandshakeFlags.Abbreviated);
            rules.Require(HandshakeType.ServerKeyExchange, HandshakeFlags.ServerKeyExchangeRequired, HandshakeFlags.Abbreviated);
            rules.Allow(HandshakeType.ServerKeyExchange, HandshakeFlags.ServerKeyExchangeOptional, HandshakeFlags.Abbreviated | HandshakeFlags.ServerKeyExchangeRequired);
            rules.Allow(HandshakeType.CertificateRequest, HandshakeFlags.ServerCertificate, HandshakeFlags.Abbreviated);
            rules.Require(HandshakeType.ServerHelloDone, 0, HandshakeFlags.Abbreviated);
            rules.Require(HandshakeType.NewSessionTicket, HandshakeFlags.TicketExpected, 0);
            rules.Require(HandshakeType.ChangeCipherSpec, 0, 0);
            rules.Require(HandshakeType.Finished, 0, 0);
            return rules;
        }

        /// <summary>What a server receives.</summary>
        internal static HandshakeRules Server()
        {
            HandshakeRules rules = new HandshakeRules();
            rules.Require(HandshakeType.ClientHello, 0, 0);
            rules.Require(HandshakeType.Certificate, HandshakeFlags.ClientCertificateRequested, HandshakeFlags.Abbreviated);
            rules.Require(HandshakeType.ClientKeyExchange, 0, HandshakeFlags.Abbreviated);
            rules.Require(HandshakeType.CertificateVerify, HandshakeFlags.ClientCertificateSent, HandshakeFlags.Abbreviated);
            rules.Require(HandshakeType.ChangeCipherSpec, 0, 0);
            rules.Require(HandshakeType.Finished, 0, 0);
            return rules;
        }
    }
}
