using System;
using System.Runtime.CompilerServices;
using System.Threading;

namespace NfDtls.Sockets
{
    /// <summary>The session's data: sending and receiving.</summary>
    public sealed partial class DtlsSession
    {
        /// <summary>Sends one record.</summary>
        /// <exception cref="ArgumentException">It is longer than <see cref="MaxPayload"/>.</exception>
        /// <exception cref="DtlsException">
        /// NotConnected; SessionClosed (or what else ended the session); PoolExhausted; MessageTooLarge: longer than the network takes.
        /// </exception>
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
        /// <exception cref="DtlsException">
        /// NotConnected; SessionClosed (or what else ended the session); PoolExhausted; MessageTooLarge: longer than the network takes.
        /// </exception>
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
        /// Sends a packet's content as one record, without a copy: rent the packet from <see cref="DtlsServer.Pool"/> and fill
        /// it by <see cref="Packet.Append"/>. It belongs to the server once this returns, or throws MessageTooLarge; when it throws
        /// anything else, still to the caller.
        /// </summary>
        /// <exception cref="ArgumentException">It is longer than <see cref="MaxPayload"/>, or of another pool, or not such a packet.</exception>
        /// <exception cref="DtlsException">
        /// NotConnected; SessionClosed (or what else ended the session); MessageTooLarge: longer than the network takes.
        /// </exception>
        [OverloadResolutionPriority(-1)] // So that Send(null) still means the array.
        public void Send(Packet packet)
        {
            if (packet == null)
            {
                throw new ArgumentNullException("packet");
            }

            lock (_lock)
            {
                if (_association == null)
                {
                    throw Ended();
                }

                _server.Send(_association, packet);
            }
        }

        /// <summary>
        /// Derives a key for another protocol (RFC 5705). <see cref="DtlsOptions.Features"/> must have a KeyExporter (NfDtls.Extensions),
        /// and the client must know the extended master secret.
        /// </summary>
        /// <param name="label">What for: ASCII, of that protocol's standard or beginning with EXPERIMENTAL.</param>
        /// <param name="context">What else both ends know, 0 to 65,535 bytes, or null: another key than with 0 bytes.</param>
        /// <param name="destination">Where the key goes.</param>
        /// <param name="offset">Where there.</param>
        /// <param name="count">Bytes of it.</param>
        /// <exception cref="ArgumentException">The label is reserved or none, the context too long, the range not in the array.</exception>
        /// <exception cref="InvalidOperationException">There is no KeyExporter.</exception>
        /// <exception cref="DtlsException">InsufficientSecurity: no extended master secret. NotConnected, SessionClosed (or why it ended).</exception>
        public void ExportKey(string label, byte[]? context, byte[] destination, int offset, int count)
        {
            lock (_lock)
            {
                if (_association == null)
                {
                    throw Ended();
                }

                _association.ExportKey(label, context, destination, offset, count);
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

            Packet lent;
            return Take(buffer, offset, timeout, out lent);
        }

        /// <summary>
        /// Receives one record without a copy: lends a packet, which the caller gives back by <see cref="Packet.Return"/>, the
        /// sooner the better, as nothing is received while the pool is empty. Inside a notification it never waits.
        /// </summary>
        /// <param name="timeout">Milliseconds to wait, 0 not at all, -1 for ever.</param>
        /// <returns>The packet, or null when the time is over.</returns>
        /// <exception cref="DtlsException">
        /// SessionClosed, or what else ended the session; NotConnected; PoolExhausted: the session has ended, and no packet is
        /// free for what is left of it.
        /// </exception>
        public Packet? ReceivePacket(int timeout)
        {
            Packet lent;
            Take(null, 0, timeout, out lent);
            return lent;
        }

        // Without a buffer the record is lent.
        private int Take(byte[] buffer, int offset, int timeout, out Packet lent)
        {
            lent = null;
            DtlsServer.CheckTimeout(timeout);
            long start = Platform.Now;
            long wait = timeout;
            while (true)
            {
                lock (_lock)
                {
                    int length = TakeLocked(buffer, offset, out lent);
                    if (length >= 0)
                    {
                        return length;
                    }

                    if (timeout >= 0)
                    {
                        wait = Deadline.After(start, timeout) - Platform.Now;
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

        private int TakeLocked(byte[] buffer, int offset, out Packet lent)
        {
            lent = null;
            if (_association == null)
            {
                return TakeLeft(buffer, offset, out lent);
            }

            AssociationState state = _association.State;
            if (state == AssociationState.Connecting)
            {
                throw new DtlsException(DtlsError.NotConnected, "The session is not connected yet.");
            }

            if (_association.Pending == 0 && state == AssociationState.Closing)
            {
                throw new DtlsException(DtlsError.SessionClosed, _association.AlertSent, _association.AlertReceived, "The session is closing.");
            }

            if (buffer != null)
            {
                return _association.Receive(buffer, offset);
            }

            lent = _association.TakePacket();
            return lent == null ? -1 : lent.Length;
        }

        private int TakeLeft(byte[] buffer, int offset, out Packet lent)
        {
            lent = null;
            if (Pending == 0)
            {
                throw Ended();
            }

            byte[] record = _left[_leftNext];
            if (buffer == null)
            {
                lent = _server.Pool.Rent();
                if (lent == null)
                {
                    throw new DtlsException(DtlsError.PoolExhausted, "The pool has no free packet.");
                }

                lent.Append(record, 0, record.Length);
            }
            else
            {
                if (record.Length > buffer.Length - offset)
                {
                    throw new DtlsException(DtlsError.MessageTooLarge, "The record has " + record.Length.ToString() + " bytes, the buffer has room for " + (buffer.Length - offset).ToString() + ".");
                }

                Array.Copy(record, 0, buffer, offset, record.Length);
            }

            Array.Clear(record, 0, record.Length);
            _left[_leftNext] = null;
            _leftNext++;
            return record.Length;
        }
    }
}
