using System;
using System.Collections.Generic;
using System.Linq;
using Microsoft.VisualStudio.TestTools.UnitTesting;
using NfDtls.Dtls13;
using NfDtls.Tests.Engine;

namespace NfDtls.Tests.Dtls13;

/// <summary>Keys that follow each other within a session.</summary>
[TestClass]
public class KeyUpdateTests
{
    [TestMethod]
    [DataRow(false, false)]
    [DataRow(false, true)]
    [DataRow(true, false)]
    [DataRow(true, true)]
    public void Either_end_changes_its_keys_and_may_ask_the_other_to(bool ofServer, bool asks)
    {
        TestBed bed = Connected(1);
        Association first = ofServer ? bed.ServerAssociation! : bed.Client.Association;
        Association second = ofServer ? bed.Client.Association : bed.ServerAssociation!;
        for (int i = 1; i <= 20; i++)
        {
            KeyUpdates.Begin(first, asks, bed.Network.Now);
            Exchange(bed);
            bed.Network.Run(500);
            Assert.AreEqual(3L + i, first.WriteEpoch.Number);
            Assert.AreEqual(3L + i, second.ReadEpoch.Number);
            Assert.AreEqual(asks ? 3L + i : 3, second.WriteEpoch.Number);
            Assert.AreEqual(asks ? 3L + i : 3, first.ReadEpoch.Number);
            Exchange(bed);
            Assert.IsLessThanOrEqualTo(3, Epochs(first));
            Assert.IsLessThanOrEqualTo(3, Epochs(second));
        }
    }

    /// <summary>However far one direction is ahead, nothing piles up, and the other can follow from where it is.</summary>
    [TestMethod]
    public void A_direction_that_is_far_behind_follows_step_by_step()
    {
        TestBed bed = Connected(1);
        Association first = bed.Client.Association;
        Association second = bed.ServerAssociation!;
        for (int i = 1; i <= 60; i++)
        {
            KeyUpdates.Begin(i <= 30 ? first : second, false, bed.Network.Now);
            bed.Network.Run(500);
            Exchange(bed);
            Assert.AreEqual(3L + Math.Min(i, 30), second.ReadEpoch.Number);
            Assert.AreEqual(3L + Math.Max(i - 30, 0), first.ReadEpoch.Number);
            Assert.IsLessThanOrEqualTo(3, Epochs(first));
            Assert.IsLessThanOrEqualTo(3, Epochs(second));
        }
    }

    [TestMethod]
    public void Both_ends_change_their_keys_at_once()
    {
        TestBed bed = Connected(1);
        KeyUpdates.Begin(bed.Client.Association, true, bed.Network.Now);
        KeyUpdates.Begin(bed.ServerAssociation!, true, bed.Network.Now);
        KeyUpdates.Begin(bed.ServerAssociation!, true, bed.Network.Now);
        bed.Network.Run(2000);
        Exchange(bed);
        Assert.AreEqual(bed.Client.Association.WriteEpoch.Number, bed.ServerAssociation!.ReadEpoch.Number);
        Assert.AreEqual(bed.ServerAssociation.WriteEpoch.Number, bed.Client.Association.ReadEpoch.Number);
        Assert.IsGreaterThanOrEqualTo(4L, bed.Client.Association.WriteEpoch.Number);
    }

    [TestMethod]
    public void Updates_succeed_in_the_end_where_one_in_five_datagrams_is_lost_doubled_and_late()
    {
        for (int seed = 0; seed < 200; seed++)
        {
            TestBed bed = Connected(seed);
            bed.Network.Drop = 0.2;
            bed.Network.Duplicate = 0.2;
            bed.Network.Delay = 0.2;
            for (int i = 0; i < 5; i++)
            {
                KeyUpdates.Begin(i % 2 == 0 ? bed.Client.Association : bed.ServerAssociation!, true, bed.Network.Now);
                bed.Client.Association.Send(new byte[9], 0, 9, bed.Network.Now);
                bed.Network.Run(20_000);
            }

            bed.Network.Drop = 0;
            bed.Network.Delay = 0;
            bed.Network.Run(200_000);
            bed.Client.ReceiveAll();
            Exchange(bed);
            Assert.AreEqual(bed.Client.Association.WriteEpoch.Number, bed.ServerAssociation!.ReadEpoch.Number, "seed " + seed);
            Assert.IsGreaterThan(3L, bed.Client.Association.WriteEpoch.Number, "seed " + seed);
            Assert.IsLessThanOrEqualTo(4, Epochs(bed.Client.Association), "seed " + seed);
        }
    }

    [TestMethod]
    public void Keys_are_changed_before_their_limit_and_a_session_outlives_it_many_times()
    {
        DtlsOptions client = Bed13.Options(false, 1, Bed13.NoGroup, true);
        DtlsOptions server = Bed13.Options(true, 2, Bed13.NoGroup, true);
        client.SealLimit = 64;
        server.SealLimit = 64;
        TestBed bed = new(client, server);
        Assert.IsTrue(Bed13.Connect(bed));
        for (int i = 0; i < 2000; i++)
        {
            Exchange(bed);
        }

        Assert.IsGreaterThan(30L, bed.Client.Association.WriteEpoch.Number);
        Assert.IsGreaterThan(30L, bed.ServerAssociation!.WriteEpoch.Number);
    }

    /// <summary>A record under the old keys that was overtaken by the KeyUpdate is read, until the first under the new ones.</summary>
    [TestMethod]
    public void What_was_under_way_is_read_until_the_new_keys_are_used()
    {
        TestBed bed = Connected(1);
        bed.Network.Echo = false;
        List<byte[]> held = [];
        bed.Network.Filter = datagram =>
        {
            held.Add(datagram.Bytes);
            return false;
        };
        bed.Client.Association.Send(new byte[1], 0, 1, bed.Network.Now);
        bed.Client.Association.Send(new byte[2], 0, 2, bed.Network.Now);
        bed.Network.Flush();
        bed.Network.Filter = null;
        KeyUpdates.Begin(bed.Client.Association, false, bed.Network.Now);
        bed.Network.Run(500);
        bed.Network.Deliver(true, TestBed.Address, held[0]);
        Assert.AreEqual(1, bed.ServerAssociation!.Pending);
        bed.Client.Association.Send(new byte[3], 0, 3, bed.Network.Now);
        bed.Network.Run(500);
        Assert.AreEqual(2, bed.ServerAssociation.Pending);
        bed.Network.Deliver(true, TestBed.Address, held[1]);
        Assert.AreEqual(2, bed.ServerAssociation.Pending);
    }

    [TestMethod]
    public void Without_an_ACK_it_goes_on_under_the_old_keys()
    {
        TestBed bed = Connected(1);
        bed.Network.Filter = datagram => !datagram.ToServer || datagram.Bytes[0] != 0x27;
        KeyUpdates.Begin(bed.Client.Association, false, bed.Network.Now);
        bed.Network.Run(600_000);
        Assert.AreEqual(3L, bed.Client.Association.WriteEpoch.Number);
        Exchange(bed);
    }

    [TestMethod]
    public void Only_a_connected_session_of_1_3_can_be_asked()
    {
        TestBed bed = Bed13.PskAlone();
        Assert.ThrowsExactly<InvalidOperationException>(() => KeyUpdates.Begin(bed.Client.Association, false, 0));
        TestBed old = new();
        Assert.ThrowsExactly<InvalidOperationException>(() => KeyUpdates.Begin(old.Client.Association, false, 0));
        Assert.ThrowsExactly<ArgumentNullException>(() => KeyUpdates.Begin(null!, false, 0));
    }

    private static int Epochs(Association association)
    {
        int count = 0;
        for (Epoch epoch = association.Epochs.Newest; epoch != null; epoch = epoch.Before)
        {
            count++;
        }

        return count;
    }

    private static TestBed Connected(int seed)
    {
        TestBed bed = Bed13.PskAlone(seed);
        Assert.IsTrue(Bed13.Connect(bed));
        return bed;
    }

    private static void Exchange(TestBed bed)
    {
        byte[] data = TestBed.Bytes(20);
        bed.Client.Association.Send(data, 0, data.Length, bed.Network.Now);
        Assert.IsTrue(bed.Network.Run(() => bed.Client.Association.Pending > 0, 5000), bed.Client.Association.LastError + " " + bed.ServerAssociation?.LastError);
        CollectionAssert.AreEqual(data, bed.Client.ReceiveAll().Single());
    }
}
