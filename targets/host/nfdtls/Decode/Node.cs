using System;
using System.Collections.Generic;
using System.IO;
using System.Text;
using System.Text.Json;

namespace NfDtls.Tool;

/// <summary>Something that was read, with what is known of it and what is in it: a line and those below it, or an object of JSON.</summary>
internal sealed class Node
{
    // Longer bytes are shown by their beginning; JSON has them whole.
    private const int ShownBytes = 32;

    private readonly List<(string Name, object Value)> _fields = [];
    private readonly List<Node> _parts = [];

    /// <param name="kind">What it is: "record", "message", "extension".</param>
    /// <param name="title">Its line for people.</param>
    public Node(string kind, string title)
    {
        Kind = kind;
        Title = title;
    }

    public string Kind { get; }

    public string Title { get; set; }

    public IReadOnlyList<Node> Parts
    {
        get { return _parts; }
    }

    /// <summary>What is known: text, number, truth, bytes or a list of texts.</summary>
    public Node With(string name, object value)
    {
        _fields.Add((name, value));
        return this;
    }

    public Node Add(Node part)
    {
        _parts.Add(part);
        return part;
    }

    /// <summary>The value of a field, or null.</summary>
    public object? Get(string name)
    {
        return _fields.Find(f => f.Name == name).Value;
    }

    /// <summary>This one and all below it, of a kind.</summary>
    public IEnumerable<Node> All(string kind)
    {
        if (Kind == kind)
        {
            yield return this;
        }

        foreach (Node part in _parts)
        {
            foreach (Node found in part.All(kind))
            {
                yield return found;
            }
        }
    }

    public void Write(TextWriter to, int depth = 0)
    {
        to.WriteLine(new string(' ', 2 * depth) + Title);
        foreach ((string name, object value) in _fields)
        {
            if (name[0] != '_')
            {
                to.WriteLine($"{new string(' ', 2 * depth + 2)}{name}: {Text(value)}");
            }
        }

        _parts.ForEach(part => part.Write(to, depth + 1));
    }

    public void Write(Utf8JsonWriter to)
    {
        to.WriteStartObject();
        to.WriteString("kind", Kind);
        foreach ((string name, object value) in _fields)
        {
            to.WritePropertyName(name.TrimStart('_').Replace(' ', '_'));
            Write(to, value);
        }

        if (_parts.Count > 0)
        {
            to.WriteStartArray("parts");
            _parts.ForEach(part => part.Write(to));
            to.WriteEndArray();
        }

        to.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter to, object value)
    {
        switch (value)
        {
            case byte[] bytes:
                to.WriteStringValue(Convert.ToHexStringLower(bytes));
                break;
            case bool truth:
                to.WriteBooleanValue(truth);
                break;
            case int number:
                to.WriteNumberValue(number);
                break;
            case long number:
                to.WriteNumberValue(number);
                break;
            case double number:
                to.WriteNumberValue(number);
                break;
            case IEnumerable<string> texts:
                to.WriteStartArray();
                foreach (string text in texts)
                {
                    to.WriteStringValue(text);
                }

                to.WriteEndArray();
                break;
            default:
                to.WriteStringValue(value.ToString());
                break;
        }
    }

    private static string Text(object value)
    {
        return value switch
        {
            byte[] { Length: 0 } => "none",
            byte[] { Length: > ShownBytes } bytes => $"{Convert.ToHexStringLower(bytes, 0, ShownBytes)}... ({bytes.Length} bytes)",
            byte[] bytes => Convert.ToHexStringLower(bytes),
            IEnumerable<string> texts => Screen.Printable(Encoding.UTF8.GetBytes(string.Join(", ", texts))),
            bool truth => truth ? "yes" : "no",
            _ => Screen.Printable(Encoding.UTF8.GetBytes(FormattableString.Invariant($"{value}"))),
        };
    }
}
