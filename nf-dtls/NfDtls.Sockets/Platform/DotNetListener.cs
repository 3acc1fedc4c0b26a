using System;
using System.Collections;
using System.Net;
using System.Net.Sockets;
using System.Threading;

namespace NfDtls.Sockets
{
    /// <summary>
    /// A server's socket that is bound to every address of the machine, and answers from the one that was asked. .NET tells where
    /// a datagram went to, but has no way to choose where one comes from other than a socket that is bound to it: so each
    /// address gets one when it is asked for the first time, on the same port. What comes to that address then comes there. The
    /// address's number is part of the peer's, so that one peer at two addresses is two sessions.
    /// </summary>
    internal sealed class DotNetListener : DatagramPort
    {
        private readonly Socket _any;
        private readonly DatagramSocket _anyPort;
        private readonly IPEndPoint _local;
        private readonly IPAddress[] _addresses = new IPAddress[UdpAddress.MaxLocals];
        private readonly Socket[] _sockets = new Socket[UdpAddress.MaxLocals];
        private readonly DatagramSocket[] _ports = new DatagramSocket[UdpAddress.MaxLocals];
        private readonly ArrayList _readable = new ArrayList();
        private EndPoint _from;
        private int _count;
        private int _next;

        private DotNetListener(Socket any, IPEndPoint local)
        {
            _any = any;
            _anyPort = new DatagramSocket(any);
            _local = local;
            _from = local;
        }

        /// <summary>Binds a new socket; one for every address if the end point is.</summary>
        internal static DatagramPort Bind(Socket socket, IPEndPoint local)
        {
            bool tells = TellAddress(socket, local);
            socket.Bind(local);
            return tells ? new DotNetListener(socket, (IPEndPoint)socket.LocalEndPoint) : new DatagramSocket(socket);
        }

        public override IPEndPoint LocalEndPoint
        {
            get { return _local; }
        }

        /// <summary>Addresses of this machine that were asked.</summary>
        internal override int Locals
        {
            get { return Volatile.Read(ref _count); }
        }

        public override int Receive(byte[] buffer, byte[] address, out int addressLength, int milliseconds)
        {
            addressLength = 0;
            Socket socket = Wait(milliseconds);
            if (socket == null)
            {
                return -1;
            }

            if (socket == _any)
            {
                return ReceiveAny(buffer, address, out addressLength);
            }

            int number = Array.IndexOf(_sockets, socket);
            int length = _ports[number].Receive(buffer, address, out addressLength, 0);
            UdpAddress.SetLocal(address, number + 1);
            return length;
        }

        public override void Send(byte[] buffer, int offset, int count, byte[] address)
        {
            int number = UdpAddress.LocalOf(address);
            DatagramSocket port = number == 0 ? null : Volatile.Read(ref _ports[number - 1]);
            (port == null ? _anyPort : port).Send(buffer, offset, count, address);
        }

        internal override void Close()
        {
            _any.Close();
            for (int i = 0; i < _count; i++)
            {
                if (_sockets[i] != null)
                {
                    _sockets[i].Close();
                }
            }
        }

        /// <summary>A socket that has something, or null; each gets its turn.</summary>
        private Socket Wait(int milliseconds)
        {
            if (_count == 0)
            {
                return _any.Poll(milliseconds * 1000, SelectMode.SelectRead) ? _any : null;
            }

            _readable.Clear();
            _readable.Add(_any);
            for (int i = 0; i < _count; i++)
            {
                if (_sockets[i] != null)
                {
                    _readable.Add(_sockets[i]);
                }
            }

            Socket.Select(_readable, null, null, milliseconds * 1000);
            if (_readable.Count == 0)
            {
                return null;
            }

            _next = (_next + 1) % _readable.Count;
            return (Socket)_readable[_next];
        }

        private int ReceiveAny(byte[] buffer, byte[] address, out int addressLength)
        {
            SocketFlags flags = SocketFlags.None;
            IPPacketInformation information;
            EndPoint from = _from;
            int length = _any.ReceiveMessageFrom(buffer, 0, buffer.Length, ref flags, ref from, out information);
            addressLength = UdpAddress.Write((IPEndPoint)from, address);
            UdpAddress.SetLocal(address, NumberOf(information));
            return Platform.RefuseNoPort(buffer, length, address);
        }

        /// <summary>The number of an address of this machine; 0 where it can have none.</summary>
        private int NumberOf(IPPacketInformation information)
        {
            IPAddress address = information.Address;
            if (address == null)
            {
                return 0;
            }

            if (address.IsIPv6LinkLocal)
            {
                address = new IPAddress(address.GetAddressBytes(), information.Interface);
            }

            int index = Array.IndexOf(_addresses, address, 0, _count);
            if (index >= 0)
            {
                return index + 1;
            }

            if (_count == UdpAddress.MaxLocals || address.IsIPv6Multicast)
            {
                return 0;
            }

            _addresses[_count] = address;
            _sockets[_count] = BindTo(address);
            Volatile.Write(ref _ports[_count], _sockets[_count] == null ? null : new DatagramSocket(_sockets[_count]));
            Volatile.Write(ref _count, _count + 1);
            return _count;
        }

        /// <summary>A socket of the same port that is bound to one address; null where that cannot be, and the system chooses as ever.</summary>
        private Socket BindTo(IPAddress address)
        {
            Socket socket = new Socket(_any.AddressFamily, SocketType.Dgram, ProtocolType.Udp);
            try
            {
                // Windows binds an address beside all of them unasked. Elsewhere both sockets must say that they share the port, and
                // they say so for this moment alone, so that nobody else can.
                bool mustShare = !OperatingSystem.IsWindows();
                Share(socket, mustShare);
                Share(_any, mustShare);
                try
                {
                    socket.Bind(new IPEndPoint(address, _local.Port));
                }
                finally
                {
                    Share(_any, false);
                    Share(socket, false);
                }

                return socket;
            }
            catch (SocketException)
            {
                socket.Close();
                return null;
            }
        }

        private static void Share(Socket socket, bool value)
        {
            if (!OperatingSystem.IsWindows())
            {
                socket.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.ReuseAddress, value);
            }
        }

        /// <summary>Has a socket that is to be bound to every address tell where datagrams went to; false where it does not, or need not.</summary>
        internal static bool TellAddress(Socket socket, IPEndPoint local)
        {
            if (!local.Address.Equals(IPAddress.Any) && !local.Address.Equals(IPAddress.IPv6Any))
            {
                return false;
            }

            try
            {
                SocketOptionLevel level = socket.AddressFamily == AddressFamily.InterNetwork ? SocketOptionLevel.IP : SocketOptionLevel.IPv6;
                socket.SetSocketOption(level, SocketOptionName.PacketInformation, true);
                return true;
            }
            catch (SocketException)
            {
                // A system that does not tell.
                return false;
            }
        }
    }
}
