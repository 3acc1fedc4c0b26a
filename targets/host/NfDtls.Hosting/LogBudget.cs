using System;

namespace NfDtls.Hosting;

/// <summary>
/// How many lines strangers can have written: some at once, then one in a time. What was left out is counted, and told with the next line
/// that is written, so that a flood of failing handshakes fills no disk and still stands in the log.
/// </summary>
internal sealed class LogBudget(TimeProvider time)
{
    /// <summary>Lines that may follow each other at once.</summary>
    internal const int AtOnce = 20;

    /// <summary>The time in which one more may be written.</summary>
    internal static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    private readonly object _lock = new();
    private readonly long _begin = time.GetTimestamp();
    private TimeSpan _madeUpFor;
    private long _leftOut;

    /// <summary>Whether a line may be written.</summary>
    /// <param name="leftOut">How many were left out since the last one.</param>
    internal bool MayWrite(out long leftOut)
    {
        lock (_lock)
        {
            TimeSpan now = time.GetElapsedTime(_begin);
            leftOut = _leftOut;
            if (_madeUpFor > now + ((AtOnce - 1) * Interval))
            {
                _leftOut++;
                return false;
            }

            _madeUpFor = (_madeUpFor > now ? _madeUpFor : now) + Interval;
            _leftOut = 0;
            return true;
        }
    }
}
