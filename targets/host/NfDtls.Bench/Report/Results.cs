using System;
using System.Collections.Generic;
using System.Linq;

namespace NfDtls.Bench;

/// <summary>Everything of one run, as it is written to a file.</summary>
internal sealed class Results
{
    /// <summary>UTC, when it began.</summary>
    public string Date { get; set; } = "";

    public string Commit { get; set; } = "";

    public string Machine { get; set; } = "";

    public string System { get; set; } = "";

    public string Runtime { get; set; } = "";

    /// <summary>What is known of what else the machine did: the load when it began and when it ended, and how long slices were.</summary>
    public string Conditions { get; set; } = "";

    public List<RowResult> Rows { get; set; } = [];

    public List<CountResult> Counts { get; set; } = [];
}

/// <summary>A number that is counted, not timed.</summary>
internal sealed record CountResult(string Name, string Contestant, double Value, string Unit);

/// <summary>All contestants of a row.</summary>
internal sealed record RowResult(string Id, List<Score> Scores)
{
    internal Score? Of(string contestant)
    {
        return Scores.Find(score => score.Contestant == contestant);
    }

    /// <summary>
    /// The median, and the lower and upper quartile, of one's speed by another's, each of two slices that were played one soon after
    /// the other. Null where one of them did not play.
    /// </summary>
    internal Ratio? Compare(string one, string other)
    {
        Score? a = Of(one);
        Score? b = Of(other);
        return a == null || b == null ? null : Ratio.Of(a.PerSecond.Zip(b.PerSecond, (x, y) => x / y));
    }
}

/// <summary>What a contestant reached.</summary>
/// <param name="Contestant">Its name.</param>
/// <param name="Version">What did its cryptography.</param>
/// <param name="PerSecond">Turns a second of the processor's time, a number a round.</param>
/// <param name="Allocated">Bytes of managed heap a turn, both ends, in the round that took least; null for a C program.</param>
/// <param name="Datagrams">Of one turn, both directions; 0 where they are not seen.</param>
/// <param name="Bytes">Of UDP payload, likewise.</param>
internal sealed record Score(string Contestant, string Version, double[] PerSecond, double? Allocated, long Datagrams, long Bytes)
{
    internal double Median => Ratio.Of(PerSecond).Median;
}

/// <summary>A median with its quartiles.</summary>
internal readonly record struct Ratio(double Lower, double Median, double Upper)
{
    internal static Ratio Of(IEnumerable<double> values)
    {
        double[] sorted = [.. values.Order()];
        return new Ratio(At(sorted, 0.25), At(sorted, 0.5), At(sorted, 0.75));
    }

    private static double At(double[] sorted, double part)
    {
        double place = part * (sorted.Length - 1);
        int below = (int)place;
        int above = Math.Min(below + 1, sorted.Length - 1);
        return sorted[below] + ((sorted[above] - sorted[below]) * (place - below));
    }
}
