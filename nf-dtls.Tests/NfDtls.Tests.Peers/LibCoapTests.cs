using System.Text;
using Microsoft.VisualStudio.TestTools.UnitTesting;
using NfDtls.Tests.Peers.Certificates;
using NfDtls.Tests.Peers.Ends;
using NfDtls.Tests.Peers.Formats;
using NfDtls.Tests.Peers.Programs;

namespace NfDtls.Tests.Peers;

/// <summary>Against libcoap's coap-server and coap-client, as built with OpenSSL and with GnuTLS.</summary>
[TestClass]
public sealed class LibCoapTests
{
    private const string Greeting = "greetings from the other end";

    [TestMethod]
    [DataRow("openssl", "ecdsa P-256, CCM_8")]
    [DataRow("openssl", "rsa SHA-256, GCM, chain of 4")]
    [DataRow("gnutls", "ecdsa P-256, CCM_8")]
    [DataRow("gnutls", "rsa SHA-256, GCM, chain of 4")]
    public void Our_client_and_coap_server_show_each_other_certificates(string build, string name)
    {
        Row row = Row.Named(name);
        int port = FreePorts.Udp();
        using WorkFolder folder = new();
        Party.Server(row).WriteTo(folder, out string chain, out string key);
        using PeerProgram peer = PeerProgram.Start(
            false, "coap-server-" + build, "-A", "127.0.0.1", "-p", port.ToString(), "-c", chain, "-j", key, "-R", Party.Client(row).WriteRoot(folder));
        peer.WaitForPort(port + 1);
        using TestClient client = new(OurEnd.Client(row, knowsIntermediates: LeavesOutIntermediates(build)), port + 1);
        client.Connect(row.Suite);
        Get(client, OurEnd.Messages);
        Assert.AreEqual(DtlsError.SessionClosed, client.Close(), peer.Output);
    }

    [TestMethod]
    [DataRow("openssl", "ecdsa P-256, CCM_8")]
    [DataRow("openssl", "rsa SHA-256, GCM, chain of 4")]
    [DataRow("gnutls", "ecdsa P-256, CCM_8")]
    [DataRow("gnutls", "rsa SHA-256, GCM, chain of 4")]
    public void Our_server_and_coap_client_show_each_other_certificates(string build, string name)
    {
        Row row = Row.Named(name);
        using WorkFolder folder = new();
        Party.Client(row).WriteTo(folder, out string chain, out string key);
        using TestServer server = new(OurEnd.Server(row, knowsIntermediates: LeavesOutIntermediates(build)));
        using PeerProgram peer = PeerProgram.Start(
            false, "coap-client-" + build, "-c", chain, "-j", key, "-R", Party.Server(row).WriteRoot(folder), "-B", (Patience.Milliseconds / 1000).ToString(), "coaps://127.0.0.1:" + server.Port + "/greeting");
        server.AcceptAnyone(row.Suite);
        CollectionAssert.AreEqual(Party.Client(row).Leaf.Der, server.Association.PeerCertificates[0]);
        Answer(server, peer);
    }

    [TestMethod]
    public void Our_client_and_coap_server_show_each_other_raw_public_keys()
    {
        Row row = RawKeys.Row(isMutual: true);
        int port = FreePorts.Udp();
        using WorkFolder folder = new();
        using PeerProgram peer = PeerProgram.Start(
            false, "coap-server-gnutls", "-A", "127.0.0.1", "-p", port.ToString(), "-M", folder.Write("key.pem", Party.Server(row).TraditionalPem));
        peer.WaitForPort(port + 1);
        using TestClient client = new(RawKeys.Client(row), port + 1);
        client.Connect(row.Suite);
        Get(client, OurEnd.Messages);
        Assert.AreEqual(DtlsError.SessionClosed, client.Close(), peer.Output);
    }

    [TestMethod]
    public void Our_client_without_a_key_gets_an_answer_of_coap_server_by_its_raw_public_key()
    {
        Row row = RawKeys.Row(isMutual: false);
        int port = FreePorts.Udp();
        using WorkFolder folder = new();
        using PeerProgram peer = PeerProgram.Start(
            false, "coap-server-gnutls", "-A", "127.0.0.1", "-p", port.ToString(), "-n", "-M", folder.Write("key.pem", Party.Server(row).TraditionalPem));
        peer.WaitForPort(port + 1);
        using TestClient client = new(RawKeys.Keyless(row, takesCertificates: false), port + 1);
        client.Connect(row.Suite);
        Get(client, OurEnd.Messages);
        Assert.AreEqual(DtlsError.SessionClosed, client.Close(), peer.Output);
    }

    [TestMethod]
    public void Our_server_and_coap_client_show_each_other_raw_public_keys()
    {
        Row row = RawKeys.Row(isMutual: true);
        using WorkFolder folder = new();
        using TestServer server = new(RawKeys.Server(row));
        using PeerProgram peer = PeerProgram.Start(
            false, "coap-client-gnutls", "-M", folder.Write("key.pem", Party.Client(row).TraditionalPem), "-B", (Patience.Milliseconds / 1000).ToString(), "coaps://127.0.0.1:" + server.Port + "/greeting");
        server.AcceptAnyone(row.Suite);
        CollectionAssert.AreEqual(Party.Client(row).Leaf.Key.PublicInfo, server.Association.PeerCertificates[0]);
        Answer(server, peer);
    }

    [TestMethod]
    [DataRow("openssl", "AES_128_CCM_8")]
    [DataRow("openssl", "AES_128_CCM")]
    [DataRow("openssl", "AES_128_GCM_SHA256")]
    [DataRow("openssl", "AES_256_GCM_SHA384")]
    [DataRow("openssl", "CHACHA20_POLY1305_SHA256")]
    [DataRow("gnutls", "AES_128_CCM_8")]
    [DataRow("gnutls", "AES_128_CCM")]
    [DataRow("gnutls", "AES_128_GCM_SHA256")]
    [DataRow("gnutls", "AES_256_GCM_SHA384")]
    [DataRow("gnutls", "CHACHA20_POLY1305_SHA256")]
    [DataRow("gnutls", "AES_128_CBC_SHA256")]
    public void Our_client_gets_a_thousand_answers_of_coap_server_and_closes(string build, string name)
    {
        TestSuite suite = TestSuite.Named(name);
        int port = FreePorts.Udp();
        using PeerProgram peer = PeerProgram.Start(false, "coap-server-" + build, "-A", "127.0.0.1", "-p", port.ToString(), "-k", TestSuite.KeyText);
        peer.WaitForPort(port + 1);
        using TestClient client = new(suite.Options(), port + 1);
        client.Connect(suite.Suite);
        Get(client, Driver.Messages);
        Assert.AreEqual(DtlsError.SessionClosed, client.Close(), peer.Output);
        Assert.AreEqual(Alert.CloseNotify, client.Association.AlertReceived);
    }

    [TestMethod]
    [DataRow("openssl", "AES_128_CCM_8")]
    [DataRow("openssl", "AES_128_CCM")]
    [DataRow("openssl", "AES_128_GCM_SHA256")]
    [DataRow("openssl", "AES_256_GCM_SHA384")]
    [DataRow("openssl", "CHACHA20_POLY1305_SHA256")]
    [DataRow("gnutls", "AES_128_CCM_8")]
    [DataRow("gnutls", "AES_128_CCM")]
    [DataRow("gnutls", "AES_128_GCM_SHA256")]
    [DataRow("gnutls", "AES_256_GCM_SHA384")]
    [DataRow("gnutls", "CHACHA20_POLY1305_SHA256")]
    [DataRow("gnutls", "AES_128_CBC_SHA256")]
    public void Our_server_answers_a_GET_of_coap_client_which_closes(string build, string name)
    {
        TestSuite suite = TestSuite.Named(name);
        using TestServer server = new(suite.Options());
        using PeerProgram peer = PeerProgram.Start(
            false, "coap-client-" + build,
            "-k", TestSuite.KeyText, "-u", TestSuite.Identity, "-B", (Patience.Milliseconds / 1000).ToString(), "coaps://127.0.0.1:" + server.Port + "/greeting");
        server.Accept(suite.Suite);
        Answer(server, peer);
    }

    /// <summary>Over OpenSSL libcoap reads the first certificate of a file alone, and so sends no other.</summary>
    private static bool LeavesOutIntermediates(string build)
    {
        return build == "openssl";
    }

    private static void Get(TestClient client, int times)
    {
        for (int i = 0; i < times; i++)
        {
            byte[] token = [(byte)(i >> 8), (byte)i];
            client.Send(CoapMessage.NewGet(i, token).ToArray());
            CoapMessage answer = CoapMessage.Parse(client.Receive("GET " + i));
            Assert.AreEqual(CoapMessage.Acknowledgement, answer.Type);
            Assert.AreEqual(CoapMessage.Content, answer.Code);
            Assert.AreEqual(i, answer.Id);
            CollectionAssert.AreEqual(token, answer.Token);
            StringAssert.Contains(Encoding.ASCII.GetString(answer.Payload), "libcoap");
        }
    }

    private static void Answer(TestServer server, PeerProgram peer)
    {
        CoapMessage request = CoapMessage.Parse(server.Receive("the GET"));
        Assert.AreEqual(CoapMessage.Confirmable, request.Type);
        Assert.AreEqual(CoapMessage.Get, request.Code);
        server.Send(request.Answer(Encoding.ASCII.GetBytes(Greeting)).ToArray());
        server.ExpectClose();
        StringAssert.Contains(peer.WaitForExit(), Greeting);
    }
}
