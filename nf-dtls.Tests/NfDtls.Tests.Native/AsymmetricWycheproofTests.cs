using System;
using System.Security.Cryptography;
using System.Text.Json;
using Microsoft.VisualStudio.TestTools.UnitTesting;
using static NfDtls.Tests.Vectors.Wycheproof;

namespace NfDtls.Tests.Crypto;

/// <summary>The vectors of Project Wycheproof for key agreement, signatures and RSA.</summary>
[TestClass]
public class AsymmetricWycheproofTests
{
    private int _run;
    private int _skipped;

    public TestContext TestContext { get; set; } = null!;

    [TestMethod]
    public void ECDH_over_P_256_passes_Wycheproof()
    {
        RunAgree("ecdh_secp256r1_ecpoint", NamedGroup.Secp256r1, "the point is uncompressed", (test, peer) => peer.Length == 65 || !Is(test, "acceptable"));
    }

    [TestMethod]
    public void X25519_passes_Wycheproof()
    {
        RunAgree("x25519", NamedGroup.X25519, "none", (_, _) => true);
    }

    [TestMethod]
    public void ECDSA_over_P_256_passes_Wycheproof()
    {
        CryptoProvider provider = Providers.Tested();
        Each("ecdsa_secp256r1_sha256", (group, test) =>
        {
            PublicKey key = Work.PublicKey(KeyKind.Secp256r1, Bytes(group.GetProperty("publicKey"), "uncompressed"));
            VerifySignature(provider, SignatureScheme.EcdsaSecp256r1Sha256, key, test, Is(test, "valid"));
        });
        Report("none");
    }

    [TestMethod]
    public void RSA_PKCS1_signatures_pass_Wycheproof()
    {
        CryptoProvider provider = Providers.Tested();
        Each("rsa_signature_2048_sha256", (group, test) =>
        {
            // One case lacks the NULL in the algorithm's parameters: RFC 8017 lets it be refused, and so it is.
            VerifySignature(provider, SignatureScheme.RsaPkcs1Sha256, RsaKey(group), test, Is(test, "valid"));
        });
        Report("none");
    }

    [TestMethod]
    public void RSA_PSS_signatures_pass_Wycheproof()
    {
        CryptoProvider provider = Providers.Tested();
        Each("rsa_pss_2048_sha256_mgf1_32", (group, test) =>
        {
            VerifySignature(provider, SignatureScheme.RsaPssRsaeSha256, RsaKey(group), test, Is(test, "valid"));
        });
        Report("none");
    }

    [TestMethod]
    public void RSA_decryption_passes_Wycheproof_and_answers_wrong_padding_with_random_bytes()
    {
        CryptoProvider provider = Providers.Tested();
        Each("rsa_pkcs1_2048", (group, test) =>
        {
            using RSA rsa = RSA.Create();
            rsa.ImportPkcs8PrivateKey(Bytes(group, "privateKeyPkcs8"), out _);
            StoredPrivateKey key = Work.PrivateKey(rsa);
            byte[] cipher = Bytes(test, "ct");
            byte[] expected = Bytes(test, "msg");
            _run++;
            int length = Is(test, "valid") ? expected.Length : 48;
            byte[] first = new byte[length + 1];
            byte[] second = new byte[length + 1];
            Work.Succeed(provider.RsaDecrypt(key, cipher, 0, cipher.Length, first, 0, length), Name(test));
            Work.Succeed(provider.RsaDecrypt(key, cipher, 0, cipher.Length, second, 0, length), Name(test));
            Assert.AreEqual(0, first[length], Name(test));
            if (Is(test, "valid"))
            {
                Check.Equal(expected, first[..length], Name(test));
            }
            else
            {
                Assert.IsFalse(first.AsSpan().SequenceEqual(second), Name(test) + ": nothing random");
            }
        });
        Report("none");
    }

    private void RunAgree(string file, int group, string reason, Func<JsonElement, byte[], bool> isPossible)
    {
        CryptoProvider provider = Providers.Tested();
        int length = NamedGroup.SecretLength(group);
        Each(file, (_, test) =>
        {
            byte[] peer = Bytes(test, "public");
            byte[] own = new byte[length];
            byte[] stored = Bytes(test, "private");
            byte[] expected = Bytes(test, "shared");
            if (!isPossible(test, peer))
            {
                _skipped++;
                return;
            }

            _run++;
            stored.AsSpan(Math.Max(0, stored.Length - length)).CopyTo(own.AsSpan(Math.Max(0, length - stored.Length)));
            byte[] secret = new byte[length];
            DtlsError error = Work.Run(provider.Agree(group, own, 0, peer, 0, peer.Length, secret, 0));
            bool isZero = group == NamedGroup.X25519 && Check.IsZero(expected, 0, expected.Length);
            if (Is(test, "invalid") || isZero)
            {
                Assert.AreEqual(DtlsError.IllegalParameter, error, Name(test));
            }
            else
            {
                Assert.AreEqual(DtlsError.None, error, Name(test));
                Check.Equal(expected, secret, Name(test));
            }
        });
        Report(reason);
    }

    private void VerifySignature(CryptoProvider provider, int scheme, PublicKey key, JsonElement test, bool valid)
    {
        byte[] signature = Bytes(test, "sig");
        byte[] hash = Work.Hash(scheme, Bytes(test, "msg"));
        _run++;
        DtlsError error = Work.Run(provider.Verify(scheme, key, hash, 0, hash.Length, signature, 0, signature.Length));
        Assert.AreEqual(valid ? DtlsError.None : DtlsError.DecryptError, error, Name(test));
    }

    private static PublicKey RsaKey(JsonElement group)
    {
        if (group.TryGetProperty("publicKey", out JsonElement key) && key.ValueKind == JsonValueKind.Object)
        {
            return Work.PublicKey(Bytes(key, "modulus"), Bytes(key, "publicExponent"));
        }

        using RSA rsa = RSA.Create();
        rsa.ImportSubjectPublicKeyInfo(Bytes(group, "publicKeyDer"), out _);
        RSAParameters parameters = rsa.ExportParameters(false);
        return Work.PublicKey(parameters.Modulus!, parameters.Exponent!);
    }

    private static void Each(string name, Action<JsonElement, JsonElement> run)
    {
        using JsonDocument document = Load(name);
        foreach (JsonElement group in document.RootElement.GetProperty("testGroups").EnumerateArray())
        {
            foreach (JsonElement test in group.GetProperty("tests").EnumerateArray())
            {
                run(group, test);
            }
        }
    }

    private void Report(string reason)
    {
        TestContext.WriteLine(_run + " cases run, " + _skipped + " skipped: " + reason);
        Assert.IsGreaterThan(0, _run);
    }

    private static bool Is(JsonElement test, string result)
    {
        return test.GetProperty("result").GetString() == result;
    }

    private static string Name(JsonElement test)
    {
        return "tcId " + test.GetProperty("tcId");
    }
}
