using System;
using System.Collections.Concurrent;
using System.Collections.Generic;
using System.Linq;
using System.Net;
using System.Net.Sockets;
using System.Threading;
using System.Threading.Tasks;
using NfDtls.Cluster;

namespace NfDtls.Tests.Cluster;

/// <summary>
/// One address before many nodes. A record with a connection ID goes to the node that the ID names, as QUIC-LB has it, where that is
/// in its list; everything else by who sent it, new ones in turn. Answers are taken from whichever node they come.
/// </summary>
internal sealed class Balancer : IAsyncDisposable
{
    private readonly Socket _near = New();
    private readonly QuicLbCodec _codec;
    private readonly Lock _lock = new();
    private readonly List<(byte[] Name, IPEndPoint Address)> _nodes = [];
    private readonly Dictionary<EndPoint, Client> _clients = [];
    private readonly ConcurrentQueue<Task> _pumps = new();
    private readonly CancellationTokenSource _end = new();
    private int _turn;

    /// <summary>Datagrams of clients' that were sent on, since <see cref="Only"/> was set last.</summary>
    internal int Count;
    private IPEndPoint? _only;

    internal Balancer(QuicLbOptions ids)
    {
        _codec = new QuicLbCodec(ids);
        _pumps.Enqueue(PumpAsync(_near, FromClient));
    }

    internal IPEndPoint EndPoint => (IPEndPoint)_near.LocalEndPoint!;

    /// <summary>Where everything goes, whatever it says; null for the rules.</summary>
    internal IPEndPoint? Only
    {
        get => _only;
        set
        {
            _only = value;
            Volatile.Write(ref Count, 0);
        }
    }

    /// <summary>Told of every datagram from a client, and of every one to it.</summary>
    internal Action<EndPoint, byte[], bool>? Seen { get; set; }

    internal void Add(byte[] name, IPEndPoint address)
    {
        lock (_lock)
        {
            _nodes.Add((name, address));
        }
    }

    internal void Remove(byte[] name)
    {
        lock (_lock)
        {
            _nodes.RemoveAll(node => node.Name.AsSpan().SequenceEqual(name));
        }
    }

    /// <summary>Sends something once more, as if it came from the client.</summary>
    internal void Repeat(EndPoint client, byte[] datagram)
    {
        FromClient(datagram, client);
    }

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        await Task.WhenAll(_pumps);

        // Not before: a datagram that has come goes on to one of these.
        lock (_lock)
        {
            foreach (Client client in _clients.Values)
            {
                client.Far.Dispose();
            }
        }

        _near.Dispose();
        _codec.Dispose();
    }

    private static Socket New()
    {
        Socket socket = new(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        return socket;
    }

    private void FromClient(byte[] datagram, EndPoint from)
    {
        Seen?.Invoke(from, datagram, true);
        Client client;
        IPEndPoint? to;
        lock (_lock)
        {
            if (!_clients.TryGetValue(from, out client!))
            {
                client = new Client(New());
                _clients[from] = client;
                _pumps.Enqueue(PumpAsync(client.Far, (answer, _) =>
                {
                    Seen?.Invoke(from, answer, false);
                    _near.SendTo(answer, from);
                }));
            }

            to = Only ?? Named(datagram) ?? Usual(client);
        }

        if (to != null)
        {
            client.Far.SendTo(datagram, to);
            Interlocked.Increment(ref Count);
        }
    }

    private IPEndPoint? Usual(Client client)
    {
        if (!_nodes.Exists(node => node.Address.Equals(client.Node)))
        {
            client.Node = _nodes.Count == 0 ? null : _nodes[_turn++ % _nodes.Count].Address;
        }

        return client.Node;
    }

    private IPEndPoint? Named(byte[] datagram)
    {
        const int FormOf12 = 25;
        const int IdIn12 = 11;
        int at = datagram[0] == FormOf12 ? IdIn12 : (datagram[0] & 0xF0) == 0x30 ? 1 : 0;
        byte[] name = new byte[_codec.NodeIdLength];
        if (at == 0 || datagram.Length < at || !_codec.TryDecode(datagram.AsSpan(at), name, default))
        {
            return null;
        }

        return _nodes.FirstOrDefault(node => node.Name.AsSpan().SequenceEqual(name)).Address;
    }

    private async Task PumpAsync(Socket socket, Action<byte[], EndPoint> take)
    {
        byte[] buffer = new byte[4096];
        try
        {
            while (true)
            {
                try
                {
                    SocketReceiveFromResult result = await socket.ReceiveFromAsync(buffer, new IPEndPoint(IPAddress.Any, 0), _end.Token);
                    take(buffer.AsSpan(0, result.ReceivedBytes).ToArray(), result.RemoteEndPoint);
                }
                catch (SocketException)
                {
                    // A node, or a client, has gone.
                }
            }
        }
        catch (OperationCanceledException)
        {
            // The end.
        }
    }

    private sealed class Client(Socket far)
    {
        internal Socket Far { get; } = far;

        internal IPEndPoint? Node { get; set; }
    }
}
