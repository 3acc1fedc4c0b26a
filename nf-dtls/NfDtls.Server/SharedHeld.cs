namespace NfDtls.Server
{
    /// <summary>What the handshakes of a server hold together of records that nobody has opened yet, in the order that they began to.</summary>
    internal sealed class SharedHeld : HeldShare
    {
        private HeldRecords _last;

        internal SharedHeld(DtlsServerEngine engine)
            : base(engine)
        {
        }

        /// <summary>Who holds more than the new one would gives one up.</summary>
        protected override Packet TakeFor(HeldRecords holder)
        {
            Sift();
            HeldRecords largest = First;
            for (HeldRecords other = largest; other != null; other = other.Next)
            {
                largest = other.Count > largest.Count ? other : largest;
            }

            if (largest == null || largest.Count <= holder.Count + 1)
            {
                return null;
            }

            largest.DropOldest();
            return Endpoint.Pool.Rent();
        }

        protected override void List(HeldRecords holder)
        {
            if (holder.IsListed)
            {
                return;
            }

            holder.IsListed = true;
            if (_last == null)
            {
                First = holder;
            }
            else
            {
                _last.Next = holder;
            }

            _last = holder;
        }

        protected override void Sift()
        {
            while (First != null && First.Count == 0)
            {
                HeldRecords holder = First;
                First = holder.Next;
                holder.Next = null;
                holder.IsListed = false;
                _last = First == null ? null : _last;
            }
        }
    }
}
