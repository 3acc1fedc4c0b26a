using System;
using System.Net;
using NfDtls.Server;

namespace NfDtls.Sockets
{
    /// <summary>
    /// A DTLS server with many sessions on one UDP port. One background thread receives and calls the handlers, never while
    /// it holds a lock: every method, also <see cref="Stop"/> and <see cref="Dispose"/>, may be called inside of them.
    /// A handler that takes long holds up all sessions. Safe from any thread.
    /// </summary>
    public sealed partial class DtlsServer : IDisposable
    {
        /// <summary>Milliseconds that a client has to answer close_notify. Tests wait as long as a slow machine takes.</summary>
        internal int CloseTimeout = 3000;
        /// <summary>Milliseconds that Stop waits for handlers.</summary>
        internal int StopTimeout = 5000;

        private readonly object _lock = new object();
        private readonly DtlsServerEngine _engine;
        private readonly int _receiveSize;
        private readonly int _maxSessions;
        private readonly int _places;
        private readonly int _maxHandshakes;
        private readonly byte[] _address = new byte[UdpAddress.MaxLength];
        private readonly byte[] _sentTo = new byte[Packet.MaxAddressLength];
        private ServerRun _run;
        private int _refused;
        private bool _isDisposed;

        /// <summary>Makes a server; everything is allocated here.</summary>
        /// <exception cref="ArgumentException">An option is out of its range.</exception>
        public DtlsServer(DtlsOptions options)
        {
            _engine = new DtlsServerEngine(options);
            _receiveSize = options.DatagramSize;
            _maxSessions = options.MaxSessions;
            _places = _engine.Places;
            _maxHandshakes = options.MaxHandshakes;
        }

        /// <summary>
        /// A client whose address is proven wants to connect, and the server waits for the application's answer. Called if there
        /// is a handler when the server starts, or if <see cref="EndpointOptions.AskToConnect"/> is set; without a handler such clients are accepted, and where the handler throws, refused.
        /// </summary>
        public event ConnectingHandler? ClientConnecting;

        /// <summary>A session is connected.</summary>
        public event SessionHandler? Connected;

        /// <summary>A session has something to receive. Called again as long as the handler takes something and something is left.</summary>
        public event DataHandler? DataReceived;

        /// <summary>
        /// A session's client goes on from another address, which is the session's from here on: with connection IDs
        /// (ConnectionIdFeature of NfDtls.Extensions), and after it has answered there where return routability was agreed on. Of
        /// several changes in a short time the last is told.
        /// </summary>
        public event MovedHandler? PeerMoved;

        /// <summary>
        /// Records of a session came from another address, and the session stays where it was: its client did not answer there, or
        /// says that it has not left (ReturnRoutability of NfDtls.Extensions). Somebody may be copying datagrams.
        /// </summary>
        public event SessionHandler? PathFailed;

        /// <summary>
        /// Tells of a session with new keys, whoever began (Renegotiation of NfDtls.Extensions); where the options let a client be
        /// another then, its identity is to be looked at again. Runs on the server's thread.
        /// </summary>
        public event SessionHandler? Renegotiated;

        /// <summary>A session has ended; once for each that <see cref="Connected"/> was called for.</summary>
        public event DisconnectedHandler? Disconnected;

        /// <summary>
        /// A client's handshake failed, and why: the session, for which Connected was never called, tells its address and the alerts
        /// of both ends. Error is called, too.
        /// </summary>
        public event DisconnectedHandler? HandshakeFailed;

        /// <summary>
        /// Something went wrong: a handshake failed, a handler or something plugged in threw (InternalError), the socket failed
        /// (SocketError), or clients were turned away (NoFreeSession). Where it is a session's, or a handshake's, the session is told.
        /// </summary>
        public event SessionErrorHandler? Error;

        /// <summary>
        /// Asks for the key of an identity (with <see cref="EndpointOptions.AskForPsk"/>). Without a handler, or where it throws,
        /// the request is refused.
        /// </summary>
        public event PskWantedHandler? PskWanted;

        /// <summary>The port, 0 while the server does not run.</summary>
        public int LocalPort
        {
            get
            {
                lock (_lock)
                {
                    return _run == null ? 0 : _run.Port.LocalPort;
                }
            }
        }

        /// <summary>Whether the server runs.</summary>
        public bool IsRunning
        {
            get
            {
                lock (_lock)
                {
                    return _run != null;
                }
            }
        }

        /// <summary>The server's counters.</summary>
        public DtlsStatistics Statistics
        {
            get { return _engine.Statistics; }
        }

        /// <summary>The server's packets.</summary>
        public PacketPool Pool
        {
            get { return _engine.Pool; }
        }

        /// <summary>Sessions that exist now.</summary>
        public int SessionCount
        {
            get
            {
                lock (_lock)
                {
                    return _engine.SessionCount;
                }
            }
        }

        /// <summary>
        /// Starts on a port of every IPv4 address; 0 is any port. On .NET an answer comes from the address that was asked (the first 124 that are); on
        /// nanoFramework, which cannot choose, from the one that the board prefers on the way to the client: where that is
        /// another, clients drop it, so start one server for each address there, by <see cref="Start(IPEndPoint)"/>.
        /// </summary>
        /// <exception cref="ArgumentException">With these options no handshake could succeed, or a handler be called; the message names the option.</exception>
        /// <exception cref="DtlsException">AlreadyStarted, or SocketError: the port cannot be had.</exception>
        public void Start(int port)
        {
            if (port < 0 || port > 65535)
            {
                throw new ArgumentOutOfRangeException("port", "A port is 0 (any) to 65535, not " + port.ToString() + ".");
            }

            Start(new IPEndPoint(IPAddress.Any, port));
        }

        /// <summary>Starts on an address.</summary>
        /// <exception cref="ArgumentException">With these options no handshake could succeed, or a handler be called; the message names the option.</exception>
        /// <exception cref="DtlsException">AlreadyStarted, or SocketError: the address cannot be had.</exception>
        public void Start(IPEndPoint local)
        {
            if (local == null)
            {
                throw new ArgumentNullException("local");
            }

            lock (_lock)
            {
                CheckMayStart();
                Begin(UdpPort.Listen(local, _receiveSize));
            }
        }

        /// <summary>Starts on a port of the application's in place of a socket, which stays open when the server stops.</summary>
        /// <exception cref="ArgumentException">With these options no handshake could succeed, or a handler be called; the message names the option.</exception>
        /// <exception cref="DtlsException">AlreadyStarted.</exception>
        public void Start(DatagramPort port)
        {
            if (port == null)
            {
                throw new ArgumentNullException("port");
            }

            lock (_lock)
            {
                CheckMayStart();
                Begin(new UdpPort(port, false, _receiveSize, UdpPort.ServersPause));
            }
        }

        /// <summary>
        /// Tells every client, ends every session, and gives the port back; Disconnected(Stopped) follows for each session.
        /// Waits for handlers that are running, though not for ever, and not inside a handler. Does nothing where the server
        /// does not run.
        /// </summary>
        public void Stop()
        {
            ServerRun run;
            bool isOwnThread;
            lock (_lock)
            {
                run = _run;
                if (run == null)
                {
                    return;
                }

                isOwnThread = IsOwnThread;
                End(run);
            }

            if (isOwnThread)
            {
                RaiseStopped(run);
                return;
            }

            run.Port.WaitClosed();
            run.Finished.WaitOne(StopTimeout, false);
        }

        /// <summary>Stops for good. May be called twice, and from anywhere.</summary>
        public void Dispose()
        {
            lock (_lock)
            {
                _isDisposed = true;
            }

            Stop();
        }

        /// <summary>
        /// Closes every session, as <see cref="DtlsSession.Close"/> does, and ends handshakes; the server goes on. Does not wait.
        /// </summary>
        public void CloseAll()
        {
            lock (_lock)
            {
                for (int i = 0; i < _places; i++)
                {
                    Association association = _engine.At(i);
                    if (association != null)
                    {
                        Close(association);
                    }
                }
            }
        }

        /// <summary>How many sessions there can be.</summary>
        public int MaxSessions
        {
            get { return _maxSessions; }
        }

        /// <summary>
        /// How many places there are for sessions and for handshakes that may become one: <see cref="At"/> takes 0 to this - 1, which
        /// goes through all sessions without allocating.
        /// </summary>
        public int Places
        {
            get { return _places; }
        }

        /// <summary>The session at an index, 0 to <see cref="Places"/> - 1; null where none is.</summary>
        public DtlsSession? At(int index)
        {
            lock (_lock)
            {
                return SessionOf(_engine.At(index));
            }
        }

        /// <summary>The session of a client's address, or null.</summary>
        public DtlsSession? Find(IPEndPoint client)
        {
            UdpAddress.CheckPeer(client);
            lock (_lock)
            {
                if (_run == null)
                {
                    return null;
                }

                int length = UdpAddress.WriteFor(client, _run.Port.IsIpv6, _address);
                Association association = _engine.Find(_address, length);
                for (int i = 1; association == null && i <= _run.Port.Locals; i++)
                {
                    UdpAddress.SetLocal(_address, i);
                    association = _engine.Find(_address, length);
                }

                return SessionOf(association);
            }
        }

        /// <summary>Under the lock: whether the caller is a handler.</summary>
        internal bool IsOwnThread
        {
            get { return _run != null && _run.Thread.IsCurrent; }
        }

        /// <summary>Under the lock.</summary>
        internal void Send(Association association, byte[] data, int offset, int count)
        {
            long now = Platform.Now;
            int lost = 0;
            try
            {
                association.Send(data, offset, count, now);
            }
            finally
            {
                lost = Flush(_run, now);
                if ((association.Events & AssociationEvents.PromiseWanted) != 0)
                {
                    Wake();
                }
            }

            UdpPort.CheckLost(lost, association.MaxPayload);
        }

        /// <summary>Under the lock.</summary>
        internal void Send(Association association, Packet packet)
        {
            long now = Platform.Now;
            int lost = 0;
            try
            {
                association.Send(packet, now);
            }
            finally
            {
                lost = Flush(_run, now);
                if ((association.Events & AssociationEvents.PromiseWanted) != 0)
                {
                    Wake();
                }
            }

            UdpPort.CheckLost(lost, association.MaxPayload);
        }

        /// <summary>Under the lock.</summary>
        internal void Renegotiate(Association association)
        {
            long now = Platform.Now;
            try
            {
                _engine.Renegotiate(association, now);
            }
            finally
            {
                Flush(_run, now);
            }
        }

        internal static void CheckTimeout(int timeout)
        {
            if (timeout < -1)
            {
                throw new ArgumentOutOfRangeException("timeout", "A time is -1 (for ever) or more milliseconds, not " + timeout.ToString() + ".");
            }
        }

        /// <summary>Under the lock.</summary>
        internal void Close(Association association)
        {
            long now = Platform.Now;
            association.Close(CloseTimeout, now);
            Flush(_run, now);
            if (association.Tag != null)
            {
                ((DtlsSession)association.Tag).Signal();
            }
        }

        /// <summary>Under the lock: answers whether a client is taken, if the question is open, and goes on with its handshake.</summary>
        internal void Answer(Association association, DtlsError refusal, PskStore keys, byte[] hint)
        {
            ConnectRequest request = association.ConnectRequest;
            if (request == null)
            {
                return;
            }

            if (refusal == DtlsError.UnrecognizedName)
            {
                request.RefuseName();
            }
            else if (refusal != DtlsError.None)
            {
                request.Refuse();
            }
            else if (keys == null)
            {
                request.Accept();
            }
            else
            {
                request.Accept(keys, hint);
            }

            // A handler's answer is seen when it returns; another thread's would lie until the server's thread wakes.
            if (_run == null || IsOwnThread)
            {
                return;
            }

            long now = Platform.Now;
            try
            {
                if (_engine.NextDeadline <= now)
                {
                    _engine.HandleTimeout(now);
                }
            }
            catch (Exception e)
            {
                _run.Failure = e;
            }
            finally
            {
                Flush(_run, now);
            }
        }

        private void CheckMayStart()
        {
            if (_isDisposed)
            {
                throw new ObjectDisposedException("DtlsServer");
            }

            if (_run != null)
            {
                throw new DtlsException(DtlsError.AlreadyStarted, "The server runs already.");
            }

            SuiteCheck.CheckHandler(_engine.Options, PskWanted != null);
            _engine.CheckUsable();
        }

        private void Begin(UdpPort port)
        {
            _engine.AsksToConnect = _engine.Options.AskToConnect || ClientConnecting != null;
            ServerRun run = new ServerRun(this, port, _maxHandshakes);
            _run = run;
            _refused = _engine.Statistics.NoFreeSession;
            bool hasBegun = false;
            try
            {
                run.Thread.Start(run.Run);
                hasBegun = true;
            }
            finally
            {
                if (!hasBegun)
                {
                    _run = null;
                    port.Retire();
                }
            }
        }

        private DtlsSession SessionOf(Association association)
        {
            if (association == null)
            {
                return null;
            }

            if (association.Tag == null && association.State == AssociationState.Connected)
            {
                return MakeSession(association);
            }

            return (DtlsSession)association.Tag;
        }

        private DtlsSession MakeSession(Association association)
        {
            DtlsSession session = new DtlsSession(this, _lock, association, _run.Port.LocalPort);
            association.Tag = session;
            return session;
        }

        // Under the lock: everything that Stop does but the notifications.
        private void End(ServerRun run)
        {
            long now = Platform.Now;
            int count = 0;
            for (int i = 0; i < _places; i++)
            {
                Association association = _engine.At(i);
                DtlsSession session = association == null ? null : (DtlsSession)association.Tag;
                if (session != null && session.IsAnnounced)
                {
                    count++;
                }
            }

            DtlsSession[] stopped = new DtlsSession[count];
            count = 0;
            for (int i = 0; i < _places; i++)
            {
                Association association = _engine.At(i);
                if (association == null)
                {
                    continue;
                }

                // One that had ended by itself, and was not told of yet, keeps its reason.
                DtlsError reason = association.State == AssociationState.Closed ? association.LastError : DtlsError.Stopped;
                if (association.State == AssociationState.Connected)
                {
                    association.Close(0, now);
                    Flush(run, now);
                }

                DtlsSession session = (DtlsSession)association.Tag;
                if (session != null)
                {
                    session.Detach(reason);
                    association.Tag = null;
                    if (session.IsAnnounced)
                    {
                        stopped[count] = session;
                        count++;
                    }
                }
            }

            _engine.Reset();
            int events;
            while (_engine.PollEvent(out events) != null)
            {
                // They ended with the run; there is nobody to tell.
            }

            run.Stopped = stopped;
            run.HasEnded = true;
            run.Port.Retire();
            _run = null;
        }
    }
}
