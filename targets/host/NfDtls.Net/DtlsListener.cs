using System;
using System.Collections.Generic;
using System.Linq;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using System.Threading;
using System.Threading.Channels;
using System.Threading.Tasks;
using NfDtls.Ecdhe;

namespace NfDtls.Net;

/// <summary>
/// Listens for DTLS clients on one UDP port. Its shards are engines with a lock each, one for each core unless told otherwise, and
/// a client belongs to one of them. Safe from any thread.
/// </summary>
public sealed class DtlsListener : IAsyncDisposable
{
    private readonly Channel<DtlsConnection> _backlog;
    private readonly ListenerShard[] _shards;
    private readonly bool _sharesSocket;
    private readonly Arrivals? _arrivals;
    private readonly Lock _updating = new();
    private long _handedOver;
    private long _rejected;
    private long _pskTimeouts;
    private int _isDisposed;
    private volatile bool _isDraining;

    private DtlsListener(DtlsListenerOptions options)
    {
        Options = options;
        _backlog = Channel.CreateBounded<DtlsConnection>(new BoundedChannelOptions(options.ListenBacklog) { FullMode = BoundedChannelFullMode.Wait });
        int count = options.ShardCount;
        Socket[] sockets = ListenerSockets.Bind(options.ListenEndPoint!, count);
        _sharesSocket = sockets.Length < count;
        _arrivals = options.Node == null ? null : new Arrivals(this, options.Node, options.Associations);
        _shards = new ListenerShard[count];
        try
        {
            PeerTrust trust = new(options, null) { Sender = this };
            for (int i = 0; i < count; i++)
            {
                _shards[i] = ListenerShard.Create(this, options, trust, i, count, sockets[i % sockets.Length], i < sockets.Length);
            }
        }
        catch
        {
            foreach (Socket socket in sockets)
            {
                socket.Dispose();
            }

            throw;
        }

        LocalEndPoint = (IPEndPoint)sockets[0].LocalEndPoint!;
        for (int i = 0; i < sockets.Length; i++)
        {
            _shards[i].Start();
        }
    }

    /// <summary>
    /// A handshake failed, or a part that was plugged in broke, with what is known of it. Raised on the thread pool; what a handler
    /// throws is lost.
    /// </summary>
    public event EventHandler<DtlsListenerErrorEventArgs>? Error;

    /// <summary>Where the listener listens, with the port that it got.</summary>
    public IPEndPoint LocalEndPoint { get; }

    /// <summary>How many shards there are.</summary>
    public int ShardCount => _shards.Length;

    internal ListenerShard ShardAt(int index)
    {
        return _shards[index];
    }

    /// <summary>Where its cryptography comes from: the library and its version or ".NET", with what the processor does by itself, or the type of another provider.</summary>
    public string Cryptography => _shards[0].Cryptography;

    /// <summary>Whether <see cref="DrainAsync"/> was called: no new clients are taken.</summary>
    public bool IsDraining => _isDraining;

    internal DtlsListenerOptions Options { get; }

    /// <summary>Begins to listen.</summary>
    /// <param name="options">Where, and how.</param>
    /// <param name="cancellationToken">Looked at before anything begins.</param>
    /// <exception cref="ArgumentException">An option is not allowed; the message names it.</exception>
    /// <exception cref="DtlsException">SocketError: the address cannot be had.</exception>
    public static ValueTask<DtlsListener> ListenAsync(DtlsListenerOptions options, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(options);
        options.Validate(nameof(options));
        cancellationToken.ThrowIfCancellationRequested();
        DtlsErrors.UseInExceptions();
        return ValueTask.FromResult(new DtlsListener(options));
    }

    /// <summary>Waits for the next client whose handshake has succeeded.</summary>
    /// <param name="cancellationToken">Ends the wait; no connection is lost.</param>
    /// <exception cref="ObjectDisposedException">The listener was disposed of.</exception>
    /// <exception cref="OperationCanceledException">The wait was ended.</exception>
    public async ValueTask<DtlsConnection> AcceptConnectionAsync(CancellationToken cancellationToken = default)
    {
        try
        {
            return await _backlog.Reader.ReadAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (ChannelClosedException)
        {
            throw new ObjectDisposedException(nameof(DtlsListener));
        }
    }

    /// <summary>
    /// Takes other certificates for the handshakes that begin from now on; connections and handshakes that run keep theirs. All
    /// or nothing.
    /// </summary>
    /// <param name="certificates">With their private keys, the preferred first.</param>
    /// <param name="intermediates">What is sent behind them, or null.</param>
    /// <exception cref="InvalidOperationException">The listener began without certificates.</exception>
    /// <exception cref="ArgumentException">There is none, or one has no private key that is of use.</exception>
    public void UpdateCertificates(X509Certificate2Collection certificates, X509Certificate2Collection? intermediates = null)
    {
        ArgumentNullException.ThrowIfNull(certificates);
        if (certificates.Count == 0)
        {
            throw new ArgumentException("There is no certificate.", nameof(certificates));
        }

        lock (_updating)
        {
            List<(ObjectSource Source, Credential[] Credentials)> prepared = [];
            foreach (ListenerShard shard in _shards)
            {
                ObjectSource source = shard.Source ?? throw new InvalidOperationException("The listener began without certificates, and so without suites for them.");
                prepared.Add((source, source.Prepare(certificates, intermediates)));
            }

            foreach ((ObjectSource source, Credential[] credentials) in prepared)
            {
                source.Replace(credentials);
            }
        }
    }

    /// <summary>What was counted so far.</summary>
    public DtlsListenerStatistics GetStatistics()
    {
        return new DtlsListenerStatistics
        {
            Sessions = _shards.Sum(shard => shard.Sessions),
            Handshakes = _shards.Sum(shard => shard.Handshakes),
            HandshakesCompleted = _shards.Sum(shard => (long)shard.Statistics.HandshakesCompleted),
            HandshakesFailed = _shards.Sum(shard => (long)shard.Statistics.HandshakesFailed),
            NoFreeSession = _shards.Sum(shard => (long)shard.Statistics.NoFreeSession),
            CookiesSent = _shards.Sum(shard => (long)shard.Statistics.CookiesSent),
            RecordsDropped = _shards.Sum(shard => (long)shard.Statistics.DroppedInAll),
            DatagramsReceived = _shards.Sum(shard => (long)shard.Statistics.DatagramsReceived),
            DatagramsSent = _shards.Sum(shard => (long)shard.Statistics.DatagramsSent),
            DatagramsLost = _shards.Sum(shard => shard.DatagramsLost),
            PeersMoved = _shards.Sum(shard => (long)shard.Statistics.PeersMoved),
            DatagramsHandedOver = Volatile.Read(ref _handedOver),
            DatagramsForOtherNodes = _arrivals?.HandedOver ?? 0,
            DatagramsForNobody = _arrivals?.Lost ?? 0,
            AssociationsTakenOver = _arrivals?.Restored ?? 0,
            BacklogRejections = Volatile.Read(ref _rejected),
            PskTimeouts = Volatile.Read(ref _pskTimeouts),
        };
    }

    /// <summary>
    /// Takes a datagram of this node's that another one was given (<see cref="ListenerNode.HandOver"/>), as if it had come from its peer.
    /// Answers go there from this listener's own address.
    /// </summary>
    /// <param name="datagram">As it came.</param>
    /// <param name="peer">From whom.</param>
    /// <exception cref="InvalidOperationException">The options have no <see cref="DtlsListenerOptions.Node"/>.</exception>
    public void Receive(ReadOnlySpan<byte> datagram, IPEndPoint peer)
    {
        ArgumentNullException.ThrowIfNull(peer);
        ListenerNode node = Options.Node ?? throw new InvalidOperationException("The listener is no node of several: its options have none.");
        ReadOnlySpan<byte> id = ShardIds.IdOf(datagram, node.IdLength);
        if (id.IsEmpty)
        {
            return; // A record that names nobody is nobody's but who got it.
        }

        int named = node.ShardOf(id, _shards.Length);
        ListenerShard? shard = named >= 0 ? _shards[named] : _arrivals!.Find(id);
        if (shard == null)
        {
            TakeOthers(datagram, peer, false);
        }
        else if (!shard.Accept(datagram.ToArray(), peer) && MayBeOthers(datagram))
        {
            // It came for the sake of what its ID says, and not of what the store does.
            TakeOthers(datagram, peer, named >= 0);
        }
    }

    /// <summary>
    /// Takes no new clients, tells every peer that its connection ends, and waits for their answers, at most
    /// <see cref="DtlsConnectionOptions.CloseTimeout"/>. Disposal comes afterwards.
    /// </summary>
    /// <param name="cancellationToken">Ends the wait, not the closing.</param>
    /// <exception cref="OperationCanceledException">The wait was ended.</exception>
    public async ValueTask DrainAsync(CancellationToken cancellationToken = default)
    {
        _isDraining = true;
        _backlog.Writer.TryComplete();
        List<Task> closing = [];
        foreach (ListenerShard shard in _shards)
        {
            closing.AddRange(shard.CloseAll((long)Options.CloseTimeout.TotalMilliseconds));
        }

        await Task.WhenAll(closing).WaitAsync(cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Ends every connection at once, telling the peers, and gives the port back. May be called twice, and at any time.</summary>
    public async ValueTask DisposeAsync()
    {
        _isDraining = true;
        _backlog.Writer.TryComplete();
        if (Interlocked.Exchange(ref _isDisposed, 1) == 0)
        {
            _arrivals?.Stop();

            // All at once, for each may wait for its store; but those that share a socket end before the one that owns it.
            await Task.WhenAll(_shards.Select(shard => shard.EndAsync())).ConfigureAwait(false);
            for (int i = _shards.Length - 1; i >= 0; i--)
            {
                await _shards[i].DisposeAsync().ConfigureAwait(false);
            }
        }

        while (_backlog.Reader.TryRead(out DtlsConnection? left))
        {
            await left.DisposeAsync().ConfigureAwait(false);
        }
    }

    /// <summary>The shard that a datagram belongs to; null where it has the connection ID of another node. By connection ID, else, where all share a socket, by address, else the one that it came to.</summary>
    internal ListenerShard? ShardFor(ListenerShard arrived, ReadOnlySpan<byte> datagram, ReadOnlySpan<byte> address)
    {
        if (Options.Node is { } node && ShardIds.IdOf(datagram, node.IdLength) is { IsEmpty: false } id)
        {
            int place = node.ShardOf(id, _shards.Length);
            return place >= 0 ? Named(arrived, place) : _arrivals!.Find(id);
        }

        if (_shards.Length == 1)
        {
            return arrived;
        }

        int named = Options.Node == null && Options.ConnectionIdLength > 0 ? ShardIds.ShardOf(datagram, _shards.Length) : -1;
        if (named < 0)
        {
            return _sharesSocket ? _shards[PeerAddress.Hash(address) % _shards.Length] : arrived;
        }

        return Named(arrived, named);
    }

    /// <summary>
    /// Whether a datagram that is of no session here may be of one that another node took over: its ID names this node, and stays
    /// what it is.
    /// </summary>
    internal bool MayBeOthers(ReadOnlySpan<byte> datagram)
    {
        return Options is { Associations: not null, Node: { } node } && !ShardIds.IdOf(datagram, node.IdLength).IsEmpty;
    }

    /// <summary>A datagram whose connection ID is no shard's, or leads to no session of the shard's.</summary>
    internal void TakeOthers(ReadOnlySpan<byte> datagram, IPEndPoint peer, bool mayHandOver)
    {
        _arrivals!.Take(ShardIds.IdOf(datagram, Options.Node!.IdLength), datagram, peer, mayHandOver);
    }

    /// <summary>The shard that takes over the association of an ID.</summary>
    internal ListenerShard ShardForNew(byte[] id)
    {
        int named = Options.Node!.ShardOf(id, _shards.Length);
        return _shards[named >= 0 ? named : PeerAddress.Hash(id) % _shards.Length];
    }

    /// <summary>An association has ended here.</summary>
    /// <param name="run">What was known of it.</param>
    /// <param name="isOver">Whether that is so everywhere.</param>
    internal void Forget(ServerRun run, bool isOver)
    {
        if (run.Kept != null)
        {
            _arrivals?.Forget(run.Kept.Id, isOver);
        }
    }

    /// <summary>Under a shard's lock: whether the backlog takes a connection.</summary>
    internal bool Offer(DtlsConnection connection)
    {
        if (_backlog.Writer.TryWrite(connection))
        {
            return true;
        }

        Interlocked.Increment(ref _rejected);
        DtlsTelemetry.CountRejected();
        return false;
    }

    internal void CountPskTimeout()
    {
        Interlocked.Increment(ref _pskTimeouts);
    }

    internal void OnHandshakeFailed(Association association)
    {
        if (Error != null)
        {
            IPEndPoint peer = PeerAddress.ToEndPoint(association.PeerAddress);
            Raise(new DtlsListenerErrorEventArgs(peer, association.LastError, association.AlertSent, association.AlertReceived, null));
        }
    }

    internal void OnFailure(Exception failure)
    {
        if (Error != null)
        {
            Raise(new DtlsListenerErrorEventArgs(null, failure is SocketException ? DtlsError.SocketError : DtlsError.InternalError, Alert.None, Alert.None, failure));
        }
    }

    private ListenerShard Named(ListenerShard arrived, int shard)
    {
        if (!_sharesSocket && _shards[shard] != arrived)
        {
            Interlocked.Increment(ref _handedOver);
        }

        return _shards[shard];
    }

    private void Raise(DtlsListenerErrorEventArgs arguments)
    {
        ThreadPool.UnsafeQueueUserWorkItem(
            static state =>
            {
                try
                {
                    state.Listener.Error?.Invoke(state.Listener, state.Arguments);
                }
                catch (Exception)
                {
                    // A handler that throws must not end the process.
                }
            },
            (Listener: this, Arguments: arguments),
            preferLocal: false);
    }
}
