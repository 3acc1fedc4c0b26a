using System.IO;
using Microsoft.VisualStudio.TestTools.UnitTesting;
using NfDtls.Tests.Peers.Ends;
using NfDtls.Tests.Peers.Programs;

namespace NfDtls.Tests.Peers;

/// <summary>Against gnutls-serv and gnutls-cli.</summary>
[TestClass]
public sealed class GnuTlsTests
{
    private const int ClientHello = 1;
    private const string WithoutExtendedMasterSecret = ":%NO_SESSION_HASH";

    [TestMethod]
    [DataRow("AES_128_CCM_8")]
    [DataRow("AES_128_CCM")]
    [DataRow("AES_128_GCM_SHA256")]
    [DataRow("AES_256_GCM_SHA384")]
    [DataRow("AES_128_CBC_SHA256")]
    [DataRow("CHACHA20_POLY1305_SHA256")]
    [DataRow("ECDHE_AES_128_CBC_SHA256")]
    [DataRow("ECDHE_CHACHA20_POLY1305_SHA256")]
    public void Our_client_echoes_with_gnutls_serv_which_does_not_answer_close_notify(string name)
    {
        TestSuite suite = TestSuite.Named(name);
        int port = FreePorts.Udp();
        using WorkFolder folder = new();
        using PeerProgram peer = StartServer(folder, port, Priority(suite));
        using TestClient client = new(suite.Options(), port);
        client.Connect(suite.Suite);
        client.Echo();
        Assert.AreEqual(DtlsError.CloseFail, client.CloseInVain());
    }

    // Without ECDHE_PSK, by which gnutls-cli 3.7.9 crashes with gnutls-serv, too.
    [TestMethod]
    [DataRow("AES_128_CCM_8")]
    [DataRow("AES_128_CCM")]
    [DataRow("AES_128_GCM_SHA256")]
    [DataRow("AES_256_GCM_SHA384")]
    [DataRow("AES_128_CBC_SHA256")]
    [DataRow("CHACHA20_POLY1305_SHA256")]
    public void Our_server_echoes_with_gnutls_cli_and_sees_it_close(string name)
    {
        TestSuite suite = TestSuite.Named(name);
        using WorkFolder folder = new();
        using TestServer server = new(suite.Options());
        using PeerProgram peer = StartClient(folder, server.Port, Priority(suite), "--mtu", "1500");
        server.Accept(suite.Suite);
        server.Echo(peer);
        peer.EndInput();
        server.ExpectClose();
        peer.WaitForExit();
    }

    [TestMethod]
    public void Our_server_closes_on_gnutls_cli_which_does_not_answer()
    {
        TestSuite suite = TestSuite.Named("AES_128_CCM_8");
        using WorkFolder folder = new();
        using TestServer server = new(suite.Options());
        using PeerProgram peer = StartClient(folder, server.Port, Priority(suite), "--mtu", "1500");
        server.Accept(suite.Suite);
        Assert.AreEqual(DtlsError.CloseFail, server.CloseInVain());
        peer.WaitForExit();
    }

    [TestMethod]
    [DataRow("NORMAL:-KX-ALL:+PSK:+ECDHE-PSK:+DHE-PSK:+RSA-PSK:-VERS-ALL:+VERS-DTLS1.2", 2, DisplayName = "the second ClientHello")]
    [DataRow("NORMAL:+PSK:-VERS-ALL:+VERS-DTLS1.2", 4, DisplayName = "both ClientHellos")]
    public void Our_server_answers_a_client_hello_in_two_fragments(string priority, int fragments)
    {
        TestSuite suite = TestSuite.Named("AES_128_GCM_SHA256");
        using WorkFolder folder = new();
        using TestServer server = new(suite.Options());
        using PeerProgram peer = StartClient(folder, server.Port, priority, "--mtu", "228");
        server.Accept(suite.Suite);
        int clientPort = (server.Association.PeerAddress[4] << 8) | server.Association.PeerAddress[5];
        Assert.AreEqual(fragments, server.Capture.Fragments(clientPort, ClientHello));
        peer.EchoInPiecesOf(TestSuite.Data.Length);
        server.Send(TestSuite.Data);
        CollectionAssert.AreEqual(TestSuite.Data, server.Receive());
        peer.EndInput();
        server.ExpectClose();
    }

    [TestMethod]
    public void Our_client_echoes_with_gnutls_serv_without_extended_master_secret()
    {
        TestSuite suite = TestSuite.Named("AES_256_GCM_SHA384");
        int port = FreePorts.Udp();
        using WorkFolder folder = new();
        using PeerProgram peer = StartServer(folder, port, Priority(suite) + WithoutExtendedMasterSecret);
        using TestClient client = new(suite.Options(), port);
        client.Connect(suite.Suite);
        Assert.AreEqual(0, client.Association.Flags & HandshakeFlags.ExtendedMasterSecret);
        client.Echo();
    }

    [TestMethod]
    public void Our_server_echoes_with_gnutls_cli_without_extended_master_secret()
    {
        TestSuite suite = TestSuite.Named("AES_256_GCM_SHA384");
        using WorkFolder folder = new();
        using TestServer server = new(suite.Options());
        using PeerProgram peer = StartClient(folder, server.Port, Priority(suite) + WithoutExtendedMasterSecret, "--mtu", "1500");
        server.Accept(suite.Suite);
        Assert.AreEqual(0, server.Association.Flags & HandshakeFlags.ExtendedMasterSecret);
        server.Echo(peer);
    }

    [TestMethod]
    public void Our_client_that_requires_extended_master_secret_refuses_a_gnutls_serv_without()
    {
        TestSuite suite = TestSuite.Named("AES_128_CCM_8");
        int port = FreePorts.Udp();
        DtlsOptions options = suite.Options();
        options.RequireExtendedMasterSecret = true;
        using WorkFolder folder = new();
        using PeerProgram peer = StartServer(folder, port, Priority(suite) + WithoutExtendedMasterSecret);
        using TestClient client = new(options, port);
        Assert.AreEqual(DtlsError.InsufficientSecurity, client.ConnectInVain().LastError);
    }

    [TestMethod]
    public void Our_server_that_requires_extended_master_secret_refuses_a_gnutls_cli_without()
    {
        TestSuite suite = TestSuite.Named("AES_128_CCM_8");
        DtlsOptions options = suite.Options();
        options.RequireExtendedMasterSecret = true;
        using WorkFolder folder = new();
        using TestServer server = new(options);
        using PeerProgram peer = StartClient(folder, server.Port, Priority(suite) + WithoutExtendedMasterSecret);
        Assert.AreEqual(DtlsError.InsufficientSecurity, server.AcceptInVain().LastError);
    }

    [TestMethod]
    public void Our_client_shows_gnutls_serv_an_identity_that_is_no_text()
    {
        TestSuite suite = TestSuite.Named("AES_128_CCM_8");
        int port = FreePorts.Udp();
        using WorkFolder folder = new();
        using PeerProgram peer = StartServer(folder, port, Priority(suite), "#" + BinaryIdentity.Hex);
        using TestClient client = new(BinaryIdentity.Options(suite), port);
        client.Connect(suite.Suite);
        client.Echo();
        CollectionAssert.AreEqual(BinaryIdentity.Bytes, client.Association.PskIdentity);
    }

    [TestMethod]
    public void A_full_server_tells_gnutls_cli_so_and_goes_on_with_the_other()
    {
        TestSuite suite = TestSuite.Named("AES_128_CCM_8");
        using WorkFolder folder = new();
        DtlsOptions options = suite.Options();
        options.MaxSessions = 1;
        using TestServer server = new(options);
        using PeerProgram first = StartClient(folder, server.Port, Priority(suite));
        server.Accept(suite.Suite);
        using PeerProgram second = StartClient(folder, server.Port, Priority(suite));

        // It asks again before it believes an alert in the clear.
        Assert.IsTrue(server.Run(() => server.Refused > 1), second.Output);
        StringAssert.Contains(second.WaitForExit() + File.ReadAllText(folder.PathOf("log")), "Received alert [90]");
        server.Echo(10, 100, first);
    }

    [TestMethod]
    public void Our_server_knows_gnutls_cli_by_an_identity_that_is_no_text()
    {
        TestSuite suite = TestSuite.Named("AES_128_CCM_8");
        using WorkFolder folder = new();
        using TestServer server = new(BinaryIdentity.Options(suite));
        using PeerProgram peer = BinaryIdentity.Start(
            true, "gnutls-cli", "--pskusername", ClientArguments(folder, server.Port, Priority(suite)), "--mtu", "1500");
        server.AcceptAnyone(suite.Suite);
        CollectionAssert.AreEqual(BinaryIdentity.Bytes, server.Association.PskIdentity);
        server.Echo(peer);
        peer.EndInput();
        server.ExpectClose();
    }

    private static PeerProgram StartServer(WorkFolder folder, int port, string priority, string identity = TestSuite.Identity)
    {
        string keys = folder.Write("keys", identity + ":" + TestSuite.KeyHex + "\n");
        PeerProgram peer = PeerProgram.Start(
            false, "gnutls-serv", "--udp", "--echo", "--crlf", "--quiet", "-p", port.ToString(), "--pskpasswd", keys, "--priority", priority);
        peer.WaitForPort(port);
        return peer;
    }

    private static PeerProgram StartClient(WorkFolder folder, int port, string priority, params string[] more)
    {
        return PeerProgram.Start(true, "gnutls-cli", [.. ClientArguments(folder, port, priority), .. more]);
    }

    private static string[] ClientArguments(WorkFolder folder, int port, string priority)
    {
        return
        [
            "--udp", "-p", port.ToString(), "127.0.0.1", "--pskusername", TestSuite.Identity, "--pskkey", TestSuite.KeyHex,
            "--priority", priority, "--logfile", folder.PathOf("log"),
        ];
    }

    private static string Priority(TestSuite suite)
    {
        return "NONE:+VERS-DTLS1.2:+PSK:" + suite.GnuTls + ":+SIGN-ALL:+COMP-NULL";
    }
}
