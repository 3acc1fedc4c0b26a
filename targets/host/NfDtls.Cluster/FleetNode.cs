using System;
using System.Diagnostics.CodeAnalysis;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;
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
    private const int KeyLength = 32;
    private const int MostDatagram = 65535;
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(20);

    private readonly QuicLbOptions _ids;
    private readonly QuicLbCodec _codec;
    private readonly IFleetMembers _members;
    private readonly byte[] _handOverKey;
    private readonly byte[] _associationKey;
    private readonly Socket _socket;
    private readonly CancellationTokenSource _end = new();
    private Task _receiving = Task.CompletedTask;
    private long _refused;
    private long _failures;

    /// <param name="ids">The IDs, with this node's own: one that no other has, nor had while an ID of it may still be used.</param>
    /// <param name="members">Who else lives, and where.</param>
    /// <param name="handOver">Where the other nodes reach this one, in a network of theirs: an address of this machine's, and not all of them; port 0 is any.</param>
    /// <param name="key">What the nodes share: 16 bytes or more, the same at all. Keys of its own for each use are derived of it.</param>
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

        if (!IsReachable(handOver))
        {
            throw new ArgumentException($"The other nodes reach this one at an address of its own, not at {handOver.Address}.", nameof(handOver));
        }

        _ids = new QuicLbOptions { ConfigurationId = ids.ConfigurationId, NodeId = (byte[])ids.NodeId!.Clone(), NonceLength = ids.NonceLength, Key = (byte[]?)ids.Key?.Clone() };
        _codec = new QuicLbCodec(_ids);
        _members = members;
        _handOverKey = Derive(key, "NfDtls fleet hand-over v1");
        _associationKey = Derive(key, "NfDtls fleet associations v1");
        _socket = new Socket(handOver.AddressFamily, SocketType.Dgram, ProtocolType.Udp);
        _socket.Bind(handOver);
        HandOverEndPoint = (IPEndPoint)_socket.LocalEndPoint!;
    }

    /// <summary>Where the other nodes reach this one.</summary>
    public IPEndPoint HandOverEndPoint { get; }

    /// <summary>For <see cref="DtlsListenerOptions.AssociationKey"/>: 32 bytes of the nodes' key, used for nothing else.</summary>
    public byte[] AssociationKey => (byte[])_associationKey.Clone();

    /// <summary>Datagrams on the port of the nodes' that no node sent.</summary>
    public long Refused => Volatile.Read(ref _refused);

    /// <summary>Times that something of another node's could not be received or given to the listener, for whatever reason. The next is.</summary>
    public long Failures => Volatile.Read(ref _failures);

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
    public override bool Lives(ReadOnlySpan<byte> name)
    {
        return name.SequenceEqual(_ids.NodeId) || _members.Find(name) != null;
    }

    /// <inheritdoc/>
    public override bool HandOver(ReadOnlySpan<byte> name, ReadOnlySpan<byte> datagram, IPEndPoint peer)
    {
        IPEndPoint? to = _members.Find(name);
        if (to == null)
        {
            return false;
        }

        byte[] message = Envelope.Seal(_handOverKey, datagram, peer);
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
        CryptographicOperations.ZeroMemory(_handOverKey);
        CryptographicOperations.ZeroMemory(_associationKey);
        _end.Dispose();
    }

    /// <summary>Whether others can send to an address: it is not that of any interface.</summary>
    internal static bool IsReachable(IPEndPoint address)
    {
        return !address.Address.Equals(IPAddress.Any) && !address.Address.Equals(IPAddress.IPv6Any) && !address.Address.Equals(IPAddress.Any.MapToIPv6());
    }

    private static byte[] Derive(byte[] key, string use)
    {
        return HKDF.DeriveKey(HashAlgorithmName.SHA256, key, KeyLength, null, Encoding.ASCII.GetBytes(use));
    }

    [SuppressMessage("Design", "CA1031", Justification = "Whatever keeps one datagram from the listener, the next may get there.")]
    private async Task ReceiveAsync(DtlsListener listener)
    {
        byte[] buffer = new byte[MostDatagram];
        EndPoint any = new IPEndPoint(_socket.AddressFamily == AddressFamily.InterNetwork ? IPAddress.Any : IPAddress.IPv6Any, 0);
        while (!_end.IsCancellationRequested)
        {
            try
            {
                SocketReceiveFromResult result = await _socket.ReceiveFromAsync(buffer, any, _end.Token).ConfigureAwait(false);
                Take(listener, buffer.AsSpan(0, result.ReceivedBytes));
            }
            catch (SocketException e) when (e.SocketErrorCode is SocketError.ConnectionReset or SocketError.ConnectionRefused)
            {
                // A node that was sent something has gone.
            }
            catch (OperationCanceledException) when (_end.IsCancellationRequested)
            {
                return;
            }
            catch (Exception)
            {
                Interlocked.Increment(ref _failures);
                await PauseAsync().ConfigureAwait(false);
            }
        }
    }

    private void Take(DtlsListener listener, ReadOnlySpan<byte> message)
    {
        if (Envelope.TryOpen(_handOverKey, message, out ReadOnlySpan<byte> datagram, out IPEndPoint? peer))
        {
            listener.Receive(datagram, peer!);
        }
        else
        {
            Interlocked.Increment(ref _refused);
        }
    }

    // What is broken for good fails at once, again and again.
    private async Task PauseAsync()
    {
        try
        {
            await Task.Delay(Pause, _end.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            // The loop ends.
        }
    }
}
