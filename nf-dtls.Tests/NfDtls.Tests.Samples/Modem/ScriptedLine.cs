extern alias modem;

using System;
using System.Collections.Generic;
using System.Text;
using modem::NfDtls.Samples.ModemTransport;

namespace NfDtls.Tests.Samples.Modem;

/// <summary>A modem that says what a test lets it say, in a time that passes only while somebody waits for it.</summary>
internal sealed class ScriptedLine : SerialLine
{
    private readonly Queue<(long Time, byte[] Bytes)> _said = new();
    private readonly StringBuilder _command = new();
    private readonly int _piece;
    private byte[] _rest = [];
    private long _now = 1000;

    /// <param name="piece">Bytes that come at once at the most.</param>
    internal ScriptedLine(int piece = 64)
    {
        _piece = piece;
    }

    /// <summary>What it answers to a command, ended by a carriage return; null for nothing.</summary>
    internal Func<string, string?> Answers { get; set; } = _ => null;

    internal List<string> Commands { get; } = [];

    internal List<byte> Written { get; } = [];

    internal int Wakings { get; private set; }

    internal override long Now
    {
        get { return _now; }
    }

    /// <summary>It says so, so many milliseconds from now; one byte a character.</summary>
    internal void Say(string text, int later = 0)
    {
        _said.Enqueue((_now + later, Encoding.Latin1.GetBytes(text)));
    }

    internal override int Read(byte[] buffer, int offset, int count, int milliseconds)
    {
        Assert(milliseconds >= 0);
        if (_rest.Length == 0 && _said.Count > 0 && _said.Peek().Time <= _now + milliseconds)
        {
            (long time, _rest) = _said.Dequeue();
            _now = Math.Max(_now, time);
        }

        if (_rest.Length == 0)
        {
            _now += milliseconds;
            return 0;
        }

        int length = Math.Min(Math.Min(count, _piece), _rest.Length);
        _rest.AsSpan(0, length).CopyTo(buffer.AsSpan(offset));
        _rest = _rest[length..];
        return length;
    }

    internal override void Write(byte[] buffer, int offset, int count)
    {
        foreach (byte one in buffer.AsSpan(offset, count))
        {
            Written.Add(one);
            if (one != '\r')
            {
                _command.Append((char)one);
                continue;
            }

            string command = _command.ToString();
            _command.Clear();
            Commands.Add(command);
            if (Answers(command) is string answer)
            {
                Say(answer);
            }
        }
    }

    internal override void Wake()
    {
        Wakings++;
    }

    private static void Assert(bool holds)
    {
        if (!holds)
        {
            throw new InvalidOperationException("No wait is shorter than none.");
        }
    }
}
