using System;
using System.Collections.Generic;
using System.Net;
using System.Net.Sockets;
using Org.BouncyCastle.Tls;

namespace NfDtls.Tests.Peers.Ends;

/// <summary>A UDP socket of the loopback address as BouncyCastle wants it; a server's peer is who speaks first.</summary>
internal sealed class BouncyTransport : DatagramTransport
{
    private const int Limit = 1500;

    // All that it had, the newest last: another thread may wait for what comes to one.
    private readonly List<Socket> _sockets = [Open()];
    private volatile Socket _socket;
    private EndPoint _peer;

    internal BouncyTransport(int peerPort)
    {
        _socket = _sockets[0];
        _peer = new IPEndPoint(IPAddress.Loopback, peerPort);
    }

    internal int Port
    {
        get { return ((IPEndPoint)_socket.LocalEndPoint!).Port; }
    }

    /// <summary>Goes on from another port.</summary>
    internal void ChangePort()
    {
        _sockets.Add(Open());
        _socket = _sockets[^1];
    }

    public int GetReceiveLimit()
    {
        return Limit;
    }

    public int GetSendLimit()
    {
        return Limit;
    }

    public int Receive(byte[] buf, int off, int len, int waitMillis)
    {
        return Receive(buf.AsSpan(off, len), waitMillis);
    }

    public int Receive(Span<byte> buffer, int waitMillis)
    {
        Socket socket = _socket;
        return socket.Poll(waitMillis * 1000, SelectMode.SelectRead) ? socket.ReceiveFrom(buffer, ref _peer) : -1;
    }

    public void Send(byte[] buf, int off, int len)
    {
        Send(buf.AsSpan(off, len));
    }

    public void Send(ReadOnlySpan<byte> buffer)
    {
        _socket.SendTo(buffer, _peer);
    }

    public void Close()
    {
        _sockets.ForEach(socket => socket.Dispose());
    }

    private static Socket Open()
    {
        Socket socket = new(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        return socket;
    }
}
