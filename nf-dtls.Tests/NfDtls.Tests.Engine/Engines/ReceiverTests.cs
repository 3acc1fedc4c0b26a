using System;
using System.Collections.Generic;
using Microsoft.VisualStudio.TestTools.UnitTesting;
using NfDtls.Server;

namespace NfDtls.Tests.Engine;

/// <summary>What becomes of records that come at the wrong time or say what they should not, and how they are counted.</summary>
[TestClass]
public class ReceiverTests
{
    [TestMethod]
    public void What_comes_before_a_client_begins_and_after_it_has_ended_is_counted_as_that()
    {
        DtlsClientEngine idle = new DtlsClientEngine(TestBed.Options(1));
        byte[] record = TestBed.Record(ContentType.Alert, 0, 0, 2, 40);
        idle.HandleDatagram(record, 0, record.Length, 0);
        Assert.AreEqual(1, idle.Statistics.Dropped(DropReason.Closed));
        TestBed bed = new TestBed().Connect();
        byte[] data = TestBed.Seal(bed.ServerAssociation!, ContentType.ApplicationData, 1, 2);
        bed.Client.Association.Close(0, bed.Network.Now);
        bed.Network.Deliver(false, TestBed.Address, data);
        Assert.AreEqual(1, bed.Client.Engine.Statistics.Dropped(DropReason.Closed));
        Assert.AreEqual(0, bed.Client.Association.Pending);
    }

    [TestMethod]
    public void Data_that_come_while_the_answer_to_a_close_is_waited_for_are_dropped_and_counted()
    {
        TestBed bed = new TestBed().Connect();
        bed.Network.Filter = _ => false;
        bed.Client.Association.Close(3000, bed.Network.Now);
        Assert.AreEqual(AssociationState.Closing, bed.Client.State);
        bed.Network.Deliver(false, TestBed.Address, TestBed.Seal(bed.ServerAssociation!, ContentType.ApplicationData, 1, 2));
        Assert.AreEqual(1, bed.Client.Engine.Statistics.Dropped(DropReason.Closed));
        Assert.AreEqual(AssociationState.Closing, bed.Client.State);
    }

    [TestMethod]
    public void A_change_of_keys_that_nobody_expects_is_counted_and_changes_nothing()
    {
        TestBed bed = new TestBed().Connect();
        bed.Network.Deliver(true, TestBed.Address, TestBed.Seal(bed.Client.Association, ContentType.ChangeCipherSpec, 1));
        Assert.AreEqual(1, bed.Server.Statistics.Dropped(DropReason.ChangeCipherSpec));
        bed.VerifyEcho();

        // In a handshake, and before its keys are known.
        DtlsServerEngine server = new DtlsServerEngine(TestBed.Options(1));
        ScriptedClient client = new ScriptedClient(server, TestBed.Address).Hello();
        client.Send(client.Peer.ChangeCipherSpec());
        Assert.AreEqual(1, server.Statistics.Dropped(DropReason.ChangeCipherSpec));
        client.Send(client.Peer.Message(HandshakeType.ClientKeyExchange, client.Peer.ClientKeyExchangeBody()));
        foreach (byte[] wrong in new[] { new byte[] { 2 }, new byte[] { 1, 1 }, new byte[0] })
        {
            client.Send(TestBed.Record(ContentType.ChangeCipherSpec, 0, client.Peer.NextRecord++, wrong));
        }

        Assert.AreEqual(4, server.Statistics.Dropped(DropReason.ChangeCipherSpec));
        client.Send(client.Peer.ChangeCipherSpec());
        client.Send(client.Peer.Finished(true));
        Assert.AreEqual(1, server.Statistics.HandshakesCompleted);
        Assert.AreEqual(4, server.Statistics.Dropped(DropReason.ChangeCipherSpec));
    }

    [TestMethod]
    public void A_handshake_record_that_holds_no_message_ends_a_session_with_decode_error()
    {
        foreach (byte[] content in new[] { new byte[0], new byte[] { 20, 0, 0 }, TestBed.PieceOf(20, 12, 5, 10, 1, 2, 3) })
        {
            TestBed bed = new TestBed().Connect();
            bed.Network.Inject(true, TestBed.Address, TestBed.Seal(bed.Client.Association, ContentType.Handshake, content), 1);
            bed.Network.Run(100);
            Assert.AreEqual(Alert.DecodeError, bed.Client.Association.AlertReceived);
        }
    }

    [TestMethod]
    public void A_finished_that_comes_again_is_answered_once_in_a_while_and_the_others_are_counted()
    {
        DtlsServerEngine server = new DtlsServerEngine(TestBed.Options(1));
        ScriptedClient client = new ScriptedClient(server, TestBed.Address).Complete();
        int answers = client.Answers;
        int duplicates = server.Statistics.Dropped(DropReason.Duplicate);
        client.Now += FlightTimer.AnswerGap - 1;
        client.Send(client.Peer.FinishedAgain());
        Assert.AreEqual(answers, client.Answers);
        Assert.AreEqual(duplicates + 1, server.Statistics.Dropped(DropReason.Duplicate));
        client.Now++;
        client.Send(client.Peer.FinishedAgain());
        Assert.AreEqual(answers + 1, client.Answers);
        Assert.AreEqual(1, server.Statistics.Retransmissions);
        Assert.AreEqual(duplicates + 1, server.Statistics.Dropped(DropReason.Duplicate));
        client.Now += 700_000;
        server.HandleTimeout(client.Now);
        client.TakeAnswers();
        answers = client.Answers;
        client.Send(client.Peer.FinishedAgain());
        Assert.AreEqual(answers, client.Answers);
        Assert.AreEqual(1, server.Statistics.Retransmissions);
        Assert.AreEqual(duplicates + 2, server.Statistics.Dropped(DropReason.Duplicate));
    }

    [TestMethod]
    public void A_message_of_the_applications_own_is_read_by_its_type_and_in_one_piece_only()
    {
        foreach ((int type, int length, byte[] content, int first, int second, int alert) in new[]
        {
            (200, 2, new byte[] { 1, 2 }, 1, 0, Alert.None), (201, 2, new byte[] { 1, 2 }, 0, 1, Alert.None), (202, 2, new byte[] { 1, 2 }, 0, 0, Alert.UnexpectedMessage),
            (200, 3, new byte[] { 1, 2 }, 0, 0, Alert.UnexpectedMessage), (201, 1, new byte[] { 1 }, 0, 1, Alert.DecodeError), (200, 3, new byte[] { 1, 2, 3 }, 1, 0, Alert.DecodeError),
        })
        {
            Own[] own = { new Own(200), new Own(201) };
            DtlsOptions options = TestBed.Options(2);
            options.Messages = own;
            TestBed bed = new TestBed(TestBed.Options(1), options).Connect();
            bed.Network.Inject(true, TestBed.Address, TestBed.Seal(bed.Client.Association, ContentType.Handshake, TestBed.PieceOf(type, length, 7, 0, content)), 1);
            bed.Network.Run(100);
            Assert.AreEqual((first, second), (own[0].Count, own[1].Count), type + ", " + length);
            Assert.AreEqual(alert, bed.Client.Association.AlertReceived, type + ", " + length);
        }
    }

    [TestMethod]
    public void A_type_of_the_applications_own_is_read_under_keys_alone()
    {
        OwnType type = new OwnType();
        DtlsOptions options = TestBed.Options(1);
        options.RecordTypes = new RecordType[] { type };
        DtlsServerEngine server = new DtlsServerEngine(options);
        ScriptedClient client = new ScriptedClient(server, TestBed.Address).Hello();
        client.Send(TestBed.Record(28, 0, client.Peer.NextRecord++, 1, 2));
        Assert.AreEqual(0, type.Count);
        Assert.AreEqual(1, server.Statistics.Dropped(DropReason.ContentType));
        client.Send(client.Peer.Message(HandshakeType.ClientKeyExchange, client.Peer.ClientKeyExchangeBody()));
        client.Send(client.Peer.ChangeCipherSpec());
        client.Send(client.Peer.Finished(true));
        client.Send(client.Peer.Protect(28, 1, 2));
        Assert.AreEqual(1, type.Count);
    }

    [TestMethod]
    public void More_records_than_may_be_held_are_dropped_and_counted()
    {
        DtlsOptions options = TestBed.Options(1);
        options.HeldRecords = 2;
        DtlsServerEngine server = new DtlsServerEngine(options);
        ScriptedClient client = new ScriptedClient(server, TestBed.Address).Hello();
        for (int i = 0; i < 4; i++)
        {
            client.Send(TestBed.Record(ContentType.ApplicationData, 1, i, new byte[30]));
            Assert.AreEqual(Math.Max(0, i - 1), server.Statistics.Dropped(DropReason.NoBuffer));
        }

        client.Send(TestBed.Record(ContentType.ApplicationData, 2, 0, new byte[30]));
        Assert.AreEqual(1, server.Statistics.Dropped(DropReason.Epoch));
        Assert.AreEqual(2, server.Statistics.Dropped(DropReason.NoBuffer));
    }

    private sealed class Own : HandshakeMessage
    {
        private readonly int _type;

        internal Own(int type)
        {
            _type = type;
        }

        internal int Count { get; private set; }

        public override int Type
        {
            get { return _type; }
        }

        public override DtlsError Read(Association association, WireReader reader)
        {
            Count++;
            reader.Skip(2);
            return DtlsError.None;
        }
    }

    private sealed class OwnType : RecordType
    {
        internal int Count { get; private set; }

        public override int Type
        {
            get { return 28; }
        }

        public override DtlsError Read(Association association, WireReader reader)
        {
            Count++;
            reader.ReadUInt16();
            return DtlsError.None;
        }
    }
}
