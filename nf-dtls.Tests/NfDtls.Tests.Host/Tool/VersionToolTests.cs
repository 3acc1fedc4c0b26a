using System;
using System.IO;
using System.Linq;
using System.Text.RegularExpressions;
using Microsoft.VisualStudio.TestTools.UnitTesting;

namespace NfDtls.Tests.Host;

/// <summary>The command-line tool's --versions.</summary>
[TestClass]
public partial class VersionToolTests
{
    private const string Keys = "--psk 000102030405060708090a0b0c0d0e0f --identity device";

    [TestMethod]
    public void The_demonstration_of_the_newer_version_prints_its_flights_and_ACKs()
    {
        using ToolRun demo = ToolRun.ToEnd("demo --versions 1.3").Ended(0);
        StringAssert.StartsWith(demo.Output, "Hello from NfDtls.\n");
        string[] flights = [.. demo.Errors.Split('\n').Where(line => line.Contains("--> ") || line.Contains("<-- ")).Select(line => line.Trim())];
        string[] expected =
        [
            "--> +\\d+ bytes +ClientHello$",
            "<-- +\\d+ bytes +HelloRetryRequest$",
            "--> +\\d+ bytes +ClientHello$",
            "<-- +\\d+ bytes +ServerHello, EncryptedExtensions, Finished$",
            "--> +\\d+ bytes +Finished$",
            "<-- +\\d+ bytes +ACK$",
        ];
        Assert.AreEqual(expected.Length, flights.Length, demo.Errors);
        for (int i = 0; i < expected.Length; i++)
        {
            StringAssert.Matches(flights[i], new Regex(expected[i]));
        }

        StringAssert.Contains(demo.Errors, "DTLS 1.3");
        StringAssert.Contains(demo.Errors, "TLS_AES_128_CCM_8_SHA256");
    }

    [TestMethod]
    public void Only_flights_of_the_older_version_have_a_ChangeCipherSpec()
    {
        using ToolRun older = ToolRun.ToEnd("demo --verbose").Ended(0);
        StringAssert.Matches(older.Errors, new Regex("--> +\\d+ bytes +ClientKeyExchange, ChangeCipherSpec, Finished"));
        using ToolRun newer = ToolRun.ToEnd("demo --verbose --versions 1.3").Ended(0);
        StringAssert.Matches(newer.Errors, new Regex("--> +\\d+ bytes +ServerHello, EncryptedExtensions, Finished"));
        Assert.DoesNotContain("ChangeCipherSpec", newer.Errors);
    }

    [TestMethod]
    public void The_demonstration_of_both_speaks_the_newer_one_and_with_groups_agrees_on_keys()
    {
        using ToolRun demo = ToolRun.ToEnd("demo --versions 1.2,1.3 --groups x25519 --crypto software").Ended(0);
        StringAssert.Contains(demo.Errors, "TLS_AES_128_CCM_8_SHA256");
        StringAssert.Contains(demo.Errors, "HelloRetryRequest");
    }

    [TestMethod]
    public void The_demonstration_of_the_newer_version_survives_a_bad_network()
    {
        using ToolRun demo = ToolRun.ToEnd("demo --versions 1.3 --loss 0.2 --duplicate 0.2 --reorder 0.2 --seed 7").Ended(0);
        StringAssert.Contains(demo.Errors, "TLS_AES_128_CCM_8_SHA256");
    }

    [TestMethod]
    [DataRow("1.2,1.3", "1.2,1.3", "DTLS 1.3")]
    [DataRow("1.3", "1.3,1.2", "DTLS 1.3")]
    [DataRow("1.2,1.3", "1.2", "DTLS 1.2")]
    [DataRow("1.2", "1.2,1.3", "DTLS 1.2")]
    public void Client_and_server_speak_the_newest_that_both_have(string ofClient, string ofServer, string spoken)
    {
        using ToolRun server = ToolRun.Server($"{Keys} --echo --versions {ofServer}", out int port);
        using ToolRun client = ToolRun.ToEnd($"client 127.0.0.1 {port} {Keys} --versions {ofClient}", "one\n", "one\n").Ended(0);
        StringAssert.Contains(client.Errors, spoken);
    }

    [TestMethod]
    public void Ends_without_a_version_in_common_do_not_connect()
    {
        using ToolRun server = ToolRun.Server($"{Keys} --versions 1.3", out int port);
        using ToolRun client = ToolRun.ToEnd($"client 127.0.0.1 {port} {Keys} --timeout 2000").Ended(3);
    }

    [TestMethod]
    [DataRow("--versions 1.1", "--versions")]
    [DataRow("--versions ,", "--versions")]
    [DataRow("--psk-alone", "--psk-alone")]
    [DataRow("--suite TLS_AES_128_CCM_8_SHA256", "TLS_AES_128_CCM_8_SHA256")]
    [DataRow("--versions 1.3 --suite TLS_PSK_WITH_AES_128_CCM_8", "TLS_PSK_WITH_AES_128_CCM_8")]
    [DataRow("--groups x25519mlkem768", "--versions 1.3")]
    [DataRow("--versions 1.2,1.3 --groups x25519mlkem768", "name another group beside it")]
    [DataRow("--versions 1.3 --groups x25519kyber768", "x25519mlkem768")]
    public void A_wrong_choice_is_told(string options, string told)
    {
        using ToolRun client = ToolRun.ToEnd($"client 127.0.0.1 1 {Keys} {options}").Ended(2);
        StringAssert.Contains(client.Errors, told);
    }

    [TestMethod]
    public void The_post_quantum_group_is_agreed_on_where_it_is_named()
    {
        using ToolRun server = ToolRun.Server($"{Keys} --echo --versions 1.2,1.3 --groups X25519MLKEM768,x25519", out int port);
        using ToolRun client = ToolRun.ToEnd($"client 127.0.0.1 {port} {Keys} --versions 1.3 --groups x25519mlkem768 --crypto software", "one\n", "one\n").Ended(0);
        StringAssert.Contains(client.Errors, "DTLS 1.3");
        using ToolRun other = ToolRun.ToEnd($"client 127.0.0.1 {port} {Keys} --groups x25519 --suite TLS_ECDHE_PSK_WITH_AES_128_CCM_8_SHA256", "two\n", "two\n").Ended(0);
        StringAssert.Contains(other.Errors, "DTLS 1.2");
    }

    [TestMethod]
    public void The_key_logs_of_both_ends_have_the_same_five_lines_for_a_session_of_the_newer_version()
    {
        string ofServer = Path.Combine(Path.GetTempPath(), "nfdtls-" + Guid.NewGuid().ToString("N") + ".keys");
        string ofClient = ofServer + "2";
        try
        {
            using ToolRun server = ToolRun.Server($"{Keys} --versions 1.3 --psk-alone --keylog {ofServer}", out int port);
            using ToolRun client = ToolRun.ToEnd($"client 127.0.0.1 {port} {Keys} --versions 1.3 --psk-alone --groups x25519 --keylog {ofClient}", "one\n").Ended(0);
            string[] lines = File.ReadAllLines(ofClient);
            string[] labels = ["CLIENT_HANDSHAKE_TRAFFIC_SECRET", "SERVER_HANDSHAKE_TRAFFIC_SECRET", "CLIENT_TRAFFIC_SECRET_0", "SERVER_TRAFFIC_SECRET_0", "EXPORTER_SECRET"];
            CollectionAssert.AreEquivalent(labels, lines.Select(line => line.Split(' ')[0]).ToArray());
            foreach (string line in lines)
            {
                StringAssert.Matches(line, KeyLogLine());
            }

            CollectionAssert.AreEquivalent(lines, File.ReadAllLines(ofServer));
        }
        finally
        {
            File.Delete(ofServer);
            File.Delete(ofClient);
        }
    }

    [GeneratedRegex("^[A-Z_0]+ [0-9a-f]{64} ([0-9a-f]{64}|[0-9a-f]{96})$")]
    private static partial Regex KeyLogLine();
}
