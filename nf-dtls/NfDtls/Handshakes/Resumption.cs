using System;

namespace NfDtls
{
    /// <summary>
    /// Who keeps sessions that go on without a new key exchange (RFC 5246 section 7.3, RFC 5077): what a feature brings for the
    /// handshake of DTLS 1.2. Reads and writes NewSessionTicket. <see cref="HandshakeFlags.Abbreviated"/> says that a handshake
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
