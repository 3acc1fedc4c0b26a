using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.IO;
using System.Linq;
using System.Text;
using System.Text.RegularExpressions;
using System.Threading.Tasks;
using Microsoft.VisualStudio.TestTools.UnitTesting;

namespace NfDtls.Tests.Host;

/// <summary>
/// Every call of the tool in a page's block of commands, run by a shell as it stands there: with the files that the calls before it
/// made, a capture and its key log, and a server at the name and port that it gives.
/// </summary>
[TestClass]
public sealed partial class PageCommandTests
{
    private const string Tool = "artifacts/nfdtls/nfdtls ";
    private const string Key = "000102030405060708090a0b0c0d0e0f";

    private static readonly string Root = FindRoot();
    private static string s_folder = "";

    /// <summary>Every call once, without what stands behind a hash.</summary>
    public static IEnumerable<object[]> Calls => Directory.EnumerateFiles(Path.Combine(Root, "docs"), "*.md")
        .Concat(Directory.EnumerateFiles(Path.Combine(Root, "firmware-samples"), "*.md", SearchOption.AllDirectories)).Append(Path.Combine(Root, "README.md"))
        .Order(StringComparer.Ordinal).SelectMany(path => CallPattern().Matches(File.ReadAllText(path))).Select(match => Local(match.Groups[1].Value.Trim())).Distinct().Select(call => new object[] { call });

    /// <summary>A call of a client with this machine in place of a server that is none, so that the same is not run twice.</summary>
    private static string Local(string call)
    {
        return call.Replace(" gateway.example 5684", " 127.0.0.1 5684", StringComparison.Ordinal);
    }

    private static IEnumerable<object[]> Of(params string[] verbs)
    {
        return Calls.Where(call => verbs.Contains(((string)call[0]).Split(' ')[0]));
    }

    public static IEnumerable<object[]> Alone => Of("demo", "plan", "decode");

    public static IEnumerable<object[]> Servers => Of("server");

    public static IEnumerable<object[]> Clients => Of("client", "ping", "scan", "bench");

    /// <summary>What the calls of the pages find in their folder.</summary>
    [ClassInitialize]
    public static void MakeFiles(TestContext context)
    {
        s_folder = Directory.CreateTempSubdirectory("nfdtls-pages-").FullName;
        foreach (object[] call in Of("keygen"))
        {
            Assert.AreNotEqual("", Run((string)call[0], "").Trim(), (string)call[0]);
        }

        DtlsOptions client = Setup.Options();
        DtlsOptions server = Setup.Options();
        client.KeyLog = null;
        RecordedTalk talk = new RecordedTalk(client, server).Connect().Say("nobody else should read this");
        File.WriteAllBytes(Path.Combine(s_folder, "capture.pcap"), talk.Pcap());
        File.WriteAllText(Path.Combine(s_folder, "keys.txt"), talk.Secrets);
    }

    [ClassCleanup]
    public static void DeleteFiles()
    {
        Directory.Delete(s_folder, true);
    }

    [TestMethod]
    public void Every_call_of_the_tool_is_run_here()
    {
        string[] run = Of("keygen").Concat(Alone).Concat(Servers).Concat(Clients).Select(call => (string)call[0]).ToArray();
        CollectionAssert.AreEquivalent(Calls.Select(call => (string)call[0]).ToArray(), run);
        foreach (IEnumerable<object[]> kind in new[] { Alone, Servers, Clients, Of("keygen") })
        {
            Assert.IsTrue(kind.Any());
        }
    }

    [TestMethod]
    public void The_credentials_that_pages_make_are_there()
    {
        foreach (string name in new[] { "ca.pem", "server.pem", "server.key", "device.pem", "device.key" })
        {
            Assert.IsTrue(File.Exists(Path.Combine(s_folder, name)), name);
        }
    }

    [TestMethod]
    [DynamicData(nameof(Alone))]
    public void A_call_that_needs_no_peer_succeeds(string call)
    {
        string said = Run(call, "");
        if (call.StartsWith("decode", StringComparison.Ordinal))
        {
            Assert.Contains("nobody else should read this", said);
        }
    }

    [TestMethod]
    [DynamicData(nameof(Servers))]
    public void A_server_of_a_page_listens_and_serves_the_client_that_its_options_are_for(string call)
    {
        using Peer server = new(call, null);
        Serve(server, call.Contains("--cert ", StringComparison.Ordinal)
            ? $"client 127.0.0.1 {server.Port} --ca ca.pem --name gateway.example --cert device.pem --key device.key"
            : $"client 127.0.0.1 {server.Port} --psk {Key} --identity {Identity(call)}" + (call.Contains("--versions 1.3", StringComparison.Ordinal) ? " --versions 1.3 --psk-alone" : "") + (call.Contains("--cid", StringComparison.Ordinal) ? " --cid random:0" : ""));
    }

    [TestMethod]
    [DynamicData(nameof(Clients))]
    public void A_client_of_a_page_finds_a_server_that_is_as_the_page_says(string call)
    {
        bool hasCertificates = call.Contains("--ca ", StringComparison.Ordinal);
        using Peer server = new(
            hasCertificates ? "server 0 --echo --cert server.pem --key server.key --ca ca.pem --verify require" : $"server 0 --echo --psk {Key} --identity {Identity(call)}", null);
        string[] words = call.Split(' ');
        words[1] = "127.0.0.1";
        words[2] = server.Port.ToString();
        string put = string.Join(' ', words) + (hasCertificates && !call.Contains("--name ", StringComparison.Ordinal) ? " --name gateway.example" : "") + (words[0] == "bench" ? " --time 200" : "") + (words[0] is "ping" or "scan" ? " --timeout 40000" : "");
        if (words[0] == "client")
        {
            Serve(server, put);
        }
        else
        {
            Run(put, "");
        }
    }

    [TestMethod]
    public void What_getting_started_says_of_openssl_works()
    {
        if (!(Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator).Any(folder => File.Exists(Path.Combine(folder, "openssl"))))
        {
            Assert.Inconclusive("The program openssl is not installed: nothing was tested against it.");
        }

        string page = File.ReadAllText(Path.Combine(Root, "docs", "getting-started.md"));
        string command = OpenSslPattern().Match(page).Value.Trim();
        string[] clients = CallPattern().Matches(page).Select(match => match.Groups[1].Value.Trim()).Where(call => call.Contains("127.0.0.1 5684", StringComparison.Ordinal)).ToArray();
        Assert.HasCount(2, clients);
        using Peer server = new(command.Replace("5684", FreePorts.Udp().ToString(), StringComparison.Ordinal), command);
        foreach (string client in clients)
        {
            string put = client.Replace("5684", server.Port.ToString(), StringComparison.Ordinal) + (client.StartsWith("ping", StringComparison.Ordinal) ? " --timeout 40000" : "");
            Run(put, client.StartsWith("ping", StringComparison.Ordinal) ? "" : "typed here\n");
        }

        server.WaitFor("typed here");
    }

    private static void Serve(Peer server, string client)
    {
        Assert.Contains("typed here", Run(client, "typed here\n", server.Echoes ? "typed here" : null) + (server.Echoes ? "" : server.Told("typed here")));
    }

    private static string Identity(string call)
    {
        Match match = IdentityPattern().Match(call);
        return match.Success ? match.Groups[1].Value : "sensor-17";
    }

    private static ProcessStartInfo Shell(string command)
    {
        string tool = Path.Combine(AppContext.BaseDirectory, "NfDtls.Tool.dll");
        return new ProcessStartInfo("bash", ["-c", $"exec {(command.StartsWith("openssl", StringComparison.Ordinal) ? "" : $"dotnet '{tool}' ")}{command}"])
        {
            WorkingDirectory = s_folder,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
    }

    /// <summary>Runs a call to its end, which its input comes to once it has written what is expected; what it wrote to stdout.</summary>
    private static string Run(string call, string input, string? expected = null)
    {
        using Process process = Process.Start(Shell(call))!;
        StringBuilder output = new();
        process.OutputDataReceived += (_, e) =>
        {
            lock (output)
            {
                output.AppendLine(e.Data);
            }
        };
        process.BeginOutputReadLine();
        Task<string> errors = process.StandardError.ReadToEndAsync();
        process.StandardInput.Write(input);
        process.StandardInput.Flush();
        if (expected != null)
        {
            Setup.Until(() => Text(output).Contains(expected, StringComparison.Ordinal) || process.HasExited, expected);
        }

        process.StandardInput.Close();
        Assert.IsTrue(process.WaitForExit(Setup.Patience), "It does not end: " + call);
        process.WaitForExit();
        Assert.AreEqual(0, process.ExitCode, call + "\n" + Text(output) + errors.Result);
        return Text(output);
    }

    private static string Text(StringBuilder text)
    {
        lock (text)
        {
            return text.ToString();
        }
    }

    private static string FindRoot()
    {
        DirectoryInfo? folder = new(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder!.FullName, "NfDtls.slnx")))
        {
            folder = folder.Parent;
        }

        return folder.FullName;
    }

    [GeneratedRegex("(?m)^ *artifacts/nfdtls/nfdtls ([^#\\n]*)")]
    private static partial Regex CallPattern();

    [GeneratedRegex("(?m)^openssl s_server .*$")]
    private static partial Regex OpenSslPattern();

    [GeneratedRegex("--identity (\\S+)")]
    private static partial Regex IdentityPattern();

    [GeneratedRegex("listening on UDP port ([0-9]+)")]
    private static partial Regex ListeningPattern();

    [GeneratedRegex("-accept ([0-9]+)")]
    private static partial Regex AcceptPattern();

    /// <summary>A server of a page, on a port of its own.</summary>
    private sealed class Peer : IDisposable
    {
        private readonly Process _process;
        private readonly StringBuilder _said = new();

        /// <param name="call">The tool's arguments; a port is replaced by one that is free. Or a command of openssl with its port.</param>
        /// <param name="openssl">Not null: that is what it is.</param>
        internal Peer(string call, string? openssl)
        {
            Echoes = call.Contains("--echo", StringComparison.Ordinal);
            _process = new Process { StartInfo = Shell(openssl != null ? call : PortPattern().Replace(call, "server 0", 1)) };
            _process.Start();
            Pump(_process.StandardOutput);
            Pump(_process.StandardError);
            if (openssl != null)
            {
                Port = int.Parse(AcceptPattern().Match(call).Groups[1].Value);
                Setup.Until(() => IsBound(Port) || _process.HasExited, "a server that listens");
                return;
            }

            Match listening = Match.Empty;
            Setup.Until(() => (listening = ListeningPattern().Match(Text(_said))).Success || _process.HasExited, "a server that listens");
            Assert.IsTrue(listening.Success, call + "\n" + Text(_said));
            Port = int.Parse(listening.Groups[1].Value);
        }

        internal int Port { get; }

        internal bool Echoes { get; }

        internal void WaitFor(string text)
        {
            Setup.Until(() => Text(_said).Contains(text, StringComparison.Ordinal) || _process.HasExited, text);
            Assert.Contains(text, Text(_said));
        }

        internal string Told(string text)
        {
            WaitFor(text);
            return text;
        }

        public void Dispose()
        {
            if (!_process.HasExited)
            {
                _process.Kill(true);
                _process.WaitForExit();
            }

            _process.Dispose();
        }

        private static bool IsBound(int port)
        {
            return System.Net.NetworkInformation.IPGlobalProperties.GetIPGlobalProperties().GetActiveUdpListeners().Any(listener => listener.Port == port);
        }

        /// <summary>By the character: what a peer got need not end with a line.</summary>
        private void Pump(StreamReader from)
        {
            _ = Task.Run(async () =>
            {
                char[] buffer = new char[1024];
                for (int count = await from.ReadAsync(buffer); count > 0; count = await from.ReadAsync(buffer))
                {
                    lock (_said)
                    {
                        _said.Append(buffer, 0, count);
                    }
                }
            });
        }
    }

    [GeneratedRegex("^server [0-9]+")]
    private static partial Regex PortPattern();
}
