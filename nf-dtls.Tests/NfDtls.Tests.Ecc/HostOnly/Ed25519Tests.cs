using System;
using System.Linq;
using System.Numerics;
using Microsoft.VisualStudio.TestTools.UnitTesting;
using Org.BouncyCastle.Crypto.Parameters;
using BouncyEd25519 = Org.BouncyCastle.Math.EC.Rfc8032.Ed25519;

namespace NfDtls.Tests.Ecc;

/// <summary>Ed25519 against BouncyCastle, and at the edges of its encodings.</summary>
[TestClass]
public class Ed25519Tests
{
    private static readonly BigInteger Order = BigInteger.Pow(2, 252) + BigInteger.Parse("27742317777372353535851937790883648493");

    [TestMethod]
    public void Signatures_of_BouncyCastle_verify_for_messages_of_any_length()
    {
        CryptoProvider provider = Ecc.Software(1);
        Random random = new(7);
        for (int i = 0; i < 60; i++)
        {
            byte[] seed = new byte[32];
            random.NextBytes(seed);
            byte[] message = new byte[i * 11];
            random.NextBytes(message);
            (byte[] key, byte[] signature) = Sign(seed, message);
            Assert.IsTrue(Verify(provider, key, message, signature), "message of " + message.Length);
            signature[random.Next(64)] ^= (byte)(1 << random.Next(8));
            Assert.IsFalse(Verify(provider, key, message, signature), "changed signature");
        }
    }

    [TestMethod]
    [DataRow(true, DisplayName = "the public key told")]
    [DataRow(false, DisplayName = "the public key computed")]
    public void BouncyCastle_verifies_our_signatures_of_messages_of_any_length(bool knowsPublic)
    {
        CryptoProvider provider = Ecc.Software(1);
        Random random = new(8);
        for (int i = 0; i < 40; i++)
        {
            byte[] seed = new byte[32];
            random.NextBytes(seed);
            byte[] message = new byte[i < 20 ? i * 13 : 120 + i];
            random.NextBytes(message);
            byte[] expected = new Ed25519PrivateKeyParameters(seed).GeneratePublicKey().GetEncoded();
            StoredPrivateKey key = Key(seed, knowsPublic ? expected : null);
            byte[] signature = new byte[70];
            CryptoOperation signing = provider.Sign(SignatureScheme.Ed25519, key, [9, .. message], 1, message.Length, signature, 3);
            Assert.AreEqual(DtlsError.None, Ecc.Run(signing));
            Assert.AreEqual(64, signing.Length);
            Assert.IsTrue(BouncyEd25519.Verify(signature, 3, expected, 0, message, 0, message.Length), "message of " + message.Length);
            Assert.IsTrue(Verify(provider, expected, message, signature[3..67]));
        }
    }

    /// <summary>RFC 8032 section 7.1.</summary>
    [TestMethod]
    [DataRow("9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60", "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a")]
    [DataRow("4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb", "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c")]
    [DataRow("c5aa8df43f9f837bedb7442f31dcb7b166d38535076f094b85ce3a2e0b4458f7", "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025")]
    public void Public_keys_are_those_of_the_standard(string seed, string expected)
    {
        byte[] made = new byte[33];
        Assert.AreEqual(DtlsError.None, Ecc.Run(Ecc.Software(1).DerivePublic(Key(Convert.FromHexString(seed), null), made, 1)));
        Ecc.Equal(Convert.FromHexString("00" + expected), made, "public key");
    }

    [TestMethod]
    public void Two_signatures_of_one_message_differ_and_both_verify()
    {
        CryptoProvider provider = Ecc.Software(1);
        byte[] seed = [.. Enumerable.Range(0, 32).Select(i => (byte)i)];
        byte[] key = new Ed25519PrivateKeyParameters(seed).GeneratePublicKey().GetEncoded();
        byte[] one = new byte[64];
        byte[] two = new byte[64];
        Ecc.Run(provider.Sign(SignatureScheme.Ed25519, Key(seed, key), [1, 2, 3], 0, 3, one, 0));
        Ecc.Run(provider.Sign(SignatureScheme.Ed25519, Key(seed, key), [1, 2, 3], 0, 3, two, 0));
        CollectionAssert.AreNotEqual(one, two);
        Assert.IsTrue(Verify(provider, key, [1, 2, 3], one));
        Assert.IsTrue(Verify(provider, key, [1, 2, 3], two));
    }

    [TestMethod]
    public void A_seed_of_another_length_is_no_key()
    {
        foreach (int length in new[] { 0, 31, 33 })
        {
            Assert.AreEqual(DtlsError.InternalError, Ecc.Run(Ecc.Software(1).DerivePublic(Key(new byte[length], null), new byte[32], 0)));
            Assert.AreEqual(DtlsError.InternalError, Ecc.Run(Ecc.Software(1).Sign(SignatureScheme.Ed25519, Key(new byte[length], null), [1], 0, 1, new byte[64], 0)));
        }
    }

    [TestMethod]
    public void The_same_S_plus_the_order_is_refused()
    {
        (byte[] key, byte[] signature) = Sign(new byte[32], [1, 2, 3]);
        Assert.IsTrue(Verify(Ecc.Software(1), key, [1, 2, 3], signature));
        BigInteger s = new BigInteger(signature.AsSpan(32), true) + Order;
        Assert.IsTrue(s.TryWriteBytes(signature.AsSpan(32), out int count, true));
        Assert.AreEqual(32, count);
        Assert.IsFalse(Verify(Ecc.Software(1), key, [1, 2, 3], signature));
    }

    /// <summary>With S = 0 and R neutral, any point whose h-fold is neutral verifies: here the neutral point itself, in three encodings.</summary>
    [TestMethod]
    public void Only_the_canonical_encoding_of_a_point_is_one()
    {
        byte[] neutral = new byte[32];
        neutral[0] = 1;
        byte[] signature = [.. neutral, .. new byte[32]];
        Assert.IsTrue(Verify(Ecc.Software(1), neutral, [], signature), "canonical");

        byte[] negativeZero = [.. neutral];
        negativeZero[31] = 0x80;
        Assert.IsFalse(Verify(Ecc.Software(1), negativeZero, [], signature), "the sign of an x of 0");

        byte[] large = new byte[32];
        large.AsSpan().Fill(0xFF);
        large[0] = 0xEE;
        large[31] = 0x7F;
        Assert.IsFalse(Verify(Ecc.Software(1), large, [], signature), "y = p + 1");
        Assert.IsFalse(Verify(Ecc.Software(1), neutral, [], [.. large, .. new byte[32]]), "R with y = p + 1");
    }

    /// <summary>
    /// A public key A + T, T of order 2, signs correctly as far as the cofactor goes for every h; without it only for even ones.
    /// </summary>
    [TestMethod]
    public void The_check_is_the_one_without_the_cofactor()
    {
        // (0, -1) has order 2: [h]T is neutral for even h. R = neutral, S = 0, so [S]B - [h]T is neutral for even h alone.
        byte[] order2 = new byte[32];
        order2.AsSpan().Fill(0xFF);
        order2[0] = 0xEC;
        order2[31] = 0x7F;
        byte[] neutral = new byte[32];
        neutral[0] = 1;
        byte[] signature = [.. neutral, .. new byte[32]];
        int verified = 0;
        for (int i = 0; i < 40; i++)
        {
            byte[] message = [(byte)i];
            byte[] hash = System.Security.Cryptography.SHA512.HashData([.. neutral, .. order2, .. message]);
            bool isEven = (new BigInteger(hash, true) % Order).IsEven;
            Assert.AreEqual(isEven, Verify(Ecc.Software(1), order2, message, signature), "message " + i);
            verified += isEven ? 1 : 0;
        }

        Assert.IsTrue(verified > 0 && verified < 40);
    }

    [TestMethod]
    public void Keys_and_signatures_of_another_length_are_refused()
    {
        (byte[] key, byte[] signature) = Sign(new byte[32], [1]);
        Assert.IsFalse(Verify(Ecc.Software(1), key, [1], signature[..63]));
        Assert.IsFalse(Verify(Ecc.Software(1), key, [1], [.. signature, 0]));
        Assert.IsFalse(Verify(Ecc.Software(1), key[..31], [1], signature));
        Assert.IsFalse(Verify(Ecc.Software(1), [.. key, 0], [1], signature));
    }

    private static bool Verify(CryptoProvider provider, byte[] key, byte[] message, byte[] signature)
    {
        return Ecc.Verify(provider, SignatureScheme.Ed25519, KeyKind.Ed25519, key, message, signature);
    }

    private static StoredPrivateKey Key(byte[] seed, byte[]? known)
    {
        PublicKey? key = known == null ? null : new PublicKey();
        key?.Set(KeyKind.Ed25519, known!, 0, known!.Length);
        return new StoredPrivateKey(KeyKind.Ed25519, seed, 0, seed.Length, key!);
    }

    private static (byte[] Key, byte[] Signature) Sign(byte[] seed, byte[] message)
    {
        byte[] signature = new byte[64];
        BouncyEd25519.Sign(seed, 0, message, 0, message.Length, signature, 0);
        return (new Ed25519PrivateKeyParameters(seed).GeneratePublicKey().GetEncoded(), signature);
    }
}
