using System;
using System.Security.Cryptography;
using System.Text;
using Microsoft.VisualStudio.TestTools.UnitTesting;
using NfDtls.Dtls13;

namespace NfDtls.Tests.Dtls13;

/// <summary>Keys made of other keys, against what Python's hmac and hashlib made of the same input.</summary>
[TestClass]
public class PskImporterTests
{
    /// <summary>Key 00..0f of "sensor-1" in the context "roles"; the binder is over a transcript that is the hash of "hello0".</summary>
    [TestMethod]
    [DataRow(
        false, "000873656e736f722d310005726f6c6573fefc0001", "aabea4aa46da617fa46f26aa1eb6b578a3d0484ba31aead54e6d6853ee7cf56a",
        "0837496dcbb218f10027dbb1358c434bf2770271772604d376ebca5cb06f6e49")]
    [DataRow(
        true, "000873656e736f722d310005726f6c6573fefc0002",
        "a152cd3ad3c8d6b2f507346d83ea41052d65a8d23edb8763d2e7fd80ad333a36a219cebc01b9885f0dc545ce79241b22",
        "a4739813fb5519399a5e9440cc576d6f932e7ba01f354699c7d8448dae9948094047a9300b7a30fed8e8fb79cef56f72")]
    public void A_key_is_imported_as_another_implementation_imports_it(bool is384, string identity, string key, string binder)
    {
        int hash = is384 ? CryptoAlgorithm.Sha384 : CryptoAlgorithm.Sha256;
        foreach (CryptoProvider crypto in Providers.All())
        {
            if (!crypto.Supports(hash))
            {
                continue;
            }

            PskImporter importer = new(Encoding.ASCII.GetBytes("roles"));
            byte[] secret = new byte[16];
            for (int i = 0; i < secret.Length; i++)
            {
                secret[i] = (byte)i;
            }

            OfferedKey offered = OfferedKey.Import(importer, crypto, Encoding.ASCII.GetBytes("sensor-1"), secret, hash);
            Is(identity, offered.Identity);
            Is(key, offered.Key);
            Is(binder, Bind(crypto, offered));
        }
    }

    /// <summary>A resumption_master_secret that counts from 64 on, a nonce of one zero.</summary>
    [TestMethod]
    [DataRow(
        false, "3ba4dcf2ec19a6947c4fd1f9c973edb98b28290388bfa66950c8bf7dc1c00ab5", "248bde407a49fa31a758b5ded5982aa557fe16e5bd0fe51ccc0500e19ad6b56c")]
    [DataRow(
        true, "36b2927b9be591e261be25c55863afd1fbe076ae9b706c88d3b4c5b59bee6096c268347e632676723b3968e7be558c94",
        "f443641d23dfab01945e4de66f0e5737089b7467bc86d489e374307c726bc71b2aefb4f5c2e05c21f8920f4380f335a5")]
    public void A_sessions_key_is_what_another_implementation_makes_of_secret_and_nonce(bool is384, string key, string binder)
    {
        int hash = is384 ? CryptoAlgorithm.Sha384 : CryptoAlgorithm.Sha256;
        foreach (CryptoProvider crypto in Providers.All())
        {
            if (!crypto.Supports(hash))
            {
                continue;
            }

            byte[] secret = new byte[CryptoAlgorithm.HashSize(hash)];
            for (int i = 0; i < secret.Length; i++)
            {
                secret[i] = (byte)(100 + i);
            }

            ResumedKey session = new() { Ticket = [1], Secret = secret, Nonce = [0], Age = 5, AgeAdd = 0xFFFFFFFF };
            OfferedKey offered = OfferedKey.Of(crypto, session, hash);
            Is(key, offered.Key);
            Is(binder, Bind(crypto, offered));
            Assert.AreEqual(4L, offered.Age);
            Is(new string('0', 2 * secret.Length), secret);
        }
    }

    [TestMethod]
    public void What_is_no_identity_of_this_version_is_not_read_as_one()
    {
        byte[] right = new PskImporter([7]).IdentityFor([1, 2, 3], CryptoAlgorithm.Sha384);
        Assert.AreEqual(CryptoAlgorithm.Sha384, Read(right));
        for (int length = 0; length < right.Length; length++)
        {
            Assert.AreEqual(0, Read(right[..length]), "length " + length);
        }

        Assert.AreEqual(0, Read([.. right, 0]));
        right[^1] = 3;
        Assert.AreEqual(0, Read(right), "another KDF");
        right[^1] = 1;
        right[^3] = 0xFD;
        Assert.AreEqual(0, Read(right), "another version");
        Assert.AreEqual(0, Read(new PskImporter([]).IdentityFor([], CryptoAlgorithm.Sha256)), "no identity");
        Assert.ThrowsExactly<ArgumentException>(() => new PskImporter(new byte[129]));
    }

    private static int Read(byte[] identity)
    {
        return PskImporter.Read(new WireReader(), identity, 0, identity.Length, out _, out _);
    }

    private static byte[] Bind(CryptoProvider crypto, OfferedKey offered)
    {
        bool is384 = offered.Hash == CryptoAlgorithm.Sha384;
        byte[] nothing = is384 ? SHA384.HashData([]) : SHA256.HashData([]);
        byte[] hello = is384 ? SHA384.HashData("hello0"u8) : SHA256.HashData("hello0"u8);
        byte[] binder = new byte[hello.Length];
        SecretTree tree = new(crypto, SecretTree.Prefix);
        tree.Begin(offered.Hash, nothing, offered.Key, 0, offered.Key.Length);
        tree.Bind(offered.Label, hello, 0, binder, 0);
        return binder;
    }

    private static void Is(string expected, byte[] bytes)
    {
        Assert.AreEqual(expected, Convert.ToHexStringLower(bytes));
    }
}
