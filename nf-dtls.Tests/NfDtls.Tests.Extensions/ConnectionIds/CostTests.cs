using System;
using System.Linq;
using Microsoft.VisualStudio.TestTools.UnitTesting;
using NfDtls.Extensions;
using NfDtls.Server;
using NfDtls.Tests.Engine;

namespace NfDtls.Tests.Extensions;

/// <summary>What connection IDs and checks of paths cost: bytes, steps, memory.</summary>
[TestClass]
public sealed class CostTests
{
    [TestMethod]
    public void Bytes_are_those_that_the_pages_tell()
    {
        CidBed plain = new CidBed(0, 0).Connect();
        CidBed bed = Checked().Connect();
        Assert.AreEqual(5 + 8 + 4 - 5, Hello(bed) - Hello(plain), "both offer the extension");
        Assert.AreEqual(plain.Client.MaxPayload - 9, bed.Client.MaxPayload);
        bed.VerifyEcho();
        bed.Rebind();
        int at = bed.Network.Sent.Count;
        bed.Client.Send(TestBed.Bytes(20), 0, 20, bed.Network.Now);
        bed.Network.Run(2500);
        byte[][] check = bed.Network.Sent.Skip(at).Select(datagram => datagram.Bytes).ToArray();
        Assert.AreEqual(20 + 38, check[0].Length);
        Assert.AreEqual(1, check.Skip(1).Count(datagram => datagram.Length == 20 + 38), "the echo, to the old address");
        Assert.AreEqual(5, check.Count(datagram => datagram.Length == 47));
        Assert.HasCount(2 + 3 + 2, check, "three challenges to the old path, one and its answer on the new one");
    }

    [TestMethod]
    public void What_a_server_does_for_a_record_does_not_depend_on_how_many_sessions_there_are()
    {
        int few = Hmacs(2);
        Assert.AreEqual(few, Hmacs(200));
        Assert.AreEqual(3, few, "one for the record that came from elsewhere, one for each whose ID is nobody's");
    }

    [TestMethod]
    public void Checks_of_paths_allocate_nothing()
    {
        CidBed bed = Checked().Connect();
        bed.Network.Echo = false;
        byte[] address = { 203, 0, 113, 0, 1, 1 };
        byte[][] records = Enumerable.Range(0, 4000).Select(i => ConnectionIdTests.Seal(bed.Client, ContentType.ApplicationData, 1)).ToArray();
        int next = 0;
        Play(1000);
        long least = long.MaxValue;
        for (int attempt = 0; attempt < 3 && least > 0; attempt++)
        {
            long before = GC.GetAllocatedBytesForCurrentThread();
            Play(1000);
            least = Math.Min(least, GC.GetAllocatedBytesForCurrentThread() - before);
        }

        Assert.AreEqual(0, least);
        Assert.IsGreaterThan(20, bed.Bed.Server.Statistics.PathsFailed);

        void Play(int count)
        {
            DtlsServerEngine server = bed.Bed.Server;
            for (int i = 0; i < count; i++)
            {
                bed.Network.Now += 40;
                address[3] = (byte)(i / 60);
                byte[] record = records[next++];
                server.HandleDatagram(record, 0, record.Length, address, 6, bed.Network.Now);
                server.HandleTimeout(bed.Network.Now);
                bed.Server.TakePacket().Return();
                server.PollEvent(out _);
                for (Packet packet = server.PollDatagram(bed.Network.Now); packet != null; packet = server.PollDatagram(bed.Network.Now))
                {
                    packet.Return();
                }
            }
        }
    }

    [TestMethod]
    public void The_plan_of_memory_counts_what_a_session_keeps()
    {
        ConnectionIdFeature shorter = new ConnectionIdFeature(8) { MaxPeerLength = 8 };
        ConnectionIdFeature longer = new ConnectionIdFeature(8);
        Assert.AreEqual(240, longer.SessionBytes - shorter.SessionBytes);
        Assert.IsLessThan(200, shorter.SessionBytes);
        Assert.IsLessThan(260, new ReturnRoutability().SessionBytes);
        Assert.IsGreaterThan(0, longer.EngineBytes);
    }

    private static int Hello(CidBed bed)
    {
        return bed.Network.Sent[0].Bytes.Length;
    }

    private static CidBed Checked()
    {
        DtlsOptions client = ConnectionIdTests.With(TestBed.Options(1), new ReturnRoutability());
        DtlsOptions server = ConnectionIdTests.With(TestBed.Options(2), new ReturnRoutability());
        return new CidBed(client, server, new ConnectionIdFeature(8), new ConnectionIdFeature(8));
    }

    /// <summary>HMACs of a server for a record from home, one from elsewhere, and two with IDs of nobody.</summary>
    private static int Hmacs(int sessions)
    {
        DtlsOptions options = TestBed.Options(2);
        CountingProvider crypto = new CountingProvider(options.Crypto);
        options.Crypto = crypto;
        options.MaxSessions = sessions;
        options.MaxSessionsPerHost = 0;
        options.PoolPackets = 64;
        CidBed bed = new CidBed(TestBed.Options(1), options, new ConnectionIdFeature(8), new ConnectionIdFeature(8)).Connect();
        for (int i = 1; i < sessions; i++)
        {
            TestClient client = bed.Network.Add(new DtlsClientEngine(ConnectionIdTests.With(TestBed.Options(100 + i), new ConnectionIdFeature(0))), new byte[] { 10, 0, 0, (byte)i, 1, 1 });
            client.Engine.Connect(bed.Network.Now);
            Assert.IsTrue(bed.Network.Run(() => client.State == AssociationState.Connected, 60_000), "client " + i);
        }

        bed.Network.Echo = false;
        bed.Network.Settle();
        crypto.Hmacs = 0;
        bed.Network.Inject(true, bed.Address, ConnectionIdTests.Seal(bed.Client, ContentType.ApplicationData, 1), 0);
        bed.Network.Inject(true, new byte[] { 9, 9, 9, 9, 9, 9 }, ConnectionIdTests.Seal(bed.Client, ContentType.ApplicationData, 1), 1);
        byte[] stranger = ConnectionIdTests.Seal(bed.Client, ContentType.ApplicationData, 1);
        stranger[12] ^= 1;
        bed.Network.Inject(true, bed.Address, stranger, 2);
        bed.Network.Inject(true, new byte[] { 8, 8, 8, 8, 8, 8 }, stranger, 2);
        bed.Network.Run(100);
        return crypto.Hmacs;
    }
}
