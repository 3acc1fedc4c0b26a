using System;
using System.Collections.Generic;
using System.Linq;
using Microsoft.VisualStudio.TestTools.UnitTesting;
using NfDtls.Tests.Ca;
using NfDtls.Tests.Peers.Ends;
using NfDtls.Tests.Peers.Mbed;
using NfDtls.Tests.Peers.Programs;

namespace NfDtls.Tests.Peers.Certificates;

/// <summary>mbedTLS 2.28 with certificates. It has neither Ed25519 nor, in DTLS 1.2, RSA-PSS.</summary>
[TestClass]
public sealed class MbedCertificateTests
{
    private const string Plain = "ecdsa P-256, CCM_8";

    public static IEnumerable<object[]> ClientRows => Row.Where(row => row.ForOurClient && !row.UsesPss && !row.UsesEd25519);

    public static IEnumerable<object[]> ServerRows => Row.Where(row => row.ForOurServer && !row.UsesPss && !row.UsesEd25519);

    [TestMethod]
    [DynamicData(nameof(ClientRows))]
    public void Our_client_echoes_with_an_mbedTLS_server(string name)
    {
        Row row = Row.Named(name);
        using WorkFolder folder = new();
        using PeerProgram peer = StartServer(row, folder, out int port, Party.Server(row), Party.Client(row));
        using TestClient client = new(OurEnd.Client(row), port);
        client.Connect(row.Suite);
        OurEnd.Echo(client);
        CollectionAssert.AreEqual(Party.Server(row).Leaf.Der, client.Association.PeerCertificates[0]);
        Assert.AreEqual(DtlsError.SessionClosed, client.Close(), peer.Output);
    }

    /// <summary>Its hello lists raw public keys of both ends, of which it knows nothing.</summary>
    [TestMethod]
    public void Our_client_without_a_key_that_would_take_a_raw_public_key_echoes_with_an_mbedTLS_server()
    {
        Row row = RawKeys.Row(isMutual: false);
        using WorkFolder folder = new();
        using PeerProgram peer = StartServer(row, folder, out int port, Party.Server(row), Party.Client(row));
        using TestClient client = new(RawKeys.Keyless(row, takesCertificates: true), port);
        client.Connect(row.Suite);
        OurEnd.Echo(client);
        CollectionAssert.AreEqual(Party.Server(row).Leaf.Der, client.Association.PeerCertificates[0]);
    }

    [TestMethod]
    [DynamicData(nameof(ServerRows))]
    public void Our_server_echoes_with_an_mbedTLS_client(string name)
    {
        Row row = Row.Named(name);
        using WorkFolder folder = new();
        using TestServer server = new(OurEnd.Server(row));
        using PeerProgram peer = StartClient(row, folder, server.Port, Party.Server(row), Party.Client(row));
        server.AcceptAnyone(row.Suite);
        OurEnd.Echo(server);
        CollectionAssert.AreEqual(row.IsMutual ? Party.Client(row).Leaf.Der : null, server.Association.PeerCertificates?[0]);
        Assert.AreEqual(DtlsError.SessionClosed, server.Close(), peer.Output);
    }

    [TestMethod]
    [DataRow("ecdsa P-256, chain of 4 in small fragments")]
    [DataRow("rsa SHA-256, GCM, chain of 4")]
    public void Our_client_connects_to_an_mbedTLS_server_over_losses(string name)
    {
        Row row = Row.Named(name);
        using WorkFolder folder = new();
        using PeerProgram peer = StartServer(row, folder, out int port, Party.Server(row), Party.Client(row));
        using TestClient client = new(Lossy.Options(OurEnd.Client(row)), port);
        Lossy.Check(client, () => client.Connect(row.Suite));
    }

    [TestMethod]
    [DataRow("ecdsa P-256, chain of 4 in small fragments")]
    [DataRow("rsa SHA-256, GCM, chain of 4")]
    public void Our_server_accepts_an_mbedTLS_client_over_losses(string name)
    {
        Row row = Row.Named(name);
        using WorkFolder folder = new();
        using TestServer server = new(Lossy.Options(OurEnd.Server(row)));
        using PeerProgram peer = StartClient(row, folder, server.Port, Party.Server(row), Party.Client(row));
        Lossy.Check(server, () => server.AcceptAnyone(row.Suite));
    }

    [TestMethod]
    public void MbedTLS_reports_what_our_client_refuses_its_server_for()
    {
        Row row = Row.Named(Plain);
        Party expired = Party.Expired(CaKeyKind.P256);
        DtlsOptions another = OurEnd.Client(row);
        another.ServerName = "another.test";
        OurClientRefuses(row, OurEnd.Client(row, trusted: Party.Client(row)), Party.Server(row), DtlsError.UnknownCa, Alert.UnknownCa);
        OurClientRefuses(row, OurEnd.Client(row, trusted: expired), expired, DtlsError.CertificateExpired, Alert.CertificateExpired);
        OurClientRefuses(row, another, Party.Server(row), DtlsError.CertificateNameMismatch, Alert.BadCertificate);
    }

    [TestMethod]
    public void MbedTLS_reports_what_our_server_refuses_its_client_for()
    {
        Row row = Row.Named(Plain);
        Party expired = Party.Expired(CaKeyKind.P256);
        OurServerRefuses(row, OurEnd.Server(row, trusted: Party.Server(row)), Party.Client(row), DtlsError.UnknownCa, Alert.UnknownCa);
        OurServerRefuses(row, OurEnd.Server(row, trusted: expired), expired, DtlsError.CertificateExpired, Alert.CertificateExpired);
        OurServerRefuses(row, OurEnd.Server(row), null, DtlsError.CertificateMissing, Alert.HandshakeFailure);
    }

    [TestMethod]
    public void Our_server_sees_what_mbedTLS_refuses_it_for()
    {
        Row row = Row.Named(Plain);
        Party expired = Party.Expired(CaKeyKind.P256);
        RefusedByClient(row, OurEnd.Server(row), Party.Client(row), Party.ServerName, Alert.UnknownCa);
        RefusedByClient(row, OurEnd.Server(row, own: expired), expired, Party.ServerName, Alert.CertificateExpired);
        RefusedByClient(row, OurEnd.Server(row), Party.Server(row), "another.test", Alert.BadCertificate);
    }

    [TestMethod]
    public void Our_client_sees_what_mbedTLS_refuses_it_for()
    {
        Row row = Row.Named(Plain);
        Party expired = Party.Expired(CaKeyKind.P256);
        RefusedByServer(row, Party.Impostor(row), Party.Client(row), Alert.UnknownCa);
        RefusedByServer(row, expired, expired, Alert.CertificateExpired);
    }

    private static void OurClientRefuses(Row row, DtlsOptions options, Party own, DtlsError error, int alert)
    {
        using WorkFolder folder = new();
        using PeerProgram peer = StartServer(row, folder, out int port, own, Party.Client(row));
        using TestClient client = new(options, port);
        Assert.AreEqual(error, client.ConnectInVain().LastError);
        peer.WaitForOutput("alert " + alert + " received");
    }

    private static void OurServerRefuses(Row row, DtlsOptions options, Party? own, DtlsError error, int alert)
    {
        using WorkFolder folder = new();
        using TestServer server = new(options);
        using PeerProgram peer = StartClient(row, folder, server.Port, Party.Server(row), own);
        Assert.AreEqual(error, server.AcceptInVain().LastError);
        peer.WaitForOutput("alert " + alert + " received");
    }

    private static void RefusedByClient(Row row, DtlsOptions options, Party trusted, string name, int alert)
    {
        using WorkFolder folder = new();
        using TestServer server = new(options);
        using PeerProgram peer = StartClient(row, folder, server.Port, trusted, Party.Client(row), name);
        Assert.AreEqual(alert, server.AcceptInVain().AlertReceived, peer.Output);
    }

    private static void RefusedByServer(Row row, Party own, Party trusted, int alert)
    {
        using WorkFolder folder = new();
        using PeerProgram peer = StartServer(row, folder, out int port, Party.Server(row), trusted);
        using TestClient client = new(OurEnd.Client(row, own: own), port);
        Assert.AreEqual(alert, client.ConnectInVain().AlertReceived, peer.Output);
    }

    private static PeerProgram StartServer(Row row, WorkFolder folder, out int port, Party own, Party trusted)
    {
        port = FreePorts.Udp();
        own.WriteTo(folder, out string chain, out string key);
        PeerProgram peer = MbedProgram.Start([.. Begin("server", port, row), row.IsMutual ? trusted.WriteRoot(folder) : "-", chain, key, "-"]);
        peer.WaitForPort(port);
        return peer;
    }

    private static PeerProgram StartClient(Row row, WorkFolder folder, int port, Party trusted, Party? own, string name = Party.ServerName)
    {
        string chain = "-";
        string key = "-";
        if (row.IsMutual)
        {
            own?.WriteTo(folder, out chain, out key);
        }

        return MbedProgram.Start([.. Begin("client", port, row), trusted.WriteRoot(folder), chain, key, name]);
    }

    private static string[] Begin(string role, int port, Row row)
    {
        string curve = row.Groups[0] switch
        {
            NamedGroup.Secp256r1 => "secp256r1",
            NamedGroup.Secp384r1 => "secp384r1",
            NamedGroup.Secp521r1 => "secp521r1",
            _ => "x25519",
        };
        return [role, port.ToString(), row.Peer.Mbed, curve, row.Mtu.ToString()];
    }
}
