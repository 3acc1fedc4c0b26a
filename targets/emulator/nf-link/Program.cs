using NfDtls.Nano.Link;
using NfDtls.Nano.Link.Names;
using NfDtls.Nano.Link.Sizes;

try
{
    switch (args)
    {
        case ["explain", string map]:
            Explain(map, Console.In);
            return 0;
        case ["explain", string map, string file]:
            using (StreamReader reader = File.OpenText(file))
            {
                Explain(map, reader);
            }

            return 0;
        case ["sizes", .. string[] files] when files.Length > 0:
            PeFile.Print(Console.Out, [.. files.Select(path => new PeFile(Path.GetFileNameWithoutExtension(path), File.ReadAllBytes(path)))]);
            return 0;
        default:
            Linker.Link(Options.Parse(args)).ForEach(Console.WriteLine);
            return 0;
    }
}
catch (FormatException e)
{
    Console.Error.WriteLine($"nf-link: {e.Message}\n\n{Options.Usage}");
    return 2;
}
catch (Exception e) when (e is LinkException or IOException or UnauthorizedAccessException)
{
    Console.Error.WriteLine("nf-link: " + e.Message);
    return 1;
}

static void Explain(string map, TextReader lines)
{
    NameMap names = NameMap.Load(map);
    while (lines.ReadLine() is { } line)
    {
        Console.WriteLine(names.Explain(line));
    }
}
