using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;

namespace NfDtls.Bench;

/// <summary>
/// Packages of a newer Debian that the tests of NfDtls.Tests.Peers have unpacked below artifacts/strangers, with the C library that
/// they were made for; how a program is compiled and linked that runs with these libraries and with no other.
/// </summary>
internal sealed class UnpackedPackages
{
    private readonly string _root;

    internal UnpackedPackages(string folder)
    {
        _root = Path.Combine(folder, "root");
    }

    /// <summary>Where the headers are.</summary>
    internal string Include
    {
        get { return Path.Combine(_root, "usr", "include"); }
    }

    /// <summary>What loads a program made for these libraries, from their folder.</summary>
    internal string Loader
    {
        get
        {
            return Directory.GetFiles(Path.Combine(_root, "usr", "lib"), "ld-linux*.so.*", SearchOption.AllDirectories)
                .Where(path => File.Exists(Path.Combine(Path.GetDirectoryName(path)!, "libc.so.6")))
                .Order(StringComparer.Ordinal)
                .First();
        }
    }

    /// <summary>Where the libraries are.</summary>
    internal string Libraries
    {
        get { return Path.GetDirectoryName(Loader)!; }
    }

    /// <summary>Where packages are unpacked to, by who runs in this folder or one below it.</summary>
    internal static string Folder
    {
        get { return Path.Combine(Artifacts(), "strangers"); }
    }

    /// <summary>A package that has been unpacked, of whichever suite; null where none has been.</summary>
    internal static UnpackedPackages? Find(string package)
    {
        string? folder = !Directory.Exists(Folder) ? null
            : Directory.GetDirectories(Folder, package + "-*").Order(StringComparer.Ordinal).FirstOrDefault(one => File.Exists(Path.Combine(one, "found.txt")));
        return folder == null ? null : new UnpackedPackages(folder);
    }

    /// <summary>What gcc is told behind the source. The machine's linker does not know the C library that the others want; the program names where all of it is.</summary>
    internal IEnumerable<string> CompilerArguments(params IEnumerable<string> libraries)
    {
        string folder = Libraries;
        return
        [
            "-I" + Include, "-L" + folder, .. libraries.Select(library => "-l" + library), "-Wl,--allow-shlib-undefined", "-Wl,--disable-new-dtags",
            "-Wl,-rpath," + folder, "-Wl,--dynamic-linker=" + Loader,
        ];
    }

    private static string Artifacts()
    {
        for (DirectoryInfo? folder = new(AppContext.BaseDirectory); folder != null; folder = folder.Parent)
        {
            if (folder.Name == "artifacts")
            {
                return folder.FullName;
            }
        }

        return AppContext.BaseDirectory;
    }
}
