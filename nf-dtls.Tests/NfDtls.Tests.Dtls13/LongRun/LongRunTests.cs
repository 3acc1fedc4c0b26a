using System;
using System.Diagnostics;
using System.Linq;
using Microsoft.VisualStudio.TestTools.UnitTesting;
using NfDtls.Tests.Engine;

namespace NfDtls.Tests.Dtls13.LongRun;

/// <summary>A day of two hundred sessions, or what of it a build has time for.</summary>
[TestClass]
public sealed class LongRunTests
{
    /// <summary>Set to 1 for the whole: 24 hours of 200 sessions.</summary>
    private const string Switch = "NFDTLS_LONG_RUN";

    private const long Minute = 60_000;

    public TestContext TestContext { get; set; } = null!;

    [TestMethod]
    public void After_a_day_of_moves_losses_renewals_alerts_restarts_and_jumps_of_the_clock_all_is_as_it_was()
    {
        bool isWhole = Environment.GetEnvironmentVariable(Switch) == "1";
        int hours = isWhole ? 24 : 6;
        Site site = new(7, isWhole ? 200 : 50);
        Stopwatch watch = Stopwatch.StartNew();
        for (int hour = 0; hour < hours; hour++)
        {
            site.LiveAnHour();
            if (hour == hours / 4 || hour == hours * 3 / 4)
            {
                site.RestartServer();
            }
            else if (hour == hours / 3)
            {
                site.Jump(190 * Minute);
            }
            else if (hour == hours / 2)
            {
                site.Jump(-50 * Minute);
            }
        }

        site.VerifyAllComeBack();
        site.VerifyNothingIsLeft();
        TestContext.WriteLine(
            hours + " hours of virtual time in " + (watch.ElapsedMilliseconds / 1000) + " s: " + site.Handshakes + " handshakes, " + site.Sent + " records said and "
            + site.Received + " echoed, " + site.Moves + " moves, " + site.Renewals + " renewals, " + site.Closes + " closes, " + site.Alerts + " alerts, " + site.Replays
            + " replays, " + site.Restarts + " restarts, " + site.Datagrams + " datagrams; memory after each hour, in KB: " + string.Join(" ", site.Memory.Select(bytes => bytes / 1024)));
        Assert.IsGreaterThan((site.Sent - site.Excused) * 8 / 10, site.Received, "Most of what is said is echoed.");
        Assert.IsGreaterThan(0, new[] { site.Moves, site.Renewals, site.Closes, site.Alerts, site.Replays, site.Restarts }.Min());

        // What is kept of a session does not grow with what it has been through. The first hours fill tables.
        long early = site.Memory.Skip(1).Take(hours / 3).Max();
        long late = site.Memory.TakeLast(hours / 3).Max();
        Assert.IsLessThan((early * 5 / 4) + 1_000_000, late, "It grows: " + string.Join(" ", site.Memory));
    }
}
