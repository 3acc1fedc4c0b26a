using System;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Microsoft.VisualStudio.TestTools.UnitTesting;

namespace NfDtls.Tests.Services.Sockets;

/// <summary>One client engine on a socket, asked again and again whether something has come.</summary>
internal sealed class Sailor : IDisposable
{
    private const int EchoRetry = 2000;

    private readonly Socket _socket = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
    private readonly DtlsClientEngine _engine;
    private readonly byte[] _buffer = new byte[2000];
    private byte[] _message = new byte[0];
    private long _retry;
    private Func<bool> _isDone = () => true;

    internal Sailor(IPEndPoint server)
    {
        DtlsOptions options = Setup.HostOptions();
        options.MaxHandshakeMessage = 512;
        options.MaxFlight = 512;
        _engine = new DtlsClientEngine(options);
        _socket.Connect(server);
        _socket.Blocking = false;
    }

    internal bool IsDone { get; private set; } = true;

    private static long Now
    {
        get { return Environment.TickCount64; }
    }

    internal void BeginConnect()
    {
        _engine.Connect(Now);
        Begin(IsConnected);
    }

    internal void BeginEcho(int number)
    {
        _message = Encoding.ASCII.GetBytes("message " + number + " of " + _socket.LocalEndPoint);
        SendMessage();
        Begin(HasEcho);
    }

    internal void BeginClose()
    {
        _engine.Association.Close(Setup.Patience, Now);
        Begin(() => _engine.Association.State == AssociationState.Closed);
    }

    internal void CheckClosed()
    {
        Assert.AreEqual(AssociationState.Closed, _engine.Association.State);
        Assert.AreEqual(DtlsError.SessionClosed, _engine.Association.LastError);
        Assert.AreEqual(_engine.Pool.Count, _engine.Pool.Available);
    }

    /// <summary>Takes what has come; whether there was anything.</summary>
    internal bool Work()
    {
        bool any = false;
        while (_socket.Available > 0)
        {
            any = true;
            int count = _socket.Receive(_buffer);
            _engine.HandleDatagram(_buffer, 0, count, Now);
            Flush();
        }

        if (_engine.NextDeadline <= Now)
        {
            _engine.HandleTimeout(Now);
            Flush();
        }

        IsDone = _isDone();
        return any;
    }

    public void Dispose()
    {
        _socket.Dispose();
    }

    private void Begin(Func<bool> isDone)
    {
        IsDone = false;
        _isDone = isDone;
        Flush();
    }

    private bool IsConnected()
    {
        Assert.AreNotEqual(AssociationState.Closed, _engine.Association.State, "The handshake failed: " + _engine.Association.LastError);
        return _engine.Association.State == AssociationState.Connected;
    }

    private bool HasEcho()
    {
        while (_engine.Association.Pending > 0)
        {
            int count = _engine.Association.Receive(_buffer, 0);
            if (_buffer.AsSpan(0, count).SequenceEqual(_message))
            {
                return true;
            }

            // Else a late echo of a message that was sent twice.
        }

        Assert.AreEqual(AssociationState.Connected, _engine.Association.State, "The connection ended: " + _engine.Association.LastError);
        if (Now >= _retry)
        {
            SendMessage();
            Flush();
        }

        return false;
    }

    private void SendMessage()
    {
        _engine.Association.Send(_message, 0, _message.Length, Now);
        _retry = Now + EchoRetry;
    }

    private void Flush()
    {
        for (Packet packet = _engine.PollDatagram(Now); packet != null; packet = _engine.PollDatagram(Now))
        {
            _socket.Send(packet.Buffer, packet.Offset, packet.Length, SocketFlags.None);
            packet.Return();
        }
    }
}
