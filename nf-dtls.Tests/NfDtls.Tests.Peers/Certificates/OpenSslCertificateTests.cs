using System;
using System.Collections.Generic;
using System.Linq;
using Microsoft.VisualStudio.TestTools.UnitTesting;
using NfDtls.Ecdhe;
using NfDtls.Extensions;
using NfDtls.Tests.Ca;
using NfDtls.Tests.Peers.Ends;
using NfDtls.Tests.Peers.Programs;

namespace NfDtls.Tests.Peers.Certificates;

/// <summary>openssl s_server and s_client with certificates.</summary>
[TestClass]
public sealed class OpenSslCertificateTests
{
    private const string Plain = "ecdsa P-256, CCM_8";
    private const string FourCertificates = "rsa SHA-256, GCM, chain of 4";
    private const string LongChain = "rsa SHA-384, GCM, P-384";

    // s_server has no suite for an Ed25519 key in DTLS, not even with s_client.
    public static IEnumerable<object[]> ClientRows => Row.Where(row => row.ForOurClient && !row.UsesEd25519);

    public static IEnumerable<object[]> ServerRows => Row.Where(row => row.ForOurServer);

    [TestMethod]
    [DynamicData(nameof(ClientRows))]
    public void Our_client_echoes_with_s_server_by_certificates(string name)
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
    public void Our_client_without_a_key_that_would_take_a_raw_public_key_echoes_with_s_server()
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
    public void Our_server_echoes_with_s_client_by_certificates(string name)
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
    public void Our_server_sends_its_chain_in_the_fragments_that_s_client_asks_for()
    {
        Row row = Row.Named(FourCertificates);
        using WorkFolder folder = new();
        DtlsOptions options = OurEnd.Server(row);
        options.Features = [new MaxFragmentLength()];
        using TestServer server = new(options);
        using PeerProgram peer = StartClient(row, folder, server.Port, Party.Server(row), Party.Client(row), "-maxfraglen", "512", "-verify_hostname", Party.ServerName);
        server.AcceptAnyone(row.Suite);
        Assert.IsTrue(server.Capture.Fragments(server.Port, HandshakeType.Certificate) >= 5, "The chain has more than 2,500 bytes.");
        server.Echo(20, 512);
        Assert.AreEqual(DtlsError.SessionClosed, server.Close(), peer.Output);
    }

    [TestMethod]
    public void Our_client_sends_its_certificate_to_s_server_in_the_fragments_that_it_asked_for()
    {
        Row row = Row.Named(FourCertificates);
        using WorkFolder folder = new();
        using PeerProgram peer = StartServer(row, folder, out int port, Party.Server(row), Party.Client(row));
        DtlsOptions options = OurEnd.Client(row);
        options.Features = [new MaxFragmentLength(512)];
        using TestClient client = new(options, port);
        client.Connect(row.Suite);
        Assert.IsTrue(client.Capture.Fragments(client.Port, HandshakeType.Certificate) >= 2, "The certificate has more than 500 bytes.");
        client.Echo(20, 512);
        Assert.AreEqual(DtlsError.SessionClosed, client.Close(), peer.Output);
    }

    [TestMethod]
    public void S_server_shows_a_chain_that_our_clients_list_of_signatures_in_certificates_allows()
    {
        Row row = Row.Named(Plain);
        using WorkFolder folder = new();
        using PeerProgram peer = StartServer(row, folder, out int port, Party.Server(row), Party.Client(row));
        DtlsOptions options = OurEnd.Client(row);
        SchemeTable certificates = new SchemeTable().Add(SignatureScheme.EcdsaSecp384r1Sha384).Add(SignatureScheme.EcdsaSecp256r1Sha256);
        EcdheExtensions extensions = new(new GroupTable().Add(NamedGroup.Secp256r1), SchemeTable.Constrained(), certificates);
        options.Suites = new CipherSuiteTable().Add(EcdheSuites.EcdsaAes128Ccm8(extensions));
        using TestClient client = new(options, port);
        client.Connect(row.Suite);
        OurEnd.Echo(client);
    }

    [TestMethod]
    [DataRow("ecdsa P-256, chain of 4 in small fragments")]
    [DataRow("rsa 4096 in small fragments")]
    public void Our_client_connects_to_s_server_over_losses(string name)
    {
        Row row = Row.Named(name);
        using WorkFolder folder = new();
        using PeerProgram peer = StartServer(row, folder, out int port, Party.Server(row), Party.Client(row));
        using TestClient client = new(Lossy.Options(OurEnd.Client(row)), port);
        Lossy.Check(client, () => client.Connect(row.Suite));
    }

    [TestMethod]
    [DataRow("ecdsa P-256, chain of 4 in small fragments")]
    [DataRow("rsa 4096 in small fragments")]
    public void Our_server_accepts_s_client_over_losses(string name)
    {
        Row row = Row.Named(name);
        using WorkFolder folder = new();
        using TestServer server = new(Lossy.Options(OurEnd.Server(row)));
        using PeerProgram peer = StartClient(row, folder, server.Port, Party.Server(row), Party.Client(row));
        Lossy.Check(server, () => server.AcceptAnyone(row.Suite));
    }

    [TestMethod]
    public void Our_client_with_default_options_takes_from_s_server_what_Ethernet_carries()
    {
        Row row = Row.Named(LongChain);
        using WorkFolder folder = new();
        using PeerProgram peer = StartServer(row, folder, out int port, Party.Server(row), Party.Client(row), "-mtu", "1472");
        using TestClient client = new(Default(row), port) { CutsDatagrams = true };
        client.Connect(row.Suite);
        Assert.IsTrue(client.Capture.Longest(port) is > 1232 and <= 1472, "s_server sends no such datagram: " + client.Capture.Longest(port));
        Assert.AreEqual(0, client.Association.Pending);
        OurEnd.Echo(client);
        Assert.AreEqual(DtlsError.SessionClosed, client.Close(), peer.Output);
    }

    [TestMethod]
    public void Our_client_says_that_the_datagrams_of_s_server_are_longer_than_its_buffer()
    {
        Row row = Row.Named(LongChain);
        using WorkFolder folder = new();
        using PeerProgram peer = StartServer(row, folder, out int port, Party.Server(row), Party.Client(row), "-mtu", "1472");
        DtlsOptions options = Default(row);
        options.ReceiveSize = 1232;
        options.RetransmitTimeout = 200;
        options.MaxRetransmits = 2;
        using TestClient client = new(options, port) { CutsDatagrams = true };
        Assert.AreEqual(DtlsError.DatagramTooLarge, client.ConnectInVain().LastError);
    }

    [TestMethod]
    public void Our_client_refuses_s_server_whose_authority_it_does_not_know()
    {
        ClientRefuses(Row.Named(Plain), row => OurEnd.Client(row, trusted: Party.Client(row)), Party.Server, DtlsError.UnknownCa, Alert.UnknownCa);
    }

    [TestMethod]
    public void Our_client_refuses_s_server_whose_certificate_has_expired()
    {
        Party expired = Party.Expired(CaKeyKind.P256);
        ClientRefuses(Row.Named(Plain), row => OurEnd.Client(row, trusted: expired), _ => expired, DtlsError.CertificateExpired, Alert.CertificateExpired);
    }

    [TestMethod]
    public void Our_client_refuses_s_server_of_another_name()
    {
        ClientRefuses(Row.Named(Plain), OptionsForAnother, Party.Server, DtlsError.CertificateNameMismatch, Alert.BadCertificate);
    }

    [TestMethod]
    public void S_server_refuses_our_client_whose_authority_it_does_not_know()
    {
        Row row = Row.Named(Plain);
        ServerRefuses(row, Party.Impostor(row), Party.Client(row), Alert.UnknownCa);
    }

    [TestMethod]
    public void Our_client_shows_s_server_no_certificate_that_none_of_its_authorities_issued()
    {
        Row row = Row.Named(Plain);
        ServerRefuses(row, Party.Client(row), Party.Server(row), Alert.HandshakeFailure);
    }

    [TestMethod]
    public void S_server_refuses_our_client_whose_certificate_has_expired()
    {
        Party expired = Party.Expired(CaKeyKind.P256);
        ServerRefuses(Row.Named(Plain), expired, expired, Alert.CertificateExpired);
    }

    [TestMethod]
    public void Our_server_refuses_s_client_whose_authority_it_does_not_know()
    {
        Row row = Row.Named(Plain);
        RefuseClient(row, OurEnd.Server(row, trusted: Party.Server(row)), Party.Client(row), DtlsError.UnknownCa, Alert.UnknownCa);
    }

    [TestMethod]
    public void Our_server_refuses_s_client_whose_certificate_has_expired()
    {
        Row row = Row.Named(Plain);
        Party expired = Party.Expired(CaKeyKind.P256);
        RefuseClient(row, OurEnd.Server(row, trusted: expired), expired, DtlsError.CertificateExpired, Alert.CertificateExpired);
    }

    [TestMethod]
    public void Our_server_refuses_s_client_without_a_certificate()
    {
        Row row = Row.Named(Plain);
        RefuseClient(row, OurEnd.Server(row), null, DtlsError.CertificateMissing, Alert.HandshakeFailure);
    }

    [TestMethod]
    public void Our_server_that_only_asks_goes_on_with_s_client_without_a_certificate()
    {
        Row row = Row.Named(Plain);
        DtlsOptions options = OurEnd.Server(row);
        options.ClientCertificates = ClientCertificates.Request;
        using WorkFolder folder = new();
        using TestServer server = new(options);
        using PeerProgram peer = StartClient(row, folder, server.Port, Party.Server(row), null);
        server.AcceptAnyone(row.Suite);
        OurEnd.Echo(server);
        Assert.IsNull(server.Association.PeerCertificates);
    }

    [TestMethod]
    public void S_client_refuses_our_server_whose_authority_it_does_not_know()
    {
        Row row = Row.Named(Plain);
        ClientRefusesUs(row, OurEnd.Server(row), Party.Client(row), Alert.UnknownCa);
    }

    [TestMethod]
    public void S_client_refuses_our_server_whose_certificate_has_expired()
    {
        Row row = Row.Named(Plain);
        Party expired = Party.Expired(CaKeyKind.P256);
        ClientRefusesUs(row, OurEnd.Server(row, own: expired), expired, Alert.CertificateExpired);
    }

    [TestMethod]
    public void S_client_refuses_our_server_of_another_name()
    {
        Row row = Row.Named(Plain);
        ClientRefusesUs(row, OurEnd.Server(row), Party.Server(row), Alert.BadCertificate, "-verify_hostname", "another.test");
    }

    /// <summary>Default options but for what names the two ends and what they speak.</summary>
    private static DtlsOptions Default(Row row)
    {
        DtlsOptions ours = OurEnd.Client(row);
        return new DtlsOptions { Crypto = ours.Crypto, Suites = ours.Suites, Authenticator = ours.Authenticator, ServerName = ours.ServerName, MaxFlight = ours.MaxFlight };
    }

    private static DtlsOptions OptionsForAnother(Row row)
    {
        DtlsOptions options = OurEnd.Client(row);
        options.ServerName = "another.test";
        return options;
    }

    private static void ClientRefuses(Row row, Func<Row, DtlsOptions> options, Func<Row, Party> server, DtlsError error, int alert)
    {
        using WorkFolder folder = new();
        using PeerProgram peer = StartServer(row, folder, out int port, server(row), Party.Client(row));
        using TestClient client = new(options(row), port);
        Association association = client.ConnectInVain();
        Assert.AreEqual(error, association.LastError);
        Assert.AreEqual(alert, association.AlertSent);
        peer.WaitForOutput("alert number " + alert);
    }

    private static void ServerRefuses(Row row, Party own, Party trusted, int alert)
    {
        using WorkFolder folder = new();
        using PeerProgram peer = StartServer(row, folder, out int port, Party.Server(row), trusted);
        using TestClient client = new(OurEnd.Client(row, own: own), port);
        Association association = client.ConnectInVain();
        Assert.AreEqual(DtlsError.AlertReceived, association.LastError, peer.Output);
        Assert.AreEqual(alert, association.AlertReceived, peer.Output);
    }

    private static void RefuseClient(Row row, DtlsOptions options, Party? clientParty, DtlsError error, int alert)
    {
        using WorkFolder folder = new();
        using TestServer server = new(options);
        using PeerProgram peer = StartClient(row, folder, server.Port, Party.Server(row), clientParty);
        Association association = server.AcceptInVain();
        Assert.AreEqual(error, association.LastError);
        Assert.AreEqual(alert, association.AlertSent);
        peer.WaitForOutput("alert number " + alert);
    }

    private static void ClientRefusesUs(Row row, DtlsOptions options, Party trusted, int alert, params string[] more)
    {
        using WorkFolder folder = new();
        using TestServer server = new(options);
        using PeerProgram peer = StartClient(row, folder, server.Port, trusted, Party.Client(row), more);
        Association association = server.AcceptInVain();
        Assert.AreEqual(DtlsError.AlertReceived, association.LastError, peer.Output);
        Assert.AreEqual(alert, association.AlertReceived, peer.Output);
    }

    private static PeerProgram StartServer(Row row, WorkFolder folder, out int port, Party own, Party trusted, params string[] more)
    {
        port = FreePorts.Udp();
        own.WriteTo(folder, out string chain, out string key);
        string[] arguments =
        [
            "s_server", "-dtls1_2", "-accept", "127.0.0.1:" + port, "-cert", chain, "-cert_chain", chain, "-key", key, "-CAfile", trusted.WriteRoot(folder),
            "-verify_return_error", .. Common(row), .. more,
        ];
        PeerProgram peer = PeerProgram.Start(true, "openssl", row.IsMutual ? [.. arguments, "-Verify", "5"] : arguments);
        peer.WaitForPort(port);
        return peer;
    }

    private static PeerProgram StartClient(Row row, WorkFolder folder, int port, Party trusted, Party? own, params string[] more)
    {
        List<string> arguments =
        [
            "s_client", "-dtls1_2", "-connect", "127.0.0.1:" + port, "-CAfile", trusted.WriteRoot(folder), "-verify", "5", "-verify_return_error",
            "-servername", Party.ServerName, "-no_ign_eof", "-nocommands", .. Common(row),
        ];
        arguments.AddRange(more.Length > 0 ? more : ["-verify_hostname", Party.ServerName]);
        if (row.IsMutual && own != null)
        {
            own.WriteTo(folder, out string chain, out string key);
            arguments.AddRange(["-cert", chain, "-cert_chain", chain, "-key", key]);
        }

        return PeerProgram.Start(true, "openssl", [.. arguments]);
    }

    private static string[] Common(Row row)
    {
        string groups = string.Join(':', row.Groups.Select(OfGroup));
        string schemes = string.Join(':', row.Schemes.Select(OfScheme));
        string[] arguments = ["-cipher", row.Peer.OpenSsl + ":@SECLEVEL=0", "-curves", groups, "-sigalgs", schemes, "-quiet", "-timeout"];
        return row.Mtu < 1000 ? [.. arguments, "-mtu", Math.Max(row.Mtu, 256).ToString()] : arguments;
    }

    private static string OfGroup(int group)
    {
        return group switch
        {
            NamedGroup.Secp256r1 => "P-256",
            NamedGroup.Secp384r1 => "P-384",
            NamedGroup.Secp521r1 => "P-521",
            _ => "X25519",
        };
    }

    private static string OfScheme(int scheme)
    {
        return scheme switch
        {
            SignatureScheme.EcdsaSecp256r1Sha256 => "ECDSA+SHA256",
            SignatureScheme.EcdsaSecp384r1Sha384 => "ECDSA+SHA384",
            SignatureScheme.RsaPkcs1Sha256 => "RSA+SHA256",
            SignatureScheme.RsaPkcs1Sha384 => "RSA+SHA384",
            SignatureScheme.RsaPkcs1Sha512 => "RSA+SHA512",
            SignatureScheme.EcdsaSecp521r1Sha512 => "ECDSA+SHA512",
            SignatureScheme.RsaPssRsaeSha256 => "rsa_pss_rsae_sha256",
            SignatureScheme.RsaPssRsaeSha384 => "rsa_pss_rsae_sha384",
            SignatureScheme.RsaPssRsaeSha512 => "rsa_pss_rsae_sha512",
            _ => "ed25519",
        };
    }
}
