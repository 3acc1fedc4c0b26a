using System;
using System.Collections.Generic;
using System.Linq;
using Microsoft.VisualStudio.TestTools.UnitTesting;
using NfDtls.Extensions;
using NfDtls.Server;
using NfDtls.Tests.Engine;

namespace NfDtls.Tests.Extensions;

/// <summary>A client whose address changes (RFC 9146 section 6).</summary>
[TestClass]
public sealed class MovingTests
{
    [TestMethod]
    public void A_session_with_an_id_goes_on_from_another_address()
    {
        CidBed bed = new CidBed().Connect();
        bed.VerifyEcho();
        bed.Server.PathMtu = 600;
        for (int i = 1; i < 5; i++)
        {
            bed.Rebind(i);
            bed.VerifyEcho();
            bed.VerifyAt(bed.Address);
        }

        Assert.IsNull(bed.Bed.Server.Find(TestBed.Address, 6));
        Assert.AreEqual(4, bed.Bed.Server.Statistics.PeersMoved);
        Assert.AreEqual(bed.Bed.Server.Options.Mtu, bed.Server.PathMtu);
        Assert.HasCount(4, bed.Network.ServerEvents.Where(told => (told.Events & AssociationEvents.Moved) != 0));
        Assert.AreEqual(1, bed.Bed.Server.SessionCount);
        bed.Bed.VerifyPools();
    }

    [TestMethod]
    public void A_session_without_an_id_does_not()
    {
        foreach (int clients in new[] { 0, 8 })
        {
            CidBed bed = new CidBed(clients, 0).Connect();
            bed.VerifyEcho();
            bed.Rebind();
            Assert.IsFalse(bed.Echoes());
            Assert.AreEqual(0, bed.Bed.Server.Statistics.PeersMoved);
            Assert.AreEqual(1, bed.Bed.Server.Statistics.Dropped(DropReason.NoSession));
            CollectionAssert.AreEqual(TestBed.Address, bed.Server.PeerAddress.AsSpan(0, 6).ToArray());
        }
    }

    [TestMethod]
    [DataRow(11)]
    [DataRow(12)]
    [DataRow(13)]
    [DataRow(14)]
    public void It_goes_on_through_loss_duplication_and_reordering(int seed)
    {
        CidBed bed = new CidBed(seed % 2 == 0 ? 8 : 0, 8, seed);
        bed.Network.Drop = 0.2;
        bed.Network.Duplicate = 0.2;
        bed.Network.Delay = 0.2;
        bed.Connect();
        bed.Network.Run(20_000);
        HashSet<int> received = new();
        for (int i = 0; i < 200; i++)
        {
            if (i % 10 == 0)
            {
                bed.Rebind(1 + (i / 10));
            }

            bed.Client.Send(new byte[] { (byte)i }, 0, 1, bed.Network.Now);
            bed.Network.Run(1000);
            foreach (byte[] echo in bed.Bed.Client.ReceiveAll())
            {
                Assert.IsTrue(received.Add(echo[0]), "An echo came twice.");
            }
        }

        bed.Network.Run(10_000);
        Assert.IsGreaterThan(60, received.Count);
        bed.Network.Drop = 0;
        bed.Network.Delay = 0;
        bed.Network.Run(10_000);
        bed.Bed.Client.ReceiveAll();
        bed.VerifyEcho();
        bed.VerifyAt(bed.Address);
    }

    [TestMethod]
    public void An_older_record_that_arrives_late_does_not_take_the_session_back()
    {
        CidBed bed = new CidBed().Connect();
        byte[] late = ConnectionIdTests.Seal(bed.Client, ContentType.ApplicationData, 1);
        bed.Rebind();
        bed.VerifyEcho();
        bed.Network.Inject(true, TestBed.Address, late, 0);
        bed.Network.Run(100);
        bed.VerifyAt(bed.Address);
        Assert.AreEqual(1, bed.Bed.Server.Statistics.PeersMoved);
        Assert.AreEqual(0, bed.Bed.Server.Statistics.Dropped(DropReason.Replay), "It is data all the same.");
    }

    [TestMethod]
    public void Copies_and_forgeries_from_elsewhere_move_nothing_and_cost_no_datagram()
    {
        CidBed bed = new CidBed().Connect();
        bed.VerifyEcho();
        byte[] copy = bed.Last(true);
        int sent = bed.Network.Sent.Count;
        for (int i = 0; i < 500; i++)
        {
            byte[] forged = (byte[])copy.Clone();
            forged[10] += (byte)(1 + (i % 50));
            bed.Network.Inject(true, new byte[] { 203, 0, 113, (byte)i, 1, (byte)(i >> 8) }, copy, 0);
            bed.Network.Inject(true, new byte[] { 203, 0, 113, (byte)i, 1, (byte)(i >> 8) }, forged, 0);
        }

        bed.Network.Run(100);
        Assert.HasCount(sent, bed.Network.Sent);
        Assert.AreEqual(500, bed.Bed.Server.Statistics.Dropped(DropReason.Replay));
        Assert.AreEqual(500, bed.Bed.Server.Statistics.Dropped(DropReason.Forged));
        Assert.AreEqual(0, bed.Bed.Server.Statistics.PeersMoved);
        bed.VerifyAt(TestBed.Address);
        bed.VerifyEcho();
    }

    [TestMethod]
    public void Without_a_check_of_the_path_a_copy_that_came_first_holds_until_the_next_record()
    {
        CidBed bed = new CidBed().Connect();
        byte[] stolen = ConnectionIdTests.Seal(bed.Client, ContentType.ApplicationData, 1);
        bed.Network.Inject(true, TestBed.OtherAddress, stolen, 0);
        bed.Network.Run(100);
        bed.VerifyAt(TestBed.OtherAddress);
        bed.Network.Inject(true, TestBed.Address, stolen, 0);
        bed.Network.Run(100);
        bed.VerifyAt(TestBed.OtherAddress);
        bed.VerifyEcho();
        bed.VerifyAt(TestBed.Address);
    }

    [TestMethod]
    public void A_handshake_does_not_move_and_its_end_follows_the_client()
    {
        // The client's port changes behind its first flight of keys: what has no ID is nobody's, and the Finished, sent again, is newer.
        CidBed bed = new CidBed();
        int lost = 0;
        bed.Network.Filter = datagram =>
        {
            if (!datagram.ToServer && datagram.FirstType == ContentType.ChangeCipherSpec && lost < 1)
            {
                lost++;
                bed.Rebind();
                return false;
            }

            return true;
        };
        bed.Bed.Client.Engine.Connect(bed.Network.Now);
        Assert.IsTrue(bed.Network.Run(() => bed.Client.State == AssociationState.Connected, 60_000), "The client never got the last flight.");
        Association server = bed.Bed.Server.Find(bed.Address, 6);
        Assert.AreEqual(AssociationState.Connected, server.State);
        bed.VerifyEcho();

        // Before its Finished the server does not follow: the handshake fails, and nothing is left of it.
        bed = new CidBed();
        bed.Network.Filter = datagram =>
        {
            if (datagram.ToServer && datagram.FirstMessage == HandshakeType.ClientKeyExchange && lost < 2)
            {
                lost++;
                bed.Rebind();
                return false;
            }

            return true;
        };
        bed.Bed.Client.Engine.Connect(bed.Network.Now);
        bed.Network.Run(() => bed.Client.State == AssociationState.Closed, 3_600_000);
        Assert.AreEqual(DtlsError.Timeout, bed.Client.LastError);
        Assert.AreEqual(0, bed.Bed.Server.SessionCount);
        Assert.AreEqual(0, bed.Bed.Server.Statistics.PeersMoved);
        bed.Bed.VerifyPools();
    }

    [TestMethod]
    public void A_Finished_from_elsewhere_completes_the_handshake_and_moves_nothing()
    {
        DtlsOptions client = TestBed.Options(1);
        client.OneRecordPerDatagram = true;
        CidBed bed = new CidBed(client, TestBed.Options(2), new ConnectionIdFeature(8), new ConnectionIdFeature(8));
        byte[]? finished = null;
        bed.Network.Filter = datagram =>
        {
            if (finished != null || !datagram.ToServer || datagram.FirstType != ContentType.ConnectionId)
            {
                return true;
            }

            finished = datagram.Bytes;
            bed.Network.Inject(true, TestBed.OtherAddress, finished, 10);
            return false;
        };
        bed.Connect();
        Assert.IsNotNull(finished);
        bed.VerifyAt(TestBed.Address);
        Assert.AreEqual(0, bed.Bed.Server.Statistics.PeersMoved);
        bed.VerifyEcho();
    }

    [TestMethod]
    public void A_hello_from_where_a_moved_session_was_ends_nobodys_session()
    {
        CidBed bed = new CidBed().Connect();
        bed.Rebind();
        bed.VerifyEcho();

        // Another device has got the port that the first had.
        TestClient other = bed.Network.Add(new DtlsClientEngine(ConnectionIdTests.With(TestBed.Options(5), new ConnectionIdFeature(4))), TestBed.Address);
        other.Engine.Connect(bed.Network.Now);
        Assert.IsTrue(bed.Network.Run(() => other.State == AssociationState.Connected, 60_000));
        bed.VerifyEcho();
        Assert.AreEqual(2, bed.Bed.Server.SessionCount);

        // Then the first comes to where the second is: both have IDs, and both go on.
        bed.Network.Remove(other);
        TestClient away = bed.Network.Add(other.Engine, new byte[] { 203, 0, 113, 99, 1, 1 });
        bed.Network.Inject(true, TestBed.Address, ConnectionIdTests.Seal(bed.Client, ContentType.ApplicationData, 1), 0);
        bed.Network.Run(100);
        bed.VerifyAt(TestBed.Address);
        away.Association.Send(new byte[] { 9 }, 0, 1, bed.Network.Now);
        bed.Network.Run(100);
        Assert.HasCount(1, away.ReceiveAll());

        // A hello from the first one's address is the first one's: when it is done, the old session ends, and only that.
        TestClient again = bed.Network.Add(new DtlsClientEngine(ConnectionIdTests.With(TestBed.Options(6), new ConnectionIdFeature(4))), TestBed.Address);
        again.Engine.Connect(bed.Network.Now);
        Assert.IsTrue(bed.Network.Run(() => again.State == AssociationState.Connected, 60_000));
        Assert.AreEqual(DtlsError.Superseded, bed.Network.ServerEvents.Last(told => told.Association == bed.Server).Association.LastError);
        away.Association.Send(new byte[] { 9 }, 0, 1, bed.Network.Now);
        bed.Network.Run(100);
        Assert.HasCount(1, away.ReceiveAll());
        Assert.AreEqual(2, bed.Bed.Server.SessionCount);
    }

    [TestMethod]
    [DataRow(false)]
    [DataRow(true)]
    public void While_a_client_connects_anew_from_its_address_the_records_of_its_old_session_are_read(bool oldHasIds)
    {
        // One of the two has IDs in its records: each record is the one's or the other's by its form.
        CidBed bed = new CidBed(TestBed.Options(1), TestBed.Options(2), oldHasIds ? new ConnectionIdFeature(0) : null, new ConnectionIdFeature(8)).Connect();
        bed.VerifyEcho();
        Association old = bed.Server;
        DtlsOptions options = TestBed.Options(3);
        options.OneRecordPerDatagram = true;
        DtlsClientEngine engine = new DtlsClientEngine(oldHasIds ? options : ConnectionIdTests.With(options, new ConnectionIdFeature(0)));
        bed.Network.Remove(bed.Bed.Client);
        TestClient again = bed.Network.Add(engine, TestBed.Address);
        bool holds = true;
        bed.Network.Filter = datagram => !holds || !datagram.ToServer || datagram.FirstEpoch == 0;
        engine.Connect(bed.Network.Now);
        bed.Network.Run(300);
        Assert.AreEqual(1, bed.Bed.Server.HandshakeCount);
        bed.Network.Echo = false;
        bed.Network.Inject(true, TestBed.Address, ConnectionIdTests.Seal(bed.Client, ContentType.ApplicationData, 1, 2, 3), 0);
        bed.Network.Run(50);
        Assert.AreEqual(3, old.NextLength);
        Assert.AreEqual(0, bed.Bed.Server.Statistics.Dropped(DropReason.Forged));
        holds = false;
        Assert.IsTrue(bed.Network.Run(() => again.State == AssociationState.Connected, 60_000));
        bed.Network.Run(50);
        Assert.AreEqual(1, bed.Bed.Server.SessionCount);
        Assert.AreEqual(DtlsError.Superseded, old.LastError);
    }

    [TestMethod]
    public void A_session_that_has_moved_away_is_not_ended_by_the_handshake_that_began_at_its_address()
    {
        CidBed bed = new CidBed().Connect();
        TestClient other = bed.Network.Add(new DtlsClientEngine(ConnectionIdTests.With(TestBed.Options(5), new ConnectionIdFeature(4))), TestBed.Address);
        bed.Network.Filter = datagram => datagram.FirstMessage != HandshakeType.ClientKeyExchange || bed.Bed.Server.Statistics.PeersMoved > 0;
        other.Engine.Connect(bed.Network.Now);
        bed.Network.Run(200);
        Assert.AreEqual(1, bed.Bed.Server.HandshakeCount);
        bed.Rebind(7);
        bed.Network.Remove(other);
        bed.Network.Add(other.Engine, TestBed.Address);
        bed.VerifyEcho();
        Assert.IsTrue(bed.Network.Run(() => other.State == AssociationState.Connected, 60_000));
        bed.VerifyEcho();
        Assert.AreEqual(2, bed.Bed.Server.SessionCount);
    }

    [TestMethod]
    public void A_session_without_an_id_keeps_its_address_when_another_comes_to_it()
    {
        CidBed bed = new CidBed();
        TestClient other = bed.Network.Add(new DtlsClientEngine(TestBed.Options(5)), TestBed.OtherAddress);
        bed.Connect();
        other.Engine.Connect(bed.Network.Now);
        Assert.IsTrue(bed.Network.Run(() => other.State == AssociationState.Connected, 60_000));

        // Somebody with a session of his own pretends to be there.
        bed.Network.Inject(true, TestBed.OtherAddress, ConnectionIdTests.Seal(bed.Client, ContentType.ApplicationData, 1), 0);
        bed.Network.Run(100);
        Assert.AreEqual(1, bed.Bed.Server.Statistics.PeersMoved);
        other.Association.Send(new byte[] { 9 }, 0, 1, bed.Network.Now);
        bed.Network.Run(100);
        Assert.HasCount(1, other.ReceiveAll());
        bed.VerifyEcho();
        bed.VerifyAt(TestBed.Address);
        other.Association.Send(new byte[] { 9 }, 0, 1, bed.Network.Now);
        bed.Network.Run(100);
        Assert.HasCount(1, other.ReceiveAll());
    }

    [TestMethod]
    public void Counts_by_host_follow_a_session()
    {
        DtlsOptions options = TestBed.Options(2);
        options.MaxSessionsPerHost = 1;
        options.HostOffset = 2;
        CidBed bed = new CidBed(TestBed.Options(1), options, new ConnectionIdFeature(8), new ConnectionIdFeature(8)).Connect();
        bed.Rebind();
        bed.VerifyEcho();
        SessionTable table = bed.Bed.Server.Table;
        Assert.AreEqual(0, table.Hosts.CountOf(table.Hosts.Find(TestBed.Address, 6)));
        Assert.AreEqual(1, table.Hosts.CountOf(table.Hosts.Find(bed.Address, 6)));
        Assert.AreEqual(0, table.Hosts.HalfOpenOf(table.Hosts.Find(bed.Address, 6)));

        // So its old host has a place again, and its new one has none.
        TestClient other = bed.Network.Add(new DtlsClientEngine(TestBed.Options(5)), TestBed.Address);
        other.Engine.Connect(bed.Network.Now);
        Assert.IsTrue(bed.Network.Run(() => other.State == AssociationState.Connected, 60_000));
        byte[] beside = (byte[])bed.Address.Clone();
        beside[0]++;
        TestClient third = bed.Network.Add(new DtlsClientEngine(TestBed.Options(6)), beside);
        third.Engine.Connect(bed.Network.Now);
        bed.Network.Run(20_000);
        Assert.AreNotEqual(AssociationState.Connected, third.State);
        bed.Network.Remove(third);
        bed.Client.Close(0, bed.Network.Now);
        bed.Network.Run(100);
        Assert.AreEqual(0, table.Hosts.CountOf(table.Hosts.Find(bed.Address, 6)));
        Assert.AreEqual(1, bed.Bed.Server.SessionCount);
    }

    [TestMethod]
    public void Many_sessions_that_move_about_stay_themselves()
    {
        DtlsOptions options = TestBed.Options(2);
        options.MaxSessions = 20;
        options.MaxSessionsPerHost = 0;
        options.PoolPackets = 64;
        CidBed bed = new CidBed(TestBed.Options(1), options, new ConnectionIdFeature(2), new ConnectionIdFeature(8));
        Random random = new Random(5);
        List<TestClient> clients = new();
        for (int i = 0; i < 16; i++)
        {
            TestClient client = bed.Network.Add(new DtlsClientEngine(ConnectionIdTests.With(TestBed.Options(200 + i), new ConnectionIdFeature(i % 3))), new byte[] { 10, 0, 0, (byte)i, 0, 1 });
            client.Engine.Connect(bed.Network.Now);
            Assert.IsTrue(bed.Network.Run(() => client.State == AssociationState.Connected, 60_000), "client " + i);
            clients.Add(client);
        }

        for (int step = 0; step < 400; step++)
        {
            int which = random.Next(clients.Count);
            bed.Network.Remove(clients[which]);
            byte[] address;
            do
            {
                address = new byte[] { 10, 0, 0, (byte)random.Next(24), 0, 1 };
            }
            while (clients.Where((client, i) => i != which).Any(client => client.Address.SequenceEqual(address)));

            clients[which] = bed.Network.Add(clients[which].Engine, address);
            byte[] data = TestBed.Bytes(4, which);
            clients[which].Association.Send(data, 0, 4, bed.Network.Now);
            bed.Network.Run(30);
            CollectionAssert.AreEqual(data, clients[which].ReceiveAll().Single());
        }

        Assert.AreEqual(16, bed.Bed.Server.SessionCount);
        foreach (TestClient client in clients)
        {
            Association found = bed.Bed.Server.Find(client.Address, 6);
            CollectionAssert.AreEqual(client.Address, found.PeerAddress.AsSpan(0, 6).ToArray());
            client.Association.Close(0, bed.Network.Now);
        }

        bed.Network.Run(1000);
        Assert.AreEqual(0, bed.Bed.Server.SessionCount);
        for (int i = 0; i < 24; i++)
        {
            Assert.IsNull(bed.Bed.Server.Find(new byte[] { 10, 0, 0, (byte)i, 0, 1 }, 6));
            Assert.AreEqual(-1, bed.Bed.Server.Table.Hosts.Find(new byte[] { 10, 0, 0, (byte)i, 0, 1 }, 6));
        }

        bed.Bed.VerifyPools();
    }

    [TestMethod]
    [DataRow(false)]
    [DataRow(true)]
    public void Records_with_ids_allocate_nothing_wherever_they_come_from(bool host)
    {
        foreach (CipherSuite suite in new[] { PskSuites.Aes128Ccm8(), PskSuites.Aes128CbcSha256() })
        {
            CidBed bed = new CidBed(ConnectionIdTests.Options(suite.Id, host, 1), ConnectionIdTests.Options(suite.Id, host, 2), new ConnectionIdFeature(8), new ConnectionIdFeature(8)).Connect();
            byte[] data = TestBed.Bytes(64);
            byte[] buffer = new byte[2000];
            byte[] address = (byte[])TestBed.Address.Clone();
            Exchange(bed, data, buffer, address, 1500);
            long least = long.MaxValue;
            for (int attempt = 0; attempt < 3 && least > 0; attempt++)
            {
                long before = GC.GetAllocatedBytesForCurrentThread();
                Exchange(bed, data, buffer, address, 3000);
                least = Math.Min(least, GC.GetAllocatedBytesForCurrentThread() - before);
            }

            Assert.AreEqual(0, least, suite.Name);
        }
    }

    private static void Exchange(CidBed bed, byte[] data, byte[] buffer, byte[] address, int count)
    {
        DtlsServerEngine server = bed.Bed.Server;
        DtlsClientEngine client = bed.Bed.Client.Engine;
        long now = bed.Network.Now;
        for (int i = 0; i < count; i++)
        {
            address[3] = (byte)(i / 5);
            client.Association.Send(data, 0, data.Length, now);
            Packet packet = client.PollDatagram(now);
            server.HandleDatagram(packet.Buffer, packet.Offset, packet.Length, address, 6, now);
            packet.Return();
            server.PollEvent(out _);
            int length = bed.Server.Receive(buffer, 0);
            bed.Server.Send(buffer, 0, length, now);
            packet = server.PollDatagram(now);
            client.HandleDatagram(packet.Buffer, packet.Offset, packet.Length, now);
            packet.Return();
            client.TakeEvents();
            if (client.Association.Receive(buffer, 0) != data.Length)
            {
                throw new InvalidOperationException("No echo.");
            }
        }
    }
}
