namespace NfDtls
{
    /// <summary>
    /// One role, client or server, in the handshake of one version: what its messages say, what is said next, and what the
    /// version keeps for that. What all versions share is the <see cref="NfDtls.Handshake"/>'s.
    /// </summary>
    internal abstract class HandshakeRole
    {
        internal readonly ProtocolVersion Version;
        internal readonly Handshake Handshake;
        internal readonly HandshakeRules Rules;
        internal readonly KeySchedule KeySchedule;
        internal readonly Transcript Transcript;

        internal HandshakeRole(ProtocolVersion version, Handshake handshake)
        {
            EndpointOptions options = handshake.Options;
            Version = version;
            Handshake = handshake;
            Rules = version.CreateRules(handshake.IsServer);
            KeySchedule = version.CreateKeySchedule();
            Transcript = version.CreateTranscript(handshake.Crypto, options.Suites, options.TranscriptBytes);
        }

        /// <summary>Extensions, by index, that the peer may answer.</summary>
        internal abstract int AskedExtensions { get; }

        /// <summary>Whether what was sent may be sent again although it was refused.</summary>
        internal virtual bool MayAskAgain
        {
            get { return false; }
        }

        /// <summary>Begins a client's handshake.</summary>
        internal virtual void Start(HandshakeHost host, long now)
        {
        }

        /// <summary>Reads a message that is no part's.</summary>
        internal abstract DtlsError Read(int type, WireReader reader, long now);

        /// <summary>Work to be finished before a message that is no part's is acted on, or null.</summary>
        internal virtual CryptoOperation AfterReading(int type)
        {
            return null;
        }

        /// <summary>Acts on a message that was read, with all its work done.</summary>
        internal abstract void OnMessage(int type, long now);

        /// <summary>Writes a message that is no part's.</summary>
        internal abstract void Write(int type, WireWriter writer);

        /// <summary>Whether a message of a script is left out.</summary>
        internal abstract bool Skips(int type);

        /// <summary>Goes on with what waited for an operation and is no script.</summary>
        internal virtual void ContinueWithoutScript(long now)
        {
        }

        /// <summary>The flight is complete; sending it has begun.</summary>
        internal virtual void OnFlightWritten(long now)
        {
        }

        /// <summary>Who reads and writes a message, or null: the role itself.</summary>
        internal abstract HandshakePart PartFor(int type);

        /// <summary>Whether a message says that the peer has kept nothing of what came before.</summary>
        internal abstract bool BeginsAnew(int type);

        /// <summary>
        /// A message was read or written, with all its work done: what follows from it for the keys comes before what is said
        /// next.
        /// </summary>
        internal abstract DtlsError OnPassed(int type);

        /// <summary>Wipes what it keeps.</summary>
        internal virtual void Clear()
        {
            KeySchedule.Clear();
            Transcript.Reset();
        }
    }
}
