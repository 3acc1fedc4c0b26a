using System;
using System.Globalization;
using System.IO;
using System.Linq;

namespace NfDtls.Tests.Certificates.Fuzz;

/// <summary>
/// The targets under a fuzzer: <c>TARGET</c> runs one for AFL++, <c>seeds TARGET FOLDER</c> writes inputs to begin with, <c>names</c> names
/// them all, and <c>play TARGET FILE...</c> runs one with the inputs in files: `./build.sh fuzz` calls it. <c>timing SECONDS</c> is `./build.sh timing`.
/// </summary>
internal static class Program
{
    private const int Wrong = 2;

    private static int Main(string[] arguments)
    {
        switch (arguments)
        {
            case ["names"]:
                Console.WriteLine(string.Join('\n', Targets.Names));
                return 0;
            case ["seeds", string name, string folder]:
                int number = 0;
                foreach (byte[] seed in Targets.Seeds(name))
                {
                    File.WriteAllBytes(Path.Combine(folder, number++.ToString("D3", CultureInfo.InvariantCulture)), seed);
                }

                return 0;
            case ["timing", string seconds]:
                Console.WriteLine("| What is compared | Runs | Median, ns | Second longer by, ns | t | |\n|---|---|---|---|---|---|");
                foreach (Timing.Contest contest in Timing.Contests.All())
                {
                    Console.WriteLine(contest.Run(TimeSpan.FromSeconds(double.Parse(seconds, CultureInfo.InvariantCulture))));
                }

                return 0;
            case ["play", string name, .. string[] files]:
                foreach (string file in files)
                {
                    Targets.Run(name, File.ReadAllBytes(file));
                }

                return 0;
            case [string name] when Targets.Names.Contains(name):
                SharpFuzz.Fuzzer.OutOfProcess.Run(stream =>
                {
                    using MemoryStream input = new();
                    stream.CopyTo(input);
                    Targets.Run(name, input.ToArray());
                });
                return 0;
            default:
                Console.Error.WriteLine("usage: timing SECONDS | names | seeds TARGET FOLDER | play TARGET FILE... | TARGET");
                return Wrong;
        }
    }
}
