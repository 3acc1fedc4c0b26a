namespace NfDtls
{
    /// <summary>
    /// What the handshakes of an endpoint may hold of records that nobody has opened yet: half of the pool, as far as their
    /// associations' shares allow. They give way when anything else needs a packet. This is a client's, with one handshake; a server's
    /// shares out among many (NfDtls.Server).
    /// </summary>
    internal class HeldShare
    {
        protected readonly Endpoint Endpoint;

        /// <summary>Who has held longest, of those that hold any.</summary>
        protected HeldRecords First;

        private int _count;

        internal HeldShare(Endpoint endpoint)
        {
            Endpoint = endpoint;
        }

        /// <summary>A packet for what passes through, or null.</summary>
        internal Packet Rent()
        {
            if (Endpoint.Packets.FreeCount == 0)
            {
                GiveWay();
            }

            return Endpoint.Packets.Rent();
        }

        /// <summary>A packet for an authentic record, to be kept by one that keeps some already, or null.</summary>
        internal Packet RentToKeep(int kept)
        {
            if (Endpoint.Packets.FreeCount == 0)
            {
                // What gives way counts as free.
                GiveWay();
            }

            return Endpoint.RentToKeep(kept - _count);
        }

        /// <summary>A packet to hold a record in, or null, for one whose association keeps some already.</summary>
        internal Packet RentFor(HeldRecords holder, int kept)
        {
            Packet packet = _count < Endpoint.Pool.Count / 2 ? Endpoint.RentToKeep(kept) : null;
            packet = packet == null ? TakeFor(holder) : packet;
            if (packet != null)
            {
                _count++;
                List(holder);
            }

            return packet;
        }

        /// <summary>A held record is given back.</summary>
        internal void Returned()
        {
            _count--;
        }

        /// <summary>Where all is taken: a packet of another's that holds more, or null.</summary>
        protected virtual Packet TakeFor(HeldRecords holder)
        {
            return null;
        }

        /// <summary>One holds something.</summary>
        protected virtual void List(HeldRecords holder)
        {
            First = holder;
        }

        /// <summary>Those that hold nothing any more fall out.</summary>
        protected virtual void Sift()
        {
            First = First != null && First.Count > 0 ? First : null;
        }

        private void GiveWay()
        {
            Sift();
            if (First != null)
            {
                First.DropOldest();
            }
        }
    }
}
