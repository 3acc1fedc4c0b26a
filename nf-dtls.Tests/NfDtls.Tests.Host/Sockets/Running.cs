using System;
using System.Threading;

namespace NfDtls.Tests.Host;

/// <summary>Something that runs on a thread of its own, and what it threw.</summary>
internal sealed class Running
{
    private readonly Thread _thread;
    private readonly Action _action;

    public Running(Action action)
    {
        _action = action;
        _thread = new Thread(Run) { IsBackground = true };
        _thread.Start();
    }

    public Exception? Failure { get; private set; }

    public bool IsAlive => _thread.IsAlive;

    /// <summary>Whether it has come to wait for something.</summary>
    public bool IsBlocked => (_thread.ThreadState & ThreadState.WaitSleepJoin) != 0;

    public bool Join(int milliseconds)
    {
        return _thread.Join(milliseconds);
    }

    private void Run()
    {
        try
        {
            _action();
        }
        catch (Exception e)
        {
            Failure = e;
        }
    }
}
