namespace NfDtls.Ecdhe
{
    /// <summary>Makes <see cref="EcdhePskKeyExchange"/>s.</summary>
    internal sealed class EcdhePskFactory : KeyExchangeFactory
    {
        private readonly EcdheExtensions _extensions;

        internal EcdhePskFactory(EcdheExtensions extensions)
        {
            _extensions = extensions;
        }

        public override HelloExtension[] Extensions
        {
            get { return _extensions.Agreed; }
        }

        public override KeyExchange Create()
        {
            return new EcdhePskKeyExchange();
        }

        public override bool IsSupportedBy(CryptoProvider crypto)
        {
            return _extensions.Groups.IsSupportedBy(crypto);
        }

        public override bool IsConfigured(EndpointOptions options, bool isServer)
        {
            return options.Psk != null || options.AskForPsk;
        }

        public override bool IsPossible(Handshake handshake)
        {
            return SupportedGroups.Of(handshake).Choose(handshake) != 0;
        }
    }
}
