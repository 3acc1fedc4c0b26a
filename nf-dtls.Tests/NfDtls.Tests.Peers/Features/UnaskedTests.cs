using Microsoft.VisualStudio.TestTools.UnitTesting;
using NfDtls.Tests.Peers.Ends;
using NfDtls.Tests.Peers.Strangers;

namespace NfDtls.Tests.Peers.Features;

/// <summary>Our ends without features, and peers that have them: nothing is agreed on, and all goes on.</summary>
[TestClass]
public sealed class UnaskedTests
{
    [TestMethod]
    [DataRow("mbedTLS", "AES_128_CCM_8")]
    [DataRow("wolfSSL", "ECDHE_AES_128_GCM_SHA256")]
    public void Our_plain_client_echoes_with_a_newer_server_that_has_all(string library, string name)
    {
        TestSuite suite = TestSuite.Named(name);
        using Stranger peer = Stranger.StartServer(StrangerLibrary.Named(library), All(library, suite));
        using TestClient client = new(suite.Options(), peer.Port);
        client.Connect(suite.Suite);
        HasNothing(peer.WaitForState("connected", client));
        client.Echo(20, 1300);
        Assert.AreEqual(DtlsError.SessionClosed, client.Close(), peer.Output);
    }

    [TestMethod]
    [DataRow("mbedTLS", "AES_128_CCM_8")]
    [DataRow("wolfSSL", "ECDHE_AES_128_GCM_SHA256")]
    public void Our_plain_server_echoes_with_a_newer_client_that_asks_for_all(string library, string name)
    {
        TestSuite suite = TestSuite.Named(name);
        using TestServer server = new(suite.Options());
        using Stranger peer = Stranger.StartClient(StrangerLibrary.Named(library), server.Port, AllOfClient(library, suite));
        server.Accept(suite.Suite);
        HasNothing(peer.WaitForState("connected", server));
        server.Echo(20, 500);

        // It shows the session that it has, which nobody kept.
        server.AwaitAnother();
        peer.Command("reconnect");
        server.Accept(suite.Suite);
        HasNothing(peer.WaitForState("connected", server));
        server.Echo(20, 500);
    }

    [TestMethod]
    public void Our_plain_client_refuses_to_renegotiate_with_a_newer_server_and_goes_on()
    {
        TestSuite suite = TestSuite.Named("AES_128_CCM_8");
        using Stranger peer = Stranger.StartServer(StrangerLibrary.Mbed, All("mbedTLS", suite));
        using TestClient client = new(suite.Options(), peer.Port);
        client.Connect(suite.Suite);
        peer.WaitForState("connected", client);
        peer.Command("renegotiate");
        peer.WaitFor("renegotiation refused", client);
        client.Echo(20, 1300);
    }

    [TestMethod]
    public void Our_plain_server_refuses_to_renegotiate_with_a_newer_client_and_goes_on()
    {
        TestSuite suite = TestSuite.Named("AES_128_CCM_8");
        using TestServer server = new(suite.Options());
        StrangerOptions options = All("mbedTLS", suite);

        // It sends nothing while it waits for a ServerHello.
        options.Echo = false;
        using Stranger peer = Stranger.StartClient(StrangerLibrary.Mbed, server.Port, options);
        server.Accept(suite.Suite);
        peer.WaitForState("connected", server);
        peer.Command("renegotiate");
        peer.WaitFor("renegotiation refused", server);
        server.Send("still here"u8.ToArray());
        peer.WaitFor("received still here", server);
    }

    [TestMethod]
    [DataRow("mbedTLS", "AES_128_CCM_8")]
    [DataRow("wolfSSL", "ECDHE_AES_128_GCM_SHA256")]
    public void A_newer_client_that_moves_without_a_connection_ID_is_not_heard(string library, string name)
    {
        TestSuite suite = TestSuite.Named(name);
        using TestServer server = new(suite.Options());
        using Stranger peer = Stranger.StartClient(StrangerLibrary.Named(library), server.Port, AllOfClient(library, suite));
        server.Accept(suite.Suite);
        peer.WaitForState("connected", server);
        int port = peer.Move(server);
        peer.Command("send from there");
        Assert.IsTrue(server.Run(() => server.Capture.Longest(port) > 0), peer.Output);
        Assert.IsNull(server.TryReceive(0));
    }

    private static StrangerOptions All(string library, TestSuite suite)
    {
        return new StrangerOptions
        {
            Suite = suite.Suite.Name,
            Cid = [0xA1, 0xA2, 0xA3],
            Tickets = true,
            Cache = true,
            Renegotiation = library == "mbedTLS",
            MaxFragmentLength = 512,
            Alpn = ["coap"],
        };
    }

    private static StrangerOptions AllOfClient(string library, TestSuite suite)
    {
        StrangerOptions options = All(library, suite);

        // wolfSSL's client takes no record without the CID that it offered, even where the server's hello did not take it up.
        options.Cid = library == "wolfSSL" ? null : options.Cid;
        return options;
    }

    private static void HasNothing(StrangerState state)
    {
        Assert.AreEqual("-", state.OwnCid);
        Assert.AreEqual("-", state.PeerCid);
        Assert.AreEqual("-", state.Alpn);
        Assert.IsFalse(state.Resumed);
        Assert.IsFalse(state.HasTicket);
    }
}
