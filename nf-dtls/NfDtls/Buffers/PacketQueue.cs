namespace NfDtls
{
    /// <summary>Packets in the order they came, linked through themselves: a queue that allocates nothing.</summary>
    internal class PacketQueue
    {
        private Packet _first;
        private Packet _last;
        private int _count;

        internal int Count
        {
            get { return _count; }
        }

        internal Packet First
        {
            get { return _first; }
        }

        internal void Add(Packet packet)
        {
            packet.Next = null;
            if (_last == null)
            {
                _first = packet;
            }
            else
            {
                _last.Next = packet;
            }

            _last = packet;
            _count++;
        }

        internal Packet Take()
        {
            Packet packet = _first;
            if (packet != null)
            {
                _first = packet.Next;
                packet.Next = null;
                _count--;
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
