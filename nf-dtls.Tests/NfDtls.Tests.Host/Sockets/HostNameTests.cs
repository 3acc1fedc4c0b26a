using System;
using System.Net;
using System.Net.Sockets;
using Microsoft.VisualStudio.TestTools.UnitTesting;
using NfDtls.Sockets;

namespace NfDtls.Tests.Host;

/// <summary>Connecting to a host by its name.</summary>
[TestClass]
public class HostNameTests
{
    [TestMethod]
    [DataRow("localhost")]
    [DataRow("127.0.0.1")]
    public void A_client_connects_to_a_name_or_an_address_in_text(string host)
    {
        using EchoServer server = new EchoServer();
        using DtlsClient client = new DtlsClient(Setup.Options());
        for (int i = 0; i < 2; i++)
        {
            Assert.IsTrue(client.Connect(host, server.EndPoint.Port, Setup.Patience));
            Assert.AreEqual(server.EndPoint, client.RemoteEndPoint);
            Check.Echo(client, "hello");
            Assert.IsTrue(client.Close(Setup.Patience));
        }
    }

    [TestMethod]
    public void Calls_without_waiting_carry_on_with_the_same_handshake()
    {
        using EchoServer server = new EchoServer();
        using DtlsClient client = new DtlsClient(Setup.Options());
        client.Connect("localhost", server.EndPoint.Port, 0);
        Setup.Until(() => client.Connect("localhost", server.EndPoint.Port, 0), "a connection");
        Assert.AreEqual(1, client.Statistics.HandshakesCompleted);
        Check.Echo(client, "hello");
        Setup.Fails(DtlsError.AlreadyConnected, () => client.Connect("localhost", server.EndPoint.Port ^ 1, 0));
    }

    [TestMethod]
    public void A_socket_of_the_applications_decides_which_kind_of_IP_is_taken()
    {
        if (!Socket.OSSupportsIPv6)
        {
            Assert.Inconclusive("This machine has no IPv6.");
        }

        using EchoServer server = new EchoServer(Setup.Options(), IPAddress.IPv6Loopback);
        using Socket six = new Socket(AddressFamily.InterNetworkV6, SocketType.Dgram, ProtocolType.Udp);
        six.Bind(new IPEndPoint(IPAddress.IPv6Any, 0));
        using DtlsClient client = new DtlsClient(Setup.Options(), six);
        Assert.IsTrue(client.Connect("::1", server.EndPoint.Port, Setup.Patience));
        using Socket four = Check.SilentSocket();
        using DtlsClient other = new DtlsClient(Setup.Options(), four);
        DtlsException e = Setup.Fails(DtlsError.SocketError, () => other.Connect("::1", server.EndPoint.Port, Setup.Patience));
        Assert.AreEqual("::1 has no address of IPv4.", e.Message);
    }

    [TestMethod]
    public void What_has_no_address_is_said_in_words()
    {
        using DtlsClient client = new DtlsClient(Setup.Options());
        foreach (string host in new[] { new string('x', 300), new string('y', 70) + ".invalid" })
        {
            DtlsException e = Setup.Fails(DtlsError.SocketError, () => client.Connect(host, 5684, Setup.Patience));
            StringAssert.StartsWith(e.Message, "The address of " + host + " is not known: ");
            Assert.IsNotNull(e.InnerException);
            Assert.AreEqual(AssociationState.Idle, client.State);
        }

        Assert.ThrowsExactly<ArgumentNullException>(() => client.Connect(null!, 5684, 0));
        Assert.ThrowsExactly<ArgumentException>(() => client.Connect("", 5684, 0));
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => client.Connect("localhost", 0, 0));
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => client.Connect("localhost", 5684, -2));
        client.Dispose();
        Assert.ThrowsExactly<ObjectDisposedException>(() => client.Connect("localhost", 5684, 0));
    }
}
