using System;
using System.Collections.Generic;
using System.Linq;
using Microsoft.VisualStudio.TestTools.UnitTesting;
using NfDtls.Server;
using M = NfDtls.HandshakeType;

namespace NfDtls.Tests.Engine;

/// <summary>Identities that a server does not know, and keys that a stranger might guess in their place (RFC 4279 sections 2 and 5.2).</summary>
[TestClass]
public class StrangerKeyTests
{
    [TestMethod]
    [DataRow(0)]
    [DataRow(16)]
    [DataRow(32)]
    public void Nobody_comes_in_by_a_key_of_zeros_in_place_of_one_that_is_not_there(int storedLength)
    {
        foreach (bool asks in new[] { false, true })
        {
            DtlsOptions server = Hiding(storedLength, asks);
            for (int length = 1; length <= 64; length++)
            {
                DtlsOptions client = TestBed.Options(1);
                client.Psk = TestBed.Store(new byte[length], TestBed.Text("stranger"));
                client.MaxRetransmits = 1;
                TestBed bed = new TestBed(client, server);
                bed.Network.PskWanted = request => request.Refuse();
                bed.Client.Engine.Connect(bed.Network.Now);
                bed.Network.Run(40_000);
                Assert.AreEqual(AssociationState.Closed, bed.Client.State, length.ToString());
                Assert.AreEqual(0, bed.Server.Statistics.HandshakesCompleted, length.ToString());
            }
        }
    }

    [TestMethod]
    public void The_key_in_place_of_one_that_is_not_there_is_another_each_time()
    {
        HashSet<string> premasters = new();
        DtlsOptions server = Hiding(16, false);
        WatchedProvider provider = new WatchedProvider(server.Crypto);
        server.Crypto = provider;
        for (int i = 0; i < 50; i++)
        {
            DtlsOptions client = TestBed.Options(i + 1);
            client.Psk = TestBed.Store(TestBed.Key, TestBed.Text("stranger"));
            client.MaxRetransmits = 1;
            provider.Secrets.Clear();
            TestBed bed = new TestBed(client, server);
            bed.Client.Engine.Connect(bed.Network.Now);
            bed.Network.Run(10_000);

            // Two lengths of two bytes, zeros, and the key.
            byte[] premaster = provider.Secrets.First(secret => secret.Length == 4 + 16 + 16);
            Assert.IsTrue(premaster.Skip(20).Distinct().Count() > 4, Convert.ToHexString(premaster));
            Assert.IsTrue(premasters.Add(Convert.ToHexString(premaster)));
        }
    }

    [TestMethod]
    [DataRow(129, false, false)]
    [DataRow(255, false, false)]
    [DataRow(129, true, false)]
    [DataRow(300, true, false)]
    [DataRow(129, false, true)]
    [DataRow(300, false, true)]
    public void A_longer_identity_than_any_key_has_is_not_the_one_that_it_begins_with(int length, bool asks, bool hides)
    {
        byte[] known = Enumerable.Repeat((byte)'a', PskStore.MaxIdentityLength).ToArray();
        DtlsOptions options = TestBed.Options(2);
        options.Psk = TestBed.Store(TestBed.Key, known);
        options.AskForPsk = asks;
        options.HideUnknownIdentities = hides;
        foreach (int count in new[] { PskStore.MaxIdentityLength, length })
        {
            bool isKnown = count == PskStore.MaxIdentityLength;
            ScriptedClient client = new ScriptedClient(new DtlsServerEngine(options), TestBed.Address).Hello();
            byte[] identity = Enumerable.Repeat((byte)'a', count).ToArray();
            client.Send(client.Peer.Message(M.ClientKeyExchange, new byte[] { (byte)(count >> 8), (byte)count }.Concat(identity).ToArray()));
            PskRequest? asked = client.Association?.PskRequest;
            Assert.AreEqual(isKnown && asks, asked != null && asked.IsWaiting, "An application is asked for no part of an identity.");
            asked?.Answer(TestBed.Key);
            client.Server.HandleTimeout(client.Now);
            client.Send(client.Peer.ChangeCipherSpec());
            client.Send(client.Peer.Finished(true));
            Assert.AreEqual(isKnown ? 1 : 0, client.Server.Statistics.HandshakesCompleted);
            CollectionAssert.AreEqual(
                isKnown || hides ? Array.Empty<int>() : new[] { (int)Alert.UnknownPskIdentity },
                client.Peer.Alerts.Select(alert => alert.Description).ToArray());
        }
    }

    private static DtlsOptions Hiding(int storedLength, bool asks)
    {
        DtlsOptions server = TestBed.Options(2);
        server.HideUnknownIdentities = true;
        server.AskForPsk = asks;
        server.Psk = new PskStore();
        if (storedLength > 0)
        {
            server.Psk.Add(TestBed.Bytes(storedLength, 1), "sensor-1");
        }

        return server;
    }
}
