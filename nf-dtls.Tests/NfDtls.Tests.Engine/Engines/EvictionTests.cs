using System;
using System.Collections.Generic;
using System.Linq;
using Microsoft.VisualStudio.TestTools.UnitTesting;
using NfDtls.Server;

namespace NfDtls.Tests.Engine;

/// <summary>Full servers: which session gives way, to whom and when, and what the others are told.</summary>
[TestClass]
public class EvictionTests
{
    private const int Day = 86_400_000;

    private readonly List<TestClient> _clients = new();

    [TestMethod]
    [DataRow(8, 0, false)]
    [DataRow(8, 0, true)]
    [DataRow(1, 0, false)]
    [DataRow(8, 1, false)]
    [DataRow(8, 2, false)]
    public void A_device_that_wakes_each_day_with_a_new_port_connects_each_time(int sessions, int perHost, bool iot)
    {
        DtlsOptions options = iot ? DtlsOptions.Iot() : new DtlsOptions();
        options.Crypto = TestBed.Options(2).Crypto;
        options.Suites = PskSuites.Constrained();
        options.Psk = TestBed.Options(2).Psk;
        options.MaxSessions = sessions;
        options.MaxSessionsPerHost = perHost;
        VirtualNetwork network = new VirtualNetwork(1) { Server = new DtlsServerEngine(options) };
        for (int day = 0; day < 30; day++)
        {
            TestClient device = network.Add(new DtlsClientEngine(TestBed.Options(10 + day)), CrowdTests.Address(5, 30_000 + day));
            device.Engine.Connect(network.Now);
            Assert.IsTrue(network.Run(() => device.State == AssociationState.Connected, 1000), "day " + day + ": " + device.Association.LastError);
            device.Association.Send(new byte[3], 0, 3, network.Now);
            Assert.IsTrue(network.Run(() => device.Association.Pending > 0, 1000));
            network.Remove(device);
            network.Run(Day);
        }

        int most = perHost > 0 && perHost < sessions ? perHost : sessions;
        Assert.AreEqual(most, network.Server.SessionCount);
    }

    [TestMethod]
    [DataRow(1)]
    [DataRow(8)]
    public void A_device_that_lost_its_state_comes_back_from_the_same_port(int sessions)
    {
        DtlsOptions options = TestBed.Options(1001);
        options.MaxSessions = sessions;
        TestBed bed = new TestBed(TestBed.Options(1), options).Connect();
        for (int i = 0; i < 5; i++)
        {
            bed.Client.Engine.Reset();
            bed.Client.Engine.Connect(bed.Network.Now);
            Assert.IsTrue(bed.Network.Run(() => bed.Client.State == AssociationState.Connected, 1000));
            bed.VerifyEcho();
            Assert.AreEqual(1, bed.Server.SessionCount);
        }
    }

    [TestMethod]
    public void A_session_that_still_speaks_never_gives_way_and_the_newcomer_is_told_at_once()
    {
        TestBed bed = Full(3);
        TestClient[] all = _clients.ToArray();
        for (int i = 0; i < 10; i++)
        {
            bed.Network.Run(30_000);
            foreach (TestClient client in all)
            {
                client.Association.Send(new byte[3], 0, 3, bed.Network.Now);
            }

            bed.Network.Run(20);
            TestClient newcomer = bed.Network.Add(new DtlsClientEngine(TestBed.Options(50 + i)), CrowdTests.Address(9, i));
            long begun = bed.Network.Now;
            newcomer.Engine.Connect(bed.Network.Now);
            Assert.IsTrue(bed.Network.Run(() => newcomer.State == AssociationState.Closed, 10_000));
            Assert.AreEqual(DtlsError.NoFreeSession, newcomer.Association.LastError);
            Assert.AreEqual(Alert.UserCanceled, newcomer.Association.AlertReceived);
            Assert.IsTrue(bed.Network.Now - begun <= 1100, (bed.Network.Now - begun) + " ms");
            Assert.AreEqual(0, bed.Server.HandshakeCount);
        }

        Assert.IsTrue(all.All(client => client.State == AssociationState.Connected));
        Assert.IsTrue(bed.Server.Statistics.NoFreeSession >= 10);
    }

    [TestMethod]
    public void The_one_silent_longest_gives_way_when_the_newcomer_has_finished_and_not_before()
    {
        TestBed bed = Full(3);
        TestClient[] all = _clients.ToArray();
        bed.Network.Run(40_000);
        Speak(bed, all[0]);
        bed.Network.Run(30_000);
        Speak(bed, all[2]);
        Association silent = SessionOf(bed, all[1]);
        ScriptedClient newcomer = new ScriptedClient(bed.Server, CrowdTests.Address(9, 1)) { Now = bed.Network.Now };
        newcomer.Hello();
        newcomer.Send(newcomer.Peer.Message(HandshakeType.ClientKeyExchange, newcomer.Peer.ClientKeyExchangeBody()));
        newcomer.Send(newcomer.Peer.ChangeCipherSpec());
        Assert.AreEqual(AssociationState.Connected, silent.State);
        newcomer.Send(newcomer.Peer.Finished(true));
        Assert.AreEqual(AssociationState.Closed, silent.State);
        Assert.AreEqual(DtlsError.Evicted, silent.LastError);
        Assert.AreEqual(AssociationState.Connected, newcomer.Association!.State);
        bed.Network.Flush();
        Assert.AreEqual(3, bed.Server.SessionCount);
        Speak(bed, all[0]);
        Speak(bed, all[2]);
    }

    [TestMethod]
    public void A_session_that_speaks_while_a_newer_one_begins_at_its_address_is_not_taken_for_the_one_silent_longest()
    {
        TestBed bed = Full(2);
        TestClient[] all = _clients.ToArray();
        bed.Network.Run(70_000);
        ScriptedClient half = new ScriptedClient(bed.Server, all[0].Address) { Now = bed.Network.Now };
        half.Hello();
        Assert.AreEqual(1, bed.Server.HandshakeCount);
        Speak(bed, all[0]);
        Association silent = SessionOf(bed, all[1]);
        Assert.AreEqual(AssociationState.Connected, Try(bed, 1).State);
        Assert.AreEqual(DtlsError.Evicted, silent.LastError);
        Speak(bed, all[0]);
    }

    [TestMethod]
    [DataRow("nothing but a cookie")]
    [DataRow("a wrong key")]
    [DataRow("no slot")]
    [DataRow("a host over its limit")]
    public void Who_cannot_begin_or_has_not_finished_ends_no_session(string what)
    {
        DtlsOptions options = TestBed.Options(1001);
        options.MaxSessions = 3;
        options.MaxSessionsPerHost = what == "a host over its limit" ? 2 : 0;
        TestBed bed = Full(options);
        TestClient[] all = _clients.ToArray();
        bed.Network.Run(Day);
        if (what == "a host over its limit")
        {
            // Two sessions of the newcomers' host that speak; the third, of another host, is silent and would have to give way.
            all = all.Take(1).Concat(Enumerable.Range(0, 2).Select(i => Join(bed, CrowdTests.Address(9, i)))).ToArray();
        }

        Association[] sessions = Enumerable.Range(0, bed.Server.Places).Select(bed.Server.At).Where(session => session != null).ToArray();
        Assert.AreEqual(3, sessions.Length);
        for (int i = 0; i < 500; i++)
        {
            bed.Network.Flush();
            ScriptedClient newcomer = new ScriptedClient(bed.Server, CrowdTests.Address(what == "a host over its limit" ? 9 : 100 + i, 100 + i)) { Now = bed.Network.Now };
            newcomer.Hello();
            if (what == "a wrong key" && newcomer.Association != null)
            {
                newcomer.Peer.Key = TestBed.Bytes(16, 0x99);
                newcomer.Send(newcomer.Peer.Message(HandshakeType.ClientKeyExchange, newcomer.Peer.ClientKeyExchangeBody()));
                newcomer.Send(newcomer.Peer.ChangeCipherSpec());
                newcomer.Send(newcomer.Peer.Finished(true));
            }

            bed.Network.Run(what == "no slot" ? 1 : 100);
        }

        Assert.IsTrue(sessions.All(session => session.State == AssociationState.Connected));
    }

    [TestMethod]
    public void Of_a_host_with_as_many_as_it_may_its_own_silent_session_gives_way_to_one_newcomer_at_a_time()
    {
        DtlsOptions options = TestBed.Options(1001);
        options.MaxSessionsPerHost = 2;
        VirtualNetwork network = new VirtualNetwork(1) { Server = new DtlsServerEngine(options) };
        TestClient other = Join(network, CrowdTests.Address(8, 1));
        TestClient[] own = Enumerable.Range(0, 2).Select(i => Join(network, CrowdTests.Address(9, i))).ToArray();
        network.Run(61_000);
        own[1].Association.Send(new byte[1], 0, 1, network.Now);
        network.Run(100);
        ScriptedClient first = new ScriptedClient(network.Server!, CrowdTests.Address(9, 10)) { Now = network.Now }.Hello();
        ScriptedClient second = new ScriptedClient(network.Server!, CrowdTests.Address(9, 11)) { Now = network.Now }.Hello();
        Assert.IsNotNull(first.Association);
        Assert.IsNull(second.Association);
        first.Send(first.Peer.Message(HandshakeType.ClientKeyExchange, first.Peer.ClientKeyExchangeBody()));
        first.Send(first.Peer.ChangeCipherSpec());
        first.Send(first.Peer.Finished(true));
        network.Run(100);
        Assert.IsNull(network.Server!.Find(own[0].Address, 7), "The silent one of the own host.");
        Assert.IsNotNull(network.Server.Find(own[1].Address, 7));
        Assert.IsNotNull(network.Server.Find(other.Address, 7), "Silent as well, but of another host.");
        Assert.AreEqual(3, network.Server.SessionCount);
    }

    [TestMethod]
    public void A_handshake_that_finds_no_place_at_its_end_is_told_so_and_counted()
    {
        TestBed bed = Full(3);
        TestClient[] all = _clients.ToArray();
        bed.Network.Run(70_000);
        int allowed = 2;
        TestClient newcomer = bed.Network.Add(new DtlsClientEngine(TestBed.Options(50)), CrowdTests.Address(9, 1));
        bed.Network.Filter = datagram => !datagram.ToServer || datagram.Address[6] != 9 || allowed-- > 0;
        newcomer.Engine.Connect(bed.Network.Now);
        bed.Network.Run(500);
        Assert.AreEqual(1, bed.Server.HandshakeCount);
        foreach (TestClient client in all)
        {
            Speak(bed, client);
        }

        bed.Network.Filter = null;
        Assert.IsTrue(bed.Network.Run(() => newcomer.State == AssociationState.Closed, 10_000));
        Assert.AreEqual(DtlsError.NoFreeSession, newcomer.Association.LastError);
        Assert.AreEqual(1, bed.Server.Statistics.NoFreeSession);
        Assert.AreEqual(1, bed.Server.Statistics.HandshakesFailedWith(DtlsError.NoFreeSession));
        Assert.IsTrue(all.All(client => client.State == AssociationState.Connected));
    }

    [TestMethod]
    public void Without_eviction_a_full_server_says_no_however_silent_its_sessions_are()
    {
        DtlsOptions options = TestBed.Options(1001);
        options.MaxSessions = 3;
        options.EvictLeastRecentlyUsed = false;
        TestBed bed = Full(options);
        bed.Network.Run(10 * (long)Day);
        TestClient newcomer = bed.Network.Add(new DtlsClientEngine(TestBed.Options(50)), CrowdTests.Address(9, 1));
        newcomer.Engine.Connect(bed.Network.Now);
        Assert.IsTrue(bed.Network.Run(() => newcomer.State == AssociationState.Closed, 10_000));
        Assert.AreEqual(DtlsError.NoFreeSession, newcomer.Association.LastError);
        Assert.AreEqual(3, bed.Server.SessionCount);
    }

    [TestMethod]
    public void How_long_a_session_must_be_silent_to_give_way_can_be_set()
    {
        foreach (int after in new[] { 0, 5000, 600_000 })
        {
            DtlsOptions options = TestBed.Options(1001);
            options.MaxSessions = 2;
            options.EvictAfter = after;
            TestBed bed = Full(options);
            if (after > 0)
            {
                bed.Network.Run(after - 3000);
                Assert.AreEqual(AssociationState.Closed, Try(bed, 1).State, after.ToString());
                bed.Network.Run(3000);
            }

            Assert.AreEqual(AssociationState.Connected, Try(bed, 2).State, after.ToString());
        }
    }

    [TestMethod]
    public void Nobody_whose_address_is_not_proven_is_told_anything_and_a_crowd_not_all_of_it()
    {
        TestBed bed = Full(3);
        List<ScriptedClient> crowd = new();
        for (int i = 0; i < 200; i++)
        {
            bed.Network.Flush();
            ScriptedClient newcomer = new ScriptedClient(bed.Server, CrowdTests.Address(9, i)) { Now = bed.Network.Now };
            newcomer.SendHello();
            Assert.AreEqual(0, newcomer.Peer.Alerts.Count);
            newcomer.Peer.Cookie[3] ^= 1;
            newcomer.SendHello();
            Assert.AreEqual(0, newcomer.Peer.Alerts.Count);
            newcomer.SendHello();
            crowd.Add(newcomer);
            bed.Network.Run(5);
        }

        int told = crowd.Sum(client => client.Peer.Alerts.Count);
        Assert.IsTrue(crowd.Take(50).All(client => client.Peer.Alerts.Count == 1));
        Assert.IsTrue(told is >= 98 and <= 101, told + " of 200 in a second are told.");

        DtlsOptions open = TestBed.Options(1001);
        open.MaxSessions = 3;
        open.CookieExchange = false;
        bed = Full(open);
        ScriptedClient unproven = new ScriptedClient(bed.Server, CrowdTests.Address(9, 1)) { Now = bed.Network.Now };
        unproven.SendHello();
        Assert.AreEqual(0, unproven.Answers);
    }

    [TestMethod]
    public void The_refusal_is_a_small_record_with_the_number_of_the_hello()
    {
        TestBed bed = Full(1);
        bed.Network.Flush();
        ScriptedClient newcomer = new ScriptedClient(bed.Server, CrowdTests.Address(9, 1)) { Now = bed.Network.Now };
        newcomer.SendHello();
        newcomer.Peer.NextRecord = 0x123456;
        byte[] hello = newcomer.Peer.Message(HandshakeType.ClientHello, newcomer.Peer.ClientHelloBody());
        bed.Server.HandleDatagram(hello, 0, hello.Length, CrowdTests.Address(9, 1), 7, bed.Network.Now);
        Packet packet = bed.Server.PollDatagram(bed.Network.Now);
        CollectionAssert.AreEqual(new byte[] { 21, 0xFE, 0xFF, 0, 0, 0, 0, 0, 0x12, 0x34, 0x56, 0, 2, 2, 90 }, packet.Buffer.AsSpan(packet.Offset, packet.Length).ToArray());
        CollectionAssert.AreEqual(CrowdTests.Address(9, 1), packet.Address.AsSpan(0, packet.AddressLength).ToArray());
        packet.Return();
        Assert.AreEqual(bed.Server.Pool.Count, bed.Server.Pool.Available);
    }

    [TestMethod]
    public void A_session_that_is_being_closed_for_ever_gives_way_and_so_does_it_when_it_is_idle()
    {
        DtlsOptions options = TestBed.Options(1001);
        options.MaxSessions = 1;
        TestBed bed = Full(options);
        Association closing = bed.Server.At(0);
        closing.Close(-1, bed.Network.Now);
        bed.Network.Remove(_clients[0]);
        bed.Network.Run(61_000);
        Assert.AreEqual(AssociationState.Connected, Try(bed, 1).State);
        Assert.AreEqual(DtlsError.CloseFail, closing.LastError);
    }

    private TestBed Full(int sessions)
    {
        DtlsOptions options = TestBed.Options(1001);
        options.MaxSessions = sessions;
        return Full(options);
    }

    /// <summary>A server whose sessions are all taken, by clients of hosts 1, 2, and so on.</summary>
    private TestBed Full(DtlsOptions options)
    {
        TestBed bed = new TestBed(TestBed.Options(1), options);
        _clients.Clear();
        for (int i = 0; i < options.MaxSessions; i++)
        {
            Join(bed, CrowdTests.Address(1 + i, 1));
        }

        return bed;
    }

    private TestClient Join(TestBed bed, byte[] address)
    {
        TestClient client = Join(bed.Network, address);
        _clients.Add(client);
        return client;
    }

    private static TestClient Join(VirtualNetwork network, byte[] address)
    {
        TestClient client = network.Add(new DtlsClientEngine(TestBed.Options((address[6] * 100) + address[2])), address);
        client.Engine.Connect(network.Now);
        Assert.IsTrue(network.Run(() => client.State == AssociationState.Connected, 1000), client.Association.LastError.ToString());
        network.Run(100);
        return client;
    }

    /// <summary>A newcomer, when it is connected or has failed.</summary>
    private static TestClient Try(TestBed bed, int port)
    {
        TestClient newcomer = bed.Network.Add(new DtlsClientEngine(TestBed.Options(500 + port)), CrowdTests.Address(99, port));
        newcomer.Engine.Connect(bed.Network.Now);
        bed.Network.Run(() => newcomer.State != AssociationState.Connecting, 10_000);
        return newcomer;
    }

    private static void Speak(TestBed bed, TestClient client)
    {
        client.Association.Send(new byte[3], 0, 3, bed.Network.Now);
        Assert.IsTrue(bed.Network.Run(() => client.Association.Pending > 0, 1000), "No echo.");
        client.ReceiveAll();
    }

    private static Association SessionOf(TestBed bed, TestClient client)
    {
        return bed.Server.Find(client.Address, client.Address.Length);
    }
}
