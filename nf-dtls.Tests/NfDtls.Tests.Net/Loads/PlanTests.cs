using System;
using System.Diagnostics;
using System.Globalization;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using CsCheck;
using Microsoft.VisualStudio.TestTools.UnitTesting;

namespace NfDtls.Tests.Net.Loads;

/// <summary>
/// Random calls from many sides, each of which may fail as its documentation says, and no other way. With NFDTLS_LONG_RUN=1 there are
/// 10,000 plans, of which docs/assurance.md tells; NFDTLS_PLANS says another number.
/// </summary>
[TestClass]
public sealed class PlanTests
{
    private const int Usual = 300;
    private const int Long = 10_000;
    private const int Lanes = 8;
    private const ulong Seed = 2026;

    public TestContext TestContext { get; set; } = null!;

    [TestMethod]
    public void Random_plans_of_calls_from_several_sides_end_with_nothing_left()
    {
        using Unobserved unobserved = new();
        int usual = Environment.GetEnvironmentVariable("NFDTLS_LONG_RUN") == "1" ? Long : Usual;
        int plans = int.TryParse(Environment.GetEnvironmentVariable("NFDTLS_PLANS"), CultureInfo.InvariantCulture, out int asked) ? asked : usual;
        Stopwatch clock = Stopwatch.StartNew();
        int next = 0;
        int connected = 0;
        int received = 0;
        int failed = 0;
        Task[] lanes = Enumerable.Range(0, Lanes).Select(_ => Task.Factory.StartNew(
            () =>
            {
                for (int run = Interlocked.Increment(ref next); run <= plans && Volatile.Read(ref failed) == 0; run = Interlocked.Increment(ref next))
                {
                    try
                    {
                        // A seed for each run, as CsCheck's own seed is for the first alone. A failure names the seed and the plan.
                        Plan.Any.Sample(plan => Play(plan, ref connected, ref received), seed: new PCG((uint)run, Seed).ToString(), iter: 1, threads: 1);
                    }
                    catch
                    {
                        Volatile.Write(ref failed, 1);
                        throw;
                    }
                }
            },
            CancellationToken.None,
            TaskCreationOptions.LongRunning,
            TaskScheduler.Default)).ToArray();
        Task.WaitAll(lanes);
        unobserved.AssertNone();
        TestContext.WriteLine(FormattableString.Invariant($"{plans} plans in {clock.Elapsed.TotalSeconds:F0} s ({Environment.CpuUsage.TotalTime.TotalSeconds:F0} s of processor, all of this process): {connected} connections, {received} datagrams received."));
        Assert.IsGreaterThan(0, connected);
    }

    private static void Play(Plan plan, ref int connected, ref int received)
    {
        Stage stage = new(plan);
        stage.PlayAsync().GetAwaiter().GetResult();
        Interlocked.Add(ref connected, stage.Connected);
        Interlocked.Add(ref received, stage.Received);
    }
}
