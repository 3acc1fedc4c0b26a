using System;
using System.Linq;
using Microsoft.VisualStudio.TestTools.UnitTesting;
using NfDtls.Server;

namespace NfDtls.Tests.Engine;

/// <summary>More handshakes than slots: who gives way, and what it costs to keep a stranger out. The bills stand in docs/protocol.md.</summary>
[TestClass]
public class CrowdTests
{
    private const int Slots = 4;

    [TestMethod]
    [DataRow(false)]
    [DataRow(true)]
    public void A_device_with_a_wrong_key_that_comes_back_from_new_ports_locks_nobody_out(bool iot)
    {
        VirtualNetwork network = Network(Preset(iot, 2));
        long end = network.Now + 7_200_000;
        TestClient? bad = null;
        int tries = 0;
        for (int i = 0; network.Now < end; i++)
        {
            if (bad != null)
            {
                network.Remove(bad);
            }

            DtlsOptions wrong = TestBed.Options(100 + i);
            wrong.Psk = TestBed.Store(TestBed.Bytes(16, 0x99), TestBed.Text("sensor-1"));
            bad = network.Add(new DtlsClientEngine(wrong), Address(66, 20_000 + i));
            bad.Engine.Connect(network.Now);
            network.Run(15_000);
            if (i % 8 == 7)
            {
                tries++;
                TestClient good = network.Add(new DtlsClientEngine(TestBed.Options(1000 + i)), Address(7, i));
                good.Engine.Connect(network.Now);
                Assert.IsTrue(network.Run(() => good.State == AssociationState.Connected, 5000), "try " + tries);
                good.Association.Close(0, network.Now);
                network.Run(100);
                network.Remove(good);
            }

            network.Run(15_000);
        }

        Assert.IsTrue(tries > 20);
    }

    [TestMethod]
    [DataRow(2000)]
    [DataRow(5000)]
    public void Impatient_devices_with_a_wrong_key_do_not_keep_the_only_slot_of_a_server_with_a_slow_timer(int interval)
    {
        DtlsOptions options = Preset(true, 2);
        options.MaxHandshakes = 1;
        VirtualNetwork network = Network(options);
        TestClient? good = null;
        int connected = 0;
        for (int i = 0; i < 200; i++)
        {
            DtlsOptions wrong = TestBed.Options(100 + i);
            wrong.Psk = TestBed.Store(TestBed.Bytes(16, 0x99), TestBed.Text("sensor-1"));
            TestClient bad = network.Add(new DtlsClientEngine(wrong), Address(66, 20_000 + i));
            bad.Engine.Connect(network.Now);
            network.Run(interval / 3);
            if (i % 20 == 5)
            {
                good = network.Add(new DtlsClientEngine(TestBed.Options(1000 + i)), Address(7, i));
                good.Engine.Connect(network.Now);
            }

            network.Run(interval - (interval / 3));
            network.Remove(bad);
            if (i % 20 == 15)
            {
                connected += good!.State == AssociationState.Connected ? 1 : 0;
                good.Association.Close(0, network.Now);
                network.Run(100);
                network.Remove(good);
            }
        }

        Assert.AreEqual(10, connected);
    }

    [TestMethod]
    [DataRow(false, 1000)]
    [DataRow(true, 9000)]
    public void Eight_datagrams_of_one_host_delay_a_stranger_for_one_round_of_retransmission(bool iot, int round)
    {
        VirtualNetwork network = Network(Preset(iot, 2));
        Flood(network, Slots, i => Address(66, i));
        Assert.AreEqual(Slots, network.Server!.HandshakeCount);
        TestClient stranger = network.Add(new DtlsClientEngine(TestBed.Options(3)), Address(7, 1));
        long begun = network.Now;
        stranger.Engine.Connect(network.Now);
        Assert.IsTrue(network.Run(() => stranger.State == AssociationState.Connected, 30_000));

        // The stranger's own retries, after 1, 3, 7 and 15 s, decide when it asks again.
        long waited = network.Now - begun;
        Assert.IsTrue(waited <= (iot ? 15_100 : round + 100), waited + " ms");
    }

    [TestMethod]
    [DataRow(1)]
    [DataRow(4)]
    public void One_host_that_never_stops_cannot_keep_a_stranger_out(int slots)
    {
        DtlsOptions options = TestBed.Options(2);
        options.MaxHandshakes = slots;
        VirtualNetwork network = Network(options);
        int port = 0;
        int datagrams = 0;
        TestClient? stranger = null;
        for (int i = 0; i < 1500 && stranger?.State != AssociationState.Connected; i++)
        {
            Flood(network, 1, _ => Address(66, port++));
            datagrams += 2;
            network.Run(10);
            if (i == 500)
            {
                stranger = network.Add(new DtlsClientEngine(TestBed.Options(3)), Address(7, 1));
                stranger.Engine.Connect(network.Now);
            }
        }

        Assert.AreEqual(AssociationState.Connected, stranger!.State, datagrams + " datagrams");
    }

    [TestMethod]
    public void A_network_of_IPv6_is_one_host_whatever_addresses_it_takes()
    {
        VirtualNetwork network = Network(TestBed.Options(2));
        TestClient? stranger = null;
        for (int i = 0; i < 1500 && stranger?.State != AssociationState.Connected; i++)
        {
            byte[] address = new byte[23];
            address[0] = 6;
            address[3] = 0x20;
            address[4] = 0x01;
            address[17] = (byte)(i >> 8);
            address[18] = (byte)i;
            Flood(network, 1, _ => address);
            network.Run(10);
            if (i == 500)
            {
                byte[] other = (byte[])address.Clone();
                other[10]++;
                stranger = network.Add(new DtlsClientEngine(TestBed.Options(3)), other);
                stranger.Engine.Connect(network.Now);
            }
        }

        Assert.AreEqual(AssociationState.Connected, stranger!.State);
    }

    [TestMethod]
    public void To_keep_a_stranger_out_takes_two_datagrams_a_slot_in_each_round_and_more_hosts_than_slots()
    {
        // A proven hello, two datagrams, whenever a slot has had its round: eight datagrams a second.
        Assert.IsFalse(GetsIn(2 * Slots, 1000 / Slots, 60), "The bill is higher than the documentation says.");
        Assert.IsTrue(GetsIn(2 * Slots, 2000 / Slots, 60), "Half as many keep nobody out.");
        Assert.IsTrue(GetsIn(Slots, 10, 60), "As many hosts as slots keep nobody out, however much they send.");
    }

    [TestMethod]
    public void A_burst_of_honest_clients_from_one_address_translator_connects_within_a_minute()
    {
        const int Count = 20;
        DtlsOptions options = TestBed.Options(2);
        options.MaxSessions = Count;
        VirtualNetwork network = Network(options);
        network.Latency = 400;
        TestClient[] clients = Enumerable.Range(0, Count).Select(i => network.Add(new DtlsClientEngine(TestBed.Options(10 + i)), Address(5, i))).ToArray();
        foreach (TestClient client in clients)
        {
            client.Engine.Connect(network.Now);
        }

        bool all = network.Run(() => clients.All(client => client.State == AssociationState.Connected), 60_000);
        Assert.IsTrue(all, clients.Count(client => client.State == AssociationState.Connected) + " are connected, " + clients.Count(client => client.State == AssociationState.Closed) + " have failed.");
        Assert.AreEqual(0, network.Server!.Statistics.HandshakesFailed, "Nobody was thrown out in the middle.");
    }

    [TestMethod]
    public void A_handshake_that_does_not_decrypt_gives_way_before_an_older_one_that_may_still_be_right()
    {
        DtlsServerEngine server = new DtlsServerEngine(Patient(2));
        long now = 5_000_000;
        ScriptedClient older = Begin(server, 1, now);
        ScriptedClient wrong = Begin(server, 2, now + 100);
        wrong.Send(wrong.Peer.Message(HandshakeType.ClientKeyExchange, wrong.Peer.ClientKeyExchangeBody()));
        wrong.Send(wrong.Peer.ChangeCipherSpec());
        wrong.Peer.Key = TestBed.Bytes(16, 0x99);
        wrong.Peer.DeriveKeys();
        wrong.Send(wrong.Peer.Finished(true));
        Association ends = wrong.Association!;

        // Not before it has had its time, and not while there is another slot.
        ScriptedClient third = Begin(server, 3, now + 900);
        Assert.AreEqual(2, server.HandshakeCount);
        Assert.IsNull(third.Association);
        third = Begin(server, 3, now + 3000);
        Assert.AreEqual(AssociationState.Connecting, third.Association!.State);
        Assert.AreEqual(AssociationState.Closed, ends.State);
        Assert.AreEqual(DtlsError.KeyMismatchSuspected, ends.LastError);
        Assert.AreEqual(AssociationState.Connecting, older.Association!.State);
        Assert.AreEqual(1, server.Statistics.HandshakesFailedWith(DtlsError.KeyMismatchSuspected));
    }

    [TestMethod]
    public void The_oldest_of_the_host_with_most_gives_way_and_is_told()
    {
        DtlsOptions options = TestBed.Options(2);
        DtlsServerEngine server = new DtlsServerEngine(options);
        long now = 5_000_000;
        ScriptedClient alone = Begin(server, 1, now);
        ScriptedClient[] many = Enumerable.Range(0, 3).Select(i => new ScriptedClient(server, Address(9, i)) { Now = now + 100 + i }.Hello()).ToArray();
        Association ends = many[0].Association!;
        Assert.IsNull(Begin(server, 3, now + 900).Association, "All of them still have their time.");
        many[0].Peer.Alerts.Clear();
        ScriptedClient stranger = new ScriptedClient(server, Address(3, 1)) { Now = now + 1200 };
        byte[] first = stranger.Peer.Message(HandshakeType.ClientHello, stranger.Peer.ClientHelloBody());
        stranger.Send(first);
        byte[] second = stranger.Peer.Message(HandshakeType.ClientHello, stranger.Peer.ClientHelloBody());
        server.HandleDatagram(second, 0, second.Length, Address(3, 1), 7, now + 1200);
        many[0].TakeAnswers();
        Assert.AreEqual(AssociationState.Closed, ends.State);
        Assert.AreEqual(DtlsError.NoFreeSession, ends.LastError);
        Assert.AreEqual((0, 2, (int)Alert.UserCanceled), many[0].Peer.Alerts.Single());
        Assert.AreEqual(AssociationState.Connecting, alone.Association!.State);
        Assert.AreEqual(AssociationState.Connecting, many[1].Association!.State);
        Assert.AreEqual(AssociationState.Connecting, stranger.Association!.State);
    }

    [TestMethod]
    public void A_handshake_whose_own_work_runs_does_not_give_way()
    {
        DtlsOptions options = TestBed.Options(2);
        options.MaxHandshakes = 1;
        DtlsServerEngine server = new DtlsServerEngine(options);
        server.AsksToConnect = true;
        ScriptedClient first = Begin(server, 1, 5_000_000);
        Association asked = first.Association!;
        Assert.IsNotNull(asked.ConnectRequest);

        // One that waits for the application may have to give way; one that works on is due at once and may not.
        asked.ConnectRequest.Accept();
        Assert.AreEqual(0, server.NextDeadline);
        Begin(server, 2, 5_010_000);
        Assert.AreEqual(AssociationState.Connecting, asked.State);
        Assert.AreEqual(1, server.HandshakeCount);
    }

    [TestMethod]
    public void A_full_table_keeps_an_association_free_so_that_a_handshake_that_gives_way_is_not_waited_for()
    {
        foreach (int slots in new[] { 1, 2, 4 })
        {
            DtlsOptions options = TestBed.Options(2);
            options.MaxSessions = 3;
            options.MaxHandshakes = slots;
            options.EvictAfter = 0;
            DtlsServerEngine server = new DtlsServerEngine(options);
            long now = 5_000_000;
            for (int i = 0; i < 3; i++)
            {
                new ScriptedClient(server, Address(1, i)) { Now = now }.Complete();
            }

            for (int i = 0; i < 10; i++)
            {
                now += 2000;
                ScriptedClient next = Begin(server, 10 + i, now);
                Assert.IsNotNull(next.Association, slots + " slots, newcomer " + i);
                Release(server);
            }

            Assert.AreEqual(3, server.SessionCount - server.HandshakeCount);
        }
    }

    [TestMethod]
    public void Two_proven_hellos_of_one_address_that_are_replayed_in_turn_begin_few_handshakes()
    {
        DtlsServerEngine server = new DtlsServerEngine(TestBed.Options(2));
        byte[][] hellos = Enumerable.Range(0, 2).Select(i => ProvenHello(server, (byte)(10 * i))).ToArray();
        for (int i = 0; i < 4000; i++)
        {
            long now = 5_000_000 + (i * 30);
            byte[] copy = (byte[])hellos[i % 2].Clone();
            server.HandleDatagram(copy, 0, copy.Length, TestBed.Address, 6, now);
            Drain(server, now);
            server.HandleTimeout(now);
            Release(server);
        }

        int begun = server.Statistics.HandshakesFailed + server.HandshakeCount;
        Assert.IsTrue(begun is >= 4 and <= 4 + 24 + 1, begun + " handshakes in 120 s");
        Assert.IsTrue(server.Statistics.Dropped(DropReason.Rate) > 1900);

        // Another address has its own rate, and this one gets a handshake in the end.
        Assert.AreEqual(AssociationState.Connecting, Begin(server, 3, 5_120_000).Association!.State);
        TestBed bed = new TestBed();
        bed.Network.Server = server;
        bed.Network.Now = 5_200_000;
        bed.Client.Engine.Connect(bed.Network.Now);
        Assert.IsTrue(bed.Network.Run(() => bed.Client.State == AssociationState.Connected, 10_000));
    }

    [TestMethod]
    public void Hellos_that_fail_at_once_are_counted_as_well_and_handshakes_that_complete_are_not()
    {
        DtlsServerEngine server = new DtlsServerEngine(TestBed.Options(2));
        ScriptedClient bad = new ScriptedClient(server, TestBed.Address);
        bad.Peer.Suites = new byte[] { 0x13, 0x01 };
        bad.SendHello();
        for (int i = 0; i < 100; i++)
        {
            bad.SendHello();
            Release(server);
        }

        Assert.AreEqual(4, server.Statistics.HandshakesFailed);
        Assert.AreEqual(4, bad.Peer.Alerts.Count);
        for (int i = 0; i < 20; i++)
        {
            ScriptedClient good = new ScriptedClient(server, TestBed.OtherAddress);
            good.Peer.ClientRandom = TestBed.Bytes(32, i);
            good.Complete();
            Assert.AreEqual(i + 1, server.Statistics.HandshakesCompleted);
            Release(server);
        }
    }

    internal static byte[] Address(int host, int port)
    {
        return new byte[] { 4, (byte)(port >> 8), (byte)port, 10, 0, (byte)(host >> 8), (byte)host };
    }

    /// <summary>Releases what has ended.</summary>
    internal static void Release(DtlsServerEngine server)
    {
        for (Association association = server.PollEvent(out int events); association != null; association = server.PollEvent(out events))
        {
            if ((events & AssociationEvents.Closed) != 0)
            {
                server.Release(association);
            }
        }
    }

    private static VirtualNetwork Network(DtlsOptions options)
    {
        return new VirtualNetwork(1) { Server = new DtlsServerEngine(options) };
    }

    private static DtlsOptions Preset(bool iot, int seed)
    {
        DtlsOptions options = iot ? DtlsOptions.Iot() : new DtlsOptions();
        DtlsOptions other = TestBed.Options(seed);
        options.Crypto = other.Crypto;
        options.Suites = other.Suites;
        options.Psk = other.Psk;
        return options;
    }

    /// <summary>Options of two slots whose handshakes have a long deadline.</summary>
    private static DtlsOptions Patient(int slots)
    {
        DtlsOptions options = TestBed.Options(2);
        options.MaxHandshakes = slots;
        options.HandshakeTimeout = 600_000;
        return options;
    }

    private static ScriptedClient Begin(DtlsServerEngine server, int host, long now)
    {
        return new ScriptedClient(server, Address(host, 1)) { Now = now }.Hello();
    }

    /// <summary>Hellos with their cookies, and nothing more.</summary>
    private static void Flood(VirtualNetwork network, int count, Func<int, byte[]> address)
    {
        for (int i = 0; i < count; i++)
        {
            network.Flush();
            new ScriptedClient(network.Server!, address(i)) { Now = network.Now }.Hello();
            network.Flush();
        }
    }

    private static byte[] ProvenHello(DtlsServerEngine server, byte random)
    {
        ScriptedClient client = new ScriptedClient(server, TestBed.Address);
        client.Peer.ClientRandom = TestBed.Bytes(32, random);
        client.SendHello();
        return client.Peer.Message(HandshakeType.ClientHello, client.Peer.ClientHelloBody());
    }

    private static void Drain(DtlsServerEngine server, long now)
    {
        for (Packet packet = server.PollDatagram(now); packet != null; packet = server.PollDatagram(now))
        {
            packet.Return();
        }
    }

    /// <summary>Whether a stranger that tries again and again connects while some hosts in turn send a proven hello every so many milliseconds.</summary>
    private static bool GetsIn(int hosts, int interval, int seconds)
    {
        VirtualNetwork network = Network(TestBed.Options(2));
        int port = 0;
        long end = network.Now + (seconds * 1000);
        TestClient? stranger = null;
        int turn = 0;
        while (network.Now < end)
        {
            Flood(network, 1, _ => Address(100 + (turn % hosts), port++));
            turn++;
            network.Run(interval);
            if (turn == 4 * hosts)
            {
                stranger = network.Add(new DtlsClientEngine(TestBed.Options(3)), Address(7, 1));
            }

            if (stranger?.State == AssociationState.Connected)
            {
                return true;
            }

            if (stranger != null && stranger.State != AssociationState.Connecting)
            {
                stranger.Engine.Connect(network.Now);
            }
        }

        return false;
    }
}
