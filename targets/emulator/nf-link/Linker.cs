using Mono.Cecil;
using NfDtls.Nano.Link.Emit;
using NfDtls.Nano.Link.Names;
using NfDtls.Nano.Link.Reach;
using NfDtls.Nano.Link.Simplify;

namespace NfDtls.Nano.Link;

/// <summary>Links a program: what it reaches, in few assemblies with short names.</summary>
internal static class Linker
{
    /// <summary>Links and writes the files; returns the paths of the assemblies, the program's own last.</summary>
    /// <exception cref="LinkException">The program cannot be linked.</exception>
    public static List<string> Link(Options options)
    {
        return Link(options, isOne: true) ?? Link(options, isOne: false)!;
    }

    /// <summary>
    /// Links into one assembly, or null where that would be too large; or into more, where code may call directly only what its own
    /// assembly could refer to before.
    /// </summary>
    private static List<string>? Link(Options options, bool isOne)
    {
        using LoadedProgram program = LoadedProgram.Open(options.Program, options.References, path => options.Libraries.Any(library => IsBelow(path, library)));
        Reachability reached = new(program, options.Kept);
        while (!options.IsPlain && (Devirtualizer.Run(program, reached, isOne) | Inliner.Run(program, reached) | Folding.Run(program, reached) || Substitution.Run(program, reached)))
        {
            reached = new Reachability(program, options.Kept);
        }

        List<List<AssemblyDefinition>> shares = Emitter.Shares(program, reached, options.CodeBudget);
        if (isOne && shares.Count > 1)
        {
            return null;
        }

        HashSet<TypeDefinition> numbers = options.IsPlain ? [] : Numbers.Find(program, reached);
        ShortNames names = new(program, reached);
        List<AssemblyDefinition> output = new Emitter(program, reached, names, numbers).Emit(shares);
        return Write(options, program, output, new NameMap(reached, names));
    }

    private static List<string> Write(Options options, LoadedProgram program, List<AssemblyDefinition> output, NameMap names)
    {
        Directory.CreateDirectory(options.Output);
        List<string> paths = [];
        foreach (AssemblyDefinition assembly in output)
        {
            string path = Path.Combine(options.Output, assembly.Name.Name + (assembly == output[^1] ? Path.GetExtension(options.Program) : ".dll"));
            assembly.Write(path);
            paths.Add(path);
        }

        string name = Path.Combine(options.Output, program.Main.Name.Name);
        names.Save(name + ".names");
        IEnumerable<string> libraries = program.Closure(output.SelectMany(assembly => assembly.MainModule.AssemblyReferences))
            .Select(library => options.References.First(path => Path.GetFileNameWithoutExtension(path) == library.Name.Name));
        File.WriteAllLines(name + ".references", libraries.Concat(paths.SkipLast(1)));
        return paths;
    }

    private static bool IsBelow(string path, string folder)
    {
        return Path.GetFullPath(path).StartsWith(folder + Path.DirectorySeparatorChar, StringComparison.Ordinal);
    }
}
