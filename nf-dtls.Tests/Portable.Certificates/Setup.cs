using NfDtls.Crypto.Software;
using NfDtls.Ecdhe;
using NfDtls.Tests.X509;
using NfDtls.X509;

namespace NfDtls.Tests.Certificates
{
    /// <summary>Options for ends that prove themselves: one suite, one session, small buffers.</summary>
    internal static class Setup
    {
        internal const string Host = "device.example.com";

        /// <summary>2026-06-15 12:00, when the certificates of <see cref="Identities"/> are valid.</summary>
        internal const long Now = 1781524800;

        internal static CryptoProvider Crypto()
        {
            SoftwareProvider inner = new SoftwareProvider(new SeededEntropy(1));
            return new CompositeProvider(new CryptoProvider[] { new SoftwareEccProvider(inner), inner });
        }

        /// <summary>ECDHE_PSK with CCM_8 over one group.</summary>
        internal static DtlsOptions EcdhePsk(int group)
        {
            DtlsOptions options = TestBed.Options();
            EcdheExtensions extensions = new EcdheExtensions(new GroupTable().Add(group), SchemeTable.Constrained());
            options.Suites = new CipherSuiteTable().Add(EcdheSuites.PskAes128Ccm8Sha256(extensions));
            options.HeldRecords = 3;
            options.StepBudget = 1000;
            return options;
        }

        /// <summary>ECDHE_ECDSA with CCM_8, by certificates; an empty certificate is none.</summary>
        internal static DtlsOptions Certificate(string certificate, string key, string trusted, CryptoProvider crypto)
        {
            CertificateStore store = new CertificateStore(crypto);
            store.Clock = new FixedClock(Now);
            if (certificate.Length > 0)
            {
                store.AddLocal(new DtlsCertificate(Check.Hex(certificate)), null, PrivateKeyReader.Read(Check.Hex(key)));
            }

            if (trusted.Length > 0)
            {
                store.AddTrusted(new DtlsCertificate(Check.Hex(trusted)));
            }

            DtlsOptions options = Ecdsa();
            options.Authenticator = new CertificateAuthenticator(store);
            options.MaxChainBytes = 512;
            return options;
        }

        /// <summary>ECDHE_ECDSA with CCM_8, by raw public keys; an empty key is none.</summary>
        internal static DtlsOptions RawKey(string key, string info, string trusted)
        {
            RawKeyStore store = new RawKeyStore();
            if (key.Length > 0)
            {
                byte[] known = Check.Hex(info);
                PublicKey publicKey = new PublicKey();
                SubjectPublicKeyInfo.TryRead(known, 0, known.Length, publicKey);
                StoredPrivateKey read = PrivateKeyReader.Read(Check.Hex(key));
                store.AddLocal(new StoredPrivateKey(read.Kind, read.Buffer, read.OffsetOf(StoredPrivateKey.Scalar), read.CountOf(StoredPrivateKey.Scalar), publicKey));
            }

            if (trusted.Length > 0)
            {
                store.AddTrusted(Check.Hex(trusted));
            }

            DtlsOptions options = Ecdsa();
            options.Authenticator = new CredentialAuthenticator(new CredentialSource[] { store });
            options.MaxChainBytes = 128;
            return options;
        }

        private static DtlsOptions Ecdsa()
        {
            DtlsOptions options = TestBed.Options();
            options.Suites = CertificateSuites.Constrained();
            options.Psk = null;
            options.MaxHandshakeMessage = 256;
            options.MaxFlight = 1280;
            options.MaxChainLength = 1;
            options.OutOfOrderBytes = 256;
            options.HeldRecords = 3;
            options.StepBudget = 1000;
            options.ServerName = Host;
            return options;
        }
    }
}
