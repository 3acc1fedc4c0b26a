using System;
using NfDtls.Server;

namespace NfDtls.Bench;

/// <summary>A client's engine and a server's, and a wire between them; one thread drives both.</summary>
internal sealed class EnginePair : Workload
{
    private readonly Row _row;
    private readonly string _contestant;
    private readonly Wire _wire;
    private readonly DtlsClientEngine _client;
    private readonly DtlsServerEngine _server;
    private readonly byte[] _datagram = new byte[Wire.Longest];
    private readonly byte[] _data;
    private readonly byte[] _received = new byte[Wire.Longest];
    private Association? _served;
    private long _now = 1_000_000;

    internal EnginePair(string contestant, Row row, string folder)
    {
        _row = row;
        _contestant = contestant;
        _wire = Wire.Make(row.Way);
        _data = new byte[row.Size];
        _client = new DtlsClientEngine(OurOptions.Client(row, OurOptions.Provider(contestant), folder));
        _server = new DtlsServerEngine(OurOptions.Server(row, OurOptions.Provider(contestant), folder));
        Connect();
        if (row.IsResumed)
        {
            Connect();
        }
    }

    internal override (long Datagrams, long Bytes) Traffic => (_wire.Datagrams, _wire.Bytes);

    internal override string Version => OurOptions.Version(_contestant);

    /// <summary>Bytes that each end allocated, where <see cref="CountsAllocations"/> is set.</summary>
    internal (long Client, long Server) Allocated { get; private set; }

    internal bool CountsAllocations { get; set; }

    internal override void Run(int times)
    {
        if (_row is { Work: Work.Send, Way: Way.Udp })
        {
            Stream(times);
            return;
        }

        for (int i = 0; i < times; i++)
        {
            switch (_row.Work)
            {
                case Work.Handshake:
                    Connect();
                    break;
                case Work.Echo:
                    Echo();
                    break;
                default:
                    Send();
                    break;
            }
        }
    }

    public override void Dispose()
    {
        _wire.Dispose();
    }

    private void Connect()
    {
        // Both ends forget, without a word to each other, as C programs do that free a connection.
        _wire.Drain(_datagram);
        long before = Count();
        _client.Reset();
        Note(before, true);
        before = Count();
        _server.Reset();
        Note(before, false);
        _served = null;
        _now += 1000;
        before = Count();
        _client.Connect(_now);
        SendAll(true);
        Note(before, true);
        while (_client.Association.State != AssociationState.Connected || _served == null || _wire.ToServer + _wire.ToClient > 0)
        {
            Turn();
        }

        Association client = _client.Association;
        if (client.IsResumed != _row.IsResumed && _row.Work == Work.Handshake && _now > 1_001_000)
        {
            throw new InvalidOperationException("The session is " + (client.IsResumed ? "" : "not ") + "resumed.");
        }
    }

    private void Echo()
    {
        Send();
        Receive(_served!);
        long before = Count();
        _served!.Send(_data, 0, _data.Length, _now);
        SendAll(false);
        Note(before, false);
        Deliver();
        Receive(_client.Association);
    }

    private void Send()
    {
        long before = Count();
        _client.Association.Send(_data, 0, _data.Length, _now);
        SendAll(true);
        Note(before, true);
        Deliver();
        if (_row.Work == Work.Send)
        {
            Receive(_served!);
        }
    }

    // As who has much to send: as many as go by one system call before the server has its turn.
    private void Stream(int times)
    {
        const int AtOnce = 16;
        for (int left = times; left > 0; left -= AtOnce)
        {
            int now = Math.Min(left, AtOnce);
            for (int i = 0; i < now; i++)
            {
                _client.Association.Send(_data, 0, _data.Length, _now);
                SendAll(true);
            }

            while (_wire.ToServer > 0)
            {
                int length = _wire.ReceiveAtServer(_datagram);
                _server.HandleDatagram(_datagram, 0, length, _wire.ClientAddress, Wire.AddressLength, _now);
                SendAll(false);
                TakeEvents();
                Receive(_served!);
            }
        }
    }

    private void Receive(Association association)
    {
        if (association.Receive(_received, 0) != _data.Length)
        {
            throw new InvalidOperationException("A record got lost.");
        }
    }

    private void Deliver()
    {
        while (_wire.ToServer + _wire.ToClient > 0)
        {
            Turn();
        }
    }

    private void Turn()
    {
        bool moved = false;
        while (_wire.ToServer > 0)
        {
            moved = true;
            int length = _wire.ReceiveAtServer(_datagram);
            long before = Count();
            _server.HandleDatagram(_datagram, 0, length, _wire.ClientAddress, Wire.AddressLength, _now);
            SendAll(false);
            Note(before, false);
            TakeEvents();
        }

        while (_wire.ToClient > 0)
        {
            moved = true;
            int length = _wire.ReceiveAtClient(_datagram);
            long before = Count();
            _client.HandleDatagram(_datagram, 0, length, _now);
            SendAll(true);
            Note(before, true);
        }

        moved |= GoOn(_server, false) | GoOn(_client, true);
        if (!moved)
        {
            throw new InvalidOperationException($"The handshake is stuck: client {_client.Association.LastError}, {_client.TakeFailure()} {_server.TakeFailure()}");
        }
    }

    /// <summary>Goes on with an operation that is done in steps.</summary>
    private bool GoOn(DtlsEngine engine, bool isClient)
    {
        if (engine.NextDeadline > _now)
        {
            return false;
        }

        long before = Count();
        engine.HandleTimeout(_now);
        SendAll(isClient);
        Note(before, isClient);
        TakeEvents();
        return true;
    }

    private void TakeEvents()
    {
        for (Association? one = _server.PollEvent(out int events); one != null; one = _server.PollEvent(out events))
        {
            _served = (events & AssociationEvents.Connected) != 0 ? one : _served;
        }
    }

    private void SendAll(bool isClient)
    {
        DtlsEngine engine = isClient ? _client : _server;
        for (Packet? packet = engine.PollDatagram(_now); packet != null; packet = engine.PollDatagram(_now))
        {
            if (isClient)
            {
                _wire.SendToServer(packet.Buffer, packet.Offset, packet.Length);
            }
            else
            {
                _wire.SendToClient(packet.Buffer, packet.Offset, packet.Length);
            }

            packet.Return();
        }
    }

    private long Count()
    {
        return CountsAllocations ? GC.GetAllocatedBytesForCurrentThread() : 0;
    }

    private void Note(long before, bool isClient)
    {
        if (CountsAllocations)
        {
            long allocated = GC.GetAllocatedBytesForCurrentThread() - before;
            Allocated = isClient ? (Allocated.Client + allocated, Allocated.Server) : (Allocated.Client, Allocated.Server + allocated);
        }
    }
}
