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

        private readonly long[] _epochs = new long[Kept];
        private readonly long[] _sequences = new long[Kept];
        private readonly ushort[] _messages = new ushort[Kept];
        private readonly ushort[] _offsets = new ushort[Kept];
        private readonly ushort[] _lengths = new ushort[Kept];
        private readonly RangeSet[] _known = new RangeSet[MaxMessages];
        private readonly bool[] _isKnownEmpty = new bool[MaxMessages];
        private int _count;

        internal override void Clear()
        {
            _count = 0;
            for (int i = 0; i < MaxMessages; i++)
            {
                _known[i] = null;
                _isKnownEmpty[i] = false;
            }
        }

        internal override void Add(long epoch, long sequence, int message, int offset, int length)
        {
            int slot = _count % Kept;
            _epochs[slot] = epoch;
            _sequences[slot] = sequence;
            _messages[slot] = (ushort)message;
            _offsets[slot] = (ushort)offset;
            _lengths[slot] = (ushort)length;
            _count++;
        }

        internal override int CountKnown(int message, int offset, int left)
        {
            if (left == 0)
            {
                return _isKnownEmpty[message] ? 0 : -1;
            }

            RangeSet known = _known[message];
            int count = 0;
            while (known != null && count < left && known.Contains(offset + count, offset + count + 1))
            {
                count++;
            }

            return count == 0 ? -1 : count;
        }

        internal override int CountUnknown(int message, int offset, int left)
        {
            RangeSet known = _known[message];
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
            for (int i = 0; i < Kept && i < _count; i++)
            {
                if (_epochs[i] == epoch && _sequences[i] == sequence && _messages[i] < flight.Count)
                {
                    isNew |= Learn(flight, _messages[i], _offsets[i], _lengths[i]);
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

        private bool Learn(Flight flight, int message, int offset, int length)
        {
            if (length == 0)
            {
                bool isNew = !_isKnownEmpty[message];
                _isKnownEmpty[message] = true;
                return isNew;
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
