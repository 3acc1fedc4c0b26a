using Microsoft.VisualStudio.TestTools.UnitTesting;

namespace NfDtls.Tests.Crypto;

/// <summary>Hashes, over every provider.</summary>
[TestClass]
public class HashTests
{
    private const string TwoBlocks = "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq";
    private const string TwoLongBlocks = "abcdefghbcdefghicdefghijdefghijkefghijklfghijklmghijklmnhijklmnoijklmnopjklmnopqklmnopqrlmnopqrsmnopqrstnopqrstu";

    internal static readonly int[] Hashes =
    [
        CryptoAlgorithm.Sha1, CryptoAlgorithm.Sha256, CryptoAlgorithm.Sha384, CryptoAlgorithm.Sha512,
    ];

    [TestMethod]
    public void SHA_1_is_that_of_FIPS_180()
    {
        Verify(CryptoAlgorithm.Sha1, "", "da39a3ee5e6b4b0d3255bfef95601890afd80709");
        Verify(CryptoAlgorithm.Sha1, "abc", "a9993e364706816aba3e25717850c26c9cd0d89d");
        Verify(CryptoAlgorithm.Sha1, TwoBlocks, "84983e441c3bd26ebaae4aa1f95129e5e54670f1");
        Verify(CryptoAlgorithm.Sha1, TwoLongBlocks, "a49b2446a02c645bf419f995b67091253a04a259");
        VerifyMillion(CryptoAlgorithm.Sha1, "34aa973cd4c4daa4f61eeb2bdbad27316534016f");
    }

    [TestMethod]
    public void SHA_256_is_that_of_FIPS_180()
    {
        Verify(CryptoAlgorithm.Sha256, "", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
        Verify(CryptoAlgorithm.Sha256, "abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
        Verify(CryptoAlgorithm.Sha256, TwoBlocks, "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1");
        Verify(CryptoAlgorithm.Sha256, TwoLongBlocks, "cf5b16a778af8380036ce59e7b0492370b249b11e8f07a51afac45037afee9d1");
        VerifyMillion(CryptoAlgorithm.Sha256, "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0");
    }

    [TestMethod]
    public void SHA_384_is_that_of_FIPS_180()
    {
        Verify(CryptoAlgorithm.Sha384, "", "38b060a751ac96384cd9327eb1b1e36a21fdb71114be07434c0cc7bf63f6e1da274edebfe76f65fbd51ad2f14898b95b");
        Verify(CryptoAlgorithm.Sha384, "abc", "cb00753f45a35e8bb5a03d699ac65007272c32ab0eded1631a8b605a43ff5bed8086072ba1e7cc2358baeca134c825a7");
        Verify(CryptoAlgorithm.Sha384, TwoBlocks, "3391fdddfc8dc7393707a65b1b4709397cf8b1d162af05abfe8f450de5f36bc6b0455a8520bc4e6f5fe95b1fe3c8452b");
        Verify(CryptoAlgorithm.Sha384, TwoLongBlocks, "09330c33f71147e83d192fc782cd1b4753111b173b3b05d22fa08086e3b0f712fcc7c71a557e2db966c3e9fa91746039");
        VerifyMillion(CryptoAlgorithm.Sha384, "9d0e1809716474cb086e834e310a4a1ced149e9c00f248527972cec5704c2a5b07b8b3dc38ecc4ebae97ddd87f3d8985");
    }

    [TestMethod]
    public void SHA_512_is_that_of_FIPS_180()
    {
        Verify(CryptoAlgorithm.Sha512, "", "cf83e1357eefb8bdf1542850d66d8007d620e4050b5715dc83f4a921d36ce9ce47d0d13c5d85f2b0ff8318d2877eec2f63b931bd47417a81a538327af927da3e");
        Verify(CryptoAlgorithm.Sha512, "abc", "ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a2192992a274fc1a836ba3c23a3feebbd454d4423643ce80e2a9ac94fa54ca49f");
        Verify(CryptoAlgorithm.Sha512, TwoBlocks, "204a8fc6dda82f0a0ced7beb8e08a41657c16ef468b228a8279be331a703c33596fd15c13b1b07f9aa1d3bea57789ca031ad85c7a71dd70354ec631238ca3445");
        Verify(CryptoAlgorithm.Sha512, TwoLongBlocks, "8e959b75dae313da8cf4f72814fc143f8f7779c6eb9f7fa17299aeadb6889018501d289e4900f7e4331b99dec4b5433ac7d329eeb6dd26545e96e55b874be909");
        VerifyMillion(CryptoAlgorithm.Sha512, "e718483d0ce769644e2e42c7bc15b4638e1f98b13b2044285632a803afa973ebde0ff244877ea60a4cb0432ce577c31beb009c5c2c49aa2e4eadb217ad8cc09b");
    }

    [TestMethod]
    public void A_hash_goes_on_after_a_peek_wherever_the_bytes_are_split()
    {
        byte[] data = Check.Pattern(300, 1);
        CryptoProvider[] providers = Providers.All();
        for (int p = 0; p < providers.Length; p++)
        {
            for (int h = 0; h < Hashes.Length; h++)
            {
                HashContext whole = providers[p].CreateHash(Hashes[h]);
                HashContext pieces = providers[p].CreateHash(Hashes[h]);
                byte[] expected = new byte[whole.Size];
                byte[] actual = new byte[whole.Size + 3];
                for (int step = 1; step < 150; step += step < 10 ? 1 : 7)
                {
                    pieces.Reset();
                    for (int done = 0; done < data.Length;)
                    {
                        int n = data.Length - done < step ? data.Length - done : step;
                        pieces.Update(data, done, n);
                        done += n;
                        pieces.Peek(actual, 3);
                        whole.Reset();
                        whole.Update(data, 0, done);
                        whole.Peek(expected, 0);
                        Check.Equal(expected, Check.Part(actual, 3, expected.Length), Providers.Names[p] + " hash " + Hashes[h] + " after " + done);
                    }
                }
            }
        }
    }

    [TestMethod]
    public void A_hash_has_the_size_of_its_algorithm()
    {
        CryptoProvider[] providers = Providers.All();
        for (int p = 0; p < providers.Length; p++)
        {
            for (int h = 0; h < Hashes.Length; h++)
            {
                Assert.AreEqual(CryptoAlgorithm.HashSize(Hashes[h]), providers[p].CreateHash(Hashes[h]).Size, Providers.Names[p]);
            }
        }
    }

    private static void Verify(int algorithm, string text, string digest)
    {
        byte[] data = Check.Ascii(text);
        CryptoProvider[] providers = Providers.All();
        for (int p = 0; p < providers.Length; p++)
        {
            HashContext hash = providers[p].CreateHash(algorithm);
            byte[] actual = new byte[hash.Size];
            hash.Update(data, 0, data.Length);
            hash.Peek(actual, 0);
            Check.Equal(digest, actual, Providers.Names[p]);
        }
    }

    private static void VerifyMillion(int algorithm, string digest)
    {
        byte[] data = new byte[1000];
        for (int i = 0; i < data.Length; i++)
        {
            data[i] = (byte)'a';
        }

        CryptoProvider[] providers = Providers.All();
        for (int p = 0; p < providers.Length; p++)
        {
            HashContext hash = providers[p].CreateHash(algorithm);
            for (int i = 0; i < 1000; i++)
            {
                hash.Update(data, 0, data.Length);
            }

            byte[] actual = new byte[hash.Size];
            hash.Peek(actual, 0);
            Check.Equal(digest, actual, Providers.Names[p]);
        }
    }
}
