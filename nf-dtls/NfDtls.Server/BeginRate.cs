namespace NfDtls.Server
{
    /// <summary>
    /// How many handshakes an address may begin that come to nothing: a few at once, then one in a time. Hellos whose cookies are
    /// valid can be replayed, and each would cost a flight. A small table of the addresses that began last; one forgets nothing
    /// by being in it, so no address can use up another's.
    /// </summary>
    internal sealed class BeginRate
    {
        internal const int AtOnce = 4;
        internal const int Interval = 5000;

        private readonly uint _seed;
        private readonly int _mask;
        private readonly uint[] _who;

        // When the last of an address' beginnings will be made up for.
        private readonly long[] _until;

        internal BeginRate(int size, uint seed)
        {
            _seed = seed;
            _mask = size - 1;
            _who = new uint[size];
            _until = new long[size];
            Clear();
        }

        /// <summary>Places for a number of handshakes: a power of two, 16 to 1,024.</summary>
        internal static int SizeFor(int handshakes)
        {
            int size = 16;
            while (size < 4 * handshakes && size < 1024)
            {
                size *= 2;
            }

            return size;
        }

        /// <summary>What an address is known by here: the hash that it has in the <see cref="AddressMap"/>, too.</summary>
        internal uint Who(byte[] address, int length)
        {
            return AddressMap.Hash(_seed, address, 0, length);
        }

        internal bool MayBegin(uint who, long now)
        {
            int place = (int)(who & (uint)_mask);
            return _who[place] != who || _until[place] <= Deadline.After(now, (AtOnce - 1) * Interval);
        }

        internal void Began(uint who, long now)
        {
            int place = (int)(who & (uint)_mask);
            long from = _who[place] == who && _until[place] > now ? _until[place] : now;
            _who[place] = who;
            _until[place] = Deadline.After(from, Interval);
        }

        /// <summary>A handshake of the address has completed: that was no replay.</summary>
        internal void Completed(uint who)
        {
            int place = (int)(who & (uint)_mask);
            if (_who[place] == who)
            {
                _until[place] = long.MinValue;
            }
        }

        internal void Clear()
        {
            for (int i = 0; i < _who.Length; i++)
            {
                _who[i] = 0;
                _until[i] = long.MinValue;
            }
        }
    }
}
