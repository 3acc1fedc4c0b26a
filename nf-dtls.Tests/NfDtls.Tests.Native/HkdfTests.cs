using System.Linq;
using System.Text.Json;
using Microsoft.VisualStudio.TestTools.UnitTesting;
using NfDtls.Native;
using static NfDtls.Tests.Vectors.Wycheproof;

namespace NfDtls.Tests.Crypto;

/// <summary>The native core's HKDF, which no provider has, against Wycheproof.</summary>
[TestClass]
public class HkdfTests
{
    [TestMethod]
    public void HKDF_passes_Wycheproof()
    {
        Providers.Native();
        int run = 0;
        using JsonDocument document = Load("hkdf_sha256");
        foreach (JsonElement test in document.RootElement.GetProperty("testGroups").EnumerateArray().SelectMany(group => group.GetProperty("tests").EnumerateArray()))
        {
            byte[] salt = Bytes(test, "salt");
            byte[] secret = Bytes(test, "ikm");
            byte[] info = Bytes(test, "info");
            byte[] output = new byte[test.GetProperty("size").GetInt32()];
            byte[] key = new byte[32];
            run++;
            Assert.AreEqual(32, NativeMethods.Hmac(CryptoAlgorithm.Sha256, salt, 0, salt.Length, secret, 0, secret.Length, key, 0));
            int result = NativeMethods.HkdfExpand(CryptoAlgorithm.Sha256, key, 0, 32, info, 0, info.Length, output, 0, output.Length);
            Assert.AreEqual(test.GetProperty("result").GetString() == "valid" ? 0 : -2, result, "tcId " + test.GetProperty("tcId"));
            if (result == 0)
            {
                Check.Equal(Bytes(test, "okm"), output, "tcId " + test.GetProperty("tcId"));
            }
        }

        Assert.IsGreaterThan(0, run);
    }
}
