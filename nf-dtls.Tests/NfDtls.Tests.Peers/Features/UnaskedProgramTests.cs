using Microsoft.VisualStudio.TestTools.UnitTesting;
using NfDtls.Tests.Peers.Ends;
using NfDtls.Tests.Peers.Programs;

namespace NfDtls.Tests.Peers.Features;

/// <summary>Our ends without features, and OpenSSL and GnuTLS, which ask for some: nothing is agreed on.</summary>
[TestClass]
public sealed class UnaskedProgramTests
{
    private static readonly CipherSuite Suite = PskPrograms.Suite.Suite;

    [TestMethod]
    public void Our_plain_server_takes_no_ticket_of_s_client_and_agrees_on_nothing()
    {
        using WorkFolder folder = new();
        string session = folder.PathOf("session");
        int port = FreePorts.Udp();
        using (PeerProgram other = PskPrograms.OpenSslServer(port))
        {
            using PeerProgram first = PskPrograms.OpenSslClient(port, "-sess_out", session);
            first.WaitForOutput("New, TLSv1.2");
            first.WaitForOutput("---\n");
            first.Write("Q\n");
            first.WaitForExit();
        }

        using TestServer server = new(PskPrograms.Suite.Options());
        using PeerProgram peer = PskPrograms.OpenSslClient(server.Port, "-sess_in", session, "-alpn", "coap", "-maxfraglen", "512");
        server.Accept(Suite);
        server.RunUntil(peer, "New, TLSv1.2");
        server.RunUntil(peer, "No ALPN negotiated");
        peer.Write("hello\n");
        CollectionAssert.AreEqual("hello\n"u8.ToArray(), server.Receive());
    }

    [TestMethod]
    public void Our_plain_server_refuses_to_renegotiate_with_s_client_which_gives_up()
    {
        using TestServer server = new(PskPrograms.Suite.Options());
        using PeerProgram peer = PskPrograms.OpenSslClient(server.Port);
        server.Accept(Suite);
        server.RunUntil(peer, "Secure Renegotiation IS supported");
        peer.Write("R\n");
        server.RunUntil(peer, "no renegotiation");
    }

    [TestMethod]
    public void Our_plain_client_refuses_to_renegotiate_with_s_server()
    {
        int port = FreePorts.Udp();
        using PeerProgram peer = PskPrograms.OpenSslServer(port);
        using TestClient client = new(PskPrograms.Suite.Options(), port);
        client.Connect(Suite);
        client.RunUntil(peer, "Secure Renegotiation IS supported");
        peer.Write("r\n");
        client.RunUntil(peer, "no renegotiation");
    }

    [TestMethod]
    public void Gnutls_cli_connects_twice_to_our_plain_server_and_resumes_nothing()
    {
        using TestServer server = new(PskPrograms.Suite.Options());
        using PeerProgram peer = PskPrograms.GnuTlsClient(server.Port, "--resume", "--alpn", "coap", "--recordsize", "512");
        server.Accept(Suite);
        server.AwaitAnother();
        server.Accept(Suite);
        server.RunUntil(peer, "Simple Client Mode");
        Assert.DoesNotContain("resumed session", peer.Output);
        Assert.DoesNotContain("Application protocol", peer.Output);
        peer.Write("hello\n");
        CollectionAssert.AreEqual("hello\n"u8.ToArray(), server.Receive());
    }

    [TestMethod]
    public void Our_plain_server_refuses_to_renegotiate_with_gnutls_cli_which_asks_again()
    {
        using TestServer server = new(PskPrograms.Suite.Options());
        using PeerProgram peer = PskPrograms.GnuTlsClient(server.Port, "--rehandshake");
        server.Accept(Suite);
        server.RunUntil(peer, "A TLS warning alert has been received");
    }
}
