namespace NfDtls
{
    /// <summary>Messages on their way out: what an engine makes datagrams of.</summary>
    internal abstract class OutgoingFlight
    {
        /// <summary>Whether there are datagrams yet to be made of it.</summary>
        internal bool IsSending;

        /// <summary>Messages in it.</summary>
        internal abstract int Count { get; }

        /// <summary>Makes the next datagram, as many records as fit; returns its length and how many records it has.</summary>
        internal abstract int Fill(RecordHeader scratch, byte[] datagram, int limit, bool oneRecord, out int records);

        /// <summary>Sends no more of it, as if the rest had been lost.</summary>
        internal void Stop()
        {
            IsSending = false;
        }
    }
}
