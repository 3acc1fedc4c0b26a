using System;

namespace NfDtls.Server
{
    /// <summary>What a server needs of a version beside the <see cref="ProtocolVersion"/>: its part in the handshake, and its cookie exchange.</summary>
    public abstract class ServerVersion
    {
        internal readonly ProtocolVersion Version;

        /// <summary>The header of the hello at hand where that is a first fragment and not all of it, else null.</summary>
        internal MessageHeader Part;

        internal ServerVersion(ProtocolVersion version)
        {
            Version = version;
        }

        /// <summary>The server's half of a version.</summary>
        /// <exception cref="ArgumentException">This assembly does not know the version, and it brings none.</exception>
        internal static ServerVersion Of(ProtocolVersion version)
        {
            ServerVersion part = version.ServerPart as ServerVersion;
            if (part != null)
            {
                return part;
            }

            if (version.Number != DtlsVersion.Dtls12)
            {
                throw new ArgumentException("DtlsOptions.Versions holds a version that is a client's only: its number is " + version.Number.ToString() + ".");
            }

            return new Dtls12ServerVersion(version);
        }

        /// <summary>
        /// Whether a hello, read up to its cookie, is one that this version answers. The first in the table that does has it. What
        /// is there of the rest is in the reader, and may be read.
        /// </summary>
        internal abstract bool Claims(ClientHello hello, WireReader rest);

        /// <summary>Whether it asks for a cookie although the options do not: its exchange is for more than the address.</summary>
        internal virtual bool AlwaysAsks
        {
            get { return false; }
        }

        /// <summary>Contexts of the crypto provider with keys that a session has at the most: one to read with and one to write with.</summary>
        internal virtual int KeysASession
        {
            get { return 2; }
        }

        /// <summary>The same of a handshake, before it takes the place of a session.</summary>
        internal virtual int KeysAHandshake
        {
            get { return 2; }
        }

        /// <summary>Contexts that are there once, for all of them.</summary>
        internal virtual int SharedContexts
        {
            get { return 0; }
        }

        /// <summary>What the cookie of a hello's first fragment says: a result of <see cref="CookieSecret"/>.</summary>
        internal virtual int Judge(DtlsServerEngine engine, CookieSecret cookies, byte[] buffer, ClientHello hello, long now)
        {
            return cookies.Judge(engine.PeerAddress, engine.PeerAddressLength, buffer, hello, cookies.Nothing, 0, now);
        }

        /// <summary>Whether the later fragment of a hello in the engine's headers goes on with one whose beginning is kept (<see cref="CookieSecret.Kept"/>).</summary>
        internal virtual bool Collects(DtlsServerEngine engine, long now)
        {
            return false;
        }

        /// <summary>Takes that fragment. Where the hello is whole, returns a record with it in one fragment, which the engine's headers are of; else null.</summary>
        internal virtual byte[] Collect(DtlsServerEngine engine, byte[] buffer, long now)
        {
            return null;
        }

        /// <summary>What a server says and understands; one for each handshake's slot.</summary>
        internal abstract HandshakeRole CreateRole(ServerHandshake slot, DtlsServerEngine engine);

        /// <summary>Asks a peer to prove its address by the cookie that was judged last, and keeps nothing.</summary>
        internal abstract void Challenge(PlainAnswers answers, CookieSecret cookies);
    }
}
