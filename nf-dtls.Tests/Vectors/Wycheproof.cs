using System;
using System.IO;
using System.Runtime.CompilerServices;
using System.Text.Json;
using Microsoft.VisualStudio.TestTools.UnitTesting;

namespace NfDtls.Tests.Vectors;

/// <summary>The vectors of Project Wycheproof, where the test data is at hand.</summary>
internal static class Wycheproof
{
    /// <summary>A file of vectors, or the end of the test as inconclusive.</summary>
    internal static JsonDocument Load(string name)
    {
        string path = Path.Combine(FindData(), "vectors", "wycheproof", name + "_test.json");
        if (!File.Exists(path))
        {
            Assert.Inconclusive("There are no Wycheproof vectors: name the folder that holds vectors/wycheproof in NFDTLS_TEST_DATA.");
        }

        return JsonDocument.Parse(File.ReadAllText(path));
    }

    /// <summary>The bytes that stand in a case or a key as hexadecimal digits.</summary>
    internal static byte[] Bytes(JsonElement element, string name)
    {
        return Convert.FromHexString(element.GetProperty(name).GetString()!);
    }

    private static string FindData()
    {
        string? named = Environment.GetEnvironmentVariable("NFDTLS_TEST_DATA");
        if (!string.IsNullOrEmpty(named))
        {
            return named;
        }

        // Upwards from the tests' binaries, and where those are built elsewhere, from the source file.
        foreach (string start in new[] { AppContext.BaseDirectory, SourceFolder() })
        {
            for (string? folder = start; folder != null; folder = Path.GetDirectoryName(folder))
            {
                if (File.Exists(Path.Combine(folder, "Directory.Packages.props")))
                {
                    return Path.Combine(folder, "..", "shared");
                }
            }
        }

        return "";
    }

    private static string SourceFolder([CallerFilePath] string path = "")
    {
        return Path.GetDirectoryName(path) ?? "";
    }
}
