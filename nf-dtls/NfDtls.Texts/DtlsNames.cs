namespace NfDtls
{
    /// <summary>Names of the numbers that traces, statistics and exceptions give: alerts, handshake messages, reasons to drop.</summary>
    public static class DtlsNames
    {
        /// <summary>An alert's name as the standards have it: "handshake_failure"; "alert 99" for one without.</summary>
        public static string OfAlert(int description)
        {
            switch (description)
            {
                case Alert.CloseNotify: return "close_notify";
                case Alert.UnexpectedMessage: return "unexpected_message";
                case Alert.BadRecordMac: return "bad_record_mac";
                case Alert.RecordOverflow: return "record_overflow";
                case Alert.HandshakeFailure: return "handshake_failure";
                case Alert.BadCertificate: return "bad_certificate";
                case Alert.UnsupportedCertificate: return "unsupported_certificate";
                case Alert.CertificateRevoked: return "certificate_revoked";
                case Alert.CertificateExpired: return "certificate_expired";
                case Alert.CertificateUnknown: return "certificate_unknown";
                case Alert.UnknownCa: return "unknown_ca";
                case Alert.IllegalParameter: return "illegal_parameter";
                case Alert.DecodeError: return "decode_error";
                case Alert.DecryptError: return "decrypt_error";
                case Alert.TooManyCidsRequested: return "too_many_cids_requested";
                case Alert.ProtocolVersion: return "protocol_version";
                case Alert.InsufficientSecurity: return "insufficient_security";
                case Alert.InternalError: return "internal_error";
                case Alert.AccessDenied: return "access_denied";
                case Alert.UserCanceled: return "user_canceled";
                case Alert.NoRenegotiation: return "no_renegotiation";
                case Alert.UnsupportedExtension: return "unsupported_extension";
                case Alert.UnrecognizedName: return "unrecognized_name";
                case Alert.UnknownPskIdentity: return "unknown_psk_identity";
                case Alert.MissingExtension: return "missing_extension";
                case Alert.CertificateRequired: return "certificate_required";
                case Alert.NoApplicationProtocol: return "no_application_protocol";
                default: return "alert " + description.ToString();
            }
        }

        /// <summary>A handshake message's name: "ClientHello"; "message 99" for one without.</summary>
        public static string OfMessage(int type)
        {
            switch (type)
            {
                case HandshakeType.HelloRequest: return "HelloRequest";
                case HandshakeType.ClientHello: return "ClientHello";
                case HandshakeType.ServerHello: return "ServerHello";
                case HandshakeType.HelloVerifyRequest: return "HelloVerifyRequest";
                case HandshakeType.NewSessionTicket: return "NewSessionTicket";
                case 8: return "EncryptedExtensions";
                case 9: return "RequestConnectionId";
                case 10: return "NewConnectionId";
                case 24: return "KeyUpdate";
                case HandshakeType.Certificate: return "Certificate";
                case HandshakeType.ServerKeyExchange: return "ServerKeyExchange";
                case HandshakeType.CertificateRequest: return "CertificateRequest";
                case HandshakeType.ServerHelloDone: return "ServerHelloDone";
                case HandshakeType.CertificateVerify: return "CertificateVerify";
                case HandshakeType.ClientKeyExchange: return "ClientKeyExchange";
                case HandshakeType.Finished: return "Finished";
                case HandshakeType.ChangeCipherSpec: return "ChangeCipherSpec";
                default: return "message " + type.ToString();
            }
        }

        /// <summary>A reason of <see cref="DropReason"/> in words: "not authentic".</summary>
        public static string OfDrop(int reason)
        {
            switch (reason)
            {
                case DropReason.Malformed: return "malformed";
                case DropReason.Version: return "wrong version";
                case DropReason.Epoch: return "unreadable epoch";
                case DropReason.Replay: return "replayed";
                case DropReason.Forged: return "not authentic";
                case DropReason.ContentType: return "unexpected content type";
                case DropReason.EarlyData: return "early data";
                case DropReason.Fragment: return "contradictory fragment";
                case DropReason.MessageSequence: return "message too far ahead";
                case DropReason.Duplicate: return "message that was there already";
                case DropReason.NoBuffer: return "no buffer free";
                case DropReason.ChangeCipherSpec: return "unexpected ChangeCipherSpec";
                case DropReason.Alert: return "alert that counts for nothing";
                case DropReason.NoSession: return "no session";
                case DropReason.Truncated: return "too long for the buffer";
                case DropReason.Closed: return "after the close";
                case DropReason.Rate: return "too many handshakes of one address";
                case DropReason.Unpromised: return "above the stored promise";
                default: return "reason " + reason.ToString();
            }
        }
    }
}
