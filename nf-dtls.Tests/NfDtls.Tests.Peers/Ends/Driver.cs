using System;
using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Microsoft.VisualStudio.TestTools.UnitTesting;
using NfDtls.Dtls13;
using NfDtls.Tests.Peers.Formats;
using NfDtls.Tests.Peers.Programs;

namespace NfDtls.Tests.Peers.Ends;

/// <summary>An engine on a UDP socket of the loopback address, driven from the test's own thread.</summary>
internal abstract class Driver : IDisposable
{
    internal const int Messages = 1000;
    internal const int LongestMessage = 1300;

    private const int LongestWait = 20;
    private const int ShutdownTime = 1000;
    private const int FirstLost = 4;

    private readonly Stopwatch _clock = Stopwatch.StartNew();
    private readonly byte[] _datagram = new byte[65536];
    private readonly byte[] _record = new byte[16384];
    private readonly Random _accidents = new(3);
    private Socket _socket = Open();
    private int _datagrams;
    private long _leapt;

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
        get { return _clock.ElapsedMilliseconds + _leapt; }
    }

    /// <summary>Whether one datagram in eight, of either direction, gets lost, and one in eight comes twice.</summary>
    internal bool LosesDatagrams { get; set; }

    /// <summary>What datagrams come by, and what they go by, where that is rougher than <see cref="LosesDatagrams"/>; null for neither.</summary>
    internal RoughWay? ComesBy { get; set; }

    internal RoughWay? GoesBy { get; set; }

    /// <summary>
    /// Whether the socket's buffer is as small as the options say, as that of NfDtls's sockets is. Else it takes whatever comes:
    /// OpenSSL asks for the loopback interface's MTU, which no network has.
    /// </summary>
    internal bool CutsDatagrams { get; set; }

    /// <summary>What has happened to the association: <see cref="AssociationEvents"/>.</summary>
    internal int Events { get; set; }

    /// <summary>Datagrams that came, whatever became of them.</summary>
    internal int Received { get; private set; }

    /// <summary>Datagrams that got lost so.</summary>
    internal int Lost { get; private set; }

    /// <summary>
    /// Where this holds and nothing comes, the engine's time leaps to its next deadline, so that what takes long need not be waited
    /// for.
    /// </summary>
    internal Func<bool>? Leaps { get; set; }

    /// <summary>Handshakes within the connection that succeeded.</summary>
    internal int Renegotiations { get; private set; }

    /// <summary>Those that the peer refused, or did not answer.</summary>
    internal int Refusals { get; private set; }

    /// <summary>Asks for new keys.</summary>
    internal void Renegotiate()
    {
        Engine.Renegotiate(Association, Now);
        SendAll();
    }

    /// <summary>Begins to change the keys of DTLS 1.3, and asks the peer to change its own.</summary>
    internal void UpdateKeys()
    {
        KeyUpdates.Begin(Association, true, Now);
    }

    /// <summary>Goes on from another port, as behind a NAT that forgot the old one. What was on its way to that is lost.</summary>
    internal void ChangePort()
    {
        Socket old = _socket;
        _socket = Open();
        old.Dispose();
    }

    /// <summary>Serves the socket until a condition holds; false when the peer seems to be stuck.</summary>
    internal bool Run(Func<bool> until)
    {
        return Run(until, Patience.Milliseconds) || !Patience.WaitedInVain();
    }

    /// <summary>Serves the socket until a condition holds; false when the time is over and nothing is left to receive.</summary>
    internal bool Run(Func<bool> until, int timeout)
    {
        Stopwatch clock = Stopwatch.StartNew();
        while (true)
        {
            // Before anything is done: a machine that stood still meanwhile must not leave deadlines and datagrams behind.
            bool isOver = clock.ElapsedMilliseconds >= timeout;
            if (Engine.NextDeadline <= Now)
            {
                Engine.HandleTimeout(Now);
            }

            SendAll();
            Assert.IsNull(Engine.TakeFailure(), "Something threw inside of the engine.");
            TakeEvents();
            if (until())
            {
                return true;
            }

            long wait = isOver ? 0 : Math.Min(Engine.NextDeadline - Now, LongestWait);
            if (_socket.Poll((int)Math.Max(wait, 0) * 1000, SelectMode.SelectRead))
            {
                ReceiveOne();
                continue;
            }

            ComesBy?.Flush();
            GoesBy?.Flush();
            if (isOver)
            {
                return false;
            }

            if (Leaps != null && Leaps())
            {
                _leapt += Math.Max(Engine.NextDeadline - Now, 0);
            }
        }
    }

    /// <summary>Serves the socket until a program has written something.</summary>
    internal void RunUntil(PeerProgram program, string text)
    {
        bool HasWritten()
        {
            return program.Output.Contains(text, StringComparison.Ordinal);
        }

        Run(() => HasWritten() || program.HasExited);
        if (program.HasExited)
        {
            // What it wrote last may not have been read before.
            program.WaitForExit();
        }

        Assert.IsTrue(HasWritten(), "It did not write \"" + text + "\". " + program.Output);
    }

    internal void Send(byte[] data)
    {
        Association.Send(data, 0, data.Length, Now);
        SendAll();
    }

    /// <summary>The next record of application data.</summary>
    internal byte[] Receive(string what = "a message")
    {
        byte[]? record = TryReceive(Patience.Milliseconds);
        Assert.IsTrue(record != null || !Patience.WaitedInVain(), "No record came for " + what + ".");
        return record!;
    }

    /// <summary>As <see cref="Receive"/>; null when the time is over.</summary>
    internal byte[]? TryReceive(int timeout)
    {
        int length = -1;
        return Run(() => (length = Association.Receive(_record, 0)) >= 0, timeout) ? _record.AsSpan(0, length).ToArray() : null;
    }

    /// <summary>A thousand messages of 1 to 1,300 bytes.</summary>
    /// <param name="program">The peer, where it sends back in pieces of its own making.</param>
    internal void Echo(PeerProgram? program = null)
    {
        Echo(Messages, LongestMessage, program);
    }

    /// <summary>Messages of 1 byte to the longest, each sent when the one before it has come back, in however many records.</summary>
    internal void Echo(int messages, int longest, PeerProgram? program = null)
    {
        Random random = new(1);
        byte[] back = new byte[longest];
        for (int i = 0; i < messages; i++)
        {
            byte[] message = new byte[1 + (i * (longest - 1) / (messages - 1))];
            random.NextBytes(message);
            program?.EchoInPiecesOf(message.Length);
            Send(message);
            int length = 0;
            while (length < message.Length)
            {
                byte[] part = Receive("message " + i + ", of which " + length + " bytes of " + message.Length + " are back");
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
        return Close(Patience.Milliseconds);
    }

    /// <summary>As <see cref="Close()"/>, where none is expected.</summary>
    internal DtlsError CloseInVain()
    {
        return Close(ShutdownTime);
    }

    /// <summary>Waits for the peer's close_notify.</summary>
    internal void ExpectClose()
    {
        Run(() => Association.State == AssociationState.Closed);
        Assert.AreEqual(AssociationState.Closed, Association.State, "The peer did not close.");
        Assert.AreEqual(DtlsError.SessionClosed, Association.LastError);
        Assert.AreEqual(Alert.CloseNotify, Association.AlertReceived);
    }

    public void Dispose()
    {
        _socket.Dispose();
    }

    protected abstract void Handle(byte[] datagram, int count, IPEndPoint from);

    /// <summary>A datagram came that was cut.</summary>
    protected abstract void NoteTruncated();

    protected abstract IPEndPoint Destination(Packet packet);

    protected abstract void TakeEvents();

    /// <summary>
    /// Serves the socket until a handshake that the peer or we refuse is over. What the peer says in the clear counts only when
    /// nothing else has come until the flight's timer.
    /// </summary>
    protected bool RunInVain(Func<bool> until)
    {
        Leaps ??= () => Capture.HasAlert(Port);
        return Run(until);
    }

    private static Socket Open()
    {
        Socket socket = new(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        return socket;
    }

    private DtlsError Close(int timeout)
    {
        Association.Close(timeout, Now);
        Run(() => Association.State == AssociationState.Closed);
        Assert.AreEqual(AssociationState.Closed, Association.State);
        Assert.AreEqual(Alert.CloseNotify, Association.AlertSent);
        return Association.LastError;
    }

    /// <summary>Counts what happened to the association.</summary>
    protected void Note(int events)
    {
        Renegotiations += (events & AssociationEvents.Renegotiated) != 0 ? 1 : 0;
        Refusals += (events & AssociationEvents.RenegotiationRefused) != 0 ? 1 : 0;
    }

    private void ReceiveOne()
    {
        EndPoint from = new IPEndPoint(IPAddress.Any, 0);
        int count = _socket.ReceiveFrom(_datagram, ref from);
        Capture.Add(Now, ((IPEndPoint)from).Port, Port, _datagram.AsSpan(0, count));
        if (CutsDatagrams && count > Engine.Options.ReceiveSize)
        {
            NoteTruncated();
            return;
        }

        Received++;
        byte[] copy = _datagram.AsSpan(0, count).ToArray();
        void Deliver()
        {
            // The engine works in place.
            copy.CopyTo(_datagram, 0);
            Handle(_datagram, count, (IPEndPoint)from);
        }

        for (int copies = Copies(); copies > 0; copies--)
        {
            Pass(ComesBy, Deliver);
        }
    }

    private void SendAll()
    {
        for (Packet? packet = Engine.PollDatagram(Now); packet != null; packet = Engine.PollDatagram(Now))
        {
            IPEndPoint to = Destination(packet);
            Capture.Add(Now, Port, to.Port, packet.Buffer.AsSpan(packet.Offset, packet.Length));
            byte[] copy = packet.Buffer.AsSpan(packet.Offset, packet.Length).ToArray();
            for (int copies = Copies(); copies > 0; copies--)
            {
                Pass(GoesBy, () => _socket.SendTo(copy, to));
            }

            packet.Return();
        }
    }

    private static void Pass(RoughWay? way, Action deliver)
    {
        if (way == null)
        {
            deliver();
        }
        else
        {
            way.Pass(deliver);
        }
    }

    /// <summary>How often the next datagram arrives. By a fixed beat the same piece of a flight could get lost each time.</summary>
    private int Copies()
    {
        if (!LosesDatagrams)
        {
            return 1;
        }

        _datagrams++;
        bool isLost = _datagrams == FirstLost || _accidents.Next(8) == 0;
        Lost += isLost ? 1 : 0;
        return isLost ? 0 : _accidents.Next(8) == 0 ? 2 : 1;
    }
}
