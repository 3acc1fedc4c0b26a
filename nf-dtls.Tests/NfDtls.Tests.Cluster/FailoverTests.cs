using System;
using System.Collections.Concurrent;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Net;
using System.Text;
using System.Threading;
using System.Threading.Tasks;
using Microsoft.VisualStudio.TestTools.UnitTesting;
using NfDtls.Cluster;
using NfDtls.Extensions;
using NfDtls.Net;
using NfDtls.Tests.Net;
using NfDtls.Tests.Peers.Programs;
using StackExchange.Redis;

namespace NfDtls.Tests.Cluster;

/// <summary>
/// Three nodes as three processes, Redis from Debian's package, a balancer that knows QUIC-LB: one node is killed, and its clients go
/// on. NFDTLS_CLIENTS says how many there are.
/// </summary>
[TestClass]
public sealed class FailoverTests
{
    private const int Usual = 60;
    private const int Rounds = 8;
    private const int KilledIn = 3;
    private const int Lanes = 8;

    // One of so many has no connection ID, and comes back by its ticket.
    private const int ByTicket = 5;

    // A client asks again after so much; whoever has no connection ID gives its connection up after so many times.
    private static readonly TimeSpan Wait = TimeSpan.FromSeconds(1);
    private const int Tries = 3;

    private readonly string _folder = System.IO.Directory.CreateTempSubdirectory("nfdtls-devices").FullName;

    [TestCleanup]
    public void Clean()
    {
        System.IO.Directory.Delete(_folder, true);
    }

    [TestMethod]
    public async Task The_clients_of_a_node_that_is_killed_go_on_those_with_an_id_without_a_handshake()
    {
        int count = int.TryParse(Environment.GetEnvironmentVariable("NFDTLS_CLIENTS"), CultureInfo.InvariantCulture, out int asked) ? asked : Usual;
        using RedisServer server = new();
        string redis = server.Address;
        List<NodeProcess> nodes = [NodeProcess.Start(redis, 1), NodeProcess.Start(redis, 2), NodeProcess.Start(redis, 3)];
        await using Balancer balancer = new(NodeProgram.Ids(0));
        try
        {
            foreach (NodeProcess node in nodes)
            {
                balancer.Add(node.Name, node.WaitUntilReady());
            }

            ConcurrentDictionary<string, byte[]> numbers = new();
            ConcurrentBag<string> twice = [];
            balancer.Seen = (client, datagram, isClients) =>
            {
                if (!isClients)
                {
                    CountNumbers(client, datagram, numbers, twice);
                }
            };
            Client[] clients = Enumerable.Range(0, count).Select(i => new Client(i, balancer.EndPoint)).ToArray();
            await InLanesAsync(clients, client => client.ConnectAsync());

            // The balancer gives who is new to each node in turn: one of them is the killed node's.
            OpenSslDevice[] strangers = Enumerable.Range(0, nodes.Count).Select(i => new OpenSslDevice(i, balancer.EndPoint, _folder)).ToArray();
            Array.ForEach(strangers, stranger => stranger.Visit(false));
            byte[] fallen = nodes[0].Name;
            using QuicLbCodec codec = new(NodeProgram.Ids(0));
            Client[] left = clients.Where(client => client.IsOf(codec, fallen)).ToArray();
            Assert.IsNotEmpty(left, "The killed node has clients.");
            for (int round = 0; round < Rounds; round++)
            {
                if (round == KilledIn)
                {
                    await UntilStoredAsync(server, clients.Count(client => client.HasId));
                    nodes[0].Dispose();
                    balancer.Remove(fallen);
                }

                int said = round;
                await InLanesAsync(clients, client => client.SayAsync(said));
            }

            Array.ForEach(strangers, stranger => stranger.Visit(true));
            foreach (Client client in clients)
            {
                client.AssertStatement(Rounds, left.Contains(client));
            }

            Client[] withIds = clients.Where(client => client.HasId).ToArray();
            Assert.IsTrue(withIds.All(client => client.Handshakes == 1), "A client with a connection ID shook hands again: " + string.Join(", ", withIds.Select(client => client.Handshakes)));
            Client[] others = clients.Where(client => !client.HasId).ToArray();
            Assert.IsTrue(others.All(client => client.Handshakes - 1 == client.Resumed), "A client with a ticket shook hands in full again.");
            Assert.IsGreaterThan(0, others.Sum(client => client.Resumed));
            Assert.IsTrue(clients.All(client => client.Answered == Rounds));
            Assert.IsEmpty(twice, "Numbers used twice: " + string.Join(", ", twice.Take(5)));

            // It comes back under another name, and takes its share of who is new.
            NodeProcess back = NodeProcess.Start(redis, 4);
            nodes.Add(back);
            balancer.Add(back.Name, back.WaitUntilReady());
            Client[] young = Enumerable.Range(count, 6).Select(i => new Client(i * ByTicket, balancer.EndPoint)).ToArray();
            await InLanesAsync(young, client => client.ConnectAsync());
            Assert.IsTrue(young.Any(client => client.IsOf(codec, back.Name)), "The node that came back has a share.");
            await InLanesAsync([.. clients, .. young], client => client.SayAsync(Rounds));
            await InLanesAsync([.. clients, .. young], client => client.DisposeAsync());
        }
        finally
        {
            nodes.ForEach(node => node.Dispose());
        }
    }

    // Before its node is killed, an association has to be stored: until then it is its node's alone.
    private static async Task UntilStoredAsync(RedisServer redis, int associations)
    {
        await using ConnectionMultiplexer connection = await redis.ConnectAsync();
        IServer server = connection.GetServer(redis.Address);
        await Ends.UntilAsync(() => server.Keys(pattern: "fleet:association:*").Count() >= associations, "all associations in the store");
    }

    private static Task InLanesAsync(Client[] clients, Func<Client, Task> work)
    {
        return Task.WhenAll(Enumerable.Range(0, Lanes).Select(lane => Task.Run(async () =>
        {
            for (int i = lane; i < clients.Length; i += Lanes)
            {
                await work(clients[i]);
            }
        }))).WaitAsync(Ends.Patience);
    }

    // Each protected record of 1.2 shows its epoch and number: a node that uses one again, for other bytes, uses a nonce twice. A cookie
    // is asked of a new connection, which may come from a port that an earlier one had.
    private static void CountNumbers(EndPoint client, byte[] datagram, ConcurrentDictionary<string, byte[]> numbers, ConcurrentBag<string> twice)
    {
        const int HeaderLength = 13;
        const int Handshake = 22;
        const int HelloVerifyRequest = 3;
        const int ApplicationData = 23;
        int length;
        for (int at = 0; at + HeaderLength <= datagram.Length && datagram[at] is >= 20 and <= ApplicationData; at += HeaderLength + length)
        {
            length = (datagram[at + 11] << 8) | datagram[at + 12];
            byte[] record = datagram.AsSpan(at, Math.Min(HeaderLength + length, datagram.Length - at)).ToArray();
            bool isProtected = datagram[at + 3] != 0 || datagram[at + 4] != 0;
            if (!isProtected && datagram[at] == Handshake && record.Length > HeaderLength && datagram[at + HeaderLength] == HelloVerifyRequest)
            {
                foreach (string old in numbers.Keys.Where(key => key.StartsWith(client + " ", StringComparison.Ordinal)))
                {
                    numbers.TryRemove(old, out _);
                }
            }

            string number = client + " " + Convert.ToHexString(datagram, at + 3, 8);
            if (isProtected && !numbers.TryAdd(number, record) && !numbers[number].AsSpan().SequenceEqual(record))
            {
                twice.Add(number);
            }
        }
    }

    /// <summary>A device: says something once in a while until it is answered.</summary>
    private sealed class Client
    {
        private readonly DtlsClientOptions _options;
        private readonly SessionResumption _first = new();
        private SessionResumption _resumption;
        private DtlsConnection? _connection;

        internal Client(int number, IPEndPoint server)
        {
            HasId = number % ByTicket != ByTicket - 1;
            _resumption = _first;
            _options = Ends.ClientOptions(server);
            _options.EnabledProtocols = number % 2 == 0 ? DtlsProtocols.Dtls12 : DtlsProtocols.Dtls13;
            _options.ConnectionIdLength = HasId ? 0 : null;
            _options.ConfigureEngine = engine =>
            {
                Ends.MakeSmall(engine);
                engine.Features = [.. engine.Features, _resumption];
            };
        }

        internal bool HasId { get; }

        /// <summary>Said of each by itself: all its messages were answered, within the times after which it says them again, and what that took.</summary>
        internal void AssertStatement(int rounds, bool wasKilledNodes)
        {
            string what = _options.EnabledProtocols + (HasId ? ", durable" : ", by ticket") + (wasKilledNodes ? ", of the killed node" : "");
            Console.WriteLine($"{what}: {Answered} of {rounds} answered, {SaidAgain} said again, {Handshakes} handshakes, {Resumed} of them resumed");
            Assert.AreEqual(rounds, Answered, what);
            Assert.AreEqual(HasId ? 0 : Resumed, Handshakes - 1, what);
        }

        internal int Handshakes { get; private set; }

        internal int Resumed { get; private set; }

        internal int Answered { get; private set; }

        internal int SaidAgain { get; private set; }

        internal bool IsOf(QuicLbCodec codec, byte[] node)
        {
            byte[] name = new byte[codec.NodeIdLength];
            return HasId && codec.TryDecode(_connection!.RemoteConnectionId.Span, name, default) && name.AsSpan().SequenceEqual(node);
        }

        internal async Task ConnectAsync()
        {
            while (true)
            {
                _resumption = new SessionResumption { Session = _resumption.Session == null ? null : ResumableSession.Import(_resumption.Session.Export()) };
                using CancellationTokenSource wait = new(Handshakes == 0 ? Ends.Patience : TimeSpan.FromSeconds(20));
                try
                {
                    _connection = await DtlsConnection.ConnectAsync(_options, wait.Token);
                    Handshakes++;
                    Resumed += _connection.IsResumed ? 1 : 0;
                    return;
                }
                catch (Exception e) when (Handshakes > 0 && (e is OperationCanceledException or DtlsException))
                {
                    // Its node fell just now.
                }
            }
        }

        internal async Task SayAsync(int round)
        {
            byte[] said = Encoding.ASCII.GetBytes("round " + round.ToString(CultureInfo.InvariantCulture));
            byte[] heard = new byte[100];
            for (int i = 1; ; i++)
            {
                using CancellationTokenSource wait = new(Wait);
                try
                {
                    await _connection!.SendAsync(said, CancellationToken.None);
                    while (true)
                    {
                        int length = await _connection.ReceiveAsync(heard, wait.Token);
                        if (heard.AsSpan(0, length).SequenceEqual(said))
                        {
                            Answered++;
                            return;
                        }
                    }
                }
                catch (OperationCanceledException)
                {
                    SaidAgain++;
                    if (!HasId && i % Tries == 0)
                    {
                        await _connection!.DisposeAsync();
                        await ConnectAsync();
                    }
                }
            }
        }

        internal async Task DisposeAsync()
        {
            await _connection!.DisposeAsync();
        }
    }
}
