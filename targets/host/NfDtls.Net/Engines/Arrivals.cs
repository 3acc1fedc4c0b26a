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
    // Questions to the store at one time, those of one host, datagrams that wait for the answer to one, and those of one peer: anybody
    // can make up IDs.
    private const int MostAsked = 256;
    private const int MostOfHost = 64;
    private const int MostHeld = 8;
    private const int MostOfPeer = 4;

    // Where an association was found to be, or that it is nowhere, is not asked again for each of its records.
    private const int MostKnown = 65536;
    private static readonly TimeSpan KnownFor = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan NowhereFor = TimeSpan.FromSeconds(1);

    private readonly DtlsListener _listener;
    private readonly ListenerNode _node;
    private readonly AssociationStore? _store;
    private readonly ConcurrentDictionary<Id, ListenerShard> _here = new();
    private readonly ConcurrentDictionary<Id, (byte[] Owner, long Until)> _elsewhere = new();
    private readonly ConcurrentDictionary<Id, long> _nowhere = new();
    private readonly Dictionary<Id, Question> _asked = [];
    private readonly Dictionary<int, int> _askedOf = [];
    private readonly LookupLimit _limit;
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
        _limit = new LookupLimit(listener.Options.MaxAssociationLookups, listener.Options.MaxAssociationLookupsPerHost, listener.Options.TimeProvider.TimestampFrequency, Now);
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

    /// <summary>An association has ended here.</summary>
    /// <param name="id">Its connection ID.</param>
    /// <param name="isOver">Whether that is so everywhere: what the store still has of it is not asked for while it is being removed.</param>
    internal void Forget(byte[] id, bool isOver)
    {
        Id key = new(id);
        _here.TryRemove(key, out _);
        if (isOver)
        {
            Remember(_nowhere, key, After(NowhereFor));
        }
    }

    internal void Stop()
    {
        _end.Cancel();
    }

    /// <summary>Takes a datagram that is no shard's.</summary>
    /// <param name="id">Its first record's connection ID.</param>
    /// <param name="datagram">All of it.</param>
    /// <param name="peer">From whom.</param>
    /// <param name="mayHandOver">False where another node has said that the association is here.</param>
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

        bool isNew;
        Question? question;
        lock (_asking)
        {
            isNew = !_asked.TryGetValue(key, out question);
            question ??= Begin(key, peer);
            if (question == null || !question.Hold(datagram, peer))
            {
                Interlocked.Increment(ref _lost);
                return;
            }
        }

        if (isNew)
        {
            _ = Task.Run(() => AskAsync(key, question, mayHandOver));
        }
    }

    private long Now => _listener.Options.TimeProvider.GetTimestamp();

    // Under the lock. Null where nothing is asked for that host, or for that ID.
    private Question? Begin(Id id, IPEndPoint peer)
    {
        int slot = LookupLimit.SlotOf(peer.Address);
        int ofHost = _askedOf.GetValueOrDefault(slot);
        if (_store == null || _asked.Count == MostAsked || ofHost == MostOfHost || IsNowhere(id) || !_limit.TryTake(slot, Now))
        {
            return null;
        }

        _askedOf[slot] = ofHost + 1;
        Question question = new(slot);
        _asked[id] = question;
        return question;
    }

    private bool IsNowhere(Id id)
    {
        return _nowhere.TryGetValue(id, out long until) && Now < until;
    }

    private bool HandOver(ReadOnlySpan<byte> name, ReadOnlySpan<byte> datagram, IPEndPoint peer)
    {
        if (!_node.HandOver(name, datagram, peer))
        {
            return false;
        }

        Interlocked.Increment(ref _handedOver);
        return true;
    }

    private async Task AskAsync(Id id, Question question, bool mayHandOver)
    {
        try
        {
            StoredAssociation? stored = await _store!.FindAsync(id.Bytes, _end.Token).ConfigureAwait(false);
            if (stored == null)
            {
                Remember(_nowhere, id, After(NowhereFor));
            }
            else
            {
                await GiveAsync(id, question, stored, mayHandOver).ConfigureAwait(false);
            }
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
            Interlocked.Add(ref _lost, End(id, question).Count);
        }
    }

    /// <summary>What waits for an association that was found goes to the node that has it, or begins its life here.</summary>
    private async Task GiveAsync(Id id, Question question, StoredAssociation stored, bool mayHandOver)
    {
        if (!stored.Owner.AsSpan().SequenceEqual(_node.Name.Span))
        {
            List<(byte[] Datagram, IPEndPoint Peer)> held = mayHandOver ? Held(question) : [];
            if (held.Count > 0 && HandOver(stored.Owner, held[0].Datagram, held[0].Peer))
            {
                // What comes from here on goes there by itself.
                Remember(_elsewhere, id, (stored.Owner, After(KnownFor)));
                End(id, question).Skip(1).ToList().ForEach(one => HandOver(stored.Owner, one.Datagram, one.Peer));
                return;
            }

            if (_node.Lives(stored.Owner))
            {
                return; // Another node takes it for this one's, by what it knew a moment ago.
            }
        }

        ListenerShard shard = _listener.ShardForNew(id.Bytes);
        await shard.Keeper!.TakeBackAsync(id.Bytes, stored.Saved, () => Held(question), () =>
        {
            _here[id] = shard;
            Interlocked.Increment(ref _restored);
            foreach ((byte[] datagram, IPEndPoint peer) in End(id, question))
            {
                shard.Accept(datagram, peer);
            }
        }).ConfigureAwait(false);
    }

    private long After(TimeSpan time)
    {
        return Now + (long)(time.TotalSeconds * _listener.Options.TimeProvider.TimestampFrequency);
    }

    private static void Remember<T>(ConcurrentDictionary<Id, T> known, Id id, T what)
    {
        if (known.Count >= MostKnown)
        {
            known.Clear();
        }

        known[id] = what;
    }

    private List<(byte[] Datagram, IPEndPoint Peer)> Held(Question question)
    {
        lock (_asking)
        {
            return [.. question.Held];
        }
    }

    /// <summary>Ends a question, and no other one of the same ID. Returns what waited for it; nothing where it had ended.</summary>
    private List<(byte[] Datagram, IPEndPoint Peer)> End(Id id, Question question)
    {
        lock (_asking)
        {
            if (!ReferenceEquals(_asked.GetValueOrDefault(id), question))
            {
                return [];
            }

            _asked.Remove(id);
            int left = _askedOf[question.Slot] - 1;
            _askedOf[question.Slot] = left;
            if (left == 0)
            {
                _askedOf.Remove(question.Slot);
            }

            return question.Held;
        }
    }

    /// <summary>What waits for an answer of the store's.</summary>
    private sealed class Question(int slot)
    {
        /// <summary>Of whose host it is: the first one's.</summary>
        internal int Slot => slot;

        internal List<(byte[] Datagram, IPEndPoint Peer)> Held { get; } = [];

        /// <summary>False where there are too many; some places are left for other peers than one, who may be anybody.</summary>
        internal bool Hold(ReadOnlySpan<byte> datagram, IPEndPoint peer)
        {
            if (Held.Count == MostHeld || Held.Count(one => one.Peer.Equals(peer)) == MostOfPeer)
            {
                return false;
            }

            Held.Add((datagram.ToArray(), peer));
            return true;
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
