using System;
using System.Collections.Generic;
using System.Net;
using System.Net.Sockets;
using System.Threading;
using Org.BouncyCastle.Tls;

namespace NfDtls.Bench;

/// <summary>One end's transport. Its handshakes block, so that each end has a thread; records are passed on by one.</summary>
internal abstract class BouncyWire : DatagramTransport
{
    internal long Datagrams { get; private set; }

    internal long Bytes { get; private set; }

    /// <summary>Both ends, the client's first.</summary>
    internal static BouncyWire[] MakePair(Way way)
    {
        if (way == Way.Memory)
        {
            MemoryEnd[] ends = [new(), new()];
            ends[0].Peer = ends[1];
            ends[1].Peer = ends[0];
            return ends;
        }

        UdpEnd client = new();
        UdpEnd server = new();
        client.ConnectTo(server);
        return [client, server];
    }

    public int GetReceiveLimit()
    {
        return Wire.Longest;
    }

    public int GetSendLimit()
    {
        return 1400;
    }

    public int Receive(byte[] buf, int off, int len, int waitMillis)
    {
        return Receive(buf.AsSpan(off, len), waitMillis);
    }

    public void Send(byte[] buf, int off, int len)
    {
        Send(buf.AsSpan(off, len));
    }

    public void Send(ReadOnlySpan<byte> buffer)
    {
        Datagrams++;
        Bytes += buffer.Length;
        Pass(buffer);
    }

    public abstract int Receive(Span<byte> buffer, int waitMillis);

    public abstract void Close();

    /// <summary>Drops what nobody wants any more.</summary>
    internal abstract void Drain();

    protected abstract void Pass(ReadOnlySpan<byte> datagram);

    private sealed class MemoryEnd : BouncyWire
    {
        private readonly Queue<byte[]> _received = new();

        internal MemoryEnd Peer { get; set; } = null!;

        public override int Receive(Span<byte> buffer, int waitMillis)
        {
            lock (_received)
            {
                while (_received.Count == 0)
                {
                    if (!Monitor.Wait(_received, waitMillis))
                    {
                        return -1;
                    }
                }

                byte[] datagram = _received.Dequeue();
                datagram.CopyTo(buffer);
                return datagram.Length;
            }
        }

        public override void Close()
        {
        }

        internal override void Drain()
        {
            lock (_received)
            {
                _received.Clear();
            }
        }

        protected override void Pass(ReadOnlySpan<byte> datagram)
        {
            lock (Peer._received)
            {
                Peer._received.Enqueue(datagram.ToArray());
                Monitor.Pulse(Peer._received);
            }
        }
    }

    private sealed class UdpEnd : BouncyWire
    {
        private readonly Socket _socket = new(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        private readonly SocketAddress _from = new(AddressFamily.InterNetwork);
        private readonly SocketAddress _to = new(AddressFamily.InterNetwork);
        private bool _isConnected;

        internal UdpEnd()
        {
            _socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        }

        internal void ConnectTo(UdpEnd server)
        {
            _socket.Connect(server._socket.LocalEndPoint!);
            _isConnected = true;
            SocketAddress own = _socket.LocalEndPoint!.Serialize();
            own.Buffer[..own.Size].CopyTo(server._to.Buffer);
        }

        public override int Receive(Span<byte> buffer, int waitMillis)
        {
            return _isConnected ? _socket.Receive(buffer) : _socket.ReceiveFrom(buffer, SocketFlags.None, _from);
        }

        public override void Close()
        {
        }

        internal override void Drain()
        {
            byte[] unwanted = new byte[Wire.Longest];
            while (_socket.Available > 0)
            {
                Receive(unwanted, 0);
            }
        }

        protected override void Pass(ReadOnlySpan<byte> datagram)
        {
            if (_isConnected)
            {
                _socket.Send(datagram);
            }
            else
            {
                _socket.SendTo(datagram, SocketFlags.None, _to);
            }
        }
    }
}
