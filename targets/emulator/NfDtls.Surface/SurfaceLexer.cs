using System.Text;

namespace NfDtls.Nano.Surface;

public enum TokenKind { Word, Text, Symbol, End }

public readonly record struct Token(TokenKind Kind, string Value);

/// <summary>Cuts one line of a surface file into words, quoted strings and symbols.</summary>
public sealed class SurfaceLexer
{
    private const string WordPunctuation = "_.+-`!*";
    private readonly List<Token> _tokens = [];
    private int _next;

    public SurfaceLexer(string line)
    {
        for (int i = 0; i < line.Length;)
        {
            char c = line[i];
            if (c == ' ')
            {
                i++;
            }
            else if (c == '"')
            {
                i = AddText(line, i + 1);
            }
            else if (IsWord(c))
            {
                i = AddWord(line, i);
            }
            else
            {
                _tokens.Add(new Token(TokenKind.Symbol, c.ToString()));
                i++;
            }
        }
    }

    public Token Peek => _next < _tokens.Count ? _tokens[_next] : new Token(TokenKind.End, "");

    public Token Next()
    {
        var token = Peek;
        _next++;
        return token;
    }

    public string Word()
    {
        var token = Next();
        return token.Kind == TokenKind.Word ? token.Value : throw new FormatException($"a word was expected, not '{token.Value}'");
    }

    public bool Accept(string value)
    {
        if (Peek.Kind is TokenKind.Text or TokenKind.End || Peek.Value != value)
        {
            return false;
        }

        _next++;
        return true;
    }

    public void Expect(string value)
    {
        if (!Accept(value))
        {
            throw new FormatException($"'{value}' was expected, not '{Peek.Value}'");
        }
    }

    private static bool IsWord(char c) => char.IsLetterOrDigit(c) || WordPunctuation.Contains(c);

    private int AddWord(string line, int start)
    {
        int end = start;
        while (end < line.Length && IsWord(line[end]))
        {
            end++;
        }

        _tokens.Add(new Token(TokenKind.Word, line[start..end]));
        return end;
    }

    private int AddText(string line, int i)
    {
        StringBuilder text = new StringBuilder();
        for (; i < line.Length && line[i] != '"'; i++)
        {
            if (line[i] != '\\')
            {
                text.Append(line[i]);
            }
            else if (line[++i] == 'u')
            {
                text.Append((char)Convert.ToInt32(line.Substring(i + 1, 4), 16));
                i += 4;
            }
            else
            {
                text.Append(line[i]);
            }
        }
        if (i >= line.Length)
        {
            throw new FormatException("a string is not closed");
        }

        _tokens.Add(new Token(TokenKind.Text, text.ToString()));
        return i + 1;
    }
}
