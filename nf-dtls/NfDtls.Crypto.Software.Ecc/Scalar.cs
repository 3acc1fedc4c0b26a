using System;

namespace NfDtls.Crypto.Software
{
    /// <summary>Scalars as bytes, the most significant first, in no time that depends on their value.</summary>
    internal static class Scalar
    {
        /// <summary>Whether a scalar is from 1 to the order less 1; that it is, is no secret.</summary>
        internal static bool IsInRange(byte[] scalar, int offset, byte[] order)
        {
            int borrow = 0;
            int bits = 0;
            for (int i = order.Length - 1; i >= 0; i--)
            {
                int value = scalar[offset + i];
                bits |= value;
                borrow = value - order[i] + borrow >> 31;
            }

            return (borrow & bits) != 0;
        }

        /// <summary>Takes a private key's scalar into as many bytes as its order has; false where it is no key of that order.</summary>
        internal static bool TryCopy(StoredPrivateKey key, byte[] scalar, byte[] order)
        {
            return TryCopy(key.Buffer, key.OffsetOf(StoredPrivateKey.Scalar), key.CountOf(StoredPrivateKey.Scalar), scalar)
                && IsInRange(scalar, 0, order);
        }

        /// <summary>
        /// Takes a number with leading zeros, or without, into as many bytes as the scalar has; false where it does not fit.
        /// </summary>
        private static bool TryCopy(byte[] from, int offset, int count, byte[] scalar)
        {
            int lost = 0;
            for (; count > scalar.Length; count--)
            {
                lost |= from[offset++];
            }

            int lead = scalar.Length - count;
            for (int i = 0; i < scalar.Length; i++)
            {
                scalar[i] = i < lead ? (byte)0 : from[offset + i - lead];
            }

            return lost == 0;
        }

        /// <summary>
        /// Makes an odd scalar of one from 1 to the order less 1, where it is even by taking it from the order, and then the
        /// bits s of its signed binary form: the sum of 2^i where bit i is set, and of -2^i where it is not.
        /// </summary>
        /// <returns>-1 where the scalar's negative was taken, else 0.</returns>
        internal static int Recode(byte[] scalar, byte[] order)
        {
            int last = scalar.Length - 1;
            int even = (scalar[last] & 1) - 1;
            int borrow = 0;
            for (int i = last; i >= 0; i--)
            {
                int negative = order[i] - scalar[i] + borrow;
                borrow = negative >> 31;
                scalar[i] ^= (byte)((scalar[i] ^ negative) & even);
            }

            int carry = 1;
            for (int i = 0; i <= last; i++)
            {
                int value = scalar[i];
                scalar[i] = (byte)(value >> 1 | carry << 7);
                carry = value & 1;
            }

            return even;
        }

        /// <summary>Four bits of a recoded scalar, the window's place counted from the low end.</summary>
        internal static int Window(byte[] scalar, int place)
        {
            return scalar[scalar.Length - 1 - (place >> 1)] >> 4 * (place & 1) & 15;
        }

        /// <summary>Every 64th bit of a recoded scalar of 256, from a column on.</summary>
        internal static int Column(byte[] scalar, int column)
        {
            int place = 31 - (column >> 3);
            int shift = column & 7;
            return (scalar[place] >> shift & 1) | (scalar[place - 8] >> shift & 1) << 1
                | (scalar[place - 16] >> shift & 1) << 2 | (scalar[place - 24] >> shift & 1) << 3;
        }

        /// <summary>Digits of a scalar of so many bytes.</summary>
        internal static int DigitCount(int size)
        {
            return 8 * size + 1;
        }

        /// <summary>
        /// The digits of a scalar, the lowest first: each 0, or odd and between -15 and 15 with four zeros behind it. Not in
        /// constant time.
        /// </summary>
        internal static void MakeDigits(byte[] scalar, int size, sbyte[] digits)
        {
            Array.Clear(digits, 0, digits.Length);
            int carry = 0;
            int bits = 0;
            int ahead = 0;
            int place = size - 1;
            int i = 0;
            while (i < digits.Length)
            {
                if (ahead < 5)
                {
                    bits |= (place < 0 ? 0 : scalar[place]) << ahead;
                    place--;
                    ahead += 8;
                }

                int count = 1;
                if ((bits & 1) != carry)
                {
                    int digit = (bits & 31) + carry;
                    carry = digit >> 4;
                    digits[i] = (sbyte)(digit - (carry << 5));
                    count = 5;
                }

                bits >>= count;
                ahead -= count;
                i += count;
            }
        }

        /// <summary>The place of a digit's point among the odd multiples.</summary>
        internal static int IndexOf(int digit)
        {
            return (digit < 0 ? -digit : digit) >> 1;
        }
    }
}
