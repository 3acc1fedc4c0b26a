using System;
using Microsoft.VisualStudio.TestTools.UnitTesting;
using NfDtls.Ecdhe;
using NfDtls.Tests.Ca;
using NfDtls.Tests.Engine;
using NfDtls.X509;

namespace NfDtls.Tests.Certificates;

/// <summary>Credentials that change while handshakes run, and the record path behind a handshake with certificates.</summary>
[TestClass]
public class LifeTests
{
    private static readonly Identity s_server = Identity.Of(CaKeyKind.P256);
    private static readonly Identity s_client = Identity.Of(CaKeyKind.P256, 2, CaKeyKind.P384, "client");

    [TestMethod]
    public void Certificates_taken_away_serve_the_handshakes_that_began_with_them_and_no_others()
    {
        for (int when = 0; when < 6; when++)
        {
            CertificateStore clientStore = Setup.Store(null, s_server);
            CertificateStore serverStore = Setup.Store(null, s_client);
            int clientId = s_client.AddLocalTo(clientStore);
            int serverId = s_server.AddLocalTo(serverStore);
            TestBed bed = new TestBed(
                Setup.Client(CertificateSuites.Modern(), clientStore),
                Setup.Server(CertificateSuites.Modern(), serverStore, ClientCertificates.Require));
            int sent = 0;
            bed.Network.Filter = datagram =>
            {
                if (sent++ == when)
                {
                    clientStore.Remove(clientId);
                    serverStore.Remove(serverId);
                }

                return true;
            };
            bed.Client.Engine.Connect(bed.Network.Now);
            bed.Network.Run(() => bed.IsConnected() || bed.Client.State == AssociationState.Closed, 100_000);

            // Before the server's hello there is nothing left; before the client's answer it has nothing to answer with.
            Assert.AreEqual(when >= 4, bed.IsConnected(), when + ": " + bed.Client.Association.LastError);
            if (bed.IsConnected())
            {
                bed.VerifyEcho();
                bed.Client.Engine.Reset();
            }

            bed.VerifyClientFails(DtlsError.AlertReceived);
            Assert.AreEqual(Alert.HandshakeFailure, bed.Client.Association.AlertReceived);

            // And back again.
            s_server.AddLocalTo(serverStore);
            s_client.AddLocalTo(clientStore);
            bed.Connect().VerifyEcho();
        }
    }

    [TestMethod]
    public void Trust_withdrawn_holds_for_the_next_handshake_and_leaves_sessions_alone()
    {
        CertificateStore clientStore = Setup.Store(null);
        int id = s_server.TrustIn(clientStore);
        TestBed bed = new TestBed(Setup.Client(CertificateSuites.Modern(), clientStore), Setup.Server(CertificateSuites.Modern(), Setup.Store(s_server))).Connect();
        clientStore.Remove(id);
        s_client.TrustIn(clientStore);
        bed.VerifyEcho();
        bed.Client.Engine.Reset();
        bed.VerifyClientFails(DtlsError.UnknownCa);
    }

    [TestMethod]
    public void Raw_keys_come_and_go()
    {
        StoredPrivateKey key = Setup.RawKey(CaKeyKind.P256, out byte[] info);
        RawKeyStore serverKeys = new RawKeyStore();
        serverKeys.AddLocal(key);
        RawKeyStore clientKeys = new RawKeyStore();
        clientKeys.AddTrusted(info);
        DtlsOptions server = Setup.Options(EcdheSuites.RawKeys());
        server.Authenticator = new CredentialAuthenticator(new CredentialSource[] { serverKeys });
        DtlsOptions client = Setup.Options(EcdheSuites.RawKeys());
        client.Authenticator = new CredentialAuthenticator(new CredentialSource[] { clientKeys });
        TestBed bed = new TestBed(client, server).Connect();
        Assert.IsTrue(serverKeys.RemoveLocal(key));
        bed.VerifyEcho();
        bed.Client.Engine.Reset();
        bed.VerifyClientFails(DtlsError.AlertReceived);
        Assert.IsFalse(serverKeys.RemoveLocal(key));
        serverKeys.AddLocal(key);
        bed.Connect().VerifyEcho();
        bed.Client.Engine.Reset();
        Assert.IsTrue(clientKeys.RemoveTrusted(info));
        Assert.IsFalse(clientKeys.RemoveTrusted(info));
        Assert.ThrowsExactly<ArgumentException>(() => bed.Client.Engine.Connect(bed.Network.Now));
    }

    [TestMethod]
    [DataRow(CaKeyKind.P256)]
    [DataRow(CaKeyKind.Rsa2048)]
    public void Records_behind_a_handshake_with_certificates_allocate_nothing(CaKeyKind kind)
    {
        TestBed bed = Setup.Bed(CertificateSuites.Modern, Identity.Of(kind), s_client, ClientCertificates.Require).Connect();
        byte[] buffer = new byte[200];
        Exchange(bed, buffer, 200);
        long least = long.MaxValue;
        for (int attempt = 0; attempt < 3 && least > 0; attempt++)
        {
            long before = GC.GetAllocatedBytesForCurrentThread();
            Exchange(bed, buffer, 2000);
            least = Math.Min(least, GC.GetAllocatedBytesForCurrentThread() - before);
        }

        Assert.AreEqual(0, least);
    }

    private static void Exchange(TestBed bed, byte[] buffer, int count)
    {
        Association client = bed.Client.Association;
        Association server = bed.ServerAssociation!;
        byte[] address = TestBed.Address;
        long now = bed.Network.Now;
        for (int i = 0; i < count; i++)
        {
            client.Send(buffer, 0, 64, now);
            Packet packet = bed.Client.Engine.PollDatagram(now);
            bed.Server.HandleDatagram(packet.Buffer, packet.Offset, packet.Length, address, address.Length, now);
            packet.Return();
            bed.Server.PollEvent(out _);
            server.Send(buffer, 0, server.Receive(buffer, 0), now);
            packet = bed.Server.PollDatagram(now);
            bed.Client.Engine.HandleDatagram(packet.Buffer, packet.Offset, packet.Length, now);
            packet.Return();
            bed.Client.Engine.TakeEvents();
            if (client.Receive(buffer, 0) != 64)
            {
                throw new InvalidOperationException("No echo.");
            }
        }
    }
}
