using System;
using System.Collections.Generic;
using System.Linq;
using Microsoft.VisualStudio.TestTools.UnitTesting;
using NfDtls.Server;

namespace NfDtls.Tests.Engine;

/// <summary>What is bounded stays so, and what was taken is given back.</summary>
[TestClass]
public class ResourceTests
{
    [TestMethod]
    public void A_pool_of_two_packets_is_enough_for_a_handshake_and_an_echo()
    {
        DtlsOptions client = TestBed.Options(1);
        client.PoolPackets = 2;
        DtlsOptions server = TestBed.Options(2);
        server.PoolPackets = 2;
        TestBed bed = new TestBed(client, server).Connect();
        bed.VerifyEcho();
        bed.VerifyPools();
        Assert.IsTrue(bed.Server.Pool.HighWaterMark <= 2);
    }

    [TestMethod]
    public void Records_that_come_before_their_keys_wait_in_few_packets_and_are_given_back()
    {
        foreach (int held in new[] { 0, 1, 4 })
        {
            DtlsOptions options = TestBed.Options(2);
            options.HeldRecords = held;
            options.PoolPackets = 16;
            DtlsServerEngine server = new DtlsServerEngine(options);
            ScriptedClient client = new ScriptedClient(server, TestBed.Address).Hello();
            for (int i = 0; i < 50; i++)
            {
                client.Send(TestBed.Record(ContentType.ApplicationData, 1, i, new byte[30]));
                client.Send(TestBed.Record(ContentType.Handshake, 2, i, new byte[30]));
            }

            Assert.AreEqual(held, server.Pool.Count - server.Pool.Available);
            client.Send(client.Peer.Message(HandshakeType.ClientKeyExchange, client.Peer.ClientKeyExchangeBody()));
            client.Send(client.Peer.ChangeCipherSpec());
            client.Send(client.Peer.Finished(true));
            Assert.AreEqual(1, server.Statistics.HandshakesCompleted);
            Assert.AreEqual(server.Pool.Count, server.Pool.Available);
        }
    }

    [TestMethod]
    public void Data_sent_right_behind_the_finished_is_delivered_in_whatever_order_it_comes()
    {
        // CKE, CCS, Finished and two records of data, in all 120 orders; what cannot be kept may be lost, but never garbled.
        foreach (int[] order in Orders(5))
        {
            DtlsServerEngine server = new DtlsServerEngine(TestBed.Options(2));
            ScriptedClient client = new ScriptedClient(server, TestBed.Address).Hello();
            byte[][] datagrams =
            {
                client.Peer.Message(HandshakeType.ClientKeyExchange, client.Peer.ClientKeyExchangeBody()), client.Peer.ChangeCipherSpec(), client.Peer.Finished(true),
                client.Peer.Protect(ContentType.ApplicationData, 1, 1), client.Peer.Protect(ContentType.ApplicationData, 2, 2, 2),
            };
            foreach (int index in order)
            {
                client.Send(datagrams[index]);
            }

            bool completes = Array.IndexOf(order, 1) > Array.IndexOf(order, 0);
            Assert.AreEqual(completes ? 1 : 0, server.Statistics.HandshakesCompleted, string.Join(" ", order));
            if (completes)
            {
                Association association = client.Association!;
                byte[] buffer = new byte[100];
                List<int> lengths = new();
                while (association.Pending > 0)
                {
                    lengths.Add(association.Receive(buffer, 0));
                }

                CollectionAssert.AreEquivalent(new[] { 2, 3 }, lengths, string.Join(" ", order));
            }

            server.Reset();
            Assert.AreEqual(server.Pool.Count, server.Pool.Available);
        }
    }

    [TestMethod]
    public void A_declared_length_allocates_nothing()
    {
        DtlsServerEngine server = new DtlsServerEngine(TestBed.Options(2));
        ScriptedClient client = new ScriptedClient(server, TestBed.Address).Hello();
        byte[] content = new byte[13];
        MessageHeader.Write(content, 0, HandshakeType.ClientKeyExchange, 0xFFFFFF, 2, 0, 1);
        byte[] record = TestBed.Record(ContentType.Handshake, 0, 9, content);
        byte[] copy = new byte[record.Length];
        Feed(server, client, record, copy, 50);

        // The least of several: a collection that another thread begins adds to what this one seems to have taken.
        long least = long.MaxValue;
        for (int attempt = 0; attempt < 5 && least > 0; attempt++)
        {
            long before = GC.GetAllocatedBytesForCurrentThread();
            Feed(server, client, record, copy, 1000);
            least = Math.Min(least, GC.GetAllocatedBytesForCurrentThread() - before);
        }

        Assert.AreEqual(0, least);
    }

    [TestMethod]
    public void A_client_without_entropy_says_so_and_can_try_again()
    {
        DtlsOptions options = TestBed.Options(1);
        FailingProvider provider = new FailingProvider(options.Crypto) { Fails = true };
        options.Crypto = provider;
        TestBed bed = new TestBed(options, TestBed.Options(2));
        Assert.ThrowsExactly<InvalidOperationException>(() => bed.Client.Engine.Connect(bed.Network.Now));
        Assert.AreEqual(AssociationState.Idle, bed.Client.State);
        Assert.IsNull(bed.Client.Engine.PollDatagram(bed.Network.Now));
        provider.Fails = false;
        bed.Connect().VerifyEcho();
    }

    [TestMethod]
    public void A_server_that_runs_out_of_entropy_in_a_handshake_fails_that_handshake()
    {
        DtlsOptions options = TestBed.Options(2);
        FailingProvider provider = new FailingProvider(options.Crypto);
        options.Crypto = provider;
        TestBed bed = new TestBed(TestBed.Options(1), options);
        bed.Network.Filter = datagram =>
        {
            provider.Fails = datagram.Number == 2;
            return true;
        };
        bed.VerifyClientFails(DtlsError.AlertReceived);
        Assert.AreEqual(Alert.InternalError, bed.Client.Association.AlertReceived);
        provider.Fails = false;
        bed.Network.Filter = null;
        bed.Connect().VerifyEcho();
    }

    [TestMethod]
    public void A_client_that_can_use_none_of_its_suites_is_told_at_once()
    {
        DtlsOptions options = TestBed.Options(1);
        options.Psk = null;
        DtlsClientEngine client = new DtlsClientEngine(options);
        Assert.AreEqual(DtlsError.HandshakeFailure, Assert.ThrowsExactly<DtlsException>(() => client.Connect(0)).Error);
        Assert.AreEqual(AssociationState.Idle, client.Association.State);
    }

    [TestMethod]
    public void Only_a_closed_session_can_be_released()
    {
        TestBed bed = new TestBed().Connect();
        Assert.ThrowsExactly<InvalidOperationException>(() => bed.Server.Release(bed.ServerAssociation!));
        Assert.ThrowsExactly<ArgumentNullException>(() => bed.Server.Release(null!));
        bed.VerifyEcho();
    }

    [TestMethod]
    public void Sessions_are_found_by_address_and_by_index()
    {
        DtlsOptions options = TestBed.Options(2);
        options.MaxSessions = 30;
        options.MaxHandshakes = 30;
        DtlsServerEngine server = new DtlsServerEngine(options);
        List<byte[]> addresses = new();
        Random random = new Random(3);
        for (int i = 0; i < 30; i++)
        {
            byte[] address = new byte[random.Next(4, 29)];
            random.NextBytes(address);
            addresses.Add(address);
            new ScriptedClient(server, address).Complete();
        }

        Assert.AreEqual(30, server.SessionCount);
        while (addresses.Count > 0)
        {
            foreach (byte[] address in addresses)
            {
                Association association = server.Find(address, address.Length);
                CollectionAssert.AreEqual(address, association.PeerAddress.AsSpan(0, association.PeerAddressLength).ToArray());
                Assert.IsTrue(Enumerable.Range(0, 30).Any(i => server.At(i) == association));
            }

            int gone = random.Next(addresses.Count);
            Association closed = server.Find(addresses[gone], addresses[gone].Length);
            closed.Close(0, 6_000_000);
            Assert.IsNull(server.Find(addresses[gone], addresses[gone].Length));
            server.PollDatagram(6_000_000).Return();
            server.Release(closed);
            addresses.RemoveAt(gone);
            Assert.AreEqual(addresses.Count, server.SessionCount);
        }
    }

    [TestMethod]
    public void Every_event_is_told_once()
    {
        TestBed bed = new TestBed().Connect();
        bed.VerifyEcho();
        bed.Client.Association.Close(1000, bed.Network.Now);
        bed.Network.Run(1000);
        int[] events = bed.Network.ServerEvents.Select(told => told.Events).Where(told => told != 0).ToArray();
        CollectionAssert.AreEqual(new[] { AssociationEvents.Connected, AssociationEvents.Data, AssociationEvents.Closed }, events);
        Assert.AreEqual(AssociationEvents.Connected | AssociationEvents.Data | AssociationEvents.Closed, bed.Client.Events);
    }

    [TestMethod]
    public void Keys_are_wiped_when_a_session_ends()
    {
        TestBed bed = new TestBed().Connect();
        Epoch epoch = bed.Client.Association.WriteEpoch;
        bed.Client.Association.Close(0, bed.Network.Now);
        Assert.IsNull(bed.Client.Association.WriteEpoch);
        Assert.IsNull(bed.Client.Association.ReadEpoch);
        Assert.IsFalse(epoch.IsReadable);
    }

    [TestMethod]
    public void The_key_block_is_wiped_as_soon_as_the_keys_are_made_of_it()
    {
        DtlsOptions options = TestBed.Options(2);
        WatchedProvider provider = new WatchedProvider(options.Crypto);
        options.Crypto = provider;
        DtlsServerEngine server = new DtlsServerEngine(options);
        ScriptedClient client = new ScriptedClient(server, TestBed.Address).Hello();
        client.Send(client.Peer.Message(HandshakeType.ClientKeyExchange, client.Peer.ClientKeyExchangeBody()));
        List<byte[]> masters = provider.Secrets.Where(secret => secret.Length == 48).ToList();
        List<byte[]> blocks = provider.Secrets.Where(secret => secret.Length == 40).ToList();
        Assert.AreEqual(1, blocks.Count);
        Assert.IsNotNull(Reachable.Find(server, masters), "The test looks in the wrong place.");
        Assert.IsNull(Reachable.Find(server, blocks));
    }

    [TestMethod]
    public void Keys_of_CBC_are_wiped_where_they_were_put_together()
    {
        WatchedProvider provider = new WatchedProvider(TestBed.Options(1).Crypto);
        DtlsOptions client = TestBed.Options(1);
        client.Suites = TestBed.Only(PskSuites.Aes128CbcSha256());
        client.Crypto = provider;
        DtlsOptions server = TestBed.Options(2);
        server.Suites = client.Suites;
        new TestBed(client, server).Connect().VerifyEcho();
        Assert.AreEqual(2, provider.CbcKeys.Count);
        Assert.IsTrue(provider.CbcKeys.TrueForAll(keys => keys.All(value => value == 0)));
    }

    private static void Feed(DtlsServerEngine server, ScriptedClient client, byte[] record, byte[] copy, int count)
    {
        for (int i = 0; i < count; i++)
        {
            Array.Copy(record, copy, record.Length);
            server.HandleDatagram(copy, 0, copy.Length, TestBed.Address, 6, client.Now);
        }
    }

    private static IEnumerable<int[]> Orders(int count)
    {
        return Permute(Enumerable.Range(0, count).ToArray(), 0);
    }

    private static IEnumerable<int[]> Permute(int[] items, int from)
    {
        if (from == items.Length)
        {
            yield return (int[])items.Clone();
            yield break;
        }

        for (int i = from; i < items.Length; i++)
        {
            (items[from], items[i]) = (items[i], items[from]);
            foreach (int[] rest in Permute(items, from + 1))
            {
                yield return rest;
            }

            (items[from], items[i]) = (items[i], items[from]);
        }
    }
}
