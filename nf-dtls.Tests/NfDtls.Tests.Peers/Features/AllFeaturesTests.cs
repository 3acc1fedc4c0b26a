using Microsoft.VisualStudio.TestTools.UnitTesting;
using NfDtls.Extensions;
using NfDtls.Tests.Peers.Certificates;
using NfDtls.Tests.Peers.Ends;
using NfDtls.Tests.Peers.Programs;
using NfDtls.Tests.Peers.Strangers;

namespace NfDtls.Tests.Peers.Features;

/// <summary>Our ends with every feature that there is, and peers that know some of them, or none: what both know is used, and all goes on.</summary>
[TestClass]
public sealed class AllFeaturesTests
{
    private const int Limit = 600;

    private static readonly TestSuite Suite = PskPrograms.Suite;

    [TestMethod]
    public void Our_client_asks_s_server_for_everything()
    {
        int port = FreePorts.Udp();
        using PeerProgram peer = PskPrograms.OpenSslServer(port);
        using TestClient client = new(With(Suite.Options()), port);
        client.Connect(Suite.Suite);
        Assert.AreEqual(512, client.Association.MaxPayload);
        client.Send("hello"u8.ToArray());
        client.RunUntil(peer, "hello");
        Assert.AreEqual(DtlsError.SessionClosed, client.Close(), peer.Output);
    }

    [TestMethod]
    public void Our_client_asks_gnutls_serv_for_everything()
    {
        int port = FreePorts.Udp();
        using WorkFolder folder = new();
        using PeerProgram peer = PskPrograms.GnuTlsServer(folder, port);
        using TestClient client = new(With(Suite.Options()), port);
        client.Connect(Suite.Suite);
        client.Echo(10, 500);
    }

    [TestMethod]
    public void Our_client_asks_a_BouncyCastle_server_for_everything()
    {
        using BouncyPeer peer = new BouncyPsk().StartServer();
        using TestClient client = new(With(Suite.Options()), peer.Port);
        client.Connect(Suite.Suite);
        client.Echo(10, 500);
        Assert.AreEqual(DtlsError.SessionClosed, client.Close(), peer.Output);
    }

    [TestMethod]
    [DataRow("mbedTLS")]
    [DataRow("wolfSSL")]
    public void Our_client_asks_a_newer_server_for_everything(string library)
    {
        using Stranger peer = Stranger.StartServer(StrangerLibrary.Named(library), new StrangerOptions { Suite = Suite.Suite.Name });
        using TestClient client = new(With(Suite.Options()), peer.Port);
        client.Connect(Suite.Suite);
        Assert.AreEqual("-", peer.WaitForState("connected", client).PeerCid);
        Assert.AreEqual(512, client.Association.MaxPayload);
        client.Echo(10, 500);
        Assert.AreEqual(DtlsError.SessionClosed, client.Close(), peer.Output);
    }

    [TestMethod]
    [DataRow("mbedTLS")]
    [DataRow("wolfSSL")]
    public void Our_client_with_certificates_asks_a_newer_server_for_everything_and_gets_it(string library)
    {
        Row row = Row.Named("ecdsa P-256, CCM_8");
        using WorkFolder folder = new();
        StrangerOptions peers = StrangerOptions.ServerOf(row, folder);
        peers.Cid = [0xA1];
        peers.Tickets = true;
        peers.Renegotiation = library == "mbedTLS";
        peers.Alpn = ["coap"];
        using Stranger peer = Stranger.StartServer(StrangerLibrary.Named(library), peers);
        using TestClient client = new(With(OurEnd.Client(row)), peer.Port);
        client.Connect(row.Suite);
        StrangerState state = peer.WaitForState("connected", client);
        Assert.AreEqual("a1", state.OwnCid);
        Assert.HasCount(16, state.PeerCid);
        Assert.AreEqual("coap", state.Alpn);

        // The type is a part of the content, too.
        Assert.AreEqual(511, client.Association.MaxPayload);
        client.ChangePort();
        client.Echo(10, 500);
        Assert.AreEqual(DtlsError.SessionClosed, client.Close(), peer.Output);
    }

    [TestMethod]
    public void S_client_asks_our_server_for_nothing()
    {
        using TestServer server = new(With(Suite.Options()));
        using PeerProgram peer = PskPrograms.OpenSslClient(server.Port, "-no_ticket");
        server.Accept(Suite.Suite);
        peer.Write("hello\n");
        CollectionAssert.AreEqual("hello\n"u8.ToArray(), server.Receive());
        Assert.AreEqual(DtlsError.SessionClosed, server.Close(), peer.Output);
    }

    [TestMethod]
    public void Gnutls_cli_asks_our_server_for_nothing()
    {
        using TestServer server = new(With(Suite.Options()));
        using PeerProgram peer = PskPrograms.GnuTlsClient(server.Port, "--noticket");
        server.Accept(Suite.Suite);
        peer.Write("hello\n");
        CollectionAssert.AreEqual("hello\n"u8.ToArray(), server.Receive());
    }

    [TestMethod]
    public void A_BouncyCastle_client_asks_our_server_for_nothing()
    {
        using TestServer server = new(With(Suite.Options()));
        using BouncyPeer peer = new BouncyPsk().StartClient(server.Port);
        server.Accept(Suite.Suite);
        server.Echo(10, 500);
        Assert.AreEqual(DtlsError.SessionClosed, server.Close(), peer.Output);
    }

    [TestMethod]
    [DataRow("mbedTLS")]
    [DataRow("wolfSSL")]
    public void A_newer_client_asks_our_server_for_nothing(string library)
    {
        using TestServer server = new(With(Suite.Options()));
        using Stranger peer = Stranger.StartClient(StrangerLibrary.Named(library), server.Port, new StrangerOptions { Suite = Suite.Suite.Name });
        server.Accept(Suite.Suite);
        server.Echo(10, 500);
        Assert.AreEqual(DtlsError.SessionClosed, server.Close(), peer.Output);
    }

    private static DtlsOptions With(DtlsOptions options)
    {
        options.Features =
        [
            new ConnectionIdFeature(8), new ReturnRoutability(), new SessionResumption { MaxTicketLength = 1024 }, new Renegotiation { AllowPeer = true },
            new RecordSizeLimit(Limit), new MaxFragmentLength(512), new ApplicationProtocols(["coap"]), new KeyExporter(), new DurableAssociations(),
        ];
        return options;
    }
}
