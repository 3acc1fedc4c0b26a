namespace NfDtls.X509
{
    /// <summary>Whether a private key belongs to a certificate's public key.</summary>
    internal static class KeyMatch
    {
        /// <summary>
        /// By its public part where that is known. Else a stored key's is computed, or a signature of it must verify. What the
        /// provider cannot do, and what lies outside, in the application's object, is believed.
        /// </summary>
        internal static bool IsOf(CryptoProvider crypto, PublicKey certified, PrivateKey key)
        {
            if (key.Kind != certified.Kind)
            {
                return false;
            }

            if (key.Public != null)
            {
                return key.Public.Matches(certified);
            }

            StoredPrivateKey stored = key as StoredPrivateKey;
            if (stored == null)
            {
                return true;
            }

            PublicKey computed = PublicPart.Of(crypto, stored);
            return computed != null ? computed.Matches(certified) : Signs(crypto, certified, stored);
        }

        private static bool Signs(CryptoProvider crypto, PublicKey certified, StoredPrivateKey key)
        {
            int scheme = SchemeOf(key.Kind);
            if (!key.CanSign(crypto, scheme) || !crypto.Supports(CryptoAlgorithm.VerifyWith(scheme, key.Kind)))
            {
                return true;
            }

            byte[] message = new byte[scheme == SignatureScheme.Ed25519 ? 32 : CryptoAlgorithm.HashSize(SignatureScheme.HashOf(scheme))];
            byte[] signature = new byte[certified.MaxSignatureLength];
            CryptoOperation signing = key.Sign(crypto, scheme, message, 0, message.Length, signature, 0);
            return PublicPart.Finish(signing)
                && PublicPart.Finish(crypto.Verify(scheme, certified, message, 0, message.Length, signature, 0, signing.Length));
        }

        private static int SchemeOf(int kind)
        {
            switch (kind)
            {
                case KeyKind.Secp256r1: return SignatureScheme.EcdsaSecp256r1Sha256;
                case KeyKind.Secp384r1: return SignatureScheme.EcdsaSecp384r1Sha384;
                case KeyKind.Secp521r1: return SignatureScheme.EcdsaSecp521r1Sha512;
                default: return SignatureScheme.Ed25519;
            }
        }
    }
}
