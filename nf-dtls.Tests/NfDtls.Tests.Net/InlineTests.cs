using System;
using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Threading;
using System.Threading.Tasks;
using Microsoft.VisualStudio.TestTools.UnitTesting;
using NfDtls.Extensions;
using NfDtls.Net;

namespace NfDtls.Tests.Net;

/// <summary>The application goes on in the thread that receives, where it asks for that.</summary>
[TestClass]
public sealed class InlineTests
{
    [TestMethod]
    [DataRow(false)]
    [DataRow(true)]
    public async Task What_waits_goes_on_in_the_thread_that_receives_and_answers_from_there(bool isInline)
    {
        const int Echoes = 50;
        await using DtlsListener listener = await Ends.ListenAsync(options => options.UnsafePreferInlineScheduling = isInline);
        (DtlsConnection client, DtlsConnection server) = await Ends.PairAsync(listener);
        ConcurrentBag<Thread> threads = [];
        Task answering = AnswerAsync(server, threads);
        byte[] buffer = new byte[100];
        for (int i = 0; i < Echoes; i++)
        {
            await client.SendAsync(new byte[i + 1]);
            Assert.AreEqual(i + 1, await client.ReceiveAsync(buffer).AsTask().WaitAsync(Ends.Patience));
        }

        await client.DisposeAsync();
        await answering.WaitAsync(Ends.Patience);
        Assert.HasCount(Echoes, threads);
        int pooled = 0;
        foreach (Thread thread in threads)
        {
            pooled += thread.IsThreadPoolThread ? 1 : 0;
        }

        // The first may have come before anybody waited; without a thread of the listener's own, the pool's threads receive.
        Assert.IsTrue(isInline && OperatingSystem.IsLinux() ? pooled < Echoes : pooled == Echoes, $"{pooled} of {Echoes}");
    }

    [TestMethod]
    public async Task Many_clients_hear_the_whole_of_what_goes_out_together()
    {
        const int Clients = 20;
        const int Echoes = 50;
        await using DtlsListener listener = await Ends.ListenAsync(options =>
        {
            options.UnsafePreferInlineScheduling = true;
            options.Shards = 2;
        });
        Task echoing = Ends.EchoAsync(listener);
        Task[] clients = new Task[Clients];
        for (int i = 0; i < Clients; i++)
        {
            int number = i;
            clients[i] = Task.Run(async () =>
            {
                await using DtlsConnection client = await Ends.ConnectAsync(listener, options => options.ConfigureEngine = Ends.MakeSmall);
                byte[] buffer = new byte[100];
                for (int echo = 0; echo < Echoes; echo++)
                {
                    byte[] sent = [(byte)number, (byte)echo];
                    await client.SendAsync(sent);
                    Assert.AreEqual(sent.Length, await client.ReceiveAsync(buffer));
                    CollectionAssert.AreEqual(sent, buffer[..sent.Length]);
                }
            });
        }

        await Task.WhenAll(clients).WaitAsync(Ends.Patience);
        await listener.DisposeAsync();
        await echoing.WaitAsync(Ends.Patience);
    }

    [TestMethod]
    public async Task Who_ends_his_connection_or_throws_from_there_holds_up_nobody()
    {
        await using DtlsListener listener = await Ends.ListenAsync(options => options.UnsafePreferInlineScheduling = true);
        (DtlsConnection first, DtlsConnection ending) = await Ends.PairAsync(listener);
        (DtlsConnection second, DtlsConnection failing) = await Ends.PairAsync(listener);
        (DtlsConnection third, DtlsConnection answering) = await Ends.PairAsync(listener);
        Task ended = EndAsync(ending);
        Task failed = FailAsync(failing);
        Task answered = AnswerAsync(answering, []);
        await first.SendAsync(new byte[1]);
        await second.SendAsync(new byte[1]);
        await ended.WaitAsync(Ends.Patience);
        await Assert.ThrowsExactlyAsync<InvalidTimeZoneException>(() => failed.WaitAsync(Ends.Patience));
        await first.Closed.WaitAsync(Ends.Patience);
        await third.SendAsync(new byte[3]);
        Assert.AreEqual(3, await third.ReceiveAsync(new byte[10]).AsTask().WaitAsync(Ends.Patience));
        await first.DisposeAsync();
        await second.DisposeAsync();
        await third.DisposeAsync();
        await answered.WaitAsync(Ends.Patience);
    }

    [TestMethod]
    public async Task A_node_that_throws_takes_no_other_listeners_wakes()
    {
        const int Times = 50;
        byte[] record = new byte[40];
        (record[0], record[1], record[2], record[4], record[20]) = (25, 0xFE, 0xFD, 1, 19);
        ListenerSockets.UseOne = true;
        try
        {
            BrokenNode node = new();
            await using DtlsListener broken = await Ends.ListenAsync(options =>
            {
                options.UnsafePreferInlineScheduling = true;
                options.Node = node;
            });
            await using DtlsListener other = await Ends.ListenAsync();
            Task echoing = Ends.EchoAsync(other);
            await using DtlsConnection client = await Ends.ConnectAsync(other);
            using UdpClient stranger = new();
            for (int i = 0; i < Times; i++)
            {
                // In any thread of the pool, which is the other listener's afterwards.
                Task thrown = node.Next();
                while (!thrown.IsCompleted)
                {
                    await stranger.SendAsync(record, broken.LocalEndPoint);
                    await Task.WhenAny(thrown, Task.Delay(20));
                }

                await Ends.AssertEchoesAsync(client, "still here").WaitAsync(Ends.Patience);
            }

            await other.DisposeAsync();
            await echoing.WaitAsync(Ends.Patience);
        }
        finally
        {
            ListenerSockets.UseOne = false;
        }
    }

    private static async Task EndAsync(DtlsConnection connection)
    {
        await connection.ReceiveAsync(new byte[10]).ConfigureAwait(false);
        await connection.SendAsync(new byte[2]).ConfigureAwait(false);
        await connection.DisposeAsync().ConfigureAwait(false);
    }

    private static async Task FailAsync(DtlsConnection connection)
    {
        await connection.ReceiveAsync(new byte[10]).ConfigureAwait(false);
        throw new InvalidTimeZoneException();
    }

    private static async Task AnswerAsync(DtlsConnection connection, ConcurrentBag<Thread> threads)
    {
        byte[] buffer = new byte[100];
        try
        {
            while (true)
            {
                int length = await connection.ReceiveAsync(buffer).ConfigureAwait(false);
                threads.Add(Thread.CurrentThread);
                await connection.SendAsync(buffer.AsMemory(0, length)).ConfigureAwait(false);
            }
        }
        catch (DtlsException)
        {
            // It is over.
        }
    }

    private sealed class BrokenNode : ListenerNode
    {
        private TaskCompletionSource _next = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public override ReadOnlyMemory<byte> Name => new byte[] { 1 };

        public override int IdLength => 8;

        internal Task Next()
        {
            return (_next = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).Task;
        }

        public override ConnectionIds CreateIds(int shard, int shards)
        {
            return new RandomConnectionIds(IdLength);
        }

        public override int ShardOf(ReadOnlySpan<byte> id, int shards)
        {
            _next.TrySetResult();
            throw new InvalidTimeZoneException();
        }

        public override bool TryReadNode(ReadOnlySpan<byte> id, Span<byte> name)
        {
            return false;
        }

        public override bool Lives(ReadOnlySpan<byte> name)
        {
            return false;
        }

        public override bool HandOver(ReadOnlySpan<byte> name, ReadOnlySpan<byte> datagram, IPEndPoint peer)
        {
            return false;
        }
    }
}
