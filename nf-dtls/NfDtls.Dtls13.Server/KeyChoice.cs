namespace NfDtls.Dtls13.Server
{
    /// <summary>
    /// Which of the keys that a client offers a server takes: the first that it knows, of the hash that was agreed on. A ticket that it
    /// cannot open, or may not, is passed over.
    /// </summary>
    internal sealed class KeyChoice
    {
        private readonly Server13 _role;
        private int _rank;

        internal KeyChoice(Server13 role)
        {
            _role = role;
        }

        /// <summary>The session that is resumed, or null.</summary>
        internal OfferedKey Session;

        /// <summary>The application's key, or null: of an identity that is unknown, or that the application is asked for.</summary>
        internal PskEntry Entry;

        /// <summary>The application's own identity of the place that was chosen, and how it stands in the hello; null where nothing was offered.</summary>
        internal byte[] Name;
        internal byte[] Identity;

        /// <summary>Whether that is a key of the application's.</summary>
        internal bool IsExternal
        {
            get { return Session == null && _rank > 0; }
        }

        /// <summary>Looks at an identity; true where it is the one to take, as far as is known now.</summary>
        internal bool Takes(byte[] buffer, int offset, int count, long age, int hash, long now)
        {
            if (Session != null || Entry != null || hash == 0)
            {
                return false;
            }

            Session = FindSession(buffer, offset, count, age, hash, now);
            return Session != null || TakesExternal(buffer, offset, count, age, hash);
        }

        internal void Clear()
        {
            if (Session != null && Session.Key != null)
            {
                Session.Clear();
            }

            Session = null;
            Entry = null;
            Name = null;
            Identity = null;
            _rank = 0;
        }

        private OfferedKey FindSession(byte[] buffer, int offset, int count, long age, int hash, long now)
        {
            Handshake handshake = _role.Handshake;
            Resumption resumption = handshake.Endpoint.Resumption;
            ResumedKey found = resumption == null ? null : resumption.Open(handshake, Piece.Of(buffer, offset, count), age, now);
            if (found == null)
            {
                return null;
            }

            CipherSuite suite = handshake.Options.Suites.Find(found.Suite);
            if (suite == null || suite.Hash != hash)
            {
                found.Clear();
                return null;
            }

            return OfferedKey.Of(handshake.Crypto, found, hash);
        }

        /// <summary>
        /// The first identity whose key is here. Where none is, or the application is asked, the first that may be one and comes without an age,
        /// which is how an application's stands beside tickets (RFC 8446 section 4.2.11), else the first.
        /// </summary>
        private bool TakesExternal(byte[] buffer, int offset, int count, long age, int hash)
        {
            int external = offset;
            int length = count;
            bool isImported = _role.Version13.Importer != null;
            bool isOfHash = isImported
                ? PskImporter.Read(new WireReader(), buffer, offset, count, out external, out length) == hash : hash == CryptoAlgorithm.Sha256;
            bool isUsable = isOfHash && length <= PskStore.MaxIdentityLength;
            EndpointOptions options = _role.Handshake.Options;
            PskStore store = isUsable && !options.AskForPsk ? AskedServer.KeysOf(_role.Handshake) : null;
            PskEntry entry = store == null ? null : store.FindByIdentity(buffer, external, length);
            int rank = 1 + (isUsable ? 2 : 0) + (age == 0 ? 1 : 0);
            if (entry == null && rank <= _rank)
            {
                return false;
            }

            _rank = rank;
            Entry = entry;
            Name = Piece.Of(buffer, external, isUsable ? length : 0);
            Identity = Piece.Of(buffer, offset, count);
            return true;
        }
    }
}
