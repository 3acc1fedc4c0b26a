using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using NfDtls.Hosting;
using NfDtls.Net;

namespace FleetGateway;

/// <summary>What one process shows: taken from the listener's counts and the registry.</summary>
internal sealed class Snapshots(DtlsServerService server, DeviceRegistry registry, TimeProvider time) : IGateway
{
    private readonly Rate _handshakes = new(time);

    public Snapshot Take()
    {
        DtlsListenerStatistics counts = server.Listener?.GetStatistics() ?? new DtlsListenerStatistics();
        DeviceView[] devices = registry.All.Select(device => device.View()).ToArray();
        return new Snapshot(
            server.IsReady, devices.Count(device => device.IsConnected), counts.Sessions, counts.Handshakes, counts.HandshakesCompleted, counts.HandshakesFailed,
            _handshakes.Of(counts.HandshakesCompleted), counts.RecordsDropped, counts.DatagramsLost, counts.PeersMoved, counts.AssociationsTakenOver, devices, []);
    }

    public string? SettingsOf(string identity)
    {
        return registry.Find(identity)?.Settings;
    }

    public ValueTask SetAsync(string identity, string settings)
    {
        if (registry.Find(identity) is { } device)
        {
            device.Settings = settings;
        }

        return ValueTask.CompletedTask;
    }
}

/// <summary>How fast a count grows: over a second or more, whoever asks.</summary>
internal sealed class Rate(TimeProvider time)
{
    private static readonly TimeSpan Every = TimeSpan.FromSeconds(1);

    private readonly Lock _lock = new();
    private long _since = time.GetTimestamp();
    private long _before;
    private double _perSecond;

    internal double Of(long count)
    {
        lock (_lock)
        {
            TimeSpan passed = time.GetElapsedTime(_since);
            if (passed >= Every)
            {
                _perSecond = Math.Max(0, count - _before) / passed.TotalSeconds;
                _before = count;
                _since = time.GetTimestamp();
            }

            return _perSecond;
        }
    }
}

/// <summary>The gateway at one moment.</summary>
internal sealed record Snapshot(
    bool IsReady, int DevicesConnected, int Sessions, int HandshakesRunning, long HandshakesCompleted, long HandshakesFailed, double HandshakesPerSecond, long RecordsDropped, long DatagramsLost, long PeersMoved,
    long AssociationsTakenOver, IReadOnlyList<DeviceView> Devices, IReadOnlyList<NodeView> Nodes);

/// <summary>A node of a fleet.</summary>
internal sealed record NodeView(string Name, int ProcessId, bool IsAlive, int DevicesConnected, int Sessions, long HandshakesCompleted, long AssociationsTakenOver, long RecordsDropped);
