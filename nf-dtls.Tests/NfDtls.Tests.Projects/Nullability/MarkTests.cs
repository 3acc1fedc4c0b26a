using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.IO;
using System.Linq;
using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.VisualStudio.TestTools.UnitTesting;

namespace NfDtls.Tests.Projects.Nullability;

/// <summary>A board's assemblies have nothing of nullable types: their marks are taken off the sources before they are compiled.</summary>
[TestClass]
public sealed class MarkTests
{
    private static readonly string Targets = Place.In("nf-dtls/Nullable.targets");
    private static readonly Regex Mark = new(XElement.Load(Targets).Descendants("NullableMark").Single().Value);

    [TestMethod]
    public void Nothing_but_the_marks_is_taken_off_the_sources_for_boards()
    {
        foreach (string source in SourcesForBoards())
        {
            string text = File.ReadAllText(source);
            SyntaxNode root = Parse(text);
            SyntaxToken[] marks = root.DescendantNodes().OfType<NullableTypeSyntax>().Select(type => type.QuestionToken).ToArray();
            string[] kept = root.DescendantTokens().Except(marks).Select(token => token.Text).ToArray();
            string[] compiled = Parse(Mark.Replace(text, string.Empty)).DescendantTokens().Select(token => token.Text).ToArray();
            CollectionAssert.AreEqual(kept, compiled, source + ": a mark has a type before it and a space behind it; a conditional expression has a space before its `?`.");
        }
    }

    [TestMethod]
    public void There_are_no_nullable_values_in_what_goes_to_boards()
    {
        string[] assemblies = Directory.EnumerateFiles(Place.In("nf-dtls"), "*.csproj", SearchOption.AllDirectories).Select(project => Path.GetFileNameWithoutExtension(project)).ToArray();
        Assert.IsNotEmpty(assemblies);
        foreach (string assembly in assemblies)
        {
            using PEReader file = new(File.OpenRead(Path.Combine(AppContext.BaseDirectory, assembly + ".dll")));
            MetadataReader metadata = file.GetMetadataReader();
            IEnumerable<string> used = metadata.TypeReferences.Select(type => metadata.GetString(metadata.GetTypeReference(type).Name));
            Assert.DoesNotContain("Nullable`1", used, assembly + " has an `int?` or the like, which a board would take for an int.");
        }
    }

    [TestMethod]
    public void A_source_comes_out_of_the_build_as_it_was_but_for_the_marks()
    {
        string folder = Directory.CreateTempSubdirectory("marks").FullName;
        try
        {
            const string Marked = "\nclass A\n{\n    string? Find(byte[]? key, byte[][]? keys) => key == null ? \"a;b%3Bc\\\\\\\"@(x)$(y)%(z)*?\" : null;\n    char c = '\\n'; // 100 % ; ü\n}\n";
            const string Plain = "class B\n{\n    bool Is(int a) => a > 0 ? true : false;\n}\n";
            File.WriteAllText(Path.Combine(folder, "Marked.cs"), Marked);
            File.WriteAllText(Path.Combine(folder, "Plain.cs"), Plain);
            File.WriteAllText(Path.Combine(folder, "A.proj"), $"""
                <Project>
                  <PropertyGroup><IntermediateOutputPath>obj/</IntermediateOutputPath></PropertyGroup>
                  <ItemGroup><Compile Include="*.cs" /></ItemGroup>
                  <Import Project="{Targets}" />
                  <Target Name="CoreCompile"><Copy SourceFiles="@(Compile)" DestinationFolder="out" /></Target>
                </Project>
                """);
            Command.Run(new ProcessStartInfo("dotnet") { ArgumentList = { "msbuild", Path.Combine(folder, "A.proj"), "-t:CoreCompile", "-v:quiet" } });
            string original = Path.Combine(folder, "Marked.cs");
            Assert.AreEqual($"#line 1 \"{original}\"\n{Mark.Replace(Marked, string.Empty)}", File.ReadAllText(Path.Combine(folder, "out", "Marked.cs")).ReplaceLineEndings("\n"));
            Assert.AreEqual(Plain, File.ReadAllText(Path.Combine(folder, "out", "Plain.cs")));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static IEnumerable<string> SourcesForBoards()
    {
        // Of the tests, what runs on nanoCLR as well.
        IEnumerable<string> tests = Directory.EnumerateDirectories(Place.In("nf-dtls.Tests"), "Portable*", SearchOption.AllDirectories);
        return new[] { "nf-dtls", "native-interop", "firmware-samples" }
            .Select(Place.In)
            .Concat(tests)
            .SelectMany(folder => Directory.EnumerateFiles(folder, "*.cs", SearchOption.AllDirectories))
            .Where(source => !source.Contains("/obj/", StringComparison.Ordinal) && !source.Contains("/bin/", StringComparison.Ordinal));
    }

    private static SyntaxNode Parse(string text)
    {
        return CSharpSyntaxTree.ParseText(text, new CSharpParseOptions(LanguageVersion.CSharp13, preprocessorSymbols: ["NANOFRAMEWORK_1_0"])).GetRoot();
    }
}
