using System;
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

    private static (byte[] Key, byte[] Signature) Sign(byte[] seed, byte[] message)
    {
        byte[] signature = new byte[64];
        BouncyEd25519.Sign(seed, 0, message, 0, message.Length, signature, 0);
        return (new Ed25519PrivateKeyParameters(seed).GeneratePublicKey().GetEncoded(), signature);
    }
}
