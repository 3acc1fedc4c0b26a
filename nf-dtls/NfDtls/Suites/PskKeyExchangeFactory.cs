namespace NfDtls
{
    /// <summary>Makes <see cref="PskKeyExchange"/>s.</summary>
    public sealed class PskKeyExchangeFactory : KeyExchangeFactory
    {
        /// <inheritdoc/>
        public override KeyExchange Create()
        {
            return new PskKeyExchange();
        }

        /// <inheritdoc/>
        public override bool IsShort
        {
            get { return true; }
        }

        /// <inheritdoc/>
        public override bool IsConfigured(EndpointOptions options, bool isServer)
        {
            return options.Psk != null || options.AskForPsk;
        }
    }
}
