using Mono.Cecil;

namespace NfDtls.Nano.Link;

/// <summary>
/// A program's assemblies in memory: those that are linked, and those that stay as they are: class libraries, and whatever holds
/// extern methods, since the firmware knows these by the checksum over their names and order.
/// </summary>
internal sealed class LoadedProgram : IDisposable
{
    private readonly Dictionary<string, AssemblyDefinition> _byName = new(StringComparer.Ordinal);
    private readonly HashSet<ModuleDefinition> _linked = [];

    private LoadedProgram(AssemblyDefinition main)
    {
        Main = main;
    }

    /// <summary>The assembly with the entry point.</summary>
    public AssemblyDefinition Main { get; }

    /// <summary>The assemblies that are linked: what an assembly refers to comes before it, the program's own last.</summary>
    public List<AssemblyDefinition> Linked { get; } = [];

    /// <param name="program">The assembly with the entry point.</param>
    /// <param name="references">What it refers to, directly or by way of others, as files.</param>
    /// <param name="isLibrary">Tells by a file's path which stay as they are.</param>
    /// <exception cref="LinkException">There is no entry point, or an assembly is missing.</exception>
    public static LoadedProgram Open(string program, IEnumerable<string> references, Func<string, bool> isLibrary)
    {
        Resolver resolver = new();
        AssemblyDefinition main = Read(program, resolver);
        LoadedProgram loaded = new(main);
        resolver.Program = loaded;
        loaded._byName.Add(main.Name.Name, main);
        Dictionary<string, bool> kept = new(StringComparer.Ordinal);
        foreach (string path in references)
        {
            AssemblyDefinition assembly = Read(path, resolver);
            if (loaded._byName.TryAdd(assembly.Name.Name, assembly))
            {
                kept.Add(assembly.Name.Name, isLibrary(path) || HasNatives(assembly));
            }
        }

        if (main.EntryPoint is null)
        {
            throw new LinkException($"{program} has no entry point: only a program can be linked, since only there is known what is used");
        }

        loaded.Arrange(main, kept, []);
        return loaded;
    }

    /// <summary>Whether a member or type belongs to an assembly that is linked.</summary>
    public bool IsLinked(MemberReference definition)
    {
        return _linked.Contains(definition.Module);
    }

    /// <summary>The place of a member's assembly in <see cref="Linked"/>.</summary>
    public int Order(MemberReference definition)
    {
        return Linked.FindIndex(assembly => assembly.MainModule == definition.Module);
    }

    public void Dispose()
    {
        foreach (AssemblyDefinition assembly in _byName.Values)
        {
            assembly.Dispose();
        }
    }

    /// <summary>The named assemblies that stay, with what they refer to, in the order of loading.</summary>
    public List<AssemblyDefinition> Closure(IEnumerable<AssemblyNameReference> references)
    {
        List<AssemblyDefinition> found = [];
        foreach (AssemblyNameReference reference in references)
        {
            Add(reference);
        }

        return found;

        void Add(AssemblyNameReference reference)
        {
            if (_byName.TryGetValue(reference.Name, out AssemblyDefinition? assembly) && !found.Contains(assembly))
            {
                foreach (AssemblyNameReference next in assembly.MainModule.AssemblyReferences)
                {
                    Add(next);
                }

                found.Add(assembly);
            }
        }
    }

    private static AssemblyDefinition Read(string path, IAssemblyResolver resolver)
    {
        try
        {
            return AssemblyDefinition.ReadAssembly(path, new ReaderParameters { AssemblyResolver = resolver, InMemory = true });
        }
        catch (Exception e) when (e is IOException or BadImageFormatException or UnauthorizedAccessException)
        {
            throw new LinkException($"{path}: {e.Message}");
        }
    }

    private static bool HasNatives(AssemblyDefinition assembly)
    {
        return assembly.MainModule.GetTypes().SelectMany(type => type.Methods).Any(method => method.IsInternalCall || method.IsPInvokeImpl);
    }

    private void Arrange(AssemblyDefinition assembly, Dictionary<string, bool> kept, HashSet<string> seen)
    {
        if (!seen.Add(assembly.Name.Name) || kept.GetValueOrDefault(assembly.Name.Name))
        {
            return;
        }

        foreach (AssemblyNameReference reference in assembly.MainModule.AssemblyReferences)
        {
            if (!_byName.TryGetValue(reference.Name, out AssemblyDefinition? next))
            {
                throw new LinkException($"{assembly.Name.Name} refers to {reference.Name}, which is not among the references");
            }

            Arrange(next, kept, seen);
        }

        if (assembly.MainModule.HasResources)
        {
            throw new LinkException($"{assembly.Name.Name} has embedded resources ({assembly.MainModule.Resources[0].Name}), which a linked program has none of: put them into an assembly below --library, which stays as it is");
        }

        Linked.Add(assembly);
        _linked.Add(assembly.MainModule);
    }

    private sealed class Resolver : IAssemblyResolver
    {
        public LoadedProgram? Program { get; set; }

        public AssemblyDefinition Resolve(AssemblyNameReference name)
        {
            return Program!._byName.TryGetValue(name.Name, out AssemblyDefinition? assembly)
                ? assembly
                : throw new LinkException($"{name.Name} is not among the references");
        }

        public AssemblyDefinition Resolve(AssemblyNameReference name, ReaderParameters parameters)
        {
            return Resolve(name);
        }

        public void Dispose()
        {
        }
    }
}
