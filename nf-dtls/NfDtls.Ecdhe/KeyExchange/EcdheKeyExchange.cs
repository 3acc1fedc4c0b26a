using System;

namespace NfDtls.Ecdhe
{
    /// <summary>
    /// ECDHE_ECDSA and ECDHE_RSA (RFC 8422): the server signs its ephemeral public key with the key of its certificate, or with
    /// its raw public key. The premaster secret is the shared coordinate.
    /// </summary>
    internal sealed class EcdheKeyExchange : KeyExchange
    {
        private readonly int _keyKinds;
        private readonly EcdhShare _share = new EcdhShare();
        private byte[] _signed;
        private byte[] _signature;
        private CryptoOperation _signing;
        private int _scheme;
        private int _signatureAt;
        private int _signatureLength;

        internal EcdheKeyExchange(int keyKinds)
        {
            _keyKinds = keyKinds;
        }

        public override int Flags
        {
            get { return HandshakeFlags.ServerCertificate | HandshakeFlags.ServerKeyExchangeRequired; }
        }

        public override CryptoOperation? BeforeWriting(Handshake handshake, int messageType)
        {
            if (messageType == HandshakeType.ClientKeyExchange)
            {
                return new KeyAgreement(_share, handshake, null);
            }

            return _share.ChooseGroup(handshake) ? new SignedShare(this, handshake) : (CryptoOperation)new CompletedOperation(DtlsError.HandshakeFailure);
        }

        public override void Write(Handshake handshake, int messageType, WireWriter writer)
        {
            if (messageType == HandshakeType.ClientKeyExchange)
            {
                _share.WritePoint(writer);
                return;
            }

            _share.WriteParameters(writer);
            writer.WriteUInt16(handshake.Authenticator.OwnScheme);
            int signature = writer.BeginVector(2);
            writer.WriteBytes(_signature, 0, _signing.Length);
            writer.EndVector(signature, 2);
        }

        public override DtlsError Read(Handshake handshake, int messageType, WireReader reader)
        {
            if (messageType == HandshakeType.ClientKeyExchange)
            {
                return _share.ReadPoint(reader);
            }

            int begin = reader.Position;
            DtlsError error = _share.ReadParameters(handshake, reader);
            if (error != DtlsError.None)
            {
                return error;
            }

            int length = reader.Position - begin;
            _scheme = reader.ReadUInt16();
            _signatureLength = reader.ReadUInt16();
            _signatureAt = reader.Skip(_signatureLength);
            if (reader.Failed)
            {
                return DtlsError.DecodeError;
            }

            PublicKey key = handshake.Authenticator.PeerKey;
            if (((1 << key.Kind) & _keyKinds) == 0 || !EcdhShare.Offers(handshake, CredentialAuthenticator.GroupOf(key.Kind))
                || !SchemeChoice.Accepts(handshake, _scheme, key.Kind))
            {
                return DtlsError.IllegalParameter;
            }

            _signature = reader.Buffer;
            _signed = SchemeChoice.Digest(handshake, _scheme, reader.Buffer, begin, length);
            return DtlsError.None;
        }

        public override CryptoOperation? AfterReading(Handshake handshake, int messageType)
        {
            if (messageType == HandshakeType.ClientKeyExchange)
            {
                return _share.Agree(handshake);
            }

            return handshake.Crypto.Verify(_scheme, handshake.Authenticator.PeerKey, _signed, 0, _signed.Length, _signature, _signatureAt, _signatureLength);
        }

        public override int WritePremasterSecret(byte[] destination, int offset, int count)
        {
            byte[] secret = _share.Secret;
            if (secret.Length > count)
            {
                return -1;
            }

            Array.Copy(secret, 0, destination, offset, secret.Length);
            return secret.Length;
        }

        public override void Clear()
        {
            _share.Clear();
        }

        internal CryptoOperation Generate(Handshake handshake)
        {
            return _share.Generate(handshake);
        }

        /// <summary>Signs the randoms and the parameters.</summary>
        internal CryptoOperation Sign(Handshake handshake)
        {
            // Type, group and the length of the point, and the longest point.
            byte[] parameters = new byte[4 + 133];
            WireWriter writer = new WireWriter();
            writer.Reset(parameters, 0, parameters.Length);
            _share.WriteParameters(writer);

            Authenticator authenticator = handshake.Authenticator;
            _signed = SchemeChoice.Digest(handshake, authenticator.OwnScheme, parameters, 0, writer.Length);
            _signature = new byte[authenticator.OwnKey.MaxSignatureLength];
            _signing = authenticator.OwnKey.Sign(handshake.Crypto, authenticator.OwnScheme, _signed, 0, _signed.Length, _signature, 0);
            return _signing;
        }
    }
}
