using System;
using System.Collections.Generic;
using Microsoft.VisualStudio.TestTools.UnitTesting;
using NfDtls.Tests.Engine;

namespace NfDtls.Tests.Extensions;

/// <summary>
/// Many lives of one association at both ends: they sleep, crash before and after each promise is stored, lose their newest bytes,
/// over a network that loses, doubles and reorders, with an attacker who repeats all that he saw.
/// </summary>
[TestClass]
public sealed class DurableLivesTests
{
    private const int Runs = 40;
    private const int Steps = 150;

    public TestContext TestContext { get; set; } = null!;

    public static IEnumerable<object[]> Suites()
    {
        CipherSuiteTable table = PskSuites.All();
        for (int i = 0; i < table.Count; i++)
        {
            yield return new object[] { table.At(i).Name };
        }
    }

    [TestMethod]
    [DynamicData(nameof(Suites))]
    public void Over_all_lives_no_number_is_used_twice_and_nothing_is_delivered_twice(string suite)
    {
        int crashes = 0;
        int sleeps = 0;
        int delivered = 0;
        int refused = 0;
        int seals = 0;
        for (int run = 0; run < Runs; run++)
        {
            SealRecorder recorder = new SealRecorder();
            Random random = new Random(run);
            VirtualNetwork network = new VirtualNetwork(run) { Echo = false };
            int seed = run * 1000;
            DtlsOptions Options()
            {
                seed++;
                DtlsOptions options = TestBed.Options(seed);
                options.Crypto = new RecordingProvider(options.Crypto, recorder);
                options.Suites = TestBed.Only(SleepBed.Suite(suite));
                return options;
            }

            DurableEnd server = new DurableEnd(true, network, random, Options, TestBed.Address);
            DurableEnd client = new DurableEnd(false, network, random, Options, TestBed.Address);
            client.ClientEngine.Connect(network.Now);
            Assert.IsTrue(network.Run(() => client.IsConnected && server.IsConnected, 60_000));
            network.Run(100);
            client.Store(0);
            server.Store(0);
            network.Drop = 0.2;
            network.Duplicate = 0.2;
            network.Delay = 0.2;
            for (int step = 0; step < Steps; step++)
            {
                Step(network, random, random.Next(2) == 0 ? client : server);
            }

            network.Drop = 0;
            VerifyAlive(network, client, server, run);
            crashes += client.Crashes + server.Crashes;
            sleeps += client.Sleeps + server.Sleeps;
            refused += client.Refused + server.Refused;
            delivered += client.Delivered + server.Delivered;
            seals += recorder.Count;
        }

        TestContext.WriteLine(suite + ": " + crashes + " crashes, " + sleeps + " sleeps, " + seals + " seals, " + delivered + " records delivered, " + refused + " sends refused.");
        Assert.IsGreaterThan(Runs * 5, crashes);
        Assert.IsGreaterThan(Runs * 3, sleeps);
        Assert.IsGreaterThan(Runs, refused);
        Assert.IsGreaterThan(Runs * 20, delivered);
    }

    private static void Step(VirtualNetwork network, Random random, DurableEnd end)
    {
        switch (random.Next(12))
        {
            case 0:
                end.Crash();
                break;
            case 1:
                end.Sleep(0.3);
                break;
            case 2:
                Replay(network, random);
                break;
            case 3:
                network.Run(random.Next(4000));
                end.Receive();
                break;
            case 4:
            case 5:
                end.Store(0.3);
                break;
            default:
                for (int i = random.Next(8); i >= 0; i--)
                {
                    end.Send();
                }

                network.Run(random.Next(50));
                end.Receive();
                break;
        }

        // Whoever is asked stores most of the time.
        if (end.TakeAsked() && random.Next(4) > 0)
        {
            end.Store(0.1);
        }
    }

    /// <summary>Records alone: a hello that comes again begins a handshake, which is another matter.</summary>
    private static void Replay(VirtualNetwork network, Random random)
    {
        for (int i = 0; i < 10; i++)
        {
            Datagram old = network.Sent[random.Next(network.Sent.Count)];
            if (old.Bytes[0] == ContentType.ApplicationData)
            {
                network.Inject(old.ToServer, old.Address, old.Bytes, random.Next(100));
            }
        }
    }

    private static void VerifyAlive(VirtualNetwork network, DurableEnd client, DurableEnd server, int run)
    {
        network.Run(5000);
        client.Receive();
        server.Receive();
        int fromClient = server.Delivered;
        int fromServer = client.Delivered;
        for (int i = 0; i < 200 && (server.Delivered == fromClient || client.Delivered == fromServer); i++)
        {
            client.Store(0);
            server.Store(0);
            client.Send();
            server.Send();
            network.Run(4000);
            client.Receive();
            server.Receive();
        }

        Assert.IsGreaterThan(fromClient, server.Delivered, "Run " + run + ": nothing comes to the server any more.");
        Assert.IsGreaterThan(fromServer, client.Delivered, "Run " + run + ": nothing comes to the client any more.");
    }
}
