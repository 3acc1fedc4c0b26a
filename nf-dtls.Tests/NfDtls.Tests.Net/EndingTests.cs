using System;
using System.Collections.Generic;
using System.Linq;
using System.Net;
using System.Net.Sockets;
using System.Threading;
using System.Threading.Tasks;
using Microsoft.VisualStudio.TestTools.UnitTesting;
using NfDtls.Net;

namespace NfDtls.Tests.Net;

/// <summary>Cancellation and disposal at every place that waits.</summary>
[TestClass]
public sealed class EndingTests
{
    [TestMethod]
    public async Task Whatever_waits_ends_when_it_is_cancelled_and_nothing_is_lost()
    {
        await using DtlsListener listener = await Ends.ListenAsync();
        await IsCancelledAsync(token => listener.AcceptConnectionAsync(token).AsTask());
        (DtlsConnection client, DtlsConnection server) = await Ends.PairAsync(listener);
        await using (client)
        {
            await IsCancelledAsync(token => server.ReceiveAsync(new byte[100], token).AsTask());
            await IsCancelledAsync(async token =>
            {
                await foreach (DtlsDatagram datagram in server.ReadAllAsync(token))
                {
                    datagram.Dispose();
                }
            });
            await Ends.SendAsync(client, "after all that");
            Assert.AreEqual("after all that", await Ends.ReceiveAsync(server));
        }
    }

    [TestMethod]
    public async Task What_is_cancelled_before_it_begins_does_nothing()
    {
        await using DtlsListener listener = await Ends.ListenAsync();
        CancellationToken over = new(true);
        await IsCancelledAsync(() => DtlsListener.ListenAsync(Ends.ListenerOptions(), over).AsTask());
        await IsCancelledAsync(() => DtlsConnection.ConnectAsync(Ends.ClientOptions(listener), over).AsTask());
        (DtlsConnection client, DtlsConnection server) = await Ends.PairAsync(listener);
        await using (client)
        {
            await IsCancelledAsync(() => client.SendAsync(new byte[1], over).AsTask());
            await IsCancelledAsync(() => client.CloseAsync(over).AsTask());
            await Ends.SendAsync(client, "open");
            await IsCancelledAsync(() => server.ReceiveAsync(new byte[10], over).AsTask());
            Assert.AreEqual("open", await Ends.ReceiveAsync(server));
        }
    }

    [TestMethod]
    public async Task Connecting_to_nobody_ends_when_it_is_cancelled()
    {
        using Socket deaf = new(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        deaf.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        await IsCancelledAsync(token => DtlsConnection.ConnectAsync(Ends.ClientOptions((IPEndPoint)deaf.LocalEndPoint!), token).AsTask());
    }

    [TestMethod]
    public async Task Closing_a_peer_that_does_not_answer_ends_when_the_wait_is_cancelled_and_the_connection_after_its_time()
    {
        await using DtlsListener listener = await Ends.ListenAsync();
        (DtlsConnection client, DtlsConnection server) = await Ends.PairAsync(listener, options => options.CloseTimeout = TimeSpan.FromMilliseconds(50));
        await listener.DisposeAsync();
        await client.CloseAsync().AsTask().WaitAsync(Ends.Patience);
        Assert.AreEqual(DtlsError.SessionClosed, client.CloseReason);
        await client.DisposeAsync();
    }

    [TestMethod]
    public async Task A_client_whose_call_back_waits_ends_when_it_is_cancelled_and_so_does_the_call_back()
    {
        await using DtlsListener listener = await Ends.ListenAsync();
        TaskCompletionSource asked = new();
        TaskCompletionSource cancelled = new();
        DtlsClientOptions options = Ends.ClientOptions(listener);
        options.Psk = null;
        options.PskCallback = async (_, end) =>
        {
            using CancellationTokenRegistration registration = end.Register(() => cancelled.TrySetResult());
            asked.SetResult();
            await Task.Delay(Timeout.Infinite, CancellationToken.None);
            return null;
        };
        using CancellationTokenSource source = new();
        Task<DtlsConnection> connecting = DtlsConnection.ConnectAsync(options, source.Token).AsTask();
        await asked.Task.WaitAsync(Ends.Patience);
        await source.CancelAsync();
        await IsCancelledAsync(() => connecting);
        await cancelled.Task.WaitAsync(Ends.Patience);
    }

    [TestMethod]
    public async Task Disposing_of_a_listener_ends_all_that_waits_for_it_and_tells_its_peers()
    {
        DtlsListener listener = await Ends.ListenAsync(options => options.Shards = 3);
        (DtlsConnection client, DtlsConnection server) = await Ends.PairAsync(listener);
        Task<DtlsConnection> accepting = listener.AcceptConnectionAsync().AsTask();
        Task<int> receiving = server.ReceiveAsync(new byte[1]).AsTask();
        await listener.DisposeAsync();
        await listener.DisposeAsync();
        await Assert.ThrowsExactlyAsync<ObjectDisposedException>(() => accepting.WaitAsync(Ends.Patience));
        await Ends.FailsAsync(DtlsError.SessionClosed, () => receiving);
        await Ends.FailsAsync(DtlsError.SessionClosed, () => client.ReceiveAsync(new byte[1]).AsTask());
        await client.DisposeAsync();
        await server.DisposeAsync();
    }

    [TestMethod]
    public async Task Disposing_of_a_connection_ends_what_waits_for_it()
    {
        await using DtlsListener listener = await Ends.ListenAsync();
        (DtlsConnection client, DtlsConnection server) = await Ends.PairAsync(listener);
        Task<int> receiving = client.ReceiveAsync(new byte[1]).AsTask();
        Task reading = Task.Run(async () =>
        {
            await foreach (DtlsDatagram datagram in server.ReadAllAsync())
            {
                datagram.Dispose();
            }
        });
        await Task.WhenAll(client.DisposeAsync().AsTask(), client.DisposeAsync().AsTask());
        await Assert.ThrowsExactlyAsync<ObjectDisposedException>(() => receiving.WaitAsync(Ends.Patience));
        await reading.WaitAsync(Ends.Patience);
        await Assert.ThrowsExactlyAsync<ObjectDisposedException>(() => client.ReceiveAsync(new byte[1]).AsTask());
        await client.CloseAsync();
    }

    [TestMethod]
    public async Task A_drained_listener_tells_every_peer_and_takes_nobody_else()
    {
        await using DtlsListener listener = await Ends.ListenAsync(options => options.Shards = 2);
        DtlsConnection[] clients = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Ends.ConnectAsync(listener)));
        await listener.DrainAsync().AsTask().WaitAsync(Ends.Patience);
        foreach (DtlsConnection client in clients)
        {
            await client.Closed.WaitAsync(Ends.Patience);
            Assert.AreEqual(DtlsError.SessionClosed, client.CloseReason);
            await client.DisposeAsync();
        }

        await IsCancelledAsync(token => DtlsConnection.ConnectAsync(Ends.ClientOptions(listener), token).AsTask());
        Assert.AreEqual(0, listener.GetStatistics().Sessions);
    }

    private static async Task IsCancelledAsync(Func<CancellationToken, Task> call)
    {
        using CancellationTokenSource source = new();
        Task task = call(source.Token);
        Assert.IsFalse(task.IsCompleted, "It waits for nothing.");
        await source.CancelAsync();
        await IsCancelledAsync(() => task);
    }

    private static async Task IsCancelledAsync(Func<Task> call)
    {
        await Assert.ThrowsAsync<OperationCanceledException>(() => call().WaitAsync(Ends.Patience));
    }
}
