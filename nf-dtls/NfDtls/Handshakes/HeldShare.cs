namespace NfDtls
{
    /// <summary>
    /// What all handshakes of an endpoint may hold together of records that nobody has opened yet: half of the pool, as far as
    /// their associations' shares allow. They give way when anything else needs a packet.
    /// </summary>
    internal sealed class HeldShare
    {
        private readonly Endpoint _endpoint;
        private HeldRecords _first;
        private HeldRecords _last;
        private int _count;

        internal HeldShare(Endpoint endpoint)
        {
            _endpoint = endpoint;
        }

        /// <summary>A packet for what passes through, or null.</summary>
        internal Packet Rent()
        {
            GiveWay();
            return _endpoint.Pool.Rent();
        }

        /// <summary>A packet for an authentic record, to be kept by one that keeps some already, or null.</summary>
        internal Packet RentToKeep(int kept)
        {
            // What gives way counts as free.
            GiveWay();
            return _endpoint.RentToKeep(kept - _count);
        }

        /// <summary>
        /// A packet to hold a record in, or null, for one whose association keeps some already. Where all is taken, who holds more
        /// than the new one would gives one up.
        /// </summary>
        internal Packet RentFor(HeldRecords holder, int kept)
        {
            Packet packet = _count < _endpoint.Pool.Count / 2 ? _endpoint.RentToKeep(kept) : null;
            if (packet == null)
            {
                HeldRecords other = LargestHolder();
                if (other == null || other.Count <= holder.Count + 1)
                {
                    return null;
                }

                other.DropOldest();
                packet = _endpoint.Pool.Rent();
            }

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

        private void GiveWay()
        {
            if (_endpoint.Pool.Available == 0 && FirstHolder() != null)
            {
                _first.DropOldest();
            }
        }

        /// <summary>Who has held longest, or null: those that hold nothing any more fall out here.</summary>
        private HeldRecords FirstHolder()
        {
            while (_first != null && _first.Count == 0)
            {
                TakeFirst();
            }

            return _first;
        }

        /// <summary>Who holds most, or null.</summary>
        private HeldRecords LargestHolder()
        {
            HeldRecords largest = FirstHolder();
            for (HeldRecords holder = largest; holder != null; holder = holder.Next)
            {
                largest = holder.Count > largest.Count ? holder : largest;
            }

            return largest;
        }

        private void TakeFirst()
        {
            HeldRecords holder = _first;
            _first = holder.Next;
            holder.Next = null;
            holder.IsListed = false;
            if (_first == null)
            {
                _last = null;
            }
        }

        private void List(HeldRecords holder)
        {
            if (holder.IsListed)
            {
                return;
            }

            holder.IsListed = true;
            if (_last == null)
            {
                _first = holder;
            }
            else
            {
                _last.Next = holder;
            }

            _last = holder;
        }
    }
}
