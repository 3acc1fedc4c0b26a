using System;
using Microsoft.VisualStudio.TestTools.UnitTesting;
using NfDtls.Extensions;
using NfDtls.Tests.Peers.Certificates;
using NfDtls.Tests.Peers.Ends;
using NfDtls.Tests.Peers.Programs;
using NfDtls.Tests.Peers.Strangers;

namespace NfDtls.Tests.Peers.Features;

/// <summary>Sessions that other stacks resume with ours, by ticket and by id.</summary>
[TestClass]
public sealed class ResumedSessionTests
{
    // mbedTLS's has the client's certificate inside.
    private const int LongTicket = 1024;

    private static readonly TestSuite Suite = PskPrograms.Suite;

    [TestMethod]
    [DataRow(true)]
    [DataRow(false)]
    public void Our_client_resumes_with_s_server(bool hasTickets)
    {
        int port = FreePorts.Udp();
        using PeerProgram peer = PskPrograms.OpenSslServer(port, hasTickets ? [] : ["-no_ticket"]);
        ResumableSession session = FirstSession(port, Suite.Options(), hasTickets);
        using TestClient client = Resumed(port, Suite.Options(), session);
        client.RunUntil(peer, "Reused session-id");
        client.Send("hello"u8.ToArray());
        client.RunUntil(peer, "hello");
    }

    [TestMethod]
    [DataRow(true)]
    [DataRow(false)]
    public void Our_server_resumes_with_s_client(bool hasTickets)
    {
        using WorkFolder folder = new();
        string session = folder.PathOf("session");
        using TestServer server = Server(Suite.Options(), hasTickets);
        using (PeerProgram first = PskPrograms.OpenSslClient(server.Port, "-sess_out", session))
        {
            server.Accept(Suite.Suite);
            Assert.IsFalse(server.Association.IsResumed);
            server.RunUntil(first, "New, TLSv1.2");
            server.RunUntil(first, "Extended master secret: yes");
            first.Write("Q\n");
            server.ExpectClose();
            first.WaitForExit();
        }

        server.AwaitAnother();
        using PeerProgram again = PskPrograms.OpenSslClient(server.Port, "-sess_in", session);
        server.Accept(Suite.Suite);
        Assert.IsTrue(server.Association.IsResumed, again.Output);
        server.RunUntil(again, "Reused, TLSv1.2");
        again.Write("hello\n");
        CollectionAssert.AreEqual("hello\n"u8.ToArray(), server.Receive());
    }

    [TestMethod]
    [DataRow(true)]
    [DataRow(false)]
    public void Our_client_resumes_with_gnutls_serv(bool hasTickets)
    {
        int port = FreePorts.Udp();
        using WorkFolder folder = new();
        using PeerProgram peer = PskPrograms.GnuTlsServer(folder, port, hasTickets ? [] : ["--noticket"]);
        ResumableSession session = FirstSession(port, Suite.Options(), hasTickets);
        using TestClient client = Resumed(port, Suite.Options(), session);
        client.Echo(5, 1000);
    }

    [TestMethod]
    [DataRow(true)]
    [DataRow(false)]
    public void Our_server_resumes_with_gnutls_cli(bool hasTickets)
    {
        using TestServer server = Server(Suite.Options(), hasTickets);
        using PeerProgram peer = PskPrograms.GnuTlsClient(server.Port, "--resume");
        server.Accept(Suite.Suite);
        server.AwaitAnother();
        server.Accept(Suite.Suite);
        Assert.IsTrue(server.Association.IsResumed, peer.Output);
        server.RunUntil(peer, "This is a resumed session");
        peer.Write("hello\n");
        CollectionAssert.AreEqual("hello\n"u8.ToArray(), server.Receive());
    }

    [TestMethod]
    public void Our_client_resumes_with_a_BouncyCastle_server()
    {
        BouncyPsk asked = new() { KeepsSessions = true };
        ResumableSession session;
        using (BouncyPeer peer = asked.StartServer())
        {
            session = FirstSession(peer.Port, Suite.Options(), hasTicket: false);
            peer.WaitForEnd();
        }

        using BouncyPeer again = asked.StartServer();
        using TestClient client = Resumed(again.Port, Suite.Options(), session);
        client.Echo(5, 1000);
        Assert.IsTrue(asked.Resumed, again.Output);
    }

    [TestMethod]
    public void Our_server_resumes_with_a_BouncyCastle_client()
    {
        BouncyPsk asked = new();
        using TestServer server = Server(Suite.Options(), hasTickets: false);
        using (BouncyPeer first = asked.StartClient(server.Port))
        {
            server.Accept(Suite.Suite);
            server.Echo(5, 1000);
            first.Stop();
            server.ExpectClose();
        }

        server.AwaitAnother();
        using BouncyPeer again = asked.StartClient(server.Port);
        server.Accept(Suite.Suite);
        Assert.IsTrue(server.Association.IsResumed, again.Output);
        server.Echo(5, 1000);
        Assert.IsTrue(asked.Resumed, again.Output);
    }

    [TestMethod]
    [DataRow("mbedTLS", true)]
    [DataRow("mbedTLS", false)]
    [DataRow("wolfSSL", true)]
    [DataRow("wolfSSL", false)]
    public void Our_client_resumes_with_a_newer_server(string library, bool hasTickets)
    {
        StrangerOptions options = new() { Suite = Suite.Suite.Name, Tickets = hasTickets, Cache = true };
        using Stranger peer = Stranger.StartServer(StrangerLibrary.Named(library), options);
        ResumableSession session = FirstSession(peer.Port, Suite.Options(), hasTickets);
        Assert.IsFalse(peer.WaitForState("connected").Resumed);
        using TestClient client = Resumed(peer.Port, Suite.Options(), session);
        Assert.IsTrue(peer.WaitForState("connected", client).Resumed, peer.Output);
        client.Echo(5, 1000);
        Assert.AreEqual(DtlsError.SessionClosed, client.Close(), peer.Output);
    }

    [TestMethod]
    [DataRow("mbedTLS", true, "reconnect")]
    [DataRow("mbedTLS", false, "wake")]
    [DataRow("wolfSSL", true, "wake")]
    [DataRow("wolfSSL", false, "reconnect")]
    public void Our_server_resumes_with_a_newer_client_that_closed_or_crashed(string library, bool hasTickets, string how)
    {
        using TestServer server = Server(Suite.Options(), hasTickets);
        StrangerOptions options = new() { Suite = Suite.Suite.Name, Tickets = hasTickets };
        using Stranger peer = Stranger.StartClient(StrangerLibrary.Named(library), server.Port, options);
        server.Accept(Suite.Suite);
        Assert.AreEqual(hasTickets, peer.WaitForState("connected", server).HasTicket);
        server.AwaitAnother();
        peer.Command(how);
        server.Accept(Suite.Suite);
        Assert.IsTrue(server.Association.IsResumed, peer.Output);
        Assert.IsTrue(peer.WaitForState("connected", server).Resumed, peer.Output);
        server.Echo(5, 1000);
        Assert.AreEqual(DtlsError.SessionClosed, server.Close(), peer.Output);
    }

    [TestMethod]
    [DataRow("mbedTLS")]
    [DataRow("wolfSSL")]
    public void Our_client_with_certificates_resumes_with_a_newer_server_over_losses(string library)
    {
        Row row = Row.Named("ecdsa P-256, CCM_8");
        using WorkFolder folder = new();
        StrangerOptions options = StrangerOptions.ServerOf(row, folder);
        options.Tickets = true;
        options.Retransmit = 200;
        using Stranger peer = Stranger.StartServer(StrangerLibrary.Named(library), options);
        ResumableSession session = FirstSession(peer.Port, OurEnd.Client(row), hasTicket: true, row.Suite);
        SessionResumption resumption = new() { Session = session, MaxTicketLength = LongTicket };
        DtlsOptions ours = Lossy.Options(OurEnd.Client(row));
        ours.Features = [resumption];
        using TestClient client = new(ours, peer.Port);
        Lossy.Check(client, () => client.Connect(row.Suite));
        Assert.IsTrue(client.Association.IsResumed, peer.Output);
    }

    [TestMethod]
    [DataRow("mbedTLS", true)]
    [DataRow("mbedTLS", false)]
    [DataRow("wolfSSL", true)]
    [DataRow("wolfSSL", false)]
    public void Our_server_knows_a_newer_client_with_a_certificate_again(string library, bool hasTickets)
    {
        Row row = Row.Named("ecdsa P-256, CCM_8");
        using WorkFolder folder = new();
        StrangerOptions peers = StrangerOptions.ClientOf(row, folder);
        peers.Tickets = hasTickets;
        SessionResumption resumption = new() { Tickets = hasTickets };
        DtlsOptions options = OurEnd.Server(row);
        options.Features = [resumption];
        using TestServer server = new(options);
        using Stranger peer = Stranger.StartClient(StrangerLibrary.Named(library), server.Port, peers);
        server.AcceptAnyone(row.Suite);
        peer.WaitForState("connected", server);
        byte[] first = resumption.PeerCertificateHash(server.Association);
        CollectionAssert.AreEqual(System.Security.Cryptography.SHA256.HashData(Party.Client(row).Leaf.Der), first);
        server.AwaitAnother();
        peer.Command("wake");
        server.AcceptAnyone(row.Suite);
        Assert.IsTrue(server.Association.IsResumed, peer.Output);
        CollectionAssert.AreEqual(first, resumption.PeerCertificateHash(server.Association));
        server.Echo(5, 1000);
    }

    [TestMethod]
    [DataRow("mbedTLS")]
    [DataRow("wolfSSL")]
    public void Our_server_that_has_lost_its_keys_shakes_hands_in_full_with_a_newer_client(string library)
    {
        StrangerOptions options = new() { Suite = Suite.Suite.Name, Tickets = true };
        using WorkFolder folder = new();
        options.SessionFile = folder.PathOf("session");
        using (TestServer former = Server(Suite.Options(), hasTickets: true))
        {
            using Stranger first = Stranger.StartClient(StrangerLibrary.Named(library), former.Port, options);
            former.Accept(Suite.Suite);
            first.WaitForState("connected", former);
            first.Command("save");
            first.WaitFor("saved", former);
        }

        using TestServer server = Server(Suite.Options(), hasTickets: true);
        using Stranger again = Stranger.StartClient(StrangerLibrary.Named(library), server.Port, options);
        server.Accept(Suite.Suite);
        Assert.IsFalse(server.Association.IsResumed);
        Assert.IsFalse(again.WaitForState("connected", server).Resumed, again.Output);
        server.Echo(5, 1000);
    }

    private static TestServer Server(DtlsOptions options, bool hasTickets)
    {
        options.Features = [new SessionResumption { Tickets = hasTickets }];
        return new TestServer(options);
    }

    /// <summary>Connects, closes, and returns the session as it would come back from flash.</summary>
    private static ResumableSession FirstSession(int port, DtlsOptions options, bool hasTicket, CipherSuite? suite = null)
    {
        SessionResumption resumption = new() { MaxTicketLength = LongTicket };
        options.Features = [resumption];
        using TestClient client = new(options, port);
        client.Connect(suite ?? Suite.Suite);
        Assert.IsFalse(client.Association.IsResumed);
        client.CloseInVain();
        ResumableSession? session = resumption.Session;
        Assert.IsNotNull(session, "There is no session to resume.");
        Assert.AreEqual(hasTicket, session.HasTicket);
        return ResumableSession.Import(session.Export());
    }

    private static TestClient Resumed(int port, DtlsOptions options, ResumableSession session)
    {
        options.Features = [new SessionResumption { Session = session }];
        TestClient client = new(options, port);
        client.Connect(Suite.Suite);
        Assert.IsTrue(client.Association.IsResumed, "The session was not resumed.");
        return client;
    }
}
