using System;
using System.Collections.Generic;
using Microsoft.VisualStudio.TestTools.UnitTesting;
using NfDtls.Extensions;
using NfDtls.Server;
using NfDtls.Tests.Engine;

namespace NfDtls.Tests.Extensions;

/// <summary>Associations that are exported and imported: what goes on, and what ends.</summary>
[TestClass]
public sealed class SleepTests
{
    public TestContext TestContext { get; set; } = null!;

    public static IEnumerable<object[]> EverySuite()
    {
        CipherSuiteTable table = PskSuites.All();
        for (int i = 0; i < table.Count; i++)
        {
            foreach (bool host in new[] { false, true })
            {
                yield return new object[] { table.At(i).Name, host };
            }
        }
    }

    [TestMethod]
    [DynamicData(nameof(EverySuite))]
    public void Either_end_sleeps_and_goes_on_without_a_handshake(string suite, bool host)
    {
        SleepBed bed = new SleepBed(suite, host);
        bed.VerifyEcho();
        int sent = bed.Network.Sent.Count;
        byte[] saved = bed.ExportClient();
        TestContext.WriteLine(suite + ": " + saved.Length + " bytes");
        Assert.IsLessThanOrEqualTo(DurableAssociations.UsualLength, saved.Length);
        bed.RestartClient();
        Association client = bed.ImportClient(saved);
        bed.ClientSaver.SavedIsGone(client);
        Assert.AreEqual(AssociationState.Connected, client.State);
        bed.VerifyEcho(4);
        saved = bed.ExportServer();
        TestContext.WriteLine("the server's: " + saved.Length + " bytes");
        Assert.IsLessThanOrEqualTo(DurableAssociations.UsualLength, saved.Length);
        bed.RestartServer();
        bed.ServerSaver.SavedIsGone(bed.ImportServer(saved));
        bed.VerifyEcho(5);
        bed.SleepClient();
        bed.SleepServer();
        bed.VerifyEcho(6);
        Assert.AreEqual(sent + 6, bed.Network.Sent.Count, "Three times there and back, and nothing else.");
        Assert.AreEqual(suite, client.Suite.Name);
        Assert.AreEqual(suite, bed.ServerAssociation.Suite.Name);
        CollectionAssert.AreEqual(TestBed.Text("sensor-1"), bed.ServerAssociation.PskIdentity);
        bed.Client.Association.Close(1000, bed.Network.Now);
        Assert.IsTrue(bed.Network.Run(() => bed.Client.State == AssociationState.Closed, 1000));
        Assert.AreEqual(DtlsError.SessionClosed, bed.Client.Association.LastError);
    }

    [TestMethod]
    public void What_was_agreed_on_is_there_after_a_sleep()
    {
        SleepBed bed = new SleepBed("TLS_PSK_WITH_AES_128_CBC_SHA256");
        Association before = bed.Client.Association;
        before.PathMtu = 500;
        int flags = before.Flags;
        int payload = before.MaxPayload;
        Assert.AreNotEqual(0, flags & HandshakeFlags.EncryptThenMac);
        bed.SleepClient();
        Association after = bed.Client.Association;
        Assert.AreEqual(flags, after.Flags);
        Assert.AreEqual(DtlsVersion.Dtls12, after.Version);
        Assert.AreEqual(500, after.PathMtu);
        Assert.AreEqual(payload, after.MaxPayload);
        CollectionAssert.AreEqual(TestBed.Text("sensor-1"), after.PskIdentity);
    }

    [TestMethod]
    public void An_export_ends_the_live_association_without_a_word_and_leaves_what_came_to_the_application()
    {
        SleepBed bed = new SleepBed();
        Association client = bed.Client.Association;
        client.Send(TestBed.Bytes(5), 0, 5, bed.Network.Now);
        Assert.IsTrue(bed.Network.Run(() => client.Pending > 0, 1000));
        client.Send(TestBed.Bytes(6), 0, 6, bed.Network.Now);
        int sent = bed.Network.Sent.Count;
        bed.Client.Events = 0;
        byte[] saved = bed.ExportClient();
        Assert.AreEqual(AssociationState.Closed, client.State);
        Assert.AreEqual(DtlsError.Exported, client.LastError);
        bed.Network.Flush();
        Assert.AreEqual(sent + 1, bed.Network.Sent.Count, "What waited to be sent is sent, and no alert.");
        Assert.AreEqual(AssociationEvents.Closed, bed.Client.Events);
        Assert.AreEqual(1, client.Pending);
        Assert.AreEqual(5, client.Receive(new byte[100], 0));
        Assert.AreEqual(DtlsError.Exported, Assert.ThrowsExactly<DtlsException>(() => client.Receive(new byte[100], 0)).Error);
        Assert.AreEqual(DtlsError.Exported, Assert.ThrowsExactly<DtlsException>(() => client.Send(new byte[1], 0, 1, bed.Network.Now)).Error);
        Assert.AreEqual(DtlsError.Exported, Assert.ThrowsExactly<DtlsException>(() => bed.ExportClient()).Error);

        // What comes meanwhile is lost, as on any network; what comes later is not.
        bed.Network.Run(100);
        bed.ClientSaver.SavedIsGone(bed.ImportClient(saved));
        bed.VerifyEcho();
    }

    [TestMethod]
    public void No_secret_stays_behind_an_export()
    {
        WatchedProvider? watched = null;
        DtlsOptions options = TestBed.Options(1);
        watched = new WatchedProvider(options.Crypto);
        options.Crypto = watched;
        DurableAssociations saver = new DurableAssociations();
        options.Features = new Feature[] { saver };
        TestBed bed = new TestBed(options, TestBed.Options(2)).Connect();
        bed.Network.Run(100);
        Assert.AreEqual(2, watched.KeyedContexts);
        Assert.IsNotNull(Reachable.Find(bed.Client.Engine, watched.Secrets), "The keys are kept while it lives.");
        byte[] keys = ((DurableState)bed.Client.Association.GetState(saver)).Keys;
        byte[] saved = SleepBed.Export(saver, bed.Client.Association);
        CollectionAssert.AreEqual(new byte[40], keys);
        Assert.AreEqual(0, watched.KeyedContexts);
        Assert.IsNull(Reachable.Find(bed.Client.Engine, watched.Secrets));

        // Nor behind an import that finds no place.
        int length = SavedSeal.Open(options.Crypto, SleepBed.Key, saved, saved.Length);
        SavedContent content = new SavedContent(saved);
        content.Read(bed.Client.Engine, SavedHeader.Length, length);
        Assert.AreNotEqual(0, content.Keys[0] | content.Keys[1] | content.Keys[2]);
        content.Clear();
        CollectionAssert.AreEqual(new byte[40], content.Keys);
    }

    [TestMethod]
    public void An_association_is_saved_only_while_it_is_connected_and_no_handshake_runs()
    {
        SleepBed bed = new SleepBed();
        Association client = bed.Client.Association;
        client.Close(-1, bed.Network.Now);
        Assert.AreEqual(DtlsError.SessionClosed, Fails(() => bed.ExportClient()));
        bed.Network.Run(1000);
        Assert.AreEqual(DtlsError.SessionClosed, Fails(() => bed.ExportClient()));
        bed.Client.Engine.Reset();
        Assert.AreEqual(DtlsError.NotConnected, Fails(() => bed.ExportClient()));
        bed.Client.Engine.Connect(bed.Network.Now);
        Assert.AreEqual(DtlsError.NotConnected, Fails(() => bed.ExportClient()));
        Assert.AreEqual(DtlsError.NotConnected, Fails(() => bed.ClientSaver.WritePromise(client, SleepBed.Key, new byte[500], 0)));
        Assert.IsTrue(bed.Network.Run(() => client.State == AssociationState.Connected, 60_000));
        bed.ExportClient();
    }

    [TestMethod]
    public void A_buffer_that_is_too_small_and_a_key_of_another_length_change_nothing()
    {
        SleepBed bed = new SleepBed();
        Association client = bed.Client.Association;
        int needed = new SleepBed().ExportClient().Length;
        for (int length = 0; length < needed; length++)
        {
            byte[] buffer = new byte[length];
            Assert.ThrowsExactly<ArgumentException>(() => bed.ClientSaver.Export(client, SleepBed.Key, buffer, 0), length.ToString());
            CollectionAssert.AreEqual(new byte[length], buffer, "Nothing may stay in it.");
        }

        foreach (int length in new[] { 0, 15, 17, 24, 31, 33 })
        {
            byte[] buffer = new byte[400];
            Assert.ThrowsExactly<ArgumentException>(() => bed.ClientSaver.Export(client, new byte[length], buffer, 0), length.ToString());
            CollectionAssert.AreEqual(new byte[400], buffer, "Nothing may stay in it.");
        }

        Assert.ThrowsExactly<ArgumentNullException>(() => bed.ClientSaver.Export(client, null, new byte[400], 0));
        Assert.ThrowsExactly<ArgumentNullException>(() => bed.ClientSaver.Export(client, SleepBed.Key, null, 0));
        Assert.ThrowsExactly<ArgumentNullException>(() => bed.ClientSaver.Export(null, SleepBed.Key, new byte[400], 0));
        Assert.ThrowsExactly<ArgumentException>(() => bed.ClientSaver.Export(client, SleepBed.Key, new byte[400], 401));
        bed.VerifyEcho();
        byte[] longKey = TestBed.Bytes(32);
        byte[] saved = SleepBed.Export(bed.ClientSaver, client, longKey);
        bed.RestartClient();
        bed.ClientSaver.SavedIsGone(bed.ImportClient(saved, longKey));
        bed.VerifyEcho();
    }

    [TestMethod]
    public void Two_exports_of_the_same_are_no_two_same_bytes()
    {
        SleepBed bed = new SleepBed();
        byte[] first = bed.ExportClient();
        bed.RestartClient();
        bed.ImportClient(first);
        byte[] second = bed.ExportClient();
        Assert.AreEqual(first.Length, second.Length);
        int same = 0;
        for (int i = 10; i < first.Length; i++)
        {
            same += first[i] == second[i] ? 1 : 0;
        }

        Assert.IsLessThan(20, same, "A fresh nonce, and so other bytes.");
        Assert.AreEqual(1, DurableAssociations.GenerationOf(first, 0, first.Length));
        Assert.AreEqual(2, DurableAssociations.GenerationOf(second, 0, second.Length));
    }

    [TestMethod]
    public void What_was_imported_is_held_until_the_bytes_are_gone_or_the_next_promise_is_stored()
    {
        SleepBed bed = new SleepBed();
        byte[] saved = bed.ExportClient();
        bed.RestartClient();
        Association client = bed.ImportClient(saved);
        Assert.AreEqual(AssociationEvents.PromiseWanted, bed.Client.TakeEvents() & AssociationEvents.PromiseWanted);
        Assert.AreEqual(DtlsError.PromiseNotStored, Fails(() => client.Send(new byte[3], 0, 3, bed.Network.Now)));
        bed.ServerAssociation.Send(new byte[3], 0, 3, bed.Network.Now);
        bed.Network.Run(100);
        Assert.AreEqual(0, client.Pending);
        Assert.AreEqual(1, bed.Client.Engine.Statistics.Dropped(DropReason.Unpromised));
        bed.ClientSaver.SavedIsGone(client);
        bed.VerifyEcho();
    }

    [TestMethod]
    public void What_came_before_a_sleep_is_a_replay_after_it()
    {
        SleepBed bed = new SleepBed();
        bed.VerifyEcho();
        List<byte[]> toClient = new();
        List<byte[]> toServer = new();
        foreach (Datagram datagram in bed.Network.Sent)
        {
            (datagram.ToServer ? toServer : toClient).Add(datagram.Bytes);
        }

        bed.SleepClient();
        bed.SleepServer();
        foreach (byte[] bytes in toClient)
        {
            bed.Network.Inject(false, TestBed.Address, bytes, 1);
        }

        foreach (byte[] bytes in toServer)
        {
            // But for the hellos, which begin something new.
            if (bytes[0] != ContentType.Handshake || bytes[4] == 1)
            {
                bed.Network.Inject(true, TestBed.Address, bytes, 1);
            }
        }

        bed.Network.Run(1000);
        Assert.AreEqual(0, bed.Client.Association.Pending);
        Assert.IsGreaterThanOrEqualTo(2, bed.Client.Engine.Statistics.Dropped(DropReason.Replay));
        Assert.IsGreaterThanOrEqualTo(1, bed.Server.Statistics.Dropped(DropReason.Replay));
        bed.VerifyEcho();
    }

    [TestMethod]
    public void Counted_records_and_forgeries_are_counted_on_after_a_sleep()
    {
        SleepBed bed = new SleepBed();
        bed.VerifyEcho();
        bed.Network.Filter = datagram =>
        {
            datagram.Bytes[^1] ^= 1;
            return true;
        };
        bed.ServerAssociation.Send(new byte[3], 0, 3, bed.Network.Now);
        bed.Network.Run(100);
        bed.Network.Filter = null;
        Epoch before = bed.Client.Association.WriteEpoch;
        Assert.AreEqual(1, before.Forged);
        bed.SleepClient();
        Epoch after = bed.Client.Association.WriteEpoch;
        Assert.AreEqual(before.Forged, after.Forged);
        Assert.AreEqual(before.Sealed, after.Sealed);
        Assert.AreEqual(before.NextSequence, after.NextSequence);
        Assert.AreEqual(before.SealLimit, after.SealLimit);
        Assert.AreEqual(before.ForgeryLimit, after.ForgeryLimit);
        Assert.AreEqual(before.Number, after.Number);
    }

    [TestMethod]
    public void A_limit_that_was_reached_before_a_sleep_is_reached_after_it()
    {
        SleepBed bed = new SleepBed();
        bed.VerifyEcho();
        bed.Changing = options => options.SealLimit = 3;
        bed.SleepClient();
        Assert.AreEqual(DtlsError.SealLimitReached, Fails(() => bed.Client.Association.Send(new byte[3], 0, 3, bed.Network.Now)));
    }

    [TestMethod]
    public void A_server_that_slept_before_its_last_flight_came_sends_it_again()
    {
        DtlsOptions clientOptions = TestBed.Options(1);
        DtlsOptions serverOptions = TestBed.Options(2);
        DurableAssociations saver = new DurableAssociations();
        serverOptions.Features = new Feature[] { saver };
        TestBed bed = new TestBed(clientOptions, serverOptions);
        bool isLost = true;
        bed.Network.Filter = datagram => datagram.ToServer || datagram.Bytes[0] != ContentType.ChangeCipherSpec || !isLost;
        bed.Client.Engine.Connect(bed.Network.Now);
        Assert.IsTrue(bed.Network.Run(() => bed.ServerAssociation?.State == AssociationState.Connected, 10_000));
        bed.Network.Flush();
        byte[] saved = SleepBed.Export(saver, bed.ServerAssociation!);
        bed.Network.Flush();
        DtlsOptions woken = TestBed.Options(3);
        saver = new DurableAssociations();
        woken.Features = new Feature[] { saver };
        DtlsServerEngine server = new DtlsServerEngine(woken);
        bed.Network.Server = server;
        Association association = saver.Import(server, SleepBed.Key, saved, 0, saved.Length, 0, bed.Network.Now);

        // Not before its numbers are there, and nothing breaks for that.
        isLost = false;
        Assert.IsFalse(bed.Network.Run(() => bed.Client.State == AssociationState.Connected, 5000));
        saver.SavedIsGone(association);
        Assert.IsTrue(bed.Network.Run(() => bed.Client.State == AssociationState.Connected, 10_000));
        bed.Client.Association.Send(new byte[3], 0, 3, bed.Network.Now);
        Assert.IsTrue(bed.Network.Run(() => bed.Client.Association.Pending == 1, 1000));

        // It is kept for ten minutes, and the sleep counts for none of them.
        Assert.IsTrue(association.LastFlight.IsKept);
        bed.Network.Run(600_000);
        Assert.IsFalse(association.LastFlight.IsKept);
        saved = SleepBed.Export(saver, association);
        bed.Network.Flush();
        association = saver.Import(server, SleepBed.Key, saved, 0, saved.Length, 0, bed.Network.Now);
        saver.SavedIsGone(association);
        Assert.IsFalse(association.LastFlight.IsKept);
        bed.Client.Association.Send(new byte[3], 0, 3, bed.Network.Now);
        Assert.IsTrue(bed.Network.Run(() => bed.Client.Association.Pending == 2, 1000));
    }

    [TestMethod]
    public void A_last_flight_without_a_number_left_counts_as_lost()
    {
        SleepBed bed = new SleepBed();
        byte[] saved = bed.ExportServer();
        bed.RestartServer();
        Association held = bed.ImportServer(saved);
        Assert.IsTrue(held.LastFlight.IsKept);
        held.LastFlight.Restart();
        held.SendFlight();
        bed.Network.Run(100);
        Assert.AreEqual(AssociationState.Connected, held.State);
        bed.ServerSaver.SavedIsGone(held);
        bed.VerifyEcho();
    }

    [TestMethod]
    public void A_client_that_slept_knows_the_servers_last_message_when_it_is_repeated()
    {
        SleepBed bed = new SleepBed();
        bed.SleepClient();
        bed.ServerAssociation.LastFlight.Restart();
        bed.ServerAssociation.SendFlight();
        bed.Network.Run(100);
        Assert.AreEqual(AssociationState.Connected, bed.Client.State);
        bed.VerifyEcho();
    }

    [TestMethod]
    public void A_server_restarted_takes_back_its_sessions_as_far_as_it_has_places()
    {
        const int Count = 5;
        DtlsOptions options = TestBed.Options(1);
        options.MaxSessions = Count;
        DurableAssociations saver = new DurableAssociations();
        options.Features = new Feature[] { saver };
        VirtualNetwork network = new VirtualNetwork(1);
        DtlsServerEngine server = new DtlsServerEngine(options);
        network.Server = server;
        TestClient[] clients = new TestClient[Count];
        List<byte[]> saved = new();
        for (int i = 0; i < Count; i++)
        {
            byte[] address = { 192, 0, 2, (byte)i, 1, 1 };
            clients[i] = network.Add(new DtlsClientEngine(TestBed.Options(10 + i)), address);
            clients[i].Engine.Connect(network.Now);
            Assert.IsTrue(network.Run(() => clients[i].State == AssociationState.Connected, 10_000));
        }

        for (int i = 0; i < Count; i++)
        {
            saved.Add(SleepBed.Export(saver, server.Find(clients[i].Address, 6)));
        }

        network.Flush();
        Assert.AreEqual(0, server.SessionCount);
        options = TestBed.Options(2);
        options.MaxSessions = Count - 1;
        saver = new DurableAssociations();
        options.Features = new Feature[] { saver };
        server = new DtlsServerEngine(options);
        network.Server = server;
        for (int i = 0; i < Count - 1; i++)
        {
            saver.SavedIsGone(saver.Import(server, SleepBed.Key, saved[i], 0, saved[i].Length, 0, network.Now));
            Assert.AreEqual(DtlsError.AlreadyConnected, Fails(() => saver.Import(server, SleepBed.Key, saved[i], 0, saved[i].Length, 0, network.Now)), "It is there.");
        }

        Assert.AreEqual(DtlsError.NoFreeSession, Fails(() => saver.Import(server, SleepBed.Key, saved[^1], 0, saved[^1].Length, 0, network.Now)));
        Assert.AreEqual(Count - 1, server.SessionCount);
        for (int i = 0; i < Count - 1; i++)
        {
            clients[i].Association.Send(new byte[4], 0, 4, network.Now);
            Assert.IsTrue(network.Run(() => clients[i].Association.Pending == 1, 1000), i.ToString());
        }

        // A place is free again, and is found.
        clients[0].Association.Close(1000, network.Now);
        network.Run(2000);
        saver.SavedIsGone(saver.Import(server, SleepBed.Key, saved[^1], 0, saved[^1].Length, 0, network.Now));
        clients[^1].Association.Send(new byte[4], 0, 4, network.Now);
        Assert.IsTrue(network.Run(() => clients[^1].Association.Pending == 1, 1000));
    }

    [TestMethod]
    public void A_session_that_was_taken_back_falls_silent_and_is_replaced_like_any_other()
    {
        SleepBed bed = new SleepBed();
        bed.Changing = options => options.IdleTimeout = 60_000;
        bed.SleepServer();
        bed.Network.Run(59_000);
        Assert.IsNotNull(bed.ServerAssociation);
        bed.Network.Run(2000);
        Assert.IsNull(bed.ServerAssociation, "Nobody spoke for a minute.");

        bed = new SleepBed();
        bed.SleepServer();
        Association before = bed.ServerAssociation;
        bed.RestartClient();
        bed.Client.Engine.Connect(bed.Network.Now);
        Assert.IsTrue(bed.Network.Run(() => bed.Client.State == AssociationState.Connected, 10_000));
        Assert.AreEqual(DtlsError.Superseded, before.LastError);
        bed.VerifyEcho();
    }

    [TestMethod]
    public void A_client_that_is_connected_takes_nothing_back()
    {
        SleepBed bed = new SleepBed();
        byte[] saved = bed.ExportClient();
        bed.Client.Engine.Connect(bed.Network.Now);
        Assert.AreEqual(DtlsError.AlreadyConnected, Fails(() => bed.ImportClient(saved)));
        Assert.IsTrue(bed.Network.Run(() => bed.Client.State == AssociationState.Connected, 10_000));
        Assert.AreEqual(DtlsError.AlreadyConnected, Fails(() => bed.ImportClient(saved)));
        bed.VerifyEcho();
    }

    [TestMethod]
    public void Exported_keys_are_the_same_after_a_sleep()
    {
        DtlsOptions options = TestBed.Options(1);
        DurableAssociations saver = new DurableAssociations();
        options.Features = new Feature[] { saver, new KeyExporter() };
        TestBed bed = new TestBed(options, TestBed.Options(2)).Connect();
        bed.Network.Run(100);
        byte[] before = new byte[32];
        bed.Client.Association.ExportKey("EXPERIMENTAL sleep", null, before, 0, 32);
        byte[] saved = SleepBed.Export(saver, bed.Client.Association);
        TestContext.WriteLine("With what keys are exported from: " + saved.Length + " bytes.");
        DtlsOptions woken = TestBed.Options(3);
        saver = new DurableAssociations();
        woken.Features = new Feature[] { new KeyExporter(), saver };
        DtlsClientEngine engine = new DtlsClientEngine(woken);
        Association association = saver.Import(engine, SleepBed.Key, saved, 0, saved.Length, 0, 1);
        byte[] after = new byte[32];
        association.ExportKey("EXPERIMENTAL sleep", null, after, 0, 32);
        CollectionAssert.AreEqual(before, after);
    }

    [TestMethod]
    [DynamicData(nameof(EverySuite))]
    public void With_renegotiation_and_exported_keys_too_512_bytes_are_enough_and_whoever_gives_less_is_told(string suite, bool host)
    {
        DtlsOptions[] options = { TestBed.Options(host, 1), TestBed.Options(host, 2) };
        DurableAssociations[] savers = { new DurableAssociations(), new DurableAssociations() };
        for (int i = 0; i < 2; i++)
        {
            options[i].Suites = TestBed.Only(SleepBed.Suite(suite));
            options[i].Psk = TestBed.Store(TestBed.Key, TestBed.Bytes(64, 0x30));
            options[i].Features = new Feature[] { new ConnectionIdFeature(8), new ReturnRoutability(), new NfDtls.Extensions.Renegotiation(), new KeyExporter(), savers[i] };
        }

        TestBed bed = new TestBed(options[0], options[1]).Connect();
        bed.Network.Run(100);
        Association[] ends = { bed.Client.Association, bed.ServerAssociation! };
        for (int i = 0; i < 2; i++)
        {
            ArgumentException e = Assert.ThrowsExactly<ArgumentException>(() => savers[i].Export(ends[i], SleepBed.Key, new byte[DurableAssociations.UsualLength], 0));
            Assert.Contains("512 with Renegotiation and KeyExporter", e.Message);
            Assert.IsLessThanOrEqualTo(512, savers[i].Export(ends[i], SleepBed.Key, new byte[512], 0));
        }
    }

    [TestMethod]
    [DynamicData(nameof(EverySuite))]
    public void With_connection_ids_of_both_ends_and_a_long_identity_it_has_at_most_320_bytes(string suite, bool host)
    {
        DtlsOptions clientOptions = TestBed.Options(host, 1);
        DtlsOptions serverOptions = TestBed.Options(host, 2);
        clientOptions.Suites = TestBed.Only(SleepBed.Suite(suite));
        serverOptions.Suites = clientOptions.Suites;
        byte[] identity = TestBed.Bytes(64, 0x30);
        clientOptions.Psk = TestBed.Store(TestBed.Key, identity);
        serverOptions.Psk = TestBed.Store(TestBed.Key, identity);
        DurableAssociations clients = new DurableAssociations();
        DurableAssociations servers = new DurableAssociations();
        clientOptions.Features = new Feature[] { new ConnectionIdFeature(8), clients };
        serverOptions.Features = new Feature[] { new ConnectionIdFeature(8), servers };
        TestBed bed = new TestBed(clientOptions, serverOptions).Connect();
        bed.Network.Run(100);
        int ofServer = SleepBed.Export(servers, bed.ServerAssociation!).Length;
        int ofClient = SleepBed.Export(clients, bed.Client.Association).Length;
        TestContext.WriteLine(suite + " with two connection IDs of 8 bytes and an identity of 64: " + ofClient + " bytes the client, " + ofServer + " the server.");
        Assert.IsLessThanOrEqualTo(DurableAssociations.UsualLength, ofClient);
        Assert.IsLessThanOrEqualTo(DurableAssociations.UsualLength, ofServer);
    }

    [TestMethod]
    [DataRow(CryptoAlgorithm.Aes256Ccm, 16, true)]
    [DataRow(CryptoAlgorithm.Aes128CbcHmacSha1, 0, true)]
    [DataRow(CryptoAlgorithm.Aes128CbcHmacSha1, 0, false)]
    [DataRow(CryptoAlgorithm.Aes128CbcHmacSha256, 0, false)]
    [DataRow(CryptoAlgorithm.Aes256CbcHmacSha256, 0, true)]
    [DataRow(CryptoAlgorithm.Aes256CbcHmacSha256, 0, false)]
    public void Suites_of_other_ciphers_sleep_with_and_without_encrypt_then_mac(int cipher, int tagLength, bool encryptThenMac)
    {
        CipherSuite suite = new CipherSuite(0xFF01, "OWN_SUITE", cipher, tagLength, CryptoAlgorithm.Sha256, new PskKeyExchangeFactory());
        DurableAssociations clients = new DurableAssociations();
        DurableAssociations servers = new DurableAssociations();
        TestBed bed = new TestBed(Own(suite, 1, clients), Own(suite, 2, servers));
        if (!encryptThenMac)
        {
            ConnectionIdTests.Silence(bed.Client.Engine, 22);
            ConnectionIdTests.Silence(bed.Server, 22);
        }

        bed.Connect();
        bed.Network.Run(100);
        Assert.AreEqual(encryptThenMac && suite.IsCbc, (bed.Client.Association.Flags & HandshakeFlags.EncryptThenMac) != 0);
        byte[] ofClient = SleepBed.Export(clients, bed.Client.Association);
        byte[] ofServer = SleepBed.Export(servers, bed.ServerAssociation!);
        bed.Network.Flush();
        clients = new DurableAssociations();
        servers = new DurableAssociations();
        DtlsServerEngine server = new DtlsServerEngine(Own(suite, 3, servers));
        DtlsClientEngine client = new DtlsClientEngine(Own(suite, 4, clients));
        bed.Network.Server = server;
        bed.Network.Remove(bed.Client);
        TestClient woken = bed.Network.Add(client, TestBed.Address);
        clients.SavedIsGone(clients.Import(client, SleepBed.Key, ofClient, 0, ofClient.Length, 0, bed.Network.Now));
        servers.SavedIsGone(servers.Import(server, SleepBed.Key, ofServer, 0, ofServer.Length, 0, bed.Network.Now));
        woken.Association.Send(TestBed.Bytes(33), 0, 33, bed.Network.Now);
        Assert.IsTrue(bed.Network.Run(() => woken.Association.Pending > 0, 1000));
        CollectionAssert.AreEqual(TestBed.Bytes(33), woken.ReceiveAll()[0]);
    }

    [TestMethod]
    public void A_server_reserves_the_context_that_it_seals_by()
    {
        int[] reserved = new int[2];
        for (int i = 0; i < 2; i++)
        {
            DtlsOptions options = TestBed.Options(1);
            WatchedProvider watched = new WatchedProvider(options.Crypto);
            options.Crypto = watched;
            int turn = i;
            watched.Calling = (what, contexts) => reserved[turn] += what == "Reserve" ? contexts : 0;
            options.Features = i == 0 ? null : new Feature[] { new DurableAssociations() };
            Assert.IsNotNull(new DtlsServerEngine(options));
        }

        Assert.AreEqual(reserved[0] + 1, reserved[1]);
    }

    [TestMethod]
    public void What_it_keeps_for_a_session_is_what_the_plan_says()
    {
        SleepBed bed = new SleepBed("TLS_PSK_WITH_AES_256_GCM_SHA384");
        int kept = new BoardSize().Add(bed.Client.Association.GetState(bed.ClientSaver)).Bytes;
        Assert.AreEqual(bed.ClientSaver.SessionBytes, kept);
        Assert.AreEqual(bed.ClientSaver.EngineBytes, new BoardSize().Add(new DurableAssociations()).Bytes);
    }

    private static DtlsOptions Own(CipherSuite suite, int seed, DurableAssociations saver)
    {
        DtlsOptions options = TestBed.Options(seed);
        options.Suites = TestBed.Only(suite);
        options.Features = new Feature[] { saver };
        return options;
    }

    internal static DtlsError Fails(Action act)
    {
        return Assert.ThrowsExactly<DtlsException>(act).Error;
    }
}
