using System;
using System.Collections.Generic;
using NfDtls.Extensions;
using NfDtls.Server;
using NfDtls.Tests.Engine;

namespace NfDtls.Tests.Extensions;

/// <summary>
/// One end of a connection whose application stores each promise, and crashes: before a promise is stored, after it, in the midst
/// of everything. What it has in storage is all that it wakes with.
/// </summary>
internal sealed class DurableEnd
{
    private readonly bool _isServer;
    private readonly VirtualNetwork _network;
    private readonly Random _random;
    private readonly Func<DtlsOptions> _options;
    private readonly HashSet<int> _delivered = new();
    private readonly byte[] _address;
    private TestClient? _client;
    private DtlsServerEngine? _server;
    private DurableAssociations _saver = new();
    private byte[]? _stored;
    private int _next;

    internal DurableEnd(bool isServer, VirtualNetwork network, Random random, Func<DtlsOptions> options, byte[] address)
    {
        _isServer = isServer;
        _network = network;
        _random = random;
        _options = options;
        _address = address;
        Boot();
    }

    internal int Delivered
    {
        get { return _delivered.Count; }
    }

    internal int Crashes { get; private set; }

    internal int Sleeps { get; private set; }

    internal int Sent { get; private set; }

    internal int Refused { get; private set; }

    internal int Stored { get; private set; }

    internal Association? Association
    {
        get { return _isServer ? _server!.Find(_address, _address.Length) : _client!.Association; }
    }

    internal bool IsConnected
    {
        get { return Association != null && Association.State == AssociationState.Connected; }
    }

    internal DtlsClientEngine ClientEngine
    {
        get { return _client!.Engine; }
    }

    internal void Send()
    {
        if (!IsConnected)
        {
            return;
        }

        byte[] data = new byte[5 + _random.Next(40)];
        data[0] = (byte)(_isServer ? 's' : 'c');
        BitConverter.TryWriteBytes(data.AsSpan(1), _next++);
        try
        {
            Association!.Send(data, 0, data.Length, _network.Now);
            Sent++;
            _network.Flush();
        }
        catch (DtlsException e) when (e.Error == DtlsError.PromiseNotStored)
        {
            Refused++;
        }
    }

    /// <summary>The application reads what came: it may come once in all lives.</summary>
    internal void Receive()
    {
        byte[] buffer = new byte[2000];
        while (IsConnected && Association!.Pending > 0)
        {
            int length = Association.Receive(buffer, 0);
            if (length < 5 || buffer[0] != (_isServer ? 'c' : 's') || !_delivered.Add(BitConverter.ToInt32(buffer, 1)))
            {
                throw new InvalidOperationException("Delivered twice: " + BitConverter.ToInt32(buffer, 1) + ".");
            }
        }
    }

    /// <summary>Stores the next promise, or crashes on the way to it.</summary>
    internal void Store(double crash)
    {
        if (!IsConnected)
        {
            return;
        }

        byte[] buffer = new byte[600];
        int length = _saver.WritePromise(Association!, SleepingEnds.Key, buffer, 0);
        if (_random.NextDouble() < crash)
        {
            Crash();
            return;
        }

        _stored = buffer.AsSpan(0, length).ToArray();
        Stored++;
        if (_random.NextDouble() < crash)
        {
            Crash();
            return;
        }

        _saver.PromiseStored(Association!, buffer, 0);
    }

    /// <summary>RAM is lost, and the storage is as it is.</summary>
    internal void Crash()
    {
        Crashes++;
        Boot();
        Wake();
    }

    /// <summary>Sleeps in order; the export may be lost all the same, and then an older promise is there.</summary>
    internal void Sleep(double lost)
    {
        if (!IsConnected)
        {
            return;
        }

        Receive();
        Sleeps++;
        byte[] saved = SleepingEnds.Export(_saver, Association!);
        if (_random.NextDouble() >= lost)
        {
            _stored = saved;
        }

        _network.Flush();
        Boot();
        Wake();
    }

    /// <summary>Whether the next promise is wanted.</summary>
    internal bool TakeAsked()
    {
        _network.Flush();
        bool asked = false;
        if (_isServer)
        {
            foreach ((Association association, int events) in _network.ServerEvents)
            {
                asked |= association == Association && (events & AssociationEvents.PromiseWanted) != 0;
            }

            _network.ServerEvents.Clear();
        }
        else
        {
            asked = (_client!.Events & AssociationEvents.PromiseWanted) != 0;
            _client.Events = 0;
        }

        return asked;
    }

    private void Boot()
    {
        DtlsOptions options = _options();
        _saver = new DurableAssociations { WriteBlock = 2 + _random.Next(20), ReadBlock = 2 + _random.Next(20) };
        options.Features = new Feature[] { _saver };
        if (_isServer)
        {
            _server = new DtlsServerEngine(options);
            _network.Server = _server;
            _network.ServerEvents.Clear();
        }
        else
        {
            if (_client != null)
            {
                _network.Remove(_client);
            }

            _client = _network.Add(new DtlsClientEngine(options), _address);
        }
    }

    private void Wake()
    {
        if (_stored != null)
        {
            _saver.Import(_isServer ? _server! : _client!.Engine, SleepingEnds.Key, _stored, 0, _stored.Length, 0, _network.Now);
        }
    }
}
