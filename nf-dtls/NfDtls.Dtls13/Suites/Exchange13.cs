namespace NfDtls.Dtls13
{
    /// <summary>What a suite needs of a provider beside its cipher. It has no messages: keys are agreed on in the hellos.</summary>
    internal sealed class Exchange13 : KeyExchangeFactory
    {
        private readonly int _cipher;
        private readonly int _hash;

        internal Exchange13(int cipher, int hash)
        {
            _cipher = cipher;
            _hash = hash;
        }

        public override KeyExchange Create()
        {
            return new NoExchange();
        }

        public override bool IsSupportedBy(CryptoProvider crypto)
        {
            return crypto.Supports(CryptoAlgorithm.Mask + _cipher) && crypto.Supports(CryptoAlgorithm.Hmac + _hash);
        }

        public override bool IsConfigured(EndpointOptions options, bool isServer)
        {
            // An external key is of SHA-256, where nothing else was agreed on with it (RFC 8446 section 4.2.11), unless it is imported for either.
            bool hasKey = options.Psk != null || options.AskForPsk;
            return hasKey && (_hash == CryptoAlgorithm.Sha256 || Version13.Of(options.Versions).Importer != null);
        }

        private sealed class NoExchange : KeyExchange
        {
            public override int Flags
            {
                get { return 0; }
            }

            public override void Write(Handshake handshake, int messageType, WireWriter writer)
            {
            }

            public override DtlsError Read(Handshake handshake, int messageType, WireReader reader)
            {
                return DtlsError.UnexpectedMessage;
            }

            public override int WritePremasterSecret(byte[] destination, int offset, int count)
            {
                return -1;
            }
        }
    }
}
