using Microsoft.VisualStudio.TestTools.UnitTesting;

namespace NfDtls.Tests.Engine;

[TestClass]
public class TooLargeTests
{
    [TestMethod]
    public void A_message_longer_than_the_options_allow_ends_the_handshake_with_that_reason_when_its_time_is_over()
    {
        byte[] identity = TestBed.Text(new string('i', 128));
        DtlsOptions client = TestBed.Options(1);
        client.Psk = TestBed.Store(TestBed.Key, identity);
        DtlsOptions server = TestBed.Options(2);
        server.Psk = TestBed.Store(TestBed.Key, identity);
        server.MaxHandshakeMessage = 128;
        server.MaxRetransmits = 2;
        TestBed bed = new TestBed(client, server);
        bed.Client.Engine.Connect(bed.Network.Now);
        Assert.IsTrue(bed.Network.Run(() => bed.Client.State == AssociationState.Closed, 600_000));
        Assert.AreEqual(1, bed.Server.Statistics.HandshakesFailedWith(DtlsError.HandshakeMessageTooLarge));
        Assert.AreEqual(Alert.IllegalParameter, bed.Client.Association.AlertReceived);
        Assert.IsTrue(bed.Server.Statistics.Dropped(DropReason.NoBuffer) > 0);
    }
}
