using NfDtls.Nano.Check.Model;
using NfDtls.Nano.Check.Rules;

namespace NfDtls.Nano.Check;

/// <summary>The command line.</summary>
internal sealed record Options
{
    public const string Usage = """
        nf-check --surface DIR [options] A.dll [--native B.dll] ...
          Finds what nanoCLR, or its metadata processor, would break on. Pass all assemblies of a program at once:
          those that refer to each other are looked up among the arguments.
          --native B.dll     B holds extern methods: they are allowed there, and other code is not
          --surface DIR      the class libraries' surface files, or the libraries
          --allow FILE       findings to accept, one a line: NFxxx Type.Method reason
          --probed FILE      the class libraries' members that probes cover, one a line: TYPE.MEMBER PROBE...
          --core-library N   the generation of class libraries and firmware: 1 (default), or 2, the preview with generics
          --il-budget N      warns of an assembly with more than N bytes of IL (default 49152)
          --warn-as-error    a warning fails the check
          --json FILE        writes the sizes to FILE
        Exit code: 0 clean, 1 findings, 2 wrong usage.
        """;

    public List<(string Path, bool IsNative)> Assemblies { get; } = [];

    public string SurfaceDirectory { get; private set; } = "";

    public string? AllowFile { get; private set; }

    public string? ProbedFile { get; private set; }

    public string? JsonFile { get; private set; }

    public CoreLibrary CoreLibrary { get; private set; } = CoreLibrary.One;

    public int CodeBudget { get; private set; } = SizeRules.DefaultCodeBudget;

    public bool WarningsAreErrors { get; private set; }

    /// <exception cref="FormatException">The arguments are not as <see cref="Usage"/> says.</exception>
    public static Options Parse(IEnumerable<string> arguments)
    {
        var options = new Options();
        var queue = new Queue<string>(arguments);
        while (queue.TryDequeue(out string? argument))
        {
            switch (argument)
            {
                case "--warn-as-error": options.WarningsAreErrors = true; break;
                case "--native": options.Assemblies.Add((Value(argument), true)); break;
                case "--surface": options.SurfaceDirectory = Value(argument); break;
                case "--allow": options.AllowFile = Value(argument); break;
                case "--probed": options.ProbedFile = Value(argument); break;
                case "--json": options.JsonFile = Value(argument); break;
                case "--core-library":
                    options.CoreLibrary = Value(argument) switch
                    {
                        "1" => CoreLibrary.One,
                        "2" => CoreLibrary.Two,
                        _ => throw new FormatException("--core-library wants 1 or 2"),
                    };
                    break;
                case "--il-budget":
                    if (!int.TryParse(Value(argument), out int budget) || budget <= 0)
                    {
                        throw new FormatException("--il-budget wants a number of bytes");
                    }

                    options.CodeBudget = budget;
                    break;
                default:
                    if (argument.StartsWith('-'))
                    {
                        throw new FormatException($"unknown option {argument}");
                    }

                    options.Assemblies.Add((argument, false));
                    break;
            }
        }
        if (options.SurfaceDirectory.Length == 0)
        {
            throw new FormatException("--surface is missing");
        }

        return options.Assemblies.Count > 0 ? options : throw new FormatException("no assembly to check");

        string Value(string option)
            => queue.TryDequeue(out string? value) && !value.StartsWith('-') ? value : throw new FormatException($"{option} wants a value");
    }
}
