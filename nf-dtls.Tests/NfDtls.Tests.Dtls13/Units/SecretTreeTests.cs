using System;
using System.Security.Cryptography;
using System.Text;
using Microsoft.VisualStudio.TestTools.UnitTesting;
using NfDtls.Dtls13;

namespace NfDtls.Tests.Dtls13;

/// <summary>The schedule of secrets, against what another implementation made of the same input.</summary>
[TestClass]
public class SecretTreeTests
{
    /// <summary>
    /// Of Python's hmac, with the labels of DTLS: pre-shared key 00..0f, shared secret 64..83, transcripts that are hashes of
    /// "hello0", "hello1" and so on.
    /// </summary>
    [TestMethod]
    public void The_schedule_is_that_of_DTLS_with_SHA_256()
    {
        KnownAnswers known = new(CryptoAlgorithm.Sha256)
        {
            Early = "d926952ca8b7ec4a95941d1ada3a5203ceff8cceee34f574d23909eb314c40c0",
            Binder = "0e20c507d27fd5b6ec936b0e2ae0876fbdc006210df3a07a10445893b7d67e54",
            ResumptionBinder = "d01fcd520f42087c586596d3cbf52eefef45877fe7a85ae449062a5bab29a5a2",
            Handshake = "adf43354e56cd862d49b29766a12805771803334a68f620241cfc590aa328e2d",
            ClientHandshake = "e7a721a52db9fa171b090347a80129db3350263c6c7f60cfd596f47b75dc83ed",
            ServerHandshake = "4b297a8c630878335d57f2770cb847f2746b136680c5c097cb05decbecb54f4b",
            ServerFinished = "3d0262c0d4a8107a0f92f671a9153de4078fe01d687b1edb60c440086c7ec669",
            Master = "c1f7fd9769c001b6e92dd20e639ac11e4ac118c0b7560b923a8d6ba0d81e0674",
            ClientData = "3365fb6a28546fbbe0bcf74b74e4d54c0d1a574e3cfadab5d6d8ba0a54617066",
            Updated = "a75847492b1d6810218d81d8a12bbcad310c1ba78390c2e109d5d96b718e8f00",
            Exporter = "dc80aed3512b41370385775329d2d64f20ab2a6cd4ec235a62c8434264daca87",
            Exported = "8574f568f8eb93587cb697c6868bdeedafb7ac381cd663f587da021ef09851356e62ef17506aa3b1",
            Resumption = "7b5bfe83cdcb0732f911231f3381e312d9904cab5caca89f0d7cfc301087fb52",
            Ticket = "488564a55a94eb80df456298dad012af8a50a6dc6468a517bda7d5e0a980b288",
            Key = "78ab1a6d9257148ee02c87d28f294ead",
            Iv = "ef0b7be7ac37210485e33c93",
            NumberKey = "8cee68c669fd82b85f6691e5f5ba1921",
        };
        known.Verify();
    }

    [TestMethod]
    public void The_schedule_is_that_of_DTLS_with_SHA_384()
    {
        KnownAnswers known = new(CryptoAlgorithm.Sha384)
        {
            Early = "7c6797945bc129876cfb0f7df7a3f2650827cb0ae490a529ad69d6444294c941ce1309d785e0e0f2a1ff9f1ff7b6f845",
            Binder = "c4a931f1c545e12caf29a120c7a3fcb4b4a3663d47411ea8f840d287f1a0091ef139b67cbeeb8838f87f5ec7b55ee862",
            ResumptionBinder = "7302b2da7937250250ce9824e449574931edae19f188dc9f8bcbb8010765038f7a20660900804c700dc43e71c45022ca",
            Handshake = "3dbe99990684dcbd007cb323f622ebb68d4f275a16fc76f1ef2050bb6afe290705908a11f55afc222ca02ed51793f52f",
            ClientHandshake = "f7c6af6b949539c2b18c61679526f901acc667cc6400c66d1949ef9bf21885c9e1377d209c95e6e321df0f2a87fe552a",
            ServerHandshake = "dee7c8d2ef85d82b4a34db5627455cbb99e01ca4836b9360e53bf008ff848d8cf104116917ce124237e93cc221ce4150",
            ServerFinished = "e38a494222fa442c7cbdec64ed29e8174983e4deb1d3fad40e099fc0ce87744a53ac044a6e9bad9b7b9201509300a0d2",
            Master = "1111792c2c40efbf56bee639cc6a49fdaf5e9d710b2f4b0ae5225d0c3f03bab00de2bf1f1844026094d0922d40f8e87d",
            ClientData = "c57c495893e411591c3b9d50ea47e9afe52ddf5ae1f678aa25af65cd231bbcc17317eeadc6b16ee69e8bbe074cb31c32",
            Updated = "db9bbe0644f6be3239aa38b63b550e2a90dd27cc74e74f9cbc4627a074c30efcec8342aad349f4d27142d663d9dff2cc",
            Exporter = "0734ff602f87c81062576c94aa196598c554d8d50c5ed4030ee75beceed618aef0c3ac2caafabab748f3fe249e2150c6",
            Exported = "b98adde0e53b3660b97c648aef6e4470ff75024edb8ec65709c1b8d5c3c64d061bd769ebd3f51a5c",
            Resumption = "c8d8a050af1fa1f71cfc13939e17365dc0f14702c8c362778b9084c480aa7364b83a5ec2e729ac478c1aa3bf0e7b5543",
            Ticket = "55eea7d7268788c855babce25f62f764ea1c9b1ae552eb4a7197f5e770ee389e0183b1f444870b10e60904cb8bd9f8ba",
            Key = "d3742123e76eec9bb3da51b21aadff6a24d4635e9be3898abaf3e51b788a2582",
            Iv = "cfc8d7a54df841886295b648",
            NumberKey = "a429851d7fb874e182fac265b5cc1b0c847c31dab703d5b8f89096d1a4cc7ffd",
        };
        known.Verify();
    }

    /// <summary>The traces of RFC 8448, sections 3 and 4, by the labels of TLS.</summary>
    [TestMethod]
    public void The_schedule_with_the_labels_of_TLS_is_that_of_RFC_8448()
    {
        foreach (CryptoProvider crypto in Providers.All())
        {
            SecretTree tree = new(crypto, "tls13 ");
            byte[] empty = SHA256.HashData(Array.Empty<byte>());
            byte[] secret = new byte[32];
            byte[] output = new byte[32];
            tree.Begin(CryptoAlgorithm.Sha256, empty, null, 0, 0);
            Is("33ad0a1c607ec03b09e6cd9893680ce210adf300aa1f2660e1b22e10f170f92a", tree.Trunk, 32);
            byte[] shared = Hex("8bd4054fb55b9d63fdfbacf9f04b9f0d35e6d63f537563efd46272900f89492d");
            tree.Advance(shared, 0, 32);
            Is("1dc826e93606aa6fdc0aadc12f741b01046aa6b99f691ed221a9f0ca043fbeac", tree.Trunk, 32);
            byte[] hello = Hex("860c06edc07858ee8e78f0e7428c58edd6b43f2ca3e6e95f02ed063cf0e1cad8");
            tree.Derive("c hs traffic", hello, 0, secret, 0);
            Is("b3eddb126e067f35a780b3abf45e2d8f3b1a950738f52e9600746a0e27a55a21", secret, 32);
            tree.Verify(secret, 0, Hex("9608102a0f1ccc6db6250b7b7e417b1a000eaada3daae4777a7686c9ff83df13"), 0, output, 0);
            Is("a8ec436d677634ae525ac1fcebe11a039ec17694fac6e98527b642f2edd5ce61", output, 32);
            tree.Derive("s hs traffic", hello, 0, secret, 0);
            Is("b67b7d690cc16c4e75e54213cb2d37b4e9c912bcded9105d42befd59d391ad38", secret, 32);
            tree.Expand(secret, 0, "key", output, 0, 16);
            Is("3fce516009c21727d0f2e4e86ee403bc", output, 16);
            tree.Expand(secret, 0, "iv", output, 0, 12);
            Is("5d313eb2671276ee13000b30", output, 12);
            tree.Advance(null, 0, 0);
            Is("18df06843d13a08bf2a449844c5f8a478001bc4d4c627984d5a41da8d0402919", tree.Trunk, 32);
            byte[] finished = Hex("9608102a0f1ccc6db6250b7b7e417b1a000eaada3daae4777a7686c9ff83df13");
            tree.Derive("c ap traffic", finished, 0, secret, 0);
            Is("9e40646ce79a7f9dc05af8889bce6552875afa0b06df0087f792ebb7c17504a5", secret, 32);
            tree.Derive("s ap traffic", finished, 0, secret, 0);
            Is("a11af9f05531f856ad47116b45a950328204b4f44bfb6b3a4b4f1f3fcb631643", secret, 32);
            tree.Derive("exp master", finished, 0, secret, 0);
            Is("fe22f881176eda18eb8f44529e6792c50c9a3f89452f68d8ae311b4309d3cf50", secret, 32);
            tree.Derive("res master", Hex("209145a96ee8e2a122ff810047cc952684658d6049e86429426db87c54ad143d"), 0, secret, 0);
            Is("7df235f2031d2a051287d02b0241b0bfdaf86cc856231f2d5aba46c434ec196c", secret, 32);
            tree.Expand(secret, 0, "resumption", new byte[2], 0, 2, output, 0, 32);
            Is("4ecd0eb6ec3b4d87f5d6028f922ca4c5851a277fd41311c9e62d2c9492e1c4f3", output, 32);
            tree.Begin(CryptoAlgorithm.Sha256, empty, output, 0, 32);
            Is("9b2188e9b2fc6d64d71dc329900e20bb41915000f678aa839cbb797cb7d8332c", tree.Trunk, 32);
            tree.Bind(SecretTree.ResumptionBinder, Hex("63224b2e4573f2d3454ca84b9d009a04f6be9e05711a8396473aefa01e924a14"), 0, output, 0);
            Is("3add4fb2d8fdf822a0ca3cf7678ef5e88dae990141c5924d57bb6fa31b9e5f9d", output, 32);
        }
    }

    [TestMethod]
    public void A_cleared_tree_keeps_no_secret()
    {
        SecretTree tree = new(Providers.All()[0], SecretTree.Prefix);
        tree.Begin(CryptoAlgorithm.Sha256, new byte[32], new byte[16], 0, 16);
        tree.Clear();
        Is(new string('0', 64), tree.Trunk, 32);
    }

    private static byte[] Hex(string text)
    {
        return Convert.FromHexString(text);
    }

    private static void Is(string expected, byte[] actual, int count)
    {
        Assert.AreEqual(expected, Convert.ToHexStringLower(actual.AsSpan(0, count)));
    }

    private sealed class KnownAnswers
    {
        private readonly int _hash;
        private readonly int _size;

        internal KnownAnswers(int hash)
        {
            _hash = hash;
            _size = CryptoAlgorithm.HashSize(hash);
        }

        internal string Early { get; init; } = "";
        internal string Binder { get; init; } = "";
        internal string ResumptionBinder { get; init; } = "";
        internal string Handshake { get; init; } = "";
        internal string ClientHandshake { get; init; } = "";
        internal string ServerHandshake { get; init; } = "";
        internal string ServerFinished { get; init; } = "";
        internal string Master { get; init; } = "";
        internal string ClientData { get; init; } = "";
        internal string Updated { get; init; } = "";
        internal string Exporter { get; init; } = "";
        internal string Exported { get; init; } = "";
        internal string Resumption { get; init; } = "";
        internal string Ticket { get; init; } = "";
        internal string Key { get; init; } = "";
        internal string Iv { get; init; } = "";
        internal string NumberKey { get; init; } = "";

        internal void Verify()
        {
            foreach (CryptoProvider crypto in Providers.All())
            {
                Verify(new SecretTree(crypto, SecretTree.Prefix));
            }
        }

        private void Verify(SecretTree tree)
        {
            byte[] empty = Hash("");
            byte[] secret = new byte[_size];
            byte[] other = new byte[_size];
            tree.Begin(_hash, empty, Range(0, 16), 0, 16);
            Assert.AreEqual(_size, tree.Size);
            Is(Early, tree.Trunk, _size);
            tree.Bind(SecretTree.ExternalBinder, Hash("hello0"), 0, other, 0);
            Is(Binder, other, _size);
            tree.Bind(SecretTree.ResumptionBinder, Hash("hello0"), 0, other, 0);
            Is(ResumptionBinder, other, _size);
            tree.Advance(Range(100, 32), 0, 32);
            Is(Handshake, tree.Trunk, _size);
            tree.Derive("c hs traffic", Hash("hello1"), 0, secret, 0);
            Is(ClientHandshake, secret, _size);
            int keyLength = Key.Length / 2;
            tree.Expand(secret, 0, "key", other, 0, keyLength);
            Is(Key, other, keyLength);
            tree.Expand(secret, 0, "iv", other, 0, 12);
            Is(Iv, other, 12);
            tree.Expand(secret, 0, "sn", other, 0, keyLength);
            Is(NumberKey, other, keyLength);
            tree.Derive("s hs traffic", Hash("hello1"), 0, secret, 0);
            Is(ServerHandshake, secret, _size);
            tree.Verify(secret, 0, Hash("hello2"), 0, other, 0);
            Is(ServerFinished, other, _size);
            tree.Advance(null, 0, 0);
            Is(Master, tree.Trunk, _size);
            tree.Derive("c ap traffic", Hash("hello2"), 0, secret, 0);
            Is(ClientData, secret, _size);
            tree.Update(secret, 0);
            Is(Updated, secret, _size);
            tree.Derive("exp master", Hash("hello2"), 0, secret, 0);
            Is(Exporter, secret, _size);
            byte[] exported = new byte[40];
            tree.Expand(secret, 0, "EXPORTER-test", empty, 0, _size, other, 0, _size);
            tree.Expand(other, 0, "exporter", Hash("context"), 0, _size, exported, 0, 40);
            Is(Exported, exported, 40);
            tree.Derive("res master", Hash("hello3"), 0, secret, 0);
            Is(Resumption, secret, _size);
            tree.Expand(secret, 0, "resumption", [1], 0, 1, other, 0, _size);
            Is(Ticket, other, _size);
        }

        private byte[] Hash(string text)
        {
            byte[] bytes = Encoding.ASCII.GetBytes(text);
            return _hash == CryptoAlgorithm.Sha256 ? SHA256.HashData(bytes) : SHA384.HashData(bytes);
        }

        private static byte[] Range(int first, int count)
        {
            byte[] bytes = new byte[count];
            for (int i = 0; i < count; i++)
            {
                bytes[i] = (byte)(first + i);
            }

            return bytes;
        }
    }
}
