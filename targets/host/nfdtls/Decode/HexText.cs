using System;
using System.Collections.Generic;
using System.Linq;
using System.Text;

namespace NfDtls.Tool;

/// <summary>Datagrams as hexadecimal text, one a line; spaces, colons, dashes and 0x do not count, lines with # are remarks.</summary>
internal static class HexText
{
    /// <summary>Whether the bytes are such a text.</summary>
    public static bool TryRead(byte[] text, out List<byte[]> datagrams)
    {
        datagrams = [];
        if (!text.All(b => b is >= 32 and < 127 or (byte)'\n' or (byte)'\r' or (byte)'\t'))
        {
            return false;
        }

        foreach (string line in Encoding.ASCII.GetString(text).Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            if (line.StartsWith('#'))
            {
                continue;
            }

            string digits = string.Concat((line.StartsWith("0x", StringComparison.OrdinalIgnoreCase) ? line[2..] : line).Where(c => c is not (' ' or ':' or '-' or '\t')));
            if (digits.Length % 2 != 0 || !digits.All(char.IsAsciiHexDigit))
            {
                return false;
            }

            datagrams.Add(Convert.FromHexString(digits));
        }

        return datagrams.Count > 0;
    }
}
