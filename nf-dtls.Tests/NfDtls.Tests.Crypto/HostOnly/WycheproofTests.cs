using System;
using System.IO;
using System.Text.Json;
using Microsoft.VisualStudio.TestTools.UnitTesting;
using static NfDtls.Tests.Vectors.Wycheproof;

namespace NfDtls.Tests.Crypto;

/// <summary>
/// The vectors of Project Wycheproof, over every provider. They are not part of the repository: the folder is named by
/// NFDTLS_TEST_DATA or is one called "shared" beside the checkout; without it these tests are inconclusive.
/// </summary>
[TestClass]
public class WycheproofTests
{
    public TestContext TestContext { get; set; } = null!;

    private int _run;
    private int _skipped;

    [TestMethod]
    public void CCM_passes_Wycheproof()
    {
        RunAead("aes_ccm", CryptoAlgorithm.Aes128Ccm, CryptoAlgorithm.Aes256Ccm, 8, "CCM here has keys of 128 or 256 bits, nonces of 96 and tags of 64 or 128");
    }

    [TestMethod]
    public void GCM_passes_Wycheproof()
    {
        RunAead("aes_gcm", CryptoAlgorithm.Aes128Gcm, CryptoAlgorithm.Aes256Gcm, 16, "GCM here has keys of 128 or 256 bits, nonces of 96 and tags of 128");
    }

    [TestMethod]
    public void ChaCha20_Poly1305_passes_Wycheproof()
    {
        RunAead("chacha20_poly1305", 0, CryptoAlgorithm.ChaCha20Poly1305, 16, "the nonce has 96 bits");
    }

    [TestMethod]
    public void HMAC_SHA_1_passes_Wycheproof()
    {
        RunHmac("hmac_sha1", CryptoAlgorithm.Sha1);
    }

    [TestMethod]
    public void HMAC_SHA_256_passes_Wycheproof()
    {
        RunHmac("hmac_sha256", CryptoAlgorithm.Sha256);
    }

    [TestMethod]
    public void HMAC_SHA_384_passes_Wycheproof()
    {
        RunHmac("hmac_sha384", CryptoAlgorithm.Sha384);
    }

    /// <summary>
    /// TLS pads in another way than PKCS #5, so the whole blocks of the plaintext are compared, as the encryptor of an
    /// encrypt-then-MAC record makes them.
    /// </summary>
    [TestMethod]
    public void AES_CBC_passes_Wycheproof()
    {
        using JsonDocument document = Load("aes_cbc_pkcs5");
        CryptoProvider[] providers = Providers.All();
        foreach (JsonElement group in document.RootElement.GetProperty("testGroups").EnumerateArray())
        {
            int keySize = group.GetProperty("keySize").GetInt32();
            foreach (JsonElement test in group.GetProperty("tests").EnumerateArray())
            {
                byte[] plain = Bytes(test, "msg");
                byte[] expected = Bytes(test, "ct");
                int whole = plain.Length & ~15;
                if (keySize == 192 || whole == 0 || test.GetProperty("result").GetString() != "valid")
                {
                    _skipped++;
                    continue;
                }

                _run++;
                byte[] key = Bytes(test, "key");
                byte[] keys = new byte[32 + key.Length];
                key.CopyTo(keys, 32);
                for (int p = 0; p < providers.Length; p++)
                {
                    CbcContext context = providers[p].CreateCbc(keySize == 128 ? CryptoAlgorithm.Aes128CbcHmacSha256 : CryptoAlgorithm.Aes256CbcHmacSha256, keys, 0, true);
                    byte[] data = new byte[plain.Length + context.MaxOverhead];
                    plain.CopyTo(data, 0);
                    context.Seal(new byte[13], 0, 13, Bytes(test, "iv"), 0, data, 0, plain.Length);
                    Check.Equal(expected.AsSpan(0, whole).ToArray(), data.AsSpan(0, whole).ToArray(), Providers.Names[p] + " tcId " + test.GetProperty("tcId"));
                }
            }
        }

        Report("keys of 192 bits, no whole block, or PKCS #5 padding that is wrong");
    }

    private void RunAead(string file, int algorithm128, int algorithm256, int leastTag, string reason)
    {
        using JsonDocument document = Load(file);
        CryptoProvider[] providers = Providers.All();
        foreach (JsonElement group in document.RootElement.GetProperty("testGroups").EnumerateArray())
        {
            int keySize = group.GetProperty("keySize").GetInt32();
            int tagLength = group.GetProperty("tagSize").GetInt32() / 8;
            int algorithm = keySize == 128 ? algorithm128 : keySize == 256 ? algorithm256 : 0;
            bool isPossible = algorithm != 0 && group.GetProperty("ivSize").GetInt32() == 96 && (tagLength == leastTag || tagLength == 16);
            foreach (JsonElement test in group.GetProperty("tests").EnumerateArray())
            {
                if (!isPossible)
                {
                    _skipped++;
                    continue;
                }

                _run++;
                for (int p = 0; p < providers.Length; p++)
                {
                    VerifyAead(providers[p].CreateAead(algorithm, Bytes(test, "key"), 0, tagLength), test, Providers.Names[p] + " tcId " + test.GetProperty("tcId"));
                }
            }
        }

        Report(reason);
    }

    private static void VerifyAead(AeadContext context, JsonElement test, string what)
    {
        byte[] nonce = Bytes(test, "iv");
        byte[] aad = Bytes(test, "aad");
        byte[] plain = Bytes(test, "msg");
        byte[] cipher = Bytes(test, "ct");
        byte[] tag = Bytes(test, "tag");
        bool valid = test.GetProperty("result").GetString() == "valid";
        byte[] record = new byte[plain.Length + context.TagLength];
        plain.CopyTo(record, 0);
        context.Seal(nonce, 0, aad, 0, aad.Length, record, 0, plain.Length);
        byte[] expected = [.. cipher, .. tag];
        Assert.AreEqual(valid, record.AsSpan().SequenceEqual(expected), what + ": sealed");
        Assert.AreEqual(valid, context.Open(nonce, 0, aad, 0, aad.Length, expected, 0, cipher.Length), what + ": opened");
        if (valid)
        {
            Check.Equal(plain, expected.AsSpan(0, plain.Length).ToArray(), what);
        }
    }

    private void RunHmac(string file, int hash)
    {
        using JsonDocument document = Load(file);
        CryptoProvider[] providers = Providers.All();
        foreach (JsonElement group in document.RootElement.GetProperty("testGroups").EnumerateArray())
        {
            int tagLength = group.GetProperty("tagSize").GetInt32() / 8;
            foreach (JsonElement test in group.GetProperty("tests").EnumerateArray())
            {
                _run++;
                byte[] key = Bytes(test, "key");
                byte[] data = Bytes(test, "msg");
                byte[] expected = Bytes(test, "tag");
                bool valid = test.GetProperty("result").GetString() == "valid";
                for (int p = 0; p < providers.Length; p++)
                {
                    byte[] actual = new byte[CryptoAlgorithm.HashSize(hash)];
                    providers[p].Hmac(hash, key, 0, key.Length, data, 0, data.Length, actual, 0);
                    Assert.AreEqual(valid, actual.AsSpan(0, tagLength).SequenceEqual(expected), Providers.Names[p] + " tcId " + test.GetProperty("tcId"));
                }
            }
        }

        Report("none; a shorter tag is compared with the first bytes");
    }

    private void Report(string reason)
    {
        TestContext.WriteLine(_run + " cases run over each of " + Providers.Names.Length + " providers, " + _skipped + " skipped: " + reason);
        Assert.IsGreaterThan(0, _run);
    }
}
