namespace NfDtls
{
    /// <summary>Packets in the order they came, linked through themselves: a queue that allocates nothing.</summary>
    internal class PacketQueue
    {
        /// <summary>Packets in it.</summary>
        internal int Count;

        private Packet _first;
        private Packet _last;

        internal Packet First
        {
            get { return _first; }
        }

        /// <summary>Adds a packet, which is in no queue and so has none behind it.</summary>
        internal void Add(Packet packet)
        {
            if (_last == null)
            {
                _first = packet;
            }
            else
            {
                _last.Next = packet;
            }

            _last = packet;
            Count++;
        }

        internal Packet Take()
        {
            Packet packet = _first;
            if (packet != null)
            {
                _first = packet.Next;
                packet.Next = null;
                Count--;
                if (_first == null)
                {
                    _last = null;
                }
            }

            return packet;
        }

        internal void ReturnAll()
        {
            for (Packet packet = Take(); packet != null; packet = Take())
            {
                packet.Return();
            }
        }
    }
}
