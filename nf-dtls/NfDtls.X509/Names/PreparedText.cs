namespace NfDtls.X509
{
    /// <summary>
    /// Values of names as RFC 5280 section 7.1 has them compared: by their characters, whatever type of string holds these,
    /// without regard to case, to white space around them and to how much of it stands between (RFC 4518). Case is folded for
    /// the letters of Latin, Greek and Cyrillic that fit into one character; composed and decomposed characters differ.
    /// </summary>
    internal static class PreparedText
    {
        /// <summary>No character stands at the position any more.</summary>
        internal const int End = -1;
        /// <summary>What stands there is none, or the turns are used up.</summary>
        internal const int Malformed = -2;
        private const int Nothing = -3;

        /// <summary>Whether a tag is that of a string of characters.</summary>
        internal static bool IsText(int tag)
        {
            return tag == DerTag.Utf8String || (tag >= DerTag.NumericString && tag <= DerTag.TeletexString) || tag == DerTag.Ia5String
                || tag == DerTag.VisibleString || tag == DerTag.UniversalString || tag == DerTag.BmpString;
        }

        /// <summary>Compares two strings; each character that is looked at costs a turn, and where none are left they differ.</summary>
        internal static bool AreEqual(int aTag, byte[] a, int aAt, int aEnd, int bTag, byte[] b, int bAt, int bEnd, ref int turns)
        {
            bool isFirst = true;
            while (true)
            {
                int one = Next(aTag, a, ref aAt, aEnd, isFirst, ref turns);
                int other = Next(bTag, b, ref bAt, bEnd, isFirst, ref turns);
                if (one != other || one < 0)
                {
                    return one == End && other == End;
                }

                isFirst = false;
            }
        }

        /// <summary>
        /// Whether a string has characters that prepared strings may have otherwise (compatible forms, combining marks), or that
        /// cannot be read: whether it equals another one is then not known for sure.
        /// </summary>
        internal static bool IsDoubtful(int tag, byte[] buffer, int at, int end, ref int turns)
        {
            int value;
            do
            {
                turns--;
                value = Decode(tag, buffer, ref at, end);
                bool isScript = (value >= 0x370 && value < 0x500) || (value >= 0x3041 && value < 0x3100) || (value >= 0x3400 && value < 0xA000)
                    || (value >= 0xAC00 && value < 0xD7A4);
                if (value == Malformed || (value >= 0x250 && !isScript))
                {
                    return true;
                }
            }
            while (value != End);
            return false;
        }

        /// <summary>The character at a position, which moves on; a malformed one is one byte long.</summary>
        internal static int Decode(int tag, byte[] buffer, ref int at, int end)
        {
            if (at >= end)
            {
                return End;
            }

            int size = tag == DerTag.UniversalString ? 4 : tag == DerTag.BmpString ? 2 : 1;
            int value = 0;
            if (size > end - at)
            {
                at = end;
                return Malformed;
            }

            for (int i = 0; i < size; i++)
            {
                value = (value << 8) | buffer[at++];
            }

            if (value < 0x80 || tag != DerTag.Utf8String)
            {
                return value < 0 ? Malformed : value;   // one byte is ASCII or, in a TeletexString, Latin-1 as everybody has it
            }

            int more = value >= 0xC2 && value < 0xE0 ? 1 : value >= 0xE0 && value < 0xF0 ? 2 : value >= 0xF0 && value < 0xF5 ? 3 : 0;
            if (more == 0 || more > end - at)
            {
                return Malformed;
            }

            value &= 0x3F >> more;
            for (int i = 0; i < more; i++)
            {
                int next = buffer[at + i];
                if ((next & 0xC0) != 0x80)
                {
                    return Malformed;
                }

                value = (value << 6) | (next & 0x3F);
            }

            if (more > 1 && value < 1 << ((5 * more) + 1))
            {
                return Malformed;
            }

            at += more;
            return value;
        }

        /// <summary>The next character of the prepared string: a run of spaces is one, and none at the beginning and the end.</summary>
        private static int Next(int tag, byte[] buffer, ref int at, int end, bool isFirst, ref int turns)
        {
            int value = Read(tag, buffer, ref at, end, ref turns);
            if (value != ' ')
            {
                return value;
            }

            int behind;
            do
            {
                behind = at;
                value = Read(tag, buffer, ref at, end, ref turns);
            }
            while (value == ' ');
            if (isFirst || value < 0)
            {
                return value;
            }

            at = behind;
            return ' ';
        }

        private static int Read(int tag, byte[] buffer, ref int at, int end, ref int turns)
        {
            int value;
            do
            {
                turns--;
                value = turns < 0 ? Malformed : Map(Decode(tag, buffer, ref at, end));
            }
            while (value == Nothing);
            return value;
        }

        /// <summary>RFC 4518 section 2.2: spaces, what is left out, and small letters.</summary>
        private static int Map(int value)
        {
            if (value < 0x80)
            {
                if (value >= 'A' && value <= 'Z')
                {
                    return value + 32;
                }

                bool isPlain = value >= ' ' && value != 0x7F;
                return isPlain || value < 0 ? value : value >= 9 && value <= 13 ? ' ' : Nothing;
            }

            if (value == 0x85 || value == 0xA0 || value == 0x1680 || (value >= 0x2000 && value <= 0x200A) || value == 0x2028 || value == 0x2029
                || value == 0x202F || value == 0x205F || value == 0x3000)
            {
                return ' ';
            }

            if (value < 0xA0 || value == 0xAD || (value >= 0x200B && value <= 0x200F) || value == 0xFEFF)
            {
                return Nothing;
            }

            // Pairs of Latin Extended-A: the capital is the even one, between 0139 and 0148 and from 0179 on the odd one.
            bool isOdd = (value >= 0x139 && value <= 0x148) || (value >= 0x179 && value <= 0x17E);
            bool isPair = isOdd || (value >= 0x100 && value <= 0x12F) || (value >= 0x132 && value <= 0x137) || (value >= 0x14A && value <= 0x177);
            if (isPair)
            {
                return (value & 1) == (isOdd ? 1 : 0) ? value + 1 : value;
            }

            bool isCapital = (value >= 0xC0 && value <= 0xDE && value != 0xD7) || (value >= 0x391 && value <= 0x3A9) || (value >= 0x410 && value <= 0x42F);
            return isCapital ? value + 32 : value >= 0x400 && value <= 0x40F ? value + 80 : value;
        }
    }
}
