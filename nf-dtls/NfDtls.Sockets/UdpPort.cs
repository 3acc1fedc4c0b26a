using System;
using System.Net;
using System.Net.Sockets;
using System.Threading;

namespace NfDtls.Sockets
{
    /// <summary>
    /// A port, mostly a bound UDP socket, with a receive buffer. One thread receives, without a lock; everything else happens under the lock
    /// of the client or server. A port that is retired while that thread waits in it is closed by that thread. Nothing that the
    /// port throws comes out: a datagram is lost, and why is kept to be told.
    /// </summary>
    internal sealed class UdpPort
    {
        /// <summary>The longest wait in the port: what has happened elsewhere is noticed after it, if nothing wakes the port.</summary>
        internal const int LongestWait = 50;
        /// <summary>The longest wait while an application is asked for a key.</summary>
        internal const int AskingWait = 10;
        /// <summary>Milliseconds in which a server tells of one cause once, as peers that can be reached and others take turns.</summary>
        internal const int ServersPause = 1000;
        private const int FaultPause = 10;

        // The receiving thread comes out within LongestWait; a slow machine may take longer, and a port of the application's for ever.
        private const int ClosingTime = 10000;

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
        private readonly PortFault _sending;
        private readonly PortFault _receiving = new PortFault(0);
        private Exception _untold;
        private bool _isBusy;
        private bool _isRetired;

        // Of the receiving thread, until it comes out of the port.
        private Exception _thrown;
        private bool _worked;

        /// <summary>Takes a port; one that is not owned stays open.</summary>
        /// <param name="datagrams">The port.</param>
        /// <param name="isOwned">Whether it is closed with this.</param>
        /// <param name="receiveSize">Bytes of the longest datagram that is taken.</param>
        /// <param name="pause">Milliseconds in which the same cause of a failed sending is told once.</param>
        internal UdpPort(DatagramPort datagrams, bool isOwned, int receiveSize, int pause)
        {
            IPEndPoint local = datagrams.LocalEndPoint;
            if (local == null)
            {
                throw new ArgumentException("The port has no LocalEndPoint.", "port");
            }

            _datagrams = datagrams;
            _isOwned = isOwned;
            _isIpv6 = local.Address.AddressFamily == AddressFamily.InterNetworkV6;
            _port = local.Port;
            _sending = new PortFault(pause);

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

            return new UdpPort(Platform.Open(socket, false, receiveSize + 1), false, receiveSize, 0);
        }

        /// <summary>Makes and binds a socket.</summary>
        /// <exception cref="DtlsException">SocketError; what the socket said is its inner exception.</exception>
        internal static UdpPort Bind(IPEndPoint local, int receiveSize)
        {
            return Bind(local, receiveSize, false);
        }

        /// <summary>As <see cref="Bind(IPEndPoint, int)"/>, for a server.</summary>
        internal static UdpPort Listen(IPEndPoint local, int receiveSize)
        {
            return Bind(local, receiveSize, true);
        }

        private static UdpPort Bind(IPEndPoint local, int receiveSize, bool isServer)
        {
            Socket socket = null;
            UdpPort port = null;
            try
            {
                socket = new Socket(local.Address.AddressFamily, SocketType.Dgram, ProtocolType.Udp);
                if (isServer)
                {
                    port = new UdpPort(Platform.Listen(socket, local, receiveSize + 1), true, receiveSize, ServersPause);
                    return port;
                }

                socket.Bind(local);
                port = new UdpPort(Platform.Open(socket, true, receiveSize + 1), true, receiveSize, 0);
                return port;
            }
            catch (SocketException e)
            {
                throw new DtlsException(DtlsError.SocketError, "UDP port " + local.Port.ToString() + " of " + local.Address.ToString() + " cannot be had: " + Platform.Reason(e) + ".", e);
            }
            finally
            {
                if (port == null && socket != null)
                {
                    socket.Close();
                }
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

        /// <summary>How many own addresses the port tells apart.</summary>
        internal int Locals
        {
            get { return _datagrams.Locals; }
        }

        internal int LocalPort
        {
            get { return _port; }
        }

        /// <summary>Why nothing comes or goes at this moment, or null.</summary>
        internal Exception Failure
        {
            get { return _sending.Standing != null ? _sending.Standing : _receiving.Standing; }
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
            if (_worked)
            {
                _receiving.Work(0);
                _worked = false;
            }

            if (_thrown != null)
            {
                Tell(_thrown, _receiving, _sending, null, 0);
                _thrown = null;
            }

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
            try
            {
                _datagrams.Wake();
            }
            catch (Exception)
            {
                // The change is noticed all the same, a little later.
            }
        }

        /// <summary>Not under the lock: waits until a retired port is closed.</summary>
        internal void WaitClosed()
        {
            _closed.WaitOne(ClosingTime, false);
        }

        /// <summary>Waits for a datagram; returns its length, -1 when there is none.</summary>
        internal int Receive(int milliseconds)
        {
            try
            {
                int length = _datagrams.Receive(Buffer, Sender, out SenderLength, milliseconds);
                if (length < 0)
                {
                    _worked = true;
                    return -1;
                }

                if (SenderLength < 1 || SenderLength > Sender.Length)
                {
                    throw new InvalidOperationException("The port gave an address of " + SenderLength.ToString() + " bytes.");
                }

                _worked = true;
                return length > Buffer.Length ? Buffer.Length : length;
            }
            catch (SocketException e)
            {
                int code = Platform.ErrorCode(e);
                if (code == (int)SocketError.MessageSize)
                {
                    return Buffer.Length;
                }

                if (!TellsOfAnother(code) && code != (int)SocketError.TimedOut && code != (int)SocketError.WouldBlock && code != (int)SocketError.Interrupted
                    && code != (int)SocketError.HostUnreachable && code != (int)SocketError.NetworkUnreachable)
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

        /// <summary>Under the lock: what is to be told of what failed, a SocketException or what else a port throws; or null.</summary>
        internal Exception TakeFault()
        {
            Exception fault = _untold;
            _untold = null;
            return fault;
        }

        /// <summary>Under the lock: sends a packet and gives it back. A failure loses the datagram, and is counted.</summary>
        /// <returns>Bytes of the datagram if it was too long for the network, else 0.</returns>
        internal int Send(Packet packet, byte[] address, DtlsStatistics statistics)
        {
            int length = packet.Length;
            try
            {
                _datagrams.Send(packet.Buffer, packet.Offset, length, address);
                _sending.Work(length);
                return 0;
            }
            catch (Exception e)
            {
                statistics.Unsend(length);
                int code = PortFault.CodeOf(e);
                if (!TellsOfAnother(code))
                {
                    Tell(e, _sending, _receiving, address, length);
                }

                return code == (int)SocketError.MessageSize ? length : 0;
            }
            finally
            {
                packet.Return();
            }
        }

        /// <summary>Says so where a datagram of data was too long for the network; 0 bytes: none was.</summary>
        /// <exception cref="DtlsException">MessageTooLarge.</exception>
        internal static void CheckLost(int length, int maxPayload)
        {
            if (length > 0)
            {
                throw new DtlsException(
                    DtlsError.MessageTooLarge,
                    "The record makes a datagram of " + length.ToString() + " bytes, which is more than the network takes; it is lost. From now on a record carries at most " + maxPayload.ToString() + " bytes.");
            }
        }

        /// <summary>Whether a packet to be sent holds application data, or may: a record with a connection ID hides what it is.</summary>
        internal static bool IsData(Packet packet)
        {
            int type = packet.Buffer[packet.Offset];
            return type == ContentType.ApplicationData || type == ContentType.ConnectionId;
        }

        /// <summary>Whether an error is the answer (ICMP) to a datagram sent before, whose peer has no such port.</summary>
        private static bool TellsOfAnother(int code)
        {
            return code == (int)SocketError.ConnectionReset || code == (int)SocketError.ConnectionRefused;
        }

        // What is known from the other direction is no news: a socket that was closed, say.
        private void Tell(Exception cause, PortFault fault, PortFault other, byte[] address, int length)
        {
            bool isKnown = other.StandsFor(PortFault.CodeOf(cause));
            if (!fault.Fail(cause, length, Platform.Now) || isKnown)
            {
                return;
            }

            SocketException exception = cause as SocketException;
            _untold = address == null
                ? cause
                : new DtlsException(DtlsError.SocketError, "A datagram of " + length.ToString() + " bytes could not be sent to " + UdpAddress.Read(address).ToString() + ": "
                    + (exception == null ? cause.Message : Platform.Reason(exception)), cause);
        }

        private void Fault(Exception thrown)
        {
            _thrown = thrown;

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
