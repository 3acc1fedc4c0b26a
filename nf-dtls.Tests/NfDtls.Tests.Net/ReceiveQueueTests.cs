using System;
using System.Threading;
using System.Threading.Tasks;
using Microsoft.VisualStudio.TestTools.UnitTesting;
using NfDtls.Net;

namespace NfDtls.Tests.Net;

/// <summary>What waits in a connection, and who waits for it.</summary>
[TestClass]
public sealed class ReceiveQueueTests
{
    [TestMethod]
    public void There_is_room_for_so_many_and_they_come_out_in_order()
    {
        ReceiveQueue queue = new(2);
        Assert.IsTrue(queue.TryAdd(Of(1), out bool isWaitedFor));
        Assert.IsFalse(isWaitedFor);
        Assert.IsTrue(queue.TryAdd(Of(2), out _));
        Assert.IsFalse(queue.TryAdd(Of(3), out _));
        Assert.AreEqual(DtlsError.MessageTooLarge, Assert.ThrowsExactly<DtlsException>(() => queue.TryTake(0, out _)).Error);
        Assert.AreEqual(1, Take(queue));
        Assert.IsTrue(queue.TryAdd(Of(3), out _));
        Assert.AreEqual(2, Take(queue));
        Assert.AreEqual(3, Take(queue));
        Assert.IsFalse(queue.TryTake(1, out _));
    }

    [TestMethod]
    public void Who_waits_goes_on_in_the_waking_thread_or_in_the_pool_as_it_is_told()
    {
        ReceiveQueue queue = new(2);
        foreach (bool here in new[] { true, false, true })
        {
            Task<Thread> waiting = WaitAsync(queue);
            Assert.IsTrue(queue.TryAdd(Of(1), out bool isWaitedFor));
            Assert.IsTrue(isWaitedFor);
            Assert.IsFalse(waiting.IsCompleted, "Putting something in wakes nobody: that is for when no lock is held.");
            Thread? waker = null;
            Thread thread = new(() =>
            {
                waker = Thread.CurrentThread;
                queue.Wake(here);
            });
            thread.Start();
            Assert.IsTrue(thread.Join(Ends.Patience));
            Assert.AreEqual(here, waiting.WaitAsync(Ends.Patience).GetAwaiter().GetResult() == waker);
        }
    }

    [TestMethod]
    public async Task Several_wait_and_each_that_is_woken_finds_one_or_waits_on()
    {
        ReceiveQueue queue = new(8);
        Task<int>[] takers = [TakeAsync(queue, default), TakeAsync(queue, default), TakeAsync(queue, default)];
        for (int i = 1; i <= takers.Length; i++)
        {
            Assert.IsTrue(queue.TryAdd(Of(i), out _));
            queue.Wake(i == 2);
        }

        int[] taken = await Task.WhenAll(takers).WaitAsync(Ends.Patience);
        Array.Sort(taken);
        CollectionAssert.AreEqual(new[] { 1, 2, 3 }, taken);
    }

    [TestMethod]
    public async Task A_wait_that_is_ended_takes_nothing_and_leaves_the_others_waiting()
    {
        ReceiveQueue queue = new(2);
        using CancellationTokenSource source = new();
        Task<int> ended = TakeAsync(queue, source.Token);
        Task<int> other = TakeAsync(queue, default);
        await source.CancelAsync();
        OperationCanceledException exception = await Assert.ThrowsExactlyAsync<OperationCanceledException>(() => ended.WaitAsync(Ends.Patience));
        Assert.AreEqual(source.Token, exception.CancellationToken);
        await Assert.ThrowsExactlyAsync<OperationCanceledException>(() => TakeAsync(queue, source.Token));
        queue.TryAdd(Of(7), out _);
        queue.Wake(false);
        Assert.AreEqual(7, await other.WaitAsync(Ends.Patience));
    }

    [TestMethod]
    public async Task What_came_before_the_end_is_taken_and_then_all_are_told()
    {
        ReceiveQueue queue = new(2);
        Task<int> first = TakeAsync(queue, default);
        Task<int> second = TakeAsync(queue, default);
        queue.TryAdd(Of(5), out _);
        queue.Complete();
        Assert.IsFalse(queue.TryAdd(Of(6), out _));
        int[] taken = await Task.WhenAll(first, second).WaitAsync(Ends.Patience);
        Assert.AreEqual(5, taken[0] + taken[1] + 1);
        Assert.IsFalse(await queue.WaitAsync(default));
    }

    private static Received Of(byte value)
    {
        return new Received([value], 1);
    }

    private static Received Of(int value)
    {
        return Of((byte)value);
    }

    private static int Take(ReceiveQueue queue)
    {
        Assert.IsTrue(queue.TryTake(1, out Received datagram));
        return datagram.Buffer[0];
    }

    private static async Task<Thread> WaitAsync(ReceiveQueue queue)
    {
        Assert.IsTrue(await queue.WaitAsync(default).ConfigureAwait(false));
        Thread here = Thread.CurrentThread;
        Take(queue);
        return here;
    }

    // -1 at the end.
    private static async Task<int> TakeAsync(ReceiveQueue queue, CancellationToken cancellationToken)
    {
        while (true)
        {
            if (queue.TryTake(1, out Received datagram))
            {
                return datagram.Buffer[0];
            }

            if (!await queue.WaitAsync(cancellationToken).ConfigureAwait(false))
            {
                return -1;
            }
        }
    }
}
