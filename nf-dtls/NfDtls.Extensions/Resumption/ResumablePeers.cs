namespace NfDtls.Extensions
{
    /// <summary>
    /// The application's own word on whether a peer may still resume a session: one that was removed or revoked since may not, and
    /// gets a full handshake. Asked inside the engine: it must return quickly and not call back.
    /// </summary>
    public abstract class ResumablePeers
    {
        /// <summary>Whether a session with a peer may be resumed.</summary>
        /// <param name="pskIdentity">The identity of the session's pre-shared key, or null.</param>
        /// <param name="certificateHash">SHA-256 of the peer's certificate or raw public key, or null where it showed none.</param>
        public abstract bool MayResume(byte[]? pskIdentity, byte[]? certificateHash);
    }
}
