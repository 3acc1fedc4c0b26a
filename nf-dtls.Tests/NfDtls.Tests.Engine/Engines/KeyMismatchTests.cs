using System.Linq;
using Microsoft.VisualStudio.TestTools.UnitTesting;

namespace NfDtls.Tests.Engine;

/// <summary>What the two ends can know of it when their keys differ, and when.</summary>
[TestClass]
public class KeyMismatchTests
{
    [TestMethod]
    [DataRow(1000, 16_000)]
    [DataRow(9000, 210_000)]
    public void A_client_with_a_wrong_key_is_told_so_and_long_before_its_retries_are_used_up(int timeout, int most)
    {
        TestBed bed = Bed(timeout);
        long begin = bed.Network.Now;
        bed.VerifyClientFails(DtlsError.KeyMismatchSuspected);
        Assert.IsTrue(bed.Network.Now - begin <= most, "It took " + (bed.Network.Now - begin) + " ms.");
        Assert.AreEqual(Alert.None, bed.Client.Association.AlertSent);
        bed.Network.Run(1_000_000);
        Assert.AreEqual(1, bed.Server.Statistics.HandshakesFailedWith(DtlsError.KeyMismatchSuspected));
        bed.VerifyPools();
    }

    [TestMethod]
    public void A_client_that_gives_up_earlier_can_ask_what_is_likely()
    {
        TestBed bed = Bed(1000);
        bed.Client.Engine.Connect(bed.Network.Now);
        Assert.AreEqual(DtlsError.Timeout, bed.Client.Association.LikelyError);
        bed.Network.Run(3500);
        Assert.AreEqual(AssociationState.Connecting, bed.Client.State);
        Assert.AreEqual(DtlsError.None, bed.Client.Association.LastError);
        Assert.AreEqual(DtlsError.KeyMismatchSuspected, bed.Client.Association.LikelyError);
    }

    [TestMethod]
    public void A_server_that_falls_silent_after_it_repeated_itself_has_given_up()
    {
        TestBed bed = Bed(1000);
        int flights = 0;
        bed.Network.Filter = datagram => datagram.ToServer || datagram.FirstMessage != HandshakeType.ServerHello || flights++ < 3;
        long begin = bed.Network.Now;
        bed.VerifyClientFails(DtlsError.KeyMismatchSuspected);
        Assert.IsTrue(bed.Network.Now - begin < 100_000, "It took " + (bed.Network.Now - begin) + " ms.");
    }

    [TestMethod]
    public void A_server_that_is_not_there_is_no_wrong_key()
    {
        foreach (int delivered in new[] { 0, 2, 4 })
        {
            TestBed bed = new TestBed();
            bed.Network.Filter = datagram => datagram.Number < delivered;
            bed.VerifyClientFails(DtlsError.Timeout);
        }
    }

    [TestMethod]
    public void Copies_of_the_servers_flight_are_no_repetitions()
    {
        TestBed bed = new TestBed();
        bed.Network.Filter = datagram => datagram.Number < 4;
        bed.Client.Engine.Connect(bed.Network.Now);
        bed.Network.Run(100);
        byte[] flight = bed.Network.Sent.Last(datagram => datagram.FirstMessage == HandshakeType.ServerHello).Bytes;
        for (int i = 0; i < 100; i++)
        {
            bed.Network.Inject(false, TestBed.Address, flight, i * 500);
        }

        bed.Network.Run(60_000);
        Assert.AreEqual(DtlsError.Timeout, bed.Client.Association.LikelyError);
        Assert.AreEqual(AssociationState.Connecting, bed.Client.State);
    }

    [TestMethod]
    public void Repetitions_that_somebody_makes_up_in_the_first_seconds_end_nothing()
    {
        // The server is slow: its Finished takes three seconds. Every 160 ms somebody sends its flight again.
        TestBed bed = new TestBed();
        bool seen = false;
        bed.Network.Filter = datagram =>
        {
            if (!datagram.ToServer && datagram.FirstMessage == HandshakeType.ServerHello && !seen)
            {
                seen = true;
                for (int i = 1; i < 18; i++)
                {
                    byte[] again = (byte[])datagram.Bytes.Clone();
                    again[9] = (byte)(100 + i);
                    bed.Network.Inject(false, TestBed.Address, again, 20 + (i * 160));
                }
            }

            return datagram.ToServer ? datagram.FirstMessage != HandshakeType.ClientKeyExchange || datagram.Sent > 1_003_000 : true;
        };
        bed.Connect().VerifyEcho();
    }

    [TestMethod]
    public void A_bad_network_is_not_taken_for_a_wrong_key()
    {
        // The server does not give up either, so that every one of these can succeed.
        int suspected = 0;
        for (int seed = 1; seed <= 600; seed++)
        {
            DtlsOptions client = TestBed.Options(seed);
            DtlsOptions server = TestBed.Options(seed + 5000);
            client.OneRecordPerDatagram = seed % 2 == 0;
            server.HandshakeTimeout = 7_200_000;
            TestBed bed = new TestBed(client, server, 70_000 + seed);
            bed.Network.Drop = 0.2;
            bed.Network.Duplicate = 0.2;
            bed.Network.Delay = 0.2;
            bed.Client.Engine.Connect(bed.Network.Now);
            bed.Network.Run(() => bed.Client.State != AssociationState.Connecting, 7_200_000);
            suspected += bed.Client.Association.LastError == DtlsError.KeyMismatchSuspected ? 1 : 0;
        }

        Assert.AreEqual(0, suspected);
    }

    private static TestBed Bed(int timeout)
    {
        DtlsOptions client = TestBed.Options(1);
        client.Psk = TestBed.Store(TestBed.Bytes(16, 1), TestBed.Text("sensor-1"));
        client.RetransmitTimeout = timeout;
        DtlsOptions server = TestBed.Options(2);
        server.RetransmitTimeout = timeout;
        return new TestBed(client, server);
    }
}
