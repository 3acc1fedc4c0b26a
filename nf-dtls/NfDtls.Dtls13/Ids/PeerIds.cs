namespace NfDtls.Dtls13
{
    /// <summary>The connection IDs that the peer gave: the one in what goes out, and those to spare, in the order in which they came.</summary>
    internal sealed class PeerIds
    {
        private readonly byte[][] _spares = new byte[IdentifyingFeature.MostSpares][];
        private int _count;

        /// <param name="first">The one of the handshake, or null where the peer wants none.</param>
        internal PeerIds(byte[] first)
        {
            Current = first;
        }

        /// <summary>The one in use, or null.</summary>
        internal byte[] Current { get; private set; }

        /// <summary>How many there are to spare.</summary>
        internal int Count
        {
            get { return _count; }
        }

        /// <summary>Goes on with another; the one before is not used any more.</summary>
        internal void Use(byte[] id)
        {
            Current = id;
        }

        /// <summary>Keeps one to spare, unless there are as many as may be, or it is known.</summary>
        internal void Add(byte[] id)
        {
            bool isKnown = Is(Current, id);
            for (int i = 0; i < _count; i++)
            {
                isKnown |= Is(_spares[i], id);
            }

            if (!isKnown && _count < _spares.Length)
            {
                _spares[_count] = id;
                _count++;
            }
        }

        /// <summary>Goes on with one to spare; false where there is none.</summary>
        internal bool UseSpare()
        {
            if (_count == 0)
            {
                return false;
            }

            Current = _spares[0];
            _count--;
            for (int i = 0; i < _count; i++)
            {
                _spares[i] = _spares[i + 1];
            }

            _spares[_count] = null;
            return true;
        }

        /// <summary>The one in use, and those to spare; none where records go out without.</summary>
        internal byte[][] List()
        {
            byte[][] all = new byte[Current == null ? 0 : 1 + _count][];
            for (int i = 0; i < all.Length; i++)
            {
                all[i] = i == 0 ? Current : _spares[i - 1];
            }

            return all;
        }

        private static bool Is(byte[] one, byte[] other)
        {
            return one.Length == other.Length && ConstantTime.AreEqual(one, 0, other, 0, other.Length);
        }
    }
}
