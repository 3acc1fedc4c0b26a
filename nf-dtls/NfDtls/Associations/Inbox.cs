namespace NfDtls
{
    /// <summary>Application data that an association has received and nobody has taken yet: a queue in packets of the pool.</summary>
    internal sealed class Inbox
    {
        private readonly AssociationHost _engine;
        private readonly PacketQueue _records = new PacketQueue();

        // Links of the list of those that keep some.
        internal Inbox Next;
        internal bool IsListed;

        internal Inbox(AssociationHost engine)
        {
            _engine = engine;
        }

        internal int Count
        {
            get { return _records.Count; }
        }

        internal Packet First
        {
            get { return _records.First; }
        }

        /// <summary>Copies the content of an opened record; false where it has no room, or no packet is free.</summary>
        internal bool Add(RecordHeader header, byte[] buffer)
        {
            bool hasRoom = _records.Count < _engine.Options.ReceiveQueue && header.FragmentLength <= _engine.Pool.PayloadSize;
            Packet packet = hasRoom ? _engine.HeldShare.RentToKeep(_records.Count) : null;
            if (packet == null && hasRoom && _records.Count == 0 && _engine.Unread.GiveUpOne())
            {
                packet = _engine.Pool.Rent();
            }

            if (packet == null)
            {
                return false;
            }

            packet.Append(buffer, header.FragmentOffset, header.FragmentLength);
            _records.Add(packet);
            _engine.Unread.Add(this);
            return true;
        }

        /// <summary>Another, which has none, needs the packet more.</summary>
        internal void DropOldest()
        {
            _records.Take().Return();
            _engine.Drop(DropReason.NoBuffer, ContentType.ApplicationData);
        }

        internal Packet Take()
        {
            return _records.Take();
        }

        internal void Clear()
        {
            _records.ReturnAll();
        }
    }
}
