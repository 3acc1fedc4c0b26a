using System;
using System.IO;
using System.Text.RegularExpressions;
using Microsoft.VisualStudio.TestTools.UnitTesting;
using NfDtls.Tests.Peers.Programs;

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
    public void What_it_does_not_understand_it_says()
    {
        using PeerProgram program = Start("--fast");
        string output = program.WaitForExit();
        Assert.AreEqual(2, program.ExitCode, output);
        Assert.Contains("usage", output);
    }

    private static string Run(params string[] arguments)
    {
        using PeerProgram program = Start(arguments);
        string output = program.WaitForExit();
        Assert.AreEqual(0, program.ExitCode, output);
        return output;
    }

    private static PeerProgram Start(params string[] arguments)
    {
        return PeerProgram.Start(false, "dotnet", [Path.Combine(AppContext.BaseDirectory, "NfDtls.Bench.dll"), .. arguments]);
    }

    [GeneratedRegex("([0-9]+) done, ([0-9]+) failed")]
    private static partial Regex SummaryPattern();
}
