using System;
using System.Collections.Concurrent;
using System.Threading;
using System.Threading.Tasks;
using Microsoft.VisualStudio.TestTools.UnitTesting;
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
}
