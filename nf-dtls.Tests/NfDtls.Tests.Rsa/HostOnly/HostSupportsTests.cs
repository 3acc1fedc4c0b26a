using System;
using Microsoft.VisualStudio.TestTools.UnitTesting;
using NfDtls.Crypto.Host;

namespace NfDtls.Tests.Rsa;

/// <summary>Which keys and signatures the host provider has.</summary>
[TestClass]
public class HostSupportsTests
{
    private readonly HostProvider _host = new();

    [TestMethod]
    public void It_says_what_it_has_and_throws_for_the_rest()
    {
        int[] has =
        [
            CryptoAlgorithm.Agree + NamedGroup.Secp256r1, CryptoAlgorithm.Agree + NamedGroup.Secp384r1, CryptoAlgorithm.RsaEncrypt,
            CryptoAlgorithm.Agree + NamedGroup.Secp521r1, CryptoAlgorithm.DerivePublic + KeyKind.Secp521r1,
            CryptoAlgorithm.SignWith(SignatureScheme.EcdsaSecp521r1Sha512, KeyKind.Secp521r1),
            CryptoAlgorithm.SignWith(SignatureScheme.EcdsaSecp256r1Sha256, KeyKind.Secp384r1),
            CryptoAlgorithm.VerifyWith(SignatureScheme.EcdsaSecp384r1Sha384, KeyKind.Secp256r1),
            CryptoAlgorithm.VerifyWith(SignatureScheme.RsaPkcs1Sha512, KeyKind.Rsa),
            CryptoAlgorithm.SignWith(SignatureScheme.RsaPssRsaeSha256, KeyKind.Rsa),
        ];
        int[] lacks =
        [
            CryptoAlgorithm.RsaDecrypt, CryptoAlgorithm.Agree + NamedGroup.X25519, CryptoAlgorithm.Agree,
            CryptoAlgorithm.SignWith(SignatureScheme.EcdsaSecp256r1Sha256, KeyKind.Rsa),
            CryptoAlgorithm.VerifyWith(SignatureScheme.EcdsaSha1, KeyKind.Secp256r1),
            CryptoAlgorithm.VerifyWith(SignatureScheme.RsaPkcs1Sha1, KeyKind.Rsa),
            CryptoAlgorithm.VerifyWith(SignatureScheme.RsaPkcs1Sha256, KeyKind.Secp256r1),
            CryptoAlgorithm.DerivePublic + KeyKind.Rsa, CryptoAlgorithm.DerivePublic + KeyKind.Ed25519,
            CryptoAlgorithm.VerifyWith(SignatureScheme.Ed25519, KeyKind.Ed25519), CryptoAlgorithm.VerifyWith(0, KeyKind.Rsa),
        ];
        foreach (int algorithm in has)
        {
            Assert.IsTrue(_host.Supports(algorithm), algorithm.ToString("X"));
        }

        foreach (int algorithm in lacks)
        {
            Assert.IsFalse(_host.Supports(algorithm), algorithm.ToString("X"));
        }

        Assert.ThrowsExactly<NotSupportedException>(() => _host.Agree(NamedGroup.X25519, new byte[32], 0, new byte[32], 0, 32, new byte[32], 0));
        Assert.ThrowsExactly<NotSupportedException>(() => _host.GenerateKey(NamedGroup.X25519, new byte[32], 0, new byte[32], 0));
    }
}
