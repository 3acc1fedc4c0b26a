using NfDtls.Ecdhe;
using NfDtls.X509;

namespace NfDtls.Samples.SpeedCheck
{
    /// <summary>Both ends with TLS_ECDHE_ECDSA_WITH_AES_128_CCM_8, where the server proves itself by a certificate.</summary>
    internal static class CertificateWork
    {
        internal static void Run(CryptoProvider client, CryptoProvider server, string name)
        {
            CertificateStore trusted = new CertificateStore(client);
            trusted.Clock = new FixedClock();
            trusted.AddTrusted(new DtlsCertificate(Identity.Root()));
            CertificateStore own = new CertificateStore(server);
            own.Clock = new FixedClock();
            own.AddLocal(new DtlsCertificate(Identity.Certificate()), null, PrivateKeyReader.Read(Identity.Key()));
            Ends ends = new Ends(name + " ECDHE_ECDSA", Options(client, trusted), Options(server, own));
            ends.Connect(true);
        }

        private static DtlsOptions Options(CryptoProvider crypto, CertificateStore store)
        {
            DtlsOptions options = DtlsOptions.Iot();
            options.Crypto = crypto;
            options.Suites = CertificateSuites.Constrained();
            options.MaxSessions = 1;
            options.MaxChainLength = 1;
            options.MaxChainBytes = 512;
            options.ServerName = Identity.Host;
            options.Authenticator = new CertificateAuthenticator(store);
            return options;
        }
    }
}
