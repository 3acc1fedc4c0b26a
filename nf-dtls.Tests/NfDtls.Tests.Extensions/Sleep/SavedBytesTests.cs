using System;
using System.Linq;
using Microsoft.VisualStudio.TestTools.UnitTesting;
using NfDtls.Extensions;
using NfDtls.Server;
using NfDtls.Tests.Engine;

namespace NfDtls.Tests.Extensions;

/// <summary>What is imported: whole, genuine and not too old, or nothing happens.</summary>
[TestClass]
public sealed class SavedBytesTests
{
    [TestMethod]
    public void Every_byte_that_is_another_is_refused_and_leaves_nothing()
    {
        foreach (bool ofServer in new[] { false, true })
        {
            SleepBed bed = new SleepBed();
            byte[] saved = ofServer ? bed.ExportServer() : bed.ExportClient();
            Restart(bed, ofServer);
            for (int i = 0; i < saved.Length; i++)
            {
                foreach (int mask in new[] { 1, 0x80, 0xFF })
                {
                    byte[] bad = (byte[])saved.Clone();
                    bad[i] ^= (byte)mask;
                    Refuses(bed, ofServer, bad, "byte " + i);
                }
            }

            VerifyUntouched(bed, ofServer, saved);
        }
    }

    [TestMethod]
    public void Bytes_that_are_cut_short_are_refused_and_those_behind_are_not_read()
    {
        SleepBed bed = new SleepBed();
        byte[] saved = bed.ExportClient();
        bed.RestartClient();
        for (int length = 0; length < saved.Length; length++)
        {
            Assert.ThrowsExactly<ArgumentException>(() => bed.ImportClient(saved.AsSpan(0, length).ToArray()), length.ToString());
        }

        byte[] longer = saved.Concat(Enumerable.Repeat((byte)0xFF, 100)).ToArray();
        bed.ClientSaver.SavedIsGone(bed.ImportClient(longer));
        bed.VerifyEcho();
    }

    [TestMethod]
    public void Another_key_another_role_another_suite_and_older_bytes_are_refused_each_in_its_words()
    {
        SleepBed bed = new SleepBed();
        byte[] older = bed.ExportClient();
        bed.RestartClient();
        bed.ImportClient(older);
        byte[] saved = bed.ExportClient();
        bed.RestartClient();
        Says(bed, "another key", saved, TestBed.Bytes(16, 1), 0);
        Says(bed, "16 bytes, not 32", saved, TestBed.Bytes(32), 0);
        Says(bed, "generation 1, and 2 is the least", older, SleepBed.Key, 2);
        Says(bed, "no saved association", TestBed.Bytes(200), SleepBed.Key, 0);
        Says(bed, "format 2", With(saved, 2, 2), SleepBed.Key, 0);
        Says(bed, "algorithm 99", With(saved, 3, 99), SleepBed.Key, 0);

        byte[] ofServer = bed.ExportServer();
        Says(bed, "other role", ofServer, SleepBed.Key, 0);
        bed.Changing = options => options.Suites = TestBed.Only(SleepBed.Suite("TLS_PSK_WITH_AES_128_GCM_SHA256"));
        bed.RestartClient();
        Says(bed, "suite", saved, SleepBed.Key, 0);
        bed.Changing = null;
        bed.RestartClient();
        bed.ImportClient(saved, minimum: 2);
    }

    [TestMethod]
    public void A_feature_whose_part_nobody_reads_is_missed()
    {
        DtlsOptions options = TestBed.Options(1);
        DurableAssociations saver = new DurableAssociations();
        options.Features = new Feature[] { new KeepingFeature(), saver };
        TestBed bed = new TestBed(options, TestBed.Options(2)).Connect();
        bed.Network.Run(100);
        byte[] saved = SleepBed.Export(saver, bed.Client.Association);

        DtlsOptions without = TestBed.Options(3);
        DurableAssociations other = new DurableAssociations();
        without.Features = new Feature[] { other };
        DtlsClientEngine engine = new DtlsClientEngine(without);
        ArgumentException refused = Assert.ThrowsExactly<ArgumentException>(() => other.Import(engine, SleepBed.Key, saved, 0, saved.Length, 0, 1));
        StringAssert.Contains(refused.Message, "of tag 200");

        KeepingFeature keeping = new KeepingFeature();
        DtlsOptions with = TestBed.Options(4);
        other = new DurableAssociations();
        with.Features = new Feature[] { other, keeping };
        engine = new DtlsClientEngine(with);
        keeping.Refuses = true;
        refused = Assert.ThrowsExactly<ArgumentException>(() => other.Import(engine, SleepBed.Key, saved, 0, saved.Length, 0, 1));
        StringAssert.Contains(refused.Message, "tag 200");
        Assert.AreEqual(AssociationState.Idle, engine.Association.State);
        keeping.Refuses = false;
        Association association = other.Import(engine, SleepBed.Key, saved, 0, saved.Length, 0, 1);
        Assert.AreEqual(0x123456, association.GetState(keeping));
    }

    [TestMethod]
    public void Nothing_that_is_sealed_under_the_key_throws_anything_but_that_it_does_not_fit()
    {
        // Whoever has the key may write nonsense: an older release, or a fault in memory before the sealing.
        SleepBed bed = new SleepBed();
        byte[] saved = bed.ExportClient();
        bed.RestartClient();
        CryptoProvider crypto = bed.Client.Engine.Crypto;
        byte[] plain = (byte[])saved.Clone();
        int count = SavedSeal.Open(crypto, SleepBed.Key, plain, plain.Length);
        Random random = new Random(5);
        int refused = 0;
        const int Turns = 3000;
        for (int i = 0; i < Turns; i++)
        {
            byte[] other = new byte[plain.Length + 40];
            Array.Copy(plain, other, plain.Length);
            int length = random.Next(4) == 0 ? random.Next(count + 20) : count;
            for (int j = random.Next(4); j >= 0; j--)
            {
                other[SavedHeader.Length + random.Next(random.Next(2) == 0 ? 40 : count)] = (byte)random.Next(256);
            }

            int total = SavedSeal.Seal(crypto, SleepBed.Key, 1, other, 0, length);
            try
            {
                bed.ImportClient(other.AsSpan(0, total).ToArray());
                bed.ClientSaver.SavedIsGone(bed.Client.Association);
                bed.Client.Association.Close(0, bed.Network.Now);
                bed.Network.Flush();
                bed.Client.Engine.Reset();
            }
            catch (ArgumentException)
            {
                refused++;
                Assert.AreEqual(AssociationState.Idle, bed.Client.State);
            }
        }

        Assert.IsGreaterThan(Turns / 5, refused);
        Assert.IsLessThan(Turns, refused);
    }

    [TestMethod]
    public void Random_bytes_are_refused()
    {
        SleepBed bed = new SleepBed();
        bed.RestartClient();
        Random random = new Random(7);
        for (int i = 0; i < 20_000; i++)
        {
            byte[] bytes = new byte[random.Next(330)];
            random.NextBytes(bytes);
            if (bytes.Length > 6 && random.Next(2) == 0)
            {
                new byte[] { 0x4E, 0x44, 1, (byte)random.Next(0x10, 0x15), 0, (byte)bytes.Length }.CopyTo(bytes, 0);
            }

            Refuses(bed, false, bytes, "turn " + i);
        }
    }

    [TestMethod]
    public void A_provider_that_fails_at_any_call_leaves_the_association_or_nothing()
    {
        for (int failing = 1; ; failing++)
        {
            WatchedProvider? watched = null;
            SleepBed bed = new SleepBed();
            byte[] saved = bed.ExportClient();
            bed.Changing = options =>
            {
                watched = new WatchedProvider(options.Crypto);
                options.Crypto = watched;
            };
            bed.RestartClient();
            bed.Network.PartsMayFail = true;
            int calls = 0;
            watched!.Calling = (what, _) =>
            {
                // What clears must not fail as well: nothing could be done then.
                if (what != "Clear" && ++calls == failing)
                {
                    throw new InvalidOperationException("The provider fails.");
                }
            };
            try
            {
                bed.ImportClient(saved);
                Assert.IsGreaterThan(4, failing);
                return;
            }
            catch (InvalidOperationException)
            {
                Assert.AreEqual(AssociationState.Idle, bed.Client.State);
                Assert.AreEqual(0, watched.KeyedContexts, "call " + failing);
            }

            watched.Calling = null;
            bed.ClientSaver.SavedIsGone(bed.ImportClient(saved));
            bed.VerifyEcho();
        }
    }

    [TestMethod]
    public void Without_entropy_nothing_is_exported_and_the_association_goes_on()
    {
        WatchedProvider? watched = null;
        SleepBed bed = new SleepBed();
        bed.Changing = options =>
        {
            watched = new WatchedProvider(options.Crypto);
            options.Crypto = watched;
        };
        bed.SleepClient();
        watched!.Calling = (what, _) =>
        {
            if (what == "Random")
            {
                throw new InvalidOperationException("There is no entropy.");
            }
        };
        byte[] buffer = new byte[400];
        Assert.AreEqual(DtlsError.NoEntropy, SleepTests.Fails(() => bed.ClientSaver.Export(bed.Client.Association, SleepBed.Key, buffer, 0)));
        Assert.IsFalse(buffer.AsSpan(SavedHeader.Length).IndexOfAnyExcept((byte)0) >= 0, "No key may stay in the clear.");
        watched.Calling = null;
        bed.VerifyEcho();
    }

    private static void Restart(SleepBed bed, bool server)
    {
        if (server)
        {
            bed.RestartServer();
        }
        else
        {
            bed.RestartClient();
        }
    }

    private static void Refuses(SleepBed bed, bool server, byte[] saved, string what)
    {
        try
        {
            if (server)
            {
                bed.ImportServer(saved);
            }
            else
            {
                bed.ImportClient(saved);
            }
        }
        catch (Exception e) when (e is ArgumentException or DtlsException)
        {
            return;
        }

        Assert.Fail("Taken: " + what);
    }

    private static void VerifyUntouched(SleepBed bed, bool server, byte[] saved)
    {
        if (server)
        {
            Assert.AreEqual(0, bed.Server.SessionCount);
            bed.ServerSaver.SavedIsGone(bed.ImportServer(saved));
        }
        else
        {
            Assert.AreEqual(AssociationState.Idle, bed.Client.State);
            bed.ClientSaver.SavedIsGone(bed.ImportClient(saved));
        }

        bed.VerifyEcho();
    }

    private static void Says(SleepBed bed, string words, byte[] saved, byte[] key, long minimum)
    {
        try
        {
            bed.ImportClient(saved, key, minimum);
        }
        catch (Exception e) when (e is ArgumentException or DtlsException)
        {
            StringAssert.Contains(e.Message, words);
            Assert.AreEqual(AssociationState.Idle, bed.Client.State);
            return;
        }

        Assert.Fail("Taken, but: " + words);
    }

    private static byte[] With(byte[] bytes, int at, byte value)
    {
        byte[] copy = (byte[])bytes.Clone();
        copy[at] = value;
        return copy;
    }

    private sealed class KeepingFeature : Feature
    {
        internal bool Refuses { get; set; }

        internal override int SavedTag
        {
            get { return 200; }
        }

        internal override void Save(Association association, WireWriter writer)
        {
            writer.WriteUInt24(0x123456);
        }

        internal override object? ReadSaved(WireReader reader)
        {
            int value = reader.ReadUInt24();
            return Refuses ? null : value;
        }

        internal override void Restore(Association association, object saved)
        {
            association.SetState(this, saved);
        }
    }
}
