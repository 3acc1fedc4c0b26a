using System.Text;

namespace NfDtls.Samples.ModemTransport
{
    /// <summary>
    /// Commands to a modem and their answers (3GPP TS 27.007). What the modem says of itself in their midst goes to the listener. No
    /// call takes longer than its time, but for what is written.
    /// </summary>
    internal sealed class AtChannel
    {
        internal const int Ok = 0;
        /// <summary>The modem refuses: <see cref="Reason"/>.</summary>
        internal const int Error = 1;
        /// <summary>It does not answer in time.</summary>
        internal const int Timeout = 2;

        private const int PieceLength = 64;
        private const int AnswerTime = 1000;
        private const int QuietTime = 100;
        private const int MostLate = 256;
        private const int MostLateLines = 8;
        private const int SynchroniseTries = 3;
        private const byte Escape = 0x1B;
        private const byte Return = (byte)'\r';

        private readonly SerialLine _line;
        private readonly AtListener _listener;
        private readonly AtReader _reader = new AtReader();
        private readonly byte[] _received = new byte[PieceLength];
        private readonly byte[] _piece = new byte[PieceLength];
        private int _start;
        private int _end;
        private bool _isOutOfStep;

        // What the command under way wants.
        private string _prefix;
        private byte[] _block;
        private bool _isHex;

        internal AtChannel(SerialLine line, AtListener listener)
        {
            _line = line;
            _listener = listener;
        }

        /// <summary>The line of the answer that began as it was to begin; null where there was none.</summary>
        internal string Answer;

        /// <summary>Why the last command was refused, in the modem's words.</summary>
        internal string Reason;

        /// <summary>Bytes of the last block as the modem said it, which may be more than the buffer has; -1 where none came whole.</summary>
        internal int BlockLength;

        /// <summary>Lines that were too long to be any.</summary>
        internal int LinesTooLong
        {
            get { return _reader.TooLong; }
        }

        /// <summary>A command that is answered with OK.</summary>
        internal int Execute(string command, int timeout)
        {
            return Execute(command, null, timeout);
        }

        /// <summary>A command that is answered with a line that begins so (<see cref="Answer"/>), and OK.</summary>
        internal int Execute(string command, string prefix, int timeout)
        {
            if (!Begin(prefix))
            {
                return Timeout;
            }

            WriteText(command);
            WriteReturn();
            return Finish("OK", timeout);
        }

        /// <summary>A command that is answered with a line that begins so, the bytes of a block as its first number, the block, and OK.</summary>
        internal int ReadBlock(string command, string prefix, byte[] buffer, bool isHex, int timeout)
        {
            if (!Begin(prefix))
            {
                return Timeout;
            }

            _block = buffer;
            _isHex = isHex;
            WriteText(command);
            WriteReturn();
            int result = Finish("OK", timeout);
            _block = null;
            return result;
        }

        /// <summary>A command that takes data: behind the prompt, or by hexadecimal digits as its last parameter. Answered with SEND OK.</summary>
        internal int WriteBlock(string command, byte[] data, int offset, int count, bool isHex, int timeout)
        {
            if (!Begin(null))
            {
                return Timeout;
            }

            WriteText(command);
            if (isHex)
            {
                WriteText(",");
                WriteHex(data, offset, count);
                WriteReturn();
                return Finish("SEND OK", timeout);
            }

            _reader.ExpectsPrompt = true;
            WriteReturn();
            int result = Finish(null, timeout);
            _reader.ExpectsPrompt = false;
            if (result != Ok)
            {
                return result;
            }

            _line.Write(data, offset, count);
            return Finish("SEND OK", timeout);
        }

        /// <summary>Listens for what the modem says of itself; returns with the first of it, or false when the time is over.</summary>
        internal bool Listen(int timeout)
        {
            int item = Next(_line.Now + timeout);
            Tell(item);
            return item != AtReader.Nothing;
        }

        /// <summary>
        /// Finds out whether the modem answers, so many times, and lets pass what it may still have to say: an answer that came too late
        /// would be taken for the next command's.
        /// </summary>
        internal bool Synchronise(int tries)
        {
            for (int i = 0; i < tries; i++)
            {
                // A modem that still waits for data takes this for their end.
                _reader.Abandon();
                _piece[0] = Escape;
                _piece[1] = Return;
                _line.Write(_piece, 0, 2);
                WriteText("AT");
                WriteReturn();
                _prefix = null;
                if (Finish("OK", AnswerTime) == Ok)
                {
                    long end = _line.Now + AnswerTime;
                    for (int item = Next(_line.Now + QuietTime); item != AtReader.Nothing && _line.Now < end; item = Next(_line.Now + QuietTime))
                    {
                        Tell(item);
                    }

                    _isOutOfStep = false;
                    return true;
                }
            }

            return false;
        }

        /// <summary>Whether a text begins so.</summary>
        internal static bool Begins(string text, string start)
        {
            if (text.Length < start.Length)
            {
                return false;
            }

            for (int i = 0; i < start.Length; i++)
            {
                if (text[i] != start[i])
                {
                    return false;
                }
            }

            return true;
        }

        /// <summary>The number that is a line's parameter, the first one as 0; -1 where there is none.</summary>
        internal static int Number(string line, int index)
        {
            int position = line.IndexOf(':') + 1;
            for (int i = 0; i < index; i++)
            {
                while (position < line.Length && line[position] != ',')
                {
                    position++;
                }

                position++;
            }

            while (position < line.Length && line[position] == ' ')
            {
                position++;
            }

            int number = -1;
            for (; position < line.Length && line[position] >= '0' && line[position] <= '9' && number < 1000000; position++)
            {
                number = (number < 0 ? 0 : number * 10) + line[position] - '0';
            }

            return number;
        }

        private bool Begin(string prefix)
        {
            if (_isOutOfStep && !Synchronise(SynchroniseTries))
            {
                return false;
            }

            _prefix = prefix;
            _block = null;
            Answer = null;
            Reason = null;
            BlockLength = -1;
            return true;
        }

        /// <summary>Waits for what ends a command well, or for a refusal; without a line to end it, for the prompt.</summary>
        private int Finish(string success, int timeout)
        {
            long end = _line.Now + timeout;
            int late = 0;
            for (int item = Next(end); item != AtReader.Nothing && late < MostLateLines; item = Next(end))
            {
                late += _line.Now >= end ? 1 : 0;
                if (item == AtReader.IsPrompt)
                {
                    return Ok;
                }

                if (item == AtReader.IsBlock)
                {
                    BlockLength = _reader.IsWhole ? BlockLength : -1;
                    continue;
                }

                string line = _reader.Line;
                if (line == success)
                {
                    return Ok;
                }

                if (IsRefusal(line))
                {
                    Reason = line;
                    return Error;
                }

                if (_prefix != null && Begins(line, _prefix))
                {
                    Answer = line;
                    BeginBlock(line);
                }
                else
                {
                    Tell(item);
                }
            }

            _reader.Abandon();
            BlockLength = -1;
            _isOutOfStep = true;
            return Timeout;
        }

        private void BeginBlock(string line)
        {
            if (_block == null)
            {
                return;
            }

            BlockLength = Number(line, 0);
            if (BlockLength > 0)
            {
                _reader.ExpectBlock(_block, BlockLength, _isHex);
            }
        }

        private static bool IsRefusal(string line)
        {
            return line == "ERROR" || line == "SEND FAIL" || Begins(line, "+CME ERROR:") || Begins(line, "+CMS ERROR:");
        }

        private void Tell(int item)
        {
            if (item == AtReader.IsLine)
            {
                _listener.OnNews(_reader.Line);
            }
        }

        /// <summary>
        /// The next item; nothing when the time has come and all is taken that was there. A modem that never stops talking keeps nobody
        /// longer than so many bytes.
        /// </summary>
        private int Next(long end)
        {
            int most = MostLate;
            while (true)
            {
                while (_start < _end)
                {
                    byte value = _received[_start];
                    _start++;
                    int item = _reader.Take(value);
                    if (item != AtReader.Nothing)
                    {
                        return item;
                    }
                }

                long left = end - _line.Now;
                _start = 0;
                _end = most <= 0 ? 0 : _line.Read(_received, 0, _received.Length, left <= 0 ? 0 : (int)left);
                most -= left <= 0 ? _end : 0;
                if (left <= 0 && _end == 0)
                {
                    return AtReader.Nothing;
                }
            }
        }

        private void WriteText(string text)
        {
            byte[] bytes = Encoding.UTF8.GetBytes(text);
            _line.Write(bytes, 0, bytes.Length);
        }

        private void WriteReturn()
        {
            _piece[0] = Return;
            _line.Write(_piece, 0, 1);
        }

        private void WriteHex(byte[] data, int offset, int count)
        {
            int length = 0;
            for (int i = 0; i < count; i++)
            {
                _piece[length] = DigitOf(data[offset + i] >> 4);
                _piece[length + 1] = DigitOf(data[offset + i] & 15);
                length += 2;
                if (length == PieceLength || i == count - 1)
                {
                    _line.Write(_piece, 0, length);
                    length = 0;
                }
            }
        }

        private static byte DigitOf(int value)
        {
            return (byte)(value < 10 ? '0' + value : 'A' + value - 10);
        }
    }
}
