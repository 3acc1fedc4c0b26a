using System;

namespace NfDtls
{
    /// <summary>
    /// One run of the protocol, hosted by an association. Holds what is negotiated and the buffers for it; which message may
    /// come next is the rule table's, what it means the role's. While an operation is pending nothing advances.
    /// </summary>
    public class Handshake
    {
        /// <summary>Bytes of a hello's random.</summary>
        internal const int RandomLength = 32;

        private const int MaxFlightMessages = 10;
        private const int PluggedIn = 4;

        internal readonly Endpoint Endpoint;
        internal readonly MessageReceiver Receiver;
        internal readonly FlightScript Script;
        internal readonly Flight Flight;
        internal readonly Patience Patience;
        internal readonly PendingWork Pending;
        internal readonly HeldRecords Held;
        internal readonly byte[] ClientRandom = new byte[RandomLength];
        internal readonly byte[] ServerRandom = new byte[RandomLength];
        internal readonly HelloExtension[] Extensions;
        internal HandshakeHost Host;
        internal HandshakeRole Role;
        internal KeyExchange KeyExchange;
        internal int PeerExtensions;
        internal int OwnExtensions;
        internal int RecordVersion;
        internal AskedServer Asked;

        /// <summary>Versions for which a part of a hello is written that offers several, as in <see cref="CipherSuite.VersionMask"/>; else 0.</summary>
        internal int WrittenFor;

        /// <summary>The most bytes of content in the records of the epoch that it makes: <see cref="Epoch.WriteLimit"/>, <see cref="Epoch.ReadLimit"/>.</summary>
        internal int WriteLimit = Epoch.MaxContent;
        internal int ReadLimit = int.MaxValue;

        /// <summary>Whether it runs within an association that is connected (RFC 5746).</summary>
        internal bool IsRenegotiation;

        /// <summary>The forms of protected records that an extension has agreed on, or null for the version's.</summary>
        internal RecordCodec ReadCodec;
        internal RecordCodec WriteCodec;

        private readonly object[] _states;
        private readonly HandshakeRole[] _roles;
        private readonly Authenticator _ownAuthenticator;
        private Authenticator _authenticator;
        private byte[] _pskIdentity;
        private byte[][] _peerCertificates;
        private int _flags;
        private CipherSuite _suite;

        internal Handshake(Endpoint endpoint)
        {
            Endpoint = endpoint;
            Extensions = endpoint.Extensions;
            _states = new object[Extensions.Length];
            EndpointOptions options = endpoint.Options;
            Flight = new Flight(options.MaxFlight, MaxFlightMessages);
            Script = new FlightScript(this, Flight);
            Receiver = new MessageReceiver(this);
            Patience = new Patience(this);
            Pending = new PendingWork(this);
            Held = new HeldRecords(endpoint);
            _roles = new HandshakeRole[endpoint.Versions.Count];
            for (int i = 0; i < _roles.Length; i++)
            {
                _roles[i] = endpoint.CreateRole(endpoint.Versions.At(i), this);
            }

            Role = _roles[0];
            _ownAuthenticator = options.Authenticator == null ? null : options.Authenticator.Create(options);
        }

        /// <summary>Whether this end is the server.</summary>
        public bool IsServer
        {
            get { return Endpoint.IsServer; }
        }

        /// <summary>The endpoint's options.</summary>
        public EndpointOptions Options
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
        public int OfferedVersion { get; internal set; }

        /// <summary>The suite agreed on, or null.</summary>
        public CipherSuite? Suite
        {
            get { return _suite; }
        }

        /// <summary>The identity that the client sent or will send, or null.</summary>
        public byte[]? PskIdentity
        {
            get { return _pskIdentity; }
        }

        /// <summary>Who proves the two ends to each other, or null where the suite needs no certificates.</summary>
        public Authenticator? Authenticator
        {
            get { return _authenticator; }
        }

        /// <summary>Writes the client's and the server's random, 64 bytes.</summary>
        public void CopyRandoms(byte[] destination, int offset)
        {
            Array.Copy(ClientRandom, 0, destination, offset, RandomLength);
            Array.Copy(ServerRandom, 0, destination, offset + RandomLength, RandomLength);
        }

        /// <summary>Fills a range with random bytes; false where the provider has no entropy.</summary>
        public bool TryRandom(byte[] destination, int offset, int count)
        {
            return Endpoint.TryRandom(destination, offset, count);
        }

        /// <summary>Whether the transcript's hash by an algorithm of <see cref="CryptoAlgorithm"/> is known; by 0: whether its bytes are kept.</summary>
        public bool KeepsTranscript(int hash)
        {
            return Role.Transcript.Signs(hash);
        }

        /// <summary>
        /// The transcript up to here (in <see cref="HandshakePart.Read"/> of a CertificateVerify: up to before it) for a
        /// signature: a hash that <see cref="KeepsTranscript"/>, or for 0 the messages themselves.
        /// </summary>
        /// <returns>An array of its own, or null where there were more messages than <see cref="EndpointOptions.TranscriptBytes"/>.</returns>
        public byte[]? CopyTranscript(int hash)
        {
            return Role.Transcript.CopySigned(hash);
        }

        /// <summary>Whether the version that is spoken lets a key of a kind (<see cref="KeyKind"/>) sign by a scheme that it fits.</summary>
        public bool MaySign(int scheme, int keyKind)
        {
            return Role.MaySign(scheme, keyKind);
        }

        /// <summary>Hands over what the peer proved itself with, for <see cref="Agreement.PeerCertificates"/>.</summary>
        public void SetPeerCertificates(byte[][] certificates)
        {
            _peerCertificates = certificates;
        }

        /// <summary>Whether <see cref="SetPeerCertificates"/> is wanted: by the application, or to tell the peer of a session again.</summary>
        public bool WantsPeerCertificates
        {
            get { return Options.KeepPeerCertificates || Endpoint.Resumption != null; }
        }

        /// <summary>The registered extension of a type in the version that is spoken, or null.</summary>
        public HelloExtension? FindExtension(int type)
        {
            int index = ExtensionBlock.IndexOf(Extensions, Extensions.Length, type, VersionMask);
            return index < 0 ? null : Extensions[index];
        }

        /// <summary>Whether a suite that this end may use needs an extension.</summary>
        public bool Needs(HelloExtension extension)
        {
            for (int i = 0; i < Options.Suites.Count; i++)
            {
                CipherSuite suite = Options.Suites.At(i);
                if (suite.KeyExchange.Needs(extension.Type) && MayUse(suite))
                {
                    return true;
                }
            }

            return false;
        }

        /// <summary>What an extension keeps for this handshake.</summary>
        public object? GetState(HelloExtension extension)
        {
            return _states[IndexOf(extension)];
        }

        /// <summary>Keeps something of an extension's for this handshake.</summary>
        public void SetState(HelloExtension extension, object? state)
        {
            _states[IndexOf(extension)] = state;
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

                long next = Held.Expires < Role.Deadline ? Held.Expires : Role.Deadline;
                next = Patience.Deadline < next ? Patience.Deadline : next;
                return Pending.IsNone && Patience.NextSending < next ? Patience.NextSending : next;
            }
        }

        /// <summary>The version that is spoken, or those that are written for now, as in <see cref="CipherSuite.VersionMask"/>.</summary>
        internal int VersionMask
        {
            get { return WrittenFor != 0 ? WrittenFor : Role.Version.SuiteMask; }
        }

        internal bool MayUse(CipherSuite suite)
        {
            return (suite.VersionMask & VersionMask) != 0 && suite.IsSupportedBy(Crypto) && suite.KeyExchange.IsConfigured(Options, IsServer);
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
            IsRenegotiation = host.ReadEpoch.Number > 0;
            _authenticator = _ownAuthenticator;
            Role.Transcript.Reset();
            Receiver.Reset(receiveSequence);
            Script.Reset(sendSequence);
            Patience.Begin(now);
        }

        /// <summary>Takes the role of a version, before anything was sent or read.</summary>
        internal void Take(ProtocolVersion version)
        {
            Role = FindRole(version.Number);
        }

        /// <summary>
        /// The ServerHello that is being read chose another version than the first one offered: that version's role goes on, as if
        /// the hello had been its own. False where it was not offered.
        /// </summary>
        internal bool SwitchTo(int version)
        {
            HandshakeRole role = FindRole(version);
            if (role == null || role == Role || IsRenegotiation)
            {
                return false;
            }

            Host.ReadEpoch.ReadCodec = role.Version.Codec;
            Host.ReadEpoch.WriteCodec = role.Version.Codec;
            Flight.Log = null;

            role.Transcript.Reset();
            for (int i = 0; i < Flight.Count; i++)
            {
                FlightMessage message = Flight.At(i);
                role.Transcript.Add(message.Type, message.Sequence, message.Length, Flight.Bytes, message.Offset, message.Length);
            }

            Role = role;
            return true;
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

            KeyExchange = null;
            _authenticator = null;
            Role = _roles[0];
            Held.Clear();
            Receiver.Reset(0);
            Script.Reset(0);
            Array.Clear(_states, 0, _states.Length);
            Host = null;
            ReadCodec = null;
            WriteCodec = null;
            _flags = 0;
            _suite = null;
            _pskIdentity = null;
            _peerCertificates = null;
            PeerExtensions = 0;
            OwnExtensions = 0;
            Asked = null;
            WriteLimit = Epoch.MaxContent;
            ReadLimit = int.MaxValue;
            Patience.Stop();
        }

        /// <summary>What the provider or the application made, each of which may throw.</summary>
        private void ClearPluggedIn(int part)
        {
            if (part == 0)
            {
                Pending.Cancel();
            }
            else if (part == 1 && KeyExchange != null)
            {
                KeyExchange.Clear();
            }
            else if (part == 2 && _ownAuthenticator != null)
            {
                _ownAuthenticator.Clear();
            }
            else if (part == PluggedIn - 1)
            {
                for (int i = 0; i < _roles.Length; i++)
                {
                    _roles[i].Clear();
                }
            }
        }

        internal void SelectSuite(CipherSuite suite)
        {
            _suite = suite;
            KeyExchange = suite.KeyExchange.Create();
            _flags |= KeyExchange.Flags;
            bool isSigned = (_flags & HandshakeFlags.ServerCertificate) != 0;
            if (!isSigned)
            {
                _authenticator = null;
            }

            Role.Transcript.Select(suite.Hash, isSigned);
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
            Held.HandleTimeout(now);
            Role.HandleTimeout(now);
            if (Host == null)
            {
                return;
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

        /// <summary>What this end says and understands in a version, or null where it does not speak it.</summary>
        internal HandshakeRole FindRole(int version)
        {
            for (int i = 0; i < _roles.Length; i++)
            {
                if (_roles[i].Version.Number == version)
                {
                    return _roles[i];
                }
            }

            return null;
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
