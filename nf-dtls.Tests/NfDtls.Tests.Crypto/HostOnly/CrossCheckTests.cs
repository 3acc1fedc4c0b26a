using System;
using System.Security.Cryptography;
using Microsoft.VisualStudio.TestTools.UnitTesting;
using NfDtls.Crypto.Host;
using NfDtls.Crypto.Software;

namespace NfDtls.Tests.Crypto;

/// <summary>The providers against each other and against .NET, with random inputs that are the same in each run.</summary>
[TestClass]
public class CrossCheckTests
{
    private const int Rounds = 500;

    [TestMethod]
    public void Providers_make_the_same_AEAD_records_and_open_each_others()
    {
        Random random = new(1);
        CryptoProvider[] providers = Providers.All();
        for (int round = 0; round < Rounds; round++)
        {
            int a = random.Next(AeadTests.Algorithms.Length);
            byte[] key = Draw(random, 32);
            byte[] nonce = Draw(random, 12);
            byte[] aad = Draw(random, random.Next(10) == 0 ? random.Next(5000) : random.Next(60));
            byte[] plain = Draw(random, random.Next(10) == 0 ? random.Next(17000) : random.Next(300));
            byte[]? first = null;
            for (int p = 0; p < providers.Length; p++)
            {
                AeadContext context = providers[p].CreateAead(AeadTests.Algorithms[a], key, 0, AeadTests.TagLengths[a]);
                byte[] record = new byte[plain.Length + context.TagLength];
                plain.CopyTo(record, 0);
                context.Seal(nonce, 0, aad, 0, aad.Length, record, 0, plain.Length);
                first ??= record;
                Check.Equal(first, record, Providers.Names[p] + " round " + round);
            }

            for (int p = 0; p < providers.Length; p++)
            {
                AeadContext context = providers[p].CreateAead(AeadTests.Algorithms[a], key, 0, AeadTests.TagLengths[a]);
                byte[] record = (byte[])first!.Clone();
                Assert.IsTrue(context.Open(nonce, 0, aad, 0, aad.Length, record, 0, plain.Length), Providers.Names[p] + " round " + round);
                Check.Equal(plain, record.AsSpan(0, plain.Length).ToArray(), Providers.Names[p] + " round " + round);
            }
        }
    }

    [TestMethod]
    public void Every_provider_agrees_with_NETs_own_CCM()
    {
        if (!AesCcm.IsSupported)
        {
            Assert.Inconclusive("This system has no AesCcm.");
        }

        Random random = new(2);
        CryptoProvider[] providers = Providers.All();
        for (int round = 0; round < Rounds; round++)
        {
            int keyLength = random.Next(2) == 0 ? 16 : 32;
            int tagLength = random.Next(2) == 0 ? 8 : 16;
            byte[] key = Draw(random, keyLength);
            byte[] nonce = Draw(random, 12);
            byte[] aad = Draw(random, random.Next(60));
            byte[] plain = Draw(random, random.Next(round % 20 == 0 ? 4000 : 200));
            byte[] expected = new byte[plain.Length + tagLength];
            using AesCcm ccm = new(key);
            ccm.Encrypt(nonce, plain, expected.AsSpan(0, plain.Length), expected.AsSpan(plain.Length), aad);
            for (int p = 0; p < providers.Length; p++)
            {
                AeadContext context = providers[p].CreateAead(keyLength == 16 ? CryptoAlgorithm.Aes128Ccm : CryptoAlgorithm.Aes256Ccm, key, 0, tagLength);
                byte[] record = new byte[expected.Length];
                plain.CopyTo(record, 0);
                context.Seal(nonce, 0, aad, 0, aad.Length, record, 0, plain.Length);
                Check.Equal(expected, record, Providers.Names[p] + " round " + round);
            }
        }
    }

    [TestMethod]
    public void A_context_serves_many_records_of_many_lengths()
    {
        Random random = new(3);
        for (int a = 0; a < AeadTests.Algorithms.Length; a++)
        {
            AeadContext software = AeadTests.Create(Providers.All()[0], a, 1);
            AeadContext host = AeadTests.Create(Providers.All()[1], a, 1);
            for (int round = 0; round < 100; round++)
            {
                byte[] nonce = Draw(random, 12);
                byte[] aad = Draw(random, random.Next(40));
                int count = random.Next(2100);
                byte[] one = Draw(random, count + 16);
                byte[] other = (byte[])one.Clone();
                software.Seal(nonce, 0, aad, 0, aad.Length, one, 0, count);
                host.Seal(nonce, 0, aad, 0, aad.Length, other, 0, count);
                Check.Equal(one, other, "algorithm " + a + " round " + round);
                if (random.Next(3) == 0)
                {
                    one[random.Next(count + software.TagLength)] ^= 1;
                    Assert.IsFalse(software.Open(nonce, 0, aad, 0, aad.Length, (byte[])one.Clone(), 0, count));
                    Assert.IsFalse(host.Open(nonce, 0, aad, 0, aad.Length, one, 0, count));
                }

                Assert.IsTrue(host.Open(nonce, 0, aad, 0, aad.Length, other, 0, count));
            }
        }
    }

    [TestMethod]
    public void CBC_records_are_those_of_RFC_5246_and_RFC_7366_by_NETs_own_primitives()
    {
        Random random = new(4);
        CryptoProvider[] providers = Providers.All();
        for (int a = 0; a < CbcTests.Algorithms.Length; a++)
        {
            for (int order = 0; order < 2; order++)
            {
                byte[] keys = Draw(random, 64);
                CbcContext[] contexts = new CbcContext[providers.Length];
                for (int p = 0; p < providers.Length; p++)
                {
                    contexts[p] = providers[p].CreateCbc(CbcTests.Algorithms[a], keys, 0, order == 1);
                }

                for (int round = 0; round < 100; round++)
                {
                    byte[] header = Draw(random, 13);
                    byte[] iv = Draw(random, 16);
                    byte[] plain = Draw(random, random.Next(round % 10 == 0 ? 16000 : 400));
                    byte[] expected = order == 1 ? EncryptThenMac(a, keys, header, iv, plain) : MacThenEncrypt(a, keys, header, iv, plain);
                    for (int p = 0; p < providers.Length; p++)
                    {
                        string what = Providers.Names[p] + " algorithm " + a + " order " + order + " round " + round;
                        byte[] data = new byte[plain.Length + contexts[p].MaxOverhead];
                        plain.CopyTo(data, 0);
                        int count = contexts[p].Seal((byte[])header.Clone(), 0, 13, iv, 0, data, 0, plain.Length);
                        Check.Equal(expected, data.AsSpan(0, count).ToArray(), what);
                        Assert.AreEqual(plain.Length, contexts[p].Open((byte[])header.Clone(), 0, 13, iv, 0, data, 0, count), what);
                        Check.Equal(plain, data.AsSpan(0, plain.Length).ToArray(), what);
                    }
                }
            }
        }
    }

    [TestMethod]
    public void Providers_agree_on_the_length_of_padding()
    {
        for (int count = 16; count <= 320; count += 16)
        {
            for (int wrong = -1; wrong < count; wrong += 3)
            {
                for (int padding = 0; padding < 256; padding += 5)
                {
                    byte[] data = new byte[count];
                    Array.Fill(data, (byte)padding);
                    if (wrong >= 0)
                    {
                        data[wrong] ^= 0x10;
                    }

                    Assert.AreEqual(CbcHmacContext.PaddingLength(data, 0, count, 10), CbcText.PaddingLength(data, 10));
                }
            }
        }
    }

    [TestMethod]
    public void Providers_agree_on_HMAC_and_PRF()
    {
        Random random = new(5);
        CryptoProvider[] providers = Providers.All();
        for (int round = 0; round < Rounds; round++)
        {
            int hash = HashTests.Hashes[random.Next(4)];
            byte[] key = Draw(random, random.Next(300));
            byte[] seed = Draw(random, random.Next(300));
            int count = random.Next(300);
            byte[]? first = null;
            for (int p = 0; p < providers.Length; p++)
            {
                byte[] output = new byte[64 + count];
                providers[p].Hmac(hash, key, 0, key.Length, seed, 0, seed.Length, output, 0);
                providers[p].Prf(hash, key, 0, key.Length, seed, 0, seed.Length, output, 64, count);
                first ??= output;
                Check.Equal(first, output, Providers.Names[p] + " round " + round);
            }
        }
    }

    private static byte[] MacThenEncrypt(int a, byte[] keys, byte[] header, byte[] iv, byte[] plain)
    {
        byte[] mac = Mac(a, keys, [.. WithLength(header, plain.Length), .. plain]);
        return Encrypt(a, keys, iv, Pad([.. plain, .. mac]));
    }

    private static byte[] EncryptThenMac(int a, byte[] keys, byte[] header, byte[] iv, byte[] plain)
    {
        byte[] cipher = Encrypt(a, keys, iv, Pad(plain));
        return [.. cipher, .. Mac(a, keys, [.. WithLength(header, 16 + cipher.Length), .. iv, .. cipher])];
    }

    private static byte[] WithLength(byte[] header, int length)
    {
        return [.. header[..11], (byte)(length >> 8), (byte)length];
    }

    private static byte[] Pad(byte[] data)
    {
        byte[] padding = new byte[16 - data.Length % 16];
        Array.Fill(padding, (byte)(padding.Length - 1));
        return [.. data, .. padding];
    }

    private static byte[] Mac(int a, byte[] keys, byte[] data)
    {
        byte[] key = keys[..CbcTests.MacLengths[a]];
        return key.Length == 20 ? HMACSHA1.HashData(key, data) : HMACSHA256.HashData(key, data);
    }

    private static byte[] Encrypt(int a, byte[] keys, byte[] iv, byte[] data)
    {
        using Aes aes = Aes.Create();
        int keyLength = a == 2 ? 32 : 16;
        aes.Key = keys.AsSpan(CbcTests.MacLengths[a], keyLength).ToArray();
        return aes.EncryptCbc(data, iv, PaddingMode.None);
    }

    private static byte[] Draw(Random random, int count)
    {
        byte[] bytes = new byte[count];
        random.NextBytes(bytes);
        return bytes;
    }
}
