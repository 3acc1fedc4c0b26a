using System.Globalization;

namespace NfDtls.Tool;

/// <summary>Numbers of the command line, in the form that is the same everywhere: no thousands, a point before decimals.</summary>
internal static class Numbers
{
    /// <summary>A whole number in a range; <paramref name="what"/> names the option or argument in the error.</summary>
    public static int Whole(string? text, int least, int most, string what)
    {
        return int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out int value) && value >= least && value <= most
            ? value
            : throw ToolException.Usage($"{what} must be {least} to {most}, not {text}.");
    }

    /// <summary>A probability; nothing is 0.</summary>
    public static double Probability(string? text, string option)
    {
        if (text == null)
        {
            return 0;
        }

        const NumberStyles Style = NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent;
        return double.TryParse(text, Style, CultureInfo.InvariantCulture, out double value) && value >= 0 && value <= 1
            ? value
            : throw ToolException.Usage($"{option} must be a probability from 0 to 1 with a decimal point, such as 0.1, not {text}.");
    }
}
