namespace NfDtls.Tests.Ca;

/// <summary>Kinds of keys that the test authority makes.</summary>
public enum CaKeyKind
{
    P256,
    P384,
    Rsa2048,
    Rsa4096,
    Ed25519,
    X25519,
    /// <summary>Too weak: for certificates that must be refused.</summary>
    Rsa1024,
    P521,
    /// <summary>A curve that NfDtls does not know.</summary>
    Secp256k1,
}
