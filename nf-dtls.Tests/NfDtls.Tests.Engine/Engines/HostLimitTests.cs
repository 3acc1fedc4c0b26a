using Microsoft.VisualStudio.TestTools.UnitTesting;

namespace NfDtls.Tests.Engine;

[TestClass]
public class HostLimitTests
{
    [TestMethod]
    public void A_host_gets_as_many_sessions_as_it_may_and_another_host_its_own()
    {
        DtlsOptions server = TestBed.Options(1001);
        server.MaxSessionsPerHost = 2;
        TestBed bed = new TestBed(TestBed.Options(1), server);
        TestClient first = Add(bed, 7, 1);
        TestClient second = Add(bed, 7, 2);
        Assert.IsTrue(bed.Network.Run(() => first.State == AssociationState.Connected, 1000));
        Assert.IsTrue(bed.Network.Run(() => second.State == AssociationState.Connected, 1000));
        TestClient third = Add(bed, 7, 3);
        TestClient elsewhere = Add(bed, 8, 3);
        Assert.IsTrue(bed.Network.Run(() => elsewhere.State == AssociationState.Connected, 1000));
        Assert.AreEqual(AssociationState.Connecting, third.State);
        Assert.IsTrue(bed.Server.Statistics.NoFreeSession > 0);

        // A place that becomes free goes to the one that waits.
        second.Association.Close(0, bed.Network.Now);
        Assert.IsTrue(bed.Network.Run(() => third.State == AssociationState.Connected, 10_000));
    }

    [TestMethod]
    public void A_reconnect_needs_no_second_place_of_its_host()
    {
        DtlsOptions server = TestBed.Options(1001);
        server.MaxSessionsPerHost = 1;
        server.HostOffset = 0;
        TestBed bed = new TestBed(TestBed.Options(1), server).Connect();
        bed.Network.Remove(bed.Client);
        TestClient again = bed.Network.Add(new DtlsClientEngine(TestBed.Options(5)), TestBed.Address);
        again.Engine.Connect(bed.Network.Now);
        Assert.IsTrue(bed.Network.Run(() => again.State == AssociationState.Connected, 1000));
    }

    [TestMethod]
    public void Failed_handshakes_are_counted_by_their_error()
    {
        DtlsOptions client = TestBed.Options(1);
        client.Psk = TestBed.Store(TestBed.Key, TestBed.Text("nobody"));
        TestBed bed = new TestBed(client, TestBed.Options(2));
        bed.Client.Engine.Connect(bed.Network.Now);
        bed.Network.Run(5000);
        Assert.AreEqual(1, bed.Server.Statistics.HandshakesFailedWith(DtlsError.UnknownPskIdentity));
        Assert.AreEqual(1, bed.Client.Engine.Statistics.HandshakesFailedWith(DtlsError.AlertReceived));
        Assert.IsTrue(bed.Server.Statistics.PoolHighWaterMark > 0);
    }

    private static TestClient Add(TestBed bed, int host, int port)
    {
        byte[] address = { 4, 0xC0, (byte)port, 192, 0, 2, (byte)host };
        TestClient client = bed.Network.Add(new DtlsClientEngine(TestBed.Options(port * 10 + host)), address);
        client.Engine.Connect(bed.Network.Now);
        return client;
    }
}
