using System;
using System.Collections.Generic;
using System.Text;
using Microsoft.VisualStudio.TestTools.UnitTesting;
using NfDtls.Crypto.Software;
using NfDtls.Server;
using NfDtls.Tests.Engine;

namespace NfDtls.Tests.Services.Engines;

/// <summary>A few clients and a small server, and one random call after the other; the same seed gives the same life.</summary>
internal sealed class RandomLife
{
    private const int Steps = 60;

    private readonly Random _random;
    private readonly VirtualNetwork _network;
    private readonly DtlsServerEngine _server;
    private readonly TestClient[] _clients;
    private readonly int _sessions;
    private readonly PskStore _keys = new PskStore();
    private readonly List<PskRequest> _asked = new();
    private readonly List<ConnectRequest> _connecting = new();
    private readonly List<Packet> _lent = new();
    private readonly byte[] _buffer = new byte[2000];
    private int _seenEvents;

    internal RandomLife(int seed)
    {
        _random = new Random(seed);
        _keys.Add(Setup.Key, Setup.Identity);
        DtlsOptions options = Options(seed);
        _sessions = _random.Next(1, 4);
        options.MaxSessions = _sessions;
        options.MaxHandshakes = _random.Next(1, 4);
        options.AskToConnect = Chance(0.3);
        options.EvictLeastRecentlyUsed = Chance(0.3);
        options.EvictAfter = 1000;
        options.IdleTimeout = 20_000;
        options.CookieExchange = Chance(0.9);
        _server = new DtlsServerEngine(options);
        bool isBad = Chance(0.7);
        _network = new VirtualNetwork(seed)
        {
            Server = _server,
            Drop = isBad ? 0.05 : 0,
            Duplicate = isBad ? 0.05 : 0,
            Delay = isBad ? 0.1 : 0,
            Corrupt = isBad ? 0.02 : 0,
            Truncate = isBad ? 0.01 : 0,
            Echo = Chance(0.5),
            PskWanted = request => _asked.Add(request),
        };
        PacketPool? shared = Chance(0.2) ? new PacketPool(_random.Next(6, 20), 1232) : null;
        _clients = new TestClient[_random.Next(1, 5)];
        for (int i = 0; i < _clients.Length; i++)
        {
            DtlsOptions own = Options(seed + i + 1);
            own.Pool = shared;
            _clients[i] = _network.Add(new DtlsClientEngine(own), Field.AddressOf(i));
        }
    }

    /// <summary>Handshakes that the server completed.</summary>
    internal int Handshakes
    {
        get { return _server.Statistics.HandshakesCompleted; }
    }

    /// <summary>Records of application data that were received.</summary>
    internal int Received { get; private set; }

    internal void Live()
    {
        for (int i = 0; i < Steps; i++)
        {
            Step();
            LookAtEvents();
            CheckCounts();
            if (Chance(0.6))
            {
                _network.Run(_random.Next(1, 300));
                LookAtEvents();
            }
        }

        End();
    }

    /// <summary>As many sessions as there may be, and what is counted is there.</summary>
    private void CheckCounts()
    {
        int sessions = 0;
        int handshakes = 0;
        int ended = 0;
        for (int i = 0; i < _server.Places; i++)
        {
            AssociationState state = _server.At(i)?.State ?? AssociationState.Idle;
            sessions += state is AssociationState.Connected or AssociationState.Closing ? 1 : 0;
            handshakes += state == AssociationState.Connecting ? 1 : 0;
            ended += state == AssociationState.Closed ? 1 : 0;
        }

        Assert.IsTrue(sessions <= _sessions, sessions + " sessions");
        Assert.AreEqual(handshakes, _server.HandshakeCount);
        Assert.AreEqual(sessions + handshakes + ended, _server.SessionCount);
    }

    private void Step()
    {
        TestClient client = _clients[_random.Next(_clients.Length)];
        Association? session = _server.At(_random.Next(_server.Places));
        int call = _random.Next(40);
        if (call < 8)
        {
            Try(() => client.Engine.Connect(_network.Now), DtlsError.AlreadyConnected);
            _network.Run(_random.Next(400));
        }
        else if (call < 14)
        {
            Send(client.Association, client.Engine.Pool);
        }
        else if (call < 20)
        {
            Receive(client.Association);
        }
        else if (call < 24)
        {
            Send(session, _server.Pool);
        }
        else if (call < 28)
        {
            Receive(session);
        }
        else if (call < 31)
        {
            Answer();
            ReturnLent();
        }
        else
        {
            CallSeldom(call, client, session);
        }
    }

    private void CallSeldom(int call, TestClient client, Association? session)
    {
        switch (call)
        {
            case 31:
                client.Association.Close(_random.Next(-1, 3) * 1000, _network.Now);
                break;
            case 32:
                client.Engine.Reset();
                break;
            case 33:
                client.Engine.HandleTimeout(_network.Now + _random.Next(3000));
                break;
            case 34:
                _server.HandleTimeout(_network.Now);
                break;
            case 35:
                session?.Close(_random.Next(0, 3) * 1000, _network.Now);
                break;
            case 36:
                if (Chance(0.2))
                {
                    _server.Reset();
                    Assert.AreEqual(0, _server.SessionCount);
                    Assert.AreEqual(0, _server.HandshakeCount);
                }

                break;
            case 37:
                if (!_keys.Remove(Setup.Identity) || Chance(0.7))
                {
                    _keys.Add(Setup.Key, Setup.Identity);
                }

                break;
            default:
                _network.Run(_random.Next(3000));
                break;
        }
    }

    private void Send(Association? association, PacketPool pool)
    {
        if (association == null)
        {
            return;
        }

        int length = _random.Next(40);
        if (Chance(0.5))
        {
            Try(() => association.Send(_buffer, 0, length, _network.Now));
            return;
        }

        Packet packet = pool.Rent();
        if (packet != null)
        {
            packet.Append(_buffer, 0, length);
            if (!Try(() => association.Send(packet, _network.Now)))
            {
                packet.Return();
            }
        }
    }

    private void Receive(Association? association)
    {
        if (association == null)
        {
            return;
        }

        if (Chance(0.5))
        {
            Try(() => Received += association.Receive(_buffer, 0) >= 0 ? 1 : 0);
            return;
        }

        Packet? lent = null;
        Try(() => lent = association.TakePacket());
        if (lent != null)
        {
            _lent.Add(lent);
            Received++;
        }
    }

    private void Answer()
    {
        foreach (PskRequest request in _asked)
        {
            if (Chance(0.7))
            {
                request.Answer(Setup.Key, Encoding.ASCII.GetBytes(Setup.Identity));
            }
            else if (Chance(0.3))
            {
                request.Refuse();
            }
        }

        foreach (ConnectRequest request in _connecting)
        {
            if (Chance(0.7))
            {
                request.Accept();
            }
            else if (Chance(0.3))
            {
                request.Refuse();
            }
        }
    }

    private void LookAtEvents()
    {
        for (; _seenEvents < _network.ServerEvents.Count; _seenEvents++)
        {
            (Association association, int events) = _network.ServerEvents[_seenEvents];
            if ((events & AssociationEvents.Connecting) != 0 && association.ConnectRequest != null)
            {
                _connecting.Add(association.ConnectRequest);
            }
        }
    }

    private void ReturnLent()
    {
        foreach (Packet packet in _lent)
        {
            packet.Return();
        }

        _lent.Clear();
    }

    // Everyone goes, without a word or with one; what the server still has ends by its timeouts alone.
    private void End()
    {
        foreach (TestClient client in _clients)
        {
            if (Chance(0.5))
            {
                client.Association.Close(1000, _network.Now);
            }
            else
            {
                client.Engine.Reset();
            }
        }

        ReturnLent();

        // A hello with a cookie that is still on its way begins one more session.
        _network.Settle();
        if (!_network.Run(() => _server.SessionCount == 0 && _server.HandshakeCount == 0, 400_000))
        {
            Assert.Fail(_server.SessionCount + " sessions and " + _server.HandshakeCount + " handshakes are left.");
        }

        _network.Settle();
        foreach (TestClient client in _clients)
        {
            // One that waits for ever for an answer to its goodbye may still do so.
            Assert.IsFalse(client.State is AssociationState.Connecting or AssociationState.Connected, "A client is " + client.State + ".");
            client.Engine.Reset();
            Assert.AreEqual(AssociationState.Idle, client.State);
            Assert.AreEqual(long.MaxValue, client.Engine.NextDeadline);
        }

        foreach (TestClient client in _clients)
        {
            Assert.AreEqual(client.Engine.Pool.Count, client.Engine.Pool.Available, "A client's pool.");
        }

        Assert.AreEqual(_server.Pool.Count, _server.Pool.Available, "The server's pool.");
    }

    private DtlsOptions Options(int seed)
    {
        DtlsOptions options = new DtlsOptions
        {
            Crypto = new SoftwareProvider(new SeededEntropy(seed)),
            Suites = PskSuites.Constrained(),
            Psk = _keys,
            PoolPackets = _random.Next(4, 12),
            ReceiveQueue = _random.Next(1, 4),
            MaxHandshakeMessage = 512,
            MaxFlight = 512,
            HeldRecords = _random.Next(0, 3),
            OutOfOrderSlots = _random.Next(0, 4),
            RetransmitTimeout = 500,
            MaxRetransmits = 4,
            HandshakeTimeout = 20_000,
            AskForPsk = Chance(0.2),
        };
        return options;
    }

    private static void Try(Action call, DtlsError error)
    {
        try
        {
            call();
        }
        catch (DtlsException e) when (e.Error == error)
        {
            // As documented.
        }
    }

    /// <summary>Whether a call on an association succeeded; it may fail for its state, for what ended it, or for want of a packet.</summary>
    private static bool Try(Action call)
    {
        try
        {
            call();
            return true;
        }
        catch (DtlsException e) when (e.Error is not (DtlsError.InternalError or DtlsError.None or DtlsError.AlreadyConnected))
        {
            return false;
        }
    }

    private bool Chance(double chance)
    {
        return _random.NextDouble() < chance;
    }
}
