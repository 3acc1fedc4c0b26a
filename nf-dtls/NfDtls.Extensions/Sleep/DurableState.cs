using System;

namespace NfDtls.Extensions
{
    /// <summary>What <see cref="DurableAssociations"/> keeps for one association.</summary>
    internal sealed class DurableState
    {
        /// <summary>Bytes on nanoFramework, with the keys of a suite of AES-256-GCM.</summary>
        internal const int PlannedBytes = (12 * 11) + 96;

        /// <summary>The key block of the epoch.</summary>
        internal byte[] Keys;

        /// <summary>Which bytes of the association were written last; counts up over all its lives.</summary>
        internal long Generation;

        /// <summary>What the promise written last says, while nobody has said that it is stored: the last numbers of both directions, forgeries, and of which epoch.</summary>
        internal long PendingWritable;
        internal long PendingReadable;
        internal long PendingForged;
        internal Epoch PendingEpoch;

        /// <summary>As many forgeries as the stored promise allows for.</summary>
        internal long PromisedForged;

        /// <summary>The highest number of an authentic record that was not promised.</summary>
        internal long Wanted = -1;

        /// <summary>Whether its numbers are promised ahead.</summary>
        internal bool IsDurable;

        /// <summary>Whether the application was asked to store the next promise.</summary>
        internal bool IsAsked;

        internal void Clear()
        {
            Array.Clear(Keys, 0, Keys.Length);
        }
    }
}
