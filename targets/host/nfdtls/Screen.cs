using System;
using System.Collections.Generic;
using System.Text;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace NfDtls.Tool;

/// <summary>What a person reads: on stderr, with colours where that is a terminal. Safe from any thread.</summary>
internal sealed class Screen
{
    // Where nobody reads along, lines must not be wrapped.
    private const int UnlimitedWidth = 1000;

    private readonly IAnsiConsole _console;

    private readonly bool _json;

    /// <param name="json">Whether reports go to stdout as JSON, and not as tables to stderr.</param>
    public Screen(bool json = false)
    {
        _json = json;
        bool redirected = Console.IsErrorRedirected;
        _console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Out = new AnsiConsoleOutput(Console.Error),
            Ansi = redirected ? AnsiSupport.No : AnsiSupport.Detect,
            ColorSystem = redirected ? ColorSystemSupport.NoColors : ColorSystemSupport.Detect,
        });
        if (redirected)
        {
            _console.Profile.Width = UnlimitedWidth;
        }
    }

    public void Info(string text)
    {
        Write("grey", text);
    }

    public void Good(string text)
    {
        Write("green", text);
    }

    public void Warn(string text)
    {
        Write("yellow", text);
    }

    /// <summary>The one-line reason of an end.</summary>
    public void Error(string text)
    {
        Write("red", "nfdtls: " + Printable(text));
    }

    public void Plain(string text)
    {
        Write("default", text);
    }

    public void Show(IRenderable what)
    {
        lock (this)
        {
            _console.Write(what);
        }
    }

    /// <summary>A report with its rows.</summary>
    public void Report(string title, List<(string What, string Value)> rows)
    {
        if (_json)
        {
            Node node = new Node(title.Replace(' ', '_'), title);
            rows.ForEach(row => node.With(row.What, row.Value));
            JsonText.Print(node.Write);
            return;
        }

        Table table = new Table().Title($"[bold]{Markup.Escape(title)}[/]").Border(TableBorder.Rounded).HideHeaders().AddColumn("what").AddColumn("value");
        rows.ForEach(row => table.AddRow($"[grey]{Markup.Escape(row.What)}[/]", Markup.Escape(row.Value)));
        Show(table);
    }

    /// <summary>A text of the peer's, harmless on a terminal.</summary>
    public static string Printable(byte[] text)
    {
        return Printable(Encoding.UTF8.GetString(text));
    }

    private static string Printable(string text)
    {
        StringBuilder printable = new StringBuilder(text.Length);
        foreach (char c in text)
        {
            printable.Append(c == '\n' ? ' ' : char.IsControl(c) ? '?' : c);
        }

        return printable.ToString();
    }

    private void Write(string style, string text)
    {
        lock (this)
        {
            _console.MarkupLine($"[{style}]{Markup.Escape(text)}[/]");
        }
    }
}
