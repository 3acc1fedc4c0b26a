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

        /// <summary>The endpoint that it was given to last.</summary>
        internal AssociationHost Owner;

        /// <summary>The extensions that it brings to the hellos, or null: they come before a version's own of the same type.</summary>
        internal virtual HelloExtension[] Extensions
        {
            get { return null; }
        }

        /// <summary>Who keeps sessions to be resumed, or null.</summary>
        internal virtual Resumption Resumption
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

        /// <summary>The most bytes that its extensions take of a hello, with their types and lengths.</summary>
        internal virtual int HelloBytes
        {
            get { return 0; }
        }

        /// <summary>Contexts of the crypto provider that it has for a moment, beside those of sessions and handshakes.</summary>
        internal virtual int Contexts
        {
            get { return 0; }
        }

        /// <summary>Bytes of itself and of what it makes for its endpoint, as MemoryPlan (NfDtls.Planning) counts them.</summary>
        internal virtual int EngineBytes
        {
            get { return 0; }
        }

        /// <summary>Bytes that it keeps for a connected association, as MemoryPlan (NfDtls.Planning) counts them.</summary>
        internal virtual int SessionBytes
        {
            get { return 0; }
        }

        /// <summary>
        /// The place of a server's table that a record of its <see cref="Codec"/> names, or -1. The record's header is the
        /// endpoint's; whose the place is, and whether the record means that one, <see cref="Names"/> says.
        /// </summary>
        internal virtual int FindPlace(byte[] buffer)
        {
            return -1;
        }

        /// <summary>Whether the record in the endpoint's header, of its <see cref="Codec"/>, names an association.</summary>
        internal virtual bool Names(Association association, byte[] buffer)
        {
            return false;
        }

        /// <summary>The endpoint it serves has been made; its options were checked.</summary>
        internal virtual void Attach(AssociationHost endpoint)
        {
        }

        /// <summary>A handshake has read a message, and all its work is done: its secrets, if any, come next. An error ends it.</summary>
        internal virtual DtlsError OnMessage(Association association, Handshake handshake, int type)
        {
            return DtlsError.None;
        }

        /// <summary>A handshake has succeeded, and its secrets are still there. It may be the second, or a later one, of an association.</summary>
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

        /// <summary>
        /// An authentic record has come whose number is above what the association may take (<see cref="Epoch.LastReadable"/>); it was
        /// dropped, and may come again.
        /// </summary>
        internal virtual void OnUnpromised(Association association, long sequence)
        {
        }

        /// <summary>An association goes on with another address of its peer, or by another path.</summary>
        internal virtual void OnMoved(Association association)
        {
        }

        /// <summary>A record was made and waits to be sent, but for those of flights.</summary>
        internal virtual void OnSent(Association association)
        {
        }

        /// <summary><see cref="SavedTag"/> of a version's own part: it makes the epochs, before the others are restored.</summary>
        internal const int VersionTag = 251;

        /// <summary>What its part of a saved association is known by, 1 to 255; 0 where it has none.</summary>
        internal virtual int SavedTag
        {
            get { return 0; }
        }

        /// <summary>Writes what an association needs of it after a deep sleep; nothing where it needs nothing.</summary>
        internal virtual void Save(Association association, WireWriter writer)
        {
        }

        /// <summary>What <see cref="Save"/> wrote last for an association that lives on is in stable storage.</summary>
        internal virtual void OnStored(Association association)
        {
        }

        /// <summary>Reads what <see cref="Save"/> wrote, all of it; null where it is not that. Nothing is changed yet.</summary>
        internal virtual object ReadSaved(WireReader reader)
        {
            return null;
        }

        /// <summary>What was read so finds no place: its secrets are wiped.</summary>
        internal virtual void DropSaved(object saved)
        {
        }

        /// <summary>Whether the records of an association that was read so say themselves whose they are.</summary>
        internal virtual bool NamesReceiver(object saved)
        {
            return false;
        }

        /// <summary>An association is back, with its epochs; what was read belongs to it. Cannot fail.</summary>
        internal virtual void Restore(Association association, object saved)
        {
        }

        /// <summary>An authentic handshake record has come to a connected association without a handshake: whether it is this feature's.</summary>
        internal virtual bool OnHandshakeRecord(Association association, byte[] buffer, long now)
        {
            return false;
        }

        /// <summary>A datagram of a last flight was made, which goes to the association's address unless this gives it another.</summary>
        internal virtual void OnLastFlight(Association association, Packet packet)
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

        /// <summary>Begins to renegotiate; false where that is not what this does.</summary>
        internal virtual bool Renegotiate(Association association, long now)
        {
            return false;
        }

        /// <summary>
        /// A handshake message has come while no handshake runs; its header is the endpoint's, its record's, too. False where nobody here
        /// takes it.
        /// </summary>
        internal virtual bool HandleMessage(Association association, byte[] buffer, long now)
        {
            return false;
        }

        /// <summary>The peer refuses to renegotiate, by a warning.</summary>
        internal virtual void OnNoRenegotiation(Association association)
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
