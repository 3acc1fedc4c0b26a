using Microsoft.VisualStudio.TestTools.UnitTesting;

namespace NfDtls.Tests.Engine;

/// <summary>Sums of a time and a duration that would pass the end of time: they are never due, and not due at once.</summary>
[TestClass]
public class EndOfTimeTests
{
    [TestMethod]
    public void A_sum_past_the_end_of_time_is_never()
    {
        Assert.AreEqual(Deadline.Never, Deadline.After(long.MaxValue, 1));
        Assert.AreEqual(Deadline.Never, Deadline.After(1, long.MaxValue));
        Assert.AreEqual(Deadline.Never, Deadline.After(long.MaxValue, long.MaxValue));
        Assert.AreEqual(Deadline.Never, Deadline.After(long.MaxValue - 5, 5));
        Assert.AreEqual(long.MaxValue - 1, Deadline.After(long.MaxValue - 5, 4));
        Assert.AreEqual(-3, Deadline.After(-5, 2));
        Assert.AreEqual(long.MaxValue - 1, Deadline.After(-1, long.MaxValue));
    }

    [TestMethod]
    public void Every_option_of_time_may_be_as_long_as_it_goes()
    {
        foreach (long start in new[] { 0L, 1_000_000, long.MaxValue - 4_000_000_000 })
        {
            DtlsOptions client = Longest(1);
            DtlsOptions server = Longest(2);
            TestBed bed = new TestBed(client, server);
            bed.Network.Now = start;
            bed.Connect().VerifyEcho();
            bed.Network.Run(300_000);
            bed.VerifyEcho();
            Assert.AreEqual(0, bed.Server.Statistics.HandshakesFailed);
        }
    }

    [TestMethod]
    [DataRow(200_000)]
    [DataRow(1_000_000)]
    public void An_endpoint_works_up_to_the_last_minutes_of_time(long before)
    {
        // Cookies, retransmissions, the last flight, a deadline of the handshake, idle time, closing: all end beyond it.
        DtlsOptions client = TestBed.Options(1);
        client.HandshakeTimeout = int.MaxValue;
        DtlsOptions server = TestBed.Options(2);
        server.HandshakeTimeout = int.MaxValue;
        server.IdleTimeout = int.MaxValue;
        server.CookieLifetime = 3_600_000;
        TestBed bed = new TestBed(client, server);
        bed.Network.Now = long.MaxValue - before;
        int lost = 0;
        bed.Network.Filter = datagram => datagram.Number != 4 || lost++ > 0;
        bed.Client.Engine.Connect(bed.Network.Now);
        Assert.IsTrue(bed.Network.Run(bed.IsConnected, 60_000));
        bed.VerifyEcho();
        bed.Network.Run(5000);
        bed.VerifyEcho();
        bed.Client.Association.Close(120_000_000, bed.Network.Now);
        bed.Network.Run(1000);
        Assert.AreEqual(DtlsError.SessionClosed, bed.Client.Association.LastError);
        Assert.AreEqual(0, bed.Server.SessionCount);
        bed.VerifyPools();
    }

    private static DtlsOptions Longest(int seed)
    {
        DtlsOptions options = TestBed.Options(seed);
        options.RetransmitTimeout = 60_000;
        options.MaxRetransmitTimeout = 600_000;
        options.MaxRetransmits = 100;
        options.HandshakeTimeout = int.MaxValue;
        options.IdleTimeout = int.MaxValue;
        options.CookieLifetime = 3_600_000;
        return options;
    }
}
