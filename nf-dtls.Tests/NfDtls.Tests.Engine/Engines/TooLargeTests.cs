using Microsoft.VisualStudio.TestTools.UnitTesting;

namespace NfDtls.Tests.Engine;

[TestClass]
public class TooLargeTests
{
    [TestMethod]
    public void A_message_longer_than_the_options_allow_ends_the_handshake_with_that_reason_at_once()
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
        Assert.IsTrue(bed.Network.Run(() => bed.Server.Statistics.HandshakesFailed > 0, 50));
        Assert.IsTrue(bed.Network.Run(() => bed.Client.State == AssociationState.Closed, 1100));
        Assert.AreEqual(1, bed.Server.Statistics.HandshakesFailedWith(DtlsError.HandshakeMessageTooLarge));
        Assert.AreEqual(Alert.IllegalParameter, bed.Client.Association.AlertReceived);
        Assert.IsTrue(bed.Server.Statistics.Dropped(DropReason.NoBuffer) > 0);
    }

    [TestMethod]
    [DataRow(1, 0, false, "not its turn")]
    [DataRow(0, 14, false, "a message that is not expected now")]
    [DataRow(0, 2, true, "the message that is expected")]
    public void A_first_piece_tells_that_a_message_is_too_long_only_where_that_message_is_expected(int ahead, int type, bool ends, string why)
    {
        DtlsOptions options = TestBed.Options(1);
        options.MaxHandshakeMessage = 128;
        TestBed bed = new TestBed(options, TestBed.Options(2));
        bed.Network.Filter = datagram =>
        {
            if (datagram.FirstMessage == HandshakeType.ServerHello)
            {
                // Message 1 of the server's is its ServerHello: HelloVerifyRequest was message 0.
                bed.Network.Deliver(false, TestBed.Address, TestBed.Piece(type == 0 ? HandshakeType.ServerHelloDone : type, 129, 1 + ahead, 77, 0, 1));
            }

            return true;
        };
        bed.Client.Engine.Connect(bed.Network.Now);
        bed.Network.Run(1000);
        Assert.AreEqual(ends ? DtlsError.HandshakeMessageTooLarge : DtlsError.None, bed.Client.Association.LastError, why);
        Assert.AreEqual(ends ? AssociationState.Closed : AssociationState.Connected, bed.Client.State, why);
    }
}
