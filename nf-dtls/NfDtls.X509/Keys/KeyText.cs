namespace NfDtls.X509
{
    /// <summary>What to tell an application whose file is no private key that can be used, and what it can do.</summary>
    internal static class KeyText
    {
        /// <summary>Decrypts and converts, whatever the form of the key: for OpenSSL 1.1.1 and later.</summary>
        private const string Convert = "openssl pkcs8 -topk8 -nocrypt -in key.pem -out plain.pem";

        internal const string Encrypted = "The private key is encrypted; decrypt it before: " + Convert + " (add -inform DER where it is DER).";
        internal const string Malformed = "This is no private key in PKCS#1, SEC 1 or PKCS#8; " + Convert + " converts most others.";
        internal const string OtherAlgorithm = "This is no private key that signs handshakes here: it is of another algorithm than RSA, ECDSA and Ed25519.";
        internal const string PssAlone =
            "This is no private key that signs handshakes here: it is for RSASSA-PSS alone (RFC 4055 section 1.2); a plain RSA key makes such signatures as well.";
        internal const string OtherCurve = "This is no private key of secp256r1, secp384r1 or secp521r1: it is of another curve.";
        internal const string NoCurve = "This is no private key whose curve is known: the file names none, and must (RFC 5915 section 3).";
        internal const string ExplicitCurve =
            "The private key spells its curve out where it must name it (RFC 5480 section 2.1.1); openssl ec -in key.pem -param_enc named_curve -out named.pem names it.";
        internal const string ScalarRange = "This is no private key of its curve: its number is 0, or not below the curve's order.";
        internal const string BareRsa =
            "The RSA private key lacks its primes, their exponents or the coefficient (RFC 8017 appendix A.1.2), which signing takes; export it once more with all eight numbers.";
        internal const string ManyPrimes = "RSA private keys of more than two primes are not supported.";
        internal const string OpenSsh = "This is a private key in OpenSSH's own form; convert a copy of it: ssh-keygen -p -m PKCS8 -f key.";
        internal const string NoBlock = "The text has no block of a private key (PRIVATE KEY, RSA PRIVATE KEY or EC PRIVATE KEY).";
    }
}
