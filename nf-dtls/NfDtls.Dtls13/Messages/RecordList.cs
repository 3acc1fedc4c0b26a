namespace NfDtls.Dtls13
{
    /// <summary>Numbers of records that arrived, ascending and each once; of more than there is room for the oldest are forgotten.</summary>
    internal sealed class RecordList
    {
        private const int FirstRoom = 4;
        private const int NumberBits = 48;

        private readonly int _capacity;

        // Epoch and number together; there is room for the first ones, and for more when they come.
        private long[] _numbers;
        private int _count;

        internal RecordList(int capacity)
        {
            _capacity = capacity;
        }

        internal int Count
        {
            get { return _count; }
        }

        internal long EpochAt(int index)
        {
            return (_numbers[index] >> NumberBits) & 0xFFFF;
        }

        internal long SequenceAt(int index)
        {
            return _numbers[index] & Epoch.LastSequence;
        }

        internal void Clear()
        {
            _count = 0;
            _numbers = null;
        }

        /// <summary>Adds a number in its place.</summary>
        internal void Add(long epoch, long sequence)
        {
            int at = _count;
            while (at > 0 && IsBehind(at - 1, epoch, sequence))
            {
                at--;
            }

            if (at > 0 && EpochAt(at - 1) == epoch && SequenceAt(at - 1) == sequence)
            {
                return;
            }

            if (_count == _capacity)
            {
                if (at == 0)
                {
                    return;
                }

                at--;
                Move(1, 0, at);
            }
            else
            {
                MakeRoom();
                Move(at, at + 1, _count - at);
                _count++;
            }

            _numbers[at] = (epoch << NumberBits) | sequence;
        }

        private bool IsBehind(int index, long epoch, long sequence)
        {
            return EpochAt(index) > epoch || (EpochAt(index) == epoch && SequenceAt(index) > sequence);
        }

        private void Move(int from, int to, int count)
        {
            System.Array.Copy(_numbers, from, _numbers, to, count);
        }

        private void MakeRoom()
        {
            if (_numbers == null || _count == _numbers.Length)
            {
                int length = _numbers == null ? FirstRoom : 2 * _numbers.Length;
                long[] more = new long[length < _capacity ? length : _capacity];
                if (_numbers != null)
                {
                    System.Array.Copy(_numbers, more, _count);
                }

                _numbers = more;
            }
        }
    }
}
