using System;

namespace NfDtls
{
    /// <summary>UTF-8 (RFC 3629), which strings become as identities and hints.</summary>
    internal static class Utf8
    {
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
    }
}
