using System;
using System.Collections.Generic;
using System.IO;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace NfDtls.Tool;

/// <summary>Writes files of keys, secret ones for their owner alone, and none over another unless that is wanted.</summary>
internal sealed class KeyFiles
{
    private readonly bool _replaces;
    private readonly List<(string Path, string Text, bool IsSecret)> _files = [];

    public KeyFiles(bool replaces)
    {
        _replaces = replaces;
    }

    public void Add(string path, string text, bool isSecret)
    {
        _files.Add((path, text, isSecret));
    }

    /// <summary>Writes what was added: all of it, or none where one is there already, as a new key beside an old certificate is good for nothing.</summary>
    public void Write()
    {
        foreach ((string path, _, _) in _files)
        {
            if (Path.Exists(path) && !_replaces)
            {
                throw ToolException.Usage($"{path} is there already; --force replaces it.");
            }
        }

        foreach ((string path, string text, bool isSecret) in _files)
        {
            Write(path, text, isSecret);
        }
    }

    /// <summary>The certificate of an authority with its private key.</summary>
    public X509Certificate2 Authority(string prefix)
    {
        try
        {
            X509Certificate2 authority = X509Certificate2.CreateFromPemFile(prefix + ".pem", prefix + ".key");
            foreach (X509Extension extension in authority.Extensions)
            {
                if (extension is X509BasicConstraintsExtension { CertificateAuthority: true })
                {
                    return authority;
                }
            }

            authority.Dispose();
            throw ToolException.Usage($"--ca: {prefix}.pem is no authority's certificate: it may not issue others.");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or CryptographicException or ArgumentException)
        {
            throw ToolException.Usage($"--ca: {prefix}.pem with {prefix}.key cannot be read: {e.Message}");
        }
    }

    private static void Write(string path, string text, bool isSecret)
    {
        try
        {
            // A new file, since one that is there keeps the rights that it has.
            File.Delete(path);
            FileStreamOptions options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
            if (isSecret && !OperatingSystem.IsWindows())
            {
                options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
            }

            using StreamWriter writer = new StreamWriter(path, options);
            writer.Write(text);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            throw ToolException.Usage($"{path} cannot be written: {e.Message}");
        }
    }
}
