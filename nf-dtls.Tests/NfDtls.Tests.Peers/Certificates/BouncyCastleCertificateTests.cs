using System.Collections.Generic;
using Microsoft.VisualStudio.TestTools.UnitTesting;
using NfDtls.Tests.Peers.Ends;

namespace NfDtls.Tests.Peers.Certificates;

/// <summary>BouncyCastle.Cryptography with certificates, in this process.</summary>
[TestClass]
public sealed class BouncyCastleCertificateTests
{
    private const string Plain = "ecdsa P-256, CCM_8";

    public static IEnumerable<object[]> ClientRows => Row.Where(row => row.ForOurClient);

    public static IEnumerable<object[]> ServerRows => Row.Where(row => row.ForOurServer);

    [TestMethod]
    [DynamicData(nameof(ClientRows))]
    public void Our_client_echoes_with_a_BouncyCastle_server_by_certificates(string name)
    {
        Row row = Row.Named(name);
        using BouncyPeer peer = BouncyCertificatePeer.StartServer(row, Party.Server(row), Party.Client(row));
        using TestClient client = new(OurEnd.Client(row), peer.Port);
        client.Connect(row.Suite);
        OurEnd.Echo(client);
        CollectionAssert.AreEqual(Party.Server(row).Leaf.Der, client.Association.PeerCertificates[0]);
        Assert.AreEqual(DtlsError.SessionClosed, client.Close(), peer.Output);
    }

    [TestMethod]
    [DynamicData(nameof(ServerRows))]
    public void Our_server_echoes_with_a_BouncyCastle_client_by_certificates(string name)
    {
        Row row = Row.Named(name);
        using TestServer server = new(OurEnd.Server(row));
        using BouncyPeer peer = BouncyCertificatePeer.StartClient(row, Party.Client(row), Party.Server(row), server.Port);
        server.AcceptAnyone(row.Suite);
        OurEnd.Echo(server);
        CollectionAssert.AreEqual(row.IsMutual ? Party.Client(row).Leaf.Der : null, server.Association.PeerCertificates?[0]);
        Assert.AreEqual(DtlsError.SessionClosed, server.Close(), peer.Output);
    }

    [TestMethod]
    [DataRow("ecdsa P-256, chain of 4 in small fragments")]
    [DataRow("rsa SHA-256, GCM, chain of 4")]
    public void Our_client_connects_to_a_BouncyCastle_server_over_losses(string name)
    {
        Row row = Row.Named(name);
        using BouncyPeer peer = BouncyCertificatePeer.StartServer(row, Party.Server(row), Party.Client(row));
        using TestClient client = new(Lossy.Options(OurEnd.Client(row)), peer.Port);
        Lossy.Check(client, () => client.Connect(row.Suite));
    }

    [TestMethod]
    [DataRow("ecdsa P-256, chain of 4 in small fragments")]
    [DataRow("rsa SHA-256, GCM, chain of 4")]
    public void Our_server_accepts_a_BouncyCastle_client_over_losses(string name)
    {
        Row row = Row.Named(name);
        using TestServer server = new(Lossy.Options(OurEnd.Server(row)));
        using BouncyPeer peer = BouncyCertificatePeer.StartClient(row, Party.Client(row), Party.Server(row), server.Port);
        Lossy.Check(server, () => server.AcceptAnyone(row.Suite));
    }

    [TestMethod]
    public void A_BouncyCastle_server_reports_our_unknown_ca()
    {
        Row row = Row.Named(Plain);
        using BouncyPeer peer = BouncyCertificatePeer.StartServer(row, Party.Server(row), Party.Client(row));
        using TestClient client = new(OurEnd.Client(row, trusted: Party.Client(row)), peer.Port);
        Assert.AreEqual(DtlsError.UnknownCa, client.ConnectInVain().LastError);
        peer.WaitForEnd();
        StringAssert.Contains(peer.Output, "unknown_ca(48)");
    }

    [TestMethod]
    public void A_BouncyCastle_client_reports_our_unknown_ca()
    {
        Row row = Row.Named(Plain);
        using TestServer server = new(OurEnd.Server(row, trusted: Party.Server(row)));
        using BouncyPeer peer = BouncyCertificatePeer.StartClient(row, Party.Client(row), Party.Server(row), server.Port);
        Assert.AreEqual(DtlsError.UnknownCa, server.AcceptInVain().LastError);
        peer.WaitForEnd();
        StringAssert.Contains(peer.Output, "unknown_ca(48)");
    }

    [TestMethod]
    public void Our_ends_see_what_BouncyCastle_refuses_them_with()
    {
        Row row = Row.Named(Plain);
        using BouncyPeer badServer = BouncyCertificatePeer.StartServer(row, Party.Server(row), Party.Server(row));
        using TestClient client = new(OurEnd.Client(row), badServer.Port);
        Assert.AreEqual(Alert.UnknownCa, client.ConnectInVain().AlertReceived);
        using TestServer server = new(OurEnd.Server(row));
        using BouncyPeer badClient = BouncyCertificatePeer.StartClient(row, Party.Client(row), Party.Client(row), server.Port);
        Assert.AreEqual(Alert.UnknownCa, server.AcceptInVain().AlertReceived);
    }
}
