using System;

namespace NfDtls
{
    /// <summary>
    /// Who keeps sessions that go on without a new key exchange (RFC 5246 section 7.3, RFC 5077) or by a key that an earlier connection
    /// left (RFC 8446 section 2.2): what a feature brings for the handshakes. Reads and writes NewSessionTicket of DTLS 1.2. <see cref="HandshakeFlags.Abbreviated"/> says that a handshake
    /// resumes a session; without an object of these none does, and no session has an id.
    /// </summary>
    public abstract class Resumption : HandshakePart
    {
        internal Resumption()
        {
        }

        /// <summary>A client begins a handshake.</summary>
        internal abstract void Begin(Handshake handshake, long now);

        /// <summary>Whether the extensions of a client's hello, which nothing was kept of yet, prove that it comes from a host.</summary>
        internal abstract bool ProvesHost(Endpoint endpoint, WireReader extensions, byte[] host, long now);

        /// <summary>The session id of this end's hello, 0 to 32 bytes.</summary>
        internal abstract byte[] SessionId(Handshake handshake);

        /// <summary>Whether the session id of a server's hello says that it resumes the session which this client offered.</summary>
        internal abstract bool IsOffered(byte[] buffer, int offset, int count, Handshake handshake);

        /// <summary>The suite of the session that a client's hello, read with its extensions, may resume at a server; or null.</summary>
        internal abstract CipherSuite Find(byte[] buffer, int offset, int count, Handshake handshake, long now);

        /// <summary>
        /// Both hellos are known, and a session is to be resumed: whether all is as it was, and its master secret, 48 bytes, to an
        /// array of the caller's.
        /// </summary>
        internal abstract DtlsError Confirm(Handshake handshake, byte[] master);

        /// <summary>DTLS 1.3, a client: the session that it offers, or null. The object is the caller's, who clears it.</summary>
        internal abstract ResumedKey Offer(Handshake handshake, long now);

        /// <summary>DTLS 1.3, a server that has kept nothing of a hello yet: the number of the suite that an identity's session has, or 0 where it is no ticket.</summary>
        internal abstract int SuiteOf(Endpoint endpoint, byte[] identity, long now);

        /// <summary>
        /// DTLS 1.3: the session that an identity of a hello, read up to its keys, is the ticket of; null where it is none, or may not
        /// be resumed. The object is the caller's, who clears it.
        /// </summary>
        internal abstract ResumedKey Open(Handshake handshake, byte[] identity, long age, long now);

        /// <summary>DTLS 1.3: a handshake has succeeded, and left a secret (resumption_master_secret), which is copied. Its key was a pre-shared one of the application's, or null.</summary>
        internal abstract void Capture(Handshake handshake, byte[] secret, byte[] externalKey, long now);

        /// <summary>DTLS 1.3, a server: a ticket for what was captured, and the seconds that it is good for; or null.</summary>
        internal abstract byte[] GiveTicket(Handshake handshake, long ageAdd, byte[] nonce, out int seconds);

        /// <summary>DTLS 1.3, a client: a ticket has come for what was captured.</summary>
        internal abstract void TakeTicket(HandshakeHost host, byte[] ticket, int seconds, long ageAdd, byte[] nonce, long now);

        /// <summary>A peer's address without its port.</summary>
        internal static byte[] HostOf(EndpointOptions options, byte[] address, int length)
        {
            int from = length > options.HostOffset ? options.HostOffset : 0;
            byte[] host = new byte[length - from];
            Array.Copy(address, from, host, 0, host.Length);
            return host;
        }
    }
}
