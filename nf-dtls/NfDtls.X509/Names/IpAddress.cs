namespace NfDtls.X509
{
    /// <summary>IP addresses as text: RFC 4291 section 2.2, with a zone or without, and dotted decimals.</summary>
    internal static class IpAddress
    {
        internal const int MaxLength = 16;
        private const string HexDigits = "0123456789abcdef";

        /// <summary>Reads an address into 4 or 16 bytes; the result says which, 0 where the text is no address.</summary>
        internal static int Parse(string text, byte[] destination)
        {
            bool isV6 = false;
            for (int i = 0; i < text.Length; i++)
            {
                isV6 |= text[i] == ':';
            }

            if (isV6)
            {
                // A zone (RFC 4007 section 11) says which way to go from here; no certificate knows it.
                int zone = text.IndexOf('%');
                if (zone == text.Length - 1)
                {
                    return 0;
                }

                return ParseV6(zone < 0 ? text : text.Substring(0, zone), destination) ? 16 : 0;
            }

            return ParseV4(text, 0, destination, 0) ? 4 : 0;
        }

        /// <summary>The address as text; IPv6 as eight groups, without abbreviation.</summary>
        internal static string Text(byte[] buffer, int offset, int count)
        {
            string text = "";
            for (int i = 0; i < count; i++)
            {
                int value = buffer[offset + i];
                if (count == 4)
                {
                    text += (i > 0 ? "." : "") + value.ToString();
                }
                else
                {
                    text += (i > 0 && i % 2 == 0 ? ":" : "") + HexDigits[value >> 4] + HexDigits[value & 15];
                }
            }

            return text;
        }

        /// <summary>Four decimals from 0 to 255 without leading zeros, up to the text's end.</summary>
        private static bool ParseV4(string text, int at, byte[] destination, int offset)
        {
            for (int part = 0; part < 4; part++)
            {
                int begin = at;
                int value = 0;
                while (at < text.Length && text[at] >= '0' && text[at] <= '9' && at - begin < 3)
                {
                    value = value * 10 + text[at++] - '0';
                }

                bool hasZero = at - begin > 1 && text[begin] == '0';
                bool isEnded = part == 3 ? at == text.Length : at < text.Length && text[at] == '.';
                if (at == begin || hasZero || value > 255 || !isEnded)
                {
                    return false;
                }

                destination[offset + part] = (byte)value;
                at++;
            }

            return true;
        }

        private static bool ParseV6(string text, byte[] destination)
        {
            int length = 0;
            int gap = -1;
            int at = 0;
            if (text.Length >= 2 && text[0] == ':' && text[1] == ':')
            {
                gap = 0;
                at = 2;
            }

            while (at < text.Length)
            {
                int begin = at;
                int value = 0;
                while (at < text.Length && HexDigit(text[at]) >= 0 && at - begin < 4)
                {
                    value = (value << 4) | HexDigit(text[at++]);
                }

                if (at < text.Length && text[at] == '.' && length <= 12)
                {
                    if (!ParseV4(text, begin, destination, length))
                    {
                        return false;
                    }

                    length += 4;
                    break;
                }

                if (at == begin || length == 16)
                {
                    return false;
                }

                destination[length++] = (byte)(value >> 8);
                destination[length++] = (byte)value;
                if (at == text.Length)
                {
                    break;
                }

                if (text[at++] != ':' || at == text.Length)
                {
                    return false;
                }

                if (text[at] == ':')
                {
                    if (gap >= 0)
                    {
                        return false;
                    }

                    gap = length;
                    at++;
                }
            }

            return Spread(destination, length, gap);
        }

        /// <summary>Moves what stands behind the :: to the end, and puts at least one group of zeros before it.</summary>
        private static bool Spread(byte[] destination, int length, int gap)
        {
            if (gap < 0 || length == 16)
            {
                return gap < 0 && length == 16;
            }

            int behind = length - gap;
            for (int i = 1; i <= behind; i++)
            {
                destination[16 - i] = destination[length - i];
            }

            for (int i = gap; i < 16 - behind; i++)
            {
                destination[i] = 0;
            }

            return true;
        }

        private static int HexDigit(int digit)
        {
            if (digit >= '0' && digit <= '9') return digit - '0';
            digit = Bytes.Lower(digit);
            return digit >= 'a' && digit <= 'f' ? digit - 'a' + 10 : -1;
        }
    }
}
