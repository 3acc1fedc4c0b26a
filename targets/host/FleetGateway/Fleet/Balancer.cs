using System;
using System.Buffers;
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
    private const int MostDatagram = 65535;
    private const int GiveBack = 64;
    private const int TypeOfAlert = 21;
    private const int TypeOfHandshake = 22;
    private const int TypeOfId = 25;
    private const int IdIn12 = 11;
    private const int UnifiedMask = 0xF0;
    private const int UnifiedWithId = 0x30;
    private static readonly TimeSpan Sweep = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan ToldEvery = TimeSpan.FromMinutes(1);

    private readonly Socket _near;
    private readonly QuicLbCodec _codec;
    private readonly Lock _lock = new();
    private readonly List<(byte[] Name, IPEndPoint Address)> _nodes = [];
    private readonly TimeProvider _time;
    private readonly Action<SocketException> _tell;
    private readonly Func<Socket> _open;
    private readonly Senders _senders;
    private readonly ITimer _sweep;
    private readonly CancellationTokenSource _end = new();
    private readonly Task _pump;
    private long? _told;

    /// <summary>Opens the port.</summary>
    /// <param name="listen">Where; port 0 for any.</param>
    /// <param name="ids">How the nodes' connection IDs are.</param>
    /// <param name="time">The time.</param>
    /// <param name="tell">Is told, once a minute at the most, why datagrams are dropped here: the process has no more descriptors, say.</param>
    /// <param name="open">Opens the socket of a sender; null for one at the loopback address.</param>
    internal Balancer(IPEndPoint listen, QuicLbOptions ids, TimeProvider time, Action<SocketException> tell, Func<Socket>? open = null)
    {
        _time = time;
        _tell = tell;
        _open = open ?? Open;
        _senders = new Senders(time);
        _codec = new QuicLbCodec(ids);
        _near = new Socket(listen.AddressFamily, SocketType.Dgram, ProtocolType.Udp);
        if (listen.Address.Equals(IPAddress.IPv6Any))
        {
            _near.DualMode = true;
        }

        _near.Bind(listen);
        EndPoint = (IPEndPoint)_near.LocalEndPoint!;
        _pump = Task.Run(PumpAsync);
        _sweep = time.CreateTimer(_ => EndSilent(), null, Sweep, Sweep);
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
        await _sweep.DisposeAsync();
        await _pump;
        _near.Dispose();
        lock (_lock)
        {
            _senders.EndAll();
        }

        _codec.Dispose();
        _end.Dispose();
    }

    private void EndSilent()
    {
        lock (_lock)
        {
            _senders.EndSilent();
        }
    }

    private void Take(ReadOnlySpan<byte> datagram, IPEndPoint from)
    {
        Sender? sender;
        IPEndPoint? to;
        lock (_lock)
        {
            sender = _senders.Find(from) ?? Welcome(from);
            to = sender == null ? null : Named(datagram) ?? Usual(sender);
        }

        if (to != null)
        {
            Send(sender!.Far, datagram, to);
        }
    }

    // Null where there is no socket for it: its datagram is lost, and strangers give theirs back, so that the rest of the process has some.
    private Sender? Welcome(IPEndPoint from)
    {
        try
        {
            Sender sender = new(from, _open());
            _senders.Add(sender);
            _ = Task.Run(() => PumpAsync(sender));
            return sender;
        }
        catch (SocketException e)
        {
            _senders.EndStrangers(GiveBack);
            Tell(e);
            return null;
        }
    }

    private static Socket Open()
    {
        Socket far = new(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        try
        {
            far.Bind(new IPEndPoint(IPAddress.Loopback, 0));
            far.Blocking = false;
            return far;
        }
        catch (SocketException)
        {
            far.Dispose();
            throw;
        }
    }

    private void Tell(SocketException e)
    {
        if (_told is not { } last || _time.GetElapsedTime(last) >= ToldEvery)
        {
            _told = _time.GetTimestamp();
            _tell(e);
        }
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

    private IPEndPoint? Usual(Sender sender)
    {
        if (sender.Node == null || !_nodes.Exists(node => node.Address.Equals(sender.Node)))
        {
            sender.Node = _nodes.OrderByDescending(node => HashCode.Combine(sender.EndPoint, node.Address)).FirstOrDefault().Address;
        }

        return sender.Node;
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

    // It goes on whatever a datagram leads to: all devices come by it.
    private async Task PumpAsync()
    {
        byte[] buffer = new byte[MostDatagram];
        EndPoint any = new IPEndPoint(_near.AddressFamily == AddressFamily.InterNetwork ? IPAddress.Any : IPAddress.IPv6Any, 0);
        while (!_end.IsCancellationRequested)
        {
            try
            {
                SocketReceiveFromResult result = await _near.ReceiveFromAsync(buffer, any, _end.Token);
                Take(buffer.AsSpan(0, result.ReceivedBytes), (IPEndPoint)result.RemoteEndPoint);
            }
            catch (SocketException e) when (IsOfOneDatagram(e))
            {
                // A client has gone.
            }
            catch (SocketException e)
            {
                lock (_lock)
                {
                    Tell(e);
                }

                await Task.WhenAny(Task.Delay(Pause, _time, _end.Token));
            }
            catch (OperationCanceledException)
            {
                return;
            }
        }
    }

    // What a node answers. There is one of these for each sender: it has no buffer while it waits, for the datagram is looked at first.
    private async Task PumpAsync(Sender sender)
    {
        byte[] first = new byte[1];
        while (true)
        {
            try
            {
                await sender.Far.ReceiveAsync(first, SocketFlags.Peek, _end.Token);
                PassOn(sender);
            }
            catch (SocketException e) when (IsOfOneDatagram(e))
            {
                // A node has gone, or (Windows) the datagram is longer than a look at it.
                PassOn(sender);
            }
            catch (Exception e) when (e is SocketException or ObjectDisposedException or OperationCanceledException)
            {
                lock (_lock)
                {
                    _senders.End(sender);
                }

                return;
            }
        }
    }

    private void PassOn(Sender sender)
    {
        byte[] buffer = ArrayPool<byte>.Shared.Rent(MostDatagram);
        try
        {
            int length = sender.Far.Receive(buffer);
            if (length > 0 && buffer[0] is not (TypeOfAlert or TypeOfHandshake))
            {
                lock (_lock)
                {
                    _senders.Know(sender);
                }
            }

            Send(_near, buffer.AsSpan(0, length), sender.EndPoint);
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // It was none, or the sender has ended, which the next look says.
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private static bool IsOfOneDatagram(SocketException e)
    {
        return e.SocketErrorCode is SocketError.ConnectionReset or SocketError.ConnectionRefused or SocketError.MessageSize or SocketError.WouldBlock;
    }
}
