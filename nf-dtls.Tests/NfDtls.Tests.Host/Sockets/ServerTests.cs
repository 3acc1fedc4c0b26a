using System;
using System.Collections.Generic;
using System.Linq;
using System.Net;
using System.Net.Sockets;
using System.Threading;
using Microsoft.VisualStudio.TestTools.UnitTesting;
using NfDtls.Sockets;

namespace NfDtls.Tests.Host;

/// <summary>The server: start and stop, many sessions, keys asked for.</summary>
[TestClass]
public class ServerTests
{
    private readonly byte[] _buffer = new byte[2000];

    [TestMethod]
    [TestProperty("Error", nameof(DtlsError.Stopped))]
    public void Stop_tells_every_session_and_the_port_can_be_started_again()
    {
        using EchoServer server = new EchoServer();
        int port = server.Server.LocalPort;
        DtlsClient[] clients = [server.Connect(), server.Connect(), server.Connect()];
        Setup.Until(() => server.Connected.Count == 3, "3 sessions");
        Setup.InTime("Stop", server.Server.Stop);
        CollectionAssert.AreEqual(new[] { DtlsError.Stopped, DtlsError.Stopped, DtlsError.Stopped }, server.Disconnected.ToArray());
        Assert.IsFalse(server.Server.IsRunning);
        Assert.AreEqual(0, server.Server.LocalPort);
        Assert.AreEqual(0, server.Server.SessionCount);
        Check.Whole(server.Server.Pool);
        foreach (DtlsSession session in server.Connected)
        {
            Assert.AreEqual(AssociationState.Closed, session.State);
            Assert.AreEqual(DtlsError.Stopped, session.LastError);
            Assert.AreEqual(Alert.CloseNotify, Setup.Fails(DtlsError.Stopped, () => session.Send(new byte[1])).AlertSent);
            Assert.AreEqual(Alert.CloseNotify, Setup.Fails(DtlsError.Stopped, () => session.Receive(_buffer, 0, -1)).AlertSent);
        }

        foreach (DtlsClient client in clients)
        {
            Setup.Fails(DtlsError.SessionClosed, () => client.Receive(_buffer, 0, Setup.Patience));
        }

        server.Server.Start(new IPEndPoint(IPAddress.Loopback, port));
        Assert.AreEqual(port, server.Server.LocalPort);
        foreach (DtlsClient client in clients)
        {
            Assert.IsTrue(client.Connect(server.EndPoint, Setup.Patience));
            Check.Echo(client, "hello again");
            client.Dispose();
        }

        server.Server.Stop();
        server.Server.Stop();
    }

    [TestMethod]
    public void Starting_and_stopping_goes_on_and_on()
    {
        using EchoServer server = new EchoServer();
        using DtlsClient client = new DtlsClient(Setup.Options());
        for (int i = 0; i < 10; i++)
        {
            Assert.IsTrue(client.Connect(server.EndPoint, Setup.Patience));
            Check.Echo(client, "hello");
            server.Server.Stop();
            server.Server.Start(server.EndPoint);
            Setup.Until(() => client.State == AssociationState.Closed, "the close");
        }

        Assert.AreEqual(10, server.Disconnected.Count);
    }

    [TestMethod]
    public void Stop_delivers_what_had_arrived_before()
    {
        using EchoServer server = new EchoServer();
        server.IsLazy = true;
        using DtlsClient client = server.Connect(out DtlsSession session);
        client.Send(Setup.Bytes("late"));
        Setup.Until(() => server.Server.Pool.Available < server.Server.Pool.Count, "the record");
        server.Server.Stop();
        Assert.AreEqual("late", Check.Receive(session));
        Setup.Fails(DtlsError.Stopped, () => session.Receive(_buffer, 0, 0));
        Check.Whole(server.Server.Pool);
    }

    [TestMethod]
    [TestProperty("Error", nameof(DtlsError.SocketError))]
    [TestProperty("Error", nameof(DtlsError.AlreadyStarted))]
    public void What_cannot_be_started_says_why()
    {
        using EchoServer server = new EchoServer();
        Setup.Fails(DtlsError.AlreadyStarted, () => server.Server.Start(0));
        using DtlsServer second = new DtlsServer(Setup.Options());
        DtlsException e = Setup.Fails(DtlsError.SocketError, () => second.Start(server.EndPoint));
        StringAssert.Contains(e.Message, server.EndPoint.Port.ToString());
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => second.Start(65536));
        Assert.ThrowsExactly<ArgumentNullException>(() => second.Start((IPEndPoint)null!));
        Assert.ThrowsExactly<ArgumentException>(() => new DtlsServer(new DtlsOptions()));
        second.Start(0);
        Assert.IsTrue(second.IsRunning);
        second.Dispose();
        second.Dispose();
        Assert.IsFalse(second.IsRunning);
        Assert.ThrowsExactly<ObjectDisposedException>(() => second.Start(0));
    }

    [TestMethod]
    public void Sessions_are_found_by_index_and_by_address()
    {
        using EchoServer server = new EchoServer();
        Assert.IsNull(server.Server.At(0));
        using DtlsClient client = server.Connect(out DtlsSession session);
        session.Tag = "mine";
        Assert.AreSame(session, server.Server.Find(Setup.Loopback(client.LocalPort)));
        Assert.IsNull(server.Server.Find(Setup.Loopback(client.LocalPort ^ 1)));
        DtlsSession[] all = Enumerable.Range(0, 8).Select(server.Server.At).Where(s => s != null).ToArray();
        Assert.AreSame(session, all.Single());
        Assert.AreEqual("mine", all[0].Tag);
        Assert.AreEqual(1, server.Server.SessionCount);
        Assert.AreEqual("TLS_PSK_WITH_AES_128_CCM_8", session.Suite.Name);
    }

    [TestMethod]
    [TestProperty("Error", nameof(DtlsError.NoFreeSession))]
    public void A_full_table_is_reported_and_a_place_that_is_free_again_is_given_away()
    {
        DtlsOptions options = Setup.Options();
        options.MaxSessions = 2;
        options.MaxHandshakes = 2;
        using EchoServer server = new EchoServer(options);
        using DtlsClient first = server.Connect();
        using DtlsClient second = server.Connect();
        using DtlsClient third = new DtlsClient(Setup.Options());
        Setup.Fails(DtlsError.NoFreeSession, () => third.Connect(server.EndPoint, Setup.Patience));
        Setup.Until(() => server.Errors.Contains(DtlsError.NoFreeSession), "NoFreeSession");
        Assert.IsTrue(server.Server.Statistics.NoFreeSession > 0);
        Assert.AreEqual(2, server.Connected.Count);
        Check.Echo(first, "still here");
        Check.Echo(second, "still here");
        Assert.IsTrue(first.Close(Setup.Patience));
        Setup.Until(() => server.Server.SessionCount == 1, "a free place");
        using DtlsClient fourth = server.Connect();
        Check.Echo(fourth, "hello");
    }

    // That one which talks lives on is tested where the time is virtual.
    [TestMethod]
    [TestProperty("Error", nameof(DtlsError.IdleTimeout))]
    public void A_silent_session_is_ended_by_the_idle_timeout()
    {
        DtlsOptions options = Setup.Options();
        options.IdleTimeout = 150;
        using EchoServer server = new EchoServer(options);
        using DtlsClient client = server.Connect();
        Setup.Until(() => server.Disconnected.Count == 1, "Disconnected");
        Assert.AreEqual(DtlsError.IdleTimeout, server.Disconnected.ToArray()[0]);
        Setup.Fails(DtlsError.SessionClosed, () => client.Receive(_buffer, 0, Setup.Patience));
        Setup.Until(() => server.Server.SessionCount == 0, "an empty table");
    }

    [TestMethod]
    public void Fifty_clients_at_once_get_back_what_they_sent_and_leave_nothing_behind()
    {
        const int Clients = 50;
        const int Messages = 20;
        DtlsOptions options = Setup.Options();
        options.MaxSessions = 64;
        options.MaxHandshakes = 64;
        options.PoolPackets = 512;
        using EchoServer server = new EchoServer(options);
        DtlsClient[] clients = new DtlsClient[Clients];
        List<Running> running = [];
        for (int i = 0; i < Clients; i++)
        {
            int number = i;
            DtlsClient client = clients[i] = new DtlsClient(Setup.Options());
            running.Add(Setup.Start(() =>
            {
                Assert.IsTrue(client.Connect(server.EndPoint, Setup.Patience), "connect");
                for (int j = 0; j < Messages; j++)
                {
                    Check.Echo(client, "client " + number + ", message " + j);
                }

                Assert.IsTrue(client.Close(Setup.Patience), "close");
            }));
        }

        for (int i = 0; i < Clients; i++)
        {
            Setup.Await("client " + i, running[i]);
            clients[i].Dispose();
            Check.Whole(clients[i].Pool);
        }

        Setup.Until(() => server.Disconnected.Count == Clients, "all ends");
        Assert.IsTrue(server.Disconnected.All(reason => reason == DtlsError.SessionClosed));
        Assert.AreEqual(Clients, server.Connected.Count);
        Setup.Until(() => server.Server.SessionCount == 0, "an empty table");
        Check.Whole(server.Server.Pool);
        Assert.IsTrue(server.Errors.IsEmpty, string.Join(", ", server.Errors));
    }

    [TestMethod]
    [TestProperty("Event", "DtlsServer.PskWanted")]
    [TestProperty("Event", "DtlsClient.PskWanted")]
    public void A_key_asked_for_may_be_answered_later_from_another_thread_at_both_ends()
    {
        DtlsOptions ofServer = Setup.Options();
        ofServer.Psk = null;
        ofServer.AskForPsk = true;
        ofServer.PskHint = Setup.Bytes("which one");
        using EchoServer server = new EchoServer(ofServer);
        PskRequest? atServer = null;
        server.Server.PskWanted += request => atServer = request;

        DtlsOptions ofClient = Setup.Options();
        ofClient.Psk = null;
        ofClient.AskForPsk = true;
        using DtlsClient client = new DtlsClient(ofClient);
        PskRequest? atClient = null;
        client.PskWanted += request => atClient = request;

        Assert.IsFalse(client.Connect(server.EndPoint, 0));
        Setup.Until(() => Volatile.Read(ref atClient) != null, "the client asks");
        Assert.IsFalse(atClient!.IsServer);
        CollectionAssert.AreEqual(Setup.Bytes("which one"), atClient.Asked);
        Assert.IsFalse(client.Connect(server.EndPoint, 250), "waits beyond a retransmission");
        Assert.IsNull(atServer);
        Setup.InTime("Answer", () => atClient.Answer(Setup.Key, Setup.Bytes("device 7")));

        Setup.Until(() => Volatile.Read(ref atServer) != null, "the server asks");
        Assert.IsTrue(atServer!.IsServer);
        CollectionAssert.AreEqual(Setup.Bytes("device 7"), atServer.Asked);
        Assert.IsFalse(client.Connect(server.EndPoint, 250), "waits beyond a retransmission");
        Setup.InTime("Answer", () => atServer.Answer(Setup.Key));

        Assert.IsTrue(client.Connect(server.EndPoint, Setup.Patience));
        CollectionAssert.AreEqual(Setup.Bytes("device 7"), client.PskIdentity);
        Check.Echo(client, "hello");
    }

    [TestMethod]
    public void A_server_that_waits_for_a_key_serves_others_meanwhile()
    {
        DtlsOptions options = Setup.Options();
        options.AskForPsk = true;
        using EchoServer server = new EchoServer(options);
        PskRequest? held = null;
        server.Server.PskWanted += request =>
        {
            if (Interlocked.CompareExchange(ref held, request, null) != null)
            {
                request.Answer(Setup.Key);
            }
        };
        using DtlsClient first = new DtlsClient(Setup.Options());
        Assert.IsFalse(first.Connect(server.EndPoint, 0));
        Setup.Until(() => Volatile.Read(ref held) != null, "PskWanted");
        using DtlsClient second = server.Connect();
        Check.Echo(second, "hello");
        Assert.IsFalse(first.Connect(server.EndPoint, 0));
        held!.Answer(Setup.Key);
        Assert.IsTrue(first.Connect(server.EndPoint, Setup.Patience));
        Check.Echo(first, "hello");
    }

    [TestMethod]
    public void A_key_refused_by_the_server_fails_the_handshake_with_the_alert_for_it()
    {
        foreach (string how in new[] { "refuses", "throws", "nobody" })
        {
            DtlsOptions options = Setup.Options();
            options.AskForPsk = true;
            using EchoServer server = new EchoServer(options);
            if (how != "nobody")
            {
                server.Server.PskWanted += request =>
                {
                    if (how == "throws")
                    {
                        throw new InvalidOperationException("no key here");
                    }

                    request.Refuse();
                };
            }

            using DtlsClient client = new DtlsClient(Setup.Options());
            DtlsException e = Setup.Fails(DtlsError.AlertReceived, () => client.Connect(server.EndPoint, Setup.Patience));
            Assert.AreEqual(Alert.UnknownPskIdentity, e.AlertReceived, how);
            Setup.Until(() => server.Errors.Contains(DtlsError.UnknownPskIdentity), "the server's error, " + how);
            Assert.AreEqual(how == "throws", server.Exceptions.Any(x => x.Message == "no key here"), how);
            Setup.Until(() => server.Server.SessionCount == 0, "an empty table");
        }
    }

    [TestMethod]
    public void A_key_refused_by_the_client_fails_its_own_handshake_at_once()
    {
        foreach (string how in new[] { "refuses", "throws", "nobody" })
        {
            using EchoServer server = new EchoServer();
            DtlsOptions options = Setup.Options();
            options.AskForPsk = true;
            using DtlsClient client = new DtlsClient(options);
            if (how != "nobody")
            {
                client.PskWanted += request =>
                {
                    if (how == "throws")
                    {
                        throw new InvalidOperationException("no key here");
                    }

                    request.Refuse();
                };
            }

            Setup.Fails(DtlsError.UnknownPskIdentity, () => client.Connect(server.EndPoint, Setup.Patience));
        }
    }

    [TestMethod]
    public void A_client_may_be_closed_or_disposed_while_it_asks_for_a_key()
    {
        using EchoServer server = new EchoServer();
        foreach (bool dispose in new[] { false, true })
        {
            DtlsOptions options = Setup.Options();
            options.AskForPsk = true;
            DtlsClient client = new DtlsClient(options);
            ManualResetEventSlim ended = new ManualResetEventSlim();
            PskRequest? request = null;
            client.PskWanted += wanted =>
            {
                request = wanted;
                if (dispose)
                {
                    client.Dispose();
                }
                else
                {
                    client.Close(-1);
                }

                ended.Set();
            };
            Running connect = Setup.Start(() => client.Connect(server.EndPoint, -1));
            Assert.IsTrue(ended.Wait(Setup.Patience), "the handler does not end");
            Assert.IsTrue(connect.Join(Setup.Patience), "Connect does not end");
            Assert.IsNotNull(connect.Failure);
            request!.Answer(Setup.Key, Setup.Bytes(Setup.Identity));
            client.Dispose();
            Check.Whole(client.Pool);
        }
    }

    [TestMethod]
    public void Half_a_handshake_is_no_session()
    {
        using EchoServer server = new EchoServer(Setup.ImpatientOptions(200));
        DtlsOptions options = Setup.Options();
        options.AskForPsk = true;
        using DtlsClient client = new DtlsClient(options);
        client.PskWanted += _ => { };
        Assert.IsFalse(client.Connect(server.EndPoint, 0));
        Setup.Until(() => server.Errors.Contains(DtlsError.Timeout), "the server gives up");
        Assert.IsTrue(server.Connected.IsEmpty);
        Assert.IsTrue(server.Disconnected.IsEmpty);
        Setup.Until(() => server.Server.SessionCount == 0, "an empty table");
        Check.Whole(server.Server.Pool);
    }
}
