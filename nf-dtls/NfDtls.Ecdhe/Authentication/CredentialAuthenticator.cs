using System;

namespace NfDtls.Ecdhe
{
    /// <summary>
    /// Authentication by credentials of one or more types. A server takes the first credential, in the order of its sources,
    /// that fits what the client named: certificate types, signature schemes, groups, and if possible the server name. A client
    /// does the same with a CertificateRequest, whose authorities come first.
    /// </summary>
    public partial class CredentialAuthenticator : Authenticator
    {
        // The rest of a flight but for the signature. A server's: hello and group, and a request with authorities if it asks; a
        // client's: its point and the Finished, and instead of the point what it encrypts to a key of RSA-4096.
        private const int ServerRest = 300;
        private const int RequestRest = 300;
        private const int ClientRest = 200;
        private const int RsaRest = 520;

        private readonly CredentialSource[] _sources;
        private readonly HelloExtension[] _extensions;
        private readonly PeerProof[] _proofs;
        private readonly PublicKey _peerKey = new PublicKey();
        private readonly CertificateRequest _request = new CertificateRequest();
        private readonly CertificateVerify _verify = new CertificateVerify();
        private Credential _own;
        private int _ownScheme;
        private PeerProof _proof;
        private bool _isPeerKnown;
        private bool _isSecondBest;
        private byte[] _digest;
        private byte[] _signature;
        private CryptoOperation _signing;

        /// <summary>Makes one over sources of credentials, one a type.</summary>
        /// <exception cref="ArgumentException">There is none, or two have the same type.</exception>
        public CredentialAuthenticator(CredentialSource[] sources)
        {
            if (sources == null || sources.Length == 0)
            {
                throw new ArgumentException("At least one source of credentials is needed.", "sources");
            }

            bool onlyX509 = true;
            for (int i = 0; i < sources.Length; i++)
            {
                onlyX509 &= sources[i].CertificateType == CertificateType.X509;
                for (int j = 0; j < i; j++)
                {
                    if (sources[i].CertificateType == sources[j].CertificateType)
                    {
                        throw new ArgumentException("Two sources have certificate type " + sources[i].CertificateType.ToString() + ".", "sources");
                    }
                }
            }

            _sources = sources;
            ServerNameExtension name = new ServerNameExtension();

            // Suites of DTLS 1.2 bring their own signatures, which then hold for 1.3 as well.
            SchemeTable schemes = SchemeTable.All();
            HelloExtension messages = new SignatureAlgorithms(SignatureAlgorithms.ExtensionType, schemes, true);
            HelloExtension certificates = new SignatureAlgorithms(SignatureAlgorithms.OfCertificates, schemes, false);
            HelloExtension authorities = new CertificateAuthorities(this);
            _extensions = onlyX509
                ? new HelloExtension[] { name, messages, certificates, authorities }
                : new HelloExtension[] { name, messages, certificates, authorities, new CertificateTypes(CertificateTypes.OfClient), new CertificateTypes(CertificateTypes.OfServer) };
        }

        private CredentialAuthenticator(CredentialSource[] sources, EndpointOptions options)
        {
            _sources = sources;
            _proofs = new PeerProof[sources.Length];
            for (int i = 0; i < sources.Length; i++)
            {
                _proofs[i] = sources[i].CreateProof(options);
            }
        }

        /// <summary>
        /// Whether a client's hello of DTLS 1.3 names the authorities that it trusts (certificate_authorities), so that a server with
        /// several chains shows one of theirs. Default false: it is some 50 bytes for each, and says who is trusted to whoever listens. A
        /// list beyond 256 bytes is left out.
        /// </summary>
        public bool NamesAuthorities { get; set; }

        /// <inheritdoc/>
        public override HelloExtension[] Extensions
        {
            get { return _extensions; }
        }

        /// <inheritdoc/>
        public override PublicKey? PeerKey
        {
            get { return _isPeerKnown ? _peerKey : null; }
        }

        /// <inheritdoc/>
        public override PrivateKey? OwnKey
        {
            get { return _own == null ? null : _own.Key; }
        }

        /// <inheritdoc/>
        public override int OwnScheme
        {
            get { return _ownScheme; }
        }

        /// <inheritdoc/>
        public override int OwnCertificateType
        {
            get { return OwnType; }
        }

        /// <inheritdoc/>
        public override int PeerCertificateType
        {
            get { return PeerType; }
        }

        internal CredentialSource[] Sources
        {
            get { return _sources; }
        }

        /// <summary>Whether this end could show anything.</summary>
        internal bool HasCredentials
        {
            get { return HasKey(-1); }
        }

        internal int OwnType { get; set; }

        internal int PeerType { get; set; }

        /// <inheritdoc/>
        public override Authenticator Create(EndpointOptions options)
        {
            return new CredentialAuthenticator(_sources, options);
        }

        /// <inheritdoc/>
        public override int PlanMemory(EndpointOptions options)
        {
            const int OwnFields = 16;
            const int ObjectsFields = 6 + 6 + 4;
            int bytes = 12 * (4 + OwnFields + ObjectsFields);
            for (int i = 0; i < _sources.Length; i++)
            {
                bytes += _sources[i].PlanMemory(options);
            }

            return bytes;
        }

        /// <inheritdoc/>
        public override int CountContexts(EndpointOptions options)
        {
            int contexts = 0;
            for (int i = 0; i < _sources.Length; i++)
            {
                contexts += _sources[i].CountContexts(options);
            }

            return contexts;
        }

        /// <inheritdoc/>
        public override void Check(EndpointOptions options, bool isServer)
        {
            CheckRoom(options, isServer);
            bool needsName = false;
            bool hasTrust = false;
            for (int i = 0; i < _sources.Length; i++)
            {
                hasTrust |= _sources[i].HasTrust;
                needsName |= _sources[i].HasTrust && _sources[i].NeedsServerName(options);
            }

            if (isServer)
            {
                if (!hasTrust && options.ClientCertificates != ClientCertificates.None)
                {
                    throw new ArgumentException("DtlsOptions.ClientCertificates asks for certificates, but DtlsOptions.Authenticator trusts nobody: add a trusted certificate, a pin or a raw public key.");
                }

                return;
            }

            if (!hasTrust)
            {
                throw new ArgumentException("DtlsOptions.Authenticator trusts nobody: add a trusted certificate, a pin or a raw public key, or leave out the suites with certificates.");
            }

            for (int i = 0; options.ServerName != null && i < options.ServerName.Length; i++)
            {
                if (options.ServerName[i] >= 0x80)
                {
                    throw new ArgumentException("DtlsOptions.ServerName has other characters than ASCII's: give a name of another script by its A-labels (xn--...), as DNS has it.");
                }
            }

            if (needsName && (options.ServerName == null || options.ServerName.Length == 0))
            {
                throw new ArgumentException("DtlsOptions.ServerName must be set, so that the server's certificate can be compared with it; or pin the server's key, or set DtlsOptions.NameCheck to None.");
            }
        }

        /// <inheritdoc/>
        public override bool HasKey(int keyKinds)
        {
            for (int i = 0; i < _sources.Length; i++)
            {
                Credential[] credentials = _sources[i].Credentials;
                for (int j = 0; j < credentials.Length; j++)
                {
                    if (((1 << credentials[j].Key.Kind) & keyKinds) != 0)
                    {
                        return true;
                    }
                }
            }

            return false;
        }

        /// <inheritdoc/>
        public override DtlsError Prepare(Handshake handshake)
        {
            if (handshake.Options.ClientCertificates == ClientCertificates.None)
            {
                return DtlsError.None;
            }

            byte[] types = PeerTypes(handshake, CertificateTypes.OfClient);
            for (int i = 0; i < types.Length; i++)
            {
                CredentialSource source = SourceOf(types[i]);
                if (source != null && source.HasTrust && SchemeChoice.RequestsAny(handshake))
                {
                    PeerType = types[i];
                    handshake.Flags |= HandshakeFlags.ClientCertificateRequested;
                    return DtlsError.None;
                }
            }

            // RFC 7250 section 4.2: none of the types in its list will do. One without a list has X.509 or nothing to show.
            bool isListed = ListedTypes(handshake, CertificateTypes.OfClient) != null;
            return isListed || handshake.Options.ClientCertificates == ClientCertificates.Require ? DtlsError.UnsupportedCertificate : DtlsError.None;
        }

        /// <inheritdoc/>
        public override DtlsError WhyNoKey(Handshake handshake)
        {
            byte[] types = ListedTypes(handshake, CertificateTypes.OfServer);
            for (int i = 0; types != null && i < types.Length; i++)
            {
                CredentialSource source = SourceOf(types[i]);
                if (source != null && source.Credentials.Length > 0)
                {
                    types = null;
                }
            }

            return types == null ? DtlsError.HandshakeFailure : DtlsError.UnsupportedCertificate;
        }

        /// <inheritdoc/>
        public override CryptoOperation? BeforeWriting(Handshake handshake, int messageType)
        {
            if (messageType != HandshakeType.CertificateVerify)
            {
                return null;
            }

            _digest = handshake.CopyTranscript(SignatureScheme.HashOf(_ownScheme));
            if (_digest == null)
            {
                return new CompletedOperation(DtlsError.HandshakeMessageTooLarge);
            }

            _signature = new byte[OwnKey.MaxSignatureLength];
            _signing = OwnKey.Sign(handshake.Crypto, _ownScheme, _digest, 0, _digest.Length, _signature, 0);
            return _signing;
        }

        /// <inheritdoc/>
        public override void Write(Handshake handshake, int messageType, WireWriter writer)
        {
            switch (messageType)
            {
                case HandshakeType.Certificate:
                    WriteCertificate(handshake, writer);
                    break;
                case HandshakeType.CertificateRequest:
                    CertificateRequest.Write(handshake, SourceOf(PeerType), writer);
                    break;
                default:
                    CertificateVerify.Write(writer, _ownScheme, _signature, _signing.Length);
                    break;
            }
        }

        /// <inheritdoc/>
        public override DtlsError Read(Handshake handshake, int messageType, WireReader reader)
        {
            switch (messageType)
            {
                case HandshakeType.Certificate: return ReadCertificate(handshake, reader);
                case HandshakeType.CertificateRequest: return ReadRequest(handshake, reader);
                default: return ReadVerify(handshake, reader);
            }
        }

        /// <inheritdoc/>
        public override CryptoOperation? AfterReading(Handshake handshake, int messageType)
        {
            switch (messageType)
            {
                case HandshakeType.Certificate:
                    return _proof.IsEmpty ? null : new PeerVerification(this, handshake);
                case HandshakeType.CertificateVerify:
                    return handshake.Crypto.Verify(
                        _verify.Scheme, _peerKey, _digest, 0, _digest.Length, _verify.Buffer, _verify.Signature, _verify.SignatureLength);
                default:
                    return null;
            }
        }

        /// <inheritdoc/>
        public override void Clear()
        {
            for (int i = 0; i < _proofs.Length; i++)
            {
                _proofs[i].Clear();
            }

            _peerKey.Clear();
            _isPeerKnown = false;
            _own = null;
            _proof = null;
            _digest = null;
            _signature = null;
            _signing = null;
            _ownScheme = 0;
            OwnType = CertificateType.X509;
            PeerType = CertificateType.X509;
            _isSecondBest = false;
        }

        /// <inheritdoc/>
        public override byte[]? TrustContext(CryptoProvider crypto, byte[] peerHash)
        {
            byte[] all = null;
            for (int i = 0; i < _sources.Length; i++)
            {
                byte[] own = _sources[i].TrustContext(crypto, peerHash);
                if (own != null)
                {
                    byte[] longer = new byte[(all == null ? 0 : all.Length) + 1 + own.Length];
                    Array.Copy(own, 0, longer, longer.Length - own.Length, own.Length);
                    longer[longer.Length - own.Length - 1] = (byte)_sources[i].CertificateType;
                    if (all != null)
                    {
                        Array.Copy(all, 0, longer, 0, all.Length);
                    }

                    all = longer;
                }
            }

            return all;
        }

        /// <summary>The source of a type, or null.</summary>
        internal CredentialSource SourceOf(int type)
        {
            int index = IndexOf(type);
            return index < 0 ? null : _sources[index];
        }

        /// <summary>The peer's proof is being verified.</summary>
        internal CryptoOperation BeginVerification(Handshake handshake)
        {
            return _proof.Verify(handshake);
        }

        /// <summary>The peer's proof was verified: its key is kept, and the message may go.</summary>
        internal DtlsError EndVerification(Handshake handshake)
        {
            bool encrypts = !handshake.IsServer && !SchemeChoice.IsVersion13(handshake) && (handshake.Flags & HandshakeFlags.ServerKeyExchangeRequired) == 0;
            if (!_proof.Allows(encrypts))
            {
                return DtlsError.CertificatePurpose;
            }

            _peerKey.CopyFrom(_proof.Key);
            _isPeerKnown = true;
            if (handshake.WantsPeerCertificates)
            {
                handshake.SetPeerCertificates(_proof.CopyCertificates());
            }

            return DtlsError.None;
        }

        private void CheckRoom(EndpointOptions options, bool isServer)
        {
            for (int i = 0; i < _sources.Length; i++)
            {
                Credential[] credentials = _sources[i].Credentials;
                for (int j = 0; j < credentials.Length; j++)
                {
                    int needed = FlightLength(credentials[j], options, isServer);
                    if (needed > options.MaxFlight)
                    {
                        throw new ArgumentException("DtlsOptions.MaxFlight of " + options.MaxFlight.ToString() + " bytes has no room for a certificate chain; it needs " + needed.ToString() + ".");
                    }
                }
            }
        }

        /// <summary>The most that a flight with this credential takes.</summary>
        private static int FlightLength(Credential credential, EndpointOptions options, bool isServer)
        {
            int rest = isServer
                ? ServerRest + (options.ClientCertificates == ClientCertificates.None ? 0 : RequestRest)
                : ClientRest + (options.Crypto.Supports(CryptoAlgorithm.RsaEncrypt) ? RsaRest : 0);
            return credential.MessageLength + credential.Key.MaxSignatureLength + rest;
        }

        private int IndexOf(int type)
        {
            for (int i = 0; i < _sources.Length; i++)
            {
                if (_sources[i].CertificateType == type)
                {
                    return i;
                }
            }

            return -1;
        }

        private void WriteCertificate(Handshake handshake, WireWriter writer)
        {
            if (_own == null)
            {
                // An empty list: the client has nothing that the server asked for.
                writer.WriteUInt24(0);
                return;
            }

            _own.Write(writer);
            if (!handshake.IsServer)
            {
                handshake.Flags |= HandshakeFlags.ClientCertificateSent;
            }
        }

        private DtlsError ReadCertificate(Handshake handshake, WireReader reader)
        {
            // A client that takes several types lists those for which it trusts somebody.
            int index = IndexOf(PeerType);
            if (index < 0 || (_sources.Length > 1 && !_sources[index].HasTrust))
            {
                return DtlsError.UnsupportedCertificate;
            }

            _proof = _proofs[index];
            DtlsError error = _proof.Read(handshake, reader);
            if (error != DtlsError.None)
            {
                return error;
            }

            if (!_proof.IsEmpty)
            {
                handshake.Flags |= handshake.IsServer ? HandshakeFlags.ClientCertificateSent : 0;
                return DtlsError.None;
            }

            bool mustHave = !handshake.IsServer || handshake.Options.ClientCertificates == ClientCertificates.Require;
            return mustHave ? DtlsError.CertificateMissing : DtlsError.None;
        }

        private DtlsError ReadRequest(Handshake handshake, WireReader reader)
        {
            DtlsError error = _request.Read(reader);
            if (error != DtlsError.None)
            {
                return error;
            }

            handshake.Flags |= HandshakeFlags.ClientCertificateRequested;
            ChooseOwn(handshake, reader.Buffer);
            return DtlsError.None;
        }

        private DtlsError ReadVerify(Handshake handshake, WireReader reader)
        {
            DtlsError error = _verify.Read(reader);
            if (error != DtlsError.None)
            {
                return error;
            }

            int hash = SignatureScheme.HashOf(_verify.Scheme);
            if (!SchemeChoice.Accepts(handshake, _verify.Scheme, _peerKey.Kind) || !handshake.KeepsTranscript(hash))
            {
                return DtlsError.IllegalParameter;
            }

            _digest = handshake.CopyTranscript(hash);
            return _digest == null ? DtlsError.HandshakeMessageTooLarge : DtlsError.None;
        }
    }
}
