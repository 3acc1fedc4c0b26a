using System;

namespace NfDtls.Crypto.Software
{
    /// <summary>ECDSA signatures in DER (RFC 3279 section 2.2.3): a sequence of the integers r and s, in one encoding only.</summary>
    internal static class DerSignature
    {
        /// <summary>Writes r and s, of as many bytes each, and returns the bytes of it.</summary>
        internal static int Write(byte[] r, byte[] s, byte[] to, int offset)
        {
            int end = WriteInteger(r, to, offset + 2);
            end = WriteInteger(s, to, end);
            to[offset] = 0x30;
            to[offset + 1] = (byte)(end - offset - 2);
            return end - offset;
        }

        /// <summary>Reads r and s into arrays of a scalar's length; false where anything is not as DER has it, or too long.</summary>
        internal static bool TryRead(byte[] from, int offset, int count, byte[] r, byte[] s)
        {
            // Two integers of at most 49 bytes: all lengths take one byte.
            if (count < 8 || count > 0x81 || from[offset] != 0x30 || from[offset + 1] != count - 2)
            {
                return false;
            }

            int end = offset + count;
            int place = ReadInteger(from, offset + 2, end, r);
            return place > 0 && ReadInteger(from, place, end, s) == end;
        }

        private static int WriteInteger(byte[] value, byte[] to, int offset)
        {
            int skip = 0;
            while (skip < value.Length - 1 && value[skip] == 0)
            {
                skip++;
            }

            int lead = value[skip] >> 7;
            int count = value.Length - skip;
            to[offset] = 2;
            to[offset + 1] = (byte)(lead + count);
            to[offset + 2] = 0;
            Array.Copy(value, skip, to, offset + 2 + lead, count);
            return offset + 2 + lead + count;
        }

        /// <summary>Returns the place behind the integer, or 0.</summary>
        private static int ReadInteger(byte[] from, int place, int end, byte[] value)
        {
            if (end - place < 3 || from[place] != 2)
            {
                return 0;
            }

            int count = from[place + 1];
            place += 2;
            if (count == 0 || count > end - place || from[place] > 0x7F)
            {
                return 0;
            }

            int next = place + count;
            if (count > 1 && from[place] == 0)
            {
                // A leading zero is there only for a byte that would make the number negative.
                place++;
                count--;
                if (from[place] < 0x80)
                {
                    return 0;
                }
            }

            if (count > value.Length)
            {
                return 0;
            }

            Array.Clear(value, 0, value.Length - count);
            Array.Copy(from, place, value, value.Length - count, count);
            return next;
        }
    }
}
