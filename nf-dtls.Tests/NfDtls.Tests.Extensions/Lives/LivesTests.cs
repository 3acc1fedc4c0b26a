using System;
using System.Collections.Generic;
using Microsoft.VisualStudio.TestTools.UnitTesting;
using NfDtls.Tests.Engine;

namespace NfDtls.Tests.Extensions;

/// <summary>
/// Moving, sleeping, crashing, resuming and renegotiating in any order, with data in flight, over a network that loses, doubles and
/// reorders one datagram in five, with an attacker on the path who repeats what he saw from wherever he likes.
/// </summary>
[TestClass]
public sealed class LivesTests
{
    private const int Steps = 60;

    public TestContext TestContext { get; set; } = null!;

    public static IEnumerable<object[]> Batches()
    {
        // Ten batches of a hundred runs, so that one that fails is run again by itself.
        for (int first = 0; first < 1000; first += 100)
        {
            yield return new object[] { first };
        }
    }

    [TestMethod]
    [DynamicData(nameof(Batches))]
    public void Whatever_happens_nothing_is_read_twice_no_number_is_used_twice_and_the_connection_comes_back(int first)
    {
        Tally tally = new Tally();
        int seals = 0;
        int delivered = 0;
        int acknowledged = 0;
        for (int run = first; run < first + 100; run++)
        {
            SealRecorder recorder = new SealRecorder();
            Random random = new Random(run);
            VirtualNetwork network = new VirtualNetwork(run) { Echo = false, LongestDelay = 500 };
            CipherSuiteTable suites = PskSuites.All();
            CipherSuite suite = suites.At(run % suites.Count);
            ServerNode server = new ServerNode(network, random, recorder, suite, run * 2000);
            ClientNode client = new ClientNode(network, random, recorder, suite, (run * 2000) + 1000);
            try
            {
                Live(network, random, client, server);
                acknowledged += client.CountAcknowledged(server) + server.CountAcknowledged(client);
            }
            catch (Exception e)
            {
                throw new AssertFailedException("Run " + run + ", " + suite.Name + ": " + e.Message, e);
            }

            tally.Add(client.Tally);
            tally.Add(server.Tally);
            seals += recorder.Count;
            delivered += client.Delivered + server.Delivered;
        }

        TestContext.WriteLine(
            tally.Crashes + " crashes, " + tally.Sleeps + " sleeps, " + tally.Moves + " moves, " + tally.Resumed + " resumed and " + tally.Full + " full handshakes, "
            + tally.Renegotiations + " renegotiations begun, " + tally.Stored + " promises stored; " + seals + " seals, " + delivered + " records read, " + acknowledged + " acknowledged.");
        Assert.IsGreaterThan(300, tally.Crashes);
        Assert.IsGreaterThan(200, tally.Sleeps);
        Assert.IsGreaterThan(200, tally.Moves);
        Assert.IsGreaterThan(100, tally.Resumed);
        Assert.IsGreaterThan(100, tally.Renegotiations);
        Assert.IsGreaterThan(800, acknowledged);
    }

    private static void Live(VirtualNetwork network, Random random, ClientNode client, ServerNode server)
    {
        Assert.IsTrue(client.Connect(60_000));
        network.Run(100);
        client.Store(0);
        server.Store(0);
        Disturb(network, 0.2);
        for (int step = 0; step < Steps; step++)
        {
            Step(network, random, client, server);
        }

        // In the end the network is good again, and so is everything else.
        Disturb(network, 0);
        network.Run(10_000);
        VerifyAgreed(network, client, server);
        int fromClient = server.Delivered;
        int fromServer = client.Delivered;
        Assert.IsTrue(client.Connect(60_000), "It does not connect again: " + client.Association!.LastError + ".");
        for (int i = 0; i < 60 && (server.Delivered == fromClient || client.Delivered == fromServer); i++)
        {
            Talk(network, client, server, 200);
        }

        Assert.IsGreaterThan(fromClient, server.Delivered, "Nothing comes to the server any more.");
        Assert.IsGreaterThan(fromServer, client.Delivered, "Nothing comes to the client any more.");
        client.VerifyAgreedWith(server);
    }

    /// <summary>Where the two still hear each other, without a new connection.</summary>
    private static void VerifyAgreed(VirtualNetwork network, ClientNode client, ServerNode server)
    {
        int fromClient = server.Delivered;
        int fromServer = client.Delivered;
        Talk(network, client, server, 200);
        if (client.IsConnected && server.Delivered > fromClient && client.Delivered > fromServer)
        {
            client.VerifyAgreedWith(server);
        }
    }

    private static void Step(VirtualNetwork network, Random random, ClientNode client, ServerNode server)
    {
        Node either = random.Next(2) == 0 ? client : server;
        switch (random.Next(16))
        {
            case 0:
                either.Crash();
                break;
            case 1:
                either.Sleep(0.3);
                break;
            case 2:
            case 3:
                client.Move();
                break;
            case 4:
                either.Renegotiate();
                break;
            case 5:
                Replay(network, random);
                break;
            case 6:
                either.Store(0.3);
                break;
            case 7:
                if (!client.IsConnected || random.Next(3) == 0)
                {
                    client.Connect(20_000);
                }

                break;
            case 8:
                network.Run(random.Next(6000));
                break;
            default:
                for (int i = random.Next(5); i >= 0; i--)
                {
                    Talk(network, client, server, random.Next(60));
                }

                break;
        }

        foreach (Node node in new Node[] { client, server })
        {
            node.Receive();

            // Whoever is asked stores most of the time.
            if (node.TakeAsked() && random.Next(5) > 0)
            {
                node.Store(0.05);
            }
        }
    }

    private static void Talk(VirtualNetwork network, Node client, Node server, int milliseconds)
    {
        client.Send();
        server.Send();
        network.Run(milliseconds);
        client.Receive();
        server.Receive();
    }

    private static void Disturb(VirtualNetwork network, double chance)
    {
        network.Drop = chance;
        network.Duplicate = chance;
        network.Delay = chance;
    }

    /// <summary>Some of what was seen, to the server from its own address or another, to the client where it is.</summary>
    private static void Replay(VirtualNetwork network, Random random)
    {
        for (int i = 0; i < 10; i++)
        {
            Datagram old = network.Sent[random.Next(network.Sent.Count)];
            byte[] from = random.Next(2) == 0 ? old.Address : new byte[] { 203, 0, 113, (byte)random.Next(256), 1, 1 };
            network.Inject(old.ToServer, old.ToServer ? from : old.Address, old.Bytes, random.Next(100));
        }
    }
}
