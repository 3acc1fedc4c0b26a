using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text.RegularExpressions;

namespace NfDtls.Tests.Projects;

/// <summary>The pages of the documentation, and what stands in them.</summary>
internal static partial class Pages
{
    private static readonly string[] Foreign = ["artifacts", ".git", "packages", "bin", "obj"];

    /// <summary>Every page of the repository, by its path from the root.</summary>
    internal static string[] All { get; } = Below(Place.Root)
        .Select(path => Path.GetRelativePath(Place.Root, path))
        .Order(StringComparer.Ordinal).ToArray();

    internal static string Read(string page)
    {
        return File.ReadAllText(Place.In(page));
    }

    /// <summary>The targets of links to files, without what stands behind #.</summary>
    internal static IEnumerable<string> Links(string page)
    {
        return LinkPattern().Matches(Read(page)).Select(match => match.Groups[1].Value).Where(link => !link.Contains("://", StringComparison.Ordinal));
    }

    /// <summary>Blocks of code in a language, each with the line it begins in.</summary>
    internal static IEnumerable<(int Line, string Text)> Blocks(string page, string language)
    {
        string[] lines = Read(page).Split('\n');
        for (int i = 0; i < lines.Length; i++)
        {
            if (lines[i].Trim() == "```" + language)
            {
                int end = Array.FindIndex(lines, i + 1, line => line.Trim() == "```");
                yield return (i + 2, string.Join('\n', lines[(i + 1)..end]));
                i = end;
            }
        }
    }

    /// <summary>The rows of the first table under a header, as cells without blanks around them.</summary>
    internal static string[][] Table(string page, string header)
    {
        return Read(page).Split('\n')
            .SkipWhile(line => line != header)
            .Skip(2)
            .TakeWhile(line => line.StartsWith('|'))
            .Select(line => line.Trim('|').Split('|').Select(cell => cell.Trim()).ToArray())
            .ToArray();
    }

    private static IEnumerable<string> Below(string folder)
    {
        return Directory.EnumerateFiles(folder, "*.md").Concat(
            Directory.EnumerateDirectories(folder).Where(inner => !Foreign.Contains(Path.GetFileName(inner))).SelectMany(Below));
    }

    [GeneratedRegex(@"\]\(([^)#\s]+)(?:#[^)]*)?\)")]
    private static partial Regex LinkPattern();
}
