namespace NfDtls
{
    /// <summary>
    /// What an assembly above adds to every association of an endpoint, beyond a hello's extension or a content type: it is told
    /// when one is connected, hears of each authentic record, has a deadline, may bring a form of records. One object serves one
    /// endpoint; what belongs to one association, it keeps with that. Stands in
    /// <see cref="DtlsOptions.Features"/>.
    /// </summary>
    public abstract class Feature
    {
        internal Feature()
        {
        }

        /// <summary>The extensions that it brings to the hellos, or null: they come before a version's own of the same type.</summary>
        internal virtual HelloExtension[] Extensions
        {
            get { return null; }
        }

        /// <summary>The content types that it reads, or null.</summary>
        internal virtual RecordType[] RecordTypes
        {
            get { return null; }
        }

        /// <summary>A form of records beside those of the versions, or null.</summary>
        internal virtual RecordCodec Codec
        {
            get { return null; }
        }

        /// <summary>Bytes that it keeps for a connected association, as MemoryPlan (NfDtls.Planning) counts them.</summary>
        internal virtual int SessionBytes
        {
            get { return 0; }
        }

        /// <summary>The endpoint it serves has been made; its options were checked.</summary>
        internal virtual void Attach(AssociationHost endpoint)
        {
        }

        /// <summary>A handshake has succeeded, and its secrets are still there.</summary>
        internal virtual void OnConnected(Association association, Handshake handshake, long now)
        {
        }

        /// <summary>An authentic record has come, and was not looked at yet; its header is the endpoint's.</summary>
        /// <param name="association">Whose it is.</param>
        /// <param name="isNewest">Whether its number is higher than any before, in the newest epoch read.</param>
        /// <param name="now">The time in milliseconds.</param>
        internal virtual void OnRecord(Association association, bool isNewest, long now)
        {
        }

        /// <summary>When it wants to be called for an association, or never.</summary>
        internal virtual long DeadlineOf(Association association)
        {
            return Deadline.Never;
        }

        /// <summary>Does what the time has come for.</summary>
        internal virtual void HandleTimeout(Association association, long now)
        {
        }

        /// <summary>Derives a key of a connected association; false where that is not what this does.</summary>
        internal virtual bool ExportKey(Association association, string label, byte[] context, byte[] destination, int offset, int count)
        {
            return false;
        }

        /// <summary>An association's keys are being wiped: what it keeps of it is to be forgotten. Called also where nothing was kept.</summary>
        internal virtual void Forget(Association association)
        {
        }
    }
}
