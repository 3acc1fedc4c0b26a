namespace NfDtls.X509
{
    /// <summary>What a certificate must be like in its place (RFC 5280 section 6.1, as far as a device needs it). None of this costs a signature.</summary>
    internal static class CertificateRules
    {
        private const int Version3 = 3;

        /// <summary>The peer's own certificate, but for its name: its version, the key's strength, the time, the uses.</summary>
        internal static DtlsError CheckEnd(DtlsCertificate certificate, bool ofServer, TimeCheck timeCheck, long now)
        {
            if (certificate.Version < Version3)
            {
                return DtlsError.UnsupportedCertificate;   // RFC 5246 section 7.4.2
            }

            DtlsError error = CheckAny(certificate, ofServer, timeCheck, now);
            if (error != DtlsError.None)
            {
                return error;
            }

            // Which of them a server's key needs depends on the suite, so that is the handshake's to say.
            int uses = ofServer
                ? KeyUsages.DigitalSignature | KeyUsages.KeyEncipherment | KeyUsages.KeyAgreement
                : KeyUsages.DigitalSignature;
            return certificate.Allows(uses) ? DtlsError.None : DtlsError.CertificatePurpose;
        }

        /// <summary>A certificate as the issuer of the chain's last one.</summary>
        internal static DtlsError CheckIssuer(DtlsCertificate certificate, bool isTrusted, VerifiedChain chain, bool ofServer, TimeCheck timeCheck, long now)
        {
            DtlsError error = CheckAny(certificate, ofServer, timeCheck, now);
            if (error != DtlsError.None)
            {
                return error;
            }

            // Before version 3 a certificate could not say that it is an authority's: that it is trusted must do.
            bool isAuthority = certificate.IsAuthority || (isTrusted && certificate.Version < Version3);
            bool isTooFar = certificate.PathLength >= 0 && chain.CountedAuthorities > certificate.PathLength;
            if (!isAuthority || isTooFar)
            {
                return DtlsError.CertificateNotAuthority;
            }

            return certificate.Allows(KeyUsages.KeyCertSign) ? DtlsError.None : DtlsError.CertificatePurpose;
        }

        private static DtlsError CheckAny(DtlsCertificate certificate, bool ofServer, TimeCheck timeCheck, long now)
        {
            if (certificate.Flaw != DtlsError.None)
            {
                return certificate.Flaw;
            }

            if (timeCheck == TimeCheck.Required && now < 0)
            {
                return DtlsError.CertificateTimeUnknown;
            }

            if (timeCheck != TimeCheck.None && now >= 0)
            {
                if (now < certificate.NotBefore)
                {
                    return DtlsError.CertificateNotYetValid;
                }

                if (now > certificate.NotAfter)
                {
                    return DtlsError.CertificateExpired;
                }
            }

            return certificate.AllowsPurpose(ofServer ? ExtendedKeyUsages.ServerAuth : ExtendedKeyUsages.ClientAuth)
                ? DtlsError.None
                : DtlsError.CertificatePurpose;
        }
    }
}
