namespace NfDtls.Extensions
{
    /// <summary>
    /// The keys that a server seals its tickets with (RFC 5077 section 5.5). Whoever has one can resume, and read, every session
    /// whose ticket it sealed: they change, and the ones before still open for a while. Servers that share them take each
    /// other's tickets. Called inside the engine: it must return quickly and not call back; what it throws costs a session no
    /// more than a full handshake.
    /// </summary>
    public abstract class TicketKeys
    {
        /// <summary>The key that new tickets are sealed with, or null: no ticket is given.</summary>
        public abstract TicketKey? GetCurrent(CryptoProvider crypto, long now);

        /// <summary>The key of a name, which stands in the array from an offset on; or null where it is not there, or no more.</summary>
        public abstract TicketKey? Find(byte[] name, int offset, long now);
    }
}
