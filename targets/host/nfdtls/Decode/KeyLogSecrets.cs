using System;
using System.Collections.Generic;
using System.IO;

namespace NfDtls.Tool;

/// <summary>The secrets of a file in the form of SSLKEYLOGFILE, by label and the client's random. Lines of another form are left out.</summary>
internal sealed class KeyLogSecrets
{
    private const int MaxSecret = 64;

    private readonly Dictionary<string, byte[]> _secrets = [];

    public int Count
    {
        get { return _secrets.Count; }
    }

    public static KeyLogSecrets Read(string path)
    {
        try
        {
            KeyLogSecrets secrets = new KeyLogSecrets();
            foreach (string line in File.ReadLines(path))
            {
                secrets.Add(line);
            }

            return secrets.Count > 0 ? secrets
                : throw ToolException.Usage($"--keylog: {path} has no secrets: lines of a label, the client's random and a secret, both hexadecimal, are wanted, as `nfdtls client --keylog FILE` and SSLKEYLOGFILE write them.");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            throw ToolException.Usage($"--keylog cannot read {path}: {e.Message}");
        }
    }

    public void Add(string line)
    {
        string[] words = line.Split(' ', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        if (words.Length != 3 || words[1].Length != 64 || words[2].Length is 0 or > 2 * MaxSecret)
        {
            return;
        }

        try
        {
            Convert.FromHexString(words[1]);
            _secrets[Key(words[0], words[1].ToLowerInvariant())] = Convert.FromHexString(words[2]);
        }
        catch (FormatException)
        {
            // Not a secret.
        }
    }

    /// <summary>The secret of a label, or null.</summary>
    public byte[]? Find(string label, byte[] clientRandom)
    {
        return _secrets.GetValueOrDefault(Key(label, Convert.ToHexStringLower(clientRandom)));
    }

    private static string Key(string label, string random)
    {
        return label + " " + random;
    }
}
