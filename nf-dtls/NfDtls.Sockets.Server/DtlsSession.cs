using System;
using System.Net;
using System.Threading;

namespace NfDtls.Sockets
{
    /// <summary>One client of a <see cref="DtlsServer"/>. Safe from any thread. It stays readable after its end.</summary>
    public sealed partial class DtlsSession
    {
        private readonly DtlsServer _server;
        private readonly object _lock;
        private IPEndPoint _remote;
        private CipherSuite _suite;
        private byte[] _pskIdentity;
        private bool _isResumed;
        private byte[][] _peerCertificates;
        private string _protocol;
        private string _serverName;
        private readonly int _localPort;

        // Null from the end of the session on: the server has given it to another then.
        private Association _association;
        private DtlsError _lastError;
        private int _alertSent = Alert.None;
        private int _alertReceived = Alert.None;
        private byte[][] _left;
        private int _leftNext;
        private ManualResetEvent _readable;
        private ManualResetEvent _settled;

        // Whether Connected was called for it, or is about to be.
        internal bool IsAnnounced;

        internal DtlsSession(DtlsServer server, object serverLock, Association association, int localPort)
        {
            _server = server;
            _lock = serverLock;
            _association = association;
            _remote = UdpAddress.Read(association.PeerAddress);
            _localPort = localPort;
            TakeAgreed();
        }

        /// <summary>The client's address; after <see cref="DtlsServer.PeerMoved"/> another one.</summary>
        public IPEndPoint RemoteEndPoint
        {
            get { return _remote; }
        }

        /// <summary>Under the lock: takes the address of now; returns the one before.</summary>
        internal IPEndPoint Follow()
        {
            IPEndPoint before = _remote;
            _remote = UdpAddress.Read(_association.PeerAddress);
            return before;
        }

        /// <summary>The server's port.</summary>
        public int LocalPort
        {
            get { return _localPort; }
        }

        /// <summary>The suite agreed upon, null before.</summary>
        public CipherSuite? Suite
        {
            get { return _suite; }
        }

        /// <summary>The identity that the client authenticated with, or null.</summary>
        public byte[]? PskIdentity
        {
            get { return _pskIdentity; }
        }

        /// <summary>Whether the handshake resumed an earlier session (SessionResumption of NfDtls.Extensions).</summary>
        public bool IsResumed
        {
            get { return _isResumed; }
        }

        /// <summary>The name by which the client asks for one of several servers (server_name, RFC 6066), or null; also while it asks to connect.</summary>
        public string? ServerName
        {
            get { return _serverName; }
        }

        /// <summary>The protocol that was agreed upon by ALPN (ApplicationProtocols of NfDtls.Extensions), or null.</summary>
        public string? ApplicationProtocol
        {
            get { return _protocol; }
        }

        /// <summary>
        /// What the client proved itself with: its chain of certificates in DER, its own first, or one SubjectPublicKeyInfo of a raw
        /// public key; null where it sent none, and where <see cref="EndpointOptions.KeepPeerCertificates"/> is off.
        /// </summary>
        public byte[][]? PeerCertificates
        {
            get { return _peerCertificates; }
        }

        /// <summary>Where the session is in its life.</summary>
        public AssociationState State
        {
            get
            {
                lock (_lock)
                {
                    return _association == null ? AssociationState.Closed : _association.State;
                }
            }
        }

        /// <summary>Why the session ended; None while it lives.</summary>
        public DtlsError LastError
        {
            get
            {
                lock (_lock)
                {
                    return _association == null ? _lastError : _association.LastError;
                }
            }
        }

        /// <summary>Description of the alert sent last, <see cref="Alert.None"/> where none was: why this end ended the session.</summary>
        public int AlertSent
        {
            get
            {
                lock (_lock)
                {
                    return _association == null ? _alertSent : _association.AlertSent;
                }
            }
        }

        /// <summary>Description of the alert that the client ended the session by, or <see cref="Alert.None"/>.</summary>
        public int AlertReceived
        {
            get
            {
                lock (_lock)
                {
                    return _association == null ? _alertReceived : _association.AlertReceived;
                }
            }
        }

        /// <summary>The most bytes that one <see cref="Send(byte[])"/> takes; 0 after the end.</summary>
        public int MaxPayload
        {
            get
            {
                lock (_lock)
                {
                    return _association == null ? 0 : _association.MaxPayload;
                }
            }
        }

        /// <summary>
        /// Bytes of UDP payload of the longest datagram that goes to the client: <see cref="EndpointOptions.Mtu"/>, or what got
        /// through in the handshake; 0 after the end. An application that knows the path may set it, 150 to
        /// <see cref="EndpointOptions.Mtu"/> bytes.
        /// </summary>
        /// <exception cref="ArgumentOutOfRangeException">It is less or more.</exception>
        public int PathMtu
        {
            get
            {
                lock (_lock)
                {
                    return _association == null ? 0 : _association.PathMtu;
                }
            }

            set
            {
                lock (_lock)
                {
                    if (_association != null)
                    {
                        _association.PathMtu = value;
                    }
                }
            }
        }

        /// <summary>The application's own.</summary>
        public object? Tag { get; set; }

        /// <summary>
        /// Lets a client connect that <see cref="DtlsServer.ClientConnecting"/> told of. Does not wait: Connected follows, or Error.
        /// Does nothing where that was answered.
        /// </summary>
        public void Accept()
        {
            Answer(DtlsError.None, null, null);
        }

        /// <summary>
        /// Ends the handshake of a client that <see cref="DtlsServer.ClientConnecting"/> told of, by alert access_denied;
        /// Error(Refused) follows. Does nothing where that was answered.
        /// </summary>
        public void Refuse()
        {
            Answer(DtlsError.Refused, null, null);
        }

        /// <summary>
        /// As <see cref="Accept()"/>, with pre-shared keys for this client alone, chosen by the <see cref="ServerName"/> that it asks for, say.
        /// </summary>
        /// <param name="keys">The keys, instead of <see cref="EndpointOptions.Psk"/>.</param>
        /// <param name="hint">The hint that goes with them: 0 to 128 bytes, or null for none.</param>
        /// <exception cref="ArgumentException">There are no keys, or the hint is too long.</exception>
        public void Accept(PskStore keys, byte[]? hint)
        {
            if (keys == null)
            {
                throw new ArgumentNullException("keys");
            }

            Answer(DtlsError.None, keys, hint);
        }

        /// <summary>
        /// Ends the handshake of a client that <see cref="DtlsServer.ClientConnecting"/> told of, by alert unrecognized_name: nobody here
        /// has the <see cref="ServerName"/> that it asks for. Error(UnrecognizedName) follows.
        /// </summary>
        public void RefuseName()
        {
            Answer(DtlsError.UnrecognizedName, null, null);
        }

        /// <summary>
        /// As <see cref="Accept()"/>, and waits for the handshake's end; when the time is over the wait ends, not the handshake.
        /// Inside a notification it never waits.
        /// </summary>
        /// <param name="timeout">Milliseconds to wait, 0 not at all, -1 for ever.</param>
        /// <returns>True when connected, false when the handshake is still under way.</returns>
        /// <exception cref="DtlsException">The handshake failed, or the session has ended since: the error says why.</exception>
        public bool Start(int timeout)
        {
            DtlsServer.CheckTimeout(timeout);
            long start = Platform.Now;
            long wait = timeout;
            Answer(DtlsError.None, null, null);
            while (true)
            {
                lock (_lock)
                {
                    if (_association == null || _association.State == AssociationState.Closed)
                    {
                        throw Ended();
                    }

                    if (_association.State != AssociationState.Connecting)
                    {
                        TakeAgreed();
                        return true;
                    }

                    if (timeout >= 0)
                    {
                        wait = Deadline.After(start, timeout) - Platform.Now;
                        if (wait <= 0)
                        {
                            return false;
                        }
                    }

                    if (_server.IsOwnThread)
                    {
                        return false;
                    }

                    // Set by the handshake's end, whatever it is, for good.
                    if (_settled == null)
                    {
                        _settled = new ManualResetEvent(false);
                    }
                }

                _settled.WaitOne((int)wait, false);
            }
        }

        /// <summary>Tells the client that the session ends. Does not wait: Disconnected follows the client's answer, or its lack.</summary>
        public void Close()
        {
            lock (_lock)
            {
                if (_association != null)
                {
                    _server.Close(_association);
                }
            }
        }

        /// <summary>Under the lock: the session is connected, and Connected is about to be called for it.</summary>
        internal void Announce()
        {
            IsAnnounced = true;
            TakeAgreed();
            if (_settled != null)
            {
                _settled.Set();
            }
        }

        /// <summary>Under the lock: there is something to receive, or the end has come.</summary>
        internal void Signal()
        {
            if (_readable != null)
            {
                _readable.Set();
            }
        }

        /// <summary>Under the lock: the end. What was not received is copied, so that the server's slot and packets are free at once.</summary>
        internal void Detach(DtlsError reason)
        {
            int count = _association.Pending;
            if (count > 0)
            {
                _left = new byte[count][];
                for (int i = 0; i < count; i++)
                {
                    _left[i] = new byte[_association.NextLength];
                    _association.Receive(_left[i], 0);
                }
            }

            TakeAlerts();
            _lastError = reason;
            _association = null;
            Signal();
            if (_settled != null)
            {
                _settled.Set();
            }
        }

        private void Answer(DtlsError refusal, PskStore keys, byte[] hint)
        {
            lock (_lock)
            {
                if (_association != null)
                {
                    _server.Answer(_association, refusal, keys, hint);
                }
            }
        }

        private void TakeAgreed()
        {
            _suite = _association.Suite;
            _pskIdentity = _association.PskIdentity;
            _isResumed = _association.IsResumed;
            _peerCertificates = _association.PeerCertificates;
            _protocol = _association.ApplicationProtocol;
            _serverName = _association.ServerName;
        }

        private DtlsException Ended()
        {
            if (_association != null)
            {
                _lastError = _association.LastError;
                TakeAlerts();
            }

            bool isClosed = _lastError == DtlsError.None || _lastError == DtlsError.CloseFail;
            return DtlsException.Because("The session has ended", isClosed ? DtlsError.SessionClosed : _lastError, _alertSent, _alertReceived);
        }

        private void TakeAlerts()
        {
            _alertSent = _association.AlertSent;
            _alertReceived = _association.AlertReceived;
        }
    }
}
