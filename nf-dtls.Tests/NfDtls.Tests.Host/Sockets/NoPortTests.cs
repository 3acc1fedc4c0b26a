using System;
using System.IO;
using System.Net;
using System.Net.Sockets;
using Microsoft.VisualStudio.TestTools.UnitTesting;
using NfDtls.Sockets;

namespace NfDtls.Tests.Host;

/// <summary>Datagrams from port 0, which nobody can be answered at.</summary>
[TestClass]
public class NoPortTests
{
    public enum Way
    {
        Usual,
        DotNet,
        DotNetOnEveryAddress,
    }

    [TestMethod]
    [DataRow(Way.Usual)]
    [DataRow(Way.DotNet)]
    [DataRow(Way.DotNetOnEveryAddress)]
    public void A_hello_from_port_0_is_dropped_and_counted_and_nothing_is_sent_there(Way way)
    {
        byte[] hello = Hello();
        using Socket socket = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        using DtlsServer server = new DtlsServer(Setup.Options());
        IPEndPoint local = new IPEndPoint(way == Way.DotNetOnEveryAddress ? IPAddress.Any : IPAddress.Loopback, FreePorts.Udp());
        if (way == Way.Usual)
        {
            server.Start(local);
        }
        else
        {
            server.Start(DotNetListener.Bind(socket, local));
        }

        NoPort.Send(hello, local.Port);
        NoPort.Send(hello, local.Port);
        AssertAnswered(hello, local.Port);
        Assert.AreEqual(2, server.Statistics.Dropped(DropReason.Malformed));
        Assert.AreEqual(1, server.Statistics.CookiesSent);
        Assert.AreEqual(0, server.Statistics.SendErrors);
        server.Stop();
    }

    [TestMethod]
    [DataRow(0, 1)]
    [DataRow(5684, 60)]
    public void A_batch_leaves_a_byte_of_no_record_of_what_came_from_port_0(int port, int left)
    {
        if (!LinuxCalls.AreThere)
        {
            Assert.Inconclusive("This is not Linux of 64 bits.");
        }

        // A socket of files says no address of who has none, and so leaves the one that stands in the place.
        string name = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName());
        using Socket receiver = new Socket(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified);
        using Socket sender = new Socket(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified);
        try
        {
            receiver.Bind(new UnixDomainSocketEndPoint(name));
            sender.Connect(new UnixDomainSocketEndPoint(name));
            byte[] address = new byte[UdpAddress.MaxLength];
            int length = UdpAddress.Write(new IPEndPoint(IPAddress.Loopback, port), address);
            LinuxBatch batch = new LinuxBatch(1, 50, false);
            batch.Add([], address.AsSpan(0, length), default);
            batch.Clear();
            byte[] datagram = new byte[60];
            datagram.AsSpan().Fill(22);
            sender.Send(datagram);
            Assert.AreEqual(1, batch.Receive(receiver.SafeHandle, true));
            Assert.AreEqual(Math.Min(left, 50), batch.LengthOf(0));
            Assert.AreEqual(left > 50, batch.IsTruncated(0), "Whether it was cut.");
            Assert.AreEqual(port == 0 ? 0 : 22, batch.Buffer[0]);
        }
        finally
        {
            File.Delete(name);
        }
    }

    // Behind the two of port 0, and so they have been looked at.
    private static void AssertAnswered(byte[] hello, int port)
    {
        using Socket client = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp) { ReceiveTimeout = Setup.Patience };
        client.Connect(IPAddress.Loopback, port);
        client.Send(hello);
        Assert.IsTrue(client.Receive(new byte[DtlsOptions.MaxMtu]) > 0);
    }

    private static byte[] Hello()
    {
        DtlsClientEngine engine = new DtlsClientEngine(Setup.Options());
        engine.Connect(0);
        Packet packet = engine.PollDatagram(0)!;
        byte[] hello = packet.Buffer.AsSpan(packet.Offset, packet.Length).ToArray();
        packet.Return();
        return hello;
    }
}
