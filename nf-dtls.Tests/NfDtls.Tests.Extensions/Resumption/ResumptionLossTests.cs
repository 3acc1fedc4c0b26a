using System;
using Microsoft.VisualStudio.TestTools.UnitTesting;
using NfDtls.Extensions;
using NfDtls.Tests.Engine;

namespace NfDtls.Tests.Extensions;

/// <summary>Sessions resumed, and tickets given, over a network that loses, doubles, delays and reorders.</summary>
[TestClass]
public sealed class ResumptionLossTests
{
    [TestMethod]
    [DataRow(false, 1232, false)]
    [DataRow(true, 1232, false)]
    [DataRow(true, 1232, true)]
    [DataRow(false, 150, true)]
    [DataRow(true, 150, false)]
    [DataRow(true, 150, true)]
    public void Every_single_lost_datagram_is_made_good(bool tickets, int mtu, bool oneRecord)
    {
        int full = 0;
        int resumed = 0;
        for (int lost = -1; lost <= full; lost++)
        {
            ResumptionBed bed = Bed(tickets, mtu, oneRecord, 1);
            Lose(bed, lost);
            bed.Connect();
            full = lost < 0 ? bed.TakeSent().Count - 1 : full;
            bed.Network.Filter = null;
            bed.Bed.VerifyEcho();
            Assert.AreEqual(tickets, bed.OfClient.Session.HasTicket, "datagram " + lost);
        }

        for (int lost = -1; lost <= resumed; lost++)
        {
            ResumptionBed bed = Bed(tickets, mtu, oneRecord, 1).Connect();
            bed.Close();
            bed.TakeSent();
            Lose(bed, lost);
            bed.Connect();
            resumed = lost < 0 ? bed.TakeSent().Count - 1 : resumed;
            bed.Network.Filter = null;
            Assert.IsTrue(bed.Client.IsResumed && bed.Server.IsResumed, "datagram " + lost);
            bed.Bed.VerifyEcho();
            bed.Network.Settle();
            bed.Bed.VerifyPools();
            bed.VerifyResumes();
        }

        Assert.IsGreaterThan(3, resumed);
    }

    [TestMethod]
    [DataRow(false)]
    [DataRow(true)]
    public void Every_two_lost_datagrams_are_made_good(bool tickets)
    {
        for (int first = 0; first < 8; first++)
        {
            for (int second = first + 1; second < 11; second++)
            {
                ResumptionBed bed = Bed(tickets, 1232, true, 1).Connect();
                bed.Close();
                bed.TakeSent();
                Lose(bed, first, second);
                bed.Connect();
                bed.Network.Filter = null;
                Assert.IsTrue(bed.Client.IsResumed && bed.Server.IsResumed, first + " and " + second);
                bed.Bed.VerifyEcho();
            }
        }
    }

    [TestMethod]
    [DataRow(1232, false)]
    [DataRow(150, true)]
    public void A_ticket_is_renewed_whichever_datagram_is_lost(int mtu, bool oneRecord)
    {
        int count = 0;
        for (int lost = -1; lost <= count; lost++)
        {
            ResumptionBed bed = Bed(true, mtu, oneRecord, 1, server => server.Lifetime = 1000).Connect();
            byte[] before = bed.OfClient.Session.Ticket;
            bed.Close();
            bed.Network.Run(600_000);
            bed.TakeSent();
            Lose(bed, lost);
            bed.Connect();
            count = lost < 0 ? bed.TakeSent().Count - 1 : count;
            bed.Network.Filter = null;
            Assert.IsTrue(bed.Client.IsResumed && bed.Server.IsResumed, "datagram " + lost);
            CollectionAssert.AreNotEqual(before, bed.OfClient.Session.Ticket);
            bed.VerifyResumes();
        }
    }

    [TestMethod]
    public void The_clients_last_flight_is_repeated_for_as_long_as_the_server_asks()
    {
        ResumptionBed bed = Bed(true, 1232, false, 1).Connect();
        bed.Close();
        int lost = 0;
        bed.Network.Filter = datagram =>
        {
            bool isLast = datagram.ToServer && datagram.Bytes[0] == ContentType.ChangeCipherSpec && lost < 4;
            lost += isLast ? 1 : 0;
            return !isLast;
        };
        bed.Connect();
        Assert.AreEqual(4, lost);
        bed.Bed.VerifyEcho();
        Assert.IsTrue(bed.Client.IsResumed);
        Assert.AreEqual(0, bed.Bed.Server.Statistics.HandshakesFailed);
    }

    [TestMethod]
    public void A_client_whose_server_never_hears_its_last_flight_leaves_no_session_behind()
    {
        ResumptionBed bed = Bed(false, 1232, false, 1).Connect();
        bed.Close();
        bed.Network.Filter = datagram => !datagram.ToServer || datagram.FirstType != ContentType.ChangeCipherSpec;
        bed.Bed.Client.Engine.Connect(bed.Network.Now);
        Assert.IsTrue(bed.Network.Run(() => bed.Client.State == AssociationState.Connected, 10_000));
        Assert.AreEqual(1, bed.Bed.Server.HandshakeCount);
        bed.Network.Run(60_000);
        Assert.AreEqual(0, bed.Bed.Server.SessionCount);
        Assert.AreEqual(1, bed.Bed.Server.Statistics.HandshakesFailedWith(DtlsError.Timeout));
        bed.Network.Filter = null;
        bed.Bed.Client.Engine.Reset();
        bed.VerifyResumes();
    }

    [TestMethod]
    [DataRow(false)]
    [DataRow(true)]
    public void Sessions_are_resumed_over_a_bad_network(bool tickets)
    {
        for (int seed = 1; seed <= 150; seed++)
        {
            ResumptionBed bed = Bed(tickets, seed % 5 == 0 ? 150 : 1232, seed % 2 == 0, seed);
            Spoil(bed.Network, 0.2);
            bed.Connect();
            for (int i = 0; i < 3; i++)
            {
                Spoil(bed.Network, 0);
                bed.Network.Run(10_000);
                bed.Bed.VerifyEcho();
                bed.Close();
                Spoil(bed.Network, 0.2);
                bed.Connect();
                Assert.IsTrue(bed.Client.IsResumed && bed.Server.IsResumed, "seed " + seed);
            }
        }
    }

    private static ResumptionBed Bed(bool tickets, int mtu, bool oneRecord, int seed, Action<SessionResumption>? change = null)
    {
        return new ResumptionBed(
            tickets,
            options =>
            {
                options.Mtu = mtu;
                options.ReceiveSize = 1232;
                options.OneRecordPerDatagram = oneRecord;
                options.MaxRetransmits = 12;
                options.HandshakeTimeout = seed == 1 ? 0 : 7_200_000;
            },
            seed,
            change ?? (server => server.IdLength = 8 + (seed % 25)));
    }

    private static void Spoil(VirtualNetwork network, double chance)
    {
        network.Drop = chance;
        network.Duplicate = chance;
        network.Delay = chance;
    }

    private static void Lose(ResumptionBed bed, params int[] numbers)
    {
        int sent = 0;
        bed.Network.Filter = _ => Array.IndexOf(numbers, sent++) < 0;
    }
}
