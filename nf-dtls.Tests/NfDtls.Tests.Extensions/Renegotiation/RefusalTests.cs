using System;
using System.Collections.Generic;
using Microsoft.VisualStudio.TestTools.UnitTesting;
using NfDtls.Extensions;
using NfDtls.Tests.Engine;

namespace NfDtls.Tests.Extensions.Renegotiations;

/// <summary>Peers that do not want to, do not answer, or want to all the time.</summary>
[TestClass]
public sealed class RefusalTests
{
    [TestMethod]
    public void A_peer_that_may_not_begin_is_refused_and_told_and_the_session_goes_on()
    {
        RenegotiationBed bed = new RenegotiationBed();
        bed.ServerFeature.AllowPeer = false;
        bed.ClientFeature.AllowPeer = false;
        bed.Connect();
        bed.BeginFromClient();
        bed.Network.Run(100);
        Assert.AreNotEqual(0, bed.Bed.Client.Events & AssociationEvents.RenegotiationRefused);
        Assert.AreEqual(1, bed.Bed.Server.Statistics.RenegotiationsRefused);
        Assert.IsTrue(bed.IsIn(1));
        bed.Bed.VerifyEcho();

        bed.Network.ServerEvents.Clear();
        bed.BeginFromServer();
        bed.Network.Run(100);
        Assert.HasCount(1, bed.Network.ServerEvents);
        Assert.AreEqual(AssociationEvents.RenegotiationRefused, bed.Network.ServerEvents[0].Events);
        int sent = bed.Network.Sent.Count;
        bed.Network.Run(600_000);
        Assert.HasCount(sent, bed.Network.Sent, "a refusal is not asked about again");
        Assert.IsTrue(bed.IsIn(1));
        bed.Bed.VerifyEcho();
        bed.Bed.VerifyPools();
    }

    [TestMethod]
    public void Without_the_feature_a_peer_is_refused_as_ever()
    {
        foreach (bool ofServer in new[] { false, true })
        {
            RenegotiationBed bed = new RenegotiationBed(1, (options, isServer) => options.Features = isServer == ofServer ? null : options.Features).Connect();
            if (ofServer)
            {
                bed.BeginFromClient();
                Assert.ThrowsExactly<InvalidOperationException>(bed.BeginFromServer);
            }
            else
            {
                bed.BeginFromServer();
                Assert.ThrowsExactly<InvalidOperationException>(bed.BeginFromClient);
            }

            bed.Network.Run(100);
            Assert.IsTrue(bed.IsIn(1));
            bed.Bed.VerifyEcho();
        }
    }

    [TestMethod]
    public void What_the_server_asked_for_is_not_refused_where_the_client_alone_may_not_begin()
    {
        RenegotiationBed bed = new RenegotiationBed();
        bed.ServerFeature.AllowPeer = false;
        bed.Connect();
        bed.BeginFromServer();
        bed.VerifyIn(2);
        bed.BeginFromClient();
        bed.Network.Run(1_000);
        Assert.IsTrue(bed.IsIn(2));
    }

    [TestMethod]
    public void A_hello_that_nobody_answers_is_given_up_and_the_session_goes_on_as_it_was()
    {
        RenegotiationBed bed = new RenegotiationBed().Connect();
        bed.Network.Filter = datagram => !datagram.ToServer;
        bed.BeginFromClient();
        Assert.IsTrue(bed.Network.Run(() => bed.Client.Handshake == null, 600_000));
        bed.Network.Filter = null;
        Assert.AreNotEqual(0, bed.Bed.Client.Events & AssociationEvents.RenegotiationRefused);
        Assert.IsTrue(bed.IsIn(1));
        bed.Bed.VerifyEcho();
        bed.BeginFromClient();
        bed.VerifyIn(2);
    }

    [TestMethod]
    public void A_server_whose_hello_is_not_answered_gives_up_too_and_what_comes_late_changes_nothing()
    {
        RenegotiationBed bed = new RenegotiationBed().Connect();
        List<Datagram> held = new();
        bed.Network.Filter = datagram =>
        {
            if (!datagram.ToServer)
            {
                held.Add(datagram);
            }

            return datagram.ToServer;
        };
        bed.BeginFromClient();
        Assert.IsTrue(bed.Network.Run(() => bed.Server.Handshake != null, 1_000));
        Assert.IsTrue(bed.Network.Run(() => bed.Server.Handshake == null, 60_000), "its deadline");
        Assert.IsTrue(bed.Network.Run(() => bed.Client.Handshake == null, 600_000));
        bed.Network.Filter = null;
        Assert.AreEqual(0, bed.Bed.Server.HandshakeCount);
        Assert.IsGreaterThan(3, held.Count);
        foreach (Datagram datagram in held)
        {
            bed.Network.Deliver(false, TestBed.Address, datagram.Bytes);
        }

        Assert.IsTrue(bed.IsIn(1), RenegotiationBed.Describe(bed.Client));
        bed.Bed.VerifyEcho();
        bed.BeginFromClient();
        bed.VerifyIn(2);
    }

    [TestMethod]
    public void HelloRequests_that_nobody_answers_are_few_and_a_late_answer_still_counts()
    {
        RenegotiationBed bed = new RenegotiationBed();
        bed.ServerFeature.AllowPeer = false;
        bed.Connect();
        int asked = 0;
        bed.Network.Filter = datagram =>
        {
            asked += datagram.ToServer ? 0 : 1;
            return datagram.ToServer;
        };
        bed.Network.ServerEvents.Clear();
        bed.BeginFromServer();
        bed.BeginFromServer();
        bed.Network.Run(600_000);
        Assert.AreEqual(5, asked);
        Assert.HasCount(1, bed.Network.ServerEvents);
        Assert.AreEqual(AssociationEvents.RenegotiationRefused, bed.Network.ServerEvents[0].Events);
        bed.Network.Filter = null;
        bed.BeginFromClient();
        bed.VerifyIn(2);
        bed.BeginFromServer();
        bed.VerifyIn(3);
    }

    [TestMethod]
    public void A_client_that_goes_on_with_what_the_server_gave_up_is_told_at_once()
    {
        RenegotiationBed bed = new RenegotiationBed().Connect();
        Association server = bed.Server;
        bed.Network.Filter = _ => bed.Client.WriteEpoch.Number != 2;
        bed.BeginFromClient();
        Assert.IsTrue(bed.Network.Run(() => server.Handshake != null, 1_000));
        Assert.IsTrue(bed.Network.Run(() => server.Handshake == null, 60_000));
        Assert.AreEqual(AssociationState.Connected, server.State);
        Assert.AreEqual(2, bed.Client.WriteEpoch.Number);
        bed.Network.Filter = null;
        Assert.IsTrue(bed.Network.Run(() => bed.Client.State == AssociationState.Closed, 60_000), "with the next repetition of its flight");
        Assert.AreEqual(DtlsError.SessionClosed, bed.Client.LastError);
        Assert.AreEqual(DtlsError.Timeout, bed.Network.ServerEvents[^1].Association.LastError);
        bed.Bed.VerifyPools();
    }

    [TestMethod]
    public void A_client_whose_keys_have_changed_ends_when_nobody_confirms_them()
    {
        RenegotiationBed bed = new RenegotiationBed().Connect();
        bed.BeginFromClient();
        Assert.IsTrue(bed.Network.Run(() => bed.Client.WriteEpoch.Number == 2, 10_000));
        bed.Network.Filter = _ => false;
        Assert.IsTrue(bed.Network.Run(() => bed.Client.State == AssociationState.Closed, 3_600_000));
        Assert.AreEqual(DtlsError.Timeout, bed.Client.LastError);
        Assert.AreEqual(Alert.CloseNotify, bed.Client.AlertSent);
        Assert.AreEqual(1, bed.Bed.Client.Engine.Statistics.HandshakesFailedWith(DtlsError.Timeout));
        bed.Bed.VerifyPools();
    }

    [TestMethod]
    public void A_storm_of_hellos_costs_one_handshake_in_the_interval_and_one_alert_a_hello()
    {
        RenegotiationBed bed = new RenegotiationBed().Connect();
        bed.BeginFromClient();
        bed.VerifyIn(2);
        int before = bed.Network.Sent.Count;
        int tries = 0;
        long end = bed.Network.Now + 59_000;
        while (bed.Network.Now < end)
        {
            bed.BeginFromClient();
            tries++;
            bed.Network.Run(500);
        }

        Assert.IsTrue(bed.IsIn(2));
        Assert.AreEqual(tries, bed.Bed.Server.Statistics.RenegotiationsRefused);
        Assert.HasCount(before + (2 * tries), bed.Network.Sent);
        bed.Network.Run(1_000);
        bed.BeginFromClient();
        bed.VerifyIn(3);
    }

    [TestMethod]
    public void A_storm_of_HelloRequests_costs_one_handshake_in_the_interval_and_one_alert_a_request()
    {
        RenegotiationBed bed = new RenegotiationBed().Connect();
        for (int i = 0; i < 50; i++)
        {
            bed.Network.Inject(false, TestBed.Address, TestBed.Seal(bed.Server, ContentType.Handshake, TestBed.Fragment(HandshakeType.HelloRequest, 0)), 1);
        }

        bed.Network.Run(1_000);
        Assert.IsTrue(bed.IsIn(2), "the first of them began one, during which the others were ignored");
        int sent = bed.Network.Sent.Count;
        for (int i = 0; i < 50; i++)
        {
            bed.Network.Inject(false, TestBed.Address, TestBed.Seal(bed.Server, ContentType.Handshake, TestBed.Fragment(HandshakeType.HelloRequest, 0)), 1);
        }

        bed.Network.Run(1_000);
        Assert.IsTrue(bed.IsIn(2));
        Assert.HasCount(sent + 50, bed.Network.Sent);
        bed.Bed.VerifyEcho();
    }
}
