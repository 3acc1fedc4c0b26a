using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text.RegularExpressions;
using Microsoft.VisualStudio.TestTools.UnitTesting;

namespace NfDtls.Tests.Projects;

/// <summary>The probes of the runtime: the list of what they cover, and the document that lists the differences.</summary>
[TestClass]
public sealed partial class ProbeTests
{
    private static readonly string[] Folders =
        ["nf-dtls.Tests/Portable.Runtime", "nf-dtls.Tests/Portable.Sockets", "nf-dtls.Tests/Portable.Stock", "nf-dtls.Tests/NfDtls.Tests.Crypto/Portable"];

    [TestMethod]
    public void Every_probe_that_the_list_of_members_names_is_there()
    {
        Dictionary<string, string> classes = Sources().ToDictionary(path => Path.GetFileNameWithoutExtension(path), File.ReadAllText);
        string[] lines = File.ReadAllLines(Place.In("nf-dtls.Tests/Portable.Runtime/members.txt")).Where(line => line.Length > 0 && line[0] != '#').ToArray();
        Assert.IsGreaterThan(50, lines.Length);
        foreach (string[] words in lines.Select(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries)))
        {
            Assert.IsGreaterThan(1, words.Length, words[0]);
            foreach (string[] probe in words.Skip(1).Select(word => word.Split('.')))
            {
                Assert.IsTrue(classes.TryGetValue(probe[0], out string? source), words[0] + ": " + probe[0]);
                Assert.IsTrue(probe[1] == "*" || source!.Contains("public void " + probe[1] + "(", StringComparison.Ordinal), words[0] + ": " + probe[1]);
            }
        }

        string[] members = lines.Select(line => line[..line.IndexOf(' ')]).ToArray();
        CollectionAssert.AllItemsAreUnique(members);
    }

    [TestMethod]
    public void Every_difference_that_a_probe_expects_is_a_row_of_the_document_and_no_other_is()
    {
        string[] probed = Sources().SelectMany(path => DifferencePattern().Matches(File.ReadAllText(path))).Select(match => match.Groups[1].Value).ToArray();
        CollectionAssert.AllItemsAreUnique(probed);
        string[] rows = Section(File.ReadAllLines(Place.In("docs/nano.md")), "## What nanoCLR does differently")
            .Where(line => line.StartsWith("| ", StringComparison.Ordinal) && !line.StartsWith("| |", StringComparison.Ordinal))
            .Select(line => line.Split('|')[1].Trim())
            .ToArray();
        CollectionAssert.AreEquivalent(probed, rows);
    }

    /// <summary>The text of an expected difference: the first argument of each call.</summary>
    [GeneratedRegex("""Difference\.Expect\(\s*"([^"]+)""")]
    private static partial Regex DifferencePattern();

    private static IEnumerable<string> Section(string[] lines, string title)
    {
        int start = Array.IndexOf(lines, title);
        Assert.IsGreaterThan(0, start, title);
        return lines.Skip(start + 1).TakeWhile(line => !line.StartsWith("## ", StringComparison.Ordinal));
    }

    private static IEnumerable<string> Sources()
    {
        return Folders.SelectMany(folder => Directory.EnumerateFiles(Place.In(folder), "*.cs", SearchOption.TopDirectoryOnly))
            .Where(path => Path.GetFileName(path) is not "Providers.cs" and not "Difference.cs");
    }
}
