namespace NfDtls.X509
{
    /// <summary>Whether one of a row of certificates is pinned: its SubjectPublicKeyInfo, or all of it. Hashes a piece a step.</summary>
    internal sealed class PinCheck
    {
        private readonly HashContext _sha256;
        private readonly byte[] _digest = new byte[32];
        private StoreEntry[] _entries;
        private VerifiedChain _chain;
        private int _index;
        private bool _isWhole;
        private int _at;
        private int _end;

        /// <param name="sha256">The hash; null where the provider has none, and nothing is pinned then.</param>
        internal PinCheck(HashContext sha256)
        {
            _sha256 = sha256;
        }

        /// <summary>Whether there is any pin among the entries.</summary>
        internal static bool HasPins(StoreEntry[] entries)
        {
            for (int i = 0; i < entries.Length; i++)
            {
                if (entries[i].Pin != null)
                {
                    return true;
                }
            }

            return false;
        }

        /// <summary>Whether a pin was found.</summary>
        internal bool IsPinned { get; private set; }

        /// <summary>Begins with the certificates of a path from one on.</summary>
        internal void Begin(StoreEntry[] entries, VerifiedChain chain, int first)
        {
            _entries = entries;
            _chain = chain;
            _index = first;
            _isWhole = false;
            IsPinned = false;
            BeginPart();
        }

        /// <summary>Works on: a turn hashes a byte. True at the end.</summary>
        internal bool Step(ref int turns)
        {
            while (_sha256 != null && _index < _chain.Count && !IsPinned)
            {
                if (turns <= 0)
                {
                    return false;
                }

                int count = turns < _end - _at ? turns : _end - _at;
                _sha256.Update(_chain.At(_index).Buffer, _at, count);
                _at += count;
                turns -= count;
                if (_at == _end)
                {
                    IsPinned = HasPin();
                    turns -= _entries.Length;
                    _index += _isWhole ? 1 : 0;
                    _isWhole = !_isWhole;
                    BeginPart();
                }
            }

            return true;
        }

        private void BeginPart()
        {
            if (_sha256 == null || _index == _chain.Count)
            {
                return;
            }

            DtlsCertificate certificate = _chain.At(_index);
            _sha256.Reset();
            _at = _isWhole ? certificate.Offset : certificate.KeyInfoOffset;
            _end = _at + (_isWhole ? certificate.Count : certificate.KeyInfoCount);
        }

        private bool HasPin()
        {
            bool isFound = false;
            _sha256.Peek(_digest, 0);
            for (int i = 0; i < _entries.Length; i++)
            {
                byte[] pin = _entries[i].Pin;
                isFound |= pin != null && ConstantTime.AreEqual(pin, 0, _digest, 0, pin.Length);
            }

            return isFound;
        }
    }
}
