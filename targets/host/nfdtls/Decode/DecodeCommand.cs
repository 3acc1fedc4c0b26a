using System;
using System.IO;
using System.Text;
using System.Text.Json;

namespace NfDtls.Tool;

/// <summary>nfdtls decode: what datagrams say, on stdout; how many there were, on stderr.</summary>
internal sealed class DecodeCommand
{
    private readonly string _input;
    private readonly KeyLogSecrets? _secrets;
    private readonly int _port;
    private readonly bool _json;
    private readonly Screen _screen = new Screen();

    public DecodeCommand(string input, KeyLogSecrets? secrets, int port, bool json)
    {
        _input = input;
        _secrets = secrets;
        _port = port;
        _json = json;
    }

    public int Run()
    {
        byte[] bytes = Bytes();
        DatagramDecoder decoder = new DatagramDecoder(_secrets, _port);
        using Stream output = Console.OpenStandardOutput();
        using StreamWriter writer = new StreamWriter(output, new UTF8Encoding(false));
        int count = 0;
        using Progress progress = new Progress(_screen, () => $"{count} datagrams");
        foreach (Node datagram in decoder.Read(bytes))
        {
            count++;
            if (_json)
            {
                JsonText.Line(writer, datagram.Write);
            }
            else
            {
                datagram.Write(writer);
            }
        }

        writer.Flush();
        progress.End();
        if (decoder.Flaw != null)
        {
            throw new ToolException(ExitCode.Unclean, $"{_input} is damaged: {decoder.Flaw}. What stands before was read.");
        }

        string keys = _secrets == null ? "" : $", {decoder.Sessions.WithSecrets} of {decoder.Sessions.Chosen} sessions with secrets in the key log";
        _screen.Plain($"{count} datagrams of DTLS, {decoder.Others} other frames{keys}");
        return ExitCode.Clean;
    }

    /// <summary>A file's, stdin's, or those that the argument itself is.</summary>
    private byte[] Bytes()
    {
        try
        {
            if (_input == "-")
            {
                using MemoryStream all = new MemoryStream();
                Console.OpenStandardInput().CopyTo(all);
                return all.ToArray();
            }

            if (File.Exists(_input))
            {
                return File.ReadAllBytes(_input);
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw ToolException.Usage($"{_input} cannot be read: {e.Message}");
        }

        byte[] text = Encoding.UTF8.GetBytes(_input);
        return HexText.TryRead(text, out _) ? text
            : throw ToolException.Usage($"{_input} is neither a file nor hexadecimal: a capture (pcap or pcapng), a text with a datagram in hexadecimal on each line, such a datagram itself, or - for stdin is wanted.");
    }
}
