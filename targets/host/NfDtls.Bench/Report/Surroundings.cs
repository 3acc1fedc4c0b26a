using System;
using System.Diagnostics;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Runtime.InteropServices;

namespace NfDtls.Bench;

/// <summary>Where and when it was measured.</summary>
internal static class Surroundings
{
    internal static Results Describe(Settings settings)
    {
        return new Results
        {
            Date = DateTime.UtcNow.ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture),
            Commit = Commit(),
            Machine = Processor() + FormattableString.Invariant($", {Environment.ProcessorCount} logical cores"),
            System = Distribution(),
            Runtime = RuntimeInformation.FrameworkDescription,
            Conditions = FormattableString.Invariant($"{settings.Rounds} slices of {settings.Slice} ms of the processor's time after {settings.Warmth} ms, {(settings.Core < 0 ? "not pinned" : "pinned to core " + settings.Core)}; load {Load()} at the start"),
        };
    }

    internal static void End(Results results)
    {
        results.Conditions += ", " + Load() + " at the end";
    }

    private static string Load()
    {
        return File.Exists("/proc/loadavg") ? File.ReadAllText("/proc/loadavg").Split(' ')[0] : "unknown";
    }

    private static string Processor()
    {
        string? line = File.Exists("/proc/cpuinfo") ? File.ReadLines("/proc/cpuinfo").FirstOrDefault(one => one.StartsWith("model name", StringComparison.Ordinal)) : null;
        return line == null ? RuntimeInformation.ProcessArchitecture.ToString() : line[(line.IndexOf(':') + 1)..].Trim();
    }

    private static string Distribution()
    {
        string? line = File.Exists("/etc/os-release") ? File.ReadLines("/etc/os-release").FirstOrDefault(one => one.StartsWith("PRETTY_NAME=", StringComparison.Ordinal)) : null;
        return (line == null ? RuntimeInformation.OSDescription : line["PRETTY_NAME=".Length..].Trim('"')) + ", " + RuntimeInformation.OSDescription;
    }

    private static string Commit()
    {
        try
        {
            using Process git = Process.Start(new ProcessStartInfo("git", "rev-parse --short HEAD") { RedirectStandardOutput = true, RedirectStandardError = true })!;
            string hash = git.StandardOutput.ReadToEnd().Trim();
            git.WaitForExit();
            return hash;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return "";
        }
    }
}
