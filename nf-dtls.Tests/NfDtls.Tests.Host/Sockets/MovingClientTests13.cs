using System;
using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using Microsoft.VisualStudio.TestTools.UnitTesting;
using NfDtls.Dtls13;
using NfDtls.Dtls13.Server;
using NfDtls.Extensions;
using NfDtls.Sockets;

namespace NfDtls.Tests.Host;

/// <summary>Clients of DTLS 1.3 that go on from another port, over sockets.</summary>
[TestClass]
public class MovingClientTests13
{
    [TestMethod]
    [DataRow(false, 0)]
    [DataRow(false, 3)]
    [DataRow(true, 0)]
    [DataRow(true, 3)]
    public void A_client_moves_to_other_ports_and_the_server_tells_of_it(bool isChecked, int spares)
    {
        using EchoServer server = new(Options(true, 8, isChecked, 0));
        ConcurrentQueue<(IPEndPoint From, IPEndPoint To)> moves = new();
        server.Server.PeerMoved += (session, from, to) => moves.Enqueue((from, to));
        using DtlsClient client = server.Connect(Options(false, 4, isChecked, spares));
        Assert.AreEqual(0xFEFC, client.Version);
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
            Assert.AreEqual(before, moves.ToArray()[i].From.Port);
            Assert.AreEqual(client.LocalPort, moves.ToArray()[i].To.Port);
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
    public void Without_a_connection_id_of_the_servers_a_client_does_not_move()
    {
        using EchoServer server = new(Options(true, 0, false, 0));
        using DtlsClient client = server.Connect(Options(false, 8, false, 0));
        int port = client.LocalPort;
        Assert.ThrowsExactly<InvalidOperationException>(() => client.Move(0));
        Assert.AreEqual(port, client.LocalPort);
        Check.Echo(client, "e");
    }

    [TestMethod]
    public void A_client_that_moved_is_closed_connects_again_and_is_disposed_as_any_other()
    {
        using EchoServer server = new(Options(true, 8, true, 0));
        using DtlsClient client = server.Connect(Options(false, 8, true, 2));
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
    public void Copies_of_records_from_elsewhere_move_nothing()
    {
        using EchoServer server = new(Options(true, 8, true, 0));
        ConcurrentQueue<DtlsSession> failed = new();
        server.Server.PathFailed += failed.Enqueue;
        using Socket relay = Bound();
        using Socket thief = Bound();
        using DtlsClient client = server.Connect(Options(false, 8, true, 0));
        Check.Echo(client, "g");
        client.Move((IPEndPoint)relay.LocalEndPoint!);
        client.Send(Setup.Bytes("h"));
        byte[] record = new byte[2000];
        relay.ReceiveTimeout = Setup.Patience;
        int length = relay.Receive(record);
        client.Move(server.EndPoint);
        thief.SendTo(record.AsSpan(0, length), server.EndPoint);
        Setup.Until(() => failed.Count == 1, "the check fails");
        Assert.AreEqual(0, server.Server.Statistics.PeersMoved);
        Assert.IsTrue(server.Connected.TryPeek(out DtlsSession? session));
        Assert.AreEqual(client.LocalPort, session.RemoteEndPoint.Port);
    }

    private static Socket Bound()
    {
        Socket socket = new(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        socket.Bind(Setup.Loopback(0));
        return socket;
    }

    /// <summary>A path that answers is never given up for being slow.</summary>
    private static DtlsOptions Options(bool isServer, int length, bool isChecked, int spares)
    {
        DtlsOptions options = Setup.Options();
        options.Suites = Suites13.Constrained();
        options.Versions = new VersionTable().Add(isServer ? new ServerVersion13([], true) : new Version13([], true));
        ConnectionIdFeature ids = new(length) { Spares = spares };
        options.Features = isChecked ? [ids, new ReturnRoutability { Timeout = 30_000 }] : [ids];
        return options;
    }
}
