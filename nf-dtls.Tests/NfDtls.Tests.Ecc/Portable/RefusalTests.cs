using Microsoft.VisualStudio.TestTools.UnitTesting;
using NfDtls.Crypto.Software;

namespace NfDtls.Tests.Ecc;

/// <summary>What is no key, no point or no signature is refused.</summary>
[TestClass]
public class RefusalTests
{
    private const string Point = "04D12DFB5289C8D4F81208B70270398C342296970A0BCCB74C736FC7554494BF6356FBF3CA366CC23E8157854C13C58D6AAC23F046ADA30F8353E74F33039872AB";
    private const string Order = "FFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551";

    [TestMethod]
    public void Points_off_the_curve_or_in_another_encoding_are_refused()
    {
        CryptoProvider provider = Ecc.Software(1);
        byte[] point = Ecc.Bytes(Point);
        Assert.IsNotNull(Agree(provider, point), "the point as it is");
        for (int i = 0; i < 65; i++)
        {
            byte[] changed = Ecc.Bytes(Point);
            changed[i] ^= 1;
            Assert.IsNull(Agree(provider, changed), "byte " + i + " changed");
        }

        Assert.IsNull(Agree(provider, new byte[65]), "zeros");
        Assert.IsNull(Agree(provider, new byte[1]), "infinity");
        Assert.IsNull(Agree(provider, new byte[0]), "nothing");
        byte[] compressed = new byte[33];
        System.Array.Copy(point, 0, compressed, 0, 33);
        compressed[0] = 3;
        Assert.IsNull(Agree(provider, compressed), "compressed");
        byte[] longer = new byte[66];
        System.Array.Copy(point, 0, longer, 0, 65);
        Assert.IsNull(Agree(provider, longer), "one byte more");
    }

    /// <summary>(0, y) is a point of P-256, and so (p, y) would be one if coordinates were taken modulo p.</summary>
    [TestMethod]
    public void Coordinates_from_p_on_are_refused()
    {
        CryptoProvider provider = Ecc.Software(1);
        string y = "66485C780E2F83D72433BD5D84A06BB6541C2AF31DAE871728BF856A174F93F4";
        string zero = "0000000000000000000000000000000000000000000000000000000000000000";
        string p = "FFFFFFFF00000001000000000000000000000000FFFFFFFFFFFFFFFFFFFFFFFF";
        Assert.IsNotNull(Agree(provider, Ecc.Bytes("04" + zero + y)));
        Assert.IsNull(Agree(provider, Ecc.Bytes("04" + p + y)));
    }

    [TestMethod]
    public void Private_keys_out_of_range_are_refused_as_such()
    {
        CryptoProvider provider = Ecc.Software(1);
        byte[] point = Ecc.Bytes(Point);
        byte[] none = new byte[32];
        byte[] order = Ecc.Bytes(Order);
        byte[] all = Ecc.Bytes("FFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFF");
        byte[][] keys = new byte[][] { none, order, all };
        for (int i = 0; i < keys.Length; i++)
        {
            CryptoOperation agree = provider.Agree(NamedGroup.Secp256r1, keys[i], 0, point, 0, point.Length, new byte[32], 0);
            Assert.AreEqual(DtlsError.InternalError, Ecc.Run(agree), "agree " + i);
            StoredPrivateKey key = new StoredPrivateKey(KeyKind.Secp256r1, keys[i], 0, 32, null!);
            CryptoOperation sign = provider.Sign(SignatureScheme.EcdsaSecp256r1Sha256, key, none, 0, 32, new byte[72], 0);
            Assert.AreEqual(DtlsError.InternalError, Ecc.Run(sign), "sign " + i);
        }
    }

    [TestMethod]
    public void A_private_key_may_have_leading_zeros_or_lack_them()
    {
        CryptoProvider provider = Ecc.Software(1);
        byte[] hash = new byte[32];
        byte[] privateKey = new byte[32];
        byte[] publicKey = new byte[65];
        Ecc.Run(provider.GenerateKey(NamedGroup.Secp256r1, privateKey, 0, publicKey, 0));
        byte[] longer = new byte[35];
        System.Array.Copy(privateKey, 0, longer, 3, 32);
        byte[] signature = Ecc.Sign(provider, SignatureScheme.EcdsaSecp256r1Sha256, KeyKind.Secp256r1, longer, hash);
        Assert.IsTrue(Ecc.Verify(provider, SignatureScheme.EcdsaSecp256r1Sha256, KeyKind.Secp256r1, publicKey, hash, signature));
        longer[1] = 1;
        StoredPrivateKey key = new StoredPrivateKey(KeyKind.Secp256r1, longer, 0, 35, null!);
        CryptoOperation sign = provider.Sign(SignatureScheme.EcdsaSecp256r1Sha256, key, hash, 0, 32, new byte[72], 0);
        Assert.AreEqual(DtlsError.InternalError, Ecc.Run(sign));

        // 1 in a single byte; its public key is the base point.
        byte[] basePoint = Ecc.Bytes("046B17D1F2E12C4247F8BCE6E563A440F277037D812DEB33A0F4A13945D898C2964FE342E2FE1A7F9B8EE7EB4A7C0F9E162BCE33576B315ECECBB6406837BF51F5");
        signature = Ecc.Sign(provider, SignatureScheme.EcdsaSecp256r1Sha256, KeyKind.Secp256r1, new byte[] { 1 }, hash);
        Assert.IsTrue(Ecc.Verify(provider, SignatureScheme.EcdsaSecp256r1Sha256, KeyKind.Secp256r1, basePoint, hash, signature));
    }

    [TestMethod]
    public void An_X25519_secret_of_zeros_is_refused()
    {
        CryptoProvider provider = Ecc.Software(1);
        byte[] privateKey = Ecc.Bytes("a546e36bf0527c9d3b16154b82465edd62144c0ac1fc5a18506a2244ba449ac4");
        string[] loworder = new string[]
        {
            "0000000000000000000000000000000000000000000000000000000000000000",
            "0100000000000000000000000000000000000000000000000000000000000000",
            "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
            "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
            "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
            "e0eb7a7c3b41b8ae1656e3faf19fc46ada098deb9c32b1fd866205165f49b800",
        };
        for (int i = 0; i < loworder.Length; i++)
        {
            Assert.IsNull(Ecc.Agree(provider, NamedGroup.X25519, privateKey, Ecc.Bytes(loworder[i])), loworder[i]);
        }

        Assert.IsNull(Ecc.Agree(provider, NamedGroup.X25519, privateKey, new byte[31]), "31 bytes");
        Assert.IsNull(Ecc.Agree(provider, NamedGroup.X25519, privateKey, new byte[33]), "33 bytes");
    }

    [TestMethod]
    public void Without_entropy_neither_keys_nor_signatures_are_made()
    {
        SoftwareEccProvider provider = new SoftwareEccProvider(new NoRandom());
        byte[] privateKey = new byte[] { 7, 7 };
        Assert.AreEqual(DtlsError.NoEntropy, Ecc.Run(provider.GenerateKey(NamedGroup.Secp256r1, new byte[32], 0, new byte[65], 0)));
        Assert.AreEqual(DtlsError.NoEntropy, Ecc.Run(provider.GenerateKey(NamedGroup.X25519, new byte[32], 0, new byte[32], 0)));
        StoredPrivateKey key = new StoredPrivateKey(KeyKind.Secp256r1, privateKey, 0, 2, null!);
        CryptoOperation sign = provider.Sign(SignatureScheme.EcdsaSecp256r1Sha256, key, new byte[32], 0, 32, new byte[72], 0);
        Assert.AreEqual(DtlsError.NoEntropy, Ecc.Run(sign));
    }

    [TestMethod]
    public void Scalars_that_the_generator_draws_out_of_range_are_drawn_again()
    {
        NoRandom random = new NoRandom();
        random.Draws = 3;
        byte[] privateKey = new byte[32];
        byte[] publicKey = new byte[65];
        SoftwareEccProvider provider = new SoftwareEccProvider(random);
        Assert.AreEqual(DtlsError.None, Ecc.Run(provider.GenerateKey(NamedGroup.Secp256r1, privateKey, 0, publicKey, 0)));
        Assert.AreEqual((byte)1, privateKey[31], "0 and the largest number are passed over");
        Ecc.Equal(
            Ecc.Bytes("046B17D1F2E12C4247F8BCE6E563A440F277037D812DEB33A0F4A13945D898C2964FE342E2FE1A7F9B8EE7EB4A7C0F9E162BCE33576B315ECECBB6406837BF51F5"),
            publicKey, "the base point");
    }

    /// <summary>Draws 0, then all ones, then 1, and then has no more.</summary>
    private sealed class NoRandom : CryptoProvider
    {
        internal int Draws;

        public override bool Supports(int algorithm)
        {
            return true;
        }

        public override void Random(byte[] destination, int offset, int count)
        {
            if (Draws == 0)
            {
                throw new System.InvalidOperationException("no entropy");
            }

            for (int i = 0; i < count; i++)
            {
                destination[offset + i] = (byte)(Draws == 2 ? 0xFF : 0);
            }

            if (Draws == 1)
            {
                destination[offset + count - 1] = 1;
            }

            Draws--;
        }
    }

    private static byte[]? Agree(CryptoProvider provider, byte[] point)
    {
        return Ecc.Agree(provider, NamedGroup.Secp256r1, Ecc.Bytes("C88F01F510D9AC3F70A292DAA2316DE544E9AAB8AFE84049C62A9C57862D1433"), point);
    }
}
