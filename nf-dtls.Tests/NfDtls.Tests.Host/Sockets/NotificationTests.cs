using System;
using System.Linq;
using System.Threading;
using Microsoft.VisualStudio.TestTools.UnitTesting;
using NfDtls.Sockets;

namespace NfDtls.Tests.Host;

/// <summary>The server's notifications, and what may be done inside of them.</summary>
[TestClass]
public class NotificationTests
{
    private readonly byte[] _buffer = new byte[2000];

    [TestMethod]
    [TestProperty("Event", "DtlsServer.Connected")]
    [TestProperty("Event", "DtlsServer.DataReceived")]
    [TestProperty("Event", "DtlsServer.Disconnected")]
    public void Each_session_is_told_of_from_its_beginning_to_its_end_in_order()
    {
        using DtlsServer server = new DtlsServer(Setup.Options());
        System.Collections.Concurrent.ConcurrentQueue<string> told = new();
        server.Connected += s => told.Enqueue("connected " + s.State);
        server.DataReceived += s => told.Enqueue("data " + s.Receive(_buffer, 0, 0));
        server.Disconnected += (s, reason) => told.Enqueue("disconnected " + reason);
        server.Start(Setup.Loopback(0));
        using DtlsClient client = new DtlsClient(Setup.Options());
        Assert.IsTrue(client.Connect(Setup.Loopback(server.LocalPort), Setup.Patience));
        Setup.Until(() => told.Count == 1, "Connected");
        client.Send(new byte[1]);
        client.Send(new byte[2]);
        Setup.Until(() => told.Count == 3, "DataReceived");
        Assert.IsTrue(client.Close(Setup.Patience));
        Setup.Until(() => told.Count == 4, "Disconnected");
        CollectionAssert.AreEqual(new[] { "connected Connected", "data 1", "data 2", "disconnected SessionClosed" }, told.ToArray());
    }

    [TestMethod]
    public void A_handler_that_takes_nothing_is_called_again_for_the_next_record()
    {
        using EchoServer server = new EchoServer();
        int calls = 0;
        bool takes = false;
        server.IsLazy = true;
        int taken = 0;
        server.Server.DataReceived += session =>
        {
            Interlocked.Increment(ref calls);
            if (Volatile.Read(ref takes) && session.Receive(_buffer, 0, 0) >= 0)
            {
                Interlocked.Increment(ref taken);
            }
        };
        using DtlsClient client = server.Connect();
        client.Send(new byte[1]);
        Setup.Until(() => Volatile.Read(ref calls) >= 1, "a call");
        Volatile.Write(ref takes, true);
        client.Send(new byte[1]);
        Setup.Until(() => Volatile.Read(ref taken) == 2, "both records");
    }

    [TestMethod]
    public void Send_and_Receive_inside_notifications_never_wait()
    {
        using EchoServer server = new EchoServer();
        server.Server.Connected += session => session.Send(Setup.Bytes("welcome " + session.Receive(_buffer, 0, -1)));
        using DtlsClient client = server.Connect();
        Assert.AreEqual("welcome -1", Check.Receive(client));
        Check.Echo(client, "hello");
    }

    [TestMethod]
    public void Close_inside_Connected_and_DataReceived_ends_the_session()
    {
        using EchoServer server = new EchoServer();
        bool atOnce = true;
        server.Server.Connected += session =>
        {
            if (atOnce)
            {
                session.Close();
            }
        };
        server.OnRecord = (session, record) =>
        {
            session.Send(record);
            session.Close();
        };
        using DtlsClient first = server.Connect();
        Setup.Fails(DtlsError.SessionClosed, () => first.Receive(_buffer, 0, Setup.Patience));
        Setup.Until(() => server.Disconnected.Count == 1, "Disconnected");
        atOnce = false;
        using DtlsClient second = server.Connect();
        Check.Echo(second, "hello");
        Setup.Fails(DtlsError.SessionClosed, () => second.Receive(_buffer, 0, Setup.Patience));
        Setup.Until(() => server.Disconnected.Count == 2, "Disconnected");
        Assert.IsTrue(server.Disconnected.All(reason => reason == DtlsError.SessionClosed));
        Assert.IsTrue(server.Errors.IsEmpty);
    }

    [TestMethod]
    [DataRow("Connected", false)]
    [DataRow("Connected", true)]
    [DataRow("DataReceived", false)]
    [DataRow("DataReceived", true)]
    [DataRow("Disconnected", false)]
    [DataRow("Disconnected", true)]
    [DataRow("Error", false)]
    [DataRow("Error", true)]
    [DataRow("PskWanted", false)]
    [DataRow("PskWanted", true)]
    public void Stop_and_Dispose_inside_a_notification_do_not_lock_up(string where, bool dispose)
    {
        DtlsOptions options = Setup.Options();
        options.AskForPsk = true;
        using EchoServer server = new EchoServer(options);
        ManualResetEventSlim ended = new ManualResetEventSlim();
        Action<string> act = place =>
        {
            if (place == where && !ended.IsSet)
            {
                if (dispose)
                {
                    server.Server.Dispose();
                }
                else
                {
                    server.Server.Stop();
                }

                ended.Set();
            }
        };
        server.Server.PskWanted += request =>
        {
            act("PskWanted");
            request.Answer(Setup.Key);
        };
        server.Server.Connected += _ => act("Connected");
        server.OnRecord = (_, _) =>
        {
            act("DataReceived");
            throw new InvalidOperationException("for the error");
        };
        server.Server.Error += (_, _) => act("Error");
        server.Server.Disconnected += (_, _) => act("Disconnected");

        DtlsClient client = new DtlsClient(Setup.Options());
        Running running = Setup.Start(() =>
        {
            client.Connect(server.EndPoint, Setup.Patience);
            client.Send(new byte[1]);
            if (where == "Disconnected")
            {
                client.Close(Setup.Patience);
            }
        });
        Assert.IsTrue(ended.Wait(Setup.Patience), "the handler does not end");
        client.Dispose();
        Assert.IsTrue(running.Join(Setup.Patience), "the client does not end");
        Assert.IsFalse(server.Server.IsRunning);
        Assert.AreEqual(0, server.Server.SessionCount);
        if (where != "PskWanted")
        {
            Setup.Until(() => server.Disconnected.Count == 1, "Disconnected");
            Assert.AreEqual(where == "Disconnected" ? DtlsError.SessionClosed : DtlsError.Stopped, server.Disconnected.ToArray()[0]);
        }

        Check.Whole(server.Server.Pool);
        if (dispose)
        {
            Assert.ThrowsExactly<ObjectDisposedException>(() => server.Server.Start(0));
        }
        else
        {
            server.Server.Start(server.EndPoint);
        }
    }

    [TestMethod]
    public void A_server_may_be_stopped_and_started_again_inside_a_notification()
    {
        using EchoServer server = new EchoServer();
        server.OnRecord = (session, record) =>
        {
            if (record.Length == 1)
            {
                server.Server.Stop();
                server.Server.Start(server.EndPoint);
            }
            else
            {
                session.Send(record);
            }
        };
        using DtlsClient client = server.Connect();
        client.Send(new byte[1]);
        Setup.Fails(DtlsError.SessionClosed, () => client.Receive(_buffer, 0, Setup.Patience));
        Setup.Until(() => server.Server.IsRunning, "the new start");
        Assert.IsTrue(client.Connect(server.EndPoint, Setup.Patience), string.Join(", ", server.Exceptions));
        Check.Echo(client, "hello");
        Assert.IsTrue(server.Disconnected.SequenceEqual([DtlsError.Stopped]));
    }

    [TestMethod]
    [TestProperty("Event", "DtlsServer.Error")]
    [DataRow("Connected")]
    [DataRow("DataReceived")]
    [DataRow("Disconnected")]
    [DataRow("Error")]
    public void A_handler_that_throws_goes_to_Error_and_hurts_nobody(string where)
    {
        using EchoServer server = new EchoServer();
        InvalidOperationException thrown = new InvalidOperationException("out of " + where);
        Action<string> act = place =>
        {
            if (place == where)
            {
                throw thrown;
            }
        };
        server.Server.Connected += _ => act("Connected");
        server.OnRecord = (session, record) =>
        {
            session.Send(record);
            act("DataReceived");
            if (where == "Error")
            {
                throw new InvalidOperationException("for the error");
            }
        };
        server.Server.Disconnected += (_, _) => act("Disconnected");
        server.Server.Error += (_, _) => act("Error");

        using DtlsClient client = server.Connect();
        Check.Echo(client, "hello");
        Check.Echo(client, "hello again");
        Assert.IsTrue(client.Close(Setup.Patience));
        Setup.Until(() => server.Disconnected.Count == 1, "Disconnected");
        Setup.Until(() => !server.Errors.IsEmpty, "Error");
        Assert.IsTrue(server.Errors.All(error => error == DtlsError.InternalError));
        if (where != "Error")
        {
            CollectionAssert.Contains(server.Exceptions.ToArray(), thrown);
            Assert.AreEqual(where == "DataReceived" ? 2 : 1, server.Errors.Count);
        }

        using DtlsClient another = server.Connect();
        Check.Echo(another, "hello");
    }

    [TestMethod]
    public void Stop_from_elsewhere_waits_for_the_handler_that_runs()
    {
        using EchoServer server = new EchoServer();
        ManualResetEventSlim inside = new ManualResetEventSlim();
        ManualResetEventSlim mayEnd = new ManualResetEventSlim();
        bool ended = false;
        server.OnRecord = (_, _) =>
        {
            inside.Set();
            mayEnd.Wait(Setup.Patience);
            Volatile.Write(ref ended, true);
        };
        using DtlsClient client = server.Connect();
        client.Send(new byte[1]);
        Assert.IsTrue(inside.Wait(Setup.Patience));
        Running stop = Setup.Start(server.Server.Stop);
        Setup.Until(() => !server.Server.IsRunning && stop.IsBlocked, "a Stop that waits");
        Assert.IsTrue(server.Disconnected.IsEmpty);
        mayEnd.Set();
        Setup.Await("Stop", stop);
        Assert.IsTrue(Volatile.Read(ref ended));
        Assert.IsTrue(server.Disconnected.SequenceEqual([DtlsError.Stopped]));
    }

    [TestMethod]
    [TestProperty("Event", "DtlsServer.HandshakeFailed")]
    public void A_handshake_that_fails_is_told_with_the_clients_address_and_the_alerts()
    {
        using EchoServer server = new EchoServer();
        System.Collections.Concurrent.ConcurrentQueue<(DtlsSession Session, DtlsError Reason)> told = new();
        server.Server.HandshakeFailed += (session, reason) => told.Enqueue((session, reason));
        DtlsOptions options = Setup.Options();
        options.Psk = new PskStore();
        options.Psk.Add(Setup.Key, "somebody else");
        using DtlsClient stranger = new DtlsClient(options);
        Setup.Fails(DtlsError.AlertReceived, () => stranger.Connect(server.EndPoint, Setup.Patience));
        Setup.Until(() => !server.Errors.IsEmpty, "Error");
        (DtlsSession session, DtlsError reason) = told.First();
        Assert.AreEqual(DtlsError.UnknownPskIdentity, reason);
        Assert.IsTrue(server.Errors.All(error => error == DtlsError.UnknownPskIdentity));
        Assert.AreEqual(Setup.Loopback(stranger.LocalPort), session.RemoteEndPoint);
        Assert.AreEqual(Alert.UnknownPskIdentity, session.AlertSent);
        Assert.AreEqual(Alert.None, session.AlertReceived);
        Assert.AreEqual(AssociationState.Closed, session.State);
        Assert.IsTrue(server.Connected.IsEmpty);
        Assert.IsTrue(server.Disconnected.IsEmpty);
        Check.Whole(server.Server.Pool);
    }

    [TestMethod]
    public void Nobody_needs_to_listen()
    {
        using DtlsServer server = new DtlsServer(Setup.Options());
        server.Start(Setup.Loopback(0));
        using DtlsClient client = new DtlsClient(Setup.Options());
        Assert.IsTrue(client.Connect(Setup.Loopback(server.LocalPort), Setup.Patience));
        client.Send(Setup.Bytes("hello"));
        DtlsSession? session = null;
        Setup.Until(() => (session = server.Find(Setup.Loopback(client.LocalPort))) != null, "the session");
        Assert.AreEqual("hello", Check.Receive(session!));
        session!.Send(Setup.Bytes("back"));
        Assert.AreEqual("back", Check.Receive(client));
        Assert.IsTrue(client.Close(Setup.Patience));
        Setup.Until(() => server.SessionCount == 0, "an empty table");
    }
}
