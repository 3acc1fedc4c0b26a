using Microsoft.VisualStudio.TestTools.UnitTesting;

namespace NfDtls.Tests.Crypto;

/// <summary>The TLS 1.2 PRF, over every provider.</summary>
[TestClass]
public class PrfTests
{
    // "test label"
    private const string Label = "74657374206c6162656c";

    [TestMethod]
    public void The_PRF_over_SHA_256_gives_the_known_answer()
    {
        Verify(
            CryptoAlgorithm.Sha256,
            "9bbe436ba940f017b17652849a71db35",
            Label + "a0ba9f936cda311827a6f796ffd5198c",
            "e3f229ba727be17b8d122620557cd453c2aab21d07c3d495329b52d4e61edb5a6b301791e90d35c9c9a46b4e14baf9af0fa022f7077def17abfd3797c0564bab4fbc91666e9def9b97fce34f796789baa48082d122ee42c5a72e5a5110fff70187347b66");
    }

    [TestMethod]
    public void The_PRF_over_SHA_384_gives_the_known_answer()
    {
        Verify(
            CryptoAlgorithm.Sha384,
            "b80b733d6ceefcdc71566ea48e5567df",
            Label + "cd665cf6a8447dd6ff8b27555edb7465",
            "7b0c18e9ced410ed1804f2cfa34a336a1c14dffb4900bb5fd7942107e81c83cde9ca0faa60be9fe34f82b1233c9146a0e534cb400fed2700884f9dc236f80edd8bfa961144c9e8d792eca722a7b32fc3d416d473ebc2c5fd4abfdad05d9184259b5bf8cd4d90fa0d31e2dec479e4f1a26066f2eea9a69236a3e52655c9e9aee691c8f3a26854308d5eaa3be85e0990703d73e56f");
    }

    private static void Verify(int hash, string secret, string seed, string expected)
    {
        byte[] secretBytes = Check.Bytes("ee" + secret);
        byte[] seedBytes = Check.Bytes("eeee" + seed);
        CryptoProvider[] providers = Providers.All();
        for (int p = 0; p < providers.Length; p++)
        {
            // Every length: the output is a prefix of the longest one.
            for (int count = 0; count <= expected.Length / 2; count++)
            {
                byte[] actual = new byte[count + 2];
                providers[p].Prf(hash, secretBytes, 1, secretBytes.Length - 1, seedBytes, 2, seedBytes.Length - 2, actual, 1, count);
                Check.Equal("00" + expected.Substring(0, 2 * count) + "00", actual, Providers.Names[p]);
            }
        }
    }
}
