using System;
using System.Collections.Generic;
using System.Linq;
using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using Microsoft.VisualStudio.TestTools.UnitTesting;
using NfDtls.Sockets;

namespace NfDtls.Tests.Host;

/// <summary>
/// Datagrams that leave as one which the system cuts (UDP_SEGMENT): which do, and what a refusal means for those that follow.
/// What is known of the system is the process's, and set here.
/// </summary>
[TestClass]
[DoNotParallelize]
public class LinuxSegmentTests
{
    private const int SocketLevel = 1;
    private const int NoChecksums = 11;
    private const int Ipv4Family = 2;
    private const int DatagramType = 2;
    private const int UdpLite = 136;
    private const int Places = 16;
    private const int Size = 100;

    // Numbers of errno.
    private const int InputOutput = 5;
    private const int Invalid = 22;
    private const int TooLong = 90;
    private const int NoSuchOption = 92;
    private const int NotSupported = 95;
    private const int LastError = 133;

    [TestInitialize]
    public void WithSegmentsAlone()
    {
        if (!LinuxCalls.AreThere)
        {
            Assert.Inconclusive("This is not Linux of 64 bits.");
        }

        using Socket socket = Bound();
        if (!LinuxCalls.HasSegments(socket.SafeHandle) || LinuxCalls.IsSendingDenied)
        {
            Assert.Inconclusive("This system makes no segments, or sends no several datagrams by one call.");
        }
    }

    [TestMethod]
    public void Datagrams_to_port_0_take_segments_from_none_of_the_others()
    {
        using Socket receiver = Bound();
        using Socket sender = Bound();
        LinuxBatch batch = new LinuxBatch(Places, Size, false);
        Add(batch, new IPEndPoint(IPAddress.Loopback, 0), 40, 2);
        Add(batch, receiver, 40, 3);
        CollectionAssert.AreEqual(new[] { -Invalid, -Invalid, 3 }, SendAll(batch, sender));
        CollectionAssert.AreEqual(new[] { 40, 40, 40 }, Received(receiver, 3));
        Assert.IsTrue(batch.UsesSegments);
    }

    [TestMethod]
    public void Datagrams_that_do_not_go_as_segments_go_one_by_one_and_those_that_follow_as_segments_again()
    {
        using Socket receiver = Bound();
        using Socket sender = Bound();
        LinuxBatch batch = new LinuxBatch(Places, Size, false);

        // The system cuts nothing that is to have no checksum.
        sender.SetRawSocketOption(SocketLevel, NoChecksums, BitConverter.GetBytes(1));
        Add(batch, receiver, 40, 3);
        Add(batch, receiver, 41, 2);
        CollectionAssert.AreEqual(new[] { 3, 2 }, SendAll(batch, sender), "Each group by one call, but not as segments: the second is tried anew.");
        sender.SetRawSocketOption(SocketLevel, NoChecksums, BitConverter.GetBytes(0));
        batch.Clear();
        Add(batch, receiver, 42, 2);
        Add(batch, receiver, 43, 3);
        CollectionAssert.AreEqual(new[] { 2, 3 }, SendAll(batch, sender), "Of both at once it would be one call.");
        CollectionAssert.AreEqual(new[] { 40, 40, 40, 41, 41, 42, 42, 43, 43, 43 }, Received(receiver, 10));
    }

    [TestMethod]
    public void A_socket_whose_datagrams_never_go_as_segments_is_not_asked_again()
    {
        using Socket receiver = Lite();
        using Socket sender = Lite();
        LinuxBatch batch = new LinuxBatch(Places, Size, false);
        Add(batch, receiver, 40, 2);
        Add(batch, receiver, 41, 2);
        CollectionAssert.AreEqual(new[] { 4 }, SendAll(batch, sender), "Behind the error those of all groups go by one call.");
        Assert.IsFalse(batch.UsesSegments);
        batch.Clear();
        Add(batch, receiver, 42, 2);
        Add(batch, receiver, 43, 2);
        CollectionAssert.AreEqual(new[] { 4 }, SendAll(batch, sender));
        CollectionAssert.AreEqual(new[] { 40, 40, 41, 41, 42, 42, 43, 43 }, Received(receiver, 8));
    }

    [TestMethod]
    public void A_system_without_segments_is_given_none_and_not_asked_again()
    {
        using Socket receiver = Bound();
        using Socket sender = Bound();
        LinuxBatch batch = new LinuxBatch(Places, Size, false);
        int was = LinuxCalls.Segments;
        try
        {
            LinuxCalls.Segments = -1;
            Assert.IsFalse(LinuxCalls.HasSegments(sender.SafeHandle));
            Add(batch, receiver, 40, 3);
            Add(batch, receiver, 41, 3);
            CollectionAssert.AreEqual(new[] { 6 }, SendAll(batch, sender), "A kernel before 4.18 would send three as one.");
        }
        finally
        {
            LinuxCalls.Segments = was;
        }

        batch.Clear();
        Add(batch, receiver, 42, 2);
        Add(batch, receiver, 43, 2);
        CollectionAssert.AreEqual(new[] { 4 }, SendAll(batch, sender), "What was found once stays.");
        CollectionAssert.AreEqual(new[] { 40, 40, 40, 41, 41, 41, 42, 42, 43, 43 }, Received(receiver, 10));
    }

    [TestMethod]
    public void What_the_system_has_of_segments_is_looked_up_once()
    {
        using Socket socket = Bound();
        using Socket other = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        int was = LinuxCalls.Segments;
        try
        {
            LinuxCalls.Segments = 0;
            Assert.IsFalse(LinuxCalls.HasSegments(other.SafeHandle), "A socket that has no such option.");
            Assert.IsFalse(LinuxCalls.HasSegments(socket.SafeHandle));
            LinuxCalls.Segments = 0;
            Assert.IsTrue(LinuxCalls.HasSegments(socket.SafeHandle));
            Assert.IsTrue(LinuxCalls.HasSegments(other.SafeHandle));
        }
        finally
        {
            LinuxCalls.Segments = was;
        }
    }

    [TestMethod]
    public void Errors_of_the_system_or_device_and_those_of_a_destination_are_told_apart()
    {
        int[] all = Enumerable.Range(0, LastError + 1).Where(LinuxCalls.IsOfAllSegments).ToArray();
        int[] these = Enumerable.Range(0, LastError + 1).Where(LinuxCalls.IsOfTheseSegments).ToArray();
        CollectionAssert.AreEqual(new[] { InputOutput, NoSuchOption, NotSupported }, all);
        CollectionAssert.AreEqual(new[] { Invalid, TooLong }, these);
    }

    [TestMethod]
    public void No_more_datagrams_go_as_one_than_the_system_takes()
    {
        using Socket receiver = Bound();
        using Socket sender = Bound();
        LinuxBatch batch = new LinuxBatch(70, Size, false);
        Add(batch, receiver, 10, 70);
        CollectionAssert.AreEqual(new[] { 64, 6 }, SendAll(batch, sender));
        Assert.AreEqual(700, Received(receiver, 70).Sum());
    }

    [TestMethod]
    [DataRow(16384, 3)]
    [DataRow(15001, 3)]
    [DataRow(15000, 4)]
    public void No_more_bytes_go_as_one_than_the_system_takes(int length, int together)
    {
        using Socket receiver = Bound();
        using Socket sender = Bound();
        LinuxBatch batch = new LinuxBatch(Places, 16384, false);
        Add(batch, receiver, length, Places);
        for (int next = 0; next < Places;)
        {
            int sent = batch.Send(sender.SafeHandle, next);
            Assert.AreEqual(Math.Min(together, Places - next), sent);
            CollectionAssert.AreEqual(Enumerable.Repeat(length, sent).ToArray(), Received(receiver, sent));
            next += sent;
        }
    }

    [TestMethod]
    public void What_goes_beside_a_datagram_stays_beside_it_and_beside_no_other()
    {
        string[] from = ["127.0.0.2", "127.0.0.2", "", "", "127.0.0.3", "", "127.0.0.2", "127.0.0.3"];
        using Socket receiver = Bound();
        using Socket sender = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        sender.Bind(new IPEndPoint(IPAddress.Any, 0));
        LinuxBatch batch = new LinuxBatch(Places, Size, true);
        foreach (string address in from)
        {
            Add(batch, (IPEndPoint)receiver.LocalEndPoint!, 40, 1, ComingFrom(address));
        }

        SendAll(batch, sender);
        foreach (string address in from)
        {
            EndPoint said = new IPEndPoint(IPAddress.Any, 0);
            Assert.AreEqual(40, receiver.ReceiveFrom(new byte[Size], ref said));
            Assert.AreEqual(address.Length == 0 ? "127.0.0.1" : address, ((IPEndPoint)said).Address.ToString());
        }
    }

    // struct cmsghdr with IP_PKTINFO, whose ipi_spec_dst is where a datagram comes from.
    private static byte[] ComingFrom(string address)
    {
        if (address.Length == 0)
        {
            return [];
        }

        byte[] control = new byte[32];
        control[0] = 28;
        control[12] = 8;
        IPAddress.Parse(address).GetAddressBytes().CopyTo(control, 20);
        return control;
    }

    private static void Add(LinuxBatch batch, Socket receiver, int length, int count)
    {
        Add(batch, (IPEndPoint)receiver.LocalEndPoint!, length, count);
    }

    private static void Add(LinuxBatch batch, IPEndPoint receiver, int length, int count, byte[]? control = null)
    {
        byte[] to = new byte[UdpAddress.MaxLength];
        int toLength = UdpAddress.Write(receiver, to);
        for (int i = 0; i < count; i++)
        {
            batch.Add(new byte[length], to.AsSpan(0, toLength), control);
        }
    }

    // What each call said, as who sends a batch makes them: behind an error with the next datagram.
    private static int[] SendAll(LinuxBatch batch, Socket sender)
    {
        List<int> calls = [];
        for (int next = 0; next < batch.Count; next += Math.Max(calls[^1], 1))
        {
            calls.Add(batch.Send(sender.SafeHandle, next));
        }

        return calls.ToArray();
    }

    // The lengths of so many datagrams, and there are no more.
    private static int[] Received(Socket receiver, int count)
    {
        byte[] buffer = new byte[ushort.MaxValue];
        int[] lengths = Enumerable.Range(0, count).Select(_ => receiver.Receive(buffer)).ToArray();
        Assert.AreEqual(0, receiver.Available, "Nothing is left.");
        return lengths;
    }

    // Linux makes no segments of UDP-Lite, and says so by EIO. .NET makes no such socket, but takes one.
    private static Socket Lite()
    {
        int handle = NewSocket(Ipv4Family, DatagramType, UdpLite);
        if (handle < 0)
        {
            Assert.Inconclusive("This system has no UDP-Lite, whose datagrams are never made of segments.");
        }

        Socket socket = new Socket(new SafeSocketHandle(handle, true)) { ReceiveTimeout = Setup.Patience };
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        return socket;
    }

    [DllImport("libc", EntryPoint = "socket")]
    private static extern int NewSocket(int family, int type, int protocol);

    private static Socket Bound()
    {
        Socket socket = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp) { ReceiveTimeout = Setup.Patience };
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        return socket;
    }
}
