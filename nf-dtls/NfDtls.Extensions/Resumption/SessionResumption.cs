using System;

namespace NfDtls.Extensions
{
    /// <summary>
    /// Sessions that go on without certificates: of DTLS 1.2 without a new key exchange, by an id that the server has kept the
    /// session under (RFC 5246 section 7.3) or by a ticket that the client keeps for it (RFC 5077), and only with the extended master
    /// secret; of DTLS 1.3 by a ticket alone (RFC 8446 section 2.2), whose key goes together with a new key agreement unless psk_ke is
    /// allowed. A ticket of one version is never taken in the other. Whatever has changed since, or cannot be told, means a full handshake
    /// and never an error. One object serves one endpoint; a client keeps its last session and offers it the next time it connects.
    /// </summary>
    public sealed class SessionResumption : Feature
    {
        private const int MaxIdLength = 32;
        private const int MinTicketLength = 64;
        private const int MostTicketLength = 1024;
        private const int MostSeconds = 604800;

        internal readonly TicketSealer Sealer = new TicketSealer();

        private readonly object _lock = new object();
        private readonly SessionHandshakes _handshakes;
        private readonly HelloExtension[] _extensions;
        private AssociationHost _endpoint;
        private ResumableSession _session;

        /// <summary>Both kinds, a day for each session, and memory of twice as many as a server has sessions.</summary>
        public SessionResumption()
        {
            _handshakes = new SessionHandshakes(this);
            _extensions = new HelloExtension[] { new SessionTicketExtension(this) };
            Tickets = true;
            StoreSize = -1;
            IdLength = 32;
            Lifetime = 86400;
            MaxAge = MostSeconds;
            MaxTicketLength = 512;
        }

        /// <summary>Whether a client asks for tickets and a server gives them, in DTLS 1.2 to those who ask, in 1.3 to all who may use one. Default true.</summary>
        public bool Tickets { get; set; }

        /// <summary>
        /// What a server seals its tickets with. Null (default): random keys of its own, of which each seals for
        /// <see cref="Lifetime"/> and opens for as long again.
        /// </summary>
        public TicketKeys? TicketKeys { get; set; }

        /// <summary>Where a server keeps the sessions of clients without tickets. Null (default): in memory, <see cref="StoreSize"/> of them.</summary>
        public SessionStore? Store { get; set; }

        /// <summary>Sessions that a server keeps in memory where there is no <see cref="Store"/>: 0 to 65,535, 0 for none; -1 (default) twice as many as it may have sessions.</summary>
        public int StoreSize { get; set; }

        /// <summary>
        /// Bytes of the ids that a server makes: 8 to 32, default 32. They go to the client and, when it comes back, thrice over the
        /// network; but with fewer a client of wolfSSL (5.9), which compares 32, never connects again.
        /// </summary>
        public int IdLength { get; set; }

        /// <summary>
        /// Seconds that a session may be resumed for, 1 to 604,800, default 86,400; a client keeps to the server's hint where that is
        /// less. The end of a peer's certificate comes first, where there is a <see cref="Clock"/>.
        /// </summary>
        public int Lifetime { get; set; }

        /// <summary>Seconds after the last full handshake beyond which a server gives no new ticket for a session: <see cref="Lifetime"/> to 604,800, which is the default.</summary>
        public int MaxAge { get; set; }

        /// <summary>The longest ticket that a client keeps and a server gives or reads: 64 to 1,024 bytes, default 512. A client without certificates reserves as much more for its flight.</summary>
        public int MaxTicketLength { get; set; }

        /// <summary>The time of day, or null (default): then sessions are dated by the engine's time.</summary>
        public SessionClock? Clock { get; set; }

        /// <summary>The application's own word on peers, or null (default). Needed where <see cref="EndpointOptions.AskForPsk"/> is set: without it nothing is resumed there, as nobody can say whether the key is still the same.</summary>
        public ResumablePeers? Peers { get; set; }

        /// <summary>
        /// Whether a server's ticket, shown from the host that it was given to, stands for the cookie: a client that comes back saves
        /// a turn and some 250 bytes. Default false, for such a hello can be replayed: a server then begins a handshake and sends its flight,
        /// repeatedly, to that host; four times at once and then once in 5 s, beyond which it asks for a cookie. DTLS 1.3 always asks.
        /// </summary>
        public bool TicketsProveAddress { get; set; }

        /// <summary>
        /// The session that a client will offer when it connects next, a copy in and out; null for none. After a connection it is
        /// the session of that, if it can be resumed; after one that failed it may be none.
        /// </summary>
        public ResumableSession? Session
        {
            get
            {
                lock (_lock)
                {
                    return _session == null ? null : _session.Copy();
                }
            }

            set
            {
                ResumableSession copy = value == null ? null : value.Copy();
                if (copy != null && !copy.IsAbsolute)
                {
                    // Of another engine's time: its age counts from now on.
                    copy.State.Established = 0;
                    copy.State.Expires = 0;
                }

                Keep(copy);
            }
        }

        /// <summary>SHA-256 of the peer's certificate or raw public key, shown in the handshake or in the one that it resumed; null where it showed none.</summary>
        public byte[]? PeerCertificateHash(Association association)
        {
            if (association == null)
            {
                throw new ArgumentNullException("association");
            }

            HandshakeSession session = (HandshakeSession)association.GetState(this);
            return session == null || session.CertificateHash.Length == 0 ? null : Bytes.Copy(session.CertificateHash);
        }

        internal override HelloExtension[] Extensions
        {
            get { return _extensions; }
        }

        internal override Resumption Resumption
        {
            get { return _handshakes; }
        }

        /// <summary>The session id, and a ticket with its type and length; or, of a server, the NewSessionTicket.</summary>
        internal override int HelloBytes
        {
            get { return MaxTicketLength + MaxIdLength + 4; }
        }

        /// <summary>A server's store has as many bytes as it has sessions: at the most, where the options say how many.</summary>
        internal override int EngineBytes
        {
            get
            {
                int own = HeapBytes.OfObject(18) + HeapBytes.OfObject(3) + HeapBytes.OfObject(2) + HeapBytes.OfObject(3) + HeapBytes.OfObject(1) + HeapBytes.OfArray(4);
                return own + HeapBytes.OfObject(4) + HeapBytes.OfArray(8 * TicketSealer.Refused) + (4 * HeapBytes.OfObject(5))
                    + (Store == null && StoreSize > 0 ? MemorySessionStore.Plan(StoreSize, SessionState.UsualLength) : 0);
            }
        }

        internal override int SessionBytes
        {
            get { return HandshakeSession.PlannedBytes; }
        }

        /// <summary>The session kept by a client itself, no copy.</summary>
        internal ResumableSession Kept
        {
            get { return _session; }
        }

        internal override void Attach(AssociationHost endpoint)
        {
            Check("StoreSize", StoreSize, -1, 65535);
            Check("IdLength", IdLength, 8, MaxIdLength);
            Check("Lifetime", Lifetime, 1, MostSeconds);
            Check("MaxAge", MaxAge, Lifetime, MostSeconds);
            Check("MaxTicketLength", MaxTicketLength, MinTicketLength, MostTicketLength);
            _endpoint = endpoint;
            if (!endpoint.IsServer)
            {
                return;
            }

            if (Store == null && StoreSize != 0)
            {
                Store = new MemorySessionStore(StoreSize < 0 ? UsualStoreSize(endpoint.Options) : StoreSize);
            }

            if (Tickets && TicketKeys == null)
            {
                TicketKeys = new RotatingTicketKeys(Lifetime < 60 ? 60 : Lifetime);
            }
        }

        internal override void OnConnected(Association association, Handshake handshake, long now)
        {
            _handshakes.OnConnected(association, handshake);
        }

        /// <summary>An authentic record, before it is looked at: of a handshake in the making only who has the session's keys sends one.</summary>
        internal override void OnRecord(Association association, bool isNewest, long now)
        {
            HandshakeSession session = (HandshakeSession)association.GetState(this);
            if (session == null)
            {
                return;
            }

            if (!association.IsServer)
            {
                session.LastType = association.Engine.Header.Type;
            }
            else if (session.Session != null && association.State == AssociationState.Connecting)
            {
                ServerSessions.MarkUsed(session);
            }
        }

        internal override void Forget(Association association)
        {
            HandshakeSession session = (HandshakeSession)association.GetState(this);
            if (session != null)
            {
                association.SetState(this, null);
                _handshakes.OnEnded(association, session);
                session.ClearSecrets();
            }
        }

        /// <summary>What a handshake knows of sessions, or null where it has none to do with: it is of another version, or runs in a connection.</summary>
        internal HandshakeSession Of(Handshake handshake)
        {
            Association association = (Association)handshake.Host;
            return association.State == AssociationState.Connecting ? (HandshakeSession)association.GetState(this) : null;
        }

        /// <summary>As <see cref="Of"/>; makes it where it is not there yet.</summary>
        internal HandshakeSession Begin(Handshake handshake)
        {
            HandshakeSession session = Of(handshake);
            Association association = (Association)handshake.Host;
            if (session == null && association.State == AssociationState.Connecting)
            {
                session = new HandshakeSession();
                association.SetState(this, session);
            }

            return session;
        }

        /// <summary>The time that sessions are dated by, in seconds.</summary>
        internal long SecondsAt(long now)
        {
            long utc = Clock == null ? -1 : Clock.UtcSeconds;
            return utc >= 0 ? utc : now / 1000;
        }

        internal bool KnowsTime
        {
            get { return Clock != null && Clock.UtcSeconds >= 0; }
        }

        /// <summary>A client's session from now on; the one before is zeroed.</summary>
        internal void Keep(ResumableSession session)
        {
            lock (_lock)
            {
                if (_session != null && _session != session)
                {
                    _session.Clear();
                }

                _session = session;
            }
        }

        private static int UsualStoreSize(EndpointOptions options)
        {
            return options.MaxSessions > 32767 ? 65535 : 2 * options.MaxSessions;
        }

        private static void Check(string name, int value, int least, int most)
        {
            if (value < least || value > most)
            {
                throw new ArgumentException("SessionResumption." + name + " must be " + least.ToString() + " to " + most.ToString() + ", not " + value.ToString() + ".");
            }
        }
    }
}
