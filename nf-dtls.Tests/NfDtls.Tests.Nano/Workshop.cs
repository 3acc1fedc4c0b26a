using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.VisualStudio.TestTools.UnitTesting;
using NfDtls.Nano.Check;
using NfDtls.Nano.Check.Model;
using NfDtls.Nano.Check.Report;
using NfDtls.Nano.Check.Rules;
using NfDtls.Nano.Reference;
using NfDtls.Nano.Surface;
using DeviceRules = NfDtls.Nano.Check.Rules.RuleSet;

namespace NfDtls.Tests.Nano;

/// <summary>References made of the surface data, a compiler for nanoFramework, and nf-check over what it makes.</summary>
internal static class Workshop
{
    private static readonly string Folder = Directory.CreateTempSubdirectory("nfdtls-nano-").FullName;
    private static readonly Lazy<string> References = new(MakeReferences);

    /// <summary>The surface files of the class libraries, or the end of the test as inconclusive.</summary>
    internal static string Surface
    {
        get
        {
            string data = Environment.GetEnvironmentVariable("NFDTLS_TEST_DATA") ?? string.Empty;
            string surface = Path.Combine(data, "nanoframework", "surface");
            if (!Directory.Exists(surface))
            {
                throw new AssertInconclusiveException("No surface data of nanoFramework's class libraries: set NFDTLS_TEST_DATA.");
            }

            return surface;
        }
    }

    /// <summary>A folder of reference assemblies made of the surface.</summary>
    internal static string ReferenceFolder
    {
        get { return References.Value; }
    }

    /// <summary>A fresh folder, gone with the machine's temporary files.</summary>
    internal static string NewFolder(string name)
    {
        return Directory.CreateDirectory(Path.Combine(Folder, name)).FullName;
    }

    /// <summary>Compiles a source and returns the assembly's path.</summary>
    internal static string Compile(string name, string source, bool forHost = false, bool isUnsafe = false)
    {
        return Compile(name, source, forHost ? HostReferences() : NanoReferences(), isUnsafe, []);
    }

    /// <summary>The same against references that the caller names, with its symbols, and with pointers.</summary>
    internal static string Compile(string name, string source, IEnumerable<string> references, params IEnumerable<string> symbols)
    {
        return Compile(name, source, references.Select(path => MetadataReference.CreateFromFile(path)), true, symbols);
    }

    private static string Compile(string name, string source, IEnumerable<MetadataReference> references, bool isUnsafe, IEnumerable<string> symbols)
    {
        CSharpCompilation compilation = CSharpCompilation.Create(
            name,
            [CSharpSyntaxTree.ParseText(source, new CSharpParseOptions(LanguageVersion.Preview, preprocessorSymbols: symbols))],
            references,
            new CSharpCompilationOptions(OutputKind.DynamicallyLinkedLibrary, optimizationLevel: OptimizationLevel.Release, allowUnsafe: isUnsafe));
        string path = Path.Combine(Folder, name + ".dll");
        using FileStream file = File.Create(path);
        Microsoft.CodeAnalysis.Emit.EmitResult result = compilation.Emit(file);
        Assert.IsTrue(result.Success, name + " does not compile: " + string.Join('\n', result.Diagnostics.Where(d => d.Severity == DiagnosticSeverity.Error)));
        return path;
    }

    /// <summary>What nf-check finds, but for what only informs.</summary>
    internal static Finding[] Check(string surface, int budget, params (string Path, bool IsNative)[] paths)
    {
        return Check(surface, budget, CoreLibrary.One, paths);
    }

    /// <summary>The same for a generation of class libraries.</summary>
    internal static Finding[] Check(string surface, int budget, CoreLibrary version, params (string Path, bool IsNative)[] paths)
    {
        List<CheckedAssembly> assemblies = paths.Select(path => CheckedAssembly.Open(path.Path, path.IsNative)).ToList();
        try
        {
            Findings findings = new();
            DeviceRules.Run(assemblies, new KnownTypes(SurfaceSet.Load(surface), assemblies), budget, findings, version: version);
            return findings.All.Where(finding => finding.Severity != Severity.Info).ToArray();
        }
        finally
        {
            assemblies.ForEach(assembly => assembly.Dispose());
        }
    }

    internal static Finding[] Check(string path)
    {
        return Check(Surface, SizeRules.DefaultCodeBudget, (path, false));
    }

    /// <summary>The same with a list of probes.</summary>
    internal static Finding[] Check(string path, ProbeList probed)
    {
        using CheckedAssembly assembly = CheckedAssembly.Open(path, false);
        Findings findings = new();
        DeviceRules.Run([assembly], new KnownTypes(SurfaceSet.Load(Surface), [assembly]), SizeRules.DefaultCodeBudget, findings, probed);
        return findings.All.Where(finding => finding.Severity != Severity.Info).ToArray();
    }

    private static string MakeReferences()
    {
        string folder = NewFolder("references");
        SurfaceSet surfaces = SurfaceSet.Load(Surface);
        foreach (AssemblySurface assembly in surfaces.Assemblies)
        {
            File.WriteAllBytes(Path.Combine(folder, assembly.Name + ".dll"), new ReferenceAssemblyBuilder(assembly, surfaces).Build());
        }

        return folder;
    }

    private static IEnumerable<MetadataReference> NanoReferences()
    {
        return new[] { "mscorlib", "System.Math", "nanoFramework.System.Text" }
            .Select(name => MetadataReference.CreateFromFile(Path.Combine(ReferenceFolder, name + ".dll")));
    }

    private static IEnumerable<MetadataReference> HostReferences()
    {
        string folder = Path.GetDirectoryName(typeof(object).Assembly.Location)!;
        return new[] { "System.Private.CoreLib", "System.Runtime", "System.Linq.Expressions", "Microsoft.CSharp" }
            .Select(name => MetadataReference.CreateFromFile(Path.Combine(folder, name + ".dll")));
    }
}
