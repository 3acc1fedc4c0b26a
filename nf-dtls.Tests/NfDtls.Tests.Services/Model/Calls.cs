using System;
using System.Collections.Generic;
using Microsoft.VisualStudio.TestTools.UnitTesting;
using NfDtls.Sockets;

namespace NfDtls.Tests.Services.Model;

/// <summary>The calls of one thread of a plan. Each may fail as its documentation says, and no other way.</summary>
internal sealed class Calls
{
    // What a connection, or the handshake before it, ended with.
    private static readonly DtlsError[] Ends =
    [
        DtlsError.SessionClosed, DtlsError.Timeout, DtlsError.KeyMismatchSuspected, DtlsError.AlertReceived, DtlsError.UnknownPskIdentity,
        DtlsError.Refused, DtlsError.NoFreeSession, DtlsError.Superseded, DtlsError.Evicted, DtlsError.Stopped,
    ];

    private static readonly DtlsError[] None = [];

    private readonly Stage _stage;
    private readonly byte[] _buffer = new byte[DtlsOptions.MaxMtu];
    private readonly List<Packet> _lent = new();

    internal Calls(Stage stage)
    {
        _stage = stage;
    }

    internal static DtlsError[] SendErrors { get; } = [.. Ends, DtlsError.NotConnected, DtlsError.PoolExhausted];

    internal static DtlsError[] ReceiveErrors { get; } = [.. SendErrors, DtlsError.MessageTooLarge];

    private static DtlsError[] ConnectErrors { get; } = [.. Ends, DtlsError.CloseFail, DtlsError.AlreadyConnected];

    /// <summary>Makes a call that may fail with some errors.</summary>
    internal static void Try(DtlsError[] errors, Action call)
    {
        try
        {
            call();
        }
        catch (DtlsException e) when (Array.IndexOf(errors, e.Error) >= 0)
        {
            // It depends on what the others do at this moment.
        }
    }

    /// <summary>Makes the calls, then gives back what it was lent.</summary>
    internal void Make(Step[] steps)
    {
        foreach (Step step in steps)
        {
            DtlsSession? session = _stage.Server.At(step.Who % _stage.Server.MaxSessions);
            if (step.What >= Do.SessionSend)
            {
                OnServer(step, session);
            }
            else
            {
                OnClient(step, _stage.Clients[step.Who]);
            }
        }

        foreach (Packet packet in _lent)
        {
            packet.Return();
        }
    }

    /// <summary>Waits for ever: for a connection, and then at one of its ends for a record, or the end.</summary>
    internal void Wait(DtlsClient client, bool atServer)
    {
        TryOn(client, ConnectErrors, () => client.Connect(Stage.Address, -1));
        DtlsSession? session = atServer ? _stage.Server.Find(MemoryNetwork.AddressOf(client.LocalPort)) : null;
        if (session == null)
        {
            TryOn(client, ReceiveErrors, () => client.Receive(_buffer, 0, -1));
            return;
        }

        Try(Ends, () => session.Start(-1));
        Try(ReceiveErrors, () => session.Receive(_buffer, 0, -1));
    }

    private void OnClient(Step step, DtlsClient client)
    {
        switch (step.What)
        {
            case Do.Connect:
                TryOn(client, ConnectErrors, () => client.Connect(Stage.Address, step.Time * 3));
                break;
            case Do.Send:
                TryOn(client, SendErrors, () => client.Send(_buffer, 0, step.Time * 20));
                break;
            case Do.SendPacket:
                TryOn(client, SendErrors, () => SendPacket(client.Pool, packet => client.Send(packet)));
                break;
            case Do.SendTo:
                try
                {
                    TryOn(client, SendErrors, () => client.Send(new byte[step.Time], Stage.Address));
                }
                catch (ArgumentException)
                {
                    // Another thread has moved it.
                }

                break;
            case Do.Move:
                TryOn(client, SendErrors, () => client.Move(step.Time < 5 ? Stage.Address : MemoryNetwork.AddressOf(7)));
                break;
            case Do.Receive:
                TryOn(client, ReceiveErrors, () => client.Receive(_buffer, 0, step.Time));
                break;
            case Do.ReceiveShort:
                TryOn(client, ReceiveErrors, () => client.Receive(_buffer, _buffer.Length - step.Time, step.Time));
                break;
            case Do.ReceivePacket:
                TryOn(client, ReceiveErrors, () => Keep(client.ReceivePacket(step.Time), step));
                break;
            case Do.Close:
                TryOn(client, None, () => client.Close(step.Time));
                break;
            case Do.Reset:
                TryOn(client, None, client.Reset);
                break;
            default:
                client.Dispose();
                break;
        }
    }

    private void OnServer(Step step, DtlsSession? session)
    {
        DtlsServer server = _stage.Server;
        switch (step.What)
        {
            case Do.SessionSend:
                Try(SendErrors, () => session?.Send(_buffer, 0, step.Time * 20));
                break;
            case Do.SessionSendPacket:
                if (session != null)
                {
                    Try(SendErrors, () => SendPacket(server.Pool, packet => session.Send(packet)));
                }

                break;
            case Do.SessionReceive:
                Try(ReceiveErrors, () => session?.Receive(_buffer, 0, step.Time));
                break;
            case Do.SessionReceivePacket:
                Try(ReceiveErrors, () => Keep(session?.ReceivePacket(step.Time), step));
                break;
            case Do.SessionClose:
                session?.Close();
                break;
            case Do.SessionStart:
                _stage.Open.TryDequeue(out DtlsSession? open);
                Try(Ends, () => (open ?? session)?.Start(step.Time * 3));
                break;
            case Do.SessionRefuse:
                session?.Refuse();
                break;
            case Do.Find:
                server.Find(MemoryNetwork.AddressOf(40_000 + step.Who))?.Close();
                break;
            case Do.CloseAll:
                server.CloseAll();
                break;
            case Do.Start:
                _stage.StartServer();
                break;
            case Do.Stop:
                server.Stop();
                break;
            case Do.DisposeServer:
                if (step.Time == 0)
                {
                    server.Dispose();
                }

                break;
            default:
                Look(session, _stage.Clients[step.Who]);
                break;
        }
    }

    private static void Look(DtlsSession? session, DtlsClient client)
    {
        Assert.IsTrue(client.MaxPayload >= 0 && client.LocalPort > 0);
        Assert.IsTrue(session == null || session.RemoteEndPoint.Port >= 40_000);
        Assert.AreNotEqual(DtlsError.InternalError, client.LastError);
        Assert.AreNotEqual(DtlsError.InternalError, session?.LastError);
    }

    // As for Try; and once somebody has disposed of it every call says so.
    private static void TryOn(DtlsClient client, DtlsError[] errors, Action call)
    {
        try
        {
            Try(errors, call);
        }
        catch (ObjectDisposedException)
        {
            Assert.ThrowsExactly<ObjectDisposedException>(client.Reset);
        }
    }

    private static void SendPacket(PacketPool pool, Action<Packet> send)
    {
        Packet? packet = pool.Rent();
        if (packet == null)
        {
            return;
        }

        packet.Append(new byte[20], 0, 20);
        try
        {
            send(packet);
        }
        catch (Exception)
        {
            packet.Return();
            throw;
        }
    }

    private void Keep(Packet? packet, Step step)
    {
        if (packet == null)
        {
            return;
        }

        if (step.Time % 2 == 0)
        {
            packet.Return();
        }
        else
        {
            _lent.Add(packet);
        }
    }
}
