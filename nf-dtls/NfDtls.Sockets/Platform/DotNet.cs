using System;
using System.Net;
using System.Net.Sockets;
using System.Threading;

namespace NfDtls.Sockets
{
    /// <summary>What differs between .NET and nanoFramework but for the socket: here for .NET.</summary>
    internal static class Platform
    {
        // Datagrams received at once: an application's own socket is not read ahead.
        private const int OwnPlaces = 8;
        private const int ServersPlaces = 32;

        // Before any exception is made; there is always room for words here.
        static Platform()
        {
            if (ErrorTexts.Current == null)
            {
                DtlsErrors.UseInExceptions();
            }
        }

        /// <summary>Milliseconds of a clock that never goes back.</summary>
        internal static long Now
        {
            get { return Environment.TickCount64; }
        }

        /// <summary>Makes a thread that does not keep the process alive.</summary>
        internal static Thread MakeThread(ThreadStart start)
        {
            Thread thread = new Thread(start);
            thread.IsBackground = true;
            thread.Name = "NfDtls";
            return thread;
        }

        /// <summary>The addresses of a host.</summary>
        internal static IPAddress[] Resolve(string host)
        {
            IPAddress address;
            return IPAddress.TryParse(host, out address) ? new IPAddress[] { address } : Dns.GetHostAddresses(host);
        }

        /// <summary>Makes a port of a bound socket.</summary>
        /// <param name="socket">The socket.</param>
        /// <param name="isOwned">Whether nobody else uses it.</param>
        /// <param name="size">Bytes of the longest datagram, and one more.</param>
        internal static DatagramPort Open(Socket socket, bool isOwned, int size)
        {
            return LinuxCalls.AreThere ? new LinuxSocket(socket, isOwned, isOwned ? OwnPlaces : 1, size, false) : new DatagramSocket(socket);
        }

        /// <summary>Binds a server's new socket, and makes a port of it that answers from the address that was asked.</summary>
        internal static DatagramPort Listen(Socket socket, IPEndPoint local, int size)
        {
            if (!LinuxCalls.AreThere)
            {
                return DotNetListener.Bind(socket, local);
            }

            bool tells = DotNetListener.TellAddress(socket, local);
            socket.Bind(local);
            return new LinuxSocket(socket, true, ServersPlaces, size, tells);
        }

        /// <summary>
        /// Bytes of a datagram that are handed on. Nobody can answer one from port 0: a byte is left of it, which begins no record,
        /// and which an engine drops and counts.
        /// </summary>
        internal static int RefuseNoPort(byte[] buffer, int length, byte[] address)
        {
            if (length == 0 || (address[1] | address[2]) != 0)
            {
                return length;
            }

            buffer[0] = 0;
            return 1;
        }

        /// <summary>The error's number, Winsock's on every system.</summary>
        internal static int ErrorCode(SocketException exception)
        {
            return (int)exception.SocketErrorCode;
        }

        /// <summary>The error in words, without a full stop.</summary>
        internal static string Reason(SocketException exception)
        {
            return exception.Message + " (" + exception.SocketErrorCode.ToString() + ")";
        }
    }

    /// <summary>Datagrams with addresses as bytes: here by SocketAddress, so that neither way allocates.</summary>
    internal sealed class DatagramSocket : DatagramPort
    {
        private readonly Socket _socket;
        private readonly SocketAddress _from;
        private readonly SocketAddress _to;
        private readonly int _addressSize;

        internal DatagramSocket(Socket socket)
        {
            _socket = socket;
            _from = new SocketAddress(socket.AddressFamily);
            _to = new SocketAddress(socket.AddressFamily);
            _addressSize = _from.Size;
        }

        public override IPEndPoint LocalEndPoint
        {
            get { return (IPEndPoint)_socket.LocalEndPoint; }
        }

        public override int Receive(byte[] buffer, byte[] address, out int addressLength, int milliseconds)
        {
            addressLength = 0;
            if (!_socket.Poll(milliseconds * 1000, SelectMode.SelectRead))
            {
                return -1;
            }

            _from.Size = _addressSize;
            int length = _socket.ReceiveFrom(new Span<byte>(buffer), SocketFlags.None, _from);
            int at;
            if (_from.Family == AddressFamily.InterNetwork)
            {
                address[0] = UdpAddress.Ipv4;
                for (int i = 0; i < 4; i++)
                {
                    address[3 + i] = _from[4 + i];
                }

                addressLength = UdpAddress.Ipv4Length;
            }
            else
            {
                address[0] = UdpAddress.Ipv6;
                for (int i = 0; i < 16; i++)
                {
                    address[3 + i] = _from[8 + i];
                }

                for (int i = 0; i < 4; i++)
                {
                    at = BitConverter.IsLittleEndian ? 27 - i : 24 + i;
                    address[19 + i] = _from[at];
                }

                addressLength = UdpAddress.Ipv6Length;
            }

            address[1] = _from[2];
            address[2] = _from[3];
            return Platform.RefuseNoPort(buffer, length, address);
        }

        public override void Send(byte[] buffer, int offset, int count, byte[] address)
        {
            _to[2] = address[1];
            _to[3] = address[2];
            if (UdpAddress.FamilyOf(address) == UdpAddress.Ipv4)
            {
                for (int i = 0; i < 4; i++)
                {
                    _to[4 + i] = address[3 + i];
                }
            }
            else
            {
                for (int i = 0; i < 16; i++)
                {
                    _to[8 + i] = address[3 + i];
                }

                for (int i = 0; i < 4; i++)
                {
                    _to[BitConverter.IsLittleEndian ? 27 - i : 24 + i] = address[19 + i];
                }
            }

            _socket.SendTo(new ReadOnlySpan<byte>(buffer, offset, count), SocketFlags.None, _to);
        }

        internal override void Close()
        {
            _socket.Close();
        }
    }
}
