using Microsoft.VisualStudio.TestTools.UnitTesting;
using NfDtls.Ecdhe;
using NfDtls.Tests.Ca;
using NfDtls.Tests.Engine;
using NfDtls.X509;

namespace NfDtls.Tests.Certificates;

[TestClass]
public class RawKeyTests
{
    private const int ClientCertificateType = 19;
    private const int ServerCertificateType = 20;

    [TestMethod]
    [DataRow(CaKeyKind.P256, false)]
    [DataRow(CaKeyKind.P256, true)]
    [DataRow(CaKeyKind.P384, true)]
    [DataRow(CaKeyKind.P521, false)]
    [DataRow(CaKeyKind.P521, true)]
    [DataRow(CaKeyKind.Ed25519, true)]
    [DataRow(CaKeyKind.Rsa2048, false)]
    [DataRow(CaKeyKind.Rsa2048, true)]
    [DataRow(CaKeyKind.Rsa4096, true)]
    public void Raw_keys_prove_one_end_or_both(CaKeyKind kind, bool mutual)
    {
        TestBed bed = Raw(kind, mutual, out byte[] serverInfo, out byte[] clientInfo, true).Connect();
        bed.VerifyEcho();
        CollectionAssert.AreEqual(serverInfo, bed.Client.Association.PeerCertificates[0]);
        CollectionAssert.AreEqual(mutual ? clientInfo : null, bed.ServerAssociation!.PeerCertificates?[0]);
        CollectionAssert.Contains(Wire.ExtensionTypes(bed, false), ServerCertificateType);
        Assert.AreEqual(mutual, Wire.ExtensionTypes(bed, false).Contains(ClientCertificateType));
    }

    /// <summary>RFC 7250 section 4.1 would leave the extension out; tinydtls refuses a hello without.</summary>
    [TestMethod]
    [DataRow(ClientCertificates.None)]
    [DataRow(ClientCertificates.Request)]
    [DataRow(ClientCertificates.Require)]
    public void A_client_without_a_key_lists_the_type_that_it_takes_as_its_own(ClientCertificates clients)
    {
        RawKeyStore serverKeys = new RawKeyStore();
        serverKeys.AddLocal(Setup.RawKey(CaKeyKind.P256, out byte[] info));
        Setup.RawKey(CaKeyKind.P256, out byte[] trusted);
        serverKeys.AddTrusted(trusted);
        RawKeyStore clientKeys = new RawKeyStore();
        clientKeys.AddTrusted(info);
        DtlsOptions server = Options(serverKeys);
        server.ClientCertificates = clients;
        TestBed bed = new TestBed(Options(clientKeys), server);
        if (clients == ClientCertificates.Require)
        {
            bed.VerifyClientFails(DtlsError.AlertReceived);
            Assert.AreEqual(Alert.HandshakeFailure, bed.Client.Association.AlertReceived);
        }
        else
        {
            bed.Connect().VerifyEcho();
            Assert.IsNull(bed.ServerAssociation!.PeerCertificates);
            Assert.AreEqual(clients == ClientCertificates.Request, Wire.ExtensionTypes(bed, false).Contains(ClientCertificateType));
        }

        CollectionAssert.AreEqual(new byte[] { 1, 2 }, Wire.Extension(bed, true, ClientCertificateType));
        CollectionAssert.AreEqual(new byte[] { 1, 2 }, Wire.Extension(bed, true, ServerCertificateType));
    }

    [TestMethod]
    public void A_key_file_without_its_public_part_becomes_a_raw_key_by_the_provider()
    {
        foreach (CaKeyKind kind in new[] { CaKeyKind.P256, CaKeyKind.P384, CaKeyKind.P521, CaKeyKind.Ed25519 })
        {
            StoredPrivateKey whole = Setup.RawKey(kind, out byte[] info);
            StoredPrivateKey bare = new StoredPrivateKey(whole.Kind, whole.Buffer, whole.OffsetOf(0), whole.CountOf(0), null!);
            RawKeyStore serverKeys = new RawKeyStore();
            serverKeys.AddLocal(PrivateKeyReader.WithPublicPart(bare, Setup.Crypto()));
            RawKeyStore clientKeys = new RawKeyStore();
            clientKeys.AddTrusted(info);
            new TestBed(Options(clientKeys), Options(serverKeys)).Connect().VerifyEcho();
        }
    }

    [TestMethod]
    public void A_raw_key_that_nobody_trusts_is_refused_at_either_end()
    {
        TestBed bed = Raw(CaKeyKind.P256, true, out _, out _, false);
        bed.Network.AutoRelease = false;
        bed.VerifyClientFails(DtlsError.AlertReceived);
        Assert.AreEqual(Alert.UnknownCa, bed.Client.Association.AlertReceived);
        Assert.AreEqual(DtlsError.UnknownCa, bed.Server.At(0).LastError);

        RawKeyStore clientKeys = new RawKeyStore();
        Setup.RawKey(CaKeyKind.P256, out byte[] other);
        clientKeys.AddTrusted(other);
        RawKeyStore serverKeys = new RawKeyStore();
        serverKeys.AddLocal(Setup.RawKey(CaKeyKind.P256, out _));
        bed = new TestBed(Options(clientKeys), Options(serverKeys));
        bed.VerifyClientFails(DtlsError.UnknownCa);
        Assert.AreEqual(Alert.UnknownCa, bed.Client.Association.AlertSent);
    }

    [TestMethod]
    [DataRow(false, false)]
    [DataRow(false, true)]
    [DataRow(true, false)]
    [DataRow(true, true)]
    public void Each_end_has_its_own_type(bool rawServer, bool rawClient)
    {
        Identity serverIdentity = Identity.Of(CaKeyKind.P256);
        Identity clientIdentity = Identity.Of(CaKeyKind.P384, 2, CaKeyKind.P256, "client");
        StoredPrivateKey serverKey = Setup.RawKey(CaKeyKind.P256, out byte[] serverInfo);
        StoredPrivateKey clientKey = Setup.RawKey(CaKeyKind.P256, out byte[] clientInfo);
        RawKeyStore serverKeys = new RawKeyStore();
        RawKeyStore clientKeys = new RawKeyStore();
        if (rawServer)
        {
            serverKeys.AddLocal(serverKey);
            clientKeys.AddTrusted(serverInfo);
        }

        if (rawClient)
        {
            clientKeys.AddLocal(clientKey);
            serverKeys.AddTrusted(clientInfo);
        }

        CertificateStore serverStore = Setup.Store(rawServer ? null : serverIdentity, rawClient ? new Identity[0] : new[] { clientIdentity });
        CertificateStore clientStore = Setup.Store(rawClient ? null : clientIdentity, rawServer ? new Identity[0] : new[] { serverIdentity });
        DtlsOptions server = Setup.Options(CertificateSuites.Modern());
        server.Authenticator = new CertificateAuthenticator(serverStore, serverKeys, false);
        server.ClientCertificates = ClientCertificates.Require;
        DtlsOptions client = Setup.Options(CertificateSuites.Modern());
        client.Authenticator = new CertificateAuthenticator(clientStore, clientKeys, true);
        client.ServerName = Setup.Host;
        TestBed bed = new TestBed(client, server).Connect();
        bed.VerifyEcho();
        CollectionAssert.AreEqual(rawServer ? serverInfo : serverIdentity.End.Der, bed.Client.Association.PeerCertificates[0]);
        CollectionAssert.AreEqual(rawClient ? clientInfo : clientIdentity.End.Der, bed.ServerAssociation!.PeerCertificates[0]);
    }

    [TestMethod]
    [DataRow(true)]
    [DataRow(false)]
    public void Of_two_types_that_both_ends_have_the_clients_first_is_taken(bool rawFirst)
    {
        Identity identity = Identity.Of(CaKeyKind.P256);
        StoredPrivateKey key = Setup.RawKey(CaKeyKind.P256, out byte[] info);
        RawKeyStore serverKeys = new RawKeyStore();
        serverKeys.AddLocal(key);
        RawKeyStore clientKeys = new RawKeyStore();
        clientKeys.AddTrusted(info);
        DtlsOptions server = Setup.Options(CertificateSuites.Modern());
        server.Authenticator = new CertificateAuthenticator(Setup.Store(identity), serverKeys, !rawFirst);
        DtlsOptions client = Setup.Options(CertificateSuites.Modern());
        client.Authenticator = new CertificateAuthenticator(Setup.Store(null, identity), clientKeys, rawFirst);
        client.ServerName = Setup.Host;
        TestBed bed = new TestBed(client, server).Connect();
        CollectionAssert.AreEqual(rawFirst ? info : identity.End.Der, bed.Client.Association.PeerCertificates[0]);
    }

    [TestMethod]
    public void Ends_without_a_common_type_do_not_agree()
    {
        Identity identity = Identity.Of(CaKeyKind.P256);
        StoredPrivateKey key = Setup.RawKey(CaKeyKind.P256, out byte[] info);
        RawKeyStore trusting = new RawKeyStore();
        trusting.AddTrusted(info);
        RawKeyStore local = new RawKeyStore();
        local.AddLocal(key);

        // A server that knows nothing of raw keys answers with a certificate.
        TestBed bed = new TestBed(Options(trusting), Setup.Server(CertificateSuites.Modern(), Setup.Store(identity)));
        bed.VerifyClientFails(DtlsError.UnsupportedCertificate);
        Assert.AreEqual(Alert.UnsupportedCertificate, bed.Client.Association.AlertSent);

        bed = new TestBed(Setup.Client(CertificateSuites.Modern(), Setup.Store(null, identity)), Options(local));
        bed.VerifyClientFails(DtlsError.AlertReceived);
        Assert.AreEqual(Alert.HandshakeFailure, bed.Client.Association.AlertReceived);
    }

    [TestMethod]
    public void A_client_of_the_wrong_type_goes_without_where_the_server_only_asks()
    {
        RawKeyStore serverKeys = new RawKeyStore();
        serverKeys.AddLocal(Setup.RawKey(CaKeyKind.P256, out byte[] info));
        Setup.RawKey(CaKeyKind.P256, out byte[] trusted);
        serverKeys.AddTrusted(trusted);
        RawKeyStore clientKeys = new RawKeyStore();
        clientKeys.AddTrusted(info);
        foreach (ClientCertificates clients in new[] { ClientCertificates.Request, ClientCertificates.Require })
        {
            DtlsOptions client = Setup.Options(CertificateSuites.Modern());
            client.Authenticator = new CertificateAuthenticator(Setup.Store(Identity.Of(CaKeyKind.P256)), clientKeys, true);
            DtlsOptions server = Options(serverKeys);
            server.ClientCertificates = clients;
            TestBed bed = new TestBed(client, server);
            if (clients == ClientCertificates.Request)
            {
                bed.Connect().VerifyEcho();
                Assert.IsNull(bed.ServerAssociation!.PeerCertificates);
            }
            else
            {
                bed.VerifyClientFails(DtlsError.AlertReceived);
                Assert.AreEqual(Alert.UnsupportedCertificate, bed.Client.Association.AlertReceived);
            }
        }
    }

    private static DtlsOptions Options(RawKeyStore keys)
    {
        DtlsOptions options = Setup.Options(EcdheSuites.RawKeys());
        options.TranscriptBytes = 4096;
        options.Authenticator = new CredentialAuthenticator(new CredentialSource[] { keys });
        return options;
    }

    private static TestBed Raw(CaKeyKind kind, bool mutual, out byte[] serverInfo, out byte[] clientInfo, bool trustsClient)
    {
        StoredPrivateKey serverKey = Setup.RawKey(kind, out serverInfo);
        StoredPrivateKey clientKey = Setup.RawKey(kind, out clientInfo);
        Setup.RawKey(kind, out byte[] other);
        RawKeyStore serverKeys = new RawKeyStore();
        serverKeys.AddLocal(serverKey);
        serverKeys.AddTrusted(trustsClient ? clientInfo : other);
        RawKeyStore clientKeys = new RawKeyStore();
        clientKeys.AddTrusted(serverInfo);
        clientKeys.AddLocal(clientKey);
        DtlsOptions server = Options(serverKeys);
        server.ClientCertificates = mutual ? ClientCertificates.Require : ClientCertificates.None;
        return new TestBed(Options(clientKeys), server);
    }
}
