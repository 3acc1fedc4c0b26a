using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using System.Text.Json;
using Microsoft.VisualStudio.TestTools.UnitTesting;
using static NfDtls.Tests.Vectors.Wycheproof;

namespace NfDtls.Tests.Ecc;

/// <summary>
/// The vectors of Project Wycheproof, over every provider that supports the algorithm. They are not part of the repository:
/// the folder is named by NFDTLS_TEST_DATA or is one called "shared" beside the checkout; without it these tests are inconclusive.
/// </summary>
[TestClass]
public class WycheproofTests
{
    private const string NamedCurvePrefix = "3059301306072a8648ce3d020106082a8648ce3d030107034200";

    public TestContext TestContext { get; set; } = null!;

    private int _run;
    private readonly SortedDictionary<string, int> _skipped = [];

    [TestMethod]
    public void ECDH_over_points_passes_Wycheproof()
    {
        RunAgreement("ecdh_secp256r1_ecpoint", NamedGroup.Secp256r1, PointOf);
    }

    [TestMethod]
    public void ECDH_over_SubjectPublicKeyInfo_passes_Wycheproof()
    {
        RunAgreement("ecdh_secp256r1", NamedGroup.Secp256r1, PointInKeyInfo);
    }

    [TestMethod]
    public void X25519_passes_Wycheproof()
    {
        RunAgreement("x25519", NamedGroup.X25519, PointOf);
    }

    [TestMethod]
    public void ECDSA_passes_Wycheproof()
    {
        RunSignatures("ecdsa_secp256r1_sha256", SignatureScheme.EcdsaSecp256r1Sha256, KeyKind.Secp256r1, "publicKey", "uncompressed", true);
    }

    [TestMethod]
    public void Ed25519_passes_Wycheproof()
    {
        RunSignatures("ed25519", SignatureScheme.Ed25519, KeyKind.Ed25519, "publicKey", "pk", false);
    }

    private delegate byte[]? KeyReader(JsonElement test);

    private void RunAgreement(string file, int group, KeyReader reader)
    {
        using JsonDocument document = Load(file);
        List<(string Name, CryptoProvider Provider)> providers = Providers.With(CryptoAlgorithm.Agree + group);
        foreach (JsonElement test in Tests(document))
        {
            byte[]? peer = reader(test);
            if (peer == null)
            {
                Skip(test);
                continue;
            }

            // What is acceptable agrees here (a point of the twist), but for what the contract refuses: a compressed point, one
            // with another y, and a secret of zeros.
            byte[] privateKey = PrivateKey(test, group);
            byte[] expected = Bytes(test, "shared");
            bool isRefused = test.GetProperty("result").GetString() == "invalid"
                || HasFlag(test, "CompressedPoint") || HasFlag(test, "InvalidAsn") || HasFlag(test, "ZeroSharedSecret");
            _run++;
            foreach ((string name, CryptoProvider provider) in providers)
            {
                string what = name + " tcId " + test.GetProperty("tcId");
                byte[]? secret = Ecc.Agree(provider, group, privateKey, peer);
                Assert.AreEqual(isRefused, secret == null, what + ": refused");
                if (secret != null)
                {
                    Ecc.Equal(expected, secret, what);
                }
            }
        }

        Report(providers);
    }

    private void RunSignatures(string file, int scheme, int kind, string keyName, string keyForm, bool isHashed)
    {
        using JsonDocument document = Load(file);
        List<(string Name, CryptoProvider Provider)> providers = Providers.With(CryptoAlgorithm.VerifyWith(scheme, kind));
        foreach (JsonElement group in document.RootElement.GetProperty("testGroups").EnumerateArray())
        {
            byte[] key = Convert.FromHexString(group.GetProperty(keyName).GetProperty(keyForm).GetString()!);
            foreach (JsonElement test in group.GetProperty("tests").EnumerateArray())
            {
                _run++;
                byte[] data = isHashed ? SHA256.HashData(Bytes(test, "msg")) : Bytes(test, "msg");
                bool isValid = test.GetProperty("result").GetString() == "valid";
                foreach ((string name, CryptoProvider provider) in providers)
                {
                    Assert.AreEqual(isValid, Ecc.Verify(provider, scheme, kind, key, data, Bytes(test, "sig")), name + " tcId " + test.GetProperty("tcId"));
                }
            }
        }

        Report(providers);
    }

    private static byte[]? PointOf(JsonElement test)
    {
        return Bytes(test, "public");
    }

    /// <summary>The point of a SubjectPublicKeyInfo in the one form that names the curve; another form is a matter of X.509.</summary>
    private static byte[]? PointInKeyInfo(JsonElement test)
    {
        string info = test.GetProperty("public").GetString()!;
        bool isPlain = info.StartsWith(NamedCurvePrefix, StringComparison.Ordinal) && info.Length == NamedCurvePrefix.Length + 130;
        return isPlain ? Convert.FromHexString(info[NamedCurvePrefix.Length..]) : null;
    }

    private static byte[] PrivateKey(JsonElement test, int group)
    {
        string hex = test.GetProperty("private").GetString()!;
        if (group == NamedGroup.X25519)
        {
            return Convert.FromHexString(hex);
        }

        hex = hex.TrimStart('0');
        return Convert.FromHexString(hex.PadLeft(2 * NamedGroup.SecretLength(group), '0'));
    }

    private static bool HasFlag(JsonElement test, string flag)
    {
        return test.GetProperty("flags").EnumerateArray().Any(f => f.GetString() == flag);
    }

    private static IEnumerable<JsonElement> Tests(JsonDocument document)
    {
        return document.RootElement.GetProperty("testGroups").EnumerateArray().SelectMany(g => g.GetProperty("tests").EnumerateArray());
    }

    private void Skip(JsonElement test)
    {
        string reason = "not the named curve's plain SubjectPublicKeyInfo (" + test.GetProperty("flags")[0].GetString() + ")";
        _skipped[reason] = _skipped.GetValueOrDefault(reason) + 1;
    }

    private void Report(List<(string Name, CryptoProvider Provider)> providers)
    {
        TestContext.WriteLine(_run + " cases run over " + string.Join(", ", providers.Select(p => p.Name)) + "; " + _skipped.Values.Sum() + " skipped");
        foreach ((string reason, int count) in _skipped)
        {
            TestContext.WriteLine("  " + count + " " + reason);
        }

        Assert.IsGreaterThan(0, _run);
        Assert.IsNotEmpty(providers);
    }
}
