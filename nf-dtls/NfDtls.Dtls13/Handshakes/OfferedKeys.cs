namespace NfDtls.Dtls13
{
    /// <summary>The keys that a client offers, in their order: the session's, then the application's.</summary>
    internal sealed class OfferedKeys
    {
        // A session, and an application's key imported for either hash.
        private const int Most = 3;

        private readonly OfferedKey[] _keys = new OfferedKey[Most];
        private int _count;

        internal int Count
        {
            get { return _count; }
        }

        /// <summary>Bytes of their binders in the hello, with all lengths.</summary>
        internal int BindersLength
        {
            get
            {
                int length = 2;
                for (int i = 0; i < _count; i++)
                {
                    length += 1 + CryptoAlgorithm.HashSize(_keys[i].Hash);
                }

                return length;
            }
        }

        internal OfferedKey At(int index)
        {
            return _keys[index];
        }

        internal void Add(OfferedKey key)
        {
            _keys[_count] = key;
            _count++;
        }

        /// <summary>Whether a key goes with a hash.</summary>
        internal bool Has(int hash)
        {
            bool has = false;
            for (int i = 0; i < _count; i++)
            {
                has |= _keys[i].Hash == hash;
            }

            return has;
        }

        /// <summary>Keeps those that go with a hash: a server has chosen (RFC 8446 section 4.1.4).</summary>
        internal void Keep(int hash)
        {
            int kept = 0;
            for (int i = 0; i < _count; i++)
            {
                OfferedKey key = _keys[i];
                _keys[i] = null;
                if (key.Hash == hash)
                {
                    _keys[kept] = key;
                    kept++;
                }
                else
                {
                    key.Clear();
                }
            }

            _count = kept;
        }

        internal void Clear()
        {
            Keep(0);
        }
    }
}
