using System;
using System.Collections.Generic;
using Microsoft.VisualStudio.TestTools.UnitTesting;
using NfDtls.Server;

namespace NfDtls.Tests.Engine;

/// <summary>What one datagram costs a server does not depend on how many sessions it has. Steps are counted, not time.</summary>
[TestClass]
public class FlatCostTests
{
    private static readonly int[] s_counts = { 1, 100, 1000, 10_000 };

    public TestContext TestContext { get; set; } = null!;

    [TestMethod]
    [DataRow(0, false)]
    [DataRow(3_600_000, true)]
    public void A_record_a_handshake_and_a_question_for_the_time_take_as_many_steps_with_ten_thousand_sessions_as_with_one(int idle, bool full)
    {
        TestContext.WriteLine("idle time-out " + idle + " ms" + (full ? ", every session taken" : ""));
        TestContext.WriteLine("sessions  per record: heap probes looks  per handshake: heap probes looks  fresh: heap  per time-out: heap looks");
        int[]? first = null;
        foreach (int count in s_counts)
        {
            if (TestBed.Options(1).Crypto.Reserve(int.MaxValue) < 3 * count)
            {
                TestContext.WriteLine("The provider has no contexts for " + count + ".");
                break;
            }

            int[] steps = Measure(count, idle, full);
            TestContext.WriteLine($"{count,8} {steps[0],17} {steps[1],6} {steps[2],5} {steps[3],20} {steps[4],6} {steps[5],5} {steps[6],12} {steps[7],19} {steps[8],5}");
            first ??= steps;

            // In a heap whose sessions have spoken nothing moves for a record, nor for another's handshake.
            Assert.AreEqual(0, steps[0], "moves for a record");
            Assert.IsTrue(steps[1] <= first[1] + 8, "probes for a record");
            Assert.AreEqual(0, steps[2], "sessions looked at for a record");
            Assert.IsTrue(steps[3] <= first[3] + 2, "moves for a handshake");
            Assert.IsTrue(steps[4] <= first[4] + 100, "probes for a handshake");
            Assert.IsTrue(steps[5] <= first[5], "sessions looked at for a handshake");

            // The last flights of those that have not spoken wait in the heap: a handshake goes through its depth a few times.
            Assert.IsTrue(steps[6] <= 10 * (2 + (int)Math.Log2(count)), "moves for a handshake among fresh ones");
            Assert.AreEqual(0, steps[7], "moves for the time");
            Assert.AreEqual(0, steps[8], "sessions looked at for the time");
        }
    }

    [TestMethod]
    public void Nothing_is_allocated_for_sessions_that_come_and_go_beside_what_a_handshake_takes()
    {
        DtlsOptions options = Options(60, 0);
        options.CookieExchange = false;
        DtlsServerEngine server = new DtlsServerEngine(options);
        byte[] hello = Hello(server, 1);
        byte[] copy = new byte[hello.Length];
        long now = 5_000_000;
        Refill(server, hello, copy, ref now, 20);
        long few = AllocationTests.LeastAllocated(() => Refill(server, hello, copy, ref now, 100));
        server.Reset();
        for (int i = 0; i < 50; i++)
        {
            Complete(server, 10 + i, now);
        }

        Refill(server, hello, copy, ref now, 20);
        long many = AllocationTests.LeastAllocated(() => Refill(server, hello, copy, ref now, 100));
        Assert.AreEqual(few, many);
    }

    /// <summary>Heap moves, probes and looks for a record; the same for a handshake; heap moves for one among fresh sessions; moves and looks for a time-out.</summary>
    private static int[] Measure(int count, int idle, bool full)
    {
        DtlsServerEngine server = new DtlsServerEngine(Options(full ? count : count + 3, idle));
        long now = 5_000_000;
        List<ScriptedClient> clients = new();
        for (int i = 0; i < count; i++)
        {
            clients.Add(Complete(server, i, now));
        }

        int before = server.Table.Deadlines.Moves;
        int rounds = full ? 0 : 1;
        for (int i = 0; i < rounds; i++)
        {
            Complete(server, 20_000 + i, now);
        }

        int fresh = server.Table.Deadlines.Moves - before;
        foreach (ScriptedClient client in clients)
        {
            Speak(client);
        }

        // The last flights are kept for 600 s.
        now += 660_000;
        server.HandleTimeout(now);
        Assert.AreEqual(0, server.Table.Deadlines.Count);
        int[] start = Counters(server);
        ScriptedClient speaker = clients[count / 2];
        speaker.Now = now;
        for (int i = 0; i < 10; i++)
        {
            Speak(speaker);
            Assert.IsTrue(server.NextDeadline > now);
        }

        int[] record = Since(server, start, 10);
        now += 100_000;
        start = Counters(server);
        Complete(server, 30_000, now);
        int[] handshake = Since(server, start, 1);
        start = Counters(server);
        for (int i = 0; i < 10; i++)
        {
            server.HandleTimeout(now);
        }

        int[] timeout = Since(server, start, 10);
        return new[] { record[0], record[1], record[2], handshake[0], handshake[1], handshake[2], fresh, timeout[0], timeout[2] };
    }

    private static int[] Counters(DtlsServerEngine server)
    {
        return new[] { server.Table.Deadlines.Moves, server.Table.Addresses.Probes + server.Table.Hosts.Probes, server.Table.Looks };
    }

    private static int[] Since(DtlsServerEngine server, int[] start, int times)
    {
        int[] now = Counters(server);
        return new[] { (now[0] - start[0]) / times, (now[1] - start[1]) / times, (now[2] - start[2]) / times };
    }

    private static DtlsOptions Options(int sessions, int idle)
    {
        DtlsOptions options = TestBed.HostOptions();
        options.Crypto = new CompositeProvider(new CryptoProvider[] { new SeededRandom(), options.Crypto });
        options.MaxSessions = sessions;
        options.IdleTimeout = idle;
        return options;
    }

    private static byte[] AddressOf(int number)
    {
        return new byte[] { 4, 0x16, 0x33, 10, (byte)(number >> 16), (byte)(number >> 8), (byte)number };
    }

    private static ScriptedClient Complete(DtlsServerEngine server, int number, long now)
    {
        ScriptedClient client = new ScriptedClient(server, AddressOf(number)) { Now = now };
        if (server.Options.CookieExchange)
        {
            client.SendHello();
        }

        client.SendHello();
        client.Send(client.Peer.Message(HandshakeType.ClientKeyExchange, client.Peer.ClientKeyExchangeBody()));
        client.Send(client.Peer.ChangeCipherSpec());
        client.Send(client.Peer.Finished(true));
        Assert.AreEqual(AssociationState.Connected, client.Association?.State);
        CrowdTests.Release(server);
        return client;
    }

    /// <summary>Sends a record that the server takes.</summary>
    private static void Speak(ScriptedClient client)
    {
        client.Send(client.Peer.Protect(ContentType.ApplicationData, 1, 2, 3));
        Assert.AreEqual(3, client.Association!.Receive(new byte[10], 0));
        CrowdTests.Release(client.Server);
    }

    private static byte[] Hello(DtlsServerEngine server, int number)
    {
        ScriptedClient client = new ScriptedClient(server, AddressOf(number));
        return client.Peer.Message(HandshakeType.ClientHello, client.Peer.ClientHelloBody());
    }

    /// <summary>Begins and ends a handshake again and again, each long after the other.</summary>
    private static void Refill(DtlsServerEngine server, byte[] hello, byte[] copy, ref long now, int times)
    {
        byte[] address = AddressOf(1);
        for (int i = 0; i < times; i++)
        {
            now += 10_000;
            hello.CopyTo(copy, 0);
            server.HandleDatagram(copy, 0, copy.Length, address, address.Length, now);
            server.PollDatagram(now).Return();
            Association begun = server.Find(address, address.Length);
            begun.Close(0, now);
            server.PollEvent(out _);
            server.Release(begun);
        }
    }

    /// <summary>The same random bytes in every run: they decide where the maps' slots are.</summary>
    private sealed class SeededRandom : CryptoProvider
    {
        private readonly Random _random = new Random(1);

        public override bool Supports(int algorithm)
        {
            return algorithm == CryptoAlgorithm.Random;
        }

        public override void Random(byte[] destination, int offset, int count)
        {
            _random.NextBytes(destination.AsSpan(offset, count));
        }
    }
}
