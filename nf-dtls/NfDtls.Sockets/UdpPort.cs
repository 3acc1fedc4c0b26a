using System;
using System.Net;
using System.Net.Sockets;
using System.Threading;

namespace NfDtls.Sockets
{
    /// <summary>
    /// A port, mostly a bound UDP socket, with a receive buffer. One thread receives, without a lock; everything else happens under the lock
    /// of the client or server. A port that is retired while that thread waits in it is closed by that thread.
    /// </summary>
    internal sealed class UdpPort
    {
        /// <summary>The longest wait in the port: what has happened elsewhere is noticed after it, if nothing wakes the port.</summary>
        internal const int LongestWait = 50;
        /// <summary>The longest wait while an application is asked for a key.</summary>
        internal const int AskingWait = 10;
        private const int FaultPause = 10;

        /// <summary>The datagram received last.</summary>
        internal readonly byte[] Buffer;
        /// <summary>Who sent it.</summary>
        internal readonly byte[] Sender = new byte[UdpAddress.MaxLength];
        internal int SenderLength;

        private readonly DatagramPort _datagrams;
        private readonly bool _isOwned;
        private readonly bool _isIpv6;
        private readonly int _port;
        private readonly ManualResetEvent _closed = new ManualResetEvent(false);
        private Exception _fault;
        private bool _isFaulty;
        private bool _isBusy;
        private bool _isRetired;

        /// <summary>Takes a port; one that is not owned stays open.</summary>
        internal UdpPort(DatagramPort datagrams, bool isOwned, int receiveSize)
        {
            IPEndPoint local = datagrams.LocalEndPoint;
            _datagrams = datagrams;
            _isOwned = isOwned;
            _isIpv6 = local.Address.AddressFamily == AddressFamily.InterNetworkV6;
            _port = local.Port;

            // One byte more than is allowed: a datagram that fills it was longer, and cut.
            Buffer = new byte[receiveSize + 1];
        }

        /// <summary>Takes a bound socket of the application's, which stays open.</summary>
        internal static UdpPort Take(Socket socket, int receiveSize)
        {
            if (!(socket.LocalEndPoint is IPEndPoint))
            {
                throw new ArgumentException("The socket must be a UDP socket that is bound.", "socket");
            }

            return new UdpPort(new DatagramSocket(socket), false, receiveSize);
        }

        /// <summary>Makes and binds a socket.</summary>
        /// <exception cref="DtlsException">SocketError.</exception>
        internal static UdpPort Bind(IPEndPoint local, int receiveSize)
        {
            Socket socket = null;
            try
            {
                socket = new Socket(local.Address.AddressFamily, SocketType.Dgram, ProtocolType.Udp);
                socket.Bind(local);
                return new UdpPort(new DatagramSocket(socket), true, receiveSize);
            }
            catch (SocketException e)
            {
                if (socket != null)
                {
                    socket.Close();
                }

                throw new DtlsException(DtlsError.SocketError, "The socket could not be bound to port " + local.Port.ToString() + ": error " + Platform.ErrorCode(e).ToString() + ".");
            }
        }

        internal static UdpPort BindAny(bool isIpv6, int port, int receiveSize)
        {
            return Bind(new IPEndPoint(isIpv6 ? IPAddress.IPv6Any : IPAddress.Any, port), receiveSize);
        }

        internal bool IsIpv6
        {
            get { return _isIpv6; }
        }

        internal int LocalPort
        {
            get { return _port; }
        }

        /// <summary>Whether the datagram received last was cut.</summary>
        internal bool IsTruncated(int length)
        {
            return length >= Buffer.Length;
        }

        /// <summary>Under the lock, before <see cref="Receive"/>.</summary>
        internal void Enter()
        {
            _isBusy = true;
        }

        /// <summary>Under the lock, after <see cref="Receive"/>.</summary>
        internal void Leave()
        {
            _isBusy = false;
            if (_isRetired)
            {
                Close();
            }
        }

        /// <summary>Under the lock: closes the port, now or when the receiving thread comes out of it.</summary>
        internal void Retire()
        {
            if (!_isRetired)
            {
                _isRetired = true;
                if (_isBusy)
                {
                    Wake();
                }
                else
                {
                    Close();
                }
            }
        }

        /// <summary>Under the lock: what the receiving thread waits for has changed.</summary>
        internal void Wake()
        {
            _datagrams.Wake();
        }

        /// <summary>Not under the lock: waits until a retired port is closed.</summary>
        internal void WaitClosed()
        {
            _closed.WaitOne(1000, false);
        }

        /// <summary>Waits for a datagram; returns its length, -1 when there is none.</summary>
        internal int Receive(int milliseconds)
        {
            try
            {
                int length = _datagrams.Receive(Buffer, Sender, out SenderLength, milliseconds);
                if (length >= 0)
                {
                    _isFaulty = false;
                }

                return length;
            }
            catch (SocketException e)
            {
                int code = Platform.ErrorCode(e);
                if (code == (int)SocketError.MessageSize)
                {
                    return Buffer.Length;
                }

                // These tell of a datagram sent before (ICMP), or of nothing.
                if (code != (int)SocketError.ConnectionReset && code != (int)SocketError.ConnectionRefused && code != (int)SocketError.HostUnreachable
                    && code != (int)SocketError.NetworkUnreachable && code != (int)SocketError.TimedOut && code != (int)SocketError.WouldBlock
                    && code != (int)SocketError.Interrupted)
                {
                    Fault(e);
                }
            }
            catch (Exception e)
            {
                Fault(e);
            }

            return -1;
        }

        /// <summary>What made the socket fail, once for each time that it began to fail; or null.</summary>
        internal Exception TakeFault()
        {
            Exception fault = _fault;
            _fault = null;
            return fault;
        }

        /// <summary>Under the lock: sends a packet and gives it back. A failure loses the datagram.</summary>
        internal void Send(Packet packet, byte[] address)
        {
            try
            {
                _datagrams.Send(packet.Buffer, packet.Offset, packet.Length, address);
            }
            catch (SocketException)
            {
            }
            catch (ObjectDisposedException)
            {
            }
            finally
            {
                packet.Return();
            }
        }

        private void Fault(Exception fault)
        {
            if (!_isFaulty)
            {
                _isFaulty = true;
                _fault = fault;
            }

            // A socket that is broken for good fails at once, again and again.
            Thread.Sleep(FaultPause);
        }

        private void Close()
        {
            if (_isOwned)
            {
                _datagrams.Close();
            }

            _closed.Set();
        }
    }
}
