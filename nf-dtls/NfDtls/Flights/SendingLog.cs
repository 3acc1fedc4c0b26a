namespace NfDtls
{
    /// <summary>
    /// Which fragment went out in which record: (epoch, sequence number) of every sending, the newest of them kept. "Resend
    /// all" does not need it; "resend what is not acknowledged" (DTLS 1.3) finds the fragment that a record number names.
    /// </summary>
    internal sealed class SendingLog
    {
        private readonly long[] _records;
        private readonly ushort[] _messages;
        private readonly ushort[] _offsets;
        private readonly ushort[] _lengths;
        private int _count;

        internal SendingLog(int capacity)
        {
            _records = new long[capacity];
            _messages = new ushort[capacity];
            _offsets = new ushort[capacity];
            _lengths = new ushort[capacity];
        }

        internal void Clear()
        {
            _count = 0;
        }

        /// <summary>Sendings kept.</summary>
        internal int Count
        {
            get { return _count < _records.Length ? _count : _records.Length; }
        }

        internal void Add(long epoch, long sequence, int message, int offset, int length)
        {
            int slot = _count % _records.Length;
            _records[slot] = (epoch << 48) | sequence;
            _messages[slot] = (ushort)message;
            _offsets[slot] = (ushort)offset;
            _lengths[slot] = (ushort)length;
            _count++;
        }

        /// <summary>Finds the fragment that a record carried; false if it is not, or no longer, known.</summary>
        internal bool Find(long epoch, long sequence, out int message, out int offset, out int length)
        {
            long record = (epoch << 48) | sequence;
            for (int i = 0; i < Count; i++)
            {
                if (_records[i] == record)
                {
                    message = _messages[i];
                    offset = _offsets[i];
                    length = _lengths[i];
                    return true;
                }
            }

            message = 0;
            offset = 0;
            length = 0;
            return false;
        }
    }
}
