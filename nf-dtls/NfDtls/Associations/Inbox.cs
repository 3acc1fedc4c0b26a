namespace NfDtls
{
    /// <summary>Application data that an association has received and nobody has taken yet: a queue in packets of the pool.</summary>
    internal sealed class Inbox : PacketQueue
    {
        // Links of the list of those that keep some.
        internal Inbox Next;
        internal bool IsListed;

        /// <summary>Copies the content of an opened record; false where it has no room, or no packet is free.</summary>
        /// <param name="engine">Has the record's header, which says where the content is.</param>
        /// <param name="buffer">Holds it.</param>
        internal bool Add(AssociationHost engine, byte[] buffer)
        {
            RecordHeader header = engine.Header;
            bool hasRoom = Count < engine.Options.ReceiveQueue && header.FragmentLength <= engine.Pool.PayloadSize;
            Packet packet = hasRoom ? engine.HeldShare.RentToKeep(Count) : null;
            if (packet == null && hasRoom && Count == 0 && engine.Unread.GiveUpOne(engine))
            {
                packet = engine.Pool.Rent();
            }

            if (packet == null)
            {
                return false;
            }

            packet.Append(buffer, header.FragmentOffset, header.FragmentLength);
            Add(packet);
            engine.Unread.Add(this);
            return true;
        }

        /// <summary>Another, which has none, needs the packet more.</summary>
        internal void DropOldest(Endpoint engine)
        {
            Take().Return();
            engine.Drop(DropReason.NoBuffer, ContentType.ApplicationData);
        }
    }
}
