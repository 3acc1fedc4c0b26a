using System;
using System.IO;
using System.Text;

namespace NfDtls.Tool;

/// <summary>Lines of stdin and stdout, and the records that they stand for.</summary>
internal sealed class Lines
{
    private readonly bool _hex;
    private readonly bool _json;
    private readonly LineReader _input = new LineReader(Console.OpenStandardInput());
    private readonly Stream _output = Console.OpenStandardOutput();

    public Lines(bool hex, bool json)
    {
        _json = json;
        _hex = hex;
    }

    /// <summary>The record of the next line of stdin, or null at its end.</summary>
    public byte[]? Read()
    {
        byte[]? line = _input.Read();
        return line == null || !_hex ? line : Hex.Parse(Encoding.Latin1.GetString(line), "A line");
    }

    /// <summary>Prints a record as a line, at once.</summary>
    public void Write(ReadOnlySpan<byte> record)
    {
        byte[] line;
        if (_json)
        {
            JsonText.Print(OfRecord(record.ToArray()).Write);
            return;
        }

        if (_hex)
        {
            line = Encoding.ASCII.GetBytes(Convert.ToHexStringLower(record) + "\n");
        }
        else
        {
            line = new byte[record.Length + 1];
            record.CopyTo(line);
            line[^1] = (byte)'\n';
        }

        lock (_output)
        {
            _output.Write(line);
            _output.Flush();
        }
    }

    private static Node OfRecord(byte[] record)
    {
        Node node = new Node("record", "record").With("length", record.Length).With("data", record);
        return System.Text.Unicode.Utf8.IsValid(record) ? node.With("text", Encoding.UTF8.GetString(record)) : node;
    }
}
