using System.Linq;
using Microsoft.VisualStudio.TestTools.UnitTesting;

namespace NfDtls.Tests.Engine;

[TestClass]
public class AlertTests
{
    [TestMethod]
    public void Plaintext_alerts_after_the_handshake_count_for_nothing()
    {
        TestBed bed = new TestBed().Connect();
        for (int description = 0; description < 256; description++)
        {
            foreach (byte level in new byte[] { 1, 2 })
            {
                bed.Network.Deliver(true, TestBed.Address, TestBed.Record(ContentType.Alert, 0, 50, level, (byte)description));
                bed.Network.Deliver(false, TestBed.Address, TestBed.Record(ContentType.Alert, 0, 50, level, (byte)description));
            }
        }

        bed.VerifyEcho();
        Assert.IsTrue(bed.IsConnected());
        Assert.AreEqual(512, bed.Server.Statistics.DroppedInAll);
    }

    [TestMethod]
    public void A_forged_plaintext_alert_during_a_handshake_that_goes_on_does_not_stop_it()
    {
        for (int stage = 0; stage < 6; stage++)
        {
            TestBed bed = new TestBed();
            bed.Network.Filter = datagram =>
            {
                if (datagram.Number == stage)
                {
                    bed.Network.Inject(!datagram.ToServer, TestBed.Address, TestBed.Record(ContentType.Alert, 0, 9, 2, Alert.HandshakeFailure), 1);
                    bed.Network.Inject(datagram.ToServer, TestBed.Address, TestBed.Record(ContentType.Alert, 0, 9, 2, Alert.HandshakeFailure), 1);
                }

                return true;
            };
            bed.Connect().VerifyEcho();
        }
    }

    [TestMethod]
    public void A_plaintext_alert_fails_a_handshake_when_nothing_better_comes()
    {
        TestBed bed = new TestBed();
        bed.Network.Filter = datagram => datagram.Number < 3;
        bed.Client.Engine.Connect(bed.Network.Now);
        bed.Network.Run(100);
        bed.Network.Inject(false, TestBed.Address, TestBed.Record(ContentType.Alert, 0, 9, 2, Alert.HandshakeFailure), 1);
        bed.Network.Inject(false, TestBed.Address, TestBed.Record(ContentType.Alert, 0, 10, 2, Alert.DecodeError), 2);
        bed.Network.Run(100);
        Assert.AreEqual(AssociationState.Connecting, bed.Client.State);
        bed.Network.Run(2000);
        Assert.AreEqual(AssociationState.Closed, bed.Client.State);
        Assert.AreEqual(DtlsError.AlertReceived, bed.Client.Association.LastError);
        Assert.AreEqual(Alert.HandshakeFailure, bed.Client.Association.AlertReceived, "The first one counts.");
    }

    [TestMethod]
    [DataRow(1)]
    [DataRow(3)]
    public void A_client_forgets_an_alert_in_the_clear_once_the_handshake_goes_on(int next)
    {
        // The alert comes, then a right message, then nothing more: it is the silence that ends the handshake, after all retries.
        TestBed bed = new TestBed();
        bed.Network.Filter = datagram =>
        {
            if (datagram.Number == next)
            {
                bed.Network.Inject(false, TestBed.Address, TestBed.Record(ContentType.Alert, 0, 9, 2, Alert.HandshakeFailure), 1);
            }

            return datagram.Number <= next;
        };
        bed.Client.Engine.Connect(bed.Network.Now);
        bed.Network.Run(20_000);
        Assert.AreEqual(AssociationState.Connecting, bed.Client.State);
        Assert.IsTrue(bed.Network.Run(() => bed.Client.State == AssociationState.Closed, 3_600_000));
        Assert.AreEqual(DtlsError.Timeout, bed.Client.Association.LastError);
        Assert.AreEqual(Alert.None, bed.Client.Association.AlertReceived);
    }

    [TestMethod]
    public void A_server_forgets_an_alert_in_the_clear_once_the_handshake_goes_on()
    {
        NfDtls.Server.DtlsServerEngine server = new(TestBed.Options(2));
        ScriptedClient client = new ScriptedClient(server, TestBed.Address).Hello();
        client.Send(TestBed.Record(ContentType.Alert, 0, 9, 2, Alert.HandshakeFailure));
        client.Send(client.Peer.Message(HandshakeType.ClientKeyExchange, client.Peer.ClientKeyExchangeBody()));
        long begin = client.Now;
        while (server.At(0).State == AssociationState.Connecting)
        {
            client.Now = server.NextDeadline;
            server.HandleTimeout(client.Now);
            client.TakeAnswers();
        }

        Assert.AreEqual(DtlsError.Timeout, server.At(0).LastError);
        Assert.AreEqual(30_000, client.Now - begin);
    }

    [TestMethod]
    public void An_alert_in_the_clear_is_not_believed_at_once_when_the_server_has_answered_a_hello_again()
    {
        // The hello is lost and an alert made up; the hello goes out again, and is answered; then another alert is made up.
        TestBed bed = new TestBed();
        bed.Network.Filter = datagram =>
        {
            if (datagram.Number is 0 or 3)
            {
                bed.Network.Inject(false, TestBed.Address, TestBed.Record(ContentType.Alert, 0, 9, 2, Alert.HandshakeFailure), 1);
            }

            return datagram.Number > 0;
        };
        bed.Connect().VerifyEcho();
        Assert.AreEqual(HandshakeType.HelloVerifyRequest, bed.Network.Sent[2].FirstMessage);
    }

    [TestMethod]
    public void A_made_up_alert_ends_nothing_while_the_server_still_answers_hellos()
    {
        // The hello is lost, or the answer to it; then everything comes.
        foreach (int lost in new[] { 0, 1 })
        {
            TestBed bed = new TestBed();
            bed.Network.Filter = datagram =>
            {
                if (datagram.Number == lost)
                {
                    bed.Network.Inject(false, TestBed.Address, TestBed.Record(ContentType.Alert, 0, 9, 2, Alert.HandshakeFailure), 1);
                    return false;
                }

                return true;
            };
            bed.Connect().VerifyEcho();
        }
    }

    [TestMethod]
    public void A_server_that_refuses_is_not_asked_twice_once_it_has_given_a_cookie()
    {
        DtlsOptions server = TestBed.Options(2);
        server.Suites = new CipherSuiteTable().Add(PskSuites.Aes128CbcSha256());
        TestBed bed = new TestBed(TestBed.Options(1), server);
        bed.VerifyClientFails(DtlsError.AlertReceived);
        Assert.AreEqual(Alert.HandshakeFailure, bed.Client.Association.AlertReceived);
        Assert.AreEqual(1, bed.Server.Statistics.HandshakesFailed);
    }

    [TestMethod]
    public void A_server_that_refuses_a_hello_again_is_believed_at_once()
    {
        TestBed bed = new TestBed();
        bed.Network.Filter = datagram =>
        {
            if (datagram.FirstMessage == HandshakeType.ClientHello)
            {
                bed.Network.Inject(false, TestBed.Address, TestBed.Record(ContentType.Alert, 0, 9, 2, Alert.HandshakeFailure), 20);
            }

            return false;
        };
        long begin = bed.Network.Now;
        bed.VerifyClientFails(DtlsError.AlertReceived);
        Assert.AreEqual(1020, bed.Network.Now - begin);
        Assert.AreEqual(2, bed.Network.Sent.Count);
    }

    [TestMethod]
    public void A_fatal_alert_behind_a_close_notify_is_the_reason()
    {
        foreach (bool isClient in new[] { true, false })
        {
            TestBed bed = new TestBed();
            bed.Network.AutoRelease = false;
            bed.Network.Filter = datagram => datagram.Number < (isClient ? 0 : 4);
            bed.Client.Engine.Connect(bed.Network.Now);
            bed.Network.Run(100);
            bed.Network.Inject(!isClient, TestBed.Address, TestBed.Record(ContentType.Alert, 0, 9, 1, Alert.CloseNotify), 1);
            bed.Network.Inject(!isClient, TestBed.Address, TestBed.Record(ContentType.Alert, 0, 10, 2, Alert.HandshakeFailure), 2);
            bed.Network.Inject(!isClient, TestBed.Address, TestBed.Record(ContentType.Alert, 0, 11, 1, Alert.CloseNotify), 3);
            Association judge = isClient ? bed.Client.Association : bed.ServerAssociation!;
            bed.Network.Run(() => judge.State == AssociationState.Closed, 5000);
            Assert.AreEqual(DtlsError.AlertReceived, judge.LastError);
            Assert.AreEqual(Alert.HandshakeFailure, judge.AlertReceived);
        }
    }

    [TestMethod]
    public void An_alert_in_the_clear_that_is_none_is_counted_and_not_remembered()
    {
        foreach ((byte[] alert, bool isOne) in new[] { (new byte[] { 2, 40 }, true), (new byte[] { 2 }, false), (new byte[] { 2, 40, 0 }, false), (new byte[0], false), (new byte[] { 2, 40, 2, 40 }, false) })
        {
            TestBed bed = new TestBed();
            bed.Network.Filter = datagram => datagram.ToServer;
            bed.Client.Engine.Connect(bed.Network.Now);
            bed.Network.Deliver(false, TestBed.Address, TestBed.Record(ContentType.Alert, 0, 1, alert));
            Assert.AreEqual(1, bed.Client.Engine.Statistics.Dropped(DropReason.Alert));
            Assert.AreEqual(isOne ? DtlsError.AlertReceived : DtlsError.Timeout, bed.Client.Association.Handshake.Patience.LikelyError);
        }
    }

    [TestMethod]
    public void A_plaintext_close_notify_ends_a_handshake_likewise()
    {
        TestBed bed = new TestBed();
        bed.Network.Filter = _ => false;
        bed.Client.Engine.Connect(bed.Network.Now);
        bed.Network.Inject(false, TestBed.Address, TestBed.Record(ContentType.Alert, 0, 9, 1, Alert.CloseNotify), 1);
        bed.Network.Run(5000);
        Assert.AreEqual(DtlsError.SessionClosed, bed.Client.Association.LastError);
    }

    [TestMethod]
    public void A_plaintext_warning_does_not_end_a_handshake()
    {
        TestBed bed = new TestBed();
        bed.Network.Filter = _ => false;
        bed.Client.Engine.Connect(bed.Network.Now);
        bed.Network.Inject(false, TestBed.Address, TestBed.Record(ContentType.Alert, 0, 9, 1, Alert.UserCanceled), 1);
        bed.Network.Run(2500);
        Assert.AreEqual(AssociationState.Connecting, bed.Client.State);
    }

    [TestMethod]
    public void A_protected_fatal_alert_ends_the_session_without_an_answer()
    {
        TestBed bed = new TestBed().Connect();
        int sent = bed.Network.Sent.Count;
        bed.Network.Inject(false, TestBed.Address, TestBed.Seal(bed.ServerAssociation!, ContentType.Alert, 2, Alert.InternalError), 1);
        bed.Network.Run(1000);
        Assert.AreEqual(AssociationState.Closed, bed.Client.State);
        Assert.AreEqual(DtlsError.AlertReceived, bed.Client.Association.LastError);
        Assert.AreEqual(Alert.InternalError, bed.Client.Association.AlertReceived);
        Assert.AreEqual(sent, bed.Network.Sent.Count);
        Assert.ThrowsExactly<DtlsException>(() => bed.Client.Association.Send(new byte[1], 0, 1, bed.Network.Now));
    }

    [TestMethod]
    public void Nothing_is_accepted_after_a_fatal_alert_or_a_close()
    {
        foreach (byte[] alert in new[] { new byte[] { 2, Alert.InternalError }, new byte[] { 1, Alert.CloseNotify } })
        {
            foreach (bool toServer in new[] { true, false })
            {
                TestBed bed = new TestBed().Connect();
                bed.Network.AutoRelease = false;
                bed.Network.Echo = false;
                Association end = toServer ? bed.ServerAssociation! : bed.Client.Association;
                Association peer = toServer ? bed.Client.Association : bed.ServerAssociation!;
                byte[] last = TestBed.Seal(peer, ContentType.Alert, alert);
                byte[] data = TestBed.Seal(peer, ContentType.ApplicationData, 1, 2, 3);
                bed.Network.Deliver(toServer, TestBed.Address, last.Concat(data).ToArray());
                bed.Network.Deliver(toServer, TestBed.Address, data);
                Assert.AreEqual(AssociationState.Closed, end.State);
                Assert.AreEqual(0, end.Pending);
                Assert.ThrowsExactly<DtlsException>(() => end.Send(new byte[1], 0, 1, bed.Network.Now));
            }
        }
    }

    [TestMethod]
    public void Protected_warnings_are_counted_and_no_renegotiation_is_ignored()
    {
        TestBed bed = new TestBed().Connect();
        bed.Network.Deliver(true, TestBed.Address, TestBed.Seal(bed.Client.Association, ContentType.Alert, 1, Alert.UserCanceled));
        bed.Network.Deliver(true, TestBed.Address, TestBed.Seal(bed.Client.Association, ContentType.Alert, 1, Alert.NoRenegotiation));
        Assert.AreEqual(1, bed.Server.Statistics.WarningAlerts);
        bed.VerifyEcho();
    }

    [TestMethod]
    public void A_malformed_protected_alert_ends_the_session_with_decode_error()
    {
        TestBed bed = new TestBed().Connect();
        bed.Network.Inject(true, TestBed.Address, TestBed.Seal(bed.Client.Association, ContentType.Alert, 1), 1);
        bed.Network.Run(100);
        Assert.AreEqual(Alert.DecodeError, bed.Client.Association.AlertReceived);
        Assert.AreEqual(0, bed.Server.SessionCount);
    }

    [TestMethod]
    public void Renegotiation_is_refused_by_both_and_the_session_lives()
    {
        TestBed bed = new TestBed().Connect();
        bed.Network.Inject(true, TestBed.Address, TestBed.Seal(bed.Client.Association, ContentType.Handshake, TestBed.Fragment(HandshakeType.ClientHello, 0, TestBed.Bytes(50))), 1);
        bed.Network.Run(100);
        Assert.AreEqual(1, bed.Server.Statistics.RenegotiationsRefused);
        Assert.AreEqual(Alert.NoRenegotiation, bed.ServerAssociation!.AlertSent);
        bed.Network.Inject(false, TestBed.Address, TestBed.Seal(bed.ServerAssociation, ContentType.Handshake, TestBed.Fragment(HandshakeType.HelloRequest, 0)), 1);
        bed.Network.Run(100);
        Assert.AreEqual(1, bed.Client.Engine.Statistics.RenegotiationsRefused);
        bed.VerifyEcho();
    }

    [TestMethod]
    public void Any_other_handshake_message_after_the_handshake_ends_the_session()
    {
        foreach (int type in new[] { 2, 3, 4, 11, 12, 13, 14, 15, 16, 77 })
        {
            TestBed bed = new TestBed().Connect();
            bed.Network.Inject(true, TestBed.Address, TestBed.Seal(bed.Client.Association, ContentType.Handshake, TestBed.Fragment(type, 5, 1, 2, 3)), 1);
            bed.Network.Run(100);
            Assert.AreEqual(AssociationState.Closed, bed.Client.State, type.ToString());
            Assert.AreEqual(Alert.UnexpectedMessage, bed.Client.Association.AlertReceived, type.ToString());
        }
    }

    [TestMethod]
    public void Unknown_content_types_are_dropped_even_when_protected()
    {
        TestBed bed = new TestBed().Connect();
        foreach (int type in new[] { 24, 26, 27, 31 })
        {
            bed.Network.Deliver(true, TestBed.Address, TestBed.Seal(bed.Client.Association, type, 1, 2));
        }

        Assert.AreEqual(4, bed.Server.Statistics.Dropped(DropReason.ContentType));
        bed.VerifyEcho();
    }

    [TestMethod]
    public void A_second_change_cipher_spec_is_ignored_in_any_epoch()
    {
        TestBed bed = new TestBed().Connect();
        for (int i = 0; i < 3; i++)
        {
            bed.Network.Deliver(true, TestBed.Address, TestBed.Seal(bed.Client.Association, ContentType.ChangeCipherSpec, 1));
            bed.Network.Deliver(true, TestBed.Address, TestBed.Record(ContentType.ChangeCipherSpec, 0, 30 + i, 1));
            bed.Network.Deliver(false, TestBed.Address, TestBed.Seal(bed.ServerAssociation!, ContentType.ChangeCipherSpec, 1));
        }

        Assert.AreEqual(1, bed.ServerAssociation!.ReadEpoch.Number);
        bed.VerifyEcho();
    }
}
