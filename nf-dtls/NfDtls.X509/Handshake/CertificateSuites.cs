using NfDtls.Ecdhe;

namespace NfDtls.X509
{
    /// <summary>The suites with certificates, and tables of them. Each call makes fresh objects.</summary>
    public static class CertificateSuites
    {
        /// <summary>TLS_RSA_WITH_AES_128_CBC_SHA (RFC 5246): NetX's default. No forward secrecy.</summary>
        public static CipherSuite RsaAes128CbcSha(EcdheExtensions extensions)
        {
            return new CipherSuite(0x002F, "TLS_RSA_WITH_AES_128_CBC_SHA", CryptoAlgorithm.Aes128CbcHmacSha1, 0, CryptoAlgorithm.Sha256, new RsaFactory(extensions));
        }

        /// <summary>TLS_RSA_WITH_AES_128_CBC_SHA256 (RFC 5246). No forward secrecy.</summary>
        public static CipherSuite RsaAes128CbcSha256(EcdheExtensions extensions)
        {
            return new CipherSuite(0x003C, "TLS_RSA_WITH_AES_128_CBC_SHA256", CryptoAlgorithm.Aes128CbcHmacSha256, 0, CryptoAlgorithm.Sha256, new RsaFactory(extensions));
        }

        /// <summary>TLS_RSA_WITH_AES_256_CBC_SHA256 (RFC 5246). No forward secrecy.</summary>
        public static CipherSuite RsaAes256CbcSha256(EcdheExtensions extensions)
        {
            return new CipherSuite(0x003D, "TLS_RSA_WITH_AES_256_CBC_SHA256", CryptoAlgorithm.Aes256CbcHmacSha256, 0, CryptoAlgorithm.Sha256, new RsaFactory(extensions));
        }

        /// <summary>TLS_RSA_WITH_AES_128_GCM_SHA256 (RFC 5288). No forward secrecy.</summary>
        public static CipherSuite RsaAes128GcmSha256(EcdheExtensions extensions)
        {
            return new CipherSuite(0x009C, "TLS_RSA_WITH_AES_128_GCM_SHA256", CryptoAlgorithm.Aes128Gcm, 16, CryptoAlgorithm.Sha256, new RsaFactory(extensions));
        }

        /// <summary>AEAD with forward secrecy: ECDHE_ECDSA, then ECDHE_RSA.</summary>
        public static CipherSuiteTable Modern()
        {
            return AddModern(new CipherSuiteTable(), Extensions());
        }

        /// <summary>All of <see cref="Modern"/>, then RSA key exchange with AEAD, then CBC, down to NetX's default.</summary>
        public static CipherSuiteTable Compatible()
        {
            EcdheExtensions extensions = Extensions();
            return AddModern(new CipherSuiteTable(), extensions)
                .Add(RsaAes128GcmSha256(extensions))
                .Add(EcdheSuites.EcdsaAes128CbcSha256(extensions)).Add(EcdheSuites.RsaAes128CbcSha256(extensions))
                .Add(RsaAes128CbcSha(extensions)).Add(RsaAes128CbcSha256(extensions)).Add(RsaAes256CbcSha256(extensions));
        }

        /// <summary>All of them: <see cref="Compatible"/>.</summary>
        public static CipherSuiteTable All()
        {
            return Compatible();
        }

        /// <summary>TLS_ECDHE_ECDSA_WITH_AES_128_CCM_8 alone, on secp256r1, with ECDSA and SHA-256 (RFC 7925 section 4.4).</summary>
        public static CipherSuiteTable Constrained()
        {
            EcdheExtensions extensions = new EcdheExtensions(GroupTable.Constrained(), SchemeTable.Constrained());
            return new CipherSuiteTable().Add(EcdheSuites.EcdsaAes128Ccm8(extensions));
        }

        private static EcdheExtensions Extensions()
        {
            return new EcdheExtensions(GroupTable.All(), SchemeTable.All());
        }

        private static CipherSuiteTable AddModern(CipherSuiteTable table, EcdheExtensions extensions)
        {
            return table
                .Add(EcdheSuites.EcdsaAes128Ccm8(extensions)).Add(EcdheSuites.EcdsaAes128Ccm(extensions))
                .Add(EcdheSuites.EcdsaAes128GcmSha256(extensions)).Add(EcdheSuites.EcdsaAes256GcmSha384(extensions))
                .Add(EcdheSuites.EcdsaChaCha20Poly1305Sha256(extensions))
                .Add(EcdheSuites.RsaAes128GcmSha256(extensions)).Add(EcdheSuites.RsaAes256GcmSha384(extensions))
                .Add(EcdheSuites.RsaChaCha20Poly1305Sha256(extensions));
        }
    }
}
