namespace NfDtls
{
    /// <summary>The suites with a pre-shared key alone. Each call makes fresh objects.</summary>
    public static class PskSuites
    {
        /// <summary>TLS_PSK_WITH_AES_128_CCM_8 (RFC 6655): the mandatory suite of RFC 7252 and RFC 7925.</summary>
        public static CipherSuite Aes128Ccm8()
        {
            return Make(0xC0A8, "TLS_PSK_WITH_AES_128_CCM_8", CryptoAlgorithm.Aes128Ccm, 8, CryptoAlgorithm.Sha256);
        }

        /// <summary>TLS_PSK_WITH_AES_128_CCM (RFC 6655).</summary>
        public static CipherSuite Aes128Ccm()
        {
            return Make(0xC0A4, "TLS_PSK_WITH_AES_128_CCM", CryptoAlgorithm.Aes128Ccm, 16, CryptoAlgorithm.Sha256);
        }

        /// <summary>TLS_PSK_WITH_AES_128_GCM_SHA256 (RFC 5487).</summary>
        public static CipherSuite Aes128GcmSha256()
        {
            return Make(0x00A8, "TLS_PSK_WITH_AES_128_GCM_SHA256", CryptoAlgorithm.Aes128Gcm, 16, CryptoAlgorithm.Sha256);
        }

        /// <summary>TLS_PSK_WITH_AES_256_GCM_SHA384 (RFC 5487).</summary>
        public static CipherSuite Aes256GcmSha384()
        {
            return Make(0x00A9, "TLS_PSK_WITH_AES_256_GCM_SHA384", CryptoAlgorithm.Aes256Gcm, 16, CryptoAlgorithm.Sha384);
        }

        /// <summary>TLS_PSK_WITH_CHACHA20_POLY1305_SHA256 (RFC 7905).</summary>
        public static CipherSuite ChaCha20Poly1305Sha256()
        {
            return Make(0xCCAB, "TLS_PSK_WITH_CHACHA20_POLY1305_SHA256", CryptoAlgorithm.ChaCha20Poly1305, 16, CryptoAlgorithm.Sha256);
        }

        /// <summary>TLS_PSK_WITH_AES_128_CBC_SHA256 (RFC 5487).</summary>
        public static CipherSuite Aes128CbcSha256()
        {
            return Make(0x00AE, "TLS_PSK_WITH_AES_128_CBC_SHA256", CryptoAlgorithm.Aes128CbcHmacSha256, 0, CryptoAlgorithm.Sha256);
        }

        /// <summary>Those with AEAD.</summary>
        public static CipherSuiteTable Modern()
        {
            return new CipherSuiteTable()
                .Add(Aes128Ccm8()).Add(Aes128Ccm()).Add(Aes128GcmSha256()).Add(Aes256GcmSha384())
                .Add(ChaCha20Poly1305Sha256());
        }

        /// <summary>All of <see cref="Modern"/>, then CBC: what older peers have.</summary>
        public static CipherSuiteTable Compatible()
        {
            return All();
        }

        /// <summary>All of them, AEAD before CBC. A suite that the crypto provider lacks is never offered or chosen.</summary>
        public static CipherSuiteTable All()
        {
            return Modern().Add(Aes128CbcSha256());
        }

        /// <summary>TLS_PSK_WITH_AES_128_CCM_8 alone: the smallest hello and the least memory.</summary>
        public static CipherSuiteTable Constrained()
        {
            return new CipherSuiteTable().Add(Aes128Ccm8());
        }

        private static CipherSuite Make(int id, string name, int cipher, int tagLength, int hash)
        {
            return new CipherSuite(id, name, cipher, tagLength, hash, new PskKeyExchangeFactory());
        }
    }
}
