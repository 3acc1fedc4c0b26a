using Microsoft.VisualStudio.TestTools.UnitTesting;
using NfDtls.Tests.Peers.Certificates;
using NfDtls.Tests.Peers.Ends;
using NfDtls.Tests.Peers.Features;
using NfDtls.Tests.Peers.Programs;
using NfDtls.Tests.Peers.Strangers;

namespace NfDtls.Tests.Peers;

/// <summary>Against the peers that are made of libraries newer than the machine's, and these against themselves.</summary>
[TestClass]
public sealed class StrangerTests
{
    [TestMethod]
    [DataRow("mbedTLS", "AES_128_CCM_8")]
    [DataRow("mbedTLS", "AES_128_GCM_SHA256")]
    [DataRow("wolfSSL", "ECDHE_AES_128_GCM_SHA256")]
    [DataRow("wolfSSL", "ECDHE_AES_128_CBC_SHA256")]
    [DataRow("wolfSSL", "CHACHA20_POLY1305_SHA256")]
    public void Our_client_echoes_with_a_newer_server_and_closes(string library, string name)
    {
        TestSuite suite = TestSuite.Named(name);
        using Stranger peer = Stranger.StartServer(StrangerLibrary.Named(library), new StrangerOptions { Suite = suite.Suite.Name });
        using TestClient client = new(suite.Options(), peer.Port);
        client.Connect(suite.Suite);
        client.Echo(100, 1300);
        Assert.AreEqual(DtlsError.SessionClosed, client.Close(), peer.Output);
        peer.WaitFor("closed by the peer");
    }

    [TestMethod]
    [DataRow("mbedTLS", "AES_128_CCM_8")]
    [DataRow("mbedTLS", "AES_128_GCM_SHA256")]
    [DataRow("wolfSSL", "ECDHE_AES_128_GCM_SHA256")]
    [DataRow("wolfSSL", "ECDHE_AES_128_CBC_SHA256")]
    [DataRow("wolfSSL", "CHACHA20_POLY1305_SHA256")]
    public void Our_server_echoes_with_a_newer_client_and_closes(string library, string name)
    {
        TestSuite suite = TestSuite.Named(name);
        using TestServer server = new(suite.Options());
        using Stranger peer = Stranger.StartClient(StrangerLibrary.Named(library), server.Port, new StrangerOptions { Suite = suite.Suite.Name });
        server.Accept(suite.Suite);
        server.Echo(100, 1300);
        Assert.AreEqual(DtlsError.SessionClosed, server.Close(), peer.Output);
        peer.WaitForExit();
    }

    [TestMethod]
    [DataRow("mbedTLS")]
    [DataRow("wolfSSL")]
    public void Our_client_echoes_with_a_newer_server_that_has_a_certificate(string library)
    {
        Row row = Row.Named("ecdsa P-256, CCM_8");
        using WorkFolder folder = new();
        using Stranger peer = Stranger.StartServer(StrangerLibrary.Named(library), StrangerOptions.ServerOf(row, folder));
        using TestClient client = new(OurEnd.Client(row), peer.Port);
        client.Connect(row.Suite);
        OurEnd.Echo(client);
        Assert.AreEqual(DtlsError.SessionClosed, client.Close(), peer.Output);
    }

    [TestMethod]
    [DataRow("mbedTLS")]
    [DataRow("wolfSSL")]
    public void Our_server_echoes_with_a_newer_client_that_has_a_certificate(string library)
    {
        Row row = Row.Named("ecdsa P-256, CCM_8");
        using WorkFolder folder = new();
        using TestServer server = new(OurEnd.Server(row));
        using Stranger peer = Stranger.StartClient(StrangerLibrary.Named(library), server.Port, StrangerOptions.ClientOf(row, folder));
        server.AcceptAnyone(row.Suite);
        OurEnd.Echo(server);
        Assert.AreEqual(DtlsError.SessionClosed, server.Close(), peer.Output);
    }

    [TestMethod]
    [DataRow("mbedTLS", "mbedTLS", "TLS_PSK_WITH_AES_128_CCM_8")]
    [DataRow("mbedTLS", "wolfSSL", "TLS_ECDHE_PSK_WITH_AES_128_CBC_SHA256")]
    [DataRow("wolfSSL", "mbedTLS", "TLS_ECDHE_PSK_WITH_AES_128_CBC_SHA256")]
    public void Newer_peers_move_by_connection_IDs_and_resume(string client, string server, string suite)
    {
        using Stranger from = Stranger.StartServer(StrangerLibrary.Named(server), new StrangerOptions { Suite = suite, Cid = [0xA1, 0xA2, 0xA3], Tickets = true });
        using Stranger to = Stranger.StartClient(
            StrangerLibrary.Named(client), from.Port, new StrangerOptions { Suite = suite, Cid = [0xB1], Tickets = true, Echo = false });
        StrangerState state = to.WaitForState("connected");
        Assert.IsFalse(state.Resumed, to.Output);
        Assert.IsTrue(state.HasTicket, to.Output);
        Assert.AreEqual("b1", state.OwnCid);
        Assert.AreEqual("a1a2a3", state.PeerCid);
        Assert.AreEqual("b1", from.WaitForState("connected").PeerCid);
        int port = to.Move();
        to.Command("send from there");
        Assert.AreEqual("peer moved to port " + port, from.WaitFor("peer moved"));
        to.WaitFor("received from there");
        to.Command("wake");
        Assert.IsTrue(to.WaitForState("connected").Resumed, to.Output);
        from.WaitFor("abandoned by the peer");
        Assert.IsTrue(from.WaitForState("connected").Resumed, from.Output);
        to.Command("send again");
        to.WaitFor("received again");
    }

    [TestMethod]
    public void A_BouncyCastle_client_moves_by_connection_IDs_and_resumes_with_a_newer_server()
    {
        StrangerOptions options = new() { Suite = PskPrograms.Suite.Suite.Name, Cid = [0xA1, 0xA2], Cache = true, Echo = false };
        using Stranger server = Stranger.StartServer(StrangerLibrary.Mbed, options);
        BouncyPsk asked = new() { Cid = [0xB1] };
        using (BouncyPeer client = asked.StartClient(server.Port))
        {
            StrangerState state = server.WaitForState("connected");
            Assert.AreEqual("b1", state.PeerCid);
            client.Send("here"u8.ToArray());
            server.WaitFor("received here");
            client.ChangePort();
            client.Send("there"u8.ToArray());
            server.WaitFor("received there");
            Assert.AreEqual("peer moved to port " + client.Port, server.WaitFor("peer moved"));
            server.Command("send back");
            server.WaitFor("received back");
            CollectionAssert.AreEqual(new byte[] { 0xA1, 0xA2 }, asked.PeerCid);
            CollectionAssert.AreEqual(new byte[] { 0xB1 }, asked.OwnCid);
            client.Stop();
            server.WaitFor("closed by the peer");
        }

        using BouncyPeer again = asked.StartClient(server.Port);
        Assert.IsTrue(server.WaitForState("connected").Resumed, again.Output);
    }

    [TestMethod]
    public void A_newer_client_moves_by_connection_IDs_with_a_BouncyCastle_server()
    {
        BouncyPsk asked = new() { Cid = [0xA1, 0xA2] };
        using BouncyPeer server = asked.StartServer();
        StrangerOptions options = new() { Suite = PskPrograms.Suite.Suite.Name, Cid = [0xB1], Echo = false };
        using Stranger client = Stranger.StartClient(StrangerLibrary.Mbed, server.Port, options);
        Assert.AreEqual("a1a2", client.WaitForState("connected").PeerCid);
        client.Move();
        client.Command("send there");
        client.WaitFor("received there");
    }
}
