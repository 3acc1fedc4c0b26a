using System;
using System.IO;
using System.Runtime.CompilerServices;

namespace NfDtls.Tests.Projects;

/// <summary>The repository that the tests were built from.</summary>
internal static class Place
{
    internal static string Root { get; } = Path.GetFullPath(Path.Combine(Path.GetDirectoryName(This())!, "..", ".."));

    internal static string In(string path)
    {
        return Path.Combine(Root, path);
    }

    private static string This([CallerFilePath] string path = "")
    {
        return path.Length > 0 ? path : throw new InvalidOperationException("The compiler did not say where this file lies.");
    }
}
