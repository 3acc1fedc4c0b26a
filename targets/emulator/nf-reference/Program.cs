using NfDtls.Nano.Reference;
using NfDtls.Nano.Surface;

const string usage = """
    nf-reference [--no-generics] --surface DIR OUTDIR
      Writes reference assemblies (signatures only) for every class library in DIR to OUTDIR.
      --no-generics   leaves out the few generic delegates: they compile, but no program that uses them starts on a device
      --surface DIR   the class libraries' surface files, or the libraries
    """;

string? surfaceDirectory = null;
string? outputDirectory = null;
bool withGenerics = true;
for (int i = 0; i < args.Length; i++)
{
    if (args[i] == "--no-generics")
    {
        withGenerics = false;
    }
    else if (args[i] == "--surface" && i + 1 < args.Length)
    {
        surfaceDirectory = args[++i];
    }
    else if (outputDirectory is null && !args[i].StartsWith('-'))
    {
        outputDirectory = args[i];
    }
    else
    {
        return Fail(usage, 2);
    }
}
if (outputDirectory is null || surfaceDirectory is null)
{
    return Fail(usage, 2);
}

try
{
    var surfaces = SurfaceSet.Load(surfaceDirectory);
    Directory.CreateDirectory(outputDirectory);
    foreach (AssemblySurface assembly in surfaces.Assemblies)
    {
        if (!withGenerics)
        {
            assembly.Types.RemoveAll(t => t.TypeParameters.Count > 0);
        }

        byte[] image = new ReferenceAssemblyBuilder(assembly, surfaces).Build();
        WriteIfChanged(Path.Combine(outputDirectory, assembly.Name + ".dll"), image);
    }
    Console.WriteLine($"{surfaces.Assemblies.Count} reference assemblies in {outputDirectory}");
    return 0;
}
catch (Exception e) when (e is IOException or FormatException or InvalidOperationException)
{
    return Fail("nf-reference: " + e.Message, 1);
}

// An untouched file keeps its time stamp, so that incremental builds stay incremental.
static void WriteIfChanged(string path, byte[] image)
{
    if (!File.Exists(path) || !File.ReadAllBytes(path).AsSpan().SequenceEqual(image))
    {
        File.WriteAllBytes(path, image);
    }
}

static int Fail(string message, int exitCode)
{
    Console.Error.WriteLine(message);
    return exitCode;
}
