namespace NfDtls.Server
{
    /// <summary>
    /// The associations of each host, in a list, and how many of them are half-open. Found by any address of the host, through a
    /// table as in <see cref="AddressMap"/>. Allocates nothing after construction.
    /// </summary>
    internal sealed class HostTable
    {
        /// <summary>No host, or no association.</summary>
        internal const int None = -1;

        /// <summary>Hosts looked at so far, for tests.</summary>
        internal int Probes;

        private readonly HostRule _rule;
        private readonly Association[] _associations;
        private readonly uint _seed;
        private readonly int[] _slots;
        private readonly int _mask;

        // By host: the first of its associations (of a number that is no host's: the next such number) and the counts.
        private readonly int[] _first;
        private readonly int[] _counts;
        private readonly int[] _halfOpen;
        private int _free;

        // By association: its host and its neighbours in the host's list.
        private readonly int[] _hosts;
        private readonly int[] _next;
        private readonly int[] _previous;

        internal HostTable(HostRule rule, Association[] associations, uint seed)
        {
            int capacity = associations.Length;
            int size = 4;
            while (size < capacity * 2)
            {
                size *= 2;
            }

            _rule = rule;
            _associations = associations;
            _seed = seed;
            _slots = new int[size];
            _mask = size - 1;
            _first = new int[capacity];
            _counts = new int[capacity];
            _halfOpen = new int[capacity];
            _hosts = new int[capacity];
            _next = new int[capacity];
            _previous = new int[capacity];
            Clear();
        }

        /// <summary>The host of an address, or <see cref="None"/> where it has no association.</summary>
        internal int Find(byte[] address, int length)
        {
            return Find(address, length, HashOf(address, length));
        }

        /// <summary>The same for one who knows the hash of the address' host.</summary>
        internal int Find(byte[] address, int length, uint hash)
        {
            return _slots[Locate(address, length, hash)];
        }

        /// <summary>The hash of an address' host.</summary>
        internal uint HashOf(byte[] address, int length)
        {
            return _rule.Hash(_seed, address, length);
        }

        /// <summary>The host of an association.</summary>
        internal int HostOf(int index)
        {
            return _hosts[index];
        }

        /// <summary>Associations of a host.</summary>
        internal int CountOf(int host)
        {
            return host == None ? 0 : _counts[host];
        }

        /// <summary>Those of them that are handshakes still.</summary>
        internal int HalfOpenOf(int host)
        {
            return host == None ? 0 : _halfOpen[host];
        }

        /// <summary>The first association of a host.</summary>
        internal int FirstOf(int host)
        {
            return _first[host];
        }

        /// <summary>The next association of the same host, or <see cref="None"/>.</summary>
        internal int NextOf(int index)
        {
            return _next[index];
        }

        /// <summary>An association has begun, half-open.</summary>
        internal void Add(int index)
        {
            Add(index, HashOf(_associations[index].Address, _associations[index].AddressLength));
        }

        /// <summary>The same for one who knows the hash of its host.</summary>
        internal void Add(int index, uint hash)
        {
            Association association = _associations[index];
            int slot = Locate(association.Address, association.AddressLength, hash);
            int host = _slots[slot];
            if (host == None)
            {
                host = _free;
                _free = _first[host];
                _first[host] = None;
                _slots[slot] = host;
            }

            _hosts[index] = host;
            _previous[index] = None;
            _next[index] = _first[host];
            if (_first[host] != None)
            {
                _previous[_first[host]] = index;
            }

            _first[host] = index;
            _counts[host]++;
            _halfOpen[host]++;
        }

        /// <summary>An association is half-open no longer.</summary>
        internal void Complete(int index)
        {
            _halfOpen[_hosts[index]]--;
        }

        /// <summary>An association, not half-open, has ended; its address is still the same.</summary>
        internal void Remove(int index)
        {
            int host = _hosts[index];
            if (_counts[host] == 1)
            {
                Association association = _associations[index];
                FreeSlot(Locate(association.Address, association.AddressLength, HashOf(association.Address, association.AddressLength)));
                _first[host] = _free;
                _free = host;
                _counts[host] = 0;
                return;
            }

            _counts[host]--;
            if (_previous[index] == None)
            {
                _first[host] = _next[index];
            }
            else
            {
                _next[_previous[index]] = _next[index];
            }

            if (_next[index] != None)
            {
                _previous[_next[index]] = _previous[index];
            }
        }

        internal void Clear()
        {
            for (int i = 0; i < _slots.Length; i++)
            {
                _slots[i] = None;
            }

            _free = 0;
            for (int i = 0; i < _first.Length; i++)
            {
                _first[i] = i + 1;
                _counts[i] = 0;
                _halfOpen[i] = 0;
            }
        }

        /// <summary>The slot of an address' host, or the free one where it would go.</summary>
        private int Locate(byte[] address, int length, uint hash)
        {
            int slot = (int)(hash & (uint)_mask);
            while (_slots[slot] != None && !IsSame(_slots[slot], address, length))
            {
                Probes++;
                slot = (slot + 1) & _mask;
            }

            return slot;
        }

        private bool IsSame(int host, byte[] address, int length)
        {
            Association association = _associations[_first[host]];
            return _rule.AreSame(association.Address, association.AddressLength, address, length);
        }

        /// <summary>Those behind the hole that could not be found past it move into it.</summary>
        private void FreeSlot(int hole)
        {
            _slots[hole] = None;
            for (int next = (hole + 1) & _mask; _slots[next] != None; next = (next + 1) & _mask)
            {
                Association association = _associations[_first[_slots[next]]];
                int home = (int)(HashOf(association.Address, association.AddressLength) & (uint)_mask);
                if (((next - home) & _mask) >= ((next - hole) & _mask))
                {
                    _slots[hole] = _slots[next];
                    _slots[next] = None;
                    hole = next;
                }
            }
        }
    }
}
