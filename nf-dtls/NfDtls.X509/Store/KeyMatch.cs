namespace NfDtls.X509
{
    /// <summary>Whether a private key belongs to a certificate's public key.</summary>
    internal static class KeyMatch
    {
        private const int Budget = 1000;

        /// <summary>
        /// By its public part where that is known. Else a stored key is tried: the product of an elliptic curve's scalar and the
        /// base point must be the certificate's point, or a signature must verify. What the provider cannot do, and what lies
        /// outside, in the application's object, is believed.
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

            int group = GroupOf(key.Kind);
            if (group != 0 && crypto.Supports(CryptoAlgorithm.Agree + group))
            {
                return HasPoint(crypto, group, certified, stored);
            }

            return Signs(crypto, certified, stored);
        }

        private static int GroupOf(int kind)
        {
            switch (kind)
            {
                case KeyKind.Secp256r1: return NamedGroup.Secp256r1;
                case KeyKind.Secp384r1: return NamedGroup.Secp384r1;
                default: return 0;
            }
        }

        private static bool HasPoint(CryptoProvider crypto, int group, PublicKey certified, StoredPrivateKey key)
        {
            int size = NamedGroup.SecretLength(group);
            if (key.CountOf(StoredPrivateKey.Scalar) != size)
            {
                return false;
            }

            byte[] point = BasePoint(group);
            byte[] x = new byte[size];
            CryptoOperation operation = crypto.Agree(
                group, key.Buffer, key.OffsetOf(StoredPrivateKey.Scalar), point, 0, point.Length, x, 0);
            return Finish(operation) && ConstantTime.AreEqual(x, 0, certified.Buffer, certified.Offset + 1, size);
        }

        private static bool Signs(CryptoProvider crypto, PublicKey certified, StoredPrivateKey key)
        {
            int scheme = SchemeOf(key.Kind);
            if (!key.CanSign(crypto, scheme) || !crypto.Supports(CryptoAlgorithm.VerifyWith(scheme, key.Kind)))
            {
                return true;
            }

            byte[] message = new byte[scheme == SignatureScheme.EcdsaSecp384r1Sha384 ? 48 : 32];
            byte[] signature = new byte[certified.MaxSignatureLength];
            CryptoOperation signing = key.Sign(crypto, scheme, message, 0, message.Length, signature, 0);
            return Finish(signing)
                && Finish(crypto.Verify(scheme, certified, message, 0, message.Length, signature, 0, signing.Length));
        }

        private static int SchemeOf(int kind)
        {
            switch (kind)
            {
                case KeyKind.Secp256r1: return SignatureScheme.EcdsaSecp256r1Sha256;
                case KeyKind.Secp384r1: return SignatureScheme.EcdsaSecp384r1Sha384;
                default: return SignatureScheme.Ed25519;
            }
        }

        private static bool Finish(CryptoOperation operation)
        {
            while (!operation.Step(Budget))
            {
            }

            return operation.Error == DtlsError.None;
        }

        /// <summary>The base point G (SEC 2 sections 2.4.2 and 2.5.1), uncompressed.</summary>
        private static byte[] BasePoint(int group)
        {
            return Hex(group == NamedGroup.Secp256r1
                ? "046B17D1F2E12C4247F8BCE6E563A440F277037D812DEB33A0F4A13945D898C2964FE342E2FE1A7F9B8EE7EB4A7C0F9E162BCE33576B315ECECBB6406837BF51F5"
                : "04AA87CA22BE8B05378EB1C71EF320AD746E1D3B628BA79B9859F741E082542A385502F25DBF55296C3A545E3872760AB7"
                    + "3617DE4A96262C6F5D9E98BF9292DC29F8F41DBD289A147CE9DA3113B5F0B8C00A60B1CE1D7E819D7A431D7C90EA0E5F");
        }

        private static byte[] Hex(string text)
        {
            byte[] bytes = new byte[text.Length / 2];
            for (int i = 0; i < text.Length; i++)
            {
                int digit = text[i] - '0';
                bytes[i / 2] = (byte)((bytes[i / 2] << 4) | (digit > 9 ? digit - 7 : digit));
            }

            return bytes;
        }
    }
}
