using System;

namespace NfDtls.Server
{
    /// <summary>The server's part in a DTLS 1.2 handshake; the cookie was checked before it begins.</summary>
    internal sealed class Dtls12Server : Dtls12Role
    {
        // What the random of a server ends with that could have spoken a newer version.
        private const string Downgrade = "DOWNGRD\u0001";

        private readonly ClientHello _hello = new ClientHello();
        private readonly int[] _helloFlight =
        {
            HandshakeType.ServerHello, HandshakeType.Certificate, HandshakeType.ServerKeyExchange,
            HandshakeType.CertificateRequest, HandshakeType.ServerHelloDone
        };

        private readonly int[] _resumingFlight =
        {
            HandshakeType.ServerHello, HandshakeType.NewSessionTicket, HandshakeType.ChangeCipherSpec, HandshakeType.Finished
        };

        private readonly DtlsServerEngine _engine;
        private readonly ServerHandshake _slot;

        internal Dtls12Server(ProtocolVersion version, ServerHandshake slot, DtlsServerEngine engine)
            : base(version, slot)
        {
            _engine = engine;
            _slot = slot;
        }

        internal override int AskedExtensions
        {
            get { return 0; }
        }

        internal override void Start(HandshakeHost host, long now)
        {
            Handshake.RecordVersion = Handshake.IsRenegotiation ? DtlsVersion.Dtls12 : DtlsVersion.Dtls10;
        }

        // Of the hello that was read, while it is being decided on.
        private byte[] _buffer;
        private long _readAt;

        internal override DtlsError ReadHello(int type, WireReader reader, long now)
        {
            return type == HandshakeType.ClientHello ? ReadClientHello(reader, now) : DtlsError.UnexpectedMessage;
        }

        internal override CryptoOperation? AfterReading(int type)
        {
            return type == HandshakeType.ClientHello && AsksFirst ? new HelloDecision(new ConnectRequest(), this) : null;
        }

        internal override void OnMessage(int type, long now)
        {
            if (type == HandshakeType.ClientHello)
            {
                Handshake.BeginFlight(IsAbbreviated ? _resumingFlight : _helloFlight, true, now);
            }
            else if (type == HandshakeType.Finished && !Handshake.IsRenegotiation && !_engine.TakePlace(_slot.Association, now))
            {
                Handshake.Fail(DtlsError.NoFreeSession);
            }
            else if (type == HandshakeType.Finished && IsAbbreviated)
            {
                Handshake.Host.Complete(now);
            }
            else if (type == HandshakeType.Finished)
            {
                SendLastFlight(now);
            }
        }

        internal override void OnFlightWritten(long now)
        {
            _slot.WaitsSince = now;
            base.OnFlightWritten(now);
        }

        internal override bool Skips(int type)
        {
            switch (type)
            {
                case HandshakeType.Certificate: return (Handshake.Flags & HandshakeFlags.ServerCertificate) == 0;
                case HandshakeType.CertificateRequest: return (Handshake.Flags & HandshakeFlags.ClientCertificateRequested) == 0;
                case HandshakeType.ServerKeyExchange: return (Handshake.Flags & (HandshakeFlags.ServerKeyExchangeRequired | HandshakeFlags.ServerKeyExchangeOptional)) == 0;
                case HandshakeType.NewSessionTicket: return (Handshake.Flags & HandshakeFlags.TicketExpected) == 0;
                default: return false;
            }
        }

        internal override void WriteHello(int type, WireWriter writer)
        {
            if (type == HandshakeType.ServerHello)
            {
                ServerHello.Write(writer, DtlsVersion.Dtls12, Handshake.ServerRandom, SessionId, Handshake);
            }
        }

        private DtlsError ReadClientHello(WireReader reader, long now)
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

            Handshake.RecordVersion = DtlsVersion.Dtls12;
            Handshake.OfferedVersion = _hello.Version;
            _slot.OnHelloRead(buffer, _hello);
            if (_hello.Offers(buffer, RenegotiationInfo.Scsv))
            {
                if (Handshake.IsRenegotiation)
                {
                    // RFC 5746 section 3.7: it stands for a first handshake's empty extension.
                    return DtlsError.HandshakeFailure;
                }

                Handshake.PeerExtensions |= RenegotiationInfo.Bit(Handshake);
                Handshake.Flags |= HandshakeFlags.SecureRenegotiation;
            }

            error = ExtensionBlock.Read(Handshake, HandshakeType.ClientHello, reader);
            if (error != DtlsError.None)
            {
                return error;
            }

            _buffer = buffer;
            _readAt = now;
            return AsksFirst ? DtlsError.None : Decide(null);
        }

        private bool AsksFirst
        {
            get { return _engine.AsksToConnect && !Handshake.IsRenegotiation; }
        }

        /// <summary>Decides how to go on with the hello that was read, by what the application has answered, where it was asked.</summary>
        internal DtlsError Decide(ConnectRequest answer)
        {
            if (answer != null && answer.Keys != null)
            {
                Handshake.Asked = Handshake.Asked == null ? new AskedServer(null) : Handshake.Asked;
                Handshake.Asked.IsListed = true;
                Handshake.Asked.Keys = answer.Keys;
                Handshake.Asked.Hint = answer.Hint;
            }

            DtlsError error = TryResume(_buffer, _readAt) ? DtlsError.None : Agree(_buffer);
            _buffer = null;
            if (error != DtlsError.None)
            {
                return error;
            }

            if (!Handshake.Suite.IsCbc)
            {
                Handshake.Flags &= ~HandshakeFlags.EncryptThenMac;
            }

            return MakeRandom() ? DtlsError.None : DtlsError.NoEntropy;
        }

        /// <summary>Whether a session goes on that the hello names, and whose suite it offers.</summary>
        private bool TryResume(byte[] buffer, long now)
        {
            CipherSuite suite = Resumption == null ? null : Resumption.Find(buffer, _hello.SessionId, _hello.SessionIdLength, Handshake, now);
            if (suite == null || !_hello.Offers(buffer, suite.Id))
            {
                return false;
            }

            Handshake.Flags |= HandshakeFlags.Abbreviated;
            Handshake.SelectSuite(suite);
            return true;
        }

        /// <summary>Chooses a suite, and whether the client is asked for a certificate.</summary>
        private DtlsError Agree(byte[] buffer)
        {
            CipherSuite suite = Choose(buffer);
            if (suite == null)
            {
                return Handshake.Authenticator == null ? DtlsError.HandshakeFailure : Handshake.Authenticator.WhyNoKey(Handshake);
            }

            Handshake.SelectSuite(suite);
            return Handshake.Authenticator == null ? DtlsError.None : Handshake.Authenticator.Prepare(Handshake);
        }

        /// <summary>A server that could have done better than 1.2 marks its random (RFC 8446 section 4.1.3, RFC 9147 section 5.3).</summary>
        private bool MakeRandom()
        {
            byte[] random = Handshake.ServerRandom;
            bool isMade = Handshake.Endpoint.TryRandom(random);
            for (int i = 0; i < Handshake.Endpoint.Versions.Count; i++)
            {
                int number = Handshake.Endpoint.Versions.At(i).Number;
                if (number < DtlsVersion.Dtls12 && DtlsVersion.IsDtls(number))
                {
                    for (int at = 0; at < Downgrade.Length; at++)
                    {
                        random[random.Length - Downgrade.Length + at] = (byte)Downgrade[at];
                    }
                }
            }

            return isMade;
        }

        /// <summary>The first suite of our table that the client offers and that we can do, best with a key of the name that it asks for.</summary>
        private CipherSuite Choose(byte[] buffer)
        {
            CipherSuite secondBest = null;
            for (int i = 0; i < Handshake.Options.Suites.Count; i++)
            {
                CipherSuite suite = Handshake.Options.Suites.At(i);
                if (_hello.Offers(buffer, suite.Id) && Handshake.MayUse(suite) && suite.KeyExchange.IsPossible(Handshake))
                {
                    if (Handshake.Authenticator == null || !Handshake.Authenticator.IsSecondBest)
                    {
                        return suite;
                    }

                    secondBest = secondBest == null ? suite : secondBest;
                }
            }

            // Its key is no longer the one that was chosen last.
            return secondBest != null && secondBest.KeyExchange.IsPossible(Handshake) ? secondBest : null;
        }
    }
}
