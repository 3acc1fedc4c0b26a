using System;
using System.Text;
using Microsoft.VisualStudio.TestTools.UnitTesting;
using NfDtls.Extensions;
using NfDtls.Tests.Peers.Ends;
using NfDtls.Tests.Peers.Programs;
using NfDtls.Tests.Peers.Strangers;

namespace NfDtls.Tests.Peers.Features;

/// <summary>New keys within a connection (RFC 5746) with other stacks, begun by either end.</summary>
[TestClass]
public sealed class RenegotiationTests
{
    [TestMethod]
    public void S_client_renegotiates_with_our_server()
    {
        using TestServer server = new(Options());
        using PeerProgram peer = PskPrograms.OpenSslClient(server.Port);
        server.Accept(PskPrograms.Suite.Suite);
        ExpectLine(server, peer, "before");
        peer.Write("R\n");
        VerifyIn(server, 2, () => peer.Output);
        ExpectLine(server, peer, "after");
        server.Send(Encoding.ASCII.GetBytes("to the client"));
        server.RunUntil(peer, "to the client");
        Assert.AreEqual(DtlsError.SessionClosed, server.Close(), peer.Output);
    }

    [TestMethod]
    public void S_client_renegotiates_when_our_server_asks()
    {
        using TestServer server = new(Options());
        using PeerProgram peer = PskPrograms.OpenSslClient(server.Port);
        server.Accept(PskPrograms.Suite.Suite);
        for (int epoch = 2; epoch < 5; epoch++)
        {
            server.Renegotiate();
            VerifyIn(server, epoch, () => peer.Output);
            ExpectLine(server, peer, "in " + epoch);
        }

        Assert.AreEqual(DtlsError.SessionClosed, server.Close(), peer.Output);
    }

    [TestMethod]
    [DataRow("r", true)]
    [DataRow("R", true)]
    [DataRow("r", false)]
    [DataRow("R", false)]
    public void Our_client_renegotiates_when_s_server_asks(string command, bool listens)
    {
        int port = FreePorts.Udp();
        using PeerProgram peer = PskPrograms.OpenSslServer(port, listens ? ["-listen"] : []);
        using TestClient client = new(Options(), port);
        client.Connect(PskPrograms.Suite.Suite);
        peer.Write(command + "\n");
        VerifyIn(client, 2, () => peer.Output);
        client.Send(Encoding.ASCII.GetBytes("to the server"));
        client.RunUntil(peer, "to the server");
        ExpectLine(client, peer, "to the client");
        peer.Write(command + "\n");
        VerifyIn(client, 3, () => peer.Output);
        Assert.AreEqual(DtlsError.SessionClosed, client.Close(), peer.Output);
    }

    [TestMethod]
    [DataRow(true)]
    [DataRow(false)]
    public void S_server_renegotiates_where_it_is_allowed_to_and_refuses_where_not(bool listens)
    {
        int port = FreePorts.Udp();
        using PeerProgram peer = PskPrograms.OpenSslServer(port, listens ? ["-client_renegotiation", "-listen"] : ["-client_renegotiation"]);
        using TestClient client = new(Options(), port);
        client.Connect(PskPrograms.Suite.Suite);
        for (int epoch = 2; epoch < 5; epoch++)
        {
            client.Renegotiate();
            VerifyIn(client, epoch, () => peer.Output);
            client.Send(Encoding.ASCII.GetBytes("epoch " + epoch));
            client.RunUntil(peer, "epoch " + epoch);
            ExpectLine(client, peer, "to the client");
        }

        Assert.AreEqual(DtlsError.SessionClosed, client.Close(), peer.Output);
        int refusing = FreePorts.Udp();
        using PeerProgram other = PskPrograms.OpenSslServer(refusing);
        using TestClient refused = new(Options(), refusing);
        refused.Connect(PskPrograms.Suite.Suite);
        refused.Renegotiate();
        VerifyRefused(refused, () => other.Output);
        refused.Send(Encoding.ASCII.GetBytes("still there"));
        refused.RunUntil(other, "still there");
    }

    [TestMethod]
    public void Gnutls_cli_renegotiates_with_our_server()
    {
        using TestServer server = new(Options());
        using PeerProgram peer = PskPrograms.GnuTlsClient(server.Port, "--rehandshake");
        server.Accept(PskPrograms.Suite.Suite);
        VerifyIn(server, 2, () => peer.Output);
        ExpectLine(server, peer, "after");
        server.Send(Encoding.ASCII.GetBytes("to the client\n"));
        server.RunUntil(peer, "to the client");
    }

    [TestMethod]
    public void Gnutls_cli_renegotiates_when_our_server_asks()
    {
        using TestServer server = new(Options());
        using PeerProgram peer = PskPrograms.GnuTlsClient(server.Port);
        server.Accept(PskPrograms.Suite.Suite);
        ExpectLine(server, peer, "before");
        server.Renegotiate();
        VerifyIn(server, 2, () => peer.Output);
        ExpectLine(server, peer, "after");
    }

    [TestMethod]
    public void Gnutls_serv_renegotiates_with_our_client()
    {
        int port = FreePorts.Udp();
        using WorkFolder folder = new();
        using PeerProgram peer = PskPrograms.GnuTlsServer(folder, port);
        using TestClient client = new(Options(), port);
        client.Connect(PskPrograms.Suite.Suite);
        client.Renegotiate();
        VerifyIn(client, 2, () => peer.Output);
        client.Echo(10, 100);
        client.Renegotiate();
        VerifyIn(client, 3, () => peer.Output);
        client.Echo(10, 100);
    }

    [TestMethod]
    public void MbedTLS_renegotiates_with_our_server_begun_by_either()
    {
        using TestServer server = new(Options());
        using Stranger peer = Stranger.StartClient(StrangerLibrary.Mbed, server.Port, Asked());
        server.Accept(PskPrograms.Suite.Suite);
        server.Echo(10, 100);
        peer.Command("renegotiate");
        peer.WaitForState("renegotiated", server);
        VerifyIn(server, 2, () => peer.Output);
        server.Echo(10, 100);
        server.Renegotiate();
        VerifyIn(server, 3, () => peer.Output);
        server.Echo(10, 100);
        Assert.AreEqual(DtlsError.SessionClosed, server.Close(), peer.Output);
    }

    [TestMethod]
    public void MbedTLS_renegotiates_with_our_client_begun_by_either()
    {
        using Stranger peer = Stranger.StartServer(StrangerLibrary.Mbed, Asked());
        using TestClient client = new(Options(), peer.Port);
        client.Connect(PskPrograms.Suite.Suite);
        client.Echo(10, 100);
        client.Renegotiate();
        VerifyIn(client, 2, () => peer.Output);
        client.Echo(10, 100);
        peer.Command("renegotiate");
        peer.WaitForState("renegotiated", client);
        VerifyIn(client, 3, () => peer.Output);
        client.Echo(10, 100);
        Assert.AreEqual(DtlsError.SessionClosed, client.Close(), peer.Output);
    }

    [TestMethod]
    public void MbedTLS_that_may_not_refuses_and_the_connection_goes_on()
    {
        StrangerOptions asked = Asked();
        asked.Renegotiation = false;
        using Stranger peer = Stranger.StartServer(StrangerLibrary.Mbed, asked);
        using TestClient client = new(Options(), peer.Port);
        client.Connect(PskPrograms.Suite.Suite);
        client.Renegotiate();
        VerifyRefused(client, () => peer.Output);
        client.Echo(10, 100);
    }

    [TestMethod]
    public void BouncyCastle_does_not_answer_and_the_connection_goes_on()
    {
        using BouncyPeer peer = new BouncyPsk().StartServer();
        using TestClient client = new(Options(), peer.Port);
        client.Connect(PskPrograms.Suite.Suite);
        client.Renegotiate();
        client.Leaps = () => client.Refusals == 0;
        VerifyRefused(client, () => peer.Output);
        client.Leaps = null;
        client.Echo(10, 100);
    }

    private static void VerifyIn(Driver end, int epoch, Func<string> output)
    {
        Assert.IsTrue(end.Run(() => end.Renegotiations == epoch - 1 || end.Association.State == AssociationState.Closed), output());
        Assert.AreEqual(AssociationState.Connected, end.Association.State, end.Association.LastError + ", alert sent " + end.Association.AlertSent + ", received " + end.Association.AlertReceived + ". " + output());
    }

    private static void VerifyRefused(Driver end, Func<string> output)
    {
        Assert.IsTrue(end.Run(() => end.Refusals == 1 || end.Association.State == AssociationState.Closed));
        Assert.AreEqual(AssociationState.Connected, end.Association.State, end.Association.LastError + ", alert received " + end.Association.AlertReceived + ". " + output());
        Assert.AreEqual(0, end.Renegotiations);
    }

    private static void ExpectLine(Driver end, PeerProgram peer, string text)
    {
        peer.Write(text + "\n");
        string received = string.Empty;
        while (received.Length < text.Length + 1)
        {
            received += Encoding.ASCII.GetString(end.Receive(text));
        }

        Assert.AreEqual(text + "\n", received, peer.Output);
    }

    private static StrangerOptions Asked()
    {
        return new StrangerOptions { Suite = PskPrograms.Suite.Suite.Name, Renegotiation = true };
    }

    private static DtlsOptions Options()
    {
        DtlsOptions options = PskPrograms.Suite.Options();
        options.Features = [new Renegotiation { AllowPeer = true, PeerInterval = 0 }];
        return options;
    }
}
