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

    /// <summary>The links to a heading: the page that has it, by its path from the root, and what stands behind #.</summary>
    internal static IEnumerable<(string Page, string Anchor)> Anchors(string page)
    {
        string folder = Path.GetDirectoryName(Place.In(page))!;
        foreach (Match link in AnchorPattern().Matches(Read(page)))
        {
            string target = link.Groups[1].Value;
            if (!target.Contains("://", StringComparison.Ordinal))
            {
                string path = target.Length == 0 ? page : Path.GetRelativePath(Place.Root, Path.GetFullPath(Path.Combine(folder, target)));
                yield return (path, link.Groups[2].Value);
            }
        }
    }

    /// <summary>What a page's headings are called behind #: their words in small letters, with hyphens between them, and -1 and on for those that come again.</summary>
    internal static HashSet<string> Headings(string page)
    {
        HashSet<string> headings = [];
        bool isCode = false;
        foreach (string line in Read(page).Split('\n'))
        {
            isCode ^= line.TrimStart().StartsWith("```", StringComparison.Ordinal);
            if (isCode || !HeadingPattern().IsMatch(line))
            {
                continue;
            }

            string text = HeadingPattern().Match(line).Groups[1].Value.Trim().ToLowerInvariant();
            string name = string.Concat(text.Where(c => char.IsLetterOrDigit(c) || c is ' ' or '-' or '_')).Replace(' ', '-');
            for (int again = 1; !headings.Add(again == 1 ? name : name + "-" + (again - 1)); again++)
            {
            }
        }

        return headings;
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

    /// <summary>What each block of code says that it is in; nothing where it does not.</summary>
    internal static IEnumerable<string> Languages(string page)
    {
        bool isInside = false;
        foreach (string line in Read(page).Split('\n').Select(line => line.Trim()).Where(line => line.StartsWith("```", StringComparison.Ordinal)))
        {
            if (!isInside)
            {
                yield return line[3..];
            }

            isInside = !isInside;
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

    [GeneratedRegex(@"\]\(([^)#\s]*)#([^)\s]+)\)")]
    private static partial Regex AnchorPattern();

    [GeneratedRegex("^#{1,6} (.*)$")]
    private static partial Regex HeadingPattern();
}
