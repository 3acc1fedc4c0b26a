using Microsoft.VisualStudio.TestTools.UnitTesting;
using NfDtls.Tests.Peers.Ends;
using NfDtls.Tests.Peers.Programs;

[assembly: DoNotParallelize]

namespace NfDtls.Tests.Peers;

/// <summary>Against openssl s_server and s_client.</summary>
[TestClass]
public sealed class OpenSslTests
{
    private const int HelloVerifyRequest = 3;
    private const int ServerKeyExchange = 12;
    private const int ClientKeyExchange = 16;
    private const int DatagramWithoutMtu = 228;
    private const string OtherKey = "00112233";

    [TestMethod]
    [DataRow("AES_128_CCM_8")]
    [DataRow("AES_128_CCM")]
    [DataRow("AES_128_GCM_SHA256")]
    [DataRow("AES_256_GCM_SHA384")]
    [DataRow("AES_128_CBC_SHA256")]
    [DataRow("CHACHA20_POLY1305_SHA256")]
    [DataRow("ECDHE_AES_128_CBC_SHA256")]
    [DataRow("ECDHE_CHACHA20_POLY1305_SHA256")]
    public void Our_client_echoes_with_s_server_and_closes(string name)
    {
        TestSuite suite = TestSuite.Named(name);
        int port = FreePorts.Udp();
        using PeerProgram peer = StartServer(suite, port);
        using TestClient client = new(suite.Options(), port);
        client.Connect(suite.Suite);
        client.Echo();
        Assert.AreEqual(DtlsError.SessionClosed, client.Close(), peer.Output);
        Assert.AreEqual(Alert.CloseNotify, client.Association.AlertReceived);
    }

    [TestMethod]
    [DataRow("AES_128_CCM_8")]
    [DataRow("AES_128_CCM")]
    [DataRow("AES_128_GCM_SHA256")]
    [DataRow("AES_256_GCM_SHA384")]
    [DataRow("AES_128_CBC_SHA256")]
    [DataRow("CHACHA20_POLY1305_SHA256")]
    [DataRow("ECDHE_AES_128_CBC_SHA256")]
    [DataRow("ECDHE_CHACHA20_POLY1305_SHA256")]
    public void Our_server_echoes_with_s_client_and_closes(string name)
    {
        TestSuite suite = TestSuite.Named(name);
        using TestServer server = new(suite.Options());
        using PeerProgram peer = StartClient(suite, server.Port);
        server.Accept(suite.Suite);
        server.Echo();
        Assert.AreEqual(DtlsError.SessionClosed, server.Close(), peer.Output);
        Assert.AreEqual(Alert.CloseNotify, server.Association.AlertReceived);
    }

    [TestMethod]
    public void A_full_server_tells_s_client_so_and_goes_on_with_the_other()
    {
        TestSuite suite = TestSuite.Named("AES_128_CCM_8");
        DtlsOptions options = suite.Options();
        options.MaxSessions = 1;
        using TestServer server = new(options);
        using PeerProgram first = StartClient(suite, server.Port);
        server.Accept(suite.Suite);
        using PeerProgram second = StartClient(suite, server.Port);
        Assert.IsTrue(server.Run(() => server.Refused > 0), second.Output);
        StringAssert.Contains(second.WaitForExit(), "alert number 90");
        server.Echo(10, 100, first);
    }

    [TestMethod]
    public void Our_server_sees_s_client_close()
    {
        TestSuite suite = TestSuite.Named("AES_128_CCM_8");
        using TestServer server = new(suite.Options());
        using PeerProgram peer = StartClient(suite, server.Port);
        server.Accept(suite.Suite);
        peer.EndInput();
        server.ExpectClose();
        peer.WaitForExit();
    }

    [TestMethod]
    public void Our_client_answers_the_cookie_of_s_server()
    {
        TestSuite suite = TestSuite.Named("AES_128_GCM_SHA256");
        int port = FreePorts.Udp();
        using PeerProgram peer = StartServer(suite, port, "-listen");
        using TestClient client = new(suite.Options(), port);
        client.Connect(suite.Suite);
        Assert.AreEqual(1, client.Capture.Messages(port, HelloVerifyRequest), "s_server asked for no cookie.");
        client.Echo();
        Assert.AreEqual(DtlsError.SessionClosed, client.Close(), peer.Output);
    }

    [TestMethod]
    public void Our_client_reassembles_what_s_server_fragments()
    {
        TestSuite suite = TestSuite.Named("AES_128_CCM_8");
        int port = FreePorts.Udp();
        using PeerProgram peer = StartServer(suite, port, "-psk_hint", new string('h', 128));
        using TestClient client = new(suite.Options(), port);
        client.Connect(suite.Suite);
        Assert.IsTrue(client.Capture.Fragments(port, ServerKeyExchange) >= 2, "s_server sent its ServerKeyExchange whole.");
        Assert.IsTrue(client.Capture.Longest(port) <= DatagramWithoutMtu, "s_server sent " + client.Capture.Longest(port) + " bytes at once.");
        Assert.AreEqual(DtlsError.SessionClosed, client.Close(), peer.Output);
    }

    [TestMethod]
    [DataRow(true)]
    [DataRow(false)]
    public void Our_client_echoes_with_s_server_with_and_without_encrypt_then_MAC(bool encryptThenMac)
    {
        TestSuite suite = TestSuite.Named("AES_128_CBC_SHA256");
        int port = FreePorts.Udp();
        using PeerProgram peer = StartServer(suite, port, encryptThenMac ? [] : ["-no_etm"]);
        using TestClient client = new(suite.Options(), port);
        client.Connect(suite.Suite);
        Assert.AreEqual(encryptThenMac, (client.Association.Flags & HandshakeFlags.EncryptThenMac) != 0);
        Assert.AreNotEqual(0, client.Association.Flags & HandshakeFlags.ExtendedMasterSecret);
        Assert.AreNotEqual(0, client.Association.Flags & HandshakeFlags.SecureRenegotiation);
        client.Echo();
        Assert.AreEqual(DtlsError.SessionClosed, client.Close(), peer.Output);
    }

    [TestMethod]
    [DataRow(true)]
    [DataRow(false)]
    public void Our_server_echoes_with_s_client_with_and_without_encrypt_then_MAC(bool encryptThenMac)
    {
        TestSuite suite = TestSuite.Named("AES_128_CBC_SHA256");
        using TestServer server = new(suite.Options());
        using PeerProgram peer = StartClient(suite, server.Port, encryptThenMac ? [] : ["-no_etm"]);
        server.Accept(suite.Suite);
        Assert.AreEqual(encryptThenMac, (server.Association.Flags & HandshakeFlags.EncryptThenMac) != 0);
        Assert.AreNotEqual(0, server.Association.Flags & HandshakeFlags.ExtendedMasterSecret);
        Assert.AreNotEqual(0, server.Association.Flags & HandshakeFlags.SecureRenegotiation);
        server.Echo();
        Assert.AreEqual(DtlsError.SessionClosed, server.Close(), peer.Output);
    }

    [TestMethod]
    public void Our_client_runs_out_of_time_with_an_s_server_of_another_key()
    {
        TestSuite suite = TestSuite.Named("AES_128_CCM_8");
        int port = FreePorts.Udp();
        using PeerProgram peer = StartServer(suite, port, "-psk", OtherKey);
        using TestClient client = new(suite.Options(), port);
        client.Leaps = () => client.Capture.Messages(client.Port, ClientKeyExchange) > 0;
        Assert.AreEqual(DtlsError.Timeout, client.ConnectInVain().LastError);
    }

    [TestMethod]
    public void Our_server_suspects_another_key_of_s_client()
    {
        TestSuite suite = TestSuite.Named("AES_128_CCM_8");
        using TestServer server = new(suite.Options());
        using PeerProgram peer = StartClient(suite, server.Port, "-psk", OtherKey);
        server.Leaps = () => server.Forged > 0;
        Assert.AreEqual(DtlsError.KeyMismatchSuspected, server.AcceptInVain().LastError);
    }

    [TestMethod]
    public void Our_server_tells_s_client_that_it_does_not_know_an_identity()
    {
        TestSuite suite = TestSuite.Named("AES_128_CCM_8");
        using TestServer server = new(suite.Options());
        using PeerProgram peer = StartClient(suite, server.Port, "-psk_identity", "stranger");
        Association association = server.AcceptInVain();
        Assert.AreEqual(DtlsError.UnknownPskIdentity, association.LastError);
        Assert.AreEqual(Alert.UnknownPskIdentity, association.AlertSent);
        StringAssert.Contains(peer.WaitForExit(), "alert number 115");
    }

    [TestMethod]
    public void Our_client_shows_s_server_an_identity_that_is_no_text()
    {
        TestSuite suite = TestSuite.Named("AES_128_CCM_8");
        int port = FreePorts.Udp();
        using PeerProgram peer = StartServer(suite, port);
        using TestClient client = new(BinaryIdentity.Options(suite), port);
        client.Connect(suite.Suite);
        client.Echo();
        CollectionAssert.AreEqual(BinaryIdentity.Bytes, client.Association.PskIdentity);
        Assert.AreEqual(DtlsError.SessionClosed, client.Close(), peer.Output);
    }

    [TestMethod]
    public void Our_server_knows_s_client_by_an_identity_that_is_no_text()
    {
        TestSuite suite = TestSuite.Named("AES_128_CCM_8");
        using TestServer server = new(BinaryIdentity.Options(suite));
        using PeerProgram peer = BinaryIdentity.Start(true, "openssl", "-psk_identity", ClientArguments(suite, server.Port));
        server.AcceptAnyone(suite.Suite);
        CollectionAssert.AreEqual(BinaryIdentity.Bytes, server.Association.PskIdentity);
        server.Echo();
        Assert.AreEqual(DtlsError.SessionClosed, server.Close(), peer.Output);
    }

    [TestMethod]
    public void Our_client_and_s_server_fail_without_a_common_suite()
    {
        int port = FreePorts.Udp();
        using PeerProgram peer = StartServer(TestSuite.Named("AES_128_CCM_8"), port);
        using TestClient client = new(TestSuite.Named("AES_128_CCM").Options(), port);
        Association association = client.ConnectInVain();
        Assert.AreEqual(DtlsError.AlertReceived, association.LastError);
        Assert.AreEqual(Alert.HandshakeFailure, association.AlertReceived);
    }

    [TestMethod]
    public void Our_server_and_s_client_fail_without_a_common_suite()
    {
        using TestServer server = new(TestSuite.Named("AES_128_CCM").Options());
        using PeerProgram peer = StartClient(TestSuite.Named("AES_128_CCM_8"), server.Port);
        Association association = server.AcceptInVain();
        Assert.AreEqual(DtlsError.HandshakeFailure, association.LastError);
        Assert.AreEqual(Alert.HandshakeFailure, association.AlertSent);
        StringAssert.Contains(peer.WaitForExit(), "alert number 40");
    }

    internal static PeerProgram StartServer(TestSuite suite, int port, params string[] more)
    {
        string[] arguments =
        [
            "s_server", "-dtls1_2", "-accept", "127.0.0.1:" + port, "-nocert", "-psk", TestSuite.KeyHex, "-psk_identity", TestSuite.Identity,
            "-cipher", suite.OpenSsl + ":@SECLEVEL=0", "-quiet", "-timeout",
        ];
        PeerProgram peer = PeerProgram.Start(true, "openssl", [.. arguments, .. more]);
        peer.WaitForPort(port);
        return peer;
    }

    private static PeerProgram StartClient(TestSuite suite, int port, params string[] more)
    {
        return PeerProgram.Start(true, "openssl", [.. ClientArguments(suite, port), .. more]);
    }

    private static string[] ClientArguments(TestSuite suite, int port)
    {
        return
        [
            "s_client", "-dtls1_2", "-connect", "127.0.0.1:" + port, "-psk", TestSuite.KeyHex, "-psk_identity", TestSuite.Identity,
            "-cipher", suite.OpenSsl + ":@SECLEVEL=0", "-quiet", "-no_ign_eof", "-nocommands", "-timeout",
        ];
    }
}
