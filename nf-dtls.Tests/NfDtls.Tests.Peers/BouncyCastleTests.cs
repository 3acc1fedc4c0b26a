using Microsoft.VisualStudio.TestTools.UnitTesting;
using NfDtls.Tests.Peers.Ends;

namespace NfDtls.Tests.Peers;

/// <summary>Against BouncyCastle.Cryptography, in this process.</summary>
[TestClass]
public sealed class BouncyCastleTests
{
    [TestMethod]
    [DataRow("AES_128_CCM_8")]
    [DataRow("AES_128_CCM")]
    [DataRow("AES_128_GCM_SHA256")]
    [DataRow("AES_256_GCM_SHA384")]
    [DataRow("AES_128_CBC_SHA256")]
    [DataRow("CHACHA20_POLY1305_SHA256")]
    [DataRow("ECDHE_AES_128_CBC_SHA256")]
    [DataRow("ECDHE_CHACHA20_POLY1305_SHA256")]
    [DataRow("ECDHE_AES_128_CCM_8_SHA256")]
    [DataRow("ECDHE_AES_128_CCM_SHA256")]
    [DataRow("ECDHE_AES_128_GCM_SHA256")]
    public void Our_client_echoes_with_a_BouncyCastle_server_and_closes(string name)
    {
        TestSuite suite = TestSuite.Named(name);
        using BouncyPeer peer = BouncyPeer.StartServer(suite);
        using TestClient client = new(suite.Options(), peer.Port);
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
    [DataRow("ECDHE_AES_128_CCM_8_SHA256")]
    [DataRow("ECDHE_AES_128_CCM_SHA256")]
    [DataRow("ECDHE_AES_128_GCM_SHA256")]
    public void Our_server_echoes_with_a_BouncyCastle_client_and_closes(string name)
    {
        TestSuite suite = TestSuite.Named(name);
        using TestServer server = new(suite.Options());
        using BouncyPeer peer = BouncyPeer.StartClient(suite, server.Port);
        server.Accept(suite.Suite);
        server.Echo();
        Assert.AreEqual(DtlsError.SessionClosed, server.Close(), peer.Output);
        Assert.AreEqual(Alert.CloseNotify, server.Association.AlertReceived);
    }

    [TestMethod]
    public void Our_client_sees_a_BouncyCastle_server_close()
    {
        TestSuite suite = TestSuite.Named("AES_128_CCM_8");
        using BouncyPeer peer = BouncyPeer.StartServer(suite);
        using TestClient client = new(suite.Options(), peer.Port);
        client.Connect(suite.Suite);
        peer.Stop();
        client.ExpectClose();
    }

    [TestMethod]
    public void Our_server_sees_a_BouncyCastle_client_close()
    {
        TestSuite suite = TestSuite.Named("AES_128_CCM_8");
        using TestServer server = new(suite.Options());
        using BouncyPeer peer = BouncyPeer.StartClient(suite, server.Port);
        server.Accept(suite.Suite);
        peer.Stop();
        server.ExpectClose();
    }
}
