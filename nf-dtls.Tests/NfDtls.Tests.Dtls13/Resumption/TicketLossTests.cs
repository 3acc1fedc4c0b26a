using System.Collections.Generic;
using System.Linq;
using Microsoft.VisualStudio.TestTools.UnitTesting;
using NfDtls.Tests.Engine;

namespace NfDtls.Tests.Dtls13;

/// <summary>Tickets over a network that loses.</summary>
[TestClass]
public class TicketLossTests
{
    [TestMethod]
    public void Every_one_and_every_two_of_the_datagrams_may_be_lost_and_the_ticket_comes()
    {
        for (int first = 0; first < 8; first++)
        {
            for (int second = first; second < 12; second++)
            {
                string what = "lost " + first + "," + second;
                ResumptionBed13 bed = new ResumptionBed13().Connect();
                byte[] before = bed.OfClient.Session.Export();
                bed.Close();
                int number = 0;
                bed.Network.Filter = _ => number++ is int n && n != first && n != second;
                Assert.IsTrue(Bed13.Connect(bed.Bed, 60_000), what + ": " + bed.Client.LastError);
                bed.Network.Run(20_000);
                bed.Network.Filter = null;
                Assert.IsTrue(bed.Client.IsResumed, what);
                CollectionAssert.AreNotEqual(before, bed.OfClient.Session.Export(), what);
                bed.VerifyResumes(what);
            }
        }
    }

    [TestMethod]
    public void A_ticket_that_never_comes_rests_and_the_session_before_serves_again()
    {
        ResumptionBed13 bed = new ResumptionBed13().Connect();
        byte[] before = bed.OfClient.Session.Export();
        bed.Close();
        bed.Network.Filter = datagram => datagram.Bytes.Length != 144;
        bed.TakeSent();
        bed.Connect();
        bed.Network.Run(2_000_000);
        Assert.AreEqual(11, bed.TakeSent().Count(d => d.Bytes.Length == 144));
        Assert.AreEqual(AssociationState.Connected, bed.Server.State);
        CollectionAssert.AreEqual(before, bed.OfClient.Session.Export());
        bed.Network.Filter = null;
        bed.VerifyResumes();
    }

    [TestMethod]
    public void A_ticket_tells_what_the_lost_ACK_of_the_Finished_would_have_told()
    {
        ResumptionBed13 bed = new();
        bed.Network.Filter = datagram => datagram.ToServer || datagram.Bytes.Length != 29;
        long begun = bed.Network.Now;
        bed.Connect();
        Assert.IsLessThan(200, bed.Network.Now - begun);
        bed.Network.Run(5000);
        Assert.IsTrue(bed.OfClient.Session.HasTicket);
    }

    [TestMethod]
    public void A_ticket_longer_than_a_datagram_goes_in_pieces_and_only_what_was_lost_goes_again()
    {
        for (int lost = 0; lost < 3; lost++)
        {
            byte[] identity = TestBed.Bytes(100, 1);
            ResumptionBed13 bed = new(change: options => options.Psk = TestBed.Store(TestBed.Key, identity));
            bed.RestartServer(null, options =>
            {
                options.Psk = TestBed.Store(TestBed.Key, identity);
                options.Mtu = 150;
            });
            List<int> pieces = [];
            bed.Network.Filter = datagram =>
            {
                if (datagram.ToServer || bed.Bed.ServerAssociation?.State != AssociationState.Connected || datagram.Bytes.Length < 50)
                {
                    return true;
                }

                pieces.Add(datagram.Bytes.Length);
                return pieces.Count != lost + 1;
            };
            bed.Connect();
            bed.Network.Run(5000);
            Assert.AreEqual(lost < 2 ? 3 : 2, pieces.Count, "lost " + lost + ": " + string.Join(" ", pieces));
            Assert.IsLessThanOrEqualTo(150, pieces.Max());
            Assert.AreEqual(pieces[lost < 2 ? lost : 1], pieces[^1]);

            Assert.IsTrue(bed.Reconnect());
        }
    }

    [TestMethod]
    public void A_hundred_lives_resume_where_one_in_five_is_lost_doubled_and_late()
    {
        int resumed = 0;
        for (int seed = 0; seed < 100; seed++)
        {
            ResumptionBed13 bed = new(seed: seed);
            bed.Network.Drop = 0.2;
            bed.Network.Duplicate = 0.2;
            bed.Network.Delay = 0.2;
            for (int i = 0; i < 4; i++)
            {
                Assert.IsTrue(Bed13.Connect(bed.Bed, 400_000), "seed " + seed + ": " + bed.Client.LastError);
                bed.Network.Run(100_000);
                resumed += bed.Client.IsResumed ? 1 : 0;
                bed.Client.Close(0, bed.Network.Now);
                bed.Network.Run(200_000);
            }
        }

        Assert.AreEqual(300, resumed);
    }
}
