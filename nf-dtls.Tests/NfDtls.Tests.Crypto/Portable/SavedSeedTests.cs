using System;
using Microsoft.VisualStudio.TestTools.UnitTesting;
using NfDtls.Crypto.Software;

namespace NfDtls.Tests.Crypto;

/// <summary>What one boot leaves for the random generator of the next; a boot is a new provider over the same place.</summary>
[TestClass]
public class SavedSeedTests
{
    private const int Count = 32;

    [TestMethod]
    public void A_second_boot_whose_entropy_source_is_stuck_at_the_first_ones_reading_gives_no_random_bytes()
    {
        TestSavedSeed saved = new TestSavedSeed();
        Boot(3, saved);
        byte[] left = saved.Bytes;
        for (int boot = 2; boot < 5; boot++)
        {
            VerifyNoBytes(new TestEntropySource(3), saved, "boot " + boot.ToString());
            Check.Equal(left, saved.Bytes, "what the first boot left");
        }

        Assert.IsFalse(AreEqual(new byte[Count], Boot(4, saved)), "the source came back");
    }

    [TestMethod]
    public void A_source_that_was_refused_is_not_asked_again_at_that_boot()
    {
        TestSavedSeed saved = new TestSavedSeed();
        Boot(3, saved);
        byte[] left = saved.Bytes;
        SoftwareProvider provider = new SoftwareProvider(new TestEntropySource(3), saved);
        for (int i = 0; i < 4; i++)
        {
            // What comes next differs from the first boot's reading; it is what that boot would have read next.
            VerifyNoBytes(provider, "call " + i.ToString());
        }

        Check.Equal(left, saved.Bytes, "what the first boot left");
    }

    [TestMethod]
    public void A_saved_seed_alone_gives_no_random_bytes()
    {
        TestSavedSeed saved = new TestSavedSeed();
        Boot(3, saved);
        byte[] left = saved.Bytes;
        TestEntropySource absent = new TestEntropySource(4);
        absent.IsAbsent = true;
        VerifyNoBytes(absent, saved, "absent");
        TestEntropySource stuck = new TestEntropySource(4);
        stuck.IsStuck = true;
        VerifyNoBytes(stuck, saved, "stuck");
        TestEntropySource half = new TestEntropySource(4);
        half.WritesHalf = true;
        VerifyNoBytes(half, saved, "half");
        Assert.AreEqual(1, saved.Reads, "the seed is not even looked at");
        Check.Equal(left, saved.Bytes, "what the first boot left");
    }

    [TestMethod]
    public void A_source_with_few_beginnings_gives_other_bytes_at_every_boot()
    {
        TestSavedSeed saved = new TestSavedSeed();
        byte[][] drawn = new byte[6][];
        for (int boot = 0; boot < drawn.Length; boot++)
        {
            drawn[boot] = Boot(boot % 2, saved);
            for (int earlier = 0; earlier < boot; earlier++)
            {
                Assert.IsFalse(AreEqual(drawn[earlier], drawn[boot]), "boots " + earlier.ToString() + " and " + boot.ToString());
            }
        }

        Assert.IsTrue(AreEqual(Boot(1, new TestSavedSeed()), Boot(1, new TestSavedSeed())), "the source alone begins alike");
    }

    [TestMethod]
    public void Entropy_nonce_and_the_saved_seed_begin_the_generator_as_SP_800_90A_has_it()
    {
        TestSavedSeed saved = new TestSavedSeed();
        Boot(3, saved);
        byte[] material = new byte[96 + SavedSeed.Length];
        new TestEntropySource(4).Read(material, 0, 96);
        Array.Copy(saved.Bytes, 0, material, 96, SavedSeed.Length);
        HmacDrbg drbg = new HmacDrbg(new KeptHmac(new HmacState(new Sha256(new Sha2Constants()))));
        drbg.Instantiate(material, 0, material.Length);
        byte[] seed = new byte[32];
        byte[] expected = new byte[Count];
        drbg.Generate(seed, 0, 32);
        drbg.Generate(expected, 0, Count);
        Check.Equal(expected, Boot(4, saved), "the second request, behind the next seed");
        byte[] left = new byte[32];
        Array.Copy(saved.Bytes, 0, left, 0, 32);
        Check.Equal(seed, left, "the next seed");
    }

    [TestMethod]
    public void Nothing_is_drawn_before_the_seed_is_replaced()
    {
        TestSavedSeed saved = new TestSavedSeed();
        Boot(3, saved);
        saved.CannotWrite = true;
        SoftwareProvider provider = new SoftwareProvider(new TestEntropySource(4), saved);
        VerifyNoBytes(provider, "not replaced");
        VerifyNoBytes(provider, "nor at the second try");
        saved.CannotWrite = false;
        byte[] bytes = new byte[Count];
        provider.Random(bytes, 0, Count);
        Assert.AreEqual(2, saved.Writes, "one a boot");
        provider.Reseed();
        provider.Random(bytes, 0, Count);
        Assert.AreEqual(2, saved.Writes, "one a boot");
    }

    [TestMethod]
    public void A_place_that_cannot_be_read_or_tells_nonsense_stops_random_bytes()
    {
        TestSavedSeed saved = new TestSavedSeed();
        saved.CannotRead = true;
        VerifyNoBytes(new TestEntropySource(3), saved, "unreadable");
        saved.CannotRead = false;
        saved.Told = SavedSeed.Length + 1;
        VerifyNoBytes(new TestEntropySource(3), saved, "too long");
        saved.Told = -1;
        Assert.IsFalse(AreEqual(new byte[Count], Boot(3, saved)), "nothing told");
    }

    [TestMethod]
    public void A_seed_that_was_cut_short_is_mixed_in_and_replaced_by_a_whole_one()
    {
        TestSavedSeed saved = new TestSavedSeed();
        Boot(3, saved);
        byte[] whole = saved.Bytes;
        byte[] before = Boot(3, new TestSavedSeed());
        for (int length = 1; length < SavedSeed.Length; length += 21)
        {
            saved.Bytes = new byte[length];
            Array.Copy(whole, 0, saved.Bytes, 0, length);
            Assert.IsFalse(AreEqual(before, Boot(3, saved)), length.ToString() + " bytes");
            Assert.AreEqual(SavedSeed.Length, saved.Bytes.Length, "bytes that are left");
        }
    }

    [TestMethod]
    public void A_provider_of_a_saved_seed_wants_a_place()
    {
        Check.Throws(typeof(ArgumentNullException), delegate { new SoftwareProvider(new TestEntropySource(3), null!); }, "no place");
        Check.Throws(typeof(ArgumentNullException), delegate { new SoftwareProvider(null!, new TestSavedSeed()); }, "no source");
    }

    private static byte[] Boot(int source, TestSavedSeed saved)
    {
        byte[] bytes = new byte[Count];
        new SoftwareProvider(new TestEntropySource(source), saved).Random(bytes, 0, Count);
        return bytes;
    }

    private static void VerifyNoBytes(EntropySource source, TestSavedSeed saved, string what)
    {
        VerifyNoBytes(new SoftwareProvider(source, saved), what);
    }

    private static void VerifyNoBytes(SoftwareProvider provider, string what)
    {
        byte[] bytes = new byte[Count];
        Check.Throws(typeof(InvalidOperationException), delegate { provider.Random(bytes, 0, Count); }, what);
        Assert.IsTrue(Check.IsZero(bytes, 0, Count), what);
    }

    private static bool AreEqual(byte[] a, byte[] b)
    {
        for (int i = 0; i < a.Length; i++)
        {
            if (a[i] != b[i])
            {
                return false;
            }
        }

        return a.Length == b.Length;
    }
}
