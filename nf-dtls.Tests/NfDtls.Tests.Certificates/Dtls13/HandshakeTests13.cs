using System;
using System.Linq;
using Microsoft.VisualStudio.TestTools.UnitTesting;
using NfDtls.Dtls13;
using NfDtls.Ecdhe;
using NfDtls.Tests.Ca;
using NfDtls.Tests.Engine;
using NfDtls.X509;

namespace NfDtls.Tests.Certificates;

/// <summary>Handshakes of DTLS 1.3 in which the ends prove themselves by certificates or raw public keys.</summary>
[TestClass]
public class HandshakeTests13
{
    private static readonly Identity s_server = Identity.Of(CaKeyKind.P256, 3);
    private static readonly Identity s_client = Identity.Of(CaKeyKind.P256, 3, CaKeyKind.P256, "client");

    [TestMethod]
    [DataRow(CaKeyKind.P256, false)]
    [DataRow(CaKeyKind.P256, true)]
    [DataRow(CaKeyKind.P384, true)]
    [DataRow(CaKeyKind.P521, true)]
    [DataRow(CaKeyKind.Ed25519, true)]
    [DataRow(CaKeyKind.Rsa2048, false)]
    [DataRow(CaKeyKind.Rsa2048, true)]
    [DataRow(CaKeyKind.Rsa4096, true)]
    public void A_key_of_every_kind_proves_one_end_or_both(CaKeyKind kind, bool mutual)
    {
        Identity server = Identity.Of(kind);
        Identity? client = mutual ? Identity.Of(kind, 2, CaKeyKind.P256, "client") : null;
        TestBed bed = Setup13.Bed(server, client, mutual ? ClientCertificates.Require : ClientCertificates.None).Connect();
        bed.VerifyEcho();
        CollectionAssert.AreEqual(server.End.Der, bed.Client.Association.PeerCertificates[0]);
        CollectionAssert.AreEqual(client?.End.Der, bed.ServerAssociation!.PeerCertificates?[0]);
        Assert.IsNull(bed.ServerAssociation.PskIdentity);
    }

    [TestMethod]
    [DataRow(CaKeyKind.P256)]
    [DataRow(CaKeyKind.P384)]
    [DataRow(CaKeyKind.Ed25519)]
    [DataRow(CaKeyKind.Rsa2048)]
    public void Raw_keys_prove_both_ends(CaKeyKind kind)
    {
        TestBed bed = RawBed(kind, true, ClientCertificates.Require, out byte[] serverInfo, out byte[] clientInfo).Connect();
        bed.VerifyEcho();
        CollectionAssert.AreEqual(serverInfo, bed.Client.Association.PeerCertificates[0]);
        CollectionAssert.AreEqual(clientInfo, bed.ServerAssociation!.PeerCertificates[0]);
    }

    [TestMethod]
    public void A_raw_key_proves_a_server_and_a_client_without_one_sends_none()
    {
        TestBed bed = RawBed(CaKeyKind.P256, false, ClientCertificates.Request, out byte[] serverInfo, out _).Connect();
        bed.VerifyEcho();
        CollectionAssert.AreEqual(serverInfo, bed.Client.Association.PeerCertificates[0]);
        Assert.IsNull(bed.ServerAssociation!.PeerCertificates);
    }

    [TestMethod]
    [DataRow(0x1301)]
    [DataRow(0x1302)]
    [DataRow(0x1303)]
    [DataRow(0x1304)]
    [DataRow(0x1305)]
    public void Every_suite_works_without_a_pre_shared_key(int id)
    {
        CipherSuiteTable suites = TestBed.Only(Setup13.All().Find(id));
        TestBed bed = Setup13.Bed(s_server, s_client, ClientCertificates.Require, () => suites).Connect();
        bed.VerifyEcho();
        Assert.AreEqual(id, bed.Client.Association.Suite.Id);
        Assert.AreEqual(id, bed.ServerAssociation!.Suite.Id);
    }

    [TestMethod]
    [DataRow(0x1301)]
    [DataRow(0x1302)]
    public void A_HelloRetryRequest_asks_for_another_group(int id)
    {
        CipherSuiteTable suites = TestBed.Only(Setup13.All().Find(id));
        DtlsOptions client = Setup13.Versioned(Setup13.Client(Setup.Store(null, s_server), suites), false, [NamedGroup.X25519, NamedGroup.Secp384r1]);
        DtlsOptions server = Setup13.Versioned(Setup13.Server(Setup.Store(s_server), ClientCertificates.None, suites), true, [NamedGroup.Secp384r1]);
        new TestBed(client, server).Connect().VerifyEcho();
    }

    [TestMethod]
    public void A_client_without_a_certificate_is_taken_where_the_server_only_asks()
    {
        TestBed bed = new TestBed(Setup13.Client(Setup.Store(null, s_server)), Setup13.Server(Setup.Store(s_server, s_client), ClientCertificates.Request)).Connect();
        bed.VerifyEcho();
        Assert.IsNull(bed.ServerAssociation!.PeerCertificates);
    }

    [TestMethod]
    public void A_client_without_a_certificate_that_it_must_have_hears_certificate_required()
    {
        TestBed bed = new TestBed(Setup13.Client(Setup.Store(null, s_server)), Setup13.Server(Setup.Store(s_server, s_client), ClientCertificates.Require));
        Assert.AreEqual(Alert.CertificateRequired, AlertToClient(bed));
    }

    [TestMethod]
    public void A_client_does_not_take_a_server_that_it_does_not_trust()
    {
        TestBed bed = new TestBed(Setup13.Client(Setup.Store(null, Identity.Of(CaKeyKind.Ed25519, 2, CaKeyKind.P384))), Setup13.Server(Setup.Store(s_server)));
        Assert.AreEqual(DtlsError.UnknownCa, ErrorOfClient(bed));
    }

    [TestMethod]
    public void A_client_does_not_take_a_server_of_another_name()
    {
        DtlsOptions client = Setup13.Client(Setup.Store(null, s_server));
        client.ServerName = "other.example.com";
        Assert.AreEqual(DtlsError.CertificateNameMismatch, ErrorOfClient(new TestBed(client, Setup13.Server(Setup.Store(s_server)))));
    }

    [TestMethod]
    public void A_server_does_not_take_a_client_that_it_does_not_trust()
    {
        Identity stranger = Identity.Of(CaKeyKind.P256, 2, CaKeyKind.P384, "client");
        DtlsOptions server = Setup13.Server(Setup.Store(s_server, s_client), ClientCertificates.Require);
        TestBed bed = new TestBed(Setup13.Client(Setup.Store(stranger, s_server)), server);
        Assert.AreEqual(Alert.UnknownCa, AlertToClient(bed));
    }

    [TestMethod]
    public void Ends_without_a_scheme_in_common_part()
    {
        // PKCS #1 may sign certificates, not handshakes; and a scheme of ECDSA is of one curve.
        Assert.AreEqual(Alert.HandshakeFailure, Parted(Identity.Of(CaKeyKind.Rsa2048), SignatureScheme.RsaPkcs1Sha256, SignatureScheme.EcdsaSecp256r1Sha256));
        Assert.AreEqual(Alert.HandshakeFailure, Parted(s_server, SignatureScheme.EcdsaSecp384r1Sha384, SignatureScheme.RsaPssRsaeSha256));
    }

    [TestMethod]
    [DataRow(true, true)]
    [DataRow(false, false)]
    public void A_server_takes_a_pre_shared_key_that_it_knows_and_else_shows_its_certificate(bool knows, bool takesKey)
    {
        DtlsOptions client = Setup13.Client(Setup.Store(null, s_server));
        client.Psk = new PskStore();
        client.Psk.Add(TestBed.Key, knows ? "known" : "other", null);
        DtlsOptions server = Setup13.Server(Setup.Store(s_server));
        server.Psk = new PskStore();
        server.Psk.Add(TestBed.Key, "known", null);
        TestBed bed = new TestBed(client, server).Connect();
        bed.VerifyEcho();
        Assert.AreEqual(takesKey, bed.Client.Association.PskIdentity != null);
        Assert.AreEqual(takesKey, bed.ServerAssociation!.PskIdentity != null);
        Assert.AreEqual(takesKey, bed.Client.Association.PeerCertificates == null);
    }

    [TestMethod]
    [DataRow(false)]
    [DataRow(true)]
    public void A_server_with_one_proof_alone_takes_that_of_a_client_that_offers_both(bool byKey)
    {
        DtlsOptions client = Setup13.Client(Setup.Store(null, s_server));
        client.Psk = new PskStore();
        client.Psk.Add(TestBed.Key, "known", null);
        DtlsOptions server = Setup13.Server(Setup.Store(s_server));
        if (byKey)
        {
            server.Authenticator = null;
            server.Psk = client.Psk;
        }

        TestBed bed = new TestBed(client, server).Connect();
        bed.VerifyEcho();
        Assert.AreEqual(byKey, bed.Client.Association.PskIdentity != null);
    }

    [TestMethod]
    [DataRow(false)]
    [DataRow(true)]
    public void Slow_signatures_go_on_in_steps(bool ofServer)
    {
        SlowProvider slow = new SlowProvider(Setup.Crypto(), 50);
        TestBed bed = new TestBed(
            Setup13.Client(Setup.Store(s_client, s_server), null, ofServer ? null : slow),
            Setup13.Server(Setup.Store(s_server, s_client), ClientCertificates.Require, null, ofServer ? slow : null)).Connect();
        bed.VerifyEcho();
        Assert.IsGreaterThan(100, slow.Operations.Sum(operation => operation.Steps));
    }

    [TestMethod]
    public void Long_messages_go_in_fragments_and_what_is_lost_of_them_is_sent_again()
    {
        for (int seed = 1; seed <= 40; seed++)
        {
            DtlsOptions client = Setup13.Client(Setup.Store(s_client, s_server));
            DtlsOptions server = Setup13.Server(Setup.Store(s_server, s_client), ClientCertificates.Require);
            client.Mtu = 300;
            server.Mtu = 300;
            TestBed bed = new TestBed(client, server, seed);
            bed.Network.Drop = 0.2;
            bed.Network.Duplicate = 0.1;
            bed.Network.Delay = 0.1;
            bed.Client.Engine.Connect(bed.Network.Now);
            bed.Network.Run(() => bed.Client.State != AssociationState.Connecting, 1_000_000);
            Assert.AreEqual(AssociationState.Connected, bed.Client.State, "seed " + seed + ": " + bed.Client.Association.LastError);
        }
    }

    [TestMethod]
    public void An_endpoint_may_name_its_schemes_without_suites_of_the_version_before()
    {
        DtlsOptions client = Setup13.Client(Setup.Store(null, s_server));
        client.Extensions = Signatures(SignatureScheme.Ed25519, SignatureScheme.EcdsaSecp256r1Sha256);
        new TestBed(client, Setup13.Server(Setup.Store(s_server))).Connect().VerifyEcho();
    }

    internal static HelloExtension[] Signatures(params int[] schemes)
    {
        return new EcdheExtensions(GroupTable.All(), Setup.Schemes(schemes)).Signatures;
    }

    internal static DtlsError ErrorOfClient(TestBed bed, int more = 0)
    {
        bed.Client.Engine.Connect(bed.Network.Now);
        bed.Network.Run(() => bed.Client.State != AssociationState.Connecting, 100_000);
        bed.Network.Run(more);
        return bed.Client.Association.LastError;
    }

    internal static int AlertToClient(TestBed bed)
    {
        ErrorOfClient(bed);
        bed.Network.Run(() => bed.Client.State == AssociationState.Closed, 100_000);
        return bed.Client.Association.AlertReceived;
    }

    private static int Parted(Identity server, params int[] schemes)
    {
        DtlsOptions client = Setup13.Client(Setup.Store(null, server));
        client.Extensions = Signatures(schemes);
        return AlertToClient(new TestBed(client, Setup13.Server(Setup.Store(server))));
    }

    private static TestBed RawBed(CaKeyKind kind, bool mutual, ClientCertificates clients, out byte[] serverInfo, out byte[] clientInfo)
    {
        RawKeyStore ofServer = new RawKeyStore();
        RawKeyStore ofClient = new RawKeyStore();
        ofServer.AddLocal(Setup.RawKey(kind, out serverInfo));
        ofClient.AddTrusted(serverInfo);
        StoredPrivateKey own = Setup.RawKey(kind, out clientInfo);
        ofServer.AddTrusted(clientInfo);
        if (mutual)
        {
            ofClient.AddLocal(own);
        }

        return new TestBed(Setup13.Raw(ofClient, false), Setup13.Raw(ofServer, true, clients));
    }
}
