using System;

namespace NfDtls
{
    /// <summary>
    /// What an endpoint's handshakes are made of and sized by; what an application makes is a DtlsOptions.
    /// </summary>
    public abstract class EndpointOptions
    {
        /// <summary>The smallest path MTU, in bytes of UDP payload.</summary>
        public const int MinMtu = 150;
        /// <summary>The largest path MTU, in bytes of UDP payload.</summary>
        public const int MaxMtu = 16384;
        private const int LargestOverhead = 2048 + 13;

        // What was not set gives way to a small pool without a word; what was set is refused where it can never be had.
        private int _heldRecords = 4;
        private int _receiveQueue = 4;
        internal bool SetsHeldRecords;
        internal bool SetsReceiveQueue;

        // IPv6's 1,280 bytes less its headers, and Ethernet's 1,500 less IPv4's.
        private const int DefaultMtu = 1232;
        private const int EthernetSize = 1472;

        /// <summary>Whether buffers are rather small than comfortable.</summary>
        internal bool SparesMemory;

        private int _receiveSize;
        private int _maxHandshakeMessage;
        private int _maxFlight;
        private int _outOfOrderSlots;
        private bool _setsMaxHandshakeMessage;
        private bool _setsMaxFlight;
        private bool _setsOutOfOrderSlots;

        /// <summary>Options with every default: IPv6's 1,280 bytes less its headers, RFC 6347's timers.</summary>
        internal EndpointOptions()
        {
            Mtu = DefaultMtu;
            PoolPackets = 8;
            ReplayWindow = 64;
            RetransmitTimeout = 1000;
            MaxRetransmitTimeout = 60000;
            MaxRetransmits = 10;
            CookieExchange = true;
            CookieLifetime = 60000;
            MaxSessions = 8;
            MaxHandshakes = 4;
            StepBudget = 1;
            HostOffset = 3;
            HostPrefixBits = 64;
            EvictLeastRecentlyUsed = true;
            EvictAfter = 60000;
            MaxChainBytes = 4096;
            MaxChainLength = 4;
            KeepPeerCertificates = true;
        }

        /// <summary>Where cryptography comes from. Required.</summary>
        public CryptoProvider Crypto { get; set; }

        /// <summary>The suites, preferred first. Required. A server follows its own order.</summary>
        public CipherSuiteTable Suites { get; set; }

        /// <summary>The versions of the protocol, preferred first; null (default) is DTLS 1.2 alone.</summary>
        public VersionTable? Versions { get; set; }

        /// <summary>Pre-shared keys; required for PSK suites unless <see cref="AskForPsk"/> is set.</summary>
        public PskStore? Psk { get; set; }

        /// <summary>The hint that a server sends: 0 to 128 bytes, of any value, or null (default) for none.</summary>
        public byte[]? PskHint { get; set; }

        /// <summary>Ask the application for every key, by a <see cref="PskRequest"/>, instead of the store. Default false.</summary>
        public bool AskForPsk { get; set; }

        /// <summary>
        /// Treat an unknown identity like a wrong key instead of sending alert 115 (RFC 4279 section 2). The work is the same for
        /// both where all keys are as long as the store's first one (16 bytes where there is none). Default false.
        /// </summary>
        public bool HideUnknownIdentities { get; set; }

        /// <summary>Fail with a peer that does not know the extended master secret (RFC 7627). Default false.</summary>
        public bool RequireExtendedMasterSecret { get; set; }

        /// <summary>Extensions of the application's own; at most 24.</summary>
        public HelloExtension[]? Extensions { get; set; }

        /// <summary>Extensions that come before all others of their type.</summary>
        internal abstract HelloExtension[] FeatureExtensions { get; }

        /// <summary>Who keeps sessions to be resumed, or null.</summary>
        internal abstract Resumption Resumption { get; }

        /// <summary>The most bytes that these take of a hello.</summary>
        internal abstract int FeatureHelloBytes { get; }

        /// <summary>Authentication by certificates or raw keys, or null (default).</summary>
        public Authenticator? Authenticator { get; set; }

        /// <summary>
        /// The server that a client wants: a DNS name, also sent as server_name (RFC 6066), or an IP address in text. Required
        /// with certificates, unless <see cref="NameCheck"/> is None or the server's key is pinned.
        /// </summary>
        public string? ServerName { get; set; }

        /// <summary>How a client compares the certificate with <see cref="ServerName"/>. Default SubjectAltName.</summary>
        public NameCheck NameCheck { get; set; }

        /// <summary>Whether a server asks for the client's certificate. Default None.</summary>
        public ClientCertificates ClientCertificates { get; set; }

        /// <summary>
        /// Largest certificate chain accepted, in bytes of DER: 128 to 65,000, default 4,096. With an
        /// <see cref="Authenticator"/>, so much is preallocated for each handshake.
        /// </summary>
        public int MaxChainBytes { get; set; }

        /// <summary>Most certificates accepted in a chain, the peer's own included: 1 to 10, default 4.</summary>
        public int MaxChainLength { get; set; }

        /// <summary>Keep the peer's verified certificates for the application, a copy for each session. Default true.</summary>
        public bool KeepPeerCertificates { get; set; }

        /// <summary>
        /// Bytes of a handshake that are kept as they are, for a CertificateVerify by Ed25519, which signs the messages and not
        /// their hash: 0 (default; that scheme is then not used there) to 65,536; preallocated for each handshake.
        /// </summary>
        public int TranscriptBytes { get; set; }

        /// <summary>Receives the secrets of every handshake. Default null, and so it should stay outside a laboratory.</summary>
        public KeyLog? KeyLog { get; set; }

        /// <summary>Is told what the engine does. Default null.</summary>
        public TraceSink? Trace { get; set; }

        /// <summary>The packets; null (default) makes a pool of <see cref="PoolPackets"/>. May be shared by endpoints.</summary>
        public PacketPool? Pool { get; set; }

        /// <summary>Packets of the endpoint's own pool: 2 to 65,535, default 8.</summary>
        public int PoolPackets { get; set; }

        /// <summary>
        /// Largest UDP payload sent: 150 to 16,384 bytes, default 1,232. Where flights of long datagrams stay unanswered, those to
        /// that peer become smaller (<see cref="Association.PathMtu"/>).
        /// </summary>
        public int Mtu { get; set; }

        /// <summary>
        /// Largest UDP payload received: 150 to 16,384 bytes, the latter with a record of 16,384 bytes of content in it. Until it is set, and again after 0 was set, it is what Ethernet
        /// carries, 1,472 bytes, and no less than <see cref="Mtu"/>; but <see cref="Mtu"/> itself where that was set below 1,232,
        /// or DtlsOptions.Iot made the options and there is no <see cref="Authenticator"/>; and no more than the packets of a
        /// <see cref="Pool"/> hold. Each packet of the endpoint's own pool is as large (PlanMemory of NfDtls.Planning). A longer
        /// datagram is cut by the socket and dropped (<see cref="DropReason.Truncated"/>); the handshake that it belonged to
        /// then ends with <see cref="DtlsError.DatagramTooLarge"/>.
        /// </summary>
        public int ReceiveSize
        {
            get
            {
                if (_receiveSize != 0)
                {
                    return _receiveSize;
                }

                bool isSmall = Mtu < DefaultMtu || (SparesMemory && Authenticator == null);
                int size = isSmall || Mtu > EthernetSize ? Mtu : EthernetSize;
                int held = Pool == null ? size : Pool.PayloadSize;
                return held >= size ? size : held > Mtu ? held : Mtu;
            }

            set
            {
                _receiveSize = value;
            }
        }

        /// <summary>Put each record into a datagram of its own. Default false.</summary>
        public bool OneRecordPerDatagram { get; set; }

        /// <summary>Records of the replay window: a multiple of 32 from 32 to 1,024, default 64.</summary>
        public int ReplayWindow { get; set; }

        /// <summary>
        /// Largest handshake message accepted: 128 to 65,536 bytes of body, and with an <see cref="Authenticator"/> no less than
        /// <see cref="MaxChainBytes"/> asks for; preallocated for each handshake. Until it is set it is 2,048, and 1,024 where every
        /// suite is of plain pre-shared keys or of a client's DTLS 1.3 without post-quantum and imported keys, no <see cref="Extensions"/> are set and there is no
        /// <see cref="Authenticator"/>: then a hello is the longest message, and a stranger's hello of DTLS 1.2 has few hundred bytes.
        /// </summary>
        public int MaxHandshakeMessage
        {
            get { return _setsMaxHandshakeMessage ? _maxHandshakeMessage : IsSmall ? 1024 : 2048; }
            set { _maxHandshakeMessage = value; _setsMaxHandshakeMessage = true; }
        }

        /// <summary>
        /// Largest flight sent, own certificates included: 256 to 65,536 bytes of handshake messages; preallocated for each handshake.
        /// Until it is set it is 2,048 and what features add, and with pre-shared keys alone, as for <see cref="MaxHandshakeMessage"/>, what a hello
        /// takes that repeats the longest cookie: 384 bytes, 1,024 with <see cref="Versions"/>, two for each suite, what features add to a hello, and the ticket where sessions are resumed.
        /// </summary>
        public int MaxFlight
        {
            get { return _setsMaxFlight ? _maxFlight : IsSmall ? SmallFlight : 2048 + FeatureHelloBytes; }
            set { _maxFlight = value; _setsMaxFlight = true; }
        }

        /// <summary>
        /// Handshake messages kept that came before their turn: 0 to 16. Until it is set it is 4, and with pre-shared keys alone, as
        /// for <see cref="MaxHandshakeMessage"/>, 2: no flight there has more than three.
        /// </summary>
        public int OutOfOrderSlots
        {
            get { return _setsOutOfOrderSlots ? _outOfOrderSlots : IsSmall ? 2 : 4; }
            set { _outOfOrderSlots = value; _setsOutOfOrderSlots = true; }
        }

        /// <summary>
        /// Largest handshake message kept that came before its turn: 64 to 16,384 bytes. 0 (default) is 256; with pre-shared keys
        /// alone, as for <see cref="MaxHandshakeMessage"/>, what the longest identity or hint takes, 130; and 600 with an
        /// <see cref="Authenticator"/>: while a certificate is being verified, the ServerKeyExchange or CertificateVerify behind
        /// it waits, which has up to 585 bytes with a key of RSA-4096, and 209 with elliptic curves.
        /// </summary>
        public int OutOfOrderBytes { get; set; }

        /// <summary>
        /// Records kept that came before their keys, for each handshake: 0 to 32, default 4. All handshakes together keep at most
        /// half of the pool so, for two <see cref="RetransmitTimeout"/>s, and give it up to whatever else needs a packet. More than
        /// half of the pool is refused.
        /// </summary>
        public int HeldRecords
        {
            get
            {
                return _heldRecords;
            }

            set
            {
                _heldRecords = value;
                SetsHeldRecords = true;
            }
        }

        /// <summary>
        /// Records of application data kept until they are read, for each association: 1 to 4,096, default 4. Where they share a
        /// pool they may keep less: a quarter of it is for what is passing through, and of the rest each that takes all it can get
        /// leaves as much as it has. More than one alone could keep is refused.
        /// </summary>
        public int ReceiveQueue
        {
            get
            {
                return _receiveQueue;
            }

            set
            {
                _receiveQueue = value;
                SetsReceiveQueue = true;
            }
        }

        /// <summary>Milliseconds until a flight is sent again for the first time: 50 to 60,000, default 1,000; doubles each time.</summary>
        public int RetransmitTimeout { get; set; }

        /// <summary>Milliseconds that this doubling stops at: up to 600,000, default 60,000.</summary>
        public int MaxRetransmitTimeout { get; set; }

        /// <summary>How often a flight is sent again: 0 to 100, default 10.</summary>
        public int MaxRetransmits { get; set; }

        /// <summary>
        /// Milliseconds that a whole handshake may take, what the application is asked included. 0 (default): a client is left to its
        /// retries, and a server's handshake ends 30,000 ms after the hello with its cookie, or three <see cref="RetransmitTimeout"/>s if
        /// that is longer, so that nobody can keep its place for long.
        /// </summary>
        public int HandshakeTimeout { get; set; }

        /// <summary>Records that may be sealed under one key, at least 2; 0 (default) is the suite's limit.</summary>
        public long SealLimit { get; set; }

        /// <summary>Records that may fail to open under one key, at least 1; 0 (default) is the suite's limit.</summary>
        public long ForgeryLimit { get; set; }

        /// <summary>Whether a server proves a client's address by a cookie before it keeps anything. Default true.</summary>
        public bool CookieExchange { get; set; }

        /// <summary>Ask the application, by a <see cref="ConnectRequest"/>, before a server goes on with a peer. Default false.</summary>
        public bool AskToConnect { get; set; }

        /// <summary>
        /// When every session of a server is taken and a new peer has proven itself by its Finished, close the session that has been
        /// silent longest, if for <see cref="EvictAfter"/> at least; where the peer's host has as many as
        /// <see cref="MaxSessionsPerHost"/> allows, the one of that host. Default true: a client that comes back from a new port, as
        /// behind a NAT, leaves a session behind each time. Without it, or where all have spoken lately, the new peer is told that
        /// there is no place (alert user_canceled).
        /// </summary>
        public bool EvictLeastRecentlyUsed { get; set; }

        /// <summary>Milliseconds without an authentic record after which a session may give way to a new peer: 0 or more, default 60,000.</summary>
        public int EvictAfter { get; set; }

        /// <summary>Milliseconds after which the cookies' secret changes, the one before it still holding: 1,000 to 3,600,000, default 60,000.</summary>
        public int CookieLifetime { get; set; }

        /// <summary>
        /// Sessions of a server: 1 to 65,535, default 8. Handshakes have memory of their own, so that they can run while every
        /// session is taken. A client that lost its state and comes back from the same address takes its old session's place.
        /// </summary>
        public int MaxSessions { get; set; }

        /// <summary>
        /// Handshakes of a server at one time: 1 to 65,535, default 4. When all slots are taken, one gives way whose peer has had
        /// <see cref="RetransmitTimeout"/> to answer: the oldest that has shown nothing but records that do not decrypt (after a
        /// second, where that is shorter), else the oldest of the host with most, at once to a host with fewer, and to any other after twice that time.
        /// </summary>
        public int MaxHandshakes { get; set; }

        /// <summary>Sessions and handshakes of a server with one host, whatever its ports: 0 to 65,535; 0 (default) is no limit.</summary>
        public int MaxSessionsPerHost { get; set; }

        /// <summary>
        /// Bits of an IPv6 address that are its host, which may have any address behind them: 1 to 128, default 64; 0 is the whole
        /// address, for an engine with addresses of another form that are as long. Link-local addresses, and IPv4 addresses inside of
        /// IPv6 ones, always count whole.
        /// </summary>
        public int HostPrefixBits { get; set; }

        /// <summary>
        /// Where the host begins in a peer's address: 0 to 28, default 3, behind the family and the port that the sockets of
        /// NfDtls put first. For an engine with addresses of another form.
        /// </summary>
        public int HostOffset { get; set; }

        /// <summary>
        /// Milliseconds without an authentic record after which a server closes a session; 0 (default) is never: the session of a
        /// client that vanished without a word then keeps its place until another needs it (<see cref="EvictLeastRecentlyUsed"/>), the
        /// server closes it, or the same address connects again.
        /// </summary>
        public int IdleTimeout { get; set; }

        /// <summary>What a <see cref="CryptoOperation"/> is given for a step: 1 to 1,000, default 1.</summary>
        public int StepBudget { get; set; }

        /// <summary>Bytes of the longest pre-shared key.</summary>
        public int MaxPskLength
        {
            get { return Psk == null ? 64 : Psk.MaxKeyLength; }
        }

        /// <summary>Associations of a server: its sessions, and one for each handshake, but two at least, so that one is free while another ends.</summary>
        internal int ServerPlaces
        {
            get { return MaxSessions + (MaxHandshakes < 2 ? 2 : MaxHandshakes); }
        }

        /// <summary>The Certificate message has three bytes of length before the list and before each certificate.</summary>
        internal int EffectiveMaxHandshakeMessage
        {
            get
            {
                int chain = Authenticator == null ? 0 : MaxChainBytes + (3 * MaxChainLength) + 3;
                return chain > MaxHandshakeMessage ? chain : MaxHandshakeMessage;
            }
        }

        private int SmallFlight
        {
            get { return (Versions == null ? 384 : 1024) + (2 * Suites.Count) + FeatureHelloBytes; }
        }

        /// <summary>Whether only plain pre-shared keys are spoken of, in messages whose lengths are known.</summary>
        private bool IsSmall
        {
            get
            {
                bool isSmall = Authenticator == null && Extensions == null && (Versions == null || Versions.IsShort) && Suites != null;
                for (int i = 0; isSmall && i < Suites.Count; i++)
                {
                    isSmall = Suites.At(i).KeyExchange.IsShort;
                }

                return isSmall;
            }
        }

        internal int EffectiveOutOfOrderBytes
        {
            get
            {
                if (OutOfOrderBytes != 0)
                {
                    return OutOfOrderBytes;
                }

                return IsSmall ? PskStore.MaxIdentityLength + 2 : Authenticator == null ? 256 : 600;
            }
        }

        /// <summary>
        /// Bytes of the longest datagram that a socket reads. The largest <see cref="ReceiveSize"/> is that of the largest content
        /// of a record, which has up to 2,048 bytes more and a header around it (RFC 5246 section 6.2.3).
        /// </summary>
        internal int DatagramSize
        {
            get { return ReceiveSize == MaxMtu ? MaxMtu + LargestOverhead : ReceiveSize; }
        }

        internal int PacketSize
        {
            get { return ReceiveSize > Mtu ? ReceiveSize : Mtu; }
        }

        /// <summary>Checks every option.</summary>
        /// <exception cref="ArgumentException">An option is out of its range; the message names it and what is allowed.</exception>
        public void Validate()
        {
            OptionCheck.All(this);
        }

        internal void CheckShares(bool isServer)
        {
            OptionCheck.Shares(this, isServer);
        }
    }
}
