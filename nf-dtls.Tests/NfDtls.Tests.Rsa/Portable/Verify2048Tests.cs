using Microsoft.VisualStudio.TestTools.UnitTesting;
using NfDtls.Crypto.Software;

namespace NfDtls.Tests.Rsa;

/// <summary>Signatures of 2048 bits, made by OpenSSL with a key that is gone; in plain C#, so that a board can run it.</summary>
[TestClass]
public class Verify2048Tests
{
    private const string Modulus =
        "9c52f5552c67001ae54093dbfd3c0b0cf5df9ef3a94b2d6b551307906c13c2fafa9dc1082843fd694f318799d8d06d2a9ac471b90273dd0a11cf7a1c" +
        "4ea8a2b15af5ca606fe1cdae2ec85bfe142aa36465f56683b5793d154d2e5103c6dc2cd895643831f829f49a63cf3c279d6db2f3cf768d0a4f5e4dc4" +
        "2ea9e747839c24db462a55c7abb3840ab3ccae908e77894899399797d5744c4c73c4e3ce80aac2c65104aac1c1bdcfb704bbd5ee6e791bcf3687ca3f" +
        "dbb7806ad9fd55637eb092a02730d2835ecdda610edb9791d294ff7ae31836c28bb53f7e207280f15049d6626ea07d5abad3418bf582d825097e96ab" +
        "eb6e1f535823b4184a481a5016aa462d";

    private const string Pkcs1 =
        "12c97c4d148e0c8b8cc80b91c37081d197fa7441316a7ffa1f6c24646693a130c0193e849ae981fe0fc4dcd37595d1eaf757fab722ce874a520448de" +
        "082975c616598c11928491893af6f8f20b6ecf30c6610dbdaa54cec8695c1d5f604163aff6a457ec624bc56d59b8a17bcba6e243827a2d7af8674006" +
        "7da90148e1bc1822816400999f7a92ed1f8c4ef2da347e91a6f1f722ec16c7b8f7dc7745dcdaf4312dab224ac5272fbf5cc55800dd5bb3aeab822fc2" +
        "d39c4c3f9e0f829b92d666104a24dcfe497c7a5a850a4acf44fb103e43b068f6971a58ebac3fa737557312a0ccaa6b9b0438aa7c1579217155e99e2c" +
        "a6fa1b2fd1ecc4508a7d9767114a3444";

    private const string Pss =
        "30760b72e857eb60aca73944c8eb305f302cf5b36104be6449ee421bd21cc5a0933a8b8c1f508f2c31b8eca1cd974a02b4dda50aa6bd2a3b926615bd" +
        "29b1af796b609e4f6ce43827d80dbacc6b28755bfbe8802b9c7f165d255eab119eb7bd2bc866049d1fcbe4e8d19a1ec526c260daa6da55d66efca159" +
        "2099d0ee5b5671cca2ed191b2ca2ba9f3d56058c587cbeba1206cce111c313f16ed8b70c5cbb61f8321fa2e66d5814137ecf4ad01e751e2cd1b1a624" +
        "59748bf75f8362dc4740807f354fa68ddee21f5c964f5a4fc84f1fa9310c67b07683105e355977d5bd449ecadac9c1f74aac029c5b1f3bcdbffbb2c5" +
        "6c9e881e67e3568201ccdcb65df7d8aa";

    private const string Hash = "20e18dd9752c4dd88526af94b8865bc2df5c78b743102279a8ebad9a4fd0327c";

    [TestMethod]
    public void A_PKCS1_signature_is_good_and_changed_ones_are_not()
    {
        VerifyAll(SignatureScheme.RsaPkcs1Sha256, Pkcs1);
    }

    [TestMethod]
    public void A_PSS_signature_is_good_and_changed_ones_are_not()
    {
        VerifyAll(SignatureScheme.RsaPssRsaeSha256, Pss);
    }

    private static void VerifyAll(int scheme, string text)
    {
        byte[] hash = Bytes(Hash);
        byte[] signature = Bytes(text);
        Expect(DtlsError.None, scheme, hash, signature, signature.Length, "as it is");
        Expect(DtlsError.DecryptError, scheme, hash, signature, signature.Length - 1, "a byte less");
        for (int at = 0; at < signature.Length; at += 51)
        {
            signature[at] ^= 1;
            Expect(DtlsError.DecryptError, scheme, hash, signature, signature.Length, "byte " + at.ToString());
            signature[at] ^= 1;
        }

        hash[31] ^= 1;
        Expect(DtlsError.DecryptError, scheme, hash, signature, signature.Length, "another hash");
    }

    private static void Expect(DtlsError expected, int scheme, byte[] hash, byte[] signature, int length, string what)
    {
        SoftwareRsaProvider provider = new SoftwareRsaProvider(new SoftwareProvider(new TestEntropySource(1)));
        byte[] modulus = Bytes(Modulus);
        byte[] exponent = new byte[] { 1, 0, 1 };
        byte[] both = new byte[modulus.Length + exponent.Length];
        System.Array.Copy(modulus, 0, both, 0, modulus.Length);
        System.Array.Copy(exponent, 0, both, modulus.Length, exponent.Length);
        PublicKey key = new PublicKey();
        key.SetRsa(both, 0, modulus.Length, modulus.Length, exponent.Length);
        CryptoOperation operation = provider.Verify(scheme, key, hash, 0, hash.Length, signature, 0, length);
        while (!operation.Step(100))
        {
        }

        Assert.AreEqual((int)expected, (int)operation.Error, what);
    }

    private static byte[] Bytes(string hex)
    {
        byte[] bytes = new byte[hex.Length / 2];
        for (int i = 0; i < hex.Length; i++)
        {
            int digit = hex[i] <= '9' ? hex[i] - '0' : hex[i] - 'a' + 10;
            bytes[i / 2] = (byte)(bytes[i / 2] << 4 | digit);
        }

        return bytes;
    }
}
