using System;
using System.Collections.Concurrent;
using System.Collections.Generic;
using System.Linq;
using System.Net;
using System.Net.Sockets;
using System.Threading;
using Microsoft.VisualStudio.TestTools.UnitTesting;
using NfDtls.Sockets;

namespace NfDtls.Tests.Host;

/// <summary>Why sessions end or never begin, and who is told.</summary>
[TestClass]
public class EndingTests
{
    private readonly byte[] _buffer = new byte[2000];

    [TestMethod]
    [DataRow(false)]
    [DataRow(true)]
    public void CloseAll_ends_every_session_cleanly_and_the_server_goes_on(bool insideNotification)
    {
        using EchoServer server = new EchoServer();
        server.OnRecord = (session, record) =>
        {
            if (record.Length == 1)
            {
                server.Server.CloseAll();
            }
            else
            {
                session.Send(record);
            }
        };
        for (int round = 1; round <= 2; round++)
        {
            List<DtlsClient> clients = [server.Connect(), server.Connect(), server.Connect()];
            clients.ForEach(client => Check.Echo(client, "hello"));
            if (insideNotification)
            {
                clients[1].Send(new byte[1]);
            }
            else
            {
                Setup.InTime("CloseAll", server.Server.CloseAll);
            }

            foreach (DtlsClient client in clients)
            {
                Setup.Fails(DtlsError.SessionClosed, () => client.Receive(_buffer, 0, Setup.Patience));
                client.Dispose();
                Check.Whole(client.Pool);
            }

            Setup.Until(() => server.Disconnected.Count == 3 * round, "Disconnected");
            Assert.IsTrue(server.Disconnected.All(reason => reason == DtlsError.SessionClosed));
            Assert.AreEqual(0, server.Server.SessionCount);
            Assert.IsTrue(server.Server.IsRunning);
        }

        Assert.IsTrue(server.Errors.IsEmpty);
        Check.Whole(server.Server.Pool);
        server.Server.Stop();
        server.Server.CloseAll();
    }

    [TestMethod]
    [TestProperty("Error", nameof(DtlsError.Evicted))]
    public void A_full_server_that_evicts_closes_the_session_that_was_silent_longest()
    {
        DtlsOptions options = Setup.Options();
        options.MaxSessions = 2;
        options.MaxHandshakes = 2;
        options.EvictAfter = 0;
        using EchoServer server = new EchoServer(options);
        ConcurrentQueue<DtlsSession> ended = new();
        server.Server.Disconnected += (session, _) => ended.Enqueue(session);
        using DtlsClient first = server.Connect(out DtlsSession _);
        using DtlsClient second = server.Connect(out DtlsSession silent);
        long connected = Environment.TickCount64;
        Setup.Until(() => Environment.TickCount64 > connected + 1, "a later time");
        Check.Echo(first, "hello");
        using DtlsClient third = server.Connect();
        Setup.Until(() => ended.Count == 1, "Disconnected");
        Assert.AreEqual(DtlsError.Evicted, server.Disconnected.Single());
        Assert.AreSame(silent, ended.Single());
        Assert.AreEqual(DtlsError.Evicted, silent.LastError);
        Setup.Fails(DtlsError.Evicted, () => silent.Send(new byte[1]));
        Setup.Fails(DtlsError.Evicted, () => silent.Receive(_buffer, 0, -1));
        Setup.Fails(DtlsError.SessionClosed, () => second.Receive(_buffer, 0, Setup.Patience));
        Check.Echo(first, "still here");
        Check.Echo(third, "hello");
        Assert.AreEqual(2, server.Server.SessionCount);
    }

    [TestMethod]
    public void A_host_with_as_many_sessions_as_it_may_have_is_told_so_until_one_ends()
    {
        DtlsOptions options = Setup.Options();
        options.MaxSessionsPerHost = 1;
        using EchoServer server = new EchoServer(options);
        using DtlsClient first = server.Connect();
        using DtlsClient second = new DtlsClient(Setup.Options());
        Setup.Fails(DtlsError.NoFreeSession, () => second.Connect(server.EndPoint, Setup.Patience));
        Setup.Until(() => server.Errors.Contains(DtlsError.NoFreeSession), "Error");
        Assert.IsTrue(server.Errors.All(error => error == DtlsError.NoFreeSession));
        Assert.IsTrue(server.Server.Statistics.NoFreeSession > 0);
        Check.Echo(first, "still here");
        Assert.AreEqual(1, server.Connected.Count);
        Assert.AreEqual(1, server.Server.SessionCount);
        int before = server.Errors.Count;
        using DtlsClient third = new DtlsClient(Setup.Options());
        Setup.Fails(DtlsError.NoFreeSession, () => third.Connect(server.EndPoint, Setup.Patience));
        Setup.Until(() => server.Errors.Count > before, "Error");
        Check.Echo(first, "and still here");
        Assert.IsTrue(first.Close(Setup.Patience));
        Assert.IsTrue(third.Connect(server.EndPoint, Setup.Patience));
        Check.Echo(third, "hello");
    }

    [TestMethod]
    public void The_one_session_of_a_host_may_be_replaced_from_the_same_port()
    {
        DtlsOptions options = Setup.Options();
        options.MaxSessionsPerHost = 1;
        using EchoServer server = new EchoServer(options);
        using DtlsClient client = server.Connect();
        client.Reset();
        Assert.IsTrue(client.Connect(server.EndPoint, Setup.Patience));
        Check.Echo(client, "hello");
        Setup.Until(() => server.Disconnected.Count == 1, "Disconnected");
        Assert.AreEqual(DtlsError.Superseded, server.Disconnected.Single());
    }

    [TestMethod]
    public void What_a_handler_of_the_client_throws_goes_to_its_Error_and_what_that_throws_to_nobody()
    {
        using EchoServer server = new EchoServer();
        DtlsOptions options = Setup.Options();
        options.AskForPsk = true;
        using DtlsClient client = new DtlsClient(options);
        InvalidOperationException thrown = new InvalidOperationException("no key here");
        ConcurrentQueue<(DtlsError, Exception)> told = new();
        client.PskWanted += _ => throw thrown;
        client.Error += (error, exception) =>
        {
            told.Enqueue((error, exception));
            throw new InvalidOperationException("out of Error");
        };
        for (int i = 1; i <= 2; i++)
        {
            Setup.Fails(DtlsError.UnknownPskIdentity, () => client.Connect(server.EndPoint, Setup.Patience));
            Setup.Until(() => told.Count == i, "Error");
            Assert.AreEqual((DtlsError.InternalError, thrown), told.Last());
        }
    }

    [TestMethod]
    [TestProperty("Event", "DtlsClient.Error")]
    public void A_socket_that_fails_under_a_client_is_told_of_once_and_the_client_may_be_disposed_there()
    {
        using EchoServer server = new EchoServer();
        using Socket socket = Check.SilentSocket();
        DtlsClient client = new DtlsClient(Setup.Options(), socket);
        ConcurrentQueue<(DtlsError, Exception)> told = new();
        ManualResetEventSlim mayEnd = new ManualResetEventSlim();
        ManualResetEventSlim ended = new ManualResetEventSlim();
        client.Error += (error, exception) =>
        {
            told.Enqueue((error, exception));
            mayEnd.Wait(Setup.Patience);
            client.Dispose();
            ended.Set();
        };
        Assert.IsTrue(client.Connect(server.EndPoint, Setup.Patience));
        socket.Close();
        Setup.Until(() => told.Count == 1, "Error");
        Assert.AreEqual(DtlsError.SocketError, told.Single().Item1);
        Assert.IsNotNull(told.Single().Item2);

        // What cannot be sent is lost, as any datagram may be.
        client.Send(Setup.Bytes("lost"));
        mayEnd.Set();
        Assert.IsTrue(ended.Wait(Setup.Patience), "the handler does not end");
        Assert.ThrowsExactly<ObjectDisposedException>(() => client.Send(new byte[1]));
        Check.Whole(client.Pool);
        Assert.AreEqual(1, told.Count);
    }

    [TestMethod]
    [TestProperty("Error", nameof(DtlsError.SealLimitReached))]
    public void As_many_records_as_a_key_may_seal_end_the_connection_and_the_server_hears_of_it()
    {
        using EchoServer server = new EchoServer();
        DtlsOptions options = Setup.Options();
        options.SealLimit = 10;
        using DtlsClient client = server.Connect(options);
        DtlsException? failure = null;
        for (int i = 0; i < 20 && failure == null; i++)
        {
            try
            {
                Check.Echo(client, "record " + i);
            }
            catch (DtlsException e)
            {
                failure = e;
            }
        }

        Assert.AreEqual(DtlsError.SealLimitReached, failure?.Error);
        Assert.AreEqual(DtlsError.SealLimitReached, client.LastError);
        Setup.Until(() => server.Disconnected.Count == 1, "Disconnected");
        Assert.AreEqual(DtlsError.SessionClosed, server.Disconnected.Single());
        Check.Whole(client.Pool);
        Assert.IsTrue(client.Connect(server.EndPoint, Setup.Patience));
        Check.Echo(client, "hello");
    }

    [TestMethod]
    [TestProperty("Error", nameof(DtlsError.ForgeryLimitReached))]
    public void As_many_forged_records_as_a_key_may_meet_end_the_session()
    {
        DtlsOptions options = Setup.Options();
        options.ForgeryLimit = 3;
        using EchoServer server = new EchoServer(options);
        using Socket socket = Check.SilentSocket();
        using DtlsClient client = new DtlsClient(Setup.Options(), socket);
        Assert.IsTrue(client.Connect(server.EndPoint, Setup.Patience));
        Check.Echo(client, "hello");
        for (int i = 0; i < 3; i++)
        {
            byte[] forged = new byte[13 + 24];
            new byte[] { 23, 0xFE, 0xFD, 0, 1, 0, 0, 0, 0, 1, (byte)i, 0, 24 }.CopyTo(forged, 0);
            socket.SendTo(forged, server.EndPoint);
        }

        Setup.Until(() => server.Disconnected.Count == 1, "Disconnected");
        Assert.AreEqual(DtlsError.ForgeryLimitReached, server.Disconnected.Single());
        Setup.Fails(DtlsError.SessionClosed, () => client.Receive(_buffer, 0, Setup.Patience));
    }

    [TestMethod]
    [TestProperty("Error", nameof(DtlsError.HandshakeFailure))]
    [TestProperty("Error", nameof(DtlsError.AlertReceived))]
    public void Without_a_common_suite_both_ends_say_so()
    {
        DtlsOptions ofServer = Setup.Options();
        ofServer.Suites = new CipherSuiteTable();
        ofServer.Suites.Add(PskSuites.Aes128CbcSha256());
        DtlsOptions ofClient = Setup.Options();
        ofClient.Suites = new CipherSuiteTable();
        ofClient.Suites.Add(PskSuites.Aes128Ccm8());
        using EchoServer server = new EchoServer(ofServer);
        using DtlsClient client = new DtlsClient(ofClient);
        DtlsException e = Setup.Fails(DtlsError.AlertReceived, () => client.Connect(server.EndPoint, Setup.Patience));
        Assert.AreEqual(Alert.HandshakeFailure, e.AlertReceived);
        Setup.Until(() => !server.Errors.IsEmpty, "Error");
        Assert.IsTrue(server.Errors.All(error => error == DtlsError.HandshakeFailure), "Once for each hello.");
        Check.Whole(server.Server.Pool);
    }

    [TestMethod]
    [TestProperty("Error", nameof(DtlsError.ProtocolVersion))]
    [TestProperty("Error", nameof(DtlsError.IllegalParameter))]
    public void An_answer_of_another_version_or_with_another_suite_is_refused_with_the_alert_for_it()
    {
        foreach ((int version, int suite, DtlsError error, int alert) in new[]
        {
            (0xFEFC, 0xC0A8, DtlsError.ProtocolVersion, Alert.ProtocolVersion),
            (0xFEFD, 0x0000, DtlsError.IllegalParameter, Alert.IllegalParameter),
        })
        {
            byte[] hello = new byte[25 + 38];
            new byte[] { 22, 0xFE, 0xFD, 0, 0, 0, 0, 0, 0, 0, 0, 0, 50, 2, 0, 0, 38, 0, 0, 0, 0, 0, 0, 0, 38 }.CopyTo(hello, 0);
            hello[25] = (byte)(version >> 8);
            hello[26] = (byte)version;
            hello[60] = (byte)(suite >> 8);
            hello[61] = (byte)suite;
            Answer(hello, error, alert);
        }
    }

    [TestMethod]
    [TestProperty("Error", nameof(DtlsError.DecodeError))]
    [TestProperty("Error", nameof(DtlsError.UnexpectedMessage))]
    public void An_answer_that_breaks_its_syntax_or_comes_out_of_turn_is_refused_with_the_alert_for_it()
    {
        // A HelloVerifyRequest whose cookie is shorter than it says, and a Finished.
        Answer([22, 0xFE, 0xFF, 0, 0, 0, 0, 0, 0, 0, 0, 0, 15, 3, 0, 0, 3, 0, 0, 0, 0, 0, 0, 0, 3, 0xFE, 0xFF, 9], DtlsError.DecodeError, Alert.DecodeError);
        Answer([22, 0xFE, 0xFD, 0, 0, 0, 0, 0, 0, 0, 0, 0, 13, 20, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 1, 0], DtlsError.UnexpectedMessage, Alert.UnexpectedMessage);
    }

    /// <summary>Answers a client's hello, and checks what becomes of the handshake.</summary>
    private static void Answer(byte[] datagram, DtlsError error, int alert)
    {
        using Socket server = Check.SilentSocket();
        server.ReceiveTimeout = Setup.Patience;
        using DtlsClient client = new DtlsClient(Setup.HastyOptions());
        IPEndPoint address = Setup.Loopback(((IPEndPoint)server.LocalEndPoint!).Port);
        Assert.IsFalse(client.Connect(address, 0));
        EndPoint peer = Setup.Loopback(0);
        byte[] received = new byte[2000];
        server.ReceiveFrom(received, ref peer);
        server.SendTo(datagram, peer);
        DtlsException e = Setup.Fails(error, () => client.Connect(address, Setup.Patience));
        Assert.AreEqual(alert, e.AlertSent);
        Check.Whole(client.Pool);
    }
}
