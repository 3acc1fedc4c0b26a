using System;
using System.Collections.Generic;
using System.IO;
using System.Reflection;
using System.Runtime.Loader;

namespace NfDtls.Ops;

/// <summary>Loads a program, and the assemblies for boards that it refers to, with counters in them.</summary>
internal sealed class MeteredContext : AssemblyLoadContext
{
    private readonly Instrumenter _instrumenter;
    private readonly Dictionary<string, Assembly> _loaded = [];

    internal MeteredContext(MethodNames names)
        : base("metered", true)
    {
        _instrumenter = new Instrumenter(names);
    }

    internal IReadOnlyList<string> Methods => _instrumenter.Methods;

    /// <summary>The program from its image, with counters in it, too.</summary>
    internal Assembly LoadProgram(byte[] image)
    {
        using MemoryStream metered = new(_instrumenter.Instrument(image));
        return LoadFromStream(metered);
    }

    protected override Assembly? Load(AssemblyName assemblyName)
    {
        // This program itself is one and has the meter.
        string name = assemblyName.Name!;
        if (!name.StartsWith("NfDtls", StringComparison.Ordinal) || name == typeof(Meter).Assembly.GetName().Name)
        {
            return null;
        }

        if (!_loaded.TryGetValue(name, out Assembly? assembly))
        {
            using MemoryStream image = new(_instrumenter.Instrument(File.ReadAllBytes(Path.Combine(AppContext.BaseDirectory, name + ".dll"))));
            assembly = LoadFromStream(image);
            _loaded.Add(name, assembly);
        }

        return assembly;
    }
}
