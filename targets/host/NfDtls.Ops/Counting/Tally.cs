using System.Collections.Generic;

namespace NfDtls.Ops;

/// <summary>Adds up what the meter has counted between the marks that the work sets.</summary>
internal sealed class Tally
{
    private readonly Dictionary<string, long[][]> _sums = [];
    private string? _work;
    private long[][] _before = [];

    /// <summary>Operations, calls and entries by method's number, by piece of work in the order in which they began.</summary>
    internal List<KeyValuePair<string, long[][]>> Counted { get; } = [];

    /// <summary>A piece of work, by its name, begins or goes on; null: it ends.</summary>
    internal void Mark(object? work)
    {
        if (_work != null)
        {
            Add(_work);
        }

        _work = (string?)work;
        _before = [(long[])Meter.Operations.Clone(), (long[])Meter.Calls.Clone(), (long[])Meter.Entries.Clone()];
    }

    private void Add(string work)
    {
        if (!_sums.TryGetValue(work, out long[][]? sums))
        {
            sums = [new long[Meter.Most], new long[Meter.Most], new long[Meter.Most]];
            _sums.Add(work, sums);
            Counted.Add(new KeyValuePair<string, long[][]>(work, sums));
        }

        long[][] meters = [Meter.Operations, Meter.Calls, Meter.Entries];
        for (int i = 0; i < meters.Length; i++)
        {
            for (int method = 0; method < Meter.Most; method++)
            {
                sums[i][method] += meters[i][method] - _before[i][method];
            }
        }
    }
}
