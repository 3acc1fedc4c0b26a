using System;
using System.Collections.Generic;
using System.Linq;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Microsoft.VisualStudio.TestTools.UnitTesting;
using NfDtls.Sockets;

namespace NfDtls.Tests.Host;

/// <summary>How a client comes to a connection, or does not.</summary>
[TestClass]
public class ConnectTests
{
    [TestMethod]
    [DataRow(false, false)]
    [DataRow(false, true)]
    [DataRow(true, false)]
    [DataRow(true, true)]
    public void Records_come_back_over_both_kinds_of_IP_whoever_does_the_arithmetic(bool ipv6, bool software)
    {
        IPAddress address = ipv6 ? IPAddress.IPv6Loopback : IPAddress.Loopback;
        if (ipv6 && !Socket.OSSupportsIPv6)
        {
            Assert.Inconclusive("This machine has no IPv6.");
        }

        using EchoServer server = new EchoServer(software ? Setup.SoftwareOptions() : Setup.Options(), address);
        using DtlsClient client = server.Connect(software ? Setup.SoftwareOptions() : Setup.Options());
        Check.Echo(client, "hello");
        Check.Echo(client, "");
        Check.Echo(client, new string('x', client.MaxPayload));

        Assert.AreEqual(AssociationState.Connected, client.State);
        Assert.AreEqual(server.EndPoint, client.RemoteEndPoint);
        Assert.AreEqual("TLS_PSK_WITH_AES_128_CCM_8", client.Suite.Name);
        Assert.AreEqual(Setup.Identity, Encoding.UTF8.GetString(client.PskIdentity));
        DtlsSession session = server.Server.Find(new IPEndPoint(address, client.LocalPort));
        Assert.AreEqual(client.LocalPort, session.RemoteEndPoint.Port);
        Assert.AreEqual(server.EndPoint.Port, session.LocalPort);
        Assert.AreEqual(Setup.Identity, Encoding.UTF8.GetString(session.PskIdentity));
        Assert.IsTrue(client.Close(Setup.Patience));
    }

    public static IEnumerable<object[]> Suites()
    {
        CipherSuiteTable all = PskSuites.All();
        for (int i = 0; i < all.Count; i++)
        {
            yield return [all.At(i).Name];
        }
    }

    [TestMethod]
    [DynamicData(nameof(Suites))]
    public void Every_suite_carries_records_between_both_providers(string name)
    {
        DtlsOptions ofServer = Setup.SoftwareOptions();
        ofServer.Suites = PskSuites.All();
        using EchoServer server = new EchoServer(ofServer);
        DtlsOptions options = Setup.Options();
        options.Suites = new CipherSuiteTable();
        CipherSuiteTable all = PskSuites.All();
        for (int i = 0; i < all.Count; i++)
        {
            if (all.At(i).Name == name)
            {
                options.Suites.Add(all.At(i));
            }
        }

        using DtlsClient client = server.Connect(options);
        Assert.AreEqual(name, client.Suite.Name);
        Check.Echo(client, "hello");
        Check.Echo(client, new string('x', client.MaxPayload));
    }

    [TestMethod]
    public void Connect_without_waiting_starts_and_carries_on_until_it_is_connected()
    {
        using EchoServer server = new EchoServer();
        using DtlsClient client = new DtlsClient(Setup.Options());
        client.Connect(server.EndPoint, 0);
        Setup.Until(() => client.Connect(server.EndPoint, 0), "a connection");
        Check.Echo(client, "hello");
        Assert.AreEqual(1, client.Statistics.HandshakesCompleted);
    }

    [TestMethod]
    [TestProperty("Error", nameof(DtlsError.AlreadyConnected))]
    public void A_wait_that_ends_leaves_the_handshake_going()
    {
        DtlsOptions options = Setup.Options();
        options.AskForPsk = true;
        using EchoServer server = new EchoServer(options);
        PskRequest? request = null;
        server.Server.PskWanted += wanted => request = wanted;
        using DtlsClient client = new DtlsClient(Setup.Options());
        Assert.IsFalse(client.Connect(server.EndPoint, 20));
        Assert.AreEqual(AssociationState.Connecting, client.State);
        Setup.Until(() => request != null, "PskWanted");
        Assert.IsFalse(client.Connect(server.EndPoint, 20));
        Setup.Fails(DtlsError.AlreadyConnected, () => client.Connect(Setup.Loopback(9), 20));
        Setup.Fails(DtlsError.NotConnected, () => client.Send(new byte[1]));
        request!.Answer(Setup.Key);
        Assert.IsTrue(client.Connect(server.EndPoint, Setup.Patience));
        Setup.Fails(DtlsError.AlreadyConnected, () => client.Connect(server.EndPoint, 20));
    }

    [TestMethod]
    [TestProperty("Error", nameof(DtlsError.KeyMismatchSuspected))]
    public void A_wrong_key_is_named_by_the_server_and_fails_the_client()
    {
        using EchoServer server = new EchoServer(Setup.ImpatientOptions(600));
        DtlsOptions options = Setup.ImpatientOptions(1200);
        options.Psk = new PskStore();
        options.Psk.Add(Setup.Bytes("another key"), Setup.Identity);
        using DtlsClient client = new DtlsClient(options);

        // On a slow machine either may give up before it could notice.
        Setup.Until(() =>
        {
            DtlsException e = Assert.ThrowsExactly<DtlsException>(() => client.Connect(server.EndPoint, Setup.Patience));
            Assert.IsTrue(e.Error is DtlsError.Timeout or DtlsError.KeyMismatchSuspected, e.Error + ": " + e.Message);
            Assert.AreEqual(e.Error, client.LastError);
            return server.Errors.Contains(DtlsError.KeyMismatchSuspected);
        }, "KeyMismatchSuspected at the server");
        Assert.IsTrue(server.Connected.IsEmpty);
        Setup.Until(() => server.Server.SessionCount == 0, "an empty table");
    }

    [TestMethod]
    [TestProperty("Error", nameof(DtlsError.UnknownPskIdentity))]
    public void An_unknown_identity_fails_with_the_alert_for_it()
    {
        using EchoServer server = new EchoServer();
        DtlsOptions options = Setup.HastyOptions();
        options.Psk = new PskStore();
        options.Psk.Add(Setup.Key, "somebody else");
        using DtlsClient client = new DtlsClient(options);
        DtlsException e = Setup.Fails(DtlsError.AlertReceived, () => client.Connect(server.EndPoint, Setup.Patience));
        Assert.AreEqual(Alert.UnknownPskIdentity, e.AlertReceived);
        Setup.Until(() => server.Errors.Contains(DtlsError.UnknownPskIdentity), "UnknownPskIdentity at the server");
    }

    [TestMethod]
    [TestProperty("Error", nameof(DtlsError.Timeout))]
    public void Without_a_server_the_handshake_times_out_and_the_next_call_begins_anew()
    {
        using Socket socket = Check.SilentSocket();
        IPEndPoint silent = (IPEndPoint)socket.LocalEndPoint!;
        DtlsClient client = new DtlsClient(Setup.ImpatientOptions(200));
        Setup.Fails(DtlsError.Timeout, () => client.Connect(silent, Setup.Patience));
        Assert.AreEqual(DtlsError.Timeout, client.LastError);
        Setup.Fails(DtlsError.Timeout, () => client.Connect(silent, -1));
        using EchoServer server = new EchoServer();
        Assert.IsTrue(client.Connect(server.EndPoint, Setup.Patience));
        client.Dispose();
        Check.Whole(client.Pool);
    }

    [TestMethod]
    public void Nobody_at_the_port_is_a_time_out_and_not_a_socket_error()
    {
        using DtlsClient client = new DtlsClient(Setup.ImpatientOptions(200));
        Setup.Fails(DtlsError.Timeout, () => client.Connect(Setup.Loopback(FreePorts.Udp()), Setup.Patience));
    }

    [TestMethod]
    public void Close_ends_a_handshake_at_once()
    {
        using Socket socket = Check.SilentSocket();
        using DtlsClient client = new DtlsClient(Setup.Options());
        Assert.IsFalse(client.Connect((IPEndPoint)socket.LocalEndPoint!, 0));
        Assert.IsTrue(client.Close(Setup.Patience));
        Assert.AreEqual(AssociationState.Closed, client.State);
        using EchoServer server = new EchoServer();
        Assert.IsTrue(client.Connect(server.EndPoint, Setup.Patience));
    }

    [TestMethod]
    public void Reset_ends_a_waiting_Connect()
    {
        using Socket socket = Check.SilentSocket();
        IPEndPoint silent = (IPEndPoint)socket.LocalEndPoint!;
        using DtlsClient client = new DtlsClient(Setup.Options());
        Running connect = Setup.Start(() => client.Connect(silent, -1));
        Setup.Until(() => connect.IsBlocked && client.State == AssociationState.Connecting, "a Connect that waits");
        client.Reset();
        Assert.IsTrue(connect.Join(Setup.Patience));
        Assert.IsInstanceOfType<DtlsException>(connect.Failure);
    }

    [TestMethod]
    [TestProperty("Error", nameof(DtlsError.Superseded))]
    public void After_Reset_the_same_client_connects_again_and_the_server_gives_up_the_old_session()
    {
        using EchoServer server = new EchoServer();
        using DtlsClient client = server.Connect();
        Setup.Until(() => server.Connected.Count == 1, "Connected");
        client.Reset();
        Assert.AreEqual(AssociationState.Idle, client.State);
        Setup.Fails(DtlsError.NotConnected, () => client.Receive(new byte[10], 0, 0));
        Assert.IsTrue(client.Connect(server.EndPoint, Setup.Patience));
        Check.Echo(client, "hello");
        Setup.Until(() => server.Disconnected.Count == 1, "Disconnected");
        Assert.AreEqual(DtlsError.Superseded, server.Disconnected.ToArray()[0]);
        Assert.AreEqual(2, server.Connected.Count);
        Setup.Until(() => server.Server.SessionCount == 1, "one session");
    }

    [TestMethod]
    public void A_client_connects_and_closes_many_times()
    {
        using EchoServer server = new EchoServer();
        DtlsClient client = new DtlsClient(Setup.Options());
        for (int i = 0; i < 10; i++)
        {
            Assert.IsTrue(client.Connect(server.EndPoint, Setup.Patience));
            Check.Echo(client, "round " + i);
            Assert.IsTrue(client.Close(Setup.Patience));
        }

        client.Dispose();
        Setup.Until(() => server.Disconnected.Count == 10, "10 ends");
        foreach (DtlsError reason in server.Disconnected)
        {
            Assert.AreEqual(DtlsError.SessionClosed, reason);
        }

        Check.Whole(client.Pool);
        Check.Whole(server.Server.Pool);
    }

    [TestMethod]
    public void A_bound_socket_that_was_passed_in_is_used_and_stays_open()
    {
        using EchoServer server = new EchoServer();
        using Socket socket = Check.SilentSocket();
        int port = ((IPEndPoint)socket.LocalEndPoint!).Port;
        using (DtlsClient client = new DtlsClient(Setup.Options(), socket))
        {
            Assert.AreEqual(port, client.LocalPort);
            Assert.IsTrue(client.Connect(server.EndPoint, Setup.Patience));
            Check.Echo(client, "hello");
        }

        // Another client can have it, and the application, too.
        using (DtlsClient client = new DtlsClient(Setup.Options(), socket))
        {
            Assert.IsTrue(client.Connect(server.EndPoint, Setup.Patience));
            Check.Echo(client, "hello again");
            Assert.IsTrue(client.Close(Setup.Patience));
        }

        byte[] buffer = new byte[10];
        socket.SendTo(new byte[3], socket.LocalEndPoint!);
        socket.ReceiveTimeout = Setup.Patience;
        Assert.AreEqual(3, socket.Receive(buffer));
    }

    [TestMethod]
    public void A_socket_of_both_kinds_of_IP_reaches_an_IPv4_server()
    {
        if (!Socket.OSSupportsIPv6)
        {
            Assert.Inconclusive("This machine has no IPv6.");
        }

        using EchoServer server = new EchoServer();
        using Socket socket = new Socket(AddressFamily.InterNetworkV6, SocketType.Dgram, ProtocolType.Udp);
        socket.DualMode = true;
        socket.Bind(new IPEndPoint(IPAddress.IPv6Any, 0));
        using DtlsClient client = new DtlsClient(Setup.Options(), socket);
        Assert.IsTrue(client.Connect(server.EndPoint, Setup.Patience));
        Check.Echo(client, "hello");
        client.Send(Setup.Bytes("x"), server.EndPoint);
    }

    [TestMethod]
    public void A_socket_of_IPv6_alone_says_at_once_that_it_cannot_send_to_an_IPv4_server()
    {
        if (!Socket.OSSupportsIPv6)
        {
            Assert.Inconclusive("This machine has no IPv6.");
        }

        using EchoServer server = new EchoServer();
        using Socket socket = new Socket(AddressFamily.InterNetworkV6, SocketType.Dgram, ProtocolType.Udp);
        socket.Bind(new IPEndPoint(IPAddress.IPv6Any, 0));
        using DtlsClient client = new DtlsClient(Setup.OptionsOfTries(2), socket);
        System.Collections.Concurrent.ConcurrentQueue<Exception> told = new();
        client.Error += (error, exception) => told.Enqueue(exception);
        DtlsException e = Setup.Fails(DtlsError.SocketError, () => client.Connect(server.EndPoint, Setup.Patience));
        Assert.IsInstanceOfType<SocketException>(e.InnerException);
        Setup.Until(() => !told.IsEmpty, "Error");
        DtlsException first = (DtlsException)told.Single();
        Assert.AreEqual(DtlsError.SocketError, first.Error);
        StringAssert.Contains(first.Message, server.EndPoint.Port.ToString());
        Assert.IsInstanceOfType<SocketException>(first.InnerException);
        Assert.IsTrue(client.Statistics.SendErrors > 1);
        Assert.AreEqual(0, client.Statistics.DatagramsSent);
        Assert.AreEqual(0L, client.Statistics.BytesSent);
    }

    [TestMethod]
    public void A_client_goes_from_IPv4_to_IPv6_and_back()
    {
        if (!Socket.OSSupportsIPv6)
        {
            Assert.Inconclusive("This machine has no IPv6.");
        }

        using EchoServer four = new EchoServer();
        using EchoServer six = new EchoServer(Setup.Options(), IPAddress.IPv6Loopback);
        using DtlsClient client = new DtlsClient(Setup.Options());
        foreach (EchoServer server in new[] { four, six, four })
        {
            Assert.IsTrue(client.Connect(server.EndPoint, Setup.Patience));
            Check.Echo(client, "hello");
            Assert.IsTrue(client.Close(Setup.Patience));
        }
    }

    [TestMethod]
    public void What_cannot_work_is_refused_in_words()
    {
        using Socket unbound = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        Assert.ThrowsExactly<ArgumentException>(() => new DtlsClient(Setup.Options(), unbound));
        Assert.ThrowsExactly<ArgumentNullException>(() => new DtlsClient(Setup.Options(), (Socket)null!));
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => new DtlsClient(Setup.Options(), 65536));
        Assert.ThrowsExactly<ArgumentException>(() => new DtlsClient(new DtlsOptions()));
        using DtlsClient client = new DtlsClient(Setup.Options());
        Assert.ThrowsExactly<ArgumentNullException>(() => client.Connect(null!, 0));
        Assert.ThrowsExactly<ArgumentException>(() => client.Connect(Setup.Loopback(0), 0));
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => client.Connect(Setup.Loopback(9), -2));
        using Socket four = Check.SilentSocket();
        using DtlsClient bound = new DtlsClient(Setup.Options(), four);
        Assert.ThrowsExactly<ArgumentException>(() => bound.Connect(new IPEndPoint(IPAddress.IPv6Loopback, 9), 0));
        int taken = ((IPEndPoint)four.LocalEndPoint!).Port;
        using DtlsClient late = new DtlsClient(Setup.Options(), taken);
        DtlsException e = Setup.Fails(DtlsError.SocketError, () => late.Connect(Setup.Loopback(9), 0));
        Assert.AreEqual(SocketError.AddressAlreadyInUse, (e.InnerException as SocketException)?.SocketErrorCode);
        StringAssert.Contains(e.Message, taken.ToString());
        StringAssert.Contains(e.Message, e.InnerException!.Message);
    }

    [TestMethod]
    public void A_server_that_greets_and_closes_at_once_is_a_connection_that_ended_and_no_failed_handshake()
    {
        using EchoServer server = new EchoServer();
        server.Server.Connected += session =>
        {
            session.Send(Setup.Bytes("busy, come back later"));
            session.Close();
        };
        using DtlsClient client = new DtlsClient(Setup.Options());
        Assert.IsFalse(client.Connect(server.EndPoint, 0));
        Setup.Until(() => client.State == AssociationState.Closed, "the close");
        Assert.IsTrue(client.Connect(server.EndPoint, 0), "the handshake had succeeded");
        Assert.AreEqual("busy, come back later", Check.Receive(client));
        Setup.Fails(DtlsError.SessionClosed, () => client.Receive(new byte[10], 0, -1));
    }

    [TestMethod]
    public void A_client_takes_the_port_that_it_was_given()
    {
        int port = FreePorts.Udp();
        using EchoServer server = new EchoServer();
        using DtlsClient client = new DtlsClient(Setup.Options(), port);
        Assert.IsTrue(client.Connect(server.EndPoint, Setup.Patience));
        Assert.AreEqual(port, client.LocalPort);
        Setup.Until(() => server.Connected.Count == 1, "Connected");
        Assert.AreEqual(port, server.Connected.ToArray()[0].RemoteEndPoint.Port);
    }
}
