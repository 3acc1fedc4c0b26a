using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Xml.Linq;

namespace NfDtls.Projects;

/// <summary>Every project of the repository that goes to a board or runs on the emulator, and the files made after them.</summary>
public sealed class Repository
{
    private static readonly string[] Folders = { "nf-dtls", "native-interop", "firmware-samples", "nf-dtls.Tests" };
    private const string HostFolder = "targets/host";

    /// <summary>The repository in a folder.</summary>
    public Repository(string root)
    {
        Root = Path.GetFullPath(root);
        XElement properties = XElement.Load(Path.Combine(Root, "Directory.Build.props"));
        string version = properties.Descendants("Version").First().Value;
        string publicKey = properties.Descendants("StrongNamePublicKey").First().Value;
        Pins pins = Pins.Load(Root);
        DotNetProject[] found = Find(Folders).ToArray();
        Projects = found.Select(project => new NanoProject(project, Root, version, publicKey, pins)).ToArray();
        Packages = Libraries(found, pins, isForBoards: true).Concat(Libraries(Find(HostFolder), pins, isForBoards: false)).ToArray();
    }

    /// <summary>The repository's folder.</summary>
    public string Root { get; }

    /// <summary>The projects, by path.</summary>
    public IReadOnlyList<NanoProject> Projects { get; }

    /// <summary>The packages: one an assembly for boards, one a provider for .NET alone.</summary>
    public IReadOnlyList<NugetPackage> Packages { get; }

    /// <summary>Every generated file with its text.</summary>
    public IEnumerable<(string Path, string Text)> Files()
    {
        return Projects.SelectMany(project => project.Files())
            .Concat(Packages.Select(package => package.File()))
            .Append((Path.Combine(Root, "nf-dtls.sln"), Solution.Text(Root, Projects)));
    }

    private IEnumerable<NugetPackage> Libraries(IEnumerable<DotNetProject> projects, Pins pins, bool isForBoards)
    {
        return projects.Where(project => !project.IsTest && !project.IsProgram).Select(project => new NugetPackage(project, Root, pins, isForBoards));
    }

    private IEnumerable<DotNetProject> Find(params string[] folders)
    {
        return folders
            .Select(folder => Path.Combine(Root, folder))
            .Where(Directory.Exists)
            .SelectMany(folder => Directory.EnumerateFiles(folder, "*.csproj", SearchOption.AllDirectories))
            .OrderBy(path => path, StringComparer.Ordinal)
            .Select(path => new DotNetProject(path))
            .Where(project => project.IsTest || !project.Path.Contains($"{Path.DirectorySeparatorChar}nf-dtls.Tests{Path.DirectorySeparatorChar}"));
    }
}
