using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Xml.Linq;

namespace NfDtls.Projects;

/// <summary>What a .csproj says of its nano flavour: sources, references, who may look inside.</summary>
public sealed class DotNetProject
{
    private readonly XElement _root;

    /// <summary>Reads a .csproj.</summary>
    public DotNetProject(string path)
    {
        Path = System.IO.Path.GetFullPath(path);
        _root = XElement.Load(path);
        Name = System.IO.Path.GetFileNameWithoutExtension(path);
        Folder = System.IO.Path.GetDirectoryName(Path)!;
    }

    /// <summary>The .csproj.</summary>
    public string Path { get; }

    /// <summary>The project's name.</summary>
    public string Name { get; }

    /// <summary>The folder that holds the project.</summary>
    public string Folder { get; }

    /// <summary>The assembly's name.</summary>
    public string Assembly => Property("AssemblyName") ?? Name;

    /// <summary>The namespace that Visual Studio gives new files.</summary>
    public string RootNamespace => Property("RootNamespace") ?? Name;

    /// <summary>What the assembly is, in a line.</summary>
    public string Description => Property("Description") ?? string.Empty;

    /// <summary>The version of C#.</summary>
    public string LangVersion => Property("LangVersion") ?? "latest";

    /// <summary>Whether it is a program.</summary>
    public bool IsProgram => Property("OutputType") == "Exe";

    /// <summary>Whether its methods are tests for nanoCLR.</summary>
    public bool IsTest => Assembly == "NFUnitTest";

    /// <summary>The assembly's version where it is not the product's, or null.</summary>
    public string? AssemblyVersion => Property("AssemblyVersion");

    /// <summary>The version of its native side, or null.</summary>
    public string? NativeVersion => Property("NativeVersion");

    /// <summary>The checksum that its native side must have, or null.</summary>
    public string? NativeChecksum => Property("NativeChecksum");

    /// <summary>The shared library that it calls on .NET, or null.</summary>
    public string? NativeLibrary => Property("NativeLibrary");

    /// <summary>The sources of the nano flavour, relative to the folder, in order, with forward slashes.</summary>
    public IReadOnlyList<string> Sources()
    {
        IEnumerable<string> own = Directory.EnumerateFiles(Folder, "*.cs", SearchOption.AllDirectories)
            .Select(file => System.IO.Path.GetRelativePath(Folder, file).Replace('\\', '/'))
            .Where(file => !file.StartsWith("bin/") && !file.StartsWith("obj/") && file != NanoProject.AssemblyInfo);
        HashSet<string> sources = new(own);
        foreach (XElement item in Items("Compile"))
        {
            if ((string?)item.Attribute("Remove") is string removed)
            {
                sources.RemoveWhere(Pattern(removed));
            }
            else if ((string?)item.Attribute("Include") is string included)
            {
                sources.UnionWith(Expand(included));
            }
        }

        return sources.OrderBy(file => file, StringComparer.Ordinal).ToArray();
    }

    /// <summary>nanoFramework's class libraries that it refers to, mscorlib included.</summary>
    public IReadOnlyList<string> Libraries()
    {
        return Items("Reference").Select(item => (string)item.Attribute("Include")!).Prepend("mscorlib").Distinct().ToArray();
    }

    /// <summary>The projects that it refers to.</summary>
    public IReadOnlyList<DotNetProject> Projects()
    {
        return Projects(HoldsForNano);
    }

    /// <summary>The projects that its flavour for .NET refers to.</summary>
    public IReadOnlyList<DotNetProject> HostProjects()
    {
        return Projects(HoldsForHost);
    }

    /// <summary>The packages that its flavour for .NET takes from elsewhere.</summary>
    public IReadOnlyList<string> HostPackages()
    {
        return Items("PackageReference", HoldsForHost).Select(item => (string)item.Attribute("Include")!).ToArray();
    }

    private DotNetProject[] Projects(Func<XElement, bool> holds)
    {
        return Items("ProjectReference", holds)
            .Select(item => new DotNetProject(System.IO.Path.Combine(Folder, ((string)item.Attribute("Include")!).Replace('\\', '/'))))
            .ToArray();
    }

    /// <summary>The assemblies that may use its internals.</summary>
    public IReadOnlyList<string> Friends()
    {
        return Items("InternalsVisibleTo").Select(item => (string)item.Attribute("Include")!).ToArray();
    }

    private string? Property(string name)
    {
        return _root.Elements("PropertyGroup").Elements(name).Select(element => element.Value.Trim()).LastOrDefault();
    }

    /// <summary>The items of a kind that hold for the nano flavour.</summary>
    private IEnumerable<XElement> Items(string kind)
    {
        return Items(kind, HoldsForNano);
    }

    private IEnumerable<XElement> Items(string kind, Func<XElement, bool> holds)
    {
        return _root.Elements("ItemGroup").Where(holds).Elements(kind).Where(holds);
    }

    private static bool HoldsForNano(XElement element)
    {
        return HoldsFor(element) != Flavour.Host;
    }

    private static bool HoldsForHost(XElement element)
    {
        return HoldsFor(element) != Flavour.Nano;
    }

    private static Flavour HoldsFor(XElement element)
    {
        string condition = ((string?)element.Attribute("Condition") ?? string.Empty).Replace(" ", string.Empty);
        return condition switch
        {
            "" => Flavour.Both,
            "'$(TargetFramework)'=='netnano1.0'" => Flavour.Nano,
            "'$(TargetFramework)'!='netnano1.0'" or "'$(TargetFramework)'=='net10.0'" => Flavour.Host,
            _ => throw new InvalidDataException($"This condition is not understood: {condition}"),
        };
    }

    private IEnumerable<string> Expand(string pattern)
    {
        pattern = pattern.Replace('\\', '/');
        if (!pattern.Contains('*'))
        {
            return new[] { pattern };
        }

        bool deep = pattern.Contains("/**/");
        string folder = pattern[..pattern.IndexOf(deep ? "/**/" : "/*", StringComparison.Ordinal)];
        string name = pattern[(pattern.LastIndexOf('/') + 1)..];
        return Directory.EnumerateFiles(System.IO.Path.Combine(Folder, folder), name, deep ? SearchOption.AllDirectories : SearchOption.TopDirectoryOnly)
            .Select(file => System.IO.Path.GetRelativePath(Folder, file).Replace('\\', '/'));
    }

    private enum Flavour
    {
        Both,
        Nano,
        Host,
    }

    private static Predicate<string> Pattern(string removed)
    {
        removed = removed.Replace('\\', '/');
        return removed.EndsWith("/**", StringComparison.Ordinal) || removed.EndsWith("/**/*.cs", StringComparison.Ordinal)
            ? file => file.StartsWith(removed[..(removed.IndexOf("**", StringComparison.Ordinal))], StringComparison.Ordinal)
            : file => file == removed;
    }
}
