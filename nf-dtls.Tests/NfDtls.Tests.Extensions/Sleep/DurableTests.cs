using System;
using System.Collections.Generic;
using Microsoft.VisualStudio.TestTools.UnitTesting;
using NfDtls.Extensions;
using NfDtls.Tests.Engine;

namespace NfDtls.Tests.Extensions;

/// <summary>Associations whose numbers are promised ahead in stable storage, and that stay alive.</summary>
[TestClass]
public sealed class DurableTests
{
    [TestMethod]
    public void The_next_promise_is_asked_for_while_half_of_the_last_is_left()
    {
        SleepBed bed = new SleepBed();
        bed.ClientSaver.WriteBlock = 8;
        bed.ClientSaver.ReadBlock = 100;
        Promise(bed);
        long first = bed.Client.Association.WriteEpoch.NextSequence;
        for (int i = 0; i < 4; i++)
        {
            Assert.IsFalse(Asks(bed), "Record " + i);
            Send(bed);
        }

        Send(bed);
        Assert.IsTrue(Asks(bed));
        Send(bed);
        Assert.IsFalse(Asks(bed), "Once is enough.");
        Promise(bed);
        Assert.AreEqual(first + 6 + 8 - 1, bed.Client.Association.WriteEpoch.LastWritable);
        Assert.IsFalse(Asks(bed));
    }

    [TestMethod]
    public void Beyond_the_promise_nothing_is_sent_and_what_was_refused_goes_once_the_next_is_stored()
    {
        SleepBed bed = new SleepBed();
        bed.ClientSaver.WriteBlock = 8;
        Promise(bed);
        int sent = 0;
        try
        {
            for (; sent < 100; sent++)
            {
                Send(bed);
            }
        }
        catch (DtlsException e)
        {
            Assert.AreEqual(DtlsError.PromiseNotStored, e.Error);
            StringAssert.Contains(e.Message, "WritePromise");
        }

        // One is left for an alert that ends it.
        Assert.AreEqual(7, sent);
        Asks(bed);
        Assert.AreEqual(DtlsError.PromiseNotStored, SleepTests.Fails(() => Send(bed)));
        Assert.IsTrue(Asks(bed), "Each refusal asks again: the first answer may have failed.");
        Packet packet = bed.Client.Engine.Pool.Rent();
        packet.Append(new byte[4], 0, 4);
        Assert.AreEqual(DtlsError.PromiseNotStored, SleepTests.Fails(() => bed.Client.Association.Send(packet, bed.Network.Now)));
        Assert.AreEqual(AssociationState.Connected, bed.Client.State);

        // A promise that is written and not stored gives nothing.
        byte[] buffer = new byte[400];
        bed.ClientSaver.WritePromise(bed.Client.Association, SleepBed.Key, buffer, 0);
        Assert.AreEqual(DtlsError.PromiseNotStored, SleepTests.Fails(() => Send(bed)));
        bed.ClientSaver.PromiseStored(bed.Client.Association, buffer, 0);
        bed.Client.Association.Send(packet, bed.Network.Now);
        bed.Network.Run(100);
        bed.Client.ReceiveAll();
        bed.VerifyEcho(9);
    }

    [TestMethod]
    public void The_last_promised_number_is_for_the_alert_that_ends_it()
    {
        SleepBed bed = new SleepBed();
        bed.ClientSaver.WriteBlock = 2;
        Promise(bed);
        Send(bed);
        Assert.AreEqual(DtlsError.PromiseNotStored, SleepTests.Fails(() => Send(bed)));
        bed.Client.Association.Close(1000, bed.Network.Now);
        bed.Network.Run(1000);
        Assert.AreEqual(DtlsError.SessionClosed, bed.Client.Association.LastError);
        Assert.AreEqual(Alert.CloseNotify, bed.Client.Association.AlertReceived);

        // Without any, it ends all the same, and no number is made up.
        bed = new SleepBed();
        byte[] saved = bed.ExportClient();
        bed.RestartClient();
        Association held = bed.ImportClient(saved);
        long next = held.WriteEpoch.NextSequence;
        Epoch epoch = held.WriteEpoch;
        held.Close(0, bed.Network.Now);
        Assert.AreEqual(AssociationState.Closed, held.State);
        Assert.AreEqual(next, epoch.NextSequence);
    }

    [TestMethod]
    public void A_record_above_the_promise_is_dropped_until_the_next_is_stored_however_far_the_peer_jumped()
    {
        SleepBed bed = new SleepBed();
        bed.ClientSaver.ReadBlock = 4;
        Promise(bed);
        bed.ServerAssociation.WriteEpoch.NextSequence += 1000;
        FromServer(bed);
        Assert.AreEqual(0, bed.Client.Association.Pending);
        Assert.AreEqual(1, bed.Client.Engine.Statistics.Dropped(DropReason.Unpromised));
        Assert.IsTrue(Asks(bed));
        byte[] again = bed.Network.Sent[^1].Bytes;
        Promise(bed);

        // The very record that was dropped may come again: nobody had it.
        bed.Network.Inject(false, TestBed.Address, again, 1);
        bed.Network.Run(10);
        Assert.AreEqual(1, bed.Client.Association.Pending);
        bed.Network.Inject(false, TestBed.Address, again, 1);
        bed.Network.Run(10);
        Assert.AreEqual(1, bed.Client.Association.Pending, "But once.");
        FromServer(bed);
        FromServer(bed);
        Assert.IsFalse(Asks(bed));
        FromServer(bed);
        Assert.IsTrue(Asks(bed), "More than half of the block is gone.");
        Assert.HasCount(4, bed.Client.ReceiveAll());
        FromServer(bed);
        FromServer(bed);
        Assert.HasCount(1, bed.Client.ReceiveAll());
        Promise(bed);
        FromServer(bed);
        Assert.HasCount(1, bed.Client.ReceiveAll());
    }

    [TestMethod]
    public void A_forged_record_above_the_promise_asks_for_nothing()
    {
        SleepBed bed = new SleepBed();
        bed.ClientSaver.ReadBlock = 4;
        Promise(bed);
        bed.ServerAssociation.WriteEpoch.NextSequence += 1000;
        bed.Network.Filter = datagram =>
        {
            datagram.Bytes[^1] ^= 1;
            return true;
        };
        FromServer(bed);
        Assert.IsFalse(Asks(bed));
        Assert.AreEqual(1, bed.Client.Engine.Statistics.Dropped(DropReason.Forged));
        Assert.AreEqual(0, bed.Client.Engine.Statistics.Dropped(DropReason.Unpromised));
        Assert.AreEqual(1, bed.Client.Association.ReadEpoch.Forged);
    }

    [TestMethod]
    public void The_peers_alert_ends_it_although_its_number_is_above_the_promise()
    {
        SleepBed bed = new SleepBed();
        bed.ClientSaver.ReadBlock = 4;
        Promise(bed);
        bed.ServerAssociation.WriteEpoch.NextSequence += 1000;
        bed.ServerAssociation.Close(0, bed.Network.Now);
        bed.Network.Run(100);
        Assert.AreEqual(AssociationState.Closed, bed.Client.State);
        Assert.AreEqual(DtlsError.SessionClosed, bed.Client.Association.LastError);
    }

    [TestMethod]
    public void An_alert_above_the_promise_is_not_the_newest_record_that_an_address_is_learnt_from()
    {
        SleepBed bed = new SleepBed();
        WatchNewest watch = new WatchNewest();
        bed.Changing = options => options.Features = new Feature[] { watch, new DurableAssociations() };
        bed.SleepClient();
        bed.ClientSaver.ReadBlock = 4;
        Promise(bed);
        bed.ServerAssociation.WriteEpoch.NextSequence += 1000;
        byte[] warning = TestBed.Seal(bed.ServerAssociation, ContentType.Alert, Alert.LevelWarning, Alert.NoRenegotiation);
        bed.Network.Inject(false, TestBed.Address, warning, 1);
        bed.Network.Inject(false, TestBed.Address, warning, 2);
        bed.Network.Run(10);
        Assert.AreEqual(0, watch.Newest);
        Assert.AreEqual(AssociationState.Connected, bed.Client.State);
    }

    [TestMethod]
    public void After_a_crash_no_number_is_used_twice_and_nothing_that_came_before_comes_again()
    {
        SleepBed bed = new SleepBed();
        bed.ClientSaver.WriteBlock = 8;
        bed.ClientSaver.ReadBlock = 8;
        byte[] first = Promise(bed);
        Send(bed);
        Send(bed);
        bed.Network.Run(100);
        long used = bed.Client.Association.WriteEpoch.NextSequence - 1;
        byte[] newest = Promise(bed);
        Send(bed);
        List<Datagram> before = new(bed.Network.Sent);

        // The newest promise was lost, and the one before it is there.
        foreach (byte[] saved in new[] { newest, first })
        {
            bed.RestartClient();
            Association woken = bed.ImportClient(saved);
            Assert.IsGreaterThan(saved == newest ? used + 1 : used, woken.WriteEpoch.NextSequence);
            bed.ClientSaver.SavedIsGone(woken);
            foreach (Datagram datagram in before)
            {
                if (!datagram.ToServer)
                {
                    bed.Network.Inject(false, TestBed.Address, datagram.Bytes, 1);
                }
            }

            bed.Network.Run(10);
            Assert.AreEqual(0, woken.Pending);
        }
    }

    [TestMethod]
    public void After_a_crash_what_the_peer_sends_up_to_the_promise_is_lost_and_what_is_behind_comes()
    {
        SleepBed bed = new SleepBed();
        bed.ClientSaver.ReadBlock = 5;
        byte[] saved = Promise(bed);
        bed.RestartClient();
        bed.ClientSaver.SavedIsGone(bed.ImportClient(saved));
        for (int i = 0; i < 5; i++)
        {
            FromServer(bed);
        }

        Assert.AreEqual(0, bed.Client.Association.Pending);
        Assert.AreEqual(5, bed.Client.Engine.Statistics.Dropped(DropReason.Replay));
        FromServer(bed);
        Assert.AreEqual(1, bed.Client.Association.Pending);
    }

    [TestMethod]
    public void Copies_of_the_same_bytes_are_told_apart_by_their_generation()
    {
        SleepBed bed = new SleepBed();
        byte[] saved = bed.ExportClient();
        bed.RestartClient();
        bed.ImportClient(saved);
        byte[] promise = Promise(bed);
        long known = DurableAssociations.GenerationOf(promise, 0, promise.Length);
        Send(bed);
        bed.RestartClient();
        Assert.AreEqual(DtlsError.IllegalParameter, SleepTests.Fails(() => bed.ImportClient(saved, minimum: known)));

        // Two that were imported from the same promise: each has to promise anew before it does anything.
        bed.ImportClient(promise, minimum: known);
        Assert.AreEqual(DtlsError.PromiseNotStored, SleepTests.Fails(() => Send(bed)));
        bed.RestartClient();
        bed.ImportClient(promise, minimum: known);
        byte[] next = Promise(bed);
        Assert.AreEqual(known + 1, DurableAssociations.GenerationOf(next, 0, next.Length));
        bed.Network.Run(100);
        int before = bed.Server.Statistics.RecordsReceived;
        Send(bed);
        bed.Network.Run(100);
        Assert.AreEqual(before + 1, bed.Server.Statistics.RecordsReceived);
    }

    [TestMethod]
    public void Only_the_promise_that_was_written_last_can_be_said_to_be_stored()
    {
        SleepBed bed = new SleepBed();
        byte[] older = new byte[400];
        byte[] newer = new byte[400];
        bed.ClientSaver.WritePromise(bed.Client.Association, SleepBed.Key, older, 3);
        bed.ClientSaver.WritePromise(bed.Client.Association, SleepBed.Key, newer, 3);
        Assert.ThrowsExactly<ArgumentException>(() => bed.ClientSaver.PromiseStored(bed.Client.Association, older, 3));
        Assert.ThrowsExactly<ArgumentException>(() => bed.ClientSaver.PromiseStored(bed.Client.Association, newer, 390));
        Assert.ThrowsExactly<ArgumentNullException>(() => bed.ClientSaver.PromiseStored(bed.Client.Association, null, 0));
        Assert.AreEqual(Epoch.LastSequence, bed.Client.Association.WriteEpoch.LastWritable, "Not durable yet.");
        bed.ClientSaver.PromiseStored(bed.Client.Association, newer, 3);
        Assert.ThrowsExactly<ArgumentException>(() => bed.ClientSaver.PromiseStored(bed.Client.Association, newer, 3));
        bed.Client.Engine.Reset();
        bed.ClientSaver.PromiseStored(bed.Client.Association, newer, 3);
    }

    [TestMethod]
    public void An_export_of_a_durable_association_states_its_numbers_as_they_are()
    {
        SleepBed bed = new SleepBed();
        Promise(bed);
        Send(bed);
        bed.Network.Run(100);
        Epoch before = bed.Client.Association.WriteEpoch;
        byte[] saved = bed.ExportClient();
        bed.RestartClient();
        Association woken = bed.ImportClient(saved);
        Assert.AreEqual(before.NextSequence, woken.WriteEpoch.NextSequence);
        Assert.AreEqual(before.Window.Highest, woken.WriteEpoch.Window.Highest);
        Assert.AreEqual(before.Forged, woken.WriteEpoch.Forged);
        Assert.AreEqual(DurableAssociations.GenerationOf(saved, 0, saved.Length), 2);
    }

    [TestMethod]
    public void A_promise_costs_a_share_of_the_limit_on_forgeries_and_more_of_them_ask_for_the_next()
    {
        SleepBed bed = new SleepBed();
        byte[] saved = Promise(bed);
        Epoch epoch = bed.Client.Association.WriteEpoch;
        long share = epoch.ForgeryLimit / 1024;
        epoch.Forged = share;
        FromServer(bed);
        Assert.IsFalse(Asks(bed));
        epoch.Forged++;
        FromServer(bed);
        Assert.IsTrue(Asks(bed));
        bed.RestartClient();
        Assert.AreEqual(share, bed.ImportClient(saved).WriteEpoch.Forged, "As many as the crash may have hidden.");
    }

    [TestMethod]
    public void While_a_renegotiation_waits_for_numbers_a_promise_can_be_stored()
    {
        SleepBed both = new SleepBed(options => options.Features = new Feature[] { new Renegotiation { AllowPeer = true }, new DurableAssociations() });
        both.ClientSaver.WriteBlock = 80;
        Promise(both);
        both.Client.Engine.Renegotiate(both.Client.Association, both.Network.Now);
        both.Network.Flush();
        Epoch old = both.Client.Association.WriteEpoch;
        while (old.NextSequence < old.LastWritable)
        {
            Send(both);
            both.Network.Flush();
        }

        both.Network.Run(2500);
        Assert.IsNotNull(both.Client.Association.Handshake, "Data took the numbers, and the handshake waits.");
        both.ClientSaver.WriteBlock = 64;
        Promise(both);
        Assert.IsTrue(both.Network.Run(() => both.Client.Association.Handshake == null, 60_000));
        Assert.AreEqual(2, both.Client.Association.WriteEpoch.Number);
        Assert.IsTrue(Asks(both), "The new keys have no promise yet.");
        Promise(both);
        both.Client.ReceiveAll();
        both.VerifyEcho();
    }

    [TestMethod]
    public void New_keys_of_a_durable_association_ask_for_their_first_promise()
    {
        SleepBed bed = new SleepBed();
        Promise(bed);
        Association client = bed.Client.Association;
        Handshake handshake = new Handshake(bed.Client.Engine);
        handshake.SelectSuite(client.Suite);
        bed.ClientSaver.OnConnected(client, handshake, bed.Network.Now);
        Assert.IsTrue(Asks(bed));
    }

    [TestMethod]
    public void Ten_thousand_records_within_a_promise_allocate_nothing()
    {
        SleepBed bed = new SleepBed();
        bed.ClientSaver.WriteBlock = 1 << 20;
        bed.ClientSaver.ReadBlock = 1 << 20;
        bed.ServerSaver.WriteBlock = 1 << 20;
        bed.ServerSaver.ReadBlock = 1 << 20;
        Promise(bed);
        Promise(bed.ServerSaver, bed.ServerAssociation);
        byte[] data = TestBed.Bytes(64);
        byte[] buffer = new byte[2000];
        Exchange(bed, data, buffer, 1500);
        long least = long.MaxValue;
        for (int attempt = 0; attempt < 3 && least > 0; attempt++)
        {
            long before = GC.GetAllocatedBytesForCurrentThread();
            Exchange(bed, data, buffer, 5000);
            least = Math.Min(least, GC.GetAllocatedBytesForCurrentThread() - before);
        }

        Assert.AreEqual(0, least);
    }

    [TestMethod]
    public void Blocks_have_a_size()
    {
        DurableAssociations saver = new DurableAssociations();
        foreach (int bad in new[] { -1, 0, 1, (1 << 20) + 1 })
        {
            Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => saver.WriteBlock = bad);
            Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => saver.ReadBlock = bad);
        }

        Assert.AreEqual(256, saver.WriteBlock);
        Assert.AreEqual(64, saver.ReadBlock);
    }

    [TestMethod]
    public void At_the_end_of_the_numbers_no_promise_goes_beyond_them()
    {
        SleepBed bed = new SleepBed();
        Epoch epoch = bed.Client.Association.WriteEpoch;
        epoch.NextSequence = Epoch.LastSequence - 10;
        bed.ServerAssociation.ReadEpoch.Window.BeginAfter(Epoch.LastSequence - 11);
        byte[] saved = Promise(bed);
        int sent = 0;
        DtlsError error = DtlsError.None;
        while (error == DtlsError.None)
        {
            try
            {
                Send(bed);
                bed.Network.Flush();
                sent++;
            }
            catch (DtlsException e)
            {
                error = e.Error;
            }
        }

        Assert.AreEqual(DtlsError.PromiseNotStored, error);
        Assert.IsLessThan(Epoch.LastSequence, epoch.NextSequence);
        bed.RestartClient();
        bed.ClientSaver.SavedIsGone(bed.ImportClient(saved));
        Assert.AreEqual(DtlsError.SequenceExhausted, SleepTests.Fails(() => Send(bed)));
        Assert.IsGreaterThan(5, sent);
    }

    internal static byte[] Promise(DurableAssociations saver, Association association)
    {
        byte[] buffer = new byte[600];
        int length = saver.WritePromise(association, SleepBed.Key, buffer, 0);
        saver.PromiseStored(association, buffer, 0);
        return buffer.AsSpan(0, length).ToArray();
    }

    private static byte[] Promise(SleepBed bed)
    {
        byte[] saved = Promise(bed.ClientSaver, bed.Client.Association);
        bed.Network.Flush();
        bed.Client.Events = 0;
        return saved;
    }

    private static bool Asks(SleepBed bed)
    {
        bed.Network.Flush();
        bool asks = (bed.Client.Events & AssociationEvents.PromiseWanted) != 0;
        bed.Client.Events = 0;
        return asks;
    }

    private static void Send(SleepBed bed)
    {
        bed.Client.Association.Send(TestBed.Bytes(4), 0, 4, bed.Network.Now);
    }

    private static void FromServer(SleepBed bed)
    {
        bed.ServerAssociation.Send(TestBed.Bytes(4), 0, 4, bed.Network.Now);
        bed.Network.Run(20);
    }

    private static void Exchange(SleepBed bed, byte[] data, byte[] buffer, int count)
    {
        Association server = bed.ServerAssociation;
        Association client = bed.Client.Association;
        long now = bed.Network.Now;
        for (int i = 0; i < count; i++)
        {
            client.Send(data, 0, data.Length, now);
            Packet packet = bed.Client.Engine.PollDatagram(now);
            bed.Server.HandleDatagram(packet.Buffer, packet.Offset, packet.Length, TestBed.Address, 6, now);
            packet.Return();
            bed.Server.PollEvent(out _);
            int length = server.Receive(buffer, 0);
            server.Send(buffer, 0, length, now);
            packet = bed.Server.PollDatagram(now);
            bed.Client.Engine.HandleDatagram(packet.Buffer, packet.Offset, packet.Length, now);
            packet.Return();
            bed.Client.Engine.TakeEvents();
            if (client.Receive(buffer, 0) != data.Length)
            {
                throw new InvalidOperationException("No echo.");
            }
        }
    }

    private sealed class WatchNewest : Feature
    {
        internal int Newest { get; private set; }

        internal override void OnRecord(Association association, bool isNewest, long now)
        {
            Newest += isNewest ? 1 : 0;
        }
    }
}
