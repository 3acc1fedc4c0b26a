using System;
using System.Collections.Generic;
using Microsoft.VisualStudio.TestTools.UnitTesting;
using NfDtls.Extensions;
using NfDtls.Tests.Engine;

namespace NfDtls.Tests.Extensions;

/// <summary>What is left of secrets, and what a provider that fails in the midst of a resumed handshake leaves.</summary>
[TestClass]
public sealed class ResumptionSecretTests
{
    [TestMethod]
    public void A_server_with_tickets_keeps_no_secret_of_a_session()
    {
        Masters masters = new Masters();
        ResumptionBed bed = new ResumptionBed(true, options => options.KeyLog = masters, changeServer: server => server.Lifetime = 1000).Connect();
        Assert.IsNull(Reachable.Find(bed.Bed.Server.At(0), masters.All), "while connected");
        bed.VerifyResumes();
        bed.Close();
        bed.Network.Run(600_000);
        bed.VerifyResumes();
        bed.Close();
        Assert.IsNull(Reachable.Find(bed.Bed.Server, masters.All));
    }

    [TestMethod]
    public void A_store_holds_the_only_secret_and_forgets_it_with_its_session()
    {
        Masters masters = new Masters();
        MemorySessionStore store = new MemorySessionStore(1);
        ResumptionBed bed = new ResumptionBed(false, options => options.KeyLog = masters, changeServer: server => server.Store = store).Connect();
        byte[] id = bed.OfClient.Session.Id;
        bed.VerifyResumes();
        bed.Close();
        Assert.IsNotNull(Reachable.Find(bed.Bed.Server, masters.All));
        store.Remove(id);
        Assert.IsNull(Reachable.Find(bed.Bed.Server, masters.All));
        Assert.AreEqual(0, store.Count);
    }

    [TestMethod]
    [DataRow(false)]
    [DataRow(true)]
    public void A_client_without_its_session_holds_no_secret(bool tickets)
    {
        Masters masters = new Masters();
        ResumptionBed bed = new ResumptionBed(tickets, options => options.KeyLog = masters).Connect();
        bed.VerifyResumes();
        bed.Close();
        Assert.IsNotNull(Reachable.Find(bed.Bed.Client.Engine, masters.All));
        bed.OfClient.Session = null!;
        Assert.IsNull(Reachable.Find(bed.Bed.Client.Engine, masters.All));
    }

    [TestMethod]
    public void A_key_of_tickets_is_zeroed_when_its_time_is_over()
    {
        RotatingTicketKeys keys = new RotatingTicketKeys(100);
        CryptoProvider crypto = TestBed.Options(1).Crypto;
        TicketKey first = keys.GetCurrent(crypto, 0);
        Assert.IsNotNull(first.CreateAead(crypto));
        Assert.AreNotEqual(first, keys.GetCurrent(crypto, 150_000));
        Assert.AreEqual(first, keys.Find(first.Name, 0, 190_000));
        Assert.IsNull(keys.Find(first.Name, 0, 250_000));
        Assert.IsNull(first.CreateAead(crypto));
    }

    [TestMethod]
    [DataRow(false, false)]
    [DataRow(false, true)]
    [DataRow(true, false)]
    [DataRow(true, true)]
    public void A_provider_that_fails_at_any_call_of_a_resumed_handshake_costs_that_and_nothing_else(bool tickets, bool ofServer)
    {
        int calls = 0;
        for (int call = 0; call <= calls; call++)
        {
            WatchedProvider? provider = null;
            int made = 0;
            ResumptionBed bed = new ResumptionBed(tickets, options =>
            {
                // First the client's options, then the server's.
                if (made++ == (ofServer ? 1 : 0))
                {
                    provider = new WatchedProvider(options.Crypto);
                    options.Crypto = provider;
                }
            });
            bed.Network.PartsMayFail = true;
            bed.Connect();
            bed.Close();
            int count = 0;
            provider!.Calling = (_, _) =>
            {
                count++;
                if (count == call)
                {
                    throw new InvalidOperationException("No entropy.");
                }
            };
            try
            {
                bed.Bed.Client.Engine.Connect(bed.Network.Now);
            }
            catch (InvalidOperationException)
            {
                Assert.IsFalse(ofServer);
            }

            bed.Network.Run(() => bed.Bed.IsConnected(), 100_000);
            provider.Calling = null;
            calls = call == 0 ? count : calls;
            if (bed.Client.State != AssociationState.Idle)
            {
                bed.Client.Close(0, bed.Network.Now);
            }

            bed.Network.Run(60_000);
            Assert.AreEqual(0, bed.Bed.Server.HandshakeCount, "call " + call);
            bed.Bed.ServerAssociation?.Close(0, bed.Network.Now);
            bed.Network.Run(100);
            Assert.AreEqual(0, bed.Bed.Server.SessionCount, "call " + call);
            Assert.AreEqual(0, provider.KeyedContexts, "call " + call);
            bed.Bed.Connect();
            bed.Bed.VerifyEcho();
            bed.Network.Settle();
            bed.Bed.VerifyPools();
            Assert.IsTrue(bed.Reconnect());
        }

        Assert.IsGreaterThan(15, calls);
    }

    [TestMethod]
    public void A_session_whose_server_is_silent_twice_is_given_up()
    {
        ResumptionBed bed = new ResumptionBed(true, options => options.MaxRetransmits = 2).Connect();
        bed.Close();

        // Long hellos never arrive.
        bed.Network.Filter = datagram => datagram.FirstMessage != HandshakeType.ClientHello || datagram.Bytes.Length < 150;
        for (int i = 0; i < 2; i++)
        {
            Assert.IsNotNull(bed.OfClient.Session);
            bed.Bed.VerifyClientFails(DtlsError.Timeout);
        }

        Assert.IsNull(bed.OfClient.Session);
        bed.VerifyFull();
    }

    private sealed class Masters : KeyLog
    {
        internal List<byte[]> All { get; } = new();

        public override void Write(byte[] clientRandom, byte[] masterSecret)
        {
            All.Add((byte[])masterSecret.Clone());
        }
    }
}
