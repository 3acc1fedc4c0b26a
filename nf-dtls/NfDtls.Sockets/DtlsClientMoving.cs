using System;
using System.Net;
using System.Net.Sockets;

namespace NfDtls.Sockets
{
    /// <summary>The client's way to the server: another local port, another address of the server.</summary>
    public sealed partial class DtlsClient
    {
        /// <summary>
        /// Milliseconds that is heard what still comes to the port that was left: a server may ask there whether that is right (RFC
        /// 9853). Tests hear as long as a slow machine takes.
        /// </summary>
        internal int LeftTime = 3000;

        private readonly byte[] _path = new byte[1];
        private readonly byte[] _leftPath = new byte[1];
        private int _leftPathLength;
        private UdpPort _left;
        private long _leftAt;
        private bool _asksLeft;

        /// <summary>
        /// Goes on with the same connection under another address of the server. A server with connection IDs sees the client come
        /// from where it came before, or from a new port if a NAT lies between.
        /// </summary>
        /// <exception cref="ArgumentException">The socket cannot send to such an address.</exception>
        /// <exception cref="DtlsException">NotConnected or SessionClosed.</exception>
        public void Move(IPEndPoint peer)
        {
            UdpAddress.CheckPeer(peer);
            lock (_lock)
            {
                CheckNotDisposed();
                CheckOpen();
                if (!CanReach(peer))
                {
                    throw new ArgumentException("The socket is of IPv4 and the address is not.", "peer");
                }

                SetPeer(peer);
            }
        }

        /// <summary>
        /// Goes on with the same connection from another port of this end, with no handshake: the server must have given a connection
        /// ID (ConnectionIdFeature of NfDtls.Extensions at both ends), and follows when it gets the next record. What still comes to the
        /// old port is heard for 3 s, and while the connection closes. For a client with a socket of its own.
        /// </summary>
        /// <param name="localPort">The new port; 0 for any.</param>
        /// <exception cref="ArgumentOutOfRangeException">It is none.</exception>
        /// <exception cref="InvalidOperationException">The server gave no connection ID; or the client's socket is the application's.</exception>
        /// <exception cref="DtlsException">NotConnected or SessionClosed. SocketError: the port cannot be had.</exception>
        public void Move(int localPort)
        {
            if (localPort < 0 || localPort > 65535)
            {
                throw new ArgumentOutOfRangeException("localPort", "A port is 0 (any) to 65535, not " + localPort.ToString() + ".");
            }

            lock (_lock)
            {
                CheckMayMove(true);
                GoOn(UdpPort.BindAny(_port.IsIpv6, localPort, _receiveSize));
            }
        }

        /// <summary>As <see cref="Move(int)"/>, for a client over a socket of the application's: goes on over another one, which is bound. The old one stays open.</summary>
        /// <exception cref="ArgumentException">The socket is not bound, or cannot send to the server's address.</exception>
        /// <exception cref="InvalidOperationException">The server gave no connection ID; or the client has a socket of its own.</exception>
        /// <exception cref="DtlsException">NotConnected or SessionClosed.</exception>
        public void Move(Socket boundSocket)
        {
            if (boundSocket == null)
            {
                throw new ArgumentNullException("boundSocket");
            }

            lock (_lock)
            {
                CheckMayMove(false);
                GoOn(UdpPort.Take(boundSocket, _receiveSize));
            }
        }

        /// <summary>As <see cref="Move(int)"/>, for a client over a port of the application's: goes on over another one. The old one must go on for 3 s, and while the connection closes.</summary>
        /// <exception cref="ArgumentException">The port cannot send to the server's address.</exception>
        /// <exception cref="InvalidOperationException">The server gave no connection ID; or the client has a socket of its own.</exception>
        /// <exception cref="DtlsException">NotConnected or SessionClosed.</exception>
        public void Move(DatagramPort port)
        {
            if (port == null)
            {
                throw new ArgumentNullException("port");
            }

            lock (_lock)
            {
                CheckMayMove(false);
                GoOn(new UdpPort(port, false, _receiveSize, 0));
            }
        }

        private void CheckMayMove(bool hasOwnSocket)
        {
            CheckNotDisposed();
            CheckOpen();
            if (_ownsSocket != hasOwnSocket)
            {
                throw new InvalidOperationException(hasOwnSocket ? "The client's socket is the application's: it moves to another of those." : "The client has a socket of its own: it moves to another port.");
            }

            if (_association.WriteEpoch.WriteCodec.WriteId == null)
            {
                throw new InvalidOperationException("The server gave the client no connection ID, and would not know its records from elsewhere.");
            }
        }

        private void GoOn(UdpPort port)
        {
            if (!port.IsIpv6 && _remote.Address.AddressFamily != AddressFamily.InterNetwork)
            {
                throw new ArgumentException("The socket is of IPv4 and the server's address is not.");
            }

            RetireLeft();
            _left = _port;
            _leftPath[0] = _association.Address[0];
            _leftPathLength = _association.AddressLength;
            _leftAt = Platform.Now;
            _port = port;
            _peerLength = UdpAddress.WriteFor(_remote, port.IsIpv6, _peer);
            _path[0]++;
            _engine.Move(_path, 1);
            _left.Wake();
            _aside.Set();
        }

        /// <summary>
        /// The port to wait in next: in turns with the one that was left, while that is heard, which is until the end where the
        /// connection closes: a server that has not followed yet answers there.
        /// </summary>
        private UdpPort NextPort(long now, ref int wait)
        {
            if (_left != null && now - _leftAt >= LeftTime && _association.State != AssociationState.Closing)
            {
                RetireLeft();
            }

            if (_left == null)
            {
                return _port;
            }

            _asksLeft = !_asksLeft;
            wait = _asksLeft ? 0 : wait < UdpPort.AskingWait ? wait : UdpPort.AskingWait;
            return _asksLeft ? _left : _port;
        }

        private void RetireLeft()
        {
            if (_left != null)
            {
                _left.Retire();
                _left = null;
            }
        }

        /// <summary>The port by which a datagram goes: an answer to what came to the old one goes back from there. Null where that is closed.</summary>
        private UdpPort PortFor(Packet packet)
        {
            bool isByNew = packet.AddressLength == _association.AddressLength && (packet.AddressLength == 0 || packet.Address[0] == _association.Address[0]);
            return isByNew ? _port : _left;
        }
    }
}
