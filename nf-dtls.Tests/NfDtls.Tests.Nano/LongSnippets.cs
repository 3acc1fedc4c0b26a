using System;
using System.Collections.Generic;
using System.Linq;

namespace NfDtls.Tests.Nano;

/// <summary>Sources that run into a limit, too long to keep: the rule's number, and what it is about, with the source.</summary>
internal static class LongSnippets
{
    internal static IEnumerable<(string Name, string Source)> All()
    {
        yield return ("NF301-locals", Class(
            "static int Use(ref int v) => v; public static int Run() { " + Repeat(256, i => $"int a{i} = {i};") + " int sum = 0; "
            + Repeat(256, i => $"sum += Use(ref a{i});") + " return sum; }"));
        yield return ("NF302-arguments", Class("public static int Run(" + List(256, i => $"int a{i}") + ") => a0;"));
        yield return ("NF303-stack", Class("public static object Run(int x) => " + Repeat(256, _ => "(x + (") + "x" + Repeat(256, _ => "))") + ";"));
        yield return ("NF304-switch", Class("public static int Run(int x) { switch (x) { " + Repeat(256, i => $"case {i}: return {i} * 7;") + " } return -1; }"));
        yield return ("NF305-branch", Class("public static int Run(int x, int y) { if (x > 0) { " + Repeat(4000, _ => "x = x * 3 + y; y ^= x;") + " } return x; }"));
        yield return ("NF306-static-fields", Class(Repeat(256, i => $"public static int F{i};")));
        yield return ("NF306-instance-fields", "public class Snippet { " + Repeat(256, i => $"public int F{i};") + " }");
        yield return ("NF306-array-initialisers", Class(
            Enumerable.Range(0, 2).Aggregate(string.Empty, (text, set) => text + $"public static byte[] Run{set}(int x) {{ switch (x & 127) {{ "
            + Repeat(128, i => $"case {i}: return [{i}, 1, 2, 3, 4, {5 + set}];") + " } return null; } ")));
        yield return ("NF306-methods", Class(Repeat(256, i => $"public static int M{i}() => {i};")));
        yield return ("NF311-code", Class(Repeat(20, i => $"public static int M{i}(int x) {{ " + Repeat(200, j => $"x = x * {j * 1000} + 1000;") + " return x; }")));
        yield return ("NF312-data", Class(
            "public static readonly uint[] A = [" + List(8000, i => i.ToString()) + "]; public static readonly uint[] B = [" + List(8000, i => i + " + 1") + "];"));
        yield return ("NF313-strings", Class(
            "public static string Run(int x) { switch (x) { " + Repeat(250, i => $"case {i}: return \"{i} {new string('x', 260)}\";") + " } return null; }"));
        yield return ("NF314-initialiser", Class("public static byte[] Run() => [" + List(33000, i => $"(byte)({i} & 255)") + "];"));
    }

    private static string Class(string members)
    {
        return "public static class Snippet { " + members + " }";
    }

    private static string Repeat(int count, Func<int, string> text)
    {
        return string.Join(' ', Enumerable.Range(0, count).Select(text));
    }

    private static string List(int count, Func<int, string> text)
    {
        return string.Join(',', Enumerable.Range(0, count).Select(text));
    }
}
