using System;

namespace NfDtls
{
    /// <summary>
    /// A buffer of a <see cref="PacketPool"/>: a datagram to send, a record received, or application data with room for the
    /// record's header before it and for the tag behind.
    /// </summary>
    public sealed class Packet
    {
        /// <summary>The most bytes of a peer's address.</summary>
        public const int MaxAddressLength = 28;

        private readonly PacketPool _pool;
        private readonly byte[] _address = new byte[MaxAddressLength];
        private int _addressLength;

        // Public by the names of Buffer, Offset and Length; every record asks for them.
        internal readonly byte[] Bytes;
        internal int Start;
        internal int Count;

        internal Packet Next;
        internal bool IsRented;

        internal Packet(PacketPool pool, int size)
        {
            _pool = pool;
            Bytes = new byte[size];
            Start = PacketPool.Headroom;
        }

        /// <summary>The bytes; those that count are the <see cref="Length"/> bytes from <see cref="Offset"/> on.</summary>
        public byte[] Buffer
        {
            get { return Bytes; }
        }

        /// <summary>Where the content begins.</summary>
        public int Offset
        {
            get { return Start; }
        }

        /// <summary>Bytes of content.</summary>
        public int Length
        {
            get { return Count; }
        }

        /// <summary>Bytes that <see cref="Append"/> can still take.</summary>
        public int Remaining
        {
            get { return Bytes.Length - PacketPool.Tailroom - Start - Count; }
        }

        /// <summary>The peer's address, opaque to the engine: the first <see cref="AddressLength"/> bytes count.</summary>
        public byte[] Address
        {
            get { return _address; }
        }

        /// <summary>Bytes of <see cref="Address"/>; 0 for a client, which has one peer.</summary>
        public int AddressLength
        {
            get { return _addressLength; }
        }

        /// <summary>Adds bytes behind the content.</summary>
        /// <exception cref="ArgumentException">They do not fit; nothing was added.</exception>
        public void Append(byte[] source, int offset, int count)
        {
            int end = Start + Count;
            if (count < 0 || count > Bytes.Length - PacketPool.Tailroom - end)
            {
                throw new ArgumentException("The packet has room for " + Remaining.ToString() + " bytes, not for " + count.ToString() + ".");
            }

            Array.Copy(source, offset, Bytes, end, count);
            Count += count;
        }

        /// <summary>Copies the content out.</summary>
        /// <exception cref="ArgumentException">The destination is too small; nothing was copied.</exception>
        /// <returns>Bytes copied.</returns>
        public int CopyTo(byte[] destination, int offset)
        {
            if (destination.Length - offset < Count)
            {
                throw new ArgumentException("The content is " + Count.ToString() + " bytes, the destination has room for " + (destination.Length - offset).ToString() + ".");
            }

            Array.Copy(Bytes, Start, destination, offset, Count);
            return Count;
        }

        /// <summary>Gives the packet back to its pool.</summary>
        /// <exception cref="InvalidOperationException">It was given back already.</exception>
        public void Return()
        {
            _pool.Return(this);
        }

        internal bool IsOf(PacketPool pool)
        {
            return _pool == pool;
        }

        internal void SetRange(int offset, int length)
        {
            Start = offset;
            Count = length;
        }

        internal void SetAddress(byte[] address, int length)
        {
            if (length > 0)
            {
                Array.Copy(address, 0, _address, 0, length);
            }

            _addressLength = length;
        }

        internal void Wipe()
        {
            Array.Clear(Bytes, 0, Bytes.Length);
            Start = PacketPool.Headroom;
            Count = 0;
            _addressLength = 0;
        }
    }
}
