using System;

namespace NfDtls.X509
{
    /// <summary>
    /// What an endpoint knows of certificates: its own with their keys, those it trusts, authorities between, revocation lists
    /// and pins. Any thread may change it at any time: a handshake keeps what was there when the peer's certificates came.
    /// Arrays given to it are used in place: they must stay as they are until the entry is removed and the handshakes that
    /// began before are over.
    /// </summary>
    public sealed class CertificateStore
    {
        private const int UsualMemory = 4;
        private const int MaxMemory = 65536;

        private readonly object _lock = new object();
        private readonly CryptoProvider _crypto;
        private StoreEntry[] _entries = new StoreEntry[0];
        private int _lastId;
        private CertificateClock _clock;
        private CertificateCheck _check;
        private TimeCheck _timeCheck;
        private SignatureMemory _memory = new SignatureMemory(UsualMemory);

        // What DigestTrust gave last, and of what.
        private byte[] _digest;
        private StoreEntry[] _digestedEntries;
        private int _digestedTimeCheck;

        /// <summary>An empty store.</summary>
        /// <param name="crypto">Tells whether a local key belongs to its certificate, while it is added.</param>
        public CertificateStore(CryptoProvider crypto)
        {
            if (crypto == null)
            {
                throw new ArgumentNullException("crypto");
            }

            _crypto = crypto;
        }

        /// <summary>Where the time comes from; null, the default: from nowhere.</summary>
        public CertificateClock? Clock
        {
            get { lock (_lock) { return _clock; } }
            set { lock (_lock) { _clock = value; } }
        }

        /// <summary>Whether certificates must be valid now. Default: <see cref="X509.TimeCheck.Required"/>, which needs a <see cref="Clock"/>.</summary>
        public TimeCheck TimeCheck
        {
            get { lock (_lock) { return _timeCheck; } }
            set { lock (_lock) { _timeCheck = value; } }
        }

        /// <summary>The application's own check of a peer's chain; null, the default: none.</summary>
        public CertificateCheck? Check
        {
            get { lock (_lock) { return _check; } }
            set { lock (_lock) { _check = value; } }
        }

        /// <summary>
        /// How many signatures of certificates are remembered, so that who meets a peer again does not verify those of its chain again:
        /// only such as were right in a chain that was trusted as a whole. Everything else is checked each time. Each takes 32 bytes,
        /// which are there from the beginning; a chain has one for each certificate below the trusted one. Default 4, for a client of
        /// one server or two; 0: none; a server of many clients may have up to 65,536, best twice as many as it has clients. Beyond 4
        /// they are rounded up to a multiple of 4. Setting it forgets them all.
        /// </summary>
        /// <exception cref="ArgumentOutOfRangeException">Below 0 or above 65,536.</exception>
        public int RememberedSignatures
        {
            get
            {
                SignatureMemory memory = Memory;
                return memory == null ? 0 : memory.Capacity;
            }

            set
            {
                if (value < 0 || value > MaxMemory)
                {
                    throw new ArgumentOutOfRangeException("value", "Signatures to remember: from 0 to 65536.");
                }

                SignatureMemory memory = value == 0 ? null : new SignatureMemory(value);
                lock (_lock)
                {
                    _memory = memory;
                }
            }
        }

        /// <summary>The signatures that are remembered; null where none are.</summary>
        internal SignatureMemory Memory
        {
            get { lock (_lock) { return _memory; } }
        }

        /// <summary>How many entries there are.</summary>
        public int Count
        {
            get { return Snapshot().Length; }
        }

        /// <summary>An entry, in the order of adding; null where there are not so many (another thread may have removed one).</summary>
        public StoreEntry? At(int index)
        {
            StoreEntry[] entries = Snapshot();
            return index >= 0 && index < entries.Length ? entries[index] : null;
        }

        /// <summary>
        /// Adds a certificate of our own. A key whose public part is not known is tried with the provider, which must not be at
        /// work for an engine on another thread; an object of the application's is taken as it is.
        /// </summary>
        /// <param name="certificate">The certificate.</param>
        /// <param name="chain">What to send behind it, each issued by the next, best without the root; null for nothing.</param>
        /// <param name="key">The certificate's private key.</param>
        /// <returns>The entry's id.</returns>
        /// <exception cref="ArgumentException">The key is another certificate's, or the certificate's key is of no use.</exception>
        public int AddLocal(DtlsCertificate certificate, DtlsCertificate[]? chain, PrivateKey key)
        {
            CheckUsable(certificate, "certificate");
            if (key == null)
            {
                throw new ArgumentNullException("key");
            }

            chain = chain == null ? new DtlsCertificate[0] : chain;
            for (int i = 0; i < chain.Length; i++)
            {
                if (chain[i] == null)
                {
                    throw new ArgumentNullException("chain");
                }
            }

            if (!KeyMatch.IsOf(_crypto, certificate.PublicKey, key))
            {
                throw new ArgumentException("The private key does not belong to the certificate.", "key");
            }

            StoreEntry entry = new StoreEntry(NextId(), EntryKind.Local, certificate);
            entry.Local = new LocalCertificate(certificate, chain, key);
            return Add(entry);
        }

        /// <summary>Adds a certificate that is trusted: a root, an authority below one, or a peer's own.</summary>
        /// <returns>The entry's id.</returns>
        /// <exception cref="ArgumentException">Its key or a critical extension is unknown, or its key too weak.</exception>
        public int AddTrusted(DtlsCertificate certificate)
        {
            CheckUsable(certificate, "certificate");
            return Add(new StoreEntry(NextId(), EntryKind.Trusted, certificate));
        }

        /// <summary>Adds an authority's certificate that peers may leave out of what they send. It is not trusted by itself.</summary>
        /// <returns>The entry's id.</returns>
        /// <exception cref="ArgumentException">Its key or a critical extension is unknown, or its key too weak.</exception>
        public int AddIntermediate(DtlsCertificate certificate)
        {
            CheckUsable(certificate, "certificate");
            return Add(new StoreEntry(NextId(), EntryKind.Intermediate, certificate));
        }

        /// <summary>Adds a revocation list, in DER or PEM.</summary>
        /// <returns>The entry's id.</returns>
        /// <exception cref="ArgumentException">It is malformed, or of a kind that is not supported.</exception>
        public int AddCrl(byte[] derOrPem)
        {
            StoreEntry entry = new StoreEntry(NextId(), EntryKind.RevocationList, null);
            entry.RevocationList = new RevocationList(derOrPem);
            return Add(entry);
        }

        /// <summary>
        /// Adds a pin: the SHA-256 hash of a SubjectPublicKeyInfo or of a whole certificate. Once there is one, a peer is let in
        /// only if a pin matches its own certificate, which then needs no trusted one behind it, or another one of a chain that
        /// ends at a trusted one.
        /// </summary>
        /// <param name="sha256">32 bytes, which are copied.</param>
        /// <returns>The entry's id.</returns>
        public int AddPin(byte[] sha256)
        {
            if (sha256 == null || sha256.Length != 32)
            {
                throw new ArgumentException("A pin is a SHA-256 hash: 32 bytes.", "sha256");
            }

            StoreEntry entry = new StoreEntry(NextId(), EntryKind.Pin, null);
            entry.Pin = (byte[])sha256.Clone();
            return Add(entry);
        }

        /// <summary>Removes an entry; false where there is none of this id.</summary>
        public bool Remove(int id)
        {
            return RemoveWhere(id, null) > 0;
        }

        /// <summary>Removes every entry whose certificate's subject has this common name.</summary>
        /// <returns>How many were removed.</returns>
        public int RemoveByName(string commonName)
        {
            if (commonName == null)
            {
                throw new ArgumentNullException("commonName");
            }

            return RemoveWhere(0, commonName);
        }

        /// <summary>The entries as they are now; the array never changes.</summary>
        internal StoreEntry[] Snapshot()
        {
            lock (_lock)
            {
                return _entries;
            }
        }

        /// <summary>Whether there is an entry of this kind.</summary>
        internal bool Has(EntryKind kind)
        {
            StoreEntry[] entries = Snapshot();
            for (int i = 0; i < entries.Length; i++)
            {
                if (entries[i].Kind == kind)
                {
                    return true;
                }
            }

            return false;
        }

        /// <summary>SHA-256 over whom the store lets in: trusted certificates, pins, revocation lists, and what is asked of the time.</summary>
        internal byte[] DigestTrust(CryptoProvider crypto)
        {
            StoreEntry[] entries = Snapshot();
            int timeCheck = (int)TimeCheck;
            lock (_lock)
            {
                if (entries == _digestedEntries && timeCheck == _digestedTimeCheck)
                {
                    return _digest;
                }
            }

            HashContext context = crypto.CreateHash(CryptoAlgorithm.Sha256);
            byte[] digest = new byte[context.Size];
            byte[] head = new byte[] { (byte)timeCheck };
            context.Update(head, 0, 1);
            for (int i = 0; i < entries.Length; i++)
            {
                AddTrust(context, entries[i], head);
            }

            context.Peek(digest, 0);
            lock (_lock)
            {
                _digestedEntries = entries;
                _digestedTimeCheck = timeCheck;
                _digest = digest;
            }

            return digest;
        }

        private static void AddTrust(HashContext context, StoreEntry entry, byte[] head)
        {
            head[0] = (byte)entry.Kind;
            switch (entry.Kind)
            {
                case EntryKind.Trusted:
                    context.Update(head, 0, 1);
                    context.Update(entry.Certificate.Buffer, entry.Certificate.Offset, entry.Certificate.Count);
                    break;
                case EntryKind.Pin:
                    context.Update(head, 0, 1);
                    context.Update(entry.Pin, 0, entry.Pin.Length);
                    break;
                case EntryKind.RevocationList:
                    context.Update(head, 0, 1);
                    context.Update(entry.RevocationList.Buffer, 0, entry.RevocationList.Buffer.Length);
                    break;
                default:
                    break;
            }
        }

        private int NextId()
        {
            lock (_lock)
            {
                return ++_lastId;
            }
        }

        private int Add(StoreEntry entry)
        {
            lock (_lock)
            {
                StoreEntry[] entries = new StoreEntry[_entries.Length + 1];
                Array.Copy(_entries, entries, _entries.Length);
                entries[_entries.Length] = entry;
                _entries = entries;
            }

            return entry.Id;
        }

        private int RemoveWhere(int id, string commonName)
        {
            lock (_lock)
            {
                StoreEntry[] kept = new StoreEntry[_entries.Length];
                int count = 0;
                for (int i = 0; i < _entries.Length; i++)
                {
                    StoreEntry entry = _entries[i];
                    bool isNamed = commonName != null && entry.Certificate != null && entry.Certificate.CommonName == commonName;
                    if (entry.Id != id && !isNamed)
                    {
                        kept[count++] = entry;
                    }
                }

                int removed = _entries.Length - count;
                _entries = new StoreEntry[count];
                Array.Copy(kept, _entries, count);
                return removed;
            }
        }

        private static void CheckUsable(DtlsCertificate certificate, string name)
        {
            if (certificate == null)
            {
                throw new ArgumentNullException(name);
            }

            if (certificate.Flaw == DtlsError.CertificateTooWeak)
            {
                throw new ArgumentException("The certificate's RSA key is shorter than " + SubjectKeyReader.MinRsaBits.ToString() + " bits.", name);
            }

            if (certificate.Flaw != DtlsError.None)
            {
                throw new ArgumentException("The certificate has a key or a critical extension that is not supported.", name);
            }
        }
    }
}
