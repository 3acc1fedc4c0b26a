using System;
using System.Collections.Generic;
using System.Globalization;

namespace NfDtls.Bench;

/// <summary>What the program is told.</summary>
internal sealed class CommandLine
{
    private const string Usage = """
        usage: ./build.sh bench [FILTER] [--json FILE] [--only NAME,...] [--rounds N] [--slice MS] [--warmth MS] [--core N] [--check] [--from FILE] [--document FILE]
        FILTER: rows (and counts) whose name has it in it, such as handshake/psk or /udp; several with commas
        --only: contestants: software, host, native, openssl-provider, blocking, async, async-inline, bouncycastle, openssl, mbedtls, wolfssl
        --from: results of an earlier run in place of a new one; --document: the page whose tables become these results
        --core: the core that all are pinned to, -1 for none; --check: every row once, and nothing is timed
        """;

    private string[] _filters = [];

    internal string? Json { get; private set; }

    /// <summary>Results of an earlier run, or null.</summary>
    internal string? From { get; private set; }

    internal string? Document { get; private set; }

    internal IReadOnlyCollection<string> Only { get; private set; } = [];

    internal bool IsCheck { get; private set; }

    internal Settings Settings { get; private set; } = new(9, 100, 1500, Environment.ProcessorCount - 1);

    /// <exception cref="ArgumentException">It is not understood; the message says how it is used.</exception>
    internal static CommandLine Parse(string[] arguments)
    {
        CommandLine line = new();
        for (int i = 0; i < arguments.Length; i++)
        {
            switch (arguments[i])
            {
                case "--check":
                    line.IsCheck = true;
                    break;
                case "--json":
                    line.Json = Next(arguments, ref i);
                    break;
                case "--from":
                    line.From = Next(arguments, ref i);
                    break;
                case "--document":
                    line.Document = Next(arguments, ref i);
                    break;
                case "--only":
                    line.Only = Next(arguments, ref i).Split(',');
                    break;
                case "--rounds":
                    line.Settings = line.Settings with { Rounds = Number(arguments, ref i, 1) };
                    break;
                case "--slice":
                    line.Settings = line.Settings with { Slice = Number(arguments, ref i, 1) };
                    break;
                case "--warmth":
                    line.Settings = line.Settings with { Warmth = Number(arguments, ref i, 0) };
                    break;
                case "--core":
                    line.Settings = line.Settings with { Core = Number(arguments, ref i, -1) };
                    break;
                default:
                    if (arguments[i].StartsWith('-') || line._filters.Length > 0)
                    {
                        throw new ArgumentException(Usage);
                    }

                    line._filters = arguments[i].Split(',');
                    break;
            }
        }

        return line;
    }

    /// <summary>Whether a row or a count of this name is wanted.</summary>
    internal bool Wants(string name)
    {
        return _filters.Length == 0 || Array.Exists(_filters, filter => name.Contains(filter, StringComparison.Ordinal));
    }

    private static string Next(string[] arguments, ref int i)
    {
        return ++i < arguments.Length ? arguments[i] : throw new ArgumentException(Usage);
    }

    private static int Number(string[] arguments, ref int i, int least)
    {
        return int.TryParse(Next(arguments, ref i), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out int value) && value >= least ? value : throw new ArgumentException(Usage);
    }
}
