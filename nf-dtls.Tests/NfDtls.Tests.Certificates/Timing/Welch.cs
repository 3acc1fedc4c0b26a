using System;
using System.Collections.Generic;
using System.Linq;

namespace NfDtls.Tests.Certificates.Timing;

/// <summary>
/// What two rows of times tell apart: Welch's t, over all of them and over the fastest parts, as what slows a run down is the machine
/// more often than the code (Reparaz, Balasch, Verbauwhede: "dude, is my code constant time?").
/// </summary>
internal static class Welch
{
    /// <summary>Beyond this the rows differ, and not by chance.</summary>
    internal const double Telling = 4.5;

    // Shares of all times, the fastest first, that are looked at.
    private static readonly double[] s_crops = [1, 0.95, 0.8, 0.5];

    /// <summary>The t that is farthest from 0 of those of all crops.</summary>
    internal static double Largest(double[] one, double[] other)
    {
        double[] all = [.. one, .. other];
        Array.Sort(all);
        double largest = 0;
        foreach (double crop in s_crops)
        {
            double limit = all[(int)(crop * (all.Length - 1))];
            double t = T([.. one.Where(time => time <= limit)], [.. other.Where(time => time <= limit)]);
            largest = Math.Abs(t) > Math.Abs(largest) ? t : largest;
        }

        return largest;
    }

    /// <summary>The mean of the faster half.</summary>
    internal static double FastMean(double[] times)
    {
        double[] sorted = [.. times];
        Array.Sort(sorted);
        return sorted[..((sorted.Length + 1) / 2)].Average();
    }

    internal static double Median(double[] times)
    {
        double[] sorted = [.. times];
        Array.Sort(sorted);
        return sorted[sorted.Length / 2];
    }

    /// <summary>Welch's t of two rows; 0 where one is too short to tell.</summary>
    internal static double T(IReadOnlyList<double> one, IReadOnlyList<double> other)
    {
        if (one.Count < 10 || other.Count < 10)
        {
            return 0;
        }

        double spread = (Variance(one) / one.Count) + (Variance(other) / other.Count);
        return spread > 0 ? (one.Average() - other.Average()) / Math.Sqrt(spread) : 0;
    }

    private static double Variance(IReadOnlyList<double> row)
    {
        double mean = row.Average();
        return row.Sum(value => (value - mean) * (value - mean)) / (row.Count - 1);
    }
}
