using System;
using NfDtls.Server;

namespace NfDtls.Dtls13.Server
{
    /// <summary>The server's side of a DTLS 1.3 handshake, from the ClientHello with a valid cookie on.</summary>
    internal sealed class Server13 : Role13
    {
        private const int SupportedGroups = 10;
        private const int SignatureAlgorithms = 13;
        private const int PskKeyExchangeModes = 45;
        private const int KeyShare = 51;
        private const int LongestRetry = 160;

        private readonly ClientHello _hello = new ClientHello();
        private readonly int[] _helloFlight = 
        {
            HandshakeType.ServerHello, HandshakeType13.EncryptedExtensions, HandshakeType.CertificateRequest, HandshakeType.Certificate,
            HandshakeType.CertificateVerify, HandshakeType.Finished
        };
        private byte[] _digest;
        private readonly DtlsServerEngine _engine;
        private readonly ServerHandshake _slot;

        private readonly KeyChoice _choice;
        private long _now;
        private byte[] _offer;
        private PskRequest _request;
        private byte[] _decoy;
        private bool _maySign;
        private bool _mayUseKey;
        private bool _signs;
        private Epoch _data;

        internal Server13(Version13 version, ServerHandshake slot, DtlsServerEngine engine)
            : base(version, slot, null)
        {
            _engine = engine;
            _slot = slot;
            _choice = new KeyChoice(this);
            Messages.HoldsHello = true;
        }

        internal override int AskedExtensions
        {
            get { return 0; }
        }

        /// <summary>The question for the key, where the application is asked, and what it answered.</summary>
        internal PskRequest Request
        {
            get { return _request; }
        }

        /// <summary>Whether a suite can be used, with a pre-shared key or a certificate.</summary>
        internal static bool MayUse(CipherSuite suite, EndpointOptions options, CryptoProvider crypto)
        {
            return (suite.VersionMask & CipherSuite.Version13) != 0 && suite.IsSupportedBy(crypto) && suite.KeyExchange.IsConfigured(options, true);
        }

        internal override void Start(HandshakeHost host, long now)
        {
            Handshake.RecordVersion = DtlsVersion.Dtls12;
            Watch();
            _now = now;
            Transcript.Reset();
        }

        internal override CryptoOperation? AfterReading(int type)
        {
            if (type != HandshakeType.ClientHello)
            {
                return null;
            }

            EndpointOptions options = Handshake.Options;
            if (options.AskForPsk && _choice.IsExternal && _mayUseKey)
            {
                _request = new PskRequest(true, options.HideUnknownIdentities || _maySign, _choice.Name, 0, _choice.Name.Length, options.MaxPskLength);
                _request.ServerName = AskedServer.NameOf(Handshake);
            }

            return new HelloWork(this, Handshake.Crypto, _engine.AsksToConnect);
        }

        /// <summary>The application takes the client, and perhaps with keys for it alone.</summary>
        internal void Take(ConnectRequest answer)
        {
            if (answer.Keys != null)
            {
                Handshake.Asked = Handshake.Asked == null ? new AskedServer(null) : Handshake.Asked;
                Handshake.Asked.IsListed = true;
                Handshake.Asked.Keys = answer.Keys;

                if (_offer.Length == 0)
                {
                    return;
                }

                // What was offered is looked at once more, with those keys.
                _choice.Clear();
                Binder = null;
                WireReader reader = new WireReader();
                reader.Reset(_offer, 0, _offer.Length);
                PreSharedKey.ReadOffer(this, reader);
            }
        }

        internal override DtlsError OnPassed(int type)
        {
            HandshakeHost host = Handshake.Host;
            switch (type)
            {
                case HandshakeType.ClientHello:
                    return _signs ? BeginWithoutKey() : CheckBinder();
                case HandshakeType.ServerHello:
                    Epoch protectedOne = Secrets.EnterHandshake(Handshake, Share.Secret, Share.SecretLength);
                    host.WriteEpoch = protectedOne;
                    ReadFrom(protectedOne);
                    break;
                case HandshakeType13.EncryptedExtensions:
                    RecordSizes.Take(Handshake, Handshake.Host.ReadEpoch);
                    break;
                case HandshakeType.Finished:
                    if (IsFinishedRead)
                    {
                        Secrets.EnterClientData(Handshake, _data);
                        ReadFrom(_data);
                        Secrets.LeaveHandshake(Handshake);
                    }
                    else
                    {
                        _data = Secrets.EnterData(Handshake);
                        host.WriteEpoch = _data;
                    }

                    break;
                default:
                    break;
            }

            return DtlsError.None;
        }

        internal override void OnMessage(int type, long now)
        {
            if (type == HandshakeType.ClientHello)
            {
                Handshake.BeginFlight(_helloFlight, true, now);
            }
            else if (type != HandshakeType.Finished)
            {
                return;
            }
            else if (!_engine.TakePlace(_slot.Association, now))
            {
                Handshake.Fail(DtlsError.NoFreeSession);
            }
            else
            {
                // Nothing else tells the client that its Finished has come.
                Acknowledge();
                if (Handshake.Host != null)
                {
                    Complete(Taken == null ? null : Taken.Name, now);
                }
            }
        }

        internal override void OnFlightWritten(long now)
        {
            base.OnFlightWritten(now);
            _slot.WaitsSince = now;
        }

        internal override void Clear()
        {
            if (_request != null)
            {
                _request.Cancel();
            }

            _request = null;
            _choice.Clear();
            _offer = null;
            _decoy = null;
            _maySign = false;
            _mayUseKey = false;
            _signs = false;
            _data = null;
            _digest = null;
            base.Clear();
        }

        /// <summary>Of several keys the one whose group comes first here.</summary>
        internal override DtlsError OnShare(int group, byte[] buffer, int offset, int count)
        {
            if (!Version13.HasGroup(Handshake, group) || (Share.Group != 0 && !IsBefore(group, Share.Group)))
            {
                return DtlsError.None;
            }

            Share.Group = group;
            return Share.TakePeer(buffer, offset, count, true) ? DtlsError.None : DtlsError.IllegalParameter;
        }

        internal override void OnIdentity(int index, byte[] buffer, int offset, int count, long age)
        {
            if (_choice.Takes(buffer, offset, count, age, HashOfCookie, _now))
            {
                ChosenIdentity = index;
            }
        }

        protected override void WriteOther(int type, WireWriter writer)
        {
            if (type == HandshakeType.ServerHello)
            {
                ServerHello.Write(writer, DtlsVersion.Dtls12, Handshake.ServerRandom, new byte[0], Handshake);
            }
            else
            {
                EncryptedExtensions.Write(writer, Handshake);
            }
        }

        protected override DtlsError ReadOther(int type, WireReader reader)
        {
            byte[] buffer = reader.Buffer;
            int begin = reader.Position;
            int length = reader.Remaining;
            DtlsError error = ClientHello13.Read(reader, _hello);
            if (error != DtlsError.None)
            {
                return error;
            }

            _slot.OnHelloRead(buffer, _hello);
            Handshake.OfferedVersion = Version13.WireNumber;
            Handshake.PeerExtensions = 0;
            error = ExtensionBlock.Read(Handshake, HandshakeType.ClientHello, reader);
            if (error != DtlsError.None)
            {
                return error;
            }

            // A pre-shared key must be what the hello ends with.
            if (HashOfCookie == 0 || (HasKey && (OfferEnd != begin + length || Binder == null)))
            {
                return DtlsError.IllegalParameter;
            }

            if (_engine.AsksToConnect)
            {
                _offer = new byte[OfferEnd - OfferAt];
                Array.Copy(buffer, OfferAt, _offer, 0, _offer.Length);
            }

            error = Choose(buffer);
            if (error == DtlsError.None)
            {
                AddToTranscript(buffer, begin, length);
                error = Handshake.Endpoint.TryRandom(Handshake.ServerRandom) ? DtlsError.None : DtlsError.NoEntropy;
            }

            return error;
        }

        /// <summary>Whether the extensions are there that belong together (RFC 8446 sections 4.2.9 and 9.2), as in the first hello.</summary>
        private bool IsComplete(bool isSigned)
        {
            bool hasGroups = ExtensionBlock.IsOfPeer(Handshake, SupportedGroups);
            bool isWhole = ExtensionBlock.IsOfPeer(Handshake, ExtensionBlock.LastType) ? ExtensionBlock.IsOfPeer(Handshake, PskKeyExchangeModes) : isSigned && hasGroups;
            return isWhole && hasGroups == ExtensionBlock.IsOfPeer(Handshake, KeyShare);
        }

        /// <summary>Whether the client has offered a pre-shared key.</summary>
        private bool HasKey
        {
            get { return _choice.Session != null || _choice.IsExternal; }
        }

        /// <summary>The hash of the suite that the cookie says, or 0 without one.</summary>
        private int HashOfCookie
        {
            get
            {
                CipherSuite suite = Cookie == null || Cookie.Length < Retry.LengthFor(0) ? null : Handshake.Options.Suites.Find(Retry.SuiteOf(Cookie, 0));
                return suite != null && Cookie.Length == Retry.LengthFor(CryptoAlgorithm.HashSize(suite.Hash)) ? suite.Hash : 0;
            }
        }

        /// <summary>What the cookie says was chosen, and what the hello now brings for it.</summary>
        private DtlsError Choose(byte[] buffer)
        {
            CipherSuite suite = Handshake.Options.Suites.Find(Retry.SuiteOf(Cookie, 0));
            int group = Retry.GroupOf(Cookie, 0);
            if (suite == null || !MayUse(suite, Handshake.Options, Handshake.Crypto) || !_hello.Offers(buffer, suite.Id))
            {
                return DtlsError.IllegalParameter;
            }

            if (group != 0 && Share.Group != group)
            {
                return DtlsError.IllegalParameter;
            }

            bool isSigned = ExtensionBlock.IsOfPeer(Handshake, SignatureAlgorithms);
            if (!IsComplete(isSigned))
            {
                return DtlsError.MissingExtension;
            }

            _mayUseKey = HasKey && ((Share.Group != 0 && OffersAgreement) || (OffersPskAlone && Version13.AllowsPskAlone));
            _maySign = isSigned && Share.Group != 0 && Exchange13.HasProof(Handshake.Options, true);
            if (!_mayUseKey && !_maySign)
            {
                return DtlsError.HandshakeFailure;
            }

            // The authenticator is kept where it may come to that.
            Handshake.Flags |= _maySign ? HandshakeFlags.ServerCertificate : 0;
            Handshake.SelectSuite(suite);
            return DtlsError.None;
        }

        /// <summary>The transcript so far: the first hello as its digest, the HelloRetryRequest made again, and this hello; and the digest that its binder is of.</summary>
        private void AddToTranscript(byte[] buffer, int begin, int length)
        {
            byte[] retry = new byte[LongestRetry];
            WireWriter writer = Handshake.Endpoint.Writer;
            writer.Reset(retry, 0, retry.Length);
            Retry.Write(writer, Cookie, 0, Cookie.Length);
            int digest = CookieSecret.Length + Retry.HeadLength;
            int suiteHash = Handshake.Suite.Hash;
            Messages.Begin(Cookie, digest, Cookie.Length - digest);
            Messages.Select(suiteHash, false);
            Messages.AddPart(HandshakeType.ServerHello, writer.Length, retry, 0, writer.Length);
            int before = HasKey ? BindersAt - begin : length;
            Messages.AddPart(HandshakeType.ClientHello, length, buffer, begin, before);
            _digest = new byte[CryptoAlgorithm.HashSize(suiteHash)];
            Transcript.Peek(suiteHash, _digest, 0);
            if (before < length)
            {
                Messages.AddPart(HandshakeType.ClientHello, length, buffer, begin + before, length - before);
            }
        }

        /// <summary>
        /// The hello was read and the application asked: a key that is known here, else a certificate, and else a key that is not. Null, or
        /// what fails.
        /// </summary>
        internal CryptoOperation Decide()
        {
            bool isKnown = _choice.Session != null || (_request != null ? _request.Key != null : _choice.Entry != null);
            if (!_maySign || (_mayUseKey && isKnown))
            {
                Share.Group = OffersAgreement ? Share.Group : 0;
                Handshake.Flags &= ~HandshakeFlags.ServerCertificate;
                Handshake.SelectSuite(Handshake.Suite);
                return null;
            }

            _signs = true;
            Authenticator authenticator = Handshake.Authenticator;
            DtlsError error = authenticator.ChooseKey(Handshake, -1, false) ? authenticator.Prepare(Handshake) : authenticator.WhyNoKey(Handshake);
            return error == DtlsError.None ? null : new CompletedOperation(error);
        }

        private DtlsError BeginWithoutKey()
        {
            Secrets.Begin(Handshake, Handshake.Suite.Hash, null);
            return DtlsError.None;
        }

        private DtlsError CheckBinder()
        {
            OfferedKey key = _choice.Session;
            if (key == null)
            {
                byte[] external = _request != null ? _request.Key : _choice.Entry != null ? _choice.Entry.Key : null;
                if (external == null && !Handshake.Options.HideUnknownIdentities)
                {
                    return DtlsError.UnknownPskIdentity;
                }

                if (Handshake.Options.HideUnknownIdentities && !MakeDecoy())
                {
                    return DtlsError.NoEntropy;
                }

                key = KeyOf(external == null ? _decoy : external);
            }

            Secrets.Begin(Handshake, key.Hash, key.Key);
            TakeKey(key);
            int size = CryptoAlgorithm.HashSize(key.Hash);
            byte[] binder = new byte[size];
            Secrets.Bind(key.Label, _digest, binder, 0);
            bool isRight = Binder.Length == size && ConstantTime.AreEqual(binder, 0, Binder, 0, size);
            Binder = null;
            _digest = null;
            return isRight ? DtlsError.None : DtlsError.DecryptError;
        }

        /// <summary>What the application's key, or its decoy, is under the identity that was chosen.</summary>
        private OfferedKey KeyOf(byte[] external)
        {
            OfferedKey key = OfferedKey.Of(_choice.Name, external);
            if (Version13.Importer != null)
            {
                key.Hash = Handshake.Suite.Hash;
                key.Label = SecretTree.ImportedBinder;
                key.Key = PskImporter.Import(Handshake.Crypto, external, _choice.Identity, 0, _choice.Identity.Length, key.Hash);
            }

            return key;
        }

        /// <summary>A random key in place of one that may not be there: the client sees what it sees with a wrong one.</summary>
        private bool MakeDecoy()
        {
            PskStore store = AskedServer.KeysOf(Handshake);
            _decoy = new byte[store == null ? PskStore.UsualKeyLength : store.DecoyLength];
            return Handshake.TryRandom(_decoy, 0, _decoy.Length);
        }

        private bool IsBefore(int group, int other)
        {
            int[] groups = Version13.Groups;
            for (int i = 0; i < groups.Length; i++)
            {
                if (groups[i] == group || groups[i] == other)
                {
                    return groups[i] == group;
                }
            }

            return false;
        }
    }
}
