namespace NfDtls
{
    /// <summary>
    /// Reads and writes some of a handshake's messages: the seam on which key exchanges, authentication and further messages
    /// hang. Bodies only; headers, fragments and the transcript are the engine's.
    /// </summary>
    public abstract class HandshakePart
    {
        /// <summary>Work to be finished before a message can be written, or null. Called once for each message.</summary>
        public virtual CryptoOperation? BeforeWriting(Handshake handshake, int messageType)
        {
            return null;
        }

        /// <summary>Whether the message is sent at all; asked after <see cref="BeforeWriting"/>'s work.</summary>
        public virtual bool Writes(Handshake handshake, int messageType)
        {
            return true;
        }

        /// <summary>Writes a message's body.</summary>
        public abstract void Write(Handshake handshake, int messageType, WireWriter writer);

        /// <summary>
        /// Reads a message's body. Bytes left over, or read beyond the end, are a decode_error that the engine finds itself.
        /// What is needed later must be copied.
        /// </summary>
        public abstract DtlsError Read(Handshake handshake, int messageType, WireReader reader);

        /// <summary>Work to be finished before the next message is looked at, or null; the body that was read stays in place meanwhile.</summary>
        public virtual CryptoOperation? AfterReading(Handshake handshake, int messageType)
        {
            return null;
        }

        /// <summary>Zeroes the secrets: the handshake has ended.</summary>
        public virtual void Clear()
        {
        }
    }
}
