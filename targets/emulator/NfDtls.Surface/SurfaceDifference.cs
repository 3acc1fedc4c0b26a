namespace NfDtls.Nano.Surface;

/// <summary>Lines that stand in only one of two surfaces; a member line is compared together with its type.</summary>
public static class SurfaceDifference
{
    public static IEnumerable<string> Between(IEnumerable<string> expected, IEnumerable<string> actual)
    {
        var left = Qualified(expected);
        var right = Qualified(actual);
        return Missing(left, right).Select(l => "- " + l).Concat(Missing(right, left).Select(l => "+ " + l));
    }

    private static IEnumerable<string> Missing(List<string> from, List<string> other)
    {
        Dictionary<string, int> counts = other.CountBy(l => l).ToDictionary(p => p.Key, p => p.Value);
        foreach (string line in from)
        {
            if (counts.TryGetValue(line, out int count) && count > 0)
            {
                counts[line] = count - 1;
            }
            else
            {
                yield return line;
            }
        }
    }

    /// <summary>Puts the type's name before each member line and an attribute before what it belongs to.</summary>
    private static List<string> Qualified(IEnumerable<string> lines)
    {
        List<string> result = new List<string>();
        string type = "", attributes = "";
        foreach (string line in lines)
        {
            if (line.TrimStart().StartsWith('['))
            {
                attributes += line.Trim() + " ";
            }
            else if (line.Length > 0)
            {
                if (!line.StartsWith(' '))
                {
                    type = line;
                }

                result.Add(line.StartsWith(' ') ? $"{type} | {attributes}{line.Trim()}" : attributes + line);
                attributes = "";
            }
        }
        return result;
    }
}
