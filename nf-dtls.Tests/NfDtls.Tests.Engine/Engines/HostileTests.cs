using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.Linq;
using Microsoft.VisualStudio.TestTools.UnitTesting;
using NfDtls.Server;

namespace NfDtls.Tests.Engine;

/// <summary>Datagrams that no honest peer sends.</summary>
[TestClass]
public class HostileTests
{
    [TestMethod]
    public void Random_datagrams_at_every_stage_of_a_handshake_do_no_harm()
    {
        for (int stage = 0; stage < 6; stage++)
        {
            for (int seed = 0; seed < 5; seed++)
            {
                Random random = new Random((stage * 100) + seed);
                TestBed bed = new TestBed(seed + 1);
                bed.Network.Filter = datagram =>
                {
                    for (int i = 0; datagram.Number == stage && i < 200; i++)
                    {
                        bed.Network.Inject(i % 2 == 0, TestBed.Address, Garbage(random), random.Next(20));
                    }

                    return true;
                };
                bed.Connect().VerifyEcho();
                bed.Network.Run(5000);
                bed.VerifyPools();
            }
        }
    }

    [TestMethod]
    public void A_million_hostile_datagrams_change_nothing_but_counters_and_allocate_nothing()
    {
        DtlsOptions client = TestBed.HostOptions();
        DtlsOptions server = TestBed.HostOptions();
        client.ForgeryLimit = 1L << 40;
        server.ForgeryLimit = 1L << 40;
        TestBed bed = new TestBed(client, server).Connect();
        bed.VerifyEcho();
        bed.VerifyEcho(TestBed.Bytes(200));
        bed.Network.Settle();
        List<byte[]> toServer = Hostile(bed, true);
        List<byte[]> toClient = Hostile(bed, false);
        Association serverEnd = bed.ServerAssociation!;
        Association clientEnd = bed.Client.Association;
        long serverHighest = serverEnd.ReadEpoch.Window.Highest;
        long clientHighest = clientEnd.ReadEpoch.Window.Highest;
        byte[] scratch = new byte[2000];
        Attack(bed, toServer, toClient, scratch, 20_000);
        int dropped = bed.Server.Statistics.DroppedInAll + bed.Client.Engine.Statistics.DroppedInAll;
        // A collection that another thread causes adds 24 bytes to this thread's count, in one part or another.
        long least = long.MaxValue;
        for (int part = 0; part < 10; part++)
        {
            long before = GC.GetAllocatedBytesForCurrentThread();
            Attack(bed, toServer, toClient, scratch, 100_000);
            least = Math.Min(least, GC.GetAllocatedBytesForCurrentThread() - before);
        }

        Assert.AreEqual(0, least);
        Assert.IsTrue(bed.Server.Statistics.DroppedInAll + bed.Client.Engine.Statistics.DroppedInAll - dropped > 900_000);
        Assert.AreEqual(AssociationState.Connected, serverEnd.State);
        Assert.AreEqual(AssociationState.Connected, clientEnd.State);
        Assert.AreEqual(serverHighest, serverEnd.ReadEpoch.Window.Highest);
        Assert.AreEqual(clientHighest, clientEnd.ReadEpoch.Window.Highest);
        Assert.AreEqual(0, clientEnd.Pending + serverEnd.Pending);
        Assert.AreEqual(1, bed.Server.SessionCount);
        Assert.AreEqual(0, bed.Server.HandshakeCount);
        bed.VerifyPools();
        for (int i = 0; i < 100; i++)
        {
            bed.VerifyEcho();
        }
    }

    [TestMethod]
    public void Mutated_handshakes_throw_nothing_leak_nothing_and_the_next_one_succeeds()
    {
        DtlsOptions client = TestBed.Options(1);
        DtlsOptions server = TestBed.Options(2);
        client.MaxRetransmits = 2;
        server.MaxRetransmits = 2;
        client.Suites = PskSuites.All();
        server.Suites = PskSuites.All();
        server.PskHint = TestBed.Text("hint");
        client.OutOfOrderSlots = 2;
        TestBed bed = new TestBed(client, server);
        int failed = 0;
        for (int seed = 0; seed < 2500; seed++)
        {
            Random random = new Random(seed);
            int chance = random.Next(1, 4);
            bed.Network.Filter = datagram =>
            {
                if (datagram.FirstEpoch == 0 && random.Next(3) < chance)
                {
                    datagram.Bytes = Mutate(random, datagram.Bytes);
                }

                return true;
            };
            bed.Client.Engine.Connect(bed.Network.Now);
            bed.Network.Run(() => bed.IsConnected() || bed.Client.State == AssociationState.Closed, 1_000_000);
            failed += bed.Client.State == AssociationState.Closed ? 1 : 0;
            bed.Network.Filter = null;
            bed.Network.Run(400_000);
            bed.VerifyPools();
            bed.Client.Engine.Reset();
            if (seed % 10 == 0)
            {
                bed.Connect().VerifyEcho();
                bed.Client.Association.Close(1000, bed.Network.Now);
                bed.Network.Run(5000);
                bed.VerifyPools();
                Assert.AreEqual(0, bed.Server.SessionCount);
                bed.Client.Engine.Reset();
            }
        }

        Assert.IsTrue(failed > 100, failed.ToString());
        bed.Network.Sent.Clear();
    }

    [TestMethod]
    public void Hellos_mutated_behind_a_valid_cookie_end_in_an_alert_or_in_silence()
    {
        // The cookie covers only what stands before it: all behind it reaches the parser.
        DtlsOptions server = TestBed.Options(2);
        server.MaxRetransmits = 1;
        for (int seed = 0; seed < 3000; seed++)
        {
            Random random = new Random(seed);
            TestBed bed = new TestBed(TestBed.Options(1), server, seed);
            bed.Network.Filter = datagram =>
            {
                if (datagram.Number == 2)
                {
                    for (int i = random.Next(1, 4); i > 0; i--)
                    {
                        datagram.Bytes[random.Next(13 + 12 + 35 + 17, datagram.Bytes.Length)] = (byte)random.Next(256);
                    }
                }

                return true;
            };
            bed.Client.Engine.Connect(bed.Network.Now);
            bed.Network.Run(() => bed.IsConnected(), 100_000);
            bed.Network.Run(1_000_000);
            bed.VerifyPools();
            Assert.AreEqual(0, bed.Server.HandshakeCount);
        }
    }

    [TestMethod]
    public void A_replayed_record_is_dropped()
    {
        TestBed bed = new TestBed().Connect();
        bed.Network.Echo = false;
        bed.Client.Association.Send(TestBed.Bytes(5), 0, 5, bed.Network.Now);
        bed.Network.Run(100);
        Association server = bed.ServerAssociation!;
        Assert.AreEqual(1, server.Pending);
        for (int i = 0; i < 10; i++)
        {
            bed.Network.Inject(true, TestBed.Address, bed.Network.Sent.Last().Bytes, i);
        }

        bed.Network.Run(100);
        Assert.AreEqual(1, server.Pending);
        Assert.AreEqual(10, bed.Server.Statistics.Dropped(DropReason.Replay));
    }

    [TestMethod]
    public void A_forged_record_with_a_high_number_does_not_move_the_window()
    {
        TestBed bed = new TestBed().Connect();
        bed.Network.Inject(true, TestBed.Address, TestBed.Record(ContentType.ApplicationData, 1, Epoch.LastSequence, new byte[40]), 1);
        bed.Network.Run(100);
        Assert.AreEqual(1, bed.Server.Statistics.Dropped(DropReason.Forged));
        bed.VerifyEcho();
    }

    [TestMethod]
    [DataRow(true)]
    [DataRow(false)]
    public void The_last_of_many_records_or_messages_in_a_datagram_is_read_no_deeper_than_the_first(bool inOneRecord)
    {
        const int Count = 60;
        DepthTrace trace = new DepthTrace();
        DtlsOptions options = TestBed.Options(1);
        options.Trace = trace;
        DtlsServerEngine server = new DtlsServerEngine(options);
        ScriptedClient client = new ScriptedClient(server, TestBed.Address).Hello();
        byte[] message = TestBed.Fragment(HandshakeType.ServerHelloDone, 1);
        byte[] datagram = inOneRecord
            ? TestBed.Record(ContentType.Handshake, 0, 100, Enumerable.Repeat(message, Count).SelectMany(one => one).ToArray())
            : Enumerable.Range(100, Count).SelectMany(number => TestBed.Record(ContentType.ApplicationData, 0, number, 1)).ToArray();
        trace.Depths.Clear();
        client.Send(datagram);
        Assert.AreEqual(Count, trace.Depths.Count);

        // A few frames more or less are the compiler's.
        Assert.IsLessThan(Count / 4, Math.Abs(trace.Depths[Count - 1] - trace.Depths[0]));
    }

    [TestMethod]
    public void Application_data_in_epoch_0_is_never_delivered()
    {
        for (int stage = 0; stage < 7; stage++)
        {
            TestBed bed = new TestBed();
            bed.Network.Echo = false;
            bed.Network.Filter = datagram =>
            {
                if (datagram.Number == stage)
                {
                    bed.Network.Inject(true, TestBed.Address, TestBed.Record(ContentType.ApplicationData, 0, 77, 1, 2, 3), 15);
                    bed.Network.Inject(false, TestBed.Address, TestBed.Record(ContentType.ApplicationData, 0, 77, 1, 2, 3), 15);
                }

                return true;
            };
            bed.Connect();
            bed.Network.Run(1000);
            Assert.AreEqual(0, bed.Client.Association.Pending);
            Assert.AreEqual(0, bed.ServerAssociation!.Pending);
        }
    }

    [TestMethod]
    public void Records_of_other_epochs_and_versions_are_dropped_and_counted()
    {
        TestBed bed = new TestBed().Connect();
        byte[] record = TestBed.Seal(bed.Client.Association, ContentType.ApplicationData, 1, 2, 3);
        foreach (int epoch in new[] { 0, 2, 3, 5, 0x101, 0xFFFF })
        {
            byte[] other = (byte[])record.Clone();
            other[3] = (byte)(epoch >> 8);
            other[4] = (byte)epoch;
            bed.Network.Inject(true, TestBed.Address, other, 1);
        }

        bed.Network.Run(100);
        Assert.AreEqual(6, bed.Server.Statistics.Dropped(DropReason.Epoch));
        byte[] version = (byte[])record.Clone();
        version[2] = 0xFF;
        bed.Network.Inject(true, TestBed.Address, version, 1);
        bed.Network.Run(100);
        Assert.AreEqual(1, bed.Server.Statistics.Dropped(DropReason.Version));
        bed.VerifyPools();
        bed.VerifyEcho();
    }

    [TestMethod]
    public void Empty_and_malformed_datagrams_are_counted()
    {
        TestBed bed = new TestBed().Connect();
        foreach (byte[] datagram in new[] { new byte[0], new byte[] { 22 }, new byte[12], new byte[13], TestBed.Bytes(100, 200) })
        {
            bed.Network.Deliver(true, TestBed.Address, datagram);
            bed.Network.Deliver(false, TestBed.Address, datagram);
        }

        Assert.AreEqual(4, bed.Server.Statistics.Dropped(DropReason.Malformed));
        Assert.AreEqual(4, bed.Client.Engine.Statistics.Dropped(DropReason.Malformed));
        bed.VerifyEcho();
    }

    [TestMethod]
    public void Ranges_outside_of_the_buffer_are_refused()
    {
        TestBed bed = new TestBed();
        byte[] buffer = new byte[10];
        Assert.ThrowsExactly<ArgumentException>(() => bed.Client.Engine.HandleDatagram(buffer, 5, 6, 1));
        Assert.ThrowsExactly<ArgumentException>(() => bed.Client.Engine.HandleDatagram(buffer, -1, 6, 1));
        Assert.ThrowsExactly<ArgumentException>(() => bed.Client.Engine.HandleDatagram(buffer, int.MaxValue, int.MaxValue, 1));
        Assert.ThrowsExactly<ArgumentNullException>(() => bed.Client.Engine.HandleDatagram(null!, 0, 0, 1));
        Assert.ThrowsExactly<ArgumentException>(() => bed.Server.HandleDatagram(buffer, 0, 1, new byte[29], 29, 1));
        Assert.ThrowsExactly<ArgumentException>(() => bed.Server.HandleDatagram(buffer, 0, 1, new byte[4], 0, 1));
        Assert.ThrowsExactly<ArgumentException>(() => bed.Server.HandleDatagram(buffer, 0, 1, new byte[4], 5, 1));
    }

    [TestMethod]
    public void A_call_from_inside_of_a_call_is_refused()
    {
        DtlsOptions options = TestBed.Options(1);
        CallingBack sink = new CallingBack();
        options.Trace = sink;
        TestBed bed = new TestBed(options, TestBed.Options(2));
        sink.Call = () => bed.Client.Engine.PollDatagram(bed.Network.Now);
        Assert.ThrowsExactly<InvalidOperationException>(() => bed.Client.Engine.Connect(bed.Network.Now));
    }

    internal static byte[] Garbage(Random random)
    {
        byte[] bytes = new byte[random.Next(0, 120)];
        random.NextBytes(bytes);
        if (bytes.Length > 13 && random.Next(4) > 0)
        {
            bytes[0] = (byte)random.Next(19, 27);
            bytes[1] = 0xFE;
            bytes[2] = 0xFD;
            bytes[3] = 0;
            bytes[4] = (byte)random.Next(3);
            bytes[11] = 0;
            bytes[12] = (byte)(bytes.Length - 13);
            bool wouldBeHandshake = bytes[0] == ContentType.Handshake || (bytes[0] == ContentType.Alert && bytes[4] == 0) || bytes[0] == ContentType.ChangeCipherSpec;
            if (wouldBeHandshake && bytes.Length > 30)
            {
                // A well-formed message in epoch 0 may end a handshake that has no keys yet; what only looks like one must not.
                bytes[22] = 0xFF;
            }
        }

        return bytes;
    }

    internal static byte[] Mutate(Random random, byte[] bytes)
    {
        List<byte> mutated = bytes.ToList();
        for (int i = random.Next(1, 4); i > 0; i--)
        {
            int at = random.Next(mutated.Count);
            switch (random.Next(6))
            {
                case 0: mutated[at] ^= (byte)(1 << random.Next(8)); break;
                case 1: mutated[at] = (byte)random.Next(256); break;
                case 2: mutated[at] = 0xFF; break;
                case 3: mutated[at] = 0; break;
                case 4: mutated.RemoveRange(at, mutated.Count - at); mutated.Add(1); break;
                default: mutated.Insert(at, (byte)random.Next(256)); break;
            }
        }

        return mutated.ToArray();
    }

    /// <summary>What an attacker can make of what it saw.</summary>
    private static List<byte[]> Hostile(TestBed bed, bool toServer)
    {
        Random random = new Random(toServer ? 1 : 2);
        byte[][] seen = bed.Network.Sent.Where(datagram => datagram.ToServer == toServer && datagram.FirstMessage != HandshakeType.ClientHello).Select(datagram => datagram.Bytes).ToArray();
        List<byte[]> hostile = new();
        foreach (byte[] bytes in seen)
        {
            hostile.Add(bytes);
            for (int i = 0; i < 300; i++)
            {
                byte[] mutated = (byte[])bytes.Clone();
                mutated[random.Next(mutated.Length)] ^= (byte)random.Next(1, 256);
                hostile.Add(mutated);
                byte[] later = (byte[])bytes.Clone();
                later[10] = (byte)random.Next(256);
                later[9] = (byte)random.Next(1, 256);
                later[4] = 1;
                hostile.Add(later);
                hostile.Add(bytes.AsSpan(0, random.Next(1, bytes.Length)).ToArray());
                byte[] epoch = (byte[])bytes.Clone();
                epoch[4] = (byte)random.Next(256);
                epoch[10] = 200;
                epoch[0] = (byte)random.Next(20, 27);
                hostile.Add(epoch);
            }
        }

        for (int i = 0; i < 256; i++)
        {
            hostile.Add(TestBed.Record(ContentType.Alert, 0, i, (byte)(1 + (i % 2)), (byte)i));
            hostile.Add(TestBed.Record(ContentType.Alert, 1, 1000 + i, (byte)(1 + (i % 2)), (byte)i));
            hostile.Add(TestBed.Record(ContentType.ChangeCipherSpec, 0, i, 1));
            hostile.Add(TestBed.Message(i == HandshakeType.ClientHello ? 99 : i, i % 5, i, TestBed.Bytes(i % 50)));
        }

        return hostile;
    }

    private static void Attack(TestBed bed, List<byte[]> toServer, List<byte[]> toClient, byte[] scratch, int count)
    {
        long now = bed.Network.Now;
        for (int i = 0; i < count / 2; i++)
        {
            byte[] hostile = toServer[i % toServer.Count];
            Array.Copy(hostile, scratch, hostile.Length);
            bed.Server.HandleDatagram(scratch, 0, hostile.Length, TestBed.Address, 6, now);
            Packet answer = bed.Server.PollDatagram(now);
            hostile = toClient[i % toClient.Count];
            Array.Copy(hostile, scratch, hostile.Length);
            bed.Client.Engine.HandleDatagram(scratch, 0, hostile.Length, now);
            if (answer != null || bed.Client.Engine.PollDatagram(now) != null)
            {
                throw new InvalidOperationException("A hostile datagram was answered.");
            }
        }
    }

    private sealed class CallingBack : TraceSink
    {
        internal Action? Call { get; set; }

        public override void Write(string what, int a, int b)
        {
            Call?.Invoke();
        }
    }

    /// <summary>How deep the stack was at each drop.</summary>
    private sealed class DepthTrace : TraceSink
    {
        internal List<int> Depths { get; } = new();

        public override void Write(string what, int a, int b)
        {
            if (what == "record dropped")
            {
                Depths.Add(new StackTrace().FrameCount);
            }
        }
    }
}
