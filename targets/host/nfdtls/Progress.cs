using System;
using System.Threading;

namespace NfDtls.Tool;

/// <summary>Says on stderr how far something has come, once a second, beginning after the first; what is done sooner says nothing.</summary>
internal sealed class Progress : IDisposable
{
    private const int Interval = 1000;

    private readonly Timer _timer;

    /// <param name="screen">Where it says so.</param>
    /// <param name="how">How far it has come; called on another thread.</param>
    public Progress(Screen screen, Func<string> how)
    {
        _timer = new Timer(_ => screen.Info(how() + " so far"), null, Interval, Interval);
    }

    public void End()
    {
        _timer.Dispose();
    }

    public void Dispose()
    {
        _timer.Dispose();
    }
}
