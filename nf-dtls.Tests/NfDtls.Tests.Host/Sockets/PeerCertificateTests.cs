using System.Security.Cryptography;
using Microsoft.VisualStudio.TestTools.UnitTesting;
using NfDtls.Ecdhe;
using NfDtls.Sockets;

namespace NfDtls.Tests.Host;

/// <summary>What the sockets tell of how a peer proved itself.</summary>
[TestClass]
public class PeerCertificateTests
{
    [TestMethod]
    public void Each_end_shows_the_raw_public_key_of_the_other()
    {
        using ECDsa serverKey = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using ECDsa clientKey = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        DtlsOptions serverOptions = Options(serverKey, clientKey);
        serverOptions.ClientCertificates = ClientCertificates.Require;
        using DtlsServer server = new(serverOptions);
        byte[]? shown = null;
        server.Connected += session => shown = session.PeerCertificates[0];
        server.Start(Setup.Loopback(0));
        using DtlsClient client = new(Options(clientKey, serverKey));
        Assert.IsTrue(client.Connect(Setup.Loopback(server.LocalPort), Setup.Patience));
        Setup.Until(() => shown != null, "the server's Connected");
        CollectionAssert.AreEqual(clientKey.ExportSubjectPublicKeyInfo(), shown);
        Assert.HasCount(1, client.PeerCertificates);
        CollectionAssert.AreEqual(serverKey.ExportSubjectPublicKeyInfo(), client.PeerCertificates[0]);
        client.Close(Setup.Patience);
    }

    [TestMethod]
    public void With_a_pre_shared_key_there_is_none()
    {
        using DtlsServer server = new(Setup.Options());
        server.Start(Setup.Loopback(0));
        using DtlsClient client = new(Setup.Options());
        Assert.IsNull(client.PeerCertificates);
        Assert.IsTrue(client.Connect(Setup.Loopback(server.LocalPort), Setup.Patience));
        Assert.IsNull(client.PeerCertificates);
        client.Close(Setup.Patience);
    }

    private static DtlsOptions Options(ECDsa own, ECDsa trusted)
    {
        ECParameters parts = own.ExportParameters(true);
        PublicKey known = new();
        byte[] info = own.ExportSubjectPublicKeyInfo();
        Assert.IsTrue(SubjectPublicKeyInfo.TryRead(info, 0, info.Length, known));
        RawKeyStore keys = new();
        keys.AddLocal(new StoredPrivateKey(KeyKind.Secp256r1, parts.D!, 0, parts.D!.Length, known));
        keys.AddTrusted(trusted.ExportSubjectPublicKeyInfo());
        DtlsOptions options = Setup.Options();
        options.Suites = EcdheSuites.RawKeys();
        options.Authenticator = new CredentialAuthenticator([keys]);
        return options;
    }
}
