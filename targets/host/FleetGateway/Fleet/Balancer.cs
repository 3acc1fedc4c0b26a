using System;
using System.Collections.Generic;
using System.Linq;
using System.Net;
using System.Net.Sockets;
using System.Threading;
using System.Threading.Tasks;
using NfDtls.Cluster;

namespace FleetGateway.Fleet;

/// <summary>
/// One UDP port before the nodes of one machine. A record whose connection ID names a node that lives goes there
/// (draft-ietf-quic-load-balancers, with RFC 9146 and RFC 9147 for where the ID stands); anything else goes by its sender: to the node
/// that it was given before, while that lives, and to one by the hash of its address. For one machine: a service has a balancer of its
/// network's before it.
/// </summary>
internal sealed class Balancer : IAsyncDisposable
{
    private const int MostClients = 4096;
    private const int MostDatagram = 65535;
    private const int TypeOfId = 25;
    private const int IdIn12 = 11;
    private const int UnifiedMask = 0xF0;
    private const int UnifiedWithId = 0x30;

    private readonly Socket _near;
    private readonly QuicLbCodec _codec;
    private readonly Lock _lock = new();
    private readonly List<(byte[] Name, IPEndPoint Address)> _nodes = [];
    private readonly Dictionary<IPEndPoint, Client> _clients = [];
    private readonly LinkedList<Client> _order = new();
    private readonly CancellationTokenSource _end = new();
    private readonly Task _pump;

    internal Balancer(IPEndPoint listen, QuicLbOptions ids)
    {
        _codec = new QuicLbCodec(ids);
        _near = new Socket(listen.AddressFamily, SocketType.Dgram, ProtocolType.Udp);
        if (listen.Address.Equals(IPAddress.IPv6Any))
        {
            _near.DualMode = true;
        }

        _near.Bind(listen);
        EndPoint = (IPEndPoint)_near.LocalEndPoint!;
        _pump = Task.Run(() => PumpAsync(_near, TakeFromClient));
    }

    internal IPEndPoint EndPoint { get; }

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

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        await _pump;
        _near.Dispose();
        lock (_lock)
        {
            foreach (Client client in _order)
            {
                client.Far.Dispose();
            }
        }

        _codec.Dispose();
        _end.Dispose();
    }

    private void TakeFromClient(ReadOnlySpan<byte> datagram, IPEndPoint from)
    {
        Client client;
        IPEndPoint? to;
        lock (_lock)
        {
            client = Find(from);
            to = Named(datagram) ?? Usual(client);
        }

        if (to != null)
        {
            Send(client.Far, datagram, to);
        }
    }

    // Who spoke last stands last; where there are too many, who has been silent for longest gives way.
    private Client Find(IPEndPoint from)
    {
        if (_clients.TryGetValue(from, out Client? client))
        {
            _order.Remove(client.Place!);
            client.Place = _order.AddLast(client);
            return client;
        }

        if (_order.Count == MostClients)
        {
            Client oldest = _order.First!.Value;
            _order.RemoveFirst();
            _clients.Remove(oldest.EndPoint);
            oldest.Far.Dispose();
        }

        Socket far = new(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        far.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        client = new Client(from, far);
        client.Place = _order.AddLast(client);
        _clients.Add(from, client);
        _ = Task.Run(() => PumpAsync(far, (answer, _) => Send(_near, answer, from)));
        return client;
    }

    private IPEndPoint? Named(ReadOnlySpan<byte> datagram)
    {
        if (datagram.IsEmpty)
        {
            return null;
        }

        int at = datagram[0] == TypeOfId ? IdIn12 : (datagram[0] & UnifiedMask) == UnifiedWithId ? 1 : 0;
        Span<byte> name = stackalloc byte[_codec.NodeIdLength];
        if (at == 0 || datagram.Length < at || !_codec.TryDecode(datagram[at..], name, default))
        {
            return null;
        }

        foreach ((byte[] node, IPEndPoint address) in _nodes)
        {
            if (name.SequenceEqual(node))
            {
                return address;
            }
        }

        return null;
    }

    private IPEndPoint? Usual(Client client)
    {
        if (client.Node == null || !_nodes.Exists(node => node.Address.Equals(client.Node)))
        {
            client.Node = _nodes.OrderByDescending(node => HashCode.Combine(client.EndPoint, node.Address)).FirstOrDefault().Address;
        }

        return client.Node;
    }

    private static void Send(Socket socket, ReadOnlySpan<byte> datagram, IPEndPoint to)
    {
        try
        {
            socket.SendTo(datagram, to);
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // Lost, as datagrams are.
        }
    }

    private async Task PumpAsync(Socket socket, Take take)
    {
        byte[] buffer = new byte[MostDatagram];
        EndPoint any = new IPEndPoint(socket.AddressFamily == AddressFamily.InterNetwork ? IPAddress.Any : IPAddress.IPv6Any, 0);
        while (true)
        {
            try
            {
                SocketReceiveFromResult result = await socket.ReceiveFromAsync(buffer, any, _end.Token);
                take(buffer.AsSpan(0, result.ReceivedBytes), (IPEndPoint)result.RemoteEndPoint);
            }
            catch (SocketException e) when (e.SocketErrorCode is SocketError.ConnectionReset or SocketError.ConnectionRefused or SocketError.MessageSize)
            {
                // A node, or a client, has gone.
            }
            catch (Exception e) when (e is OperationCanceledException or ObjectDisposedException or SocketException)
            {
                return;
            }
        }
    }

    private delegate void Take(ReadOnlySpan<byte> datagram, IPEndPoint from);

    private sealed class Client(IPEndPoint endPoint, Socket far)
    {
        internal IPEndPoint EndPoint => endPoint;

        internal Socket Far => far;

        internal IPEndPoint? Node { get; set; }

        internal LinkedListNode<Client>? Place { get; set; }
    }
}
