namespace NfDtls.Dtls13
{
    /// <summary>A KeyUpdate that is wanted, or on its way until its ACK has come.</summary>
    internal sealed class UpdateSending : Resending
    {
        /// <summary>Records that it was sent in, of which any may be acknowledged.</summary>
        internal const int MostSendings = 8;

        /// <summary>It is wanted, but was not sent yet.</summary>
        internal bool IsWanted;

        /// <summary>Whether the peer is asked to update its keys as well.</summary>
        internal bool Asks;

        /// <summary>It was sent, and its ACK has not come.</summary>
        internal bool IsUnderWay;

        private readonly long[] _sequences = new long[MostSendings];
        private int _count;

        /// <summary>A record with it was sent.</summary>
        internal void AddSending(long sequence)
        {
            _sequences[_count % MostSendings] = sequence;
            _count++;
        }

        /// <summary>Whether it was sent in a record.</summary>
        internal bool WasSentIn(long sequence)
        {
            bool was = false;
            for (int i = 0; i < MostSendings && i < _count; i++)
            {
                was |= _sequences[i] == sequence;
            }

            return was;
        }
    }
}
