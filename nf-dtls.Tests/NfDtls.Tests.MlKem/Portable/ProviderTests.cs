using System;
using Microsoft.VisualStudio.TestTools.UnitTesting;
using NfDtls.Crypto.Software;

namespace NfDtls.Tests.MlKem;

/// <summary>What the provider has, what it refuses, and its place in a composite.</summary>
[TestClass]
public class ProviderTests
{
    private const int Numbers = 1152;

    [TestMethod]
    public void Both_ends_agree_over_a_composite()
    {
        CryptoProvider random = new GivenBytes(Kem.Pattern(Kem.SeedLength + 32, 13, 5));
        CryptoProvider composite = new CompositeProvider(new CryptoProvider[] { random, new SoftwareMlKemProvider(random) });
        Assert.IsTrue(composite.Supports(CryptoAlgorithm.Agree + NamedGroup.MlKem768));
        Assert.IsTrue(composite.Supports(CryptoAlgorithm.Agree + NamedGroup.MlKem768Encapsulation));

        // At offsets, with something before and behind.
        byte[] pair = new byte[Kem.SeedLength + Kem.KeyLength + 7];
        Kem.Succeed(composite.GenerateKey(NamedGroup.MlKem768, pair, 3, pair, 3 + Kem.SeedLength));
        byte[] answer = new byte[Kem.SecretLength + Kem.CipherLength + 9];
        Kem.Succeed(composite.Agree(NamedGroup.MlKem768Encapsulation, null!, 0, pair, 3 + Kem.SeedLength, Kem.KeyLength, answer, 4));
        byte[] secret = new byte[Kem.SecretLength + 2];
        Kem.Succeed(composite.Agree(NamedGroup.MlKem768, pair, 3, answer, 4 + Kem.SecretLength, Kem.CipherLength, secret, 1));
        Kem.Same(Kem.Part(answer, 4, Kem.SecretLength), Kem.Part(secret, 1, Kem.SecretLength));
        Assert.AreEqual(0, pair[2] | pair[pair.Length - 4] | answer[3] | answer[answer.Length - 5] | secret[0] | secret[secret.Length - 1]);
    }

    [TestMethod]
    public void A_number_of_a_key_must_be_below_3329_wherever_it_stands()
    {
        byte[] key = Kem.Key(Kem.Pattern(Kem.SeedLength, 3, 1));
        for (int i = 0; i < Numbers; i += 381)
        {
            byte[] wrong = Kem.Part(key, 0, key.Length);
            wrong[i] = 0x01;
            wrong[i + 1] = (byte)((wrong[i + 1] & 0xF0) | 0x0D);
            Refuse(NamedGroup.MlKem768Encapsulation, wrong);

            // One below it is a number.
            wrong[i] = 0x00;
            Kem.Encapsulate(Kem.Over(new byte[32]), wrong);
        }

        key[Numbers - 2] = (byte)((key[Numbers - 2] & 0x0F) | 0xF0);
        key[Numbers - 1] = 0xFF;
        Refuse(NamedGroup.MlKem768Encapsulation, key);
    }

    [TestMethod]
    public void Keys_and_ciphertexts_of_other_lengths_are_refused()
    {
        Refuse(NamedGroup.MlKem768Encapsulation, new byte[Kem.KeyLength - 1]);
        Refuse(NamedGroup.MlKem768Encapsulation, new byte[Kem.KeyLength + 1]);
        Refuse(NamedGroup.MlKem768Encapsulation, new byte[0]);
        Refuse(NamedGroup.MlKem768, new byte[Kem.CipherLength - 1]);
        Refuse(NamedGroup.MlKem768, new byte[Kem.CipherLength + 1]);
        Refuse(NamedGroup.MlKem768, new byte[0]);
    }

    [TestMethod]
    public void Without_random_bytes_it_says_so()
    {
        CryptoProvider provider = Kem.Over(new byte[31]);
        byte[] key = new byte[Kem.KeyLength];
        Assert.AreEqual((int)DtlsError.NoEntropy, (int)Kem.Run(provider.GenerateKey(NamedGroup.MlKem768, new byte[64], 0, key, 0)));
        Assert.AreEqual(
            (int)DtlsError.NoEntropy,
            (int)Kem.Run(provider.Agree(NamedGroup.MlKem768Encapsulation, null!, 0, key, 0, key.Length, new byte[Kem.SecretLength + Kem.CipherLength], 0)));
    }

    [TestMethod]
    public void It_has_this_alone()
    {
        CryptoProvider provider = Kem.Over(new byte[0]);
        Assert.IsFalse(provider.Supports(CryptoAlgorithm.Random));
        Assert.IsFalse(provider.Supports(CryptoAlgorithm.Agree + NamedGroup.X25519));
        Assert.IsFalse(provider.Supports(CryptoAlgorithm.Agree + NamedGroup.X25519MlKem768));
        bool isRefused = false;
        try
        {
            provider.GenerateKey(NamedGroup.X25519, new byte[32], 0, new byte[32], 0);
        }
        catch (NotSupportedException)
        {
            isRefused = true;
        }

        Assert.IsTrue(isRefused);
    }

    private static void Refuse(int group, byte[] peer)
    {
        byte[] answer = new byte[Kem.SecretLength + Kem.CipherLength];
        CryptoOperation operation = Kem.Over(new byte[32]).Agree(group, new byte[64], 0, peer, 0, peer.Length, answer, 0);
        Assert.AreEqual((int)DtlsError.IllegalParameter, (int)Kem.Run(operation));
        Kem.Same(new byte[answer.Length], answer);
    }
}
