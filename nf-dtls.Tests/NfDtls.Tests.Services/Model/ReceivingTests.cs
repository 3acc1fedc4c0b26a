using System;
using System.Collections.Concurrent;
using System.Linq;
using System.Threading;
using Microsoft.VisualStudio.TestTools.UnitTesting;
using NfDtls.Sockets;

namespace NfDtls.Tests.Services.Model;

/// <summary>Who receives at a client: the caller who waits, one at a time, and the client's thread while nobody does.</summary>
[TestClass]
public class ReceivingTests
{
    private readonly MemoryNetwork _network = new MemoryNetwork(1, 0);

    [TestMethod]
    public void A_caller_who_waits_receives_by_itself()
    {
        using DtlsServer server = Serving(true);
        WatchedPort port = new WatchedPort(_network.Bind(40_000));
        using DtlsClient client = Connected(port);

        // The client's thread may be in the port at first, and where this one is held up for long.
        Setup.Until(
            () =>
            {
                Echo(client);
                return port.Last == Thread.CurrentThread;
            },
            "a datagram that the caller received");
        Assert.AreEqual(1, port.Most, "One at a time.");
    }

    [TestMethod]
    public void What_comes_while_nobody_calls_is_received_too()
    {
        using DtlsServer server = Serving(true);
        WatchedPort port = new WatchedPort(_network.Bind(40_000));
        using DtlsClient client = Connected(port);
        Echo(client);
        server.CloseAll();
        Setup.Until(() => client.State == AssociationState.Closed, "the server's close_notify");
        Assert.AreEqual("NfDtls", port.Last?.Name);
        Setup.Fails(DtlsError.SessionClosed, () => client.Receive(new byte[1], 0, 0));
    }

    [TestMethod]
    public void Who_does_not_wait_gets_what_has_come()
    {
        using DtlsServer server = Serving(true);
        using DtlsClient client = Connected(_network.Bind(40_000));
        for (int i = 0; i < 50; i++)
        {
            client.Send(new byte[20]);
            Setup.Until(() => client.Receive(new byte[100], 0, 0) == 20, "the echo");
        }
    }

    [TestMethod]
    public void Junk_that_one_who_does_not_wait_finds_is_cleared_away_by_the_clients_thread()
    {
        using DtlsServer server = Serving(true);
        JunkPort junk = new JunkPort(_network.Bind(40_000));
        WatchedPort port = new WatchedPort(junk);
        using DtlsClient client = Connected(port);
        Setup.Until(
            () =>
            {
                Echo(client);
                return port.Last == Thread.CurrentThread;
            },
            "a datagram that the caller received");
        junk.Flood();
        client.Send(new byte[20]);
        Setup.Until(() => client.Receive(new byte[100], 0, 0) == 20, "the echo, behind one datagram of a stranger's for each look at the port");
    }

    [TestMethod]
    public void Of_callers_who_wait_each_gets_a_record()
    {
        using DtlsServer server = Serving(false);
        WatchedPort port = new WatchedPort(_network.Bind(40_000));
        using DtlsClient client = Connected(port);
        DtlsSession? session = null;
        Setup.Until(() => (session = server.Find(MemoryNetwork.AddressOf(40_000))) != null, "the session");
        for (int round = 0; round < 50; round++)
        {
            Thread[] callers = Enumerable.Range(0, 3).Select(_ => Start(() => client.Receive(new byte[100], 0, -1))).ToArray();
            foreach (Thread caller in callers)
            {
                session!.Send(new byte[5]);
            }

            Assert.IsTrue(callers.All(caller => caller.Join(Setup.Patience)), "A caller waits though a record has come for it.");
        }

        Assert.AreEqual(1, port.Most, "One at a time.");
    }

    [TestMethod]
    [DataRow("Close")]
    [DataRow("Reset")]
    [DataRow("Dispose")]
    public void The_end_reaches_a_caller_who_waits(string how)
    {
        using DtlsServer server = Serving(true);
        WatchedPort port = new WatchedPort(_network.Bind(40_000));
        DtlsClient client = Connected(port);
        Setup.Until(
            () =>
            {
                Echo(client);
                return port.Last == Thread.CurrentThread;
            },
            "a datagram that the caller received");
        ConcurrentQueue<Exception> thrown = new();
        Thread caller = Start(() =>
        {
            try
            {
                client.Receive(new byte[100], 0, -1);
            }
            catch (Exception e) when (e is DtlsException or ObjectDisposedException)
            {
                thrown.Enqueue(e);
            }
        });
        if (how == "Close")
        {
            Assert.IsTrue(client.Close(Setup.Patience));
        }
        else if (how == "Reset")
        {
            client.Reset();
        }
        else
        {
            client.Dispose();
        }

        Assert.IsTrue(caller.Join(Setup.Patience), "It waits for ever.");
        Assert.IsFalse(thrown.IsEmpty);
        client.Dispose();
        Setup.Whole(client.Pool);
    }

    [TestMethod]
    public void What_fails_in_a_callers_turn_is_told_by_the_clients_thread()
    {
        using DtlsServer server = Serving(true);
        OddPort odd = new OddPort(_network.Bind(40_000));
        WatchedPort port = new WatchedPort(odd);
        using DtlsClient client = new DtlsClient(Setup.HostOptions(), port);
        ConcurrentQueue<(Thread Thread, Exception Cause)> told = new();
        client.Error += (_, cause) => told.Enqueue((Thread.CurrentThread, cause));
        Assert.IsTrue(client.Connect(Stage.Address, Setup.Patience));
        Setup.Until(
            () =>
            {
                Echo(client);
                return port.Last == Thread.CurrentThread;
            },
            "a datagram that the caller received");
        Exception fault = new NotSupportedException("The modem is gone.");
        odd.Break(fault);
        Setup.Until(() => client.Receive(new byte[10], 0, 20) == -1 && !told.IsEmpty, "Error");
        odd.Break(null);
        Echo(client);
        Assert.AreEqual(1, told.Count);
        Assert.AreSame(fault, told.Single().Cause);
        Assert.AreEqual("NfDtls", told.Single().Thread.Name);
    }

    private static Thread Start(Action call)
    {
        Thread thread = new Thread(() => call()) { IsBackground = true };
        thread.Start();
        return thread;
    }

    private static DtlsClient Connected(DatagramPort port)
    {
        DtlsClient client = new DtlsClient(Setup.HostOptions(), port);
        Assert.IsTrue(client.Connect(Stage.Address, Setup.Patience));
        return client;
    }

    private static void Echo(DtlsClient client)
    {
        client.Send(new byte[10]);
        Assert.AreEqual(10, client.Receive(new byte[100], 0, Setup.Patience));
    }

    private DtlsServer Serving(bool echoes)
    {
        DtlsServer server = new DtlsServer(Setup.HostOptions());
        if (echoes)
        {
            server.DataReceived += session =>
            {
                byte[] buffer = new byte[DtlsOptions.MaxMtu];
                int count = session.Receive(buffer, 0, 0);
                session.Send(buffer, 0, count);
            };
        }

        server.Start(_network.Bind(5684));
        return server;
    }
}
