namespace NfDtls.Dtls13
{
    /// <summary>A KeyUpdate that is wanted, or on its way until its ACK has come.</summary>
    internal sealed class UpdateSending : Resending
    {
        private const int Kept = 8;

        /// <summary>Where it was sent.</summary>
        internal readonly SentRecords Records = new SentRecords(Kept);

        /// <summary>It is wanted, but was not sent yet.</summary>
        internal bool IsWanted;

        /// <summary>Whether the peer is asked to update its keys as well.</summary>
        internal bool Asks;

        /// <summary>It was sent, and its ACK has not come.</summary>
        internal bool IsUnderWay;
    }
}
