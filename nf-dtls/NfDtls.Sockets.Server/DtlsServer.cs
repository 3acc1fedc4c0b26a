using System;
using System.Net;
using System.Net.Sockets;
using System.Threading;
using NfDtls.Server;

namespace NfDtls.Sockets
{
    /// <summary>
    /// A DTLS server with many sessions on one UDP port. One background thread receives and calls the handlers, never while
    /// it holds a lock: every method, also <see cref="Stop"/> and <see cref="Dispose"/>, may be called inside of them.
    /// A handler that takes long holds up all sessions. Safe from any thread.
    /// </summary>
    public sealed class DtlsServer : IDisposable
    {
        private const int CloseTimeout = 3000;
        private const int StopTimeout = 5000;

        private readonly object _lock = new object();
        private readonly DtlsServerEngine _engine;
        private readonly int _receiveSize;
        private readonly int _maxSessions;
        private readonly int _maxHandshakes;
        private readonly byte[] _address = new byte[UdpAddress.MaxLength];
        private ServerRun _run;
        private int _refused;
        private bool _isDisposed;

        /// <summary>Makes a server; everything is allocated here.</summary>
        /// <exception cref="ArgumentException">An option is out of its range.</exception>
        public DtlsServer(DtlsOptions options)
        {
            _engine = new DtlsServerEngine(options);
            _receiveSize = options.EffectiveReceiveSize;
            _maxSessions = options.MaxSessions;
            _maxHandshakes = options.MaxHandshakes;
        }

        /// <summary>A session is connected.</summary>
        public event SessionHandler Connected;

        /// <summary>A session has something to receive. Called again as long as the handler takes something and something is left.</summary>
        public event DataHandler DataReceived;

        /// <summary>A session has ended; once for each that <see cref="Connected"/> was called for.</summary>
        public event DisconnectedHandler Disconnected;

        /// <summary>Something went wrong apart from any session.</summary>
        public event ErrorHandler Error;

        /// <summary>
        /// Asks for the key of an identity (with <see cref="DtlsOptions.AskForPsk"/>). Without a handler, or where it throws,
        /// the request is refused.
        /// </summary>
        public event PskWantedHandler PskWanted;

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

        /// <summary>Starts on a port of every IPv4 address; 0 is any port.</summary>
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
        /// <exception cref="DtlsException">AlreadyStarted, or SocketError: the address cannot be had.</exception>
        public void Start(IPEndPoint local)
        {
            if (local == null)
            {
                throw new ArgumentNullException("local");
            }

            lock (_lock)
            {
                if (_isDisposed)
                {
                    throw new ObjectDisposedException("DtlsServer");
                }

                if (_run != null)
                {
                    throw new DtlsException(DtlsError.AlreadyStarted, "The server runs already.");
                }

                ServerRun run = new ServerRun(this, UdpPort.Bind(local, _receiveSize), _maxHandshakes);
                _run = run;
                _refused = _engine.Statistics.NoFreeSession;
                Platform.StartThread(run.Run);
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

        /// <summary>The session at an index, 0 to <see cref="DtlsOptions.MaxSessions"/> - 1; null where none is.</summary>
        public DtlsSession At(int index)
        {
            lock (_lock)
            {
                return SessionOf(_engine.At(index));
            }
        }

        /// <summary>The session of a client's address, or null.</summary>
        public DtlsSession Find(IPEndPoint client)
        {
            UdpAddress.CheckPeer(client);
            lock (_lock)
            {
                if (_run == null)
                {
                    return null;
                }

                int length = UdpAddress.WriteFor(client, _run.Port.IsIpv6, _address);
                return SessionOf(_engine.Find(_address, length));
            }
        }

        /// <summary>Under the lock: whether the caller is a handler.</summary>
        internal bool IsOwnThread
        {
            get { return _run != null && _run.ThreadId == Thread.CurrentThread.ManagedThreadId; }
        }

        /// <summary>Under the lock.</summary>
        internal void Send(Association association, byte[] data, int offset, int count)
        {
            long now = Platform.Now;
            try
            {
                association.Send(data, offset, count, now);
            }
            finally
            {
                Flush(_run, now);
            }
        }

        /// <summary>Under the lock.</summary>
        internal void Close(Association association)
        {
            long now = Platform.Now;
            association.Close(CloseTimeout, now);
            Flush(_run, now);
        }

        /// <summary>The background thread.</summary>
        internal void Run(ServerRun run)
        {
            int length = -1;
            while (true)
            {
                Exception failure = null;
                int refused = 0;
                lock (_lock)
                {
                    run.ThreadId = Thread.CurrentThread.ManagedThreadId;
                    run.Port.Leave();
                    if (run.HasEnded)
                    {
                        break;
                    }

                    try
                    {
                        Work(run, length);
                    }
                    catch (Exception e)
                    {
                        failure = e;
                    }

                    refused = _engine.Statistics.NoFreeSession - _refused;
                    _refused += refused;
                }

                if (failure != null)
                {
                    RaiseError(DtlsError.InternalError, failure);
                    Thread.Sleep(UdpPort.AskingWait);
                }

                failure = run.Port.TakeFault();
                if (failure != null)
                {
                    RaiseError(DtlsError.SocketError, failure);
                }

                if (refused != 0)
                {
                    RaiseError(DtlsError.NoFreeSession, null);
                }

                while (HandleEvent(run))
                {
                }

                int wait;
                lock (_lock)
                {
                    if (run.HasEnded)
                    {
                        break;
                    }

                    wait = NextWait(run);
                    run.Port.Enter();
                }

                length = run.Port.Receive(wait);
            }

            RaiseStopped(run);
            run.Finished.Set();
        }

        private void Work(ServerRun run, int length)
        {
            long now = Platform.Now;
            try
            {
                if (length >= 0)
                {
                    if (run.Port.IsTruncated(length))
                    {
                        _engine.Statistics.Drop(DropReason.Truncated);
                    }
                    else
                    {
                        _engine.HandleDatagram(run.Port.Buffer, 0, length, run.Port.Sender, run.Port.SenderLength, now);
                    }
                }

                if (_engine.NextDeadline <= now)
                {
                    _engine.HandleTimeout(now);
                }
            }
            finally
            {
                Flush(run, now);
            }
        }

        private int NextWait(ServerRun run)
        {
            long now = Platform.Now;
            int wait = run.IsAsking() ? UdpPort.AskingWait : UdpPort.LongestWait;
            long next = _engine.NextDeadline;
            if (next <= now)
            {
                return 0;
            }

            return next - now < wait ? (int)(next - now) : wait;
        }

        private void Flush(ServerRun run, long now)
        {
            Packet packet = _engine.PollDatagram(now);
            while (packet != null)
            {
                if (run == null)
                {
                    packet.Return();
                }
                else
                {
                    run.Port.Send(packet, packet.Address);
                }

                packet = _engine.PollDatagram(now);
            }
        }

        // Takes one association's events under the lock and tells of them outside of it; false when there are none.
        private bool HandleEvent(ServerRun run)
        {
            int events;
            DtlsSession session;
            PskRequest request = null;
            DtlsError reason = DtlsError.None;
            bool isNew = false;
            lock (_lock)
            {
                if (run.HasEnded)
                {
                    return false;
                }

                Association association = _engine.PollEvent(out events);
                if (association == null)
                {
                    return false;
                }

                if ((events & AssociationEvents.PskWanted) != 0)
                {
                    request = association.PskRequest;
                    if (request != null)
                    {
                        run.Keep(request);
                    }
                }

                session = (DtlsSession)association.Tag;
                if ((events & AssociationEvents.Connected) != 0 && (session == null || !session.IsAnnounced))
                {
                    session = session == null ? MakeSession(association) : session;
                    session.IsAnnounced = true;
                    isNew = true;
                }

                if ((events & AssociationEvents.Closed) != 0)
                {
                    reason = association.LastError;
                    if (session != null)
                    {
                        session.Detach(reason);
                    }

                    association.Tag = null;
                    _engine.Release(association);
                }
                else if (session != null)
                {
                    session.Signal();
                }
            }

            if (request != null)
            {
                Ask(request);
            }

            if (isNew)
            {
                RaiseConnected(session);
            }

            if (session != null)
            {
                RaiseData(run, session);
            }

            if ((events & AssociationEvents.Closed) != 0)
            {
                if (session != null)
                {
                    RaiseDisconnected(session, reason);
                }
                else
                {
                    RaiseError(reason, null);
                }
            }

            return true;
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
            for (int i = 0; i < _maxSessions; i++)
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
            for (int i = 0; i < _maxSessions; i++)
            {
                Association association = _engine.At(i);
                if (association == null)
                {
                    continue;
                }

                DtlsSession session = (DtlsSession)association.Tag;
                if (session != null)
                {
                    // One that had ended by itself, and was not told of yet, keeps its reason.
                    session.Detach(association.State == AssociationState.Closed ? association.LastError : DtlsError.Stopped);
                    association.Tag = null;
                    if (session.IsAnnounced)
                    {
                        stopped[count] = session;
                        count++;
                    }
                }

                if (association.State == AssociationState.Connected)
                {
                    association.Close(0, now);
                    Flush(run, now);
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

        private void RaiseStopped(ServerRun run)
        {
            DtlsSession[] stopped;
            lock (_lock)
            {
                stopped = run.Stopped;
                run.Stopped = null;
            }

            if (stopped != null)
            {
                for (int i = 0; i < stopped.Length; i++)
                {
                    RaiseDisconnected(stopped[i], stopped[i].LastError);
                }
            }
        }

        private void RaiseConnected(DtlsSession session)
        {
            SessionHandler handler = Connected;
            if (handler == null)
            {
                return;
            }

            try
            {
                handler(session);
            }
            catch (Exception e)
            {
                RaiseError(DtlsError.InternalError, e);
            }
        }

        private void RaiseData(ServerRun run, DtlsSession session)
        {
            DataHandler handler = DataReceived;
            if (handler == null)
            {
                return;
            }

            int before = int.MaxValue;
            while (true)
            {
                lock (_lock)
                {
                    int pending = session.Pending;
                    if (pending == 0 || pending >= before || run.HasEnded)
                    {
                        return;
                    }

                    before = pending;
                }

                try
                {
                    handler(session);
                }
                catch (Exception e)
                {
                    RaiseError(DtlsError.InternalError, e);
                }
            }
        }

        private void RaiseDisconnected(DtlsSession session, DtlsError reason)
        {
            DisconnectedHandler handler = Disconnected;
            if (handler == null)
            {
                return;
            }

            try
            {
                handler(session, reason);
            }
            catch (Exception e)
            {
                RaiseError(DtlsError.InternalError, e);
            }
        }

        private void RaiseError(DtlsError error, Exception exception)
        {
            ErrorHandler handler = Error;
            if (handler == null)
            {
                return;
            }

            try
            {
                handler(error, exception);
            }
            catch (Exception)
            {
                // There is nobody left to tell.
            }
        }

        private void Ask(PskRequest request)
        {
            PskWantedHandler handler = PskWanted;
            if (handler == null)
            {
                request.Refuse();
                return;
            }

            try
            {
                handler(request);
            }
            catch (Exception e)
            {
                request.Refuse();
                RaiseError(DtlsError.InternalError, e);
            }
        }
    }
}
