using System;
using System.Threading;

namespace NfDtls.Tests.Cluster;

/// <summary>A time that goes on where a test says so.</summary>
internal sealed class StillTime : TimeProvider
{
    private long _now = 1;

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override long GetTimestamp()
    {
        return Interlocked.Read(ref _now);
    }

    internal void Pass(TimeSpan time)
    {
        Interlocked.Add(ref _now, time.Ticks);
    }
}
