using System;
using System.Buffers.Binary;
using System.Collections.Generic;
using NfDtls.Server;

namespace NfDtls.Bench;

/// <summary>A server's engine with many sessions. Clients shake hands one after the other; some of them stay, and send.</summary>
internal sealed class Crowd : IDisposable
{
    private const int AddressLength = 8;
    private const int Size = 64;
    private const int Batch = 1000;
    private const int Place = 128;

    private readonly DtlsServerEngine _server;
    private readonly CryptoProvider _clientsCrypto;
    private readonly PacketPool _pool = new(256, 2048);
    private readonly List<DtlsClientEngine> _clients = [];
    private readonly byte[] _address = new byte[AddressLength];
    private readonly byte[] _datagram = new byte[Wire.Longest];
    private readonly byte[] _data = new byte[Size];
    private readonly byte[] _received = new byte[Wire.Longest];
    private readonly Random _random = new(1);
    private byte[] _waiting = [];
    private int[] _lengths = [];
    private int[] _from = [];
    private long _now = 1_000_000;

    /// <param name="contestant">The provider of the server.</param>
    /// <param name="sessions">Sessions that the server has in the end.</param>
    /// <param name="kept">Of these, the last ones whose clients stay.</param>
    internal Crowd(string contestant, int sessions, int kept)
    {
        Row row = new(Work.Handshake, Suite.PskCcm8, false, false, Way.Memory, 0);
        DtlsOptions options = OurOptions.Server(row, OurOptions.Provider(contestant), "");
        options.MaxSessions = sessions + 1;
        options.PoolPackets = 128;
        _server = new DtlsServerEngine(options);
        _clientsCrypto = OurOptions.Provider(contestant);
        for (int i = 0; i < sessions; i++)
        {
            DtlsClientEngine client = Connect(i);
            if (i >= sessions - kept)
            {
                _clients.Add(client);
            }
        }
    }

    /// <summary>Nanoseconds of the processor's time that the server needs for a record of 64 bytes of a client drawn at random: the median of the rounds.</summary>
    internal double Measure(Settings settings)
    {
        // Until it has been compiled.
        for (long spent = 0; spent < settings.Warmth * 1_000_000L;)
        {
            Seal(1);
            spent += Take(0);
        }

        // All sealed beforehand: the clients are elsewhere, and not in the server's caches.
        int batches = settings.Rounds * 5;
        Seal(batches);
        List<double> costs = [];
        for (int i = 0; i < batches; i++)
        {
            costs.Add((double)Take(i) / Batch);
        }

        return Ratio.Of(costs).Median;
    }

    private void Seal(int batches)
    {
        if (_lengths.Length < batches * Batch)
        {
            _waiting = new byte[batches * Batch * Place];
            _lengths = new int[batches * Batch];
            _from = new int[batches * Batch];
        }

        int first = _server.SessionCount - _clients.Count;
        for (int i = 0; i < batches * Batch; i++)
        {
            int which = _random.Next(_clients.Count);
            DtlsClientEngine client = _clients[which];
            client.Association.Send(_data, 0, Size, _now);
            Packet packet = client.PollDatagram(_now)!;
            _lengths[i] = packet.CopyTo(_waiting, i * Place);
            _from[i] = first + which;
            packet.Return();
        }
    }

    private long Take(int batch)
    {
        long before = CpuTime.Now;
        for (int i = batch * Batch; i < (batch + 1) * Batch; i++)
        {
            SetAddress(_from[i]);
            _server.HandleDatagram(_waiting, i * Place, _lengths[i], _address, AddressLength, _now);
            for (Association? one = _server.PollEvent(out _); one != null; one = _server.PollEvent(out _))
            {
                if (one.Receive(_received, 0) != Size)
                {
                    throw new InvalidOperationException("A record got lost.");
                }
            }
        }

        return CpuTime.Now - before;
    }

    internal void ForgetClients()
    {
        _clients.Clear();
    }

    public void Dispose()
    {
        _server.Reset();
    }

    private DtlsClientEngine Connect(int number)
    {
        Row row = new(Work.Handshake, Suite.PskCcm8, false, false, Way.Memory, 0);
        DtlsOptions options = OurOptions.Client(row, _clientsCrypto, "");
        options.Pool = _pool;
        DtlsClientEngine client = new(options);
        SetAddress(number);
        _now += 1;
        client.Connect(_now);
        for (int turns = 0; client.Association.State != AssociationState.Connected; turns++)
        {
            if (turns > 20)
            {
                throw new InvalidOperationException($"Session {number} is stuck: {client.Association.LastError}.");
            }

            for (Packet? packet = client.PollDatagram(_now); packet != null; packet = client.PollDatagram(_now))
            {
                int length = packet.CopyTo(_datagram, 0);
                packet.Return();
                _server.HandleDatagram(_datagram, 0, length, _address, AddressLength, _now);
            }

            for (Packet? packet = _server.PollDatagram(_now); packet != null; packet = _server.PollDatagram(_now))
            {
                int length = packet.CopyTo(_datagram, 0);
                packet.Return();
                client.HandleDatagram(_datagram, 0, length, _now);
            }
        }

        while (_server.PollEvent(out _) != null)
        {
        }

        return client;
    }

    private void SetAddress(int number)
    {
        // Of many hosts, as a gateway sees them.
        BinaryPrimitives.WriteInt32LittleEndian(_address.AsSpan(4), number * 7919);
    }
}
