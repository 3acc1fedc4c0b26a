using System;
using System.Net;
using System.Threading;

namespace NfDtls.Sockets
{
    /// <summary>One client of a <see cref="DtlsServer"/>. Safe from any thread. It stays readable after its end.</summary>
    public sealed class DtlsSession
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

        /// <summary>Sends one record.</summary>
        /// <exception cref="ArgumentException">It is longer than <see cref="MaxPayload"/>.</exception>
        /// <exception cref="DtlsException">SessionClosed (or what else ended the session), or PoolExhausted.</exception>
        public void Send(byte[] data)
        {
            if (data == null)
            {
                throw new ArgumentNullException("data");
            }

            Send(data, 0, data.Length);
        }

        /// <summary>Sends one record.</summary>
        /// <exception cref="ArgumentException">It is longer than <see cref="MaxPayload"/>, or the range is not in the array.</exception>
        /// <exception cref="DtlsException">SessionClosed (or what else ended the session), or PoolExhausted.</exception>
        public void Send(byte[] data, int offset, int count)
        {
            lock (_lock)
            {
                if (_association == null)
                {
                    throw Ended();
                }

                _server.Send(_association, data, offset, count);
            }
        }

        /// <summary>
        /// Receives one record. What had arrived before the session ended is still delivered. Inside a notification it never
        /// waits.
        /// </summary>
        /// <param name="buffer">Where the record goes.</param>
        /// <param name="offset">Where there.</param>
        /// <param name="timeout">Milliseconds to wait, 0 not at all, -1 for ever.</param>
        /// <returns>Its length (0 is an empty record), or -1 when the time is over.</returns>
        /// <exception cref="DtlsException">
        /// MessageTooLarge: the buffer is smaller than the record, which is kept. SessionClosed, or what else ended the session.
        /// </exception>
        public int Receive(byte[] buffer, int offset, int timeout)
        {
            if (buffer == null)
            {
                throw new ArgumentNullException("buffer");
            }

            if (offset < 0 || offset > buffer.Length)
            {
                throw new ArgumentOutOfRangeException("offset");
            }

            if (timeout < -1)
            {
                throw new ArgumentOutOfRangeException("timeout", "A time is -1 (for ever) or more milliseconds, not " + timeout.ToString() + ".");
            }

            long start = Platform.Now;
            long wait = timeout;
            while (true)
            {
                lock (_lock)
                {
                    int length = Take(buffer, offset);
                    if (length >= 0)
                    {
                        return length;
                    }

                    if (timeout >= 0)
                    {
                        wait = start + timeout - Platform.Now;
                        if (wait <= 0)
                        {
                            return -1;
                        }
                    }

                    if (_server.IsOwnThread)
                    {
                        return -1;
                    }

                    // Set again by data or the end; both come under the lock.
                    if (_readable == null)
                    {
                        _readable = new ManualResetEvent(false);
                    }
                    else
                    {
                        _readable.Reset();
                    }
                }

                _readable.WaitOne((int)wait, false);
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
                    Signal();
                }
            }
        }

        /// <summary>Records that wait to be received. Under the lock.</summary>
        internal int Pending
        {
            get
            {
                if (_association != null)
                {
                    return _association.Pending;
                }

                return _left == null ? 0 : _left.Length - _leftNext;
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

        private int Take(byte[] buffer, int offset)
        {
            if (_association != null)
            {
                if (_association.Pending == 0 && _association.State == AssociationState.Closing)
                {
                    throw new DtlsException(DtlsError.SessionClosed, "The session is closing.");
                }

                return _association.Receive(buffer, offset);
            }

            if (Pending == 0)
            {
                throw Ended();
            }

            byte[] record = _left[_leftNext];
            if (record.Length > buffer.Length - offset)
            {
                throw new DtlsException(DtlsError.MessageTooLarge, "The record has " + record.Length.ToString() + " bytes, the buffer has room for " + (buffer.Length - offset).ToString() + ".");
            }

            Array.Copy(record, 0, buffer, offset, record.Length);
            Array.Clear(record, 0, record.Length);
            _left[_leftNext] = null;
            _leftNext++;
            return record.Length;
        }

        private DtlsException Ended()
        {
            bool isClosed = _lastError == DtlsError.None || _lastError == DtlsError.CloseFail;
            return new DtlsException(isClosed ? DtlsError.SessionClosed : _lastError, "The session has ended.");
        }
    }
}
