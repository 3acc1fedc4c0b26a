using System;
using System.Collections.Generic;
using Microsoft.VisualStudio.TestTools.UnitTesting;
using NfDtls.Crypto.Software;
using NfDtls.Extensions;
using NfDtls.Server;
using NfDtls.Tests.Engine;

namespace NfDtls.Tests.Extensions.Renegotiations;

/// <summary>What happens beside a handshake within a connection: reconnects, other clients, closing, failures of the provider.</summary>
[TestClass]
public sealed class NeighbourTests
{
    [TestMethod]
    public void A_hello_in_the_clear_from_the_same_address_ends_nothing_before_it_has_finished()
    {
        foreach (bool begins in new[] { false, true })
        {
            RenegotiationBed bed = new RenegotiationBed().Connect();
            if (begins)
            {
                bed.BeginFromClient();
                Assert.IsTrue(bed.Network.Run(() => bed.Server.Handshake != null, 1_000));
                bed.Network.Filter = datagram => datagram.FirstEpoch == 0;
            }

            Association session = bed.Server;
            TestClient stranger = bed.Network.Add(new DtlsClientEngine(TestBed.Options(9)), TestBed.Address);
            stranger.Engine.Connect(bed.Network.Now);
            Assert.IsTrue(bed.Network.Run(() => bed.Bed.Server.SessionCount == 2, 5_000));
            bed.Network.Remove(stranger);
            bed.Network.Filter = null;
            Assert.AreEqual(AssociationState.Connected, session.State);
            if (!begins)
            {
                bed.BeginFromClient();
            }

            Assert.IsTrue(bed.Network.Run(() => bed.Client.ReadEpoch.Number == 2 && session.ReadEpoch.Number == 2 && bed.Client.Handshake == null, 10_000), RenegotiationBed.Describe(session));
            bed.Bed.VerifyEcho();
            bed.Network.Run(60_000);
            Assert.AreEqual(1, bed.Bed.Server.SessionCount, "the half of a handshake has gone");
            bed.Bed.VerifyEcho();
            bed.Bed.VerifyPools();
        }
    }

    [TestMethod]
    public void A_finished_that_overtook_its_change_of_keys_ends_the_handshake_at_once_also_beside_a_newer_hello()
    {
        RenegotiationBed bed = new RenegotiationBed().Connect();
        Association session = bed.Server;
        List<byte[]> flight = new();
        bed.BeginFromClient();
        bed.Network.Filter = datagram =>
        {
            bool isLast = datagram.ToServer && session.Handshake != null;
            if (isLast)
            {
                flight.AddRange(RecordsOf(datagram.Bytes));
            }

            return !isLast;
        };
        Assert.IsTrue(bed.Network.Run(() => flight.Count > 0, 500));
        new ScriptedClient(bed.Bed.Server, TestBed.Address) { Now = bed.Network.Now }.Hello();
        Assert.AreEqual(2, bed.Bed.Server.HandshakeCount);
        Assert.HasCount(3, flight);
        foreach (int record in new[] { 0, 2, 1 })
        {
            bed.Network.Deliver(true, TestBed.Address, flight[record]);
        }

        Assert.AreEqual(2, session.ReadEpoch.Number, "The Finished waits for somebody to call.");
        Assert.IsNull(session.Handshake);
        Assert.AreEqual(1, bed.Bed.Server.HandshakeCount);
        bed.Network.Filter = null;
        bed.VerifyIn(2);
        bed.Bed.VerifyEcho();
    }

    [TestMethod]
    public void A_reconnect_that_finishes_ends_the_session_and_its_handshake()
    {
        RenegotiationBed bed = new RenegotiationBed().Connect();
        Association session = bed.Server;
        bed.BeginFromClient();
        Assert.IsTrue(bed.Network.Run(() => session.Handshake != null, 1_000));
        TestClient again = bed.Network.Add(new DtlsClientEngine(TestBed.Options(9)), TestBed.Address);
        again.Engine.Connect(bed.Network.Now);
        Assert.IsTrue(bed.Network.Run(() => again.State == AssociationState.Connected, 60_000));
        Assert.AreEqual(DtlsError.Superseded, session.LastError);
        Assert.AreEqual(0, bed.Bed.Server.HandshakeCount);
        Assert.AreEqual(1, bed.Bed.Server.SessionCount);
    }

    [TestMethod]
    public void A_late_copy_of_the_first_hello_is_still_known_for_one_after_it()
    {
        RenegotiationBed bed = new RenegotiationBed().Connect();
        Datagram hello = bed.Network.Sent.FindLast(datagram => datagram.FirstMessage == HandshakeType.ClientHello)!;
        bed.BeginFromClient();
        bed.Network.Run(5);
        bed.Network.Deliver(true, TestBed.Address, (byte[])hello.Bytes.Clone());
        Assert.AreEqual(1, bed.Bed.Server.SessionCount);
        bed.VerifyIn(2);
        bed.Network.Deliver(true, TestBed.Address, (byte[])hello.Bytes.Clone());
        Assert.AreEqual(1, bed.Bed.Server.SessionCount);
        Assert.AreEqual(0, bed.Bed.Server.HandshakeCount);
    }

    [TestMethod]
    public void Sessions_that_renegotiate_take_half_of_the_slots_at_most_and_nobody_ends_them_for_a_slot()
    {
        DtlsOptions options = RenegotiationBed.Options(1, new Renegotiation { AllowPeer = true });
        options.MaxHandshakes = 4;
        options.MaxSessions = 16;
        VirtualNetwork network = new VirtualNetwork(1);
        DtlsServerEngine server = new DtlsServerEngine(options);
        network.Server = server;
        List<TestClient> clients = new();
        for (int i = 0; i < 6; i++)
        {
            TestClient client = network.Add(new DtlsClientEngine(RenegotiationBed.Options(10 + i, new Renegotiation())), new byte[] { 10, 0, 0, (byte)i, 1, 1 });
            client.Engine.Connect(network.Now);
            Assert.IsTrue(network.Run(() => client.State == AssociationState.Connected, 10_000));
            clients.Add(client);
        }

        // Their hellos arrive, and nothing more.
        network.Filter = datagram => datagram.ToServer;
        foreach (TestClient client in clients)
        {
            client.Engine.Renegotiate(client.Association, network.Now);
        }

        network.Run(100);
        Assert.AreEqual(2, server.HandshakeCount);
        Assert.AreEqual(4, server.Statistics.RenegotiationsRefused);
        network.Filter = datagram => datagram.Address[3] >= 100;

        // Strangers that begin and never finish take the rest, and may not have the others' slots.
        for (int i = 0; i < 4; i++)
        {
            TestClient half = network.Add(new DtlsClientEngine(TestBed.Options(50 + i)), new byte[] { 10, 0, 0, (byte)(100 + i), 1, 1 });
            half.Engine.Connect(network.Now);
            network.Run(30);
            network.Remove(half);
        }

        network.Run(5_000);
        Assert.AreEqual(6, CountConnected(server));
        TestClient newcomer = network.Add(new DtlsClientEngine(TestBed.Options(77)), new byte[] { 10, 0, 0, 200, 1, 1 });
        newcomer.Engine.Connect(network.Now);
        Assert.IsTrue(network.Run(() => newcomer.State == AssociationState.Connected, 20_000), "who connects finds a slot");
        Assert.AreEqual(7, CountConnected(server));
        network.Run(40_000);
        Assert.AreEqual(0, server.HandshakeCount);
    }

    [TestMethod]
    public void Closing_in_the_middle_closes_both_ends_at_every_step()
    {
        foreach (bool byServer in new[] { false, true })
        {
            for (int wait = 0; wait < 60; wait += 5)
            {
                RenegotiationBed bed = new RenegotiationBed().Connect();
                Association server = bed.Server;
                bed.BeginFromClient();
                bed.Network.Run(wait);
                (byServer ? server : bed.Client).Close(10_000, bed.Network.Now);
                Assert.IsTrue(bed.Network.Run(() => bed.Client.State == AssociationState.Closed && server.State != AssociationState.Closing && server.State != AssociationState.Connected, 60_000), wait + ": " + RenegotiationBed.Describe(bed.Client) + ", " + RenegotiationBed.Describe(server));
                Assert.AreEqual(DtlsError.SessionClosed, bed.Client.LastError, byServer + " " + wait);
                Assert.AreEqual(0, bed.Bed.Server.HandshakeCount);
                bed.Bed.VerifyPools();
            }
        }
    }

    [TestMethod]
    public void Garbage_under_the_epochs_of_now_and_of_next_changes_nothing()
    {
        RenegotiationBed bed = new RenegotiationBed(3).Connect();
        Random random = new Random(3);
        bed.BeginFromClient();
        for (int i = 0; i < 200; i++)
        {
            byte[] content = new byte[random.Next(16, 60)];
            random.NextBytes(content);
            bed.Network.Inject(random.Next(2) == 0, TestBed.Address, TestBed.Record(20 + random.Next(4), random.Next(4), random.Next(40), content), random.Next(60));
        }

        bed.VerifyIn(2);
        bed.Bed.VerifyEcho();
        bed.Network.Run(5_000);
        bed.Bed.VerifyPools();
    }

    [TestMethod]
    public void The_old_keys_are_wiped_and_no_secret_of_theirs_can_be_reached()
    {
        WatchedProvider client = new WatchedProvider(new SoftwareProvider(new SeededEntropy(1)));
        WatchedProvider server = new WatchedProvider(new SoftwareProvider(new SeededEntropy(2)));
        RenegotiationBed bed = new RenegotiationBed(1, (options, isServer) => options.Crypto = isServer ? server : client).Connect();
        List<byte[]> old = new(client.Secrets);
        bed.BeginFromClient();
        bed.VerifyIn(2);
        Assert.AreEqual(3, client.KeyedContexts, "two to write and read with, and the old one to read with");
        Assert.AreEqual(3, server.KeyedContexts);
        bed.Network.Run(120_001);
        Assert.AreEqual(2, client.KeyedContexts);
        Assert.AreEqual(2, server.KeyedContexts);
        old.RemoveAll(secret => secret.AsSpan().IndexOf(TestBed.Key) >= 0);
        Assert.IsNull(Reachable.Find(bed.Bed.Client.Engine, old));
        Assert.IsNull(Reachable.Find(bed.Bed.Server, old));
        bed.Client.Close(0, bed.Network.Now);
        bed.Network.Run(1_000);
        Assert.AreEqual(0, client.KeyedContexts);
        Assert.AreEqual(0, server.KeyedContexts);
    }

    [TestMethod]
    public void A_provider_that_fails_at_any_call_leaves_nothing_behind()
    {
        foreach (bool ofServer in new[] { false, true })
        {
            int calls = int.MaxValue;
            for (int failAt = 0; failAt <= calls; failAt++)
            {
                WatchedProvider provider = new WatchedProvider(new SoftwareProvider(new SeededEntropy(1)));
                RenegotiationBed bed = new RenegotiationBed(1, (options, isServer) => options.Crypto = isServer == ofServer ? provider : options.Crypto).Connect();
                Association server = bed.Server;
                bed.Network.PartsMayFail = true;
                int count = 0;
                provider.Calling = (what, _) =>
                {
                    count++;
                    if (count == failAt && what != "Clear")
                    {
                        throw new InvalidOperationException("failed");
                    }
                };
                try
                {
                    bed.BeginFromClient();
                }
                catch (InvalidOperationException)
                {
                    Assert.AreEqual(AssociationState.Connected, bed.Client.State);
                }

                bed.Network.Run(400_000);
                calls = failAt == 0 ? count : calls;
                provider.Calling = null;
                bool lives = bed.Client.State == AssociationState.Connected && server.State == AssociationState.Connected;
                if (lives)
                {
                    bed.Bed.VerifyEcho();
                }

                bed.Bed.Client.Engine.Reset();
                bed.Bed.Server.Reset();
                Assert.AreEqual(0, provider.KeyedContexts, "call " + failAt + " of server: " + ofServer);
                bed.Bed.VerifyPools();
            }

            Assert.IsGreaterThan(10, calls);
        }
    }

    /// <summary>The records of a datagram, each by itself.</summary>
    private static List<byte[]> RecordsOf(byte[] datagram)
    {
        List<byte[]> records = new();
        for (int at = 0; at < datagram.Length; at += records[^1].Length)
        {
            records.Add(datagram[at..(at + 13 + ((datagram[at + 11] << 8) | datagram[at + 12]))]);
        }

        return records;
    }

    private static int CountConnected(DtlsServerEngine server)
    {
        int count = 0;
        for (int i = 0; i < server.Places; i++)
        {
            Association association = server.At(i);
            count += association != null && association.State == AssociationState.Connected ? 1 : 0;
        }

        return count;
    }
}
