using System.Text;
using Mono.Cecil;
using NfDtls.Nano.Link.Reach;

namespace NfDtls.Nano.Link.Names;

/// <summary>
/// The full names of what has short ones: a line `TYPE = full name` for a type, `TYPE::METHOD = full name (parameters)` for a method,
/// as a stack trace of nanoCLR names them, and `TYPE.FIELD = full name` for a field.
/// </summary>
internal sealed class NameMap
{
    private readonly Dictionary<string, string> _full = new(StringComparer.Ordinal);

    /// <param name="reached">What is kept.</param>
    /// <param name="names">How it is called.</param>
    public NameMap(Reachability reached, ShortNames names)
    {
        foreach (TypeDefinition type in reached.Types)
        {
            string name = names.Namespace(type).Length == 0 ? names[type] : names.Namespace(type) + "." + names[type];
            _full[name] = Full(type);
            foreach (MethodDefinition method in type.Methods.Where(reached.Methods.Contains))
            {
                string parameters = string.Join(", ", method.Parameters.Select(parameter => parameter.ParameterType.Name + " " + parameter.Name));
                string line = $"{Full(type)}::{method.Name}({parameters})";
                string key = name + "::" + names[method];
                _full[key] = _full.TryGetValue(key, out string? other) ? other + " or " + line : line;
            }

            foreach (FieldDefinition field in type.Fields.Where(reached.Fields.Contains))
            {
                _full[name + "." + names[field]] = Full(type) + "." + field.Name;
            }
        }
    }

    private NameMap(IEnumerable<string> lines)
    {
        foreach (string line in lines)
        {
            int middle = line.IndexOf(" = ", StringComparison.Ordinal);
            if (middle > 0)
            {
                _full[line[..middle]] = line[(middle + 3)..];
            }
        }
    }

    /// <exception cref="IOException">The file cannot be read.</exception>
    public static NameMap Load(string path)
    {
        return new NameMap(File.ReadLines(path));
    }

    public void Save(string path)
    {
        StringBuilder text = new();
        foreach ((string name, string full) in _full.OrderBy(pair => pair.Value, StringComparer.Ordinal))
        {
            text.Append(name).Append(" = ").Append(full).Append('\n');
        }

        File.WriteAllText(path, text.ToString());
    }

    /// <summary>A line of a stack trace or a log with the full names of the methods that it names as `TYPE::METHOD`.</summary>
    public string Explain(string line)
    {
        StringBuilder text = new();
        int done = 0;
        for (int at = line.IndexOf("::", StringComparison.Ordinal); at >= 0; at = line.IndexOf("::", at + 2, StringComparison.Ordinal))
        {
            int start = at, end = at + 2;
            while (start > done && IsOfName(line[start - 1]))
            {
                start--;
            }

            while (end < line.Length && IsOfName(line[end]))
            {
                end++;
            }

            if (_full.TryGetValue(line[start..end], out string? full))
            {
                text.Append(line, done, start - done).Append(full);
                done = end;
            }
        }

        return text.Append(line, done, line.Length - done).ToString();
    }

    private static string Full(TypeDefinition type)
    {
        return type.FullName.Replace('/', '.');
    }

    private static bool IsOfName(char letter)
    {
        return char.IsAsciiLetterOrDigit(letter) || letter is '_' or '.' or '<' or '>';
    }
}
