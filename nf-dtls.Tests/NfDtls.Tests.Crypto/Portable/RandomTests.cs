using System;
using Microsoft.VisualStudio.TestTools.UnitTesting;
using NfDtls.Crypto.Software;

namespace NfDtls.Tests.Crypto;

/// <summary>Random bytes: the generator, and what it asks of its entropy source.</summary>
[TestClass]
public class RandomTests
{
    [TestMethod]
    public void HMAC_DRBG_gives_the_answer_of_NISTs_CAVS_without_reseed()
    {
        HmacDrbg drbg = MakeDrbg("ca851911349384bffe89de1cbdc46e6831e44d34a4fb935ee285dd14b71a7488659ba96c601dc69fc902940805ec0ca8");
        byte[] output = new byte[128];
        drbg.Generate(output, 0, 128);
        drbg.Generate(output, 0, 128);
        Check.Equal(
            "e528e9abf2dece54d47c7e75e5fe302149f817ea9fb4bee6f4199697d04d5b89d54fbb978a15b5c443c9ec21036d2460b6f73ebad0dc2aba6e624abf07745bc107694bb7547bb0995f70de25d6b29e2d3011bb19d27676c07162c8b5ccde0668961df86803482cb37ed6d5c0bb8d50cf1f50d476aa0458bdaba806f48be9dcb8",
            output,
            "second request");
    }

    [TestMethod]
    public void HMAC_DRBG_gives_the_answer_of_NISTs_CAVS_with_reseed()
    {
        HmacDrbg drbg = MakeDrbg("06032cd5eed33f39265f49ecb142c511da9aff2af71203bffaf34a9ca5bd9c0d0e66f71edc43e42a45ad3c6fc6cdc4df");
        byte[] seed = Check.Bytes("01920a4e669ed3a85ae8a33b35a74ad7fb2a6bb4cf395ce00334a9c9a5a5d552");
        drbg.Reseed(seed, 0, seed.Length);
        byte[] output = new byte[128];
        drbg.Generate(output, 0, 128);
        drbg.Generate(output, 0, 128);
        Check.Equal(
            "76fc79fe9b50beccc991a11b5635783a83536add03c157fb30645e611c2898bb2b1bc215000209208cd506cb28da2a51bdb03826aaf2bd2335d576d519160842e7158ad0949d1a9ec3e66ea1b1a064b005de914eac2e9d4f2d72a8616a80225422918250ff66a41bd2f864a6a38cc5b6499dc43f7f2bd09e1e0f8f5885935124",
            output,
            "second request");
    }

    [TestMethod]
    public void Random_bytes_fill_the_range_and_nothing_else()
    {
        CryptoProvider[] providers = Providers.All();
        for (int p = 0; p < providers.Length; p++)
        {
            byte[] first = new byte[120];
            byte[] second = new byte[120];
            providers[p].Random(first, 10, 100);
            providers[p].Random(second, 10, 100);
            Assert.IsTrue(Check.IsZero(first, 0, 10) && Check.IsZero(first, 110, 10), Providers.Names[p]);
            for (int i = 10; i < 110; i += 10)
            {
                Assert.IsFalse(Check.IsZero(first, i, 10), Providers.Names[p]);
            }

            int same = 0;
            for (int i = 10; i < 110; i++)
            {
                same += first[i] == second[i] ? 1 : 0;
            }

            Assert.IsLessThan(10, same, Providers.Names[p]);
        }
    }

    [TestMethod]
    public void A_provider_without_an_entropy_source_is_not_made()
    {
        Check.Throws(typeof(ArgumentNullException), delegate { new SoftwareProvider(null!); }, "no source");
    }

    [TestMethod]
    public void A_source_that_throws_stops_random_bytes()
    {
        VerifyFails(delegate(TestEntropySource source) { source.IsAbsent = true; }, "absent");
    }

    [TestMethod]
    public void A_source_that_is_stuck_stops_random_bytes()
    {
        VerifyFails(delegate(TestEntropySource source) { source.IsStuck = true; }, "stuck");
    }

    [TestMethod]
    public void A_source_that_repeats_a_block_stops_random_bytes()
    {
        VerifyFails(delegate(TestEntropySource source) { source.Period = 4; }, "period 4");
        VerifyFails(delegate(TestEntropySource source) { source.Period = 16; }, "period 16");
    }

    [TestMethod]
    public void A_source_that_fills_only_half_of_the_range_stops_random_bytes()
    {
        VerifyFails(delegate(TestEntropySource source) { source.WritesHalf = true; }, "half");
    }

    [TestMethod]
    public void Six_equal_bytes_in_a_row_stop_random_bytes_and_five_do_not()
    {
        VerifyFails(delegate(TestEntropySource source) { source.Run = 6; }, "run of 6");
        TestEntropySource good = new TestEntropySource(3);
        good.Run = 5;
        new SoftwareProvider(good).Random(new byte[4], 0, 4);
    }

    [TestMethod]
    public void What_was_in_the_buffer_does_not_pass_for_entropy()
    {
        TestEntropySource source = new TestEntropySource(3);
        source.WritesHalf = true;
        EntropyReader reader = new EntropyReader(source, new Sha256(new Sha2Constants()));
        byte[] seed = Check.Pattern(96, 1);
        Check.Throws(typeof(InvalidOperationException), delegate { reader.Read(seed, 96); }, "half");
        Assert.IsTrue(Check.IsZero(seed, 0, 96));
    }

    [TestMethod]
    public void A_source_that_gives_the_same_again_stops_random_bytes()
    {
        TestEntropySource source = new TestEntropySource(3);
        source.Replays = true;
        SoftwareProvider provider = new SoftwareProvider(source);
        provider.Random(new byte[4], 0, 4);
        Check.Throws(typeof(InvalidOperationException), delegate { provider.Reseed(); }, "replay");
    }

    [TestMethod]
    public void A_provider_recovers_when_its_source_does()
    {
        TestEntropySource source = new TestEntropySource(3);
        source.IsAbsent = true;
        SoftwareProvider provider = new SoftwareProvider(source);
        byte[] bytes = new byte[16];
        Check.Throws(typeof(InvalidOperationException), delegate { provider.Random(bytes, 0, 16); }, "absent");
        source.IsAbsent = false;
        provider.Random(bytes, 0, 16);
        Assert.IsFalse(Check.IsZero(bytes, 0, 16));
    }

    [TestMethod]
    public void The_source_is_read_at_first_use_and_again_after_1024_requests()
    {
        TestEntropySource source = new TestEntropySource(3);
        SoftwareProvider provider = new SoftwareProvider(source);
        Assert.AreEqual(0, source.Reads);
        byte[] bytes = new byte[8];
        for (int i = 0; i < 1024; i++)
        {
            provider.Random(bytes, 0, 8);
        }

        Assert.AreEqual(1, source.Reads);
        Assert.AreEqual(96, source.BytesRead);
        provider.Random(bytes, 0, 8);
        Assert.AreEqual(2, source.Reads);
        Assert.AreEqual(96 + 64, source.BytesRead);
    }

    [TestMethod]
    public void Short_draws_share_a_request_and_no_byte_is_drawn_twice()
    {
        HmacDrbg drbg = MakeDrbg("ca851911349384bffe89de1cbdc46e6831e44d34a4fb935ee285dd14b71a7488659ba96c601dc69fc902940805ec0ca8");
        HmacDrbg whole = MakeDrbg("ca851911349384bffe89de1cbdc46e6831e44d34a4fb935ee285dd14b71a7488659ba96c601dc69fc902940805ec0ca8");
        byte[] parts = new byte[256];
        for (int at = 0, n = 1; at < 256; at += n, n = 256 - at < n + 7 ? 256 - at : n + 7)
        {
            drbg.Draw(parts, at, n);
        }

        byte[] requests = new byte[256];
        whole.Generate(requests, 0, 128);
        whole.Generate(requests, 128, 128);
        Check.Equal(requests, parts, "two requests of 128 bytes");
    }

    [TestMethod]
    public void A_source_that_fails_at_the_reseed_stops_random_bytes()
    {
        TestEntropySource source = new TestEntropySource(3);
        SoftwareProvider provider = new SoftwareProvider(source);
        byte[] bytes = new byte[8];
        for (int i = 0; i < 1024; i++)
        {
            provider.Random(bytes, 0, 8);
        }

        source.IsStuck = true;
        Array.Clear(bytes, 0, 8);
        Check.Throws(typeof(InvalidOperationException), delegate { provider.Random(bytes, 0, 8); }, "stuck");
        Assert.IsTrue(Check.IsZero(bytes, 0, 8));
    }

    [TestMethod]
    public void A_reseed_on_demand_changes_what_follows()
    {
        SoftwareProvider first = new SoftwareProvider(new TestEntropySource(3));
        SoftwareProvider second = new SoftwareProvider(new TestEntropySource(3));
        byte[] a = new byte[32];
        byte[] b = new byte[32];
        first.Random(a, 0, 32);
        second.Random(b, 0, 32);
        Check.Equal(a, b, "the same entropy");
        second.Reseed();
        first.Random(a, 0, 32);
        second.Random(b, 0, 32);
        Assert.AreNotEqual(a[0] << 24 | a[1] << 16 | a[2] << 8 | a[3], b[0] << 24 | b[1] << 16 | b[2] << 8 | b[3]);
    }

    [TestMethod]
    public void A_request_longer_than_SP_800_90A_allows_is_served_in_parts()
    {
        SoftwareProvider whole = new SoftwareProvider(new TestEntropySource(3));
        SoftwareProvider parts = new SoftwareProvider(new TestEntropySource(3));
        byte[] a = new byte[70000];
        byte[] b = new byte[70000];
        whole.Random(a, 0, 70000);
        parts.Random(b, 0, 65536);
        parts.Random(b, 65536, 70000 - 65536);
        Check.Equal(b, a, "parts");
    }

    private delegate void Spoil(TestEntropySource source);

    private static void VerifyFails(Spoil spoil, string what)
    {
        TestEntropySource source = new TestEntropySource(3);
        SoftwareProvider provider = new SoftwareProvider(source);
        spoil(source);
        byte[] bytes = new byte[8];
        Check.Throws(typeof(InvalidOperationException), delegate { provider.Random(bytes, 0, 8); }, what);
        Assert.IsTrue(Check.IsZero(bytes, 0, 8), what);
        Check.Throws(typeof(InvalidOperationException), delegate { provider.Reseed(); }, what);
    }

    private static HmacDrbg MakeDrbg(string entropyAndNonce)
    {
        HmacDrbg drbg = new HmacDrbg(new KeptHmac(new HmacState(new Sha256(new Sha2Constants()))));
        byte[] seed = Check.Bytes(entropyAndNonce);
        drbg.Instantiate(seed, 0, seed.Length);
        return drbg;
    }
}
