using System;
using System.Collections.Concurrent;
using System.Linq;
using Microsoft.VisualStudio.TestTools.UnitTesting;
using NfDtls.Sockets;

namespace NfDtls.Tests.Services.Model;

/// <summary>A client and a server over ports of the application's own in the sockets' place.</summary>
[TestClass]
public class PortTests
{
    private readonly MemoryNetwork _network = new MemoryNetwork(1, 0);

    [TestMethod]
    public void A_port_carries_a_connection_and_another_one_after_the_server_was_stopped()
    {
        MemoryPort port = _network.Bind(5684);
        using DtlsServer server = Echoing();
        using DtlsClient client = new DtlsClient(Setup.HostOptions(), _network.Bind(40_000));
        for (int i = 0; i < 3; i++)
        {
            server.Start(port);
            Assert.AreEqual(5684, server.LocalPort);
            Assert.AreEqual(40_000, client.LocalPort);
            Connect(client);
            Echo(client, 100 + i);
            DtlsSession? session = server.Find(MemoryNetwork.AddressOf(40_000));
            Assert.AreEqual(MemoryNetwork.AddressOf(40_000), session?.RemoteEndPoint);
            server.Stop();
            DtlsException e = Setup.Fails(DtlsError.SessionClosed, () => client.Receive(new byte[10], 0, Setup.Patience));
            Assert.AreEqual(Alert.CloseNotify, e.AlertReceived);
        }
    }

    [TestMethod]
    public void What_a_port_throws_is_told_once_until_it_works_again()
    {
        using DtlsServer server = Echoing();
        server.Start(_network.Bind(5684));
        OddPort port = new OddPort(_network.Bind(40_000));
        using DtlsClient client = new DtlsClient(Setup.HostOptions(), port);
        ConcurrentQueue<(DtlsError, Exception)> told = new();
        client.Error += (error, exception) => told.Enqueue((error, exception));
        Connect(client);
        for (int i = 1; i <= 2; i++)
        {
            Exception fault = new NotSupportedException("The modem is gone.");
            port.Break(fault);
            Setup.Until(() => port.Thrown >= 5, "several tries");
            port.Break(null);
            Echo(client, 10);
            Assert.AreEqual(i, told.Count);
            Assert.AreEqual((DtlsError.SocketError, fault), told.Last());
        }
    }

    [TestMethod]
    public void A_port_that_cannot_be_woken_is_left_all_the_same()
    {
        DtlsServer server = Echoing();
        server.Start(new OddPort(_network.Bind(5684)));
        DtlsClient client = new DtlsClient(Setup.HostOptions(), new OddPort(_network.Bind(40_000)));
        Connect(client);
        Echo(client, 10);
        client.Dispose();
        server.Dispose();
        Assert.AreEqual(2, _network.Threads.Length);
        Assert.IsTrue(_network.Threads.All(thread => thread.Join(Setup.Patience)), "A thread is left.");
        Assert.AreEqual(0, server.SessionCount);
        Setup.Whole(server.Pool);
        Setup.Whole(client.Pool);
    }

    [TestMethod]
    public void A_datagram_longer_than_the_options_allow_is_dropped()
    {
        using DtlsServer server = Echoing();
        server.Start(_network.Bind(5684));
        MemoryPort stranger = _network.Bind(9);
        byte[] address = [4, 5684 >> 8, 5684 & 255, 10, 0, 0, 1];
        stranger.Send(new byte[DtlsOptions.MaxMtu], 0, DtlsOptions.MaxMtu, address);
        Setup.Until(() => server.Statistics.Dropped(DropReason.Truncated) == 1, "the count");
        using DtlsClient client = new DtlsClient(Setup.HostOptions(), _network.Bind(40_000));
        Connect(client);
        Echo(client, 1000);
    }

    [TestMethod]
    public void No_port_is_no_argument()
    {
        Assert.ThrowsExactly<ArgumentNullException>(() => new DtlsClient(Setup.HostOptions(), (DatagramPort)null!));
        using DtlsServer server = Echoing();
        Assert.ThrowsExactly<ArgumentNullException>(() => server.Start((DatagramPort)null!));
        server.Start(_network.Bind(5684));
        Setup.Fails(DtlsError.AlreadyStarted, () => server.Start(_network.Bind(5685)));
        server.Dispose();
        Assert.ThrowsExactly<ObjectDisposedException>(() => server.Start(_network.Bind(5685)));
    }

    private static DtlsServer Echoing()
    {
        DtlsServer server = new DtlsServer(Setup.HostOptions());
        server.DataReceived += session =>
        {
            byte[] buffer = new byte[DtlsOptions.MaxMtu];
            int count = session.Receive(buffer, 0, 0);
            session.Send(buffer, 0, count);
        };
        return server;
    }

    private static void Connect(DtlsClient client)
    {
        Assert.IsTrue(client.Connect(Stage.Address, Setup.Patience));
    }

    private static void Echo(DtlsClient client, int length)
    {
        client.Send(new byte[length]);
        Assert.AreEqual(length, client.Receive(new byte[DtlsOptions.MaxMtu], 0, Setup.Patience));
    }
}
