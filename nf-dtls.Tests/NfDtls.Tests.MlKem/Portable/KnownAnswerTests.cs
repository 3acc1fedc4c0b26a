using Microsoft.VisualStudio.TestTools.UnitTesting;
using NfDtls.Crypto.Software;

namespace NfDtls.Tests.MlKem;

/// <summary>A key, a ciphertext that OpenSSL 4.0 made for it, and what that decapsulates; in plain C#, so that a board can run it.</summary>
[TestClass]
public class KnownAnswerTests
{
    private static readonly string _cipher =
        "13ecc5d3a79b8634d7acc2660359386b4434709c8ce216ca6d26e7189a6c9c7dbba9d1a71baa4017d2a159ba38054f0e7ac6cd218323e5a9df4ad12958fd491f" +
        "f957e7b2d8d4d266cbd1883101080c229c303a1b0c77d43eeae4f174bd1b7f043153d52bd0028cbdb3726acd85665e39932aed1e3e29a74c349f62406959bfac" +
        "4fac11fc06affad8600d1caf31bd999a7b48da54736c89d719128bad8aff492c1de3409ed1a73ca808d26f28d2b154dfe69b0e76ef449bd4b0ba7ef32db0758d" +
        "9949d474474363e9b82e50e628cbaab04924da64baf18e5d230a833a2931308cd94829050078d6b27fe6d2ccd2efeedd03266f391c940ba1ef09f4bcc329e749" +
        "b405738245688060436461b3154f1d8531f9c1cdb16277e1ab94e80f3883ee554ebaeb1e365042337501bb55aa8537c5613f25d1a219971a24ef7da003c55ebf" +
        "2d82fcf33ead0c065c58dddeb4d99e6caaeb4b3507224bbb382649743a872b4b3f6b1fbb9f8cea91f8f6a551bec190abacb602fd8a86fa90c8a153a837fd6055" +
        "169bf9f7b22fa5e214ce27923fac3f33aaddfbf3befca3e200306f0904c6041834429f7b2cb31cb60fc12bec1d586e226b0a7ffa7d9e02ee8861290f709d205e" +
        "2a30ec59986ba2045776ca6c9f41e7f51a210bfe3d6429f136f1f77ba7e250028e8f5866011ed89fca48e25ecef129adc6623f580bd68c62e5d161885fcc7c38" +
        "a9d12c415fab601875fcef0f6644266205813190f1e805346c9e9bed56570f6b3f6124ceb3a8ef2a9f9cbcdb655dc3c8aefed0fda6c1daee1794f1635e7f03ff" +
        "3d576e5dddaa32aceea0509969287d299a8e047a948f585a5df2f8d45aab06e67e4249bf657c22a9fc79af0eddbeab03bd7fc2b7bb6c2c19b4249296e482d1c8" +
        "1fc2a04245377d76d1d52f4944445a7aa23262819e012a4b6fad33f4ca65c0765bf8ffe9e5971ea64cd932358a4ddb094967c0af799e064f30c63495d872911b" +
        "1873c881bbbb69d8abd91d357d47a92cce0b3b1c29a5ec7c9cdf27385b02cbe0c3ef7a2e0945b286ea9bfa0a3cb0851bea48114ce23b181bce43e2fd807efb7c" +
        "712d198854a846f34f2921ac382a43110126d641af21c976e2c19dd1c4eb1dbcacd1f77cbe11c248f657ab3c26129bb7ba4c1d30ae347a9d163001964ebbb0d8" +
        "0d480b3da06b49a4a1ba823c29995a824c3ee2019c088c80b98aeb82d0855241cd8f6e3cea7aca00c229d9950d2be728a1626a02c38a5c3341c316dac48f784f" +
        "d718aa5e39d3433ca1404b139a62dc12505eaf6545409dba8e256a851ac379732b9cce739108fe7fd17a5e382eb0627f6a3423023a5b32a59033d87bfc90c51b" +
        "5778c790c7dc9ec261ecb6c055ef5b302b29ea9e7f95d136a5849aa34b89d80edf78074445e54c7fe80c225e084deaf8e97beff8c863c9099e2501e08385df4f" +
        "7b1937f25f3dc19c75cfd89b6b02df002a7c05ee40fb7f99128be9d469413ba6d3f3e04799030e3cbe36bb20bb5045faf5f623c5f47ed356ab97a8a2f8ccb46e";

    [TestMethod]
    public void The_key_of_a_seed_is_OpenSSLs()
    {
        byte[] key = Kem.Key(Seed());
        byte[] digest = HashTests.Digest(Keccak.Sha3256, Keccak.HashEnd, key, key.Length, 32);
        Kem.Same(Kem.Bytes("8704366cb3600266741d071206098b3211719161cc9bf4db681dd2f3b16a07fe"), digest);
    }

    [TestMethod]
    public void What_OpenSSL_encapsulated_is_decapsulated()
    {
        Verify("1a2ae50da32c564d3f6cfe36a415d7c3e9ab563b6d1b4ae4c6d3a641cc8527cf", Kem.Bytes(_cipher));
    }

    [TestMethod]
    public void What_was_changed_gives_what_OpenSSL_gives_for_it()
    {
        byte[] cipher = Kem.Bytes(_cipher);
        cipher[cipher.Length - 1] ^= 0x80;
        Verify("d993aeb3738beed1d97def2fc1d84c4f6c07f2f03413ff525c6a22be5cd7e1e2", cipher);
        Verify("ce6f682fe655ce9d9daace47859625fa481881ccf7eb1cd54bc3b520952c8eff", new byte[cipher.Length]);
    }

    private static void Verify(string secret, byte[] cipher)
    {
        Kem.Same(Kem.Bytes(secret), Kem.Decapsulate(Kem.Over(new byte[0]), Seed(), cipher));
    }

    private static byte[] Seed()
    {
        return Kem.Pattern(Kem.SeedLength, 7, 3);
    }
}
