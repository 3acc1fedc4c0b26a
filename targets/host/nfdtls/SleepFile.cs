using System;
using System.IO;
using System.Security.Cryptography;
using NfDtls.Extensions;
using NfDtls.Sockets;

namespace NfDtls.Tool;

/// <summary>
/// --export FILE and --import FILE: a connection that outlives the process. The file has the key that the connection is sealed under, the
/// port that it came from, and the connection.
/// </summary>
internal sealed class SleepFile
{
    private const int KeyLength = 16;
    private const int PortLength = 2;

    private readonly string? _exportPath;
    private readonly string? _importPath;
    private readonly byte[] _imported;

    public SleepFile(string? exportPath, string? importPath)
    {
        _exportPath = exportPath;
        _importPath = importPath;
        _imported = importPath == null ? [] : Read(importPath);
    }

    public bool Exports => _exportPath != null;

    public bool Imports => _importPath != null;

    /// <summary>The port that an imported connection came from; 0 for any.</summary>
    public int Port => Imports ? (_imported[KeyLength] << 8) | _imported[KeyLength + 1] : 0;

    /// <summary>Goes on with the connection of the file, which is then no more: nobody can go on with it twice.</summary>
    public void Import(DtlsClient client, System.Net.IPEndPoint server)
    {
        byte[] saved = _imported[(KeyLength + PortLength)..];
        try
        {
            client.Import(server, _imported[..KeyLength], saved, 0, saved.Length, 0);
            File.Delete(_importPath!);
        }
        catch (Exception e) when (e is ArgumentException or DtlsException or IOException or UnauthorizedAccessException)
        {
            throw new ToolException(ExitCode.HandshakeFailed, $"--import {_importPath}: {e.Message.Split(" (Parameter")[0]}");
        }

        client.SavedIsGone();
    }

    /// <summary>Saves the connection, which ends here without a word to the server. Returns the file's path.</summary>
    public string Export(DtlsClient client)
    {
        byte[] file = new byte[KeyLength + PortLength + (2 * DurableAssociations.UsualLength)];
        byte[] key = RandomNumberGenerator.GetBytes(KeyLength);
        int port = client.LocalPort;
        key.CopyTo(file, 0);
        file[KeyLength] = (byte)(port >> 8);
        file[KeyLength + 1] = (byte)port;
        try
        {
            int length = client.Export(key, file, KeyLength + PortLength);
            Write(file.AsSpan(0, KeyLength + PortLength + length));
        }
        catch (Exception e) when (e is DtlsException or IOException or UnauthorizedAccessException)
        {
            throw new ToolException(ExitCode.Unclean, $"--export {_exportPath}: {e.Message}");
        }

        return _exportPath!;
    }

    private static byte[] Read(string path)
    {
        byte[] file;
        try
        {
            file = File.ReadAllBytes(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            throw ToolException.Usage($"--import {path} cannot be read: {e.Message}");
        }

        return file.Length > KeyLength + PortLength ? file : throw ToolException.Usage($"--import {path}: this is no saved connection.");
    }

    /// <summary>For the user's own eyes: it is as good as the keys.</summary>
    private void Write(ReadOnlySpan<byte> bytes)
    {
        FileStreamOptions options = new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        using FileStream file = new FileStream(_exportPath!, options);
        file.Write(bytes);
    }
}
