using System;

namespace NfDtls.Dtls13
{
    /// <summary>The secret of an epoch before the one that is read, from which its keys can be made again.</summary>
    internal class EpochBefore
    {
        internal readonly byte[] Secret;
        internal readonly long Number;

        internal EpochBefore(long number, byte[] secret, int offset, int size)
        {
            Number = number;
            Secret = new byte[size];
            Array.Copy(secret, offset, Secret, 0, size);
        }

        /// <summary>When it ends by itself: the epoch says that, where there is one.</summary>
        internal virtual long Ends
        {
            get { return Deadline.Never; }
        }

        internal virtual void Clear()
        {
            Array.Clear(Secret, 0, Secret.Length);
        }
    }
}
