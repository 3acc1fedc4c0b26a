using System;
using System.Linq;
using System.Threading.Tasks;
using Microsoft.VisualStudio.TestTools.UnitTesting;
using NfDtls.Net;
using NfDtls.Sockets;

namespace NfDtls.Tests.Net;

/// <summary>Datagrams that come and go together, and what they cost.</summary>
[TestClass]
public sealed class BatchTests
{
    [TestMethod]
    public async Task A_record_allocates_nothing_at_a_client_or_a_listener_sockets_included()
    {
        const int Rounds = 300;
        await using DtlsListener listener = await Ends.ListenAsync();
        (DtlsConnection client, DtlsConnection server) = await Ends.PairAsync(listener);
        await using (client)
        {
            Task answering = AnswerAsync(server);

            // One limit around all rounds, as one of each would allocate: a datagram that is lost is told, and nothing hangs.
            Assert.IsLessThan(Rounds, await MeasureAsync(client, Rounds).WaitAsync(Ends.Patience), "Bytes in so many rounds.");
            await client.DisposeAsync();
            await answering.WaitAsync(Ends.Patience);
        }
    }

    [TestMethod]
    [DataRow(false)]
    [DataRow(true)]
    public async Task A_burst_is_received_whole_and_in_order_also_where_several_at_once_are_denied(bool isDenied)
    {
        const int Burst = 40;
        (bool, bool) was = (LinuxCalls.IsReceivingDenied, LinuxCalls.IsSendingDenied);
        try
        {
            LinuxCalls.IsReceivingDenied = isDenied;
            LinuxCalls.IsSendingDenied = isDenied;
            await using DtlsListener listener = await Ends.ListenAsync(options => options.ReceiveQueueLength = Burst);
            (DtlsConnection client, DtlsConnection server) = await Ends.PairAsync(listener, options => options.ReceiveQueueLength = Burst);
            await using (client)
            {
                for (int i = 0; i < Burst; i++)
                {
                    await client.SendAsync(new byte[100 + i]);
                }

                byte[] buffer = new byte[1000];
                for (int i = 0; i < Burst; i++)
                {
                    Assert.AreEqual(100 + i, await server.ReceiveAsync(buffer).AsTask().WaitAsync(Ends.Patience));
                    await server.SendAsync(buffer.AsMemory(0, 200 + i));
                }

                for (int i = 0; i < Burst; i++)
                {
                    Assert.AreEqual(200 + i, await client.ReceiveAsync(buffer).AsTask().WaitAsync(Ends.Patience));
                }
            }
        }
        finally
        {
            (LinuxCalls.IsReceivingDenied, LinuxCalls.IsSendingDenied) = was;
        }
    }

    [TestMethod]
    public async Task Handshakes_of_many_at_once_succeed_with_their_datagrams_in_batches()
    {
        const int Clients = 40;
        await using DtlsListener listener = await Ends.ListenAsync();
        _ = Ends.EchoAsync(listener);
        await Task.WhenAll(Enumerable.Range(0, Clients).Select(async number =>
        {
            await using DtlsConnection client = await Ends.ConnectAsync(listener, options => options.ConfigureEngine = Ends.MakeSmall);
            await Ends.AssertEchoesAsync(client, "client " + number);
        }));
    }

    /// <summary>Bytes of the whole process, whose runtime and test host allocate at times: some rounds go by without that.</summary>
    private static async Task<long> MeasureAsync(DtlsConnection client, int rounds)
    {
        byte[] data = new byte[64];
        byte[] received = new byte[100];
        long least = long.MaxValue;
        for (int window = 0; window < 100 && least >= rounds; window++)
        {
            long before = GC.GetTotalAllocatedBytes(true);
            for (int i = 0; i < rounds; i++)
            {
                await client.SendAsync(data);
                Assert.IsTrue(await client.ReceiveAsync(received) == data.Length);
            }

            least = Math.Min(least, GC.GetTotalAllocatedBytes(true) - before);
        }

        return least;
    }

    private static async Task AnswerAsync(DtlsConnection connection)
    {
        byte[] buffer = new byte[100];
        try
        {
            while (true)
            {
                int length = await connection.ReceiveAsync(buffer);
                await connection.SendAsync(buffer.AsMemory(0, length));
            }
        }
        catch (DtlsException)
        {
            // The client has closed.
        }
    }
}
