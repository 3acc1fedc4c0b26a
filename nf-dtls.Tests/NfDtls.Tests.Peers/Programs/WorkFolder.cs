using System;
using System.IO;

namespace NfDtls.Tests.Peers.Programs;

/// <summary>A folder for the files that programs want, gone after the test.</summary>
internal sealed class WorkFolder : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("nfdtls-peers-");

    internal string PathOf(string name)
    {
        return Path.Combine(_folder.FullName, name);
    }

    internal string Write(string name, string text)
    {
        File.WriteAllText(PathOf(name), text);
        return PathOf(name);
    }

    internal string Write(string name, byte[] bytes)
    {
        File.WriteAllBytes(PathOf(name), bytes);
        return PathOf(name);
    }

    public void Dispose()
    {
        _folder.Delete(true);
    }
}
