namespace NfDtls
{
    /// <summary>
    /// Which fragment went out in which record. "Resend all" does not need it; a version that resends what is not acknowledged
    /// (DTLS 1.3) brings one that finds the fragment which a record number names.
    /// </summary>
    internal abstract class SendingLog
    {
        /// <summary>The flight has ended: what was sent of it counts no more.</summary>
        internal abstract void Clear();

        /// <summary>A fragment was sent, for the first time or again.</summary>
        /// <param name="epoch">The record's epoch.</param>
        /// <param name="sequence">The record's number in it.</param>
        /// <param name="message">The message's place in the flight.</param>
        /// <param name="offset">Where in the message the fragment begins.</param>
        /// <param name="length">Bytes of it; 0 for an empty message.</param>
        internal abstract void Add(long epoch, long sequence, int message, int offset, int length);

        /// <summary>How many bytes of a message, from an offset on, the peer is known to have; -1 where it lacks the next, or an empty message.</summary>
        /// <param name="message">The message's place in the flight.</param>
        /// <param name="offset">Where in the message.</param>
        /// <param name="left">Bytes behind that.</param>
        internal virtual int CountKnown(int message, int offset, int left)
        {
            return -1;
        }

        /// <summary>How many bytes it lacks, up to the next that it has.</summary>
        internal virtual int CountUnknown(int message, int offset, int left)
        {
            return left;
        }
    }
}
