using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Reflection;
using System.Runtime.Loader;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.VisualStudio.TestTools.UnitTesting;
using NfDtls.Nano.Link;

namespace NfDtls.Tests.Nano;

/// <summary>A program and its library in a folder of their own, compiled for .NET, linked and run.</summary>
internal sealed class LinkWorkshop
{
    private static readonly string CoreFolder = Path.GetDirectoryName(typeof(object).Assembly.Location)!;
    private static readonly string[] Core = ["System.Private.CoreLib", "System.Runtime", "System.Console"];

    private static readonly Lazy<string[]> Compiled = new(() =>
    {
        LinkWorkshop workshop = new();
        return [workshop.Compile("Shop", Source("Library")), workshop.Compile("Visitor", Source("Program"), isProgram: true)];
    });

    private static readonly List<string> Folders = [];

    private readonly string _folder = Directory.CreateTempSubdirectory("nfdtls-link-").FullName;
    private readonly List<string> _references = [.. Core.Select(name => Path.Combine(CoreFolder, name + ".dll"))];

    public LinkWorkshop()
    {
        Folders.Add(_folder);
    }

    /// <summary>Where the linked program is.</summary>
    public string Output
    {
        get { return Path.Combine(_folder, "linked"); }
    }

    /// <summary>Takes away the folders of all workshops.</summary>
    public static void Clear()
    {
        foreach (string folder in Folders)
        {
            Directory.Delete(folder, recursive: true);
        }

        Folders.Clear();
    }

    public static string Source(string name)
    {
        return File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Linked", name + ".cs"));
    }

    /// <summary>The program of the folder Linked, compiled once.</summary>
    public static LinkWorkshop Visitor()
    {
        LinkWorkshop workshop = new();
        foreach (string path in Compiled.Value)
        {
            File.Copy(path, Path.Combine(workshop._folder, Path.GetFileName(path)));
        }

        workshop._references.Add(Path.Combine(workshop._folder, "Shop.dll"));
        return workshop;
    }

    public string Compile(string name, string source, bool isProgram = false, string? resource = null)
    {
        CSharpCompilation compilation = CSharpCompilation.Create(
            name,
            [CSharpSyntaxTree.ParseText(source)],
            _references.Select(path => MetadataReference.CreateFromFile(path)),
            new CSharpCompilationOptions(isProgram ? OutputKind.ConsoleApplication : OutputKind.DynamicallyLinkedLibrary, optimizationLevel: OptimizationLevel.Release));
        string path = Path.Combine(_folder, name + (isProgram ? ".exe" : ".dll"));
        using FileStream file = File.Create(path);
        Microsoft.CodeAnalysis.Emit.EmitResult result = compilation.Emit(file, manifestResources: resource is null ? null : [new ResourceDescription(resource, () => new MemoryStream([1, 2, 3]), isPublic: true)]);
        Assert.IsTrue(result.Success, string.Join('\n', result.Diagnostics));
        if (!isProgram)
        {
            _references.Add(path);
        }

        return path;
    }

    /// <summary>Links a program; the assemblies' paths, its own last.</summary>
    public List<string> Link(string name, params string[] options)
    {
        return Linker.Link(Options.Parse([Path.Combine(_folder, name + ".exe"), "--out", Output, "--library", CoreFolder, .. options, .. _references]));
    }

    /// <summary>What a program says and returns, as it was compiled.</summary>
    public string Run(string name)
    {
        return Run(_folder, name);
    }

    public string RunLinked(string name)
    {
        return Run(Output, name);
    }

    private static string Run(string folder, string name)
    {
        AssemblyLoadContext context = new(name, isCollectible: true);
        context.Resolving += (_, wanted) => Path.Combine(folder, wanted.Name + ".dll") is { } path && File.Exists(path) ? context.LoadFromStream(new MemoryStream(File.ReadAllBytes(path))) : null;
        Assembly assembly = context.LoadFromStream(new MemoryStream(File.ReadAllBytes(Path.Combine(folder, name + ".exe"))));
        using StringWriter output = new();
        TextWriter before = Console.Out;
        Console.SetOut(output);
        try
        {
            object? result = assembly.EntryPoint!.Invoke(null, null);
            return output + "returned " + result;
        }
        finally
        {
            Console.SetOut(before);
            context.Unload();
        }
    }
}
