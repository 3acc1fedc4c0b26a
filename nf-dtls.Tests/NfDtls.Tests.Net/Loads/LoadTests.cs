using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using Microsoft.VisualStudio.TestTools.UnitTesting;
using NfDtls.Net;

namespace NfDtls.Tests.Net.Loads;

/// <summary>A minute of two thousand clients' echoes, as fast as the machine has them: what is counted and kept, and not how long it took.</summary>
[TestClass]
public sealed class LoadTests
{
    private const int Many = 2000;
    private const int Rounds = 60;
    private const int Lanes = 16;
    private const int Length = 64;

    // Rounds until buffers and pools have the size that they need.
    private const int Warm = 10;

    // 20 bytes kept of each echo would be seen.
    private const long Slack = 2_000_000;

    [TestMethod]
    public async Task Two_thousand_connections_echo_in_memory_that_stays_as_it_is_and_hear_of_the_end()
    {
        using Unobserved unobserved = new();
        await using DtlsListener listener = await Ends.ListenAsync(options =>
        {
            options.Shards = 2;
            options.EnabledProtocols = DtlsProtocols.Dtls12 | DtlsProtocols.Dtls13;
            options.MaxConnections = Many;
            options.ListenBacklog = Many;
            options.ReceiveQueueLength = 4;
            options.CloseTimeout = TimeSpan.FromSeconds(20);
        });
        Task accepting = Ends.EchoAsync(listener);
        DtlsConnection[] clients = new DtlsConnection[Many];
        await InLanesAsync(async i => clients[i] = await Ends.ConnectAsync(listener, options =>
        {
            options.EnabledProtocols = i % 2 == 0 ? DtlsProtocols.Dtls12 : DtlsProtocols.Dtls13;
            options.ReceiveQueueLength = 4;
            options.ConfigureEngine = Ends.MakeSmall;
        }));
        Assert.AreEqual(Many / 2, clients.Count(client => client.NegotiatedProtocol == DtlsProtocols.Dtls13));

        // A client of 1.3 is connected one flight before its server is.
        await Ends.UntilAsync(() => listener.GetStatistics() is { HandshakesCompleted: Many, Sessions: Many, Handshakes: 0 }, "all connections");
        long before = 0;
        for (int round = 0; round < Rounds; round++)
        {
            before = round == Warm ? Kept() : before;
            await RoundAsync(clients, round);
        }

        long more = Kept() - before;
        Assert.IsLessThan(Slack, more, "bytes kept of " + ((Rounds - Warm) * Many) + " echoes");
        DtlsListenerStatistics statistics = listener.GetStatistics();
        Assert.AreEqual(Many, statistics.Sessions);
        Assert.AreEqual(0L, statistics.HandshakesFailed);
        Assert.AreEqual(0L, statistics.BacklogRejections);
        Assert.AreEqual(0L, clients.Sum(client => client.DatagramsDropped));

        // Each is told, whether or not its answer finds room in the socket's queue.
        await listener.DrainAsync().AsTask().WaitAsync(Ends.Patience);
        foreach (DtlsConnection client in clients)
        {
            await client.Closed.WaitAsync(Ends.Patience);
            Assert.AreEqual(DtlsError.SessionClosed, client.CloseReason);
            await client.DisposeAsync();
        }

        await Ends.UntilAsync(() => listener.GetStatistics().Sessions == 0, "the end of all sessions");
        await listener.DisposeAsync();
        await accepting.WaitAsync(Ends.Patience);
        unobserved.AssertNone();
    }

    private static async Task RoundAsync(DtlsConnection[] clients, int round)
    {
        using CancellationTokenSource patience = new(Ends.Patience);
        await InLanesAsync(async i =>
        {
            byte[] said = new byte[Length];
            byte[] heard = new byte[Length + 1];
            BitConverter.TryWriteBytes(said, i);
            BitConverter.TryWriteBytes(said.AsSpan(4), round);
            await clients[i].SendAsync(said, patience.Token);
            Assert.AreEqual(Length, await clients[i].ReceiveAsync(heard, patience.Token));
            Assert.IsTrue(said.AsSpan().SequenceEqual(heard.AsSpan(0, Length)));
        });
    }

    /// <summary>For each of them, few enough at one time for the queues of the system's sockets.</summary>
    private static Task InLanesAsync(Func<int, Task> work)
    {
        return Task.WhenAll(Enumerable.Range(0, Lanes).Select(lane => Task.Run(async () =>
        {
            for (int i = lane; i < Many; i += Lanes)
            {
                await work(i);
            }
        })));
    }

    private static long Kept()
    {
        long kept = long.MaxValue;
        for (int i = 0; i < 3; i++)
        {
            GC.Collect();
            GC.WaitForPendingFinalizers();
            kept = Math.Min(kept, GC.GetTotalMemory(true));
        }

        return kept;
    }
}
