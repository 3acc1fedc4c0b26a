using System.Globalization;
using System.Text.Json;
using NfDtls.Nano.Check.Sizes;

namespace NfDtls.Nano.Check.Report;

/// <summary>The sizes of all assemblies, as a table to read or as JSON.</summary>
internal static class SizeTable
{
    private static readonly string[] Headings = ["assembly", "IL", "static data", "signatures", "strings", "types", "methods", "fields", "boot RAM"];

    public static void Print(TextWriter output, IReadOnlyList<AssemblySizes> sizes)
    {
        List<string[]> rows = [Headings, .. sizes.Select(Row)];
        int[] widths = [.. Headings.Select((_, column) => rows.Max(r => r[column].Length))];
        foreach (string[] row in rows)
        {
            output.WriteLine(string.Join("  ", row.Select((cell, column) => column == 0 ? cell.PadRight(widths[column]) : cell.PadLeft(widths[column]))));
        }
    }

    public static void WriteJson(string path, IReadOnlyList<AssemblySizes> sizes)
    {
        var options = new JsonSerializerOptions { WriteIndented = true, PropertyNamingPolicy = JsonNamingPolicy.CamelCase };
        File.WriteAllText(path, JsonSerializer.Serialize(sizes, options) + "\n");
    }

    private static string[] Row(AssemblySizes sizes)
    {
        int[] numbers = [sizes.Code, sizes.StaticData, sizes.Signatures, sizes.Strings, sizes.Types, sizes.Methods, sizes.Fields, sizes.BootMemory];
        return [sizes.Assembly, .. numbers.Select(n => n.ToString("N0", CultureInfo.InvariantCulture))];
    }
}
