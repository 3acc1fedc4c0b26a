using System;
using Microsoft.VisualStudio.TestTools.UnitTesting;
using NfDtls.Dtls13;
using NfDtls.Extensions;
using NfDtls.Tests.Engine;

namespace NfDtls.Tests.Dtls13;

/// <summary>Associations of DTLS 1.3 that are saved over a deep sleep, and go on.</summary>
[TestClass]
public class SleepTests
{
    [TestMethod]
    [DataRow(0x1305)]
    [DataRow(0x1301)]
    [DataRow(0x1303)]
    public void Either_end_sleeps_and_goes_on_without_a_handshake_and_keys_follow_on(int suite)
    {
        SleepBed13 bed = new(options => options.Suites = TestBed.Only(Suites13.AddTo(new CipherSuiteTable()).Find(suite)));
        for (int i = 0; i < 4; i++)
        {
            bed.SleepClient();
            bed.VerifyEcho();
            bed.SleepServer();
            bed.VerifyEcho();
            bed.SleepClient();
            bed.SleepServer();
            bed.VerifyEcho();
            KeyUpdates.Begin(i % 2 == 0 ? bed.Client.Association : bed.ServerAssociation, i < 2, bed.Network.Now);
            bed.Network.Run(1000);
            bed.VerifyEcho();
        }

        Assert.AreEqual(6L, bed.Client.Association.WriteEpoch.Number);
        Assert.AreEqual(6L, bed.Client.Association.ReadEpoch.Number);
        Assert.AreEqual(0, bed.Server.Statistics.HandshakesCompleted);
    }

    [TestMethod]
    public void What_was_agreed_on_is_there_after_a_sleep()
    {
        SleepBed13 bed = new(options =>
        {
            options.ServerName = "lamp.example";
            options.Features =
            [
                new KeyExporter(), new RecordSizeLimit(300), new ApplicationProtocols(["coap"]), new ServerNames().Add("lamp.example"), new Renegotiation(),
                .. options.Features
            ];
        });
        KeyUpdates.Begin(bed.Client.Association, false, bed.Network.Now);
        bed.Network.Run(1000);
        byte[] key = Export(bed.Client.Association);
        bed.SleepClient();
        bed.SleepServer();
        foreach (Association association in new[] { bed.Client.Association, bed.ServerAssociation })
        {
            Assert.AreEqual(0xFEFC, association.Version);
            Assert.AreEqual("TLS_AES_128_CCM_8_SHA256", association.Suite.Name);
            Assert.AreEqual("coap", association.ApplicationProtocol);
            Assert.AreEqual(299, association.MaxPayload);
            CollectionAssert.AreEqual(key, Export(association));
            CollectionAssert.AreEqual(TestBed.Text("sensor-1"), association.PskIdentity);
        }

        Assert.AreEqual("lamp.example", bed.ServerAssociation.ServerName);

        // The sizes hold under the keys that follow, padding and all.
        KeyUpdates.Begin(bed.ServerAssociation, true, bed.Network.Now);
        bed.Network.Run(1000);
        Assert.AreEqual(299, bed.Client.Association.MaxPayload);
        Assert.AreEqual(299, bed.ServerAssociation.MaxPayload);
        bed.Network.Deliver(false, TestBed.Address, TestBed.Seal(bed.ServerAssociation, 0, [.. new byte[100], ContentType.ApplicationData, .. new byte[199]]));
        Assert.AreEqual(DtlsError.RecordOverflow, bed.Client.Association.LastError);
    }

    [TestMethod]
    public void What_came_before_a_sleep_is_a_replay_after_it()
    {
        SleepBed13 bed = new();
        bed.Network.Echo = false;
        bed.Client.Association.Send(new byte[5], 0, 5, bed.Network.Now);
        bed.Network.Run(100);
        byte[] datagram = bed.Network.Sent[^1].Bytes;
        bed.ServerAssociation.TakePacket().Return();
        bed.SleepServer();
        bed.Network.Deliver(true, TestBed.Address, datagram);
        Assert.AreEqual(0, bed.ServerAssociation.Pending);
        Assert.AreEqual(1, bed.Server.Statistics.Dropped(DropReason.Replay));
        bed.Client.Association.Send(new byte[5], 0, 5, bed.Network.Now);
        bed.Network.Run(100);
        Assert.AreEqual(1, bed.ServerAssociation.Pending);
    }

    /// <summary>Whether the ACK of its Finished or data come first, the client is answered.</summary>
    [TestMethod]
    public void A_server_that_slept_before_its_ACK_came_acknowledges_the_clients_Finished_when_it_comes_again()
    {
        SleepBed13 bed = new(null, false);
        bed.Network.Filter = datagram => datagram.ToServer || (datagram.Bytes[0] & 0xE3) != 0x23;
        bed.Client.Engine.Connect(bed.Network.Now);
        bed.Network.Run(() => bed.Bed.ServerAssociation?.State == AssociationState.Connected, 10_000);
        Assert.AreEqual(AssociationState.Connecting, bed.Client.State);
        bed.SleepServer();
        bed.Network.Filter = null;
        Assert.IsTrue(bed.Network.Run(() => bed.Client.State == AssociationState.Connected, 20_000), bed.Client.Association.LastError.ToString());
        bed.VerifyEcho();
    }

    /// <summary>In every state that an update of keys goes through at either end, either end may sleep: no datagram of it may be lost for good.</summary>
    [TestMethod]
    public void An_end_may_sleep_at_any_moment_of_an_update_whatever_was_lost()
    {
        for (int lost = -1; lost < 4; lost++)
        {
            for (int moment = 0; moment < 5; moment++)
            {
                foreach (bool ofServer in new[] { false, true })
                {
                    foreach (bool sleepsServer in new[] { false, true })
                    {
                        string what = "lost " + lost + ", moment " + moment + ", of server " + ofServer + ", sleeps server " + sleepsServer;
                        SleepBed13 bed = new();
                        int first = bed.Network.Sent.Count;
                        bed.Network.Filter = datagram => datagram.Number != first + lost;
                        KeyUpdates.Begin(ofServer ? bed.ServerAssociation : bed.Client.Association, true, bed.Network.Now);
                        bed.Network.Run(() => bed.Network.Sent.Count >= first + moment, 300);
                        if (sleepsServer)
                        {
                            bed.SleepServer();
                        }
                        else
                        {
                            bed.SleepClient();
                        }

                        bed.Network.Run(60_000);
                        bed.VerifyEcho();
                        Assert.AreEqual(bed.Client.Association.WriteEpoch.Number, bed.ServerAssociation.ReadEpoch.Number, what);
                        Assert.AreEqual(bed.ServerAssociation.WriteEpoch.Number, bed.Client.Association.ReadEpoch.Number, what);
                        Assert.AreEqual(4L, bed.Client.Association.WriteEpoch.Number, what);
                        Assert.AreEqual(4L, bed.ServerAssociation.WriteEpoch.Number, what);
                        KeyUpdates.Begin(bed.ServerAssociation, true, bed.Network.Now);
                        bed.Network.Run(1000);
                        bed.VerifyEcho();
                        Assert.AreEqual(5L, bed.Client.Association.WriteEpoch.Number, what);
                    }
                }
            }
        }
    }

    [TestMethod]
    public void Counted_records_and_forgeries_are_counted_on_and_bring_new_keys_in_time()
    {
        SleepBed13 bed = new(options => options.SealLimit = 64);
        for (int i = 0; i < 300; i++)
        {
            bed.VerifyEcho();
            if (i % 7 == 0)
            {
                bed.SleepClient();
                bed.SleepServer();
            }
        }

        Assert.IsGreaterThan(6L, bed.Client.Association.WriteEpoch.Number);
        bed.Client.Association.ReadEpoch.Forged = 5;
        bed.SleepClient();
        Assert.AreEqual(5L, bed.Client.Association.ReadEpoch.Forged);
    }

    [TestMethod]
    public void Bytes_of_one_version_are_refused_by_an_end_of_the_other_in_words()
    {
        SleepBed13 bed = new();
        byte[] saved = bed.ExportClient();
        DtlsOptions options = TestBed.Options(5);
        DurableAssociations saver = new();
        options.Features = [saver];
        DtlsClientEngine engine = new(options);
        ArgumentException e = Assert.ThrowsExactly<ArgumentException>(() => saver.Import(engine, SleepBed13.Key, saved, 0, saved.Length, 0, 0));
        StringAssert.Contains(e.Message, "version");
        Assert.AreEqual(AssociationState.Idle, engine.Association.State);

        DtlsOptions server = TestBed.Options(6);
        DtlsOptions client = TestBed.Options(7);
        DurableAssociations of12 = new();
        client.Features = [of12];
        TestBed old = new TestBed(client, server).Connect();
        old.Network.Run(100);
        byte[] buffer = new byte[600];
        int length = of12.Export(old.Client.Association, SleepBed13.Key, buffer, 0);
        bed.RestartClient();
        e = Assert.ThrowsExactly<ArgumentException>(() => bed.ClientSaver.Import(bed.Client.Engine, SleepBed13.Key, buffer, 0, length, 0, 0));
        StringAssert.Contains(e.Message, "version");
        e = Assert.ThrowsExactly<ArgumentException>(() => bed.ServerSaver.Import(bed.Server, SleepBed13.Key, saved, 0, saved.Length, 0, 0));
        StringAssert.Contains(e.Message, "role");
        bed.ClientSaver.SavedIsGone(bed.ImportClient(saved));
        bed.VerifyEcho();
    }

    [TestMethod]
    public void It_fits_into_the_usual_length_and_an_end_of_both_versions_saves_either()
    {
        SleepBed13 bed = new(options => options.Versions.Add(new Dtls12()));
        KeyUpdates.Begin(bed.Client.Association, true, bed.Network.Now);
        bed.Network.Run(() => bed.ServerAssociation.ReadEpoch.Number == 4, 1000);
        Assert.IsLessThanOrEqualTo(DurableAssociations.UsualLength, bed.ExportServer().Length);
    }

    [TestMethod]
    public void No_secret_stays_behind_an_export()
    {
        SleepBed13 bed = new();
        KeyUpdates.Begin(bed.Client.Association, true, bed.Network.Now);
        bed.Network.Run(() => bed.ServerAssociation.ReadEpoch.Number == 4, 1000);
        Association association = bed.ServerAssociation;
        KeyState state = (KeyState)association.GetState(association.Engine.Features[^1]);
        byte[][] secrets = [state.Secrets[..state.Size], state.Secrets[state.Size..], (byte[])state.Before.Secret.Clone()];
        Assert.IsNotNull(Reachable.Find(bed.Server, secrets));
        bed.ExportServer();
        Assert.IsNull(Reachable.Find(bed.Server, secrets));
        Assert.IsNull(Reachable.Find(state, secrets));
    }

    [TestMethod]
    public void The_secret_of_keys_that_are_not_read_any_more_is_gone_and_without_a_saver_there_is_none()
    {
        SleepBed13 bed = new();
        Association server = bed.ServerAssociation;
        KeyState state = (KeyState)server.GetState(server.Engine.Features[^1]);
        Assert.IsNotNull(state.Before, "The client's Finished may come again.");
        bed.Network.Run(130_000);
        bed.VerifyEcho();
        Assert.IsNull(state.Before);
        KeyUpdates.Begin(bed.Client.Association, false, bed.Network.Now);
        Assert.IsTrue(bed.Network.Run(() => state.Before != null, 1000));
        bed.Network.Run(100);
        bed.VerifyEcho();
        Assert.IsNull(state.Before);

        TestBed without = Bed13.PskAlone();
        Assert.IsTrue(Bed13.Connect(without));
        KeyUpdates.Begin(without.Client.Association, true, without.Network.Now);
        without.Network.Run(() => without.ServerAssociation!.ReadEpoch.Number == 4, 1000);
        Assert.IsNull(((KeyState)without.ServerAssociation!.GetState(without.Server.Features[^1])).Before);
    }

    /// <summary>Whoever has the key may write nonsense: an older release, or a fault in memory before the sealing.</summary>
    [TestMethod]
    public void Nothing_that_is_sealed_under_the_key_throws_anything_but_that_it_does_not_fit()
    {
        SleepBed13 bed = new();
        byte[] saved = bed.ExportClient();
        bed.RestartClient();
        CryptoProvider crypto = bed.Client.Engine.Crypto;
        byte[] plain = (byte[])saved.Clone();
        int count = SavedSeal.Open(crypto, SleepBed13.Key, plain, plain.Length);
        Random random = new(5);
        int refused = 0;
        const int Turns = 3000;
        for (int i = 0; i < Turns; i++)
        {
            byte[] other = new byte[plain.Length + 40];
            Array.Copy(plain, other, plain.Length);
            int length = random.Next(4) == 0 ? random.Next(count + 20) : count;
            for (int j = random.Next(4); j >= 0; j--)
            {
                other[SavedHeader.Length + random.Next(random.Next(2) == 0 ? 60 : count)] = (byte)random.Next(256);
            }

            int total = SavedSeal.Seal(crypto, SleepBed13.Key, 1, other, 0, length);
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
    public void A_provider_that_fails_at_any_call_leaves_the_association_or_nothing()
    {
        for (int failing = 1; ; failing++)
        {
            WatchedProvider? watched = null;
            SleepBed13 bed = new();
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
                Assert.IsGreaterThan(8, failing);
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

    private static byte[] Export(Association association)
    {
        byte[] key = new byte[32];
        association.ExportKey("EXPORTER-nfdtls", null, key, 0, 32);
        return key;
    }
}
