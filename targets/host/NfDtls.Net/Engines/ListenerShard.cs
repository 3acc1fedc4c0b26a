using System;
using System.Collections.Generic;
using System.Net;
using System.Net.Sockets;
using System.Threading;
using System.Threading.Tasks;
using NfDtls.Ecdhe;
using NfDtls.Extensions;
using NfDtls.Server;
using NfDtls.Sockets;

namespace NfDtls.Net;

/// <summary>One engine of a listener's, with a socket of its own or one that all share.</summary>
internal sealed class ListenerShard : EngineDriver
{
    private readonly DtlsListener _listener;
    private readonly DtlsListenerOptions _options;
    private readonly DtlsServerEngine _engine;
    private readonly ConnectionIdFeature? _ids;
    private readonly ObjectSource? _source;
    private readonly bool _ownsSocket;
    private readonly int _receiveSize;
    private readonly int _mostWaiting;
    private bool _hasThread;
    private readonly LinkedList<PskWait> _waiting = new();
    private readonly AssociationKeeper? _keeper;

    private ListenerShard(DtlsListener listener, DtlsListenerOptions options, DtlsServerEngine engine, DtlsOptions settings, Parts parts, Socket socket, bool ownsSocket)
        : base(engine, options, settings, socket)
    {
        _listener = listener;
        _options = options;
        _engine = engine;
        _ids = parts.Ids;
        _source = parts.Source;
        _ownsSocket = ownsSocket;
        _receiveSize = settings.ReceiveSize;
        _mostWaiting = Math.Max(1, settings.MaxHandshakes / 2);
        Inline = options.UnsafePreferInlineScheduling ? new InlineRun() : null;
        _keeper = parts.Durable == null ? null : new AssociationKeeper(this, options, parts.Durable, parts.Ids!);
    }

    internal DtlsServerEngine Engine => _engine;

    /// <summary>Lets the application go on in the thread that receives; null where nobody asked for that.</summary>
    internal InlineRun? Inline { get; }

    internal bool IsDraining => _listener.IsDraining;

    /// <summary>Stores associations; null where nobody asked for that.</summary>
    internal AssociationKeeper? Keeper => _keeper;

    internal DtlsStatistics Statistics => _engine.Statistics;

    internal ObjectSource? Source => _source;

    /// <summary>Connections and handshakes that are not over. Takes the lock.</summary>
    internal int Sessions
    {
        get
        {
            lock (Gate)
            {
                return HasEnded ? 0 : _engine.SessionCount;
            }
        }
    }

    internal int Handshakes
    {
        get
        {
            lock (Gate)
            {
                return HasEnded ? 0 : _engine.HandshakeCount;
            }
        }
    }

    /// <summary>Makes a shard, which does not receive yet.</summary>
    /// <exception cref="ArgumentException">An option is not allowed.</exception>
    internal static ListenerShard Create(DtlsListener listener, DtlsListenerOptions options, PeerTrust trust, int index, int shards, Socket socket, bool ownsSocket)
    {
        Parts parts = new();
        if (options.Node != null)
        {
            parts.Ids = new ConnectionIdFeature(options.Node.CreateIds(index, shards));
            parts.Durable = options.Associations == null ? null : new DurableAssociations { ReadBlock = options.PromisedReads, WriteBlock = options.PromisedWrites };
        }
        else if (options.ConnectionIdLength is int length)
        {
            parts.Ids = shards > 1 && length > 0 ? new ConnectionIdFeature(new ShardIds(length, index, shards)) : new ConnectionIdFeature(length);
        }

        if (options.UsesCertificates)
        {
            parts.Source = new ObjectSource(options, trust, parts.Wake);
        }

        DtlsOptions settings = EngineSettings.ForShard(options, shards, parts.Ids, parts.Source == null ? null : new CredentialAuthenticator([parts.Source]), parts.Durable);
        DtlsServerEngine engine = new(settings);
        engine.CheckUsable();
        ListenerShard shard = new(listener, options, engine, settings, parts, socket, ownsSocket);
        parts.Shard = shard;
        return shard;
    }

    /// <summary>Takes a datagram that is this shard's, by whichever socket it came.</summary>
    /// <param name="buffer">Holds the datagram, which is opened in place.</param>
    /// <param name="offset">Where it begins.</param>
    /// <param name="count">Its bytes.</param>
    /// <param name="address">Who sent it.</param>
    /// <param name="addressLength">Bytes of that.</param>
    /// <param name="isFollowed">Whether another one follows at once, so that answers may wait for those to it.</param>
    /// <returns>False where it is of no session here; its bytes are as they were then.</returns>
    internal bool Accept(byte[] buffer, int offset, int count, byte[] address, int addressLength, bool isFollowed)
    {
        lock (Gate)
        {
            if (HasEnded)
            {
                return true;
            }

            if (_listener.IsDraining && IsStrangersHello(buffer[offset], address, addressLength))
            {
                Turn(isFollowed);
                return true;
            }

            bool isNobodys = HandleDatagram(buffer, offset, count, address, addressLength);
            Turn(isFollowed);
            return !isNobodys;
        }
    }

    /// <summary>The same, of a peer.</summary>
    internal bool Accept(byte[] datagram, IPEndPoint peer)
    {
        byte[] address = new byte[PeerAddress.MaxLength];
        return Accept(datagram, 0, datagram.Length, address, PeerAddress.Write(peer, Socket.AddressFamily, address), false);
    }

    /// <summary>
    /// Under the lock: whether one of these datagrams has a record of the peer's of an association that was just taken back, which is
    /// held and so takes nothing: a record that opens, and has not come before. The last word of a peer ends the association at once.
    /// </summary>
    internal bool Proves(Association association, IReadOnlyList<(byte[] Datagram, IPEndPoint Peer)> datagrams)
    {
        byte[] address = new byte[PeerAddress.MaxLength];
        foreach ((byte[] datagram, IPEndPoint peer) in datagrams)
        {
            byte[] copy = (byte[])datagram.Clone();
            int before = Statistics.Dropped(DropReason.Unpromised);
            _engine.HandleDatagram(copy, 0, copy.Length, address, PeerAddress.Write(peer, Socket.AddressFamily, address), Now);
            if (association.State == AssociationState.Closed)
            {
                return association.AlertReceived != Alert.None;
            }

            if (Statistics.Dropped(DropReason.Unpromised) != before)
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Takes the news of a datagram that was longer than is received.</summary>
    internal void AcceptTruncated(byte[] address, int addressLength)
    {
        lock (Gate)
        {
            if (!HasEnded)
            {
                _engine.NoteTruncated(address, addressLength);
                Turn();
            }
        }
    }

    /// <summary>The shard that a datagram belongs to which came to this one's socket; null where it is another node's.</summary>
    internal ListenerShard? ShardFor(ReadOnlySpan<byte> datagram, ReadOnlySpan<byte> address)
    {
        return _listener.ShardFor(this, datagram, address);
    }

    /// <summary>Whether a datagram that is of no session here may be another node's.</summary>
    internal bool MayBeOthers(ReadOnlySpan<byte> datagram)
    {
        return _listener.MayBeOthers(datagram);
    }

    /// <summary>Hands on a datagram that is another node's.</summary>
    internal void TakeOthers(ReadOnlySpan<byte> datagram, ReadOnlySpan<byte> address)
    {
        _listener.TakeOthers(datagram, PeerAddress.ToEndPoint(address), true);
    }

    /// <inheritdoc/>
    internal override void Start()
    {
        if (LinuxCalls.AreThere && !ListenerSockets.UseOne)
        {
            Start(new ShardReceiver(this, _receiveSize).Run);
            _hasThread = true;
        }
        else
        {
            base.Start();
        }
    }

    /// <summary>Under the lock: what is known of an association.</summary>
    internal ServerRun RunOf(Association association, bool hasHandshake = true)
    {
        ServerRun run = (ServerRun?)association.Tag ?? new ServerRun(_listener, association, hasHandshake);
        association.Tag = run;
        return run;
    }

    internal void Tell(Exception failure)
    {
        _listener.OnFailure(failure);
    }

    /// <summary>Closes every connection, each with the time that it has, and ends handshakes. Returns what ends with each connection.</summary>
    internal List<Task> CloseAll(long milliseconds)
    {
        List<Task> closing = [];
        lock (Gate)
        {
            if (HasEnded)
            {
                return closing;
            }

            for (int i = 0; i < _engine.Places; i++)
            {
                Association? association = _engine.At(i);
                if (association?.Tag is ServerRun { Connection: { } connection })
                {
                    closing.Add(connection.Closed);
                }

                association?.Close(milliseconds, Now);

                // What is said of each goes out before the pool is empty.
                if (i % 32 == 31)
                {
                    Turn();
                }
            }

            Turn();
        }

        return closing;
    }

    private protected override bool IsConnected => false;

    private protected override int ReceiveSize => _receiveSize;

    private protected override void CloseSocket()
    {
        if (_ownsSocket)
        {
            base.CloseSocket();
        }
    }

    private protected override void EndAll()
    {
        CloseAll(0);
        while (_waiting.First != null)
        {
            _waiting.First.Value.Cancel();
        }
    }

    private protected override Task FinishAsync()
    {
        return _keeper == null ? Task.CompletedTask : _keeper.FinishAsync(_options.CloseTimeout);
    }

    private protected override void OnFailure(Exception failure)
    {
        _listener.OnFailure(failure);
    }

    private protected override void StopReceiving()
    {
        if (_hasThread)
        {
            LinuxCalls.EndReceiving(Socket.SafeHandle);
        }
    }

    private protected override void Handle(byte[] buffer, int count, byte[] address, int addressLength)
    {
        Inline?.Enter();
        try
        {
            HandOn(buffer, count, address, addressLength);
        }
        finally
        {
            Inline?.Leave(this);
        }
    }

    private void HandOn(byte[] buffer, int count, byte[] address, int addressLength)
    {
        ReadOnlySpan<byte> datagram = buffer.AsSpan(0, count);
        ListenerShard? shard = ShardFor(datagram, address.AsSpan(0, addressLength));
        if (shard == null || (!shard.Accept(buffer, 0, count, address, addressLength, false) && MayBeOthers(datagram)))
        {
            TakeOthers(datagram, address.AsSpan(0, addressLength));
        }
    }

    private protected override void HandleTruncated(byte[] address, int addressLength)
    {
        ShardFor([], address.AsSpan(0, addressLength))!.AcceptTruncated(address, addressLength);
    }

    private protected override void NoteTooLong(ReadOnlySpan<byte> address, int length)
    {
        _engine.NoteTooLong(address.ToArray(), address.Length, length);
    }

    private protected override bool HandleEvents()
    {
        bool any = false;
        for (Association? association = _engine.PollEvent(out int events); association != null; association = _engine.PollEvent(out events))
        {
            any = true;
            Handle(association, events);
        }

        return any;
    }

    private void Handle(Association association, int events)
    {
        ServerRun run = RunOf(association);
        if ((events & AssociationEvents.Connecting) != 0)
        {
            association.ConnectRequest?.Accept();
        }

        if ((events & AssociationEvents.PskWanted) != 0 && association.PskRequest != null && _options.PskCallback != null)
        {
            Ask(run, association.PskRequest, _options.PskCallback);
        }

        if ((events & AssociationEvents.Connected) != 0 && run.Connection == null)
        {
            if (Announce(run, association))
            {
                _keeper?.Keep(run, association);
            }
            else
            {
                association.Close(0, Now);
            }
        }

        if ((events & AssociationEvents.Renegotiated) != 0 && association.Version == DtlsVersion.Dtls12)
        {
            AssociationKeeper.Rekeyed(run);
        }

        if ((events & AssociationEvents.PromiseWanted) != 0)
        {
            _keeper?.Keep(run, association);
        }

        DtlsConnection? connection = run.Connection;
        if ((events & AssociationEvents.Moved) != 0 && connection != null)
        {
            connection.RemoteEndPoint = PeerAddress.ToEndPoint(association.PeerAddress);
        }

        connection?.Take();
        if ((events & AssociationEvents.Closed) != 0)
        {
            run.Question?.Cancel();
            run.End(association);
            _listener.Forget(run, _keeper != null && _keeper.Forget(run, association));
            connection?.Detach();
            association.Tag = null;
            _engine.Release(association);
        }
    }

    /// <summary>Under the lock: an association is connected. False where the backlog has no room for it.</summary>
    internal bool Announce(ServerRun run, Association association)
    {
        DtlsConnection connection = new(this, association, _options, _ids, false) { RemoteEndPoint = PeerAddress.ToEndPoint(association.PeerAddress) };
        run.Connection = connection;
        run.Succeed(association);
        connection.Announce();
        return _listener.Offer(connection);
    }

    /// <summary>Under the lock, and not within a turn: ends an association whose peer shall hear nothing of it.</summary>
    internal void EndSilently(Association association)
    {
        Turn();
        association.Close(0, Now);
        for (Packet? packet = _engine.PollDatagram(Now); packet != null; packet = _engine.PollDatagram(Now))
        {
            packet.Return();
        }
    }

    private void Ask(ServerRun run, PskRequest request, DtlsServerPskCallback callback)
    {
        run.Question = new PskWait(this, request, callback, _options.PskCallbackTimeout, _options.TimeProvider) { Answered = OnAnswered };
        _waiting.AddLast(run.Question);
        if (_waiting.Count > _mostWaiting)
        {
            _waiting.First!.Value.Cancel();
        }

        run.Question.Begin();
    }

    private void OnAnswered(PskWait wait)
    {
        _waiting.Remove(wait);
        if (wait.IsTimedOut)
        {
            _listener.CountPskTimeout();
        }
    }

    // Returns whether it is one of which nothing was read but that its records are nobody's.
    private bool HandleDatagram(byte[] buffer, int offset, int count, byte[] address, int addressLength)
    {
        int received = Statistics.RecordsReceived;
        int nobodys = Statistics.Dropped(DropReason.NoSession);
        int others = _keeper == null ? 0 : Statistics.DroppedInAll - nobodys;
        _engine.HandleDatagram(buffer, offset, count, address, addressLength, Now);
        return _keeper != null && Statistics.Dropped(DropReason.NoSession) != nobodys && Statistics.RecordsReceived == received
            && Statistics.DroppedInAll - Statistics.Dropped(DropReason.NoSession) == others;
    }

    private bool IsStrangersHello(byte first, byte[] address, int addressLength)
    {
        const int Handshake = 22;
        return first == Handshake && _engine.Find(address, addressLength) == null;
    }

    /// <summary>What is made before the shard.</summary>
    private sealed class Parts
    {
        internal ConnectionIdFeature? Ids;
        internal DurableAssociations? Durable;
        internal ObjectSource? Source;
        internal ListenerShard? Shard;

        internal void Wake()
        {
            Volatile.Read(ref Shard)?.Wake();
        }
    }
}
