using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.Globalization;
using System.IO;

namespace NfDtls.Bench;

/// <summary>
/// A contestant in a process of its own, so that none has its code compiled, or its heap filled, for another. It is asked for turns
/// by a line with their number, and answers with nanoseconds of the processor's time and bytes allocated: what the C programs do, too.
/// </summary>
internal sealed class Player : IDisposable
{
    private readonly Process _process;

    private Player(Process process, string[] ready)
    {
        _process = process;
        Datagrams = long.Parse(ready[1], CultureInfo.InvariantCulture);
        Bytes = long.Parse(ready[2], CultureInfo.InvariantCulture);
        Version = string.Join(' ', ready[3..]);
    }

    /// <summary>Of one turn; 0 where they are not seen.</summary>
    internal long Datagrams { get; }

    internal long Bytes { get; }

    internal string Version { get; }

    /// <summary>Starts it on one core, or on any where that is negative. Null, with the reason, where it cannot do the row.</summary>
    internal static Player? Start(Contestant contestant, Row row, string folder, int core, out string reason)
    {
        List<string> command = core >= 0 ? ["taskset", "-c", core.ToString(CultureInfo.InvariantCulture)] : [];
        if (contestant.IsProgram)
        {
            command.AddRange([Programs.PathOf(contestant.Name), .. Programs.Arguments(row, folder)]);
        }
        else
        {
            command.AddRange([Environment.ProcessPath!, Path.Combine(AppContext.BaseDirectory, "NfDtls.Bench.dll"), "--play", contestant.Name, row.Id, folder]);
        }

        ProcessStartInfo start = new(command[0]) { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true };
        for (int i = 1; i < command.Count; i++)
        {
            start.ArgumentList.Add(command[i]);
        }

        Process process = Process.Start(start)!;
        string? said = process.StandardOutput.ReadLine();
        if (said == null || !said.StartsWith("ready ", StringComparison.Ordinal))
        {
            reason = process.StandardError.ReadToEnd().Trim().Split('\n')[0];
            process.WaitForExit();
            process.Dispose();
            return null;
        }

        reason = "";
        return new Player(process, said.Split(' '));
    }

    /// <summary>The other side of it, within the process.</summary>
    internal static void Play(string contestant, Row row, string folder)
    {
        using Workload workload = Workloads.Make(contestant, row, folder);
        (long datagrams, long bytes) = workload.Traffic;
        workload.Run(1);
        Console.WriteLine($"ready {workload.Traffic.Datagrams - datagrams} {workload.Traffic.Bytes - bytes} {workload.Version}");
        while (Console.ReadLine() is { } line)
        {
            int times = int.Parse(line, CultureInfo.InvariantCulture);
            long allocated = GC.GetTotalAllocatedBytes(true);
            long before = CpuTime.Now - workload.Excluded;
            workload.Run(times);
            long taken = CpuTime.Now - workload.Excluded - before;
            Console.WriteLine($"{taken} {GC.GetTotalAllocatedBytes(true) - allocated}");
        }
    }

    /// <summary>Nanoseconds for so many turns, and bytes allocated.</summary>
    internal (long Nanoseconds, long Allocated) Run(long times)
    {
        string[] answer = Ask(times.ToString(CultureInfo.InvariantCulture)).Split(' ');
        return (long.Parse(answer[0], CultureInfo.InvariantCulture), long.Parse(answer[1], CultureInfo.InvariantCulture));
    }

    /// <summary>Another question than for turns.</summary>
    internal string Ask(string line)
    {
        _process.StandardInput.WriteLine(line);
        _process.StandardInput.Flush();
        return _process.StandardOutput.ReadLine() ?? throw new InvalidOperationException("A contestant broke off: " + _process.StandardError.ReadToEnd());
    }

    public void Dispose()
    {
        _process.StandardInput.Close();
        if (!_process.WaitForExit(10_000))
        {
            _process.Kill();
        }

        _process.Dispose();
    }
}
