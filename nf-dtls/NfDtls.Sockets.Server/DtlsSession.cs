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
        private readonly IPEndPoint _remote;
        private readonly CipherSuite _suite;
        private readonly byte[] _pskIdentity;
        private readonly int _localPort;

        // Null from the end of the session on: the server has given it to another then.
        private Association _association;
        private DtlsError _lastError;
        private byte[][] _left;
        private int _leftNext;
        private ManualResetEvent _readable;

        // Whether Connected was called for it, or is about to be.
        internal bool IsAnnounced;

        internal DtlsSession(DtlsServer server, object serverLock, Association association, int localPort)
        {
            _server = server;
            _lock = serverLock;
            _association = association;
            _remote = UdpAddress.Read(association.PeerAddress);
            _suite = association.Suite;
            _pskIdentity = association.PskIdentity;
            _localPort = localPort;
        }

        /// <summary>The client's address.</summary>
        public IPEndPoint RemoteEndPoint
        {
            get { return _remote; }
        }

        /// <summary>The server's port.</summary>
        public int LocalPort
        {
            get { return _localPort; }
        }

        /// <summary>The suite agreed upon.</summary>
        public CipherSuite Suite
        {
            get { return _suite; }
        }

        /// <summary>The identity that the client authenticated with, or null.</summary>
        public byte[] PskIdentity
        {
            get { return _pskIdentity; }
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

        /// <summary>The application's own.</summary>
        public object Tag { get; set; }

        /// <summary>Tells the client that the session ends. Does not wait: Disconnected follows the client's answer, or its lack.</summary>
        public void Close()
        {
            lock (_lock)
            {
                if (_association != null)
                {
                    _server.Close(_association);
                    Signal();
                }
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

            _lastError = reason;
            _association = null;
            Signal();
        }

        private DtlsException Ended()
        {
            bool isClosed = _lastError == DtlsError.None || _lastError == DtlsError.CloseFail;
            return new DtlsException(isClosed ? DtlsError.SessionClosed : _lastError, "The session has ended.");
        }
    }
}
