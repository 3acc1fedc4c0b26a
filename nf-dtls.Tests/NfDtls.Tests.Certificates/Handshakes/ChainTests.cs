using System.Linq;
using Microsoft.VisualStudio.TestTools.UnitTesting;
using NfDtls.Ecdhe;
using NfDtls.Tests.Ca;
using NfDtls.Tests.Engine;
using NfDtls.X509;

namespace NfDtls.Tests.Certificates;

[TestClass]
public class ChainTests
{
    [TestMethod]
    [DataRow(1, CaKeyKind.P256)]
    [DataRow(2, CaKeyKind.P256)]
    [DataRow(3, CaKeyKind.P256)]
    [DataRow(4, CaKeyKind.P256)]
    [DataRow(1, CaKeyKind.P384)]
    [DataRow(4, CaKeyKind.P384)]
    [DataRow(2, CaKeyKind.Ed25519)]
    [DataRow(4, CaKeyKind.Ed25519)]
    [DataRow(2, CaKeyKind.Rsa2048)]
    [DataRow(4, CaKeyKind.Rsa2048)]
    [DataRow(2, CaKeyKind.Rsa4096)]
    [DataRow(4, CaKeyKind.Rsa4096)]
    public void Chains_of_one_to_four_certificates_are_sent_verified_and_kept_at_both_ends(int sent, CaKeyKind kind)
    {
        Identity server = Identity.Of(kind, sent + 1, kind);
        Identity client = Identity.Of(kind, sent + 1, kind, "client");
        DtlsOptions clientOptions = Setup.Client(CertificateSuites.Modern(), Setup.Store(client, server));
        DtlsOptions serverOptions = Setup.Server(CertificateSuites.Modern(), Setup.Store(server, client), ClientCertificates.Require);
        clientOptions.TranscriptBytes = 8192;
        serverOptions.TranscriptBytes = 8192;
        TestBed bed = new TestBed(clientOptions, serverOptions).Connect();
        bed.VerifyEcho();

        // The trusted one that was not sent is not the peer's.
        CollectionAssert.AreEqual(server.Sent.Select(c => c.Der).SelectMany(d => d).ToArray(), bed.Client.Association.PeerCertificates.Take(sent).SelectMany(d => d).ToArray());
        CollectionAssert.AreEqual(client.Sent.Select(c => c.Der).SelectMany(d => d).ToArray(), bed.ServerAssociation!.PeerCertificates.Take(sent).SelectMany(d => d).ToArray());
        bed.VerifyPools();
    }

    [TestMethod]
    public void A_chain_with_its_root_and_a_self_signed_certificate_that_is_trusted_itself_are_taken()
    {
        Identity server = Identity.Of(CaKeyKind.P256, 3);
        CertificateStore store = Setup.Store(null);
        store.AddLocal(
            new DtlsCertificate(server.End.Der), server.Chain.Skip(1).Select(c => new DtlsCertificate(c.Der)).ToArray(), PrivateKeyReader.Read(server.End.Key.Pkcs8));
        new TestBed(Setup.Client(CertificateSuites.Modern(), Setup.Store(null, server)), Setup.Server(CertificateSuites.Modern(), store)).Connect().VerifyEcho();
        Setup.Bed(CertificateSuites.Modern, Identity.Of(CaKeyKind.P256, 1)).Connect().VerifyEcho();
    }

    [TestMethod]
    public void An_intermediate_in_the_clients_own_store_completes_a_chain()
    {
        Identity server = Identity.Of(CaKeyKind.P256, 3);
        CertificateStore serverStore = Setup.Store(null);
        serverStore.AddLocal(new DtlsCertificate(server.End.Der), null, PrivateKeyReader.Read(server.End.Key.Pkcs8));
        CertificateStore clientStore = Setup.Store(null, server);
        DtlsOptions options = Setup.Client(CertificateSuites.Modern(), clientStore);
        new TestBed(options, Setup.Server(CertificateSuites.Modern(), serverStore)).VerifyClientFails(DtlsError.UnknownCa);
        clientStore.AddIntermediate(new DtlsCertificate(server.Chain[1].Der));
        new TestBed(options, Setup.Server(CertificateSuites.Modern(), serverStore)).Connect().VerifyEcho();
    }

    [TestMethod]
    public void A_pinned_server_needs_neither_an_anchor_nor_a_name()
    {
        Identity server = Identity.Of(CaKeyKind.P256, 1);
        CertificateStore store = Setup.Store(null);
        store.AddPin(System.Security.Cryptography.SHA256.HashData(server.End.Key.PublicInfo));
        DtlsOptions options = Setup.Client(CertificateSuites.Modern(), store);
        options.ServerName = null;
        new TestBed(options, Setup.Server(CertificateSuites.Modern(), Setup.Store(server))).Connect().VerifyEcho();
        Identity other = Identity.Of(CaKeyKind.P384, 1);
        new TestBed(options, Setup.Server(CertificateSuites.Modern(), Setup.Store(other))).VerifyClientFails(DtlsError.CertificateNameMismatch);
    }

    [TestMethod]
    public void What_the_peer_sent_is_kept_only_where_that_is_wanted()
    {
        Identity server = Identity.Of(CaKeyKind.P256);
        DtlsOptions options = Setup.Client(CertificateSuites.Modern(), Setup.Store(null, server));
        options.KeepPeerCertificates = false;
        TestBed bed = new TestBed(options, Setup.Server(CertificateSuites.Modern(), Setup.Store(server))).Connect();
        Assert.IsNull(bed.Client.Association.PeerCertificates);
        bed = Setup.Bed(CertificateSuites.Modern, server).Connect();
        Assert.IsNotNull(bed.Client.Association.PeerCertificates);
    }

    [TestMethod]
    public void An_application_key_signs_in_steps_at_both_ends_and_decrypts()
    {
        foreach (CaKeyKind kind in new[] { CaKeyKind.Rsa2048, CaKeyKind.P256 })
        {
            Identity server = Identity.Of(kind);
            Identity client = Identity.Of(kind, 2, CaKeyKind.P256, "client");
            SteppedKey serverKey = new SteppedKey(PrivateKeyReader.Read(server.End.Key.Pkcs8), 50);
            SteppedKey clientKey = new SteppedKey(PrivateKeyReader.Read(client.End.Key.Pkcs8), 50);
            CertificateStore serverStore = Setup.Store(null, client);
            server.AddLocalTo(serverStore, serverKey);
            CertificateStore clientStore = Setup.Store(null, server);
            client.AddLocalTo(clientStore, clientKey);
            new TestBed(
                Setup.Client(CertificateSuites.Modern(), clientStore),
                Setup.Server(CertificateSuites.Modern(), serverStore, ClientCertificates.Require)).Connect().VerifyEcho();
            Assert.AreEqual(1, serverKey.Signatures);
            Assert.AreEqual(1, clientKey.Signatures);
            if (kind == CaKeyKind.Rsa2048)
            {
                new TestBed(
                    Setup.Client(Setup.One(CertificateSuites.RsaAes128CbcSha), clientStore),
                    Setup.Server(Setup.One(CertificateSuites.RsaAes128CbcSha), serverStore)).Connect().VerifyEcho();
                Assert.AreEqual(1, serverKey.Decryptions);
            }
        }
    }

    [TestMethod]
    public void The_policy_of_a_server_decides_who_must_prove_himself()
    {
        Identity server = Identity.Of(CaKeyKind.P256);
        Identity client = Identity.Of(CaKeyKind.P256, 2, CaKeyKind.P256, "client");
        TestBed bed = Setup.Bed(CertificateSuites.Modern, server, client, ClientCertificates.None).Connect();
        Assert.IsNull(Wire.Message(bed, false, HandshakeType.CertificateRequest));
        Assert.IsNull(bed.ServerAssociation!.PeerCertificates);

        bed = Setup.Bed(CertificateSuites.Modern, server, client, ClientCertificates.Request).Connect();
        Assert.IsNotNull(bed.ServerAssociation!.PeerCertificates);

        // A client without a certificate sends an empty list, and no CertificateVerify.
        bed = new TestBed(
            Setup.Client(CertificateSuites.Modern(), Setup.Store(null, server)),
            Setup.Server(CertificateSuites.Modern(), Setup.Store(server, client), ClientCertificates.Request)).Connect();
        bed.VerifyEcho();
        Assert.IsNull(bed.ServerAssociation!.PeerCertificates);
        CollectionAssert.AreEqual(new byte[3], Wire.Message(bed, true, HandshakeType.Certificate));
        Assert.IsNull(Wire.Message(bed, true, HandshakeType.CertificateVerify));

        bed = new TestBed(
            Setup.Client(CertificateSuites.Modern(), Setup.Store(null, server)),
            Setup.Server(CertificateSuites.Modern(), Setup.Store(server, client), ClientCertificates.Require));
        bed.Network.AutoRelease = false;
        bed.VerifyClientFails(DtlsError.AlertReceived);
        Assert.AreEqual(Alert.HandshakeFailure, bed.Client.Association.AlertReceived);
        Assert.AreEqual(DtlsError.CertificateMissing, bed.Server.At(0).LastError);
        Assert.AreEqual(0, bed.Server.Statistics.HandshakesCompleted);
    }
}
