using Microsoft.VisualStudio.TestTools.UnitTesting;
using NfDtls.Extensions;
using NfDtls.Tests.Peers.Ends;
using NfDtls.Tests.Peers.Programs;
using NfDtls.Tests.Peers.Strangers;

namespace NfDtls.Tests.Peers.Features;

/// <summary>ALPN with other stacks.</summary>
[TestClass]
public sealed class ProtocolTests
{
    [TestMethod]
    public void S_server_and_our_client_agree_on_a_protocol()
    {
        int port = FreePorts.Udp();
        using PeerProgram peer = PskPrograms.OpenSslServer(port, "-alpn", "x,coap");
        using TestClient client = new(Options("h2", "coap"), port);
        client.Connect(PskPrograms.Suite.Suite);
        Assert.AreEqual("coap", client.Association.ApplicationProtocol);
        peer.WaitForOutput("ALPN protocols selected: coap");
    }

    [TestMethod]
    public void S_client_and_our_server_agree_on_a_protocol()
    {
        using TestServer server = new(Options("h2", "coap"));
        using PeerProgram peer = PskPrograms.OpenSslClient(server.Port, "-alpn", "coap,x,h2");
        server.Accept(PskPrograms.Suite.Suite);
        Assert.AreEqual("h2", server.Association.ApplicationProtocol);
        peer.WaitForOutput("ALPN protocol: h2");
    }

    [TestMethod]
    public void Our_server_tells_s_client_that_they_have_no_protocol_in_common()
    {
        using TestServer server = new(Options("coap"));
        using PeerProgram peer = PskPrograms.OpenSslClient(server.Port, "-alpn", "h2");
        Assert.AreEqual(DtlsError.NoApplicationProtocol, server.AcceptInVain().LastError);
        StringAssert.Contains(peer.WaitForExit(), "alert number 120");
    }

    [TestMethod]
    public void Gnutls_serv_and_our_client_agree_on_a_protocol()
    {
        int port = FreePorts.Udp();
        using WorkFolder folder = new();
        using PeerProgram peer = PskPrograms.GnuTlsServer(folder, port, "--alpn", "coap");
        using TestClient client = new(Options("h2", "coap"), port);
        client.Connect(PskPrograms.Suite.Suite);
        Assert.AreEqual("coap", client.Association.ApplicationProtocol);
    }

    [TestMethod]
    public void Gnutls_cli_and_our_server_agree_on_a_protocol()
    {
        using TestServer server = new(Options("h2", "coap"));
        using PeerProgram peer = PskPrograms.GnuTlsClient(server.Port, "--alpn", "x", "--alpn", "coap");
        server.Accept(PskPrograms.Suite.Suite);
        Assert.AreEqual("coap", server.Association.ApplicationProtocol);
        peer.WaitForOutput("- Application protocol: coap");
    }

    [TestMethod]
    public void A_BouncyCastle_server_and_our_client_agree_on_a_protocol()
    {
        BouncyPsk asked = new() { Protocols = { "coap" } };
        using BouncyPeer peer = asked.StartServer();
        using TestClient client = new(Options("h2", "coap"), peer.Port);
        client.Connect(PskPrograms.Suite.Suite);
        Assert.AreEqual("coap", client.Association.ApplicationProtocol, peer.Output);
        client.Run(() => asked.Protocol != null);
        Assert.AreEqual("coap", asked.Protocol);
    }

    [TestMethod]
    public void A_BouncyCastle_client_and_our_server_agree_on_a_protocol()
    {
        BouncyPsk asked = new() { Protocols = { "x", "coap" } };
        using TestServer server = new(Options("h2", "coap"));
        using BouncyPeer peer = asked.StartClient(server.Port);
        server.Accept(PskPrograms.Suite.Suite);
        Assert.AreEqual("coap", server.Association.ApplicationProtocol, peer.Output);
        server.Run(() => asked.Protocol != null);
        Assert.AreEqual("coap", asked.Protocol);
    }

    [TestMethod]
    [DataRow("mbedTLS")]
    [DataRow("wolfSSL")]
    public void A_newer_server_and_our_client_agree_on_a_protocol(string library)
    {
        using Stranger peer = Stranger.StartServer(StrangerLibrary.Named(library), new StrangerOptions { Suite = PskPrograms.Suite.Suite.Name, Alpn = ["coap"] });
        using TestClient client = new(Options("h2", "coap"), peer.Port);
        client.Connect(PskPrograms.Suite.Suite);
        Assert.AreEqual("coap", client.Association.ApplicationProtocol, peer.Output);
        Assert.AreEqual("coap", peer.WaitForState("connected", client).Alpn);
    }

    [TestMethod]
    [DataRow("mbedTLS")]
    [DataRow("wolfSSL")]
    public void A_newer_client_and_our_server_agree_on_a_protocol(string library)
    {
        using TestServer server = new(Options("h2", "coap"));
        using Stranger peer = Stranger.StartClient(
            StrangerLibrary.Named(library), server.Port, new StrangerOptions { Suite = PskPrograms.Suite.Suite.Name, Alpn = ["x", "coap"] });
        server.Accept(PskPrograms.Suite.Suite);
        Assert.AreEqual("coap", server.Association.ApplicationProtocol, peer.Output);
        Assert.AreEqual("coap", peer.WaitForState("connected", server).Alpn);
    }

    private static DtlsOptions Options(params string[] names)
    {
        DtlsOptions options = PskPrograms.Suite.Options();
        options.Features = [new ApplicationProtocols(names)];
        return options;
    }
}
