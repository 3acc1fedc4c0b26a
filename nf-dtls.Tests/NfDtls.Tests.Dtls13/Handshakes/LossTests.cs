using System;
using System.Collections.Generic;
using System.Linq;
using Microsoft.VisualStudio.TestTools.UnitTesting;
using NfDtls.Dtls13;
using NfDtls.Tests.Engine;

namespace NfDtls.Tests.Dtls13;

/// <summary>Handshakes over a network that loses, doubles and delays.</summary>
[TestClass]
public class LossTests
{
    public TestContext TestContext { get; set; } = null!;

    [TestMethod]
    public void Every_one_and_every_two_of_the_datagrams_may_be_lost()
    {
        foreach (bool oneRecord in new[] { false, true })
        {
            int count = Sendings(oneRecord, []);
            for (int first = 0; first < count; first++)
            {
                Sendings(oneRecord, [first]);
                for (int second = first + 1; second < count + 4; second++)
                {
                    Sendings(oneRecord, [first, second]);
                }
            }
        }
    }

    [TestMethod]
    public void A_thousand_handshakes_connect_where_one_in_five_is_lost_doubled_and_late()
    {
        int[] sent = new int[1000];
        for (int seed = 0; seed < 1000; seed++)
        {
            TestBed bed = Bed(seed, seed % 2 == 1);
            bed.Network.Drop = 0.2;
            bed.Network.Duplicate = 0.2;
            bed.Network.Delay = 0.2;
            Assert.IsTrue(Bed13.Connect(bed, 400_000), "seed " + seed + ": " + bed.Client.Association.LastError);
            sent[seed] = bed.Network.Sent.Count;
            bed.Network.Drop = 0;
            bed.Network.Delay = 0;
            bed.Network.Run(5000);
            Exchange(bed, "seed " + seed);
        }

        Array.Sort(sent);
        TestContext.WriteLine("datagrams: half with " + sent[500] + ", the most " + sent[999]);
    }

    [TestMethod]
    public void Every_order_of_a_flight_in_single_records_connects()
    {
        // ServerHello, EncryptedExtensions and Finished in each order.
        int[][] orders = [[0, 1, 2], [0, 2, 1], [1, 0, 2], [1, 2, 0], [2, 0, 1], [2, 1, 0]];
        foreach (int[] order in orders)
        {
            TestBed bed = Bed(1, true);
            List<Datagram> flight = [];
            bed.Network.Filter = datagram =>
            {
                if (datagram.ToServer || datagram.Bytes[0] == ContentType.Handshake && IsRetry(datagram.Bytes) || flight.Count == 3)
                {
                    return true;
                }

                flight.Add(datagram);
                if (flight.Count == 3)
                {
                    for (int i = 0; i < 3; i++)
                    {
                        bed.Network.Inject(false, datagram.Address, flight[order[i]].Bytes, 10 + i);
                    }
                }

                return false;
            };
            Assert.IsTrue(Bed13.Connect(bed, 20_000), string.Join(",", order) + " " + bed.Client.Association.LastError);
            bed.Network.Filter = null;
            Exchange(bed, string.Join(",", order));
        }
    }

    /// <summary>Of a flight in single records one is lost: what goes out again is that one alone.</summary>
    [TestMethod]
    public void What_was_acknowledged_is_not_sent_again()
    {
        for (int lost = 1; lost < 3; lost++)
        {
            TestBed bed = Bed(1, true);
            int seen = 0;
            List<int> later = [];
            int lostLength = 0;
            bed.Network.Filter = datagram =>
            {
                if (datagram.ToServer || IsRetry(datagram.Bytes))
                {
                    return true;
                }

                if (seen == lost)
                {
                    lostLength = datagram.Bytes.Length;
                }
                else if (seen > 2 && lostLength > 0)
                {
                    later.Add(datagram.Bytes.Length);
                }

                return seen++ != lost;
            };
            Assert.IsTrue(Bed13.Connect(bed, 20_000));

            // What is sent again, and the ACK of the client's Finished.
            Assert.AreEqual(2, later.Count, "lost " + lost + " of " + lostLength + ": " + string.Join(" ", later) + " | " + string.Join(" ", bed.Network.Sent.Select(d => (d.ToServer ? ">" : "<") + d.Bytes.Length + "@" + (d.Sent - 1_000_000))));
            Assert.AreEqual(lostLength, later[0], "lost " + lost);
        }
    }

    [TestMethod]
    public void A_lost_ACK_of_the_Finished_is_sent_again_when_that_comes_again()
    {
        TestBed bed = Bed(1, false);
        bool isConnected = false;
        int lost = 0;
        bed.Network.Filter = datagram =>
        {
            isConnected |= bed.ServerAssociation != null && bed.ServerAssociation.State == AssociationState.Connected;
            if (!datagram.ToServer && isConnected && lost < 3)
            {
                lost++;
                return false;
            }

            return true;
        };
        Assert.IsTrue(Bed13.Connect(bed, 60_000));
        Assert.AreEqual(3, lost);
        Exchange(bed, "");
    }

    private static bool IsRetry(byte[] bytes)
    {
        return bytes.Length > 60 && bytes[0] == ContentType.Handshake && HelloRetry.Is(bytes, 25, bytes.Length - 25);
    }

    private static TestBed Bed(int seed, bool oneRecord)
    {
        DtlsOptions client = Bed13.Options(false, seed, Bed13.NoGroup, true);
        DtlsOptions server = Bed13.Options(true, seed + 5000, Bed13.NoGroup, true);
        server.OneRecordPerDatagram = oneRecord;
        return new TestBed(client, server, seed);
    }

    private static int Sendings(bool oneRecord, int[] lost)
    {
        TestBed bed = Bed(1, oneRecord);
        bed.Network.Filter = datagram => !lost.Contains(datagram.Number);
        string what = oneRecord + " lost " + string.Join(",", lost);
        Assert.IsTrue(Bed13.Connect(bed), what + ": " + bed.Client.Association.LastError);
        bed.Network.Filter = null;
        int count = bed.Network.Sent.Count;
        Exchange(bed, what);
        Assert.AreEqual(AssociationState.Connected, bed.ServerAssociation!.State, what);
        return count;
    }

    private static void Exchange(TestBed bed, string what)
    {
        byte[] data = TestBed.Bytes(20);
        bed.Client.Association.Send(data, 0, data.Length, bed.Network.Now);
        Assert.IsTrue(bed.Network.Run(() => bed.Client.Association.Pending > 0, 1000), what);
        CollectionAssert.AreEqual(data, bed.Client.ReceiveAll()[0], what);
    }
}
