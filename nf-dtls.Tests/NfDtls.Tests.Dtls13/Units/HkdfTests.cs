using System;
using System.Text.Json;
using Microsoft.VisualStudio.TestTools.UnitTesting;
using NfDtls.Dtls13;
using static NfDtls.Tests.Vectors.Wycheproof;

namespace NfDtls.Tests.Dtls13;

/// <summary>HKDF over the HMAC of every provider.</summary>
[TestClass]
public class HkdfTests
{
    [TestMethod]
    public void HKDF_is_that_of_RFC_5869()
    {
        Verify(
            CryptoAlgorithm.Sha256, Repeat("0b", 22), "000102030405060708090a0b0c", "f0f1f2f3f4f5f6f7f8f9",
            "077709362c2e32df0ddc3f0dc47bba6390b6c73bb50f9c3122ec844ad7c2b3e5",
            "3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56ecc4c5bf34007208d5b887185865");
        Verify(
            CryptoAlgorithm.Sha256, Count(0x00, 80), Count(0x60, 80), Count(0xB0, 80),
            "06a6b88c5853361a06104c9ceb35b45cef760014904671014a193f40c15fc244",
            "b11e398dc80327a1c8e7f78c596a49344f012eda2d4efad8a050cc4c19afa97c59045a99cac7827271cb41c65e590e09da3275600c2f09b8367793a9aca3db71cc30c58179ec3e87c14c01d5c1f3434f1d87");
        Verify(
            CryptoAlgorithm.Sha256, Repeat("0b", 22), "", "", "19ef24a32c717b167f33a91d6f648bdf96596776afdb6377ac434c1c293ccb04",
            "8da4e775a563c18f715f802a063c5a31b8a11f5c5ee1879ec3454e5f3c738d2d9d201395faa4b61a96c8");
        Verify(
            CryptoAlgorithm.Sha1, Repeat("0b", 11), "000102030405060708090a0b0c", "f0f1f2f3f4f5f6f7f8f9", "9b6c18c432a7bf8f0e71c8eb88f4b30baa2ba243",
            "085a01ea1b10f36933068b56efa5ad81a4f14b822f5b091568a9cdd4f155fda2c22e422478d305f3f896");
    }

    [TestMethod]
    public void HKDF_passes_Wycheproof()
    {
        int run = 0;
        using JsonDocument document = Load("hkdf_sha256");
        foreach (JsonElement group in document.RootElement.GetProperty("testGroups").EnumerateArray())
        {
            foreach (JsonElement test in group.GetProperty("tests").EnumerateArray())
            {
                byte[] secret = Bytes(test, "ikm");
                byte[] salt = Bytes(test, "salt");
                byte[] info = Bytes(test, "info");
                byte[] output = new byte[test.GetProperty("size").GetInt32()];
                foreach (CryptoProvider crypto in Providers.All())
                {
                    Hkdf hkdf = new(crypto, 32, info.Length);
                    byte[] key = new byte[32];
                    hkdf.Extract(CryptoAlgorithm.Sha256, salt, 0, salt.Length, secret, 0, secret.Length, key, 0);
                    if (test.GetProperty("result").GetString() == "invalid")
                    {
                        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => hkdf.Expand(CryptoAlgorithm.Sha256, key, 0, info, 0, info.Length, output, 0, output.Length));
                        continue;
                    }

                    hkdf.Expand(CryptoAlgorithm.Sha256, key, 0, info, 0, info.Length, output, 0, output.Length);
                    Assert.AreEqual(test.GetProperty("okm").GetString(), Convert.ToHexStringLower(output), "tcId " + test.GetProperty("tcId"));
                }

                run++;
            }
        }

        Assert.IsGreaterThan(0, run);
    }

    private static void Verify(int hash, string secretHex, string saltHex, string infoHex, string key, string output)
    {
        byte[] secret = Convert.FromHexString(secretHex);
        byte[] salt = Convert.FromHexString(saltHex);
        byte[] info = Convert.FromHexString(infoHex);
        int size = CryptoAlgorithm.HashSize(hash);
        foreach (CryptoProvider crypto in Providers.All())
        {
            Hkdf hkdf = new(crypto, 64, 100);
            byte[] bytes = new byte[2 + size + output.Length / 2];
            hkdf.Extract(hash, salt, 0, salt.Length, secret, 0, secret.Length, bytes, 1);
            Assert.AreEqual(key, Convert.ToHexStringLower(bytes.AsSpan(1, size)));
            hkdf.Expand(hash, bytes, 1, info, 0, info.Length, bytes, 1 + size, output.Length / 2);
            Assert.AreEqual(output, Convert.ToHexStringLower(bytes.AsSpan(1 + size, output.Length / 2)));
        }
    }

    private static string Repeat(string text, int count)
    {
        return string.Concat(System.Linq.Enumerable.Repeat(text, count));
    }

    private static string Count(int first, int count)
    {
        byte[] bytes = new byte[count];
        for (int i = 0; i < count; i++)
        {
            bytes[i] = (byte)(first + i);
        }

        return Convert.ToHexString(bytes);
    }
}
