using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.Net;
using System.Threading;
using Microsoft.VisualStudio.TestTools.UnitTesting;

namespace NfDtls.Tests.Services.Sockets;

/// <summary>
/// Many clients, each on a port of its own, driven by few threads. A bounded number of them waits for an answer at one time,
/// so that the buffers of the loopback address do not overflow.
/// </summary>
internal sealed class Crew : IDisposable
{
    private const int Outstanding = 24;

    private readonly Sailor[][] _groups;

    internal Crew(int clients, int threads, IPEndPoint server)
    {
        _groups = new Sailor[threads][];
        for (int i = 0; i < threads; i++)
        {
            _groups[i] = new Sailor[(clients + threads - 1 - i) / threads];
            for (int j = 0; j < _groups[i].Length; j++)
            {
                _groups[i][j] = new Sailor(server);
            }
        }
    }

    internal void Connect()
    {
        Each(sailor => sailor.BeginConnect());
    }

    /// <summary>Every client has this many echoes.</summary>
    internal void Echo(int messages)
    {
        for (int i = 0; i < messages; i++)
        {
            int number = i;
            Each(sailor => sailor.BeginEcho(number));
        }
    }

    internal void Close()
    {
        Each(sailor => sailor.BeginClose());
        foreach (Sailor[] group in _groups)
        {
            foreach (Sailor sailor in group)
            {
                sailor.CheckClosed();
            }
        }
    }

    public void Dispose()
    {
        foreach (Sailor[] group in _groups)
        {
            foreach (Sailor sailor in group)
            {
                sailor.Dispose();
            }
        }
    }

    private void Each(Action<Sailor> begin)
    {
        List<Exception> failures = new();
        Thread[] threads = new Thread[_groups.Length];
        for (int i = 0; i < threads.Length; i++)
        {
            Sailor[] group = _groups[i];
            threads[i] = new Thread(() =>
            {
                try
                {
                    Work(group, begin);
                }
                catch (Exception e)
                {
                    lock (failures)
                    {
                        failures.Add(e);
                    }
                }
            });
            threads[i].Start();
        }

        foreach (Thread thread in threads)
        {
            thread.Join();
        }

        if (failures.Count > 0)
        {
            throw new AssertFailedException(failures[0].ToString(), failures[0]);
        }
    }

    private static void Work(Sailor[] group, Action<Sailor> begin)
    {
        Stopwatch watch = Stopwatch.StartNew();
        List<Sailor> waiting = new();
        int next = 0;
        while (next < group.Length || waiting.Count > 0)
        {
            while (next < group.Length && waiting.Count < Outstanding)
            {
                begin(group[next]);
                waiting.Add(group[next]);
                next++;
            }

            bool any = false;
            for (int i = waiting.Count - 1; i >= 0; i--)
            {
                any |= waiting[i].Work();
                if (waiting[i].IsDone)
                {
                    waiting.RemoveAt(i);
                }
            }

            if (!any)
            {
                Assert.IsTrue(watch.ElapsedMilliseconds < Setup.Patience, waiting.Count + " clients wait for ever.");
                Thread.Sleep(1);
            }
        }
    }
}
