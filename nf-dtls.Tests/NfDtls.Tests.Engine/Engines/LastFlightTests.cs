using Microsoft.VisualStudio.TestTools.UnitTesting;

namespace NfDtls.Tests.Engine;

[TestClass]
public class LastFlightTests
{
    [TestMethod]
    public void The_last_flight_is_kept_for_240_seconds_and_no_longer()
    {
        TestBed bed = new TestBed().Connect();
        bed.Network.Settle();
        long begun = bed.Network.Now;
        Association server = bed.ServerAssociation!;
        Assert.IsNotNull(server.CurrentFlight);
        bed.Network.Run(() => server.CurrentFlight == null, 1_000_000);
        Assert.IsNull(server.CurrentFlight);
        long kept = bed.Network.Now - begun;
        Assert.IsTrue(kept > 239_000 && kept <= 240_000, "It was kept for " + kept + " ms.");
        Assert.AreEqual(long.MaxValue, bed.Server.NextDeadline);
        bed.VerifyEcho();
    }

    [TestMethod]
    public void The_first_application_data_of_the_peer_ends_it()
    {
        TestBed bed = new TestBed().Connect();
        bed.VerifyEcho();
        Assert.IsNull(bed.ServerAssociation!.CurrentFlight);
    }
}
