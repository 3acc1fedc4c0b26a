using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using Microsoft.VisualStudio.TestTools.UnitTesting;
using NfDtls.Nano.Check.Model;
using NfDtls.Nano.Check.Report;
using NfDtls.Nano.Check.Rules;

namespace NfDtls.Tests.Nano;

[TestClass]
public sealed class CheckTests
{
    public static IEnumerable<object[]> Snippets()
    {
        foreach (string path in Directory.EnumerateFiles(Path.Combine(AppContext.BaseDirectory, "Snippets"), "NF*.cs").Order(StringComparer.Ordinal))
        {
            yield return [Path.GetFileNameWithoutExtension(path), File.ReadAllText(path)];
        }

        foreach ((string name, string source) in LongSnippets.All())
        {
            yield return [name, source];
        }
    }

    [TestMethod]
    [DynamicData(nameof(Snippets), DynamicDataDisplayName = nameof(NameOf))]
    public void A_snippet_is_found_by_its_rule_and_by_no_other(string name, string source)
    {
        HashSet<string> options = Options(source);
        HashSet<string> expected = [name[..5], .. options.Where(option => option.StartsWith("also=", StringComparison.Ordinal)).SelectMany(option => option[5..].Split(','))];
        string path = Workshop.Compile(name, source, options.Contains("host"), options.Contains("unsafe"));
        string surface = options.Contains("older-surface") ? OlderSurface() : Workshop.Surface;
        HashSet<string> found = [.. Workshop.Check(surface, SizeRules.DefaultCodeBudget, (path, options.Contains("native"))).Select(finding => finding.Code)];

        // What compiles only against .NET uses types that a device lacks besides.
        if (options.Contains("host"))
        {
            found.IntersectWith(expected);
        }

        Assert.IsTrue(found.SetEquals(expected), $"Expected {string.Join(' ', expected)}, found {string.Join(' ', found)}.");
    }

    [TestMethod]
    public void What_a_device_runs_is_clean()
    {
        Finding[] findings = Workshop.Check(Good());
        Assert.IsEmpty(findings, string.Join('\n', findings.Select(finding => finding.ToString())));
    }

    [TestMethod]
    public void A_stack_counted_too_low_is_as_grave_as_what_nanoCLR_has_to_spare()
    {
        string path = Workshop.Compile("Stacks", """
            using System;
            public static class Stacks
            {
                private static int Three(int a, int b, int c) { return a + b + c; }
                private static int Six(int a, int b, int c, int d, int e, int f) { return Three(a, b, c) + Three(d, e, f); }
                private static int Twelve(int a, int b, int c, int d, int e, int f, int g, int h, int i, int j, int k, int l) { return Six(a, b, c, d, e, f) + Six(g, h, i, j, k, l); }
                public static int Enough(int x) { if (x < 0) { throw new ArgumentException(); } return Twelve(1, 2, 3, 4, 5, 6, x, 8, 9, 10, 11, 12); }
                public static int Handler(string text) { try { return text.Length; } catch (Exception e) { return Three(e.Message.Length, 1, 2); } }
                public static int Made(string text) { try { return text.Length; } catch (Exception e) { return Six(1, 2, 3, 4, (int)new DateTime(e.Message.Length, 2, 3, 4, 5, 6).Ticks, 6); } }
                public static int Little(int x) { return Six(1, 2, x < 0 ? throw new ArgumentException() : x, 4, 5, 6); }
                public static int Much(int x) { return Twelve(1, 2, 3, 4, 5, 6, x < 0 ? throw new ArgumentException() : x, 8, 9, 10, 11, 12); }
            }
            """);
        using CheckedAssembly assembly = CheckedAssembly.Open(path, false);
        Findings findings = new();
        new StackRule().Check(assembly, findings);
        CollectionAssert.AreEqual(
            new[] { (Severity.Info, "Stacks.Handler"), (Severity.Error, "Stacks.Made"), (Severity.Warning, "Stacks.Little"), (Severity.Error, "Stacks.Much") },
            findings.All.Select(finding => (finding.Severity, finding.Place.Member)).ToArray());
    }

    [TestMethod]
    [DataRow("new DateTime(e.Message.Length, 2, 3, 4, 5, 6)", "int a")]
    [DataRow("new DateTime(e.Message.Length, 2, 3, 4, 5, 6)", "DateTime a")]
    [DataRow("new TimeSpan(e.Message.Length, 2, 3, 4, 5)", "int a")]
    [DataRow("new TimeSpan(e.Message.Length, 2, 3, 4, 5)", "TimeSpan a")]
    public void A_value_that_is_made_in_a_handler_is_as_grave_whatever_other_code_speaks_of(string made, string parameter)
    {
        string before = made.StartsWith("new TimeSpan", StringComparison.Ordinal) ? "1, 2, 3, 4, 5, 6" : "1, 2, 3, 4, 5";
        string parameters = string.Concat(Enumerable.Range(0, before.Split(',').Length).Select(i => $"int p{i}, "));
        string path = Workshop.Compile("Boxed", $$"""
            using System;
            public static class Another { public static void Take({{parameter}}) { } }
            public static class Boxed
            {
                private static int Take({{parameters}}object o) { return p0; }
                public static int Made(string text) { try { return text.Length; } catch (Exception e) { return Take({{before}}, {{made}}); } }
            }
            """);
        using CheckedAssembly assembly = CheckedAssembly.Open(path, false);
        Findings findings = new();
        new StackRule().Check(assembly, findings);
        Finding finding = findings.All.Single();
        Assert.AreEqual((Severity.Error, "Boxed.Made"), (finding.Severity, finding.Place.Member));
    }

    [TestMethod]
    public void An_assembly_over_its_budget_is_warned_of()
    {
        Finding finding = Workshop.Check(Workshop.Surface, 100, (Good(), false)).Single();
        Assert.AreEqual("NF311", finding.Code);
        Assert.AreEqual(Severity.Warning, finding.Severity);
    }

    [TestMethod]
    public void Externs_are_allowed_in_a_native_assembly()
    {
        string path = Workshop.Compile("Externs", File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Snippets", "NF401-extern.cs")));
        Assert.IsEmpty(Workshop.Check(Workshop.Surface, SizeRules.DefaultCodeBudget, (path, true)));
        Assert.AreEqual("NF401", Workshop.Check(path).Single().Code);
    }

    [TestMethod]
    public void A_finding_may_be_accepted_and_a_line_that_accepts_nothing_is_told()
    {
        string path = Workshop.Compile("Accepted", File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Snippets", "NF401-extern.cs")));
        string file = Path.Combine(Workshop.NewFolder("allow"), "allow.txt");
        File.WriteAllText(file, "NF401 Snippet.Compute the firmware has it\n");
        AllowList allowed = AllowList.Load(file);
        Assert.IsTrue(Workshop.Check(path).All(allowed.Accepts));
        Assert.IsEmpty(allowed.Unused.ToArray());

        AllowList unused = AllowList.Load(file);
        Assert.IsFalse(Workshop.Check(Good()).Any(unused.Accepts));
        Assert.HasCount(1, unused.Unused.ToArray());
    }

    [TestMethod]
    public void A_member_that_no_probe_covers_is_told_once_where_a_list_of_probes_is_given()
    {
        string path = Workshop.Compile("Probed", """
            public static class Snippet
            {
                public static string Name(int a, int b) { return a.ToString() + b.ToString() + string.Empty; }
            }
            """);
        Assert.IsEmpty(Workshop.Check(path));
        Finding[] findings = Workshop.Check(path, ProbeList.Parse(["# a comment", "System.Int32.ToString  TextProbes.Numbers"], "list"));
        CollectionAssert.AreEquivalent(
            new[] { "System.String.Concat", "System.String.Empty" },
            findings.Where(finding => finding.Code == "NF005" && finding.Severity == Severity.Warning).Select(finding => finding.Message.Split(':')[0]).ToArray());
        Assert.ThrowsExactly<FormatException>(() => ProbeList.Parse(["System.Int32.ToString"], "list"));
    }

    public static string NameOf(System.Reflection.MethodInfo method, object[] data)
    {
        return method.Name + " " + data[0];
    }

    private static string Good()
    {
        return Workshop.Compile("good", File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Snippets", "good.cs")));
    }

    private static HashSet<string> Options(string source)
    {
        const string Mark = "// compile:";
        string line = source[..Math.Max(source.IndexOf('\n'), 0)].TrimEnd();
        return line.StartsWith(Mark, StringComparison.Ordinal) ? [.. line[Mark.Length..].Split(' ', StringSplitOptions.RemoveEmptyEntries)] : [];
    }

    /// <summary>The surface of a firmware that lacks a member and a type, and has another version of a library.</summary>
    private static string OlderSurface()
    {
        string folder = Workshop.NewFolder("older-surface");
        foreach (string path in Directory.EnumerateFiles(Workshop.Surface, "*.txt"))
        {
            string[] lines = File.ReadAllLines(path);
            string name = Path.GetFileName(path);
            if (name == "mscorlib.txt")
            {
                lines = lines.Where(line => !line.EndsWith(" void Clear(System.Array array, int index, int length)", StringComparison.Ordinal))
                    .Select(line => line.StartsWith("type public class System.Random ", StringComparison.Ordinal) ? line.Replace("System.Random ", "System.Dice ") : line)
                    .ToArray();
            }
            else if (name == "System.Math.txt")
            {
                lines[0] = "assembly System.Math 1.9.0.0";
            }

            File.WriteAllLines(Path.Combine(folder, name), lines);
        }

        return folder;
    }
}
