using System;
using Microsoft.VisualStudio.TestTools.UnitTesting;

namespace NfDtls.Tests.Engine;

/// <summary>Versions are parts: another one beside DTLS 1.2, at either end.</summary>
[TestClass]
public class VersionTests
{
    [TestMethod]
    public void A_version_of_the_tests_own_exchanges_its_message_in_its_own_records()
    {
        TestBed bed = new TestBed(Options(1, new ToyVersion()), Options(2, new ToyVersion()));
        bed.Client.Engine.Connect(bed.Network.Now);
        Assert.IsTrue(bed.Network.Run(() => bed.Client.State == AssociationState.Connected, 10_000), "The client is " + bed.Client.State + ".");
        Assert.AreEqual(ToyVersion.WireNumber, bed.Client.Association.Version);
        foreach (Datagram datagram in bed.Network.Sent)
        {
            Assert.IsTrue(new ToyRecordCodec().Recognizes(datagram.Bytes[0]), "A record of another form was sent.");
        }

        bed.VerifyPools();
    }

    [TestMethod]
    public void A_server_of_both_versions_answers_each_client_in_its_own()
    {
        DtlsOptions server = Options(2, new ToyVersion(), new Dtls12());
        TestBed bed = new TestBed(TestBed.Options(1), server).Connect();
        Assert.AreEqual(DtlsVersion.Dtls12, bed.Client.Association.Version);
        bed.VerifyEcho();
        TestClient toy = bed.Network.Add(new DtlsClientEngine(Options(3, new ToyVersion())), TestBed.OtherAddress);
        toy.Engine.Connect(bed.Network.Now);
        Assert.IsTrue(bed.Network.Run(() => toy.State == AssociationState.Connected, 10_000), "The toy client is " + toy.State + ".");
        bed.VerifyEcho();
    }

    [TestMethod]
    public void A_server_without_a_version_lets_its_records_pass_by()
    {
        TestBed bed = new TestBed(Options(1, new ToyVersion()), TestBed.Options(2));
        bed.Client.Engine.Connect(bed.Network.Now);
        bed.Network.Run(() => false, 10_000);
        Assert.AreEqual(AssociationState.Connecting, bed.Client.State);
        Assert.AreEqual(0, bed.Server.SessionCount);
    }

    [TestMethod]
    public void A_client_that_offers_two_versions_goes_on_in_the_one_that_the_server_chose()
    {
        DtlsOptions client = Options(1, new OfferingVersion(), new Dtls12());
        TestBed bed = new TestBed(client, TestBed.Options(2)).Connect();
        Assert.AreEqual(DtlsVersion.Dtls12, bed.Client.Association.Version);
        bed.VerifyEcho();
    }

    [TestMethod]
    public void A_server_refuses_a_version_that_is_a_clients_only()
    {
        DtlsOptions options = Options(1, new OfferingVersion());
        ArgumentException refused = Assert.ThrowsExactly<ArgumentException>(() => new NfDtls.Server.DtlsServerEngine(options));
        StringAssert.Contains(refused.Message, "DtlsOptions.Versions");
    }

    private static DtlsOptions Options(int seed, params ProtocolVersion[] versions)
    {
        DtlsOptions options = TestBed.Options(seed);
        options.CookieExchange = false;
        options.Versions = new VersionTable();
        foreach (ProtocolVersion version in versions)
        {
            options.Versions.Add(version);
        }

        return options;
    }
}
