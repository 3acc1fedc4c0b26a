using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.IO;
using System.Linq;
using System.Threading.Tasks;
using System.Xml.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.VisualStudio.TestTools.UnitTesting;
using NfDtls.Analyzers;

namespace NfDtls.Tests.Projects.Analyzers;

/// <summary>The rules that the package NfDtls gives the compiler. In Cases a line ends in the number of the rule that it breaks.</summary>
[TestClass]
public sealed class AnalyzerTests
{
    private static readonly ImmutableArray<DiagnosticAnalyzer> All = [new KeyAnalyzer(), new PacketAnalyzer(), new OptionsAnalyzer(), new AnswerAnalyzer()];

    private static readonly MetadataReference[] References = ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator)
        .Select(path => MetadataReference.CreateFromFile(path)).ToArray<MetadataReference>();

    [TestMethod]
    [DataRow("Keys")]
    [DataRow("Packets")]
    [DataRow("Options")]
    [DataRow("Answers")]
    public async Task A_rule_finds_the_lines_that_break_it_and_no_others(string cases)
    {
        string text = File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Analyzers", "Cases", cases + ".txt"));
        string[] expected = text.Split('\n').SelectMany((line, i) => line.Split("// NFD").Skip(1).Select(number => i + 1 + ": NFD" + number.Trim())).ToArray();
        Assert.IsNotEmpty(expected);
        Assert.AreEqual(string.Join('\n', expected), string.Join('\n', await FindAsync(text)));
    }

    [TestMethod]
    public async Task The_code_of_the_page_breaks_no_rule()
    {
        string given = File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Given.txt"));
        Assert.IsEmpty(await FindAsync(Pages.Blocks("docs/analyzers.md", "csharp").Single().Text, given));
    }

    [TestMethod]
    public async Task The_samples_break_no_rule_without_saying_why()
    {
        string[] samples = Directory.EnumerateFiles(Place.In("firmware-samples"), "*.csproj", SearchOption.AllDirectories).Order(StringComparer.Ordinal).ToArray();
        Assert.IsNotEmpty(samples);

        // All of them at once, which is faster than one after the other: no two have a class of one name.
        SyntaxTree[] trees = samples.SelectMany(Sources).Distinct().Select(path => CSharpSyntaxTree.ParseText(File.ReadAllText(path), path: path)).ToArray();
        ImmutableArray<Diagnostic> found = await FoundAsync(OutputKind.DynamicallyLinkedLibrary, trees);
        Assert.IsEmpty(found, string.Join('\n', found.Select(diagnostic => diagnostic.ToString())));
        string[] silent = trees.Where(tree => tree.ToString().Split('\n').Any(IsSilencedWithoutReason)).Select(tree => tree.FilePath).ToArray();
        Assert.IsEmpty(silent, "They do not say why: " + string.Join(' ', silent));
    }

    [TestMethod]
    public void The_page_has_a_row_for_each_rule()
    {
        string[] rules = All.SelectMany(analyzer => analyzer.SupportedDiagnostics).Select(rule => rule.Id).Order(StringComparer.Ordinal).ToArray();
        CollectionAssert.AreEqual(rules, Pages.Table("docs/analyzers.md", "| Rule | Found | Why |").Select(row => row[0]).ToArray());
    }

    [TestMethod]
    public void Every_analyzer_is_looked_at()
    {
        Type[] there = typeof(KeyAnalyzer).Assembly.GetTypes().Where(type => type.IsSubclassOf(typeof(DiagnosticAnalyzer))).ToArray();
        CollectionAssert.AreEquivalent(there, All.Select(analyzer => analyzer.GetType()).ToArray());
    }

    private static bool IsSilencedWithoutReason(string line)
    {
        return line.TrimStart().StartsWith("#pragma warning disable NFD", StringComparison.Ordinal) && !line.Contains(" // ", StringComparison.Ordinal);
    }

    /// <summary>The sources that a sample is made of on .NET.</summary>
    private static string[] Sources(string project)
    {
        string folder = Path.GetDirectoryName(project)!;
        XElement[] items = XDocument.Load(project).Descendants("Compile").Where(item => item.Attribute("Condition")?.Value.Contains("== 'netnano1.0'", StringComparison.Ordinal) != true).ToArray();
        return Directory.EnumerateFiles(folder, "*.cs", SearchOption.AllDirectories).Where(path => !path.EndsWith("Properties/AssemblyInfo.cs", StringComparison.Ordinal))
            .Except(Files(folder, items.Attributes("Remove"))).Union(Files(folder, items.Attributes("Include"))).ToArray();
    }

    private static string[] Files(string folder, IEnumerable<XAttribute> patterns)
    {
        return patterns.Select(pattern => Path.GetFullPath(Path.Combine(folder, pattern.Value)))
            .SelectMany(pattern => Directory.EnumerateFiles(Path.GetDirectoryName(pattern)!, Path.GetFileName(pattern))).ToArray();
    }

    private static async Task<string[]> FindAsync(params string[] texts)
    {
        SyntaxTree[] trees = texts.Select(text => CSharpSyntaxTree.ParseText(text, new CSharpParseOptions(LanguageVersion.CSharp13))).ToArray();
        bool isProgram = !texts[0].Contains("namespace ", StringComparison.Ordinal);
        ImmutableArray<Diagnostic> found = await FoundAsync(isProgram ? OutputKind.ConsoleApplication : OutputKind.DynamicallyLinkedLibrary, trees);
        return found.Where(diagnostic => diagnostic.Location.SourceTree == trees[0]).OrderBy(diagnostic => diagnostic.Location.SourceSpan.Start)
            .Select(diagnostic => diagnostic.Location.GetLineSpan().StartLinePosition.Line + 1 + ": " + (diagnostic.Id == "AD0001" ? diagnostic.GetMessage() : diagnostic.Id)).ToArray();
    }

    private static async Task<ImmutableArray<Diagnostic>> FoundAsync(OutputKind kind, SyntaxTree[] trees)
    {
        CSharpCompilation compilation = CSharpCompilation.Create("Application", trees, References, new CSharpCompilationOptions(kind));
        Diagnostic[] errors = compilation.GetDiagnostics().Where(diagnostic => diagnostic.Severity == DiagnosticSeverity.Error).ToArray();
        Assert.IsEmpty(errors, string.Join('\n', errors.Select(error => error.ToString())));
        return await compilation.WithAnalyzers(All).GetAnalyzerDiagnosticsAsync();
    }
}
