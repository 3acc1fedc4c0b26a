namespace NfDtls
{
    /// <summary>
    /// Opt-in: receives the secrets of every handshake, so that a capture can be decrypted (SSLKEYLOGFILE, RFC 9850's
    /// CLIENT_RANDOM line). Never use one in the field. Runs inside the engine: it must return quickly and not call back.
    /// </summary>
    public abstract class KeyLog
    {
        /// <summary>One handshake's secret: 32 bytes of client random, 48 of master secret. Copy what is kept: the arrays are zeroed later.</summary>
        public abstract void Write(byte[] clientRandom, byte[] masterSecret);

        /// <summary>One secret of a handshake of DTLS 1.3, by its label of RFC 9850; nothing by default. Copy what is kept.</summary>
        public virtual void Write(string label, byte[] clientRandom, byte[] secret)
        {
        }
    }
}
