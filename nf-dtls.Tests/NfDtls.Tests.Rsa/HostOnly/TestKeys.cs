using System.Globalization;
using System.Numerics;

namespace NfDtls.Tests.Rsa;

/// <summary>
/// Keys of even and odd sizes, with primes of unlike lengths and either of them the larger, made for these tests and worth
/// nothing: the primes are constants, since to find them takes long.
/// </summary>
internal static class TestKeys
{
    internal static readonly TestKey[] All =
    [
        new(1024, 65537,
            "da14a67d0ef12d839f612abe3433b6d46744d7b406957aa66d4df34ffb49091fb40a335f5eb9759bf2f7caa8e8e84ecce08d98946ba74b724c1a8ac90a550fa1",
            "c3cd9d62f9e2a326e4502af79449f834faf4c423bf785885bd078c1945b4f5ddc8d8ab05d437d3efb201ccf31beaef49fe98506a278285166137c9539a590833"),
        new(1025, 3,
            "019941851caf26128cdcb6b1f903b0b6087e63c30f6e6396e743d7344663297296d0d5f9156598dfe07ddfbd6e696c3390080396dd9ce49eada2c15034169ea0" +
            "dd",
            "ee45beea56c508b8394774edf37f997450a9297fe0001aa1110c6fd258d4712dac4a3ec0c75d177ae0298bc77dfe1230da3d79d039128f0a4aa6f71304b3cb67"),
        new(1031, 17,
            "0ffb768c15a391c8d5061df6e55ecce5a61aefc21ac49ad0e668546cf36426c165235939161cf8fb733917cd16c8b2c141abbef49a194e4f8a3ac8ebb645c024" +
            "41",
            "06dab8aa9ae23ebc891df6d74f5cd05cf62fc495c5f0055877fa38bb52af4780f54ae06719d590fcaa7cab0b06667fc4458020300cb4a85da28bd182f0377d06" +
            "33"),
        new(1536, 65537,
            "cbc54f697677f7b67719eee748308e1d25cfec7c2165c4a6d43e6a63025f4460b9aed4a067fe97e8966d97a935571c201759cb43300e163ddb75ba41826728c0" +
            "f70e0d73a49f062821ef450e59732f0e96951dff8d914683ae6b3adc8f099f99",
            "ced7c8d7eb405bda897f57d8f279af19961a8d203719235c9b9aef5e1ed8d1194114ff7fb18469946b5b43964f6df7105af00c651b6a9a7b94efbb8cf9cdbd49" +
            "4450c4f724cb4bd77a49455e9d3d7f2f4105d156987f83290944738f9fb8be57"),
        new(1536, 257,
            "f50c9c08119c7907c6c4f20be6985d8b8b46cf722a3d6075c9faab6204056f94693090cb6c31b0d8de45d3d26cc50a57ed62c142628b520e24f1333fef81dedc" +
            "2fbeaa6a96888c99f21f7b4f8da4f783",
            "c954836a27e04d65485092d24e31aa26c7c3d6c5cb50c0a3f82f5a69b5e5fe43734897acfb16b751ad7556d73d633af3c90fb628e9bbec63f3df2f63d412b52c" +
            "8d3704ec4e2c659c007a2e3f62361a1d5a15976d0a7aeac19321605c7d69e920952c19e6152b5d7e32637f45de2b7c57"),
        new(1536, 65537,
            "fdca2830633d62b5c5f4b5c30d4ffe4fc62665500757cc35996792b6b7c8659f237faddf8cdc512fc4472070d26bff076a76c66aa07868e76a8093318192d524" +
            "c553f1c95b2a49f0ccc3fbd4e8608e1bbc7c70d47d767d19f0597b6679a43a149a9a7a18d1cf51de58d60fe7738de6ff",
            "eec584c5e8c7b224ce518758e0c3b9d64ec689887e7520597537abc9a9fc92834119765381cbdd1228c45d1a5e67d329d79f64be2d5de59eac49df589d772fb0" +
            "2f3e8295d6e1f4a3b14ec93ab589f5f1"),
        new(2047, 65537,
            "cad53c46047aead8117be0e4b5f0930528bda5ea6e71ede229c05ad4512ff137667b615316eae362bff7a82b1753a0b95f6934dcf47b25231171cf072bebc2a7" +
            "2df6c7bd073a5f5f7a7a03d8452af76046bdd093096050adacc6f0686c11d7843224f69af61a9e06c31787dbea30148cfb4c6d7bc869d7af02340d3cc49e5e5f",
            "6bb6c73884c6e1d5c6c158dcba1b6f43163624bd3d68b39ac703976698760a7e2a687fa9e79ea8d28c55eeb33dd788dedd54f1141c0fe5545cd08197855121eb" +
            "57dd25c5c34015c750b7b051fab5ed4cf90213fd8ec00e548413fd262c57108758ee44d571ae5c2333d9f5a7acb1fbbf529f0f597a7a9fb25694e3afc53ca80d"),
        new(2048, 65537,
            "f65fa8b7e07343c4e647872a32159704288199a36ef19f85aa3bebede6194cc1c03dd16a8147687e43127ac32918b95325291c9ee4ea561cb919fab2779301d1" +
            "e3a988ca093cedf8234c676df7a952aa1266fdc233e79deec68dd1db2a3e00bc0f577514b60754c3cf202fa91af7eea39bf1aeb67e873c69c40daa8e96576883",
            "e34d47421d7d4216580c9086036b6a8174061c63aaf867cfd5a487777ed949a529da4c18b9fd0c41b0998629aad119866177576b58fe7fe2f4862d3e51c41dae" +
            "2cc1a9c03a7f6cbb406182455ab506ba075245f3d79c0d339f26e1a38263e79fbe3a849dc4409fedd6690596381d1712286595ce7c81995cf6992a68057ec69b"),
        new(2048, 4294967291,
            "e7e11bdddb48b01dc069b4317fe802e34a1d77657cad9140caf32d00b2d656ada942f80e02749049d90150e5230e8a55e90cbb89962cdc0c622dffbc6a78d31b" +
            "0ae6fa160dc565f057adf323f0dede31a376391175925d24c0280671caa4e9c65af730ee1f77fa730b2f7d5d8fd633a852c83fc0347856a942c9bfeea775530b",
            "ece868ac6b2fd2d8cd144788c9dc1911e6677d9e71498c8a475e2152029043ecb6bbbc4d9a1831fd5360921b38700fd06ebf14a6efa667ecbe557c470388a766" +
            "a18b58163797e07257bc96e790e7bb4552a62d94b303e48bdf5c6cad76964bdb28f3e222164e1947f17e960542fcbbe345abe77aeb001d3d6d92e92b31bff049"),
        new(2049, 65537,
            "018f7e88de2b02e517cf2c73b5f000bd4315a9a1bfbcdb3089d5aceb9ce480499521a596a161f2e1b3adc0eea8371edd70ac1f1becb82e0337dc3803cbff5478" +
            "051fe5aa64624af6d8ac2f96d1c828ee1fc4a6a5de752799428c701fee3951864461d1516f998426dd048d091393f2806dde03429bd36f4a79a751d7d51d05e3" +
            "63",
            "fdef310bf8be16a13883318ad5071b925497ccba7d4ee2bf9e35f877cfed11617129bf1928410f042c401f038ef79262d3042dcc5841a8a53d54c93035a25c8f" +
            "de7e09b3ab14c3ff8f40a743e1c9efb4403578c3c5375953e548ce8eb9a9d1b79b6395589af9be1542d6ce1308c58f1ff77012798860ba270e6ab0c2268bd0d1"),
        new(3072, 65537,
            "efda3945761dade1375e14e5585be3ecbb218f3a5ef4c21135a98a480c10fc42b5b4067ce1a7def7767ce6fa74722ab6830d10f9bec12264a654399887e155f2" +
            "597c89beff24fa941ad4a571f6342bf8a009fd87666ee158dae457f5d6bff7c863ee64d81508405660483541d01dee920eb082007039a20216461f9060ecf2ed" +
            "0d335a19ac9c6b47936b6d78879eb9e9a12b08908ef7bd6a2f576c2b59e26f6ca6236b5ac2c9896ae3040e36a4b0706252912178b65dd45db93add2cd742f7a7",
            "f246541b85b64c44c1785a2c194c8696716abfb844f4a8f2f21621de207468d8ad9853db337ec3a7dcbc971597a87577f620c0a67d3a8922aa9d9cbfedf35639" +
            "50821059bb4d8f0ed0d64d97aa8395fad27506a3f02f31dda9470d9571b456b85ff8d7e468f80a6d8de7401fc38fe97cf6c5ca06dc9f33262604f441173670a0" +
            "acd8df455c0a7fda945fc541e08016ca4aabe915abc4a2949c1914e1c39a0f0dd73d8a1527cf62ba3da7a8a5bba7388da3201096183e87221e5c0fbd6c22b821"),
        new(4095, 65537,
            "e28209c88f555c7eedf5682d5a604a6671660165f858f29abdd5aa74d1ea0d8bf34635d3e038578986fa44ea9d7c9449d9fdb765a131621171f85f58506fa939" +
            "b1231842f27aa4e10e8c4c571066fbf007359843b0380e9e32daa1bf0ef9f7cb063c51146fd1de4560fd7df9701b1eaba973f283af8b1016ecde2ce0246b9153" +
            "84de676c68d6e80f0cd7cfdfc9e38f8d9f25ce99c3b8af9b6bbc4f92234a5904f91e7e3466fbbb156c49f05f1454304734219c419d0c592a4110472f1ca07b61" +
            "cb872b1c6f51d1463517ed6a24949a9208c0e2d55e3dd87dc3d15639231a650cd124ec52fe2f622999c14ac9c7d69353168c3a909751c487619449db16b147db",
            "7e4a726f5f5cb7da5956f8cec52b031f0e94dfa47a7465465ed98bb00370d5c7e1dd3b7f58d507c636d6ef7dec365055210c2d25aba6fab9f0aa6987c9dd14eb" +
            "cfb5947cdd8415991c173a199bf8205ad8585ba7a912ba71d82ebee88c88b774a665f083f34f176185f9a1e63153c130b864a254656ca90c216efc74a978f02f" +
            "fec75a00c55a31c21b0328f8c1c5c7f8d466e82cdd680b9babe53d965e33d64130d0d2407778375f20b75112a0202d7279f272f218e3865188c7fedce5d206c0" +
            "1b63d5483b53e6c84c5405e584f05db36a26ebf6df9ac2993b0d8d83fc9fcfff5abbfb85cfcdc7c9ff9a27c3afca969bbe366b1fb9c08812432f3f079b6360d3"),
        new(4096, 65537,
            "df7a00313d603fc93362c1be97f88956514ae35815ed94514485d12ac35a1345eb07d37ee14c76720faea76036fabdf4061d557bdb5ce17f5f5af4a9e18e0ba2" +
            "8261a960b3ccf63b26301673442196b343fdddb99fbc39248a4cec5919e416b5a5a084035233cb7d9deb5d5617904022f1d96bfd36e54d8bfc6116c26f2f21be" +
            "45874229bc22f17cc41d3cb0c42ca13d611999785a8a984c50b00611e0059469af6c79a9d02d5a33b0404fd6e036ba642e1045db1095958b75c692bbead11a56" +
            "af8ff94b0420536a1f721c34692fc7a0ed461c10b0ea325a52e209d0d27a4b8e73adf0b5377ad2d382c5a107ab0459f9679277dfb73ec4ccb501a48d66e3b44f",
            "e6e4ce4c050b8c9eff7533b4b4f0931d5421bf34020b5a9f1a4ed58f8e1abc455bbd0ef9eb1b5f4c0feb0914d7d9ca160c744fb550913f4faf14fa22d805348c" +
            "c0481790ea3d28426633b6c3efc014b9f7b100ab7afe96d963b31bb7b3c52bb64e2837db0cd1b2d606b6cfb413b845f4bb6f888785d943c58bbe7c8e7362f293" +
            "cb15e12f282c7f649942e33511b80fddbbad4a0392df17804e026714ea1cabd4ca090c792442b1b55106253454b97d0414b03849f2b97a99b8e21e221b3b8551" +
            "6b41ebcf1417c558a20a576cbcf9d1ba21ca552f7c25cc3107e84f0cf6a5bf4430bdcb6a7add94d2a8a364ebc75aaea6159b49f3f3c7aef27ef5d0cbe1c53179"),
    ];

    /// <summary>The first key of so many bits.</summary>
    internal static TestKey Of(int bits)
    {
        foreach (TestKey key in All)
        {
            if (key.Bits == bits)
            {
                return key;
            }
        }

        throw new System.ArgumentOutOfRangeException(nameof(bits));
    }
}

/// <summary>An RSA key, from its primes.</summary>
internal sealed class TestKey
{
    internal TestKey(int bits, long e, string p, string q)
    {
        Bits = bits;
        P = BigInteger.Parse("0" + p, NumberStyles.HexNumber);
        Q = BigInteger.Parse("0" + q, NumberStyles.HexNumber);
        E = e;
        N = P * Q;
        D = Inverse(E, (P - 1) * (Q - 1));
        Stored = RsaKeys.Store(
        [
            Bytes(N), Bytes(E), Bytes(D), Bytes(P), Bytes(Q), Bytes(D % (P - 1)), Bytes(D % (Q - 1)), Bytes(Inverse(Q, P)),
        ]);
    }

    internal int Bits { get; }
    internal BigInteger P { get; }
    internal BigInteger Q { get; }
    internal BigInteger E { get; }
    internal BigInteger N { get; }
    internal BigInteger D { get; }
    internal StoredPrivateKey Stored { get; }

    internal PublicKey Public
    {
        get { return Stored.Public; }
    }

    internal int Size
    {
        get { return (Bits + 7) / 8; }
    }

    /// <summary>What a number is under the public key, as long as the modulus.</summary>
    internal byte[] Encrypt(byte[] block)
    {
        byte[] result = new byte[Size];
        byte[] power = Bytes(BigInteger.ModPow(new BigInteger(block, true, true), E, N));
        power.CopyTo(result, Size - power.Length);
        return result;
    }

    public override string ToString()
    {
        return Bits + " bits, e = " + E;
    }

    private static byte[] Bytes(BigInteger number)
    {
        return number.ToByteArray(true, true);
    }

    private static BigInteger Inverse(BigInteger number, BigInteger modulus)
    {
        BigInteger a = modulus, b = number % modulus, x = 0, y = 1;
        while (b > 1)
        {
            BigInteger quotient = a / b;
            (a, b) = (b, a - quotient * b);
            (x, y) = (y, x - quotient * y);
        }

        return y < 0 ? y + modulus : y;
    }
}
