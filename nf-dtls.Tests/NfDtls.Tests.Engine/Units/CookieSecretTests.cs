using System;
using System.Collections.Generic;
using System.Linq;
using System.Security.Cryptography;
using Microsoft.VisualStudio.TestTools.UnitTesting;
using NfDtls.Server;

namespace NfDtls.Tests.Engine;

[TestClass]
public class CookieSecretTests
{
    private const int Lifetime = 60_000;

    private readonly byte[] _address = TestBed.Bytes(Packet.MaxAddressLength, 1);
    private readonly byte[] _added = TestBed.Bytes(CookieSecret.MostAdded, 100);

    [TestMethod]
    public void Every_byte_that_a_cookie_stands_for_counts_where_all_are_as_long_as_can_be()
    {
        CookieSecret secret = new CookieSecret(TestBed.Options(1).Crypto, Lifetime, new Feature[0]);
        byte[] hello = Ask(secret, 0);
        Assert.AreEqual(CookieSecret.Valid, Judge(secret, hello, 0));
        foreach (byte[] changed in new[] { _address, _added, hello })
        {
            // Behind version, random and session id stand the cookie's length and the cookie.
            for (int i = 0; i < (changed == hello ? hello.Length - 17 : changed.Length); i++)
            {
                if (changed != hello || i != 34)
                {
                    changed[i] ^= 0x40;
                    Assert.AreEqual(CookieSecret.Invalid, Judge(secret, hello, 0), "Byte " + i + " of " + changed.Length);
                    changed[i] ^= 0x40;
                }
            }
        }

        Assert.AreEqual(CookieSecret.Invalid, secret.Judge(_address, 27, hello, Read(hello), _added, _added.Length, 0));
        Assert.AreEqual(CookieSecret.Invalid, secret.Judge(_address, 28, hello, Read(hello), _added, _added.Length - 1, 0));
        Assert.AreEqual(CookieSecret.Valid, Judge(secret, hello, 0));
    }

    [TestMethod]
    public void No_cookie_under_a_key_of_zeros_is_ever_valid()
    {
        // The key before the first is none that anybody has seen, but a key all the same.
        foreach (long now in new[] { 0L, 1_000_000 })
        {
            CookieSecret secret = new CookieSecret(TestBed.Options(1).Crypto, Lifetime, new Feature[0]);
            byte[] hello = Hello();
            byte[] input = new byte[] { 28 }.Concat(_address).Concat(hello.Take(67)).Concat(_added).ToArray();
            HMACSHA256.HashData(new byte[32], input).AsSpan(0, 16).CopyTo(hello.AsSpan(68));
            Assert.AreEqual(CookieSecret.Invalid, Judge(secret, hello, now));
            Assert.AreEqual(CookieSecret.Invalid, Judge(secret, hello, now + Lifetime));
            Assert.AreEqual(CookieSecret.Invalid, Judge(secret, hello, now + (5 * Lifetime)));
        }
    }

    [TestMethod]
    public void A_key_changes_after_its_lifetime_and_both_after_two_without_a_hello()
    {
        foreach (long begin in new[] { -1_000_000L, 0, 7_000_000 })
        {
            WatchedKeys crypto = new WatchedKeys();
            CookieSecret secret = new CookieSecret(crypto, Lifetime, new Feature[0]);
            Judge(secret, Hello(), begin);
            List<byte[]> keys = crypto.Keys;
            Assert.AreEqual(2, keys.Count);
            Judge(secret, Hello(), begin + Lifetime - 1);
            Assert.AreEqual(2, keys.Count);
            Judge(secret, Hello(), begin + Lifetime);
            Assert.AreEqual(3, keys.Count);
            Judge(secret, Hello(), begin + (3 * Lifetime) - 1);
            Assert.AreEqual(4, keys.Count);

            // From there on, both have had no use for a whole lifetime.
            Judge(secret, Hello(), begin + (5 * Lifetime) - 1);
            Assert.AreEqual(6, keys.Count);
            Assert.IsFalse(keys.Exists(key => key.All(b => b == 0)));
            Assert.AreEqual(keys.Count, keys.Select(Convert.ToHexString).Distinct().Count());
        }
    }

    [TestMethod]
    public void Silence_of_two_lifetimes_ends_every_cookie()
    {
        foreach ((long silence, bool holds) in new[] { ((2L * Lifetime) - 1, true), (2 * Lifetime, false), (100 * Lifetime, false) })
        {
            CookieSecret secret = new CookieSecret(TestBed.Options(1).Crypto, Lifetime, new Feature[0]);
            byte[] hello = Ask(secret, 5_000);
            Assert.AreEqual(holds ? CookieSecret.Valid : CookieSecret.Invalid, Judge(secret, hello, 5_000 + silence), silence.ToString());
        }
    }

    [TestMethod]
    public void No_key_is_left_behind_whatever_fails()
    {
        for (int failing = -1; failing < 5; failing++)
        {
            WatchedKeys crypto = new WatchedKeys { Failing = failing };
            CookieSecret secret = new CookieSecret(crypto, Lifetime, new Feature[0]);
            for (long now = 0; now < 4 * Lifetime; now += Lifetime)
            {
                Judge(secret, Hello(), now);
                Assert.IsNull(Reachable.Find(secret, crypto.Drawn), failing + ", " + now);
            }

            Assert.AreEqual(failing >= 0, secret.Failure != null);
        }
    }

    [TestMethod]
    public void Servers_with_the_applications_keys_take_each_others_cookies_of_this_number_and_the_one_before()
    {
        foreach (long first in new long[] { 0, 1, 41 })
        {
            Shared keys = new Shared { Period = first };
            CookieSecret one = new CookieSecret(TestBed.Options(1).Crypto, Lifetime, new Feature[] { new Other(), keys, new Shared { Seed = 9 } });
            byte[] hello = Ask(one, 0);
            foreach ((int later, bool holds) in new[] { (0, true), (1, true), (2, false), (3, false), (-1, false) })
            {
                Shared others = new Shared { Period = first + later };
                CookieSecret other = new CookieSecret(TestBed.Options(2).Crypto, Lifetime, new Feature[] { others });
                for (long now = 0; now < 10 * Lifetime; now += Lifetime)
                {
                    Assert.AreEqual(holds ? CookieSecret.Valid : CookieSecret.Invalid, Judge(other, hello, now), first + ", " + later);
                }

                Assert.AreEqual(2, others.Written);
            }
        }
    }

    [TestMethod]
    public void A_change_of_the_applications_keys_that_fails_is_made_up_for_and_leaves_none_behind()
    {
        Shared keys = new Shared { Period = 5 };
        CryptoProvider crypto = TestBed.Options(1).Crypto;
        CookieSecret secret = new CookieSecret(crypto, Lifetime, new Feature[] { keys });
        byte[] hello = Ask(secret, 0);

        // Some providers' contexts keep the key itself, which is theirs to keep.
        HmacContext context = crypto.CreateHmac(CryptoAlgorithm.Sha256, CookieKeys.KeyLength);
        context.SetKey(keys.Key(5), 0, CookieKeys.KeyLength);
        bool isKept = Reachable.Find(context, new[] { keys.Key(5) }) != null;

        // The new one is there, the one before it is not.
        keys.Period = 6;
        keys.Failing = 5;
        Assert.AreEqual(CookieSecret.Unknown, Judge(secret, hello, 1));
        Assert.AreEqual("no key", secret.Failure.Message);
        Assert.IsTrue(isKept || Reachable.Find(secret, new[] { keys.Key(5), keys.Key(6) }) == null);
        keys.Period = 5;
        keys.Failing = long.MinValue;
        Assert.AreEqual(CookieSecret.Valid, Judge(secret, hello, 2));
        Assert.IsTrue(isKept || Reachable.Find(secret, new[] { keys.Key(4), keys.Key(5) }) == null);
        keys.Period = 6;
        Assert.AreEqual(CookieSecret.Valid, Judge(secret, hello, 3));
        keys.Period = 7;
        Assert.AreEqual(CookieSecret.Invalid, Judge(secret, hello, 4));
    }

    [TestMethod]
    public void Every_byte_of_a_random_counts_in_its_digest()
    {
        byte[] buffer = TestBed.Bytes(50, 3);
        long digest = HelloDigest.Of(buffer, 9);
        for (int i = 0; i < buffer.Length; i++)
        {
            buffer[i] ^= 0x81;
            Assert.AreEqual(i >= 9 && i < 41, digest != HelloDigest.Of(buffer, 9), i.ToString());
            buffer[i] ^= 0x81;
        }
    }

    [TestMethod]
    public void There_are_four_places_for_each_handshake_to_count_beginnings_in_as_a_power_of_two_within_bounds()
    {
        foreach ((int handshakes, int size) in new[] { (1, 16), (3, 16), (4, 16), (5, 32), (8, 32), (9, 64), (128, 512), (129, 1024), (256, 1024), (257, 1024), (100_000, 1024) })
        {
            Assert.AreEqual(size, BeginRate.SizeFor(handshakes), handshakes.ToString());
        }
    }

    [TestMethod]
    public void Who_shares_a_place_with_another_may_begin_as_often()
    {
        foreach (long begin in new[] { long.MinValue + 1_000_000, -100_000, 0 })
        {
            BeginRate rate = new BeginRate(16, 7);
            for (int round = 0; round < 2; round++)
            {
                // 0 is a hash like any other.
                foreach (uint who in new uint[] { 0, 16, 32, 0 })
                {
                    int begun = 0;
                    for (; begun < 10 && rate.MayBegin(who, begin); begun++)
                    {
                        rate.Began(who, begin);
                    }

                    Assert.AreEqual(4, begun, who.ToString());
                }

                rate.Clear();
            }
        }
    }

    /// <summary>A hello with the longest session id, up to its cookie, which is of zeros.</summary>
    private static byte[] Hello()
    {
        byte[] hello = TestBed.Bytes(2 + 32 + 1 + 32 + 1 + 16, 50);
        hello[34] = 32;
        hello[67] = 16;
        Array.Clear(hello, 68, 16);
        return hello;
    }

    private static ClientHello Read(byte[] hello)
    {
        WireReader reader = new WireReader();
        reader.Reset(hello, 0, hello.Length);
        ClientHello parsed = new ClientHello();
        Assert.IsTrue(parsed.ReadUpToCookie(reader));
        return parsed;
    }

    /// <summary>The hello with the cookie that is asked for.</summary>
    private byte[] Ask(CookieSecret secret, long now)
    {
        byte[] hello = Hello();
        Assert.AreEqual(CookieSecret.Invalid, Judge(secret, hello, now));
        secret.Write(hello, 68);
        return hello;
    }

    private int Judge(CookieSecret secret, byte[] hello, long now)
    {
        return secret.Judge(_address, _address.Length, hello, Read(hello), _added, _added.Length, now);
    }

    private sealed class Other : Feature
    {
    }

    /// <summary>Keys that follow from their numbers.</summary>
    private sealed class Shared : CookieKeys
    {
        internal long Period { get; set; }

        internal byte Seed { get; set; }

        internal long Failing { get; set; } = long.MinValue;

        internal int Written { get; private set; }

        public override long GetPeriod(long now)
        {
            return Period;
        }

        public override void WriteKey(long period, byte[] destination, int offset)
        {
            if (period == Failing)
            {
                throw new InvalidOperationException("no key");
            }

            Written++;
            Key(period).CopyTo(destination, offset);
        }

        internal byte[] Key(long period)
        {
            return SHA256.HashData(new[] { (byte)period, Seed });
        }
    }

    /// <summary>Keeps the random bytes that are drawn, and the keys that are set; one of these calls can fail.</summary>
    private sealed class WatchedKeys : CryptoProvider
    {
        private readonly Random _random = new Random(5);
        private int _calls;

        internal int Failing { get; set; } = -1;

        internal List<byte[]> Drawn { get; } = new();

        internal List<byte[]> Keys { get; } = new();

        public override bool Supports(int algorithm)
        {
            return algorithm == CryptoAlgorithm.Sha256;
        }

        public override void Random(byte[] destination, int offset, int count)
        {
            Call();
            byte[] drawn = new byte[count];
            _random.NextBytes(drawn);
            drawn.CopyTo(destination, offset);
            Drawn.Add(drawn);
        }

        public override HmacContext CreateHmac(int hash, int maxKey)
        {
            return new Context(this);
        }

        private void Call()
        {
            if (_calls++ == Failing)
            {
                throw new InvalidOperationException("no entropy");
            }
        }

        private sealed class Context : HmacContext
        {
            private readonly WatchedKeys _owner;
            private byte[] _key = new byte[0];

            internal Context(WatchedKeys owner)
            {
                _owner = owner;
            }

            public override void SetKey(byte[] key, int offset, int count)
            {
                _owner.Call();
                _key = key.AsSpan(offset, count).ToArray();
                _owner.Keys.Add(_key);
            }

            public override void Compute(byte[] data, int offset, int count, byte[] destination, int destinationOffset)
            {
                HMACSHA256.HashData(_key, data.AsSpan(offset, count), destination.AsSpan(destinationOffset));
            }
        }
    }
}
