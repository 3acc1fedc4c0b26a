using System;
using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Microsoft.VisualStudio.TestTools.UnitTesting;
using NfDtls.Tests.Peers.Formats;

namespace NfDtls.Tests.Peers.Ends;

/// <summary>An engine on a UDP socket of the loopback address, driven from the test's own thread.</summary>
internal abstract class Driver : IDisposable
{
    internal const int Messages = 1000;
    internal const int LongestMessage = 1300;

    private const int LongestWait = 20;
    private const int ShutdownTime = 1000;

    private readonly Socket _socket = new(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
    private readonly Stopwatch _clock = Stopwatch.StartNew();
    private readonly byte[] _datagram = new byte[65536];
    private readonly byte[] _record = new byte[16384];

    protected Driver()
    {
        _socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
    }

    internal int Port
    {
        get { return ((IPEndPoint)_socket.LocalEndPoint!).Port; }
    }

    /// <summary>Every datagram of both directions, as it was on the wire.</summary>
    internal Capture Capture { get; } = new();

    /// <summary>The association with the peer, once there is one.</summary>
    internal abstract Association Association { get; }

    protected abstract DtlsEngine Engine { get; }

    protected long Now
    {
        get { return _clock.ElapsedMilliseconds; }
    }

    /// <summary>Serves the socket until a condition holds; false when the time is over.</summary>
    internal bool Run(Func<bool> until, int timeout)
    {
        long end = Now + timeout;
        while (true)
        {
            if (Engine.NextDeadline <= Now)
            {
                Engine.HandleTimeout(Now);
            }

            SendAll();
            TakeEvents();
            if (until())
            {
                return true;
            }

            long wait = Math.Min(Math.Min(end, Engine.NextDeadline) - Now, LongestWait);
            if (_socket.Poll((int)Math.Max(wait, 0) * 1000, SelectMode.SelectRead))
            {
                ReceiveOne();
            }
            else if (Now >= end)
            {
                return false;
            }
        }
    }

    internal void Send(byte[] data)
    {
        Association.Send(data, 0, data.Length, Now);
        SendAll();
    }

    /// <summary>The next record of application data.</summary>
    internal byte[] Receive(int timeout, string what = "a message")
    {
        int length = -1;
        Run(() => (length = Association.Receive(_record, 0)) >= 0, timeout);
        Assert.IsTrue(length >= 0, "No record came within " + timeout + " ms for " + what + ".");
        return _record.AsSpan(0, length).ToArray();
    }

    /// <summary>A thousand messages of 1 to 1,300 bytes, each sent when the one before it has come back, in however many records.</summary>
    internal void Echo()
    {
        Random random = new(1);
        byte[] back = new byte[LongestMessage];
        for (int i = 0; i < Messages; i++)
        {
            byte[] message = new byte[1 + (i * (LongestMessage - 1) / (Messages - 1))];
            random.NextBytes(message);
            Send(message);
            int length = 0;
            while (length < message.Length)
            {
                byte[] part = Receive(5000, "message " + i + ", of which " + length + " bytes of " + message.Length + " are back");
                Assert.IsTrue(length + part.Length <= message.Length, "More came back than was sent, in message " + i + ".");
                part.CopyTo(back, length);
                length += part.Length;
            }

            CollectionAssert.AreEqual(message, back.AsSpan(0, length).ToArray(), "Message " + i + " came back changed.");
        }
    }

    /// <summary>Sends close_notify and waits for the answer; what the association ended with.</summary>
    internal DtlsError Close()
    {
        Association.Close(ShutdownTime, Now);
        Run(() => Association.State == AssociationState.Closed, ShutdownTime + 1000);
        Assert.AreEqual(AssociationState.Closed, Association.State);
        Assert.AreEqual(Alert.CloseNotify, Association.AlertSent);
        return Association.LastError;
    }

    /// <summary>Waits for the peer's close_notify.</summary>
    internal void ExpectClose()
    {
        Run(() => Association.State == AssociationState.Closed, 5000);
        Assert.AreEqual(AssociationState.Closed, Association.State, "The peer did not close.");
        Assert.AreEqual(DtlsError.SessionClosed, Association.LastError);
        Assert.AreEqual(Alert.CloseNotify, Association.AlertReceived);
    }

    public void Dispose()
    {
        _socket.Dispose();
    }

    protected abstract void Handle(byte[] datagram, int count, IPEndPoint from);

    protected abstract IPEndPoint Destination(Packet packet);

    protected abstract void TakeEvents();

    private void ReceiveOne()
    {
        EndPoint from = new IPEndPoint(IPAddress.Any, 0);
        int count = _socket.ReceiveFrom(_datagram, ref from);
        Capture.Add(Now, ((IPEndPoint)from).Port, Port, _datagram.AsSpan(0, count));
        Handle(_datagram, count, (IPEndPoint)from);
    }

    private void SendAll()
    {
        for (Packet? packet = Engine.PollDatagram(Now); packet != null; packet = Engine.PollDatagram(Now))
        {
            IPEndPoint to = Destination(packet);
            Capture.Add(Now, Port, to.Port, packet.Buffer.AsSpan(packet.Offset, packet.Length));
            _socket.SendTo(packet.Buffer, packet.Offset, packet.Length, SocketFlags.None, to);
            packet.Return();
        }
    }
}
