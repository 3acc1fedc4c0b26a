using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text.RegularExpressions;

namespace NfDtls.Tests.Projects;

/// <summary>
/// A page whose tables have attacks in their rows: their numbers first, and tests wherever they are named, as
/// <c>Class.Method, Method; Project: Class</c>. The project goes before the first class of a part that a semicolon ends;
/// without it the page's own is meant. Files are those in nf-dtls.
/// </summary>
internal sealed partial class SecurityPage
{
    /// <summary>How many classes of attack there are, and how many patterns of state machine bugs.</summary>
    private const int Classes = 34;
    private const int Patterns = 40;

    /// <summary>How many things there are that a server keeps for strangers, each with its bill.</summary>
    internal const int Bills = 15;

    // A row of a version that lacks the thing altogether, and one beside the numbers.
    private const string Impossible = "cannot occur";
    private const string Unnumbered = "–";

    // Cells of a row that says where the rule is kept, in the last but one.
    private const int WithPlace = 5;

    private static readonly Dictionary<string, TestNames?> s_projects = [];

    private readonly string _project;
    private readonly string[][] _rows;
    private readonly int _bills;

    internal SecurityPage(string text, string project, int bills = 0)
    {
        _bills = bills;
        _project = project;
        _rows = text.Split('\n')
            .Where(line => line.StartsWith("| ", System.StringComparison.Ordinal) && !line.StartsWith("| # |", System.StringComparison.Ordinal))
            .Select(line => line.Trim().Trim('|').Split('|').Select(cell => cell.Trim()).ToArray())
            .ToArray();
    }

    /// <summary>What is wrong, in words; nothing where all is right.</summary>
    internal IEnumerable<string> Faults()
    {
        string[] all = Enumerable.Range(1, Classes).Select(i => i.ToString(System.Globalization.CultureInfo.InvariantCulture))
            .Concat(Enumerable.Range(1, Patterns).Select(i => "P" + i))
            .Concat(Enumerable.Range(1, _bills).Select(i => "B" + i)).ToArray();
        HashSet<string> missing = [.. all];
        List<string> faults = [];
        foreach (string[] row in _rows)
        {
            foreach (string number in row[0].Split(", "))
            {
                missing.Remove(number);
                if (number != Unnumbered && !all.Contains(number))
                {
                    faults.Add(number + " is no number of an attack");
                }
            }

            faults.AddRange(FaultsOf(row).Select(fault => row[0] + " " + fault));
        }

        return faults.Concat(all.Where(missing.Contains).Select(number => number + " is missing"));
    }

    private IEnumerable<string> FaultsOf(string[] row)
    {
        string text = string.Join(" ; ", row[1..]);
        foreach (string file in FilePattern().Matches(text).Select(match => match.Groups[1].Value))
        {
            if (!File.Exists(Place.In("nf-dtls/" + file)))
            {
                yield return "names " + file + ", which is no file";
            }
        }

        if (row.Length == WithPlace && !FilePattern().IsMatch(row[^2]))
        {
            yield return "has no place in the code";
        }

        bool any = row[^1] == Impossible;
        foreach (string part in text.Split(';'))
        {
            Match first = ClassPattern().Match(part);
            if (!first.Success)
            {
                continue;
            }

            any = true;
            string prefix = ProjectPattern().Match(part[..first.Index]).Groups[1].Value;
            string project = prefix.Length > 0 ? prefix : _project;
            TestNames? names = In(project);
            if (names == null)
            {
                yield return "names " + project + ", which is no project of tests";
                continue;
            }

            foreach (string name in Named(part).Where(name => !names.Has(name)))
            {
                yield return "names " + project + ": " + name + ", which is no test";
            }
        }

        if (!any)
        {
            yield return "has no test";
        }
    }

    /// <summary>Every class or method of a part; a method alone is one of the class before it.</summary>
    private static IEnumerable<string> Named(string part)
    {
        string last = string.Empty;
        foreach (Match match in NamePattern().Matches(part))
        {
            if (match.Groups[1].Success)
            {
                last = match.Groups[1].Value;
                yield return match.Value;
            }
            else
            {
                yield return last + "." + match.Value;
            }
        }
    }

    private static TestNames? In(string project)
    {
        if (!s_projects.TryGetValue(project, out TestNames? names))
        {
            string folder = new[] { "NfDtls.Tests." + project, project }.Select(name => Place.In("nf-dtls.Tests/" + name)).FirstOrDefault(Directory.Exists) ?? string.Empty;
            names = folder.Length == 0 ? null : new TestNames(folder);
            s_projects[project] = names;
        }

        return names;
    }

    [GeneratedRegex(@"`([A-Za-z0-9./]+\.cs)`")]
    private static partial Regex FilePattern();

    [GeneratedRegex(@"\b[A-Z]\w*Tests(?:13)?\b")]
    private static partial Regex ClassPattern();

    [GeneratedRegex(@"([A-Z][\w.]*): *$")]
    private static partial Regex ProjectPattern();

    // A class, with a method or without; or a method alone, which is known by its underscores.
    [GeneratedRegex(@"\b([A-Z]\w*Tests(?:13)?)\b(?:\.\w+)?|\b[A-Z][A-Za-z0-9]*(?:_[A-Za-z0-9]+){2,}\b")]
    private static partial Regex NamePattern();
}
