using System;

namespace NfDtls.Bench;

/// <summary>Makes contestants of this process ready.</summary>
internal static class Workloads
{
    /// <exception cref="NotSupportedException">The provider's library is not there.</exception>
    internal static Workload Make(string contestant, Row row, string folder)
    {
        if (row.Way == Way.Crowd)
        {
            return contestant == Contestant.Blocking ? ServerLoad.Blocking(row, folder) : ServerLoad.Asynchronous(row, folder, contestant == Contestant.Inline);
        }

        return contestant switch
        {
            Contestant.Blocking => new BlockingPair(row, folder),
            Contestant.Asynchronous => AsyncPair.Create(row),
            Contestant.Bouncy => new BouncyPair(row, folder),
            _ => new EnginePair(contestant, row, folder),
        };
    }
}
