namespace NfDtls
{
    /// <summary>Comparisons whose time tells nothing of the bytes compared.</summary>
    public static class ConstantTime
    {
        /// <summary>Whether two ranges of the same length hold the same bytes.</summary>
        public static bool AreEqual(byte[] a, int aOffset, byte[] b, int bOffset, int count)
        {
            int difference = 0;
            for (int i = 0; i < count; i++)
            {
                difference |= a[aOffset + i] ^ b[bOffset + i];
            }

            return difference == 0;
        }
    }
}
