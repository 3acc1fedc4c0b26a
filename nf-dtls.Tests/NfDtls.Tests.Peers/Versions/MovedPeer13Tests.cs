using System;
using System.Globalization;
using Microsoft.VisualStudio.TestTools.UnitTesting;
using NfDtls.Crypto.Software;
using NfDtls.Dtls13;
using NfDtls.Dtls13.Server;
using NfDtls.Extensions;
using NfDtls.Tests.Peers.Ends;
using NfDtls.Tests.Peers.Strangers;

namespace NfDtls.Tests.Peers.Versions;

/// <summary>Connection IDs of DTLS 1.3 with wolfSSL 5.9, and ends that go on from another port. It takes none of more than 10 bytes, and changes none.</summary>
[TestClass]
public sealed class MovedPeer13Tests
{
    private const int Messages = 20;
    private const int LongestMessage = 1000;
    private const int Suite = 0x1305;

    private static readonly byte[] PeersId = [0xA1, 0xA2, 0xA3, 0xA4, 0xA5];

    [TestMethod]
    [DataRow(8, 1)]
    [DataRow(0, 1)]
    [DataRow(10, 16)]
    public void Our_client_moves_and_echoes_with_a_server_of_wolfSSL(int length, int padding)
    {
        ConnectionIdFeature feature = new(length) { PaddingBlock = padding };
        DtlsOptions options = Options(false, feature);
        using Stranger peer = Stranger.StartServer(StrangerLibrary.Wolf, Asked(options, PeersId));
        using TestClient client = new(options, peer.Port);
        client.Connect(options.Suites.At(0));
        Assert.AreEqual(0xFEFC, client.Association.Version);
        AreAgreed(feature, client.Association, peer.WaitForState("connected", client), PeersId);
        client.Echo(Messages, LongestMessage);
        client.ChangePort();
        client.Echo(Messages, LongestMessage);
        Assert.AreEqual("peer moved to port " + client.Port, peer.WaitFor("peer moved", client));
        client.UpdateKeys();
        client.Echo(Messages, LongestMessage);
        client.ChangePort();
        Assert.AreEqual(DtlsError.SessionClosed, client.Close(), peer.Output);
    }

    [TestMethod]
    [DataRow(8, 1)]
    [DataRow(3, 16)]
    [DataRow(10, 1)]
    public void A_client_of_wolfSSL_moves_and_echoes_with_our_server(int length, int padding)
    {
        ConnectionIdFeature feature = new(length) { PaddingBlock = padding };
        DtlsOptions options = Options(true, feature);
        using TestServer server = new(options);
        using Stranger peer = Stranger.StartClient(StrangerLibrary.Wolf, server.Port, Asked(options, PeersId));
        server.Accept(options.Suites.At(0));
        Assert.AreEqual(0xFEFC, server.Association.Version);
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
    public void A_client_of_wolfSSL_with_an_empty_ID_moves_with_our_server()
    {
        ConnectionIdFeature feature = new(8);
        DtlsOptions options = Options(true, feature);
        using TestServer server = new(options);
        using Stranger peer = Stranger.StartClient(StrangerLibrary.Wolf, server.Port, Asked(options, []));
        server.Accept(options.Suites.At(0));
        AreAgreed(feature, server.Association, peer.WaitForState("connected", server), null);
        peer.Move(server);
        peer.Command("send from there");
        CollectionAssert.AreEqual("from there"u8.ToArray(), server.Receive());
        server.Echo(Messages, LongestMessage);
    }

    private static void AreAgreed(ConnectionIdFeature feature, Association association, StrangerState state, byte[]? peers)
    {
        byte[]? own = feature.IdOf(association);
        Assert.AreEqual(own == null ? "empty" : Convert.ToHexStringLower(own), state.PeerCid);
        Assert.AreEqual(peers == null ? "empty" : Convert.ToHexStringLower(peers), state.OwnCid);
        CollectionAssert.AreEqual(peers, feature.PeerIdOf(association));
    }

    private static StrangerOptions Asked(DtlsOptions options, byte[] id)
    {
        StrangerOptions asked = new() { Suite = options.Suites.At(0).Name, Cid = id };
        asked.More.Add("dtls13=1");
        asked.More.Add("psk_alone=0");
        asked.More.Add("share=" + NamedGroup.X25519.ToString(CultureInfo.InvariantCulture));
        return asked;
    }

    private static DtlsOptions Options(bool isServer, ConnectionIdFeature feature)
    {
        SoftwareProvider software = new(new SystemEntropy());
        int[] groups = [NamedGroup.X25519];
        CipherSuiteTable all = Suites13.AddTo(new CipherSuiteTable());
        PskStore store = new();
        store.Add(TestSuite.Key, TestSuite.Identity);
        return new DtlsOptions
        {
            Crypto = new CompositeProvider([software, new SoftwareEccProvider(software)]),
            Suites = new CipherSuiteTable().Add(all.Find(Suite)),
            Psk = store,
            Versions = new VersionTable().Add(isServer ? new ServerVersion13(groups, false) : new Version13(groups, false)),
            Features = [feature],
        };
    }
}
