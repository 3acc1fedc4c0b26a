using System;

namespace NfDtls.Dtls13
{
    /// <summary>
    /// The connection IDs that a peer may put into its records, all of one length: the one in use, the one before, whose records may
    /// still be under way, and those to spare.
    /// </summary>
    internal sealed class OwnIds
    {
        // As long as a datagram may be under way (RFC 9147 section 4.2.1).
        private const long PastLifetime = 120000;

        // One more than a peer gets to spare: the one that it is told to use at once.
        private readonly byte[][] _spares = new byte[IdentifyingFeature.MostSpares + 1][];
        private int _count;
        private byte[] _current;
        private byte[] _before;
        private byte[] _seen;

        /// <param name="first">The one of the handshake: no byte where the peer shall put none.</param>
        internal OwnIds(byte[] first)
        {
            _current = first;
            BeforeEnds = Deadline.Never;
        }

        /// <summary>Bytes of each; 0 where records come without.</summary>
        internal int Length
        {
            get { return _current.Length; }
        }

        /// <summary>The one in use.</summary>
        internal byte[] Current
        {
            get { return _current; }
        }

        /// <summary>When the one before is forgotten.</summary>
        internal long BeforeEnds { get; private set; }

        /// <summary>How many the peer may still get to spare.</summary>
        internal int Room
        {
            get { return _count >= IdentifyingFeature.MostSpares ? 0 : IdentifyingFeature.MostSpares - _count; }
        }

        /// <summary>Whether one can be given that is to be used at once.</summary>
        internal bool HasPlace
        {
            get { return _count < _spares.Length; }
        }

        /// <summary>The peer gets another.</summary>
        internal void Add(byte[] id)
        {
            _spares[_count] = id;
            _count++;
        }

        /// <summary>Whether a record has one of these at a place.</summary>
        internal bool Contains(byte[] buffer, int offset)
        {
            _seen = Is(_current, buffer, offset) ? _current : _before != null && Is(_before, buffer, offset) ? _before : null;
            for (int i = 0; i < _count && _seen == null; i++)
            {
                _seen = Is(_spares[i], buffer, offset) ? _spares[i] : null;
            }

            return _seen != null;
        }

        /// <summary>The record that was looked at last is authentic, and newer than all before it. Returns whether it has an ID that was to spare.</summary>
        internal bool Use(long now)
        {
            if (_seen == null || _seen == _current)
            {
                return false;
            }

            bool isSpare = _seen != _before;
            if (isSpare)
            {
                Remove(_seen);
            }

            _before = _current;
            _current = _seen;
            BeforeEnds = Deadline.After(now, PastLifetime);
            return isSpare;
        }

        /// <summary>Nothing under the one before is under way any more.</summary>
        internal void ForgetBefore()
        {
            _before = null;
            BeforeEnds = Deadline.Never;
        }

        /// <summary>The one in use, and those to spare; none where records come without.</summary>
        internal byte[][] List()
        {
            byte[][] all = new byte[Length == 0 ? 0 : 1 + _count][];
            for (int i = 0; i < all.Length; i++)
            {
                all[i] = i == 0 ? _current : _spares[i - 1];
            }

            return all;
        }

        private static bool Is(byte[] id, byte[] buffer, int offset)
        {
            return ConstantTime.AreEqual(buffer, offset, id, 0, id.Length);
        }

        private void Remove(byte[] id)
        {
            int kept = 0;
            for (int i = 0; i < _count; i++)
            {
                _spares[kept] = _spares[i];
                kept += _spares[i] == id ? 0 : 1;
            }

            _count = kept;
            _spares[_count] = null;
        }
    }
}
