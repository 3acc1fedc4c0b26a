using System;
using System.Collections.Concurrent;
using System.Linq;
using System.Threading;
using CsCheck;
using Microsoft.VisualStudio.TestTools.UnitTesting;

namespace NfDtls.Tests.Services.Model;

/// <summary>
/// DtlsClient and DtlsServer, with their threads, under calls in random order from several threads. The calls are the same in
/// every run of the test; how the threads interleave is the machine's.
/// </summary>
[TestClass]
public class InterleavingTests
{
    private const int Runs = 10_000;
    private const int Lanes = 8;
    private const ulong Seed = 2026;

    [TestMethod]
    public void Ten_thousand_random_plans_of_calls_from_several_threads_end_with_nothing_left()
    {
        ConcurrentQueue<Exception> failures = new();
        int next = 0;
        int connected = 0;
        int records = 0;
        Thread[] lanes = new Thread[Lanes];
        for (int i = 0; i < Lanes; i++)
        {
            lanes[i] = new Thread(() =>
            {
                try
                {
                    for (int run = Interlocked.Increment(ref next); (run <= Runs || !IsEnough()) && failures.IsEmpty; run = Interlocked.Increment(ref next))
                    {
                        // A seed for each run, as CsCheck's own seed is for the first alone. A failure names the seed and the plan.
                        Plan.Any.Sample(plan => Play(plan, ref connected, ref records), seed: new PCG((uint)run, Seed).ToString(), iter: 1, threads: 1);
                    }
                }
                catch (Exception e)
                {
                    failures.Enqueue(e);
                }
            });
            lanes[i].Start();
        }

        foreach (Thread lane in lanes)
        {
            lane.Join();
        }

        Assert.IsTrue(failures.IsEmpty, string.Join(Environment.NewLine, failures));

        // Most of the plans connect on a machine with nothing else to do; on a busy one the calls are over before a handshake is, and
        // more of them are played.
        bool IsEnough() => Volatile.Read(ref connected) > Runs / 100 && Volatile.Read(ref records) > Runs / 1000;
    }

    private static void Play(Plan plan, ref int connected, ref int records)
    {
        Stage stage = new Stage(plan);
        Thread waiter = Start(stage, calls => calls.Wait(stage.Clients[^1], plan.Seed % 2 == 0));
        Thread[] threads = plan.Threads.Select(steps => Start(stage, calls => calls.Make(steps))).ToArray();
        foreach (Thread thread in threads)
        {
            Assert.IsTrue(thread.Join(Setup.Patience), "A call does not end.");
        }

        stage.Dispose();
        Assert.IsTrue(waiter.Join(Setup.Patience), "A call that waits for ever does not end with Dispose.");
        stage.CheckEmpty();
        Interlocked.Add(ref connected, stage.Connected);
        Interlocked.Add(ref records, stage.Records);
    }

    private static Thread Start(Stage stage, Action<Calls> make)
    {
        Thread thread = new Thread(() =>
        {
            try
            {
                make(new Calls(stage));
            }
            catch (Exception e)
            {
                stage.Failures.Enqueue(e);
            }
        });
        thread.IsBackground = true;
        thread.Start();
        return thread;
    }
}
