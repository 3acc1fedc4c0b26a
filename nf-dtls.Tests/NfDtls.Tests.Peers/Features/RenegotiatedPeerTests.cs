using Microsoft.VisualStudio.TestTools.UnitTesting;
using NfDtls.Extensions;
using NfDtls.Tests.Peers.Certificates;
using NfDtls.Tests.Peers.Ends;
using NfDtls.Tests.Peers.Programs;
using NfDtls.Tests.Peers.Strangers;

namespace NfDtls.Tests.Peers.Features;

/// <summary>Renegotiation (RFC 5746) with OpenSSL, GnuTLS and mbedTLS, begun by either end. wolfSSL's build and BouncyCastle have none.</summary>
[TestClass]
public sealed class RenegotiatedPeerTests
{
    private static readonly TestSuite Suite = PskPrograms.Suite;

    /// <summary>It asks for a cookie, by itself or where it listens, and then wants to see that again.</summary>
    [TestMethod]
    [DataRow(false)]
    [DataRow(true)]
    public void Our_client_renegotiates_with_s_server(bool listens)
    {
        int port = FreePorts.Udp();
        using PeerProgram peer = PskPrograms.OpenSslServer(port, listens ? ["-client_renegotiation", "-listen"] : ["-client_renegotiation"]);
        using TestClient client = new(Options(Suite), port);
        client.Connect(Suite.Suite);
        Exchange(client, peer, "before");
        Renegotiate(client, peer.Output);
        Exchange(client, peer, "between");
        Renegotiate(client, peer.Output);
        Exchange(client, peer, "behind");
    }

    [TestMethod]
    public void S_server_renegotiates_with_our_client()
    {
        int port = FreePorts.Udp();
        using PeerProgram peer = PskPrograms.OpenSslServer(port);
        using TestClient client = new(Options(Suite, allowsPeer: true), port);
        client.Connect(Suite.Suite);
        Exchange(client, peer, "before");
        peer.Write("r\n");
        AwaitRenegotiated(client, peer.Output);
        Exchange(client, peer, "behind");
    }

    [TestMethod]
    [DataRow("AES_128_CCM_8")]
    [DataRow("AES_128_CBC_SHA256")]
    public void Our_client_renegotiates_with_a_newer_server(string name)
    {
        TestSuite suite = TestSuite.Named(name);
        using Stranger peer = Stranger.StartServer(StrangerLibrary.Mbed, Renegotiating(suite));
        using TestClient client = new(Options(suite), peer.Port);
        client.Connect(suite.Suite);
        peer.WaitForState("connected", client);
        for (int i = 0; i < 3; i++)
        {
            client.Echo(5, 1000);
            Renegotiate(client, peer.Output);
            peer.WaitForState("renegotiated", client);
        }

        client.Echo(5, 1000);
        Assert.AreEqual(DtlsError.SessionClosed, client.Close(), peer.Output);
    }

    [TestMethod]
    public void Our_server_is_told_that_a_newer_client_does_not_renegotiate()
    {
        StrangerOptions options = Renegotiating(Suite);
        options.Renegotiation = false;
        using TestServer server = new(Options(Suite));
        using Stranger peer = Stranger.StartClient(StrangerLibrary.Mbed, server.Port, options);
        server.Accept(Suite.Suite);
        peer.WaitForState("connected", server);
        server.Renegotiate();
        Assert.IsTrue(server.Run(() => (server.Events & AssociationEvents.RenegotiationRefused) != 0), peer.Output);
        server.Echo(5, 1000);
    }

    [TestMethod]
    public void A_newer_client_with_certificates_renegotiates_with_our_server_after_it_has_moved()
    {
        Row row = Row.Named("ecdsa P-256, CCM_8");
        using WorkFolder folder = new();
        ConnectionIdFeature ids = new(8);
        DtlsOptions options = OurEnd.Server(row);
        options.Features = [ids, new Renegotiation { AllowPeer = true }];
        using TestServer server = new(options);
        StrangerOptions peers = StrangerOptions.ClientOf(row, folder);
        peers.Cid = [0xA1, 0xA2];
        peers.Renegotiation = true;
        using Stranger peer = Stranger.StartClient(StrangerLibrary.Mbed, server.Port, peers);
        server.AcceptAnyone(row.Suite);
        peer.WaitForState("connected", server);
        peer.Move(server);
        peer.Command("send from there");
        CollectionAssert.AreEqual("from there"u8.ToArray(), server.Receive());
        peer.Command("renegotiate");
        StrangerState state = peer.WaitForState("renegotiated", server);
        AwaitRenegotiated(server, peer.Output);
        Assert.AreEqual("a1a2", state.OwnCid);
        server.Echo(5, 1000);
        CollectionAssert.AreEqual(Party.Client(row).Leaf.Der, server.Association.PeerCertificates[0]);
    }

    private static DtlsOptions Options(TestSuite suite, bool allowsPeer = false)
    {
        DtlsOptions options = suite.Options();
        options.Features = [new Renegotiation { AllowPeer = allowsPeer }];
        return options;
    }

    private static StrangerOptions Renegotiating(TestSuite suite)
    {
        return new StrangerOptions { Suite = suite.Suite.Name, Renegotiation = true };
    }

    private static void Renegotiate(Driver end, string output)
    {
        end.Renegotiate();
        AwaitRenegotiated(end, output);
    }

    private static void AwaitRenegotiated(Driver end, string output)
    {
        end.Run(() => (end.Events & (AssociationEvents.Renegotiated | AssociationEvents.RenegotiationRefused | AssociationEvents.Closed)) != 0);
        Assert.IsTrue((end.Events & AssociationEvents.Renegotiated) != 0, "It ended with " + end.Association.LastError + ". " + output);
        end.Events = 0;
    }

    /// <summary>A line there, and one back.</summary>
    private static void Exchange(Driver end, PeerProgram peer, string text)
    {
        end.Send(System.Text.Encoding.ASCII.GetBytes(text + " of ours\n"));
        end.RunUntil(peer, text + " of ours");
        peer.Write(text + " of theirs\n");
        CollectionAssert.AreEqual(System.Text.Encoding.ASCII.GetBytes(text + " of theirs\n"), end.Receive());
    }
}
