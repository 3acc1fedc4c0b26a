namespace NfDtls
{
    /// <summary>Which bytes of a message have come, as ranges in order that neither touch nor overlap. Bounded: what would need more is refused.</summary>
    internal sealed class RangeSet
    {
        private const int MaxRanges = 8;

        private readonly int[] _begins = new int[MaxRanges];
        private readonly int[] _ends = new int[MaxRanges];
        private int _count;

        internal void Clear()
        {
            _count = 0;
        }

        /// <summary>Whether the one range is there that begins at 0 and has this length.</summary>
        internal bool IsWhole(int length)
        {
            return length == 0 || (_count == 1 && _begins[0] == 0 && _ends[0] == length);
        }

        internal bool Contains(int begin, int end)
        {
            for (int i = 0; i < _count; i++)
            {
                if (_begins[i] <= begin && end <= _ends[i])
                {
                    return true;
                }
            }

            return false;
        }

        /// <summary>Adds a range; false, and nothing changed, when there would be too many.</summary>
        internal bool Add(int begin, int end)
        {
            int first = 0;
            while (first < _count && _ends[first] < begin)
            {
                first++;
            }

            int behind = first;
            while (behind < _count && _begins[behind] <= end)
            {
                if (_begins[behind] < begin)
                {
                    begin = _begins[behind];
                }

                if (_ends[behind] > end)
                {
                    end = _ends[behind];
                }

                behind++;
            }

            int merged = behind - first;
            if (merged == 0 && _count == MaxRanges)
            {
                return false;
            }

            Move(behind, first + 1);
            _begins[first] = begin;
            _ends[first] = end;
            return true;
        }

        internal void CopyFrom(RangeSet other)
        {
            _count = other._count;
            for (int i = 0; i < _count; i++)
            {
                _begins[i] = other._begins[i];
                _ends[i] = other._ends[i];
            }
        }

        private void Move(int from, int to)
        {
            int moved = _count - from;
            System.Array.Copy(_begins, from, _begins, to, moved);
            System.Array.Copy(_ends, from, _ends, to, moved);
            _count = to + moved;
        }
    }
}
