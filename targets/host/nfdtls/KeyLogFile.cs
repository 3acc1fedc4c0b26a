using System;
using System.IO;
using System.Text;

namespace NfDtls.Tool;

/// <summary>Appends secrets to a file in the form of SSLKEYLOGFILE.</summary>
internal sealed class KeyLogFile : KeyLog
{
    private readonly FileStream _file;

    public KeyLogFile(string path)
    {
        FileStreamOptions options = new FileStreamOptions
        {
            Mode = FileMode.Append,
            Access = FileAccess.Write,
            Share = FileShare.ReadWrite | FileShare.Delete,
            BufferSize = 0,
        };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        try
        {
            _file = new FileStream(path, options);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            throw ToolException.Usage($"--keylog cannot write to {path}: {e.Message}");
        }
    }

    public override void Write(byte[] clientRandom, byte[] masterSecret)
    {
        Write("CLIENT_RANDOM", clientRandom, masterSecret);
    }

    public override void Write(string label, byte[] clientRandom, byte[] secret)
    {
        // One write, so that lines of several processes do not mix.
        string line = $"{label} {Convert.ToHexStringLower(clientRandom, 0, 32)} {Convert.ToHexStringLower(secret)}\n";
        lock (_file)
        {
            _file.Write(Encoding.ASCII.GetBytes(line));
        }
    }
}
