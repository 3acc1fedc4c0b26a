namespace NfDtls.Dtls13
{
    /// <summary>Which scheme signs a handshake of DTLS 1.3 (RFC 8446 section 4.2.3): an ECDSA scheme is of one curve, and RSA signs by PSS alone.</summary>
    internal static class Schemes13
    {
        private const int Pkcs1 = 1;
        private const int ByName = 8;

        internal static bool Allows(int scheme, int keyKind)
        {
            switch (keyKind)
            {
                case KeyKind.Secp256r1: return scheme == SignatureScheme.EcdsaSecp256r1Sha256;
                case KeyKind.Secp384r1: return scheme == SignatureScheme.EcdsaSecp384r1Sha384;
                case KeyKind.Secp521r1: return scheme == SignatureScheme.EcdsaSecp521r1Sha512;
                default: return scheme >> 8 == ByName || (scheme & 0xFF) != Pkcs1;
            }
        }
    }
}
