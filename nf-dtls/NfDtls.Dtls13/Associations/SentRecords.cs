namespace NfDtls.Dtls13
{
    /// <summary>The last records that carried a message, or pieces of one: any of them may be acknowledged.</summary>
    internal sealed class SentRecords
    {
        private readonly long[] _epochs;
        private readonly long[] _numbers;
        private int _count;

        /// <param name="kept">So many are known again.</param>
        internal SentRecords(int kept)
        {
            _epochs = new long[kept];
            _numbers = new long[kept];
        }

        /// <summary>A record was sent. Returns its slot, from 0 on; the oldest one's where all are taken.</summary>
        internal int Add(long epoch, long number)
        {
            int slot = _count % _epochs.Length;
            _epochs[slot] = epoch;
            _numbers[slot] = number;
            _count++;
            return slot;
        }

        /// <summary>The slot of a record, or -1: its number was used once.</summary>
        internal int Find(long epoch, long number)
        {
            int slot = -1;
            for (int i = 0; i < _epochs.Length && i < _count; i++)
            {
                if (_epochs[i] == epoch && _numbers[i] == number)
                {
                    slot = i;
                }
            }

            return slot;
        }
    }
}
