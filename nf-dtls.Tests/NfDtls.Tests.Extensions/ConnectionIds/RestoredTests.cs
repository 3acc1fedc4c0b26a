using System;
using System.Collections.Generic;
using Microsoft.VisualStudio.TestTools.UnitTesting;
using NfDtls.Extensions;
using NfDtls.Server;
using NfDtls.Tests.Engine;

namespace NfDtls.Tests.Extensions;

/// <summary>A server that was restarted, and whose clients have moved meanwhile: their IDs are of the boot before.</summary>
[TestClass]
public sealed class RestoredTests
{
    private static readonly byte[] s_key = TestBed.Bytes(16, 0x70);

    [TestMethod]
    public void A_server_restarted_finds_its_sessions_by_ids_of_the_boot_before()
    {
        const int Count = 20;
        VirtualNetwork network = new VirtualNetwork(3);
        (DtlsServerEngine server, DurableAssociations saver) = Make(network, 1, Count);
        List<TestClient> clients = new();
        List<byte[]> saved = new();
        for (int i = 0; i < Count; i++)
        {
            DtlsClientEngine engine = new DtlsClientEngine(ConnectionIdTests.With(TestBed.Options(10 + i), new ConnectionIdFeature(0)));
            TestClient client = network.Add(engine, new byte[] { 192, 0, 2, (byte)i, 1, 1 });
            clients.Add(client);
            engine.Connect(network.Now);
            Assert.IsTrue(network.Run(() => client.State == AssociationState.Connected, 10_000));
            Association session = server.Find(client.Address, 6);
            Assert.HasCount(8, ((ConnectionIdFeature)server.Features[0]).IdOf(session));
            saved.Add(SleepBed.Export(saver, session, s_key));
        }

        // In another order, so that the places are others, and all clients have moved.
        (server, saver) = Make(network, 2, Count);
        for (int i = 0; i < Count; i++)
        {
            byte[] bytes = saved[(i * 7) % Count];
            saver.SavedIsGone(saver.Import(server, s_key, bytes, 0, bytes.Length, 0, network.Now));
        }

        for (int i = 0; i < Count; i++)
        {
            DtlsClientEngine engine = clients[i].Engine;
            network.Remove(clients[i]);
            clients[i] = network.Add(engine, new byte[] { 198, 51, 100, (byte)i, 2, 2 });
            VerifyEcho(network, clients[i], i);
        }

        Assert.AreEqual(Count, server.Statistics.PeersMoved);

        // One that ends is forgotten, and the others are still found.
        for (int i = 0; i < Count; i += 2)
        {
            clients[i].Association.Close(0, network.Now);
        }

        network.Run(100);
        Assert.AreEqual(Count / 2, server.SessionCount);
        for (int i = 1; i < Count; i += 2)
        {
            DtlsClientEngine engine = clients[i].Engine;
            network.Remove(clients[i]);
            clients[i] = network.Add(engine, new byte[] { 203, 0, 113, (byte)i, 2, 2 });
            VerifyEcho(network, clients[i], i + 40);
        }
    }

    [TestMethod]
    public void Sessions_that_share_an_address_come_back_and_the_same_one_does_not_come_twice()
    {
        VirtualNetwork network = new VirtualNetwork(3);
        (DtlsServerEngine server, DurableAssociations saver) = Make(network, 1, 4);
        byte[] shared = { 192, 0, 2, 9, 1, 1 };
        TestClient[] clients = new TestClient[2];
        for (int i = 0; i < 2; i++)
        {
            clients[i] = network.Add(new DtlsClientEngine(ConnectionIdTests.With(TestBed.Options(10 + i), new ConnectionIdFeature(8))), i == 0 ? shared : new byte[] { 192, 0, 2, 1, 1, 1 });
            clients[i].Engine.Connect(network.Now);
            Assert.IsTrue(network.Run(() => clients[i].State == AssociationState.Connected, 10_000));
        }

        // The first falls silent, and a NAT gives its port to the second.
        Association first = server.Find(shared, 6);
        DtlsClientEngine silent = clients[0].Engine;
        network.Remove(clients[0]);
        DtlsClientEngine moving = clients[1].Engine;
        network.Remove(clients[1]);
        clients[1] = network.Add(moving, shared);
        VerifyEcho(network, clients[1], 1);
        Association second = server.Find(shared, 6);
        Assert.AreNotEqual(first, second);
        byte[][] saved = { SleepBed.Export(saver, first, s_key), SleepBed.Export(saver, second, s_key) };

        (server, saver) = Make(network, 2, 4);
        foreach (byte[] bytes in saved)
        {
            saver.SavedIsGone(saver.Import(server, s_key, bytes, 0, bytes.Length, 0, network.Now));
            VerifyIsThere(() => saver.Import(server, s_key, bytes, 0, bytes.Length, 0, network.Now));
        }

        Assert.AreEqual(2, server.SessionCount);
        VerifyEcho(network, clients[1], 2);
        clients[0] = network.Add(silent, new byte[] { 192, 0, 2, 77, 1, 1 });
        VerifyEcho(network, clients[0], 3);
    }

    [TestMethod]
    public void A_promise_of_a_session_that_is_alive_is_not_imported_beside_it()
    {
        VirtualNetwork network = new VirtualNetwork(3);
        (DtlsServerEngine server, DurableAssociations saver) = Make(network, 1, 4);
        TestClient client = network.Add(new DtlsClientEngine(ConnectionIdTests.With(TestBed.Options(10), new ConnectionIdFeature(0))), new byte[] { 192, 0, 2, 1, 1, 1 });
        client.Engine.Connect(network.Now);
        Assert.IsTrue(network.Run(() => client.State == AssociationState.Connected, 10_000));
        Association session = server.Find(client.Address, 6);
        byte[] promise = new byte[DurableAssociations.UsualLength];
        int length = saver.WritePromise(session, s_key, promise, 0);
        saver.PromiseStored(session, promise, 0);

        // Its address is another meanwhile, which alone would have told.
        DtlsClientEngine moving = client.Engine;
        network.Remove(client);
        client = network.Add(moving, new byte[] { 192, 0, 2, 2, 1, 1 });
        VerifyEcho(network, client, 1);
        VerifyIsThere(() => saver.Import(server, s_key, promise, 0, length, 0, network.Now));
        Assert.AreEqual(1, server.SessionCount);
        VerifyEcho(network, client, 2);
    }

    private static void VerifyIsThere(Action import)
    {
        Assert.AreEqual(DtlsError.AlreadyConnected, Assert.ThrowsExactly<DtlsException>(import).Error);
    }

    private static (DtlsServerEngine Server, DurableAssociations Saver) Make(VirtualNetwork network, int seed, int sessions)
    {
        DurableAssociations saver = new DurableAssociations();
        DtlsOptions options = ConnectionIdTests.With(TestBed.Options(seed), new ConnectionIdFeature(8), saver);
        options.MaxSessions = sessions;
        options.PoolPackets = 64;
        DtlsServerEngine server = new DtlsServerEngine(options);
        network.Flush();
        network.Server = server;
        return (server, saver);
    }

    private static void VerifyEcho(VirtualNetwork network, TestClient client, int first)
    {
        byte[] data = TestBed.Bytes(9, first);
        client.Association.Send(data, 0, data.Length, network.Now);
        Assert.IsTrue(network.Run(() => client.Association.Pending > 0, 1000), "No echo for " + first);
        CollectionAssert.AreEqual(data, client.ReceiveAll()[0]);
    }
}
