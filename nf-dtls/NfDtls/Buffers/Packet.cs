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
        private readonly byte[] _buffer;
        private readonly byte[] _address = new byte[MaxAddressLength];
        private int _addressLength;
        private int _offset;
        private int _length;

        internal Packet Next;
        internal bool IsRented;

        internal Packet(PacketPool pool, int size)
        {
            _pool = pool;
            _buffer = new byte[size];
            _offset = PacketPool.Headroom;
        }

        /// <summary>The bytes; those that count are the <see cref="Length"/> bytes from <see cref="Offset"/> on.</summary>
        public byte[] Buffer
        {
            get { return _buffer; }
        }

        /// <summary>Where the content begins.</summary>
        public int Offset
        {
            get { return _offset; }
        }

        /// <summary>Bytes of content.</summary>
        public int Length
        {
            get { return _length; }
        }

        /// <summary>Bytes that <see cref="Append"/> can still take.</summary>
        public int Remaining
        {
            get { return _pool.PayloadSize + PacketPool.Headroom - _offset - _length; }
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
            if (count < 0 || count > Remaining)
            {
                throw new ArgumentException("The packet has room for " + Remaining.ToString() + " bytes, not for " + count.ToString() + ".");
            }

            Array.Copy(source, offset, _buffer, _offset + _length, count);
            _length += count;
        }

        /// <summary>Copies the content out.</summary>
        /// <exception cref="ArgumentException">The destination is too small; nothing was copied.</exception>
        /// <returns>Bytes copied.</returns>
        public int CopyTo(byte[] destination, int offset)
        {
            if (destination.Length - offset < _length)
            {
                throw new ArgumentException("The content is " + _length.ToString() + " bytes, the destination has room for " + (destination.Length - offset).ToString() + ".");
            }

            Array.Copy(_buffer, _offset, destination, offset, _length);
            return _length;
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
            _offset = offset;
            _length = length;
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
            Array.Clear(_buffer, 0, _buffer.Length);
            _offset = PacketPool.Headroom;
            _length = 0;
            _addressLength = 0;
        }
    }
}
