using System.Linq;
using System.Text.Json;
using Microsoft.VisualStudio.TestTools.UnitTesting;

namespace NfDtls.Tests.Host;

/// <summary>nfdtls ping and scan, against the tool's own server: DTLS 1.3, and what is wrong.</summary>
[TestClass]
public sealed class ProbeToolTests
{
    private const string Keys = "--psk 000102030405060708090a0b0c0d0e0f --identity device";
    private const string Patient = " --timeout 40000";

    [TestMethod]
    public void Ping_reads_the_certificate_of_a_server_of_the_newer_version_which_is_encrypted()
    {
        using CertificateFiles files = new CertificateFiles();
        using ToolRun server = ToolRun.Server(files.In("--cert @server.pem --key @server.key --versions 1.2,1.3"), out int port);
        using ToolRun ping = ToolRun.ToEnd($"ping 127.0.0.1 {port} --count 1" + Patient).Ended(0);
        StringAssert.Contains(ping.Output, "version: DTLS 1.3");
        StringAssert.Contains(ping.Output, "by HelloRetryRequest");
        StringAssert.Contains(ping.Output, "subject: CN=localhost");
        StringAssert.Contains(ping.Output, "issuer: CN=Test Root");
    }

    [TestMethod]
    public void A_server_that_has_a_key_alone_is_reachable_without_it()
    {
        using ToolRun server = ToolRun.Server(Keys + " --versions 1.2,1.3", out int port);
        using ToolRun ping = ToolRun.ToEnd($"ping 127.0.0.1 {port} --count 1" + Patient).Ended(0);
        StringAssert.Contains(ping.Output, "wants: a pre-shared key");
        StringAssert.Contains(ping.Output, "of 1");
    }

    [TestMethod]
    public void Scan_lists_versions_and_suites_in_the_servers_order()
    {
        const string Suites = " --suite TLS_PSK_WITH_AES_128_CCM_8 --suite TLS_ECDHE_PSK_WITH_AES_128_GCM_SHA256 --suite TLS_AES_128_CCM_8_SHA256";
        using ToolRun server = ToolRun.Server(Keys + " --versions 1.2,1.3 --groups x25519,secp384r1" + Suites, out int port);
        using ToolRun scan = ToolRun.ToEnd($"scan 127.0.0.1 {port} --json" + Patient).Ended(0);
        using JsonDocument document = JsonDocument.Parse(scan.Output);
        JsonElement[] versions = [.. document.RootElement.GetProperty("versions").EnumerateArray()];
        CollectionAssert.AreEqual(new[] { "TLS_AES_128_CCM_8_SHA256" }, Names(versions[0]));
        CollectionAssert.AreEqual(new[] { "TLS_PSK_WITH_AES_128_CCM_8", "TLS_ECDHE_PSK_WITH_AES_128_GCM_SHA256" }, Names(versions[1]));
        Assert.IsEmpty(Names(versions[2]));
        CollectionAssert.AreEqual(new[] { "x25519", "secp384r1" }, versions[1].GetProperty("groups").EnumerateArray().Select(g => g.GetString()).ToArray());
        using ToolRun table = ToolRun.ToEnd($"scan 127.0.0.1 {port}" + Patient).Ended(0);
        StringAssert.Contains(table.Output, "TLS_ECDHE_PSK_WITH_AES_128_GCM_SHA256");
    }

    [TestMethod]
    [DataRow("ping")]
    [DataRow("scan")]
    public void Where_nothing_listens_it_ends_with_3(string command)
    {
        using ToolRun run = ToolRun.ToEnd($"{command} 127.0.0.1 {FreePorts.Udp()}").Ended(3);
        StringAssert.Contains(run.Output + run.Errors, "nothing listens on this UDP port");
    }

    [TestMethod]
    [DataRow("scan 127.0.0.1", "PORT is missing")]
    [DataRow("ping 127.0.0.1 9 --count 0", "--count must be 1 to 100000, not 0")]
    [DataRow("scan 127.0.0.1 9 --timeout 1", "--timeout must be 10 to 600000, not 1")]
    public void What_is_wrong_is_told(string arguments, string reason)
    {
        using ToolRun run = ToolRun.ToEnd(arguments).Ended(2);
        StringAssert.Contains(run.Errors, reason);
    }

    private static string?[] Names(JsonElement version)
    {
        return [.. version.GetProperty("suites").EnumerateArray().Select(s => s.GetProperty("name").GetString())];
    }
}
