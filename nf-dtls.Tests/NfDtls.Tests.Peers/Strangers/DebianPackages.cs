using System;
using System.Collections.Concurrent;
using System.Collections.Generic;
using System.Diagnostics;
using System.IO;
using System.Linq;
using System.Threading;
using Microsoft.VisualStudio.TestTools.UnitTesting;
using NfDtls.Bench;
using NfDtls.Tests.Peers.Programs;

namespace NfDtls.Tests.Peers.Strangers;

/// <summary>
/// A package of a suite of Debian newer than the machine's, with all that it depends on and that suite's C library, unpacked into a
/// folder below artifacts/: apt downloads under a configuration of its own, dpkg unpacks, and nothing is installed. What depends on
/// what, and which versions there are, apt finds out. A folder once made is taken as it is; delete it for newer packages.
/// </summary>
internal sealed class DebianPackages
{
    private const string Mirror = "http://deb.debian.org/debian";
    private const string Keys = "/usr/share/keyrings/debian-archive-keyring.gpg";

    // Seconds that one command may take, and milliseconds that another process may take for all of it.
    private const int CommandTime = 240;
    private const int OthersTime = 900000;

    private static readonly ConcurrentDictionary<string, Lazy<DebianPackages>> Known = new();

    private readonly string _folder;
    private readonly string _suite;
    private string? _failure;

    private DebianPackages(string package, string suite)
    {
        _folder = Path.Combine(UnpackedPackages.Folder, package + "-" + suite);
        _suite = suite;
    }

    /// <summary>What was found: the suite, and each package with its version.</summary>
    internal string Found
    {
        get { return "Debian " + _suite + ": " + string.Join(", ", File.ReadAllLines(FoundPath)); }
    }

    /// <summary>What is in them.</summary>
    internal UnpackedPackages Unpacked
    {
        get { return new UnpackedPackages(_folder); }
    }

    private string WorkPath
    {
        get { return _folder + ".making"; }
    }

    private string FoundPath
    {
        get { return Path.Combine(_folder, "found.txt"); }
    }

    /// <summary>The package of the first suite that has it. Ends the test as inconclusive, with each suite's reason, where none can be had.</summary>
    internal static DebianPackages Fetch(string package, params string[] suites)
    {
        List<string> failures = [];
        foreach (string suite in suites)
        {
            DebianPackages packages = Known.GetOrAdd(package + " " + suite, _ => new(() => Fetched(package, suite))).Value;
            if (packages._failure == null)
            {
                return packages;
            }

            failures.Add("Debian " + suite + ": " + packages._failure);
        }

        throw new AssertInconclusiveException("The package " + package + " cannot be had: nothing was tested against it. " + string.Join(" ", failures));
    }

    private static DebianPackages Fetched(string package, string suite)
    {
        DebianPackages packages = new(package, suite);
        if (File.Exists(packages.FoundPath))
        {
            return packages;
        }

        try
        {
            using FileStream turn = packages.WaitForTurn();
            try
            {
                packages.Make(package);
            }
            finally
            {
                Delete(packages.WorkPath);
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or InvalidOperationException or AssertInconclusiveException)
        {
            packages._failure = e.Message;
        }

        return packages;
    }

    /// <summary>One process at a time makes it; those that waited find it made.</summary>
    private FileStream WaitForTurn()
    {
        Directory.CreateDirectory(Path.GetDirectoryName(_folder)!);
        Stopwatch clock = Stopwatch.StartNew();
        while (true)
        {
            try
            {
                return new FileStream(_folder + ".lock", FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            }
            catch (IOException) when (clock.ElapsedMilliseconds < OthersTime)
            {
                Thread.Sleep(100);
            }
        }
    }

    private void Make(string package)
    {
        if (File.Exists(FoundPath))
        {
            return;
        }

        string work = WorkPath;
        Delete(work);
        Delete(_folder);
        foreach (string part in new[] { "none", "state/lists/partial", "cache/archives/partial", "root" })
        {
            Directory.CreateDirectory(Path.Combine(work, part));
        }

        string[] apt = Apt(work);
        Run("apt-get", [.. apt, "update"]);
        Run("apt-get", [.. apt, "-y", "--no-install-recommends", "--download-only", "install", package, "libc6"]);
        List<string> found = [];
        foreach (string archive in Directory.GetFiles(Path.Combine(work, "cache", "archives"), "*.deb").Order(StringComparer.Ordinal))
        {
            Run("dpkg", "-x", archive, Path.Combine(work, "root"));
            string[] parts = Path.GetFileNameWithoutExtension(archive).Split('_');
            found.Add(parts[0] + " " + Uri.UnescapeDataString(parts[1]));
        }

        // The lists are larger than all else.
        Delete(Path.Combine(work, "state"));
        Delete(Path.Combine(work, "cache"));
        File.WriteAllLines(Path.Combine(work, "found.txt"), found);
        Directory.Move(work, _folder);
    }

    private static void Delete(string folder)
    {
        if (Directory.Exists(folder))
        {
            Directory.Delete(folder, true);
        }
    }

    /// <summary>apt's options: lists, state and cache of its own, and this suite alone. How the machine reaches the network stays as it is.</summary>
    private string[] Apt(string work)
    {
        string architecture = Run("dpkg", "--print-architecture").TrimEnd().Split('\n')[^1];
        string signed = File.Exists(Keys) ? "[signed-by=" + Keys + "] " : "";
        File.WriteAllText(Path.Combine(work, "sources.list"), "deb " + signed + Mirrored() + " " + _suite + " main\n");
        File.WriteAllText(Path.Combine(work, "state", "status"), "");
        string[] options =
        [
            "Dir::Etc::sourcelist=" + work + "/sources.list", "Dir::Etc::sourceparts=" + work + "/none", "Dir::Etc::preferences=" + work + "/none/none",
            "Dir::Etc::preferencesparts=" + work + "/none", "Dir::State=" + work + "/state", "Dir::State::status=" + work + "/state/status",
            "Dir::Cache=" + work + "/cache", "APT::Architecture=" + architecture, "APT::Architectures=" + architecture, "APT::Default-Release=",
            "APT::Sandbox::User=root", "APT::Update::Post-Invoke-Success=", "Acquire::Languages=none", "Acquire::http::Timeout=20", "Acquire::Retries=3",
            "Acquire::IndexTargets::deb::DEP-11::DefaultEnabled=false", "Acquire::IndexTargets::deb::Contents-deb::DefaultEnabled=false",
            "Debug::NoLocking=1", "APT::Update::Error-Mode=any",
        ];
        return ["-q", .. options.SelectMany(option => new[] { "-o", option })];
    }

    /// <summary>Where this machine has Debian itself from, which may be near.</summary>
    private static string Mirrored()
    {
        string[] lines = Run("apt-get", "indextargets", "--format", "$(REPO_URI)").Split('\n');
        return lines.FirstOrDefault(line => line.EndsWith("/debian/", StringComparison.Ordinal)) ?? Mirror;
    }

    private static string Run(string program, params string[] arguments)
    {
        // By one pipe, so that lines stay whole.
        using PeerProgram run = PeerProgram.Start(
            false, "sh", ["-c", "exec timeout \"$@\" 2>&1", "sh", CommandTime.ToString(), PeerProgram.Find(program), .. arguments]);
        string output = run.WaitForExit();
        output = output[(output.IndexOf("wrote: ", StringComparison.Ordinal) + 7)..];
        string[] said = output.Split('\n');
        string last = string.Join(" ", said.Where(line => line.StartsWith("E: ", StringComparison.Ordinal)).Append(said.LastOrDefault(line => line != "") ?? "").Distinct());
        return run.ExitCode switch
        {
            0 => output,
            124 => throw new InvalidOperationException(program + " took longer than " + CommandTime + " seconds: " + last),
            _ => throw new InvalidOperationException(program + " failed: " + last),
        };
    }
}
