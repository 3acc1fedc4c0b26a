using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Net;
using System.Text;
using Microsoft.VisualStudio.TestTools.UnitTesting;
using NfDtls.Crypto.Host;
using NfDtls.Sockets;
using NfDtls.Tests.Peers.Programs;

namespace NfDtls.Tests.Samples;

[TestClass]
public sealed class SampleTests
{
    [TestMethod]
    public void EchoServer_sends_back_what_openssl_sends_by_either_key()
    {
        int port = FreePorts.Udp();
        using PeerProgram sample = Start("EchoServer", port.ToString());
        sample.WaitForPort(port);
        Assert.Contains("one of the first", Exchange(port, "sensor-1", "000102030405060708090a0b0c0d0e0f", "one of the first"));
        Assert.Contains("two of the second", Exchange(port, "sensor-2", "101112131415161718191a1b1c1d1e1f", "two of the second"));
        sample.WaitForOutput("sensor-1 at 127.0.0.1");
        sample.WaitForOutput("sensor-2 at 127.0.0.1");
    }

    [TestMethod]
    public void CoapsSensor_reports_to_libcoap_which_takes_every_report()
    {
        int port = FreePorts.Udp();
        using PeerProgram server = PeerProgram.Start(
            false, "coap-server-openssl", "-A", "127.0.0.1", "-p", port.ToString(), "-d", "10", "-k", "a key of the sensor's own");
        server.WaitForPort(port + 1);
        using PeerProgram sample = Start("CoapsSensor", "127.0.0.1", (port + 1).ToString(), "5", "0");
        string output = sample.WaitForExit();
        Assert.AreEqual(0, sample.ExitCode, output + " " + server.Output);

        // The resource now holds the last report, for whoever asks.
        using PeerProgram client = PeerProgram.Start(
            false, "coap-client-openssl", "-B", (Patience.Milliseconds / 1000).ToString(), "-k", "a key of the sensor's own", "-u", "sensor-1",
            "coaps://127.0.0.1:" + (port + 1) + "/temperature");
        Assert.Contains("22.0", client.WaitForExit());
    }

    [TestMethod]
    [DataRow(0, "talkative", "pieces=1", DisplayName = "in pieces, with news in the midst")]
    [DataRow(0, "hex", "talkative", "pieces=5", DisplayName = "by hexadecimal digits")]
    [DataRow(0, "drop=4", "refuse=2", DisplayName = "with loss and refusals")]
    [DataRow(1, "deactivate=2", "sleep=9", "close=15", DisplayName = "with an address that is lost within a handshake, sleep, and a lost socket")]
    public void ModemTransport_reports_to_libcoap_which_takes_every_report(int wakings, params string[] faults)
    {
        int port = FreePorts.Udp();
        using PeerProgram server = PeerProgram.Start(
            false, "coap-server-openssl", "-A", "127.0.0.1", "-p", port.ToString(), "-d", "10", "-k", "a key of the sensor's own");
        server.WaitForPort(port + 1);
        using PeerProgram sample = Start("ModemTransport", ["127.0.0.1", (port + 1).ToString(), "5", "0", "500", .. faults]);
        string output = sample.WaitForExit();
        Assert.AreEqual(0, sample.ExitCode, output + " " + server.Output);
        Assert.Contains("22.0 was taken.", output);
        Assert.Contains("was woken " + wakings + " times", output);
    }

    [TestMethod]
    [DataRow("a-label-that-is-longer-than-the-63-bytes-which-names-have-for-each-label.invalid", ".invalid is not known: ")]
    [DataRow("255.255.255.255", "could not be sent to 255.255.255.255:5684: ")]
    public void CoapsSensor_says_in_words_why_no_report_is_taken(string server, string words)
    {
        using PeerProgram sample = Start("CoapsSensor", server, "5684", "1", "0");
        sample.WaitForOutput(words);
    }

    [TestMethod]
    public void EchoServer_says_in_words_who_failed_and_why()
    {
        int port = FreePorts.Udp();
        using PeerProgram sample = Start("EchoServer", port.ToString());
        sample.WaitForPort(port);
        using PeerProgram client = PeerProgram.Start(
            false, "openssl", "s_client", "-dtls1_2", "-connect", "127.0.0.1:" + port, "-cipher", "PSK", "-psk_identity", "nobody", "-psk", "00");
        sample.WaitForOutput("failed: there is no key for this identity.");
        Assert.MatchesRegex(@"127\.0\.0\.1:\d+: The handshake failed: there is no key for this identity\.", sample.Output);
    }

    [TestMethod]
    public void CollectorCheck_finds_nothing_where_the_collector_is_sound()
    {
        using PeerProgram sample = Start("CollectorCheck");
        Assert.Contains("The collector changed nothing", sample.WaitForExit());
    }

    [TestMethod]
    public void SpeedCheck_takes_the_time_of_each_provider_that_is_there_and_names_the_one_that_is_not()
    {
        using PeerProgram sample = Start("SpeedCheck");
        string output = sample.WaitForExit();
        Assert.Contains("That was all.", output);
        string[] works =
        [
            "AES-128-CCM_8 of 64 bytes, software", "PRF of 12 bytes, stock", "handshake, client, software 1.2", "handshake, server, stock 1.3",
            "send, client, software 1.3", "receive, server, stock 1.2", "handshake, server, software ECDHE_ECDSA",
        ];
        foreach (string work in works)
        {
            Assert.MatchesRegex($"(?m)^{work}: [0-9]+ us\\r?$", output);
        }

        Assert.HasCount(3, output.Split("native: not in this firmware"), output);
    }

    [TestMethod]
    public void SleepyDevice_goes_on_from_other_ports_without_a_handshake_also_when_its_program_has_ended_meanwhile()
    {
        using WorkFolder folder = new();
        string state = folder.PathOf("state");
        int port = FreePorts.Udp();
        using PeerProgram server = StartServer(port);
        string[] ports = [.. Ports(Live(port, 2, state), "Connected by a handshake", "Went on without"), .. Ports(Live(port, 2, state), "Went on without", "Went on without")];
        Assert.HasCount(4, ports);
        server.WaitForOutput("moved to 127.0.0.1:" + ports[3]);
        Assert.HasCount(2, server.Output.Split(" connected: sensor-1"), server.Output);
    }

    [TestMethod]
    public void SleepyDevice_connects_anew_where_what_it_kept_is_of_no_use()
    {
        using WorkFolder folder = new();
        string state = folder.PathOf("state");
        int port = FreePorts.Udp();
        using PeerProgram server = StartServer(port);
        Ports(Live(port, 1, state), "Connected by a handshake");
        byte[] kept = File.ReadAllBytes(state);
        kept[^1] ^= 1;
        File.WriteAllBytes(state, kept);
        string output = Live(port, 1, state);
        Assert.Contains("What was kept is of no use: ", output);
        Ports(output, "Connected by a handshake");
    }

    /// <summary>What a life has taken back is gone from the disk itself, not only by its name.</summary>
    [TestMethod]
    public void SleepyDevice_writes_over_what_it_kept()
    {
        using WorkFolder folder = new();
        string state = folder.PathOf("state");
        int port = FreePorts.Udp();
        using PeerProgram server = StartServer(port);
        Live(port, 1, state);
        byte[] first = File.ReadAllBytes(state);

        // As another name of the same file a copy shows what stands where those bytes stood.
        using FileStream disk = new(state, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        Live(port, 1, state);
        byte[] there = new byte[disk.Length];
        disk.ReadExactly(there);
        CollectionAssert.AreEqual(File.ReadAllBytes(state), there);
        CollectionAssert.AreNotEqual(first, there);
    }

    [TestMethod]
    public void SleepyDevice_takes_nothing_but_its_report_for_the_answer_to_it()
    {
        List<string> reports = [];
        DtlsOptions options = new()
        {
            Crypto = new HostProvider(),
            Suites = PskSuites.Constrained(),
            Psk = new PskStore()
        };
        options.Psk.Add(Convert.FromHexString("000102030405060708090a0b0c0d0e0f"), "sensor-1");
        using DtlsServer server = new(options);
        server.DataReceived += session =>
        {
            byte[] report = new byte[100];
            int length = session.Receive(report, 0, 0);
            if (length < 0)
            {
                return;
            }

            lock (reports)
            {
                reports.Add(Encoding.UTF8.GetString(report, 0, length));
                report[0] ^= (byte)(reports.Count == 1 ? 1 : 0);
            }

            session.Send(report, 0, length);
        };
        server.Start(new IPEndPoint(IPAddress.Loopback, FreePorts.Udp()));
        using PeerProgram sample = Start("SleepyDevice", "127.0.0.1", server.LocalPort.ToString(), "1", "0");
        Assert.Contains("report 1 was taken", sample.WaitForExit());
        Assert.IsGreaterThan(1, reports.Count, "It was sent again.");
    }

    [TestMethod]
    public void Provisioning_is_given_libcoap_as_its_server_and_needs_nobody_to_find_it_again()
    {
        using WorkFolder folder = new();
        string kept = folder.PathOf("kept");
        int port = FreePorts.Udp();
        int bootstrapPort = FreePorts.Udp();
        using PeerProgram server = PeerProgram.Start(
            false, "coap-server-openssl", "-A", "127.0.0.1", "-p", port.ToString(), "-d", "10", "-k", "a key of the server's own");
        server.WaitForPort(port + 1);
        using (PeerProgram bootstrap = Start("Provisioning", "bootstrap-server", bootstrapPort.ToString(), "coaps://127.0.0.1:" + (port + 1), "sensor-7", "a key of the server's own"))
        {
            bootstrap.WaitForPort(bootstrapPort);
            using PeerProgram device = Start("Provisioning", "127.0.0.1", bootstrapPort.ToString(), "2", "0", kept);
            string output = device.WaitForExit();
            Assert.AreEqual(0, device.ExitCode, output + " " + bootstrap.Output + " " + server.Output);
            Assert.Contains("Provisioned for 127.0.0.1:" + (port + 1), output);
            bootstrap.WaitForOutput("device-1 was given coaps://127.0.0.1:" + (port + 1) + " as sensor-7.");
        }

        // The bootstrap server is no more.
        using PeerProgram again = Start("Provisioning", "127.0.0.1", bootstrapPort.ToString(), "2", "0", kept);
        Assert.DoesNotContain("Provisioned", again.WaitForExit());
        Assert.AreEqual(0, again.ExitCode, again.Output + " " + server.Output);
    }

    [TestMethod]
    public void Provisioning_asks_again_where_what_it_was_given_opens_nothing()
    {
        int bootstrapPort = FreePorts.Udp();
        DtlsOptions options = new() { Crypto = new HostProvider(), Suites = PskSuites.Constrained(), Psk = new PskStore() };
        options.Psk.Add(Encoding.ASCII.GetBytes("the right key"), "the right name");
        using DtlsServer server = new(options);
        server.DataReceived += session =>
        {
            byte[] request = new byte[200];
            int length = session.Receive(request, 0, 0);
            if (length >= 6)
            {
                // 2.04 in the acknowledgement, with the id and the token.
                session.Send([0x62, 0x44, .. request.AsSpan(2, 4)]);
            }
        };
        server.Start(new IPEndPoint(IPAddress.Loopback, FreePorts.Udp()));
        string uri = "coaps://127.0.0.1:" + server.LocalPort;
        using PeerProgram bootstrap = Start("Provisioning", "bootstrap-server", bootstrapPort.ToString(), uri, "a wrong name", "the right key", uri, "the right name", "the right key");
        bootstrap.WaitForPort(bootstrapPort);
        using PeerProgram device = Start("Provisioning", "127.0.0.1", bootstrapPort.ToString(), "1", "0");
        string output = device.WaitForExit();
        Assert.AreEqual(0, device.ExitCode, output + " " + bootstrap.Output);
        Assert.Contains("The credentials for 127.0.0.1 are of no use.", output);
        Assert.HasCount(3, output.Split("Provisioned for 127.0.0.1:" + server.LocalPort));
    }

    [TestMethod]
    public void Dtls13Client_reports_by_the_newer_version_to_our_server()
    {
        int port = FreePorts.Udp();
        using PeerProgram server = StartServer(port, "--versions", "1.3", "--psk-alone");
        using PeerProgram sample = Start("Dtls13Client", "127.0.0.1", port.ToString(), "3", "0");
        string output = sample.WaitForExit();
        Assert.AreEqual(0, sample.ExitCode, output);
        Assert.Contains("Connected by DTLS 1.3 with TLS_AES_128_CCM_8_SHA256", output);
        Assert.Contains("report 3 was taken", output);
        server.WaitForOutput("connected: sensor-1");
    }

    private static PeerProgram StartServer(int port, params string[] more)
    {
        string configuration = Path.GetFileName(AppContext.BaseDirectory.TrimEnd('/', '\\'));
        string tool = Path.GetFullPath(Path.Combine(AppContext.BaseDirectory, "..", "..", "NfDtls.Tool", configuration, "NfDtls.Tool.dll"));
        PeerProgram server = PeerProgram.Start(
            false, "dotnet", [tool, "server", port.ToString(), "--bind", "127.0.0.1", "--psk", "000102030405060708090a0b0c0d0e0f", "--identity", "sensor-1",
            "--cid", "random:8", "--echo", .. more]);
        server.WaitForOutput("listening on UDP port");
        return server;
    }

    /// <summary>What SleepyDevice says in so many lives, all of whose reports were taken.</summary>
    private static string Live(int port, int lives, string state)
    {
        using PeerProgram sample = Start("SleepyDevice", "127.0.0.1", port.ToString(), lives.ToString(), "0", state);
        string output = sample.WaitForExit();
        Assert.AreEqual(0, sample.ExitCode, output);
        Assert.IsTrue(File.Exists(state), "the association is kept");
        return output;
    }

    /// <summary>The local ports of lives that began so, in this order; no two are one.</summary>
    private static string[] Ports(string output, params string[] beginnings)
    {
        string[] lines = output.Split('\n').Where(line => line.Contains(", from port ", StringComparison.Ordinal)).ToArray();
        Assert.HasCount(beginnings.Length, lines, output);
        for (int i = 0; i < lines.Length; i++)
        {
            Assert.Contains(beginnings[i], lines[i]);
        }

        string[] ports = lines.Select(line => line[(line.LastIndexOf(' ') + 1)..].TrimEnd('.', '\r')).ToArray();
        CollectionAssert.AllItemsAreUnique(ports);
        return ports;
    }

    /// <summary>Sends a line through openssl, which echoes what it receives to its output.</summary>
    private static string Exchange(int port, string identity, string key, string line)
    {
        using PeerProgram client = PeerProgram.Start(
            false, "openssl", "s_client", "-dtls1_2", "-connect", "127.0.0.1:" + port, "-cipher", "PSK",
            "-psk_identity", identity, "-psk", key, "-quiet", "-no_ign_eof");
        client.Write(line + "\n");
        client.WaitForOutput(line);
        client.EndInput();
        return client.WaitForExit();
    }

    /// <summary>A sample lies beside the tests: artifacts/bin/NAME/release_net10.0 and artifacts/bin/NfDtls.Tests.Samples/release.</summary>
    internal static PeerProgram Start(string name, params string[] arguments)
    {
        string configuration = Path.GetFileName(AppContext.BaseDirectory.TrimEnd('/', '\\'));
        string assembly = Path.Combine(AppContext.BaseDirectory, "..", "..", name, configuration + "_net10.0", name + ".dll");
        return PeerProgram.Start(false, "dotnet", [Path.GetFullPath(assembly), .. arguments]);
    }
}
