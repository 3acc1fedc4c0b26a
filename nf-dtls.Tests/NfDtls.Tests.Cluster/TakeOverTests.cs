using System;
using System.Collections.Concurrent;
using System.Linq;
using System.Net;
using System.Threading;
using System.Threading.Tasks;
using Microsoft.VisualStudio.TestTools.UnitTesting;
using NfDtls.Cluster;
using NfDtls.Net;
using NfDtls.Tests.Net;
using static NfDtls.Tests.Cluster.Fleet;

namespace NfDtls.Tests.Cluster;

/// <summary>What it takes to have an association taken over, and what it costs to ask: of who only knows, or makes up, its ID.</summary>
[TestClass]
public sealed class TakeOverTests
{
    private readonly MemoryStore _store = new();
    private readonly Members _members = new();

    [TestMethod]
    [DataRow(DtlsProtocols.Dtls12)]
    [DataRow(DtlsProtocols.Dtls13)]
    public async Task Nobody_has_an_association_taken_over_without_a_new_record_of_its_clients(DtlsProtocols version)
    {
        await using Node first = await Node.StartAsync(1, version, 1, _members, _store);
        await using Node second = await Node.StartAsync(2, version, 2, _members, _store);
        await using Balancer balancer = new(Ids(0));
        ConcurrentQueue<byte[]> said = new();
        balancer.Seen = (_, datagram, isClients) => Keep(said, isClients && IsProtected(datagram, version) ? datagram : []);
        balancer.Only = first.Address;
        await using DtlsConnection client = await ConnectAsync(balancer.EndPoint, version);
        await Ends.AssertEchoesAsync(client, "first");
        await Ends.UntilAsync(() => _store.Count == 1, "what is stored");
        _members.Forget(first.Name);
        int stores = _store.Stores;

        // All that was said, once more; and under its ID what was never said, with numbers that were not used.
        byte[][] seen = said.Where(datagram => datagram.Length > 0).ToArray();
        byte[][] forged = Enumerable.Range(0, 40).Select(i => Forge(seen[^1], version, i)).ToArray();
        int sent = 0;
        foreach (byte[] datagram in seen.Concat(forged))
        {
            second.Listener.Receive(datagram, new IPEndPoint(IPAddress.Parse("192.0.2.7"), 1000 + sent));
            sent++;
            await Ends.UntilAsync(() => second.Listener.GetStatistics().DatagramsForNobody == sent, "an answer of the store's");
        }

        Assert.IsNotEmpty(seen);
        Assert.AreEqual(sent, _store.Finds);
        Assert.AreEqual(stores, _store.Stores, "Somebody else had it taken over.");
        Assert.AreEqual(0L, second.Listener.GetStatistics().AssociationsTakenOver);
        Assert.AreEqual(0, second.Listener.GetStatistics().Sessions);
        Assert.AreEqual(1, first.Listener.GetStatistics().Sessions);
        Assert.IsEmpty(second.Errors);
        balancer.Only = second.Address;
        await GoOnAsync(client, "second");
        Assert.AreEqual(1L, second.Listener.GetStatistics().AssociationsTakenOver);
    }

    [TestMethod]
    [DataRow(DtlsProtocols.Dtls12)]
    [DataRow(DtlsProtocols.Dtls13)]
    public async Task A_clients_last_word_to_another_node_ends_what_is_stored(DtlsProtocols version)
    {
        await using Node first = await Node.StartAsync(1, version, 1, _members, _store);
        await using Node second = await Node.StartAsync(2, version, 1, _members, _store);
        await using Balancer balancer = new(Ids(0));
        balancer.Only = first.Address;
        await using DtlsConnection client = await ConnectAsync(balancer.EndPoint, version);
        await Ends.AssertEchoesAsync(client, "first");
        await Ends.UntilAsync(() => _store.Count == 1, "what is stored");
        _members.Forget(first.Name);

        // More than was promised is said, and heard by nobody.
        balancer.Only = new IPEndPoint(IPAddress.Loopback, 9);
        for (int i = 0; i < 20; i++)
        {
            await Ends.SendAsync(client, "to nobody");
        }

        int lost = 20;
        await Ends.UntilAsync(() => Volatile.Read(ref balancer.Count) >= lost, "what is lost");
        balancer.Only = second.Address;
        await client.CloseAsync().AsTask().WaitAsync(Ends.Patience);
        await Ends.UntilAsync(() => _store.Count == 0, "the end of what is stored");
        await Ends.UntilAsync(() => second.Listener.GetStatistics().Sessions == 0, "the end here");
        Assert.IsEmpty(second.Errors);
    }

    [TestMethod]
    [DataRow(DtlsProtocols.Dtls12)]
    [DataRow(DtlsProtocols.Dtls13)]
    public async Task A_clients_last_word_that_comes_while_it_is_taken_over_ends_what_is_stored(DtlsProtocols version)
    {
        Holding store = new(_store);
        await using Node first = await Node.StartAsync(1, version, 1, _members, store);
        await using Node again = await Node.StartAsync(1, version, 1, _members, store);
        await using Balancer balancer = new(Ids(0));
        balancer.Only = first.Address;
        await using DtlsConnection client = await ConnectAsync(balancer.EndPoint, version);
        await Ends.AssertEchoesAsync(client, "first");
        await Ends.UntilAsync(() => _store.Count == 1, "what is stored");

        // The node's own ID leads to the shard, where the association is held until the store has said whose it is.
        balancer.Only = again.Address;
        await SendUntilAsync(client, () => store.IsAsked, "a take-over");
        Assert.AreEqual(1, again.Listener.GetStatistics().Sessions);
        Task closing = client.CloseAsync().AsTask();
        await Ends.UntilAsync(() => again.Listener.GetStatistics().Sessions == 0, "the end of what is held");
        Assert.AreEqual(1, _store.Count);
        store.Go();
        await Ends.UntilAsync(() => _store.Count == 0, "the end of what is stored");
        Assert.AreEqual(0L, again.Listener.GetStatistics().AssociationsTakenOver);
        Assert.IsEmpty(again.Errors);
        await client.DisposeAsync();
        await closing.WaitAsync(Ends.Patience);
    }

    [TestMethod]
    public async Task What_comes_while_a_question_ends_by_a_hand_over_is_handed_over_too()
    {
        WrappedNode? wrapped = null;
        await using Node first = await Node.StartAsync(1, DtlsProtocols.Dtls12, 1, _members, _store);
        await using Node second = await Node.StartAsync(2, DtlsProtocols.Dtls12, 1, _members, _store, change: options => options.Node = wrapped = new WrappedNode(options.Node!));
        await using Balancer balancer = new(Ids(0));
        balancer.Only = first.Address;
        await using DtlsConnection client = await ConnectAsync(balancer.EndPoint, DtlsProtocols.Dtls12);
        await Ends.AssertEchoesAsync(client, "first");
        await Ends.UntilAsync(() => _store.Count == 1, "what is stored");

        // The node that the ID names is not known at first, and then by what is stored.
        ConcurrentQueue<byte[]> handed = new();
        int calls = 0;
        wrapped!.Hands = (datagram, peer) =>
        {
            int call = Interlocked.Increment(ref calls);
            if (call == 1)
            {
                return false;
            }

            handed.Enqueue(datagram);
            if (call == 2)
            {
                second.Listener.Receive(Forge(datagram, DtlsProtocols.Dtls12, 1), peer);
            }

            return true;
        };
        balancer.Only = second.Address;
        await Ends.SendAsync(client, "late");
        await Ends.UntilAsync(() => handed.Count == 2, "both");
        Assert.AreEqual(0L, second.Listener.GetStatistics().DatagramsForNobody);
        Assert.IsEmpty(second.Errors);
    }

    [TestMethod]
    public async Task A_node_that_breaks_makes_no_shard_deaf()
    {
        const int Breaks = 3;
        int left = 0;
        WrappedNode? wrapped = null;
        await using Node node = await Node.StartAsync(1, DtlsProtocols.Dtls12, 1, _members, _store, change: options => options.Node = wrapped = new WrappedNode(options.Node!));
        await using DtlsConnection client = await ConnectAsync(node.Address, DtlsProtocols.Dtls12);
        await Ends.AssertEchoesAsync(client, "first");
        Volatile.Write(ref left, Breaks);
        wrapped!.Asked = () =>
        {
            if (Interlocked.Decrement(ref left) >= 0)
            {
                throw new InvalidOperationException("As the test has it.");
            }
        };
        await SendUntilAsync(client, () => Volatile.Read(ref left) < 0, "what breaks");
        await GoOnAsync(client, "second");
        await Ends.UntilAsync(() => node.Errors.Count == Breaks, "what is told of it");
        Assert.IsTrue(node.Errors.All(e => e.Exception is InvalidOperationException));
    }

    [TestMethod]
    public async Task Made_up_ids_cost_the_store_no_more_than_their_hosts_share()
    {
        const int PerHost = 20;
        const int InAll = 60;
        const int Flood = 500;
        Clock clock = new();
        await using Node first = await Node.StartAsync(1, DtlsProtocols.Dtls12, 1, _members, _store);
        await using Node second = await Node.StartAsync(2, DtlsProtocols.Dtls12, 2, _members, _store, change: options =>
        {
            options.TimeProvider = clock;
            options.MaxAssociationLookups = InAll;
            options.MaxAssociationLookupsPerHost = PerHost;
        });
        await using Balancer balancer = new(Ids(0));
        balancer.Only = first.Address;
        await using DtlsConnection client = await ConnectAsync(balancer.EndPoint, DtlsProtocols.Dtls12);
        await Ends.AssertEchoesAsync(client, "first");
        await Ends.UntilAsync(() => _store.Count == 1, "what is stored");
        _members.Forget(first.Name);

        // A host that floods gets its share, and another one's client is taken over all the same.
        IPAddress[] hosts = HostsApartFrom(IPAddress.Loopback).Take(200).ToArray();
        Random random = new(7);
        await FloodAsync(second, random, Flood, _ => hosts[0]);
        Assert.AreEqual(PerHost, _store.Finds);
        balancer.Only = second.Address;
        await GoOnAsync(client, "second");
        Assert.AreEqual(1L, second.Listener.GetStatistics().AssociationsTakenOver);

        // Many hosts get what all may have.
        await FloodAsync(second, random, Flood, i => hosts[1 + (i % 100)]);
        Assert.AreEqual(InAll, _store.Finds);
        clock.Add(TimeSpan.FromSeconds(1));
        await FloodAsync(second, random, Flood, i => hosts[1 + (i % 100)]);
        Assert.AreEqual(2 * InAll, _store.Finds);

        // An ID that leads nowhere is asked for once in a while.
        clock.Add(TimeSpan.FromSeconds(1));
        byte[] record = MakeUp(random);
        long before = second.Listener.GetStatistics().DatagramsForNobody;
        for (int i = 1; i <= 30; i++)
        {
            second.Listener.Receive(record, new IPEndPoint(hosts[i], 5684));
            await Ends.UntilAsync(() => second.Listener.GetStatistics().DatagramsForNobody == before + i, "the count");
        }

        Assert.AreEqual((2 * InAll) + 1, _store.Finds);
        await GoOnAsync(client, "still");
    }

    [TestMethod]
    public void A_host_of_many_addresses_in_one_network_is_one()
    {
        int slot = LookupLimit.SlotOf(IPAddress.Parse("2001:db8:1:2::1"));
        Assert.AreEqual(slot, LookupLimit.SlotOf(IPAddress.Parse("2001:db8:1:2:ffff::9")));
        Assert.AreEqual(LookupLimit.SlotOf(IPAddress.Parse("192.0.2.1")), LookupLimit.SlotOf(IPAddress.Parse("::ffff:192.0.2.1")));
        Assert.IsTrue(Enumerable.Range(0, 64).Any(i => LookupLimit.SlotOf(IPAddress.Parse("2001:db8:1:" + i + "::1")) != slot));
    }

    [TestMethod]
    public async Task The_shards_of_a_listener_end_together()
    {
        const int Shards = 2;
        Meeting store = new(_store, Shards);
        Node node = await Node.StartAsync(1, DtlsProtocols.Dtls12, Shards, _members, store, change: options => options.CloseTimeout = TimeSpan.FromSeconds(60));
        ConcurrentBag<DtlsConnection> clients = [];
        try
        {
            while (store.Shards < Shards)
            {
                Assert.IsLessThan(100, clients.Count, "All clients came to one shard.");
                clients.Add(await ConnectAsync(node.Address, DtlsProtocols.Dtls12));
                await Ends.UntilAsync(() => _store.Count == clients.Count, "what is stored");
            }
        }
        finally
        {
            await node.DisposeAsync();
        }

        Assert.IsTrue(store.HaveMet, "One waited for the other.");
        foreach (DtlsConnection client in clients)
        {
            await client.DisposeAsync();
        }
    }

    private static void Keep(ConcurrentQueue<byte[]> said, byte[] datagram)
    {
        said.Enqueue((byte[])datagram.Clone());
    }

    private static bool IsProtected(byte[] datagram, DtlsProtocols version)
    {
        const int FormOf12 = 25;
        return version == DtlsProtocols.Dtls12 ? datagram[0] == FormOf12 : (datagram[0] & 0xF0) == 0x30;
    }

    private static byte[] Forge(byte[] seen, DtlsProtocols version, int number)
    {
        const int NumberIn12 = 5;
        byte[] forged = (byte[])seen.Clone();
        if (version == DtlsProtocols.Dtls12)
        {
            forged[NumberIn12 + 4] = 1;
            forged[NumberIn12 + 5] = (byte)number;
        }

        forged[^(1 + (number % 8))] ^= (byte)(number + 1);
        return forged;
    }

    private static byte[] MakeUp(Random random)
    {
        const int Header = 13 + 10;
        const int Content = 37;
        byte[] record = new byte[Header + Content];
        random.NextBytes(record);
        record[0] = 25;
        record[1] = 0xFE;
        record[2] = 0xFD;
        record[Header - 2] = 0;
        record[Header - 1] = Content;
        return record;
    }

    private static System.Collections.Generic.IEnumerable<IPAddress> HostsApartFrom(IPAddress other)
    {
        System.Collections.Generic.HashSet<int> slots = [LookupLimit.SlotOf(other)];
        for (byte i = 0; ; i++)
        {
            for (int j = 0; j < 256; j++)
            {
                IPAddress host = new([10, 1, i, (byte)j]);
                if (slots.Add(LookupLimit.SlotOf(host)))
                {
                    yield return host;
                }
            }
        }
    }

    private static async Task FloodAsync(Node node, Random random, int count, Func<int, IPAddress> host)
    {
        long before = node.Listener.GetStatistics().DatagramsForNobody;
        for (int i = 0; i < count; i++)
        {
            node.Listener.Receive(MakeUp(random), new IPEndPoint(host(i), 1000 + i));
        }

        await Ends.UntilAsync(() => node.Listener.GetStatistics().DatagramsForNobody == before + count, "the count");
    }

    /// <summary>A clock that stands until it is set on; timers are the system's.</summary>
    private sealed class Clock : TimeProvider
    {
        private long _now = 1_000_000;

        public override long TimestampFrequency => 1000;

        public override long GetTimestamp()
        {
            return Volatile.Read(ref _now);
        }

        internal void Add(TimeSpan time)
        {
            Interlocked.Add(ref _now, (long)time.TotalMilliseconds);
        }
    }

    /// <summary>Holds up who takes over until it is told to go on.</summary>
    private sealed class Holding(AssociationStore store) : AssociationStore
    {
        private readonly TaskCompletionSource _go = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private volatile bool _isAsked;

        internal bool IsAsked => _isAsked;

        internal void Go()
        {
            _go.SetResult();
        }

        public override async ValueTask<bool> StoreAsync(ReadOnlyMemory<byte> id, StoredAssociation association, AssociationFence fence, CancellationToken cancellationToken)
        {
            if (fence.Follows > 0)
            {
                _isAsked = true;
                await _go.Task.WaitAsync(cancellationToken);
            }

            return await store.StoreAsync(id, association, fence, cancellationToken);
        }

        public override ValueTask<StoredAssociation?> FindAsync(ReadOnlyMemory<byte> id, CancellationToken cancellationToken)
        {
            return store.FindAsync(id, cancellationToken);
        }

        public override ValueTask RemoveAsync(ReadOnlyMemory<byte> id, AssociationFence fence, CancellationToken cancellationToken)
        {
            return store.RemoveAsync(id, fence, cancellationToken);
        }
    }

    /// <summary>Removes nothing before all shards want something removed.</summary>
    private sealed class Meeting(AssociationStore store, int shards) : AssociationStore
    {
        private readonly ConcurrentDictionary<int, bool> _stored = new();
        private readonly ConcurrentDictionary<int, bool> _removing = new();
        private readonly TaskCompletionSource _met = new(TaskCreationOptions.RunContinuationsAsynchronously);

        internal int Shards => _stored.Count;

        internal bool HaveMet => _met.Task.IsCompleted;

        public override ValueTask<bool> StoreAsync(ReadOnlyMemory<byte> id, StoredAssociation association, AssociationFence fence, CancellationToken cancellationToken)
        {
            _stored[ShardOf(id)] = true;
            return store.StoreAsync(id, association, fence, cancellationToken);
        }

        public override ValueTask<StoredAssociation?> FindAsync(ReadOnlyMemory<byte> id, CancellationToken cancellationToken)
        {
            return store.FindAsync(id, cancellationToken);
        }

        public override async ValueTask RemoveAsync(ReadOnlyMemory<byte> id, AssociationFence fence, CancellationToken cancellationToken)
        {
            _removing[ShardOf(id)] = true;
            if (_removing.Count == shards)
            {
                _met.TrySetResult();
            }

            await _met.Task.WaitAsync(cancellationToken);
            await store.RemoveAsync(id, fence, cancellationToken);
        }

        private int ShardOf(ReadOnlyMemory<byte> id)
        {
            using QuicLbCodec codec = new(Ids(0));
            byte[] nonce = new byte[8];
            Assert.IsTrue(codec.TryDecode(id.Span, new byte[1], nonce));
            return nonce[0] % shards;
        }
    }
}
