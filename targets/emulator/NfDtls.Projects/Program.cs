using System;
using System.IO;

namespace NfDtls.Projects;

/// <summary>`NfDtls.Projects ROOT` writes the files that are missing or old; with `--check` it only names them, and fails.</summary>
internal static class Program
{
    private static int Main(string[] arguments)
    {
        bool check = arguments.Length == 2 && arguments[1] == "--check";
        if (arguments.Length != 1 && !check)
        {
            Console.Error.WriteLine("usage: NfDtls.Projects ROOT [--check]");
            return 2;
        }

        int old = 0;
        foreach ((string path, string text) in new Repository(arguments[0]).Files())
        {
            if (File.Exists(path) && File.ReadAllText(path) == text)
            {
                continue;
            }

            old++;
            Console.WriteLine((check ? "old: " : "written: ") + path);
            if (!check)
            {
                Directory.CreateDirectory(Path.GetDirectoryName(path)!);
                File.WriteAllText(path, text);
            }
        }

        return check && old > 0 ? 1 : 0;
    }
}
