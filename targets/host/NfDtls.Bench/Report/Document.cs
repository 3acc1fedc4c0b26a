using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Text;

namespace NfDtls.Bench;

/// <summary>A run as tables of docs/performance.md; what stands outside of the two marks is written by hand.</summary>
internal static class Document
{
    private const string Begin = "<!-- written by ./build.sh bench -->";
    private const string End = "<!-- until here -->";

    /// <summary>Puts the tables in the place of those that a page has.</summary>
    /// <exception cref="InvalidDataException">The page lacks the marks.</exception>
    internal static void WriteTo(string file, Results results)
    {
        string page = File.ReadAllText(file);
        int begin = page.IndexOf(Begin, StringComparison.Ordinal);
        int end = page.IndexOf(End, StringComparison.Ordinal);
        if (begin < 0 || end < begin)
        {
            throw new InvalidDataException(file + " lacks the marks between which tables stand.");
        }

        File.WriteAllText(file, page[..begin] + Begin + "\n\n" + Of(results) + "\n" + page[end..]);
    }

    internal static string Of(Results results)
    {
        StringBuilder text = new();
        text.Append(CultureInfo.InvariantCulture, $"{results.Date} UTC, commit {results.Commit}. {results.Machine}; {results.System}; {results.Runtime}; {string.Join(", ", Versions(results))}. {results.Conditions}.\n\n");
        Goals(text, results);
        foreach ((string title, string filter) in (IEnumerable<(string, string)>)
            [("Handshakes a second, in memory", "handshake/.*/memory"), ("Handshakes a second, over UDP", "handshake/.*/udp"), ("Echoes a second, in memory", "echo/.*/memory"), ("Echoes a second, over UDP", "echo/.*/udp"), ("Echoes a second, with a thread for each end", "echo/.*/threads"), ("Echoes a second of a server with 32 clients, by its own time", "echo/.*/crowd"), ("Records of 1,300 bytes a second", "send/.*")])
        {
            Speeds(text, title, [.. results.Rows.Where(row => System.Text.RegularExpressions.Regex.IsMatch(row.Id, "^" + filter + "$"))]);
        }

        Wire(text, results);
        Counts(text, results);
        return text.ToString();
    }

    private static IEnumerable<string> Versions(Results results)
    {
        return results.Rows.SelectMany(row => row.Scores).Where(score => !Contestant.Named(score.Contestant).IsOurs).Select(score => score.Version).Distinct();
    }

    private static void Goals(StringBuilder text, Results results)
    {
        Heading(text, "Goals", "Row", "Who", "By", "At least", "Measured (quartiles)", "");
        foreach (Goal goal in Goal.All)
        {
            Ratio? ratio = results.Rows.Find(row => row.Id == goal.Row)?.Compare(goal.Contestant, goal.Other);
            if (ratio is { } known)
            {
                Line(text, goal.Row, Title(goal.Contestant), Title(goal.Other), goal.Least.ToString(CultureInfo.InvariantCulture), Table.Text(known), known.Median >= goal.Least ? "holds" : "**missed**");
            }
        }

        text.Append('\n');
    }

    private static void Speeds(StringBuilder text, string title, List<RowResult> rows)
    {
        if (rows.Count == 0)
        {
            return;
        }

        Contestant[] present = [.. Contestant.All.Where(one => rows.Exists(row => row.Of(one.Name) != null))];
        Contestant[] others = [.. present.Where(one => one.Name is Contestant.OpenSsl or Contestant.Bouncy or Contestant.Wolf)];
        Heading(text, title, ["Row", .. present.Select(one => one.Title), .. others.Select(one => "best of ours / " + one.Title)]);
        foreach (RowResult row in rows)
        {
            string best = row.Scores.Where(score => Contestant.Named(score.Contestant).IsOurs).MaxBy(score => score.Median)?.Contestant ?? "";
            Line(text, [row.Id, .. present.Select(one => row.Of(one.Name) is { } score ? Table.Number(score.Median) : "-"), .. others.Select(one => Table.Text(row.Compare(best, one.Name)))]);
        }

        text.Append('\n');
    }

    private static void Wire(StringBuilder text, Results results)
    {
        Heading(text, "On the wire: datagrams / bytes of UDP payload of a handshake, both directions", "Row", "NfDtls", "BouncyCastle", "OpenSSL", "mbedTLS", "wolfSSL");
        foreach (RowResult row in results.Rows.Where(row => row.Id.StartsWith("handshake/", StringComparison.Ordinal) && row.Id.EndsWith("/memory", StringComparison.Ordinal)))
        {
            string[] cells = [.. new[] { Contestant.OpenSslProvider, Contestant.Bouncy, Contestant.OpenSsl, Contestant.Mbed, Contestant.Wolf }.Select(name => row.Of(name) is { } score ? $"{score.Datagrams} / {Table.Number(score.Bytes)}" : "-")];
            Line(text, [row.Id, .. cells]);
        }

        text.Append('\n');
    }

    private static void Counts(StringBuilder text, Results results)
    {
        if (results.Counts.Count == 0)
        {
            return;
        }

        Contestant[] present = [.. Contestant.All.Where(one => results.Counts.Exists(count => count.Contestant == one.Name))];
        Heading(text, "Counted: bytes of managed heap that an end allocates a turn, live bytes of a server's session, nanoseconds of a server a record of 64 bytes by its sessions", ["", .. present.Select(one => one.Title)]);
        foreach (IGrouping<string, CountResult> group in results.Counts.GroupBy(count => count.Name))
        {
            Line(text, [group.Key, .. present.Select(one => group.FirstOrDefault(count => count.Contestant == one.Name) is { } count ? count.Value.ToString(count.Value < 100 ? "0.##" : "#,##0", CultureInfo.InvariantCulture) : "-")]);
        }

        text.Append('\n');
    }

    private static void Heading(StringBuilder text, string title, params string[] columns)
    {
        text.Append(CultureInfo.InvariantCulture, $"### {title}\n\n");
        Line(text, columns);
        Line(text, [.. columns.Select((_, i) => i == 0 ? "---" : "---:")]);
    }

    private static void Line(StringBuilder text, params string[] cells)
    {
        text.Append("| ").AppendJoin(" | ", cells).Append(" |\n");
    }

    private static string Title(string contestant)
    {
        return Contestant.Named(contestant).Title;
    }
}
