using Microsoft.VisualStudio.TestTools.UnitTesting;
using NfDtls.Tests.Engine;

namespace NfDtls.Tests.Dtls13;

/// <summary>Alerts in the clear, which may be anybody's, in DTLS 1.3.</summary>
[TestClass]
public sealed class PlainAlertTests13
{
    [TestMethod]
    public void An_alert_in_the_clear_takes_no_session_away()
    {
        ResumptionBed13 bed = new ResumptionBed13().Connect();
        byte[] kept = bed.OfClient.Session.Export();
        for (int i = 0; i < 3; i++)
        {
            bed.Close();
            bed.Network.Filter = _ =>
            {
                bed.Network.Inject(false, TestBed.Address, PlainAlert(2, Alert.HandshakeFailure), 1);
                return false;
            };
            bed.Bed.VerifyClientFails(DtlsError.AlertReceived);
            CollectionAssert.AreEqual(kept, bed.OfClient.Session.Export());
        }

        // Offered, not offered, offered: now it is not, and the ticket of that connection follows.
        bed.Network.Filter = null;
        bed.Bed.Client.Engine.Reset();
        bed.VerifyFull();
        bed.VerifyResumes();
    }

    [TestMethod]
    public void A_session_that_was_not_offered_for_an_alert_outlives_a_connection_whose_ticket_never_comes()
    {
        ResumptionBed13 bed = new ResumptionBed13().Connect();
        byte[] kept = bed.OfClient.Session.Export();
        bed.Close();
        bed.Network.Filter = _ =>
        {
            bed.Network.Inject(false, TestBed.Address, PlainAlert(2, Alert.HandshakeFailure), 1);
            return false;
        };
        bed.Bed.VerifyClientFails(DtlsError.AlertReceived);
        bed.Network.Filter = datagram => datagram.Bytes.Length != 144;
        bed.Bed.Client.Engine.Reset();
        bed.Connect();
        Assert.IsFalse(bed.Client.IsResumed);
        CollectionAssert.AreEqual(kept, bed.OfClient.Session.Export());
        bed.Network.Filter = null;
        bed.VerifyResumes();
    }

    [TestMethod]
    public void After_the_handshake_alerts_in_the_clear_count_for_nothing()
    {
        TestBed bed = Bed13.PskAlone();
        Assert.IsTrue(Bed13.Connect(bed));
        for (int description = 0; description < 256; description++)
        {
            foreach (byte level in new byte[] { 1, 2 })
            {
                bed.Network.Deliver(true, TestBed.Address, PlainAlert(level, description));
                bed.Network.Deliver(false, TestBed.Address, PlainAlert(level, description));
            }
        }

        bed.VerifyEcho();
        Assert.AreEqual(512, bed.Server.Statistics.DroppedInAll);
        Assert.AreEqual(512, bed.Client.Engine.Statistics.DroppedInAll);
    }

    [TestMethod]
    [DataRow(1, 0)]
    [DataRow(2, 40)]
    public void A_client_that_has_read_the_protected_flight_believes_no_alert_in_the_clear(int level, int description)
    {
        TestBed bed = Bed13.PskAlone();
        int lost = 0;
        bed.Network.Filter = datagram =>
        {
            // The ACK of the Finished is lost, and nothing but an alert comes for a time.
            bool isAck = !datagram.ToServer && datagram.Bytes.Length == 29;
            if (isAck && lost++ < 3)
            {
                bed.Network.Inject(false, TestBed.Address, PlainAlert((byte)level, description), 1);
                return false;
            }

            return true;
        };
        Assert.IsTrue(Bed13.Connect(bed));
        Assert.AreEqual(4, lost);
        bed.VerifyEcho();
    }

    [TestMethod]
    public void A_forged_alert_in_the_clear_during_a_handshake_that_goes_on_does_not_stop_it()
    {
        for (int stage = 0; stage < 8; stage++)
        {
            TestBed bed = Bed13.PskAlone();
            bed.Network.Filter = datagram =>
            {
                if (datagram.Number == stage)
                {
                    bed.Network.Inject(!datagram.ToServer, TestBed.Address, PlainAlert(2, Alert.HandshakeFailure), 1);
                    bed.Network.Inject(datagram.ToServer, TestBed.Address, PlainAlert(2, Alert.HandshakeFailure), 1);
                }

                return true;
            };
            Assert.IsTrue(Bed13.Connect(bed), "stage " + stage);
            bed.VerifyEcho();
        }
    }

    [TestMethod]
    public void A_made_up_alert_ends_nothing_while_the_server_still_answers_hellos()
    {
        foreach (int lost in new[] { 0, 1 })
        {
            TestBed bed = Bed13.PskAlone();
            bed.Network.Filter = datagram =>
            {
                if (datagram.Number == lost)
                {
                    bed.Network.Inject(false, TestBed.Address, PlainAlert(2, Alert.HandshakeFailure), 1);
                }

                return datagram.Number != lost;
            };
            Assert.IsTrue(Bed13.Connect(bed), "lost " + lost);
            bed.VerifyEcho();
        }
    }

    private static byte[] PlainAlert(byte level, int description)
    {
        return TestBed.Record(ContentType.Alert, 0, 50, level, (byte)description);
    }
}
