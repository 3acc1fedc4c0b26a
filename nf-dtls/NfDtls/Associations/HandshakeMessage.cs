namespace NfDtls
{
    /// <summary>
    /// A handshake message beyond those of the rule table, by type. Asked in a handshake when the rule table does not know
    /// the type, and after it for every message that is no renegotiation and no retransmission.
    /// </summary>
    public abstract class HandshakeMessage
    {
        /// <summary>The message's type.</summary>
        public abstract int Type { get; }

        /// <summary>Reads the body of a message that came whole in one protected record after the handshake.</summary>
        public abstract DtlsError Read(Association association, WireReader reader);
    }
}
