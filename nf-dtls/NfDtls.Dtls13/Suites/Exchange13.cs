namespace NfDtls.Dtls13
{
    /// <summary>What a suite needs of a provider beside its cipher. It has no messages: keys are agreed on in the hellos.</summary>
    internal sealed class Exchange13 : KeyExchangeFactory
    {
        private const int SignatureAlgorithms = 13;
        private const int SignatureAlgorithmsCert = 50;

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

        public override bool IsShort
        {
            get { return true; }
        }

        public override bool IsSupportedBy(CryptoProvider crypto)
        {
            return crypto.Supports(CryptoAlgorithm.Mask + _cipher) && crypto.Supports(CryptoAlgorithm.Hmac + _hash);
        }

        public override bool IsConfigured(EndpointOptions options, bool isServer)
        {
            return TakesKeys(options, _hash) || HasProof(options, isServer);
        }

        public override void Check(EndpointOptions options, bool isServer)
        {
            if (HasProof(options, isServer))
            {
                options.Authenticator.Check(options, isServer);
            }
        }

        public override bool Needs(int extensionType)
        {
            return extensionType == SignatureAlgorithms || extensionType == SignatureAlgorithmsCert;
        }

        /// <summary>
        /// Whether pre-shared keys go with a suite's hash: an external key is of SHA-256, where nothing else was agreed on with it (RFC 8446
        /// section 4.2.11), unless it is imported for either.
        /// </summary>
        internal static bool TakesKeys(EndpointOptions options, int hash)
        {
            bool hasKey = options.Psk != null || options.AskForPsk;
            return hasKey && (hash == CryptoAlgorithm.Sha256 || Version13.Of(options.Versions).Importer != null);
        }

        /// <summary>Whether certificates or raw public keys prove a server: it has one, or a client can verify it.</summary>
        internal static bool HasProof(EndpointOptions options, bool isServer)
        {
            return options.Authenticator != null && (!isServer || options.Authenticator.HasKey(-1));
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
