using System;
using System.Collections.Generic;
using System.Linq;
using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Threading;
using System.Threading.Tasks;
using Microsoft.VisualStudio.TestTools.UnitTesting;
using NfDtls.Net;

namespace NfDtls.Tests.Net;

/// <summary>Many connections, shards, full queues, slow call-backs.</summary>
[TestClass]
public sealed class CrowdTests
{
    [TestMethod]
    public async Task Shards_that_share_one_socket_serve_each_client_by_its_address()
    {
        ListenerSockets.UseOne = true;
        try
        {
            await using DtlsListener listener = await Ends.ListenAsync(options => options.Shards = 4);
            Assert.AreEqual(4, listener.ShardCount);
            _ = Ends.EchoAsync(listener);
            for (int i = 0; i < 16; i++)
            {
                await using DtlsConnection client = await Ends.ConnectAsync(listener, options => options.ConnectionIdLength = i % 2 == 0 ? 0 : null);
                await Ends.AssertEchoesAsync(client, "number " + i);
            }
        }
        finally
        {
            ListenerSockets.UseOne = false;
        }
    }

    [TestMethod]
    [DataRow(DtlsProtocols.Dtls12)]
    [DataRow(DtlsProtocols.Dtls13)]
    public async Task A_client_that_moves_is_found_in_its_shard_by_whichever_socket_its_records_come(DtlsProtocols version)
    {
        await using DtlsListener listener = await Ends.ListenAsync(options =>
        {
            options.Shards = 2;
            options.EnabledProtocols = version;
        });
        _ = Ends.EchoAsync(listener);
        await using MovingPath path = new(listener.LocalEndPoint);
        await using DtlsConnection client = await DtlsConnection.ConnectAsync(With(Ends.ClientOptions(path.EndPoint), options =>
        {
            options.ConnectionIdLength = 0;
            options.EnabledProtocols = version;
        })).AsTask().WaitAsync(Ends.Patience);
        Assert.AreEqual(8, client.RemoteConnectionId.Length);

        // Each move is another port, and so with even chances another socket.
        for (int i = 0; i < 24 || listener.GetStatistics().DatagramsHandedOver == 0; i++)
        {
            path.Move();
            await Ends.AssertEchoesAsync(client, "from place " + i);
            Assert.IsLessThan(500, i);
        }

        Assert.IsGreaterThan(0, listener.GetStatistics().PeersMoved);
        Assert.AreEqual(1, listener.GetStatistics().Sessions);
    }

    [TestMethod]
    public async Task What_nobody_receives_is_dropped_and_counted_and_the_first_are_kept()
    {
        await using DtlsListener listener = await Ends.ListenAsync(options => options.ReceiveQueueLength = 3);
        (DtlsConnection client, DtlsConnection server) = await Ends.PairAsync(listener);
        await using (client)
        {
            for (int i = 0; i < 10; i++)
            {
                await Ends.SendAsync(client, "number " + i);
            }

            await Ends.UntilAsync(() => server.DatagramsDropped == 7, "7 drops");
            for (int i = 0; i < 3; i++)
            {
                Assert.AreEqual("number " + i, await Ends.ReceiveAsync(server));
            }

            await Ends.SendAsync(client, "with room again");
            Assert.AreEqual("with room again", await Ends.ReceiveAsync(server));
        }
    }

    [TestMethod]
    public async Task What_the_backlog_has_no_room_for_is_closed_and_counted()
    {
        await using DtlsListener listener = await Ends.ListenAsync(options => options.ListenBacklog = 2);
        List<DtlsConnection> clients = [];
        for (int i = 0; i < 3; i++)
        {
            clients.Add(await Ends.ConnectAsync(listener));
        }

        await clients[2].Closed.WaitAsync(Ends.Patience);
        Assert.AreEqual(1, listener.GetStatistics().BacklogRejections);
        for (int i = 0; i < 2; i++)
        {
            DtlsConnection server = await listener.AcceptConnectionAsync();
            await Ends.SendAsync(clients[i], "kept");
            Assert.AreEqual("kept", await Ends.ReceiveAsync(server));
        }

        foreach (DtlsConnection client in clients)
        {
            await client.DisposeAsync();
        }
    }

    [TestMethod]
    [DataRow(false)]
    [DataRow(true)]
    public async Task A_call_back_that_never_returns_keeps_nobody_else_out(bool blocks)
    {
        using ManualResetEventSlim never = new();
        await using DtlsListener listener = await Ends.ListenAsync(options =>
        {
            options.MaxHandshakes = 4;
            options.PskCallback = async (identity, _) =>
            {
                if (Encoding.UTF8.GetString(identity.Span) != Ends.Identity)
                {
                    if (blocks)
                    {
                        never.Wait(CancellationToken.None);
                    }

                    await Task.Delay(Timeout.Infinite, CancellationToken.None);
                }

                return Ends.Key;
            };
        });
        using CancellationTokenSource enough = new();
        Task<DtlsConnection>[] stuck = Enumerable.Range(0, 6)
            .Select(_ => DtlsConnection.ConnectAsync(
                With(Ends.ClientOptions(listener), options => options.Psk = new DtlsPskCredential("stuck", Ends.Key)), enough.Token).AsTask()).ToArray();

        // Half of the places may wait for an answer. However slowly the six come, each of the others takes the place of one.
        await Ends.UntilAsync(() => listener.GetStatistics().PskTimeouts >= 4 && stuck.Count(one => one.IsFaulted) >= 4, "those that give way");
        await using DtlsConnection client = await Ends.ConnectAsync(listener);
        never.Set();
        await enough.CancelAsync();
        foreach (Task<DtlsConnection> one in stuck)
        {
            Exception e = await Assert.ThrowsAsync<Exception>(() => one.WaitAsync(Ends.Patience));
            Assert.IsTrue(e is OperationCanceledException or DtlsException { Error: DtlsError.AlertReceived }, e.Message);
        }
    }

    [TestMethod]
    public async Task A_call_back_that_takes_too_long_fails_its_handshake()
    {
        await using DtlsListener listener = await Ends.ListenAsync(options =>
        {
            options.PskCallbackTimeout = TimeSpan.FromMilliseconds(50);
            options.PskCallback = async (_, end) =>
            {
                await Task.Delay(Timeout.Infinite, end);
                return null;
            };
        });
        await Ends.FailsAsync(DtlsError.AlertReceived, () => Ends.ConnectAsync(listener));
        Assert.AreEqual(1L, listener.GetStatistics().PskTimeouts);
    }

    [TestMethod]
    public async Task A_port_that_somebody_has_is_an_error_also_for_one_who_would_share_it()
    {
        await using DtlsListener listener = await Ends.ListenAsync(options => options.Shards = 2);
        foreach (int shards in new[] { 1, 2 })
        {
            await Ends.FailsAsync(DtlsError.SocketError, () => Ends.ListenAsync(options =>
            {
                options.Shards = shards;
                options.ListenEndPoint = listener.LocalEndPoint;
            }));
        }
    }

    private static DtlsClientOptions With(DtlsClientOptions options, Action<DtlsClientOptions> change)
    {
        change(options);
        return options;
    }

    /// <summary>Hands datagrams on between a client and a server, and can change the port that the server sees.</summary>
    private sealed class MovingPath : IAsyncDisposable
    {
        private readonly Socket _near = New();
        private readonly IPEndPoint _server;
        private readonly CancellationTokenSource _end = new();
        private readonly List<Socket> _all = [];
        private volatile Socket _far;
        private volatile EndPoint? _client;

        public MovingPath(IPEndPoint server)
        {
            _server = server;
            _far = Far();
            _ = PumpAsync(_near, (bytes, from) =>
            {
                _client = from;
                _far.SendTo(bytes.Span, _server);
            });
        }

        public IPEndPoint EndPoint => (IPEndPoint)_near.LocalEndPoint!;

        public void Move()
        {
            _far = Far();
        }

        public async ValueTask DisposeAsync()
        {
            await _end.CancelAsync();
            _near.Dispose();
            _all.ForEach(socket => socket.Dispose());
        }

        private static Socket New()
        {
            Socket socket = new(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
            socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
            return socket;
        }

        private Socket Far()
        {
            Socket socket = New();
            _all.Add(socket);
            _ = PumpAsync(socket, (bytes, _) => _near.SendTo(bytes.Span, _client!));
            return socket;
        }

        private async Task PumpAsync(Socket socket, Action<Memory<byte>, EndPoint> send)
        {
            byte[] buffer = new byte[2048];
            try
            {
                while (true)
                {
                    SocketReceiveFromResult result = await socket.ReceiveFromAsync(buffer, new IPEndPoint(IPAddress.Any, 0), _end.Token);
                    send(buffer.AsMemory(0, result.ReceivedBytes), result.RemoteEndPoint);
                }
            }
            catch (Exception e) when (e is OperationCanceledException or SocketException or ObjectDisposedException)
            {
                // The end.
            }
        }
    }
}
