using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Text;

namespace NfDtls.Tests.Projects.Drawings;

/// <summary>A handshake as a drawing: two lines that time goes down, and an arrow for each turn.</summary>
internal static class Picture
{
    private const int Width = 640;
    private const int Left = 90;
    private const int Right = Width - Left;
    private const int Top = 74;
    private const int LineHeight = 17;
    private const int Slant = 14;
    private const int Gap = 20;

    // Of the epochs: in the clear, of 1.2's Finished or 1.3's handshake, of 1.3's data.
    private static readonly string[] Colours = ["#5f6368", "#1a56b0", "#1a56b0", "#117a4c"];

    /// <summary>The drawing as SVG.</summary>
    /// <param name="title">What it shows.</param>
    /// <param name="epochs">What each epoch is, below the title: number and words.</param>
    /// <param name="turns">The turns.</param>
    internal static string Of(string title, IReadOnlyList<(int Number, string Words)> epochs, IReadOnlyList<Turn> turns)
    {
        StringBuilder body = new();
        int y = Top + 12;
        foreach (Turn turn in turns)
        {
            y = turn.Waited > 0 ? Wait(body, turn, y) : y;
            y = Arrow(body, turn, y);
        }

        int bottom = y + 6;
        StringBuilder svg = new();
        svg.Append(Invariant($"<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{Width}\" height=\"{bottom + 10}\" viewBox=\"0 0 {Width} {bottom + 10}\" role=\"img\" font-family=\"sans-serif\" font-size=\"13\">\n"));
        svg.Append(Invariant($"<title>{title}</title>\n"));
        svg.Append(Invariant($"<desc>{string.Join("; ", turns)}</desc>\n"));
        svg.Append(Invariant($"<rect width=\"{Width}\" height=\"{bottom + 10}\" fill=\"#ffffff\"/>\n"));
        svg.Append(Text(Width / 2, 18, "middle", "#202124", title, " font-weight=\"bold\""));
        string legend = string.Concat(epochs.Select(epoch => Invariant($"<tspan fill=\"{Colours[epoch.Number]}\" dx=\"14\">epoch {epoch.Number}: {epoch.Words}</tspan>")));
        svg.Append(Invariant($"<text x=\"{Width / 2}\" y=\"37\" text-anchor=\"middle\">{legend}</text>\n"));
        foreach ((int x, string name) in new[] { (Left, "Client"), (Right, "Server") })
        {
            svg.Append(Text(x, 60, "middle", "#202124", name, " font-weight=\"bold\""));
            svg.Append(Invariant($"<line x1=\"{x}\" y1=\"68\" x2=\"{x}\" y2=\"{bottom}\" stroke=\"#9aa0a6\"/>\n"));
        }

        return svg.Append(body).Append("</svg>\n").ToString();
    }

    private static int Wait(StringBuilder body, Turn turn, int y)
    {
        int x = turn.IsClients ? Left : Right;
        body.Append(Invariant($"<line x1=\"{x}\" y1=\"{y}\" x2=\"{x}\" y2=\"{y + 30}\" stroke=\"#b3261e\" stroke-width=\"3\" stroke-dasharray=\"4 3\"/>\n"));
        body.Append(Text(x + (turn.IsClients ? 10 : -10), y + 19, turn.IsClients ? "start" : "end", "#b3261e", Invariant($"{turn.Waited:N0} ms without an answer"), ""));
        return y + 36;
    }

    private static int Arrow(StringBuilder body, Turn turn, int y)
    {
        foreach ((string name, int epoch) in turn.Messages)
        {
            body.Append(Text(Width / 2, y + 12, "middle", Colours[epoch], Invariant($"{name}  [{epoch}]"), ""));
            y += LineHeight;
        }

        int from = turn.IsClients ? Left : Right;
        int to = turn.IsClients ? Right : Left;
        int way = turn.IsClients ? 1 : -1;
        int end = turn.IsLost ? from + ((to - from) * 6 / 10) : to;
        int endY = y + 4 + (turn.IsLost ? Slant * 6 / 10 : Slant);
        string colour = turn.IsLost ? "#b3261e" : "#202124";
        body.Append(Invariant($"<line x1=\"{from}\" y1=\"{y + 4}\" x2=\"{end}\" y2=\"{endY}\" stroke=\"{colour}\" stroke-width=\"1.5\"/>\n"));
        if (turn.IsLost)
        {
            body.Append(Invariant($"<path d=\"M{end - 6} {endY - 6}l12 12m0 -12l-12 12\" stroke=\"{colour}\" stroke-width=\"2.5\"/>\n"));
            body.Append(Text(end + (way * 14), endY + 5, turn.IsClients ? "start" : "end", colour, "lost", ""));
        }
        else
        {
            body.Append(Invariant($"<path d=\"M{end} {endY}l{-9 * way} -5l0 9z\" fill=\"{colour}\"/>\n"));
        }

        return y + 4 + Slant + Gap;
    }

    private static string Text(int x, int y, string anchor, string colour, string text, string more)
    {
        return Invariant($"<text x=\"{x}\" y=\"{y}\" text-anchor=\"{anchor}\" fill=\"{colour}\"{more}>{text}</text>\n");
    }

    private static string Invariant(System.FormattableString text)
    {
        return text.ToString(CultureInfo.InvariantCulture);
    }
}
