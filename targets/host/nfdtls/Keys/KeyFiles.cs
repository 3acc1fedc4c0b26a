using System;
using System.IO;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace NfDtls.Tool;

/// <summary>Writes files of keys, secret ones for their owner alone, and none over another unless that is wanted.</summary>
internal sealed class KeyFiles
{
    private readonly bool _replaces;

    public KeyFiles(bool replaces)
    {
        _replaces = replaces;
    }

    public void Write(string path, string text, bool isSecret)
    {
        if (File.Exists(path) && !_replaces)
        {
            throw ToolException.Usage($"{path} is there already; --force replaces it.");
        }

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
}
