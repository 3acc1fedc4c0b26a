namespace NfDtls.Dtls13
{
    /// <summary>Record numbers of which only the last bits are sent (RFC 9147 section 4.2.2).</summary>
    internal static class RecordNumber
    {
        /// <summary>
        /// Numbers below this one may go out with 8 bits: whatever of them was lost or came late, no other number with these bits is
        /// as near to what the peer expects. Of later ones nobody knows how far the peer has come, and they take 16.
        /// </summary>
        internal const int ShortBelow = 128;

        /// <summary>The number with these last bits that is nearest to the one expected: never below 0, nor too large to be sent.</summary>
        /// <param name="expected">One more than the highest that was authentic.</param>
        /// <param name="low">The last bits.</param>
        /// <param name="bits">How many: 8 or 16.</param>
        internal static long Nearest(long expected, int low, int bits)
        {
            long range = 1L << bits;
            long number = (expected & ~(range - 1)) | (uint)low;
            if (number > expected + (range >> 1) && number >= range)
            {
                return number - range;
            }

            return number < expected - (range >> 1) && number + range <= Epoch.LastSequence ? number + range : number;
        }

        /// <summary>The low two bits of an epoch's number say which it is: whether a number has them.</summary>
        internal static bool IsEpoch(long number, int low)
        {
            return ((int)number & UnifiedCodec.EpochMask) == low;
        }
    }
}
