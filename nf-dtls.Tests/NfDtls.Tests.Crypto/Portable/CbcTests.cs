using System;
using Microsoft.VisualStudio.TestTools.UnitTesting;
using NfDtls.Crypto.Software;

namespace NfDtls.Tests.Crypto;

/// <summary>CBC with HMAC in both orders, over every provider.</summary>
[TestClass]
public class CbcTests
{
    internal static readonly int[] Algorithms =
    [
        CryptoAlgorithm.Aes128CbcHmacSha1, CryptoAlgorithm.Aes128CbcHmacSha256, CryptoAlgorithm.Aes256CbcHmacSha256,
    ];

    internal static readonly int[] MacLengths = [20, 32, 32];

    private const int HeaderLength = 13;

    [TestMethod]
    public void The_ciphertext_is_that_of_SP_800_38A()
    {
        // With encrypt-then-MAC the first blocks are plain CBC.
        VerifyCipher(
            CryptoAlgorithm.Aes128CbcHmacSha256,
            "2b7e151628aed2a6abf7158809cf4f3c",
            "7649abac8119b246cee98e9b12e9197d5086cb9b507219ee95db113a917678b273bed6b8e3c1743b7116e69e222295163ff1caa1681fac09120eca307586e1a7");
        VerifyCipher(
            CryptoAlgorithm.Aes256CbcHmacSha256,
            "603deb1015ca71be2b73aef0857d77811f352c073b6108d72d9810a30914dff4",
            "f58c4c04d6e5f1ba779eabfb5f7bfbd69cfc4e967edb808d679f777bc6702c7d39f23369a9d9bacfa530e26304231461b2eb05e2c39be9fcda6c19078c6a9d1b");
    }

    [TestMethod]
    public void A_sealed_record_opens_at_every_length_with_MAC_then_encrypt()
    {
        VerifyRoundTrips(false);
    }

    [TestMethod]
    public void A_sealed_record_opens_at_every_length_with_encrypt_then_MAC()
    {
        VerifyRoundTrips(true);
    }

    [TestMethod]
    public void Every_changed_byte_is_refused_with_MAC_then_encrypt()
    {
        VerifyChangedBytes(false);
    }

    [TestMethod]
    public void Every_changed_byte_is_refused_with_encrypt_then_MAC()
    {
        VerifyChangedBytes(true);
    }

    [TestMethod]
    public void Every_length_of_padding_is_accepted_and_every_wrong_byte_of_it_refused()
    {
        CryptoProvider[] providers = Providers.All();
        for (int p = 0; p < providers.Length; p++)
        {
            for (int a = 0; a < Algorithms.Length; a++)
            {
                byte[] keys = Check.Pattern(64, 3);
                CbcContext context = providers[p].CreateCbc(Algorithms[a], keys, 0, false);
                int fixedCount = 21 + MacLengths[a];
                for (int padding = 15 - fixedCount % 16; padding < 256; padding += 16)
                {
                    string what = Providers.Names[p] + " algorithm " + a + " padding " + padding;
                    byte[] record = MakeRecord(providers[p], a, keys, 21, padding, -1, -1);
                    Assert.AreEqual(21, Open(context, record), what);
                    Check.Equal(Check.Pattern(21, 1), Check.Part(record, 0, 21), what);

                    int step = padding < 40 ? 1 : 13;
                    for (int wrong = 0; wrong <= padding; wrong += step)
                    {
                        record = MakeRecord(providers[p], a, keys, 21, padding, fixedCount + wrong, -1);
                        Assert.AreEqual(-1, Open(context, record), what + " wrong at " + wrong);
                        Assert.IsTrue(Check.IsZero(record, 0, record.Length), what + " left something");
                    }
                }
            }
        }
    }

    [TestMethod]
    public void Every_wrong_byte_of_the_MAC_is_refused()
    {
        CryptoProvider[] providers = Providers.All();
        for (int p = 0; p < providers.Length; p++)
        {
            for (int a = 0; a < Algorithms.Length; a++)
            {
                byte[] keys = Check.Pattern(64, 3);
                CbcContext context = providers[p].CreateCbc(Algorithms[a], keys, 0, false);
                for (int count = 0; count < 40; count++)
                {
                    int padding = 15 - (count + MacLengths[a]) % 16;
                    for (int wrong = 0; wrong < MacLengths[a]; wrong++)
                    {
                        byte[] record = MakeRecord(providers[p], a, keys, count, padding, count + wrong, -1);
                        Assert.AreEqual(-1, Open(context, record), Providers.Names[p] + " algorithm " + a + " wrong at " + wrong);
                    }
                }
            }
        }
    }

    [TestMethod]
    public void Padding_that_claims_more_than_the_record_is_refused()
    {
        CryptoProvider[] providers = Providers.All();
        for (int p = 0; p < providers.Length; p++)
        {
            for (int a = 0; a < Algorithms.Length; a++)
            {
                byte[] keys = Check.Pattern(64, 3);
                CbcContext context = providers[p].CreateCbc(Algorithms[a], keys, 0, false);
                int padding = 15 - MacLengths[a] % 16;
                for (int claimed = 0; claimed < 256; claimed++)
                {
                    // An empty plaintext whose last byte, the padding's length, says something else.
                    byte[] record = MakeRecord(providers[p], a, keys, 0, padding, -1, claimed);
                    Assert.AreEqual(claimed == padding ? 0 : -1, Open(context, record), Providers.Names[p] + " algorithm " + a + " claims " + claimed);
                }
            }
        }
    }

    [TestMethod]
    public void A_record_without_padding_is_refused()
    {
        CryptoProvider[] providers = Providers.All();
        for (int p = 0; p < providers.Length; p++)
        {
            for (int a = 0; a < Algorithms.Length; a++)
            {
                byte[] keys = Check.Pattern(64, 3);
                CbcContext context = providers[p].CreateCbc(Algorithms[a], keys, 0, false);
                for (int blocks = 3; blocks < 20; blocks++)
                {
                    // The MAC is right and stands at the very end, where a record with bad padding is looked at, too.
                    byte[] record = MakeRecord(providers[p], a, keys, 16 * blocks - MacLengths[a], -1, -1, -1);
                    Assert.AreEqual(-1, Open(context, record), Providers.Names[p] + " algorithm " + a + " blocks " + blocks);
                }
            }
        }
    }

    [TestMethod]
    public void Wrong_padding_under_a_right_MAC_is_refused_with_encrypt_then_MAC()
    {
        CryptoProvider[] providers = Providers.All();
        for (int p = 0; p < providers.Length; p++)
        {
            for (int a = 0; a < Algorithms.Length; a++)
            {
                byte[] keys = Check.Pattern(64, 3);
                int macLength = MacLengths[a];
                CbcContext context = providers[p].CreateCbc(Algorithms[a], keys, 0, true);
                for (int claimed = 0; claimed < 256; claimed++)
                {
                    // Two blocks: 21 bytes of plaintext, 10 of padding and the byte that should say 10.
                    byte[] plain = new byte[32];
                    for (int i = 21; i < 32; i++)
                    {
                        plain[i] = (byte)(i < 31 ? 10 : claimed);
                    }

                    Encrypt(a, keys, plain);
                    byte[] macInput = new byte[HeaderLength + 16 + 32];
                    Array.Copy(Check.Pattern(HeaderLength, 5), 0, macInput, 0, HeaderLength);
                    macInput[11] = 0;
                    macInput[12] = 16 + 32;
                    Array.Copy(Check.Pattern(16, 6), 0, macInput, HeaderLength, 16);
                    Array.Copy(plain, 0, macInput, HeaderLength + 16, 32);
                    byte[] record = new byte[32 + macLength];
                    Array.Copy(plain, 0, record, 0, 32);
                    int hash = macLength == 20 ? CryptoAlgorithm.Sha1 : CryptoAlgorithm.Sha256;
                    providers[p].Hmac(hash, keys, 0, macLength, macInput, 0, macInput.Length, record, 32);
                    int expected = claimed == 10 ? 21 : claimed == 0 ? 31 : -1;
                    Assert.AreEqual(expected, Open(context, record), Providers.Names[p] + " algorithm " + a + " claims " + claimed);
                }
            }
        }
    }

    [TestMethod]
    public void Padding_is_measured_within_what_may_be_padding()
    {
        for (int count = 16; count <= 320; count += 16)
        {
            for (int reserved = 0; reserved < 16; reserved += 5)
            {
                for (int padding = 0; padding < 256; padding++)
                {
                    // All bytes say the same, so only the room decides.
                    byte[] data = new byte[count];
                    for (int i = 0; i < count; i++)
                    {
                        data[i] = (byte)padding;
                    }

                    Assert.AreEqual(padding < count - reserved ? padding + 1 : 0, CbcHmacContext.PaddingLength(data, 0, count, reserved));
                }
            }
        }
    }

    [TestMethod]
    public void Records_of_impossible_length_are_refused_without_an_exception()
    {
        CryptoProvider[] providers = Providers.All();
        for (int p = 0; p < providers.Length; p++)
        {
            for (int a = 0; a < Algorithms.Length; a++)
            {
                for (int order = 0; order < 2; order++)
                {
                    CbcContext context = providers[p].CreateCbc(Algorithms[a], Check.Pattern(64, 3), 0, order == 1);
                    for (int count = -1; count < 200; count++)
                    {
                        byte[] record = Check.Pattern(200, count);
                        byte[] header = new byte[HeaderLength];
                        Assert.AreEqual(-1, context.Open(header, 0, HeaderLength, new byte[16], 0, record, 0, count), Providers.Names[p] + " algorithm " + a + " length " + count);
                    }

                    Assert.AreEqual(-1, context.Open(new byte[HeaderLength], 0, HeaderLength, new byte[16], 0, new byte[70000], 0, 65536 + MacLengths[a] * order), "too long");
                }
            }
        }
    }

    [TestMethod]
    public void A_record_too_long_for_its_length_field_is_refused()
    {
        CryptoProvider[] providers = Providers.All();
        byte[] keys = Check.Pattern(64, 3);
        for (int p = 0; p < providers.Length; p++)
        {
            CbcContext context = providers[p].CreateCbc(Algorithms[1], keys, 0, false);
            Assert.AreEqual(65456, Open(context, MakeRecord(providers[p], 1, keys, 65456, 15, -1, -1)), Providers.Names[p]);
            Assert.AreEqual(-1, Open(context, MakeRecord(providers[p], 1, keys, 65488, 15, -1, -1)), Providers.Names[p]);
            Check.Throws(typeof(ArgumentOutOfRangeException), delegate { context.Seal(new byte[13], 0, 13, new byte[16], 0, new byte[70000], 0, 65520); }, "sealed");
        }
    }

    [TestMethod]
    public void The_header_gets_the_length_of_what_the_MAC_covers()
    {
        CryptoProvider[] providers = Providers.All();
        for (int p = 0; p < providers.Length; p++)
        {
            byte[] header = new byte[30];
            byte[] data = new byte[400];
            providers[p].CreateCbc(Algorithms[0], Check.Pattern(64, 3), 0, false).Seal(header, 4, HeaderLength, new byte[16], 0, data, 0, 300);
            Assert.AreEqual(300, header[15] << 8 | header[16], Providers.Names[p]);
            Assert.IsTrue(Check.IsZero(header, 0, 15) && Check.IsZero(header, 17, 13), Providers.Names[p]);
            providers[p].CreateCbc(Algorithms[0], Check.Pattern(64, 3), 0, true).Seal(header, 4, HeaderLength, new byte[16], 0, data, 0, 300);
            Assert.AreEqual(16 + 304, header[15] << 8 | header[16], Providers.Names[p]);
        }
    }

    [TestMethod]
    public void A_header_of_any_length_works_as_with_a_connection_ID()
    {
        CryptoProvider[] providers = Providers.All();
        for (int p = 0; p < providers.Length; p++)
        {
            for (int order = 0; order < 2; order++)
            {
                CbcContext context = providers[p].CreateCbc(Algorithms[1], Check.Pattern(64, 3), 0, order == 1);
                for (int headerCount = 2; headerCount < 300; headerCount += 5)
                {
                    byte[] header = Check.Pattern(headerCount, 1);
                    byte[] data = Check.Pattern(200, 2);
                    int count = context.Seal(header, 0, headerCount, new byte[16], 0, data, 0, 100);
                    byte[] copy = Check.Part(data, 0, count);
                    Assert.AreEqual(100, context.Open(header, 0, headerCount, new byte[16], 0, data, 0, count), Providers.Names[p] + " header " + headerCount);
                    if (headerCount > 2)
                    {
                        header[headerCount - 3] ^= 1;
                        Assert.AreEqual(-1, context.Open(header, 0, headerCount, new byte[16], 0, copy, 0, count), Providers.Names[p] + " header " + headerCount);
                    }
                }
            }
        }
    }

    [TestMethod]
    public void A_context_keeps_its_own_copy_of_the_keys()
    {
        CryptoProvider[] providers = Providers.All();
        for (int p = 0; p < providers.Length; p++)
        {
            byte[] keys = Check.Pattern(80, 3);
            CbcContext context = providers[p].CreateCbc(Algorithms[2], keys, 7, false);
            byte[] first = new byte[200];
            int count = context.Seal(new byte[13], 0, 13, new byte[16], 0, first, 0, 100);
            Array.Clear(keys, 0, keys.Length);
            byte[] second = new byte[200];
            Assert.AreEqual(count, context.Seal(new byte[13], 0, 13, new byte[16], 0, second, 0, 100));
            Check.Equal(first, second, Providers.Names[p]);
            context.Clear();
            context.Clear();
        }
    }

    /// <summary>
    /// A MAC-then-encrypt record built step by step as RFC 5246 says, with any length of padding; one byte of MAC or padding
    /// may be wrong, and the last byte may be another.
    /// </summary>
    internal static byte[] MakeRecord(CryptoProvider provider, int index, byte[] keys, int count, int padding, int wrongPlace, int lastByte)
    {
        int macLength = MacLengths[index];
        int hash = macLength == 20 ? CryptoAlgorithm.Sha1 : CryptoAlgorithm.Sha256;
        byte[] record = new byte[count + macLength + padding + 1];
        Array.Copy(Check.Pattern(count, 1), 0, record, 0, count);
        byte[] macInput = new byte[HeaderLength + count];
        Array.Copy(Check.Pattern(HeaderLength, 5), 0, macInput, 0, HeaderLength);
        macInput[11] = (byte)(count >> 8);
        macInput[12] = (byte)count;
        Array.Copy(record, 0, macInput, HeaderLength, count);
        provider.Hmac(hash, keys, 0, macLength, macInput, 0, macInput.Length, record, count);
        for (int i = count + macLength; i < record.Length; i++)
        {
            record[i] = (byte)padding;
        }

        if (wrongPlace >= 0)
        {
            record[wrongPlace] ^= 0x80;
        }

        if (lastByte >= 0)
        {
            record[record.Length - 1] = (byte)lastByte;
        }

        Encrypt(index, keys, record);
        return record;
    }

    private static void Encrypt(int index, byte[] keys, byte[] data)
    {
        AesKey key = new AesKey(new AesTables(), keys, MacLengths[index], index == 2 ? 32 : 16);
        byte[] previous = Check.Pattern(16, 6);
        for (int i = 0; i < data.Length; i += 16)
        {
            for (int j = 0; j < 16; j++)
            {
                data[i + j] ^= previous[j];
            }

            AesTests.EncryptBlock(key, data, i);
            previous = Check.Part(data, i, 16);
        }
    }

    private static int Open(CbcContext context, byte[] record)
    {
        return context.Open(Check.Pattern(HeaderLength, 5), 0, HeaderLength, Check.Pattern(16, 6), 0, record, 0, record.Length);
    }

    private static void VerifyCipher(int algorithm, string key, string cipher)
    {
        const string Plain = "6bc1bee22e409f96e93d7e117393172aae2d8a571e03ac9c9eb76fac45af8e5130c81c46a35ce411e5fbc1191a0a52eff69f2445df4f9b17ad2b417be66c3710";
        byte[] keyBytes = Check.Bytes(key);
        byte[] keys = new byte[32 + keyBytes.Length];
        Array.Copy(keyBytes, 0, keys, 32, keyBytes.Length);
        CryptoProvider[] providers = Providers.All();
        for (int p = 0; p < providers.Length; p++)
        {
            CbcContext context = providers[p].CreateCbc(algorithm, keys, 0, true);

            // Twice, since a provider might chain one record to the next.
            for (int i = 0; i < 2; i++)
            {
                byte[] data = new byte[64 + context.MaxOverhead];
                Array.Copy(Check.Bytes(Plain), 0, data, 0, 64);
                Assert.AreEqual(64 + 16 + 32, context.Seal(new byte[13], 0, 13, Check.Bytes("000102030405060708090a0b0c0d0e0f"), 0, data, 0, 64));
                Check.Equal(cipher, Check.Part(data, 0, 64), Providers.Names[p]);
            }
        }
    }

    private static void VerifyRoundTrips(bool encryptThenMac)
    {
        CryptoProvider[] providers = Providers.All();
        for (int p = 0; p < providers.Length; p++)
        {
            for (int a = 0; a < Algorithms.Length; a++)
            {
                CbcContext sender = providers[p].CreateCbc(Algorithms[a], Check.Pattern(64, 3), 0, encryptThenMac);
                CbcContext receiver = providers[p].CreateCbc(Algorithms[a], Check.Pattern(64, 3), 0, encryptThenMac);
                for (int count = 0; count <= 300; count++)
                {
                    string what = Providers.Names[p] + " algorithm " + a + " length " + count;
                    byte[] before = Check.Pattern(count + 80, count);
                    byte[] buffer = Check.Pattern(count + 80, count);
                    byte[] iv = Check.Pattern(20, count);
                    byte[] header = Check.Pattern(20, 5);
                    int length = sender.Seal(header, 2, HeaderLength, iv, 1, buffer, 9, count);
                    Assert.IsLessThanOrEqualTo(count + sender.MaxOverhead, length, what);
                    Check.Equal(Check.Part(before, 0, 9), Check.Part(buffer, 0, 9), what);
                    int end = 9 + length;
                    Check.Equal(Check.Part(before, end, before.Length - end), Check.Part(buffer, end, buffer.Length - end), what);
                    header = Check.Pattern(20, 5);
                    Assert.AreEqual(count, receiver.Open(header, 2, HeaderLength, iv, 1, buffer, 9, length), what);
                    Check.Equal(Check.Part(before, 9, count), Check.Part(buffer, 9, count), what);
                }
            }
        }
    }

    private static void VerifyChangedBytes(bool encryptThenMac)
    {
        CryptoProvider[] providers = Providers.All();
        for (int p = 0; p < providers.Length; p++)
        {
            for (int a = 0; a < Algorithms.Length; a++)
            {
                CbcContext context = providers[p].CreateCbc(Algorithms[a], Check.Pattern(64, 3), 0, encryptThenMac);
                byte[] sealedBytes = Check.Pattern(200, 1);
                int length = context.Seal(Check.Pattern(HeaderLength, 5), 0, HeaderLength, Check.Pattern(16, 6), 0, sealedBytes, 0, 70);
                for (int i = 0; i < length + 16 + HeaderLength - 2; i++)
                {
                    byte[] record = Check.Part(sealedBytes, 0, length);
                    byte[] iv = Check.Pattern(16, 6);
                    byte[] header = Check.Pattern(HeaderLength, 5);
                    byte[] changed = i < length ? record : i < length + 16 ? iv : header;
                    changed[i < length ? i : i < length + 16 ? i - length : i - length - 16] ^= 0x40;
                    Assert.AreEqual(-1, context.Open(header, 0, HeaderLength, iv, 0, record, 0, length), Providers.Names[p] + " algorithm " + a + " byte " + i);
                    Assert.IsTrue(Check.IsZero(record, 0, length), "left something");
                }

                Assert.AreEqual(70, context.Open(Check.Pattern(HeaderLength, 5), 0, HeaderLength, Check.Pattern(16, 6), 0, sealedBytes, 0, length));
            }
        }
    }
}
