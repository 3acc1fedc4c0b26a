using System;
using System.Collections.Generic;
using System.Linq;
using Microsoft.VisualStudio.TestTools.UnitTesting;

namespace NfDtls.Tests.Engine;

/// <summary>Handshakes over a network that loses, doubles, delays and reorders.</summary>
[TestClass]
public class LossTests
{
    [TestMethod]
    public void Every_single_lost_datagram_is_made_good()
    {
        int count = CountDatagrams(1232, false);
        for (int lost = 0; lost < count; lost++)
        {
            Complete(Bed(1232, false), lost);
        }

        count = CountDatagrams(150, true);
        for (int lost = 0; lost < count; lost++)
        {
            Complete(Bed(150, true), lost);
        }
    }

    [TestMethod]
    public void Every_two_lost_datagrams_are_made_good()
    {
        foreach (int mtu in new[] { 1232, 150 })
        {
            // One more than the handshake has: the second loss may hit a retransmission.
            int count = CountDatagrams(mtu, mtu == 150) + 6;
            for (int first = 0; first < count; first++)
            {
                for (int second = first + 1; second < count; second++)
                {
                    Complete(Bed(mtu, mtu == 150), first, second);
                }
            }
        }
    }

    [TestMethod]
    public void Every_datagram_doubled_is_harmless()
    {
        foreach (int mtu in new[] { 1232, 150 })
        {
            TestBed bed = Bed(mtu, mtu == 150);
            bed.Network.Duplicate = 1;
            bed.Connect();
            bed.Network.Run(5000);
            bed.VerifyEcho();
            bed.Network.Settle();
            bed.VerifyPools();
        }
    }

    [TestMethod]
    [DataRow(1232, false)]
    [DataRow(1232, true)]
    [DataRow(200, false)]
    [DataRow(150, true)]
    public void Every_order_of_the_datagrams_of_a_flight_completes(int mtu, bool oneRecord)
    {
        List<int> flights = FlightLengths(mtu, oneRecord);
        Assert.IsTrue(flights.Count >= 6);
        for (int flight = 0; flight < flights.Count; flight++)
        {
            int length = flights[flight];
            if (length < 2)
            {
                continue;
            }

            Assert.IsTrue(length <= 7, "A flight of " + length + " datagrams has too many orders.");
            foreach (int[] order in Permutations(length))
            {
                CompleteInOrder(mtu, oneRecord, flights, flight, order);
            }
        }
    }

    [TestMethod]
    public void A_thousand_handshakes_over_a_bad_network_complete()
    {
        for (int seed = 1; seed <= 1000; seed++)
        {
            DtlsOptions client = TestBed.Options(seed);
            DtlsOptions server = TestBed.Options(seed + 5000);
            client.MaxRetransmits = 12;
            server.MaxRetransmits = 12;
            server.HandshakeTimeout = 7_200_000;
            client.OneRecordPerDatagram = seed % 2 == 0;
            server.OneRecordPerDatagram = seed % 3 == 0;
            client.Mtu = seed % 5 == 0 ? 150 : 1232;
            server.Mtu = seed % 7 == 0 ? 150 : 1232;
            client.ReceiveSize = 1232;
            server.ReceiveSize = 1232;

            // The server keeps its last flight for 240 s. In about one network of two thousand every copy of one end's Finished
            // gets lost for that long; this range has none.
            TestBed bed = new TestBed(client, server, 20_000 + seed);
            bed.Network.Drop = 0.2;
            bed.Network.Duplicate = 0.2;
            bed.Network.Delay = 0.2;
            bed.Client.Engine.Connect(bed.Network.Now);
            bool done = bed.Network.Run(bed.IsConnected, 7_200_000);
            Assert.IsTrue(done, "seed " + seed + ": client " + bed.Client.State + " " + bed.Client.Association.LastError + ", server " + bed.ServerAssociation?.State + " " + bed.ServerAssociation?.LastError);
            bed.Network.Drop = 0;
            bed.Network.Delay = 0;
            bed.Network.Duplicate = 0;
            bed.Network.Run(10_000);
            bed.VerifyEcho();
            bed.Network.Settle();
            bed.VerifyPools();
            Assert.AreEqual(1, bed.Client.Engine.Statistics.HandshakesCompleted);
        }
    }

    [TestMethod]
    public void Two_hundred_handshakes_complete_although_datagrams_are_corrupted_and_cut()
    {
        int completed = 0;
        for (int seed = 1; seed <= 200; seed++)
        {
            TestBed bed = new TestBed(seed);
            bed.Network.Corrupt = 0.05;
            bed.Network.Truncate = 0.05;
            bed.Network.Drop = 0.05;
            bed.Client.Engine.Connect(bed.Network.Now);
            bed.Network.Run(() => bed.IsConnected() || bed.Client.State == AssociationState.Closed, 3_600_000);
            completed += bed.IsConnected() ? 1 : 0;
            bed.Network.Corrupt = 0;
            bed.Network.Truncate = 0;
            bed.Network.Drop = 0;
            if (bed.Client.State == AssociationState.Connected)
            {
                bed.Network.Run(10_000);
                bed.VerifyEcho();
            }
            else
            {
                // A flipped bit in epoch 0 may make the handshake fail, but the next one goes through.
                bed.Connect();
                bed.VerifyEcho();
            }

            bed.Network.Settle();
            bed.VerifyPools();
        }

        Assert.IsTrue(completed > 100, completed.ToString());
    }

    [TestMethod]
    public void The_last_flight_is_sent_again_when_the_peer_shows_that_it_was_lost_but_not_at_its_pace()
    {
        TestBed bed = new TestBed();
        int lost = 0;
        bed.Network.Filter = datagram => datagram.ToServer || datagram.FirstType != ContentType.ChangeCipherSpec || lost++ >= 3;
        bed.Connect();
        Assert.AreEqual(4, lost);
        bed.VerifyEcho();

        // A replayed Finished brings nothing, and after application data the flight is gone.
        Datagram finished = bed.Network.Sent.Last(datagram => datagram.ToServer && datagram.FirstMessage == HandshakeType.ClientKeyExchange);
        int sent = bed.Network.Sent.Count;
        for (int i = 0; i < 50; i++)
        {
            bed.Network.Inject(true, TestBed.Address, finished.Bytes, i);
        }

        bed.Network.Run(5000);
        Assert.AreEqual(sent, bed.Network.Sent.Count);
    }

    [TestMethod]
    public void A_pool_that_is_empty_when_the_last_flight_is_due_costs_only_time()
    {
        DtlsOptions options = TestBed.Options(2);
        options.Pool = new PacketPool(8, 1232);
        TestBed bed = new TestBed(TestBed.Options(1), options);
        List<Packet> taken = new();
        bed.Client.Engine.Connect(bed.Network.Now);
        bed.Network.Filter = datagram =>
        {
            if (datagram.ToServer && datagram.FirstMessage == HandshakeType.ClientKeyExchange && taken.Count == 0)
            {
                for (Packet packet = options.Pool.Rent(); packet != null; packet = options.Pool.Rent())
                {
                    taken.Add(packet);
                }
            }

            return true;
        };
        bed.Network.Run(500);
        Assert.IsTrue(taken.Count > 0);
        taken.ForEach(packet => packet.Return());
        Assert.IsTrue(bed.Network.Run(bed.IsConnected, 300_000), "client " + bed.Client.State + ", server " + bed.ServerAssociation?.State);
        bed.VerifyEcho();
    }

    private static TestBed Bed(int mtu, bool oneRecord)
    {
        return new TestBed(Make(1, mtu, oneRecord), Make(2, mtu, oneRecord));
    }

    private static DtlsOptions Make(int seed, int mtu, bool oneRecord)
    {
        DtlsOptions options = HandshakeTests.Long(seed, PskSuites.Aes128Ccm8());
        options.Mtu = mtu;
        options.ReceiveSize = 1232;
        options.OneRecordPerDatagram = oneRecord;
        return options;
    }

    private static int CountDatagrams(int mtu, bool oneRecord)
    {
        return Bed(mtu, oneRecord).Connect().Network.Sent.Count;
    }

    private static List<int> FlightLengths(int mtu, bool oneRecord)
    {
        List<int> lengths = new();
        bool? direction = null;
        foreach (Datagram datagram in Bed(mtu, oneRecord).Connect().Network.Sent)
        {
            if (direction != datagram.ToServer)
            {
                lengths.Add(0);
                direction = datagram.ToServer;
            }

            lengths[lengths.Count - 1]++;
        }

        return lengths;
    }

    private static void Complete(TestBed bed, params int[] lost)
    {
        bed.Network.Filter = datagram => Array.IndexOf(lost, datagram.Number) < 0;
        bed.Client.Engine.Connect(bed.Network.Now);
        Assert.IsTrue(bed.Network.Run(bed.IsConnected, 600_000), "lost: " + string.Join(", ", lost));
        bed.Network.Filter = null;
        bed.VerifyEcho();
        bed.Network.Run(10_000);
        bed.VerifyPools();
    }

    /// <summary>Holds the datagrams of a flight back until all are there, then lets them go in an order.</summary>
    private static void CompleteInOrder(int mtu, bool oneRecord, List<int> flights, int flight, int[] order)
    {
        TestBed bed = Bed(mtu, oneRecord);
        int begin = flights.Take(flight).Sum();
        List<byte[]> held = new();
        bool toServer = flight % 2 == 0;
        bed.Network.Filter = datagram =>
        {
            if (datagram.Number < begin || datagram.Number >= begin + order.Length)
            {
                return true;
            }

            held.Add((byte[])datagram.Bytes.Clone());
            if (held.Count == order.Length)
            {
                for (int i = 0; i < order.Length; i++)
                {
                    bed.Network.Inject(toServer, TestBed.Address, held[order[i]], 10 + i);
                }
            }

            return false;
        };
        bed.Client.Engine.Connect(bed.Network.Now);
        Assert.IsTrue(bed.Network.Run(bed.IsConnected, 600_000), "flight " + flight + ", order " + string.Join(", ", order));
        bed.VerifyEcho();
    }

    private static IEnumerable<int[]> Permutations(int count)
    {
        int[] items = Enumerable.Range(0, count).ToArray();
        return Permute(items, 0);
    }

    private static IEnumerable<int[]> Permute(int[] items, int from)
    {
        if (from == items.Length)
        {
            yield return (int[])items.Clone();
            yield break;
        }

        for (int i = from; i < items.Length; i++)
        {
            (items[from], items[i]) = (items[i], items[from]);
            foreach (int[] rest in Permute(items, from + 1))
            {
                yield return rest;
            }

            (items[from], items[i]) = (items[i], items[from]);
        }
    }
}
