using System;

namespace NfDtls.Server
{
    /// <summary>The server's side of a DTLS 1.2 handshake; the cookie was checked before it begins.</summary>
    internal sealed class ServerHandshake : Handshake
    {
        private readonly ClientHello _hello = new ClientHello();
        private readonly int[] _helloFlight =
        {
            HandshakeType.ServerHello, HandshakeType.Certificate, HandshakeType.ServerKeyExchange,
            HandshakeType.CertificateRequest, HandshakeType.ServerHelloDone
        };

        private readonly int[] _finishedFlight = { HandshakeType.ChangeCipherSpec, HandshakeType.Finished };
        private readonly DtlsServerEngine _engine;
        private bool _isLastFlight;
        private int _helloSequence;
        private int _randomCount;

        // Links of the slots' lists: by age (of a free slot: the next free one), and of those whose work is pending.
        internal ServerHandshake Elder;
        internal ServerHandshake Newer;
        internal ServerHandshake PreviousPending;
        internal ServerHandshake NextPending;
        internal bool IsListedPending;

        /// <summary>Since when its peer could answer: its beginning, or the first sending of its flight.</summary>
        internal long WaitsSince;

        internal ServerHandshake(DtlsServerEngine engine)
            : base(engine)
        {
            _engine = engine;
        }

        /// <summary>What it runs in.</summary>
        internal Association Association
        {
            get { return (Association)Host; }
        }

        public override bool IsServer
        {
            get { return true; }
        }

        /// <summary>The message_seq of the ClientHello that it came from.</summary>
        internal int HelloSequence
        {
            get { return _helloSequence; }
        }

        internal override int AskedExtensions
        {
            get { return 0; }
        }

        /// <summary>Begins with a ClientHello of which the first fragment has come; numbers go on from its own.</summary>
        internal void Start(Association association, byte[] buffer, ClientHello hello, int messageSequence, long recordSequence, long now)
        {
            Begin(association, messageSequence, messageSequence, now);
            Array.Copy(buffer, hello.Random, ClientRandom, 0, hello.RandomCount);
            _randomCount = hello.RandomCount;
            association.WriteEpoch.NextSequence = recordSequence;
            RecordVersion = DtlsVersion.Dtls10;
            _isLastFlight = false;
            _helloSequence = messageSequence;
            WaitsSince = now;
        }

        /// <summary>Ends because another needs the slot; its peer is told, unless it has shown a wrong key.</summary>
        internal void Yield()
        {
            Fail(Patience.IsKeyDoubted ? DtlsError.KeyMismatchSuspected : DtlsError.NoFreeSession);
        }

        internal override void Clear()
        {
            base.Clear();
            _engine.Slots.Return(this);
        }

        /// <summary>
        /// Whether a hello has the random of the one that it came from, as far as both are known: without cookies a first fragment
        /// may be shorter than that.
        /// </summary>
        internal bool IsOf(byte[] buffer, ClientHello hello)
        {
            return ConstantTime.AreEqual(ClientRandom, 0, buffer, hello.Random, hello.RandomCount < _randomCount ? hello.RandomCount : _randomCount);
        }

        internal override DtlsError Read(int type, WireReader reader, long now)
        {
            return type == HandshakeType.ClientHello ? ReadClientHello(reader) : DtlsError.UnexpectedMessage;
        }

        internal override CryptoOperation AfterReading(int type)
        {
            return type == HandshakeType.ClientHello && _engine.AsksToConnect ? new ConnectRequest() : null;
        }

        internal override void OnMessage(int type, long now)
        {
            if (type == HandshakeType.ClientHello)
            {
                BeginFlight(_helloFlight, true, now);
            }
            else if (type == HandshakeType.Finished && !_engine.TakePlace(Association, now))
            {
                Fail(DtlsError.NoFreeSession);
            }
            else if (type == HandshakeType.Finished)
            {
                _isLastFlight = true;
                BeginFlight(_finishedFlight, false, now);
            }
        }

        internal override void OnFlightWritten(long now)
        {
            WaitsSince = now;
            if (_isLastFlight)
            {
                HandshakeHost host = Host;
                host.KeepLastFlight(Flight, now);
                host.Complete(now);
            }
        }

        internal override bool Skips(int type)
        {
            switch (type)
            {
                case HandshakeType.Certificate: return (Flags & HandshakeFlags.ServerCertificate) == 0;
                case HandshakeType.CertificateRequest: return (Flags & HandshakeFlags.ClientCertificateRequested) == 0;
                case HandshakeType.ServerKeyExchange: return (Flags & (HandshakeFlags.ServerKeyExchangeRequired | HandshakeFlags.ServerKeyExchangeOptional)) == 0;
                default: return false;
            }
        }

        internal override void Write(int type, WireWriter writer)
        {
            if (type == HandshakeType.ServerHello)
            {
                ServerHello.Write(writer, DtlsVersion.Dtls12, ServerRandom, this);
            }
        }

        private DtlsError ReadClientHello(WireReader reader)
        {
            byte[] buffer = reader.Buffer;
            DtlsError error = _hello.Read(reader);
            if (error != DtlsError.None)
            {
                return error;
            }

            // Versions count down: a larger number is an older version. TLS's count up, and are none of ours.
            if (_hello.Version > DtlsVersion.Dtls12 || !DtlsVersion.IsDtls(_hello.Version))
            {
                return DtlsError.ProtocolVersion;
            }

            RecordVersion = DtlsVersion.Dtls12;
            OfferedVersion = _hello.Version;
            Array.Copy(buffer, _hello.Random, ClientRandom, 0, ClientHello.RandomLength);
            _randomCount = ClientHello.RandomLength;
            Host.RememberHello(buffer, _hello.Random);
            if (_hello.Offers(buffer, RenegotiationInfo.Scsv))
            {
                PeerExtensions |= 1 << RenegotiationInfo.Index;
                Flags |= HandshakeFlags.SecureRenegotiation;
            }

            error = ExtensionBlock.Read(this, HandshakeType.ClientHello, reader);
            if (error != DtlsError.None)
            {
                return error;
            }

            CipherSuite suite = Choose(buffer);
            if (suite == null)
            {
                return Authenticator == null ? DtlsError.HandshakeFailure : Authenticator.WhyNoKey(this);
            }

            SelectSuite(suite);
            error = Authenticator == null ? DtlsError.None : Authenticator.Prepare(this);
            if (error != DtlsError.None)
            {
                return error;
            }

            if (!suite.IsCbc)
            {
                Flags &= ~HandshakeFlags.EncryptThenMac;
            }

            return Endpoint.TryRandom(ServerRandom) ? DtlsError.None : DtlsError.NoEntropy;
        }

        /// <summary>The first suite of our table that the client offers and that we can do, best with a key of the name that it asks for.</summary>
        private CipherSuite Choose(byte[] buffer)
        {
            CipherSuite secondBest = null;
            for (int i = 0; i < Options.Suites.Count; i++)
            {
                CipherSuite suite = Options.Suites.At(i);
                if (_hello.Offers(buffer, suite.Id) && MayUse(suite) && suite.KeyExchange.IsPossible(this))
                {
                    if (Authenticator == null || !Authenticator.IsSecondBest)
                    {
                        return suite;
                    }

                    secondBest = secondBest == null ? suite : secondBest;
                }
            }

            // Its key is no longer the one that was chosen last.
            return secondBest != null && secondBest.KeyExchange.IsPossible(this) ? secondBest : null;
        }
    }
}
