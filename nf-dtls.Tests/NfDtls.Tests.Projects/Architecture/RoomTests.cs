using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text.RegularExpressions;
using Microsoft.VisualStudio.TestTools.UnitTesting;

namespace NfDtls.Tests.Projects.Architecture;

/// <summary>The rooms of the core: as docs/architecture.md draws them, with arrows that go one way, and none of them a hall.</summary>
[TestClass]
public class RoomTests
{
    private const int LongestClass = 440;

    private static readonly RoomGraph Core = RoomGraph.Read(Path.Combine(AppContext.BaseDirectory, "NfDtls.dll"), "NfDtls");

    [TestMethod]
    public void No_way_leads_from_a_room_back_to_itself()
    {
        string? circle = Core.FindCircle();
        Assert.IsNull(circle, "A circle: " + circle + ".");
    }

    [TestMethod]
    public void The_picture_shows_each_arrow_and_no_other()
    {
        SortedSet<string> drawn = new(Drawn(), StringComparer.Ordinal);
        List<string> missing = Core.Arrows.Where(arrow => !drawn.Contains(arrow.Key)).Select(arrow => arrow.Key + " (" + string.Join(", ", arrow.Value.Take(3)) + ")").ToList();
        List<string> idle = drawn.Where(arrow => !Core.Arrows.ContainsKey(arrow)).ToList();
        Assert.IsTrue(missing.Count == 0 && idle.Count == 0, "Not drawn: " + string.Join("; ", missing) + ". Drawn, but not there: " + string.Join("; ", idle) + ".");
    }

    [TestMethod]
    public void No_class_is_a_hall_or_in_parts()
    {
        List<string> wrong = new();
        foreach (string file in Directory.GetFiles(Place.In("nf-dtls/NfDtls"), "*.cs", SearchOption.AllDirectories))
        {
            string text = File.ReadAllText(file);
            if (Regex.IsMatch(text, @"\bpartial class\b"))
            {
                wrong.Add(Path.GetFileName(file) + " is a part of a class");
            }

            if (text.Count(c => c == '\n') > LongestClass)
            {
                wrong.Add(Path.GetFileName(file) + " has more than " + LongestClass + " lines");
            }
        }

        Assert.AreEqual(0, wrong.Count, string.Join("; ", wrong));
    }

    /// <summary>The arrows of the table of rooms in the documentation: "| Room | holds | knows |".</summary>
    private static IEnumerable<string> Drawn()
    {
        string text = File.ReadAllText(Place.In("docs/architecture.md"));
        int begin = text.IndexOf("## Rooms of the core", StringComparison.Ordinal);
        int end = text.IndexOf("\n## ", begin, StringComparison.Ordinal);
        string table = text[begin..end];
        foreach (Match row in Regex.Matches(table, @"^\| (?!Room )(?<room>[A-Za-z0-9()]+) \|[^|]*\| (?<knows>[^|]*) \|\r?$", RegexOptions.Multiline))
        {
            foreach (string known in row.Groups["knows"].Value.Split(", ", StringSplitOptions.RemoveEmptyEntries))
            {
                yield return row.Groups["room"].Value + " -> " + known;
            }
        }
    }
}
