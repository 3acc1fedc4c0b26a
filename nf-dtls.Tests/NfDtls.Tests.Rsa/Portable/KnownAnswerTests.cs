using System;
using Microsoft.VisualStudio.TestTools.UnitTesting;
using NfDtls.Crypto.Software;

namespace NfDtls.Tests.Rsa;

/// <summary>Answers made by OpenSSL, with a key made for this test; in plain C#, so that a board can run it.</summary>
[TestClass]
public class KnownAnswerTests
{
    private static readonly string[] _parts = new string[]
    {
        "00d2dfeb8df80c205675a741a34a2429481befb0d5519ac9abb8fd0eed7dc1c4338ad33bbaee51d66ef9417eaf91c28e325eaab5a3caff2ff3bdbb26f9d60b51" +
        "ce49f62848c86fa7f37abb57701dc7ab0897fa25a6755a06009eef4f3f02678923537b8981e1322710635b32f9181a8aaa3b89641357e6bf1ef0e665d1d5f618" +
        "13",
        "010001",
        "00bde1fe14ef87d3d2a6ccbe111060f17f4a109255f3ce82cc8b9deb44351a36d706a9e0be197d3daedde978ef153c7098b09fdd41a9381270d3a6e398d2818c" +
        "dda57032460784a0415ff0de53a9a07cd7af0b1d97c721a6ad29b5d01c25ab74bbec258b4a1e7ae8a1981deb641520d6c7280f505c10f6cdb704ab1ad4200092" +
        "89",
        "00ff7407e9ed80972962b2f8b1f4d4fd22b6c9006a4a0278102dbc4ff9384ee494a13d1e96979b0811198d773a7644cbd0e580f332535f91756d961d097ffa94" +
        "cd",
        "00d35376aa7a02c3faf5fdbb69edbdee61caa3b26cde8380fb7b14d29752d87a2fae54326e4673101b5fafcfd22f8cc9f9dd011a7f9f8c4a3a9565f7cb80dc60" +
        "5f",
        "0097f325edf0f7477337a16bab370e2650aad75f26da4523b3c3f0bac56cc808d19c2365f97fce98facaef4a177d5828c06673d0b583c05a1eb683cf5be24364" +
        "95",
        "00ace2eb822caf76862a199ae9de86342fed085f40920a23cb99b63f536d838cf2d53c2cc5eafcd7808d97d7fdacc911b4490a4e137b03daf672a3294663f5e7" +
        "21",
        "61eedad6b0050162f40bd9a6d684a8189c2d16f167d1d80a5c50d485d0279fc2211298e9f90ee4951e9dd2a2e85ace5b92c7042e027bdb04f946bf9e467fe156",
    };

    private static readonly string _hash = "20e18dd9752c4dd88526af94b8865bc2df5c78b743102279a8ebad9a4fd0327c";

    private static readonly string _signature =
        "8d44717698977996a123afea903dbbc68dbc0e4d2dbc45ee5de9561ab3e6533f9c7452e57670b25aa99c0a47029997579d812e28c8de1f65cb62636d4a5ae4d3" +
        "7b68f42ea57d1b071955fe2ff81e8f91eebe07d90abb63671c77502c5d1512099e818a20de703e107c855715e5a4770afa66007ba0232de2d8104d6d7d09c7b3";

    private static readonly string _pssSignature =
        "21d4c3090faba83247a4d80726dfc22cd6caa7ca380b936392d26dd3301966142b6b5694952c92646603a3366fe44f91d840313d6e6f8df61fd0aee6d64660e8" +
        "c1a6913e60243b346910a1cc22a0ea18be52554f2af173e99b176ea110c22364bc566937b0f9a2c8095d6ff4a22ae672388ff87a148459d5629ca697118cce61";

    private static readonly string _cipher =
        "b77d9d2d27b36f7e622ff3eea67c9caa117371420a5ccdcc32489eed2e32264f331e17f609fe4d9461378ec884fd0aa60a692d7c1ae0561592f69c75eb4c562e" +
        "3c6fc8658f76db7c2cc8a9d96301e5148215d1002829ae4cfa0b5060a86df850fc7904588cab5cd859f114675279ac5b1b1310613f5b5947454a5a71663e6846";

    private static readonly StoredPrivateKey _key = MakeKey();
    private static readonly SoftwareRsaProvider _provider = new SoftwareRsaProvider(new SoftwareProvider(new TestEntropySource(1)));

    [TestMethod]
    public void A_signature_is_OpenSSLs()
    {
        byte[] hash = Bytes(_hash);
        byte[] signature = new byte[128];
        CryptoOperation operation = _provider.Sign(SignatureScheme.RsaPkcs1Sha256, _key, hash, 0, hash.Length, signature, 0);
        Run(operation);
        Assert.AreEqual(128, operation.Length);
        Same(Bytes(_signature), signature);
    }

    [TestMethod]
    public void OpenSSLs_signatures_are_good_and_changed_ones_are_not()
    {
        Verify(SignatureScheme.RsaPkcs1Sha256, Bytes(_signature));
        Verify(SignatureScheme.RsaPssRsaeSha256, Bytes(_pssSignature));
    }

    [TestMethod]
    public void What_OpenSSL_encrypted_is_decrypted()
    {
        string expected = "known answer";
        byte[] plain = new byte[expected.Length];
        byte[] cipher = Bytes(_cipher);
        Run(_provider.RsaDecrypt(_key, cipher, 0, cipher.Length, plain, 0, plain.Length));
        for (int i = 0; i < plain.Length; i++)
        {
            Assert.AreEqual(expected[i], (char)plain[i]);
        }
    }

    [TestMethod]
    public void What_is_encrypted_is_decrypted()
    {
        byte[] plain = Bytes(_hash);
        byte[] cipher = new byte[128];
        byte[] result = new byte[plain.Length];
        Run(_provider.RsaEncrypt(_key.Public, plain, 0, plain.Length, cipher, 0));
        Run(_provider.RsaDecrypt(_key, cipher, 0, cipher.Length, result, 0, result.Length));
        Same(plain, result);
    }

    private static void Verify(int scheme, byte[] signature)
    {
        byte[] hash = Bytes(_hash);
        Run(_provider.Verify(scheme, _key.Public, hash, 0, hash.Length, signature, 0, signature.Length));
        signature[77] ^= 1;
        CryptoOperation operation = _provider.Verify(scheme, _key.Public, hash, 0, hash.Length, signature, 0, signature.Length);
        while (!operation.Step(100))
        {
        }

        Assert.AreEqual(DtlsError.DecryptError, operation.Error);
    }

    private static void Run(CryptoOperation operation)
    {
        while (!operation.Step(100))
        {
        }

        Assert.AreEqual(DtlsError.None, operation.Error);
    }

    private static void Same(byte[] expected, byte[] actual)
    {
        Assert.AreEqual(expected.Length, actual.Length);
        for (int i = 0; i < expected.Length; i++)
        {
            Assert.AreEqual(expected[i], actual[i]);
        }
    }

    private static StoredPrivateKey MakeKey()
    {
        int[] offsets = new int[StoredPrivateKey.RsaParts];
        int[] counts = new int[StoredPrivateKey.RsaParts];
        byte[] buffer = new byte[1024];
        int used = 0;
        for (int i = 0; i < offsets.Length; i++)
        {
            byte[] part = Bytes(_parts[i]);
            offsets[i] = used;
            counts[i] = part.Length;
            Array.Copy(part, 0, buffer, used, part.Length);
            used += part.Length;
        }

        return new StoredPrivateKey(buffer, offsets, counts);
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
