using System.Globalization;
using System.Linq;
using System.Text.RegularExpressions;
using Microsoft.VisualStudio.TestTools.UnitTesting;

namespace NfDtls.Tests.Host;

/// <summary>The command-line tool's plan: what it prints is PlanMemory's, which other tests hold against boards.</summary>
[TestClass]
public class PlanToolTests
{
    [TestMethod]
    public void A_plan_of_either_version_says_what_a_server_takes_and_what_flash_it_needs()
    {
        string newer = Plan("--sessions 16 --mtu 1280 --psk --version 1.3");
        string earlier = Plan("--sessions 16 --mtu 1280 --psk --version 1.2");
        foreach (string plan in new[] { newer, earlier })
        {
            int rest = Number(plan, "pool") + Number(plan, "engine") + Number(plan, "sessions") + Number(plan, "handshakes");
            Assert.AreEqual(rest, Number(plan, "at rest"), plan);
            Assert.IsGreaterThan(rest, Number(plan, "peak"), plan);
            string[] flash = [.. plan.Split('\n').Where(line => line.StartsWith("  NfDtls", System.StringComparison.Ordinal))];
            Assert.AreEqual(flash.Sum(line => Value(line)), Number(plan, "all"), plan);
            Assert.IsGreaterThan(60_000, Number(plan, "NfDtls"), plan);
        }

        Assert.IsLessThanOrEqualTo(Number(earlier, "session") + 512, Number(newer, "session"), newer);
        Assert.AreEqual(Number(earlier, "all") + Number(newer, "NfDtls.Dtls13") + Number(newer, "NfDtls.Dtls13.Server"), Number(newer, "all"));
        StringAssert.Contains(newer, "DTLS 1.3 with pre-shared keys");
    }

    [TestMethod]
    public void Times_are_computed_for_each_board_and_more_in_managed_code()
    {
        string plan = Plan("--psk --client --version 1.2");
        StringAssert.Contains(plan, "computed, not measured");
        string[] rows = [.. plan.Split('\n').Where(line => line.StartsWith("  ESP32 (240 MHz)", System.StringComparison.Ordinal))];
        Assert.HasCount(2, rows);
        double[][] times = [.. rows.Select(row => row.Split(' ', System.StringSplitOptions.RemoveEmptyEntries).Skip(3)
            .Select(text => double.Parse(text, System.Globalization.CultureInfo.InvariantCulture)).ToArray())];
        Assert.HasCount(3, times[0]);
        for (int i = 0; i < 3; i++)
        {
            Assert.IsGreaterThan(times[0][i], times[1][i], plan);
        }

        // 108,000 operations of 40 cycles at 240,000 cycles a millisecond.
        Assert.AreEqual(18, times[0][0], 0.5, plan);
        StringAssert.Contains(Plan("--x509"), "Certificates take");
    }

    [TestMethod]
    public void Certificates_and_more_sessions_take_more_and_a_client_takes_less()
    {
        string server = Plan("--psk --sessions 16");
        string larger = Plan("--psk --sessions 17");
        Assert.IsGreaterThanOrEqualTo(Number(server, "session"), Number(larger, "peak") - Number(server, "peak"));
        Assert.IsGreaterThan(Number(server, "handshakes"), Number(Plan("--x509 --sessions 16"), "handshakes"));
        Assert.IsGreaterThan(Number(server, "all"), Number(Plan("--x509 --sessions 16 --version 1.2"), "all"));
        Assert.IsLessThan(Number(server, "at rest"), Number(Plan("--psk --client"), "at rest"));
    }

    [TestMethod]
    [DataRow("", "--psk or for --x509")]
    [DataRow("--psk --x509", "--psk or for --x509")]
    [DataRow("--psk --version 1.1", "--version must be 1.2 or 1.3, not 1.1")]
    [DataRow("--psk --sessions 0", "--sessions must be 1 to 65535, not 0")]
    [DataRow("--psk --mtu 10", "--mtu must be 150 to")]
    public void A_plan_for_nothing_is_refused(string options, string reason)
    {
        using ToolRun run = ToolRun.ToEnd("plan " + options).Ended(2);
        StringAssert.Contains(run.Errors, reason);
    }

    private static string Plan(string options)
    {
        using ToolRun run = ToolRun.ToEnd("plan " + options).Ended(0);
        return run.Output;
    }

    private static int Number(string plan, string row)
    {
        return Value(plan.Split('\n').Single(line => Regex.IsMatch(line, "^  " + Regex.Escape(row) + " +[0-9]")));
    }

    private static int Value(string line)
    {
        return int.Parse(Regex.Match(line, " ([0-9,]+)(  |$)").Groups[1].Value, NumberStyles.AllowThousands, CultureInfo.InvariantCulture);
    }
}
