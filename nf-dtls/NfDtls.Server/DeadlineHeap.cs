namespace NfDtls.Server
{
    /// <summary>
    /// What is due when: the times of associations by their index, the earliest first. A heap that knows where each index stands,
    /// so that a time changes in as many moves as the heap is deep. Allocates nothing after construction.
    /// </summary>
    internal sealed class DeadlineHeap
    {
        /// <summary>Moves inside the heap so far, for tests.</summary>
        internal int Moves;

        private readonly int[] _heap;
        private readonly int[] _places;
        private readonly long[] _times;
        private int _count;

        internal DeadlineHeap(int capacity)
        {
            _heap = new int[capacity];
            _places = new int[capacity];
            _times = new long[capacity];
            Clear();
        }

        /// <summary>The earliest time, or <see cref="Deadline.Never"/>.</summary>
        internal long NextTime
        {
            // Who stood there last has no time any more.
            get { return _times[_heap[0]]; }
        }

        /// <summary>How many have a time.</summary>
        internal int Count
        {
            get { return _count; }
        }

        /// <summary>Whose time is the earliest; only where there is one.</summary>
        internal int First
        {
            get { return _heap[0]; }
        }

        /// <summary>Sets or changes a time; <see cref="Deadline.Never"/> takes it out.</summary>
        internal void Set(int index, long time)
        {
            if (time == _times[index])
            {
                return;
            }

            bool isNew = _times[index] == Deadline.Never;
            _times[index] = time;
            if (time == Deadline.Never)
            {
                Remove(_places[index]);
                return;
            }

            if (isNew)
            {
                Put(_count, index);
                _count++;
            }

            Settle(_places[index]);
        }

        internal void Clear()
        {
            _count = 0;
            for (int i = 0; i < _times.Length; i++)
            {
                _times[i] = Deadline.Never;
            }
        }

        private void Remove(int place)
        {
            _count--;
            if (place < _count)
            {
                Put(place, _heap[_count]);
                Settle(place);
            }
        }

        /// <summary>Moves what stands at a place to where its time belongs.</summary>
        private void Settle(int place)
        {
            int index = _heap[place];
            long time = _times[index];
            while (place > 0 && _times[_heap[(place - 1) / 2]] > time)
            {
                Put(place, _heap[(place - 1) / 2]);
                place = (place - 1) / 2;
            }

            int child = EarlierChild(place);
            while (child < _count && _times[_heap[child]] < time)
            {
                Put(place, _heap[child]);
                place = child;
                child = EarlierChild(place);
            }

            Put(place, index);
        }

        private int EarlierChild(int place)
        {
            int child = (2 * place) + 1;
            bool isRight = child + 1 < _count && _times[_heap[child + 1]] < _times[_heap[child]];
            return isRight ? child + 1 : child;
        }

        private void Put(int place, int index)
        {
            Moves++;
            _heap[place] = index;
            _places[index] = place;
        }
    }
}
