using System;
using System.Globalization;
using System.IO;

namespace NfDtls.Tool;

/// <summary>Bytes of the .pe files, of the table that the build writes into docs/nano.md, which is inside the tool.</summary>
internal static class AssemblySizes
{
    /// <summary>What every device deploys.</summary>
    public const string Core = "NfDtls ";

    private const string Head = "| Assembly | IL |";
    private const int PeColumn = 4;

    public static int Of(string assembly)
    {
        using Stream stream = typeof(AssemblySizes).Assembly.GetManifestResourceStream("nano.md")!;
        using StreamReader reader = new StreamReader(stream);
        bool isTable = false;
        for (string? line = reader.ReadLine(); line != null; line = reader.ReadLine())
        {
            // Other tables of the page name assemblies, too.
            isTable = line.StartsWith(Head, StringComparison.Ordinal) || (isTable && line.StartsWith('|'));
            string[] cells = line.Split('|');
            if (isTable && cells.Length > PeColumn && cells[1].Trim() == assembly
                && int.TryParse(cells[PeColumn], NumberStyles.Integer | NumberStyles.AllowThousands, CultureInfo.InvariantCulture, out int size))
            {
                return size;
            }
        }

        throw new InvalidOperationException("docs/nano.md has no size of " + assembly + ".");
    }
}
