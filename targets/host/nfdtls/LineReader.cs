using System;
using System.IO;

namespace NfDtls.Tool;

/// <summary>Reads lines as bytes, without their ends (LF or CR LF). Of a very long line only the beginning is kept.</summary>
internal sealed class LineReader
{
    private const int MaxKept = 1 << 16;

    private readonly Stream _stream;
    private readonly byte[] _buffer = new byte[4096];
    private readonly byte[] _line = new byte[MaxKept];
    private int _position;
    private int _end;

    public LineReader(Stream stream)
    {
        _stream = stream;
    }

    /// <summary>The next line, or null at the end. A last line without an end counts, unless it is empty.</summary>
    public byte[]? Read()
    {
        int length = 0;
        bool any = false;
        while (true)
        {
            if (_position == _end)
            {
                _end = _stream.Read(_buffer, 0, _buffer.Length);
                _position = 0;
                if (_end <= 0)
                {
                    _end = 0;
                    return any ? Take(length) : null;
                }
            }

            any = true;
            byte next = _buffer[_position++];
            if (next == (byte)'\n')
            {
                return Take(length > 0 && _line[length - 1] == (byte)'\r' ? length - 1 : length);
            }

            if (length < MaxKept)
            {
                _line[length++] = next;
            }
        }
    }

    private byte[] Take(int length)
    {
        return _line.AsSpan(0, length).ToArray();
    }
}
