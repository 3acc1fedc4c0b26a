using System;
using NfDtls.Ecdhe;

namespace NfDtls.X509
{
    /// <summary>
    /// Authentication by X.509 certificates, for <see cref="EndpointOptions.Authenticator"/>; by raw public keys too, if there is a
    /// store of them. One object may serve any number of endpoints.
    /// </summary>
    public sealed class CertificateAuthenticator : CredentialAuthenticator
    {
        /// <summary>Authentication by certificates alone.</summary>
        public CertificateAuthenticator(CertificateStore store)
            : base(new CredentialSource[] { SourceOver(store) })
        {
        }

        /// <summary>Authentication by certificates or raw public keys, the preferred first.</summary>
        /// <param name="store">The certificates.</param>
        /// <param name="rawKeys">The raw public keys.</param>
        /// <param name="rawKeysFirst">Whether raw public keys are preferred.</param>
        public CertificateAuthenticator(CertificateStore store, RawKeyStore rawKeys, bool rawKeysFirst)
            : base(rawKeysFirst ? new CredentialSource[] { rawKeys, SourceOver(store) } : new CredentialSource[] { SourceOver(store), rawKeys })
        {
        }

        private static CredentialSource SourceOver(CertificateStore store)
        {
            if (store == null)
            {
                throw new ArgumentNullException("store");
            }

            return new CertificateSource(store);
        }
    }
}
