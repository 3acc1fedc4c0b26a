using System;
using System.Collections.Generic;
using System.Linq;
using System.Net;
using System.Threading;
using Microsoft.VisualStudio.TestTools.UnitTesting;
using NfDtls.Extensions;
using NfDtls.Sockets;

namespace NfDtls.Tests.Host;

/// <summary>Connections over UDP of this machine that are saved and taken back, by either end.</summary>
[TestClass]
public class SleepTests
{
    private static readonly byte[] s_key = Enumerable.Range(1, 16).Select(i => (byte)i).ToArray();

    [TestMethod]
    [TestProperty("Error", nameof(DtlsError.Exported))]
    [TestProperty("Error", nameof(DtlsError.PromiseNotStored))]
    public void A_client_that_slept_goes_on_from_another_port_by_its_servers_connection_id()
    {
        using EchoServer server = new EchoServer(Options(8));
        byte[] saved;
        int port;
        using (DtlsClient client = server.Connect(Options(0)))
        {
            Check.Echo(client, "before");
            port = client.LocalPort;
            saved = Export(client.Export);
            Assert.AreEqual(AssociationState.Closed, client.State);
            Assert.AreEqual(DtlsError.Exported, client.LastError);
            Setup.Fails(DtlsError.Exported, () => client.Send(new byte[1]));
        }

        using DtlsClient woken = new DtlsClient(Options(0), FreePorts.Udp());
        woken.Import(null, s_key, saved, 0, saved.Length, 0);
        Assert.AreEqual(AssociationState.Connected, woken.State);
        Assert.AreEqual(server.EndPoint, woken.RemoteEndPoint);
        Setup.Fails(DtlsError.PromiseNotStored, () => woken.Send(new byte[1]));
        Setup.Fails(DtlsError.AlreadyConnected, () => woken.Import(null, s_key, saved, 0, saved.Length, 0));
        woken.SavedIsGone();
        Assert.AreNotEqual(port, woken.LocalPort);
        Check.Echo(woken, "after");
        Assert.HasCount(1, server.Connected);
        Assert.AreEqual("Client_identity", System.Text.Encoding.UTF8.GetString(woken.PskIdentity));
        Assert.IsTrue(woken.Close(Setup.Patience));
    }

    [TestMethod]
    public void A_server_restarted_takes_back_its_sessions_and_their_clients_notice_nothing()
    {
        List<byte[]> saved = new();
        DtlsServer second = new DtlsServer(Options(8));
        try
        {
            EchoServer first = new EchoServer(Options(8));
            using DtlsClient one = first.Connect(Options(0));
            using DtlsClient two = first.Connect(Options(0));
            Check.Echo(one, "before");
            Setup.Until(() => first.Connected.Count == 2, "Connected");
            Setup.Fails(DtlsError.Stopped, () => second.Import(s_key, new byte[100], 0, 100, 0));
            foreach (DtlsSession session in first.Connected)
            {
                saved.Add(Export(session.Export));
                Setup.Fails(DtlsError.Exported, () => session.Send(new byte[1]));
            }

            Setup.Until(() => first.Disconnected.Count == 2, "Disconnected");
            Assert.IsTrue(first.Disconnected.All(reason => reason == DtlsError.Exported));
            first.Dispose();
            second.DataReceived += Echo;
            second.Start(first.EndPoint);
            List<DtlsSession> back = new();
            foreach (byte[] bytes in saved)
            {
                DtlsSession session = second.Import(s_key, bytes, 0, bytes.Length, 0);
                session.SavedIsGone();
                back.Add(session);
            }

            Assert.AreEqual(2, second.SessionCount);
            CollectionAssert.AreEquivalent(new[] { one.LocalPort, two.LocalPort }, back.Select(session => session.RemoteEndPoint.Port).ToArray());
            Check.Echo(one, "after");
            Check.Echo(two, "after");
        }
        finally
        {
            second.Dispose();
        }
    }

    [TestMethod]
    [TestProperty("Event", "DtlsServer.PromiseWanted")]
    [TestProperty("Event", "DtlsClient.PromiseWanted")]
    public void A_durable_connection_asks_for_each_promise_and_goes_on()
    {
        DtlsOptions serverOptions = Options(8, 8);
        using EchoServer server = new EchoServer(serverOptions);
        Storage ofServer = new Storage();
        server.Server.PromiseWanted += session => ofServer.Store(session.WritePromise, session.PromiseStored);
        using DtlsClient client = new DtlsClient(Options(0, 8));
        Storage ofClient = new Storage();
        client.PromiseWanted += () => ofClient.Store(client.WritePromise, client.PromiseStored);
        Assert.IsTrue(client.Connect(server.EndPoint, Setup.Patience));
        Setup.Until(() => server.Connected.Count == 1, "Connected");
        ofClient.Store(client.WritePromise, client.PromiseStored);
        server.Connected.First().WritePromise(s_key, new byte[400], 0);
        ofServer.Store(server.Connected.First().WritePromise, server.Connected.First().PromiseStored);
        int came = 0;
        byte[] buffer = new byte[100];
        for (int i = 0; came < 60; i++)
        {
            try
            {
                client.Send(new byte[] { (byte)i });
            }
            catch (DtlsException e) when (e.Error == DtlsError.PromiseNotStored)
            {
                // The handler is at it.
                Thread.Yield();
            }

            came += client.Receive(buffer, 0, 5) >= 0 ? 1 : 0;
        }

        Assert.IsGreaterThan(5, ofClient.Count);
        Assert.IsGreaterThan(5, ofServer.Count);

        // The newest bytes are what a crash would leave: they go on, and ask at once.
        client.Reset();
        using DtlsClient woken = new DtlsClient(Options(0, 8));
        woken.PromiseWanted += () => ofClient.Store(woken.WritePromise, woken.PromiseStored);
        byte[] saved = ofClient.Saved;
        int before = ofClient.Count;
        woken.Import(server.EndPoint, s_key, saved, 0, saved.Length, DurableAssociations.GenerationOf(saved, 0, saved.Length));
        Setup.Until(() => ofClient.Count > before, "the promise after an import");
        Setup.Until(
            () =>
            {
                try
                {
                    woken.Send(new byte[] { 7 });
                }
                catch (DtlsException e) when (e.Error == DtlsError.PromiseNotStored)
                {
                    return false;
                }

                return woken.Receive(buffer, 0, 20) >= 0;
            },
            "an echo");
    }

    [TestMethod]
    public void A_durable_client_moves_before_and_after_its_promises_and_wakes()
    {
        using EchoServer server = new EchoServer(Options(8));
        Storage storage = new Storage();
        byte[] saved;
        using (DtlsClient client = server.Connect(Options(0)))
        {
            storage.Store(client.WritePromise, client.PromiseStored);
            Check.Echo(client, "one");
            client.Move(0);
            Check.Echo(client, "two");
            storage.Store(client.WritePromise, client.PromiseStored);
            client.Move(0);
            Check.Echo(client, "three");
            saved = Export(client.Export);
        }

        using DtlsClient woken = new DtlsClient(Options(0));
        woken.Import(null, s_key, saved, 0, saved.Length, 0);
        Assert.AreEqual(server.EndPoint, woken.RemoteEndPoint);
        woken.SavedIsGone();
        Check.Echo(woken, "four");
        woken.Move(0);
        Check.Echo(woken, "five");
        Assert.HasCount(1, server.Connected);
    }

    [TestMethod]
    public void A_handler_that_throws_is_told_of_and_promises_nothing()
    {
        using EchoServer server = new EchoServer();
        using DtlsClient client = new DtlsClient(Options(0, 2));
        using ManualResetEvent told = new ManualResetEvent(false);
        client.Error += (error, exception) => told.Set();
        client.PromiseWanted += () => throw new InvalidOperationException("The storage is full.");
        Assert.IsTrue(client.Connect(server.EndPoint, Setup.Patience));
        Storage storage = new Storage();
        storage.Store(client.WritePromise, client.PromiseStored);
        client.Send(new byte[1]);
        Setup.Fails(DtlsError.PromiseNotStored, () => client.Send(new byte[1]));
        Assert.IsTrue(told.WaitOne(Setup.Patience));
        storage.Store(client.WritePromise, client.PromiseStored);
        client.Send(new byte[1]);
    }

    [TestMethod]
    public void What_was_received_before_an_export_is_still_received()
    {
        using EchoServer server = new EchoServer(Options(0));
        server.IsLazy = true;
        using DtlsClient client = server.Connect(Options(0));
        Setup.Until(() => server.Connected.Count == 1, "Connected");
        DtlsSession session = server.Connected.First();
        client.Send(new byte[] { 1, 2 });
        Setup.Until(() => session.Pending == 1, "data at the server");
        int before = client.Statistics.RecordsReceived;
        session.Send(new byte[] { 3, 4, 5 });
        byte[] buffer = new byte[100];
        Setup.Until(() => client.Statistics.RecordsReceived > before, "data at the client");
        Export(session.Export);
        Export(client.Export);
        Assert.AreEqual(2, session.Receive(buffer, 0, 0));
        Assert.AreEqual(3, client.Receive(buffer, 0, 0));
        Setup.Fails(DtlsError.Exported, () => session.Receive(buffer, 0, 0));
        Setup.Fails(DtlsError.Exported, () => client.Receive(buffer, 0, 0));
    }

    [TestMethod]
    public void Without_a_saver_among_the_features_there_is_nothing_to_save_by()
    {
        using EchoServer server = new EchoServer();
        using DtlsClient client = server.Connect(out DtlsSession session);
        StringAssert.Contains(Assert.ThrowsExactly<InvalidOperationException>(() => client.Export(s_key, new byte[400], 0)).Message, "DurableAssociations");
        Assert.ThrowsExactly<InvalidOperationException>(() => client.WritePromise(s_key, new byte[400], 0));
        Assert.ThrowsExactly<InvalidOperationException>(() => session.Export(s_key, new byte[400], 0));
        Assert.ThrowsExactly<InvalidOperationException>(() => server.Server.Import(s_key, new byte[400], 0, 400, 0));
        Check.Echo(client, "goes on");
    }

    [TestMethod]
    public void A_client_whose_address_cannot_be_reached_imports_nothing()
    {
        using EchoServer server = new EchoServer(Options(0));
        byte[] saved;
        using (DtlsClient client = server.Connect(Options(0)))
        {
            saved = Export(client.Export);
        }

        using System.Net.Sockets.Socket socket = new(System.Net.Sockets.AddressFamily.InterNetwork, System.Net.Sockets.SocketType.Dgram, System.Net.Sockets.ProtocolType.Udp);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        using DtlsClient woken = new DtlsClient(Options(0), socket);
        Assert.ThrowsExactly<ArgumentException>(() => woken.Import(new IPEndPoint(IPAddress.IPv6Loopback, 1), s_key, saved, 0, saved.Length, 0));
        Assert.AreEqual(AssociationState.Idle, woken.State);
        woken.Import(server.EndPoint, s_key, saved, 0, saved.Length, 0);
        Assert.AreEqual(AssociationState.Connected, woken.State);
    }

    private static DtlsOptions Options(int idLength, int block = 256)
    {
        DtlsOptions options = Setup.Options();
        options.Features = new Feature[] { new ConnectionIdFeature(idLength), new DurableAssociations { WriteBlock = block, ReadBlock = block } };
        return options;
    }

    private static byte[] Export(Func<byte[], byte[], int, int> export)
    {
        byte[] buffer = new byte[400];
        int length = export(s_key, buffer, 0);
        return buffer.AsSpan(0, length).ToArray();
    }

    private static void Echo(DtlsSession session)
    {
        byte[] buffer = new byte[100];
        int length = session.Receive(buffer, 0, 0);
        if (length >= 0)
        {
            session.Send(buffer, 0, length);
        }
    }

    /// <summary>What an application stores its promises in.</summary>
    private sealed class Storage
    {
        private readonly object _lock = new();

        internal byte[] Saved { get; private set; } = new byte[0];

        internal int Count { get; private set; }

        internal void Store(Func<byte[], byte[], int, int> write, Action<byte[], int> stored)
        {
            lock (_lock)
            {
                byte[] buffer = new byte[400];
                int length = write(s_key, buffer, 0);
                Saved = buffer.AsSpan(0, length).ToArray();
                stored(buffer, 0);
                Count++;
            }
        }
    }
}
