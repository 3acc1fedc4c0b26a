using System;
using System.Security.Cryptography;
using Microsoft.VisualStudio.TestTools.UnitTesting;

namespace NfDtls.Tests.Crypto;

/// <summary>RSA encryption, and decryption that never says what was wrong.</summary>
[TestClass]
public class RsaKeyExchangeTests
{
    [TestMethod]
    public void What_is_encrypted_here_NET_decrypts_and_the_other_way_round()
    {
        CryptoProvider provider = Providers.Tested();
        using RSA dotnet = RSA.Create(2048);
        StoredPrivateKey key = Work.PrivateKey(dotnet);
        byte[] secret = Check.Pattern(48, 1);
        byte[] cipher = new byte[256];
        for (int round = 0; round < 20; round++)
        {
            Work.Succeed(provider.RsaEncrypt(key.Public, secret, 0, 48, cipher, 0), "encrypted");
            Check.Equal(secret, dotnet.Decrypt(cipher, RSAEncryptionPadding.Pkcs1), "NET");
            byte[] back = new byte[48];
            byte[] theirs = dotnet.Encrypt(secret, RSAEncryptionPadding.Pkcs1);
            Work.Succeed(provider.RsaDecrypt(key, theirs, 0, 256, back, 0, 48), "decrypted");
            Check.Equal(secret, back, "native");
        }
    }

    [TestMethod]
    public void Another_length_than_was_wanted_gives_random_bytes()
    {
        CryptoProvider provider = Providers.Tested();
        using RSA dotnet = RSA.Create(1024);
        StoredPrivateKey key = Work.PrivateKey(dotnet);
        foreach (int length in new[] { 0, 1, 47, 49, 117 })
        {
            byte[] cipher = dotnet.Encrypt(Check.Pattern(length, 1), RSAEncryptionPadding.Pkcs1);
            VerifyRandom(provider, key, cipher, "length " + length);
        }
    }

    [TestMethod]
    public void A_ciphertext_that_cannot_be_one_gives_random_bytes()
    {
        CryptoProvider provider = Providers.Tested();
        using RSA dotnet = RSA.Create(1024);
        StoredPrivateKey key = Work.PrivateKey(dotnet);
        byte[] modulus = dotnet.ExportParameters(false).Modulus!;
        byte[] ones = new byte[128];
        Array.Fill(ones, (byte)0xFF);
        foreach (byte[] cipher in new byte[][] { [], new byte[127], new byte[129], modulus, ones, new byte[128], dotnet.Encrypt(new byte[48], RSAEncryptionPadding.OaepSHA1) })
        {
            VerifyRandom(provider, key, cipher, "ciphertext of " + cipher.Length);
        }
    }

    /// <summary>A padding built by hand, with each of its bytes wrong in turn.</summary>
    [TestMethod]
    public void Every_byte_of_the_padding_counts()
    {
        CryptoProvider provider = Providers.Tested();
        using RSA dotnet = RSA.Create(1024);
        RSAParameters parameters = dotnet.ExportParameters(true);
        StoredPrivateKey key = Work.PrivateKey(dotnet);
        for (int wrong = -1; wrong < 80; wrong++)
        {
            byte[] block = new byte[128];
            block[1] = 2;
            Array.Fill(block, (byte)0x5A, 2, 77);
            Check.Pattern(48, 1).CopyTo(block, 80);
            if (wrong is 0 or 1 or 79)
            {
                block[wrong] ^= 1;
            }
            else if (wrong >= 0)
            {
                block[wrong] = 0;
            }

            System.Numerics.BigInteger cipher = System.Numerics.BigInteger.ModPow(
                new(block, true, true), new(parameters.Exponent, true, true), new(parameters.Modulus, true, true));
            byte[] bytes = new byte[128];
            byte[] shorter = cipher.ToByteArray(true, true);
            shorter.CopyTo(bytes, 128 - shorter.Length);
            if (wrong < 0)
            {
                byte[] result = new byte[48];
                Work.Succeed(provider.RsaDecrypt(key, bytes, 0, 128, result, 0, 48), "good");
                Check.Equal(Check.Pattern(48, 1), result, "good");
            }
            else
            {
                VerifyRandom(provider, key, bytes, "byte " + wrong);
            }
        }
    }

    [TestMethod]
    public void A_text_that_is_too_long_for_the_key_is_refused()
    {
        CryptoProvider provider = Providers.Tested();
        using RSA dotnet = RSA.Create(1024);
        StoredPrivateKey key = Work.PrivateKey(dotnet);
        Work.Succeed(provider.RsaEncrypt(key.Public, new byte[117], 0, 117, new byte[128], 0), "longest");
        Assert.AreEqual(DtlsError.IllegalParameter, Work.Run(provider.RsaEncrypt(key.Public, new byte[118], 0, 118, new byte[128], 0)));
    }

    private static void VerifyRandom(CryptoProvider provider, StoredPrivateKey key, byte[] cipher, string what)
    {
        byte[] first = new byte[50];
        byte[] second = new byte[50];
        Work.Succeed(provider.RsaDecrypt(key, cipher, 0, cipher.Length, first, 1, 48), what);
        Work.Succeed(provider.RsaDecrypt(key, cipher, 0, cipher.Length, second, 1, 48), what);
        Assert.IsFalse(first.AsSpan().SequenceEqual(second), what);
        Assert.IsFalse(Check.IsZero(first, 1, 48), what);
        Assert.AreEqual(0, first[0] | first[49], what + ": more than 48 bytes");
    }
}
