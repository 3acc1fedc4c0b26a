namespace NfDtls
{
    /// <summary>
    /// Saves associations over a deep sleep or a crash, and takes them back. The seam between those that own associations and
    /// <c>DurableAssociations</c> of NfDtls.Extensions, which is one; it stands in <see cref="DtlsOptions.Features"/>.
    /// </summary>
    public abstract class AssociationSaver : Feature
    {
        internal AssociationSaver()
        {
        }

        /// <summary>Writes a connected association, sealed, and ends the live one (<see cref="DtlsError.Exported"/>). Returns the length.</summary>
        public abstract int Export(Association association, byte[] key, byte[] buffer, int offset);

        /// <summary>Takes back a saved association; returns it, connected, but held until <see cref="PromiseStored"/> or <see cref="SavedIsGone"/>.</summary>
        public abstract Association Import(AssociationHost engine, byte[] key, byte[] saved, int offset, int count, long minimumGeneration, long now);

        /// <summary>Writes the next promise of an association that stays alive. Returns the length.</summary>
        public abstract int WritePromise(Association association, byte[] key, byte[] buffer, int offset);

        /// <summary>The promise written last is in stable storage now.</summary>
        public abstract void PromiseStored(Association association, byte[] saved, int offset);

        /// <summary>Nothing that was saved of an association can be imported any more: it goes on without promises.</summary>
        public abstract void SavedIsGone(Association association);

        /// <summary>The saver among an endpoint's features.</summary>
        /// <exception cref="System.InvalidOperationException">There is none.</exception>
        internal static AssociationSaver Of(AssociationHost endpoint)
        {
            for (int i = 0; i < endpoint.Features.Length; i++)
            {
                AssociationSaver saver = endpoint.Features[i] as AssociationSaver;
                if (saver != null)
                {
                    return saver;
                }
            }

            throw new System.InvalidOperationException("DtlsOptions.Features has no AssociationSaver, such as DurableAssociations.");
        }
    }
}
