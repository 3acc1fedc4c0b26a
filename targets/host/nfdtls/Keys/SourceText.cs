using System;
using System.Text;

namespace NfDtls.Tool;

/// <summary>A class of C# that holds credentials, in what nanoFramework's compiler and CLR can do: no raw strings, no array that is there before it is asked for.</summary>
internal sealed class SourceText
{
    private const int BytesOfLine = 12;

    private readonly StringBuilder _members = new StringBuilder();

    /// <summary>A text as a constant.</summary>
    public SourceText Text(string name, string text)
    {
        _members.Append(_members.Length > 0 ? "\n" : "").Append($"    public const string {name} =\n");
        string[] lines = text.TrimEnd('\n').Split('\n');
        for (int i = 0; i < lines.Length; i++)
        {
            bool isLast = i == lines.Length - 1;
            _members.Append($"        \"{Escape(lines[i])}{(lines.Length > 1 ? "\\n" : "")}\"{(isLast ? ";" : " +")}\n");
        }

        return this;
    }

    /// <summary>Bytes as a method, so that they take memory only while they are used.</summary>
    public SourceText Bytes(string name, byte[] bytes)
    {
        _members.Append(_members.Length > 0 ? "\n" : "").Append($"    public static byte[] {name}()\n    {{\n        return new byte[]\n        {{\n");
        for (int i = 0; i < bytes.Length; i += BytesOfLine)
        {
            _members.Append("            ");
            for (int j = i; j < Math.Min(bytes.Length, i + BytesOfLine); j++)
            {
                _members.Append(j > i ? " " : "").Append($"0x{bytes[j]:x2},");
            }

            _members.Append('\n');
        }

        _members.Append("        };\n    }\n");
        return this;
    }

    public override string ToString()
    {
        return "// Made by nfdtls keygen. Whoever has this source has the key: keep it out of what is published.\ninternal static class Credentials\n{\n" + _members + "}\n";
    }

    private static string Escape(string text)
    {
        StringBuilder escaped = new StringBuilder();
        foreach (char c in text)
        {
            escaped.Append(c is '"' or '\\' ? "\\" + c : char.IsControl(c) ? $"\\u{(int)c:x4}" : c.ToString());
        }

        return escaped.ToString();
    }
}
