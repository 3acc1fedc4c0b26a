using System;

namespace NfDtls
{
    /// <summary>
    /// One run of the protocol, hosted by an association. Holds what is negotiated and the buffers for it; which message may
    /// come next is the rule table's, what it means the role's. While an operation is pending nothing advances.
    /// </summary>
    public abstract class Handshake
    {
        // A coordinate of P-384, or what RSA encrypts.
        private const int LongestSecret = 48;

        private const int MaxFlightMessages = 10;
        private const int SendingsKept = 32;
        private const int PluggedIn = 4;

        internal readonly Endpoint Endpoint;
        internal readonly Transcript Transcript;
        internal readonly MessageReceiver Receiver;
        internal readonly FlightScript Script;
        internal readonly Flight Flight;
        internal readonly Patience Patience;
        internal readonly PendingWork Pending;
        internal readonly HeldRecords Held;
        internal readonly KeySchedule KeySchedule = new Tls12KeySchedule();
        internal readonly byte[] ClientRandom = new byte[ClientHello.RandomLength];
        internal readonly byte[] ServerRandom = new byte[ClientHello.RandomLength];
        internal readonly HelloExtension[] Extensions;
        internal HandshakeHost Host;
        internal int PeerExtensions;
        internal int OwnExtensions;
        internal int RecordVersion;

        private readonly object[] _states;
        private KeyExchange _keyExchange;
        private readonly Authenticator _ownAuthenticator;
        private Authenticator _authenticator;
        private byte[] _pskIdentity;
        private byte[][] _peerCertificates;
        private int _flags;
        private int _offeredVersion = DtlsVersion.Dtls12;
        private CipherSuite _suite;

        internal Handshake(Endpoint endpoint)
        {
            Endpoint = endpoint;
            Extensions = endpoint.Extensions;
            _states = new object[Extensions.Length];
            DtlsOptions options = endpoint.Options;
            Transcript = new Transcript(endpoint.Crypto, options.Suites, options.TranscriptBytes);
            Flight = new Flight(options.MaxFlight, MaxFlightMessages, SendingsKept);
            Script = new FlightScript(this, Flight);
            Receiver = new MessageReceiver(this);
            Patience = new Patience(this);
            Pending = new PendingWork(this);
            Held = new HeldRecords(endpoint);
            _ownAuthenticator = options.Authenticator == null ? null : options.Authenticator.Create(options);
        }

        /// <summary>Whether this end is the server.</summary>
        public abstract bool IsServer { get; }

        /// <summary>The endpoint's options.</summary>
        public DtlsOptions Options
        {
            get { return Endpoint.Options; }
        }

        /// <summary>The endpoint's cryptography.</summary>
        public CryptoProvider Crypto
        {
            get { return Endpoint.Crypto; }
        }

        /// <summary>What was agreed on so far: <see cref="HandshakeFlags"/>.</summary>
        public int Flags
        {
            get { return _flags; }
            set { _flags = value; }
        }

        /// <summary>The version that the client's hello offered, which an RSA key exchange must repeat.</summary>
        public int OfferedVersion
        {
            get { return _offeredVersion; }
            internal set { _offeredVersion = value; }
        }

        /// <summary>The suite agreed on, or null.</summary>
        public CipherSuite Suite
        {
            get { return _suite; }
        }

        /// <summary>The identity that the client sent or will send, or null.</summary>
        public byte[] PskIdentity
        {
            get { return _pskIdentity; }
        }

        /// <summary>Who proves the two ends to each other, or null where the suite needs no certificates.</summary>
        public Authenticator Authenticator
        {
            get { return _authenticator; }
        }

        /// <summary>Writes the client's and the server's random, 64 bytes.</summary>
        public void CopyRandoms(byte[] destination, int offset)
        {
            Array.Copy(ClientRandom, 0, destination, offset, ClientHello.RandomLength);
            Array.Copy(ServerRandom, 0, destination, offset + ClientHello.RandomLength, ClientHello.RandomLength);
        }

        /// <summary>Fills a range with random bytes; false where the provider has no entropy.</summary>
        public bool TryRandom(byte[] destination, int offset, int count)
        {
            return Endpoint.TryRandom(destination, offset, count);
        }

        /// <summary>Whether the transcript's hash by an algorithm of <see cref="CryptoAlgorithm"/> is known; by 0: whether its bytes are kept.</summary>
        public bool KeepsTranscript(int hash)
        {
            return hash == 0 ? Options.TranscriptBytes > 0 : Transcript.Keeps(hash);
        }

        /// <summary>
        /// The transcript up to here (in <see cref="HandshakePart.Read"/> of a CertificateVerify: up to before it) for a
        /// signature: a hash that <see cref="KeepsTranscript"/>, or for 0 the messages themselves.
        /// </summary>
        /// <returns>An array of its own, or null where there were more messages than <see cref="DtlsOptions.TranscriptBytes"/>.</returns>
        public byte[] CopyTranscript(int hash)
        {
            int length = hash == 0 ? Transcript.Length : CryptoAlgorithm.HashSize(hash);
            if (length < 0)
            {
                return null;
            }

            byte[] copy = new byte[length];
            if (hash == 0)
            {
                Array.Copy(Transcript.Bytes, copy, length);
            }
            else
            {
                Transcript.Peek(hash, copy, 0);
            }

            return copy;
        }

        /// <summary>Hands over what the peer proved itself with, for <see cref="NfDtls.Association.PeerCertificates"/>.</summary>
        public void SetPeerCertificates(byte[][] certificates)
        {
            _peerCertificates = certificates;
        }

        /// <summary>The registered extension of a type, or null.</summary>
        public HelloExtension FindExtension(int type)
        {
            int index = ExtensionBlock.IndexOf(Extensions, Extensions.Length, type);
            return index < 0 ? null : Extensions[index];
        }

        /// <summary>Whether a suite that this end may use needs an extension.</summary>
        public bool Needs(HelloExtension extension)
        {
            for (int i = 0; i < Options.Suites.Count; i++)
            {
                HelloExtension[] needed = Options.Suites.At(i).KeyExchange.Extensions;
                for (int j = 0; needed != null && j < needed.Length; j++)
                {
                    if (needed[j].Type == extension.Type && MayUse(Options.Suites.At(i)))
                    {
                        return true;
                    }
                }
            }

            return false;
        }

        /// <summary>What an extension keeps for this handshake.</summary>
        public object GetState(HelloExtension extension)
        {
            return _states[IndexOf(extension)];
        }

        /// <summary>Keeps something of an extension's for this handshake.</summary>
        public void SetState(HelloExtension extension, object state)
        {
            _states[IndexOf(extension)] = state;
        }

        /// <summary>Extensions, by index, that the peer may answer.</summary>
        internal abstract int AskedExtensions { get; }

        /// <summary>Whether what was sent may be sent again although it was refused.</summary>
        internal virtual bool MayAskAgain
        {
            get { return false; }
        }

        internal bool OffersCbc
        {
            get
            {
                for (int i = 0; i < Options.Suites.Count; i++)
                {
                    if (Options.Suites.At(i).IsCbc && MayUse(Options.Suites.At(i)))
                    {
                        return true;
                    }
                }

                return false;
            }
        }

        internal byte[][] PeerCertificates
        {
            get { return _peerCertificates; }
        }

        internal bool IsPending
        {
            get { return !Pending.IsNone; }
        }

        internal long NextDeadline
        {
            get
            {
                if (Pending.WantsStep)
                {
                    return 0;
                }

                long next = Pending.IsNone && Patience.NextSending < Patience.Deadline ? Patience.NextSending : Patience.Deadline;
                return Held.Expires < next ? Held.Expires : next;
            }
        }

        internal bool MayUse(CipherSuite suite)
        {
            return (suite.VersionMask & CipherSuite.Version12) != 0 && suite.IsSupportedBy(Crypto) && suite.KeyExchange.IsConfigured(Options, IsServer);
        }

        internal void SetPskIdentity(byte[] identity, int offset, int count)
        {
            _pskIdentity = new byte[count];
            Array.Copy(identity, offset, _pskIdentity, 0, count);
        }

        /// <summary>Takes up work for an association.</summary>
        internal void Begin(HandshakeHost host, int receiveSequence, int sendSequence, long now)
        {
            Host = host;
            _authenticator = _ownAuthenticator;
            Transcript.Reset();
            Receiver.Reset(receiveSequence);
            Script.Reset(sendSequence);
            Patience.Begin(now);
        }

        /// <summary>Wipes everything: the handshake has ended, and its slot is free.</summary>
        internal virtual void Clear()
        {
            for (int part = 0; part < PluggedIn; part++)
            {
                try
                {
                    ClearPluggedIn(part);
                }
                catch (Exception e)
                {
                    Endpoint.NoteFailure(e);
                }
            }

            _keyExchange = null;
            _authenticator = null;
            KeySchedule.Clear();
            Held.Clear();
            Receiver.Reset(0);
            Script.Reset(0);
            Array.Clear(_states, 0, _states.Length);
            Host = null;
            _flags = 0;
            _suite = null;
            _pskIdentity = null;
            _peerCertificates = null;
            PeerExtensions = 0;
            OwnExtensions = 0;
            Patience.Stop();
        }

        /// <summary>What the provider or the application made, each of which may throw.</summary>
        private void ClearPluggedIn(int part)
        {
            if (part == 0)
            {
                Pending.Cancel();
            }
            else if (part == 1 && _keyExchange != null)
            {
                _keyExchange.Clear();
            }
            else if (part == 2 && _ownAuthenticator != null)
            {
                _ownAuthenticator.Clear();
            }
            else if (part == PluggedIn - 1)
            {
                Transcript.Reset();
            }
        }

        /// <summary>Reads a message that is neither a part's nor Finished.</summary>
        internal abstract DtlsError Read(int type, WireReader reader, long now);

        /// <summary>Work to be finished before a message that is no part's is acted on, or null.</summary>
        internal virtual CryptoOperation AfterReading(int type)
        {
            return null;
        }

        /// <summary>Acts on a message that was read, with all its work done.</summary>
        internal abstract void OnMessage(int type, long now);

        /// <summary>Writes a message that is neither a part's nor Finished.</summary>
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

        internal HandshakePart PartFor(int type)
        {
            switch (type)
            {
                case HandshakeType.ServerKeyExchange:
                case HandshakeType.ClientKeyExchange: return _keyExchange;
                case HandshakeType.Certificate:
                case HandshakeType.CertificateRequest:
                case HandshakeType.CertificateVerify: return _authenticator;
                default: return null;
            }
        }

        internal void SelectSuite(CipherSuite suite)
        {
            _suite = suite;
            _keyExchange = suite.KeyExchange.Create();
            _flags |= _keyExchange.Flags;
            bool isSigned = (_flags & HandshakeFlags.ServerCertificate) != 0;
            if (!isSigned)
            {
                _authenticator = null;
            }

            Transcript.Select(suite.Hash, isSigned);
        }

        internal void Fail(DtlsError error)
        {
            Host.Fail(error);
        }

        /// <summary>Begins a flight of the messages of a script: those that are skipped or not wanted fall out.</summary>
        internal void BeginFlight(int[] script, bool awaitsReply, long now)
        {
            Script.Begin(script, awaitsReply, now);
        }

        /// <summary>Does what the time has come for.</summary>
        internal void HandleTimeout(long now)
        {
            if (now >= Held.Expires)
            {
                Held.DropAll();
            }

            if (Pending.IsNone)
            {
                Patience.HandleTimeout(now);
            }
            else if (!Pending.TryStep(now) && now >= Patience.Deadline)
            {
                Fail(DtlsError.Timeout);
            }
        }

        /// <summary>Makes the master secret and the keys of the next epoch.</summary>
        internal DtlsError DeriveKeys()
        {
            byte[] premaster = new byte[4 + (2 * Options.MaxPskLength) + LongestSecret];
            try
            {
                int length = _keyExchange.WritePremasterSecret(premaster, 0, premaster.Length);
                if (length < 0)
                {
                    return DtlsError.InternalError;
                }

                KeySchedule.DeriveMaster(this, premaster, length);
            }
            finally
            {
                Array.Clear(premaster, 0, premaster.Length);
            }

            KeySchedule.ProtectEpoch(this, Host.AddEpoch(_suite));
            return DtlsError.None;
        }

        private int IndexOf(HelloExtension extension)
        {
            for (int i = 0; i < Extensions.Length; i++)
            {
                if (Extensions[i] == extension)
                {
                    return i;
                }
            }

            throw new ArgumentException("This extension is not registered with the endpoint.");
        }
    }
}
