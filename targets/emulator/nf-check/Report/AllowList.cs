namespace NfDtls.Nano.Check.Report;

/// <summary>Findings that are accepted, each with a reason: lines of "NFxxx Type.Method reason"; # begins a comment.</summary>
internal sealed class AllowList
{
    private readonly Dictionary<(string Code, string Member), bool> _isUsed = [];
    private readonly string? _path;

    private AllowList(string? path) => _path = path;

    public static AllowList Load(string? path)
    {
        var list = new AllowList(path);
        if (path is null)
        {
            return list;
        }

        int lineNumber = 0;
        foreach (string line in File.ReadLines(path).Select(l => l.Trim()))
        {
            lineNumber++;
            if (line.Length == 0 || line[0] == '#')
            {
                continue;
            }

            string[] parts = line.Split(' ', 3, StringSplitOptions.RemoveEmptyEntries);
            if (parts.Length < 3)
            {
                throw new FormatException($"{path}({lineNumber}): expected NFxxx Type.Method reason");
            }

            list._isUsed[(parts[0], parts[1])] = false;
        }
        return list;
    }

    public bool Accepts(Finding finding)
    {
        (string Code, string Member) key = (finding.Code, finding.Place.Member);
        if (!_isUsed.ContainsKey(key))
        {
            return false;
        }

        _isUsed[key] = true;
        return true;
    }

    /// <summary>Lines that accepted nothing: what they were for is gone.</summary>
    public IEnumerable<string> Unused => _isUsed.Where(p => !p.Value)
        .Select(p => $"{_path}: NF000 warning: nothing to accept for {p.Key.Code} {p.Key.Member}; remove the line");
}
