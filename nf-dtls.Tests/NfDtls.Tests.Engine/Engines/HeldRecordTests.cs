using System.Collections.Generic;
using System.Linq;
using Microsoft.VisualStudio.TestTools.UnitTesting;
using NfDtls.Server;

namespace NfDtls.Tests.Engine;

/// <summary>Records that wait for keys which may never come: few, for a short time, and whatever is authentic goes first.</summary>
[TestClass]
public class HeldRecordTests
{
    [TestMethod]
    public void No_number_of_records_for_keys_that_never_come_stops_those_that_are_connected()
    {
        // Three handshakes that end nowhere, and as many datagrams as one likes: an exchange after each of them.
        DtlsServerEngine server = new DtlsServerEngine(TestBed.Options(1));
        ScriptedClient good = new ScriptedClient(server, TestBed.Address).Complete();
        List<ScriptedClient> bad = Enumerable.Range(0, 3).Select(i => new ScriptedClient(server, new byte[] { 192, 0, 2, 99, 1, (byte)i }).Hello()).ToList();
        int datagrams = 6;
        for (int i = 0; i < 400; i++)
        {
            bad[i % 3].Send(Junk(i));
            datagrams++;
            Exchange(good, 1);
            Assert.IsTrue(server.Pool.Available >= server.Pool.Count / 2, "After " + datagrams + " datagrams " + server.Pool.Available + " packets are free.");
        }

        // What it takes of the pool is at its most after the first few.
        Assert.AreEqual(0, server.Statistics.HandshakesFailed);
        ScriptedClient stranger = new ScriptedClient(server, TestBed.OtherAddress).Complete();
        Exchange(stranger, 1);
    }

    [TestMethod]
    public void What_is_held_gives_way_when_the_pool_is_empty()
    {
        foreach (bool sends in new[] { false, true })
        {
            DtlsServerEngine server = new DtlsServerEngine(TestBed.Options(1));
            ScriptedClient good = new ScriptedClient(server, TestBed.Address).Complete();
            ScriptedClient bad = new ScriptedClient(server, TestBed.OtherAddress).Hello();
            for (int i = 0; i < 8; i++)
            {
                bad.Send(Junk(i));
            }

            int held = server.Pool.Count - server.Pool.Available;
            Assert.IsTrue(held > 0);
            List<Packet> taken = TakeAll(server.Pool);
            if (sends)
            {
                good.Association!.Send(new byte[3], 0, 3, good.Now);
                Assert.AreEqual(1, Answers(good));
            }
            else
            {
                // Whether it is kept is for the share of its session to say; a free packet there is.
                int before = server.Statistics.Dropped(DropReason.NoBuffer);
                server.Pool.Return(taken[0]);
                good.Send(good.Peer.Protect(ContentType.ApplicationData, 1, 2));
                taken.RemoveAt(0);
                Assert.AreEqual(1, good.Association!.Pending, (server.Statistics.Dropped(DropReason.NoBuffer) - before).ToString());
                good.Association.Receive(new byte[10], 0);
            }

            taken.ForEach(packet => packet.Return());
            server.Reset();
            Assert.AreEqual(server.Pool.Count, server.Pool.Available);
        }
    }

    [TestMethod]
    public void What_is_held_gives_way_to_a_session_s_record_before_another_session_loses_one()
    {
        DtlsServerEngine server = new DtlsServerEngine(TestBed.Options(1));
        ScriptedClient good = new ScriptedClient(server, TestBed.Address).Complete();
        ScriptedClient unread = new ScriptedClient(server, TestBed.OtherAddress).Complete();
        unread.Send(unread.Peer.Protect(ContentType.ApplicationData, 7));
        ScriptedClient bad = new ScriptedClient(server, new byte[] { 192, 0, 2, 99, 1, 1 }).Hello();
        for (int i = 0; i < 8; i++)
        {
            bad.Send(Junk(i));
        }

        int held = server.Pool.Count - server.Pool.Available - 1;
        Assert.IsTrue(held > 2);
        List<Packet> taken = TakeAll(server.Pool);
        good.Send(good.Peer.Protect(ContentType.ApplicationData, 1, 2));
        Assert.AreEqual(1, good.Association!.Pending);
        Assert.AreEqual(1, unread.Association!.Pending, "A record that nobody has proven was worth more than one of a session.");
        taken.ForEach(packet => packet.Return());
        server.Reset();
        Assert.AreEqual(server.Pool.Count, server.Pool.Available);
    }

    [TestMethod]
    [DataRow(1000)]
    [DataRow(9000)]
    public void What_is_held_is_dropped_after_two_timeouts_by_a_deadline_of_its_own(int timeout)
    {
        DtlsOptions options = TestBed.Options(1);
        options.RetransmitTimeout = timeout;
        DtlsServerEngine server = new DtlsServerEngine(options);
        ScriptedClient client = new ScriptedClient(server, TestBed.Address).Hello();
        long begin = client.Now;
        client.Send(Junk(1));
        client.Now += timeout / 2;
        client.Send(Junk(2));
        int dropped = server.Statistics.Dropped(DropReason.Epoch);
        Assert.AreEqual(server.Pool.Count - 2, server.Pool.Available);
        while (server.Pool.Available < server.Pool.Count)
        {
            Assert.IsTrue(server.NextDeadline <= begin + (2 * timeout), "It would be held until somebody calls.");
            client.Now = server.NextDeadline;
            server.HandleTimeout(client.Now);
            client.TakeAnswers();
        }

        Assert.AreEqual(begin + (2 * timeout), client.Now);
        Assert.AreEqual(dropped + 2, server.Statistics.Dropped(DropReason.Epoch));
        Assert.AreEqual(1, server.HandshakeCount);

        // The handshake itself goes on.
        client.Send(client.Peer.Message(HandshakeType.ClientKeyExchange, client.Peer.ClientKeyExchangeBody()));
        client.Send(client.Peer.ChangeCipherSpec());
        client.Send(client.Peer.Finished(true));
        Assert.AreEqual(1, server.Statistics.HandshakesCompleted);
    }

    [TestMethod]
    [DataRow(ContentType.Handshake)]
    [DataRow(ContentType.ApplicationData)]
    public void What_is_held_is_dropped_in_time_also_where_the_flight_s_next_turn_comes_later(int type)
    {
        DtlsServerEngine server = new DtlsServerEngine(TestBed.Options(1));
        ScriptedClient client = new ScriptedClient(server, TestBed.Address).Hello();
        for (int turns = 0; turns < 2; turns++)
        {
            client.Now = server.NextDeadline;
            server.HandleTimeout(client.Now);
            client.TakeAnswers();
        }

        client.Now += 100;
        long turn = server.NextDeadline;
        client.Send(TestBed.Record(type, 1, 1, new byte[22]));
        Assert.AreEqual(server.Pool.Count - 1, server.Pool.Available);
        Assert.AreEqual(client.Now + 2000, server.NextDeadline);
        Assert.IsTrue(server.NextDeadline < turn);
        int dropped = server.Statistics.Dropped(DropReason.Epoch);
        server.HandleTimeout(server.NextDeadline);
        Assert.AreEqual(dropped + 1, server.Statistics.Dropped(DropReason.Epoch));
        Assert.AreEqual(server.Pool.Count, server.Pool.Available);
        Assert.AreEqual(turn, server.NextDeadline);
    }

    [TestMethod]
    public void A_client_holds_no_longer()
    {
        DtlsClientEngine client = new DtlsClientEngine(TestBed.Options(1));
        client.Connect(1_000_000);
        byte[] junk = Junk(1);
        client.HandleDatagram(junk, 0, junk.Length, 1_000_100);
        for (Packet packet = client.PollDatagram(1_000_100); packet != null; packet = client.PollDatagram(1_000_100))
        {
            packet.Return();
        }

        Assert.AreEqual(client.Pool.Count - 1, client.Pool.Available);
        while (client.NextDeadline <= 1_002_100)
        {
            long now = client.NextDeadline;
            client.HandleTimeout(now);
            for (Packet packet = client.PollDatagram(now); packet != null; packet = client.PollDatagram(now))
            {
                packet.Return();
            }
        }

        Assert.AreEqual(client.Pool.Count, client.Pool.Available);
        Assert.AreEqual(AssociationState.Connecting, client.Association.State);
    }

    [TestMethod]
    public void What_is_held_and_what_came_early_share_what_a_session_may_keep()
    {
        DtlsServerEngine server = new DtlsServerEngine(TestBed.Options(1));
        ScriptedClient client = new ScriptedClient(server, TestBed.Address).Hello();
        client.Send(client.Peer.Message(HandshakeType.ClientKeyExchange, client.Peer.ClientKeyExchangeBody()));
        client.Send(client.Peer.ChangeCipherSpec());
        for (byte i = 0; i < 10; i++)
        {
            client.Send(client.Peer.Protect(ContentType.ApplicationData, i));
        }

        int early = server.Pool.Count - server.Pool.Available;
        for (int i = 0; i < 10; i++)
        {
            client.Send(TestBed.Record(ContentType.Handshake, 2, i, new byte[22]));
        }

        Assert.AreEqual(early, server.Pool.Count - server.Pool.Available, "A session whose share is full holds nothing beside it.");
        server.Reset();

        // But what is held takes no place from data.
        client = new ScriptedClient(server, TestBed.OtherAddress).Hello();
        client.Send(client.Peer.Message(HandshakeType.ClientKeyExchange, client.Peer.ClientKeyExchangeBody()));
        client.Send(client.Peer.ChangeCipherSpec());
        for (int i = 0; i < 10; i++)
        {
            client.Send(TestBed.Record(ContentType.Handshake, 2, i, new byte[22]));
            client.Send(client.Peer.Protect(ContentType.ApplicationData, (byte)i));
        }

        client.Send(client.Peer.Finished(true));
        Assert.AreEqual(early, client.Association!.Pending);
        Assert.AreEqual(early, server.Pool.Count - server.Pool.Available);
    }

    [TestMethod]
    public void Those_that_flood_do_not_keep_out_the_finished_of_another()
    {
        DtlsServerEngine server = new DtlsServerEngine(TestBed.Options(1));
        List<ScriptedClient> bad = Enumerable.Range(0, 3).Select(i => new ScriptedClient(server, new byte[] { 192, 0, 2, 99, 1, (byte)i }).Hello()).ToList();
        ScriptedClient good = new ScriptedClient(server, TestBed.Address).Hello();
        for (int i = 0; i < 12; i++)
        {
            bad[i / 4].Send(Junk(i));
        }

        Assert.AreEqual(server.Pool.Count / 2, server.Pool.Available);

        byte[] exchange = good.Peer.Message(HandshakeType.ClientKeyExchange, good.Peer.ClientKeyExchangeBody());
        byte[] change = good.Peer.ChangeCipherSpec();
        good.Send(good.Peer.Finished(true));
        for (int i = 12; i < 24; i++)
        {
            bad[i % 3].Send(Junk(i));
        }

        good.Send(exchange);
        good.Send(change);
        Assert.AreEqual(1, server.Statistics.HandshakesCompleted);
    }

    [TestMethod]
    public void A_change_of_cipher_spec_that_waits_for_work_takes_no_packet_and_counts_once_that_is_done()
    {
        DtlsOptions options = TestBed.Options(1);
        options.AskForPsk = true;
        DtlsServerEngine server = new DtlsServerEngine(options);
        ScriptedClient client = new ScriptedClient(server, TestBed.Address).Hello();
        client.Send(client.Peer.Message(HandshakeType.ClientKeyExchange, client.Peer.ClientKeyExchangeBody()));
        PskRequest request = client.Association!.PskRequest;
        for (int i = 0; i < 20; i++)
        {
            client.Send(client.Peer.ChangeCipherSpec());
        }

        Assert.AreEqual(server.Pool.Count, server.Pool.Available);
        client.Send(client.Peer.Finished(true));
        Assert.AreEqual(server.Pool.Count - 1, server.Pool.Available);
        request.Answer(TestBed.Key);
        for (int i = 0; i < 10 && server.NextDeadline <= client.Now; i++)
        {
            server.HandleTimeout(client.Now);
        }

        client.TakeAnswers();
        Assert.AreEqual(1, server.Statistics.HandshakesCompleted);
        Assert.AreEqual(server.Pool.Count, server.Pool.Available);
    }

    private static byte[] Junk(int number)
    {
        return TestBed.Record(ContentType.Handshake, 1, number, new byte[22]);
    }

    /// <summary>Data to the server and back.</summary>
    private static void Exchange(ScriptedClient client, byte data)
    {
        client.Send(client.Peer.Protect(ContentType.ApplicationData, data));
        Assert.AreEqual(1, client.Association!.Receive(new byte[10], 0));
        client.Association.Send(new byte[] { data }, 0, 1, client.Now);
        Assert.AreEqual(1, Answers(client));
    }

    private static int Answers(ScriptedClient client)
    {
        int before = client.Answers;
        client.TakeAnswers();
        return client.Answers - before;
    }

    private static List<Packet> TakeAll(PacketPool pool)
    {
        List<Packet> taken = new();
        for (Packet packet = pool.Rent(); packet != null; packet = pool.Rent())
        {
            taken.Add(packet);
        }

        return taken;
    }
}
