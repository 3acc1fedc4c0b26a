namespace NfDtls.X509
{
    /// <summary>A certificate of our own, what is sent behind it, and its key.</summary>
    public sealed class LocalCertificate
    {
        private readonly DtlsCertificate _certificate;
        private readonly DtlsCertificate[] _chain;
        private readonly PrivateKey _key;

        internal LocalCertificate(DtlsCertificate certificate, DtlsCertificate[] chain, PrivateKey key)
        {
            _certificate = certificate;
            _chain = chain;
            _key = key;
        }

        /// <summary>The certificate itself.</summary>
        public DtlsCertificate Certificate
        {
            get { return _certificate; }
        }

        /// <summary>Its private key.</summary>
        public PrivateKey Key
        {
            get { return _key; }
        }

        /// <summary>How many certificates are sent: the certificate and its chain.</summary>
        public int Count
        {
            get { return 1 + _chain.Length; }
        }

        /// <summary>What is sent: the certificate at 0, then its chain.</summary>
        public DtlsCertificate At(int index)
        {
            return index == 0 ? _certificate : _chain[index - 1];
        }

        /// <summary>Bytes of the certificate_list (RFC 5246 section 7.4.2) that holds them all, without its own length.</summary>
        public int ListLength
        {
            get
            {
                int length = 0;
                for (int i = 0; i < Count; i++)
                {
                    length += 3 + At(i).Count;
                }

                return length;
            }
        }

        /// <summary>Whether the certificate is for this host name or IP address, by subjectAltName or, where that names no host, by common name.</summary>
        public bool MatchesName(string? serverName)
        {
            return serverName != null && NameMatcher.Matches(_certificate, serverName, true);
        }

        /// <summary>
        /// Whether one of the authorities that a CertificateRequest names issued the certificate or one of its chain, by names as
        /// RFC 5280 section 7.1 compares them; true where it names none, false where the list is malformed.
        /// </summary>
        /// <param name="buffer">Holds the list.</param>
        /// <param name="offset">Where the first DistinguishedName's length begins.</param>
        /// <param name="count">Bytes of all names with their lengths (RFC 5246 section 7.4.4: certificate_authorities without its own).</param>
        public bool IsIssuedBy(byte[] buffer, int offset, int count)
        {
            DerReader reader = new DerReader();
            int end = offset + count;
            bool isIssued = count == 0;
            while (offset < end)
            {
                int length = end - offset < 2 ? end : (buffer[offset] << 8) | buffer[offset + 1];
                offset += 2;
                if (length > end - offset)
                {
                    return false;
                }

                // What is no name is nobody's.
                reader.Reset(buffer, offset, length);
                NameReader.Read(reader);
                for (int i = 0; i < Count && !isIssued && !reader.Failed && reader.IsAtEnd; i++)
                {
                    DtlsCertificate one = At(i);
                    isIssued = DirectoryName.AreEqual(one.Buffer, one.IssuerOffset, one.IssuerCount, buffer, offset, length);
                }

                offset += length;
            }

            return isIssued;
        }
    }
}
