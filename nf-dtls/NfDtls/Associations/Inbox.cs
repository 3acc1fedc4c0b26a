namespace NfDtls
{
    /// <summary>Application data that an association has received and nobody has taken yet: a queue in packets of the pool.</summary>
    internal sealed class Inbox : PacketQueue
    {
        // Links of the list of those that keep some.
        internal Inbox Next;
        internal bool IsListed;

        /// <summary>How many of the last came in an epoch whose handshake has not succeeded yet, or behind such: nobody sees them before.</summary>
        internal int Hidden;

        /// <summary>How many may be seen.</summary>
        internal int Visible
        {
            get { return Count - Hidden; }
        }

        /// <summary>Copies the content of an opened record; false where it has no room, or no packet is free.</summary>
        /// <param name="engine">Has the record's header, which says where the content is.</param>
        /// <param name="buffer">Holds it.</param>
        /// <param name="isProven">Whether it is the peer's without doubt.</param>
        internal bool Add(AssociationHost engine, byte[] buffer, bool isProven)
        {
            RecordHeader header = engine.Header;
            int kept = Count;
            bool hasRoom = (kept == 0 || kept < engine.Options.ReceiveQueue) && header.FragmentLength <= engine.Packets.ContentSize;
            Packet packet = hasRoom ? engine.HeldShare.RentToKeep(kept) : null;
            if (packet == null && hasRoom && kept == 0 && engine.GiveUpUnread())
            {
                packet = engine.Packets.Rent();
            }

            if (packet == null)
            {
                return false;
            }

            packet.Append(buffer, header.FragmentOffset, header.FragmentLength);
            Add(packet);
            if (!isProven || Hidden > 0)
            {
                Hidden++;
            }

            engine.NoteUnread(this);
            return true;
        }

        /// <summary>The handshake has failed: what waited for it goes.</summary>
        internal void DropHidden()
        {
            for (int left = Visible; left > 0; left--)
            {
                Add(Take());
            }

            for (; Hidden > 0; Hidden--)
            {
                Take().Return();
            }
        }
    }
}
