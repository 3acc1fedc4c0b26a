using System;
using System.Collections.Generic;
using System.Linq;
using System.Runtime.CompilerServices;
using System.Threading;
using System.Threading.Tasks;
using NfDtls.Hosting;
using NfDtls.Net;

namespace FleetGateway;

/// <summary>What the page shows: taken from the listener's counts and the registry, now or every second.</summary>
internal sealed class Snapshots(DtlsServerService server, DeviceRegistry registry, TimeProvider time)
{
    private static readonly TimeSpan Every = TimeSpan.FromSeconds(1);

    private readonly Lock _lock = new();
    private long _since = time.GetTimestamp();
    private long _handshakes;
    private double _perSecond;

    internal Snapshot Take()
    {
        DtlsListenerStatistics counts = server.Listener?.GetStatistics() ?? new DtlsListenerStatistics();
        DeviceView[] devices = registry.All.Select(device => device.View()).ToArray();
        return new Snapshot(
            server.IsReady, devices.Count(device => device.IsConnected), counts.Sessions, counts.Handshakes, counts.HandshakesCompleted, counts.HandshakesFailed,
            RateOf(counts.HandshakesCompleted), counts.RecordsDropped, counts.DatagramsLost, counts.PeersMoved, devices);
    }

    internal async IAsyncEnumerable<Snapshot> WatchAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using PeriodicTimer timer = new(Every, time);
        do
        {
            yield return Take();
        }
        while (await WaitAsync(timer, cancellationToken));
    }

    private static async Task<bool> WaitAsync(PeriodicTimer timer, CancellationToken cancellationToken)
    {
        try
        {
            return await timer.WaitForNextTickAsync(cancellationToken);
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }

    // Over a second or more, whoever asks.
    private double RateOf(long handshakes)
    {
        lock (_lock)
        {
            TimeSpan passed = time.GetElapsedTime(_since);
            if (passed >= Every)
            {
                _perSecond = (handshakes - _handshakes) / passed.TotalSeconds;
                _handshakes = handshakes;
                _since = time.GetTimestamp();
            }

            return _perSecond;
        }
    }
}

/// <summary>The gateway at one moment.</summary>
internal sealed record Snapshot(
    bool IsReady, int DevicesConnected, int Sessions, int HandshakesRunning, long HandshakesCompleted, long HandshakesFailed, double HandshakesPerSecond, long RecordsDropped, long DatagramsLost, long PeersMoved, IReadOnlyList<DeviceView> Devices);
