namespace NfDtls.Dtls13
{
    /// <summary>A message about connection IDs on its way, and the records that carried it, of which any may be acknowledged.</summary>
    internal sealed class IdSending : Resending
    {
        private const int Kept = 8;

        /// <summary>The message with its header.</summary>
        internal readonly byte[] Message;

        private readonly long[] _epochs = new long[Kept];
        private readonly long[] _numbers = new long[Kept];
        private int _count;

        internal IdSending(byte[] message)
        {
            Message = message;
        }

        /// <summary>A record has carried it.</summary>
        internal void Add(long epoch, long number)
        {
            _epochs[_count % Kept] = epoch;
            _numbers[_count % Kept] = number;
            _count++;
        }

        /// <summary>Whether a record has carried it.</summary>
        internal bool WasSentIn(long epoch, long number)
        {
            bool was = false;
            for (int i = 0; i < Kept && i < _count; i++)
            {
                was |= _epochs[i] == epoch && _numbers[i] == number;
            }

            return was;
        }
    }
}
