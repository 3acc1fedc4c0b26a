using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.IO;
using System.Linq;
using System.Text.Json;
using Microsoft.VisualStudio.TestTools.UnitTesting;

namespace NfDtls.Tests.Projects;

/// <summary>What the build takes from outside is what it was, byte for byte, and what it makes follows from the sources alone.</summary>
[TestClass]
public sealed class SupplyTests
{
    // What the SDK brings with it, in its own version, and what boards' feeds have.
    private static readonly string[] s_implicit = ["Microsoft.NET.ILLink.", "Microsoft.DotNet.ILCompiler", "runtime.", "Microsoft.NETCore.App.", "Microsoft.AspNetCore.App.", "nanoFramework."];

    [TestMethod]
    public void Every_package_that_was_restored_is_in_the_list_with_its_hash()
    {
        Dictionary<string, string> known = File.ReadAllLines(Place.In("nuget/packages.sha512"))
            .Select(line => line.Split(' ')).ToDictionary(parts => parts[0] + "/" + parts[1], parts => parts[2]);
        List<string> wrong = [];
        int found = 0;
        foreach ((string package, string hash) in Restored().Distinct())
        {
            if (known.TryGetValue(package, out string? expected))
            {
                found++;
                if (hash != expected)
                {
                    wrong.Add(package + " has other bytes than those of nuget/packages.sha512");
                }
            }
            else if (!s_implicit.Any(prefix => package.StartsWith(prefix, StringComparison.OrdinalIgnoreCase)))
            {
                wrong.Add("nuget/packages.sha512 lacks: " + package.Replace('/', ' ') + " " + hash);
            }
        }

        Assert.IsEmpty(wrong, string.Join('\n', wrong));
        Assert.IsGreaterThan(5, found, "No packages were found in artifacts/obj.");
    }

    [TestMethod]
    public void Every_package_that_a_project_asks_for_by_name_is_in_the_list()
    {
        HashSet<string> known = [.. File.ReadAllLines(Place.In("nuget/packages.sha512")).Select(line => line[..line.LastIndexOf(' ')])];
        string[] asked = File.ReadAllLines(Place.In("Directory.Packages.props")).Where(line => line.Contains("<PackageVersion", StringComparison.Ordinal))
            .Select(line => line.Split('"')).Select(parts => parts[1] + " " + parts[3]).ToArray();
        Assert.IsGreaterThan(10, asked.Length);
        CollectionAssert.IsSubsetOf(asked, known.ToArray());
    }

    /// <summary>The same sources in two folders give the same bytes: no path, no time and no chance is in an assembly.</summary>
    [TestMethod]
    public void The_same_sources_give_the_same_assemblies_wherever_they_lie()
    {
        string[] names = ["NfDtls", "NfDtls.Server"];
        DirectoryInfo parent = Directory.CreateTempSubdirectory("nfdtls-twice");
        try
        {
            byte[][][] built = new[] { "one", "another-one" }.Select(folder => Build(Path.Combine(parent.FullName, folder), names)).ToArray();
            for (int i = 0; i < names.Length; i++)
            {
                Assert.IsGreaterThan(10_000, built[0][i].Length);
                Assert.IsTrue(built[0][i].AsSpan().SequenceEqual(built[1][i]), names[i] + " differs");
            }
        }
        finally
        {
            parent.Delete(true);
        }
    }

    private static IEnumerable<(string Package, string Hash)> Restored()
    {
        string solution = File.ReadAllText(Place.In("NfDtls.slnx"));
        foreach (string file in Directory.EnumerateDirectories(Place.In("artifacts/obj")).Select(folder => Path.Combine(folder, "project.assets.json")).Where(File.Exists))
        {
            string project = Path.GetFileName(Path.GetDirectoryName(file)!);
            if (!solution.Contains("/" + project + ".csproj\"", StringComparison.Ordinal))
            {
                // Of a project that is gone, or has versions of its own.
                continue;
            }

            using JsonDocument assets = JsonDocument.Parse(File.ReadAllBytes(file));
            foreach (JsonProperty library in assets.RootElement.GetProperty("libraries").EnumerateObject())
            {
                if (library.Value.GetProperty("type").GetString() == "package")
                {
                    yield return (library.Name, library.Value.GetProperty("sha512").GetString()!);
                }
            }
        }
    }

    private static byte[][] Build(string root, string[] names)
    {
        foreach (string name in names)
        {
            Copy(Place.In("nf-dtls/" + name), Path.Combine(root, "nf-dtls", name));
        }

        foreach (string file in new[] { "Directory.Build.props", "Directory.Packages.props", "nf-dtls/Directory.Build.props", "nf-dtls.snk", ".editorconfig" })
        {
            File.Copy(Place.In(file), Path.Combine(root, file));
        }

        ProcessStartInfo start = new("dotnet") { WorkingDirectory = root };
        foreach (string argument in new[] { "build", $"nf-dtls/{names[^1]}/{names[^1]}.csproj", "-c", "Release", "-v", "quiet", "-p:PathMap=" + root + "=/nfdtls", "-p:NanoReferences=" })
        {
            start.ArgumentList.Add(argument);
        }

        start.Environment["MSBUILDDISABLENODEREUSE"] = "1";
        Command.Run(start);
        return names.Select(name => File.ReadAllBytes(Path.Combine(root, "artifacts", "bin", name, "release_net10.0", name + ".dll"))).ToArray();
    }

    private static void Copy(string from, string to)
    {
        Directory.CreateDirectory(to);
        foreach (string file in Directory.EnumerateFiles(from))
        {
            File.Copy(file, Path.Combine(to, Path.GetFileName(file)));
        }

        foreach (string folder in Directory.EnumerateDirectories(from))
        {
            Copy(folder, Path.Combine(to, Path.GetFileName(folder)));
        }
    }
}
