using System;

namespace NfDtls.Tool;

internal static class Hex
{
    /// <summary>The bytes of a hexadecimal text, which <paramref name="what"/> names in the error.</summary>
    public static byte[] Parse(string text, string what)
    {
        try
        {
            return Convert.FromHexString(text.Trim());
        }
        catch (FormatException)
        {
            throw ToolException.Usage($"{what} is not hexadecimal: pairs of 0 to 9 and a to f are wanted.");
        }
    }
}
