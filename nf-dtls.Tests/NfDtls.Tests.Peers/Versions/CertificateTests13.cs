using Microsoft.VisualStudio.TestTools.UnitTesting;
using NfDtls.Dtls13;
using NfDtls.Dtls13.Server;
using NfDtls.Ecdhe;
using NfDtls.Extensions;
using NfDtls.Tests.Ca;
using NfDtls.Tests.Peers.Certificates;
using NfDtls.Tests.Peers.Ends;
using NfDtls.Tests.Peers.Programs;
using NfDtls.Tests.Peers.Strangers;

namespace NfDtls.Tests.Peers.Versions;

/// <summary>DTLS 1.3 with certificates and raw public keys, against wolfSSL 5.9.</summary>
[TestClass]
public sealed class CertificateTests13
{
    private const string Plain = "ecdsa P-256";
    private const string Mutual = "ecdsa P-256, mutual";

    [TestMethod]
    [DataRow(Plain)]
    [DataRow(Mutual)]
    [DataRow("ecdsa P-256, software")]
    [DataRow("ecdsa P-384, mutual")]
    [DataRow("rsa")]
    [DataRow("rsa, mutual, in small fragments")]
    [DataRow("ecdsa server, rsa client")]
    public void Our_client_echoes_with_a_server_of_wolfSSL(string name)
    {
        Row row = Row13.Named(name);
        using WorkFolder folder = new();
        using Stranger peer = Stranger.StartServer(StrangerLibrary.Wolf, Row13.StrangerServer(row, folder));
        using TestClient client = new(Row13.Client(row), peer.Port);
        client.Connect(row.Suite);
        Assert.AreEqual(0xFEFC, client.Association.Version);
        CollectionAssert.AreEqual(Party.Server(row).Leaf.Der, client.Association.PeerCertificates[0]);
        OurEnd.Echo(client);
        Assert.AreEqual(DtlsError.SessionClosed, client.Close(), peer.Output);
        peer.WaitFor("closed by the peer");
    }

    [TestMethod]
    [DataRow(Plain)]
    [DataRow(Mutual)]
    [DataRow("ecdsa P-256, software")]
    [DataRow("ecdsa P-384, mutual")]
    [DataRow("rsa")]
    [DataRow("rsa, mutual, in small fragments")]
    [DataRow("ecdsa server, rsa client")]
    public void Our_server_echoes_with_a_client_of_wolfSSL(string name)
    {
        Row row = Row13.Named(name);
        using WorkFolder folder = new();
        using TestServer server = new(Row13.Server(row));
        using Stranger peer = Stranger.StartClient(StrangerLibrary.Wolf, server.Port, Row13.StrangerClient(row, folder));
        server.AcceptAnyone(row.Suite);
        Assert.AreEqual(0xFEFC, server.Association.Version);
        CollectionAssert.AreEqual(row.IsMutual ? Party.Client(row).Leaf.Der : null, server.Association.PeerCertificates?[0]);
        OurEnd.Echo(server);
        Assert.AreEqual(DtlsError.SessionClosed, server.Close(), peer.Output);
        peer.WaitForExit();
    }

    [TestMethod]
    public void A_server_of_wolfSSL_asks_our_client_for_a_key_of_another_group()
    {
        Row row = Row13.Named(Mutual);
        using WorkFolder folder = new();
        StrangerOptions asked = Row13.StrangerServer(row, folder);
        asked.More.Add("group=" + NamedGroup.Secp256r1);
        using Stranger peer = Stranger.StartServer(StrangerLibrary.Wolf, asked);
        DtlsOptions options = Row13.Version(Row13.Client(row), row, new Version13([NamedGroup.X25519, NamedGroup.Secp256r1], false));
        using TestClient client = new(options, peer.Port);
        client.Connect(row.Suite);
        OurEnd.Echo(client);
        Assert.AreEqual(DtlsError.SessionClosed, client.Close(), peer.Output);
    }

    [TestMethod]
    public void Our_server_asks_a_client_of_wolfSSL_for_a_key_of_another_group()
    {
        Row row = Row13.Named(Mutual);
        using WorkFolder folder = new();
        using TestServer server = new(Row13.Server(row));
        using Stranger peer = Stranger.StartClient(StrangerLibrary.Wolf, server.Port, Row13.StrangerClient(row, folder, NamedGroup.X25519));
        server.AcceptAnyone(row.Suite);
        OurEnd.Echo(server);
        Assert.AreEqual(DtlsError.SessionClosed, server.Close(), peer.Output);
    }

    [TestMethod]
    public void Our_client_that_names_its_authorities_echoes_with_a_server_of_wolfSSL()
    {
        Row row = Row13.Named(Mutual);
        using WorkFolder folder = new();
        using Stranger peer = Stranger.StartServer(StrangerLibrary.Wolf, Row13.StrangerServer(row, folder));
        DtlsOptions options = Row13.Client(row);
        ((CredentialAuthenticator)options.Authenticator).NamesAuthorities = true;
        using TestClient client = new(options, peer.Port);
        client.Connect(row.Suite);
        OurEnd.Echo(client);
        Assert.AreEqual(DtlsError.SessionClosed, client.Close(), peer.Output);
    }

    [TestMethod]
    [DataRow(false)]
    [DataRow(true)]
    public void Raw_keys_prove_a_server_of_wolfSSL_and_our_client(bool mutual)
    {
        Row row = Row13.Named(mutual ? Mutual : Plain);
        using WorkFolder folder = new();
        using Stranger peer = Stranger.StartServer(StrangerLibrary.Wolf, Raw(Row13.StrangerServer(row, folder), folder, Party.Server(row), mutual ? Party.Client(row) : null));
        using TestClient client = new(Row13.Version(RawKeys.Client(row), row, new Version13(row.Groups, false)), peer.Port);
        client.Connect(row.Suite);
        CollectionAssert.AreEqual(Party.Server(row).Leaf.Key.PublicInfo, client.Association.PeerCertificates[0]);
        OurEnd.Echo(client);
        Assert.AreEqual(DtlsError.SessionClosed, client.Close(), peer.Output);
    }

    [TestMethod]
    [DataRow(false)]
    [DataRow(true)]
    public void Raw_keys_prove_our_server_and_a_client_of_wolfSSL(bool mutual)
    {
        Row row = Row13.Named(mutual ? Mutual : Plain);
        using WorkFolder folder = new();
        using TestServer server = new(Row13.Version(RawKeys.Server(row), row, new ServerVersion13(row.Groups, false)));
        StrangerOptions asked = Raw(Row13.StrangerClient(row, folder), folder, mutual ? Party.Client(row) : null, Party.Server(row));
        using Stranger peer = Stranger.StartClient(StrangerLibrary.Wolf, server.Port, asked);
        server.AcceptAnyone(row.Suite);
        CollectionAssert.AreEqual(mutual ? Party.Client(row).Leaf.Key.PublicInfo : null, server.Association.PeerCertificates?[0]);
        OurEnd.Echo(server);
        Assert.AreEqual(DtlsError.SessionClosed, server.Close(), peer.Output);
    }

    [TestMethod]
    public void WolfSSL_reports_what_our_client_refuses_its_server_for()
    {
        Row row = Row13.Named(Mutual);
        Party expired = Party.Expired(CaKeyKind.P256);
        DtlsOptions another = Row13.Client(row);
        another.ServerName = "another.test";
        OurClientRefuses(row, Row13.Client(row, trusted: Party.Client(row)), Party.Server(row), DtlsError.UnknownCa, Alert.UnknownCa);
        OurClientRefuses(row, Row13.Client(row, trusted: expired), expired, DtlsError.CertificateExpired, Alert.CertificateExpired);
        OurClientRefuses(row, another, Party.Server(row), DtlsError.CertificateNameMismatch, Alert.BadCertificate);
    }

    [TestMethod]
    public void WolfSSL_reports_what_our_server_refuses_its_client_for()
    {
        Row row = Row13.Named(Mutual);
        Party expired = Party.Expired(CaKeyKind.P256);
        OurServerRefuses(row, Row13.Server(row, trusted: Party.Server(row)), Party.Client(row), DtlsError.UnknownCa, Alert.UnknownCa);
        OurServerRefuses(row, Row13.Server(row, trusted: expired), expired, DtlsError.CertificateExpired, Alert.CertificateExpired);
        OurServerRefuses(row, Row13.Server(row), null, DtlsError.CertificateMissing, Alert.CertificateRequired);
    }

    [TestMethod]
    public void Our_server_sees_what_wolfSSL_refuses_it_for()
    {
        Row row = Row13.Named(Plain);
        Party expired = Party.Expired(CaKeyKind.P256);
        RefusedByClient(row, Row13.Server(row), Party.Client(row), Party.ServerName, Alert.UnknownCa);
        RefusedByClient(row, Row13.Server(row, own: expired), expired, Party.ServerName, Alert.CertificateExpired);
        RefusedByClient(row, Row13.Server(row), Party.Server(row), "another.test", Alert.BadCertificate);
    }

    [TestMethod]
    public void Our_client_sees_what_wolfSSL_refuses_it_for()
    {
        Row row = Row13.Named(Mutual);
        Party expired = Party.Expired(CaKeyKind.P256);
        RefusedByServer(row, Row13.Client(row, own: Party.Impostor(row)), Party.Client(row), Alert.UnknownCa);
        RefusedByServer(row, Row13.Client(row, own: expired), expired, Alert.CertificateExpired);
        RefusedByServer(row, Row13.Client(row with { ClientKey = null }), Party.Client(row), Alert.CertificateRequired);
    }

    [TestMethod]
    [DataRow(Plain)]
    [DataRow(Mutual)]
    [DataRow("ecdsa P-384, mutual")]
    public void Our_client_resumes_with_a_server_of_wolfSSL(string name)
    {
        Row row = Row13.Named(name);
        using WorkFolder folder = new();
        StrangerOptions asked = Row13.StrangerServer(row, folder);
        asked.Tickets = true;
        using Stranger peer = Stranger.StartServer(StrangerLibrary.Wolf, asked);
        SessionResumption resumption = new() { MaxTicketLength = 1024 };
        for (int i = 0; i < 3; i++)
        {
            DtlsOptions options = Row13.Client(row);
            options.Features = [resumption];
            using TestClient client = new(options, peer.Port);
            client.Connect(row.Suite);
            Assert.AreEqual(i > 0, client.Association.IsResumed, peer.Output);
            Assert.AreEqual(i > 0, peer.WaitForState("connected", client).Resumed);
            client.Echo(100, 20);
            Assert.IsTrue(resumption.Session.HasTicket);
            Assert.AreEqual(DtlsError.SessionClosed, client.Close(), peer.Output);
            peer.WaitFor("closed by the peer");
            resumption = new() { MaxTicketLength = 1024, Session = ResumableSession.Import(resumption.Session.Export()) };
        }
    }

    [TestMethod]
    [DataRow(Plain)]
    [DataRow(Mutual)]
    [DataRow("ecdsa P-384, mutual")]
    public void Our_server_resumes_with_a_client_of_wolfSSL(string name)
    {
        Row row = Row13.Named(name);
        using WorkFolder folder = new();
        SessionResumption resumption = new();
        DtlsOptions options = Row13.Server(row);
        options.Features = [resumption];
        using TestServer server = new(options);
        StrangerOptions asked = Row13.StrangerClient(row, folder);
        asked.Tickets = true;
        using Stranger peer = Stranger.StartClient(StrangerLibrary.Wolf, server.Port, asked);
        server.AcceptAnyone(row.Suite);
        Assert.IsFalse(server.Association.IsResumed);
        byte[] shown = resumption.PeerCertificateHash(server.Association);
        Assert.AreEqual(row.IsMutual, shown != null);
        server.Echo(100, 20);
        for (int i = 0; i < 2; i++)
        {
            server.AwaitAnother();
            peer.Command("reconnect");
            server.AcceptAnyone(row.Suite);
            Assert.IsTrue(server.Association.IsResumed, peer.Output);
            CollectionAssert.AreEqual(shown, resumption.PeerCertificateHash(server.Association));
            server.Echo(100, 20);
        }
    }

    [TestMethod]
    [DataRow(Mutual)]
    [DataRow("rsa, mutual, in small fragments")]
    public void Our_client_connects_to_a_server_of_wolfSSL_over_losses(string name)
    {
        Row row = Row13.Named(name);
        using WorkFolder folder = new();
        using Stranger peer = Stranger.StartServer(StrangerLibrary.Wolf, Row13.StrangerServer(row, folder));
        using TestClient client = new(Lossy.Options(Row13.Client(row)), peer.Port);
        Lossy.Check(client, () => client.Connect(row.Suite));
    }

    [TestMethod]
    [DataRow(Mutual)]
    [DataRow("rsa, mutual, in small fragments")]
    public void Our_server_accepts_a_client_of_wolfSSL_over_losses(string name)
    {
        Row row = Row13.Named(name);
        using WorkFolder folder = new();
        using TestServer server = new(Lossy.Options(Row13.Server(row)));
        using Stranger peer = Stranger.StartClient(StrangerLibrary.Wolf, server.Port, Row13.StrangerClient(row, folder));
        Lossy.Check(server, () => server.AcceptAnyone(row.Suite));
    }

    private static void OurClientRefuses(Row row, DtlsOptions options, Party own, DtlsError error, int alert)
    {
        using WorkFolder folder = new();
        StrangerOptions asked = Row13.StrangerServer(row, folder);
        Show(asked, folder, own);
        using Stranger peer = Stranger.StartServer(StrangerLibrary.Wolf, asked);
        using TestClient client = new(options, peer.Port);
        Assert.AreEqual(error, client.ConnectInVain().LastError);
        peer.WaitFor("alert " + alert + " received");
    }

    private static void OurServerRefuses(Row row, DtlsOptions options, Party? own, DtlsError error, int alert)
    {
        using WorkFolder folder = new();
        using TestServer server = new(options);
        StrangerOptions asked = Row13.StrangerClient(row, folder);
        Show(asked, folder, own);
        using Stranger peer = Stranger.StartClient(StrangerLibrary.Wolf, server.Port, asked);
        Assert.AreEqual(error, server.AcceptInVain().LastError);
        peer.WaitFor("alert " + alert + " received", server);
    }

    private static void RefusedByClient(Row row, DtlsOptions options, Party trusted, string name, int alert)
    {
        using WorkFolder folder = new();
        using TestServer server = new(options);
        StrangerOptions asked = Row13.StrangerClient(row, folder);
        asked.Trusted = trusted.WriteRoot(folder);
        asked.ServerName = name;
        using Stranger peer = Stranger.StartClient(StrangerLibrary.Wolf, server.Port, asked);
        Assert.AreEqual(alert, server.AcceptInVain().AlertReceived, peer.Output);
    }

    private static void RefusedByServer(Row row, DtlsOptions options, Party trusted, int alert)
    {
        using WorkFolder folder = new();
        StrangerOptions asked = Row13.StrangerServer(row, folder);
        asked.Trusted = trusted.WriteRoot(folder);
        using Stranger peer = Stranger.StartServer(StrangerLibrary.Wolf, asked);
        using TestClient client = new(options, peer.Port);
        Assert.AreEqual(alert, client.ConnectInVain().AlertReceived, peer.Output);
    }

    private static void Show(StrangerOptions asked, WorkFolder folder, Party? own)
    {
        asked.Chain = null;
        asked.Key = null;
        if (own != null)
        {
            own.WriteTo(folder, out string chain, out string key);
            asked.Chain = chain;
            asked.Key = key;
        }
    }

    /// <summary>The stranger shows a raw key in place of its chain, and wants the other end's.</summary>
    private static StrangerOptions Raw(StrangerOptions asked, WorkFolder folder, Party? own, Party? peer)
    {
        string? key = asked.Key;
        asked.Chain = null;
        asked.Key = null;
        asked.Trusted = null;
        asked.ServerName = null;
        asked.HasPsk = false;
        asked.More.Add("raw=1");
        if (own != null)
        {
            asked.More.Add("raw_key=" + folder.Write("own-key.der", own.Leaf.Key.PublicInfo));
            asked.More.Add("key=" + key);
        }

        if (peer != null)
        {
            asked.More.Add("peer_key=" + folder.Write("peer-key.der", peer.Leaf.Key.PublicInfo));
        }

        return asked;
    }
}
