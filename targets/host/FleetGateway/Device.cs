using System;
using System.Collections.Generic;
using System.Threading;
using NfDtls.Net;

namespace FleetGateway;

/// <summary>What is known of one device: who it is, whether it is connected, what it told, what it is to be told. Safe from any thread.</summary>
internal sealed class Device(string identity, string label, byte[] key)
{
    private const int MostValues = 32;

    private readonly Lock _lock = new();
    private readonly Dictionary<string, Reading> _telemetry = new(StringComparer.Ordinal);
    private readonly HashSet<DtlsConnection> _connections = [];
    private string _settings = "{}";
    private DateTimeOffset? _lastHeard;
    private string? _endPoint;
    private long _messages;
    private int _moves;
    private int _sessions;

    internal string Identity => identity;

    internal ReadOnlyMemory<byte> Key => key;

    /// <summary>What it gets where it asks for its settings.</summary>
    internal string Settings
    {
        get => Volatile.Read(ref _settings);
        set => Volatile.Write(ref _settings, value);
    }

    internal void Connect(DtlsConnection connection)
    {
        lock (_lock)
        {
            _connections.Add(connection);
            _sessions++;
            _endPoint = connection.RemoteEndPoint.ToString();
        }
    }

    internal void Disconnect(DtlsConnection connection)
    {
        lock (_lock)
        {
            _connections.Remove(connection);
        }
    }

    internal void Hear(DtlsConnection connection, DateTimeOffset now)
    {
        string from = connection.RemoteEndPoint.ToString();
        lock (_lock)
        {
            _messages++;
            _lastHeard = now;
            _moves += from == _endPoint ? 0 : 1;
            _endPoint = from;
        }
    }

    /// <summary>Keeps a value; false where it has told too many already.</summary>
    internal bool Tell(string name, string value, DateTimeOffset now)
    {
        lock (_lock)
        {
            if (!_telemetry.ContainsKey(name) && _telemetry.Count == MostValues)
            {
                return false;
            }

            _telemetry[name] = new Reading(value, now);
            return true;
        }
    }

    /// <summary>Takes a value that was told elsewhere, unless a later one is here: it was on its way while the device told that.</summary>
    internal void Recall(string name, Reading told)
    {
        lock (_lock)
        {
            if (!(Find(name)?.At > told.At))
            {
                Tell(name, told.Value, told.At);
            }
        }
    }

    internal Reading? Find(string name)
    {
        lock (_lock)
        {
            return _telemetry.GetValueOrDefault(name);
        }
    }

    internal DeviceView View()
    {
        lock (_lock)
        {
            return new DeviceView(identity, label, _connections.Count > 0, _sessions, _messages, _moves, _endPoint, _lastHeard, new Dictionary<string, Reading>(_telemetry));
        }
    }
}

/// <summary>A value that a device told, and when.</summary>
internal sealed record Reading(string Value, DateTimeOffset At);

/// <summary>A device as REST and the page show it. Its key is not in it.</summary>
/// <remarks>Of a fleet: the node where it was heard last, and how often that was another one than before.</remarks>
internal sealed record DeviceView(
    string Identity, string Label, bool IsConnected, int Sessions, long Messages, int Moves, string? EndPoint, DateTimeOffset? LastHeard, Dictionary<string, Reading> Telemetry, string? Node = null, int Handovers = 0);
