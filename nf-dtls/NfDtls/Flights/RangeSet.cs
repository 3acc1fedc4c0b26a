using System;

namespace NfDtls
{
    /// <summary>
    /// Which bytes of a message have come: a bit for each byte that there may be, so that a message may come in as many pieces as
    /// it has bytes (RFC 6347 section 4.2.3) and none costs more than another.
    /// </summary>
    internal sealed class RangeSet
    {
        private readonly byte[] _bits;
        private int _count;

        /// <param name="size">Bytes of the longest message.</param>
        internal RangeSet(int size)
        {
            _bits = new byte[SizeFor(size)];
        }

        /// <summary>Bytes that the bits for a message take.</summary>
        internal static int SizeFor(int size)
        {
            return (size + 7) >> 3;
        }

        internal void Clear()
        {
            Array.Clear(_bits, 0, _bits.Length);
            _count = 0;
        }

        /// <summary>All of a message of this length has come at once: nobody asks for its bytes then.</summary>
        internal void AddAll(int length)
        {
            _count = length;
        }

        /// <summary>Whether all of a message of this length is there.</summary>
        internal bool IsWhole(int length)
        {
            return _count == length;
        }

        internal bool Contains(int begin, int end)
        {
            while (begin < end)
            {
                int mask = MaskAt(begin, end);
                if ((_bits[begin >> 3] & mask) != mask)
                {
                    return false;
                }

                begin = (begin | 7) + 1;
            }

            return true;
        }

        internal void Add(int begin, int end)
        {
            while (begin < end)
            {
                int at = begin >> 3;
                if (_bits[at] == 0 && (begin & 7) == 0 && begin + 8 <= end)
                {
                    _bits[at] = 0xFF;
                    _count += 8;
                    begin += 8;
                    continue;
                }

                int added = MaskAt(begin, end) & ~_bits[at];
                _bits[at] |= (byte)added;
                for (; added != 0; added &= added - 1)
                {
                    _count++;
                }

                begin = (begin | 7) + 1;
            }
        }

        /// <summary>Takes over what another has, which is no larger.</summary>
        internal void CopyFrom(RangeSet other)
        {
            Clear();
            Array.Copy(other._bits, _bits, other._bits.Length);
            _count = other._count;
        }

        /// <summary>The bits of a range that stand in the byte of its first one.</summary>
        private static int MaskAt(int begin, int end)
        {
            int mask = 0xFF << (begin & 7);
            int behind = end - (begin & ~7);
            return behind < 8 ? mask & ((1 << behind) - 1) : mask & 0xFF;
        }
    }
}
