namespace NfDtls.Crypto.Software
{
    /// <summary>Decisions about secrets without branches. A mask is -1 for yes and 0 for no.</summary>
    internal static class ConstantTime
    {
        /// <summary>Mask: value is 0.</summary>
        internal static int IsZero(int value)
        {
            return ~((value | -value) >> 31);
        }

        /// <summary>Mask: a is less than b; both at least 0.</summary>
        internal static int IsLess(int a, int b)
        {
            return (a - b) >> 31;
        }

        /// <summary>Mask: two ranges hold the same bytes.</summary>
        internal static int AreEqual(byte[] a, int aOffset, byte[] b, int bOffset, int count)
        {
            int difference = 0;
            for (int i = 0; i < count; i++)
            {
                difference |= a[aOffset + i] ^ b[bOffset + i];
            }

            return IsZero(difference);
        }
    }
}
