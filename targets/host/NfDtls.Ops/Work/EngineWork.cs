using System;
using System.Collections;
using NfDtls.Server;

namespace NfDtls.Ops;

/// <summary>
/// A constrained client and a server, PSK with AES_128_CCM_8: two handshakes, and two records of 64 bytes each way. At the second of each what
/// is made or found but once is there.
/// </summary>
internal sealed class EngineWork
{
    private const int Size = 64;
    private static readonly byte[] ClientAddress = [10, 0, 0, 1, 0x16, 0x33];

    private readonly Counter _counter;
    private readonly string _name;
    private readonly DtlsClientEngine _client;
    private readonly DtlsServerEngine _server;
    private readonly Queue _toServer = new();
    private readonly Queue _toClient = new();
    private readonly byte[] _data = new byte[Size];
    private readonly byte[] _received = new byte[Size];
    private Association? _served;
    private long _now = 1_000_000;

    /// <param name="counter">Counts.</param>
    /// <param name="name">Provider and version.</param>
    /// <param name="client">The client's options.</param>
    /// <param name="server">The server's.</param>
    internal EngineWork(Counter counter, string name, DtlsOptions client, DtlsOptions server)
    {
        _counter = counter;
        _name = name;
        _client = new DtlsClientEngine(client);
        _server = new DtlsServerEngine(server);
    }

    internal void Run()
    {
        Connect("first handshake");
        Connect("handshake");
        Exchange("first ");
        Exchange("");
    }

    /// <summary>A handshake that gives a ticket, and another one by it.</summary>
    internal void RunResumed()
    {
        Connect("handshake with a ticket");
        Connect("resumed handshake");
        if (!_client.Association.IsResumed)
        {
            throw new InvalidOperationException("The session is not resumed: " + _name);
        }
    }

    /// <summary>A record each way.</summary>
    private void Exchange(string which)
    {
        _counter.Count(Name(which + "send", "client"), () =>
        {
            _client.Association.Send(_data, 0, Size, _now);
            SendAll(_client, _toServer);
        });
        byte[] datagram = (byte[])_toServer.Dequeue()!;
        _counter.Count(Name(which + "receive", "server"), () =>
        {
            _server.HandleDatagram(datagram, 0, datagram.Length, ClientAddress, ClientAddress.Length, _now);
        });
        _counter.Count(Name(which + "take", "server"), () =>
        {
            SendAll(_server, _toClient);
            TakeEvents();
            Check(_served!.Receive(_received, 0));
        });
        _counter.Count(Name(which + "send", "server"), () =>
        {
            _served!.Send(_data, 0, Size, _now);
            SendAll(_server, _toClient);
        });
        datagram = (byte[])_toClient.Dequeue()!;
        _counter.Count(Name(which + "receive", "client"), () =>
        {
            _client.HandleDatagram(datagram, 0, datagram.Length, _now);
        });
        _counter.Count(Name(which + "take", "client"), () =>
        {
            SendAll(_client, _toServer);
            _client.TakeEvents();
            Check(_client.Association.Receive(_received, 0));
        });
    }

    private static void Check(int length)
    {
        if (length != Size)
        {
            throw new InvalidOperationException("The record did not arrive.");
        }
    }

    private string Name(string work, string end)
    {
        return work + ", " + end + ", " + _name;
    }

    private void Connect(string work)
    {
        string client = Name(work, "client");
        string server = Name(work, "server");
        _client.Reset();
        _server.Reset();
        _served = null;
        _now += 1000;
        _counter.Count(client, () =>
        {
            _client.Connect(_now);
            SendAll(_client, _toServer);
        });
        int turns = 0;
        while (_client.Association.State != AssociationState.Connected || _served == null || _toServer.Count + _toClient.Count > 0)
        {
            if (turns++ > 100)
            {
                throw new InvalidOperationException("The handshake is stuck: " + _client.TakeFailure() + " " + _server.TakeFailure());
            }

            Turn(client, server);
        }
    }

    private void Turn(string client, string server)
    {
        if (_toServer.Count > 0)
        {
            byte[] datagram = (byte[])_toServer.Dequeue()!;
            _counter.Count(server, () =>
            {
                _server.HandleDatagram(datagram, 0, datagram.Length, ClientAddress, ClientAddress.Length, _now);
                SendAll(_server, _toClient);
                TakeEvents();
            });
        }
        else if (_toClient.Count > 0)
        {
            byte[] datagram = (byte[])_toClient.Dequeue()!;
            _counter.Count(client, () =>
            {
                _client.HandleDatagram(datagram, 0, datagram.Length, _now);
                SendAll(_client, _toServer);
                _client.TakeEvents();
            });
        }

        GoOn(_server, server, _toClient);
        GoOn(_client, client, _toServer);
    }

    private void GoOn(DtlsEngine engine, string work, Queue to)
    {
        if (engine.NextDeadline <= _now)
        {
            _counter.Count(work, () =>
            {
                engine.HandleTimeout(_now);
                SendAll(engine, to);
                TakeEvents();
            });
        }
    }

    private void TakeEvents()
    {
        for (Association? one = _server.PollEvent(out int events); one != null; one = _server.PollEvent(out events))
        {
            _served = (events & AssociationEvents.Connected) != 0 ? one : _served;
        }
    }

    private void SendAll(DtlsEngine engine, Queue to)
    {
        for (Packet? packet = engine.PollDatagram(_now); packet != null; packet = engine.PollDatagram(_now))
        {
            byte[] datagram = new byte[packet.Length];
            Array.Copy(packet.Buffer, packet.Offset, datagram, 0, datagram.Length);
            to.Enqueue(datagram);
            packet.Return();
        }
    }
}
