using System;
using System.Linq;
using Microsoft.VisualStudio.TestTools.UnitTesting;
using NfDtls.Server;

namespace NfDtls.Tests.Engine;

/// <summary>Closing, receiving and sending.</summary>
[TestClass]
public class CloseTests
{
    private readonly byte[] _buffer = new byte[2000];

    [TestMethod]
    public void A_client_closes_and_both_ends_know()
    {
        TestBed bed = new TestBed().Connect();
        Association server = bed.ServerAssociation!;
        bed.Network.AutoRelease = false;
        bed.Client.Association.Close(5000, bed.Network.Now);
        Assert.AreEqual(AssociationState.Closing, bed.Client.State);
        bed.Network.Run(1000);
        Assert.AreEqual(AssociationState.Closed, bed.Client.State);
        Assert.AreEqual(DtlsError.SessionClosed, bed.Client.Association.LastError);
        Assert.AreEqual(AssociationState.Closed, server.State);
        Assert.AreEqual(DtlsError.SessionClosed, server.LastError);
        Assert.AreEqual(Alert.CloseNotify, server.AlertReceived);
        Assert.AreEqual(Alert.CloseNotify, server.AlertSent);
        Assert.IsTrue((bed.Client.Events & AssociationEvents.Closed) != 0);
        Assert.IsTrue(bed.Network.ServerEvents.Any(told => told.Association == server && (told.Events & AssociationEvents.Closed) != 0));
        bed.Server.Release(server);
        Assert.AreEqual(0, bed.Server.SessionCount);
        bed.VerifyPools();
    }

    [TestMethod]
    public void A_session_that_ends_before_its_data_were_asked_for_leaves_its_address_and_its_place_at_once()
    {
        DtlsOptions options = TestBed.Options(1001);
        options.MaxSessions = 1;
        DtlsServerEngine server = new DtlsServerEngine(options);
        ScriptedClient client = new ScriptedClient(server, TestBed.Address).Complete();
        Association session = client.Association!;
        Assert.AreSame(session, server.PollEvent(out _));
        client.Send(client.Peer.Protect(ContentType.ApplicationData, 1, 2, 3));
        client.Send(client.Peer.Protect(ContentType.Alert, Alert.LevelWarning, Alert.CloseNotify));
        Assert.AreEqual(AssociationState.Closed, session.State);
        Assert.IsNull(client.Association, "The address leads to a session that has ended.");
        ScriptedClient next = new ScriptedClient(server, TestBed.OtherAddress).Complete();
        Assert.AreEqual(AssociationState.Connected, next.Association!.State, "The only place is taken by a session that has ended.");
        Assert.AreSame(session, server.PollEvent(out int events));
        Assert.AreEqual(AssociationEvents.Data | AssociationEvents.Closed, events);
        Assert.AreEqual(3, session.Receive(_buffer, 0));
        server.Release(session);
        Assert.AreEqual(1, server.SessionCount);
    }

    [TestMethod]
    public void A_server_closes_and_both_ends_know()
    {
        TestBed bed = new TestBed().Connect();
        Association server = bed.ServerAssociation!;
        server.Close(5000, bed.Network.Now);
        bed.Network.Run(1000);
        Assert.AreEqual(AssociationState.Closed, bed.Client.State);
        Assert.AreEqual(DtlsError.SessionClosed, bed.Client.Association.LastError);
        Assert.AreEqual(DtlsError.SessionClosed, server.LastError);
        Assert.AreEqual(0, bed.Server.SessionCount);
        bed.VerifyPools();
    }

    [TestMethod]
    public void Both_ends_close_at_once()
    {
        TestBed bed = new TestBed().Connect();
        bed.ServerAssociation!.Close(5000, bed.Network.Now);
        bed.Client.Association.Close(5000, bed.Network.Now);
        bed.Network.Run(1000);
        Assert.AreEqual(AssociationState.Closed, bed.Client.State);
        Assert.AreEqual(DtlsError.SessionClosed, bed.Client.Association.LastError);
        Assert.AreEqual(0, bed.Server.SessionCount);
        bed.VerifyPools();
    }

    [TestMethod]
    public void A_close_that_nobody_answers_fails_after_its_time()
    {
        TestBed bed = new TestBed().Connect();
        bed.Network.Filter = _ => false;
        long begin = bed.Network.Now;
        bed.Client.Association.Close(3000, begin);
        Assert.IsTrue(bed.Network.Run(() => bed.Client.State == AssociationState.Closed, 10_000));
        Assert.AreEqual(3000, bed.Network.Now - begin);
        Assert.AreEqual(DtlsError.CloseFail, bed.Client.Association.LastError);
        Assert.AreEqual(DtlsError.SessionClosed, Assert.ThrowsExactly<DtlsException>(() => bed.Client.Association.Receive(_buffer, 0)).Error);
    }

    [TestMethod]
    public void A_close_without_time_ends_at_once_but_still_tells_the_peer()
    {
        TestBed bed = new TestBed().Connect();
        bed.Client.Association.Close(0, bed.Network.Now);
        Assert.AreEqual(AssociationState.Closed, bed.Client.State);
        bed.Network.Run(1000);
        Assert.AreEqual(0, bed.Server.SessionCount);
        bed.VerifyPools();
    }

    [TestMethod]
    public void A_close_for_ever_waits_for_ever()
    {
        TestBed bed = new TestBed().Connect();
        bed.Network.Filter = _ => false;
        bed.Client.Association.Close(-1, bed.Network.Now);
        bed.Network.Run(100_000_000);
        Assert.AreEqual(AssociationState.Closing, bed.Client.State);
    }

    [TestMethod]
    public void A_close_with_the_longest_time_there_is_waits_for_ever_and_a_second_one_may_be_shorter()
    {
        TestBed bed = new TestBed().Connect();
        bed.Network.Filter = _ => false;
        bed.Client.Association.Close(long.MaxValue, bed.Network.Now);
        bed.Network.Run(100_000_000);
        Assert.AreEqual(AssociationState.Closing, bed.Client.State);
        bed.Client.Association.Close(long.MaxValue - 1, bed.Network.Now);
        bed.Network.Run(100_000_000);
        Assert.AreEqual(AssociationState.Closing, bed.Client.State);
        bed.Client.Association.Close(1000, bed.Network.Now);
        bed.Network.Run(1000);
        Assert.AreEqual(DtlsError.CloseFail, bed.Client.Association.LastError);
    }

    [TestMethod]
    public void Closing_while_connecting_ends_at_once_and_closing_twice_does_nothing()
    {
        TestBed bed = new TestBed();
        bed.Client.Engine.Connect(bed.Network.Now);
        bed.Client.Association.Close(1000, bed.Network.Now);
        Assert.AreEqual(AssociationState.Closed, bed.Client.State);
        bed.Client.Association.Close(1000, bed.Network.Now);
        Assert.AreEqual(AssociationState.Closed, bed.Client.State);
        bed.Network.Run(200_000);
        bed.VerifyPools();
        bed.Connect().VerifyEcho();
    }

    [TestMethod]
    public void Data_received_before_the_close_is_delivered_first()
    {
        TestBed bed = new TestBed().Connect();
        Association server = bed.ServerAssociation!;
        for (int i = 0; i < 3; i++)
        {
            server.Send(TestBed.Bytes(10 + i), 0, 10 + i, bed.Network.Now);
        }

        server.Close(1000, bed.Network.Now);
        bed.Network.Run(1000);
        Assert.AreEqual(AssociationState.Closed, bed.Client.State);
        for (int i = 0; i < 3; i++)
        {
            Assert.AreEqual(10 + i, bed.Client.Association.Receive(_buffer, 0));
        }

        Assert.AreEqual(DtlsError.SessionClosed, Assert.ThrowsExactly<DtlsException>(() => bed.Client.Association.Receive(_buffer, 0)).Error);
        Assert.AreEqual(DtlsError.SessionClosed, Assert.ThrowsExactly<DtlsException>(() => bed.Client.Association.Send(_buffer, 0, 1, bed.Network.Now)).Error);
        bed.VerifyPools();
    }

    [TestMethod]
    public void Sending_before_there_is_a_connection_is_refused()
    {
        TestBed bed = new TestBed();
        Assert.AreEqual(DtlsError.NotConnected, Assert.ThrowsExactly<DtlsException>(() => bed.Client.Association.Send(_buffer, 0, 1, bed.Network.Now)).Error);
        bed.Client.Engine.Connect(bed.Network.Now);
        Assert.AreEqual(DtlsError.NotConnected, Assert.ThrowsExactly<DtlsException>(() => bed.Client.Association.Send(_buffer, 0, 1, bed.Network.Now)).Error);
        Assert.AreEqual(-1, bed.Client.Association.Receive(_buffer, 0));
        Assert.AreEqual(0, bed.Client.Association.MaxPayload);
    }

    [TestMethod]
    public void A_record_too_long_to_send_is_refused_with_both_numbers()
    {
        TestBed bed = new TestBed().Connect();
        int most = bed.Client.Association.MaxPayload;
        string message = Assert.ThrowsExactly<ArgumentException>(() => bed.Client.Association.Send(_buffer, 0, most + 1, bed.Network.Now)).Message;
        Assert.IsTrue(message.Contains(most.ToString()) && message.Contains((most + 1).ToString()), message);
        Assert.ThrowsExactly<ArgumentException>(() => bed.Client.Association.Send(_buffer, -1, 1, bed.Network.Now));
        Assert.ThrowsExactly<ArgumentException>(() => bed.Client.Association.Send(_buffer, 1999, 2, bed.Network.Now));
        bed.VerifyEcho();
    }

    [TestMethod]
    public void A_record_too_long_for_the_buffer_is_kept()
    {
        TestBed bed = new TestBed().Connect();
        bed.ServerAssociation!.Send(TestBed.Bytes(100), 0, 100, bed.Network.Now);
        bed.Network.Run(() => bed.Client.Association.Pending == 1, 1000);
        Assert.AreEqual(DtlsError.MessageTooLarge, Assert.ThrowsExactly<DtlsException>(() => bed.Client.Association.Receive(new byte[99], 0)).Error);
        Assert.AreEqual(DtlsError.MessageTooLarge, Assert.ThrowsExactly<DtlsException>(() => bed.Client.Association.Receive(new byte[100], 1)).Error);
        Assert.AreEqual(100, bed.Client.Association.NextLength);
        Assert.AreEqual(100, bed.Client.Association.Receive(_buffer, 7));
        Assert.AreEqual(99, _buffer[106]);
        Assert.AreEqual(-1, bed.Client.Association.Receive(_buffer, 0));
    }

    [TestMethod]
    public void An_empty_record_arrives_as_one()
    {
        TestBed bed = new TestBed().Connect();
        bed.ServerAssociation!.Send(_buffer, 0, 0, bed.Network.Now);
        bed.Network.Run(() => bed.Client.Association.Pending == 1, 1000);
        Assert.AreEqual(0, bed.Client.Association.NextLength);
        Assert.AreEqual(0, bed.Client.Association.Receive(new byte[0], 0));
        Assert.AreEqual(-1, bed.Client.Association.Receive(_buffer, 0));
    }

    [TestMethod]
    public void More_records_than_the_queue_holds_are_dropped_and_counted()
    {
        TestBed bed = new TestBed().Connect();
        for (int i = 0; i < 10; i++)
        {
            bed.ServerAssociation!.Send(_buffer, 0, 10, bed.Network.Now);
            bed.Network.Run(20);
        }

        Assert.AreEqual(4, bed.Client.Association.Pending);
        Assert.AreEqual(6, bed.Client.Engine.Statistics.Dropped(DropReason.NoBuffer));
        bed.Client.ReceiveAll();
        bed.VerifyEcho();
    }

    [TestMethod]
    public void Sending_more_than_the_pool_holds_says_so_and_goes_on_later()
    {
        TestBed bed = new TestBed().Connect();
        for (int i = 0; i < 8; i++)
        {
            bed.Client.Association.Send(_buffer, 0, 10, bed.Network.Now);
        }

        Assert.AreEqual(DtlsError.PoolExhausted, Assert.ThrowsExactly<DtlsException>(() => bed.Client.Association.Send(_buffer, 0, 10, bed.Network.Now)).Error);
        bed.Network.Run(1000);
        bed.Client.ReceiveAll();
        bed.VerifyEcho();
        bed.VerifyPools();
    }

    [TestMethod]
    public void The_key_s_limit_of_sealed_records_ends_the_session_with_a_close()
    {
        DtlsOptions options = TestBed.Options(1);
        options.SealLimit = 100;
        TestBed bed = new TestBed(options, TestBed.Options(2)).Connect();
        bed.Network.Echo = false;
        Association server = bed.ServerAssociation!;
        bed.Network.AutoRelease = false;
        int sent = 0;
        DtlsException thrown = Assert.ThrowsExactly<DtlsException>(() =>
        {
            for (int i = 0; i < 200; i++)
            {
                bed.Client.Association.Send(_buffer, 0, 10, bed.Network.Now);
                sent++;
                bed.Network.Run(20);
                while (server.Pending > 0)
                {
                    server.Receive(_buffer, 0);
                }
            }
        });
        Assert.AreEqual(DtlsError.SealLimitReached, thrown.Error);
        Assert.AreEqual(98, sent, "100 with the Finished and the close_notify");
        Assert.AreEqual(DtlsError.SealLimitReached, bed.Client.Association.LastError);
        bed.Network.Run(100);
        Assert.AreEqual(AssociationState.Closed, server.State);
        Assert.AreEqual(Alert.CloseNotify, server.AlertReceived);
    }

    [TestMethod]
    public void The_key_s_limit_of_forged_records_ends_the_session_with_a_close()
    {
        DtlsOptions options = TestBed.Options(2);
        options.ForgeryLimit = 100;
        TestBed bed = new TestBed(TestBed.Options(1), options).Connect();
        Association server = bed.ServerAssociation!;
        bed.Network.AutoRelease = false;
        for (int i = 0; i < 99; i++)
        {
            bed.Network.Inject(true, TestBed.Address, TestBed.Record(ContentType.ApplicationData, 1, 1000 + i, new byte[40]), 1);
        }

        bed.Network.Run(100);
        Assert.AreEqual(AssociationState.Connected, server.State);
        bed.VerifyEcho();
        bed.Network.Inject(true, TestBed.Address, TestBed.Record(ContentType.ApplicationData, 1, 2000, new byte[40]), 1);
        bed.Network.Run(100);
        Assert.AreEqual(AssociationState.Closed, server.State);
        Assert.AreEqual(DtlsError.ForgeryLimitReached, server.LastError);
        Assert.AreEqual(AssociationState.Closed, bed.Client.State);
        Assert.AreEqual(Alert.CloseNotify, bed.Client.Association.AlertReceived);
    }

    [TestMethod]
    public void Sequence_numbers_never_wrap()
    {
        TestBed bed = new TestBed().Connect();
        bed.Client.Association.WriteEpoch.NextSequence = Epoch.LastSequence - 1;
        bed.VerifyEcho();
        Assert.AreEqual(DtlsError.SequenceExhausted, Assert.ThrowsExactly<DtlsException>(() => bed.Client.Association.Send(_buffer, 0, 1, bed.Network.Now)).Error);
        bed.Network.Run(100);
        Assert.AreEqual(0, bed.Server.SessionCount, "The close_notify was the last record.");
    }

    [TestMethod]
    public void An_idle_session_is_closed_when_the_options_say_so()
    {
        DtlsOptions options = TestBed.Options(2);
        options.IdleTimeout = 10_000;
        TestBed bed = new TestBed(TestBed.Options(1), options).Connect();
        bed.Network.Run(9000);
        bed.VerifyEcho();
        bed.Network.Run(9900);
        Assert.AreEqual(AssociationState.Connected, bed.Client.State);
        bed.Network.Run(1000);
        Assert.AreEqual(AssociationState.Closed, bed.Client.State);
        Assert.AreEqual(0, bed.Server.SessionCount);
    }

    [TestMethod]
    public void A_server_that_is_reset_has_no_sessions_and_gives_everything_back()
    {
        TestBed bed = new TestBed().Connect();
        Association server = bed.ServerAssociation!;
        int sent = bed.Network.Sent.Count;
        bed.Server.Reset();
        Assert.AreNotEqual(AssociationState.Connected, server.State);
        Assert.AreEqual(DtlsError.Stopped, server.LastError);
        Assert.AreEqual(0, bed.Server.SessionCount);
        bed.Network.Run(1000);
        Assert.AreEqual(sent, bed.Network.Sent.Count);
        bed.VerifyPools();
        bed.Client.Engine.Reset();
        bed.Connect().VerifyEcho();
    }

    [TestMethod]
    public void A_server_that_is_reset_forgets_whose_events_came_behind_whose()
    {
        DtlsOptions options = TestBed.Options(1);
        DtlsServerEngine server = new DtlsServerEngine(options);
        ScriptedClient first = new ScriptedClient(server, TestBed.Address).Complete();
        ScriptedClient second = new ScriptedClient(server, TestBed.OtherAddress).Complete();
        Poll(server);
        first.Send(first.Peer.Protect(ContentType.ApplicationData, 1));
        second.Send(second.Peer.Protect(ContentType.ApplicationData, 2));
        server.Reset();

        // Each place gets its turn to be the one that was first then.
        for (int i = 0; i < options.MaxSessions; i++)
        {
            _ = new ScriptedClient(server, new byte[] { 192, 0, 2, 60, 1, (byte)i }).Complete();
            Assert.AreEqual(1, Poll(server));
        }
    }

    private static int Poll(DtlsServerEngine server)
    {
        int count = 0;
        for (Association? association = server.PollEvent(out int events); association != null; association = server.PollEvent(out events))
        {
            Assert.AreNotEqual(0, events);
            count++;
        }

        return count;
    }
}
