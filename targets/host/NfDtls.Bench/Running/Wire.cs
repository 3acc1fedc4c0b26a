using System;
using System.Net;
using System.Net.Sockets;
using NfDtls.Sockets;

namespace NfDtls.Bench;

/// <summary>What datagrams of one client and one server go by. Who receives knows that there is one, so nobody waits or asks in vain.</summary>
internal abstract class Wire : IDisposable
{
    internal const int Longest = 2048;
    internal const int AddressLength = 8;

    /// <summary>Datagrams on their way.</summary>
    internal int ToServer { get; private set; }

    internal int ToClient { get; private set; }

    internal long Datagrams { get; private set; }

    internal long Bytes { get; private set; }

    /// <summary>Where the client's datagrams come from, as the server's engine is told.</summary>
    internal byte[] ClientAddress { get; } = new byte[AddressLength];

    internal static Wire Make(Way way)
    {
        return way == Way.Memory ? new MemoryWire() : new UdpWire();
    }

    internal void SendToServer(byte[] bytes, int offset, int count)
    {
        Count(count);
        ToServer++;
        Send(true, bytes.AsSpan(offset, count));
    }

    internal void SendToClient(byte[] bytes, int offset, int count)
    {
        Count(count);
        ToClient++;
        Send(false, bytes.AsSpan(offset, count));
    }

    internal int ReceiveAtServer(byte[] buffer)
    {
        ToServer--;
        return Receive(true, buffer);
    }

    internal int ReceiveAtClient(byte[] buffer)
    {
        ToClient--;
        return Receive(false, buffer);
    }

    /// <summary>Takes what nobody wants any more.</summary>
    internal void Drain(byte[] buffer)
    {
        while (ToServer > 0)
        {
            ReceiveAtServer(buffer);
        }

        while (ToClient > 0)
        {
            ReceiveAtClient(buffer);
        }
    }

    public abstract void Dispose();

    protected abstract void Send(bool toServer, ReadOnlySpan<byte> datagram);

    protected abstract int Receive(bool atServer, byte[] buffer);

    private void Count(int bytes)
    {
        Datagrams++;
        Bytes += bytes;
    }

    private sealed class MemoryWire : Wire
    {
        private readonly Queue _toServer = new();
        private readonly Queue _toClient = new();

        public override void Dispose()
        {
        }

        protected override void Send(bool toServer, ReadOnlySpan<byte> datagram)
        {
            (toServer ? _toServer : _toClient).Add(datagram);
        }

        protected override int Receive(bool atServer, byte[] buffer)
        {
            return (atServer ? _toServer : _toClient).Take(buffer);
        }
    }

    private sealed class Queue
    {
        private const int Places = 64;

        private readonly byte[] _bytes = new byte[Places * Longest];
        private readonly int[] _lengths = new int[Places];
        private int _first;
        private int _count;

        internal void Add(ReadOnlySpan<byte> datagram)
        {
            if (_count == Places)
            {
                throw new InvalidOperationException("The queue is full.");
            }

            int place = (_first + _count++) % Places;
            _lengths[place] = datagram.Length;
            datagram.CopyTo(_bytes.AsSpan(place * Longest, Longest));
        }

        internal int Take(byte[] buffer)
        {
            int place = _first;
            _first = (_first + 1) % Places;
            _count--;
            _bytes.AsSpan(place * Longest, _lengths[place]).CopyTo(buffer);
            return _lengths[place];
        }
    }

    /// <summary>
    /// The client's socket is connected; the server's is not, as one port serves many. On Linux by the calls of NfDtls's own sockets:
    /// what is sent before anybody receives goes, and comes, by one system call.
    /// </summary>
    private sealed class UdpWire : Wire
    {
        private const int Places = 32;

        private readonly Socket _client = Open();
        private readonly Socket _server = Open();
        private readonly SocketAddress _clientAddress = new(AddressFamily.InterNetwork);
        private readonly SocketAddress _from = new(AddressFamily.InterNetwork);
        private readonly Path _toServer;
        private readonly Path _toClient;

        internal UdpWire()
        {
            _client.Connect(_server.LocalEndPoint!);
            IPEndPoint client = (IPEndPoint)_client.LocalEndPoint!;
            SocketAddress address = client.Serialize();
            address.Buffer[..address.Size].CopyTo(_clientAddress.Buffer);
            byte[] told = [4, (byte)(client.Port >> 8), (byte)client.Port, .. client.Address.GetAddressBytes()];
            told.CopyTo(ClientAddress, 0);
            _toServer = new Path(_client, _server, []);
            _toClient = new Path(_server, _client, told);
        }

        public override void Dispose()
        {
            _client.Dispose();
            _server.Dispose();
        }

        protected override void Send(bool toServer, ReadOnlySpan<byte> datagram)
        {
            if (LinuxCalls.AreThere)
            {
                (toServer ? _toServer : _toClient).Add(datagram);
            }
            else if (toServer)
            {
                _client.Send(datagram);
            }
            else
            {
                _server.SendTo(datagram, SocketFlags.None, _clientAddress);
            }
        }

        protected override int Receive(bool atServer, byte[] buffer)
        {
            if (LinuxCalls.AreThere)
            {
                return (atServer ? _toServer : _toClient).Take(buffer, atServer ? ClientAddress : null);
            }

            return atServer ? _server.ReceiveFrom(buffer, SocketFlags.None, _from) : _client.Receive(buffer);
        }

        private static Socket Open()
        {
            Socket socket = new(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
            socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
            return socket;
        }

        /// <summary>One direction.</summary>
        private sealed class Path(Socket from, Socket to, byte[] address)
        {
            private readonly LinuxBatch _outgoing = new(Places, Longest, false);
            private readonly LinuxBatch _incoming = new(Places, Longest, false);
            private readonly byte[] _sender = new byte[23];
            private int _next;

            internal void Add(ReadOnlySpan<byte> datagram)
            {
                if (_outgoing.Count == _outgoing.Places)
                {
                    Flush();
                }

                _outgoing.Add(datagram, address, default);
            }

            internal int Take(byte[] buffer, byte[]? sender)
            {
                if (_next == _incoming.Count)
                {
                    Flush();
                    _next = 0;
                    if (_incoming.Receive(to.SafeHandle, true) <= 0)
                    {
                        throw new InvalidOperationException("A datagram got lost.");
                    }
                }

                int index = _next++;
                int length = _incoming.WriteAddress(index, _sender);
                if (sender != null)
                {
                    _sender.AsSpan(0, length).CopyTo(sender);
                }

                _incoming.DatagramOf(index).CopyTo(buffer);
                return _incoming.LengthOf(index);
            }

            private void Flush()
            {
                for (int sent = 0; sent < _outgoing.Count;)
                {
                    int now = _outgoing.Send(from.SafeHandle, sent);
                    sent += now > 0 ? now : throw new InvalidOperationException("A datagram cannot be sent.");
                }

                _outgoing.Clear();
            }
        }
    }
}
