using System;
using System.Collections.Immutable;
using System.IO;
using System.Linq;
using System.Threading.Tasks;
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

    private static async Task<string[]> FindAsync(params string[] texts)
    {
        SyntaxTree[] trees = texts.Select(text => CSharpSyntaxTree.ParseText(text, new CSharpParseOptions(LanguageVersion.CSharp13))).ToArray();
        bool isProgram = !texts[0].Contains("namespace ", StringComparison.Ordinal);
        CSharpCompilation compilation = CSharpCompilation.Create(
            "Application", trees, References, new CSharpCompilationOptions(isProgram ? OutputKind.ConsoleApplication : OutputKind.DynamicallyLinkedLibrary));
        Diagnostic[] errors = compilation.GetDiagnostics().Where(diagnostic => diagnostic.Severity == DiagnosticSeverity.Error).ToArray();
        Assert.IsEmpty(errors, string.Join('\n', errors.Select(error => error.ToString())));
        ImmutableArray<Diagnostic> found = await compilation.WithAnalyzers(All).GetAnalyzerDiagnosticsAsync();
        return found.Where(diagnostic => diagnostic.Location.SourceTree == trees[0]).OrderBy(diagnostic => diagnostic.Location.SourceSpan.Start)
            .Select(diagnostic => diagnostic.Location.GetLineSpan().StartLinePosition.Line + 1 + ": " + (diagnostic.Id == "AD0001" ? diagnostic.GetMessage() : diagnostic.Id)).ToArray();
    }
}
