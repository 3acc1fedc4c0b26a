using System;

namespace NfDtls.Crypto.Software
{
    /// <summary>Long numbers: arrays of limbs of so many bits each, the lowest first, made from big-endian bytes and back.</summary>
    internal static class Limbs
    {
        /// <summary>Reads a big-endian number. Limbs beyond it become zero, bits beyond the array are lost.</summary>
        internal static void Load(ulong[] to, int width, byte[] from, int offset, int count)
        {
            ulong mask = (1UL << width) - 1;
            ulong pending = 0;
            int bits = 0;
            int limb = 0;
            for (int i = offset + count - 1; i >= offset; i--)
            {
                pending |= (ulong)from[i] << bits;
                bits += 8;
                if (bits >= width)
                {
                    if (limb < to.Length)
                    {
                        to[limb] = pending & mask;
                    }

                    limb++;
                    pending >>= width;
                    bits -= width;
                }
            }

            if (limb < to.Length)
            {
                to[limb] = pending;
                Array.Clear(to, limb + 1, to.Length - limb - 1);
            }
        }

        /// <summary>Writes a big-endian number of exactly <paramref name="count"/> bytes; limbs may be longer than their width.</summary>
        internal static void Store(ulong[] from, int width, byte[] to, int offset, int count)
        {
            ulong mask = (1UL << width) - 1;
            ulong pending = 0;
            ulong carry = 0;
            int bits = 0;
            int limb = 0;
            for (int i = offset + count - 1; i >= offset; i--)
            {
                if (bits < 8)
                {
                    if (limb < from.Length)
                    {
                        carry += from[limb];
                    }

                    limb++;
                    pending |= (carry & mask) << bits;
                    carry >>= width;
                    bits += width;
                }

                to[i] = (byte)pending;
                pending >>= 8;
                bits -= 8;
            }
        }
    }
}
