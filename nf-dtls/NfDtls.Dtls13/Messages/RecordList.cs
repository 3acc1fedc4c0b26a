namespace NfDtls.Dtls13
{
    /// <summary>Numbers of records that arrived, ascending and each once; of more than there is room for the oldest are forgotten.</summary>
    internal sealed class RecordList
    {
        private readonly long[] _epochs;
        private readonly long[] _sequences;
        private int _count;

        internal RecordList(int capacity)
        {
            _epochs = new long[capacity];
            _sequences = new long[capacity];
        }

        internal int Count
        {
            get { return _count; }
        }

        internal long EpochAt(int index)
        {
            return _epochs[index];
        }

        internal long SequenceAt(int index)
        {
            return _sequences[index];
        }

        internal void Clear()
        {
            _count = 0;
        }

        /// <summary>Adds a number in its place.</summary>
        internal void Add(long epoch, long sequence)
        {
            int at = _count;
            while (at > 0 && IsBehind(at - 1, epoch, sequence))
            {
                at--;
            }

            if (at > 0 && _epochs[at - 1] == epoch && _sequences[at - 1] == sequence)
            {
                return;
            }

            if (_count == _epochs.Length)
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
                Move(at, at + 1, _count - at);
                _count++;
            }

            _epochs[at] = epoch;
            _sequences[at] = sequence;
        }

        private bool IsBehind(int index, long epoch, long sequence)
        {
            return _epochs[index] > epoch || (_epochs[index] == epoch && _sequences[index] > sequence);
        }

        private void Move(int from, int to, int count)
        {
            System.Array.Copy(_epochs, from, _epochs, to, count);
            System.Array.Copy(_sequences, from, _sequences, to, count);
        }
    }
}
