using Microsoft.VisualStudio.TestTools.UnitTesting;
using NfDtls.Crypto.Software;

namespace NfDtls.Tests.Ecc;

/// <summary>Known answers of the RFCs.</summary>
[TestClass]
public class VectorTests
{
    [TestMethod]
    public void X25519_gives_the_answers_of_RFC_7748_section_5_2()
    {
        CheckAgreement(
            NamedGroup.X25519,
            "a546e36bf0527c9d3b16154b82465edd62144c0ac1fc5a18506a2244ba449ac4",
            "e6db6867583030db3594c1a424b15f7c726624ec26b3353b10a903a6d0ab1c4c",
            "c3da55379de9c6908e94ea4df28d084f32eccf03491c71f754b4075577a28552");
        CheckAgreement(
            NamedGroup.X25519,
            "4b66e9d4d1b4673c5ad22691957d6af5c11b6421e0ea01d42ca4169e7918ba0d",
            "e5210f12786811d3f4b7959d0538ae2c31dbe7106fc03c3efc4cd549c715a493",
            "95cbde9476e8907d7aade45cb4b873f88b595a68799fa152e6f8f7647aac7957");
        CheckAgreement(
            NamedGroup.X25519,
            "0900000000000000000000000000000000000000000000000000000000000000",
            "0900000000000000000000000000000000000000000000000000000000000000",
            "422c8e7a6227d7bca1350b3e2bb7279f7897b87bb6854b783c60e80311ae3079");
    }

    [TestMethod]
    public void ECDH_gives_the_answers_of_RFC_5903_section_8()
    {
        CheckAgreement(
            NamedGroup.Secp256r1,
            "C88F01F510D9AC3F70A292DAA2316DE544E9AAB8AFE84049C62A9C57862D1433",
            "04D12DFB5289C8D4F81208B70270398C342296970A0BCCB74C736FC7554494BF6356FBF3CA366CC23E8157854C13C58D6AAC23F046ADA30F8353E74F33039872AB",
            "D6840F6B42F6EDAFD13116E0E12565202FEF8E9ECE7DCE03812464D04B9442DE");
        CheckAgreement(
            NamedGroup.Secp384r1,
            "099F3C7034D4A2C699884D73A375A67F7624EF7C6B3C0F160647B67414DCE655E35B538041E649EE3FAEF896783AB194",
            "04E558DBEF53EECDE3D3FCCFC1AEA08A89A987475D12FD950D83CFA41732BC509D0D1AC43A0336DEF96FDA41D0774A3571"
                + "DCFBEC7AACF3196472169E838430367F66EEBE3C6E70C416DD5F0C68759DD1FFF83FA40142209DFF5EAAD96DB9E6386C",
            "11187331C279962D93D604243FD592CB9D0A926F422E47187521287E7156C5C4D603135569B9E9D09CF5D4A270F59746");
    }

    [TestMethod]
    public void Ed25519_signs_with_the_keys_of_RFC_8032_section_7_1_what_verifies()
    {
        CheckEd25519Key(
            "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60", "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a");
        CheckEd25519Key(
            "4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb", "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c");
    }

    [TestMethod]
    public void Public_keys_are_those_of_RFC_6979_appendix_A_2()
    {
        CheckPublicKey(
            KeyKind.Secp256r1, "C9AFA9D845BA75166B5C215767B1D6934E50C3DB36E89B127B8A622B120F6721",
            "0460FED4BA255A9D31C961EB74C6356D68C049B8923B61FA6CE669622E60F29FB67903FE1008B8BC99A41AE9E95628BC64F2F1B20C2D7E9F5177A3C294D4462299");
        CheckPublicKey(
            KeyKind.Secp384r1, "006B9D3DAD2E1B8C1C05B19875B6659F4DE23C3B667BF297BA9AA47740787137D896D5724E4C70A825F872C9EA60D2EDF5",
            "04EC3A4E415B4E19A4568618029F427FA5DA9A8BC4AE92E02E06AAE5286B300C64DEF8F0EA9055866064A254515480BC13"
                + "8015D9B72D7D57244EA8EF9AC0C621896708A59367F9DFB9F54CA84B3F1C9DB1288B231C3AE0D4FE7344FD2533264720");
    }

    [TestMethod]
    public void Ed25519_verifies_the_signatures_of_RFC_8032_section_7_1()
    {
        CheckEd25519(
            "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a",
            "",
            "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b");
        CheckEd25519(
            "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c",
            "72",
            "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00");
        CheckEd25519(
            "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025",
            "af82",
            "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a");
    }

    /// <summary>RFC 6979 appendix A.2.5 and A.2.6, where there is no additional data: "sample", and the number of its signature.</summary>
    [TestMethod]
    public void The_nonce_without_additional_data_is_that_of_RFC_6979()
    {
        CheckNonce(
            P256.Make(new P256Field()), CryptoAlgorithm.Sha256,
            "C9AFA9D845BA75166B5C215767B1D6934E50C3DB36E89B127B8A622B120F6721",
            "A6E3C57DD01ABE90086538398355DD4C3B17AA873382B0F24D6129493D8AAD60");
        CheckNonce(
            P256.Make(new P256Field()), CryptoAlgorithm.Sha384,
            "C9AFA9D845BA75166B5C215767B1D6934E50C3DB36E89B127B8A622B120F6721",
            "09F634B188CEFD98E7EC88B1AA9852D734D0BC272F7D2A47DECC6EBEB375AAD4");
        CheckNonce(
            P384.Make(new P384Field()), CryptoAlgorithm.Sha384,
            "6B9D3DAD2E1B8C1C05B19875B6659F4DE23C3B667BF297BA9AA47740787137D896D5724E4C70A825F872C9EA60D2EDF5",
            "94ED910D1A099DAD3254E9242AE85ABDE4BA15168EAF0CA87A555FD56D10FBCA2907E3E83BA95368623B8C4686915CF9");
    }

    private static void CheckAgreement(int group, string privateKey, string peerKey, string secret)
    {
        byte[]? actual = Ecc.Agree(Ecc.Software(1), group, Ecc.Bytes(privateKey), Ecc.Bytes(peerKey));
        Ecc.Equal(Ecc.Bytes(secret), actual!, "secret of " + privateKey);
    }

    private static void CheckEd25519Key(string seed, string publicKey)
    {
        CheckPublicKey(KeyKind.Ed25519, seed, publicKey);
        CryptoProvider provider = Ecc.Software(1);
        byte[] secret = Ecc.Bytes(seed);
        byte[] message = Ecc.Bytes("af8201");
        byte[] signature = new byte[64];
        CryptoOperation signing = provider.Sign(SignatureScheme.Ed25519, new StoredPrivateKey(KeyKind.Ed25519, secret, 0, 32, null!), message, 0, 3, signature, 0);
        Assert.AreEqual(0, (int)Ecc.Run(signing));
        Assert.AreEqual(64, signing.Length);
        Assert.IsTrue(Ecc.Verify(provider, SignatureScheme.Ed25519, KeyKind.Ed25519, Ecc.Bytes(publicKey), message, signature));
    }

    private static void CheckPublicKey(int kind, string secret, string expected)
    {
        byte[] scalar = Ecc.Bytes(secret);
        byte[] made = new byte[expected.Length / 2];
        Assert.AreEqual(0, (int)Ecc.Run(Ecc.Software(1).DerivePublic(new StoredPrivateKey(kind, scalar, 0, scalar.Length, null!), made, 0)));
        Ecc.Equal(Ecc.Bytes(expected), made, "public key");
    }

    private static void CheckEd25519(string key, string message, string signature)
    {
        Assert.IsTrue(Ecc.Verify(Ecc.Software(1), SignatureScheme.Ed25519, KeyKind.Ed25519, Ecc.Bytes(key), Ecc.Bytes(message), Ecc.Bytes(signature)), key);
    }

    private static void CheckNonce(Curve curve, int hash, string privateKey, string expected)
    {
        SoftwareProvider inner = new SoftwareProvider(new FixedEntropy(1));
        HashContext context = inner.CreateHash(hash);
        byte[] message = new byte[] { (byte)'s', (byte)'a', (byte)'m', (byte)'p', (byte)'l', (byte)'e' };
        byte[] digest = new byte[context.Size];
        context.Update(message, 0, message.Length);
        context.Peek(digest, 0);

        EcdsaNumbers numbers = new EcdsaNumbers(curve.Order);
        numbers.LoadHash(digest, 0, digest.Length, curve.Size);
        byte[] number = new byte[curve.Size];
        curve.Order.Store(numbers.Hash, number, 0, number.Length);
        Nonce nonce = new Nonce(inner, curve.OrderBytes, hash, 0);
        nonce.Begin(Ecc.Bytes(privateKey), number);
        while (!nonce.Advance())
        {
        }

        Ecc.Equal(Ecc.Bytes(expected), nonce.Value, "nonce");
    }
}
