using NfDtls.Ecdhe;

namespace NfDtls.X509
{
    /// <summary>A certificate of our own as a Certificate message says it (RFC 5246 section 7.4.2).</summary>
    internal sealed class CertificateCredential : Credential
    {
        private readonly LocalCertificate _local;

        internal CertificateCredential(LocalCertificate local)
        {
            _local = local;
        }

        public override PrivateKey Key
        {
            get { return _local.Key; }
        }

        public override int MessageLength
        {
            get { return 3 + _local.ListLength; }
        }

        public override void Write(WireWriter writer)
        {
            writer.WriteUInt24(_local.ListLength);
            for (int i = 0; i < _local.Count; i++)
            {
                DtlsCertificate certificate = _local.At(i);
                writer.WriteUInt24(certificate.Count);
                writer.WriteBytes(certificate.Buffer, certificate.Offset, certificate.Count);
            }
        }

        public override bool Allows(bool decrypts)
        {
            return _local.Certificate.Allows(decrypts ? KeyUsages.KeyEncipherment : KeyUsages.DigitalSignature);
        }

        public override bool Matches(string serverName)
        {
            return _local.MatchesName(serverName);
        }

        public override bool IsSignedBy(int[] schemes)
        {
            for (int i = 0; i < _local.Count; i++)
            {
                DtlsCertificate certificate = _local.At(i);
                if (!certificate.IsSelfIssued && !NumberList.Contains(schemes, certificate.SignatureAlgorithm))
                {
                    return false;
                }
            }

            return true;
        }

        public override bool IsIssuedBy(byte[] authorities, int offset, int count)
        {
            return _local.IsIssuedBy(authorities, offset, count);
        }
    }
}
