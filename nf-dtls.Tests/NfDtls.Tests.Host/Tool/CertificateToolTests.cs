using System.Linq;
using System.Net.Sockets;
using Microsoft.VisualStudio.TestTools.UnitTesting;

namespace NfDtls.Tests.Host;

/// <summary>The command-line tool with certificates and raw public keys.</summary>
[TestClass]
public class CertificateToolTests
{
    private const string Server = "--echo --cert @server.pem --key @server.key";
    private static readonly CertificateFiles Files = new CertificateFiles();

    [ClassCleanup]
    public static void RemoveFiles()
    {
        Files.Dispose();
    }

    [TestMethod]
    [DataRow(Server, "--ca @ca.pem", "a client without a certificate", "CN=localhost")]
    [DataRow(Server + " --ca @ca.pem --verify request", "--ca @ca.pem", "a client without a certificate", "CN=localhost")]
    [DataRow(Server + " --ca @ca.pem --verify require", "--ca @ca.pem --cert @client.pem --key @client.key", "CN=sensor-17", "CN=localhost")]
    [DataRow("--echo --raw-key @server.key", "--trust-key @server.pub", "a client without a certificate", "raw public key, SHA-256")]
    [DataRow("--echo --raw-key @server.key --trust-key @client.pub --verify require", "--trust-key @server.pub --raw-key @client.key", "connected: raw public key, SHA-256", "raw public key, SHA-256")]
    public void Each_end_tells_whom_it_talks_to(string ofServer, string ofClient, string client, string server)
    {
        using ToolRun listening = ToolRun.Server(Files.In(ofServer), out int port);
        using ToolRun run = ToolRun.ToEnd($"client localhost {port} " + Files.In(ofClient), "one\n", "one\n").Ended(0);
        StringAssert.Contains(run.Errors, server);
        Setup.Until(() => listening.Errors.Contains(client), "the client's name at the server");
    }

    [TestMethod]
    public void The_zone_of_an_address_is_no_part_of_the_certificates_name()
    {
        if (!Socket.OSSupportsIPv6)
        {
            Assert.Inconclusive("This machine has no IPv6.");
        }

        using ToolRun server = ToolRun.Server(Files.In(Server), out int port);
        using ToolRun run = ToolRun.ToEnd($"client ::1%1 {port} " + Files.In("--ca @ca.pem"), "one\n", "one\n").Ended(0);
    }

    [TestMethod]
    [DataRow(Server, "--ca @other.pem", "trusted")]
    [DataRow(Server, "--ca @ca.pem --name wrong.example", "another name")]
    [DataRow(Server + " --ca @ca.pem --verify require", "--ca @ca.pem", "handshake_failure")]
    [DataRow("--raw-key @server.key", "--trust-key @client.pub", "trusted")]
    public void Who_is_not_trusted_ends_it_with_3(string ofServer, string ofClient, string word)
    {
        using ToolRun server = ToolRun.Server(Files.In(ofServer), out int port);
        using ToolRun run = ToolRun.ToEnd($"client localhost {port} " + Files.In(ofClient), "one\n").Ended(3);
        StringAssert.Contains(run.Errors, word);
        Assert.AreEqual("", run.Output);
    }

    [TestMethod]
    [DataRow("server 0 --cert @server.pem", "--cert needs its private key")]
    [DataRow("server 0 --key @server.key", "--key belongs to a certificate")]
    [DataRow("server 0 --cert @server.pem --key @client.key", "does not belong to the certificate")]
    [DataRow("server 0 --cert @server.p12 --key @server.key", "PKCS#12")]
    [DataRow("client localhost 9 --ca @none.pem", "none.pem cannot be read")]
    [DataRow("client localhost 9 --trust-key @server.pem", "PUBLIC KEY")]
    [DataRow("server 0 --cert @server.pem --key @server.key --verify require", "--verify needs something to trust")]
    [DataRow("server 0 --cert @server.pem --key @server.key --verify maybe", "maybe")]
    [DataRow("server 0 --cert @server.pem --key @server.key --ca @ca.pem", "--verify request")]
    [DataRow("server 0 --ca @ca.pem --verify request", "A server shows")]
    [DataRow("client localhost 9 --cert @client.pem --key @client.key", "must know its server")]
    [DataRow("client localhost 9 --name x", "--name is about certificates")]
    [DataRow("client localhost 9 --ca @ca.pem --groups p521", "p521")]
    public void Wrong_usage_ends_it_with_2_and_a_reason_of_one_line(string arguments, string reason)
    {
        using ToolRun run = ToolRun.ToEnd(Files.In(arguments)).Ended(2);
        StringAssert.StartsWith(run.Errors, "nfdtls: ");
        StringAssert.Contains(run.Errors, reason);
        Assert.AreEqual(1, run.Errors.Count(c => c == '\n'), run.Errors);
    }
}
