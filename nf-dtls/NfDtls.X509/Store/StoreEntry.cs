namespace NfDtls.X509
{
    /// <summary>An entry of a <see cref="CertificateStore"/>. Never changes.</summary>
    public sealed class StoreEntry
    {
        private readonly int _id;
        private readonly EntryKind _kind;
        private readonly DtlsCertificate _certificate;

        internal StoreEntry(int id, EntryKind kind, DtlsCertificate certificate)
        {
            _id = id;
            _kind = kind;
            _certificate = certificate;
        }

        /// <summary>The number by which the entry is removed; never used again for another.</summary>
        public int Id
        {
            get { return _id; }
        }

        /// <summary>What the entry is.</summary>
        public EntryKind Kind
        {
            get { return _kind; }
        }

        /// <summary>Its certificate, null for a revocation list or a pin.</summary>
        public DtlsCertificate? Certificate
        {
            get { return _certificate; }
        }

        /// <summary>The certificate with chain and key of a <see cref="EntryKind.Local"/> entry, else null.</summary>
        public LocalCertificate? Local { get; internal set; }

        /// <summary>The list of a <see cref="EntryKind.RevocationList"/> entry, else null.</summary>
        public RevocationList? RevocationList { get; internal set; }

        /// <summary>The hash of a pin, else null.</summary>
        internal byte[] Pin { get; set; }
    }
}
