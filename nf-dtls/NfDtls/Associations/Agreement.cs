namespace NfDtls
{
    /// <summary>What a handshake began with and agreed on with a peer, for as long as an <see cref="Association"/> is not begun anew.</summary>
    public abstract class Agreement : HandshakeHost
    {
        /// <summary>What a server knows a late copy of its ClientHello by; 0 is nothing.</summary>
        internal long Hello;

        // Public by the name of Version; every record asks for it.
        internal int AgreedVersion;

        private string _serverName;

        internal Agreement()
        {
        }

        /// <summary>The suite agreed on, or null.</summary>
        public CipherSuite? Suite { get; internal set; }

        /// <summary>The version agreed on, or 0.</summary>
        public int Version
        {
            get { return AgreedVersion; }
            internal set { AgreedVersion = value; }
        }

        /// <summary>What the handshake agreed on: <see cref="HandshakeFlags"/>.</summary>
        public int Flags { get; internal set; }

        /// <summary>Whether the handshake resumed an earlier session.</summary>
        public bool IsResumed
        {
            get { return (Flags & HandshakeFlags.Abbreviated) != 0; }
        }

        /// <summary>The client's PSK identity, or null.</summary>
        public byte[]? PskIdentity { get; internal set; }

        /// <summary>
        /// The name by which a client asks this server for one of several (server_name, RFC 6066), also while a server with
        /// <see cref="EndpointOptions.AskToConnect"/> is asked whether to take it; null where it asks for none, or for what is no name.
        /// </summary>
        public string? ServerName
        {
            get
            {
                return _serverName != null || Handshake == null ? _serverName : AskedServer.NameOf(Handshake);
            }
        }

        internal void RestoreServerName(string name)
        {
            _serverName = name;
        }

        /// <summary>The protocol of the application that the ends agreed on (ALPN, RFC 7301), or null: <c>ApplicationProtocols</c> of NfDtls.Extensions.</summary>
        public string? ApplicationProtocol { get; internal set; }

        /// <summary>
        /// What the peer proved itself with, verified: its certificate chain as DER, the peer's own first and the trusted one
        /// last, or its SubjectPublicKeyInfo alone where it has a raw public key (RFC 7250). Null where it sent none, or
        /// <see cref="EndpointOptions.KeepPeerCertificates"/> is off.
        /// </summary>
        public byte[][]? PeerCertificates { get; internal set; }

        /// <summary>Takes what a handshake agreed on.</summary>
        internal void Take(Handshake handshake)
        {
            Suite = handshake.Suite;
            Version = handshake.Role.Version.Number;
            Flags = handshake.Flags;
            PskIdentity = handshake.PskIdentity;
            _serverName = AskedServer.NameOf(handshake);
            PeerCertificates = handshake.Options.KeepPeerCertificates ? handshake.PeerCertificates : null;
        }

        /// <summary>A handshake begins: nothing is agreed on.</summary>
        internal void ForgetAgreed()
        {
            Suite = null;
            Version = 0;
            Flags = 0;
            PskIdentity = null;
            ApplicationProtocol = null;
            _serverName = null;
            PeerCertificates = null;
        }
    }
}
