using System;
using System.Diagnostics;
using System.Linq;
using System.Threading.Tasks;
using Microsoft.VisualStudio.TestTools.UnitTesting;

namespace NfDtls.Tests.Projects;

/// <summary>A program that is run to its end, which comes within minutes or not at all: what hangs is ended and told with its name.</summary>
internal static class Command
{
    /// <summary>Longer than a build takes on a slow machine that others use too, and much shorter than a run of all tests may take.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromMinutes(8);

    /// <summary>Runs it and returns what it wrote as its output; fails with all that it wrote where it fails or does not end.</summary>
    public static string Run(ProcessStartInfo start, TimeSpan? patience = null)
    {
        TimeSpan limit = patience ?? Patience;
        start.RedirectStandardOutput = true;
        start.RedirectStandardError = true;
        using Process process = Process.Start(start)!;
        Task<string>[] written = [process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync()];
        bool hasEnded = Task.WaitAll(written, limit) && process.WaitForExit(limit);
        if (!hasEnded)
        {
            process.Kill(true);
            _ = Task.WaitAll(written, TimeSpan.FromMinutes(1));
        }

        string said = string.Join('\n', written.Where(one => one.IsCompletedSuccessfully).Select(one => one.Result));
        string name = start.FileName + " " + string.Join(' ', start.ArgumentList);
        Assert.IsTrue(hasEnded, $"It does not end in {limit}: {name}\n{said}");
        Assert.AreEqual(0, process.ExitCode, $"{name}\n{said}");
        return written[0].Result;
    }
}
