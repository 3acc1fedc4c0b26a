using System;

namespace NfDtls
{
    /// <summary>UTF-8 (RFC 3629) as identities and hints need it.</summary>
    internal static class Utf8
    {
        internal static bool IsWellFormed(byte[] bytes)
        {
            int i = 0;
            while (i < bytes.Length)
            {
                int lead = bytes[i];
                int extra = lead < 0x80 ? 0 : lead >= 0xC2 && lead <= 0xDF ? 1 : lead >= 0xE0 && lead <= 0xEF ? 2 : lead >= 0xF0 && lead <= 0xF4 ? 3 : -1;
                if (extra < 0 || i + extra >= bytes.Length)
                {
                    return false;
                }

                for (int k = 1; k <= extra; k++)
                {
                    if ((bytes[i + k] & 0xC0) != 0x80)
                    {
                        return false;
                    }
                }

                if (extra > 1 && !IsShortestScalar(lead, bytes[i + 1]))
                {
                    return false;
                }

                i += extra + 1;
            }

            return true;
        }

        /// <summary>The UTF-8 form of a string without NUL, at which nanoFramework's strings end.</summary>
        internal static byte[] Encode(string text, string name)
        {
            if (text == null)
            {
                return null;
            }

            for (int i = 0; i < text.Length; i++)
            {
                if (text[i] == 0)
                {
                    throw new ArgumentException("A string with a NUL cannot be an identity or a hint; pass the bytes instead.", name);
                }
            }

            byte[] buffer = new byte[text.Length * 3];
            int length = 0;
            for (int i = 0; i < text.Length; i++)
            {
                int scalar = text[i];
                if (scalar >= 0xD800 && scalar < 0xE000)
                {
                    bool paired = scalar < 0xDC00 && i + 1 < text.Length && text[i + 1] >= 0xDC00 && text[i + 1] < 0xE000;
                    if (!paired)
                    {
                        throw new ArgumentException("A string with half a surrogate pair has no UTF-8 form.", name);
                    }

                    i++;
                    scalar = 0x10000 + ((scalar - 0xD800) << 10) + (text[i] - 0xDC00);
                }

                length = Append(buffer, length, scalar);
            }

            byte[] exact = new byte[length];
            Array.Copy(buffer, exact, length);
            return exact;
        }

        private static int Append(byte[] buffer, int at, int scalar)
        {
            if (scalar < 0x80)
            {
                buffer[at] = (byte)scalar;
                return at + 1;
            }

            int extra = scalar < 0x800 ? 1 : scalar < 0x10000 ? 2 : 3;
            int lead = extra == 1 ? 0xC0 : extra == 2 ? 0xE0 : 0xF0;
            for (int k = extra; k > 0; k--)
            {
                buffer[at + k] = (byte)(0x80 | (scalar & 0x3F));
                scalar >>= 6;
            }

            buffer[at] = (byte)(lead | scalar);
            return at + extra + 1;
        }

        /// <summary>No overlong forms, no surrogates, nothing above U+10FFFF.</summary>
        private static bool IsShortestScalar(int lead, int second)
        {
            switch (lead)
            {
                case 0xE0: return second >= 0xA0;
                case 0xED: return second < 0xA0;
                case 0xF0: return second >= 0x90;
                case 0xF4: return second < 0x90;
                default: return true;
            }
        }
    }
}
