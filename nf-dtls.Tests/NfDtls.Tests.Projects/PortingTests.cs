using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text.RegularExpressions;
using Microsoft.VisualStudio.TestTools.UnitTesting;

namespace NfDtls.Tests.Projects;

/// <summary>What the pages for those who come from elsewhere call ours is there under that name.</summary>
[TestClass]
public sealed partial class PortingTests
{
    [TestMethod]
    [DataRow("docs/porting.md", "| mbedTLS | NfDtls |", 1)]
    [DataRow("docs/porting.md", "| BouncyCastle | NfDtls |", 1)]
    [DataRow("docs/troubleshooting.md", "| Error | What happened | What to look at |", 2)]
    [DataRow("docs/troubleshooting.md", "| Symptom | Commonest cause | What to do |", 2)]
    public void Every_name_in_the_column_of_ours_is_in_the_sources(string page, string header, int column)
    {
        HashSet<string> words = [.. new[] { "nf-dtls", "native-interop", "targets/host" }
            .SelectMany(folder => Directory.EnumerateFiles(Place.In(folder), "*.cs", SearchOption.AllDirectories))
            .SelectMany(file => WordPattern().Matches(File.ReadAllText(file)).Select(match => match.Value))];
        string[] names = [.. Pages.Table(page, header).SelectMany(row => CodePattern().Matches(row[column])).SelectMany(code => WordPattern().Matches(code.Value).Select(match => match.Value)).Distinct()];
        Assert.AreNotEqual(0, names.Length);
        CollectionAssert.IsSubsetOf(names, words.ToArray());
    }

    // What begins with a capital: arguments and commands do not.
    [GeneratedRegex("\\b[A-Z][A-Za-z0-9]+\\b")]
    private static partial Regex WordPattern();

    [GeneratedRegex("`[^`]+`")]
    private static partial Regex CodePattern();
}
