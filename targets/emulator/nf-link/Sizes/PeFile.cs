using System.Buffers.Binary;

namespace NfDtls.Nano.Link.Sizes;

/// <summary>Where the bytes of a .pe file go: its header names the begin of each table (nf-interpreter, CLR_RECORD_ASSEMBLY).</summary>
internal sealed class PeFile
{
    private const int TablesAt = 40;
    private const int TableCount = 16;

    private readonly int[] _begins = new int[TableCount];

    /// <exception cref="LinkException">It is no .pe file.</exception>
    public PeFile(string name, byte[] content)
    {
        Name = name;
        Total = content.Length;
        if (content.Length < TablesAt + 4 * TableCount || !content.AsSpan().StartsWith("NFMRK1"u8))
        {
            throw new LinkException($"{name} is no .pe file");
        }

        for (int i = 0; i < TableCount; i++)
        {
            _begins[i] = (int)BinaryPrimitives.ReadUInt32LittleEndian(content.AsSpan(TablesAt + 4 * i));
        }
    }

    public string Name { get; }

    public int Total { get; }

    public int Code => Table(13);

    public int Strings => Table(11);

    public int Methods => Table(6);

    public int Types => Table(4);

    public int Fields => Table(5);

    /// <summary>Signatures, and the initial values of arrays.</summary>
    public int Signatures => Table(12);

    /// <summary>References to assemblies, types, fields and methods elsewhere.</summary>
    public int References => Table(0) + Table(1) + Table(2) + Table(3);

    /// <summary>The header, attributes, type specifications and resources.</summary>
    public int Rest => Total - Code - Strings - Methods - Types - Fields - Signatures - References;

    /// <summary>The table of files: a row each, and their sum.</summary>
    public static void Print(TextWriter output, IReadOnlyList<PeFile> files)
    {
        output.WriteLine("| Assembly | PE | IL | Names and texts | Methods | Signatures, static data | Types | Fields | References | Rest |");
        output.WriteLine("|---|---|---|---|---|---|---|---|---|---|");
        foreach (PeFile file in files)
        {
            Row(file.Name, [file]);
        }

        if (files.Count > 1)
        {
            Row("all", files);
        }

        void Row(string name, IReadOnlyList<PeFile> of)
        {
            Func<PeFile, int>[] columns = [f => f.Total, f => f.Code, f => f.Strings, f => f.Methods, f => f.Signatures, f => f.Types, f => f.Fields, f => f.References, f => f.Rest];
            output.WriteLine($"| {name} | {string.Join(" | ", columns.Select(column => of.Sum(column).ToString("N0", System.Globalization.CultureInfo.InvariantCulture)))} |");
        }
    }

    private int Table(int index)
    {
        return _begins[index + 1] - _begins[index];
    }
}
