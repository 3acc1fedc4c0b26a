namespace NfDtls.Ecdhe
{
    /// <summary>Makes <see cref="EcdheKeyExchange"/>s for servers with keys of some kinds.</summary>
    internal sealed class EcdheFactory : KeyExchangeFactory
    {
        internal const int Elliptic = (1 << KeyKind.Secp256r1) | (1 << KeyKind.Secp384r1) | (1 << KeyKind.Secp521r1) | (1 << KeyKind.Ed25519);
        internal const int Rsa = 1 << KeyKind.Rsa;

        private readonly int _keyKinds;
        private readonly EcdheExtensions _extensions;

        internal EcdheFactory(int keyKinds, EcdheExtensions extensions)
        {
            _keyKinds = keyKinds;
            _extensions = extensions;
        }

        public override HelloExtension[] Extensions
        {
            get { return _extensions.Signed; }
        }

        public override KeyExchange Create()
        {
            return new EcdheKeyExchange(_keyKinds);
        }

        public override bool IsSupportedBy(CryptoProvider crypto)
        {
            return _extensions.Groups.IsSupportedBy(crypto) && _extensions.CanVerify(crypto, _keyKinds);
        }

        public override bool IsConfigured(EndpointOptions options, bool isServer)
        {
            return options.Authenticator != null && (!isServer || options.Authenticator.HasKey(_keyKinds));
        }

        public override void Check(EndpointOptions options, bool isServer)
        {
            options.Authenticator.Check(options, isServer);
        }

        public override bool IsPossible(Handshake handshake)
        {
            return SupportedGroups.Of(handshake).Choose(handshake) != 0 && handshake.Authenticator.ChooseKey(handshake, _keyKinds, false);
        }
    }
}
