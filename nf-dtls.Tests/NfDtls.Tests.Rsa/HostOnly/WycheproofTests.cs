using System;
using System.IO;
using System.Security.Cryptography;
using System.Text.Json;
using Microsoft.VisualStudio.TestTools.UnitTesting;
using static NfDtls.Tests.Vectors.Wycheproof;

namespace NfDtls.Tests.Rsa;

/// <summary>
/// The vectors of Project Wycheproof, over every provider that supports the algorithm. They are not part of the repository:
/// the folder is named by NFDTLS_TEST_DATA or is one called "shared" beside the checkout; without it these tests are
/// inconclusive.
/// </summary>
[TestClass]
public class WycheproofTests
{
    public TestContext TestContext { get; set; } = null!;

    [TestMethod]
    public void PKCS_1_signatures_pass_Wycheproof()
    {
        RunSignatures("rsa_signature_2048_sha256", SignatureScheme.RsaPkcs1Sha256);
    }

    [TestMethod]
    public void PSS_signatures_pass_Wycheproof()
    {
        RunSignatures("rsa_pss_2048_sha256_mgf1_32", SignatureScheme.RsaPssRsaeSha256);
    }

    /// <summary>A ciphertext that is not valid gives random bytes of the length asked for, and no error.</summary>
    [TestMethod]
    public void PKCS_1_decryption_passes_Wycheproof()
    {
        using JsonDocument document = Load("rsa_pkcs1_2048");
        CryptoProvider[] providers = Providers.All();
        for (int p = 0; p < providers.Length; p++)
        {
            int run = 0;
            int skipped = 0;
            foreach (JsonElement group in document.RootElement.GetProperty("testGroups").EnumerateArray())
            {
                StoredPrivateKey key = PrivateKeyOf(group.GetProperty("privateKey"));
                foreach (JsonElement test in group.GetProperty("tests").EnumerateArray())
                {
                    if (!providers[p].Supports(CryptoAlgorithm.RsaDecrypt))
                    {
                        skipped++;
                        continue;
                    }

                    run++;
                    CheckDecryption(providers[p], key, test, Providers.Names[p] + " tcId " + test.GetProperty("tcId"));
                }
            }

            Report("rsa_pkcs1_2048", p, run, skipped);
        }
    }

    private static void CheckDecryption(CryptoProvider provider, StoredPrivateKey key, JsonElement test, string what)
    {
        byte[] plain = Bytes(test, "msg");
        byte[] cipher = Bytes(test, "ct");
        if (test.GetProperty("result").GetString() == "valid")
        {
            CollectionAssert.AreEqual(plain, Providers.Decrypt(provider, key, cipher, plain.Length), what);
            return;
        }

        foreach (int length in new[] { plain.Length, 20, 48 })
        {
            byte[] first = Providers.Decrypt(provider, key, cipher, length);
            byte[] second = Providers.Decrypt(provider, key, cipher, length);
            Assert.IsFalse(length > 4 && first.AsSpan().SequenceEqual(plain), what);
            Assert.IsFalse(length > 4 && first.AsSpan().SequenceEqual(second), what + ": not random");
        }
    }

    private void RunSignatures(string file, int scheme)
    {
        using JsonDocument document = Load(file);
        CryptoProvider[] providers = Providers.All();
        for (int p = 0; p < providers.Length; p++)
        {
            int run = 0;
            int skipped = 0;
            foreach (JsonElement group in document.RootElement.GetProperty("testGroups").EnumerateArray())
            {
                JsonElement parts = group.GetProperty("publicKey");
                byte[] modulus = Bytes(parts, "modulus");
                byte[] exponent = Bytes(parts, "publicExponent");
                PublicKey key = new();
                key.SetRsa([.. modulus, .. exponent], 0, modulus.Length, modulus.Length, exponent.Length);
                foreach (JsonElement test in group.GetProperty("tests").EnumerateArray())
                {
                    if (!providers[p].Supports(CryptoAlgorithm.VerifyWith(scheme, KeyKind.Rsa)))
                    {
                        skipped++;
                        continue;
                    }

                    run++;

                    // "Acceptable" is an encoding that RFC 8017 lets a verifier take: we compare the whole block, and refuse it.
                    DtlsError expected = test.GetProperty("result").GetString() == "valid" ? DtlsError.None : DtlsError.DecryptError;
                    DtlsError actual = Providers.Verify(providers[p], scheme, key, SHA256.HashData(Bytes(test, "msg")), Bytes(test, "sig"));
                    if (test.GetProperty("result").GetString() != "acceptable" || Providers.Names[p] == "Software")
                    {
                        Assert.AreEqual(expected, actual, Providers.Names[p] + " tcId " + test.GetProperty("tcId"));
                    }
                }
            }

            Report(file, p, run, skipped);
        }
    }

    private void Report(string file, int provider, int run, int skipped)
    {
        TestContext.WriteLine(file + ": " + run + " cases run over " + Providers.Names[provider] + ", " + skipped + " skipped"
            + (skipped > 0 ? ": the provider does not support the algorithm" : ""));
        Assert.IsGreaterThan(0, run + skipped);
    }

    private static StoredPrivateKey PrivateKeyOf(JsonElement key)
    {
        return RsaKeys.Store(
        [
            Bytes(key, "modulus"), Bytes(key, "publicExponent"), Bytes(key, "privateExponent"), Bytes(key, "prime1"), Bytes(key, "prime2"),
            Bytes(key, "exponent1"), Bytes(key, "exponent2"), Bytes(key, "coefficient"),
        ]);
    }
}
