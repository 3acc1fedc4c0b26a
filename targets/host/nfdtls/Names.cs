namespace NfDtls.Tool;

/// <summary>Names for the engine's numbers.</summary>
internal static class Names
{
    public static string Message(int type)
    {
        return type switch
        {
            HandshakeType.HelloRequest => "HelloRequest",
            HandshakeType.ClientHello => "ClientHello",
            HandshakeType.ServerHello => "ServerHello",
            HandshakeType.HelloVerifyRequest => "HelloVerifyRequest",
            HandshakeType.NewSessionTicket => "NewSessionTicket",
            HandshakeType.Certificate => "Certificate",
            HandshakeType.ServerKeyExchange => "ServerKeyExchange",
            HandshakeType.CertificateRequest => "CertificateRequest",
            HandshakeType.ServerHelloDone => "ServerHelloDone",
            HandshakeType.CertificateVerify => "CertificateVerify",
            HandshakeType.ClientKeyExchange => "ClientKeyExchange",
            HandshakeType.Finished => "Finished",
            HandshakeType.ChangeCipherSpec => "ChangeCipherSpec",
            _ => $"message {type}",
        };
    }

    public static string Drop(int reason)
    {
        return reason switch
        {
            DropReason.Malformed => "malformed",
            DropReason.Version => "wrong version",
            DropReason.Epoch => "unreadable epoch",
            DropReason.Replay => "replayed",
            DropReason.Forged => "not authentic",
            DropReason.ContentType => "unexpected content type",
            DropReason.EarlyData => "early data",
            DropReason.Fragment => "contradictory fragment",
            DropReason.MessageSequence => "message too far ahead",
            DropReason.Duplicate => "message that was there already",
            DropReason.NoBuffer => "no buffer free",
            DropReason.ChangeCipherSpec => "unexpected ChangeCipherSpec",
            DropReason.Alert => "alert that counts for nothing",
            DropReason.NoSession => "no session",
            DropReason.Truncated => "too long for the buffer",
            DropReason.Closed => "after the close",
            _ => $"reason {reason}",
        };
    }

    public static string OfAlert(int description)
    {
        return description switch
        {
            Alert.CloseNotify => "close_notify",
            Alert.UnexpectedMessage => "unexpected_message",
            Alert.BadRecordMac => "bad_record_mac",
            Alert.RecordOverflow => "record_overflow",
            Alert.HandshakeFailure => "handshake_failure",
            Alert.BadCertificate => "bad_certificate",
            Alert.UnsupportedCertificate => "unsupported_certificate",
            Alert.CertificateRevoked => "certificate_revoked",
            Alert.CertificateExpired => "certificate_expired",
            Alert.CertificateUnknown => "certificate_unknown",
            Alert.UnknownCa => "unknown_ca",
            Alert.IllegalParameter => "illegal_parameter",
            Alert.DecodeError => "decode_error",
            Alert.DecryptError => "decrypt_error",
            Alert.ProtocolVersion => "protocol_version",
            Alert.InsufficientSecurity => "insufficient_security",
            Alert.InternalError => "internal_error",
            Alert.AccessDenied => "access_denied",
            Alert.UserCanceled => "user_canceled",
            Alert.NoRenegotiation => "no_renegotiation",
            Alert.UnsupportedExtension => "unsupported_extension",
            Alert.UnknownPskIdentity => "unknown_psk_identity",
            _ => $"alert {description}",
        };
    }

    /// <summary>A sentence for a person who does not know the standard.</summary>
    public static string Reason(DtlsError error, int alertReceived)
    {
        return error switch
        {
            DtlsError.Timeout => "the peer did not answer in time",
            DtlsError.KeyMismatchSuspected => "the peer did not answer in time, and its records did not decrypt: most likely the keys differ",
            DtlsError.AlertReceived => alertReceived == Alert.None ? "the peer sent an alert" : $"the peer sent {OfAlert(alertReceived)}",
            DtlsError.UnknownPskIdentity => "there is no key for this identity",
            DtlsError.HandshakeFailure => "no cipher suite in common",
            DtlsError.UnknownCa => "no certificate or raw public key that is trusted stands behind the peer's",
            DtlsError.CertificateNameMismatch => "the server's certificate is for another name; --name NAME says which one is expected",
            DtlsError.CertificateExpired => "the peer's certificate, or one behind it, has expired",
            DtlsError.CertificateNotYetValid => "the peer's certificate, or one behind it, is not yet valid",
            DtlsError.CertificateMissing => "the client has no certificate or raw public key to show",
            DtlsError.CertificatePurpose => "the peer's certificate is for another purpose",
            DtlsError.CertificateTooWeak => "the peer's certificate, or one behind it, has a weak key or signature",
            DtlsError.UnsupportedCertificate => "the peer's certificate or raw public key is of a kind that is not supported",
            DtlsError.SessionClosed => "closed",
            DtlsError.CloseFail => "close_notify was not answered",
            DtlsError.Stopped => "stopped",
            DtlsError.Superseded => "a new session from the same address took its place",
            _ => error.ToString(),
        };
    }
}
