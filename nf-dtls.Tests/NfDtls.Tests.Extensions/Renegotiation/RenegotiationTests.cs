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
    public void The_hello_repeats_the_cookie_of_a_server_that_asked_as_the_standard_has_it_and_of_no_other()
    {
        foreach (int version in new[] { DtlsVersion.Dtls10, DtlsVersion.Dtls12 })
        {
            int cookie = -1;
            RenegotiationBed bed = new RenegotiationBed(1, (options, isServer) =>
            {
                if (!isServer)
                {
                    options.Features = new[] { new ChangedHello(((Renegotiation)options.Features[0]).Extensions[0], null, (body, offset, _) => cookie = body[offset + 35]), options.Features[0] };
                }
            });
            bed.Network.Filter = datagram =>
            {
                if (datagram.FirstMessage == HandshakeType.HelloVerifyRequest)
                {
                    datagram.Bytes[26] = (byte)version;
                }

                return true;
            };
            bed.Connect();
            bed.BeginFromClient();
            bed.VerifyIn(2);
            Assert.AreEqual(version == DtlsVersion.Dtls10 ? 16 : 0, cookie);
            bed.Client.Close(0, bed.Network.Now);
            bed.Network.Run(100);
            int sent = bed.Network.Sent.Count;
            bed.Connect();
            Datagram hello = bed.Network.Sent.Find(datagram => datagram.Number >= sent && datagram.FirstMessage == HandshakeType.ClientHello)!;
            Assert.AreEqual(0, hello.Bytes[25 + 35], "a first hello never has one");
        }
    }

    [TestMethod]
    public void It_takes_as_many_bytes_as_the_pages_say()
    {
        foreach (bool fromServer in new[] { false, true })
        {
            RenegotiationBed bed = new RenegotiationBed().Connect();
            int before = bed.Network.Sent.Count;
            if (fromServer)
            {
                bed.BeginFromServer();
            }
            else
            {
                bed.BeginFromClient();
            }

            bed.VerifyIn(2);
            int bytes = 0;
            foreach (Datagram datagram in bed.Network.Sent.GetRange(before, bed.Network.Sent.Count - before))
            {
                bytes += datagram.Bytes.Length;
            }

            Assert.HasCount(before + (fromServer ? 5 : 4), bed.Network.Sent);
            Assert.AreEqual(fromServer ? 535 : 494, bytes);
        }
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
