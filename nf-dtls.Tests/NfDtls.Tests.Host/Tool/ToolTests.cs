using System;
using System.IO;
using System.Linq;
using System.Net;
using System.Net.Sockets;
using System.Text.RegularExpressions;
using System.Threading;
using Microsoft.VisualStudio.TestTools.UnitTesting;
using NfDtls.Sockets;

namespace NfDtls.Tests.Host;

/// <summary>The command-line tool: what it prints where, and what it ends with.</summary>
[TestClass]
public partial class ToolTests
{
    private const string Keys = "--psk 000102030405060708090a0b0c0d0e0f --identity device";
    private const string DemoSays = "Hello from NfDtls.\nThis line went to the server and back, encrypted both ways.\nThe same code runs on .NET nanoFramework.\n";

    [TestMethod]
    [DataRow("host")]
    [DataRow("openssl")]
    [DataRow("software")]
    [DataRow("native")]
    public void The_demonstration_needs_485_bytes_for_its_handshake_and_prints_data_alone(string crypto)
    {
        if (crypto == "native" && !File.Exists(Path.Combine(AppContext.BaseDirectory, "libnfdtls.so")))
        {
            Assert.Inconclusive("The native library is missing; run ./build.sh native.");
        }

        using ToolRun demo = ToolRun.ToEnd("demo --crypto " + crypto).Ended(0);
        Assert.AreEqual(DemoSays, demo.Output);
        StringAssert.Contains(demo.Errors, "485 bytes over UDP");
        StringAssert.Contains(demo.Errors, "TLS_PSK_WITH_AES_128_CCM_8");
        Assert.IsFalse(demo.Errors.Contains('\x1b'), "colours where nobody reads");
    }

    [TestMethod]
    public void The_demonstration_prints_hexadecimal_where_wanted()
    {
        using ToolRun demo = ToolRun.ToEnd("demo --hex --suite TLS_PSK_WITH_AES_128_GCM_SHA256").Ended(0);
        StringAssert.StartsWith(demo.Output, Convert.ToHexStringLower(Setup.Bytes("Hello from NfDtls.")) + "\n");
        StringAssert.Contains(demo.Errors, "TLS_PSK_WITH_AES_128_GCM_SHA256");
    }

    [TestMethod]
    public void The_demonstration_survives_a_bad_network()
    {
        using ToolRun demo = ToolRun.ToEnd("demo --loss 0.2 --duplicate 0.2 --reorder 0.2 --seed 7").Ended(0);
        string[] said = DemoSays.Split('\n');
        foreach (string line in demo.Output.Split('\n'))
        {
            CollectionAssert.Contains(said, line);
        }
    }

    [TestMethod]
    public void Lines_go_to_the_server_and_come_back()
    {
        using ToolRun server = ToolRun.Server(Keys + " --echo", out int port);
        const string Input = "one\n\ntwo words\n\u00fcber\n";
        using ToolRun client = new ToolRun($"client 127.0.0.1 {port} {Keys}");
        client.Write(Input + "last without an end");
        Setup.Until(() => client.Output == Input, "the lines with an end");
        client.EndInput();
        client.Ended(0);
        StringAssert.Contains(client.Errors, "connected");
        Setup.Until(() => server.Output == Input + "last without an end\n", "the lines at the server");
        server.Terminate();
        server.Ended(0);
        StringAssert.Contains(server.Errors, "connected: device, TLS_ECDHE_PSK_WITH_");
        StringAssert.Contains(server.Errors, "disconnected: closed");
    }

    [TestMethod]
    public void An_identity_that_is_no_text_is_given_and_shown_as_hexadecimal()
    {
        const string Binary = "--psk 000102030405060708090a0b0c0d0e0f --identity-hex 9c3fe18010ff00c2a07bd10599eef012";
        using ToolRun server = ToolRun.Server(Binary + " --echo", out int port);
        using ToolRun client = ToolRun.ToEnd($"client 127.0.0.1 {port} {Binary}", "one\n", "one\n").Ended(0);
        StringAssert.Contains(client.Errors, "0x9c3fe18010ff00c2a07bd10599eef012");
        server.Terminate();
        server.Ended(0);
        StringAssert.Contains(server.Errors, "connected: 0x9c3fe18010ff00c2a07bd10599eef012, ");
    }

    [TestMethod]
    public void Lines_come_back_at_once_and_over_IPv6()
    {
        if (!Socket.OSSupportsIPv6)
        {
            Assert.Inconclusive("This machine has no IPv6.");
        }

        using ToolRun server = ToolRun.Server(Keys + " --echo", out int port);
        using ToolRun client = new ToolRun($"client ::1 {port} {Keys}");
        client.Write("one\n");
        Setup.Until(() => client.Output == "one\n", "the first line");
        client.Write("two\n");
        Setup.Until(() => client.Output == "one\ntwo\n", "the second line");
        client.Terminate();
        client.Ended(0);
        server.Terminate();
        server.Ended(0);
    }

    [TestMethod]
    public void Without_echo_the_server_only_prints()
    {
        using ToolRun server = ToolRun.Server(Keys + " --crypto software", out int port);
        using ToolRun client = ToolRun.ToEnd($"client localhost {port} {Keys} --mtu 300", "one\n", _ => server.Output == "one\n").Ended(0);
        Assert.AreEqual("", client.Output);
    }

    [TestMethod]
    public void Hexadecimal_lines_carry_any_byte_and_an_empty_line_is_an_empty_record()
    {
        using ToolRun server = ToolRun.Server(Keys + " --echo --hex", out int port);
        using ToolRun client = ToolRun.ToEnd($"client 127.0.0.1 {port} {Keys} --hex", "000aff\n\nFE\n", "000aff\n\nfe\n").Ended(0);
        Assert.AreEqual("000aff\n\nfe\n", client.Output);
        Setup.Until(() => server.Output == "000aff\n\nfe\n", "the records at the server");
        using ToolRun wrong = ToolRun.ToEnd($"client 127.0.0.1 {port} {Keys} --hex", "0g\n").Ended(2);
        OneLine(wrong, "hex");
    }

    [TestMethod]
    public void An_empty_line_is_a_record_of_no_bytes()
    {
        using EchoServer server = new EchoServer(OptionsOfKeys());
        int length = -1;
        server.OnRecord = (_, record) => length = record.Length;
        using ToolRun client = ToolRun.ToEnd($"client 127.0.0.1 {server.EndPoint.Port} {Keys}", "\n", _ => Volatile.Read(ref length) == 0).Ended(0);
    }

    [TestMethod]
    public void A_line_that_is_too_long_ends_it_with_4_after_the_lines_before()
    {
        using ToolRun server = ToolRun.Server(Keys + " --echo", out int port);
        using ToolRun client = ToolRun.ToEnd($"client 127.0.0.1 {port} {Keys} --mtu 300", "short\n" + new string('x', 301) + "\n").Ended(4);
        OneLine(client, "301");
        Setup.Until(() => server.Output.StartsWith("short\n", StringComparison.Ordinal), "the line before");
        Assert.IsFalse(server.Output.Contains("xx"));
    }

    [TestMethod]
    [DataRow("client 127.0.0.1 9", "--psk")]
    [DataRow("client 127.0.0.1 9 --psk 00", "--identity")]
    [DataRow("client 127.0.0.1 9 --psk 0g --identity x", "--psk")]
    [DataRow("client 127.0.0.1 9 --psk 000 --identity x", "--psk")]
    [DataRow("client 127.0.0.1 9 --psk 00 --identity x --identity-hex 00", "--identity-hex")]
    [DataRow("client 127.0.0.1 9 --psk 00 --identity-hex xyz", "--identity-hex")]
    [DataRow("client 127.0.0.1 9 --suite TLS_NULL --psk 00 --identity x", "TLS_NULL")]
    [DataRow("client 127.0.0.1 9 --crypto magic --psk 00 --identity x", "magic")]
    [DataRow("client 127.0.0.1 70000 --psk 00 --identity x", "70000")]
    [DataRow("client 127.0.0.1 9 --mtu 10 --psk 00 --identity x", "--mtu")]
    [DataRow("client 127.0.0.1 9 --loss 2 --psk 00 --identity x", "--loss")]
    [DataRow("client 127.0.0.1", "PORT is missing")]
    [DataRow("client", "HOST is missing")]
    [DataRow("server --psk 00 --identity x", "PORT is missing")]
    [DataRow("server 12x --psk 00 --identity x", "PORT must be 0 to 65535, not 12x")]
    [DataRow("client 127.0.0.1 9 --loss 0,1 --psk 00 --identity x", "--loss must be a probability from 0 to 1 with a decimal point, such as 0.1, not 0,1")]
    [DataRow("client 127.0.0.1 9 --corrupt NaN --psk 00 --identity x", "--corrupt")]
    [DataRow("client 127.0.0.1 9 --mtu 1,400 --psk 00 --identity x", "--mtu must be 150 to 16384, not 1,400")]
    [DataRow("client 127.0.0.1 9 --timeout soon --psk 00 --identity x", "--timeout must be 0 to 2147483647, not soon")]
    [DataRow("client 127.0.0.1 9 --close-timeout soon --psk 00 --identity x", "--close-timeout must be 0 to 2147483647, not soon")]
    [DataRow("client 127.0.0.1 9 --seed x --psk 00 --identity x", "--seed")]
    [DataRow("client 127.0.0.1 9 --retransmit 49 --psk 00 --identity x", "--retransmit must be 50 to 60000, not 49")]
    [DataRow("client 127.0.0.1 9 --psk", "--psk")]
    [DataRow("client 127.0.0.1 9 --psk-file /none/there --identity x", "--psk-file /none/there cannot be read")]
    [DataRow("client 127.0.0.1 9 --psk-env NFDTLS_NO_SUCH_KEY --identity x", "NFDTLS_NO_SUCH_KEY")]
    [DataRow("client 127.0.0.1 9 --psk 00 --psk-env NFDTLS_NO_SUCH_KEY --identity x", "one of --psk, --psk-file and --psk-env")]
    [DataRow("client 127.0.0.1 9 --psk 00 --identity x --bind nowhere", "--bind")]
    [DataRow("server 0 --psk 00 --identity x --bind nowhere", "--bind")]
    [DataRow("client 127.0.0.1 9 --suite TLS_ECDHE_ECDSA_WITH_AES_128_CCM_8 --psk 00 --identity x", "fits no key or certificate that is given: it needs something to trust")]
    [DataRow("server 0 --suite TLS_ECDHE_ECDSA_WITH_AES_128_CCM_8 --psk 00 --identity x", "fits no key or certificate that is given: it needs a certificate")]
    [DataRow("demo --suite TLS_RSA_WITH_AES_128_CBC_SHA", "fits no key or certificate")]
    [DataRow("server 0", "--psk")]
    [DataRow("demo --what", "--what")]
    [DataRow("demo --crypto magic", "magic")]
    [DataRow("listen 1", "listen")]
    [DataRow("", "command")]
    public void Wrong_usage_ends_it_with_2_and_a_reason_of_one_line(string arguments, string word)
    {
        using ToolRun run = ToolRun.ToEnd(arguments).Ended(2);
        OneLine(run, word);
        Assert.AreEqual(1, run.Errors.Count(c => c == '\n'), run.Errors);
        Assert.AreEqual("", run.Output);
        Assert.IsFalse(run.Errors.Contains("System.", StringComparison.Ordinal), run.Errors);
    }

    [TestMethod]
    public void A_key_may_be_in_a_file_or_in_a_variable()
    {
        string file = Path.GetTempFileName();
        try
        {
            File.WriteAllText(file, "000102030405060708090a0b0c0d0e0f\n");
            using ToolRun server = ToolRun.Server($"--psk-file {file} --identity device --echo", out int port);
            using ToolRun client = new ToolRun($"client 127.0.0.1 {port} --psk-env NFDTLS_TEST_KEY --identity device", ("NFDTLS_TEST_KEY", "000102030405060708090A0B0C0D0E0F"));
            client.Write("one\n");
            Setup.Until(() => client.Output == "one\n", "the line");
            client.EndInput();
            client.Ended(0);
        }
        finally
        {
            File.Delete(file);
        }
    }

    [TestMethod]
    public void A_server_that_was_killed_is_an_unclean_end()
    {
        using ToolRun server = ToolRun.Server(Keys + " --echo", out int port);
        using ToolRun client = new ToolRun($"client 127.0.0.1 {port} {Keys} --close-timeout 500");
        client.Write("one\n");
        Setup.Until(() => client.Output == "one\n", "the line");
        server.Kill();
        client.EndInput();
        client.Ended(4);
        OneLine(client, "did not answer close_notify");
    }

    [TestMethod]
    public void A_server_answers_from_the_address_that_was_asked()
    {
        using ToolRun server = ToolRun.Server(Keys + " --echo", out int port);
        using ToolRun client = ToolRun.ToEnd($"client 127.0.0.2 {port} {Keys}", "one\n", "one\n").Ended(0);
    }

    [TestMethod]
    public void A_server_listens_where_it_is_bound_and_nowhere_else()
    {
        using ToolRun server = ToolRun.Server(Keys + " --echo --bind 127.0.0.3 --bind 127.0.0.4", out int port);
        using ToolRun client = ToolRun.ToEnd($"client 127.0.0.4 {port} --bind 127.0.0.5 {Keys}", "one\n", "one\n").Ended(0);
        Setup.Until(() => server.Errors.Contains("127.0.0.5:", StringComparison.Ordinal), "the client's address at the server");

        // Nobody else is at this address, and whoever is at all of them has another port.
        using Socket free = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        free.Bind(new IPEndPoint(IPAddress.Parse("127.0.0.6"), port));
    }

    [TestMethod]
    public void Help_tells_of_the_commands_and_of_what_it_ends_with()
    {
        using ToolRun run = ToolRun.ToEnd("--help").Ended(0);
        StringAssert.Contains(run.Output, "client");
        StringAssert.Contains(run.Output, "demo");
        StringAssert.Contains(run.Output, "3 when the handshake failed");
    }

    [TestMethod]
    public void Without_a_server_it_ends_with_3()
    {
        using Socket silent = Check.SilentSocket();
        using ToolRun run = ToolRun.ToEnd($"client 127.0.0.1 {((IPEndPoint)silent.LocalEndPoint!).Port} {Keys} --timeout 500").Ended(3);
        OneLine(run, "did not answer in time");
    }

    [TestMethod]
    public void With_a_wrong_key_it_ends_with_3_and_the_server_says_why()
    {
        using ToolRun server = ToolRun.Server(Keys + " --timeout 10000 --retransmit 50", out int port);
        using ToolRun client = ToolRun.ToEnd($"client 127.0.0.1 {port} --psk 00 --identity device --retransmit 50 --timeout 0").Ended(3);
        OneLine(client, "keys differ");
        Setup.Until(() => server.Errors.Contains("keys differ"), "the reason at the server");
        using ToolRun stranger = ToolRun.ToEnd($"client 127.0.0.1 {port} --psk 00 --identity stranger").Ended(3);
        OneLine(stranger, "unknown_psk_identity");
    }

    [TestMethod]
    public void A_server_that_is_terminated_tells_its_clients_and_both_end_with_0()
    {
        using ToolRun server = ToolRun.Server(Keys + " --echo", out int port);
        using ToolRun client = new ToolRun($"client 127.0.0.1 {port} {Keys}");
        client.Write("one\n");
        Setup.Until(() => client.Output == "one\n", "the line");
        server.Terminate();
        server.Ended(0);
        client.Ended(0);
        StringAssert.Contains(client.Errors, "closed by the peer");
        StringAssert.Contains(server.Errors, "disconnected: stopped");
    }

    [TestMethod]
    public void A_port_that_is_taken_is_a_reason_and_no_crash()
    {
        using Socket taken = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        taken.Bind(new IPEndPoint(IPAddress.Any, 0));
        int port = ((IPEndPoint)taken.LocalEndPoint!).Port;
        using ToolRun server = ToolRun.ToEnd($"server {port} {Keys}").Ended(4);
        OneLine(server, port.ToString());
    }

    [TestMethod]
    public void The_key_logs_of_both_ends_have_the_same_line_for_a_session()
    {
        string ofServer = Path.Combine(Path.GetTempPath(), "nfdtls-" + Guid.NewGuid().ToString("N") + ".keys");
        string ofClient = ofServer + "2";
        try
        {
            using ToolRun server = ToolRun.Server(Keys + " --keylog " + ofServer, out int port);
            using ToolRun client = ToolRun.ToEnd($"client 127.0.0.1 {port} {Keys} --keylog {ofClient}", "one\n").Ended(0);
            string[] lines = File.ReadAllLines(ofClient);
            Assert.AreEqual(1, lines.Length);
            Assert.IsTrue(KeyLogLine().IsMatch(lines[0]), lines[0]);
            CollectionAssert.AreEqual(lines, File.ReadAllLines(ofServer));

            // A second run is appended.
            using ToolRun demo = ToolRun.ToEnd("demo --keylog " + ofClient).Ended(0);
            string[] more = File.ReadAllLines(ofClient);
            Assert.AreEqual(2, more.Length);
            Assert.AreEqual(lines[0], more[0]);
            Assert.IsTrue(KeyLogLine().IsMatch(more[1]), more[1]);
        }
        finally
        {
            File.Delete(ofServer);
            File.Delete(ofClient);
        }
    }

    [TestMethod]
    public void Client_and_server_talk_through_a_bad_network()
    {
        using ToolRun server = ToolRun.Server(Keys + " --echo --duplicate 0.3 --reorder 0.2 --seed 3", out int port);
        using ToolRun client = ToolRun.ToEnd($"client 127.0.0.1 {port} {Keys} --duplicate 0.2 --seed 5", "one\ntwo\nthree\n", run => run.Output.Length >= 14).Ended(0);
        string[] lines = client.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Array.Sort(lines);
        CollectionAssert.AreEqual(new[] { "one", "three", "two" }, lines);
        StringAssert.Contains(client.Errors, "the network in between");
    }

    [GeneratedRegex("^CLIENT_RANDOM [0-9a-f]{64} [0-9a-f]{96}$")]
    private static partial Regex KeyLogLine();

    private static DtlsOptions OptionsOfKeys()
    {
        DtlsOptions options = Setup.Options();
        options.Psk = new PskStore();
        options.Psk.Add(Convert.FromHexString("000102030405060708090a0b0c0d0e0f"), "device");
        return options;
    }

    /// <summary>The last line that it printed for people gives the reason, without a stack.</summary>
    private static void OneLine(ToolRun run, string word)
    {
        string last = run.Errors.TrimEnd('\n').Split('\n')[^1];
        StringAssert.StartsWith(last, "nfdtls: ");
        StringAssert.Contains(last, word);
        Assert.IsFalse(run.Errors.Contains("   at "), run.Errors);
    }
}
