using System.Collections.Generic;
using Microsoft.VisualStudio.TestTools.UnitTesting;

namespace NfDtls.Tests.Engine;

/// <summary>What a version that resends only what is not acknowledged is told of its flights.</summary>
[TestClass]
public class SendingLogTests
{
    [TestMethod]
    public void A_flight_tells_its_log_which_record_carried_which_fragment_each_time()
    {
        Flight flight = new(400, 4);
        ListingLog log = new();
        flight.Log = log;
        Epoch epoch = new(3, new Dtls12RecordCodec(), null) { WriteProtection = new NullProtection() };
        Add(flight, HandshakeType.ClientHello, 300, epoch);
        Add(flight, HandshakeType.ServerHelloDone, 0, epoch);

        SendAll(flight);
        SendAll(flight);
        CollectionAssert.AreEqual(
            new[] { "3.0: 0 at 0, 175", "3.1: 0 at 175, 125", "3.2: 1 at 0, 0", "3.3: 0 at 0, 175", "3.4: 0 at 175, 125", "3.5: 1 at 0, 0" },
            log.Sendings);

        flight.Clear();
        Assert.AreEqual(0, log.Sendings.Count);
    }

    private static void Add(Flight flight, int type, int length, Epoch epoch)
    {
        WireWriter writer = new();
        flight.Begin(writer);
        writer.Skip(length);
        Assert.IsTrue(flight.End(writer, type, 0, DtlsVersion.Dtls12, epoch));
    }

    private static void SendAll(Flight flight)
    {
        byte[] datagram = new byte[200];
        flight.Restart();
        while (flight.IsSending)
        {
            flight.Fill(new RecordHeader(), datagram, datagram.Length, true, out _);
        }
    }

    private sealed class ListingLog : SendingLog
    {
        internal List<string> Sendings { get; } = new();

        internal override void Clear() => Sendings.Clear();

        internal override void Add(long epoch, long sequence, int message, int offset, int length)
            => Sendings.Add($"{epoch}.{sequence}: {message} at {offset}, {length}");
    }
}
