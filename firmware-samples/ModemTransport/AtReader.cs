namespace NfDtls.Samples.ModemTransport
{
    /// <summary>
    /// Takes a modem's bytes apart, in whatever pieces they come: lines, the prompt for data, and blocks of data that a line has
    /// announced. Its memory has a bound, whatever comes: a line that is too long is left out, and of a block what has no room.
    /// </summary>
    internal sealed class AtReader
    {
        /// <summary>No item is complete.</summary>
        internal const int Nothing = 0;
        /// <summary>A line that is not empty: <see cref="Line"/>.</summary>
        internal const int IsLine = 1;
        /// <summary>The prompt for data.</summary>
        internal const int IsPrompt = 2;
        /// <summary>The block that was expected.</summary>
        internal const int IsBlock = 3;

        /// <summary>The most characters of a line; the longest that a modem says of itself are half as long.</summary>
        internal const int MaxLine = 160;

        /// <summary>The line, in printable ASCII: what was none is a question mark.</summary>
        internal string Line;

        /// <summary>Lines that were too long.</summary>
        internal int TooLong;

        /// <summary>Whether the last block was what it should be: no letter among hexadecimal digits.</summary>
        internal bool IsWhole;

        /// <summary>Whether a prompt may come: only behind a command that asks for data.</summary>
        internal bool ExpectsPrompt;

        private readonly char[] _letters = new char[MaxLine];
        private int _length;
        private bool _isTooLong;
        private byte[] _block;
        private bool _isHex;
        private int _left;
        private int _stored;
        private int _high;

        /// <summary>The next bytes, so many, are data: as they are, or each by two hexadecimal digits. What has no room in the array is left out.</summary>
        internal void ExpectBlock(byte[] block, int count, bool isHex)
        {
            _block = block;
            _left = count;
            _stored = 0;
            _isHex = isHex;
            _high = -1;
            IsWhole = true;
        }

        /// <summary>Forgets what has begun: the rest of it does not come.</summary>
        internal void Abandon()
        {
            _block = null;
            _length = 0;
            _isTooLong = false;
            ExpectsPrompt = false;
        }

        /// <summary>Takes a byte, and says what it completes.</summary>
        internal int Take(byte value)
        {
            if (_block == null)
            {
                return TakeText(value);
            }

            if (!_isHex || (value > ' ' && value <= '~'))
            {
                return TakeData(value);
            }

            // The end of the line among the digits: there were fewer than was said.
            IsWhole = false;
            _block = null;
            return IsBlock;
        }

        private int TakeData(byte value)
        {
            int data = value;
            if (_isHex)
            {
                int digit = DigitOf(value);
                IsWhole = IsWhole && digit >= 0;
                if (_high < 0)
                {
                    _high = digit < 0 ? 0 : digit;
                    return Nothing;
                }

                data = (_high << 4) | (digit < 0 ? 0 : digit);
                _high = -1;
            }

            if (_stored < _block.Length)
            {
                _block[_stored] = (byte)data;
                _stored++;
            }

            _left--;
            if (_left > 0)
            {
                return Nothing;
            }

            _block = null;
            return IsBlock;
        }

        private int TakeText(byte value)
        {
            if (value == '\n')
            {
                return EndLine();
            }

            // What carriage returns are for differs: before the line feed, around lines, behind what is sent back.
            if (value == '\r')
            {
                return Nothing;
            }

            if (_length == MaxLine)
            {
                _isTooLong = true;
                return Nothing;
            }

            _letters[_length] = value >= ' ' && value <= '~' ? (char)value : '?';
            _length++;
            if (ExpectsPrompt && _length == 2 && _letters[0] == '>' && _letters[1] == ' ')
            {
                _length = 0;
                ExpectsPrompt = false;
                return IsPrompt;
            }

            return Nothing;
        }

        private int EndLine()
        {
            int length = _length;
            bool isTooLong = _isTooLong;
            _length = 0;
            _isTooLong = false;
            if (isTooLong)
            {
                TooLong++;
                return Nothing;
            }

            if (length == 0)
            {
                return Nothing;
            }

            Line = new string(_letters, 0, length);
            return IsLine;
        }

        private static int DigitOf(byte value)
        {
            if (value >= '0' && value <= '9')
            {
                return value - '0';
            }

            // Small letters are capital ones with this bit.
            int letter = value | 0x20;
            return letter >= 'a' && letter <= 'f' ? letter - 'a' + 10 : -1;
        }
    }
}
