using System;

namespace NfDtls.Server
{
    /// <summary>
    /// Finds the association of an address: open addressing over a table at least twice as large as it will ever hold,
    /// seeded so that nobody can choose addresses that collide. Allocates nothing after construction.
    /// </summary>
    internal sealed class AddressMap
    {
        /// <summary>Associations looked at so far, for tests.</summary>
        internal int Probes;

        // Bytes that are compared at a time.
        private const int Word = 4;

        private readonly Association[] _slots;
        private readonly int _mask;
        private readonly uint _seed;

        // Who was found last: most often the next datagram is of the same peer. None once the table has changed.
        private Association _last;

        internal AddressMap(int capacity, uint seed)
        {
            int size = 4;
            while (size < capacity * 2)
            {
                size *= 2;
            }

            _slots = new Association[size];
            _mask = size - 1;
            _seed = seed;
        }

        internal Association Find(byte[] address, int length)
        {
            if (_last == null || !IsSame(_last, address, length))
            {
                _last = _slots[Locate(address, length, HashOf(address, length))];
            }

            return _last;
        }

        /// <summary>From now on the association's address leads to it.</summary>
        internal void Set(Association association)
        {
            Set(association, HashOf(association.Address, association.AddressLength));
        }

        /// <summary>The same for one who knows the address' hash.</summary>
        internal void Set(Association association, uint hash)
        {
            _slots[Locate(association.Address, association.AddressLength, hash)] = association;
            _last = association;
        }

        /// <summary>The hash of an address.</summary>
        internal uint HashOf(byte[] address, int length)
        {
            return Hash(_seed, address, 0, length);
        }

        /// <summary>Forgets an association's address, if it leads to that association.</summary>
        internal void Remove(Association association)
        {
            int hole = Locate(association.Address, association.AddressLength, HashOf(association.Address, association.AddressLength));
            if (_slots[hole] != association)
            {
                return;
            }

            // Those behind the hole that could not be found past it move into it.
            _last = null;
            _slots[hole] = null;
            for (int next = (hole + 1) & _mask; _slots[next] != null; next = (next + 1) & _mask)
            {
                int home = (int)(HashOf(_slots[next].Address, _slots[next].AddressLength) & (uint)_mask);
                if (((next - home) & _mask) >= ((next - hole) & _mask))
                {
                    _slots[hole] = _slots[next];
                    _slots[next] = null;
                    hole = next;
                }
            }
        }

        internal void Clear()
        {
            _last = null;
            Array.Clear(_slots, 0, _slots.Length);
        }

        /// <summary>The slot of an address, or the free one where it would go.</summary>
        private int Locate(byte[] address, int length, uint hash)
        {
            int slot = (int)(hash & (uint)_mask);
            while (_slots[slot] != null && !IsSame(_slots[slot], address, length))
            {
                Probes++;
                slot = (slot + 1) & _mask;
            }

            return slot;
        }

        /// <summary>A hash of bytes that nobody can aim at who does not know the seed.</summary>
        internal static uint Hash(uint seed, byte[] bytes, int offset, int count)
        {
            uint hash = seed;
            int end = offset + count;
            for (; offset < end; offset++)
            {
                // As Step, without a call for each byte of each datagram's address.
                hash = (hash ^ bytes[offset]) * 16777619;
                hash ^= hash >> 15;
            }

            return hash;
        }

        internal static uint Step(uint hash, byte next)
        {
            hash = (hash ^ next) * 16777619;
            return hash ^ (hash >> 15);
        }

        private static bool IsSame(Association association, byte[] address, int length)
        {
            if (association.AddressLength != length)
            {
                return false;
            }

            // From the end on, where stands what tells the hosts of one network apart, by words; the first may have been in the one before.
            byte[] own = association.Address;
            int left = length;
            while (left > Word && BitConverter.ToInt32(own, left - Word) == BitConverter.ToInt32(address, left - Word))
            {
                left -= Word;
            }

            if (length >= Word)
            {
                return left <= Word && BitConverter.ToInt32(own, 0) == BitConverter.ToInt32(address, 0);
            }

            while (left > 0 && own[left - 1] == address[left - 1])
            {
                left--;
            }

            return left == 0;
        }

        /// <summary>Whether this can be an address.</summary>
        /// <exception cref="ArgumentException">It cannot.</exception>
        internal static void Check(byte[] address, int addressLength)
        {
            if (address == null)
            {
                throw new ArgumentNullException("address");
            }

            if (addressLength < 1 || addressLength > Packet.MaxAddressLength || addressLength > address.Length)
            {
                throw new ArgumentException("An address has 1 to " + Packet.MaxAddressLength.ToString() + " bytes, not " + addressLength.ToString() + ".", "addressLength");
            }
        }
    }
}
