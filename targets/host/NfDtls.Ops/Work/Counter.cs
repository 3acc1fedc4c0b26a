using System;
using System.Collections.Generic;

namespace NfDtls.Ops;

/// <summary>Adds up what the meter has counted while pieces of work were done, each in as many turns as it likes.</summary>
internal sealed class Counter
{
    private readonly List<KeyValuePair<string, long[][]>> _counted = [];

    internal List<KeyValuePair<string, long[][]>> Counted => _counted;

    /// <summary>Does something, and counts it as part of a piece of work.</summary>
    internal void Count(string work, Action action)
    {
        long[][] meters = [Meter.Operations, Meter.Calls, Meter.Entries];
        long[][] before = [(long[])Meter.Operations.Clone(), (long[])Meter.Calls.Clone(), (long[])Meter.Entries.Clone()];
        action();
        long[][] sums = Find(work);
        for (int i = 0; i < meters.Length; i++)
        {
            for (int method = 0; method < Meter.Most; method++)
            {
                sums[i][method] += meters[i][method] - before[i][method];
            }
        }
    }

    private long[][] Find(string work)
    {
        foreach (KeyValuePair<string, long[][]> one in _counted)
        {
            if (one.Key == work)
            {
                return one.Value;
            }
        }

        long[][] sums = [new long[Meter.Most], new long[Meter.Most], new long[Meter.Most]];
        _counted.Add(new KeyValuePair<string, long[][]>(work, sums));
        return sums;
    }
}
