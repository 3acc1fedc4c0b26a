using Microsoft.VisualStudio.TestTools.UnitTesting;
using NfDtls.Tests.Engine;

namespace NfDtls.Tests.Extensions;

/// <summary>Alerts in the clear, which may be anybody's, and the session that a client keeps.</summary>
[TestClass]
public sealed class PlainAlertTests
{
    [TestMethod]
    [DataRow(false, 2, Alert.HandshakeFailure)]
    [DataRow(true, 2, Alert.HandshakeFailure)]
    [DataRow(true, 2, Alert.DecryptError)]
    [DataRow(true, 1, Alert.CloseNotify)]
    public void An_alert_in_the_clear_takes_no_session_away(bool tickets, int level, int alert)
    {
        ResumptionBed bed = new ResumptionBed(tickets).Connect();
        byte[] kept = bed.OfClient.Session.Export();
        for (int i = 0; i < 3; i++)
        {
            FailBy(bed, level, alert);
            CollectionAssert.AreEqual(kept, bed.OfClient.Session.Export());
        }

        // Offered, not offered, offered: now it is not.
        bed.Bed.Client.Engine.Reset();
        if (alert != Alert.CloseNotify)
        {
            bed.VerifyFull();
        }

        bed.VerifyResumes();
    }

    [TestMethod]
    public void A_server_that_cannot_bear_an_old_session_is_reached_without_it()
    {
        ResumptionBed bed = new ResumptionBed(true).Connect();
        bed.Close();
        int length = bed.OfClient.Session.Export().Length;
        bed.Network.Filter = datagram =>
        {
            bool isOld = datagram.ToServer && datagram.FirstMessage == HandshakeType.ClientHello && datagram.Bytes.Length > length;
            if (isOld)
            {
                bed.Network.Inject(false, TestBed.Address, TestBed.Record(ContentType.Alert, 0, 9, 2, Alert.InternalError), 1);
            }

            return !isOld;
        };
        bed.Bed.VerifyClientFails(DtlsError.AlertReceived);
        bed.Connect();
        Assert.IsFalse(bed.Client.IsResumed);
    }

    private static void FailBy(ResumptionBed bed, int level, int alert)
    {
        bed.Close();
        bed.Network.Filter = datagram =>
        {
            bed.Network.Inject(false, TestBed.Address, TestBed.Record(ContentType.Alert, 0, 9, (byte)level, (byte)alert), 1);
            return false;
        };
        bed.Bed.VerifyClientFails(alert == Alert.CloseNotify ? DtlsError.SessionClosed : DtlsError.AlertReceived);
        bed.Network.Filter = null;
    }
}
