namespace NfDtls
{
    /// <summary>What was agreed on in a handshake, as far as it decides which messages come; keys of <see cref="HandshakeRules"/>.</summary>
    public static class HandshakeFlags
    {
        /// <summary>The key exchange has the server send a certificate.</summary>
        public const int ServerCertificate = 1;
        /// <summary>The key exchange needs a ServerKeyExchange.</summary>
        public const int ServerKeyExchangeRequired = 2;
        /// <summary>The key exchange allows a ServerKeyExchange.</summary>
        public const int ServerKeyExchangeOptional = 4;
        /// <summary>The server asked for the client's certificate.</summary>
        public const int ClientCertificateRequested = 8;
        /// <summary>The client sent a certificate, and so owes a CertificateVerify.</summary>
        public const int ClientCertificateSent = 16;
        /// <summary>A session is resumed.</summary>
        public const int Abbreviated = 32;
        /// <summary>A NewSessionTicket will come.</summary>
        public const int TicketExpected = 64;
        /// <summary>Extended master secret (RFC 7627) was agreed on.</summary>
        public const int ExtendedMasterSecret = 128;
        /// <summary>Encrypt-then-MAC (RFC 7366) was agreed on.</summary>
        public const int EncryptThenMac = 256;
        /// <summary>Both ends know secure renegotiation (RFC 5746).</summary>
        public const int SecureRenegotiation = 512;
        /// <summary>The server answered the first hello with a HelloRetryRequest (DTLS 1.3).</summary>
        public const int HelloRetried = 1024;
        /// <summary>The client's hello offers DTLS 1.2 beside a newer version.</summary>
        public const int EarlierOffered = 2048;
    }
}
