using System;

namespace NfDtls
{
    /// <summary>The client's side of a DTLS 1.2 handshake.</summary>
    internal sealed class ClientHandshake : Handshake
    {
        // What the sentinel of RFC 8446 section 4.1.3 begins with; the last byte says which version was avoided.
        private const string DowngradeSentinel = "DOWNGRD";

        private readonly ServerHello _serverHello = new ServerHello();
        private readonly int[] _helloFlight = { HandshakeType.ClientHello };
        private readonly int[] _keyFlight =
        {
            HandshakeType.Certificate, HandshakeType.ClientKeyExchange, HandshakeType.CertificateVerify,
            HandshakeType.ChangeCipherSpec, HandshakeType.Finished
        };

        private byte[] _cookie = new byte[0];
        private int _helloVerifyRequests;
        private int _preparedExtensions;

        internal ClientHandshake(Endpoint endpoint)
            : base(endpoint)
        {
        }

        public override bool IsServer
        {
            get { return false; }
        }

        internal override int AskedExtensions
        {
            // The SCSV in the list of suites asks for renegotiation_info.
            get { return OwnExtensions | (1 << RenegotiationInfo.Index); }
        }

        internal override bool MayAskAgain
        {
            get { return Suite == null && _helloVerifyRequests == 0; }
        }

        internal void Start(HandshakeHost host, long now)
        {
            Begin(host, 0, 0, now);
            Crypto.Random(ClientRandom, 0, ClientRandom.Length);
            RecordVersion = DtlsVersion.Dtls10;
            _helloVerifyRequests = 0;
            _preparedExtensions = 0;
            _cookie = new byte[0];
            ContinueWithoutScript(now);
        }

        /// <summary>Extensions may need work before the first hello.</summary>
        internal override void ContinueWithoutScript(long now)
        {
            while (_preparedExtensions < Extensions.Length)
            {
                CryptoOperation operation = Extensions[_preparedExtensions].Prepare(this);
                _preparedExtensions++;
                if (Pending.Begin(operation, now))
                {
                    return;
                }
            }

            BeginFlight(_helloFlight, true, now);
        }

        internal override DtlsError Read(int type, WireReader reader, long now)
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
                    BeginFlight(_helloFlight, true, now);
                    break;
                case HandshakeType.ServerHelloDone:
                    BeginFlight(_keyFlight, true, now);
                    break;
                case HandshakeType.Finished:
                    Host.Complete(now);
                    break;
                default:
                    break;
            }
        }

        internal override bool Skips(int type)
        {
            switch (type)
            {
                case HandshakeType.Certificate: return (Flags & HandshakeFlags.ClientCertificateRequested) == 0;
                case HandshakeType.CertificateVerify: return (Flags & HandshakeFlags.ClientCertificateSent) == 0;
                default: return false;
            }
        }

        internal override void Write(int type, WireWriter writer)
        {
            OwnExtensions = 0;
            int begin = writer.Position;
            ClientHello.Write(writer, ClientRandom, _cookie, this);
            for (int i = 0; i < Extensions.Length && !writer.Failed; i++)
            {
                Extensions[i].Complete(this, writer.Buffer, begin, writer.Length);
            }
        }

        private DtlsError ReadHelloVerifyRequest(WireReader reader)
        {
            int length = HelloVerifyRequest.Read(reader);
            if (length < 0)
            {
                return DtlsError.DecodeError;
            }

            _cookie = new byte[length];
            Array.Copy(reader.Buffer, reader.Position - length, _cookie, 0, length);
            _helloVerifyRequests++;
            return _helloVerifyRequests > ClientHello.MaxMessageSequence ? DtlsError.UnexpectedMessage : DtlsError.None;
        }

        private DtlsError ReadServerHello(WireReader reader)
        {
            DtlsError error = _serverHello.Read(reader);
            if (error != DtlsError.None)
            {
                return error;
            }

            if (_serverHello.Version != DtlsVersion.Dtls12)
            {
                return DtlsError.ProtocolVersion;
            }

            CipherSuite suite = Options.Suites.Find(_serverHello.Suite);
            if (suite == null || !MayUse(suite) || _serverHello.Compression != 0)
            {
                return DtlsError.IllegalParameter;
            }

            Array.Copy(reader.Buffer, _serverHello.Random, ServerRandom, 0, ClientHello.RandomLength);
            if (IsDowngrade(_serverHello.Version))
            {
                return DtlsError.IllegalParameter;
            }

            RecordVersion = _serverHello.Version;
            SelectSuite(suite);
            return ExtensionBlock.Read(this, HandshakeType.ServerHello, reader);
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
                if (ServerRandom[at + i] != DowngradeSentinel[i])
                {
                    return false;
                }
            }

            return version == DtlsVersion.Dtls12 && ServerRandom[ClientHello.RandomLength - 1] == 0;
        }
    }
}
