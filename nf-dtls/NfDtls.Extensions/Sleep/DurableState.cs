using System;

namespace NfDtls.Extensions
{
    /// <summary>What <see cref="DurableAssociations"/> keeps for one association.</summary>
    internal sealed class DurableState
    {
        /// <summary>Bytes on nanoFramework, with the keys of a suite of AES-256-GCM.</summary>
        internal const int PlannedBytes = (12 * 16) + 96;

        /// <summary>The key block of the epoch.</summary>
        internal byte[] Keys;

        /// <summary>Which bytes of the association were written last; counts up over all its lives.</summary>
        internal long Generation;

        /// <summary>What the promise written last says, while nobody has said that it is stored: the last numbers of both directions, and of the epoch read before, forgeries, and of which epochs.</summary>
        internal long PendingWritable;
        internal long PendingReadable;
        internal long PendingReadableBefore;
        internal long PendingForged;
        internal Epoch PendingWrite;
        internal Epoch PendingRead;
        internal Epoch PendingBefore;

        /// <summary>As many forgeries as the stored promise allows for.</summary>
        internal long PromisedForged;

        /// <summary>The highest number of an authentic record that was not promised.</summary>
        internal long Wanted = -1;

        /// <summary>The same of an epoch before the newest one.</summary>
        internal long WantedBefore = -1;

        private long _wantedOf;

        /// <summary>Whether its numbers are promised ahead.</summary>
        internal bool IsDurable;

        /// <summary>Whether the application was asked to store the next promise.</summary>
        internal bool IsAsked;

        /// <summary>The epoch that is read may be another one than before: its numbers begin anew.</summary>
        internal void Follow(long epoch)
        {
            if (epoch != _wantedOf)
            {
                WantedBefore = Wanted;
                Wanted = -1;
                _wantedOf = epoch;
            }
        }

        /// <summary>No promise is waited for.</summary>
        internal void ForgetPending()
        {
            PendingWrite = null;
            PendingRead = null;
            PendingBefore = null;
        }

        internal void Clear()
        {
            Array.Clear(Keys, 0, Keys.Length);
        }
    }
}
