using System;
using Microsoft.VisualStudio.TestTools.UnitTesting;
using NfDtls.Ecdhe;
using NfDtls.Extensions;
using NfDtls.Tests.Ca;
using NfDtls.Tests.Engine;

namespace NfDtls.Tests.Certificates;

/// <summary>New keys within a connection whose ends prove themselves: they must stay who they were.</summary>
[TestClass]
public class RenegotiationTests
{
    [TestMethod]
    public void Ends_with_certificates_renegotiate_from_either_side()
    {
        Identity server = Identity.Of(CaKeyKind.P256, 3);
        Identity client = Identity.Of(CaKeyKind.P256, 2, CaKeyKind.P256, "client.example.com");
        DtlsOptions clientOptions = Setup.Client(Setup.One(EcdheSuites.EcdsaAes128GcmSha256), Setup.Store(client, server));
        DtlsOptions serverOptions = Setup.Server(Setup.One(EcdheSuites.EcdsaAes128GcmSha256), Setup.Store(server, client), ClientCertificates.Require);
        TestBed bed = Bed(clientOptions, serverOptions, false).Connect();
        byte[] before = bed.ServerAssociation!.PeerCertificates[0];
        Begin(bed, 2);
        CollectionAssert.AreEqual(before, bed.ServerAssociation!.PeerCertificates[0]);
        bed.Server.Renegotiate(bed.ServerAssociation!, bed.Network.Now);
        Assert.IsTrue(bed.Network.Run(() => IsIn(bed, 3), 60_000));
        bed.VerifyEcho();
        bed.VerifyPools();
    }

    [TestMethod]
    [DataRow(false, false)]
    [DataRow(false, true)]
    [DataRow(true, false)]
    [DataRow(true, true)]
    public void Another_raw_key_of_the_peers_is_refused_unless_allowed(bool ofServer, bool keeps)
    {
        foreach (bool allowed in new[] { false, true })
        {
            RawKeyStore[] stores = { new RawKeyStore(), new RawKeyStore() };
            StoredPrivateKey[] keys = { Setup.RawKey(CaKeyKind.P256, out byte[] info0), Setup.RawKey(CaKeyKind.P256, out byte[] info1) };
            StoredPrivateKey other = Setup.RawKey(CaKeyKind.P256, out byte[] otherInfo);
            stores[0].AddLocal(keys[0]);
            stores[1].AddLocal(keys[1]);
            stores[0].AddTrusted(info1);
            stores[1].AddTrusted(info0);
            stores[ofServer ? 0 : 1].AddTrusted(otherInfo);
            TestBed bed = Bed(Options(stores[0], keeps), Options(stores[1], keeps, ClientCertificates.Require), allowed).Connect();
            Begin(bed, 2);
            RawKeyStore changing = stores[ofServer ? 1 : 0];
            changing.RemoveLocal(keys[ofServer ? 1 : 0]);
            changing.AddLocal(other);
            VerifyChange(bed, allowed);
            if (allowed && keeps)
            {
                byte[][] shown = (ofServer ? bed.Client.Association : bed.ServerAssociation!).PeerCertificates;
                CollectionAssert.AreEqual(otherInfo, shown[0]);
            }
        }
    }

    [TestMethod]
    public void A_client_that_had_no_certificate_and_shows_one_is_another_peer()
    {
        foreach (bool allowed in new[] { false, true })
        {
            RawKeyStore clientKeys = new RawKeyStore();
            RawKeyStore serverKeys = new RawKeyStore();
            serverKeys.AddLocal(Setup.RawKey(CaKeyKind.P256, out byte[] info));
            StoredPrivateKey later = Setup.RawKey(CaKeyKind.P256, out byte[] laterInfo);
            clientKeys.AddTrusted(info);
            serverKeys.AddTrusted(laterInfo);
            TestBed bed = Bed(Options(clientKeys, true), Options(serverKeys, true, ClientCertificates.Request), allowed).Connect();
            Assert.IsNull(bed.ServerAssociation!.PeerCertificates);
            clientKeys.AddLocal(later);
            VerifyChange(bed, allowed);
        }
    }

    private static void VerifyChange(TestBed bed, bool allowed)
    {
        Association server = bed.ServerAssociation!;
        long next = bed.Client.Association.WriteEpoch.Number + 1;
        if (allowed)
        {
            Begin(bed, next);
            bed.VerifyEcho();
            return;
        }

        bed.Client.Engine.Renegotiate(bed.Client.Association, bed.Network.Now);
        Assert.IsTrue(bed.Network.Run(() => bed.Client.State == AssociationState.Closed && server.State != AssociationState.Connected, 60_000));
        Association client = bed.Client.Association;
        Assert.IsTrue(client.AlertSent == Alert.HandshakeFailure || client.AlertReceived == Alert.HandshakeFailure);
        Assert.AreEqual(0, bed.Server.SessionCount);
        bed.VerifyPools();
    }

    private static void Begin(TestBed bed, long epoch)
    {
        bed.Client.Engine.Renegotiate(bed.Client.Association, bed.Network.Now);
        Assert.IsTrue(bed.Network.Run(() => IsIn(bed, epoch), 60_000));
    }

    private static bool IsIn(TestBed bed, long epoch)
    {
        Association client = bed.Client.Association;
        Association? server = bed.ServerAssociation;
        return server != null && client.ReadEpoch?.Number == epoch && server.ReadEpoch.Number == epoch && client.Handshake == null && server.Handshake == null;
    }

    private static TestBed Bed(DtlsOptions client, DtlsOptions server, bool allowsOthers)
    {
        client.Features = new Feature[] { new Renegotiation { AllowPeer = true, AllowIdentityChange = allowsOthers } };
        server.Features = new Feature[] { new Renegotiation { AllowPeer = true, PeerInterval = 0, AllowIdentityChange = allowsOthers } };
        return new TestBed(client, server);
    }

    private static DtlsOptions Options(RawKeyStore keys, bool keeps, ClientCertificates clients = ClientCertificates.None)
    {
        DtlsOptions options = Setup.Options(Setup.One(EcdheSuites.EcdsaAes128GcmSha256));
        options.Authenticator = new CredentialAuthenticator(new CredentialSource[] { keys });
        options.KeepPeerCertificates = keeps;
        options.ClientCertificates = clients;
        return options;
    }
}
