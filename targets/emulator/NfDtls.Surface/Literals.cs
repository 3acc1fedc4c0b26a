using System.Globalization;
using System.Text;

namespace NfDtls.Nano.Surface;

/// <summary>Constant values as text. A null is "null", a char its number, text is quoted.</summary>
public static class Literals
{
    public static string Write(object? value) => value switch
    {
        null => "null",
        bool b => b ? "true" : "false",
        char c => ((int)c).ToString(CultureInfo.InvariantCulture),
        string s => Quote(s),
        float f => f.ToString("R", CultureInfo.InvariantCulture),
        double d => d.ToString("R", CultureInfo.InvariantCulture),
        IFormattable number => number.ToString(null, CultureInfo.InvariantCulture),
        _ => throw new NotSupportedException($"constant of type {value.GetType()}"),
    };

    /// <summary>Reads a token as a value of a primitive type; <paramref name="type"/> is its C# keyword.</summary>
    public static object? Read(Token token, string type)
    {
        if (token.Kind == TokenKind.Text)
        {
            return token.Value;
        }

        string text = token.Value;
        if (text == "null")
        {
            return null;
        }

        var culture = CultureInfo.InvariantCulture;
        return type switch
        {
            "bool" => bool.Parse(text),
            "char" => (char)int.Parse(text, culture),
            "sbyte" => sbyte.Parse(text, culture),
            "byte" => byte.Parse(text, culture),
            "short" => short.Parse(text, culture),
            "ushort" => ushort.Parse(text, culture),
            "int" => int.Parse(text, culture),
            "uint" => uint.Parse(text, culture),
            "long" => long.Parse(text, culture),
            "ulong" => ulong.Parse(text, culture),
            "float" => float.Parse(text, culture),
            "double" => double.Parse(text, culture),
            _ => throw new FormatException($"{type} cannot hold the constant {text}"),
        };
    }

    private static string Quote(string value)
    {
        StringBuilder text = new StringBuilder("\"");
        foreach (char c in value)
        {
            if (c is '"' or '\\')
            {
                text.Append('\\').Append(c);
            }
            else if (c is < ' ' or > '~')
            {
                text.Append("\\u").Append(((int)c).ToString("x4", CultureInfo.InvariantCulture));
            }
            else
            {
                text.Append(c);
            }
        }
        return text.Append('"').ToString();
    }
}
