using System;
using Microsoft.VisualStudio.TestTools.UnitTesting;
using NfDtls.Crypto.Host;
using NfDtls.Crypto.Native;
using NfDtls.Crypto.Software;
using Org.BouncyCastle.Crypto.Kems;
using Org.BouncyCastle.Crypto.Parameters;
using Org.BouncyCastle.Security;

namespace NfDtls.Tests.Crypto;

/// <summary>ML-KEM-768 of the native provider, and of .NET where it has it, against BouncyCastle's.</summary>
[TestClass]
public class EncapsulationTests
{
    private const int SeedLength = NamedGroup.MlKem768PrivateLength;
    private const int KeyLength = NamedGroup.MlKem768PublicLength;
    private const int SecretLength = NamedGroup.MlKem768SecretLength;
    private const int CipherLength = NamedGroup.MlKem768CipherLength;

    [TestMethod]
    public void Both_ends_of_an_encapsulation_agree_and_no_two_are_equal()
    {
        foreach (CryptoProvider provider in Those())
        {
            byte[] last = [];
            for (int round = 0; round < 20; round++)
            {
                byte[] pair = Generate(provider);
                byte[] answer = Encapsulate(provider, pair.AsSpan(SeedLength).ToArray());
                CollectionAssert.AreEqual(answer[..SecretLength], Decapsulate(provider, pair, answer[SecretLength..]), "round " + round);
                CollectionAssert.AreNotEqual(last, answer);
                last = answer;
            }
        }
    }

    [TestMethod]
    public void What_BouncyCastle_encapsulates_is_decapsulated_here_and_the_other_way_round()
    {
        foreach (CryptoProvider provider in Those())
        {
            for (int round = 0; round < 20; round++)
            {
                byte[] pair = Generate(provider);
                MLKemPrivateKeyParameters theirs = MLKemPrivateKeyParameters.FromSeed(MLKemParameters.ml_kem_768, pair[..SeedLength]);
                CollectionAssert.AreEqual(pair[SeedLength..], theirs.GetPublicKeyEncoded(), "round " + round);

                MLKemEncapsulator encapsulator = new(MLKemParameters.ml_kem_768);
                encapsulator.Init(new ParametersWithRandom(theirs.GetPublicKey(), new SecureRandom()));
                byte[] cipher = new byte[CipherLength];
                byte[] secret = new byte[SecretLength];
                encapsulator.Encapsulate(cipher, 0, CipherLength, secret, 0, SecretLength);
                CollectionAssert.AreEqual(secret, Decapsulate(provider, pair, cipher), "round " + round);

                byte[] answer = Encapsulate(provider, pair[SeedLength..]);
                CollectionAssert.AreEqual(answer[..SecretLength], Decapsulate(theirs, answer[SecretLength..]), "round " + round);

                // Neither fails for a ciphertext that is wrong, and both say the same.
                cipher[(round * 53) % CipherLength] ^= (byte)(1 << (round % 8));
                byte[] rejected = Decapsulate(provider, pair, cipher);
                CollectionAssert.AreEqual(Decapsulate(theirs, cipher), rejected, "round " + round);
                CollectionAssert.AreNotEqual(secret, rejected);
            }
        }
    }

    [TestMethod]
    public void A_key_with_a_number_that_is_too_large_and_wrong_lengths_are_refused()
    {
        foreach (CryptoProvider provider in Those())
        {
            byte[] pair = Generate(provider);
            byte[] key = pair[SeedLength..];
            byte[] cipher = new byte[CipherLength];
            for (int i = 0; i < 1152; i += 192)
            {
                byte[] wrong = (byte[])key.Clone();
                wrong[i] = 0x01;
                wrong[i + 1] = (byte)((wrong[i + 1] & 0xF0) | 0x0D);
                Refuse(provider, NamedGroup.MlKem768Encapsulation, null, wrong);
            }

            Refuse(provider, NamedGroup.MlKem768Encapsulation, null, key[..^1]);
            Refuse(provider, NamedGroup.MlKem768Encapsulation, null, [.. key, 0]);
            Refuse(provider, NamedGroup.MlKem768Encapsulation, null, []);
            Refuse(provider, NamedGroup.MlKem768, pair, cipher[..^1]);
            Refuse(provider, NamedGroup.MlKem768, pair, [.. cipher, 0]);
            Refuse(provider, NamedGroup.MlKem768, pair, []);
        }
    }

    [TestMethod]
    public void A_composite_goes_to_the_first_provider_that_has_it()
    {
        CryptoProvider composite = new CompositeProvider([Providers.Software(), Providers.Native()]);
        Assert.IsTrue(composite.Supports(CryptoAlgorithm.Agree + NamedGroup.MlKem768));
        Assert.IsTrue(composite.Supports(CryptoAlgorithm.Agree + NamedGroup.MlKem768Encapsulation));
        byte[] pair = Generate(composite);
        byte[] answer = Encapsulate(composite, pair[SeedLength..]);
        CollectionAssert.AreEqual(answer[..SecretLength], Decapsulate(composite, pair, answer[SecretLength..]));
    }

    [TestMethod]
    public void A_provider_without_it_says_so()
    {
        SoftwareProvider software = Providers.Software();
        Assert.IsFalse(software.Supports(CryptoAlgorithm.Agree + NamedGroup.MlKem768));
        Assert.IsFalse(Providers.Native().Supports(CryptoAlgorithm.Agree + NamedGroup.X25519MlKem768), "two providers may have its halves: none has it whole");
        Check.Throws(typeof(NotSupportedException), delegate { software.GenerateKey(NamedGroup.MlKem768, new byte[64], 0, new byte[1184], 0); }, "generate");
        Check.Throws(typeof(NotSupportedException), delegate { software.Agree(NamedGroup.MlKem768Encapsulation, null, 0, new byte[1184], 0, 1184, new byte[1120], 0); }, "encapsulate");
    }

    private static CryptoProvider[] Those()
    {
        HostProvider host = new();
        return host.Supports(CryptoAlgorithm.Agree + NamedGroup.MlKem768) ? [Providers.Native(), host] : [Providers.Native()];
    }

    /// <summary>A seed, and behind it the public key.</summary>
    private static byte[] Generate(CryptoProvider provider)
    {
        byte[] pair = new byte[SeedLength + KeyLength];
        Work.Succeed(provider.GenerateKey(NamedGroup.MlKem768, pair, 0, pair, SeedLength), "a key pair");
        return pair;
    }

    /// <summary>A secret, and behind it the ciphertext.</summary>
    private static byte[] Encapsulate(CryptoProvider provider, byte[] key)
    {
        byte[] answer = new byte[SecretLength + CipherLength];
        Work.Succeed(provider.Agree(NamedGroup.MlKem768Encapsulation, null, 0, key, 0, key.Length, answer, 0), "an encapsulation");
        return answer;
    }

    private static byte[] Decapsulate(CryptoProvider provider, byte[] pair, byte[] cipher)
    {
        byte[] secret = new byte[SecretLength];
        Work.Succeed(provider.Agree(NamedGroup.MlKem768, pair, 0, cipher, 0, cipher.Length, secret, 0), "a decapsulation");
        return secret;
    }

    private static byte[] Decapsulate(MLKemPrivateKeyParameters key, byte[] cipher)
    {
        MLKemDecapsulator decapsulator = new(MLKemParameters.ml_kem_768);
        decapsulator.Init(key);
        byte[] secret = new byte[SecretLength];
        decapsulator.Decapsulate(cipher, 0, cipher.Length, secret, 0, SecretLength);
        return secret;
    }

    private static void Refuse(CryptoProvider provider, int group, byte[]? own, byte[] peer)
    {
        byte[] answer = new byte[SecretLength + CipherLength];
        Assert.AreEqual(DtlsError.IllegalParameter, Work.Run(provider.Agree(group, own, 0, peer, 0, peer.Length, answer, 0)));
        Assert.IsTrue(Check.IsZero(answer, 0, answer.Length), "something was written");
    }
}
