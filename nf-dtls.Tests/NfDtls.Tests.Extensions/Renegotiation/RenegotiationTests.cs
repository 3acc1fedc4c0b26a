using System;
using Microsoft.VisualStudio.TestTools.UnitTesting;
using NfDtls.Extensions;
using NfDtls.Tests.Engine;

namespace NfDtls.Tests.Extensions.Renegotiations;

/// <summary>Handshakes within an association, from either end.</summary>
[TestClass]
public sealed class RenegotiationTests
{
    [TestMethod]
    public void A_client_renegotiates_and_both_ends_go_on_in_the_next_epoch()
    {
        RenegotiationBed bed = new RenegotiationBed().Connect();
        bed.Bed.VerifyEcho();
        bed.Network.ServerEvents.Clear();
        bed.BeginFromClient();
        Assert.AreEqual(AssociationState.Connected, bed.Client.State);
        bed.VerifyIn(2);
        Assert.AreNotEqual(0, bed.Bed.Client.Events & AssociationEvents.Renegotiated);
        Assert.HasCount(1, bed.Network.ServerEvents);
        Assert.AreEqual(AssociationEvents.Renegotiated, bed.Network.ServerEvents[0].Events);
        bed.Bed.VerifyEcho();
        Assert.AreEqual(1, bed.Bed.Server.SessionCount);
        Assert.AreEqual(0, bed.Bed.Server.HandshakeCount);
        bed.Bed.VerifyPools();
    }

    [TestMethod]
    public void A_server_asks_and_the_client_renegotiates()
    {
        RenegotiationBed bed = new RenegotiationBed().Connect();
        bed.BeginFromServer();
        bed.VerifyIn(2);
        bed.Bed.VerifyEcho();
        bed.Bed.VerifyPools();
    }

    [TestMethod]
    public void Both_begin_at_once_and_one_handshake_comes_of_it()
    {
        RenegotiationBed bed = new RenegotiationBed().Connect();
        bed.BeginFromClient();
        bed.BeginFromServer();
        bed.VerifyIn(2);
        bed.Network.Run(60_000);
        Assert.IsTrue(bed.IsIn(2), RenegotiationBed.Describe(bed.Client));
        bed.Bed.VerifyEcho();
    }

    [TestMethod]
    public void Many_follow_each_other()
    {
        RenegotiationBed bed = new RenegotiationBed();
        bed.ServerFeature.PeerInterval = 0;
        bed.ClientFeature.PeerInterval = 0;
        bed.Connect();
        for (int i = 2; i < 30; i++)
        {
            if (i % 3 == 0)
            {
                bed.BeginFromServer();
            }
            else
            {
                bed.BeginFromClient();
            }

            bed.VerifyIn(i);
            bed.Bed.VerifyEcho();
        }

        bed.Bed.VerifyPools();
    }

    [TestMethod]
    public void No_datagram_of_it_is_in_the_clear()
    {
        RenegotiationBed bed = new RenegotiationBed().Connect();
        int before = bed.Network.Sent.Count;
        bed.BeginFromClient();
        bed.VerifyIn(2);
        foreach (Datagram datagram in bed.Network.Sent.GetRange(before, bed.Network.Sent.Count - before))
        {
            Assert.AreNotEqual(0, datagram.FirstEpoch);
        }
    }
}
