using System;
using System.Collections.Generic;
using System.Linq;
using Microsoft.VisualStudio.TestTools.UnitTesting;
using NfDtls.Server;

namespace NfDtls.Tests.Engine;

[TestClass]
public class LastFlightTests
{
    [TestMethod]
    public void The_last_flight_is_kept_for_600_seconds_and_no_longer()
    {
        TestBed bed = new TestBed().Connect();
        bed.Network.Settle();
        long begun = bed.Network.Now;
        Association server = bed.ServerAssociation!;
        Assert.IsNotNull(server.CurrentFlight);
        bed.Network.Run(() => server.CurrentFlight == null, 1_000_000);
        Assert.IsNull(server.CurrentFlight);
        long kept = bed.Network.Now - begun;
        Assert.IsTrue(kept > 599_000 && kept <= 600_000, "It was kept for " + kept + " ms.");
        Assert.AreEqual(long.MaxValue, bed.Server.NextDeadline);
        bed.VerifyEcho();
    }

    [TestMethod]
    public void Data_of_the_peer_s_do_not_end_it_for_they_may_have_been_sent_before_it_came()
    {
        TestBed bed = new TestBed().Connect();
        bed.VerifyEcho();
        Assert.IsNotNull(bed.ServerAssociation!.CurrentFlight);
    }

    [TestMethod]
    [DataRow(false)]
    [DataRow(true)]
    public void A_client_that_sends_data_beside_its_finished_gets_the_servers(bool inOneDatagram)
    {
        DtlsServerEngine server = new DtlsServerEngine(TestBed.Options(1));
        ScriptedClient client = new ScriptedClient(server, TestBed.Address).Hello();
        List<byte[]> flight = new()
        {
            client.Peer.Message(HandshakeType.ClientKeyExchange, client.Peer.ClientKeyExchangeBody()), client.Peer.ChangeCipherSpec(),
            client.Peer.Finished(true), client.Peer.Protect(ContentType.ApplicationData, 1, 2, 3),
        };
        if (inOneDatagram)
        {
            client.Send(flight.SelectMany(record => record).ToArray());
        }
        else
        {
            // The answer to the Finished has no time to go out before the data are there.
            foreach (byte[] record in flight)
            {
                server.HandleDatagram(record, 0, record.Length, TestBed.Address, TestBed.Address.Length, client.Now);
            }

            client.TakeAnswers();
        }

        CollectionAssert.Contains(client.Peer.Received, HandshakeType.Finished);
        Assert.AreEqual(3, client.Association!.Receive(new byte[10], 0));
    }

    [TestMethod]
    public void A_lost_last_flight_is_sent_again_although_data_came_meanwhile()
    {
        DtlsServerEngine server = new DtlsServerEngine(TestBed.Options(1));
        ScriptedClient client = new ScriptedClient(server, TestBed.Address).Complete();
        for (int i = 0; i < 3; i++)
        {
            client.Now += 10_000;
            client.Send(client.Peer.Protect(ContentType.ApplicationData, 1, 2));
            client.Peer.Received.Clear();
            client.Send(client.Peer.FinishedAgain());
            CollectionAssert.AreEqual(new[] { HandshakeType.Finished }, client.Peer.Received);
        }
    }

    [TestMethod]
    public void Data_that_came_before_the_finished_are_shown_with_the_end_of_the_handshake_and_not_before()
    {
        DtlsServerEngine server = new DtlsServerEngine(TestBed.Options(1));
        ScriptedClient client = new ScriptedClient(server, TestBed.Address).Hello();
        byte[] finished;
        client.Send(client.Peer.Message(HandshakeType.ClientKeyExchange, client.Peer.ClientKeyExchangeBody()));
        client.Send(client.Peer.ChangeCipherSpec());
        finished = client.Peer.Finished(true);
        client.Send(client.Peer.Protect(ContentType.ApplicationData, 1, 2, 3));
        Association association = client.Association!;
        Assert.AreEqual(0, association.Pending);
        Assert.AreEqual(-1, association.NextLength);
        Assert.AreEqual(-1, association.Receive(new byte[10], 0));
        Assert.IsNull(association.TakePacket());
        Assert.AreEqual(server.Pool.Count - 1, server.Pool.Available);
        client.Send(finished);
        Assert.AreSame(association, server.PollEvent(out int events));
        Assert.AreEqual(AssociationEvents.Connected | AssociationEvents.Data, events & (AssociationEvents.Connected | AssociationEvents.Data));
        Assert.AreEqual(1, association.Pending);
        Assert.AreEqual(3, association.Receive(new byte[10], 0));
        Assert.AreEqual(server.Pool.Count, server.Pool.Available);
    }

    [TestMethod]
    public void Data_that_came_before_a_wrong_finished_are_nobody_s()
    {
        DtlsServerEngine server = new DtlsServerEngine(TestBed.Options(1));
        ScriptedClient client = new ScriptedClient(server, TestBed.Address).Hello();
        client.Send(client.Peer.Message(HandshakeType.ClientKeyExchange, client.Peer.ClientKeyExchangeBody()));
        client.Send(client.Peer.ChangeCipherSpec());
        client.Send(client.Peer.Protect(ContentType.ApplicationData, 1, 2, 3));
        Association association = client.Association!;
        client.Send(client.Peer.Finished(true, false));
        Assert.AreEqual(AssociationState.Closed, association.State);
        Assert.AreEqual(0, association.Pending);
        Assert.ThrowsExactly<DtlsException>(() => association.Receive(new byte[10], 0));
        Assert.AreEqual(server.Pool.Count, server.Pool.Available);
    }

    [TestMethod]
    public void A_finished_that_was_never_sent_before_is_no_repetition_and_ends_the_session()
    {
        foreach (Action<byte[]> change in Changes())
        {
            DtlsServerEngine server = new DtlsServerEngine(TestBed.Options(1));
            ScriptedClient client = new ScriptedClient(server, TestBed.Address).Complete();
            Association association = client.Association!;
            client.Now += 1000;
            client.Send(client.Peer.FinishedAgain(change));
            Assert.AreEqual(AssociationState.Closed, association.State);
            Assert.AreEqual((1, Alert.LevelFatal, Alert.UnexpectedMessage), client.Peer.Alerts.Single());

            DtlsClientEngine other = new DtlsClientEngine(TestBed.Options(2));
            ScriptedPeer peer = Complete(other);
            Give(other, peer, peer.FinishedAgain(change));
            Assert.AreEqual(DtlsError.UnexpectedMessage, other.Association.LastError);
            Assert.AreEqual((1, Alert.LevelFatal, Alert.UnexpectedMessage), peer.Alerts.Single());
        }
    }

    [TestMethod]
    public void A_repeated_finished_harms_nobody_at_any_time_whole_or_in_pieces()
    {
        DtlsServerEngine server = new DtlsServerEngine(TestBed.Options(1));
        ScriptedClient client = new ScriptedClient(server, TestBed.Address).Complete();
        DtlsClientEngine other = new DtlsClientEngine(TestBed.Options(2));
        ScriptedPeer peer = Complete(other);
        foreach (long passed in new long[] { 1, 1000, 500_000 })
        {
            client.Now += passed;
            server.HandleTimeout(client.Now);
            client.Send(client.Peer.FinishedAgain());
            Give(other, peer, peer.FinishedAgain());
            foreach (ScriptedPeer sender in new[] { client.Peer, peer })
            {
                byte[] whole = sender.LastFinished;
                int sequence = (whole[4] << 8) | whole[5];
                byte[] piece = sender.Protect(ContentType.Handshake, TestBed.PieceOf(HandshakeType.Finished, 12, sequence, 5, whole.AsSpan(17, 4).ToArray()));
                if (sender == peer)
                {
                    Give(other, peer, piece);
                }
                else
                {
                    client.Send(piece);
                }
            }

            Assert.AreEqual(AssociationState.Connected, client.Association!.State);
            Assert.AreEqual(AssociationState.Connected, other.Association.State);
        }
    }

    private static IEnumerable<Action<byte[]>> Changes()
    {
        yield return finished => finished[5]++;
        yield return finished => finished[5]--;
        yield return finished => finished[4] = 1;
        yield return finished => finished[12] ^= 1;
        yield return finished => finished[23] ^= 0x80;
    }

    private static ScriptedPeer Complete(DtlsClientEngine client)
    {
        ScriptedPeer peer = new ScriptedPeer(true);
        client.Connect(0);
        Drain(client, peer);
        Give(client, peer, peer.Message(HandshakeType.ServerHello, peer.ServerHelloBody()));
        Give(client, peer, peer.Message(HandshakeType.ServerHelloDone, new byte[0]));
        Give(client, peer, peer.ChangeCipherSpec());
        Give(client, peer, peer.Finished(true));
        Assert.AreEqual(AssociationState.Connected, client.Association.State);
        return peer;
    }

    private static void Give(DtlsClientEngine client, ScriptedPeer peer, byte[] datagram)
    {
        client.HandleDatagram(datagram, 0, datagram.Length, 0);
        Drain(client, peer);
    }

    private static void Drain(DtlsClientEngine client, ScriptedPeer peer)
    {
        for (Packet packet = client.PollDatagram(0); packet != null; packet = client.PollDatagram(0))
        {
            byte[] bytes = packet.Buffer.AsSpan(packet.Offset, packet.Length).ToArray();
            packet.Return();
            peer.Take(bytes);
        }
    }
}
