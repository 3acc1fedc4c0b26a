using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using Mono.Cecil;
using NfDtls.Nano.Link;
using NfDtls.Nano.Link.Names;

namespace NfDtls.Ops;

/// <summary>
/// The work as a program of its own: this assembly once more, by another name and with one of <see cref="AllWork"/>'s methods as its
/// entry point; as it was compiled, or linked with what it uses.
/// </summary>
internal static class Board
{
    /// <summary>The program's name.</summary>
    internal const string Name = "NfDtls.Ops.Board";

    /// <summary>The program as compiled: it refers to the assemblies for boards.</summary>
    internal static byte[] Compile(string entry)
    {
        using AssemblyDefinition assembly = AssemblyDefinition.ReadAssembly(typeof(Board).Assembly.Location);
        assembly.Name.Name = Name;
        assembly.MainModule.Name = Name + ".dll";
        assembly.MainModule.EntryPoint = assembly.MainModule.GetType(typeof(AllWork).FullName).Methods.Single(method => method.Name == entry);
        using MemoryStream written = new();
        assembly.Write(written);
        return written.ToArray();
    }

    /// <summary>The program linked, with the full names of its methods.</summary>
    internal static (byte[] Image, NameMap Names) Link(string entry)
    {
        DirectoryInfo folder = Directory.CreateTempSubdirectory("nfdtls-ops-");
        try
        {
            string program = Path.Combine(folder.FullName, Name + ".dll");
            File.WriteAllBytes(program, Compile(entry));
            // A client and a server of DTLS 1.3 are more than a board's assembly may hold; a board has one of them.
            List<string> arguments = [program, "--out", Path.Combine(folder.FullName, "linked"), "--il-budget", "100000"];
            foreach (string file in References(program))
            {
                // What is linked stands apart: beside this program are libraries, too.
                arguments.Add(IsLinked(file) ? Path.Combine(folder.FullName, Path.GetFileName(file)) : file);
                if (IsLinked(file))
                {
                    File.Copy(file, arguments[^1]);
                }
                else
                {
                    arguments.AddRange(["--library", Path.GetDirectoryName(file)!]);
                }
            }

            List<string> linked = Linker.Link(Options.Parse(arguments));
            if (linked.Count > 1)
            {
                throw new InvalidOperationException($"{entry} is more than one assembly may hold.");
            }

            return (File.ReadAllBytes(linked[0]), NameMap.Load(Path.ChangeExtension(linked[0], ".names")));
        }
        finally
        {
            folder.Delete(true);
        }
    }

    /// <summary>What a program refers to, by way of others, too.</summary>
    private static IEnumerable<string> References(string program)
    {
        Dictionary<string, string> known = ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator)
            .GroupBy(Path.GetFileNameWithoutExtension).ToDictionary(group => group.Key!, group => group.First(), StringComparer.Ordinal);
        Dictionary<string, string> found = new(StringComparer.Ordinal);
        Add(program);
        return found.Values;

        void Add(string file)
        {
            using AssemblyDefinition assembly = AssemblyDefinition.ReadAssembly(file);
            foreach (AssemblyNameReference reference in assembly.MainModule.AssemblyReferences)
            {
                if (known.TryGetValue(reference.Name, out string? path) && found.TryAdd(reference.Name, path))
                {
                    Add(path);
                }
            }
        }
    }

    private static bool IsLinked(string file)
    {
        return Path.GetFileName(file).StartsWith("NfDtls", StringComparison.Ordinal);
    }
}
