using System.Net;
using System.Net.Sockets;
using Microsoft.VisualStudio.TestTools.UnitTesting;
using NfDtls.Sockets;

namespace NfDtls.Tests.Host;

/// <summary>A server on every address of a machine that has several.</summary>
[TestClass]
public class AddressTests
{
    [TestMethod]
    public void A_server_on_every_address_answers_from_the_one_that_was_asked()
    {
        using DtlsServer server = Echoing(IPAddress.Any);
        foreach (string address in new[] { "127.0.0.2", "127.0.0.1", "127.0.0.3", "127.0.0.2" })
        {
            using DtlsClient client = Connect(server, address);
            Check.Echo(client, "hello " + address);
            Assert.IsNotNull(server.Find(Setup.Loopback(client.LocalPort)));
            Assert.IsTrue(client.Close(Setup.Patience));
        }

        Setup.Until(() => server.SessionCount == 0, "an empty table");
        Check.Whole(server.Pool);
    }

    [TestMethod]
    public void One_socket_of_a_client_has_a_session_for_each_address_that_it_asks()
    {
        using DtlsServer server = Echoing(IPAddress.Any);
        using Socket socket = Check.SilentSocket();
        using DtlsClient first = new DtlsClient(Setup.Options(), socket);
        Assert.IsTrue(first.Connect(new IPEndPoint(IPAddress.Parse("127.0.0.2"), server.LocalPort), Setup.Patience));
        Check.Echo(first, "first");
        first.Reset();
        using DtlsClient second = new DtlsClient(Setup.Options(), socket);
        Assert.IsTrue(second.Connect(new IPEndPoint(IPAddress.Parse("127.0.0.3"), server.LocalPort), Setup.Patience));
        Check.Echo(second, "second");
        Assert.AreEqual(2, server.SessionCount);
    }

    [TestMethod]
    public void More_addresses_than_it_tells_apart_harm_nobody_else()
    {
        using DtlsServer server = Echoing(IPAddress.Any);
        using DtlsClient first = Connect(server, "127.0.0.2");
        using Socket stranger = Check.SilentSocket();
        for (int i = 1; i <= 150; i++)
        {
            stranger.SendTo(new byte[1], new IPEndPoint(IPAddress.Parse("127.0.1." + i), server.LocalPort));
            Setup.Until(() => server.Statistics.Dropped(DropReason.Malformed) >= i, "datagram " + i);
        }

        Check.Echo(first, "still here");
        using DtlsClient second = Connect(server, "127.0.0.2");
        Check.Echo(second, "hello");
        using DtlsClient third = Connect(server, "127.0.1.100");
        Check.Echo(third, "hello");
    }

    [TestMethod]
    public void The_port_is_free_again_after_Stop_and_nobody_else_has_it_before()
    {
        using DtlsServer server = Echoing(IPAddress.Any);
        int port = server.LocalPort;
        using DtlsClient client = Connect(server, "127.0.0.2");
        foreach (string address in new[] { "0.0.0.0", "127.0.0.2", "127.0.0.3" })
        {
            using Socket thief = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
            thief.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.ReuseAddress, true);
            Assert.ThrowsExactly<SocketException>(() => thief.Bind(new IPEndPoint(IPAddress.Parse(address), port)), address);
        }

        server.Stop();
        server.Start(port);
        Assert.IsTrue(client.Connect(new IPEndPoint(IPAddress.Parse("127.0.0.2"), port), Setup.Patience));
        Check.Echo(client, "again");
    }

    [TestMethod]
    public void A_server_on_every_IPv6_address_answers()
    {
        if (!Socket.OSSupportsIPv6)
        {
            Assert.Inconclusive("This machine has no IPv6.");
        }

        using DtlsServer server = Echoing(IPAddress.IPv6Any);
        using DtlsClient client = Connect(server, "::1");
        Check.Echo(client, "hello");
        Check.Echo(client, new string('x', client.MaxPayload));
    }

    private static DtlsServer Echoing(IPAddress address)
    {
        DtlsServer server = new DtlsServer(Setup.Options());
        server.DataReceived += session =>
        {
            byte[] buffer = new byte[DtlsOptions.MaxMtu];
            int count = session.Receive(buffer, 0, 0);
            session.Send(buffer, 0, count);
        };
        server.Start(new IPEndPoint(address, FreePorts.Udp()));
        return server;
    }

    private static DtlsClient Connect(DtlsServer server, string address)
    {
        DtlsClient client = new DtlsClient(Setup.Options());
        Assert.IsTrue(client.Connect(new IPEndPoint(IPAddress.Parse(address), server.LocalPort), Setup.Patience), address);
        return client;
    }
}
