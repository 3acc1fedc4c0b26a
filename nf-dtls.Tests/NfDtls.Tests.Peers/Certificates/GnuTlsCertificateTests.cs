using System;
using System.Collections.Generic;
using System.IO;
using Microsoft.VisualStudio.TestTools.UnitTesting;
using NfDtls.Tests.Ca;
using NfDtls.Tests.Peers.Ends;
using NfDtls.Tests.Peers.Programs;

namespace NfDtls.Tests.Peers.Certificates;

/// <summary>gnutls-serv and gnutls-cli with certificates.</summary>
[TestClass]
public sealed class GnuTlsCertificateTests
{
    private const string Plain = "ecdsa P-256, CCM_8";

    public static IEnumerable<object[]> ClientRows => Row.Where(row => row.ForOurClient);

    public static IEnumerable<object[]> ServerRows => Row.Where(row => row.ForOurServer);

    [TestMethod]
    [DynamicData(nameof(ClientRows))]
    public void Our_client_echoes_with_gnutls_serv_by_certificates(string name)
    {
        Row row = Row.Named(name);
        using WorkFolder folder = new();
        using PeerProgram peer = StartServer(row, folder, out int port, Party.Server(row), Party.Client(row));
        using TestClient client = new(OurEnd.Client(row), port);
        client.Connect(row.Suite);
        OurEnd.Echo(client);
        CollectionAssert.AreEqual(Party.Server(row).Leaf.Der, client.Association.PeerCertificates[0]);
    }

    [TestMethod]
    [DynamicData(nameof(ServerRows))]
    public void Our_server_echoes_with_gnutls_cli_by_certificates(string name)
    {
        Row row = Row.Named(name);
        using WorkFolder folder = new();
        using TestServer server = new(OurEnd.Server(row));
        using PeerProgram peer = StartClient(row, folder, server.Port, Party.Server(row), Party.Client(row));
        server.AcceptAnyone(row.Suite);
        OurEnd.Echo(server, peer);
        CollectionAssert.AreEqual(row.IsMutual ? Party.Client(row).Leaf.Der : null, server.Association.PeerCertificates?[0]);
        peer.EndInput();
        server.ExpectClose();
    }

    [TestMethod]
    [DataRow("ecdsa P-256, CCM_8")]
    [DataRow("rsa SHA-256, GCM, chain of 4")]
    public void Our_client_connects_to_gnutls_serv_over_losses(string name)
    {
        Row row = Row.Named(name);
        using WorkFolder folder = new();
        using PeerProgram peer = StartServer(row, folder, out int port, Party.Server(row), Party.Client(row));
        using TestClient client = new(Lossy.Options(OurEnd.Client(row)), port);
        Lossy.Check(client, () => client.Connect(row.Suite));
    }

    [TestMethod]
    [DataRow("ecdsa P-256, CCM_8")]
    [DataRow("rsa SHA-256, GCM, chain of 4")]
    public void Our_server_accepts_gnutls_cli_over_losses(string name)
    {
        Row row = Row.Named(name);
        using WorkFolder folder = new();
        using TestServer server = new(Lossy.Options(OurEnd.Server(row)));
        using PeerProgram peer = StartClient(row, folder, server.Port, Party.Server(row), Party.Client(row));
        peer.EchoInPiecesOf(TestSuite.Data.Length);
        Lossy.Check(server, () => server.AcceptAnyone(row.Suite));
    }

    public static object[][] RawKinds => RawKeys.Kinds;

    [TestMethod]
    [DynamicData(nameof(RawKinds))]
    public void Our_client_echoes_with_gnutls_serv_by_raw_public_keys(string name, bool isMutual)
    {
        Row row = Row.Named(name);
        int port = FreePorts.Udp();
        using WorkFolder folder = new();
        string[] arguments =
        [
            "--udp", "--echo", "--crlf", "--quiet", "-p", port.ToString(), .. RawKeys.Files(folder, Party.Server(row)), "--priority", GnuTlsNames.Priority(row, "+CTYPE-CLI-RAWPK:+CTYPE-SRV-RAWPK"),
            isMutual ? "--require-client-cert" : "--disable-client-cert",
        ];
        using PeerProgram peer = PeerProgram.Start(false, "gnutls-serv", arguments);
        peer.WaitForPort(port);
        using TestClient client = new(RawKeys.Client(row), port);
        client.Connect(row.Suite);
        OurEnd.Echo(client);
        CollectionAssert.AreEqual(Party.Server(row).Leaf.Key.PublicInfo, client.Association.PeerCertificates[0]);
    }

    /// <summary>Its hello lists a client's type all the same, which gnutls-serv may take or not.</summary>
    [TestMethod]
    [DataRow("--disable-client-cert", false)]
    [DataRow("--disable-client-cert", true)]
    [DataRow(null, false)]
    [DataRow(null, true)]
    public void Our_client_without_a_key_echoes_with_gnutls_serv_by_its_raw_public_key(string? asks, bool takesCertificates)
    {
        Row row = RawKeys.Row(isMutual: false);
        int port = FreePorts.Udp();
        using WorkFolder folder = new();
        string[] arguments =
        [
            "--udp", "--echo", "--crlf", "--quiet", "-p", port.ToString(), .. RawKeys.Files(folder, Party.Server(row)),
            "--priority", GnuTlsNames.Priority(row, "+CTYPE-CLI-RAWPK:+CTYPE-CLI-X509:+CTYPE-SRV-RAWPK"),
        ];
        using PeerProgram peer = PeerProgram.Start(false, "gnutls-serv", asks == null ? arguments : [.. arguments, asks]);
        peer.WaitForPort(port);
        using TestClient client = new(RawKeys.Keyless(row, takesCertificates), port);
        client.Connect(row.Suite);
        OurEnd.Echo(client);
        CollectionAssert.AreEqual(Party.Server(row).Leaf.Key.PublicInfo, client.Association.PeerCertificates[0]);
    }

    [TestMethod]
    [DynamicData(nameof(RawKinds))]
    public void Our_server_echoes_with_gnutls_cli_by_raw_public_keys(string name, bool isMutual)
    {
        Row row = Row.Named(name);
        using WorkFolder folder = new();
        using TestServer server = new(RawKeys.Server(row));
        string[] arguments =
        [
            "--udp", "-p", server.Port.ToString(), "127.0.0.1", "--insecure", "--priority", GnuTlsNames.Priority(row, "+CTYPE-CLI-RAWPK:+CTYPE-SRV-RAWPK"),
            "--mtu", row.Mtu.ToString(), "--logfile", folder.PathOf("log"),
        ];
        using PeerProgram peer = PeerProgram.Start(true, "gnutls-cli", isMutual ? [.. arguments, .. RawKeys.Files(folder, Party.Client(row))] : arguments);
        server.AcceptAnyone(row.Suite);
        OurEnd.Echo(server, peer);
        CollectionAssert.AreEqual(isMutual ? Party.Client(row).Leaf.Key.PublicInfo : null, server.Association.PeerCertificates?[0]);
        peer.EndInput();
        server.ExpectClose();
    }

    [TestMethod]
    public void Our_server_refuses_gnutls_cli_whose_raw_public_key_it_does_not_know()
    {
        Row row = RawKeys.Row(isMutual: true);
        using WorkFolder folder = new();
        using TestServer server = new(RawKeys.Server(row));
        string[] arguments =
        [
            "--udp", "-p", server.Port.ToString(), "127.0.0.1", "--insecure", "--logfile", folder.PathOf("log"),
            "--priority", GnuTlsNames.Priority(row, "+CTYPE-CLI-RAWPK:+CTYPE-SRV-RAWPK"), .. RawKeys.Files(folder, Party.Impostor(row)),
        ];
        using PeerProgram peer = PeerProgram.Start(true, "gnutls-cli", arguments);
        Assert.AreEqual(DtlsError.UnknownCa, server.AcceptInVain().LastError);
    }

    [TestMethod]
    public void Gnutls_cli_reports_our_unknown_ca()
    {
        Row row = Row.Named(Plain);
        RefuseClient(row, OurEnd.Server(row, trusted: Party.Server(row)), Party.Client(row), DtlsError.UnknownCa, Alert.UnknownCa);
    }

    [TestMethod]
    public void Gnutls_cli_reports_our_certificate_expired()
    {
        Row row = Row.Named(Plain);
        Party expired = Party.Expired(CaKeyKind.P256);
        RefuseClient(row, OurEnd.Server(row, trusted: expired), expired, DtlsError.CertificateExpired, Alert.CertificateExpired);
    }

    [TestMethod]
    public void Gnutls_cli_refuses_our_server_whose_authority_it_does_not_know()
    {
        Row row = Row.Named(Plain);
        RefusedByClient(row, OurEnd.Server(row), Party.Client(row));
    }

    [TestMethod]
    public void Gnutls_cli_refuses_our_server_whose_certificate_has_expired()
    {
        Row row = Row.Named(Plain);
        Party expired = Party.Expired(CaKeyKind.P256);
        RefusedByClient(row, OurEnd.Server(row, own: expired), expired);
    }

    [TestMethod]
    public void Gnutls_cli_refuses_our_server_of_another_name()
    {
        Row row = Row.Named(Plain);
        RefusedByClient(row, OurEnd.Server(row), Party.Server(row), "another.test");
    }

    [TestMethod]
    public void Gnutls_serv_refuses_our_client_whose_authority_it_does_not_know()
    {
        Row row = Row.Named(Plain);
        RefusedByServer(row, Party.Impostor(row), Party.Client(row));
    }

    [TestMethod]
    public void Gnutls_serv_refuses_our_client_whose_certificate_has_expired()
    {
        Party expired = Party.Expired(CaKeyKind.P256);
        RefusedByServer(Row.Named(Plain), expired, expired);
    }

    private static void RefuseClient(Row row, DtlsOptions options, Party clientParty, DtlsError error, int alert)
    {
        using WorkFolder folder = new();
        using TestServer server = new(options);
        using PeerProgram peer = StartClient(row, folder, server.Port, Party.Server(row), clientParty);
        Association association = server.AcceptInVain();
        Assert.AreEqual(error, association.LastError);
        Assert.AreEqual(alert, association.AlertSent);
        peer.WaitForExit();
        StringAssert.Contains(File.ReadAllText(folder.PathOf("log")) + peer.Output, "Received alert [" + alert + "]");
    }

    /// <summary>GnuTLS has one alert, bad_certificate, for what its callback finds wrong.</summary>
    private static void RefusedByClient(Row row, DtlsOptions options, Party trusted, string name = Party.ServerName)
    {
        using WorkFolder folder = new();
        using TestServer server = new(options);
        using PeerProgram peer = StartClient(row, folder, server.Port, trusted, Party.Client(row), name);
        Association association = server.AcceptInVain();
        Assert.AreEqual(DtlsError.AlertReceived, association.LastError, peer.Output);
        Assert.AreEqual(Alert.BadCertificate, association.AlertReceived, peer.Output);
    }

    private static void RefusedByServer(Row row, Party own, Party trusted)
    {
        using WorkFolder folder = new();
        using PeerProgram peer = StartServer(row, folder, out int port, Party.Server(row), trusted);
        using TestClient client = new(OurEnd.Client(row, own: own), port);
        Association association = client.ConnectInVain();
        Assert.AreEqual(DtlsError.AlertReceived, association.LastError, peer.Output);
        Assert.AreEqual(Alert.AccessDenied, association.AlertReceived, peer.Output);
    }

    private static PeerProgram StartServer(Row row, WorkFolder folder, out int port, Party own, Party trusted)
    {
        port = FreePorts.Udp();
        own.WriteTo(folder, out string chain, out string key);
        string[] arguments =
        [
            "--udp", "--echo", "--crlf", "--quiet", "-p", port.ToString(), "--x509certfile", chain, "--x509keyfile", key, "--x509cafile", trusted.WriteRoot(folder),
            "--priority", GnuTlsNames.Priority(row), "--mtu", row.Mtu.ToString(),
        ];
        PeerProgram peer = PeerProgram.Start(false, "gnutls-serv", [.. arguments, .. row.IsMutual ? new[] { "--require-client-cert", "--verify-client-cert" } : ["--disable-client-cert"]]);
        peer.WaitForPort(port);
        return peer;
    }

    private static PeerProgram StartClient(Row row, WorkFolder folder, int port, Party trusted, Party own, string name = Party.ServerName)
    {
        List<string> arguments =
        [
            "--udp", "-p", port.ToString(), "127.0.0.1", "--x509cafile", trusted.WriteRoot(folder), "--sni-hostname", Party.ServerName, "--verify-hostname", name,
            "--priority", GnuTlsNames.Priority(row), "--mtu", row.Mtu.ToString(), "--logfile", folder.PathOf("log"),
        ];
        if (row.IsMutual)
        {
            own.WriteTo(folder, out string chain, out string key);
            arguments.AddRange(["--x509certfile", chain, "--x509keyfile", key]);
        }

        return PeerProgram.Start(true, "gnutls-cli", [.. arguments]);
    }
}
