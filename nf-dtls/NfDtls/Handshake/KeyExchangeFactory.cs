namespace NfDtls
{
    /// <summary>Makes key exchanges of a kind; what a <see cref="CipherSuite"/> holds.</summary>
    public abstract class KeyExchangeFactory
    {
        /// <summary>Makes one for a handshake.</summary>
        public abstract KeyExchange Create();

        /// <summary>Whether a provider can do what it needs.</summary>
        public virtual bool IsSupportedBy(CryptoProvider crypto)
        {
            return true;
        }

        /// <summary>Whether an endpoint with these options has what it needs (a key, a certificate).</summary>
        public virtual bool IsConfigured(DtlsOptions options, bool isServer)
        {
            return true;
        }
    }
}
