namespace NfDtls.Nano.Check.Report;

/// <summary>The class libraries' members whose behaviour on the device probes establish: lines of "TYPE.MEMBER PROBE..."; # begins a comment.</summary>
internal sealed class ProbeList
{
    private readonly HashSet<string> _members = [];

    /// <summary>Reads a file; null where there is none.</summary>
    /// <exception cref="FormatException">A line names no probe.</exception>
    public static ProbeList? Load(string? path)
    {
        return path is null ? null : Parse(File.ReadLines(path), path);
    }

    public static ProbeList Parse(IEnumerable<string> lines, string path)
    {
        var list = new ProbeList();
        foreach (string line in lines.Select(l => l.Trim()).Where(l => l.Length > 0 && l[0] != '#'))
        {
            string[] parts = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
            if (parts.Length < 2)
            {
                throw new FormatException($"{path}: expected TYPE.MEMBER PROBE..., found {line}");
            }

            list._members.Add(parts[0]);
        }

        return list;
    }

    public bool Covers(string member) => _members.Contains(member);
}
