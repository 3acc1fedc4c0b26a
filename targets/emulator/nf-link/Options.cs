namespace NfDtls.Nano.Link;

/// <summary>The command line of `nf-link PROGRAM`.</summary>
internal sealed class Options
{
    public const string Usage = """
        nf-link PROGRAM.exe --out DIR [options] REFERENCE.dll...
          Writes into DIR the program with what it uses of the assemblies given, as one assembly with short names, PROGRAM.names with
          the full ones, and PROGRAM.references with the libraries that it still needs, a path a line. Goes before the metadata processor.
          --references FILE  more references, a path a line
          --library DIR      assemblies below DIR stay as they are; so do those with extern methods
          --keep NAME        the assembly NAME keeps all it has, and its names, for what finds members by name
          --il-budget N      more than N bytes of IL become more than one assembly (default 60000)
          --plain            leaves bodies as they are: takes away and renames only
        nf-link explain PROGRAM.names [FILE]   puts full names into a stack trace
        nf-link sizes FILE.pe...  prints where the bytes of .pe files go
        Exit code: 0 done, 1 the program cannot be linked, 2 wrong usage.
        """;

    public string Program { get; private set; } = "";

    public string Output { get; private set; } = "";

    public List<string> References { get; } = [];

    public List<string> Libraries { get; } = [];

    public List<string> Kept { get; } = [];

    public int CodeBudget { get; private set; } = 60000;

    public bool IsPlain { get; private set; }

    /// <exception cref="FormatException">The arguments are not as <see cref="Usage"/> says.</exception>
    public static Options Parse(IEnumerable<string> arguments)
    {
        Options options = new();
        Queue<string> queue = new(arguments);
        while (queue.TryDequeue(out string? argument))
        {
            switch (argument)
            {
                case "--out": options.Output = Value(argument); break;
                case "--references": options.References.AddRange(File.ReadLines(Value(argument)).Where(line => line.Length > 0)); break;
                case "--library": options.Libraries.Add(Path.GetFullPath(Value(argument))); break;
                case "--keep": options.Kept.Add(Value(argument)); break;
                case "--plain": options.IsPlain = true; break;
                case "--il-budget":
                    options.CodeBudget = int.TryParse(Value(argument), out int budget) && budget > 0 ? budget : throw new FormatException("--il-budget wants a number of bytes");
                    break;
                default:
                    if (argument.StartsWith('-'))
                    {
                        throw new FormatException($"unknown option {argument}");
                    }

                    if (options.Program.Length == 0)
                    {
                        options.Program = argument;
                    }
                    else
                    {
                        options.References.Add(argument);
                    }

                    break;
            }
        }

        if (options.Program.Length == 0 || options.Output.Length == 0)
        {
            throw new FormatException("a program and --out are needed");
        }

        return options;

        string Value(string option)
        {
            return queue.TryDequeue(out string? value) && !value.StartsWith('-') ? value : throw new FormatException($"{option} wants a value");
        }
    }
}
