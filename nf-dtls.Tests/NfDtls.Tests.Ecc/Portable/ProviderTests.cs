using Microsoft.VisualStudio.TestTools.UnitTesting;
using NfDtls.Crypto.Software;

namespace NfDtls.Tests.Ecc;

/// <summary>What the provider says that it can do, it can, and nothing else.</summary>
[TestClass]
public class ProviderTests
{
    private static readonly int[] AllGroups = new int[] { NamedGroup.Secp256r1, NamedGroup.Secp384r1, NamedGroup.X25519 };

    [TestMethod]
    public void It_supports_its_own_algorithms_alone()
    {
        SoftwareEccProvider provider = new SoftwareEccProvider(new SoftwareProvider(new FixedEntropy(1)));
        for (int i = 0; i < AllGroups.Length; i++)
        {
            Assert.IsTrue(provider.Supports(CryptoAlgorithm.Agree + AllGroups[i]), "group " + AllGroups[i]);
        }

        for (int kind = KeyKind.Rsa; kind <= KeyKind.Secp521r1; kind++)
        {
            bool isCurve = kind == KeyKind.Secp256r1 || kind == KeyKind.Secp384r1;
            Assert.AreEqual(isCurve, provider.Supports(CryptoAlgorithm.SignWith(SignatureScheme.EcdsaSecp256r1Sha256, kind)), "sign " + kind);
            Assert.AreEqual(isCurve, provider.Supports(CryptoAlgorithm.VerifyWith(SignatureScheme.EcdsaSecp256r1Sha256, kind)), "verify " + kind);
            Assert.AreEqual(isCurve, provider.Supports(CryptoAlgorithm.SignWith(SignatureScheme.EcdsaSecp384r1Sha384, kind)), "sign 384 " + kind);
            Assert.AreEqual(isCurve, provider.Supports(CryptoAlgorithm.VerifyWith(SignatureScheme.EcdsaSecp384r1Sha384, kind)), "verify 384 " + kind);
            Assert.AreEqual(kind == KeyKind.Ed25519, provider.Supports(CryptoAlgorithm.VerifyWith(SignatureScheme.Ed25519, kind)), "Ed25519 " + kind);
            Assert.AreEqual(isCurve, provider.Supports(CryptoAlgorithm.SignWith(SignatureScheme.EcdsaSecp521r1Sha512, kind)), "sign 512 " + kind);
            Assert.AreEqual(isCurve, provider.Supports(CryptoAlgorithm.VerifyWith(SignatureScheme.EcdsaSecp521r1Sha512, kind)), "verify 512 " + kind);
            Assert.AreEqual(kind == KeyKind.Ed25519, provider.Supports(CryptoAlgorithm.SignWith(SignatureScheme.Ed25519, kind)), "sign Ed25519 " + kind);
            Assert.AreEqual(isCurve || kind == KeyKind.Ed25519, provider.Supports(CryptoAlgorithm.DerivePublic + kind), "public key " + kind);
            Assert.IsFalse(provider.Supports(CryptoAlgorithm.VerifyWith(SignatureScheme.EcdsaSha1, kind)), "SHA-1 " + kind);
            Assert.IsFalse(provider.Supports(CryptoAlgorithm.VerifyWith(SignatureScheme.RsaPkcs1Sha256, kind)), "RSA " + kind);
        }

        Assert.IsFalse(provider.Supports(CryptoAlgorithm.Sha256));
        Assert.IsFalse(provider.Supports(CryptoAlgorithm.Random));
        Assert.IsFalse(provider.Supports(CryptoAlgorithm.Agree + 25));
    }

    [TestMethod]
    public void Many_operations_may_be_pending_on_one_provider()
    {
        CryptoProvider provider = Ecc.Software(1);
        int count = 9;
        CryptoOperation[] operations = new CryptoOperation[count];
        byte[][] privateKeys = new byte[count][];
        byte[][] publicKeys = new byte[count][];
        for (int i = 0; i < count; i++)
        {
            int group = AllGroups[i % 3];
            privateKeys[i] = new byte[NamedGroup.SecretLength(group)];
            publicKeys[i] = new byte[NamedGroup.PublicKeyLength(group)];
            operations[i] = provider.GenerateKey(group, privateKeys[i], 0, publicKeys[i], 0);
        }

        int ended = 0;
        while (ended < count)
        {
            ended = 0;
            for (int i = 0; i < count; i++)
            {
                ended += operations[i].Step(1) ? 1 : 0;
            }
        }

        for (int i = 0; i < 3; i++)
        {
            byte[]? one = Ecc.Agree(provider, AllGroups[i], privateKeys[i], publicKeys[i + 3]);
            byte[]? other = Ecc.Agree(provider, AllGroups[i], privateKeys[i + 3], publicKeys[i]);
            Ecc.Equal(one!, other!, "group " + AllGroups[i]);
        }
    }

    [TestMethod]
    public void Two_signatures_of_the_same_have_different_nonces()
    {
        CryptoProvider provider = Ecc.Software(1);
        byte[] one = Ecc.Sign(provider, SignatureScheme.EcdsaSecp256r1Sha256, KeyKind.Secp256r1, new byte[] { 7 }, new byte[32]);
        byte[] other = Ecc.Sign(provider, SignatureScheme.EcdsaSecp256r1Sha256, KeyKind.Secp256r1, new byte[] { 7 }, new byte[32]);
        bool isSame = true;
        for (int i = 6; i < 30; i++)
        {
            isSame = isSame && one[i] == other[i];
        }

        Assert.IsFalse(isSame);
    }

    /// <summary>The generator repeats itself here, as one that is broken might: the nonce differs all the same, by key and by hash.</summary>
    [TestMethod]
    public void A_broken_generator_gives_different_nonces_for_different_hashes()
    {
        byte[] hash = new byte[32];
        byte[] one = Ecc.Sign(Ecc.Software(1), SignatureScheme.EcdsaSecp256r1Sha256, KeyKind.Secp256r1, new byte[] { 7 }, hash);
        byte[] again = Ecc.Sign(Ecc.Software(1), SignatureScheme.EcdsaSecp256r1Sha256, KeyKind.Secp256r1, new byte[] { 7 }, hash);
        Ecc.Equal(one, again, "the generator repeats itself");
        hash[31] = 1;
        byte[] other = Ecc.Sign(Ecc.Software(1), SignatureScheme.EcdsaSecp256r1Sha256, KeyKind.Secp256r1, new byte[] { 7 }, hash);
        bool isSame = true;
        for (int i = 6; i < 30; i++)
        {
            isSame = isSame && one[i] == other[i];
        }

        Assert.IsFalse(isSame);
    }
}
