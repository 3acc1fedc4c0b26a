using System;
using System.Collections.Generic;
using System.Linq;
using Microsoft.VisualStudio.TestTools.UnitTesting;
using NfDtls.Server;
using M = NfDtls.HandshakeType;

namespace NfDtls.Tests.Engine;

/// <summary>
/// What it costs an attacker to keep a stranger from being served, in datagrams and in time: one bill for each thing that a server keeps
/// for somebody who has not proven himself. The page on security promises these.
/// </summary>
[TestClass]
public class BillTests
{
    [TestMethod]
    [DataRow(1)]
    [DataRow(50)]
    public void Spoofed_hellos_at_any_rate_delay_a_stranger_by_nothing(int eachMillisecond)
    {
        // No bill: nothing is kept, so nothing can be full. A hello is shorter than the answer by nobody's choice.
        TestBed bed = new TestBed();
        bed.Network.Sent.Clear();
        bed.Client.Engine.Connect(bed.Network.Now);
        long begin = bed.Network.Now;
        int spoofed = 0;
        int received = 0;
        int sent = 0;
        while (bed.Client.State == AssociationState.Connecting)
        {
            bed.Network.Run(1);
            for (int i = 0; i < eachMillisecond; i++, spoofed++)
            {
                ScriptedPeer peer = new ScriptedPeer(false);
                byte[] hello = peer.Message(M.ClientHello, peer.ClientHelloBody());
                received += hello.Length;
                byte[] address = CrowdTests.Address(1000 + (spoofed >> 16), spoofed);
                bed.Server.HandleDatagram(hello, 0, hello.Length, address, address.Length, bed.Network.Now);
                sent += TakeAll(bed.Server, bed.Network.Now, address);
            }
        }

        Assert.AreEqual(AssociationState.Connected, bed.Client.State);
        Assert.IsTrue(bed.Network.Now - begin <= 100, (bed.Network.Now - begin) + " ms");
        Assert.AreEqual(0, bed.Client.Engine.Statistics.Retransmissions);
        Assert.AreEqual(1, bed.Server.SessionCount);
        Assert.IsTrue(spoofed >= 50 * eachMillisecond && sent < received, sent + " bytes for " + received);
    }

    [TestMethod]
    [DataRow(1, 1000)]
    [DataRow(2, 1000)]
    [DataRow(8, 1000)]
    [DataRow(4, 3000)]
    public void A_handshake_slot_costs_two_datagrams_in_each_round_of_retransmission_from_more_hosts_than_slots(int slots, int round)
    {
        // The bill: 2 · slots datagrams a round, as long as strangers are to be kept out; and each slot needs hosts of its own.
        Assert.IsFalse(GetsIn(slots, round, 2 * slots, round / slots), "The bill is higher than the page says.");
        Assert.IsTrue(GetsIn(slots, round, 2 * slots, 2 * round / slots), "Half of it keeps nobody out.");
        Assert.IsTrue(slots == 1 || GetsIn(slots, round, slots, 10), "As many hosts as slots keep nobody out, whatever they send.");
    }

    [TestMethod]
    [DataRow(1000, 5)]
    [DataRow(2000, 4)]
    [DataRow(9000, 3)]
    public void A_proven_hello_and_silence_cost_a_slot_for_thirty_seconds_and_these_few_datagrams(int timeout, int flights)
    {
        DtlsOptions options = TestBed.Options(2);
        options.RetransmitTimeout = timeout;
        DtlsServerEngine server = new DtlsServerEngine(options);
        ScriptedClient client = new ScriptedClient(server, TestBed.Address);
        client.SendHello();
        int before = client.Answers;
        client.SendHello();
        int flight = client.Answers - before;
        long begin = client.Now;
        int wakes = 0;
        while (server.HandshakeCount > 0)
        {
            Assert.IsTrue(server.NextDeadline > client.Now && server.NextDeadline <= begin + 30_000, "It is held until somebody calls.");
            client.Now = server.NextDeadline;
            server.HandleTimeout(client.Now);
            client.TakeAnswers();
            wakes++;
        }

        CrowdTests.Release(server);
        Assert.AreEqual(30_000, client.Now - begin);
        Assert.AreEqual(flight * flights, client.Answers - before, "The flight, and its repetitions.");
        Assert.AreEqual(flights, wakes, "A timer for each repetition, and one for the end.");
        Assert.AreEqual(long.MaxValue, server.NextDeadline);
        Assert.AreEqual(0, server.SessionCount);
        Assert.AreEqual(server.Pool.Count, server.Pool.Available);
    }

    [TestMethod]
    public void No_number_of_half_open_handshakes_makes_more_than_a_timer_a_slot()
    {
        DtlsServerEngine server = new DtlsServerEngine(TestBed.Options(2));
        long now = 5_000_000;
        int wakes = 0;
        for (int i = 0; i < 3000; i++)
        {
            ScriptedClient client = new ScriptedClient(server, CrowdTests.Address(i, 1)) { Now = now };
            client.Hello();
            CrowdTests.Release(server);
            now += 10;
            for (; server.NextDeadline <= now; wakes++)
            {
                server.HandleTimeout(now);
                client.Now = now;
                client.TakeAnswers();
            }
        }

        // 30 seconds: a slot's handshake is due after 1, 3, 7 and 15 s and at its end, and is given another peer at the earliest after one.
        int slots = server.Options.MaxHandshakes;
        Assert.IsTrue(server.HandshakeCount <= slots, server.HandshakeCount.ToString());
        Assert.IsTrue(wakes <= 2 * slots * 31, wakes + " wakes");
    }

    [TestMethod]
    public void Records_that_one_holds_in_anothers_name_delay_it_by_nothing_where_its_own_come_in_order()
    {
        // The attacker knows address and port of a handshake that runs, and sends what looks like its next epoch.
        foreach (int junk in new[] { 1, 100 })
        {
            DtlsServerEngine server = new DtlsServerEngine(TestBed.Options(2));
            ScriptedClient client = new ScriptedClient(server, TestBed.Address).Hello();
            for (int i = 0; i < junk; i++)
            {
                client.Send(TestBed.Record(ContentType.Handshake, 1, i, new byte[40]));
            }

            int kept = server.Pool.Count - server.Pool.Available;
            Assert.IsTrue(kept <= server.Options.HeldRecords && kept <= server.Pool.Count / 2, kept + " packets");
            Finish(client);
            Assert.AreEqual(1, server.Statistics.HandshakesCompleted);
            Assert.AreEqual(server.Pool.Count, server.Pool.Available);
        }
    }

    [TestMethod]
    public void Messages_put_before_their_turn_in_anothers_name_delay_it_by_nothing()
    {
        // As many as there are numbers, in the places of those that are to come: the handshake's own slots are full of them.
        foreach (int pieces in new[] { 1, 50 })
        {
            DtlsServerEngine server = new DtlsServerEngine(TestBed.Options(2));
            ScriptedClient client = new ScriptedClient(server, TestBed.Address).Hello();
            int next = client.Peer.NextMessage;
            for (int i = 0; i < pieces; i++)
            {
                client.Send(TestBed.Piece(M.CertificateVerify, 60, next + 1 + (i % 10), 100 + i, 0, new byte[30]));
                client.Send(TestBed.Message(M.Finished, next + 1 + (i % 10), 300 + i, new byte[12]));
            }

            Assert.AreEqual(server.Pool.Count, server.Pool.Available, "They stand in the slot's own memory.");
            Finish(client);
            Assert.AreEqual(1, server.Statistics.HandshakesCompleted, pieces.ToString());
        }
    }

    [TestMethod]
    [DataRow(40, 20, false)]
    [DataRow(10, 5, false)]
    [DataRow(10, 10, true)]
    public void A_message_in_anothers_name_in_its_turn_costs_that_handshake_and_the_next_one_costs_another_datagram(int length, int count, bool costs)
    {
        // What is in the clear may be anybody's who knows address, port and number: a datagram a handshake, and nothing beyond it. Pieces
        // cost nothing where the message itself comes whole.
        TestBed bed = new TestBed();
        int forged = 0;
        bed.Network.Filter = datagram =>
        {
            if (datagram.ToServer && datagram.FirstMessage == M.ClientKeyExchange && forged < 3)
            {
                forged++;
                bed.Network.Inject(true, TestBed.Address, TestBed.Piece(M.ClientKeyExchange, length, 2, 90, 0, new byte[count]), 1);
            }

            return true;
        };
        int attempts = 0;
        while (bed.Client.State != AssociationState.Connected)
        {
            attempts++;
            Assert.IsTrue(attempts <= 4, "It does not come in although the attacker has stopped.");
            bed.Client.Engine.Connect(bed.Network.Now);
            bed.Network.Run(() => bed.Client.State != AssociationState.Connecting, 5_000);
            if (bed.Client.State != AssociationState.Connected)
            {
                bed.Client.Engine.Reset();
            }
        }

        Assert.AreEqual(costs ? forged + 1 : 1, attempts);
        bed.VerifyEcho();
        bed.VerifyPools();
    }

    [TestMethod]
    public void A_session_is_ended_by_no_number_of_proven_strangers_and_a_place_costs_a_key()
    {
        // Every place is taken by a session that speaks: strangers without a key, however many, take none.
        DtlsOptions options = TestBed.Options(2);
        options.MaxSessions = 3;
        DtlsServerEngine server = new DtlsServerEngine(options);
        List<ScriptedClient> sessions = Enumerable.Range(0, 3).Select(i => new ScriptedClient(server, CrowdTests.Address(1, i)).Complete()).ToList();
        long now = sessions[0].Now;
        for (int i = 0; i < 2000; i++)
        {
            now += 20;
            new ScriptedClient(server, CrowdTests.Address(100 + i, 1)) { Now = now }.Hello();
            server.HandleTimeout(now);
            CrowdTests.Release(server);
            ScriptedClient one = sessions[i % 3];
            one.Now = now;
            one.Send(one.Peer.Protect(ContentType.ApplicationData, 1));
            Assert.AreEqual(1, one.Association!.Receive(new byte[10], 0));
        }

        Assert.AreEqual(3, server.Statistics.HandshakesCompleted);
        Assert.IsTrue(sessions.TrueForAll(session => session.Association!.State == AssociationState.Connected));
    }

    private static void Finish(ScriptedClient client)
    {
        client.Send(client.Peer.Message(M.ClientKeyExchange, client.Peer.ClientKeyExchangeBody()));
        client.Send(client.Peer.ChangeCipherSpec());
        client.Send(client.Peer.Finished(true));
    }

    /// <summary>Bytes that went to an address; what goes to others stays where it is only if this is the first of the queue.</summary>
    private static int TakeAll(DtlsServerEngine server, long now, byte[] address)
    {
        int bytes = 0;
        for (Packet packet = server.PollDatagram(now); packet != null; packet = server.PollDatagram(now))
        {
            Assert.IsTrue(packet.Address.AsSpan(0, packet.AddressLength).SequenceEqual(address));
            bytes += packet.Length;
            packet.Return();
        }

        return bytes;
    }

    /// <summary>Whether a stranger that tries again and again connects within a minute while some hosts in turn send a proven hello every so many milliseconds.</summary>
    private static bool GetsIn(int slots, int round, int hosts, int interval)
    {
        DtlsOptions options = TestBed.Options(2);
        options.MaxHandshakes = slots;
        options.RetransmitTimeout = round;
        VirtualNetwork network = new VirtualNetwork(1) { Server = new DtlsServerEngine(options) };
        TestClient? stranger = null;
        long end = network.Now + 60_000;
        for (int turn = 1; network.Now < end; turn++)
        {
            network.Flush();
            new ScriptedClient(network.Server, CrowdTests.Address(100 + (turn % hosts), turn)) { Now = network.Now }.Hello();
            network.Run(interval);
            if (turn == 4 * hosts)
            {
                stranger = network.Add(new DtlsClientEngine(TestBed.Options(3)), CrowdTests.Address(7, 1));
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
