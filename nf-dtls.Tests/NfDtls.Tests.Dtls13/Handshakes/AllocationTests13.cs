using System;
using Microsoft.VisualStudio.TestTools.UnitTesting;
using NfDtls.Dtls13;
using NfDtls.Tests.Engine;

namespace NfDtls.Tests.Dtls13;

/// <summary>A record of data allocates nothing, neither where it is sent nor where it is received.</summary>
[TestClass]
public class AllocationTests13
{
    private const int Size = 64;
    private const int Echoes = 1000;

    // Numbers below this go in one byte.
    private const int ShortBelow = RecordNumber.ShortBelow;

    [TestMethod]
    [DataRow(false, 0)]
    [DataRow(false, 8)]
    [DataRow(true, 0)]
    [DataRow(true, 8)]
    public void Records_with_long_numbers_allocate_nothing_at_either_end(bool host, int idLength)
    {
        CidBed13 bed = Connected(host, idLength);
        Exchange(bed, 2 * ShortBelow);
        Verify(bed, idLength > 0, Echoes, 8);
    }

    [TestMethod]
    [DataRow(false, 0)]
    [DataRow(false, 8)]
    [DataRow(true, 0)]
    [DataRow(true, 8)]
    public void Records_with_short_numbers_allocate_nothing_at_either_end(bool host, int idLength)
    {
        CidBed13 bed = Connected(host, idLength);
        Exchange(bed, 2 * ShortBelow);

        // New keys begin with the first number.
        KeyUpdates.Begin(bed.Client, true, bed.Network.Now);
        bed.Network.Run(10_000);
        Exchange(bed, 1);
        Verify(bed, idLength > 0, ShortBelow / 5, 0);
    }

    /// <summary>Three times: a collection that another thread causes adds to this thread's count.</summary>
    private static void Verify(CidBed13 bed, bool hasId, int echoes, int longNumber)
    {
        long sent = long.MaxValue;
        long received = long.MaxValue;
        for (int attempt = 0; attempt < 3 && (sent > 0 || received > 0); attempt++)
        {
            Allocated allocated = Exchange(bed, echoes);
            sent = Math.Min(sent, allocated.Sending);
            received = Math.Min(received, allocated.Receiving);
            Assert.AreEqual(0x20 | (hasId ? 0x10 : 0) | longNumber, allocated.Form & 0xF8, "the form of the header");
        }

        Assert.AreEqual(0, sent, "bytes allocated by records sent");
        Assert.AreEqual(0, received, "bytes allocated by records received");
    }

    private static CidBed13 Connected(bool host, int idLength)
    {
        DtlsOptions client = Bed13.Options(false, 1, Bed13.NoGroup, true);
        DtlsOptions server = Bed13.Options(true, 2, Bed13.NoGroup, true);
        if (host)
        {
            client.Crypto = TestBed.HostOptions().Crypto;
            server.Crypto = TestBed.HostOptions().Crypto;
        }

        return new CidBed13(client, server, idLength, idLength).Connect();
    }

    private static Allocated Exchange(CidBed13 bed, int count)
    {
        Allocated allocated = default;
        byte[] data = new byte[Size];
        byte[] buffer = new byte[Size];
        byte[] address = bed.Address;
        long now = bed.Network.Now;
        Association client = bed.Client;
        Association server = bed.Server;
        for (int i = 0; i < count; i++)
        {
            data[0] = (byte)i;
            long start = GC.GetAllocatedBytesForCurrentThread();
            client.Send(data, 0, Size, now);
            Packet packet = bed.Bed.Client.Engine.PollDatagram(now);
            allocated.Sending += GC.GetAllocatedBytesForCurrentThread() - start;
            allocated.Form = packet.Buffer[packet.Offset];

            start = GC.GetAllocatedBytesForCurrentThread();
            bed.Bed.Server.HandleDatagram(packet.Buffer, packet.Offset, packet.Length, address, address.Length, now);
            packet.Return();
            bed.Bed.Server.PollEvent(out _);
            int length = server.Receive(buffer, 0);
            allocated.Receiving += GC.GetAllocatedBytesForCurrentThread() - start;

            start = GC.GetAllocatedBytesForCurrentThread();
            server.Send(buffer, 0, length, now);
            packet = bed.Bed.Server.PollDatagram(now);
            allocated.Sending += GC.GetAllocatedBytesForCurrentThread() - start;

            start = GC.GetAllocatedBytesForCurrentThread();
            bed.Bed.Client.Engine.HandleDatagram(packet.Buffer, packet.Offset, packet.Length, now);
            packet.Return();
            bed.Bed.Client.Engine.TakeEvents();
            length = client.Receive(buffer, 0);
            allocated.Receiving += GC.GetAllocatedBytesForCurrentThread() - start;
            if (length != Size || buffer[0] != (byte)i)
            {
                throw new InvalidOperationException("No echo.");
            }
        }

        return allocated;
    }

    private struct Allocated
    {
        internal long Sending;
        internal long Receiving;
        internal int Form;
    }
}
