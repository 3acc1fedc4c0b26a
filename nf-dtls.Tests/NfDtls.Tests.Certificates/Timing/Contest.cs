using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.Globalization;

namespace NfDtls.Tests.Certificates.Timing;

/// <summary>
/// Work of two kinds that must not be told apart by its time. Each run is made ready first, then timed; which kind comes next is
/// drawn by lot, so that what the machine does meanwhile meets both.
/// </summary>
internal sealed class Contest(string name, Func<bool, Action> ready)
{
    private const int Warming = 300;

    internal string Name { get; } = name;

    /// <summary>Runs for so long, and says what came of it: the runs of each kind, the medians, how much longer the second takes in the faster half of its runs, and the largest t.</summary>
    internal string Run(TimeSpan time)
    {
        Random random = new(19);
        List<double>[] times = [[], []];
        Stopwatch all = Stopwatch.StartNew();
        for (int run = 0; run < 2 * Warming || all.Elapsed < time; run++)
        {
            bool isOther = random.Next(2) == 1;
            Action work = ready(isOther);
            long begin = Stopwatch.GetTimestamp();
            work();
            long end = Stopwatch.GetTimestamp();
            if (run >= Warming)
            {
                times[isOther ? 1 : 0].Add((end - begin) * 1e9 / Stopwatch.Frequency);
            }

            if (run == Warming)
            {
                all.Restart();
            }
        }

        double[] one = [.. times[0]];
        double[] other = [.. times[1]];
        double t = Welch.Largest(one, other);
        return string.Create(
            CultureInfo.InvariantCulture,
            $"| {Name} | {one.Length:N0}, {other.Length:N0} | {Welch.Median(one):N0}, {Welch.Median(other):N0} | {Welch.FastMean(other) - Welch.FastMean(one):F1} | {t:F1} | {(Math.Abs(t) > Welch.Telling ? "differs" : "no difference seen")} |");
    }
}
