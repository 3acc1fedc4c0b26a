namespace NfDtls.Extensions
{
    /// <summary>
    /// Where a server keeps the sessions that it has given an id. A gateway puts them where its other nodes find them. What is
    /// stored holds the session's master secret, in the clear: it is to be kept as a key is. Called inside the engine: it must
    /// return quickly and not call back; what it throws costs the session no more than a full handshake.
    /// </summary>
    public abstract class SessionStore
    {
        /// <summary>Keeps a session, in another's place where there is no room.</summary>
        /// <param name="id">Its id, as long as <see cref="SessionResumption.IdLength"/> says; the store may keep the array.</param>
        /// <param name="session">What the engine will want back, some 100 bytes; the store may keep the array.</param>
        /// <param name="seconds">How long it may be resumed.</param>
        /// <param name="now">The engine's time in milliseconds.</param>
        public abstract void Put(byte[] id, byte[] session, int seconds, long now);

        /// <summary>A copy of what was kept for an id, or null.</summary>
        public abstract byte[]? Find(byte[] id, long now);

        /// <summary>Forgets a session, if it is there: a connection of it has failed (RFC 5246 section 7.2.2).</summary>
        public abstract void Remove(byte[] id);
    }
}
