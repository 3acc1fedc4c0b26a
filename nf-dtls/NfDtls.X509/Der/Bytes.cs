namespace NfDtls.X509
{
    /// <summary>Comparisons of public bytes.</summary>
    internal static class Bytes
    {
        internal static bool AreEqual(byte[] a, int aOffset, int aCount, byte[] b, int bOffset, int bCount)
        {
            if (aCount != bCount)
            {
                return false;
            }

            for (int i = 0; i < bCount; i++)
            {
                if (a[aOffset + i] != b[bOffset + i])
                {
                    return false;
                }
            }

            return true;
        }

        /// <summary>An ASCII letter in lower case; any other value as it is.</summary>
        internal static int Lower(int value)
        {
            return value >= 'A' && value <= 'Z' ? value + 32 : value;
        }
    }
}
