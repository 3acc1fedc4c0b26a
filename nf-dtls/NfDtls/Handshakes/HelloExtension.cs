namespace NfDtls
{
    /// <summary>
    /// An extension of the hellos (RFC 5246 section 7.4.1.4), or of any later message with an extension block. One object
    /// serves every handshake of an endpoint; what belongs to one handshake goes into <see cref="Handshake.SetState"/>.
    /// </summary>
    public abstract class HelloExtension
    {
        /// <summary>The two bytes on the wire.</summary>
        public abstract int Type { get; }

        /// <summary>Versions that have it, as in <see cref="CipherSuite.VersionMask"/>: in a handshake of another it is as if it were not there.</summary>
        public virtual int VersionMask
        {
            get { return CipherSuite.Version12; }
        }

        /// <summary>Whether it goes into a message. A server is asked only if the client sent it.</summary>
        public abstract bool Writes(Handshake handshake, int messageType);

        /// <summary>Writes its content, without type and length.</summary>
        public abstract void Write(Handshake handshake, int messageType, WireWriter writer);

        /// <summary>Reads its content; the engine checks that all of it was read.</summary>
        public abstract DtlsError Read(Handshake handshake, int messageType, WireReader reader);

        /// <summary>Told when a message's extension block came without it.</summary>
        public virtual DtlsError ReadAbsent(Handshake handshake, int messageType)
        {
            return DtlsError.None;
        }

        /// <summary>
        /// What of it a session must have again in order to be resumed, or null: of a client what it asks for, of a server what was
        /// asked and chosen. Asked before a client's hello, and behind the reading of a server's.
        /// </summary>
        public virtual byte[]? SessionContext(Handshake handshake)
        {
            return null;
        }

        /// <summary>Work to be finished before a client's first flight, or null.</summary>
        public virtual CryptoOperation? Prepare(Handshake handshake)
        {
            return null;
        }

        /// <summary>The last word over a ClientHello's finished body, before it is hashed and sent; its length must not change.</summary>
        public virtual void Complete(Handshake handshake, byte[] body, int offset, int count)
        {
        }
    }
}
