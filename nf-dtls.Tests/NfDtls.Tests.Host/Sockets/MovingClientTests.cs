using System;
using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Threading;
using Microsoft.VisualStudio.TestTools.UnitTesting;
using NfDtls.Extensions;
using NfDtls.Sockets;

namespace NfDtls.Tests.Host;

/// <summary>Clients that go on from another port, over sockets.</summary>
[TestClass]
public class MovingClientTests
{
    [TestMethod]
    [TestProperty("Event", "DtlsServer.PeerMoved")]
    [DataRow(false)]
    [DataRow(true)]
    public void A_client_moves_to_other_ports_and_the_server_tells_of_it(bool isChecked)
    {
        using EchoServer server = new EchoServer(Options(8, isChecked));
        ConcurrentQueue<(IPEndPoint From, IPEndPoint To)> moves = new();
        server.Server.PeerMoved += (session, from, to) => moves.Enqueue((from, to));
        using DtlsClient client = server.Connect(Options(4, isChecked));
        Check.Echo(client, "a");
        server.OnRecord = (session, record) =>
        {
            if (record[0] != '?')
            {
                session.Send(record);
            }
        };
        for (int i = 0; i < 4; i++)
        {
            int before = client.LocalPort;
            client.Move(0);
            Assert.AreNotEqual(before, client.LocalPort);
            client.Send(Setup.Bytes("?"));
            Setup.Until(() => moves.Count == i + 1, "the server follows");
            Assert.IsTrue(moves.ToArray()[i].From.Port == before && moves.ToArray()[i].To.Port == client.LocalPort);
            Assert.IsTrue(server.Connected.TryPeek(out DtlsSession? session));
            Assert.AreEqual(client.LocalPort, session.RemoteEndPoint.Port);
            Assert.AreEqual(session, server.Server.Find(session.RemoteEndPoint));
            Check.Echo(client, "from " + i);
        }

        Assert.AreEqual(0, server.Server.Statistics.PathsFailed);
        Assert.HasCount(1, server.Connected);
        Assert.AreEqual(1, server.Server.Statistics.HandshakesCompleted);
        Assert.IsTrue(client.Close(Setup.Patience));
        Check.Whole(client.Pool);
    }

    [TestMethod]
    public void A_client_moves_to_a_port_of_its_choice_and_to_another_socket_of_the_applications()
    {
        using EchoServer server = new EchoServer(Options(8, false));
        int free = FreePorts.Udp();
        using DtlsClient client = server.Connect(Options(0, false));
        client.Move(free);
        Assert.AreEqual(free, client.LocalPort);
        Check.Echo(client, "b");
        using Socket first = Bound();
        Assert.ThrowsExactly<InvalidOperationException>(() => client.Move(first));
        using DtlsClient over = new DtlsClient(Options(0, false), first);
        Assert.IsTrue(over.Connect(server.EndPoint, Setup.Patience));
        using Socket second = Bound();
        over.Move(second);
        Check.Echo(over, "c");
        Assert.AreEqual(((IPEndPoint)second.LocalEndPoint!).Port, over.LocalPort);
        Assert.ThrowsExactly<InvalidOperationException>(() => over.Move(0));
        using Socket unbound = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        Assert.ThrowsExactly<ArgumentException>(() => over.Move(unbound));
        Check.Echo(over, "d");

        // Both sockets are still the application's.
        over.Dispose();
        first.SendTo(new byte[1], server.EndPoint);
        second.SendTo(new byte[1], server.EndPoint);
    }

    [TestMethod]
    public void Without_a_connection_id_of_the_servers_a_client_does_not_move()
    {
        foreach (DtlsOptions options in new[] { Setup.Options(), Options(0, false) })
        {
            using EchoServer server = new EchoServer(options);
            using DtlsClient client = server.Connect(Options(8, false));
            int port = client.LocalPort;
            Assert.ThrowsExactly<InvalidOperationException>(() => client.Move(0));
            Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => client.Move(65536));
            Assert.AreEqual(port, client.LocalPort);
            Check.Echo(client, "e");
        }
    }

    [TestMethod]
    public void A_client_that_moved_connects_again_and_is_disposed_as_any_other()
    {
        using EchoServer server = new EchoServer(Options(8, true));
        using DtlsClient client = server.Connect(Options(8, true));
        client.Move(0);

        // The server answers where the client was, and that is still heard.
        Assert.IsTrue(client.Close(Setup.Patience));
        Assert.IsTrue(client.Connect(server.EndPoint, Setup.Patience));
        Check.Echo(client, "f");
        client.Move(0);
        client.Move(0);
        Setup.InTime("Dispose", client.Dispose);
        Assert.ThrowsExactly<ObjectDisposedException>(() => client.Move(0));
        Check.Whole(client.Pool);
    }

    [TestMethod]
    public void A_client_that_closes_hears_its_old_port_until_the_answer_however_late_that_is()
    {
        using EchoServer server = new EchoServer(Options(8, true));
        using ManualResetEventSlim inside = new ManualResetEventSlim();
        using ManualResetEventSlim mayEnd = new ManualResetEventSlim();
        server.OnRecord = (_, _) =>
        {
            inside.Set();
            mayEnd.Wait(Setup.Patience);
        };
        using DtlsClient client = server.Connect(Options(8, true));
        client.Send(Setup.Bytes("j"));
        Assert.IsTrue(inside.Wait(Setup.Patience));
        client.Move(0);
        bool isAnswered = false;
        Running close = Setup.Start(() => isAnswered = client.Close(Setup.Patience));
        Setup.Until(() => client.State == AssociationState.Closing, "a client that closes");
        client.LeftTime = 0;

        // With each of them its thread looks at which ports to hear.
        using Socket stranger = Bound();
        for (int i = 1; i <= 4; i++)
        {
            stranger.SendTo(new byte[1], Setup.Loopback(client.LocalPort));
            Setup.Until(() => client.Statistics.Dropped(DropReason.NoSession) == i, "a stranger's datagram");
        }

        mayEnd.Set();
        Setup.Await("Close", close);
        Assert.IsTrue(isAnswered);
    }

    [TestMethod]
    [TestProperty("Event", "DtlsServer.PathFailed")]
    public void Copies_of_records_from_elsewhere_are_told_and_move_nothing()
    {
        using EchoServer server = new EchoServer(Options(8, true, 300));
        ConcurrentQueue<DtlsSession> failed = new();
        server.Server.PathFailed += failed.Enqueue;
        using Socket relay = Bound();
        relay.ReceiveTimeout = Setup.Patience;
        using Socket thief = Bound();
        using DtlsClient client = server.Connect(Options(8, true));
        Check.Echo(client, "g");
        client.Move((IPEndPoint)relay.LocalEndPoint!);
        client.Send(Setup.Bytes("h"));
        byte[] record = new byte[2000];
        int length = relay.Receive(record);
        client.Move(server.EndPoint);
        thief.SendTo(record.AsSpan(0, length), server.EndPoint);
        Setup.Until(() => failed.Count == 1, "the check fails");
        Assert.AreEqual(0, server.Server.Statistics.PeersMoved);
        Assert.IsTrue(server.Connected.TryPeek(out DtlsSession? session));
        Assert.AreEqual(client.LocalPort, session.RemoteEndPoint.Port);
        Assert.AreEqual("h", Check.Receive(client), "the copy came first, and is answered where the client is");
        Check.Echo(client, "i");
    }

    private static Socket Bound()
    {
        Socket socket = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        socket.Bind(Setup.Loopback(0));
        return socket;
    }

    /// <param name="length">Bytes of this end's connection ID.</param>
    /// <param name="isChecked">Whether a new path is checked.</param>
    /// <param name="timeout">Milliseconds of a check; a short one is for what fails in any case.</param>
    private static DtlsOptions Options(int length, bool isChecked, int timeout = Setup.Patience)
    {
        DtlsOptions options = Setup.Options();
        options.Features = isChecked ? new Feature[] { new ConnectionIdFeature(length), new ReturnRoutability { Timeout = timeout } } : new Feature[] { new ConnectionIdFeature(length) };
        return options;
    }
}
