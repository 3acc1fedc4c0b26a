using System;
using Microsoft.VisualStudio.TestTools.UnitTesting;
using NfDtls.Dtls13;
using NfDtls.Tests.Engine;
using NfDtls.Tests.Extensions;

namespace NfDtls.Tests.Dtls13;

/// <summary>
/// Many lives of one association of DTLS 1.3 whose numbers are promised, at both ends: they sleep, crash before and after each promise is
/// stored, and change their keys all the while, over a network that loses, doubles and reorders, with an attacker who repeats what it saw.
/// </summary>
[TestClass]
public class DurableLivesTests
{
    private const int Runs = 60;
    private const int Steps = 150;

    public TestContext TestContext { get; set; } = null!;

    [TestMethod]
    public void Over_all_lives_no_number_of_a_key_is_used_twice_nothing_comes_twice_and_no_update_is_stuck()
    {
        int crashes = 0;
        int sleeps = 0;
        int delivered = 0;
        long epochs = 0;
        for (int run = 0; run < Runs; run++)
        {
            Random random = new(run);
            VirtualNetwork network = new(run) { Echo = false };
            SealRecorder recorder = new();
            DurableEnd server = Make(true, network, random, recorder);
            DurableEnd client = Make(false, network, random, recorder);
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
                Assert.IsTrue(client.IsConnected && server.IsConnected, "Run " + run + ": a life ended.");
            }

            network.Drop = 0;
            VerifyAlive(network, client, server, run);
            crashes += client.Crashes + server.Crashes;
            sleeps += client.Sleeps + server.Sleeps;
            delivered += client.Delivered + server.Delivered;
            epochs += client.Association!.WriteEpoch.Number + server.Association!.WriteEpoch.Number - 6;
        }

        TestContext.WriteLine(crashes + " crashes, " + sleeps + " sleeps, " + delivered + " records delivered, " + epochs + " updates.");
        Assert.IsGreaterThan(Runs * 5, crashes);
        Assert.IsGreaterThan(Runs * 3, sleeps);
        Assert.IsGreaterThan(Runs * 20, delivered);
        Assert.IsGreaterThan(Runs * 2L, epochs);
    }

    private static DurableEnd Make(bool isServer, VirtualNetwork network, Random random, SealRecorder recorder)
    {
        int seed = random.Next(1_000_000);
        DtlsOptions Options()
        {
            DtlsOptions options = Bed13.Options(isServer, seed++, Bed13.NoGroup, true);
            options.Crypto = new RecordingProvider(options.Crypto, recorder);
            return options;
        }

        return new DurableEnd(isServer, network, random, Options, TestBed.Address);
    }

    private static void Update(VirtualNetwork network, DurableEnd end, bool asks)
    {
        KeyUpdates.Begin(end.Association!, asks, network.Now);
    }

    private static void Step(VirtualNetwork network, Random random, DurableEnd end)
    {
        switch (random.Next(14))
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
            case 6:
                Update(network, end, random.Next(2) == 0);
                network.Run(random.Next(1500));
                end.Receive();
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

    private static void Replay(VirtualNetwork network, Random random)
    {
        for (int i = 0; i < 10; i++)
        {
            Datagram old = network.Sent[random.Next(network.Sent.Count)];
            if ((old.Bytes[0] & 0xE0) == 0x20 && (old.Bytes[0] & 3) != 2)
            {
                network.Inject(old.ToServer, old.Address, old.Bytes, random.Next(100));
            }
        }
    }

    private static void VerifyAlive(VirtualNetwork network, DurableEnd client, DurableEnd server, int run)
    {
        for (int i = 0; i < 60; i++)
        {
            client.Receive();
            server.Receive();
            client.Store(0);
            server.Store(0);
            client.Send();
            server.Send();
            network.Run(4000);
        }

        client.Receive();
        server.Receive();
        int fromClient = server.Delivered;
        int fromServer = client.Delivered;
        Update(network, client, true);
        bool isDone = false;
        for (int i = 0; i < 400 && !isDone; i++)
        {
            // One that was given up, as the peer could not hear it, is tried again.
            if (client.Association!.WriteEpoch.Number < server.Association!.ReadEpoch.Number)
            {
                Update(network, client, false);
            }

            if (server.Association.WriteEpoch.Number < client.Association.ReadEpoch.Number)
            {
                Update(network, server, false);
            }

            client.Store(0);
            server.Store(0);
            client.Send();
            server.Send();
            network.Run(4000);
            client.Receive();
            server.Receive();
            isDone = i > 20 && server.Delivered > fromClient && client.Delivered > fromServer && client.Association!.WriteEpoch.Number == server.Association!.ReadEpoch.Number && server.Association.WriteEpoch.Number == client.Association.ReadEpoch.Number;
        }

        Assert.IsGreaterThan(fromClient, server.Delivered, "Run " + run + ": nothing comes to the server any more.");
        Assert.IsGreaterThan(fromServer, client.Delivered, "Run " + run + ": nothing comes to the client any more.");
        Assert.AreEqual(client.Association!.WriteEpoch.Number, server.Association!.ReadEpoch.Number, "Run " + run);
        Assert.AreEqual(server.Association.WriteEpoch.Number, client.Association.ReadEpoch.Number, "Run " + run);
    }
}
