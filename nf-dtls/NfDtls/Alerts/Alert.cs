namespace NfDtls
{
    /// <summary>Alert descriptions (RFC 5246 section 7.2, RFC 4279, RFC 5746 and IANA's registry).</summary>
    public static class Alert
    {
        /// <summary>The number that says "no alert".</summary>
        public const int None = -1;
        /// <summary>close_notify</summary>
        public const int CloseNotify = 0;
        /// <summary>unexpected_message</summary>
        public const int UnexpectedMessage = 10;
        /// <summary>bad_record_mac; never sent over DTLS, where such records are dropped</summary>
        public const int BadRecordMac = 20;
        /// <summary>record_overflow</summary>
        public const int RecordOverflow = 22;
        /// <summary>handshake_failure</summary>
        public const int HandshakeFailure = 40;
        /// <summary>bad_certificate</summary>
        public const int BadCertificate = 42;
        /// <summary>unsupported_certificate</summary>
        public const int UnsupportedCertificate = 43;
        /// <summary>certificate_revoked</summary>
        public const int CertificateRevoked = 44;
        /// <summary>certificate_expired: expired, or not valid yet</summary>
        public const int CertificateExpired = 45;
        /// <summary>certificate_unknown: some other reason not to accept it</summary>
        public const int CertificateUnknown = 46;
        /// <summary>illegal_parameter</summary>
        public const int IllegalParameter = 47;
        /// <summary>unknown_ca</summary>
        public const int UnknownCa = 48;
        /// <summary>access_denied</summary>
        public const int AccessDenied = 49;
        /// <summary>decode_error</summary>
        public const int DecodeError = 50;
        /// <summary>decrypt_error</summary>
        public const int DecryptError = 51;
        /// <summary>too_many_cids_requested (RFC 9147)</summary>
        public const int TooManyCidsRequested = 52;
        /// <summary>protocol_version</summary>
        public const int ProtocolVersion = 70;
        /// <summary>insufficient_security</summary>
        public const int InsufficientSecurity = 71;
        /// <summary>internal_error</summary>
        public const int InternalError = 80;
        /// <summary>user_canceled</summary>
        public const int UserCanceled = 90;
        /// <summary>no_renegotiation</summary>
        public const int NoRenegotiation = 100;
        /// <summary>missing_extension (RFC 8446)</summary>
        public const int MissingExtension = 109;
        /// <summary>unsupported_extension</summary>
        public const int UnsupportedExtension = 110;
        /// <summary>unrecognized_name (RFC 6066)</summary>
        public const int UnrecognizedName = 112;
        /// <summary>unknown_psk_identity (RFC 4279)</summary>
        public const int UnknownPskIdentity = 115;
        /// <summary>certificate_required (RFC 8446)</summary>
        public const int CertificateRequired = 116;
        /// <summary>no_application_protocol (RFC 7301)</summary>
        public const int NoApplicationProtocol = 120;

        internal const int LevelWarning = 1;
        internal const int LevelFatal = 2;
    }
}
