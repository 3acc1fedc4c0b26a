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

            byte[] buffer = new byte[text.Length * 3];
            int length = 0;
            for (int i = 0; i < text.Length; i++)
            {
                int scalar = text[i];
                if (scalar == 0)
                {
                    throw new ArgumentException("A string with a NUL cannot be an identity or a hint; pass the bytes instead.", name);
                }

                if (scalar >= 0xD800 && scalar < 0xE000)
                {
                    i++;
                    int low = i < text.Length ? text[i] : 0;
                    if (scalar >= 0xDC00 || low < 0xDC00 || low >= 0xE000)
                    {
                        throw new ArgumentException("A string with half a surrogate pair has no UTF-8 form.", name);
                    }

                    scalar = 0x10000 + ((scalar - 0xD800) << 10) + (low - 0xDC00);
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
            for (int k = extra; k > 0; k--)
            {
                buffer[at + k] = (byte)(0x80 | (scalar & 0x3F));
                scalar >>= 6;
            }

            // As many leading ones as there are bytes.
            buffer[at] = (byte)((0xF0 << (3 - extra)) | scalar);
            return at + extra + 1;
        }
    }
}
