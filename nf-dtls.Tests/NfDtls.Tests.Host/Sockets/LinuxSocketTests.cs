using System;
using System.Linq;
using System.Net;
using System.Net.Sockets;
using System.Threading;
using Microsoft.VisualStudio.TestTools.UnitTesting;
using NfDtls.Sockets;

namespace NfDtls.Tests.Host;

/// <summary>Datagrams by Linux's own calls: several at once, nothing allocated, and one by one where a sandbox denies that.</summary>
[TestClass]
public class LinuxSocketTests
{
    private const int Places = 16;

    [TestInitialize]
    public void OnLinuxAlone()
    {
        if (!LinuxCalls.AreThere)
        {
            Assert.Inconclusive("This is not Linux of 64 bits.");
        }
    }

    [TestMethod]
    public void A_record_allocates_nothing_at_a_client_or_a_server_sockets_included()
    {
        const int Rounds = 2000;
        byte[] served = new byte[DtlsOptions.MaxMtu];
        long allocatedByServer = 0;
        using DtlsServer server = new DtlsServer(Setup.SoftwareOptions());
        server.DataReceived += session =>
        {
            session.Send(served, 0, session.Receive(served, 0, 0));
            Volatile.Write(ref allocatedByServer, GC.GetAllocatedBytesForCurrentThread());
        };
        server.Start(Setup.Loopback(FreePorts.Udp()));
        using DtlsClient client = new DtlsClient(Setup.SoftwareOptions());
        Assert.IsTrue(client.Connect(Setup.Loopback(server.LocalPort), Setup.Patience));
        byte[] data = new byte[64];
        byte[] received = new byte[DtlsOptions.MaxMtu];
        Echo(Rounds / 10);
        long ofServer = Volatile.Read(ref allocatedByServer);
        long ofClient = GC.GetAllocatedBytesForCurrentThread();
        Echo(Rounds);
        ofClient = GC.GetAllocatedBytesForCurrentThread() - ofClient;
        ofServer = Volatile.Read(ref allocatedByServer) - ofServer;

        // The runtime may allocate something of its own once; less than a byte a record is nothing.
        Assert.IsTrue(ofClient < Rounds && ofServer < Rounds, $"Client {ofClient} bytes, server {ofServer} in {Rounds} rounds.");

        void Echo(int rounds)
        {
            for (int i = 0; i < rounds; i++)
            {
                client.Send(data, 0, data.Length);
                Assert.IsTrue(client.Receive(received, 0, Setup.Patience) == data.Length);
            }
        }
    }

    [TestMethod]
    [DataRow("127.0.0.1", false)]
    [DataRow("127.0.0.1", true)]
    [DataRow("::1", false)]
    [DataRow("::1", true)]
    public void Datagrams_keep_their_bytes_order_and_sender_also_where_several_at_once_are_denied(string address, bool isDenied)
    {
        IPAddress host = IPAddress.Parse(address);
        if (host.AddressFamily == AddressFamily.InterNetworkV6 && !Socket.OSSupportsIPv6)
        {
            Assert.Inconclusive("This machine has no IPv6.");
        }

        using Socket receiver = Bound(host);
        using Socket sender = Bound(host);
        byte[] to = new byte[UdpAddress.MaxLength];
        byte[] from = new byte[UdpAddress.MaxLength];
        int toLength = UdpAddress.Write((IPEndPoint)receiver.LocalEndPoint!, to);
        int fromLength = UdpAddress.Write((IPEndPoint)sender.LocalEndPoint!, from);
        LinuxBatch batch = new LinuxBatch(Places, 100, false);
        LinuxBatch received = new LinuxBatch(Places, 50, false);
        (bool, bool) was = (LinuxCalls.IsReceivingDenied, LinuxCalls.IsSendingDenied);
        try
        {
            LinuxCalls.IsReceivingDenied = isDenied;
            LinuxCalls.IsSendingDenied = isDenied;
            for (int i = 0; i < Places; i++)
            {
                batch.Add(Enumerable.Repeat((byte)i, 10 + (i * 5)).ToArray(), to.AsSpan(0, toLength), default);
            }

            int most = 0;
            for (int sent = 0; sent < Places;)
            {
                int now = batch.Send(sender.SafeHandle, sent);
                Assert.IsTrue(now > 0);
                most = Math.Max(most, now);
                sent += now;
            }

            // A sandbox around the tests may deny it, too.
            Assert.AreEqual(LinuxCalls.IsSendingDenied ? 1 : Places, most, "Datagrams of one call.");
            most = 0;
            for (int next = 0; next < Places;)
            {
                int count = received.Receive(receiver.SafeHandle, true);
                Assert.IsTrue(count > 0);
                most = Math.Max(most, count);
                for (int i = 0; i < count; i++, next++)
                {
                    int length = Math.Min(50, 10 + (next * 5));
                    Assert.AreEqual(length, received.LengthOf(i));
                    Assert.AreEqual(10 + (next * 5) > 50, received.IsTruncated(i), "Whether it was cut.");
                    Assert.IsTrue(received.Buffer.AsSpan(received.OffsetOf(i), length).SequenceEqual(Enumerable.Repeat((byte)next, length).ToArray()));
                    byte[] said = new byte[UdpAddress.MaxLength];
                    Assert.AreEqual(fromLength, received.WriteAddress(i, said));
                    CollectionAssert.AreEqual(from, said);
                }
            }

            Assert.AreEqual(LinuxCalls.IsReceivingDenied, most == 1, "Several come by one call, unless that is denied.");
            Assert.IsTrue(LinuxCalls.IsNothing(received.Receive(receiver.SafeHandle, false)), "Nothing is left.");
        }
        finally
        {
            (LinuxCalls.IsReceivingDenied, LinuxCalls.IsSendingDenied) = was;
        }
    }

    [TestMethod]
    [DataRow("127.0.0.1", false)]
    [DataRow("127.0.0.1", true)]
    [DataRow("::1", false)]
    public void Datagrams_alike_leave_as_one_and_come_each_by_itself_also_where_the_system_refuses_to_cut_them(string address, bool isRefused)
    {
        const int SocketLevel = 1;
        const int NoChecksums = 11;
        IPAddress host = IPAddress.Parse(address);
        if (host.AddressFamily == AddressFamily.InterNetworkV6 && !Socket.OSSupportsIPv6)
        {
            Assert.Inconclusive("This machine has no IPv6.");
        }

        using Socket one = Bound(host);
        using Socket other = Bound(host);
        using Socket sender = Bound(host);
        if (isRefused)
        {
            // The system cuts nothing that is to have no checksum.
            sender.SetRawSocketOption(SocketLevel, NoChecksums, BitConverter.GetBytes(1));
        }

        (Socket To, int Length)[] datagrams =
        [
            .. Enumerable.Repeat((one, 40), 5), (one, 7), (other, 7), (other, 7), (one, 50), (one, 51), (other, 51), (one, 51), (one, 51),
        ];
        LinuxBatch batch = new LinuxBatch(Places, 100, false);
        for (int i = 0; i < datagrams.Length; i++)
        {
            byte[] to = new byte[UdpAddress.MaxLength];
            int length = UdpAddress.Write((IPEndPoint)datagrams[i].To.LocalEndPoint!, to);
            batch.Add(Enumerable.Repeat((byte)i, datagrams[i].Length).ToArray(), to.AsSpan(0, length), default);
        }

        int first = 0;
        for (int sent = 0; sent < datagrams.Length;)
        {
            int now = batch.Send(sender.SafeHandle, sent);
            Assert.IsTrue(now > 0, $"Error {-now} behind {sent} datagrams.");
            first = first == 0 ? now : first;
            sent += now;
        }

        if (LinuxCalls.HasSegments(sender.SafeHandle) && !isRefused)
        {
            Assert.AreEqual(6, first, "Five of one length, and the next, which is shorter.");
        }

        byte[] received = new byte[100];
        for (int i = 0; i < datagrams.Length; i++)
        {
            Assert.AreEqual(datagrams[i].Length, datagrams[i].To.Receive(received));
            Assert.IsTrue(received.Take(datagrams[i].Length).All(value => value == i), $"Datagram {i}.");
        }

        Assert.AreEqual(0, one.Available + other.Available, "Nothing is left.");
    }

    [TestMethod]
    public void A_burst_behind_single_datagrams_is_soon_received_by_few_calls()
    {
        const int Burst = 64;
        using Socket receiver = Bound(IPAddress.Loopback);
        using Socket sender = Bound(IPAddress.Loopback);
        sender.Connect(receiver.LocalEndPoint!);
        LinuxBatch batch = new LinuxBatch(Burst, 100, false);
        for (int i = 0; i < 100; i++)
        {
            Assert.IsTrue(Calls(1) == 1);
        }

        Assert.IsTrue(Calls(Burst) <= 24);
        if (!LinuxCalls.IsReceivingDenied)
        {
            Assert.IsTrue(Calls(Burst) <= 4, "The next one comes almost at once.");
        }

        // How many calls it takes to receive so many, which have come by then.
        int Calls(int count)
        {
            for (int i = 0; i < count; i++)
            {
                sender.Send(new byte[10]);
            }

            int calls = 0;
            for (int received = 0; received < count; calls++)
            {
                int now = batch.Receive(receiver.SafeHandle, true);
                Assert.IsTrue(now > 0);
                received += now;
            }

            return LinuxCalls.IsReceivingDenied ? Math.Min(calls, 1) : calls;
        }
    }

    [TestMethod]
    public void A_burst_is_received_whole_at_both_ends()
    {
        const int Burst = 24;
        using DtlsServer server = new DtlsServer(Roomy());
        byte[] served = new byte[DtlsOptions.MaxMtu];
        server.DataReceived += session => session.Send(served, 0, session.Receive(served, 0, 0));
        server.Start(Setup.Loopback(FreePorts.Udp()));
        using DtlsClient client = new DtlsClient(Roomy());
        Assert.IsTrue(client.Connect(Setup.Loopback(server.LocalPort), Setup.Patience));
        byte[] received = new byte[DtlsOptions.MaxMtu];
        for (int i = 0; i < Burst; i++)
        {
            client.Send(new byte[100 + i]);
        }

        for (int i = 0; i < Burst; i++)
        {
            Assert.AreEqual(100 + i, client.Receive(received, 0, Setup.Patience));
        }

        static DtlsOptions Roomy()
        {
            DtlsOptions options = Setup.Options();
            options.PoolPackets = 4 * Burst;
            options.ReceiveQueue = 2 * Burst;
            return options;
        }
    }

    [TestMethod]
    public void A_listener_without_Linuxs_calls_answers_from_the_address_that_was_asked()
    {
        using Socket socket = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        DatagramPort port = DotNetListener.Bind(socket, new IPEndPoint(IPAddress.Any, FreePorts.Udp()));
        using DtlsServer server = new DtlsServer(Setup.Options());
        byte[] served = new byte[DtlsOptions.MaxMtu];
        server.DataReceived += session => session.Send(served, 0, session.Receive(served, 0, 0));
        server.Start(port);
        foreach (string address in new[] { "127.0.0.2", "127.0.0.1", "127.0.0.3", "127.0.0.2" })
        {
            using DtlsClient client = new DtlsClient(Setup.Options());
            Assert.IsTrue(client.Connect(new IPEndPoint(IPAddress.Parse(address), server.LocalPort), Setup.Patience));
            Check.Echo(client, "hello " + address);
            Assert.IsTrue(client.Close(Setup.Patience));
        }

        server.Stop();
        port.Close();
    }

    private static Socket Bound(IPAddress host)
    {
        Socket socket = new Socket(host.AddressFamily, SocketType.Dgram, ProtocolType.Udp);
        socket.Bind(new IPEndPoint(host, 0));
        return socket;
    }
}
