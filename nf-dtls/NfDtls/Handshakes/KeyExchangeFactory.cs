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
        public virtual bool IsConfigured(EndpointOptions options, bool isServer)
        {
            return true;
        }

        /// <summary>Checks, when a client connects or a server is made with a suite of this kind, that the options are complete.</summary>
        /// <exception cref="System.ArgumentException">They are not; the message names the option.</exception>
        public virtual void Check(EndpointOptions options, bool isServer)
        {
        }

        /// <summary>
        /// Whether its messages hold no more than an identity or a hint of <see cref="PskStore.MaxIdentityLength"/> bytes: an
        /// endpoint with such suites alone reserves less (<see cref="EndpointOptions.MaxFlight"/>).
        /// </summary>
        public virtual bool IsShort
        {
            get { return false; }
        }

        /// <summary>
        /// Whether a server can do it with this client, whose hello and extensions were read: a group in common, a certificate
        /// that the client can verify. What it chose for that holds if the suite is then taken.
        /// </summary>
        public virtual bool IsPossible(Handshake handshake)
        {
            return true;
        }

        /// <summary>The extensions that its hellos need, or null. Factories of one table share the objects.</summary>
        public virtual HelloExtension[]? Extensions
        {
            get { return null; }
        }

        /// <summary>Whether its hellos need an extension of a type: one of its own, or one that something else brings.</summary>
        public virtual bool Needs(int extensionType)
        {
            HelloExtension[] own = Extensions;
            return own != null && ExtensionBlock.IndexOf(own, own.Length, extensionType) >= 0;
        }
    }
}
