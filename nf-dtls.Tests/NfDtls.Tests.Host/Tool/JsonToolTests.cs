using System;
using System.CommandLine;
using System.IO;
using System.Linq;
using System.Text.Json;
using Microsoft.VisualStudio.TestTools.UnitTesting;
using NfDtls.Tool;

namespace NfDtls.Tests.Host;

/// <summary>Every command has --json, and with it writes objects of JSON to its output, one a line, and nothing else.</summary>
[TestClass]
public sealed class JsonToolTests
{
    private const string Keys = "--psk 000102030405060708090a0b0c0d0e0f --identity device";

    [TestMethod]
    public void Every_command_has_it()
    {
        Command[] commands = [.. CommandLine.Make().Subcommands];
        Assert.HasCount(9, commands);
        foreach (Command command in commands)
        {
            Assert.IsTrue(command.Options.Any(option => option.Name == "--json"), command.Name);
        }
    }

    [TestMethod]
    [DataRow("plan --psk")]
    [DataRow("keygen psk --name device")]
    [DataRow("decode 15fefd00000000000000000002022f")]
    [DataRow("demo")]
    public void What_needs_no_peer_writes_objects_of_json(string command)
    {
        using ToolRun run = ToolRun.ToEnd(command + " --json").Ended(0);
        AssertJson(run.Output);
    }

    [TestMethod]
    public void A_client_its_server_and_what_asks_one_write_objects_of_json()
    {
        using ToolRun server = ToolRun.Server(Keys + " --echo --json", out int port);
        using ToolRun client = ToolRun.ToEnd($"client 127.0.0.1 {port} {Keys} --json", "one\n", run => run.Output.Contains("one", StringComparison.Ordinal)).Ended(0);
        AssertJson(client.Output);
        using ToolRun ping = ToolRun.ToEnd($"ping 127.0.0.1 {port} --count 1 --timeout 40000 --json").Ended(0);
        AssertJson(ping.Output);
        using ToolRun bench = ToolRun.ToEnd($"bench 127.0.0.1 {port} {Keys} --time 100 --json").Ended(0);
        AssertJson(bench.Output);
        server.Terminate();
        server.Ended(0);
        AssertJson(server.Output);
    }

    private static void AssertJson(string output)
    {
        using StringReader reader = new(output);
        int lines = 0;
        for (string? line = reader.ReadLine(); line != null; line = reader.ReadLine())
        {
            lines++;
            try
            {
                using JsonDocument document = JsonDocument.Parse(line);
                Assert.AreEqual(JsonValueKind.Object, document.RootElement.ValueKind, line);
            }
            catch (JsonException e)
            {
                Assert.Fail(e.Message + "\n" + output);
            }
        }

        Assert.AreNotEqual(0, lines, "Nothing was written.");
    }
}
