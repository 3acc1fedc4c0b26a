using System.Diagnostics.CodeAnalysis;

namespace NfDtls.Nano.Surface;

/// <summary>The surface of every class library in a folder, with look-up of types and members by name.</summary>
public sealed class SurfaceSet
{
    private readonly Dictionary<string, Dictionary<string, TypeSurface>> _types = [];

    private SurfaceSet(List<AssemblySurface> assemblies)
    {
        Assemblies = assemblies;
        foreach (var assembly in assemblies)
        {
            _types[assembly.Name] = assembly.Types.ToDictionary(t => t.Name);
        }
    }

    public IReadOnlyList<AssemblySurface> Assemblies { get; }

    /// <summary>Reads a folder of surface files (.txt), or where it has none of assemblies (.dll), such as nanoFramework's own.</summary>
    public static SurfaceSet Load(string directory)
    {
        if (!Directory.Exists(directory))
        {
            throw new DirectoryNotFoundException($"no surface folder {directory}");
        }

        var files = Directory.GetFiles(directory, "*.txt").Order(StringComparer.Ordinal).ToArray();
        if (files.Length > 0)
        {
            return new SurfaceSet([.. files.Select(SurfaceReader.ReadFile)]);
        }

        var assemblies = Directory.GetFiles(directory, "*.dll").Order(StringComparer.Ordinal).ToArray();
        if (assemblies.Length == 0)
        {
            throw new FileNotFoundException($"{directory} has neither surface files nor assemblies");
        }

        return new SurfaceSet([.. assemblies.Select(SurfaceExtractor.ReadFile)]);
    }

    public AssemblySurface? Find(string assembly) => Assemblies.FirstOrDefault(a => a.Name == assembly);

    public bool TryGetType(string assembly, string type, [NotNullWhen(true)] out TypeSurface? found)
    {
        found = null;
        return _types.TryGetValue(assembly, out var types) && types.TryGetValue(type, out found);
    }

    /// <summary>Finds a type that is visible from an assembly: its own types come before those of its references.</summary>
    public (string Assembly, TypeSurface Type)? Resolve(AssemblySurface from, string type)
    {
        foreach (string assembly in from.References.Select(r => r.Name).Prepend(from.Name))
        {
            if (TryGetType(assembly, type, out var found))
            {
                return (assembly, found);
            }
        }
        return null;
    }
}
