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

        /// <summary>Whether an extension of the version's may stand in a message; what stands in a wrong one is an illegal_parameter.</summary>
        internal virtual bool MayCarry(HelloExtension extension, int messageType)
        {
            return true;
        }

        /// <summary>Whether a key of a kind may sign by a scheme that it fits.</summary>
        internal virtual bool MaySign(int scheme, int keyKind)
        {
            return true;
        }

        /// <summary>The alert that goes with an error.</summary>
        internal virtual int AlertFor(DtlsError error)
        {
            return AlertTable.AlertFor(error);
        }

        /// <summary>Whether what was sent may be sent again although it was refused.</summary>
        internal virtual bool MayAskAgain
        {
            get { return false; }
        }

        /// <summary>The epoch whose records wait for their keys.</summary>
        internal virtual long NextReadEpoch
        {
            get { return Handshake.Host.ReadEpoch.Number + 1; }
        }

        /// <summary>
        /// Whether an epoch is more than what a ChangeCipherSpec begins: messages of epochs before the one that is read are looked at,
        /// as repetitions, and a Finished may come before its turn.
        /// </summary>
        internal virtual bool HearsEarlierEpochs
        {
            get { return false; }
        }

        /// <summary>
        /// Whether the peer has said all of this handshake: a message of a type that it says next, authentic like what came before, waits and
        /// comes again, until this end knows to be connected.
        /// </summary>
        internal virtual bool HearsNoMore(int type)
        {
            return false;
        }

        /// <summary>Whether what is sent now is of no use in pieces, so that its datagrams are not made smaller where nobody answers.</summary>
        internal virtual bool SendsWhole
        {
            get { return false; }
        }

        /// <summary>When it wants to be called, or never.</summary>
        internal virtual long Deadline
        {
            get { return NfDtls.Deadline.Never; }
        }

        /// <summary>Does what the time has come for.</summary>
        internal virtual void HandleTimeout(long now)
        {
        }

        /// <summary>A record of the peer's flight of now was taken, whatever of it had come before.</summary>
        /// <param name="epoch">The record's epoch.</param>
        /// <param name="sequence">Its number.</param>
        /// <param name="hasGap">Whether something before it has not come yet.</param>
        /// <param name="now">The time in milliseconds.</param>
        internal virtual void OnRecord(long epoch, long sequence, bool hasGap, long now)
        {
        }

        /// <summary>Begins a client's handshake.</summary>
        internal virtual void Start(HandshakeHost host, long now)
        {
        }

        /// <summary>Reads a message that is no part's.</summary>
        internal abstract DtlsError Read(int type, WireReader reader, long now);

        /// <summary>Work to be finished before a message that is no part's is acted on, or null.</summary>
        internal virtual CryptoOperation? AfterReading(int type)
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
