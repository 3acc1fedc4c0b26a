using System;
using System.IO;
using System.Linq;
using System.Text.RegularExpressions;
using Microsoft.VisualStudio.TestTools.UnitTesting;
using NfDtls.Tests.Peers.Programs;
using NfDtls.Tests.Peers.Strangers;

namespace NfDtls.Tests.Peers;

/// <summary>The program that times the stacks: that every row of it runs, not how fast.</summary>
[TestClass]
public sealed partial class BenchTests
{
    [TestMethod]
    public void Every_contestant_does_every_row_once()
    {
        string output = Run("--check");
        Match last = SummaryPattern().Match(output);
        Assert.IsTrue(last.Success, output);
        Assert.AreEqual("0", last.Groups[2].Value, output);
        Assert.IsGreaterThan(100, int.Parse(last.Groups[1].Value, System.Globalization.CultureInfo.InvariantCulture), output);
    }

    [TestMethod]
    public void A_row_is_timed_in_processes_of_their_own_and_written_to_a_file()
    {
        string file = Path.GetTempFileName();
        try
        {
            Run("echo/psk-ccm8/64/1.2/memory", "--only", "openssl-provider,host,bouncycastle", "--rounds", "2", "--slice", "1", "--warmth", "0", "--core", "-1", "--json", file);
            string json = File.ReadAllText(file);
            foreach (string name in new[] { "openssl-provider", "host", "bouncycastle", "PerSecond", "Commit", "Machine", "load" })
            {
                Assert.Contains(name, json);
            }
        }
        finally
        {
            File.Delete(file);
        }
    }

    [TestMethod]
    public void Rows_of_both_versions_are_played_by_wolfSSL_where_it_has_been_fetched()
    {
        Assert.IsNotEmpty(StrangerLibrary.Wolf.Found);
        string output = Run("--check", "handshake/psk-ccm8/full,handshake/ecdsa-gcm/resumed,echo/psk-gcm/64/1.3,send/psk-ccm8", "--only", "wolfssl");

        // A pre-shared key and records in 1.3 alone, in memory and over UDP.
        Assert.Contains("10 done, 0 failed", output);
    }

    [TestMethod]
    public void Rows_go_on_without_wolfSSL_where_it_has_not_been_fetched()
    {
        // Away from where the tests unpack it.
        DirectoryInfo folder = Directory.CreateTempSubdirectory("nfdtls-bench-test-");
        try
        {
            foreach (string file in Directory.GetFiles(AppContext.BaseDirectory, "*").Where(file => Path.GetExtension(file) is ".dll" or ".json"))
            {
                File.Copy(file, Path.Combine(folder.FullName, Path.GetFileName(file)));
            }

            using PeerProgram program = Start(folder.FullName, "--check", "handshake/psk-ccm8/full/1.3/memory", "--only", "openssl-provider,wolfssl");
            string output = program.WaitForExit();
            Assert.AreEqual(0, program.ExitCode, output);
            Assert.Contains("wolfSSL is left out: libwolfssl-dev is not below", output);
            Assert.Contains("3 done, 0 failed", output);
        }
        finally
        {
            folder.Delete(true);
        }
    }

    [TestMethod]
    public void What_it_does_not_understand_it_says()
    {
        using PeerProgram program = Start(AppContext.BaseDirectory, "--fast");
        string output = program.WaitForExit();
        Assert.AreEqual(2, program.ExitCode, output);
        Assert.Contains("usage", output);
    }

    private static string Run(params string[] arguments)
    {
        using PeerProgram program = Start(AppContext.BaseDirectory, arguments);
        string output = program.WaitForExit();
        Assert.AreEqual(0, program.ExitCode, output);
        return output;
    }

    private static PeerProgram Start(string folder, params string[] arguments)
    {
        return PeerProgram.Start(false, "dotnet", [Path.Combine(folder, "NfDtls.Bench.dll"), .. arguments]);
    }

    [GeneratedRegex("([0-9]+) done, ([0-9]+) failed")]
    private static partial Regex SummaryPattern();
}
