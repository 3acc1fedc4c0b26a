using System;
using System.Buffers.Binary;
using System.Collections.Generic;
using Microsoft.VisualStudio.TestTools.UnitTesting;
using NfDtls.Dtls13;
using NfDtls.Extensions;
using NfDtls.Tests.Engine;

namespace NfDtls.Tests.Dtls13.LongRun;

/// <summary>A client of the long run: what it has sent and not got back, and how long nobody has answered.</summary>
internal sealed class Device
{
    /// <summary>Records without an answer before it connects anew.</summary>
    internal const int Patience = 3;

    private readonly VirtualNetwork _network;
    private readonly int _number;
    private readonly HashSet<long> _open = [];
    private readonly byte[] _buffer = new byte[2000];
    private SessionResumption _resumption = new();
    private TestClient _client = null!;
    private int _addresses;
    private int _lives;
    private long _counter;
    private int _unanswered;

    internal Device(VirtualNetwork network, int number)
    {
        _network = network;
        _number = number;
        Begin(null);
    }

    internal bool IsOf13
    {
        get { return _number % 2 == 0; }
    }

    internal long NextTime { get; set; }

    internal DtlsClientEngine Engine
    {
        get { return _client.Engine; }
    }

    internal Association Association
    {
        get { return _client.Association; }
    }

    internal byte[] Address
    {
        get { return _client.Address; }
    }

    internal bool IsConnected
    {
        get { return Association.State == AssociationState.Connected; }
    }

    internal int Sent { get; private set; }

    internal int Received { get; private set; }

    internal int Connects { get; private set; }

    /// <summary>What has come back: each of them was sent, and none has come before.</summary>
    internal void Receive()
    {
        while (Association.Pending > 0)
        {
            int length = Association.Receive(_buffer, 0);
            Assert.AreEqual(sizeof(long), length);
            Assert.IsTrue(_open.Remove(BinaryPrimitives.ReadInt64BigEndian(_buffer)), "Something came that was not sent, or came twice.");
            Received++;
            _unanswered = 0;
        }
    }

    internal void Talk()
    {
        if (!IsConnected)
        {
            return;
        }

        long value = ((long)_number << 40) | _counter++;
        _open.Add(value);
        byte[] data = new byte[sizeof(long)];
        BinaryPrimitives.WriteInt64BigEndian(data, value);
        Association.Send(data, 0, data.Length, _network.Now);
        Sent++;
        _unanswered++;
    }

    /// <summary>Connects where there is no connection, or where nobody has answered for long.</summary>
    internal void Connect()
    {
        if (IsConnected && _unanswered < Patience)
        {
            return;
        }

        if (Association.State != AssociationState.Connecting)
        {
            Receive();
            Engine.Reset();
            Engine.Connect(_network.Now);
            Connects++;
            _unanswered = 0;
        }
    }

    /// <summary>A NAT gives it another address, or it has moved.</summary>
    internal void Move()
    {
        _network.Remove(_client);
        _client = _network.Add(Engine, NextAddress());
    }

    /// <summary>It is started anew without a word, with the session that it had written down.</summary>
    internal void Restart()
    {
        Receive();
        _network.Remove(_client);
        Begin(_resumption.Session);
    }

    /// <summary>New keys: by KeyUpdate, or by a handshake within the session.</summary>
    internal void Renew(bool asks)
    {
        if (!IsConnected)
        {
            return;
        }

        if (IsOf13)
        {
            KeyUpdates.Begin(Association, asks, _network.Now);
        }
        else
        {
            Engine.Renegotiate(Association, _network.Now);
        }
    }

    internal void VerifyWhole()
    {
        Assert.AreEqual(Engine.Pool.Count, Engine.Pool.Available, "Device " + _number + " keeps a packet.");
        Assert.AreEqual(Deadline.Never, Engine.NextDeadline, "Device " + _number + " has something to do.");
    }

    private void Begin(ResumableSession? session)
    {
        _lives++;
        _resumption = new SessionResumption { Session = session };
        DtlsOptions options = IsOf13 ? Bed13.Options(false, 1, Bed13.NoGroup, true) : TestBed.HostOptions();
        options.Crypto = TestBed.HostOptions().Crypto;
        Feature ids = new ConnectionIdFeature(4);
        options.Features = IsOf13 ? [ids, _resumption] : [ids, _resumption, new Renegotiation { AllowPeer = true }];
        _client = _network.Add(new DtlsClientEngine(options), NextAddress());
        _unanswered = 0;
    }

    private byte[] NextAddress()
    {
        _addresses++;
        return [10, (byte)(_addresses >> 8), (byte)_addresses, (byte)_number, (byte)_lives, (byte)(_number >> 8)];
    }
}
