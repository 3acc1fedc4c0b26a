using System;
using System.Collections.Generic;
using Microsoft.VisualStudio.TestTools.UnitTesting;
using NfDtls.Tests.Engine;

namespace NfDtls.Tests.Extensions.Renegotiations;

/// <summary>Data that flow while keys change, over a network that loses, doubles and delays.</summary>
[TestClass]
public sealed class DataInFlightTests
{
    [TestMethod]
    public void Whatever_single_datagram_is_lost_both_ends_arrive_in_the_next_epoch()
    {
        foreach (bool fromServer in new[] { false, true })
        {
            int sent = 0;
            for (int lost = 0; lost <= sent; lost++)
            {
                RenegotiationBed bed = new RenegotiationBed(5).Connect();
                int first = bed.Network.Sent.Count;
                bed.Network.Filter = datagram => datagram.Number != first + lost;
                Begin(bed, fromServer);
                bed.VerifyIn(2);
                bed.Network.Run(2_000);
                bed.Network.Filter = null;
                bed.Bed.VerifyEcho();
                sent = lost == 0 ? bed.Network.Sent.Count - first : sent;
                Assert.IsTrue(bed.IsIn(2));
                bed.Bed.VerifyPools();
            }

            Assert.IsGreaterThan(3, sent);
        }
    }

    [TestMethod]
    public void Data_flow_in_both_directions_meanwhile_and_nothing_is_lost_on_a_good_network()
    {
        foreach (bool fromServer in new[] { false, true })
        {
            RenegotiationBed bed = new RenegotiationBed(6).Connect();
            bed.Network.Echo = false;
            Traffic traffic = new Traffic(bed);
            Begin(bed, fromServer);
            for (int i = 0; i < 200; i++)
            {
                traffic.SendBoth();
                bed.Network.Run(1);
                traffic.Receive();
            }

            bed.VerifyIn(2);
            for (int i = 0; i < 20; i++)
            {
                bed.Network.Run(1);
                traffic.Receive();
            }

            traffic.VerifyAll();
        }
    }

    [TestMethod]
    public void Records_of_the_old_epoch_that_are_overtaken_are_delivered_and_two_minutes_later_no_more()
    {
        RenegotiationBed bed = new RenegotiationBed(7).Connect();
        bed.Network.Echo = false;
        List<byte[]> late = new();
        for (int i = 0; i < 2; i++)
        {
            late.Add(TestBed.Seal(bed.Client, ContentType.ApplicationData, (byte)(65 + i)));
        }

        bed.BeginFromClient();
        bed.VerifyIn(2);
        bed.Bed.Client.Association.Send(new byte[] { 1 }, 0, 1, bed.Network.Now);
        bed.Network.Run(100);
        bed.Network.Deliver(true, TestBed.Address, late[0]);
        Assert.AreEqual(2, bed.Server.Pending);
        Epoch old = bed.Server.ReadEpoch.Before;
        Assert.IsNull(old.WriteProtection, "the keys for writing are wiped at once");
        bed.Network.Deliver(true, TestBed.Address, (byte[])late[0].Clone());
        Assert.AreEqual(2, bed.Server.Pending, "a copy");

        bed.Network.Run(120_001);
        Assert.IsNull(bed.Server.ReadEpoch.Before);
        Assert.IsNull(bed.Client.ReadEpoch.Before);
        int dropped = bed.Bed.Server.Statistics.Dropped(DropReason.Epoch);
        bed.Network.Deliver(true, TestBed.Address, late[1]);
        Assert.AreEqual(2, bed.Server.Pending);
        Assert.AreEqual(dropped + 1, bed.Bed.Server.Statistics.Dropped(DropReason.Epoch));
    }

    [TestMethod]
    public void Data_under_the_new_keys_are_seen_by_nobody_before_the_Finished_and_never_where_it_fails()
    {
        foreach (bool fails in new[] { false, true })
        {
            RenegotiationBed bed = new RenegotiationBed(8, (options, isServer) => options.OneRecordPerDatagram = !isServer).Connect();
            bed.Network.Echo = false;
            Association server = bed.Server;
            byte[] early = TestBed.Seal(bed.Client, ContentType.ApplicationData, 7);
            bed.BeginFromClient();
            int seen = 0;
            bed.Network.Filter = datagram =>
            {
                seen += datagram.ToServer && datagram.FirstEpoch == 2 ? 1 : 0;
                return !(datagram.ToServer && datagram.FirstEpoch == 2 && datagram.FirstType == ContentType.Handshake);
            };
            Assert.IsTrue(bed.Network.Run(() => server.ReadEpoch.Number == 2, 1_000));
            bed.Client.Send(new byte[] { 1, 2, 3 }, 0, 3, bed.Network.Now);
            bed.Network.Run(100);
            Assert.AreEqual(1, server.Inbox.Count);
            Assert.AreEqual(0, server.Pending);
            Assert.AreEqual(-1, server.NextLength);
            Assert.IsNull(server.TakePacket());
            if (fails)
            {
                bed.Network.AutoRelease = false;
                byte[] wrong = TestBed.Seal(bed.Client, ContentType.Handshake, TestBed.Fragment(HandshakeType.Finished, 2, TestBed.Bytes(12)));
                bed.Network.Deliver(true, TestBed.Address, wrong);
                Assert.AreEqual(DtlsError.DecryptError, server.LastError);
                Assert.AreEqual(0, server.Pending);
                Assert.ThrowsExactly<DtlsException>(() => server.TakePacket());
            }
            else
            {
                bed.Network.Deliver(true, TestBed.Address, early);
                Assert.AreEqual(0, server.Pending, "in its order");
                bed.Network.Filter = null;
                bed.VerifyIn(2);
                Assert.AreEqual(2, server.Pending);
                Assert.AreEqual(3, server.NextLength);
            }
        }
    }

    [TestMethod]
    public void A_late_ChangeCipherSpec_of_the_epoch_before_changes_nothing_in_the_next_handshake()
    {
        RenegotiationBed bed = new RenegotiationBed(9, (options, isServer) => options.OneRecordPerDatagram = !isServer);
        bed.ServerFeature.PeerInterval = 0;
        bed.Connect();
        byte[] late = TestBed.Seal(bed.Client, ContentType.ChangeCipherSpec, 1);
        bed.BeginFromClient();
        bed.VerifyIn(2);
        bed.Network.Filter = datagram => !(datagram.ToServer && (datagram.FirstType == ContentType.ChangeCipherSpec || datagram.FirstEpoch == 3));
        bed.BeginFromClient();
        Assert.IsTrue(bed.Network.Run(() => bed.Server.Epochs.Newest.Number == 3, 1_000), "the server has the next keys");
        bed.Network.Deliver(true, TestBed.Address, late);
        Assert.AreEqual(2, bed.Server.ReadEpoch.Number);
        Assert.AreEqual(1, bed.Bed.Server.Statistics.Dropped(DropReason.ChangeCipherSpec));
        bed.Network.Filter = null;
        bed.VerifyIn(3);
        bed.Bed.VerifyEcho();
    }

    [TestMethod]
    public void A_thousand_connections_renegotiate_through_loss_copies_and_reordering_and_each_datum_comes_once_at_most()
    {
        int completed = 0;
        int sent = 0;
        int arrived = 0;
        for (int seed = 0; seed < 1000; seed++)
        {
            NonceWatch watch = new();
            RenegotiationBed bed = new RenegotiationBed(seed, (options, _) => options.Crypto = watch.Over(options.Crypto));
            bed.ClientFeature.PeerInterval = 0;
            bed.ServerFeature.PeerInterval = 0;
            bed.Connect();
            bed.Network.Echo = false;
            bed.Network.Drop = 0.2;
            bed.Network.Duplicate = 0.2;
            bed.Network.Delay = 0.2;
            bed.Network.LongestDelay = 1000;
            Random random = new Random(seed);
            Traffic traffic = new Traffic(bed);
            for (int i = 0; i < 3; i++)
            {
                Begin(bed, random.Next(2) == 0);
                if (random.Next(4) == 0)
                {
                    Begin(bed, random.Next(2) == 0);
                }

                int steps = random.Next(10, 60);
                for (int step = 0; step < steps; step++)
                {
                    traffic.SendBoth();
                    bed.Network.Run(random.Next(1, 400));
                    traffic.Receive();
                }
            }

            bed.Network.Drop = 0;
            bed.Network.Delay = 0;
            bed.Network.Duplicate = 0;
            bed.Network.Run(400_000);
            traffic.Receive();
            sent += traffic.Sent;
            arrived += traffic.Arrived;
            Assert.AreEqual(AssociationState.Connected, bed.Client.State, "seed " + seed + ": " + RenegotiationBed.Describe(bed.Client) + ", " + RenegotiationBed.Describe(bed.Bed.ServerAssociation));
            Assert.IsTrue(bed.IsIn(bed.Client.ReadEpoch.Number), "seed " + seed + ": " + RenegotiationBed.Describe(bed.Client) + ", " + RenegotiationBed.Describe(bed.Server));
            completed += (int)bed.Client.ReadEpoch.Number - 1;
            int before = traffic.Arrived;
            traffic.SendBoth();
            bed.Network.Run(100);
            traffic.Receive();
            Assert.AreEqual(before + 2, traffic.Arrived, "seed " + seed);
            bed.Bed.VerifyPools();
            Assert.AreEqual(0, bed.Bed.Server.HandshakeCount);
        }

        Console.WriteLine(completed + " renegotiations completed; of " + sent + " data " + arrived + " arrived");
        Assert.IsGreaterThan(sent / 2, arrived);
        Assert.IsGreaterThan(2000, completed);
    }

    private static void Begin(RenegotiationBed bed, bool fromServer)
    {
        if (fromServer)
        {
            bed.BeginFromServer();
        }
        else
        {
            bed.BeginFromClient();
        }
    }

    /// <summary>Numbered data, and which of them came.</summary>
    private sealed class Traffic
    {
        private readonly RenegotiationBed _bed;
        private readonly int[] _sent = new int[2];
        private readonly HashSet<int>[] _came = { new(), new() };

        internal Traffic(RenegotiationBed bed)
        {
            _bed = bed;
        }

        internal int Arrived
        {
            get { return _came[0].Count + _came[1].Count; }
        }

        internal int Sent
        {
            get { return _sent[0] + _sent[1]; }
        }

        internal void SendBoth()
        {
            Send(0, _bed.Client);
            Send(1, _bed.Server);
        }

        internal void Receive()
        {
            Receive(0, _bed.Server);
            Receive(1, _bed.Client);
        }

        internal void VerifyAll()
        {
            Assert.HasCount(_sent[0], _came[0]);
            Assert.HasCount(_sent[1], _came[1]);
        }

        private void Send(int direction, Association from)
        {
            from.Send(BitConverter.GetBytes(_sent[direction]), 0, 4, _bed.Network.Now);
            _sent[direction]++;
        }

        private void Receive(int direction, Association at)
        {
            byte[] buffer = new byte[100];
            while (at.Pending > 0)
            {
                Assert.AreEqual(4, at.Receive(buffer, 0));
                int number = BitConverter.ToInt32(buffer, 0);
                Assert.IsTrue(number < _sent[direction] && _came[direction].Add(number), "Number " + number + " came twice, or was made up.");
            }
        }
    }
}
