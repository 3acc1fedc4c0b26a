using System;

namespace NfDtls.Dtls13
{
    /// <summary>The client's side of a DTLS 1.3 handshake.</summary>
    internal sealed class Client13 : Role13
    {
        // What a hello has beside a ticket and a long key.
        private const int HelloRest = 420;

        private readonly ServerHello _serverHello = new ServerHello();
        private readonly int[] _helloFlight = { HandshakeType.ClientHello };
        private readonly int[] _finishedFlight = { HandshakeType.Certificate, HandshakeType.CertificateVerify, HandshakeType.Finished };

        private PskRequest _request;
        private int _preparation;
        private int _retryGroup;
        private int _retrySuite;
        private bool _hasServerShare;
        private Dtls12Client _earlier;

        internal Client13(Version13 version, Handshake handshake)
            : base(version, handshake, new OfferedKeys())
        {
        }

        internal override int AskedExtensions
        {
            // A HelloRetryRequest may bring a cookie that nobody asked for (RFC 8446 section 4.1.4).
            get { return IsReadingRetry ? Handshake.OwnExtensions | CookieBit : Handshake.OwnExtensions; }
        }

        internal override bool MayAskAgain
        {
            get { return Handshake.Suite == null && Cookie == null && (_earlier == null || _earlier.MayAskAgain); }
        }

        /// <summary>A server has nowhere to put a first hello together before its cookie.</summary>
        internal override bool SendsWhole
        {
            get { return Cookie == null && (Handshake.Flags & HandshakeFlags.EarlierOffered) == 0; }
        }

        private int CookieBit
        {
            get { return 1 << ExtensionBlock.IndexOf(Handshake.Extensions, Handshake.Extensions.Length, Cookie13.Number); }
        }

        private bool IsRetried
        {
            get { return (Handshake.Flags & HandshakeFlags.HelloRetried) != 0; }
        }

        internal override void Start(HandshakeHost host, long now)
        {
            _earlier = Handshake.FindRole(DtlsVersion.Dtls12) as Dtls12Client;
            if (_earlier != null && !HelloOfBoth.HasSuite(Handshake, CipherSuite.Version13))
            {
                StartEarlier(host, now);
                return;
            }

            Handshake.Begin(host, 0, 0, now);
            Handshake.Crypto.Random(Handshake.ClientRandom, 0, Handshake.ClientRandom.Length);
            Handshake.RecordVersion = DtlsVersion.Dtls12;
            Handshake.OfferedVersion = Version13.WireNumber;
            OfferEarlier(now);
            Watch();
            Transcript.Reset();
            OfferSession(now);
            ContinueWithoutScript(now);
        }

        /// <summary>The key that is offered, and a key pair, come before the hello.</summary>
        internal override void ContinueWithoutScript(long now)
        {
            while (_preparation < 2 + Handshake.Extensions.Length)
            {
                CryptoOperation operation = _preparation == 0 ? FindKey() : _preparation == 1 ? MakeShare(FirstShare()) : PrepareExtension(_preparation - 2);
                _preparation++;
                if (Handshake.Pending.Begin(operation, now))
                {
                    return;
                }
            }

            if (_request != null && _request.Entry != null)
            {
                OfferExternal(_request.Entry.Identity, _request.Key);
            }

            if (Offered.Count == 0 && Handshake.Authenticator == null)
            {
                // An identity of no bytes cannot be offered.
                Handshake.Fail(DtlsError.UnknownPskIdentity);
                return;
            }

            Handshake.BeginFlight(_helloFlight, true, now);
        }

        internal override CryptoOperation? AfterReading(int type)
        {
            if (type != HandshakeType.ServerHello)
            {
                return null;
            }

            if (IsReadingRetry)
            {
                return _retryGroup != 0 ? MakeShare(_retryGroup) : null;
            }

            return _hasServerShare ? Share.Agree(Handshake.Crypto) : null;
        }

        internal override DtlsError OnPassed(int type)
        {
            switch (type)
            {
                case HandshakeType.ServerHello:
                    if (!IsReadingRetry)
                    {
                        Epoch protectedOne = Secrets.EnterHandshake(Handshake, _hasServerShare ? Share.Secret : null, _hasServerShare ? Share.SecretLength : 0);
                        Handshake.Host.WriteEpoch = protectedOne;
                        ReadFrom(protectedOne);
                    }

                    break;
                case HandshakeType13.EncryptedExtensions:
                    RecordSizes.Take(Handshake, Handshake.Host.ReadEpoch);
                    break;
                case HandshakeType.Finished:
                    OnFinishedPassed();
                    break;
                default:
                    break;
            }

            return DtlsError.None;
        }

        internal override void OnMessage(int type, long now)
        {
            if (type == HandshakeType.HelloVerifyRequest)
            {
                Handshake.BeginFlight(_helloFlight, true, now);
            }
            else if (type == HandshakeType.ServerHello && IsReadingRetry)
            {
                IsReadingRetry = false;
                Handshake.RecordVersion = DtlsVersion.Dtls12;
                Handshake.BeginFlight(_helloFlight, true, now);
            }
            else if (type == HandshakeType.Finished)
            {
                Handshake.BeginFlight(_finishedFlight, true, now);
            }
        }

        internal override void Clear()
        {
            if (_request != null)
            {
                _request.Cancel();
            }

            _request = null;
            _preparation = 0;
            _retryGroup = 0;
            _retrySuite = 0;
            _hasServerShare = false;
            _earlier = null;
            base.Clear();
        }

        /// <summary>A server that sends a HelloVerifyRequest has kept nothing of the hello before.</summary>
        internal override bool BeginsAnew(int type)
        {
            return type == HandshakeType.HelloVerifyRequest;
        }

        internal override DtlsError OnRetryGroup(int group)
        {
            // Only another group than the one that was sent, of those that were offered.
            if (group == Share.Group || !Version13.HasGroup(Handshake, group))
            {
                return DtlsError.IllegalParameter;
            }

            _retryGroup = group;
            return DtlsError.None;
        }

        internal override DtlsError OnShare(int group, byte[] buffer, int offset, int count)
        {
            _hasServerShare = group == Share.Group && Share.TakePeer(buffer, offset, count, false);
            return _hasServerShare ? DtlsError.None : DtlsError.IllegalParameter;
        }

        protected override DtlsError ReadOther(int type, WireReader reader)
        {
            Handshake.PeerExtensions = 0;
            if (type == HandshakeType.HelloVerifyRequest)
            {
                // The hello to come is all that the binder covers.
                Transcript.Reset();
                return _earlier.ReadHello(type, reader, 0);
            }

            return type == HandshakeType.ServerHello ? ReadServerHello(reader) : EncryptedExtensions.Read(reader, Handshake);
        }

        protected override void WriteOther(int type, WireWriter writer)
        {
            Handshake.OwnExtensions = 0;
            int begin = writer.Position;
            ClientHello13.Write(writer, Handshake, _earlier);
            if (writer.Failed || Offered.Count == 0)
            {
                return;
            }

            // The binders cover all of the hello before them, the header with the whole length included.
            int covered = writer.Length - Offered.BindersLength;
            Messages.AddPart(HandshakeType.ClientHello, writer.Length, writer.Buffer, begin, covered);
            int at = begin + covered + 2;
            byte[] digest = new byte[Hkdf.MaxHash];
            for (int i = 0; i < Offered.Count; i++)
            {
                OfferedKey key = Offered.At(i);
                Transcript.Peek(key.Hash, digest, 0);
                Secrets.Begin(Handshake, key.Hash, key.Key);
                Secrets.Bind(key.Label, digest, writer.Buffer, at + 1);
                at += 1 + CryptoAlgorithm.HashSize(key.Hash);
            }
        }

        protected override void OnFlightKnown(long now)
        {
            if (IsFinishedRead)
            {
                Epoch data = Handshake.Host.ReadEpoch;
                Secrets.EnterClientData(Handshake, data);
                Handshake.Host.WriteEpoch = data;
                Complete(Taken == null ? null : Taken.Name, now);
            }
        }

        /// <summary>The server's Finished was read, or the own one written.</summary>
        private void OnFinishedPassed()
        {
            HandshakeHost host = Handshake.Host;
            if (host.WriteEpoch.Number == host.ReadEpoch.Number)
            {
                ReadFrom(Secrets.EnterData(Handshake));
            }
            else
            {
                // Until that is acknowledged there is nothing to write but itself.
                Secrets.LeaveHandshake(Handshake);
            }
        }

        /// <summary>The session that was kept, if it may go on.</summary>
        private void OfferSession(long now)
        {
            Resumption resumption = Handshake.Endpoint.Resumption;
            ResumedKey session = resumption == null ? null : resumption.Offer(Handshake, now);
            if (session != null && !Fits(session))
            {
                session.Clear();
            }
            else if (session != null)
            {
                Offered.Add(OfferedKey.Of(Handshake.Crypto, session, Handshake.Options.Suites.Find(session.Suite).Hash));
            }
        }

        /// <summary>Whether a hello with a ticket has room beside the longest key that a server may ask for.</summary>
        private bool Fits(ResumedKey session)
        {
            bool isHybrid = Version13.HasGroup(Handshake, NamedGroup.X25519MlKem768);
            return HelloRest + session.Ticket.Length + (isHybrid ? HybridShare.ClientLength : 0) <= Handshake.Options.MaxFlight;
        }

        /// <summary>The application's key: as it is, or imported for each hash that a suite of ours has.</summary>
        private void OfferExternal(byte[] identity, byte[] key)
        {
            if (identity.Length == 0)
            {
                return;
            }

            PskImporter importer = Version13.Importer;
            if (importer == null)
            {
                Offered.Add(OfferedKey.Of(identity, key));
                return;
            }

            ImportFor(CryptoAlgorithm.Sha256, importer, identity, key);
            ImportFor(CryptoAlgorithm.Sha384, importer, identity, key);
        }

        private void ImportFor(int hash, PskImporter importer, byte[] identity, byte[] key)
        {
            CipherSuiteTable suites = Handshake.Options.Suites;
            for (int i = 0; i < suites.Count; i++)
            {
                if (suites.At(i).Hash == hash && Handshake.MayUse(suites.At(i)))
                {
                    Offered.Add(OfferedKey.Import(importer, Handshake.Crypto, identity, key, hash));
                    return;
                }
            }
        }

        private CryptoOperation FindKey()
        {
            EndpointOptions options = Handshake.Options;
            byte[] none = new byte[0];
            if (options.Psk == null && !options.AskForPsk)
            {
                return null;
            }

            if (options.AskForPsk)
            {
                _request = new PskRequest(false, Handshake.Authenticator != null, none, 0, 0, options.MaxPskLength);
                return _request;
            }

            PskEntry entry = options.Psk.FindByHint(none, 0, 0);
            if (entry == null)
            {
                return Offered.Count > 0 || Handshake.Authenticator != null ? null : new CompletedOperation(DtlsError.UnknownPskIdentity);
            }

            OfferExternal(entry.Identity, entry.Key);
            return null;
        }

        /// <summary>There is no suite of this version, so the hello is the earlier one's alone.</summary>
        private void StartEarlier(HandshakeHost host, long now)
        {
            Dtls12Client earlier = _earlier;
            _earlier = null;
            Handshake.Take(earlier.Version);
            host.ReadEpoch.ReadCodec = earlier.Version.Codec;
            host.ReadEpoch.WriteCodec = earlier.Version.Codec;
            earlier.Start(host, now);
        }

        /// <summary>DTLS 1.2 is offered as well where it stands in the table and has a suite.</summary>
        private void OfferEarlier(long now)
        {
            if (_earlier == null || !HelloOfBoth.HasSuite(Handshake, CipherSuite.Version12))
            {
                _earlier = null;
                return;
            }

            Handshake.Flags |= HandshakeFlags.EarlierOffered;
            Handshake.RecordVersion = DtlsVersion.Dtls10;
            Handshake.WrittenFor = CipherSuite.Version12;
            _earlier.Prepare(now);
            Handshake.WrittenFor = 0;
        }

        /// <summary>Extensions of what is offered may need work before the first hello.</summary>
        private CryptoOperation PrepareExtension(int index)
        {
            HelloExtension extension = Handshake.Extensions[index];
            int offered = _earlier == null ? CipherSuite.Version13 : HelloOfBoth.Mask;
            return (extension.VersionMask & offered) == 0 ? null : extension.Prepare(Handshake);
        }

        private CryptoOperation MakeShare(int group)
        {
            return group == 0 ? null : Share.Generate(Handshake.Crypto, group, false);
        }

        /// <summary>
        /// The group that a key is sent of unasked. None of one whose key fills a datagram: a server that asks for a cookie would have to
        /// put that hello together before it knows whose it is, and gets it once more with the cookie.
        /// </summary>
        private int FirstShare()
        {
            int group = Version13.FirstGroup(Handshake);
            return group == NamedGroup.X25519MlKem768 ? 0 : group;
        }

        private DtlsError ReadServerHello(WireReader reader)
        {
            DtlsError error = _serverHello.Read(reader);
            if (error != DtlsError.None)
            {
                return error;
            }

            IsReadingRetry = HelloRetry.Is(reader.Buffer, _serverHello.Random - 2, 2 + ClientHello.RandomLength);
            if (IsReadingRetry && IsRetried)
            {
                return DtlsError.UnexpectedMessage;
            }

            if (_earlier != null && !IsRetried && !HelloOfBoth.ChoosesByExtension(reader))
            {
                return Handshake.SwitchTo(DtlsVersion.Dtls12) ? DtlsError.None : DtlsError.ProtocolVersion;
            }

            if (_earlier != null && !_earlier.MayAskAgain)
            {
                // Its HelloVerifyRequest said that it does not know this version.
                return DtlsError.IllegalParameter;
            }

            CipherSuite suite = Handshake.Options.Suites.Find(_serverHello.Suite);
            if (suite == null || !Handshake.MayUse(suite) || _serverHello.Compression != 0 || _serverHello.SessionIdLength != 0
                || _serverHello.Version != DtlsVersion.Dtls12 || (IsRetried && suite.Id != _retrySuite))
            {
                return _serverHello.Version == DtlsVersion.Dtls12 ? DtlsError.IllegalParameter : DtlsError.ProtocolVersion;
            }

            error = ExtensionBlock.Read(Handshake, HandshakeType.ServerHello, reader);
            return error != DtlsError.None ? error : IsReadingRetry ? AcceptRetry(suite) : Accept(suite, reader);
        }

        /// <summary>A HelloRetryRequest must change something of the hello (RFC 8446 section 4.1.4).</summary>
        private DtlsError AcceptRetry(CipherSuite suite)
        {
            if (_retryGroup == 0 && Cookie == null)
            {
                return DtlsError.IllegalParameter;
            }

            _retrySuite = suite.Id;
            Offered.Keep(suite.Hash);
            if (Offered.Count == 0 && Handshake.Authenticator == null)
            {
                return DtlsError.HandshakeFailure;
            }

            Handshake.Flags |= HandshakeFlags.HelloRetried;
            return DtlsError.None;
        }

        private DtlsError Accept(CipherSuite suite, WireReader reader)
        {
            DtlsError error = IsKeyChosen ? AcceptKey(suite) : AcceptProof(suite);
            if (error != DtlsError.None)
            {
                return error;
            }

            Array.Copy(reader.Buffer, _serverHello.Random, Handshake.ServerRandom, 0, ClientHello.RandomLength);
            Handshake.SelectSuite(suite);
            Transcript.Select(suite.Hash, false);
            return DtlsError.None;
        }

        /// <summary>A key that was offered, without a key agreement only where that is allowed.</summary>
        private DtlsError AcceptKey(CipherSuite suite)
        {
            OfferedKey taken = Offered.At(ChosenIdentity);
            if ((!_hasServerShare && !Version13.AllowsPskAlone) || taken.Hash != suite.Hash)
            {
                return DtlsError.IllegalParameter;
            }

            Secrets.Begin(Handshake, taken.Hash, taken.Key);
            TakeKey(taken);
            return DtlsError.None;
        }

        /// <summary>No key, so a certificate or a raw public key has to come, and keys are agreed on.</summary>
        private DtlsError AcceptProof(CipherSuite suite)
        {
            if (Handshake.Authenticator == null)
            {
                return DtlsError.HandshakeFailure;
            }

            if (!_hasServerShare)
            {
                return DtlsError.MissingExtension;
            }

            Secrets.Begin(Handshake, suite.Hash, null);
            Handshake.Flags |= HandshakeFlags.ServerCertificate;
            return DtlsError.None;
        }
    }
}
