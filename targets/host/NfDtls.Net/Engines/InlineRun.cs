using System;
using System.Collections.Generic;

namespace NfDtls.Net;

/// <summary>
/// What waits for the datagrams of one batch goes on in the thread that received them, once that holds no lock; and what it sends there
/// goes out together.
/// </summary>
internal sealed class InlineRun
{
    [ThreadStatic]
    private static InlineRun? t_current;

    private readonly List<ReceiveQueue> _woken = [];
    private readonly List<EngineDriver> _sending = [];

    /// <summary>That of this thread; null where it receives nothing, or the application is not to go on in it.</summary>
    internal static InlineRun? Current => t_current;

    /// <summary>Whether the application is going on at this moment: what it sends may wait for more.</summary>
    internal bool IsRunning { get; private set; }

    /// <summary>A batch begins in this thread.</summary>
    internal void Enter()
    {
        t_current = this;
    }

    /// <summary>Under a lock: somebody waits for what this queue has.</summary>
    internal void Wake(ReceiveQueue queue)
    {
        _woken.Add(queue);
    }

    /// <summary>A driver has something to send.</summary>
    internal void SendLater(EngineDriver driver)
    {
        if (!_sending.Contains(driver))
        {
            _sending.Add(driver);
        }
    }

    /// <summary>The batch has ended, and no lock is held: lets the application go on, and sends what it had to send.</summary>
    /// <param name="shard">Whose thread it is; it is told what the application throws.</param>
    internal void Leave(ListenerShard shard)
    {
        IsRunning = true;
        try
        {
            for (int i = 0; i < _woken.Count; i++)
            {
                Wake(_woken[i], shard);
            }
        }
        finally
        {
            _woken.Clear();
            IsRunning = false;
            t_current = null;
        }

        for (int i = 0; i < _sending.Count; i++)
        {
            _sending[i].Wake();
        }

        _sending.Clear();
    }

    private static void Wake(ReceiveQueue queue, ListenerShard shard)
    {
        try
        {
            queue.Wake(true);
        }
        catch (Exception e)
        {
            shard.Tell(e);
        }
    }
}
