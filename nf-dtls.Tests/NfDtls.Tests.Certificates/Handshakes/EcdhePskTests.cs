using Microsoft.VisualStudio.TestTools.UnitTesting;
using NfDtls.Ecdhe;
using NfDtls.Tests.Engine;

namespace NfDtls.Tests.Certificates;

[TestClass]
public class EcdhePskTests
{
    [TestMethod]
    [DataRow(null)]
    [DataRow("gateway")]
    [DataRow("other")]
    public void A_hint_chooses_the_key(string? hint)
    {
        DtlsOptions client = Setup.Options(EcdheSuites.Psk());
        client.Psk = new PskStore();
        client.Psk.Add(TestBed.Bytes(16, 1), "first");
        client.Psk.Add(TestBed.Bytes(16, 2), "second", "gateway");
        DtlsOptions server = Setup.Options(EcdheSuites.Psk());
        server.Psk = new PskStore();
        server.Psk.Add(TestBed.Bytes(16, 1), "first");
        server.Psk.Add(TestBed.Bytes(16, 2), "second");
        server.PskHint = hint == null ? null : TestBed.Text(hint);
        TestBed bed = new TestBed(client, server).Connect();
        bed.VerifyEcho();
        Assert.AreEqual(0xD003, bed.Client.Association.Suite.Id);
        CollectionAssert.AreEqual(TestBed.Text(hint == "gateway" ? "second" : "first"), bed.ServerAssociation!.PskIdentity);
    }

    [TestMethod]
    public void Both_ends_can_ask_the_application_and_wait_for_its_answer()
    {
        DtlsOptions client = Setup.Options(EcdheSuites.Psk());
        client.AskForPsk = true;
        client.Psk = null;
        DtlsOptions server = Setup.Options(EcdheSuites.Psk());
        server.AskForPsk = true;
        server.Psk = null;
        server.PskHint = TestBed.Text("plant 7");
        server.HandshakeTimeout = 60_000;
        TestBed bed = new TestBed(client, server);
        PskRequest? asked = null;
        bed.Network.PskWanted = request => asked = request;
        bed.Client.Engine.Connect(bed.Network.Now);
        Assert.IsTrue(bed.Network.Run(() => asked != null, 1000));
        Assert.IsFalse(asked!.IsServer);
        CollectionAssert.AreEqual(TestBed.Text("plant 7"), asked.Asked);
        bed.Network.Run(20_000);
        asked.Answer(TestBed.Key, TestBed.Text("late"));
        asked = null;
        Assert.IsTrue(bed.Network.Run(() => asked != null, 60_000));
        Assert.IsTrue(asked!.IsServer);
        CollectionAssert.AreEqual(TestBed.Text("late"), asked.Asked);
        bed.Network.Run(20_000);
        asked.Answer(TestBed.Key);
        Assert.IsTrue(bed.Network.Run(bed.IsConnected, 60_000), bed.Client.Association.LastError + " " + bed.ServerAssociation?.LastError);
        bed.VerifyEcho();
        bed.VerifyPools();
    }

    [TestMethod]
    public void A_wrong_key_does_not_complete_and_an_unknown_identity_gets_its_alert()
    {
        DtlsOptions client = Setup.Options(EcdheSuites.Psk());
        client.Psk = TestBed.Store(TestBed.Bytes(16, 9), TestBed.Text("sensor-1"));
        TestBed bed = new TestBed(client, Setup.Options(EcdheSuites.Psk()));
        bed.Network.AutoRelease = false;
        bed.Client.Engine.Connect(bed.Network.Now);
        bed.Network.Run(3_000_000);
        Assert.AreEqual(AssociationState.Closed, bed.Client.State);
        Assert.AreEqual(DtlsError.KeyMismatchSuspected, bed.Server.At(0).LastError);

        client.Psk = TestBed.Store(TestBed.Key, TestBed.Text("nobody"));
        bed = new TestBed(client, Setup.Options(EcdheSuites.Psk()));
        bed.VerifyClientFails(DtlsError.AlertReceived);
        Assert.AreEqual(Alert.UnknownPskIdentity, bed.Client.Association.AlertReceived);
    }

    [TestMethod]
    public void Without_a_common_group_the_next_suite_without_groups_is_taken()
    {
        EcdheExtensions one = new EcdheExtensions(Setup.Groups(NamedGroup.Secp256r1), SchemeTable.Elliptic());
        EcdheExtensions other = new EcdheExtensions(Setup.Groups(NamedGroup.X25519), SchemeTable.Elliptic());
        CipherSuiteTable client = new CipherSuiteTable().Add(EcdheSuites.PskAes128Ccm8Sha256(one)).Add(PskSuites.Aes128Ccm8());
        CipherSuiteTable server = new CipherSuiteTable().Add(EcdheSuites.PskAes128Ccm8Sha256(other)).Add(PskSuites.Aes128Ccm8());
        TestBed bed = new TestBed(Setup.Options(client), Setup.Options(server)).Connect();
        Assert.AreEqual(0xC0A8, bed.Client.Association.Suite.Id);
        bed = new TestBed(Setup.Options(Setup.One(EcdheSuites.PskAes128Ccm8Sha256, new[] { 23 }, new[] { 0x403 })), Setup.Options(server));
        bed.VerifyClientFails(DtlsError.AlertReceived);
        Assert.AreEqual(Alert.HandshakeFailure, bed.Client.Association.AlertReceived);
    }
}
