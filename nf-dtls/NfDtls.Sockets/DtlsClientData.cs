using System;
using System.Net;
using System.Net.Sockets;
using System.Runtime.CompilerServices;

namespace NfDtls.Sockets
{
    /// <summary>The client's data: sending and receiving.</summary>
    public sealed partial class DtlsClient
    {
        /// <summary>Sends one record.</summary>
        /// <exception cref="ArgumentException">It is longer than <see cref="MaxPayload"/>.</exception>
        /// <exception cref="DtlsException">
        /// NotConnected; SessionClosed (or what else ended the connection); PoolExhausted; MessageTooLarge: longer than the network takes.
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
        /// NotConnected; SessionClosed (or what else ended the connection); PoolExhausted; MessageTooLarge: longer than the network takes.
        /// </exception>
        public void Send(byte[] data, int offset, int count)
        {
            CheckRange(data, offset, count);
            lock (_lock)
            {
                CheckNotDisposed();
                SendLocked(data, offset, count);
            }
        }

        /// <summary>Sends one record if <paramref name="peer"/> is the server's address.</summary>
        /// <exception cref="ArgumentException">It is another address, and <see cref="Move(IPEndPoint)"/> was not called; or the data are longer than <see cref="MaxPayload"/>.</exception>
        /// <exception cref="DtlsException">
        /// NotConnected; SessionClosed (or what else ended the connection); PoolExhausted; MessageTooLarge: longer than the network takes.
        /// </exception>
        public void Send(byte[] data, IPEndPoint peer)
        {
            UdpAddress.CheckPeer(peer);
            if (data == null)
            {
                throw new ArgumentNullException("data");
            }

            lock (_lock)
            {
                CheckNotDisposed();
                if (_peerLength != 0 && !IsPeer(peer))
                {
                    throw new ArgumentException("The client is connected to another address; Move changes it.", "peer");
                }

                SendLocked(data, 0, data.Length);
            }
        }

        /// <summary>
        /// Sends a packet's content as one record, without a copy: rent the packet from <see cref="Pool"/> and fill it by
        /// <see cref="Packet.Append"/>. It belongs to the client once this returns, or throws MessageTooLarge; when it throws
        /// anything else, still to the caller.
        /// </summary>
        /// <exception cref="ArgumentException">It is longer than <see cref="MaxPayload"/>, or of another pool, or not such a packet.</exception>
        /// <exception cref="DtlsException">
        /// NotConnected; SessionClosed (or what else ended the connection); MessageTooLarge: longer than the network takes.
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
                CheckNotDisposed();
                int lost = 0;
                long now = Platform.Now;
                try
                {
                    _association.Send(packet, now);
                }
                finally
                {
                    lost = Flush(now);
                    Refresh();
                }

                UdpPort.CheckLost(lost, _association.MaxPayload);
            }
        }

        /// <summary>
        /// Derives a key for another protocol (RFC 5705). <see cref="DtlsOptions.Features"/> must have a KeyExporter (NfDtls.Extensions),
        /// and the server must know the extended master secret.
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
                CheckNotDisposed();
                _association.ExportKey(label, context, destination, offset, count);
            }
        }

        /// <summary>Receives one record. What had arrived before the connection was closed is still delivered.</summary>
        /// <returns>Its length (0 is an empty record), or -1 when the time is over.</returns>
        /// <exception cref="DtlsException">
        /// MessageTooLarge: the buffer is smaller than the record, which is kept. SessionClosed, or what else ended the
        /// connection. NotConnected.
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
        /// sooner the better, as nothing is received while the pool is empty.
        /// </summary>
        /// <returns>The packet, or null when the time is over.</returns>
        /// <exception cref="DtlsException">SessionClosed, or what else ended the connection. NotConnected.</exception>
        public Packet? ReceivePacket(int timeout)
        {
            Packet lent;
            Take(null, 0, timeout, out lent);
            return lent;
        }

        private int TakeLocked(byte[] buffer, int offset, out Packet lent)
        {
            lent = null;
            if (buffer != null)
            {
                return _association.Receive(buffer, offset);
            }

            lent = _association.TakePacket();
            return lent == null ? -1 : lent.Length;
        }

        internal static void CheckRange(byte[] data, int offset, int count)
        {
            if (data == null)
            {
                throw new ArgumentNullException("data");
            }

            if (offset < 0 || count < 0 || count > data.Length - offset)
            {
                throw new ArgumentOutOfRangeException("count", "The range from " + offset.ToString() + ", " + count.ToString() + " bytes long, is not in the array of " + data.Length.ToString() + ".");
            }
        }

        private bool CanReach(IPEndPoint peer)
        {
            return _port == null || _port.IsIpv6 || peer.Address.AddressFamily == AddressFamily.InterNetwork;
        }

        private bool IsPeer(IPEndPoint peer)
        {
            byte[] address = new byte[UdpAddress.MaxLength];
            int length = UdpAddress.WriteFor(peer, _port != null && _port.IsIpv6, address);
            return UdpAddress.IsFrom(_peer, _peerLength, address, length);
        }

        private void SetPeer(IPEndPoint peer)
        {
            _remote = peer;
            _host = null;
            _peerLength = UdpAddress.WriteFor(peer, _port.IsIpv6, _peer);
        }

        private void SendLocked(byte[] data, int offset, int count)
        {
            int lost = 0;
            long now = Platform.Now;
            try
            {
                _association.Send(data, offset, count, now);
            }
            finally
            {
                lost = Flush(now);
                Refresh();
            }

            UdpPort.CheckLost(lost, _association.MaxPayload);
        }
    }
}
