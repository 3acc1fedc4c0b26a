using System;
using System.Collections.Generic;
using System.IO;
using System.Reflection;
using System.Runtime.Loader;

namespace NfDtls.Ops;

/// <summary>Loads the assemblies for boards with counters in them, and this program once more, which uses those.</summary>
internal sealed class MeteredContext : AssemblyLoadContext
{
    private readonly string _folder = AppContext.BaseDirectory;
    private readonly Instrumenter _instrumenter = new();
    private readonly Dictionary<string, Assembly> _loaded = [];

    internal MeteredContext()
        : base("metered")
    {
    }

    internal IReadOnlyList<string> Methods => _instrumenter.Methods;

    /// <summary>The counterpart of a type of this program's.</summary>
    internal Type Find(Type type)
    {
        return LoadFromAssemblyName(type.Assembly.GetName()).GetType(type.FullName!, true)!;
    }

    protected override Assembly? Load(AssemblyName assemblyName)
    {
        string name = assemblyName.Name!;
        if (!name.StartsWith("NfDtls", StringComparison.Ordinal))
        {
            return null;
        }

        if (!_loaded.TryGetValue(name, out Assembly? assembly))
        {
            string file = Path.Combine(_folder, name + ".dll");
            bool isOwn = name == typeof(MeteredContext).Assembly.GetName().Name;
            using MemoryStream image = new(isOwn ? File.ReadAllBytes(file) : _instrumenter.Instrument(file));
            assembly = LoadFromStream(image);
            _loaded.Add(name, assembly);
        }

        return assembly;
    }
}
