using System;
using Microsoft.VisualStudio.TestTools.UnitTesting;

namespace NfDtls.Tests.Crypto;

/// <summary>What the native provider lacks.</summary>
[TestClass]
public class AbsentTests
{
    [TestMethod]
    public void What_is_absent_is_said_to_be_absent()
    {
        CryptoProvider provider = Providers.Native();
        Assert.IsFalse(provider.Supports(CryptoAlgorithm.SignWith(SignatureScheme.Ed25519, KeyKind.Ed25519)));
        Assert.IsFalse(provider.Supports(CryptoAlgorithm.VerifyWith(SignatureScheme.Ed25519, KeyKind.Ed25519)));
        Assert.IsFalse(provider.Supports(CryptoAlgorithm.VerifyWith(SignatureScheme.RsaPkcs1Sha1, KeyKind.Rsa)));
        Assert.IsFalse(provider.Supports(CryptoAlgorithm.VerifyWith(SignatureScheme.EcdsaSha1, KeyKind.Secp256r1)));
        Assert.IsFalse(provider.Supports(CryptoAlgorithm.VerifyWith(SignatureScheme.RsaPkcs1Sha256, KeyKind.Secp256r1)));
        Assert.IsTrue(provider.Supports(CryptoAlgorithm.VerifyWith(SignatureScheme.EcdsaSecp384r1Sha384, KeyKind.Secp256r1)));
        PublicKey key = Work.PublicKey(KeyKind.Ed25519, new byte[32]);
        Check.Throws(typeof(NotSupportedException), delegate { provider.Verify(SignatureScheme.Ed25519, key, new byte[3], 0, 3, new byte[64], 0, 64); }, "Ed25519");
    }
}
