namespace NfDtls.Dtls13
{
    /// <summary>
    /// The suites of DTLS 1.3 (RFC 8446 appendix B.4), which say nothing of keys and their agreement. Each call makes fresh objects.
    /// </summary>
    public static class Suites13
    {
        /// <summary>TLS_AES_128_CCM_8_SHA256: 8 bytes of tag, so its keys end after 2^22 forgeries (RFC 9147 section 4.5.3).</summary>
        public static CipherSuite Aes128Ccm8Sha256()
        {
            return Make(0x1305, "TLS_AES_128_CCM_8_SHA256", CryptoAlgorithm.Aes128Ccm, 8, CryptoAlgorithm.Sha256);
        }

        /// <summary>TLS_AES_128_CCM_SHA256.</summary>
        public static CipherSuite Aes128CcmSha256()
        {
            return Make(0x1304, "TLS_AES_128_CCM_SHA256", CryptoAlgorithm.Aes128Ccm, 16, CryptoAlgorithm.Sha256);
        }

        /// <summary>TLS_AES_128_GCM_SHA256: the mandatory one.</summary>
        public static CipherSuite Aes128GcmSha256()
        {
            return Make(0x1301, "TLS_AES_128_GCM_SHA256", CryptoAlgorithm.Aes128Gcm, 16, CryptoAlgorithm.Sha256);
        }

        /// <summary>TLS_AES_256_GCM_SHA384.</summary>
        public static CipherSuite Aes256GcmSha384()
        {
            return Make(0x1302, "TLS_AES_256_GCM_SHA384", CryptoAlgorithm.Aes256Gcm, 16, CryptoAlgorithm.Sha384);
        }

        /// <summary>TLS_CHACHA20_POLY1305_SHA256.</summary>
        public static CipherSuite ChaCha20Poly1305Sha256()
        {
            return Make(0x1303, "TLS_CHACHA20_POLY1305_SHA256", CryptoAlgorithm.ChaCha20Poly1305, 16, CryptoAlgorithm.Sha256);
        }

        /// <summary>Adds all of them behind a table's own: those with a tag of 16 bytes first.</summary>
        public static CipherSuiteTable AddTo(CipherSuiteTable table)
        {
            return table.Add(Aes128GcmSha256()).Add(Aes256GcmSha384()).Add(ChaCha20Poly1305Sha256()).Add(Aes128CcmSha256()).Add(Aes128Ccm8Sha256());
        }

        /// <summary>All of them: those with a tag of 16 bytes first.</summary>
        public static CipherSuiteTable All()
        {
            return AddTo(new CipherSuiteTable());
        }

        /// <summary>Those with a tag of 16 bytes, as RFC 8446 recommends them.</summary>
        public static CipherSuiteTable Modern()
        {
            return new CipherSuiteTable().Add(Aes128GcmSha256()).Add(Aes256GcmSha384()).Add(ChaCha20Poly1305Sha256()).Add(Aes128CcmSha256());
        }

        /// <summary>All of them: this version has none that is old.</summary>
        public static CipherSuiteTable Compatible()
        {
            return All();
        }

        /// <summary>TLS_AES_128_CCM_8_SHA256 alone: the smallest records.</summary>
        public static CipherSuiteTable Constrained()
        {
            return new CipherSuiteTable().Add(Aes128Ccm8Sha256());
        }

        private static CipherSuite Make(int id, string name, int cipher, int tagLength, int hash)
        {
            return new CipherSuite(id, name, CipherSuite.Version13, cipher, tagLength, hash, new Exchange13(cipher, hash));
        }
    }
}
