using System;
using System.Collections.Generic;
using System.Net;
using System.Net.Sockets;
using System.Threading;
using System.Threading.Tasks;

namespace NfDtls.Tests.Net.Loads;

/// <summary>A path between one client and a server that lets so many datagrams pass, both ways together, and holds the rest.</summary>
internal sealed class Gate : IAsyncDisposable
{
    private readonly Socket _near = New();
    private readonly Socket _far = New();
    private readonly IPEndPoint _server;
    private readonly CancellationTokenSource _end = new();
    private readonly Lock _lock = new();
    private readonly List<Action> _held = [];
    private readonly Task[] _pumps;
    private EndPoint? _client;
    private int _left;

    internal Gate(IPEndPoint server, int passes)
    {
        _server = server;
        _left = passes;
        _pumps = [PumpAsync(_near, true), PumpAsync(_far, false)];
    }

    internal IPEndPoint EndPoint => (IPEndPoint)_near.LocalEndPoint!;

    /// <summary>Whether something waits before it.</summary>
    internal bool Holds
    {
        get
        {
            lock (_lock)
            {
                return _held.Count > 0;
            }
        }
    }

    /// <summary>Lets nothing more pass.</summary>
    internal void Shut()
    {
        lock (_lock)
        {
            _left = 0;
        }
    }

    /// <summary>Lets everything pass, what was held first.</summary>
    internal void Open()
    {
        lock (_lock)
        {
            _left = int.MaxValue;
            _held.ForEach(one => one());
            _held.Clear();
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        await Task.WhenAll(_pumps);
        _near.Dispose();
        _far.Dispose();
        _end.Dispose();
    }

    private static Socket New()
    {
        Socket socket = new(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        return socket;
    }

    private async Task PumpAsync(Socket socket, bool isNear)
    {
        byte[] buffer = new byte[2048];
        while (true)
        {
            try
            {
                SocketReceiveFromResult result = await socket.ReceiveFromAsync(buffer, new IPEndPoint(IPAddress.Any, 0), _end.Token);
                Pass(buffer.AsSpan(0, result.ReceivedBytes).ToArray(), isNear ? result.RemoteEndPoint : null);
            }
            catch (SocketException)
            {
                // Somebody has gone already.
            }
            catch (OperationCanceledException)
            {
                return;
            }
        }
    }

    private void Pass(byte[] datagram, EndPoint? client)
    {
        lock (_lock)
        {
            _client = client ?? _client;
            void Send() => _ = client != null ? _far.SendTo(datagram, _server) : _near.SendTo(datagram, _client!);
            if (_left > 0)
            {
                _left--;
                Send();
            }
            else
            {
                _held.Add(Send);
            }
        }
    }
}
