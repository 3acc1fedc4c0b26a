namespace NfDtls.Ecdhe
{
    /// <summary>ECDHE_PSK (RFC 5489): the pre-shared key proves who the ends are, an ephemeral agreement keeps yesterday's records secret.</summary>
    internal sealed class EcdhePskKeyExchange : PskKeyExchange
    {
        private readonly EcdhShare _share = new EcdhShare();

        public override int Flags
        {
            get { return HandshakeFlags.ServerKeyExchangeRequired; }
        }

        protected override byte[]? OtherSecret
        {
            get { return _share.Secret; }
        }

        public override bool Writes(Handshake handshake, int messageType)
        {
            return true;
        }

        public override CryptoOperation? BeforeWriting(Handshake handshake, int messageType)
        {
            if (messageType == HandshakeType.ClientKeyExchange)
            {
                return new KeyAgreement(_share, handshake, base.BeforeWriting(handshake, messageType));
            }

            return _share.ChooseGroup(handshake) ? _share.Generate(handshake) : new CompletedOperation(DtlsError.HandshakeFailure);
        }

        public override void Write(Handshake handshake, int messageType, WireWriter writer)
        {
            base.Write(handshake, messageType, writer);
            if (messageType == HandshakeType.ClientKeyExchange)
            {
                _share.WritePoint(writer);
            }
            else
            {
                _share.WriteParameters(writer);
            }
        }

        public override DtlsError Read(Handshake handshake, int messageType, WireReader reader)
        {
            DtlsError error = base.Read(handshake, messageType, reader);
            if (error != DtlsError.None)
            {
                return error;
            }

            return messageType == HandshakeType.ClientKeyExchange ? _share.ReadPoint(reader) : _share.ReadParameters(handshake, reader);
        }

        public override CryptoOperation? AfterReading(Handshake handshake, int messageType)
        {
            CryptoOperation first = base.AfterReading(handshake, messageType);
            return messageType == HandshakeType.ClientKeyExchange ? new KeyAgreement(_share, handshake, first) : first;
        }

        public override void Clear()
        {
            base.Clear();
            _share.Clear();
        }
    }
}
