namespace NfDtls.Samples.ModemTransport
{
    /// <summary>Is told what a modem says of itself, whenever it does: "unsolicited result codes".</summary>
    internal abstract class AtListener
    {
        /// <summary>A line that is no answer. Not the moment to send a command: one may be under way.</summary>
        internal abstract void OnNews(string line);
    }
}
