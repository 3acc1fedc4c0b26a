using System;

namespace NfDtls
{
    /// <summary>Comparisons whose time tells nothing of the bytes compared.</summary>
    public static class ConstantTime
    {
        private const int Word = 8;

        /// <summary>Whether two ranges of the same length hold the same bytes.</summary>
        public static bool AreEqual(byte[] a, int aOffset, byte[] b, int bOffset, int count)
        {
            // Eight at a time, as an interpreter has a call for all of them.
            long difference = 0;
            int left = count;
            for (; left >= Word; left -= Word)
            {
                difference |= BitConverter.ToInt64(a, aOffset + left - Word) ^ BitConverter.ToInt64(b, bOffset + left - Word);
            }

            while (left > 0)
            {
                left--;
                difference |= (long)(a[aOffset + left] ^ b[bOffset + left]);
            }

            return difference == 0;
        }
    }
}
