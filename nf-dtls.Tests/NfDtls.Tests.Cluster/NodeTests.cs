using System;
using System.Collections.Concurrent;
using System.Collections.Generic;
using System.Linq;
using System.Net;
using System.Threading.Tasks;
using Microsoft.VisualStudio.TestTools.UnitTesting;
using NfDtls.Cluster;
using NfDtls.Net;
using NfDtls.Tests.Net;
using static NfDtls.Tests.Cluster.Fleet;

namespace NfDtls.Tests.Cluster;

/// <summary>Two nodes before one store: what is another's is handed over, what was another's is taken over.</summary>
[TestClass]
public sealed class NodeTests
{
    private readonly MemoryStore _store = new();
    private readonly Members _members = new();

    [TestMethod]
    [DataRow(DtlsProtocols.Dtls12, 1)]
    [DataRow(DtlsProtocols.Dtls12, 2)]
    [DataRow(DtlsProtocols.Dtls13, 1)]
    [DataRow(DtlsProtocols.Dtls13, 2)]
    public async Task A_record_that_comes_to_another_node_is_handed_over_and_answered(DtlsProtocols version, int shards)
    {
        await using Node first = await Node.StartAsync(1, version, shards, _members, null);
        await using Node second = await Node.StartAsync(2, version, shards, _members, null);
        await using Balancer balancer = new(Ids(0));
        balancer.Only = first.Address;
        await using DtlsConnection client = await ConnectAsync(balancer.EndPoint, version);
        await Ends.AssertEchoesAsync(client, "straight");
        balancer.Only = second.Address;
        for (int i = 0; i < 5; i++)
        {
            await Ends.AssertEchoesAsync(client, "by the other " + i);
        }

        Assert.AreEqual(5L, second.Listener.GetStatistics().DatagramsForOtherNodes);
        Assert.AreEqual(0, second.Listener.GetStatistics().Sessions);
        Assert.AreEqual(1, first.Listener.GetStatistics().Sessions);
        _members.Forget(first.Name);
        await Ends.SendAsync(client, "for nobody");
        await Ends.UntilAsync(() => second.Listener.GetStatistics().DatagramsForNobody > 0, "the count");
    }

    [TestMethod]
    [DataRow(DtlsProtocols.Dtls12)]
    [DataRow(DtlsProtocols.Dtls13)]
    public async Task Another_node_goes_on_with_an_association_and_the_one_before_lets_go_without_a_word(DtlsProtocols version)
    {
        await using Node first = await Node.StartAsync(1, version, 1, _members, _store);
        await using Node second = await Node.StartAsync(2, version, 2, _members, _store);
        await using Balancer balancer = new(Ids(0));
        ConcurrentQueue<(EndPoint Client, byte[] Datagram)> said = new();
        ConcurrentDictionary<string, int> numbers = new();
        balancer.Seen = (client, datagram, isClients) =>
        {
            if (isClients)
            {
                said.Enqueue((client, datagram));
            }
            else
            {
                CountNumbers(datagram, numbers);
            }
        };
        balancer.Only = first.Address;
        await using DtlsConnection client = await ConnectAsync(balancer.EndPoint, version);
        await Ends.AssertEchoesAsync(client, "first");
        await Ends.UntilAsync(() => _store.Count == 1, "what is stored");

        // The first node is taken for dead, which it is not.
        balancer.Only = second.Address;
        _members.Forget(first.Name);
        await GoOnAsync(client, "second");
        Assert.AreEqual(1L, second.Listener.GetStatistics().AssociationsTakenOver);
        Assert.AreEqual(1, second.Listener.GetStatistics().Sessions);

        // Whatever was said before says nothing now, at whichever node.
        foreach ((EndPoint from, byte[] datagram) in said.ToArray())
        {
            balancer.Repeat(from, datagram);
        }

        await GoOnAsync(client, "still");

        // The first one finds out when it wants to promise more, and its client hears nothing of it.
        balancer.Only = first.Address;
        _members.Add(first.Name, first.Fleet.HandOverEndPoint);
        await SendUntilAsync(client, () => first.Listener.GetStatistics().Sessions == 0, "the end of what is another's");

        // It lives, and its client's IDs still name it: what comes to it, straight or from a third, goes on to who took it over.
        await GoOnAsync(client, "by the one before");
        await using Node third = await Node.StartAsync(3, version, 1, _members, _store);
        balancer.Only = third.Address;
        await GoOnAsync(client, "by a third");
        Assert.AreEqual(1, second.Listener.GetStatistics().Sessions);
        Assert.AreEqual(0L, first.Listener.GetStatistics().AssociationsTakenOver + third.Listener.GetStatistics().AssociationsTakenOver);

        // Until the taker falls, and it comes back.
        _members.Forget(second.Name);
        await GoOnAsync(client, "by the one before, for itself");
        Assert.AreEqual(1L, first.Listener.GetStatistics().AssociationsTakenOver);
        _members.Add(second.Name, second.Fleet.HandOverEndPoint);
        balancer.Only = second.Address;
        _members.Forget(first.Name);
        await GoOnAsync(client, "to the end");
        Assert.AreEqual(DtlsError.None, client.CloseReason);
        Assert.IsTrue(numbers.Values.All(count => count == 1), "A number was used twice.");
        await client.CloseAsync().AsTask().WaitAsync(Ends.Patience);
        await Ends.UntilAsync(() => _store.Count == 0, "the end of what is stored");
    }

    [TestMethod]
    [DataRow(false)]
    [DataRow(true)]
    public async Task A_node_that_was_cut_off_from_the_store_lets_go_of_what_another_took_over(bool isOverMeanwhile)
    {
        Link link = new(_store);
        await using Node first = await Node.StartAsync(1, DtlsProtocols.Dtls12, 1, _members, link);
        await using Node second = await Node.StartAsync(2, DtlsProtocols.Dtls12, 1, _members, _store);
        await using Balancer balancer = new(Ids(0));
        ConcurrentDictionary<string, int> numbers = new();
        balancer.Seen = (_, datagram, isClients) => CountNumbers(isClients ? [] : datagram, numbers);
        balancer.Only = first.Address;
        await using DtlsConnection client = await ConnectAsync(balancer.EndPoint, DtlsProtocols.Dtls12);
        await Ends.AssertEchoesAsync(client, "first");
        await Ends.UntilAsync(() => _store.Count == 1, "what is stored");

        // It asks for promises in vain, and each has a higher generation than the one before.
        link.IsCut = true;
        await SendUntilAsync(client, () => link.Failed >= 6, "stores that fail");
        balancer.Only = second.Address;
        _members.Forget(first.Name);
        await GoOnAsync(client, "second");
        Assert.AreEqual(1L, second.Listener.GetStatistics().AssociationsTakenOver);
        if (isOverMeanwhile)
        {
            await client.CloseAsync().AsTask().WaitAsync(Ends.Patience);
            await Ends.UntilAsync(() => _store.Count == 0, "the end of what is stored");
        }

        link.IsCut = false;
        await Ends.UntilAsync(() => first.Listener.GetStatistics().Sessions == 0, "the end of what is another's");
        if (!isOverMeanwhile)
        {
            for (int i = 0; i < 20; i++)
            {
                await GoOnAsync(client, "second " + i);
            }

            Assert.AreEqual(DtlsError.None, client.CloseReason);
            Assert.AreEqual(1, second.Listener.GetStatistics().Sessions);
        }

        Assert.AreEqual(isOverMeanwhile ? 0 : 1, _store.Count);
        Assert.IsTrue(numbers.Values.All(count => count == 1), "A number was used twice.");
    }

    [TestMethod]
    [DataRow(DtlsProtocols.Dtls12)]
    [DataRow(DtlsProtocols.Dtls13)]
    public async Task A_first_promise_binds_though_nobody_has_heard_that_it_is_stored(DtlsProtocols version)
    {
        Link link = new(_store) { LosesAnswers = true };
        await using Node first = await Node.StartAsync(1, version, 1, _members, link);
        await using Node second = await Node.StartAsync(2, version, 1, _members, _store);
        await using Balancer balancer = new(Ids(0));
        ConcurrentDictionary<string, int> numbers = new();
        balancer.Seen = (_, datagram, isClients) => CountNumbers(isClients ? [] : datagram, numbers);
        balancer.Only = first.Address;
        await using DtlsConnection client = await ConnectAsync(balancer.EndPoint, version);
        await Ends.UntilAsync(() => _store.Count == 1, "what is stored");
        link.IsCut = true;
        long before = first.Listener.GetStatistics().DatagramsSent;
        int sentOn = balancer.Count + 40;
        for (int i = 0; i < 40; i++)
        {
            await Ends.SendAsync(client, "more than was promised");
        }

        await Ends.UntilAsync(() => System.Threading.Volatile.Read(ref balancer.Count) >= sentOn, "what is sent on");
        await Ends.UntilAsync(() => first.Listener.GetStatistics().RecordsDropped > 0, "records that were not promised");
        Assert.IsLessThan(before + 20, first.Listener.GetStatistics().DatagramsSent);
        balancer.Only = second.Address;
        _members.Forget(first.Name);
        for (int i = 0; i < 40; i++)
        {
            await GoOnAsync(client, "second " + i);
        }

        Assert.IsTrue(numbers.Values.All(count => count == 1), "A number was used twice.");
    }

    [TestMethod]
    public async Task A_node_that_drains_takes_nothing_over()
    {
        await using Node first = await Node.StartAsync(1, DtlsProtocols.Dtls12, 1, _members, _store);
        await using Node second = await Node.StartAsync(2, DtlsProtocols.Dtls12, 1, _members, _store);
        await using Balancer balancer = new(Ids(0));
        balancer.Only = first.Address;
        await using DtlsConnection client = await ConnectAsync(balancer.EndPoint, DtlsProtocols.Dtls12);
        await Ends.AssertEchoesAsync(client, "first");
        await Ends.UntilAsync(() => _store.Count == 1, "what is stored");
        await second.Listener.DrainAsync();
        balancer.Only = second.Address;
        _members.Forget(first.Name);
        await SendUntilAsync(client, () => second.Listener.GetStatistics().DatagramsForNobody > 2, "the count");
        Assert.AreEqual(0L, second.Listener.GetStatistics().AssociationsTakenOver);
        Assert.AreEqual(1, _store.Count);
        balancer.Only = first.Address;
        await GoOnAsync(client, "still the first one's");
        Assert.AreEqual(DtlsError.None, client.CloseReason);
    }

    [TestMethod]
    public async Task A_node_whose_backlog_is_full_leaves_what_it_found_in_the_store()
    {
        await using Node first = await Node.StartAsync(1, DtlsProtocols.Dtls12, 1, _members, _store);
        await using Node second = await Node.StartAsync(2, DtlsProtocols.Dtls12, 1, _members, _store, isDeaf: true);
        await using Balancer balancer = new(Ids(0));
        balancer.Only = first.Address;
        await using DtlsConnection one = await ConnectAsync(balancer.EndPoint, DtlsProtocols.Dtls12);
        await using DtlsConnection other = await ConnectAsync(balancer.EndPoint, DtlsProtocols.Dtls12);
        await Ends.AssertEchoesAsync(one, "first");
        await Ends.AssertEchoesAsync(other, "first");
        await Ends.UntilAsync(() => _store.Count == 2, "what is stored");
        balancer.Only = second.Address;
        _members.Forget(first.Name);
        await SendUntilAsync(one, () => second.Listener.GetStatistics().AssociationsTakenOver == 1, "what fills the backlog");
        await SendUntilAsync(other, () => second.Listener.GetStatistics().BacklogRejections > 1, "what is rejected");
        Assert.AreEqual(2, _store.Count);
        Assert.AreEqual(DtlsError.None, other.CloseReason);
        _ = Ends.EchoAsync(second.Listener);
        await GoOnAsync(one, "second");
        await GoOnAsync(other, "second");
        Assert.AreEqual(2L, second.Listener.GetStatistics().AssociationsTakenOver);
    }

    [TestMethod]
    public async Task A_store_that_fails_is_asked_again_and_keeps_nobody_from_going_on()
    {
        _store.Failures = 3;
        await using Node node = await Node.StartAsync(1, DtlsProtocols.Dtls12, 1, _members, _store);
        await using Balancer balancer = new(Ids(0));
        balancer.Only = node.Address;
        await using DtlsConnection client = await ConnectAsync(balancer.EndPoint, DtlsProtocols.Dtls12);
        for (int i = 0; i < 20; i++)
        {
            await GoOnAsync(client, "number " + i);
        }

        await Ends.UntilAsync(() => _store.Count == 1, "what is stored");
        Assert.IsTrue(_store.Failures < 0);
    }

    [TestMethod]
    public async Task Made_up_ids_and_strangers_on_the_port_of_the_nodes_are_counted_and_do_nothing()
    {
        await using Node node = await Node.StartAsync(1, DtlsProtocols.Dtls12, 1, _members, _store);
        using System.Net.Sockets.Socket socket = new(System.Net.Sockets.AddressFamily.InterNetwork, System.Net.Sockets.SocketType.Dgram, System.Net.Sockets.ProtocolType.Udp);
        Random random = new(5);
        for (int i = 0; i < 200; i++)
        {
            byte[] record = new byte[60];
            random.NextBytes(record);
            record[0] = 25;
            record[1] = 0xFE;
            record[2] = 0xFD;
            socket.SendTo(record.AsSpan(0, random.Next(1, 60)), node.Address);
            socket.SendTo(record, node.Fleet.HandOverEndPoint);
        }

        socket.SendTo([], node.Fleet.HandOverEndPoint);
        await Ends.UntilAsync(() => node.Fleet.Refused > 0 && node.Listener.GetStatistics().DatagramsForNobody > 0, "the counts");
        await using Balancer balancer = new(Ids(0));
        balancer.Only = node.Address;
        await using DtlsConnection client = await ConnectAsync(balancer.EndPoint, DtlsProtocols.Dtls12);
        await Ends.AssertEchoesAsync(client, "served");
        Assert.IsEmpty(node.Errors);
    }

    [TestMethod]
    public void What_is_handed_over_opens_with_the_key_alone_and_whole()
    {
        IPEndPoint peer = new(IPAddress.Parse("2001:db8::7"), 5684);
        byte[] message = Envelope.Seal(Key, [1, 2, 3], peer);
        Assert.IsTrue(Envelope.TryOpen(Key, message, out ReadOnlySpan<byte> datagram, out IPEndPoint? from));
        CollectionAssert.AreEqual(new byte[] { 1, 2, 3 }, datagram.ToArray());
        Assert.AreEqual(peer, from);
        Assert.IsFalse(Envelope.TryOpen(IdKey, message, out _, out _));
        for (int i = 0; i < message.Length; i++)
        {
            byte[] changed = (byte[])message.Clone();
            changed[i] ^= 1;
            Assert.IsFalse(Envelope.TryOpen(Key, changed, out _, out _));
            Assert.IsFalse(Envelope.TryOpen(Key, message.AsSpan(0, i), out _, out _));
        }
    }

    // The epoch and number of each protected record of 1.2, which nobody uses twice.
    private static void CountNumbers(byte[] datagram, ConcurrentDictionary<string, int> numbers)
    {
        const int HeaderLength = 13;
        const int ApplicationData = 23;
        for (int at = 0; at + HeaderLength <= datagram.Length && datagram[at] is >= 20 and <= ApplicationData; at += HeaderLength + ((datagram[at + 11] << 8) | datagram[at + 12]))
        {
            if (datagram[at + 4] != 0)
            {
                numbers.AddOrUpdate(Convert.ToHexString(datagram, at + 3, 8), 1, (_, count) => count + 1);
            }
        }
    }
}
