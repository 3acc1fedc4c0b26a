using System.Linq;
using Microsoft.VisualStudio.TestTools.UnitTesting;
using NfDtls.Extensions;
using NfDtls.Tests.Ca;
using NfDtls.Tests.Engine;
using NfDtls.X509;

namespace NfDtls.Tests.Certificates;

/// <summary>An application that answers a client by the name that it asks for, and names that a server refuses.</summary>
[TestClass]
public class AnsweredNameTests
{
    private static readonly Identity s_first = Identity.Of(CaKeyKind.P256, 2, CaKeyKind.P256, "first.example.com");
    private static readonly Identity s_second = Identity.Of(CaKeyKind.P256, 2, CaKeyKind.P256, "second.example.com");

    [TestMethod]
    [DataRow(0)]
    [DataRow(20_000)]
    public void A_certificate_that_the_application_adds_for_the_name_is_the_one_that_is_shown(long later)
    {
        CertificateStore store = Setup.Store(s_first);
        DtlsOptions server = Setup.Server(CertificateSuites.Modern(), store);
        server.AskToConnect = true;
        DtlsOptions client = Setup.Client(CertificateSuites.Modern(), Setup.Store(null, s_first, s_second));
        client.ServerName = "second.example.com";
        TestBed bed = new TestBed(client, server);
        bed.Client.Engine.Connect(bed.Network.Now);
        Association? asking = null;
        Assert.IsTrue(bed.Network.Run(() => (asking = bed.Network.ServerEvents.FirstOrDefault(one => (one.Events & AssociationEvents.Connecting) != 0).Association) != null, 10_000));
        Assert.AreEqual("second.example.com", asking!.ServerName);
        bed.Network.Run(later);
        s_second.AddLocalTo(store);
        asking.ConnectRequest.Accept();
        Assert.IsTrue(bed.Network.Run(bed.IsConnected, 60_000), bed.Client.Association.LastError.ToString());
        CollectionAssert.AreEqual(s_second.End.Der, bed.Client.Association.PeerCertificates[0]);
        Assert.AreEqual("second.example.com", bed.ServerAssociation!.ServerName);
        Assert.IsNotNull(Wire.Extension(bed, false, 0), "RFC 6066 section 3: a server that used the name says so.");
        bed.VerifyEcho();
    }

    [TestMethod]
    public void An_answer_without_a_key_that_fits_ends_the_handshake_as_without_a_question()
    {
        DtlsOptions server = Setup.Server(CertificateSuites.Modern(), Setup.Store(s_first));
        server.AskToConnect = true;
        DtlsOptions client = Setup.Client(Setup.One(NfDtls.Ecdhe.EcdheSuites.RsaAes128GcmSha256), Setup.Store(null, s_first));
        TestBed bed = new TestBed(client, server);
        bed.Client.Engine.Connect(bed.Network.Now);
        Association? asking = null;
        bed.Network.Run(() => (asking = bed.Network.ServerEvents.FirstOrDefault(one => (one.Events & AssociationEvents.Connecting) != 0).Association) != null, 10_000);
        asking!.ConnectRequest.Accept();
        bed.Network.Run(() => bed.Client.State == AssociationState.Closed, 60_000);
        Assert.AreEqual(Alert.HandshakeFailure, bed.Client.Association.AlertReceived);
        bed.Network.Settle();
        bed.VerifyPools();
    }

    [TestMethod]
    [DataRow("first.example.com", "", true)]
    [DataRow("second.example.com", "", false)]
    [DataRow("second.example.com", "second.example.com", true)]
    [DataRow("192.0.2.7", "", true, DisplayName = "an address is not sent")]
    public void A_name_is_known_by_a_certificate_or_because_it_was_added(string name, string added, bool isKnown)
    {
        ServerNames names = new ServerNames { RefusesUnknown = true };
        if (added.Length > 0)
        {
            names.Add(added);
        }

        DtlsOptions server = Setup.Server(CertificateSuites.Modern(), Setup.Store(s_first));
        server.Features = new Feature[] { names };
        DtlsOptions client = Setup.Client(CertificateSuites.Modern(), Setup.Store(null, s_first));
        client.ServerName = name;
        client.NameCheck = NameCheck.None;
        TestBed bed = new TestBed(client, server);
        if (isKnown)
        {
            bed.Connect();
            return;
        }

        bed.VerifyClientFails(DtlsError.AlertReceived);
        Assert.AreEqual(Alert.UnrecognizedName, bed.Client.Association.AlertReceived);
    }
}
