using System;

namespace NfDtls.Crypto.Software
{
    /// <summary>
    /// Eight affine points, of which a digit from 0 to 15 chooses one and its sign: digit d stands for the odd number 2d - 15,
    /// entry i for the multiple 2i + 1.
    /// </summary>
    internal sealed class PointTable
    {
        internal const int Length = 8;

        // x, then y, then (while the table is made) more.
        private readonly int[][] _entries;

        internal PointTable(int[][] entries)
        {
            _entries = entries;
        }

        /// <summary>Eight entries of as many numbers, from one array: an array initialiser has its price.</summary>
        internal static int[][] Split(int[] numbers)
        {
            int count = numbers.Length / Length;
            int[][] entries = new int[Length][];
            for (int i = 0; i < Length; i++)
            {
                entries[i] = new int[count];
                Array.Copy(numbers, i * count, entries[i], 0, count);
            }

            return entries;
        }

        internal void Store(int entry, int part, long[] value)
        {
            int[] to = _entries[entry];
            int place = part * value.Length;
            for (int i = 0; i < value.Length; i++)
            {
                to[place + i] = (int)value[i];
            }
        }

        internal void Load(int entry, int part, long[] value)
        {
            int[] from = _entries[entry];
            int place = part * value.Length;
            for (int i = 0; i < value.Length; i++)
            {
                value[i] = from[place + i];
            }
        }

        /// <summary>An entry whose place is no secret; its negative where isNegative is -1 and not 0.</summary>
        internal void SelectPublic(int index, long isNegative, long[] x, long[] y, PrimeField field)
        {
            Load(index, 0, x);
            Load(index, 1, y);
            field.Negate(y, isNegative);
        }

        /// <summary>The point of a secret digit: reads all entries, and keeps one by masks.</summary>
        internal void Select(int digit, long[] x, long[] y, PrimeField field)
        {
            int sign = (digit >> 3) - 1;
            int index = (digit ^ sign) & 7;
            Gather(index, 0, x);
            Gather(index, x.Length, y);
            field.Negate(y, sign);
        }

        internal void Clear()
        {
            for (int i = 0; i < Length; i++)
            {
                Array.Clear(_entries[i], 0, _entries[i].Length);
            }
        }

        /// <summary>So many numbers of a secret entry, from a place on.</summary>
        internal void Gather(int index, int place, long[] value)
        {
            int[] e0 = _entries[0];
            int[] e1 = _entries[1];
            int[] e2 = _entries[2];
            int[] e3 = _entries[3];
            int[] e4 = _entries[4];
            int[] e5 = _entries[5];
            int[] e6 = _entries[6];
            int[] e7 = _entries[7];
            int m0 = index - 1 >> 31;
            int m1 = (index ^ 1) - 1 >> 31;
            int m2 = (index ^ 2) - 1 >> 31;
            int m3 = (index ^ 3) - 1 >> 31;
            int m4 = (index ^ 4) - 1 >> 31;
            int m5 = (index ^ 5) - 1 >> 31;
            int m6 = (index ^ 6) - 1 >> 31;
            int m7 = (index ^ 7) - 1 >> 31;
            for (int i = 0; i < value.Length; i++)
            {
                value[i] = (e0[place] & m0) | (e1[place] & m1) | (e2[place] & m2) | (e3[place] & m3)
                    | (e4[place] & m4) | (e5[place] & m5) | (e6[place] & m6) | (e7[place] & m7);
                place++;
            }
        }
    }
}
