using System;
using System.Collections.Generic;
using System.Linq;
using Microsoft.VisualStudio.TestTools.UnitTesting;
using NfDtls.Dtls13;
using NfDtls.Dtls13.Server;
using NfDtls.Extensions;
using NfDtls.Server;
using NfDtls.Tests.Engine;

namespace NfDtls.Tests.Dtls13.LongRun;

/// <summary>
/// A server of both versions and its devices over hours of virtual time: each says something every few minutes, over a network that
/// loses, doubles and delays, and now and then moves, renews its keys, closes, fails, restarts, or is spoken for by somebody else.
/// </summary>
internal sealed class Site
{
    private const int Hour = 3_600_000;
    private const int IdleTimeout = Hour;
    private const int Least = 2 * 60_000;
    private const int Most = 8 * 60_000;

    private readonly VirtualNetwork _network;
    private readonly Random _random;
    private readonly List<Device> _devices = [];
    private readonly PriorityQueue<Device, long> _next = new();
    private readonly List<long> _memory = [];
    private readonly int _sessions;
    private DtlsServerEngine _server = null!;
    private int _completed;
    private int _datagrams;
    private long _bytes;

    internal Site(int seed, int sessions)
    {
        _sessions = sessions;
        _random = new Random(seed);
        _network = new VirtualNetwork(seed) { LongestDelay = 400 };
        StartServer();
        for (int i = 0; i < sessions; i++)
        {
            Device device = new(_network, i);
            _devices.Add(device);
            _next.Enqueue(device, _network.Now + _random.Next(Most));
        }
    }

    internal int Moves { get; private set; }

    internal int Renewals { get; private set; }

    internal int Alerts { get; private set; }

    internal int Closes { get; private set; }

    internal int Restarts { get; private set; }

    internal int Replays { get; private set; }

    internal int Handshakes { get; private set; }

    internal int Datagrams { get; private set; }

    /// <summary>Records that may well have got no answer: those said to a server that had been started anew.</summary>
    internal int Excused { get; private set; }

    internal int Sent
    {
        get { return _devices.Sum(device => device.Sent); }
    }

    internal int Received
    {
        get { return _devices.Sum(device => device.Received); }
    }

    /// <summary>Bytes in use after each hour.</summary>
    internal IReadOnlyList<long> Memory
    {
        get { return _memory; }
    }

    internal long Now
    {
        get { return _network.Now; }
    }

    /// <summary>An hour of it.</summary>
    internal void LiveAnHour()
    {
        Disturb(0.02);
        long end = _network.Now + Hour;
        while (_next.TryPeek(out Device? device, out long time) && time < end)
        {
            _network.Run(Math.Max(0, time - _network.Now));
            _next.Dequeue();
            Act(device);
            _next.Enqueue(device, _network.Now + _random.Next(Least, Most));
            Count();
        }

        _network.Run(Math.Max(0, end - _network.Now));
        Count();
        Assert.IsLessThanOrEqualTo(_server.Options.MaxHandshakes, _server.HandshakeCount);
        Assert.IsLessThanOrEqualTo(_server.Options.MaxSessions, _server.SessionCount);
        _memory.Add(GC.GetTotalMemory(true));
    }

    /// <summary>The clock of both ends is put forward or back.</summary>
    internal void Jump(long milliseconds)
    {
        _network.Now += milliseconds;
        foreach (Device device in _devices)
        {
            device.Receive();
        }
    }

    /// <summary>The server is started anew: it knows nothing of its sessions but the key of its tickets.</summary>
    internal void RestartServer()
    {
        Restarts++;
        Excused += _sessions * (Device.Patience + 1);
        StartServer();
    }

    /// <summary>On a good network everyone comes back, and gets an answer to what it says.</summary>
    internal void VerifyAllComeBack()
    {
        Disturb(0);
        _network.Run(120_000);
        foreach (Device device in _devices)
        {
            device.Receive();
            int received = device.Received;
            for (int i = 0; i < 12 && device.Received == received; i++)
            {
                device.Connect();
                _network.Run(3_000);
                device.Talk();
                _network.Run(3_000);
                device.Receive();
            }

            Assert.IsGreaterThan(received, device.Received, "A device of " + (device.IsOf13 ? "1.3" : "1.2") + " does not come back: " + device.Association.State + " " + device.Association.LastError);
            Count();
        }
    }

    /// <summary>All close, and what nobody closed ends by its idle time: nothing is left.</summary>
    internal void VerifyNothingIsLeft()
    {
        foreach (Device device in _devices)
        {
            device.Association.Close(0, _network.Now);
        }

        _network.Run(IdleTimeout + Hour);
        Count();
        Assert.AreEqual(0, _server.SessionCount);
        Assert.AreEqual(0, _server.HandshakeCount);
        Assert.AreEqual(_server.Pool.Count, _server.Pool.Available, "The server keeps a packet.");
        Assert.AreEqual(Deadline.Never, _server.NextDeadline);
        foreach (Device device in _devices)
        {
            device.VerifyWhole();
        }
    }

    private void Act(Device device)
    {
        device.Receive();
        device.Connect();
        switch (_random.Next(50))
        {
            case 0:
            case 1:
                device.Move();
                Moves++;
                break;
            case 2:
            case 3:
                device.Renew(_random.Next(2) == 0);
                Renewals++;
                break;
            case 4:
                device.Association.Close(_random.Next(2) * 5000, _network.Now);
                Closes++;
                break;
            case 5:
                Alert(device);
                break;
            case 6:
                device.Restart();
                Restarts++;
                break;
            case 7:
                Replay(device);
                break;
            default:
                break;
        }

        device.Talk();
    }

    /// <summary>A fatal alert of its own, or one that somebody made up.</summary>
    private void Alert(Device device)
    {
        Alerts++;
        if (device.IsConnected && _random.Next(2) == 0)
        {
            device.Association.Fail(DtlsError.InternalError);
            return;
        }

        byte[] alert = TestBed.Record(ContentType.Alert, 0, 1000, 2, NfDtls.Alert.HandshakeFailure);
        _network.Inject(true, device.Address, alert, 5);
        _network.Inject(false, device.Address, alert, 5);
    }

    /// <summary>What was seen on the way comes again, from where it came and from elsewhere.</summary>
    private void Replay(Device device)
    {
        Replays++;
        for (int i = 0; i < 5 && _network.Sent.Count > 0; i++)
        {
            Datagram seen = _network.Sent[_random.Next(_network.Sent.Count)];
            byte[] from = _random.Next(2) == 0 ? seen.Address : [203, 0, 113, (byte)_random.Next(256), 1, 1];
            _network.Inject(seen.ToServer, seen.ToServer ? from : seen.Address, seen.Bytes, _random.Next(1000));
        }
    }

    /// <summary>The server's counters say what was seen of it.</summary>
    private void Count()
    {
        if (_network.Sent.Count < 1000 && _network.ServerEvents.Count < 1000 && _network.Now % Hour != 0)
        {
            return;
        }

        CountNow();
    }

    private void CountNow()
    {
        foreach ((_, int events) in _network.ServerEvents)
        {
            _completed += (events & AssociationEvents.Connected) != 0 ? 1 : 0;
            _completed += (events & AssociationEvents.Renegotiated) != 0 ? 1 : 0;
        }

        Datagrams += _network.Sent.Count;
        _datagrams += _network.Sent.Count(datagram => !datagram.ToServer);
        _bytes += _network.Sent.Where(datagram => !datagram.ToServer).Sum(datagram => (long)datagram.Bytes.Length);
        _network.ServerEvents.Clear();
        _network.Sent.Clear();
        DtlsStatistics statistics = _server.Statistics;
        Assert.AreEqual(_datagrams, statistics.DatagramsSent);
        Assert.AreEqual(_bytes, statistics.BytesSent);
        Assert.AreEqual(_completed, statistics.HandshakesCompleted);
    }

    private void StartServer()
    {
        if (_server != null)
        {
            CountNow();
            Handshakes += _completed;
        }

        _completed = 0;
        _datagrams = 0;
        _bytes = 0;
        DtlsOptions options = TestBed.HostOptions();
        options.Suites = Suites13.AddTo(PskSuites.Constrained());
        options.Versions = new VersionTable().Add(new ServerVersion13(Bed13.NoGroup, true)).Add(new Dtls12());
        options.Features = [new ConnectionIdFeature(8), new SessionResumption { TicketKeys = new SharedKeys() }, new Renegotiation { AllowPeer = true }];
        options.MaxSessions = 2 * _sessions;
        options.MaxHandshakes = 16;
        options.PoolPackets = 64;
        options.IdleTimeout = IdleTimeout;
        _server = new DtlsServerEngine(options);
        _network.Server = _server;
    }

    private void Disturb(double chance)
    {
        _network.Drop = chance;
        _network.Duplicate = chance;
        _network.Delay = chance;
    }
}
