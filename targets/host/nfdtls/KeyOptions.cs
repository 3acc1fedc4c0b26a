using System;
using System.CommandLine;
using System.IO;
using System.Text;

namespace NfDtls.Tool;

/// <summary>The options of a pre-shared key. On a command line every user of the machine can read it; in a file or a variable not.</summary>
internal sealed class KeyOptions
{
    private readonly Option<string?> _psk = new("--psk") { HelpName = "HEX", Description = "The pre-shared key, 1 to 64 bytes." };
    private readonly Option<string?> _pskFile = new("--psk-file") { HelpName = "FILE", Description = "A file with the pre-shared key in hexadecimal, in place of --psk." };
    private readonly Option<string?> _pskEnv = new("--psk-env") { HelpName = "NAME", Description = "An environment variable with the pre-shared key in hexadecimal, in place of --psk." };
    private readonly Option<string?> _identity = new("--identity") { HelpName = "NAME", Description = "The key's identity, at most 128 bytes of UTF-8." };
    private readonly Option<string?> _identityHex = new("--identity-hex") { HelpName = "HEX", Description = "The key's identity as bytes, where it is no text." };
    private readonly Option<string?> _hint = new("--hint") { HelpName = "TEXT", Description = "The identity hint: a server sends it, a client prefers the key for it." };

    public void AddTo(Command command)
    {
        foreach (Option option in new Option[] { _psk, _pskFile, _pskEnv, _identity, _identityHex, _hint })
        {
            command.Options.Add(option);
        }
    }

    /// <summary>The key, or null for none.</summary>
    public byte[]? Key(ParseResult result)
    {
        string? text = result.GetValue(_psk);
        string? file = result.GetValue(_pskFile);
        string? variable = result.GetValue(_pskEnv);
        if ((text == null ? 0 : 1) + (file == null ? 0 : 1) + (variable == null ? 0 : 1) > 1)
        {
            throw ToolException.Usage("One key is enough: give one of --psk, --psk-file and --psk-env.");
        }

        byte[]? key = text != null ? Hex.Parse(text, "--psk")
            : file != null ? Hex.Parse(ReadFile(file), $"The key in {file} (--psk-file)")
            : variable != null ? Hex.Parse(ReadVariable(variable), $"The key in the variable {variable} (--psk-env)")
            : null;
        if ((key == null) != (Identity(result) == null))
        {
            throw ToolException.Usage("A pre-shared key goes with its identity: give both, --psk HEX (or --psk-file, --psk-env) and --identity NAME (or --identity-hex HEX).");
        }

        return key;
    }

    /// <summary>The key's identity, or null for none.</summary>
    public byte[]? Identity(ParseResult result)
    {
        string? text = result.GetValue(_identity);
        string? hex = result.GetValue(_identityHex);
        if (text != null && hex != null)
        {
            throw ToolException.Usage("A key has one identity: give --identity NAME or --identity-hex HEX, not both.");
        }

        return hex != null ? Hex.Parse(hex, "--identity-hex") : text != null ? Encoding.UTF8.GetBytes(text) : null;
    }

    public string? Hint(ParseResult result)
    {
        return result.GetValue(_hint);
    }

    private static string ReadFile(string file)
    {
        try
        {
            return File.ReadAllText(file);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException)
        {
            throw ToolException.Usage($"--psk-file {file} cannot be read: {e.Message}");
        }
    }

    private static string ReadVariable(string variable)
    {
        return Environment.GetEnvironmentVariable(variable) ?? throw ToolException.Usage($"--psk-env names {variable}, and there is no such environment variable.");
    }
}
