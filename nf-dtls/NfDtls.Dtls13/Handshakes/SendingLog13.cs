using System;

namespace NfDtls.Dtls13
{
    /// <summary>
    /// Which record carried which fragment of the flight, the newest of them, and what of the flight the peer says to have. A flight
    /// that goes out again leaves that out.
    /// </summary>
    internal sealed class SendingLog13 : SendingLog
    {
        // A flight of ten messages in ten records each, sent twice, is more than anyone sends.
        private const int Kept = 32;
        private const int MaxMessages = 10;

        private const int FirstRoom = 4;
        private const int NumberBits = 48;

        // A record's epoch and number, and which piece of which message it carried: message, offset and length. There is room for the first ones, and
        // for more when they come; a slot without a handshake has none.
        private long[] _records;
        private long[] _pieces;
        private RangeSet[] _known;
        private int _knownEmpty;
        private int _count;

        internal override void Clear()
        {
            _count = 0;
            _knownEmpty = 0;
            _records = null;
            _pieces = null;
            _known = null;
        }

        internal override void Add(long epoch, long sequence, int message, int offset, int length)
        {
            if (_records == null || (_count == _records.Length && _count < Kept))
            {
                _records = Larger(_records);
                _pieces = Larger(_pieces);
            }

            int slot = _count % _records.Length;
            _records[slot] = (epoch << NumberBits) | sequence;
            _pieces[slot] = ((long)message << 32) | ((long)offset << 16) | (uint)length;
            _count++;
        }

        internal override int CountKnown(int message, int offset, int left)
        {
            if (left == 0)
            {
                return (_knownEmpty & (1 << message)) != 0 ? 0 : -1;
            }

            RangeSet known = KnownOf(message);
            int count = 0;
            while (known != null && count < left && known.Contains(offset + count, offset + count + 1))
            {
                count++;
            }

            return count == 0 ? -1 : count;
        }

        internal override int CountUnknown(int message, int offset, int left)
        {
            RangeSet known = KnownOf(message);
            int count = 0;
            while (known != null && count < left && !known.Contains(offset + count, offset + count + 1))
            {
                count++;
            }

            return known == null ? left : count;
        }

        /// <summary>A record has come to the peer; returns whether that was not known.</summary>
        internal bool Acknowledge(Flight flight, long epoch, long sequence)
        {
            bool isNew = false;
            for (int i = 0; _records != null && i < _records.Length && i < _count; i++)
            {
                int message = (int)(_pieces[i] >> 32);
                if (_records[i] == ((epoch << NumberBits) | sequence) && epoch <= UnifiedCodec.DataEpoch && message < flight.Count)
                {
                    isNew |= Learn(flight, message, (int)(_pieces[i] >> 16) & 0xFFFF, (int)_pieces[i] & 0xFFFF);
                }
            }

            return isNew;
        }

        /// <summary>Whether the peer has the whole flight.</summary>
        internal bool IsWholeKnown(Flight flight)
        {
            bool isKnown = flight.Count > 0;
            for (int i = 0; i < flight.Count; i++)
            {
                int length = flight.At(i).Length;
                isKnown &= CountKnown(i, 0, length) == length;
            }

            return isKnown;
        }

        private RangeSet KnownOf(int message)
        {
            return _known == null ? null : _known[message];
        }

        private static long[] Larger(long[] before)
        {
            int length = before == null ? FirstRoom : 2 * before.Length;
            long[] larger = new long[length < Kept ? length : Kept];
            if (before != null)
            {
                Array.Copy(before, larger, before.Length);
            }

            return larger;
        }

        private bool Learn(Flight flight, int message, int offset, int length)
        {
            if (length == 0)
            {
                int before = _knownEmpty;
                _knownEmpty |= 1 << message;
                return before != _knownEmpty;
            }

            if (_known == null)
            {
                _known = new RangeSet[MaxMessages];
            }

            if (_known[message] == null)
            {
                _known[message] = new RangeSet(flight.At(message).Length);
            }

            bool wasKnown = _known[message].Contains(offset, offset + length);
            _known[message].Add(offset, offset + length);
            return !wasKnown;
        }
    }
}
