using System;

namespace NfDtls
{
    /// <summary>
    /// A fixed number of packets of a fixed size, all allocated at construction. May be shared by several clients and
    /// servers; safe from any thread.
    /// </summary>
    public sealed class PacketPool
    {
        /// <summary>Bytes reserved before the content: record header, explicit nonce or IV, and room for a connection ID.</summary>
        public const int Headroom = 64;

        /// <summary>Bytes reserved behind the content: tag, or MAC and padding.</summary>
        public const int Tailroom = 80;

        // Public by the names of PayloadSize and Available; every record asks for them.
        internal readonly int ContentSize;
        internal int FreeCount;

        private readonly object _lock = new object();
        private readonly Packet[] _free;
        private readonly int _passing;
        private int _leastFree;
        private int _exhausted;

        /// <summary>Allocates the pool.</summary>
        /// <param name="count">Packets, 2 to 65,535.</param>
        /// <param name="payloadSize">Bytes of content in each, 150 to 16,384; a datagram of that size fits too.</param>
        /// <exception cref="ArgumentOutOfRangeException">A number is out of its range.</exception>
        public PacketPool(int count, int payloadSize)
        {
            if (count < 2 || count > 65535)
            {
                throw new ArgumentOutOfRangeException("count", "A pool has 2 to 65535 packets, not " + count.ToString() + ".");
            }

            if (payloadSize < 150 || payloadSize > 16384)
            {
                throw new ArgumentOutOfRangeException("payloadSize", "A packet has 150 to 16384 bytes of content, not " + payloadSize.ToString() + ".");
            }

            ContentSize = payloadSize;
            _passing = PassingOf(count);
            _free = new Packet[count];
            for (int i = 0; i < count; i++)
            {
                _free[i] = new Packet(this, Headroom + payloadSize + Tailroom);
            }

            FreeCount = count;
            _leastFree = count;
        }

        /// <summary>Packets in all.</summary>
        public int Count
        {
            get { return _free.Length; }
        }

        /// <summary>Packets that nobody has now. Equal to <see cref="Count"/> when nothing leaked.</summary>
        public int Available
        {
            get { return FreeCount; }
        }

        /// <summary>Bytes of content in a packet.</summary>
        public int PayloadSize
        {
            get { return ContentSize; }
        }

        /// <summary>The most packets that were out at one time.</summary>
        public int HighWaterMark
        {
            get { return _free.Length - _leastFree; }
        }

        /// <summary>How often a packet was wanted and none was free.</summary>
        public int Exhausted
        {
            get { return _exhausted; }
        }

        /// <summary>
        /// Packets that nobody may keep, so that there are always some for what is passing through: handshakes, records to send. A
        /// quarter of the pool, at least one.
        /// </summary>
        internal static int PassingOf(int count)
        {
            return count < 8 ? 1 : count / 4;
        }

        /// <summary>
        /// Takes a packet that is to be kept for a time nobody knows: a record until it is read, or until its keys come. Null where
        /// one that keeps so many already would leave fewer to the others, beside those that are passing: n that take all they can
        /// get have a share of one in n + 1 each.
        /// </summary>
        /// <param name="kept">Packets that the one who asks keeps; 0 where nobody shares the pool with it.</param>
        internal Packet RentToKeep(int kept)
        {
            lock (_lock)
            {
                return kept < FreeCount - _passing ? Take() : null;
            }
        }

        /// <summary>Takes an empty packet, or returns null (and counts) when none is free.</summary>
        public Packet? Rent()
        {
            lock (_lock)
            {
                return Take();
            }
        }

        /// <summary>The same, for one who has the lock.</summary>
        private Packet Take()
        {
            int free = FreeCount - 1;
            if (free < 0)
            {
                _exhausted++;
                return null;
            }

            FreeCount = free;
            if (free < _leastFree)
            {
                _leastFree = free;
            }

            Packet packet = _free[free];
            packet.IsRented = true;

            return packet;
        }

        internal void Return(Packet packet)
        {
            lock (_lock)
            {
                if (!packet.IsRented)
                {
                    throw new InvalidOperationException("This packet was returned to its pool before.");
                }

                packet.IsRented = false;
                packet.Wipe();
                _free[FreeCount] = packet;
                FreeCount++;
            }
        }
    }
}
