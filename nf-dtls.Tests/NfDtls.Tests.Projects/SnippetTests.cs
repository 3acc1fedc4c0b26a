using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.VisualStudio.TestTools.UnitTesting;

namespace NfDtls.Tests.Projects;

/// <summary>The C# in the pages, compiled as it stands; Given.txt is what their texts take as the reader's own.</summary>
[TestClass]
public sealed class SnippetTests
{
    // Whether the peer answered close_notify changes nothing for whoever ends there.
    private static readonly string[] MayBeIgnored = ["Close"];

    private static readonly string Given = File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Given.txt"));

    private static readonly MetadataReference[] References = ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator)
        .Select(path => MetadataReference.CreateFromFile(path)).ToArray<MetadataReference>();

    public static IEnumerable<object[]> Snippets => Pages.All
        .SelectMany(page => Pages.Blocks(page, "csharp").Select(block => new object[] { page, block.Line }));

    [TestMethod]
    [DynamicData(nameof(Snippets))]
    public void A_snippet_compiles_without_a_warning_and_looks_at_what_its_calls_return(string page, int line)
    {
        string text = Pages.Blocks(page, "csharp").Single(block => block.Line == line).Text;
        CSharpCompilation compilation = Compile(IsForBoards(page) ? "#nullable disable\n#line 1\n" + text : text, out SyntaxTree snippet, Bases(page, text));
        Diagnostic? error = compilation.GetDiagnostics().FirstOrDefault(diagnostic => diagnostic.Severity >= DiagnosticSeverity.Warning);
        Assert.IsNull(error, page + " from line " + line + " on: " + error);
        Assert.IsEmpty(Ignored(compilation, snippet), page + " from line " + line + " on: a result is not looked at.");
    }

    [TestMethod]
    public void The_pages_have_snippets()
    {
        CollectionAssert.IsSubsetOf(new[] { "README.md", "nuget/NfDtls.md", "docs/crypto.md" }, Snippets.Select(snippet => (string)snippet[0]).ToArray());
    }

    [TestMethod]
    public void A_result_that_may_be_null_and_is_used_as_if_not_is_found()
    {
        CSharpCompilation compilation = Compile("Packet packet = client.ReceivePacket(1000);\npacket.Return();", out _);
        string[] expected = ["CS8600", "CS8602"];
        CollectionAssert.AreEqual(expected, compilation.GetDiagnostics().Where(diagnostic => diagnostic.Severity >= DiagnosticSeverity.Warning).Select(diagnostic => diagnostic.Id).Order(StringComparer.Ordinal).ToArray());
    }

    [TestMethod]
    public void A_call_whose_result_nobody_looks_at_is_found()
    {
        CSharpCompilation compilation = Compile("DtlsClient client = new DtlsClient(options);\nclient.Connect(server, 1000);\nclient.Close(1000);", out SyntaxTree snippet);
        string[] expected = ["client.Connect(server, 1000)"];
        CollectionAssert.AreEqual(expected, Ignored(compilation, snippet));
    }

    /// <summary>What is told to nanoFramework's people is code for its compiler.</summary>
    private static bool IsForBoards(string page)
    {
        return page.StartsWith("docs/upstream/", StringComparison.Ordinal);
    }

    private static string[] Ignored(CSharpCompilation compilation, SyntaxTree snippet)
    {
        SemanticModel model = compilation.GetSemanticModel(snippet);
        return snippet.GetRoot().DescendantNodes().OfType<ExpressionStatementSyntax>()
            .Select(statement => statement.Expression).OfType<InvocationExpressionSyntax>()
            .Where(call => model.GetSymbolInfo(call).Symbol is IMethodSymbol { ReturnType.SpecialType: SpecialType.System_Boolean } method && !MayBeIgnored.Contains(method.Name))
            .Select(call => call.ToString()).ToArray();
    }

    /// <summary>What a class of the snippet derives from, where that stands beside the page, and its namespace.</summary>
    private static string[] Bases(string page, string text)
    {
        string folder = Path.GetDirectoryName(Place.In(page))!;
        string[] files = CSharpSyntaxTree.ParseText(text).GetRoot().DescendantNodes().OfType<SimpleBaseTypeSyntax>()
            .Select(type => Path.Combine(folder, type.Type + ".cs")).Where(File.Exists).Select(file => "#nullable disable\n" + File.ReadAllText(file)).ToArray();
        string[] spaces = files.SelectMany(file => CSharpSyntaxTree.ParseText(file).GetRoot().DescendantNodes().OfType<BaseNamespaceDeclarationSyntax>()).Select(space => "global using " + space.Name + ";").ToArray();
        return [.. files, .. spaces];
    }

    private static CSharpCompilation Compile(string text, out SyntaxTree snippet, params string[] beside)
    {
        CSharpParseOptions options = new(LanguageVersion.CSharp13);
        snippet = CSharpSyntaxTree.ParseText(text, options);
        OutputKind kind = snippet.GetCompilationUnitRoot().Members.Any(member => member is GlobalStatementSyntax) ? OutputKind.ConsoleApplication : OutputKind.DynamicallyLinkedLibrary;
        return CSharpCompilation.Create("Snippet", [snippet, CSharpSyntaxTree.ParseText(Given, options), .. beside.Select(file => CSharpSyntaxTree.ParseText(file, options))], References, new CSharpCompilationOptions(kind, nullableContextOptions: NullableContextOptions.Enable));
    }
}
