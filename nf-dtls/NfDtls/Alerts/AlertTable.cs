namespace NfDtls
{
    /// <summary>The one table from errors to the alerts sent for them.</summary>
    public static class AlertTable
    {
        /// <summary>The description of the alert sent when an association or its handshake fails so, or <see cref="Alert.None"/>.</summary>
        public static int AlertFor(DtlsError error)
        {
            switch (error)
            {
                case DtlsError.UnexpectedMessage: return Alert.UnexpectedMessage;
                case DtlsError.DecodeError: return Alert.DecodeError;
                case DtlsError.IllegalParameter:
                case DtlsError.HandshakeMessageTooLarge: return Alert.IllegalParameter;
                case DtlsError.HandshakeFailure: return Alert.HandshakeFailure;
                case DtlsError.ProtocolVersion: return Alert.ProtocolVersion;
                case DtlsError.MissingExtension: return Alert.MissingExtension;
                case DtlsError.UnsupportedExtension: return Alert.UnsupportedExtension;
                case DtlsError.UnknownPskIdentity: return Alert.UnknownPskIdentity;
                case DtlsError.DecryptError: return Alert.DecryptError;
                case DtlsError.InsufficientSecurity: return Alert.InsufficientSecurity;
                case DtlsError.InternalError:
                case DtlsError.NoEntropy: return Alert.InternalError;
                case DtlsError.NoFreeSession: return Alert.UserCanceled;
                case DtlsError.NoApplicationProtocol: return Alert.NoApplicationProtocol;
                case DtlsError.UnrecognizedName: return Alert.UnrecognizedName;
                case DtlsError.RecordOverflow: return Alert.RecordOverflow;
                case DtlsError.TooManyConnectionIds: return Alert.TooManyCidsRequested;
                case DtlsError.Refused: return Alert.AccessDenied;
                case DtlsError.CertificateChainTooLarge:
                case DtlsError.BadCertificate:
                case DtlsError.CertificateTooWeak:
                case DtlsError.CertificateNameConstraint:
                case DtlsError.CertificateNameMismatch: return Alert.BadCertificate;
                case DtlsError.UnsupportedCertificate:
                case DtlsError.CertificatePurpose: return Alert.UnsupportedCertificate;
                case DtlsError.CertificateExpired:
                case DtlsError.CertificateNotYetValid: return Alert.CertificateExpired;
                case DtlsError.CertificateRevoked: return Alert.CertificateRevoked;
                case DtlsError.CertificateTimeUnknown:
                case DtlsError.CertificateRefused: return Alert.CertificateUnknown;
                case DtlsError.CertificateNotAuthority:
                case DtlsError.UnknownCa: return Alert.UnknownCa;
                case DtlsError.CertificateMissing: return Alert.HandshakeFailure;
                case DtlsError.SessionClosed:
                case DtlsError.SealLimitReached:
                case DtlsError.ForgeryLimitReached:
                case DtlsError.SequenceExhausted:
                case DtlsError.IdleTimeout:
                case DtlsError.Evicted:
                case DtlsError.Stopped: return Alert.CloseNotify;
                default: return Alert.None;
            }
        }

        /// <summary>What an alert of the peer's ends with: one by which a server cancels a handshake means that it has no place.</summary>
        internal static DtlsError ErrorOf(int alert, bool isOfHandshakingServer)
        {
            if (alert == Alert.CloseNotify)
            {
                return DtlsError.SessionClosed;
            }

            return alert == Alert.UserCanceled && isOfHandshakingServer ? DtlsError.NoFreeSession : DtlsError.AlertReceived;
        }

        /// <summary>Whether the alert for this error is sent at level fatal; close_notify is a warning.</summary>
        public static bool IsFatal(DtlsError error)
        {
            return AlertFor(error) > Alert.CloseNotify;
        }
    }
}
