using System;
using System.Collections.Concurrent;
using System.Collections.Generic;
using System.Linq;
using System.Net;
using System.Threading;
using System.Threading.Tasks;

namespace NfDtls.Net;

/// <summary>
/// Records whose connection ID is no shard's of this listener: they are handed to the node that has their association, and where
/// that has fallen, the association is taken over from the store.
/// </summary>
internal sealed class Arrivals
{
    // Questions to the store at one time, and datagrams that wait for the answer to one: anybody can make up IDs.
    private const int MostAsked = 256;
    private const int MostHeld = 8;

    // Where an association was found to be is not asked again for each of its records.
    private const int MostKnown = 65536;
    private static readonly TimeSpan KnownFor = TimeSpan.FromSeconds(5);

    private readonly DtlsListener _listener;
    private readonly ListenerNode _node;
    private readonly AssociationStore? _store;
    private readonly ConcurrentDictionary<Id, ListenerShard> _here = new();
    private readonly ConcurrentDictionary<Id, (byte[] Owner, long Until)> _elsewhere = new();
    private readonly Dictionary<Id, List<(byte[] Datagram, IPEndPoint Peer)>> _asked = [];
    private readonly Lock _asking = new();
    private readonly CancellationTokenSource _end = new();
    private long _handedOver;
    private long _restored;
    private long _lost;

    internal Arrivals(DtlsListener listener, ListenerNode node, AssociationStore? store)
    {
        _listener = listener;
        _node = node;
        _store = store;
    }

    /// <summary>Datagrams that were given to other nodes.</summary>
    internal long HandedOver => Volatile.Read(ref _handedOver);

    /// <summary>Associations that were taken over.</summary>
    internal long Restored => Volatile.Read(ref _restored);

    /// <summary>Datagrams whose association nobody has, or that there was no room for.</summary>
    internal long Lost => Volatile.Read(ref _lost);

    /// <summary>The shard that has taken over the association of an ID; null where none has.</summary>
    internal ListenerShard? Find(ReadOnlySpan<byte> id)
    {
        return _here.IsEmpty ? null : _here.GetValueOrDefault(new Id(id.ToArray()));
    }

    /// <summary>An association is over.</summary>
    internal void Forget(byte[] id)
    {
        _here.TryRemove(new Id(id), out _);
    }

    internal void Stop()
    {
        _end.Cancel();
    }

    /// <summary>Takes a datagram that is no shard's.</summary>
    /// <param name="id">Its first record's connection ID.</param>
    /// <param name="datagram">All of it.</param>
    /// <param name="peer">From whom.</param>
    /// <param name="mayHandOver">False where it was handed over already.</param>
    internal void Take(ReadOnlySpan<byte> id, ReadOnlySpan<byte> datagram, IPEndPoint peer, bool mayHandOver)
    {
        Span<byte> named = stackalloc byte[_node.Name.Length];
        if (mayHandOver && _node.TryReadNode(id, named) && !named.SequenceEqual(_node.Name.Span) && HandOver(named, datagram, peer))
        {
            return;
        }

        Id key = new(id.ToArray());
        if (mayHandOver && _elsewhere.TryGetValue(key, out (byte[] Owner, long Until) known) && Now < known.Until && HandOver(known.Owner, datagram, peer))
        {
            return;
        }

        lock (_asking)
        {
            if (_store == null || (!_asked.ContainsKey(key) && _asked.Count == MostAsked))
            {
                Interlocked.Increment(ref _lost);
                return;
            }

            if (_asked.TryGetValue(key, out List<(byte[] Datagram, IPEndPoint Peer)>? held))
            {
                if (held.Count < MostHeld)
                {
                    held.Add((datagram.ToArray(), peer));
                }

                return;
            }

            _asked[key] = [(datagram.ToArray(), peer)];
        }

        _ = Task.Run(() => AskAsync(key, mayHandOver));
    }

    private long Now => _listener.Options.TimeProvider.GetTimestamp();

    private bool HandOver(ReadOnlySpan<byte> name, ReadOnlySpan<byte> datagram, IPEndPoint peer)
    {
        if (!_node.HandOver(name, datagram, peer))
        {
            return false;
        }

        Interlocked.Increment(ref _handedOver);
        return true;
    }

    private async Task AskAsync(Id id, bool mayHandOver)
    {
        bool isDone = false;
        try
        {
            StoredAssociation? stored = await _store!.FindAsync(id.Bytes, _end.Token).ConfigureAwait(false);
            if (stored == null)
            {
                return;
            }

            bool isOthers = mayHandOver && !stored.Owner.AsSpan().SequenceEqual(_node.Name.Span);
            List<(byte[] Datagram, IPEndPoint Peer)> held = isOthers ? Held(id, false) : [];
            if (held.Count > 0 && HandOver(stored.Owner, held[0].Datagram, held[0].Peer))
            {
                held.Skip(1).ToList().ForEach(one => HandOver(stored.Owner, one.Datagram, one.Peer));
                Remember(id, stored.Owner);
                isDone = true;
                return;
            }

            ListenerShard shard = _listener.ShardForNew(id.Bytes);
            isDone = await shard.Keeper!.TakeBackAsync(id.Bytes, stored.Saved, () =>
            {
                _here[id] = shard;
                Interlocked.Increment(ref _restored);
                foreach ((byte[] datagram, IPEndPoint peer) in Held(id, true))
                {
                    shard.Accept(datagram, peer);
                }
            }).ConfigureAwait(false);
        }
        catch (Exception e)
        {
            if (!_end.IsCancellationRequested)
            {
                _listener.OnFailure(e);
            }
        }
        finally
        {
            int left = Held(id, true).Count;
            Interlocked.Add(ref _lost, isDone ? 0 : left);
        }
    }

    private void Remember(Id id, byte[] owner)
    {
        if (_elsewhere.Count >= MostKnown)
        {
            _elsewhere.Clear();
        }

        _elsewhere[id] = (owner, Now + (long)(KnownFor.TotalSeconds * _listener.Options.TimeProvider.TimestampFrequency));
    }

    private List<(byte[] Datagram, IPEndPoint Peer)> Held(Id id, bool isEnd)
    {
        lock (_asking)
        {
            List<(byte[] Datagram, IPEndPoint Peer)> held = _asked.TryGetValue(id, out List<(byte[] Datagram, IPEndPoint Peer)>? all) ? [.. all] : [];
            if (isEnd)
            {
                _asked.Remove(id);
            }

            return held;
        }
    }

    /// <summary>A connection ID, compared by its bytes.</summary>
    private readonly struct Id : IEquatable<Id>
    {
        private readonly int _hash;

        internal Id(byte[] bytes)
        {
            Bytes = bytes;
            HashCode hash = default;
            hash.AddBytes(bytes);
            _hash = hash.ToHashCode();
        }

        internal byte[] Bytes { get; }

        public bool Equals(Id other)
        {
            return Bytes.AsSpan().SequenceEqual(other.Bytes);
        }

        public override bool Equals(object? obj)
        {
            return obj is Id other && Equals(other);
        }

        public override int GetHashCode()
        {
            return _hash;
        }
    }
}
