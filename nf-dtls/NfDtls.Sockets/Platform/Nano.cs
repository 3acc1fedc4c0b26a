using System;
using System.Net;
using System.Net.Sockets;
using System.Threading;

namespace NfDtls.Sockets
{
    /// <summary>What differs between .NET and nanoFramework but for the socket: here for nanoFramework.</summary>
    internal static class Platform
    {
        /// <summary>Milliseconds of a clock that never goes back.</summary>
        internal static long Now
        {
            get { return Environment.TickCount64; }
        }

        /// <summary>Makes a thread; none keeps the program alive here.</summary>
        internal static Thread MakeThread(ThreadStart start)
        {
            return new Thread(start);
        }

        /// <summary>The addresses of a host.</summary>
        internal static IPAddress[] Resolve(string host)
        {
            // Takes an address in text, too.
            return Dns.GetHostEntry(host).AddressList;
        }

        /// <summary>Makes a port of a bound socket.</summary>
        internal static DatagramPort Open(Socket socket, bool isOwned, int size)
        {
            return new DatagramSocket(socket);
        }

        /// <summary>Binds a server's new socket. Of several addresses the board's stack chooses which one an answer comes from.</summary>
        internal static DatagramPort Listen(Socket socket, IPEndPoint local, int size)
        {
            socket.Bind(local);
            return new DatagramSocket(socket);
        }

        /// <summary>The error's number, Winsock's on every system.</summary>
        internal static int ErrorCode(SocketException exception)
        {
            return exception.ErrorCode;
        }

        /// <summary>The error in words, without a full stop; what is rare by its number.</summary>
        internal static string Reason(SocketException exception)
        {
            switch (exception.ErrorCode)
            {
                case (int)SocketError.AccessDenied: return "it is not allowed";
                case (int)SocketError.AddressAlreadyInUse: return "it is in use";
                case (int)SocketError.MessageSize: return "it is too long";
                case (int)SocketError.NetworkUnreachable:
                case (int)SocketError.NetworkDown: return "there is no network";
                case (int)SocketError.HostUnreachable: return "there is no way to the host";
                default: return "error " + exception.ErrorCode.ToString();
            }
        }
    }

    /// <summary>Datagrams with addresses as bytes: here by IPEndPoint. One datagram received costs an end point and its bytes.</summary>
    internal sealed class DatagramSocket : DatagramPort
    {
        private readonly Socket _socket;
        private readonly IPEndPoint _local;
        private readonly EndPoint _any;
        private readonly byte[] _sentTo = new byte[UdpAddress.MaxLength];
        private IPEndPoint _to;

        internal DatagramSocket(Socket socket)
        {
            _socket = socket;
            _local = (IPEndPoint)socket.LocalEndPoint;
            bool isIpv6 = _local.Address.AddressFamily == AddressFamily.InterNetworkV6;
            _any = new IPEndPoint(isIpv6 ? IPAddress.IPv6Any : IPAddress.Any, 0);
        }

        public override IPEndPoint LocalEndPoint
        {
            get { return _local; }
        }

        public override int Receive(byte[] buffer, byte[] address, out int addressLength, int milliseconds)
        {
            addressLength = 0;
            if (!_socket.Poll(milliseconds * 1000, SelectMode.SelectRead))
            {
                return -1;
            }

            EndPoint from = _any;
            int length = _socket.ReceiveFrom(buffer, 0, buffer.Length, SocketFlags.None, ref from);
            addressLength = UdpAddress.Write((IPEndPoint)from, address);
            return length;
        }

        public override void Send(byte[] buffer, int offset, int count, byte[] address)
        {
            int length = UdpAddress.FamilyOf(address) == UdpAddress.Ipv4 ? UdpAddress.Ipv4Length : UdpAddress.Ipv6Length;
            if (_to == null || !UdpAddress.AreEqual(address, _sentTo, length))
            {
                _to = UdpAddress.Read(address);
                Array.Copy(address, 0, _sentTo, 0, length);
            }

            _socket.SendTo(buffer, offset, count, SocketFlags.None, _to);
        }

        internal override void Close()
        {
            _socket.Close();
        }
    }
}

namespace System.Runtime.CompilerServices
{
    /// <summary>Known to the compiler by its name; .NET has it, nanoFramework does not.</summary>
    internal sealed class OverloadResolutionPriorityAttribute : Attribute
    {
        internal OverloadResolutionPriorityAttribute(int priority)
        {
        }
    }
}
