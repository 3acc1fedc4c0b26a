using System;
using System.Net;
using System.Net.Sockets;
using System.Threading;

namespace NfDtls.Sockets
{
    /// <summary>
    /// A DTLS client over a UDP socket, with blocking calls. While a connection exists, a caller who waits in Receive receives, and a
    /// background thread while nobody does. Safe from any thread; times are in milliseconds, -1 for ever.
    /// </summary>
    public sealed partial class DtlsClient : IDisposable
    {
        private readonly object _lock = new object();
        private readonly DtlsClientEngine _engine;
        private readonly Association _association;
        private readonly int _receiveSize;
        private readonly int _requestedPort;
        private readonly bool _ownsSocket;
        private readonly byte[] _peer = new byte[UdpAddress.MaxLength];

        // Each is set for as long as what it stands for is true, so no waiter can miss it: the handshake is not under way;
        // there is something to receive, or nothing more will come; nothing is left to close.
        private readonly ManualResetEvent _settled = new ManualResetEvent(true);
        private readonly ManualResetEvent _readable = new ManualResetEvent(true);
        private readonly ManualResetEvent _ended = new ManualResetEvent(true);
        private bool _isSettled = true;
        private bool _isReadable = true;
        private bool _isEnded = true;

        private readonly OwnThread _thread = new OwnThread();
        private UdpPort _port;
        private IPEndPoint _remote;
        private string _host;
        private int _peerLength;
        private PskRequest _request;
        private bool _owesOutcome;
        private bool _isDisposed;

        /// <summary>Makes a client with a socket of its own on any port.</summary>
        /// <exception cref="ArgumentException">An option is out of its range.</exception>
        public DtlsClient(DtlsOptions options)
            : this(options, 0)
        {
        }

        /// <summary>Makes a client with a socket of its own on a port; it is bound by the first <see cref="Connect(IPEndPoint, int)"/>.</summary>
        /// <exception cref="ArgumentException">An option is out of its range.</exception>
        public DtlsClient(DtlsOptions options, int localPort)
        {
            if (localPort < 0 || localPort > 65535)
            {
                throw new ArgumentOutOfRangeException("localPort", "A port is 0 (any) to 65535, not " + localPort.ToString() + ".");
            }

            _engine = new DtlsClientEngine(options);
            _association = _engine.Association;
            _receiveSize = options.DatagramSize;
            _requestedPort = localPort;
            _ownsSocket = true;
        }

        /// <summary>Makes a client over a bound UDP socket of the application's, which stays open when the client is disposed.</summary>
        /// <exception cref="ArgumentException">An option is out of its range, or the socket is not bound.</exception>
        public DtlsClient(DtlsOptions options, Socket boundSocket)
        {
            if (boundSocket == null)
            {
                throw new ArgumentNullException("boundSocket");
            }

            _engine = new DtlsClientEngine(options);
            _association = _engine.Association;
            _receiveSize = options.DatagramSize;
            _port = UdpPort.Take(boundSocket, _receiveSize);
        }

        /// <summary>Makes a client over a port of the application's in place of a socket: one client or server a port.</summary>
        /// <exception cref="ArgumentException">An option is out of its range.</exception>
        public DtlsClient(DtlsOptions options, DatagramPort port)
        {
            if (port == null)
            {
                throw new ArgumentNullException("port");
            }

            _engine = new DtlsClientEngine(options);
            _association = _engine.Association;
            _receiveSize = options.DatagramSize;
            _port = new UdpPort(port, false, _receiveSize, 0);
        }

        /// <summary>
        /// Something went wrong that no call reports: the socket failed, or a handler threw. Called on the client's thread, not
        /// under its lock.
        /// </summary>
        public event ErrorHandler? Error;

        /// <summary>
        /// Asks for a pre-shared key (with <see cref="EndpointOptions.AskForPsk"/>), on the client's thread. Without a handler,
        /// or where it throws, the request is refused.
        /// </summary>
        public event PskWantedHandler? PskWanted;

        /// <summary>The server's address, null before the first <see cref="Connect(IPEndPoint, int)"/>.</summary>
        public IPEndPoint? RemoteEndPoint
        {
            get { return _remote; }
        }

        /// <summary>The socket's port; before it is bound, the one that was asked for.</summary>
        public int LocalPort
        {
            get
            {
                lock (_lock)
                {
                    return _port == null ? _requestedPort : _port.LocalPort;
                }
            }
        }

        /// <summary>The suite agreed upon, or null.</summary>
        public CipherSuite? Suite
        {
            get
            {
                lock (_lock)
                {
                    return _association.Suite;
                }
            }
        }

        /// <summary>The version agreed upon, by its number on the wire: <see cref="DtlsVersion.Dtls12"/>, or 0xFEFC for DTLS 1.3; 0 before.</summary>
        public int Version
        {
            get
            {
                lock (_lock)
                {
                    return _association.Version;
                }
            }
        }

        /// <summary>The identity that the client authenticated with, or null.</summary>
        public byte[]? PskIdentity
        {
            get
            {
                lock (_lock)
                {
                    return _association.PskIdentity;
                }
            }
        }

        /// <summary>Whether the handshake resumed an earlier session (SessionResumption of NfDtls.Extensions).</summary>
        public bool IsResumed
        {
            get
            {
                lock (_lock)
                {
                    return _association.IsResumed;
                }
            }
        }

        /// <summary>The protocol that was agreed upon by ALPN (ApplicationProtocols of NfDtls.Extensions), or null.</summary>
        public string? ApplicationProtocol
        {
            get
            {
                lock (_lock)
                {
                    return _association.ApplicationProtocol;
                }
            }
        }

        /// <summary>
        /// What the server proved itself with: its chain of certificates in DER, its own first, or one SubjectPublicKeyInfo of a raw
        /// public key; null with a pre-shared key, before the handshake, and where <see cref="EndpointOptions.KeepPeerCertificates"/> is off.
        /// </summary>
        public byte[][]? PeerCertificates
        {
            get
            {
                lock (_lock)
                {
                    return _association.PeerCertificates;
                }
            }
        }

        /// <summary>Why the last connection failed or ended. SocketError: no answer came, as nothing could be sent.</summary>
        public DtlsError LastError
        {
            get
            {
                lock (_lock)
                {
                    return IsUnsent ? DtlsError.SocketError : _association.LastError;
                }
            }
        }

        /// <summary>
        /// While it connects, what it would fail with if its time were over now (<see cref="Association.LikelyError"/>): for a
        /// caller whose <see cref="Connect(IPEndPoint, int)"/> returned false. Otherwise <see cref="LastError"/>.
        /// </summary>
        public DtlsError LikelyError
        {
            get
            {
                lock (_lock)
                {
                    return IsUnsent ? DtlsError.SocketError : _association.LikelyError;
                }
            }
        }

        /// <summary>Where the connection is in its life.</summary>
        public AssociationState State
        {
            get
            {
                lock (_lock)
                {
                    return _association.State;
                }
            }
        }

        /// <summary>The most bytes that one <see cref="Send(byte[])"/> takes; 0 while not connected.</summary>
        public int MaxPayload
        {
            get
            {
                lock (_lock)
                {
                    return _association.MaxPayload;
                }
            }
        }

        /// <summary>
        /// Bytes of UDP payload of the longest datagram that goes to the server: <see cref="EndpointOptions.Mtu"/>, or what got
        /// through in the handshake. An application that knows the path may set it, 150 to <see cref="EndpointOptions.Mtu"/> bytes,
        /// until the next <see cref="Connect(IPEndPoint, int)"/> begins.
        /// </summary>
        /// <exception cref="ArgumentOutOfRangeException">It is less or more.</exception>
        public int PathMtu
        {
            get
            {
                lock (_lock)
                {
                    return _association.PathMtu;
                }
            }

            set
            {
                lock (_lock)
                {
                    _association.PathMtu = value;
                }
            }
        }

        /// <summary>The client's counters.</summary>
        public DtlsStatistics Statistics
        {
            get { return _engine.Statistics; }
        }

        /// <summary>The client's packets.</summary>
        public PacketPool Pool
        {
            get { return _engine.Pool; }
        }

        /// <summary>
        /// Connects. When <paramref name="timeout"/> is over the wait ends, not the handshake: a further call carries on.
        /// With 0 it does not wait at all. A handshake that failed is reported once; the call after that begins a new one.
        /// </summary>
        /// <returns>True when connected, false when the handshake is still under way.</returns>
        /// <exception cref="ArgumentException">The peer, or an option; the message names it.</exception>
        /// <exception cref="DtlsException">
        /// The handshake failed (the error says why); AlreadyConnected; SocketError: the socket cannot be had, or the time was over and
        /// nothing could be sent, and then what the socket said is the inner exception.
        /// </exception>
        public bool Connect(IPEndPoint peer, int timeout)
        {
            UdpAddress.CheckPeer(peer);
            CheckTimeout(timeout);
            long start = Platform.Now;
            lock (_lock)
            {
                CheckNotDisposed();
                AssociationState state = _association.State;
                if (HasConnectedAndEnded)
                {
                    _owesOutcome = false;
                    return true;
                }

                if (state == AssociationState.Closed && _owesOutcome)
                {
                    throw Failed();
                }

                if (state == AssociationState.Idle || state == AssociationState.Closed)
                {
                    Begin(peer, start);
                    if (timeout == 0)
                    {
                        return false;
                    }
                }
                else if (!IsPeer(peer) || state == AssociationState.Closing || (state == AssociationState.Connected && !_owesOutcome && timeout != 0))
                {
                    throw new DtlsException(DtlsError.AlreadyConnected, "The client is connected, connecting or closing.");
                }
            }

            long wait = timeout;
            while (true)
            {
                lock (_lock)
                {
                    CheckNotDisposed();
                    AssociationState state = _association.State;
                    if (state == AssociationState.Connected || HasConnectedAndEnded)
                    {
                        _owesOutcome = false;
                        return true;
                    }

                    if (state != AssociationState.Connecting)
                    {
                        throw Failed();
                    }

                    if (timeout >= 0)
                    {
                        wait = Deadline.After(start, timeout) - Platform.Now;
                        if (wait <= 0)
                        {
                            return false;
                        }
                    }

                    if (IsOwnThread)
                    {
                        return false;
                    }
                }

                _settled.WaitOne((int)wait, false);
            }
        }

        /// <summary>
        /// As <see cref="Connect(IPEndPoint, int)"/>, to a host by its name or its address in text. The system is asked for the
        /// name's address whenever a handshake begins, which may wait longer than <paramref name="timeout"/>; of several
        /// addresses the first of IPv4 is taken, or of the kind of IP that a socket of the application's has. What a certificate
        /// is compared with is <see cref="EndpointOptions.ServerName"/>, whatever name is given here.
        /// </summary>
        /// <returns>True when connected, false when the handshake is still under way.</returns>
        /// <exception cref="ArgumentException">An argument, or an option; the message names it.</exception>
        /// <exception cref="DtlsException">As there; SocketError, too, where the name has no address.</exception>
        public bool Connect(string host, int port, int timeout)
        {
            if (host == null)
            {
                throw new ArgumentNullException("host");
            }

            if (host.Length == 0)
            {
                throw new ArgumentException("A host has a name, or an address.", "host");
            }

            if (port < 1 || port > 65535)
            {
                throw new ArgumentOutOfRangeException("port", "A peer's port is 1 to 65535, not " + port.ToString() + ".");
            }

            CheckTimeout(timeout);
            long start = Platform.Now;
            IPEndPoint peer = null;
            bool prefersIpv6;
            bool mustPrefer;
            lock (_lock)
            {
                CheckNotDisposed();
                prefersIpv6 = !_ownsSocket && _port.IsIpv6;
                mustPrefer = !_ownsSocket && !_port.IsIpv6;
                if (_host == host && _remote.Port == port && (_owesOutcome || _association.State != AssociationState.Closed))
                {
                    peer = _remote;
                }
            }

            if (peer == null)
            {
                peer = new IPEndPoint(HostName.Resolve(host, prefersIpv6, mustPrefer), port);
                if (timeout > 0)
                {
                    long left = Deadline.After(start, timeout) - Platform.Now;
                    timeout = left > 0 ? (int)left : 0;
                }
            }

            try
            {
                return Connect(peer, timeout);
            }
            finally
            {
                // So that the next call carries on with the same address.
                lock (_lock)
                {
                    if (_remote == peer)
                    {
                        _host = host;
                    }
                }
            }
        }

        /// <summary>
        /// The server closed the connection before Connect could tell of it. It was one all the same: Receive delivers what
        /// came, and then says that it has ended.
        /// </summary>
        private bool HasConnectedAndEnded
        {
            get { return _owesOutcome && _association.State == AssociationState.Closed && _association.Suite != null; }
        }

        private static void CheckTimeout(int timeout)
        {
            if (timeout < -1)
            {
                throw new ArgumentOutOfRangeException("timeout", "A time is -1 (for ever) or more milliseconds, not " + timeout.ToString() + ".");
            }
        }

        private void CheckNotDisposed()
        {
            if (_isDisposed)
            {
                throw new ObjectDisposedException("DtlsClient");
            }
        }

        private void CheckOpen()
        {
            AssociationState state = _association.State;
            if (state == AssociationState.Connected)
            {
                return;
            }

            if (state == AssociationState.Idle || state == AssociationState.Connecting)
            {
                throw new DtlsException(DtlsError.NotConnected, "The client is not connected.");
            }

            throw new DtlsException(DtlsError.SessionClosed, _association.AlertSent, _association.AlertReceived, "The connection is closed.");
        }

        private DtlsException Failed()
        {
            _owesOutcome = false;
            DtlsError error = _association.LastError;
            if (error == DtlsError.None)
            {
                error = DtlsError.Stopped;
            }

            if (IsUnsent)
            {
                Exception cause = _port.Failure;
                SocketException exception = cause as SocketException;
                string reason = exception == null ? cause.Message : Platform.Reason(exception);
                return new DtlsException(DtlsError.SocketError, "The handshake failed, as datagrams cannot be sent or received: " + reason, cause);
            }

            return DtlsException.Because("The handshake failed", error, _association.AlertSent, _association.AlertReceived);
        }

        /// <summary>Whether the peer's silence has a cause at this end: the port fails.</summary>
        private bool IsUnsent
        {
            get { return _association.LastError == DtlsError.Timeout && _port != null && _port.Failure != null; }
        }

        private void Begin(IPEndPoint peer, long now)
        {
            SuiteCheck.CheckHandler(_engine.Options, PskWanted != null);
            Bind(peer);
            _request = null;
            if (_association.State == AssociationState.Closed)
            {
                _engine.Reset();
            }

            _engine.Connect(now);
            bool hasBegun = false;
            try
            {
                Flush(now);
                if (!_thread.IsRunning)
                {
                    _thread.Start(Run);
                }

                hasBegun = true;
            }
            finally
            {
                // Without its thread a handshake would never end.
                if (!hasBegun)
                {
                    _engine.Reset();
                }

                _owesOutcome = hasBegun;
                Refresh();
            }
        }

        // A port that reaches the peer.
        private void Bind(IPEndPoint peer)
        {
            bool isIpv6 = peer.Address.AddressFamily == AddressFamily.InterNetworkV6;
            if (_ownsSocket)
            {
                if (_port != null && _port.IsIpv6 != isIpv6)
                {
                    _port.Retire();
                    _port = null;
                }

                if (_port == null)
                {
                    _port = UdpPort.BindAny(isIpv6, _requestedPort, _receiveSize);
                }
            }
            else if (!CanReach(peer))
            {
                throw new ArgumentException("The socket is of IPv4 and the address is not.", "peer");
            }

            RetireLeft();
            SetPeer(peer);
        }
    }
}
