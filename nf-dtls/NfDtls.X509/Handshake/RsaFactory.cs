using NfDtls.Ecdhe;

namespace NfDtls.X509
{
    /// <summary>Makes <see cref="RsaKeyExchange"/>s.</summary>
    internal sealed class RsaFactory : KeyExchangeFactory
    {
        private readonly EcdheExtensions _extensions;

        internal RsaFactory(EcdheExtensions extensions)
        {
            _extensions = extensions;
        }

        public override HelloExtension[] Extensions
        {
            get { return _extensions.Named; }
        }

        public override KeyExchange Create()
        {
            return new RsaKeyExchange();
        }

        public override bool IsSupportedBy(CryptoProvider crypto)
        {
            // One for each end; which of them it takes is known only in IsConfigured.
            return crypto.Supports(CryptoAlgorithm.RsaEncrypt) || crypto.Supports(CryptoAlgorithm.RsaDecrypt);
        }

        public override bool IsConfigured(EndpointOptions options, bool isServer)
        {
            if (options.Authenticator == null)
            {
                return false;
            }

            return isServer ? options.Authenticator.HasKey(1 << KeyKind.Rsa) : options.Crypto.Supports(CryptoAlgorithm.RsaEncrypt);
        }

        public override void Check(EndpointOptions options, bool isServer)
        {
            options.Authenticator.Check(options, isServer);
        }

        public override bool IsPossible(Handshake handshake)
        {
            return handshake.Authenticator.ChooseKey(handshake, 1 << KeyKind.Rsa, true);
        }
    }
}
