using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;

namespace NfDtls.Bench;

/// <summary>
/// What is counted once, or asked of many sessions: bytes that each end allocates, live bytes of a session, the cost of a record by
/// the number of sessions on a port.
/// </summary>
internal static class Counting
{
    private const int Turns = 200;
    private const int LiveSessions = 500;
    private static readonly int[] SessionCounts = [1, 10, 100, 1000, 10_000];

    internal static IEnumerable<CountResult> Run(CommandLine line, IReadOnlyList<Contestant> contestants, string folder)
    {
        foreach (Contestant contestant in contestants.Where(one => one.IsEngine))
        {
            foreach (Row row in Row.All().Where(row => row.Way == Way.Memory && row.Work != Work.Send))
            {
                string name = "allocated/" + row.Id;
                if (line.Wants(name) && TryMake(contestant.Name, row, folder) is { } pair)
                {
                    using (pair)
                    {
                        foreach (CountResult result in Allocations(name, contestant.Name, pair, line.IsCheck ? 1 : contestant.Name == Contestant.Software ? 10 : Turns))
                        {
                            yield return result;
                        }
                    }
                }
            }
        }

        foreach (Contestant contestant in contestants.Where(one => one.IsProgram || one.Name is Contestant.OpenSslProvider or Contestant.Host or Contestant.Software))
        {
            Row row = new(Work.Handshake, Suite.PskCcm8, false, false, Way.Memory, 0);
            if (line.Wants("live") && contestant.Can(row))
            {
                yield return new CountResult("live/psk-ccm8", contestant.Name, contestant.IsProgram ? OfProgram(contestant, row, folder) : OfEngine(contestant.Name, line.IsCheck ? 10 : LiveSessions), "bytes a session");
            }
        }

        if (line.Wants("sessions"))
        {
            double one = 0;
            foreach (int sessions in SessionCounts.Where(number => number <= 10 || !line.IsCheck))
            {
                using Crowd crowd = new(Contestant.OpenSslProvider, sessions, sessions);
                double cost = crowd.Measure(line.Settings);
                one = one == 0 ? cost : one;
                yield return new CountResult(string.Create(CultureInfo.InvariantCulture, $"sessions/{sessions}"), Contestant.OpenSslProvider, cost, "ns a record at the server");
                yield return new CountResult(string.Create(CultureInfo.InvariantCulture, $"sessions/{sessions}/ratio"), Contestant.OpenSslProvider, cost / one, "of one session's");
            }
        }
    }

    private static EnginePair? TryMake(string contestant, Row row, string folder)
    {
        try
        {
            return new EnginePair(contestant, row, folder);
        }
        catch (NotSupportedException)
        {
            return null;
        }
    }

    private static IEnumerable<CountResult> Allocations(string name, string contestant, EnginePair pair, int turns)
    {
        pair.Run(turns);
        pair.CountsAllocations = true;
        pair.Run(1);
        (long client, long server) = pair.Allocated;
        pair.Run(turns);
        yield return new CountResult(name + "/client", contestant, (double)(pair.Allocated.Client - client) / turns, "bytes a turn");
        yield return new CountResult(name + "/server", contestant, (double)(pair.Allocated.Server - server) / turns, "bytes a turn");
    }

    private static double OfProgram(Contestant contestant, Row row, string folder)
    {
        const int Sessions = 200;
        using Player player = Player.Start(contestant, row, folder, -1, out string reason) ?? throw new InvalidOperationException(reason);
        return long.Parse(player.Ask(FormattableString.Invariant($"live {Sessions}")), CultureInfo.InvariantCulture) / (double)Sessions;
    }

    /// <summary>What a server with twice as many sessions takes more, its tables included.</summary>
    private static double OfEngine(string contestant, int sessions)
    {
        long small = Live(contestant, sessions);
        long large = Live(contestant, 2 * sessions);
        return (double)(large - small) / sessions;
    }

    private static long Live(string contestant, int sessions)
    {
        long before = GC.GetTotalMemory(true);
        using Crowd crowd = new(contestant, sessions, 0);
        crowd.ForgetClients();
        return GC.GetTotalMemory(true) - before;
    }
}
