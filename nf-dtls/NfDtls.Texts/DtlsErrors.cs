namespace NfDtls
{
    /// <summary>
    /// Errors in English, for people who do not know the standards. A device without room leaves this assembly out, and sees
    /// numbers; on .NET, NfDtls.Sockets brings it along.
    /// </summary>
    public sealed class DtlsErrors : ErrorTexts
    {
        private DtlsErrors()
        {
        }

        /// <summary>Has exceptions say their reasons in these words, from now on and in the whole program.</summary>
        public static void UseInExceptions()
        {
            Current = new DtlsErrors();
        }

        /// <summary>A phrase that says what went wrong and, where one cause is the commonest, that: "the peer did not answer in time".</summary>
        public static string Describe(DtlsError error)
        {
            switch (error)
            {
                case DtlsError.None: return "nothing went wrong";
                case DtlsError.Timeout: return "the peer did not answer in time";
                case DtlsError.KeyMismatchSuspected: return "the two ends cannot read each other's encrypted messages: most likely the keys differ";
                case DtlsError.AlertReceived: return "the peer sent an alert";
                case DtlsError.UnexpectedMessage: return "the peer sent a handshake message out of turn";
                case DtlsError.DecodeError: return "the peer sent a malformed message";
                case DtlsError.IllegalParameter: return "the peer answered what was not offered, or contradicted itself";
                case DtlsError.HandshakeFailure: return "the two ends have no cipher suite, or no other parameter, in common";
                case DtlsError.ProtocolVersion: return "the peer speaks no version of DTLS that is spoken here";
                case DtlsError.UnsupportedExtension: return "the peer answered an extension that was not asked for";
                case DtlsError.UnknownPskIdentity: return "there is no key for this identity";
                case DtlsError.DecryptError: return "the peer's proof is wrong: its Finished, or a signature, does not fit the handshake";
                case DtlsError.InsufficientSecurity: return "the peer lacks something that the options require";
                case DtlsError.HandshakeMessageTooLarge: return "the peer's message is longer than DtlsOptions.MaxHandshakeMessage allows";
                case DtlsError.DatagramTooLarge: return "the peer's datagrams are longer than DtlsOptions.ReceiveSize";
                case DtlsError.InternalError: return "a provider, extension or look-up of this end failed";
                case DtlsError.NoEntropy: return "the random source of this end has no entropy";
                case DtlsError.Refused: return "the application refused the connection";
                case DtlsError.NoApplicationProtocol: return "the two ends have no application protocol in common";
                case DtlsError.UnrecognizedName: return "the peer asks for a server of another name";
                case DtlsError.CertificateChainTooLarge: return "the peer's certificate chain is longer than DtlsOptions.MaxChainBytes or MaxChainLength allow";
                case DtlsError.BadCertificate: return "the peer's certificate, or one behind it, is malformed, or its signature is wrong";
                case DtlsError.UnsupportedCertificate: return "the peer's certificate or raw public key is of a kind that is not supported";
                case DtlsError.CertificateTooWeak: return "the peer's certificate, or one behind it, has a weak key or signature";
                case DtlsError.CertificatePurpose: return "the peer's certificate is for another purpose";
                case DtlsError.CertificateNotAuthority: return "a certificate behind the peer's may not issue others, or not so many in a row";
                case DtlsError.CertificateNameConstraint: return "an authority behind the peer's certificate may not vouch for this name";
                case DtlsError.CertificateNameMismatch: return "the server's certificate is for another name";
                case DtlsError.CertificateExpired: return "the peer's certificate, or one behind it, has expired";
                case DtlsError.CertificateNotYetValid: return "the peer's certificate, or one behind it, is not yet valid; or the clock of this end is wrong";
                case DtlsError.CertificateRevoked: return "the peer's certificate, or one behind it, was revoked";
                case DtlsError.CertificateTimeUnknown: return "this end does not know the time, and the options demand that certificates are checked against it";
                case DtlsError.UnknownCa: return "no certificate or raw public key that is trusted stands behind the peer's";
                case DtlsError.CertificateRefused: return "the application refused the peer's certificate";
                case DtlsError.CertificateMissing: return "the peer has no certificate or raw public key to show";
                default: return DescribeEnd(error);
            }
        }

        /// <summary>As <see cref="Describe(DtlsError)"/>, with the alert that the peer sent.</summary>
        public static string DescribeWith(DtlsError error, int alertReceived)
        {
            return error == DtlsError.AlertReceived && alertReceived != Alert.None
                ? "the peer sent " + DtlsNames.OfAlert(alertReceived) + Meaning(alertReceived)
                : Describe(error);
        }

        /// <inheritdoc/>
        public override string Describe(DtlsError error, int alertReceived)
        {
            return DescribeWith(error, alertReceived);
        }

        // What an alert mostly means, where its name does not say it to everybody.
        private static string Meaning(int alert)
        {
            switch (alert)
            {
                case Alert.UnknownPskIdentity: return ": it has no key for this identity";
                case Alert.HandshakeFailure: return ": no cipher suite in common, or it wants a certificate";
                case Alert.DecryptError: return ": the keys differ, or a signature is wrong";
                case Alert.UnknownCa: return ": it does not trust our certificate";
                case Alert.AccessDenied: return ": it does not take us";
                case Alert.UnrecognizedName: return ": it has no such name";
                case Alert.NoApplicationProtocol: return ": it speaks none of our application protocols";
                default: return "";
            }
        }

        private static string DescribeEnd(DtlsError error)
        {
            switch (error)
            {
                case DtlsError.TooManyConnectionIds: return "the peer goes on asking for connection IDs although it has all that it gets";
                case DtlsError.SessionClosed: return "closed";
                case DtlsError.CloseFail: return "close_notify was not answered";
                case DtlsError.SealLimitReached: return "as many records were sent under one key as are allowed";
                case DtlsError.ForgeryLimitReached: return "as many forged records came under one key as are allowed";
                case DtlsError.SequenceExhausted: return "the record numbers are used up";
                case DtlsError.Superseded: return "a new session from the same address took its place";
                case DtlsError.IdleTimeout: return "the peer was silent for too long";
                case DtlsError.Evicted: return "another peer needed its place";
                case DtlsError.Stopped: return "stopped";
                case DtlsError.RecordOverflow: return "the peer sent a longer record than was agreed on";
                case DtlsError.NotConnected: return "there is no connection yet";
                case DtlsError.AlreadyConnected: return "there is a connection already";
                case DtlsError.MessageTooLarge: return "the record is too long for the buffer, or for the network";
                case DtlsError.PoolExhausted: return "the pool has no free packet";
                case DtlsError.NoFreeSession: return "the server has no place for another session or handshake";
                case DtlsError.SocketError: return "the socket failed";
                case DtlsError.AlreadyStarted: return "the server runs already";
                case DtlsError.PromiseNotStored: return "the next promise of record numbers is not stored yet";
                case DtlsError.MissingExtension: return "the peer left out an extension that it must send";
                case DtlsError.Exported: return "it was exported, and goes on elsewhere";
                default: return "error " + ((int)error).ToString();
            }
        }
    }
}
