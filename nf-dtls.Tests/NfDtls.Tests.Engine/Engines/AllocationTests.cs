using System;
using Microsoft.VisualStudio.TestTools.UnitTesting;
using NfDtls.Server;

namespace NfDtls.Tests.Engine;

[TestClass]
public class AllocationTests
{
    [TestMethod]
    [DynamicData(nameof(HandshakeTests.EverySuite), typeof(HandshakeTests))]
    public void Ten_thousand_records_allocate_nothing(string suite, bool host)
    {
        DtlsOptions client = TestBed.Options(host, 1);
        client.Suites = TestBed.Only(HandshakeTests.Suite(suite));
        DtlsOptions server = TestBed.Options(host, 2);
        server.Suites = client.Suites;
        TestBed bed = new TestBed(client, server).Connect();
        byte[] data = TestBed.Bytes(64);
        byte[] buffer = new byte[2000];
        Exchange(bed, data, buffer, 1500);
        Assert.AreEqual(0, LeastAllocated(() => Exchange(bed, data, buffer, 5000)));
    }

    [TestMethod]
    public void Answering_unproven_addresses_allocates_nothing()
    {
        TestBed bed = new TestBed();
        bed.Client.Engine.Connect(bed.Network.Now);
        bed.Network.Flush();
        byte[] hello = bed.Network.Sent[0].Bytes;
        byte[] address = (byte[])TestBed.Address.Clone();
        byte[] scratch = new byte[500];
        Flood(bed.Server, hello, address, scratch, 2000);
        Assert.AreEqual(0, LeastAllocated(() => Flood(bed.Server, hello, address, scratch, 20_000)));
        Assert.AreEqual(0, bed.Server.SessionCount);
    }

    /// <summary>
    /// A collection that another thread causes adds 24 bytes to this thread's count: what allocates does so every time.
    /// </summary>
    internal static long LeastAllocated(Action act)
    {
        long least = long.MaxValue;
        for (int attempt = 0; attempt < 3 && least > 0; attempt++)
        {
            long before = GC.GetAllocatedBytesForCurrentThread();
            act();
            least = Math.Min(least, GC.GetAllocatedBytesForCurrentThread() - before);
        }

        return least;
    }

    private static void Flood(DtlsServerEngine server, byte[] hello, byte[] address, byte[] scratch, int count)
    {
        for (int i = 0; i < count; i++)
        {
            address[0] = (byte)i;
            address[1] = (byte)(i >> 8);
            Array.Copy(hello, scratch, hello.Length);
            server.HandleDatagram(scratch, 0, hello.Length, address, address.Length, 1000 + i);
            server.PollDatagram(1000 + i).Return();
        }
    }

    private static void Exchange(TestBed bed, byte[] data, byte[] buffer, int count)
    {
        Association server = bed.ServerAssociation!;
        Association client = bed.Client.Association;
        long now = bed.Network.Now;
        for (int i = 0; i < count; i++)
        {
            client.Send(data, 0, data.Length, now);
            Packet packet = bed.Client.Engine.PollDatagram(now);
            bed.Server.HandleDatagram(packet.Buffer, packet.Offset, packet.Length, TestBed.Address, 6, now);
            packet.Return();
            bed.Server.PollEvent(out _);
            int length = server.Receive(buffer, 0);
            server.Send(buffer, 0, length, now);
            packet = bed.Server.PollDatagram(now);
            bed.Client.Engine.HandleDatagram(packet.Buffer, packet.Offset, packet.Length, now);
            packet.Return();
            bed.Client.Engine.TakeEvents();
            if (client.Receive(buffer, 0) != data.Length)
            {
                throw new InvalidOperationException("No echo.");
            }
        }
    }
}
