using System;

namespace NfDtls
{
    /// <summary>The client's side of a DTLS 1.2 handshake.</summary>
    internal sealed class Dtls12Client : Dtls12Role
    {
        // What the sentinel of RFC 8446 section 4.1.3 begins with; the last byte says whether 1.2 was chosen, or something older.
        private const string DowngradeSentinel = "DOWNGRD";

        private readonly ServerHello _serverHello = new ServerHello();
        private readonly int[] _helloFlight = { HandshakeType.ClientHello };
        private readonly int[] _keyFlight =
        {
            HandshakeType.Certificate, HandshakeType.ClientKeyExchange, HandshakeType.CertificateVerify,
            HandshakeType.ChangeCipherSpec, HandshakeType.Finished
        };

        private byte[] _cookie = new byte[0];
        private bool _repeatsCookie;
        private int _helloVerifyRequests;
        private int _preparedExtensions;

        internal Dtls12Client(ProtocolVersion version, Handshake handshake)
            : base(version, handshake)
        {
        }

        /// <summary>What a HelloVerifyRequest asked to be repeated, or nothing.</summary>
        internal byte[] HelloCookie
        {
            get { return _cookie; }
        }

        internal override int AskedExtensions
        {
            // The SCSV in the list of suites asks for renegotiation_info.
            get { return Handshake.OwnExtensions | RenegotiationInfo.Bit(Handshake); }
        }

        internal override bool MayAskAgain
        {
            get { return Handshake.Suite == null && _helloVerifyRequests == 0; }
        }

        internal override void Start(HandshakeHost host, long now)
        {
            Handshake.Begin(host, 0, 0, now);
            Handshake.Crypto.Random(Handshake.ClientRandom, 0, Handshake.ClientRandom.Length);
            Handshake.RecordVersion = Handshake.IsRenegotiation ? DtlsVersion.Dtls12 : DtlsVersion.Dtls10;
            Prepare(now);
            ContinueWithoutScript(now);
        }

        /// <summary>Before the first hello that offers this version, alone or beside a newer one.</summary>
        internal void Prepare(long now)
        {
            Handshake.OfferedVersion = DtlsVersion.Dtls12;
            _helloVerifyRequests = 0;
            _preparedExtensions = 0;
            if (!Handshake.IsRenegotiation || !_repeatsCookie)
            {
                _cookie = new byte[0];
                _repeatsCookie = false;
            }

            if (Resumption != null)
            {
                Resumption.Begin(Handshake, now);
            }
        }

        /// <summary>Handshake.Extensions may need work before the first hello.</summary>
        internal override void ContinueWithoutScript(long now)
        {
            while (_preparedExtensions < Handshake.Extensions.Length)
            {
                CryptoOperation operation = Handshake.Extensions[_preparedExtensions].Prepare(Handshake);
                _preparedExtensions++;
                if (Handshake.Pending.Begin(operation, now))
                {
                    return;
                }
            }

            Handshake.BeginFlight(_helloFlight, true, now);
        }

        internal override DtlsError ReadHello(int type, WireReader reader, long now)
        {
            switch (type)
            {
                case HandshakeType.HelloVerifyRequest: return ReadHelloVerifyRequest(reader);
                case HandshakeType.ServerHello: return ReadServerHello(reader);
                case HandshakeType.ServerHelloDone: return DtlsError.None;
                default: return DtlsError.UnexpectedMessage;
            }
        }

        internal override void OnMessage(int type, long now)
        {
            switch (type)
            {
                case HandshakeType.HelloVerifyRequest:
                    Handshake.BeginFlight(_helloFlight, true, now);
                    break;
                case HandshakeType.ServerHelloDone:
                    Handshake.BeginFlight(_keyFlight, true, now);
                    break;
                case HandshakeType.Finished:
                    if (IsAbbreviated)
                    {
                        SendLastFlight(now);
                    }
                    else
                    {
                        Handshake.Host.Complete(now);
                    }

                    break;
                default:
                    break;
            }
        }

        internal override bool Skips(int type)
        {
            switch (type)
            {
                case HandshakeType.Certificate: return (Handshake.Flags & HandshakeFlags.ClientCertificateRequested) == 0;
                case HandshakeType.CertificateVerify: return (Handshake.Flags & HandshakeFlags.ClientCertificateSent) == 0;
                default: return type == HandshakeType.NewSessionTicket;
            }
        }

        internal override void WriteHello(int type, WireWriter writer)
        {
            Handshake.OwnExtensions = 0;
            int begin = writer.Position;
            ClientHello.Write(writer, Handshake.ClientRandom, SessionId, _cookie, Handshake);
            for (int i = 0; i < Handshake.Extensions.Length && !writer.Failed; i++)
            {
                Handshake.Extensions[i].Complete(Handshake, writer.Buffer, begin, writer.Length);
            }
        }

        private DtlsError ReadHelloVerifyRequest(WireReader reader)
        {
            int length = HelloVerifyRequest.Read(reader, out int version);
            if (length < 0)
            {
                return DtlsError.DecodeError;
            }

            _cookie = new byte[length];
            Array.Copy(reader.Buffer, reader.Position - length, _cookie, 0, length);
            _helloVerifyRequests++;

            // Where it asks for cookies, OpenSSL passes over a hello without one within a connection as well, and answers with what
            // it knew of the first. mbedTLS, which names 1.2 here where RFC 6347 has 1.0, takes none then.
            _repeatsCookie = version == DtlsVersion.Dtls10;
            return _helloVerifyRequests > ClientHello.MaxMessageSequence ? DtlsError.UnexpectedMessage : DtlsError.None;
        }

        private DtlsError ReadServerHello(WireReader reader)
        {
            ServerHello hello = _serverHello;
            Handshake handshake = Handshake;
            DtlsError error = hello.Read(reader);
            if (error != DtlsError.None)
            {
                return error;
            }

            bool resumes = Resumption != null && Resumption.IsOffered(reader.Buffer, hello.SessionId, hello.SessionIdLength, handshake);
            int version = hello.Version;
            if (version != Version.Number)
            {
                // A session is of its version.
                return resumes ? DtlsError.IllegalParameter : handshake.SwitchTo(version) ? DtlsError.None : DtlsError.ProtocolVersion;
            }

            CipherSuite suite = handshake.Options.Suites.Find(hello.Suite);
            if (suite == null || !handshake.MayUse(suite) || hello.Compression != 0)
            {
                return DtlsError.IllegalParameter;
            }

            Array.Copy(reader.Buffer, hello.Random, handshake.ServerRandom, 0, ClientHello.RandomLength);
            if (IsDowngrade(version))
            {
                return DtlsError.IllegalParameter;
            }

            handshake.RecordVersion = version;
            handshake.Flags |= resumes ? HandshakeFlags.Abbreviated : 0;
            handshake.SelectSuite(suite);
            return ExtensionBlock.Read(handshake, HandshakeType.ServerHello, reader);
        }

        /// <summary>
        /// A server that could have done better than 1.2 marks its random. That says something only to a client that offered
        /// better; a mark for 1.1 and below in a 1.2 handshake is wrong in any case.
        /// </summary>
        private bool IsDowngrade(int version)
        {
            int at = ClientHello.RandomLength - 8;
            for (int i = 0; i < DowngradeSentinel.Length; i++)
            {
                if (Handshake.ServerRandom[at + i] != DowngradeSentinel[i])
                {
                    return false;
                }
            }

            int least = (Handshake.Flags & HandshakeFlags.EarlierOffered) != 0 ? 2 : 1;
            return version == DtlsVersion.Dtls12 && Handshake.ServerRandom[ClientHello.RandomLength - 1] < least;
        }
    }
}
