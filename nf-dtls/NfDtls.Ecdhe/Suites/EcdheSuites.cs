namespace NfDtls.Ecdhe
{
    /// <summary>
    /// The suites with an ephemeral key agreement on elliptic curves. Each call makes a fresh object; all suites of one table
    /// are given the same <see cref="EcdheExtensions"/>.
    /// </summary>
    public static class EcdheSuites
    {
        /// <summary>TLS_ECDHE_ECDSA_WITH_AES_128_CCM_8 (RFC 7251): the mandatory suite of RFC 7252 and RFC 7925.</summary>
        public static CipherSuite EcdsaAes128Ccm8(EcdheExtensions extensions)
        {
            return new CipherSuite(0xC0AE, "TLS_ECDHE_ECDSA_WITH_AES_128_CCM_8", CryptoAlgorithm.Aes128Ccm, 8, CryptoAlgorithm.Sha256, Ecdsa(extensions));
        }

        /// <summary>TLS_ECDHE_ECDSA_WITH_AES_128_CCM (RFC 7251).</summary>
        public static CipherSuite EcdsaAes128Ccm(EcdheExtensions extensions)
        {
            return new CipherSuite(0xC0AC, "TLS_ECDHE_ECDSA_WITH_AES_128_CCM", CryptoAlgorithm.Aes128Ccm, 16, CryptoAlgorithm.Sha256, Ecdsa(extensions));
        }

        /// <summary>TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256 (RFC 5289).</summary>
        public static CipherSuite EcdsaAes128GcmSha256(EcdheExtensions extensions)
        {
            return new CipherSuite(0xC02B, "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256", CryptoAlgorithm.Aes128Gcm, 16, CryptoAlgorithm.Sha256, Ecdsa(extensions));
        }

        /// <summary>TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384 (RFC 5289).</summary>
        public static CipherSuite EcdsaAes256GcmSha384(EcdheExtensions extensions)
        {
            return new CipherSuite(0xC02C, "TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384", CryptoAlgorithm.Aes256Gcm, 16, CryptoAlgorithm.Sha384, Ecdsa(extensions));
        }

        /// <summary>TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA256 (RFC 5289).</summary>
        public static CipherSuite EcdsaAes128CbcSha256(EcdheExtensions extensions)
        {
            return new CipherSuite(0xC023, "TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA256", CryptoAlgorithm.Aes128CbcHmacSha256, 0, CryptoAlgorithm.Sha256, Ecdsa(extensions));
        }

        /// <summary>TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256 (RFC 7905).</summary>
        public static CipherSuite EcdsaChaCha20Poly1305Sha256(EcdheExtensions extensions)
        {
            return new CipherSuite(0xCCA9, "TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256", CryptoAlgorithm.ChaCha20Poly1305, 16, CryptoAlgorithm.Sha256, Ecdsa(extensions));
        }

        /// <summary>TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256 (RFC 5289).</summary>
        public static CipherSuite RsaAes128GcmSha256(EcdheExtensions extensions)
        {
            return new CipherSuite(0xC02F, "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256", CryptoAlgorithm.Aes128Gcm, 16, CryptoAlgorithm.Sha256, Rsa(extensions));
        }

        /// <summary>TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384 (RFC 5289).</summary>
        public static CipherSuite RsaAes256GcmSha384(EcdheExtensions extensions)
        {
            return new CipherSuite(0xC030, "TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384", CryptoAlgorithm.Aes256Gcm, 16, CryptoAlgorithm.Sha384, Rsa(extensions));
        }

        /// <summary>TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA256 (RFC 5289).</summary>
        public static CipherSuite RsaAes128CbcSha256(EcdheExtensions extensions)
        {
            return new CipherSuite(0xC027, "TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA256", CryptoAlgorithm.Aes128CbcHmacSha256, 0, CryptoAlgorithm.Sha256, Rsa(extensions));
        }

        /// <summary>TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256 (RFC 7905).</summary>
        public static CipherSuite RsaChaCha20Poly1305Sha256(EcdheExtensions extensions)
        {
            return new CipherSuite(0xCCA8, "TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256", CryptoAlgorithm.ChaCha20Poly1305, 16, CryptoAlgorithm.Sha256, Rsa(extensions));
        }

        /// <summary>TLS_ECDHE_PSK_WITH_AES_128_CCM_8_SHA256 (RFC 8442).</summary>
        public static CipherSuite PskAes128Ccm8Sha256(EcdheExtensions extensions)
        {
            return new CipherSuite(0xD003, "TLS_ECDHE_PSK_WITH_AES_128_CCM_8_SHA256", CryptoAlgorithm.Aes128Ccm, 8, CryptoAlgorithm.Sha256, new EcdhePskFactory(extensions));
        }

        /// <summary>TLS_ECDHE_PSK_WITH_AES_128_CCM_SHA256 (RFC 8442).</summary>
        public static CipherSuite PskAes128CcmSha256(EcdheExtensions extensions)
        {
            return new CipherSuite(0xD005, "TLS_ECDHE_PSK_WITH_AES_128_CCM_SHA256", CryptoAlgorithm.Aes128Ccm, 16, CryptoAlgorithm.Sha256, new EcdhePskFactory(extensions));
        }

        /// <summary>TLS_ECDHE_PSK_WITH_AES_128_GCM_SHA256 (RFC 8442).</summary>
        public static CipherSuite PskAes128GcmSha256(EcdheExtensions extensions)
        {
            return new CipherSuite(0xD001, "TLS_ECDHE_PSK_WITH_AES_128_GCM_SHA256", CryptoAlgorithm.Aes128Gcm, 16, CryptoAlgorithm.Sha256, new EcdhePskFactory(extensions));
        }

        /// <summary>TLS_ECDHE_PSK_WITH_AES_128_CBC_SHA256 (RFC 5489).</summary>
        public static CipherSuite PskAes128CbcSha256(EcdheExtensions extensions)
        {
            return new CipherSuite(0xC037, "TLS_ECDHE_PSK_WITH_AES_128_CBC_SHA256", CryptoAlgorithm.Aes128CbcHmacSha256, 0, CryptoAlgorithm.Sha256, new EcdhePskFactory(extensions));
        }

        /// <summary>TLS_ECDHE_PSK_WITH_CHACHA20_POLY1305_SHA256 (RFC 7905).</summary>
        public static CipherSuite PskChaCha20Poly1305Sha256(EcdheExtensions extensions)
        {
            return new CipherSuite(0xCCAC, "TLS_ECDHE_PSK_WITH_CHACHA20_POLY1305_SHA256", CryptoAlgorithm.ChaCha20Poly1305, 16, CryptoAlgorithm.Sha256, new EcdhePskFactory(extensions));
        }

        /// <summary>A fresh table of ECDHE_PSK and, behind it, plain PSK, AEAD before CBC.</summary>
        public static CipherSuiteTable Psk()
        {
            EcdheExtensions extensions = new EcdheExtensions(GroupTable.All(), SchemeTable.Elliptic());
            return new CipherSuiteTable()
                .Add(PskAes128Ccm8Sha256(extensions)).Add(PskAes128CcmSha256(extensions))
                .Add(PskAes128GcmSha256(extensions)).Add(PskChaCha20Poly1305Sha256(extensions))
                .Add(PskSuites.Aes128Ccm8()).Add(PskSuites.Aes128Ccm()).Add(PskSuites.Aes128GcmSha256())
                .Add(PskSuites.Aes256GcmSha384()).Add(PskSuites.ChaCha20Poly1305Sha256())
                .Add(PskAes128CbcSha256(extensions)).Add(PskSuites.Aes128CbcSha256());
        }

        /// <summary>A fresh table of the suites for raw public keys, AEAD alone: those of elliptic curves, then RSA's.</summary>
        public static CipherSuiteTable RawKeys()
        {
            EcdheExtensions extensions = new EcdheExtensions(GroupTable.All(), SchemeTable.All());
            return new CipherSuiteTable()
                .Add(EcdsaAes128Ccm8(extensions)).Add(EcdsaAes128Ccm(extensions)).Add(EcdsaAes128GcmSha256(extensions))
                .Add(EcdsaAes256GcmSha384(extensions)).Add(EcdsaChaCha20Poly1305Sha256(extensions))
                .Add(RsaAes128GcmSha256(extensions)).Add(RsaAes256GcmSha384(extensions)).Add(RsaChaCha20Poly1305Sha256(extensions));
        }

        private static KeyExchangeFactory Ecdsa(EcdheExtensions extensions)
        {
            return new EcdheFactory(EcdheFactory.Elliptic, extensions);
        }

        private static KeyExchangeFactory Rsa(EcdheExtensions extensions)
        {
            return new EcdheFactory(EcdheFactory.Rsa, extensions);
        }
    }
}
