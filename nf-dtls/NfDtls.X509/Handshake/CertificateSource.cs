using NfDtls.Ecdhe;

namespace NfDtls.X509
{
    /// <summary>A <see cref="CertificateStore"/> as a source of credentials.</summary>
    internal sealed class CertificateSource : CredentialSource
    {
        // Names of authorities help a client to choose; a long list is as good as none, and costs room in the flight.
        private const int MaxAuthorities = 256;

        // A verifier with its readers, and a certificate with its key, its places in the verifier's arrays and its signature's hash.
        private const int ProofBytes = 2140;
        private const int BytesForEach = (12 * (39 + 7)) + 12 + SignatureMemory.EntryLength;

        private readonly object _lock = new object();
        private readonly CertificateStore _store;
        private StoreEntry[] _entries;
        private Credential[] _credentials;

        internal CertificateSource(CertificateStore store)
        {
            _store = store;
        }

        public override int CertificateType
        {
            get { return NfDtls.Ecdhe.CertificateType.X509; }
        }

        public override Credential[] Credentials
        {
            get
            {
                lock (_lock)
                {
                    StoreEntry[] entries = _store.Snapshot();
                    if (entries != _entries)
                    {
                        _credentials = Collect(entries);
                        _entries = entries;
                    }

                    return _credentials;
                }
            }
        }

        public override bool HasTrust
        {
            get { return _store.Has(EntryKind.Trusted) || _store.Has(EntryKind.Pin); }
        }

        public override byte[]? TrustContext(CryptoProvider crypto, byte[] peerHash)
        {
            return _store.DigestTrust(crypto);
        }

        public override PeerProof CreateProof(EndpointOptions options)
        {
            return new CertificateProof(new ChainVerifier(_store, options.Crypto, options.MaxChainLength));
        }

        public override int PlanMemory(EndpointOptions options)
        {
            return ProofBytes + (options.MaxChainLength * BytesForEach);
        }

        public override int CountContexts(EndpointOptions options)
        {
            return SignatureCheck.MaxHashes;
        }

        public override bool NeedsServerName(EndpointOptions options)
        {
            return options.NameCheck != NameCheck.None && _store.Has(EntryKind.Trusted) && !_store.Has(EntryKind.Pin);
        }

        public override void WriteAuthorities(WireWriter writer)
        {
            StoreEntry[] entries = _store.Snapshot();
            int length = 0;
            for (int i = 0; i < entries.Length; i++)
            {
                length += LengthOfName(entries[i]);
            }

            for (int i = 0; i < entries.Length && length <= MaxAuthorities; i++)
            {
                if (entries[i].Kind == EntryKind.Trusted)
                {
                    DtlsCertificate certificate = entries[i].Certificate;
                    writer.WriteUInt16(certificate.SubjectCount);
                    writer.WriteBytes(certificate.Buffer, certificate.SubjectOffset, certificate.SubjectCount);
                }
            }
        }

        /// <summary>What an entry adds to the list; more than it may hold where it lets peers in whose issuers nobody could name.</summary>
        private static int LengthOfName(StoreEntry entry)
        {
            if (entry.Kind != EntryKind.Trusted)
            {
                return entry.Pin == null ? 0 : MaxAuthorities + 1;
            }

            // A peer's own certificate: by its name a client knows it if it is its issuer's as well. A subject may be empty.
            DtlsCertificate certificate = entry.Certificate;
            bool isNamed = certificate.SubjectCount > 2 && (certificate.IsAuthority || certificate.IsSelfIssued);
            return isNamed ? 2 + certificate.SubjectCount : MaxAuthorities + 1;
        }

        private static Credential[] Collect(StoreEntry[] entries)
        {
            int count = 0;
            for (int i = 0; i < entries.Length; i++)
            {
                count += entries[i].Kind == EntryKind.Local ? 1 : 0;
            }

            Credential[] credentials = new Credential[count];
            for (int i = entries.Length - 1; i >= 0; i--)
            {
                if (entries[i].Kind == EntryKind.Local)
                {
                    count--;
                    credentials[count] = new CertificateCredential(entries[i].Local);
                }
            }

            return credentials;
        }
    }
}
