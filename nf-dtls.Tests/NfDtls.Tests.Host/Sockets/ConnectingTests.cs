using System;
using System.Collections.Concurrent;
using System.Linq;
using System.Net;
using System.Threading;
using Microsoft.VisualStudio.TestTools.UnitTesting;
using NfDtls.Sockets;

namespace NfDtls.Tests.Host;

/// <summary>The application decides which clients a server takes.</summary>
[TestClass]
public class ConnectingTests
{
    private readonly byte[] _buffer = new byte[2000];

    [TestMethod]
    [TestProperty("Event", "DtlsServer.ClientConnecting")]
    public void A_client_that_is_accepted_at_once_connects_as_the_session_that_was_asked_about()
    {
        using EchoServer server = new EchoServer(Asking());
        ConcurrentQueue<DtlsSession> asked = new();
        AssociationState state = AssociationState.Idle;
        server.Server.ClientConnecting += session =>
        {
            state = session.State;
            asked.Enqueue(session);
            session.Accept();
            session.Accept();
        };
        using DtlsClient client = server.Connect();
        Check.Echo(client, "hello");
        Assert.AreEqual(AssociationState.Connecting, state);
        Assert.AreEqual(client.LocalPort, asked.Single().RemoteEndPoint.Port);
        Assert.AreEqual(server.EndPoint.Port, asked.Single().LocalPort);
        Assert.AreSame(asked.Single(), server.Connected.Single());
        Assert.IsNotNull(asked.Single().Suite);
        Assert.IsTrue(asked.Single().Start(0), "it is connected");
        Assert.IsTrue(server.Errors.IsEmpty);
    }

    [TestMethod]
    public void A_handler_that_is_there_when_the_server_starts_is_asked_without_an_option()
    {
        using DtlsServer server = new DtlsServer(Setup.Options());
        int asked = 0;
        server.ClientConnecting += session =>
        {
            Interlocked.Increment(ref asked);
            Assert.IsFalse(session.Start(-1), "inside a notification nothing waits");
        };
        server.Start(Setup.Loopback(0));
        using DtlsClient client = new DtlsClient(Setup.Options());
        Assert.IsTrue(client.Connect(Setup.Loopback(server.LocalPort), Setup.Patience));
        Assert.AreEqual(1, Volatile.Read(ref asked));
    }

    [TestMethod]
    [TestProperty("Error", nameof(DtlsError.UnrecognizedName))]
    public void A_handler_answers_by_the_name_that_a_client_asks_for()
    {
        DtlsOptions options = Asking();
        options.Features = new Feature[] { new NfDtls.Extensions.ServerNames(), new NfDtls.Extensions.ApplicationProtocols(new[] { "coap" }), new NfDtls.Extensions.KeyExporter() };
        options.Psk = new PskStore();
        options.Psk.Add(new byte[16], "nobody");
        using EchoServer server = new EchoServer(options);
        PskStore keys = new PskStore();
        keys.Add(Setup.Key, Setup.Identity);
        server.Server.ClientConnecting += session =>
        {
            if (session.ServerName == "sensor.example")
            {
                session.Accept(keys, null);
            }
            else
            {
                session.RefuseName();
            }
        };
        DtlsOptions asking = Setup.Options();
        asking.Features = new Feature[] { new NfDtls.Extensions.ServerNames(), new NfDtls.Extensions.ApplicationProtocols(new[] { "coap" }), new NfDtls.Extensions.KeyExporter() };
        asking.ServerName = "sensor.example";
        using DtlsClient client = new DtlsClient(asking);
        Assert.IsTrue(client.Connect(server.EndPoint, Setup.Patience));
        Check.Echo(client, "hello");
        DtlsSession connected = server.Connected.Single();
        Assert.AreEqual("sensor.example", connected.ServerName);
        Assert.AreEqual("coap", client.ApplicationProtocol);
        Assert.AreEqual("coap", connected.ApplicationProtocol);
        byte[] ours = new byte[32];
        byte[] theirs = new byte[32];
        client.ExportKey("EXPERIMENTAL", null, ours, 0, 32);
        connected.ExportKey("EXPERIMENTAL", null, theirs, 0, 32);
        CollectionAssert.AreEqual(ours, theirs);

        DtlsOptions wrong = Setup.Options();
        wrong.Features = new Feature[] { new NfDtls.Extensions.ServerNames() };
        wrong.ServerName = "other.example";
        using DtlsClient refused = new DtlsClient(wrong);
        DtlsException e = Setup.Fails(DtlsError.AlertReceived, () => refused.Connect(server.EndPoint, Setup.Patience));
        Assert.AreEqual(Alert.UnrecognizedName, e.AlertReceived);
        Setup.Until(() => server.Errors.Contains(DtlsError.UnrecognizedName), "UnrecognizedName at the server");
    }

    [TestMethod]
    [TestProperty("Error", nameof(DtlsError.NoApplicationProtocol))]
    public void A_client_that_must_have_a_protocol_takes_no_server_without()
    {
        using EchoServer server = new EchoServer(Setup.Options());
        DtlsOptions options = Setup.Options();
        options.Features = new Feature[] { new NfDtls.Extensions.ApplicationProtocols(new[] { "coap" }) { IsRequired = true } };
        using DtlsClient client = new DtlsClient(options);
        DtlsException e = Setup.Fails(DtlsError.NoApplicationProtocol, () => client.Connect(server.EndPoint, Setup.Patience));
        Assert.AreEqual(Alert.NoApplicationProtocol, e.AlertSent);
    }

    [TestMethod]
    public void A_handler_leaves_the_options_and_other_servers_made_with_them_alone()
    {
        DtlsOptions options = Setup.Options();
        using DtlsServer asking = new DtlsServer(options);
        ConnectingHandler refuse = session => session.Refuse();
        asking.ClientConnecting += refuse;
        asking.Start(Setup.Loopback(0));
        Assert.IsFalse(options.AskToConnect);
        using EchoServer other = new EchoServer(options);
        using DtlsClient client = other.Connect();
        Check.Echo(client, "hello");
        using DtlsClient refused = new DtlsClient(Setup.Options());
        Setup.Fails(DtlsError.AlertReceived, () => refused.Connect(Setup.Loopback(asking.LocalPort), Setup.Patience));
        asking.Stop();
        asking.ClientConnecting -= refuse;
        asking.Start(Setup.Loopback(0));
        Assert.IsTrue(refused.Connect(Setup.Loopback(asking.LocalPort), Setup.Patience), "nobody is asked any more");
    }

    [TestMethod]
    public void With_the_option_and_without_a_handler_every_client_is_accepted()
    {
        using EchoServer server = new EchoServer(Asking());
        using DtlsClient client = server.Connect();
        Check.Echo(client, "hello");
    }

    [TestMethod]
    public void A_client_may_be_started_later_from_another_thread_and_is_asked_about_once()
    {
        using EchoServer server = new EchoServer(Asking());
        ConcurrentQueue<DtlsSession> asked = new();
        server.Server.ClientConnecting += asked.Enqueue;
        using DtlsClient client = new DtlsClient(Setup.HastyOptions());
        Assert.IsFalse(client.Connect(server.EndPoint, 400), "waits beyond some retransmissions");
        Setup.Until(() => !asked.IsEmpty, "ClientConnecting");
        DtlsSession session = asked.Single();
        Assert.AreEqual(AssociationState.Connecting, session.State);
        Assert.AreEqual(0, session.MaxPayload);
        Setup.Fails(DtlsError.NotConnected, () => session.Send(new byte[1]));
        Setup.Fails(DtlsError.NotConnected, () => session.Receive(_buffer, 0, 0));
        Setup.Fails(DtlsError.NotConnected, () => session.ReceivePacket(0));
        Packet packet = server.Server.Pool.Rent();
        Setup.Fails(DtlsError.NotConnected, () => session.Send(packet));
        packet.Return();
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => session.Start(-2));
        Setup.InTime("Start", () =>
        {
            Assert.IsTrue(session.Start(Setup.Patience));
            session.Send(Setup.Bytes("welcome"));
        });
        Assert.IsTrue(client.Connect(server.EndPoint, Setup.Patience));
        Assert.AreEqual("welcome", Check.Receive(client));
        Check.Echo(client, "hello");
        Assert.AreSame(session, server.Connected.Single());
        Assert.AreEqual(1, asked.Count);
    }

    [TestMethod]
    public void While_one_client_waits_to_be_accepted_another_is_served()
    {
        using EchoServer server = new EchoServer(Asking());
        ConcurrentQueue<DtlsSession> asked = new();
        server.Server.ClientConnecting += session =>
        {
            asked.Enqueue(session);
            if (asked.Count > 1)
            {
                session.Accept();
            }
        };
        using DtlsClient first = new DtlsClient(Setup.Options());
        Assert.IsFalse(first.Connect(server.EndPoint, 0));
        Setup.Until(() => asked.Count == 1, "ClientConnecting");
        using DtlsClient second = server.Connect();
        Check.Echo(second, "hello");
        Assert.IsFalse(first.Connect(server.EndPoint, 0));
        asked.First().Accept();
        Assert.IsTrue(first.Connect(server.EndPoint, Setup.Patience));
        Check.Echo(first, "hello");
        Assert.AreEqual(2, asked.Count);
    }

    [TestMethod]
    [TestProperty("Error", nameof(DtlsError.Refused))]
    [DataRow("at once")]
    [DataRow("later")]
    [DataRow("throws")]
    public void A_client_that_is_refused_ends_with_access_denied(string how)
    {
        using EchoServer server = new EchoServer(Asking());
        ConcurrentQueue<DtlsSession> asked = new();
        server.Server.ClientConnecting += session =>
        {
            asked.Enqueue(session);
            if (how == "at once")
            {
                session.Refuse();
                session.Accept();
            }
            else if (how == "throws")
            {
                throw new InvalidOperationException("not this one");
            }
        };
        using DtlsClient client = new DtlsClient(Setup.Options());
        Assert.IsFalse(client.Connect(server.EndPoint, 0));
        Setup.Until(() => asked.Count == 1, "ClientConnecting");
        if (how == "later")
        {
            Setup.InTime("Refuse", asked.First().Refuse);
        }

        // A hello that was sent again behind the alert is asked about anew.
        DtlsException e = Setup.Fails(DtlsError.AlertReceived, () => client.Connect(server.EndPoint, Setup.Patience));
        Assert.AreEqual(Alert.AccessDenied, e.AlertReceived);
        Assert.AreEqual(49, e.AlertReceived);
        Setup.Until(() => server.Errors.Contains(DtlsError.Refused), "Error");
        Assert.AreEqual(how == "throws", server.Errors.Contains(DtlsError.InternalError));
        Assert.AreEqual(how == "throws", server.Exceptions.Any(x => x.Message == "not this one"));
        Assert.IsTrue(server.Errors.All(error => error == DtlsError.Refused || (how == "throws" && error == DtlsError.InternalError)));
        DtlsSession session = asked.First();
        Assert.AreEqual(AssociationState.Closed, session.State);
        Assert.AreEqual(DtlsError.Refused, session.LastError);
        Setup.Fails(DtlsError.Refused, () => session.Start(Setup.Patience));
        Assert.IsTrue(server.Connected.IsEmpty);
        Assert.IsTrue(server.Disconnected.IsEmpty);
        client.Dispose();
        server.Server.CloseAll();
        Setup.Until(() => server.Server.SessionCount == 0, "an empty table");
        Check.Whole(server.Server.Pool);
        Check.Whole(client.Pool);
    }

    [TestMethod]
    public void An_answer_after_the_first_changes_nothing()
    {
        using EchoServer server = new EchoServer(Asking());
        server.Server.ClientConnecting += session =>
        {
            session.Accept();
            session.Refuse();
        };
        using DtlsClient client = server.Connect(out DtlsSession session);
        session.Refuse();
        Check.Echo(client, "hello");
    }

    [TestMethod]
    public void Start_says_when_the_client_that_was_accepted_is_gone()
    {
        DtlsOptions options = Setup.OptionsOfTries(1);
        options.AskToConnect = true;
        using EchoServer server = new EchoServer(options);
        DtlsSession session = AskAndVanish(server);
        Setup.InTime("Start", () => Setup.Fails(DtlsError.Timeout, () => session.Start(-1)));
        Setup.Until(() => server.Errors.Contains(DtlsError.Timeout), "Error");
        Assert.AreEqual(DtlsError.Timeout, session.LastError);
        Setup.Until(() => server.Server.SessionCount == 0, "an empty table");
        Check.Whole(server.Server.Pool);
    }

    [TestMethod]
    public void A_client_that_nobody_answers_ends_with_Stop_and_is_asked_about_again_after_the_next_start()
    {
        using EchoServer server = new EchoServer(Asking());
        ConcurrentQueue<DtlsSession> asked = new();
        server.Server.ClientConnecting += asked.Enqueue;
        using DtlsClient client = new DtlsClient(Setup.Options());
        Assert.IsFalse(client.Connect(server.EndPoint, 0));
        Setup.Until(() => asked.Count == 1, "ClientConnecting");
        Setup.InTime("Stop", server.Server.Stop);
        DtlsSession session = asked.Single();
        Assert.AreEqual(AssociationState.Closed, session.State);
        Assert.AreEqual(DtlsError.Stopped, session.LastError);
        Setup.Fails(DtlsError.Stopped, () => session.Start(0));
        session.Accept();
        session.Refuse();
        session.Close();
        Assert.IsTrue(server.Disconnected.IsEmpty, "Connected was never called");
        Check.Whole(server.Server.Pool);
        client.Reset();
        server.Server.Start(server.EndPoint);
        Assert.IsFalse(client.Connect(server.EndPoint, 0));
        Setup.Until(() => asked.Count == 2, "ClientConnecting");
        asked.Last().Accept();
        Assert.IsTrue(client.Connect(server.EndPoint, Setup.Patience));
        Check.Echo(client, "hello");
    }

    [TestMethod]
    [DataRow("Stop", DtlsError.Stopped)]
    [DataRow("Dispose", DtlsError.Stopped)]
    [DataRow("CloseAll", DtlsError.SessionClosed)]
    [DataRow("Close", DtlsError.SessionClosed)]
    public void A_Start_that_waits_for_ever_ends_with(string what, DtlsError error)
    {
        using EchoServer server = new EchoServer(Asking());
        DtlsSession session = AskAndVanish(server);
        Running start = Setup.Start(() => Setup.Fails(error, () => session.Start(-1)));
        Setup.Until(() => start.IsBlocked, "a Start that waits");
        Setup.InTime(what, () =>
        {
            switch (what)
            {
                case "Stop":
                    server.Server.Stop();
                    break;
                case "Dispose":
                    server.Server.Dispose();
                    break;
                case "CloseAll":
                    server.Server.CloseAll();
                    break;
                default:
                    session.Close();
                    break;
            }
        });
        Setup.Await("Start", start);
        Setup.Until(() => server.Server.SessionCount == 0, "an empty table");
        Assert.IsTrue(server.Connected.IsEmpty);
        Assert.IsTrue(server.Disconnected.IsEmpty);
        Check.Whole(server.Server.Pool);
    }

    private static DtlsOptions Asking()
    {
        DtlsOptions options = Setup.Options();
        options.AskToConnect = true;
        return options;
    }

    /// <summary>The session of a client that is gone without a word before it is answered.</summary>
    private static DtlsSession AskAndVanish(EchoServer server)
    {
        ConcurrentQueue<DtlsSession> asked = new();
        server.Server.ClientConnecting += asked.Enqueue;
        using DtlsClient client = new DtlsClient(Setup.Options());
        Assert.IsFalse(client.Connect(server.EndPoint, 0));
        Setup.Until(() => asked.Count == 1, "ClientConnecting");
        client.Reset();
        return asked.Single();
    }
}
