using System;
using System.Collections.Generic;
using System.Linq;

namespace NfDtls.Bench;

/// <summary>Lets the contestants of a row play by turns, A B A B, and keeps what each needed in each round.</summary>
internal sealed class Competition(string folder, Settings settings, Action<string> tell)
{
    private const long Millisecond = 1_000_000;

    // Slices that are no faster than the best before them, and how often the least warmth it takes at the most.
    private const int SettledSlices = 12;
    private const int LongestWarmth = 10;

    // How many times as long those with threads are warmed.
    private const int ThreadsWarmth = 4;

    internal RowResult Run(Row row, IReadOnlyList<Contestant> contestants)
    {
        List<(Contestant Contestant, Player Player, long Times)> players = [];
        try
        {
            foreach (Contestant contestant in contestants.Where(one => one.Can(row)))
            {
                Player? player = Player.Start(contestant, row, folder, settings.Core, out string reason);
                if (player == null)
                {
                    tell($"{row.Id}: {contestant.Title} cannot: {reason}");
                    continue;
                }

                players.Add((contestant, player, WarmUp(player, contestant.HasThreads ? ThreadsWarmth * settings.Warmth : settings.Warmth)));
            }

            List<Sample>[] samples = players.Select(_ => new List<Sample>()).ToArray();
            for (int round = 0; round < settings.Rounds; round++)
            {
                for (int i = 0; i < players.Count; i++)
                {
                    (long nanoseconds, long allocated) = players[i].Player.Run(players[i].Times);
                    samples[i].Add(new Sample(players[i].Times * 1e9 / nanoseconds, (double)allocated / players[i].Times));
                }
            }

            return new RowResult(row.Id, players.Select((player, i) => new Score(
                player.Contestant.Name, player.Player.Version, [.. samples[i].Select(sample => sample.PerSecond)],
                player.Contestant.IsProgram ? null : samples[i].Select(sample => sample.Allocated).Min(), player.Player.Datagrams, player.Player.Bytes)).ToList());
        }
        finally
        {
            foreach ((_, Player player, _) in players)
            {
                player.Dispose();
            }
        }
    }

    /// <summary>
    /// Lets it play until it has been compiled and its caches are warm, that is, until several slices running were no faster than the best before;
    /// how many turns make a slice. .NET compiles anew what is called often when some time has gone by, and on a busy machine that is late.
    /// </summary>
    private long WarmUp(Player player, long least)
    {
        long times = 1;
        long spent = 0;
        double best = double.MaxValue;
        int settled = 0;
        while (true)
        {
            (long nanoseconds, _) = player.Run(times);
            spent += nanoseconds;
            double one = Math.Max(1, (double)nanoseconds / times);
            long slice = Math.Max(1, (long)(settings.Slice * Millisecond / one));
            settled = one < 0.97 * best ? 0 : settled + 1;
            best = Math.Min(best, one);
            if (spent >= least * Millisecond && (settled >= SettledSlices || spent >= LongestWarmth * least * Millisecond))
            {
                return slice;
            }

            times = Math.Min(slice, times * 4);
        }
    }

    private readonly record struct Sample(double PerSecond, double Allocated);
}

/// <summary>How long it is played.</summary>
/// <param name="Rounds">Slices of each contestant.</param>
/// <param name="Slice">Milliseconds of the processor's time of a slice.</param>
/// <param name="Warmth">Milliseconds before the first, at least; four times as many with threads.</param>
/// <param name="Core">The core that all are pinned to, -1 for none.</param>
internal sealed record Settings(int Rounds, int Slice, int Warmth, int Core);
