using System;
using System.Collections.Generic;
using System.Linq;
using Microsoft.VisualStudio.TestTools.UnitTesting;

namespace NfDtls.Tests.Engine;

/// <summary>What a peer repeats is answered at the peer's pace (RFC 6347 section 4.2.4), but not for ever and not in a storm.</summary>
[TestClass]
public class PaceTests
{
    [TestMethod]
    [DataRow(0, 2080)]
    [DataRow(1, 2080)]
    [DataRow(2, 1080)]
    [DataRow(3, 1080)]
    [DataRow(4, 1080)]
    [DataRow(5, 1080)]
    public void A_patient_server_is_as_fast_as_its_client_when_a_datagram_is_lost(int lost, int most)
    {
        TestBed bed = Bed(1000, 9000);
        bed.Network.Filter = datagram => datagram.Number != lost;
        long begin = bed.Network.Now;
        bed.Connect();
        long took = bed.Network.Now - begin;
        Assert.IsTrue(took > 1000 && took <= most, "It took " + took + " ms.");
        Assert.AreEqual(0, bed.Server.Statistics.HandshakesFailed);
        bed.VerifyEcho();
        bed.VerifyPools();
    }

    [TestMethod]
    public void A_patient_client_is_as_fast_as_its_server_when_a_datagram_is_lost()
    {
        // The server's first flight, and the client's answer to it: it is the server that repeats itself then.
        foreach (int lost in new[] { 3, 4 })
        {
            TestBed bed = Bed(9000, 1000);
            bed.Network.Filter = datagram => datagram.Number != lost;
            long begin = bed.Network.Now;
            bed.Connect();
            Assert.IsTrue(bed.Network.Now - begin <= 1100, "It took " + (bed.Network.Now - begin) + " ms.");
            bed.VerifyEcho();
        }
    }

    [TestMethod]
    public void An_answer_is_given_to_each_repetition_of_a_slow_peer()
    {
        TestBed bed = Bed(1000, 9000);
        int lost = 0;
        bed.Network.Filter = datagram => datagram.FirstMessage != HandshakeType.ServerHello || lost++ >= 4;
        long begin = bed.Network.Now;
        bed.Connect();
        CollectionAssert.AreEqual(
            new long[] { 30, 1030, 3030, 7030, 15030 },
            bed.Network.Sent.Where(datagram => datagram.FirstMessage == HandshakeType.ServerHello).Select(datagram => datagram.Sent - begin).ToArray());
    }

    [TestMethod]
    public void An_answer_resets_the_own_timer_so_that_a_flight_goes_out_once_for_each_loss()
    {
        TestBed bed = Bed(1000, 1000);
        int lost = 0;
        bed.Network.Filter = datagram => datagram.FirstMessage != HandshakeType.ServerHello || lost++ >= 1;
        long begin = bed.Network.Now;
        bed.Connect();
        bed.Network.Run(3000);
        CollectionAssert.AreEqual(
            new long[] { 30, 1030 },
            bed.Network.Sent.Where(datagram => datagram.FirstMessage == HandshakeType.ServerHello).Select(datagram => datagram.Sent - begin).ToArray());
        Assert.AreEqual(1, bed.Server.Statistics.Retransmissions);
    }

    [TestMethod]
    public void Copies_of_a_flight_get_one_answer_in_150_milliseconds()
    {
        ScriptedClient client = new ScriptedClient(new NfDtls.Server.DtlsServerEngine(TestBed.Options(2)), TestBed.Address);
        client.SendHello();
        byte[] hello = client.Peer.Message(HandshakeType.ClientHello, client.Peer.ClientHelloBody());
        client.Send(hello);
        int first = client.Answers;
        for (int i = 0; i < 149; i++)
        {
            client.Now++;
            client.Send(hello);
        }

        Assert.AreEqual(first, client.Answers);
        for (int i = 1; i <= 300; i++)
        {
            client.Now++;
            client.Send(hello);
        }

        Assert.AreEqual(first + 2, client.Answers);
    }

    [TestMethod]
    public void Repetitions_of_the_finished_get_the_last_flight_once_in_150_milliseconds_whatever_the_own_timer()
    {
        DtlsOptions options = TestBed.Options(2);
        options.RetransmitTimeout = 60_000;
        ScriptedClient client = new ScriptedClient(new NfDtls.Server.DtlsServerEngine(options), TestBed.Address).Complete();
        client.Peer.Received.Clear();
        for (int i = 1; i <= 100; i++)
        {
            client.Now += 10;
            client.Send(client.Peer.FinishedAgain());
            Assert.AreEqual(i * 10 / 150, client.Peer.Received.Count, i.ToString());
        }
    }

    [TestMethod]
    public void Copies_of_a_message_of_the_next_flight_are_no_reason_to_repeat_the_last()
    {
        DtlsClientEngine client = new DtlsClientEngine(TestBed.Options(1));
        ScriptedPeer peer = new ScriptedPeer(true);
        client.Connect(0);
        Take(client, peer, 0);
        byte[] serverHello = peer.Message(HandshakeType.ServerHello, peer.ServerHelloBody());
        for (int i = 0; i < 3; i++)
        {
            byte[] copy = (byte[])serverHello.Clone();
            client.HandleDatagram(copy, 0, copy.Length, 200 + (200 * i));
            Assert.AreEqual(0, Take(client, peer, 200 + (200 * i)), "The hello arrived: there is its answer.");
        }
    }

    [TestMethod]
    [DataRow(10)]
    [DataRow(200)]
    [DataRow(1500)]
    public void Two_ends_that_only_repeat_themselves_come_to_an_end(int latency)
    {
        // The client's Finished never arrives, and so each end repeats what the other has. Different keys look like that.
        TestBed bed = Bed(1000, 1000);
        bed.Network.Latency = latency;
        bed.Network.Filter = datagram =>
        {
            if (datagram.FirstMessage == HandshakeType.ClientKeyExchange)
            {
                datagram.Bytes = datagram.Bytes.AsSpan(0, 13 + 12 + 2 + 8).ToArray();
            }

            return true;
        };
        bed.Client.Engine.Connect(bed.Network.Now);
        Assert.IsTrue(bed.Network.Run(() => bed.Client.State == AssociationState.Closed, 380_000));
        Assert.AreEqual(DtlsError.KeyMismatchSuspected, bed.Client.Association.LastError);
        Assert.IsTrue(bed.Network.Run(() => bed.Server.SessionCount == 0, 380_000));
        Assert.IsTrue(bed.Network.Sent.Count < 120, bed.Network.Sent.Count.ToString());
        bed.VerifyPools();
    }

    [TestMethod]
    public void A_peer_that_repeats_itself_for_ever_cannot_hold_a_handshake_longer_than_its_retries()
    {
        DtlsOptions options = TestBed.Options(1);
        options.MaxRetransmits = 4;
        DtlsClientEngine client = new DtlsClientEngine(options);
        ScriptedPeer peer = new ScriptedPeer(true);
        client.Connect(0);
        Take(client, peer, 0);
        byte[] verify = TestBed.Message(HandshakeType.HelloVerifyRequest, 0, 0, 0xFE, 0xFF, 1, 7);
        client.HandleDatagram((byte[])verify.Clone(), 0, verify.Length, 0);
        int answers = 0;
        long now = 0;
        while (client.Association.State == AssociationState.Connecting && now < 100_000)
        {
            answers += Take(client, peer, now);
            now += 200;
            client.HandleDatagram((byte[])verify.Clone(), 0, verify.Length, now);
            if (client.NextDeadline <= now)
            {
                client.HandleTimeout(now);
            }
        }

        Assert.AreEqual(DtlsError.Timeout, client.Association.LastError);
        Assert.IsTrue(now >= 6400 && now <= 31_000, now.ToString());
        Assert.IsTrue(answers > 30 && answers <= 40, answers.ToString());
    }

    [TestMethod]
    public void A_device_that_slept_through_its_timer_still_has_its_retries()
    {
        TestBed bed = new TestBed();
        DtlsClientEngine client = bed.Client.Engine;
        ScriptedPeer peer = new ScriptedPeer(true);
        client.Connect(0);
        Assert.AreEqual(1, Take(client, peer, 0));
        client.HandleTimeout(4_000_000);
        Assert.AreEqual(1, Take(client, peer, 4_000_000));
        Assert.AreEqual(4_002_000, client.NextDeadline);
    }

    private static TestBed Bed(int clientTimeout, int serverTimeout)
    {
        DtlsOptions client = TestBed.Options(1);
        client.RetransmitTimeout = clientTimeout;
        DtlsOptions server = TestBed.Options(2);
        server.RetransmitTimeout = serverTimeout;
        return new TestBed(client, server);
    }

    private static int Take(DtlsClientEngine client, ScriptedPeer peer, long now)
    {
        int count = 0;
        for (Packet packet = client.PollDatagram(now); packet != null; packet = client.PollDatagram(now))
        {
            byte[] bytes = packet.Buffer.AsSpan(packet.Offset, packet.Length).ToArray();
            packet.Return();
            peer.Take(bytes);
            count++;
        }

        return count;
    }
}
