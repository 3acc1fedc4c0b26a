using System;
using Microsoft.VisualStudio.TestTools.UnitTesting;
using NfDtls.Extensions;
using NfDtls.Tests.Peers.Certificates;
using NfDtls.Tests.Peers.Ends;
using NfDtls.Tests.Peers.Programs;
using NfDtls.Tests.Peers.Strangers;

namespace NfDtls.Tests.Peers.Features;

/// <summary>
/// Connection IDs (RFC 9146) with other stacks, and ends that go on from another port. wolfSSL 5.9 takes none of more than 10 bytes,
/// and has none for CBC without encrypt_then_mac: its own two ends do not understand each other then.
/// </summary>
[TestClass]
public sealed class MovedPeerTests
{
    private const int Messages = 20;
    private const int LongestMessage = 1000;

    private static readonly byte[] PeersId = [0xA1, 0xA2, 0xA3, 0xA4, 0xA5];

    [TestMethod]
    [DataRow("mbedTLS", "AES_128_CCM_8", 8, 1, true)]
    [DataRow("mbedTLS", "AES_128_GCM_SHA256", 32, 1, true)]
    [DataRow("mbedTLS", "CHACHA20_POLY1305_SHA256", 1, 16, true)]
    [DataRow("mbedTLS", "AES_128_CBC_SHA256", 0, 1, true)]
    [DataRow("mbedTLS", "AES_128_CBC_SHA256", 8, 64, false)]
    [DataRow("wolfSSL", "CHACHA20_POLY1305_SHA256", 8, 1, true)]
    [DataRow("wolfSSL", "ECDHE_AES_128_GCM_SHA256", 0, 16, true)]
    [DataRow("wolfSSL", "ECDHE_AES_128_CBC_SHA256", 8, 1, true)]
    [DataRow("wolfSSL", "ECDHE_AES_128_CBC_SHA256", 10, 16, true)]
    public void Our_client_moves_and_echoes_with_a_newer_server(string library, string name, int length, int padding, bool encryptThenMac)
    {
        TestSuite suite = TestSuite.Named(name);
        StrangerOptions peers = new() { Suite = suite.Suite.Name, Cid = PeersId, EncryptThenMac = encryptThenMac };
        using Stranger peer = Stranger.StartServer(StrangerLibrary.Named(library), peers);
        ConnectionIdFeature feature = new(length) { PaddingBlock = padding };
        using TestClient client = new(Options(suite, feature), peer.Port);
        client.Connect(suite.Suite);
        AreAgreed(feature, client.Association, peer.WaitForState("connected", client), PeersId);
        client.Echo(Messages, LongestMessage);
        client.ChangePort();
        client.Echo(Messages, LongestMessage);
        Assert.AreEqual("peer moved to port " + client.Port, peer.WaitFor("peer moved", client));
        client.ChangePort();
        Assert.AreEqual(DtlsError.SessionClosed, client.Close(), peer.Output);
    }

    [TestMethod]
    [DataRow("mbedTLS", "AES_128_CCM_8", 8, 1, true)]
    [DataRow("mbedTLS", "AES_128_GCM_SHA256", 32, 1, true)]
    [DataRow("mbedTLS", "CHACHA20_POLY1305_SHA256", 1, 16, true)]
    [DataRow("mbedTLS", "AES_128_CBC_SHA256", 4, 1, true)]
    [DataRow("mbedTLS", "AES_128_CBC_SHA256", 8, 64, false)]
    [DataRow("wolfSSL", "CHACHA20_POLY1305_SHA256", 8, 1, true)]
    [DataRow("wolfSSL", "ECDHE_AES_128_GCM_SHA256", 3, 16, true)]
    [DataRow("wolfSSL", "ECDHE_AES_128_CBC_SHA256", 8, 1, true)]
    [DataRow("wolfSSL", "ECDHE_AES_128_CBC_SHA256", 10, 16, true)]
    public void A_newer_client_moves_and_echoes_with_our_server(string library, string name, int length, int padding, bool encryptThenMac)
    {
        TestSuite suite = TestSuite.Named(name);
        ConnectionIdFeature feature = new(length) { PaddingBlock = padding };
        using TestServer server = new(Options(suite, feature));
        StrangerOptions peers = new() { Suite = suite.Suite.Name, Cid = PeersId, EncryptThenMac = encryptThenMac };
        using Stranger peer = Stranger.StartClient(StrangerLibrary.Named(library), server.Port, peers);
        server.Accept(suite.Suite);
        AreAgreed(feature, server.Association, peer.WaitForState("connected", server), PeersId);
        server.Echo(Messages, LongestMessage);
        for (int i = 0; i < 3; i++)
        {
            int port = peer.Move(server);
            peer.Command("send from there");
            CollectionAssert.AreEqual("from there"u8.ToArray(), server.Receive());
            Assert.AreEqual(port, (server.Association.PeerAddress[4] << 8) | server.Association.PeerAddress[5]);
            server.Echo(Messages, LongestMessage);
        }

        Assert.AreEqual(DtlsError.SessionClosed, server.Close(), peer.Output);
    }

    /// <summary>A peer that wants none of our records to have one, and puts ours into its own.</summary>
    [TestMethod]
    [DataRow("mbedTLS", "AES_128_CCM_8")]
    [DataRow("wolfSSL", "CHACHA20_POLY1305_SHA256")]
    public void A_newer_client_with_an_empty_ID_moves_with_our_server(string library, string name)
    {
        TestSuite suite = TestSuite.Named(name);
        ConnectionIdFeature feature = new(8);
        using TestServer server = new(Options(suite, feature));
        StrangerOptions peers = new() { Suite = suite.Suite.Name, Cid = [] };
        using Stranger peer = Stranger.StartClient(StrangerLibrary.Named(library), server.Port, peers);
        server.Accept(suite.Suite);
        AreAgreed(feature, server.Association, peer.WaitForState("connected", server), null);
        peer.Move(server);
        peer.Command("send from there");
        CollectionAssert.AreEqual("from there"u8.ToArray(), server.Receive());
        server.Echo(Messages, LongestMessage);
    }

    [TestMethod]
    public void Our_client_moves_and_echoes_with_a_BouncyCastle_server()
    {
        BouncyPsk asked = new() { Cid = PeersId };
        using BouncyPeer peer = asked.StartServer();
        ConnectionIdFeature feature = new(8);
        using TestClient client = new(Options(PskPrograms.Suite, feature), peer.Port);
        client.Connect(PskPrograms.Suite.Suite);
        client.Echo(Messages, LongestMessage);
        AreAgreed(feature, client.Association, asked);
        client.ChangePort();
        client.Echo(Messages, LongestMessage);
        Assert.AreEqual(DtlsError.SessionClosed, client.Close(), peer.Output);
    }

    [TestMethod]
    public void A_BouncyCastle_client_moves_and_echoes_with_our_server()
    {
        BouncyPsk asked = new() { Cid = PeersId };
        ConnectionIdFeature feature = new(8);
        using TestServer server = new(Options(PskPrograms.Suite, feature));
        using BouncyPeer peer = asked.StartClient(server.Port);
        server.Accept(PskPrograms.Suite.Suite);
        server.Echo(Messages, LongestMessage);
        AreAgreed(feature, server.Association, asked);
        peer.ChangePort();
        peer.Send("from there"u8.ToArray());
        CollectionAssert.AreEqual("from there"u8.ToArray(), server.Receive());
        server.Echo(Messages, LongestMessage);
        Assert.AreEqual(DtlsError.SessionClosed, server.Close(), peer.Output);
    }

    [TestMethod]
    [DataRow("mbedTLS")]
    [DataRow("wolfSSL")]
    public void Our_client_with_certificates_moves_with_a_newer_server_over_losses(string library)
    {
        Row row = Row.Named("ecdsa P-256, CCM_8");
        using WorkFolder folder = new();
        StrangerOptions peers = StrangerOptions.ServerOf(row, folder);
        peers.Cid = PeersId;
        peers.Retransmit = 200;
        using Stranger peer = Stranger.StartServer(StrangerLibrary.Named(library), peers);
        ConnectionIdFeature feature = new(8);
        DtlsOptions options = Lossy.Options(OurEnd.Client(row));
        options.Features = [feature];
        using TestClient client = new(options, peer.Port);
        Lossy.Check(client, () => client.Connect(row.Suite));
        client.ChangePort();
        OurEnd.Echo(client);
        Assert.AreEqual("peer moved to port " + client.Port, peer.WaitFor("peer moved", client));
    }

    [TestMethod]
    [DataRow("mbedTLS", "wake")]
    [DataRow("wolfSSL", "reconnect")]
    public void A_newer_client_that_resumes_has_new_IDs_and_moves(string library, string how)
    {
        ConnectionIdFeature feature = new(8);
        DtlsOptions options = Options(PskPrograms.Suite, feature);
        options.Features = [feature, new SessionResumption()];
        using TestServer server = new(options);
        StrangerOptions peers = new() { Suite = PskPrograms.Suite.Suite.Name, Cid = PeersId, Tickets = true };
        using Stranger peer = Stranger.StartClient(StrangerLibrary.Named(library), server.Port, peers);
        server.Accept(PskPrograms.Suite.Suite);
        string first = peer.WaitForState("connected", server).PeerCid;
        server.AwaitAnother();
        peer.Command(how);
        server.Accept(PskPrograms.Suite.Suite);
        Assert.IsTrue(server.Association.IsResumed, peer.Output);
        StrangerState state = peer.WaitForState("connected", server);
        Assert.AreNotEqual(first, state.PeerCid);
        AreAgreed(feature, server.Association, state, PeersId);
        peer.Move(server);
        peer.Command("send from there");
        CollectionAssert.AreEqual("from there"u8.ToArray(), server.Receive());
        server.Echo(Messages, LongestMessage);
    }

    private static DtlsOptions Options(TestSuite suite, ConnectionIdFeature feature)
    {
        DtlsOptions options = suite.Options();
        options.Features = [feature];
        return options;
    }

    private static void AreAgreed(ConnectionIdFeature feature, Association association, StrangerState state, byte[]? peersId)
    {
        Assert.AreEqual(Text(feature.IdOf(association)), state.PeerCid);
        Assert.AreEqual(Text(feature.PeerIdOf(association)), state.OwnCid);
        Assert.AreEqual(Text(peersId), state.OwnCid);
    }

    private static void AreAgreed(ConnectionIdFeature feature, Association association, BouncyPsk peer)
    {
        CollectionAssert.AreEqual(feature.IdOf(association), peer.PeerCid);
        CollectionAssert.AreEqual(feature.PeerIdOf(association), peer.OwnCid);
        CollectionAssert.AreEqual(PeersId, peer.OwnCid);
    }

    private static string Text(byte[]? id)
    {
        return id == null ? "empty" : Convert.ToHexString(id).ToLowerInvariant();
    }
}
