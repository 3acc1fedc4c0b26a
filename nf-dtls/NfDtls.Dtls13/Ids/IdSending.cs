namespace NfDtls.Dtls13
{
    /// <summary>A message about connection IDs on its way, and the records that carried it, of which any may be acknowledged.</summary>
    internal sealed class IdSending : Resending
    {
        private const int Kept = 8;

        /// <summary>The message with its header.</summary>
        internal readonly byte[] Message;

        /// <summary>What carried it.</summary>
        internal readonly SentRecords Records = new SentRecords(Kept);

        internal IdSending(byte[] message)
        {
            Message = message;
        }
    }
}
