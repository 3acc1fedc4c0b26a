namespace NfDtls
{
    /// <summary>Why a call, a handshake or an association failed. <see cref="AlertTable"/> says which alert goes with each.</summary>
    public enum DtlsError
    {
        /// <summary>No error.</summary>
        None = 0,

        // What a handshake fails with.

        /// <summary>The peer did not answer within the retries or the deadline.</summary>
        Timeout,
        /// <summary>As <see cref="Timeout"/>, but records that should have held the peer's Finished did not decrypt: most often the two ends have different pre-shared keys.</summary>
        KeyMismatchSuspected,
        /// <summary>The peer sent a fatal alert; its number is beside this error.</summary>
        AlertReceived,
        /// <summary>A handshake message came that the rule table does not allow at that place.</summary>
        UnexpectedMessage,
        /// <summary>A message that breaks its syntax.</summary>
        DecodeError,
        /// <summary>A value that contradicts the offer or the standard.</summary>
        IllegalParameter,
        /// <summary>No cipher suite, or no other parameter, that both ends accept.</summary>
        HandshakeFailure,
        /// <summary>The peer speaks no version that we speak.</summary>
        ProtocolVersion,
        /// <summary>An extension was answered that was not asked for.</summary>
        UnsupportedExtension,
        /// <summary>The server has no key for the identity, or the client has none at all.</summary>
        UnknownPskIdentity,
        /// <summary>The peer's Finished does not match the transcript.</summary>
        DecryptError,
        /// <summary>The peer does not support something that our options require (extended master secret, say).</summary>
        InsufficientSecurity,
        /// <summary>As <see cref="Timeout"/>, but the peer's next handshake message is longer than DtlsOptions.MaxHandshakeMessage.</summary>
        HandshakeMessageTooLarge,
        /// <summary>As <see cref="Timeout"/>, but datagrams came that were longer than DtlsOptions.ReceiveSize, and were dropped.</summary>
        DatagramTooLarge,
        /// <summary>A provider, key exchange, extension or look-up failed.</summary>
        InternalError,
        /// <summary>The random source has no entropy.</summary>
        NoEntropy,
        /// <summary>The application refused the connection.</summary>
        Refused,
        /// <summary>The two ends have no application protocol in common (ALPN), or the peer offers or chooses none though it must.</summary>
        NoApplicationProtocol,
        /// <summary>The client asks for a server by a name that is not known here.</summary>
        UnrecognizedName,

        // What a handshake with certificates fails with.

        /// <summary>The peer's certificate chain is longer than DtlsOptions allow, in bytes or in certificates.</summary>
        CertificateChainTooLarge,
        /// <summary>A certificate is malformed, or its signature does not verify.</summary>
        BadCertificate,
        /// <summary>A certificate has a key, an algorithm or a critical extension that we do not know.</summary>
        UnsupportedCertificate,
        /// <summary>A key or a signature in the chain is too weak: RSA below 2048 bits, SHA-1 or MD5.</summary>
        CertificateTooWeak,
        /// <summary>The certificate's key usage or extended key usage does not allow this use.</summary>
        CertificatePurpose,
        /// <summary>A certificate in the chain signed another one without being allowed to: no CA, or a longer path than it allows.</summary>
        CertificateNotAuthority,
        /// <summary>A name constraint of a CA in the chain does not allow the certificate's name.</summary>
        CertificateNameConstraint,
        /// <summary>The certificate is not for the name that was asked for.</summary>
        CertificateNameMismatch,
        /// <summary>A certificate in the chain has expired.</summary>
        CertificateExpired,
        /// <summary>A certificate in the chain is not valid yet.</summary>
        CertificateNotYetValid,
        /// <summary>A revocation list names a certificate of the chain.</summary>
        CertificateRevoked,
        /// <summary>The time is not known, and the options demand that it is checked.</summary>
        CertificateTimeUnknown,
        /// <summary>No trusted certificate, pin or raw public key stands behind the peer's.</summary>
        UnknownCa,
        /// <summary>The application's own check refused the certificate.</summary>
        CertificateRefused,
        /// <summary>The peer sent no certificate although it must have one.</summary>
        CertificateMissing,

        // What ends an association.

        /// <summary>The association was closed, by either end.</summary>
        SessionClosed,
        /// <summary>The peer did not answer our close_notify.</summary>
        CloseFail,
        /// <summary>As many records were sealed under one key as its limit allows.</summary>
        SealLimitReached,
        /// <summary>As many records failed to open under one key as its limit allows.</summary>
        ForgeryLimitReached,
        /// <summary>The sequence numbers of an epoch, or the epochs, are used up.</summary>
        SequenceExhausted,
        /// <summary>A new association from the same address took this one's place.</summary>
        Superseded,
        /// <summary>The association was idle for longer than the options allow.</summary>
        IdleTimeout,
        /// <summary>A server closed it because it was silent longest and a new peer needed its place.</summary>
        Evicted,
        /// <summary>The endpoint was stopped, reset or disposed.</summary>
        Stopped,
        /// <summary>An authentic record is longer than what both ends agreed on.</summary>
        RecordOverflow,

        // What a call fails with; nothing ends.

        /// <summary>The call needs a connected association.</summary>
        NotConnected,
        /// <summary>The call needs an association that is not connected and not connecting.</summary>
        AlreadyConnected,
        /// <summary>The receive buffer is smaller than the record, which is kept; or a record to be sent is longer than the network takes, and lost.</summary>
        MessageTooLarge,
        /// <summary>The pool has no free packet.</summary>
        PoolExhausted,
        /// <summary>
        /// Every session, or every handshake slot, is taken. A client's handshake fails with it where the server says so (alert
        /// user_canceled), and a server's where it gave way to another or found no place at its end.
        /// </summary>
        NoFreeSession,
        /// <summary>The socket failed.</summary>
        SocketError,
        /// <summary>The server is running already.</summary>
        AlreadyStarted,
        /// <summary>More records were to be sent than a durable association has promised in stable storage: store the next promise first.</summary>
        PromiseNotStored,

        // What ends an association, too.

        /// <summary>The association was exported: it goes on where it is imported, and here no more.</summary>
        Exported,
        /// <summary>The peer goes on asking for connection IDs although it has all that it gets.</summary>
        TooManyConnectionIds,

        // What a handshake fails with, too.

        /// <summary>A message lacks an extension that it must have (DTLS 1.3).</summary>
        MissingExtension
    }
}
