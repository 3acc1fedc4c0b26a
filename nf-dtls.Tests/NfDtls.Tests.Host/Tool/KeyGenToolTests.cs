using System;
using System.IO;
using System.Linq;
using System.Text.Json;
using System.Text.RegularExpressions;
using Microsoft.VisualStudio.TestTools.UnitTesting;

namespace NfDtls.Tests.Host;

/// <summary>nfdtls keygen, whose credentials client and server then use; bench; and JSON of client and server.</summary>
[TestClass]
public sealed class KeyGenToolTests
{
    private string _folder = "";

    [TestInitialize]
    public void MakeFolder()
    {
        _folder = Directory.CreateTempSubdirectory("nfdtls-").FullName;
    }

    [TestCleanup]
    public void DeleteFolder()
    {
        Directory.Delete(_folder, recursive: true);
    }

    [TestMethod]
    public void A_server_and_a_device_with_certificates_of_a_new_authority_connect()
    {
        Run("keygen ca --out @ca --name Home");
        Run("keygen server --ca @ca --out @server --name localhost --name 127.0.0.1");
        Run("keygen device --ca @ca --out @device --name sensor-17 --curve p384");
        using ToolRun server = ToolRun.Server(In("--echo --cert @server.pem --key @server.key --ca @ca.pem --verify require"), out int port);
        using ToolRun client = ToolRun.ToEnd(In($"client 127.0.0.1 {port} --ca @ca.pem --cert @device.pem --key @device.key --json"), "one\n", run => run.Output.Contains("\"text\"")).Ended(0);
        string[] kinds = [.. client.Output.TrimEnd('\n').Split('\n').Select(line => JsonDocument.Parse(line).RootElement.GetProperty("kind").GetString()!)];
        CollectionAssert.AreEqual(new[] { "connected", "record", "counters" }, kinds);
        StringAssert.Contains(client.Output, "\"server\":\"CN=localhost\"");
        StringAssert.Contains(client.Output, "\"text\":\"one\"");
        StringAssert.Contains(server.Errors, "sensor-17");
        if (!OperatingSystem.IsWindows())
        {
            Assert.AreEqual(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(In("@device.key")));
        }
    }

    [TestMethod]
    public void A_pre_shared_key_as_C_sharp_has_the_bytes_and_bench_uses_the_key()
    {
        string told = Run("keygen psk --name sensor-17 --form csharp --bytes 24");
        byte[] bytes = [.. Regex.Matches(told, "0x([0-9a-f]{2}),").Select(m => Convert.ToByte(m.Groups[1].Value, 16))];
        Assert.HasCount(24, bytes);
        StringAssert.Contains(told, "public const string Identity =\n        \"sensor-17\";");
        string keys = $"--psk {Convert.ToHexStringLower(bytes)} --identity sensor-17";
        using ToolRun server = ToolRun.Server(keys + " --echo", out int port);

        // A machine that is busy may keep the first echoes back for longer than bench waits: once is enough.
        Setup.Until(
            () =>
            {
                using JsonDocument bench = JsonDocument.Parse(Run($"bench 127.0.0.1 {port} {keys} --time 300 --clients 2 --json"));
                JsonElement[] parts = [.. bench.RootElement.GetProperty("parts").EnumerateArray()];
                Assert.AreEqual("handshakes", parts[0].GetProperty("kind").GetString());
                Assert.IsGreaterThan(0, parts[0].GetProperty("count").GetInt32());
                return parts.Length > 1 && parts[1].GetProperty("kind").GetString() == "round_trips";
            },
            "round trips");
        using ToolRun wrong = ToolRun.ToEnd($"bench 127.0.0.1 {port} --psk 00 --identity nobody").Ended(3);
        StringAssert.Contains(wrong.Errors, "unknown_psk_identity");
    }

    [TestMethod]
    public void Raw_keys_are_files_for_either_end_and_none_is_replaced_without_being_told()
    {
        Run("keygen raw --out @server");
        Run("keygen raw --out @device");
        using ToolRun server = ToolRun.Server(In("--echo --raw-key @server.key --trust-key @device.pub --verify require"), out int port);
        using ToolRun client = ToolRun.ToEnd(In($"client 127.0.0.1 {port} --raw-key @device.key --trust-key @server.pub"), "one\n", "one\n").Ended(0);
        string before = File.ReadAllText(In("@device.key"));
        using ToolRun again = ToolRun.ToEnd(In("keygen raw --out @device")).Ended(2);
        StringAssert.Contains(again.Errors, "is there already; --force replaces it");
        Assert.AreEqual(before, File.ReadAllText(In("@device.key")));

        // All or none: no new private key beside an old public one.
        File.Delete(In("@device.key"));
        using ToolRun half = ToolRun.ToEnd(In("keygen raw --out @device")).Ended(2);
        StringAssert.Contains(half.Errors, "device.pub is there already");
        Assert.IsFalse(File.Exists(In("@device.key")));
        Run("keygen raw --out @device --force --form csharp");
        StringAssert.Contains(File.ReadAllText(In("@device.cs")), "\"-----BEGIN PRIVATE KEY-----\\n\" +");
    }

    [TestMethod]
    [DataRow("keygen", "KIND is missing: it is ca, server, device, raw or psk")]
    [DataRow("keygen server --name x", "give --ca PREFIX")]
    [DataRow("keygen device --ca /nowhere --name x", "cannot be read")]
    [DataRow("keygen psk", "--name is missing")]
    [DataRow("keygen psk --name x --bytes 8", "--bytes must be 16 to 64, not 8")]
    [DataRow("keygen raw --curve p999", "--curve must be p256, p384 or p521, not p999")]
    [DataRow("bench 127.0.0.1 9 --psk 00 --identity x --clients 0", "--clients must be 1 to 1000, not 0")]
    public void What_is_wrong_is_told(string arguments, string reason)
    {
        using ToolRun run = ToolRun.ToEnd(arguments).Ended(2);
        StringAssert.Contains(run.Errors, reason);
    }

    private string Run(string arguments)
    {
        using ToolRun run = ToolRun.ToEnd(In(arguments)).Ended(0);
        return run.Output;
    }

    private string In(string arguments)
    {
        return arguments.Replace("@", _folder + Path.DirectorySeparatorChar);
    }
}
