using System;

namespace NfDtls.X509
{
    /// <summary>
    /// Reads private keys: PKCS#1 (RFC 8017), SEC 1 (RFC 5915) and PKCS#8 (RFC 5958, RFC 8410) of RSA, P-256, P-384, P-521 and Ed25519,
    /// in DER or PEM. Keys in DER are used in place: the array must stay as it is while the key is used, and to wipe it
    /// afterwards is the application's business. PEM is decoded once, into an array that <see cref="StoredPrivateKey.Buffer"/> gives.
    /// </summary>
    public static class PrivateKeyReader
    {
        /// <summary>Reads a key from an array that holds nothing else, in DER, or from PEM text as bytes.</summary>
        /// <exception cref="ArgumentException">It is no private key, or one of a kind or form that is not supported; the message says what to do.</exception>
        public static StoredPrivateKey Read(byte[] derOrPem)
        {
            if (derOrPem == null)
            {
                throw new ArgumentNullException("derOrPem");
            }

            return Pem.IsText(derOrPem) ? ReadPem(derOrPem) : ReadDer(derOrPem);
        }

        /// <summary>Reads the first private key of PEM text; what else stands there (parameters, certificates) is passed over.</summary>
        /// <exception cref="ArgumentException">There is none, or one of a kind or form that is not supported; the message says what to do.</exception>
        public static StoredPrivateKey Read(string pem)
        {
            byte[] text = Pem.BytesOf(pem);
            try
            {
                return ReadPem(text);
            }
            finally
            {
                Array.Clear(text, 0, text.Length);
            }
        }

        /// <summary>
        /// The key with its public part: itself where the file told it, else one over the same buffer whose public part the provider
        /// computed, or itself where the provider cannot. A raw public key needs it; a certificate has its own.
        /// </summary>
        /// <param name="key">A key that was read.</param>
        /// <param name="crypto">Computes; must not be at work for an engine on another thread.</param>
        /// <exception cref="ArgumentException">The private number is none of its curve.</exception>
        public static StoredPrivateKey WithPublicPart(StoredPrivateKey key, CryptoProvider crypto)
        {
            PublicKey computed = key.Public == null ? PublicPart.Of(crypto, key) : null;
            if (computed == null)
            {
                return key;
            }

            if (computed.Kind == 0)
            {
                throw new ArgumentException(KeyText.ScalarRange, "key");
            }

            return new StoredPrivateKey(
                key.Kind, key.Buffer, key.OffsetOf(StoredPrivateKey.Scalar), key.CountOf(StoredPrivateKey.Scalar), computed);
        }

        private static StoredPrivateKey ReadPem(byte[] text)
        {
            Pem pem = new Pem(text);
            while (pem.Next())
            {
                bool isPlain = pem.Is("RSA PRIVATE KEY") || pem.Is("EC PRIVATE KEY");
                if (pem.Is("ENCRYPTED PRIVATE KEY") || (isPlain && pem.IsEncrypted()))
                {
                    throw new ArgumentException(KeyText.Encrypted);
                }

                if (pem.Is("OPENSSH PRIVATE KEY"))
                {
                    throw new ArgumentException(KeyText.OpenSsh);
                }

                if (isPlain || pem.Is("PRIVATE KEY"))
                {
                    return ReadDecoded(pem.Decode());
                }
            }

            throw new ArgumentException(KeyText.NoBlock);
        }

        /// <summary>Reads an array that nobody else has: where it is no key of ours, it is still a secret.</summary>
        private static StoredPrivateKey ReadDecoded(byte[] der)
        {
            bool isRead = false;
            try
            {
                StoredPrivateKey key = ReadDer(der);
                isRead = true;
                return key;
            }
            finally
            {
                if (!isRead)
                {
                    Array.Clear(der, 0, der.Length);
                }
            }
        }

        private static StoredPrivateKey ReadDer(byte[] der)
        {
            if (ForeignFile.IsPkcs12(der, 0, der.Length))
            {
                throw new ArgumentException(ForeignFile.Pkcs12);
            }

            return KeyFile.Read(der);
        }
    }
}
