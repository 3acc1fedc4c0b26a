namespace NfDtls
{
    /// <summary>
    /// A version of the protocol, as a part: what stands in <see cref="EndpointOptions.Versions"/>. It brings its form of records, its
    /// handshake, the rules of that as data, how secrets are derived, what of the messages is hashed, and what is sent again.
    /// What all versions share names none of them.
    /// </summary>
    public abstract class ProtocolVersion
    {
        internal ProtocolVersion()
        {
        }

        /// <summary>Its number on the wire: <see cref="DtlsVersion"/>.</summary>
        public abstract int Number { get; }

        /// <summary>Its bit in <see cref="CipherSuite.VersionMask"/>.</summary>
        public abstract int SuiteMask { get; }

        /// <summary>Whether its hellos are as short as those with a pre-shared key, its own and those that come.</summary>
        internal virtual bool IsShort
        {
            get { return true; }
        }

        /// <summary>The form of its records in epoch 0.</summary>
        internal abstract RecordCodec Codec { get; }

        /// <summary>The form of a record that begins with a byte, or null where it is none of its forms.</summary>
        internal virtual RecordCodec FindCodec(int firstByte)
        {
            return Codec.Recognizes(firstByte) ? Codec : null;
        }

        /// <summary>The messages that a role receives: a fresh table.</summary>
        public abstract HandshakeRules CreateRules(bool isServer);

        /// <summary>How its secrets are derived.</summary>
        internal abstract KeySchedule CreateKeySchedule();

        /// <summary>What of its messages is hashed.</summary>
        internal abstract Transcript CreateTranscript(CryptoProvider crypto, CipherSuiteTable suites, int bytesKept);

        /// <summary>The extensions that its hellos have whatever the suites are: fresh objects.</summary>
        internal abstract HelloExtension[] CreateExtensions();

        /// <summary>What a client says and understands in it; one for each handshake's slot, used again and again.</summary>
        internal abstract HandshakeRole CreateClient(Handshake handshake);

        /// <summary>Its half for servers, which stands in an assembly that clients do not have; or null where that assembly knows the version.</summary>
        internal virtual object ServerPart
        {
            get { return null; }
        }

        /// <summary>Bytes that a server has for it beside its handshakes and sessions, as MemoryPlan (NfDtls.Planning) counts them.</summary>
        internal virtual int ServerBytes
        {
            get { return 0; }
        }

        /// <summary>
        /// Null where each association keeps the last flight of its handshake, since nobody confirms it; else what all of them have for it, of all
        /// endpoints that have the version from this object.
        /// </summary>
        internal virtual OutgoingFlight NoLastFlight
        {
            get { return null; }
        }

        /// <summary>What it does for an association beyond a handshake: a fresh Feature for each endpoint, or null.</summary>
        internal virtual object AssociationPart
        {
            get { return null; }
        }

        /// <summary>Sends a flight again: all of it, or what the peer is known to lack. For that its role gives the flight a <see cref="Flight.Log"/>.</summary>
        internal virtual void Resend(Flight flight)
        {
            flight.Restart();
        }
    }
}
