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

    [TestMethod]
    public void Datagrams_longer_than_the_receive_buffer_are_the_reason_of_a_handshake_that_ends_for_want_of_them()
    {
        DtlsOptions options = TestBed.Options(1);
        options.MaxRetransmits = 2;
        DtlsOptions serverOptions = TestBed.Options(2);
        serverOptions.MaxRetransmits = 2;
        TestBed bed = new TestBed(options, serverOptions);
        bed.Network.Filter = datagram =>
        {
            // What a socket does with the server's first flight, and with the client's answer to it.
            if (datagram.FirstMessage == HandshakeType.ServerHello)
            {
                bed.Client.Engine.NoteTruncated();
                return false;
            }

            return true;
        };
        bed.VerifyClientFails(DtlsError.DatagramTooLarge);
        Assert.IsTrue(bed.Client.Engine.Statistics.Dropped(DropReason.Truncated) >= 3);
        Assert.AreEqual(1, bed.Client.Engine.Statistics.HandshakesFailedWith(DtlsError.DatagramTooLarge));

        // It says nothing of the next one.
        bed.Network.Filter = _ => false;
        bed.VerifyClientFails(DtlsError.Timeout);
        bed.Network.Filter = null;
        bed.Client.Engine.NoteTruncated();
        bed.Network.Run(100_000);
        bed.Connect().VerifyEcho();
    }

    [TestMethod]
    public void A_server_knows_whose_datagram_was_too_long()
    {
        DtlsOptions options = TestBed.Options(2);
        options.MaxRetransmits = 2;
        NfDtls.Server.DtlsServerEngine server = new NfDtls.Server.DtlsServerEngine(options);
        ScriptedClient cut = new ScriptedClient(server, TestBed.Address).Hello();
        ScriptedClient silent = new ScriptedClient(server, TestBed.OtherAddress).Hello();
        Association of = cut.Association!;
        Association other = silent.Association!;
        server.NoteTruncated(TestBed.Address, 6);
        server.NoteTruncated(new byte[] { 1, 2, 3 }, 3);
        Assert.AreEqual(2, server.Statistics.Dropped(DropReason.Truncated));
        Assert.ThrowsExactly<System.ArgumentException>(() => server.NoteTruncated(new byte[29], 29));
        while (server.NextDeadline != long.MaxValue)
        {
            long now = server.NextDeadline;
            server.HandleTimeout(now);
            cut.Now = now;
            cut.TakeAnswers();
        }

        Assert.AreEqual(DtlsError.DatagramTooLarge, of.LastError);
        Assert.AreEqual(DtlsError.Timeout, other.LastError);
    }
}
