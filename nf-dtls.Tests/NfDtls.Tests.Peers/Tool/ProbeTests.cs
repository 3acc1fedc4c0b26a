using System.Linq;
using System.Text.Json;
using Microsoft.VisualStudio.TestTools.UnitTesting;
using NfDtls.Tests.Peers.Ends;
using NfDtls.Tests.Peers.Programs;

namespace NfDtls.Tests.Peers.Tool;

/// <summary>nfdtls ping and scan, against servers that are not ours.</summary>
[TestClass]
public sealed class ProbeTests
{
    // For the answer to each hello; on a machine that is busy with other things.
    private const string Patient = " --timeout 40000";

    [TestMethod]
    public void Ping_tells_version_suite_cookie_and_certificate_of_s_server()
    {
        using WorkFolder folder = new();
        int port = FreePorts.Udp();
        using PeerProgram server = StartServer(folder, port, "ECDHE-ECDSA-AES128-CCM8");
        string told = ToolProgram.Run($"ping 127.0.0.1 {port} --count 2" + Patient);
        Assert.Contains("DTLS 1.2, TLS_ECDHE_ECDSA_WITH_AES_128_CCM_8", told);
        Assert.Contains("cookie: 20 bytes, by HelloVerifyRequest", told);
        Assert.Contains("group: secp256r1", told);
        Assert.Contains("subject: CN=localhost", told);
        Assert.Contains("of 2", told);
    }

    [TestMethod]
    public void Ping_tells_the_hint_of_s_server_that_has_a_key_alone()
    {
        int port = FreePorts.Udp();
        using PeerProgram server = OpenSslTests.StartServer(TestSuite.Named("AES_128_CCM_8"), port, "-psk_hint", "ask-me");
        string told = ToolProgram.Run($"ping 127.0.0.1 {port} --count 1" + Patient);
        Assert.Contains("TLS_PSK_WITH_AES_128_CCM_8", told);
        Assert.Contains("wants: a pre-shared key", told);
        Assert.Contains("hint: ask-me", told);
    }

    [TestMethod]
    public void Ping_and_JSON_tell_of_gnutls_serv()
    {
        using WorkFolder folder = new();
        (string certificate, string key) = MakeCertificate(folder);
        int port = FreePorts.Udp();
        using PeerProgram server = PeerProgram.Start(false, "gnutls-serv", "--udp", "--port", $"{port}", "--x509certfile", certificate, "--x509keyfile", key);
        server.WaitForPort(port);
        string told = ToolProgram.Run($"ping 127.0.0.1 {port} --count 1 --json" + Patient);
        using JsonDocument document = JsonDocument.Parse(told);
        JsonElement root = document.RootElement;
        Assert.IsTrue(root.GetProperty("reachable").GetBoolean());
        Assert.AreEqual("DTLS 1.2", root.GetProperty("version").GetString());
        Assert.AreEqual(16, root.GetProperty("cookie_length").GetInt32());
        Assert.AreEqual("CN=localhost", root.GetProperty("parts")[0].GetProperty("subject").GetString());
    }

    [TestMethod]
    public void Scan_lists_just_the_suites_of_s_server()
    {
        using WorkFolder folder = new();
        int port = FreePorts.Udp();
        using PeerProgram server = StartServer(folder, port, "ECDHE-ECDSA-AES128-CCM8:ECDHE-ECDSA-AES256-SHA384:ECDHE-ECDSA-CHACHA20-POLY1305");
        string told = ToolProgram.Run($"scan 127.0.0.1 {port} --json" + Patient);
        using JsonDocument document = JsonDocument.Parse(told);
        JsonElement[] versions = [.. document.RootElement.GetProperty("versions").EnumerateArray()];
        CollectionAssert.AreEqual(new[] { "DTLS 1.3", "DTLS 1.2", "DTLS 1.0" }, versions.Select(v => v.GetProperty("version").GetString()).ToArray());
        CollectionAssert.AreEqual(new[] { false, true, false }, versions.Select(v => v.GetProperty("spoken").GetBoolean()).ToArray());
        string?[] suites = [.. versions[1].GetProperty("suites").EnumerateArray().Select(s => s.GetProperty("name").GetString())];
        CollectionAssert.AreEquivalent(new[] { "TLS_ECDHE_ECDSA_WITH_AES_128_CCM_8", "TLS_ECDHE_ECDSA_WITH_AES_256_CBC_SHA384", "TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256" }, suites);
        CollectionAssert.AreEqual(new[] { "secp256r1" }, versions[1].GetProperty("groups").EnumerateArray().Select(g => g.GetString()).ToArray());
    }

    private static PeerProgram StartServer(WorkFolder folder, int port, string ciphers)
    {
        (string certificate, string key) = MakeCertificate(folder);
        PeerProgram server = PeerProgram.Start(false, "openssl", "s_server", "-dtls1_2", "-accept", $"{port}", "-cert", certificate, "-key", key, "-cipher", ciphers, "-named_curve", "prime256v1", "-quiet");
        server.WaitForPort(port);
        return server;
    }

    private static (string Certificate, string Key) MakeCertificate(WorkFolder folder)
    {
        (string certificate, string key) = (folder.PathOf("server.pem"), folder.PathOf("server.key"));
        using PeerProgram openssl = PeerProgram.Start(
            false, "openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-subj", "/CN=localhost", "-days", "10", "-out", certificate, "-keyout", key);
        string output = openssl.WaitForExit();
        Assert.AreEqual(0, openssl.ExitCode, output);
        return (certificate, key);
    }
}
