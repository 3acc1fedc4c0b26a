using System;
using System.Collections.Generic;
using System.Linq;

namespace NfDtls.Bench;

/// <summary>Every contestant does every row once: that it can is what is checked, not how fast.</summary>
internal static class SelfCheck
{
    internal static int Run(CommandLine line, IReadOnlyList<Contestant> contestants, string folder)
    {
        int done = 0;
        int failed = 0;
        foreach (Row row in Row.All().Where(row => line.Wants(row.Id)))
        {
            foreach (Contestant contestant in contestants.Where(one => one.Can(row)))
            {
                try
                {
                    Play(contestant, row, folder);
                    done++;
                }
                catch (NotSupportedException e)
                {
                    Console.WriteLine($"left out: {row.Id}, {contestant.Name}: {e.Message}");
                }
                catch (Exception e)
                {
                    failed++;
                    Console.WriteLine($"failed: {row.Id}, {contestant.Name}: {e}");
                }
            }
        }

        foreach (CountResult count in Counting.Run(line, contestants, folder))
        {
            done++;
            if (double.IsNaN(count.Value) || (count.Value < 0 && !count.Name.StartsWith("live", StringComparison.Ordinal)))
            {
                failed++;
                Console.WriteLine($"failed: {count.Name}, {count.Contestant}: {count.Value}");
            }
        }

        Console.WriteLine($"{done} done, {failed} failed");
        return failed == 0 ? 0 : 1;
    }

    private static void Play(Contestant contestant, Row row, string folder)
    {
        if (contestant.IsProgram)
        {
            using Player player = Player.Start(contestant, row, folder, -1, out string reason) ?? throw new InvalidOperationException(reason);
            player.Run(1);
            return;
        }

        using Workload workload = Workloads.Make(contestant.Name, row, folder);
        workload.Run(1);
    }
}
