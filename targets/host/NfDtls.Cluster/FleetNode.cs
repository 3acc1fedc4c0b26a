using System;
using System.Net;
using System.Net.Sockets;
using System.Threading;
using System.Threading.Tasks;
using NfDtls.Extensions;
using NfDtls.Net;

namespace NfDtls.Cluster;

/// <summary>
/// A node of a fleet: connection IDs as QUIC-LB has them, and a UDP port on which the other nodes hand it what is its. Who lives is
/// said by <see cref="IFleetMembers"/>. Stands in <see cref="DtlsListenerOptions.Node"/>; <see cref="Serve"/> begins once the listener
/// is there.
/// </summary>
public sealed class FleetNode : ListenerNode, IAsyncDisposable
{
    private const int TagLength = 16;
    private const int MostDatagram = 65535;

    private readonly QuicLbOptions _ids;
    private readonly QuicLbCodec _codec;
    private readonly IFleetMembers _members;
    private readonly byte[] _key;
    private readonly Socket _socket;
    private readonly CancellationTokenSource _end = new();
    private Task _receiving = Task.CompletedTask;
    private long _refused;

    /// <param name="ids">The IDs, with this node's own: one that no other has, nor had while an ID of it may still be used.</param>
    /// <param name="members">Who else lives, and where.</param>
    /// <param name="handOver">Where the other nodes reach this one, in a network of theirs; port 0 is any.</param>
    /// <param name="key">What they prove by that a datagram comes from one of them: 16 bytes or more, the same at all.</param>
    /// <exception cref="ArgumentException">Something is out of its range.</exception>
    /// <exception cref="SocketException">The address cannot be had.</exception>
    public FleetNode(QuicLbOptions ids, IFleetMembers members, IPEndPoint handOver, byte[] key)
    {
        ArgumentNullException.ThrowIfNull(ids);
        ArgumentNullException.ThrowIfNull(members);
        ArgumentNullException.ThrowIfNull(handOver);
        ArgumentNullException.ThrowIfNull(key);
        ids.Validate(true);
        if (key.Length < TagLength)
        {
            throw new ArgumentException($"The key has {TagLength} bytes or more, not {key.Length}.", nameof(key));
        }

        _ids = new QuicLbOptions { ConfigurationId = ids.ConfigurationId, NodeId = (byte[])ids.NodeId!.Clone(), NonceLength = ids.NonceLength, Key = (byte[]?)ids.Key?.Clone() };
        _codec = new QuicLbCodec(_ids);
        _members = members;
        _key = (byte[])key.Clone();
        _socket = new Socket(handOver.AddressFamily, SocketType.Dgram, ProtocolType.Udp);
        _socket.Bind(handOver);
        HandOverEndPoint = (IPEndPoint)_socket.LocalEndPoint!;
    }

    /// <summary>Where the other nodes reach this one.</summary>
    public IPEndPoint HandOverEndPoint { get; }

    /// <summary>Datagrams on the port of the nodes' that no node sent.</summary>
    public long Refused => Volatile.Read(ref _refused);

    /// <inheritdoc/>
    public override ReadOnlyMemory<byte> Name => _ids.NodeId;

    /// <inheritdoc/>
    public override int IdLength => _codec.Length;

    /// <inheritdoc/>
    public override ConnectionIds CreateIds(int shard, int shards)
    {
        return new QuicLbIds(_ids, shard, shards);
    }

    /// <inheritdoc/>
    public override int ShardOf(ReadOnlySpan<byte> id, int shards)
    {
        Span<byte> name = stackalloc byte[_codec.NodeIdLength];
        Span<byte> nonce = stackalloc byte[_ids.NonceLength];
        return _codec.TryDecode(id, name, nonce) && name.SequenceEqual(_ids.NodeId) ? QuicLbIds.EngineOf(nonce, shards) : -1;
    }

    /// <inheritdoc/>
    public override bool TryReadNode(ReadOnlySpan<byte> id, Span<byte> name)
    {
        return _codec.TryDecode(id, name, default);
    }

    /// <inheritdoc/>
    public override bool HandOver(ReadOnlySpan<byte> name, ReadOnlySpan<byte> datagram, IPEndPoint peer)
    {
        IPEndPoint? to = _members.Find(name);
        if (to == null)
        {
            return false;
        }

        byte[] message = Envelope.Seal(_key, datagram, peer);
        try
        {
            _socket.SendTo(message, to);
            return true;
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            return false;
        }
    }

    /// <summary>Begins to give a listener what other nodes hand over.</summary>
    public void Serve(DtlsListener listener)
    {
        ArgumentNullException.ThrowIfNull(listener);
        _receiving = Task.Run(() => ReceiveAsync(listener));
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync().ConfigureAwait(false);
        await _receiving.ConfigureAwait(false);
        _socket.Dispose();
        _codec.Dispose();
        _end.Dispose();
    }

    private async Task ReceiveAsync(DtlsListener listener)
    {
        byte[] buffer = new byte[MostDatagram];
        EndPoint any = new IPEndPoint(_socket.AddressFamily == AddressFamily.InterNetwork ? IPAddress.Any : IPAddress.IPv6Any, 0);
        while (true)
        {
            try
            {
                SocketReceiveFromResult result = await _socket.ReceiveFromAsync(buffer, any, _end.Token).ConfigureAwait(false);
                if (Envelope.TryOpen(_key, buffer.AsSpan(0, result.ReceivedBytes), out ReadOnlySpan<byte> datagram, out IPEndPoint? peer))
                {
                    listener.Receive(datagram, peer!);
                }
                else
                {
                    Interlocked.Increment(ref _refused);
                }
            }
            catch (SocketException)
            {
                // A node that was sent something has gone.
            }
            catch (OperationCanceledException)
            {
                return;
            }
        }
    }
}
