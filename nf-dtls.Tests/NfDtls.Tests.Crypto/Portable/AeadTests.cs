using System;
using Microsoft.VisualStudio.TestTools.UnitTesting;
using NfDtls.Crypto.Software;

namespace NfDtls.Tests.Crypto;

/// <summary>AEAD algorithms, over every provider.</summary>
[TestClass]
public class AeadTests
{
    internal static readonly int[] Algorithms =
    [
        CryptoAlgorithm.Aes128Ccm, CryptoAlgorithm.Aes256Ccm, CryptoAlgorithm.Aes128Ccm, CryptoAlgorithm.Aes256Ccm,
        CryptoAlgorithm.Aes128Gcm, CryptoAlgorithm.Aes256Gcm, CryptoAlgorithm.ChaCha20Poly1305,
    ];

    internal static readonly int[] TagLengths = [8, 8, 16, 16, 16, 16, 16];

    [TestMethod]
    public void CCM_gives_the_third_example_of_SP_800_38C()
    {
        // A nonce of 12 bytes and a tag of 8, as in TLS's CCM_8.
        Verify(
            CryptoAlgorithm.Aes128Ccm,
            8,
            "404142434445464748494a4b4c4d4e4f",
            "101112131415161718191a1b",
            "000102030405060708090a0b0c0d0e0f10111213",
            "202122232425262728292a2b2c2d2e2f3031323334353637",
            "e3b201a9f5b71a7a9b1ceaeccd97e70b6176aad9a4428aa5484392fbc1b09951");
    }

    [TestMethod]
    public void CCM_gives_the_packet_vectors_of_RFC_3610()
    {
        // Their nonces have 13 bytes, which TLS does not use: only the managed code is that general.
        VerifyRfc3610(8, 8, "00000003020100a0a1a2a3a4a5", 31, "588c979a61c663d2f066d0c2c0f989806d5f6b61dac38417e8d12cfdf926e0");
        VerifyRfc3610(8, 8, "00000004030201a0a1a2a3a4a5", 32, "72c91a36e135f8cf291ca894085c87e3cc15c439c9e43a3ba091d56e10400916");
        VerifyRfc3610(8, 10, "00000009080706a0a1a2a3a4a5", 31, "0135d1b2c95f41d5d1d4fec185d166b8094e999dfed96c048c56602c97acbb7490");
    }

    [TestMethod]
    public void GCM_gives_the_test_cases_of_its_specification()
    {
        const string Key = "feffe9928665731c6d6a8f9467308308";
        const string Nonce = "cafebabefacedbaddecaf888";
        const string Aad = "feedfacedeadbeeffeedfacedeadbeefabaddad2";
        const string Plain = "d9313225f88406e5a55909c5aff5269a86a7a9531534f7da2e4c303d8a318a721c3c0c95956809532fcf0e2449a6b525b16aedf5aa0de657ba637b39";
        const string Cipher128 = "42831ec2217774244b7221b784d0d49ce3aa212f2c02a4e035c17e2329aca12e21d514b25466931c7d8f6a5aac84aa051ba30b396a0aac973d58e091";
        const string Cipher256 = "522dc1f099567d07f47f37a32a84427d643a8cdcbfe5c0c97598a2bd2555d1aa8cb08e48590dbb3da7b08b1056828838c5f61e6393ba7a0abcc9f662";
        string zeros = "00000000000000000000000000000000";
        string zeroNonce = zeros.Substring(0, 24);
        int algorithm = CryptoAlgorithm.Aes128Gcm;
        Verify(algorithm, 16, zeros, zeroNonce, "", "", "58e2fccefa7e3061367f1d57a4e7455a");
        Verify(algorithm, 16, zeros, zeroNonce, "", zeros, "0388dace60b6a392f328c2b971b2fe78ab6e47d42cec13bdf53a67b21257bddf");
        Verify(algorithm, 16, Key, Nonce, "", Plain + "1aafd255", Cipher128 + "473f5985" + "4d5c2af327cd64a62cf35abd2ba6fab4");
        Verify(algorithm, 16, Key, Nonce, Aad, Plain, Cipher128 + "5bc94fbc3221a5db94fae95ae7121a47");
        algorithm = CryptoAlgorithm.Aes256Gcm;
        Verify(algorithm, 16, zeros + zeros, zeroNonce, "", "", "530f8afbc74536b9a963b4f1c4cb738b");
        Verify(algorithm, 16, zeros + zeros, zeroNonce, "", zeros, "cea7403d4d606b6e074ec5d3baf39d18d0d1c8a799996bf0265b98b5d48ab919");
        Verify(algorithm, 16, Key + Key, Nonce, "", Plain + "1aafd255", Cipher256 + "898015ad" + "b094dac5d93471bdec1a502270e3cc6c");
        Verify(algorithm, 16, Key + Key, Nonce, Aad, Plain, Cipher256 + "76fc6ece0f4e1768cddf8853bb2d551b");
    }

    [TestMethod]
    public void ChaCha20_Poly1305_gives_the_example_of_RFC_8439()
    {
        Verify(
            CryptoAlgorithm.ChaCha20Poly1305,
            16,
            "808182838485868788898a8b8c8d8e8f909192939495969798999a9b9c9d9e9f",
            "070000004041424344454647",
            "50515253c0c1c2c3c4c5c6c7",
            "4c616469657320616e642047656e746c656d656e206f662074686520636c617373206f66202739393a204966204920636f756c64206f6666657220796f75206f6e6c79206f6e652074697020666f7220746865206675747572652c2073756e73637265656e20776f756c642062652069742e",
            "d31a8d34648e60db7b86afbc53ef7ec2a4aded51296e08fea9e2b5a736ee62d63dbea45e8ca9671282fafb69da92728b1a71de0a9e060b2905d6a5b67ecd3b3692ddbd7f2d778b8c9803aee328091b58fab324e4fad675945585808b4831d7bc3ff4def08e4b7a9de576d26586cec64b61161ae10b594f09e26a7e902ecbd0600691");
    }

    [TestMethod]
    public void A_sealed_record_opens_at_every_length()
    {
        CryptoProvider[] providers = Providers.All();
        byte[] nonce = Check.Pattern(12, 3);
        byte[] aad = Check.Pattern(40, 4);
        for (int p = 0; p < providers.Length; p++)
        {
            for (int a = 0; a < Algorithms.Length; a++)
            {
                AeadContext context = Create(providers[p], a, 5);
                Assert.AreEqual(TagLengths[a], context.TagLength);
                for (int count = 0; count <= 300; count++)
                {
                    // The record stands in the midst of the buffer: nothing beside it may change.
                    byte[] before = Check.Pattern(count + 40, count);
                    byte[] buffer = Check.Pattern(count + 40, count);
                    context.Seal(nonce, 0, aad, 2, count % 38, buffer, 7, count);
                    Check.Equal(Check.Part(before, 0, 7), Check.Part(buffer, 0, 7), "before the record");
                    int end = 7 + count + context.TagLength;
                    Check.Equal(Check.Part(before, end, before.Length - end), Check.Part(buffer, end, buffer.Length - end), "behind the record");
                    Assert.IsTrue(context.Open(nonce, 0, aad, 2, count % 38, buffer, 7, count), Providers.Names[p] + " algorithm " + a + " length " + count);
                    Check.Equal(Check.Part(before, 7, count), Check.Part(buffer, 7, count), "opened");
                }
            }
        }
    }

    [TestMethod]
    public void The_additional_data_may_stand_in_the_records_own_array()
    {
        CryptoProvider[] providers = Providers.All();
        for (int p = 0; p < providers.Length; p++)
        {
            for (int a = 0; a < Algorithms.Length; a++)
            {
                AeadContext context = Create(providers[p], a, 6);
                byte[] apart = Check.Pattern(100, 1);
                byte[] together = Check.Pattern(100, 1);
                context.Seal(Check.Part(apart, 0, 12), 0, Check.Part(apart, 12, 13), 0, 13, apart, 25, 50);
                context.Seal(together, 0, together, 12, 13, together, 25, 50);
                Check.Equal(apart, together, Providers.Names[p] + " algorithm " + a);
                Assert.IsTrue(context.Open(together, 0, together, 12, 13, together, 25, 50));
            }
        }
    }

    [TestMethod]
    public void A_forged_tag_is_refused()
    {
        VerifyRefused(0);
    }

    [TestMethod]
    public void A_forged_ciphertext_is_refused()
    {
        VerifyRefused(1);
    }

    [TestMethod]
    public void Forged_additional_data_are_refused()
    {
        VerifyRefused(2);
    }

    [TestMethod]
    public void Another_nonce_is_refused()
    {
        VerifyRefused(3);
    }

    [TestMethod]
    public void Another_length_is_refused_without_an_exception()
    {
        CryptoProvider[] providers = Providers.All();
        byte[] nonce = Check.Pattern(12, 3);
        byte[] aad = Check.Pattern(13, 4);
        for (int p = 0; p < providers.Length; p++)
        {
            for (int a = 0; a < Algorithms.Length; a++)
            {
                AeadContext context = Create(providers[p], a, 7);
                for (int opened = -1; opened < 64; opened++)
                {
                    byte[] record = Check.Pattern(100, 9);
                    context.Seal(nonce, 0, aad, 0, 13, record, 0, 40);
                    Assert.AreEqual(opened == 40, context.Open(nonce, 0, aad, 0, 13, record, 0, opened), Providers.Names[p] + " algorithm " + a);
                }

                byte[] again = Check.Pattern(100, 9);
                context.Seal(nonce, 0, aad, 0, 13, again, 0, 40);
                Assert.IsFalse(context.Open(nonce, 0, aad, 0, 12, again, 0, 40), Providers.Names[p] + " algorithm " + a);
            }
        }
    }

    [TestMethod]
    public void A_refused_record_leaves_no_plaintext()
    {
        CryptoProvider[] providers = Providers.All();
        byte[] nonce = Check.Pattern(12, 3);
        for (int p = 0; p < providers.Length; p++)
        {
            for (int a = 0; a < Algorithms.Length; a++)
            {
                AeadContext context = Create(providers[p], a, 8);
                byte[] record = Check.Pattern(80, 1);
                context.Seal(nonce, 0, record, 0, 0, record, 0, 60);
                record[60] ^= 1;
                Assert.IsFalse(context.Open(nonce, 0, record, 0, 0, record, 0, 60));
                byte[] plain = Check.Pattern(80, 1);
                int same = 0;
                for (int i = 0; i < 60; i++)
                {
                    same += record[i] == plain[i] ? 1 : 0;
                }

                Assert.IsLessThan(10, same, Providers.Names[p] + " algorithm " + a);
            }
        }
    }

    [TestMethod]
    public void A_context_keeps_its_own_copy_of_the_key()
    {
        CryptoProvider[] providers = Providers.All();
        byte[] nonce = Check.Pattern(12, 3);
        for (int p = 0; p < providers.Length; p++)
        {
            for (int a = 0; a < Algorithms.Length; a++)
            {
                byte[] key = Check.Pattern(40, 1);
                AeadContext context = providers[p].CreateAead(Algorithms[a], key, 5, TagLengths[a]);
                byte[] first = new byte[40];
                context.Seal(nonce, 0, nonce, 0, 12, first, 0, 20);
                Array.Clear(key, 0, key.Length);
                byte[] second = new byte[40];
                context.Seal(nonce, 0, nonce, 0, 12, second, 0, 20);
                Check.Equal(first, second, Providers.Names[p] + " algorithm " + a);
                context.Clear();
                context.Clear();
            }
        }
    }

    [TestMethod]
    public void A_tag_length_that_the_algorithm_lacks_is_refused()
    {
        CryptoProvider[] providers = Providers.All();
        byte[] key = new byte[32];
        for (int p = 0; p < providers.Length; p++)
        {
            for (int a = 0; a < Algorithms.Length; a++)
            {
                CryptoProvider provider = providers[p];
                int algorithm = Algorithms[a];
                bool isCcm = algorithm == CryptoAlgorithm.Aes128Ccm || algorithm == CryptoAlgorithm.Aes256Ccm;
                for (int length = 0; length <= 20; length++)
                {
                    int tagLength = length;
                    if (tagLength != 16 && !(isCcm && tagLength == 8))
                    {
                        Check.Throws(typeof(ArgumentOutOfRangeException), delegate { provider.CreateAead(algorithm, key, 0, tagLength); }, "tag of " + length);
                    }
                }
            }
        }
    }

    internal static AeadContext Create(CryptoProvider provider, int index, int seed)
    {
        return provider.CreateAead(Algorithms[index], Check.Pattern(35, seed), 3, TagLengths[index]);
    }

    /// <summary>Changes each bit of one part of a record: the tag, the ciphertext, the additional data or the nonce.</summary>
    private static void VerifyRefused(int part)
    {
        CryptoProvider[] providers = Providers.All();
        for (int p = 0; p < providers.Length; p++)
        {
            for (int a = 0; a < Algorithms.Length; a++)
            {
                AeadContext context = Create(providers[p], a, 7);
                byte[] nonce = Check.Pattern(12, 3);
                byte[] aad = Check.Pattern(13, 4);
                byte[] record = Check.Pattern(37 + context.TagLength, 9);
                context.Seal(nonce, 0, aad, 0, 13, record, 0, 37);
                int bytes = part == 0 ? context.TagLength : part == 1 ? 37 : part == 2 ? 13 : 12;
                for (int bit = 0; bit < 8 * bytes; bit++)
                {
                    byte[] copy = Check.Part(record, 0, record.Length);
                    byte[] changed = part < 2 ? copy : part == 2 ? aad : nonce;
                    int place = (part == 0 ? 37 : 0) + bit / 8;
                    changed[place] ^= (byte)(1 << bit % 8);
                    Assert.IsFalse(context.Open(nonce, 0, aad, 0, 13, copy, 0, 37), Providers.Names[p] + " algorithm " + a + " bit " + bit);
                    changed[place] ^= (byte)(1 << bit % 8);
                }

                Assert.IsTrue(context.Open(nonce, 0, aad, 0, 13, record, 0, 37), Providers.Names[p] + " algorithm " + a + " unchanged");
            }
        }
    }

    private static void Verify(int algorithm, int tagLength, string key, string nonce, string aad, string plain, string sealedHex)
    {
        CryptoProvider[] providers = Providers.All();
        for (int p = 0; p < providers.Length; p++)
        {
            VerifyContext(providers[p].CreateAead(algorithm, Check.Bytes(key), 0, tagLength), nonce, aad, plain, sealedHex, Providers.Names[p]);
        }
    }

    internal static void VerifyContext(AeadContext context, string nonce, string aad, string plain, string sealedHex, string what)
    {
        byte[] nonceBytes = Check.Bytes(nonce);
        byte[] aadBytes = Check.Bytes(aad);
        byte[] plainBytes = Check.Bytes(plain);
        byte[] record = new byte[plainBytes.Length + context.TagLength];
        Array.Copy(plainBytes, 0, record, 0, plainBytes.Length);
        context.Seal(nonceBytes, 0, aadBytes, 0, aadBytes.Length, record, 0, plainBytes.Length);
        Check.Equal(sealedHex, record, what);
        Assert.IsTrue(context.Open(nonceBytes, 0, aadBytes, 0, aadBytes.Length, record, 0, plainBytes.Length), what);
        Check.Equal(plainBytes, Check.Part(record, 0, plainBytes.Length), what);
    }

    private static void VerifyRfc3610(int headerCount, int tagLength, string nonce, int total, string expected)
    {
        string packet = "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f";
        byte[] key = Check.Bytes("c0c1c2c3c4c5c6c7c8c9cacbcccdcecf");
        AeadContext context = new CcmContext(new AesKey(new AesTables(), key, 0, 16), new CcmScratch(), tagLength, 13);
        VerifyContext(context, nonce, packet.Substring(0, 2 * headerCount), packet.Substring(2 * headerCount, 2 * (total - headerCount)), expected, "RFC 3610");
    }
}
