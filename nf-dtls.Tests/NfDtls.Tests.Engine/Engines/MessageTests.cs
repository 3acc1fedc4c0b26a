using System;
using System.Linq;
using Microsoft.VisualStudio.TestTools.UnitTesting;
using NfDtls.Server;
using M = NfDtls.HandshakeType;

namespace NfDtls.Tests.Engine;

/// <summary>Messages of a handshake that are not what they should be, and how long a handshake waits for better ones.</summary>
[TestClass]
public class MessageTests
{
    private readonly DtlsServerEngine _server = new DtlsServerEngine(TestBed.Options(1));

    [TestMethod]
    public void What_stands_behind_a_fragment_that_contradicts_itself_is_dropped_with_it()
    {
        ScriptedClient client = new ScriptedClient(_server, TestBed.Address).Hello();
        byte[] right = client.Peer.Message(M.ClientKeyExchange, client.Peer.ClientKeyExchangeBody());
        byte[] message = right.AsSpan(13).ToArray();
        byte[] wrong = TestBed.PieceOf(M.ClientKeyExchange, message.Length - 12, 2, 0, message.AsSpan(12).ToArray());
        wrong[11] = 200;
        client.Send(TestBed.Record(ContentType.Handshake, 0, client.Peer.NextRecord++, wrong.Take(12).Concat(message).ToArray()));
        Assert.AreEqual(1, _server.Statistics.Dropped(DropReason.Fragment));
        client.Send(client.Peer.ChangeCipherSpec());
        Assert.AreEqual(1, _server.Statistics.Dropped(DropReason.ChangeCipherSpec));
        client.Send(TestBed.Record(ContentType.Handshake, 0, client.Peer.NextRecord++, message.Take(5).ToArray()));
        Assert.AreEqual(2, _server.Statistics.Dropped(DropReason.Fragment));

        // Two whole ones in a record, the second of which has come already.
        client.Send(TestBed.Record(ContentType.Handshake, 0, client.Peer.NextRecord++, message.Concat(message).ToArray()));
        Assert.AreEqual(1, _server.Statistics.Dropped(DropReason.Duplicate));
        client.Send(client.Peer.ChangeCipherSpec());
        client.Send(client.Peer.Finished(true));
        Assert.AreEqual(1, _server.Statistics.HandshakesCompleted);
    }

    [TestMethod]
    public void Bytes_behind_a_messages_end_are_a_decode_error_of_every_message()
    {
        foreach (int type in new[] { M.ServerHelloDone, M.ServerKeyExchange })
        {
            DtlsClientEngine engine = new DtlsClientEngine(TestBed.Options(1));
            ScriptedPeer peer = Begin(engine);
            Deliver(engine, peer, peer.Message(M.ServerHello, peer.ServerHelloBody()));
            Deliver(engine, peer, peer.Message(type, type == M.ServerHelloDone ? new byte[1] : new byte[] { 0, 2, 65, 66, 67 }));
            Assert.AreEqual(DtlsError.DecodeError, engine.Association.LastError, type.ToString());
        }

        ScriptedClient client = new ScriptedClient(_server, TestBed.Address).Hello();
        client.Send(client.Peer.Message(M.ClientKeyExchange, client.Peer.ClientKeyExchangeBody().Append((byte)0).ToArray()));
        Assert.AreEqual((0, 2, Alert.DecodeError), client.Peer.Alerts.Single());
        Assert.AreEqual(1, _server.Statistics.HandshakesFailedWith(DtlsError.DecodeError));
    }

    [TestMethod]
    public void A_flight_that_takes_its_time_is_no_reason_to_repeat_ours_nor_is_a_hello_request()
    {
        DtlsClientEngine engine = new DtlsClientEngine(TestBed.Options(1));
        ScriptedPeer peer = Begin(engine);
        long now = 200;
        Deliver(engine, peer, TestBed.Message(M.HelloRequest, 0, 9), now);
        Deliver(engine, peer, peer.Message(M.HelloVerifyRequest, new byte[] { 0xFE, 0xFF, 1, 7 }), now);
        now += 200;
        Deliver(engine, peer, TestBed.Message(M.HelloRequest, 0, 10), now);
        Deliver(engine, peer, peer.Message(M.ServerHello, peer.ServerHelloBody()), now);
        now += 200;
        Deliver(engine, peer, peer.Message(M.ServerKeyExchange, new byte[] { 0, 2, 65, 66 }), now);
        Assert.AreEqual(0, engine.Statistics.Retransmissions);
        Assert.AreEqual(2, peer.Received.Count(type => type == M.ClientHello));
        Assert.AreEqual(2, engine.Statistics.Dropped(DropReason.MessageSequence));
    }

    [TestMethod]
    public void A_message_may_be_as_long_as_the_options_say_and_a_question_for_a_cookie_too()
    {
        foreach ((int length, bool ends) in new[] { (128, false), (129, true) })
        {
            foreach (int type in new[] { M.ServerHello, M.HelloVerifyRequest })
            {
                DtlsOptions options = TestBed.Options(1);
                options.MaxHandshakeMessage = 128;
                DtlsClientEngine engine = new DtlsClientEngine(options);
                ScriptedPeer peer = Begin(engine);
                Deliver(engine, peer, TestBed.Piece(type, length, 0, 1, 0, 0xFE, 0xFF, 40));
                Assert.AreEqual(ends ? DtlsError.HandshakeMessageTooLarge : DtlsError.None, engine.Association.LastError, type + ", " + length);
                Assert.AreEqual(ends ? 1 : 0, engine.Statistics.Dropped(DropReason.NoBuffer));
            }
        }
    }

    [TestMethod]
    public void A_hello_that_no_flight_has_room_for_ends_the_attempt_with_internal_error()
    {
        DtlsOptions options = TestBed.Options(1);
        options.Extensions = new HelloExtension[] { new FillerExtension(500, 70_000) };
        DtlsClientEngine engine = new DtlsClientEngine(options);
        ScriptedPeer peer = Begin(engine);
        Assert.AreEqual(0, peer.Received.Count);
        Assert.AreEqual((0, 2, Alert.InternalError), peer.Alerts.Single());
        Assert.AreEqual(AssociationState.Closed, engine.Association.State);
        Assert.AreEqual(DtlsError.InternalError, engine.Association.LastError);
    }

    [TestMethod]
    [DataRow(1000, 0, 30_000)]
    [DataRow(9000, 0, 30_000)]
    [DataRow(10_000, 0, 30_000)]
    [DataRow(10_001, 0, 30_003)]
    [DataRow(20_000, 0, 60_000)]
    [DataRow(1000, 4000, 4000)]
    public void A_servers_handshake_has_half_a_minute_or_time_for_two_retries_or_what_the_options_say(int timeout, int told, int expected)
    {
        DtlsOptions options = TestBed.Options(1);
        options.RetransmitTimeout = timeout;
        options.HandshakeTimeout = told;
        ScriptedClient client = new ScriptedClient(new DtlsServerEngine(options), TestBed.Address).Hello();
        Assert.AreEqual(client.Now + expected, client.Association!.Handshake.Patience.Deadline);
        DtlsClientEngine engine = new DtlsClientEngine(options);
        engine.Connect(7);
        Assert.AreEqual(told == 0 ? long.MaxValue : 7 + told, engine.Association.Handshake.Patience.Deadline);
    }

    [TestMethod]
    public void What_a_user_canceled_means_depends_on_who_says_it()
    {
        DtlsClientEngine engine = new DtlsClientEngine(TestBed.Options(1));
        Begin(engine);
        engine.Association.Handshake.Patience.RememberAlert(Alert.UserCanceled);
        Assert.AreEqual(DtlsError.NoFreeSession, engine.Association.Handshake.Patience.LikelyError);
        ScriptedClient client = new ScriptedClient(_server, TestBed.Address).Hello();
        client.Association!.Handshake.Patience.RememberAlert(Alert.UserCanceled);
        Assert.AreEqual(DtlsError.AlertReceived, client.Association.Handshake.Patience.LikelyError);
    }

    [TestMethod]
    public void Doubts_alerts_and_times_of_a_handshake_are_gone_with_the_next()
    {
        DtlsClientEngine engine = new DtlsClientEngine(TestBed.Options(1));
        Begin(engine);
        Patience patience = engine.Association.Handshake.Patience;
        patience.SawUndecryptable();
        Assert.AreEqual(DtlsError.KeyMismatchSuspected, patience.LikelyError);
        patience.SawTruncated();
        Assert.AreEqual(DtlsError.DatagramTooLarge, patience.LikelyError);
        patience.RememberAlert(Alert.CloseNotify);
        Assert.AreEqual(DtlsError.SessionClosed, patience.LikelyError);
        patience.RememberAlert(Alert.HandshakeFailure);
        Assert.AreEqual(DtlsError.AlertReceived, patience.LikelyError);
        Assert.AreNotEqual(long.MaxValue, patience.NextSending);
        patience.Begin(0);
        Assert.AreEqual(DtlsError.Timeout, patience.LikelyError);
        Assert.IsFalse(patience.IsKeyDoubted);
        Assert.AreEqual(long.MaxValue, patience.NextSending);
    }

    private static ScriptedPeer Begin(DtlsClientEngine client)
    {
        ScriptedPeer peer = new ScriptedPeer(true);
        client.Connect(0);
        Drain(client, peer, 0);
        return peer;
    }

    private static void Deliver(DtlsClientEngine client, ScriptedPeer peer, byte[] datagram, long now = 0)
    {
        client.HandleDatagram(datagram, 0, datagram.Length, now);
        Drain(client, peer, now);
    }

    private static void Drain(DtlsClientEngine client, ScriptedPeer peer, long now)
    {
        for (Packet packet = client.PollDatagram(now); packet != null; packet = client.PollDatagram(now))
        {
            byte[] bytes = packet.Buffer.AsSpan(packet.Offset, packet.Length).ToArray();
            packet.Return();
            peer.Take(bytes);
        }
    }
}
