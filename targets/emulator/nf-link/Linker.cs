using Mono.Cecil;
using NfDtls.Nano.Link.Emit;
using NfDtls.Nano.Link.Names;
using NfDtls.Nano.Link.Reach;

namespace NfDtls.Nano.Link;

/// <summary>Links a program: what it reaches, in few assemblies with short names.</summary>
internal static class Linker
{
    /// <summary>Links and writes the files; returns the paths of the assemblies, the program's own last.</summary>
    /// <exception cref="LinkException">The program cannot be linked.</exception>
    public static List<string> Link(Options options)
    {
        using LoadedProgram program = LoadedProgram.Open(options.Program, options.References, path => options.Libraries.Any(library => Path.GetFullPath(path).StartsWith(library + Path.DirectorySeparatorChar, StringComparison.Ordinal)));
        Reachability reached = new(program, options.Kept);
        HashSet<TypeDefinition> numbers = [];
        ShortNames names = new(program, reached);
        List<AssemblyDefinition> output = Emitter.Emit(program, reached, names, numbers, options.CodeBudget);
        Directory.CreateDirectory(options.Output);
        List<string> paths = [];
        foreach (AssemblyDefinition assembly in output)
        {
            string path = Path.Combine(options.Output, assembly.Name.Name + (assembly == output[^1] ? Path.GetExtension(options.Program) : ".dll"));
            assembly.Write(path);
            paths.Add(path);
        }

        string name = Path.Combine(options.Output, program.Main.Name.Name);
        new NameMap(reached, names).Save(name + ".names");
        HashSet<string> files = [.. options.References];
        IEnumerable<string> libraries = program.Closure(output.SelectMany(assembly => assembly.MainModule.AssemblyReferences))
            .Select(library => options.References.First(path => Path.GetFileNameWithoutExtension(path) == library.Name.Name));
        File.WriteAllLines(name + ".references", libraries.Concat(paths.SkipLast(1)));
        return paths;
    }
}
