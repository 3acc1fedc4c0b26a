namespace NfDtls.X509
{
    /// <summary>
    /// Compares names of subjects and issuers as RFC 5280 section 7.1 asks: one relative name after the other, the attributes of
    /// each as a set, their values prepared (<see cref="PreparedText"/>) where they are text, else byte by byte. The names were
    /// read (<see cref="NameReader"/>). Never allocates.
    /// </summary>
    internal static class DirectoryName
    {
        /// <summary>Turns that are enough for any name in use: what goes beyond is compared byte by byte alone.</summary>
        internal const int MaxTurns = 1024;

        // Attributes of one relative name; it has one, now and then two.
        private const int MaxInSet = 8;
        private const int TurnsAnAttribute = 4;

        /// <summary>Whether two names are the same; what was looked at is taken from the turns.</summary>
        internal static bool AreEqual(byte[] a, int aOffset, int aCount, byte[] b, int bOffset, int bCount, ref int turns)
        {
            turns -= 1 + (aCount == bCount ? aCount >> 3 : 0);
            if (Bytes.AreEqual(a, aOffset, aCount, b, bOffset, bCount))
            {
                return true;
            }

            int left = MaxTurns;
            bool areEqual = Compare(a, aOffset, aOffset + aCount, b, bOffset, bOffset + bCount, false, false, ref left);
            turns -= MaxTurns - left;
            return areEqual;
        }

        /// <summary>The same for those who do not count.</summary>
        internal static bool AreEqual(byte[] a, int aOffset, int aCount, byte[] b, int bOffset, int bCount)
        {
            int turns = 0;
            return AreEqual(a, aOffset, aCount, b, bOffset, bCount, ref turns);
        }

        /// <summary>
        /// Whether a name lies within a subtree: begins with the same relative names. For an excluded subtree the answer is yes,
        /// too, where a comparison remains in doubt.
        /// </summary>
        internal static bool IsWithin(byte[] name, int offset, int end, byte[] subtree, int at, int subtreeEnd, bool isExcluded, ref int turns)
        {
            int left = int.MaxValue;
            bool isWithin = Compare(name, offset, end, subtree, at, subtreeEnd, true, isExcluded, ref left);
            turns -= int.MaxValue - left;
            return isWithin;
        }

        private static bool Compare(byte[] a, int aOffset, int aEnd, byte[] b, int bOffset, int bEnd, bool isPart, bool inDoubt, ref int turns)
        {
            int aAt = DerReader.ContentOf(a, aOffset);
            int bAt = DerReader.ContentOf(b, bOffset);
            while (bAt < bEnd)
            {
                if (aAt >= aEnd || !IsSameSet(a, aAt, b, bAt, inDoubt, ref turns))
                {
                    return false;
                }

                aAt = DerReader.EndOf(a, aAt);
                bAt = DerReader.EndOf(b, bAt);
            }

            return isPart || aAt >= aEnd;
        }

        /// <summary>Whether two relative names have the same attributes, in any order: one with text of another type stands elsewhere.</summary>
        private static bool IsSameSet(byte[] a, int aSet, byte[] b, int bSet, bool inDoubt, ref int turns)
        {
            int aCount = CountOf(a, aSet);
            int bCount = CountOf(b, bSet);
            if (aCount != bCount || aCount > MaxInSet)
            {
                return inDoubt && aCount > MaxInSet;
            }

            int used = 0;
            int aAt = DerReader.ContentOf(a, aSet);
            for (int i = 0; i < aCount; i++)
            {
                int bAt = DerReader.ContentOf(b, bSet);
                int j = 0;
                while (j < bCount && ((used & (1 << j)) != 0 || !IsSameAttribute(a, aAt, b, bAt, inDoubt, ref turns)))
                {
                    bAt = DerReader.EndOf(b, bAt);
                    j++;
                }

                if (j == bCount)
                {
                    return false;
                }

                used |= 1 << j;
                aAt = DerReader.EndOf(a, aAt);
            }

            return true;
        }

        private static bool IsSameAttribute(byte[] a, int aAt, byte[] b, int bAt, bool inDoubt, ref int turns)
        {
            turns -= TurnsAnAttribute;
            aAt = DerReader.ContentOf(a, aAt);
            bAt = DerReader.ContentOf(b, bAt);
            int aValue = DerReader.EndOf(a, aAt);
            int bValue = DerReader.EndOf(b, bAt);
            if (!Bytes.AreEqual(a, aAt, aValue - aAt, b, bAt, bValue - bAt))
            {
                return false;
            }

            int aTag = a[aValue];
            int bTag = b[bValue];
            int aEnd = DerReader.EndOf(a, aValue);
            int bEnd = DerReader.EndOf(b, bValue);
            aValue = DerReader.ContentOf(a, aValue);
            bValue = DerReader.ContentOf(b, bValue);
            if (!PreparedText.IsText(aTag) || !PreparedText.IsText(bTag))
            {
                return aTag == bTag && Bytes.AreEqual(a, aValue, aEnd - aValue, b, bValue, bEnd - bValue);
            }

            return PreparedText.AreEqual(aTag, a, aValue, aEnd, bTag, b, bValue, bEnd, ref turns)
                || (inDoubt && (PreparedText.IsDoubtful(aTag, a, aValue, aEnd, ref turns) || PreparedText.IsDoubtful(bTag, b, bValue, bEnd, ref turns)));
        }

        private static int CountOf(byte[] buffer, int set)
        {
            int end = DerReader.EndOf(buffer, set);
            int count = 0;
            for (int at = DerReader.ContentOf(buffer, set); at < end; at = DerReader.EndOf(buffer, at))
            {
                count++;
            }

            return count;
        }
    }
}
