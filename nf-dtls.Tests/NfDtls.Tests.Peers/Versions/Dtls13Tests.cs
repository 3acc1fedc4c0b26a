using System.Globalization;
using Microsoft.VisualStudio.TestTools.UnitTesting;
using NfDtls.Crypto.Software;
using NfDtls.Dtls13;
using NfDtls.Dtls13.Server;
using NfDtls.Extensions;
using NfDtls.Tests.Peers.Ends;
using NfDtls.Tests.Peers.Strangers;

namespace NfDtls.Tests.Peers.Versions;

/// <summary>DTLS 1.3 with pre-shared keys, against wolfSSL 5.9.</summary>
[TestClass]
public sealed class Dtls13Tests
{
    [TestMethod]
    [DataRow(0x1301, NamedGroup.X25519)]
    [DataRow(0x1304, NamedGroup.X25519)]
    [DataRow(0x1305, NamedGroup.Secp256r1)]
    [DataRow(0x1303, NamedGroup.Secp256r1)]
    [DataRow(0x1305, 0)]
    public void Our_client_echoes_with_a_server_of_wolfSSL(int suite, int group)
    {
        DtlsOptions options = Options(suite, group, false);
        using Stranger peer = Stranger.StartServer(StrangerLibrary.Wolf, Asked(options, group));
        using TestClient client = new(options, peer.Port);
        client.Connect(options.Suites.At(0));
        client.Echo(300, 200);
        Assert.AreEqual(0xFEFC, client.Association.Version);
        Assert.AreEqual(DtlsError.SessionClosed, client.Close(), peer.Output);
        peer.WaitFor("closed by the peer");
    }

    [TestMethod]
    [DataRow(0x1301, NamedGroup.X25519, NamedGroup.X25519)]
    [DataRow(0x1304, NamedGroup.Secp256r1, NamedGroup.Secp256r1)]
    [DataRow(0x1305, NamedGroup.Secp256r1, NamedGroup.X25519)]
    [DataRow(0x1303, NamedGroup.X25519, NamedGroup.X25519)]
    [DataRow(0x1305, 0, 0)]
    public void Our_server_echoes_with_a_client_of_wolfSSL(int suite, int group, int share)
    {
        DtlsOptions options = Options(suite, group, true);
        using TestServer server = new(options);
        StrangerOptions asked = Asked(options, group);
        asked.More.Add("share=" + share.ToString(CultureInfo.InvariantCulture));
        using Stranger peer = Stranger.StartClient(StrangerLibrary.Wolf, server.Port, asked);
        server.Accept(options.Suites.At(0));
        Assert.AreEqual(0xFEFC, server.Association.Version);
        server.Echo(300, 200);
        Assert.AreEqual(DtlsError.SessionClosed, server.Close(), peer.Output);
        peer.WaitForExit();
    }

    [TestMethod]
    public void Our_client_changes_keys_with_a_server_of_wolfSSL()
    {
        DtlsOptions options = Options(0x1305, NamedGroup.X25519, false);
        using Stranger peer = Stranger.StartServer(StrangerLibrary.Wolf, Asked(options, NamedGroup.X25519));
        using TestClient client = new(options, peer.Port);
        client.Connect(options.Suites.At(0));
        ChangeKeys(client, peer);
        Assert.AreEqual(DtlsError.SessionClosed, client.Close(), peer.Output);
    }

    [TestMethod]
    public void Our_server_changes_keys_with_a_client_of_wolfSSL()
    {
        DtlsOptions options = Options(0x1304, NamedGroup.X25519, true);
        using TestServer server = new(options);
        StrangerOptions asked = Asked(options, NamedGroup.X25519);
        asked.More.Add("share=" + NamedGroup.X25519.ToString(CultureInfo.InvariantCulture));
        using Stranger peer = Stranger.StartClient(StrangerLibrary.Wolf, server.Port, asked);
        server.Accept(options.Suites.At(0));
        ChangeKeys(server, peer);
        Assert.AreEqual(DtlsError.SessionClosed, server.Close(), peer.Output);
        peer.WaitForExit();
    }

    [TestMethod]
    [DataRow(0x1301, NamedGroup.X25519)]
    [DataRow(0x1305, 0)]
    public void Our_client_resumes_with_a_server_of_wolfSSL(int suite, int group)
    {
        SessionResumption resumption = new();
        DtlsOptions options = Options(suite, group, false);
        options.Features = [resumption];
        StrangerOptions asked = Asked(options, group);
        asked.Tickets = true;
        using Stranger peer = Stranger.StartServer(StrangerLibrary.Wolf, asked);
        for (int i = 0; i < 3; i++)
        {
            using TestClient client = new(options, peer.Port);
            client.Connect(options.Suites.At(0));
            Assert.AreEqual(i > 0, client.Association.IsResumed, peer.Output);
            Assert.AreEqual(i > 0, peer.WaitForState("connected", client).Resumed);
            client.Echo(100, 20);
            Assert.IsTrue(resumption.Session.HasTicket);
            resumption.Session = ResumableSession.Import(resumption.Session.Export());
            Assert.AreEqual(DtlsError.SessionClosed, client.Close(), peer.Output);
            peer.WaitFor("closed by the peer");
            SessionResumption next = new() { Session = resumption.Session };
            options = Options(suite, group, false);
            options.Features = [next];
            resumption = next;
        }
    }

    [TestMethod]
    [DataRow(0x1301, NamedGroup.X25519)]
    [DataRow(0x1305, 0)]
    public void Our_server_resumes_with_a_client_of_wolfSSL(int suite, int group)
    {
        DtlsOptions options = Options(suite, group, true);
        options.Features = [new SessionResumption()];
        using TestServer server = new(options);
        StrangerOptions asked = Asked(options, group);
        asked.Tickets = true;
        asked.More.Add("share=" + group.ToString(CultureInfo.InvariantCulture));
        using Stranger peer = Stranger.StartClient(StrangerLibrary.Wolf, server.Port, asked);
        server.Accept(options.Suites.At(0));
        Assert.IsFalse(server.Association.IsResumed);
        server.Echo(100, 20);
        for (int i = 0; i < 2; i++)
        {
            server.AwaitAnother();
            peer.Command("reconnect");
            server.Accept(options.Suites.At(0));
            Assert.IsTrue(server.Association.IsResumed, peer.Output);
            server.Echo(100, 20);
        }
    }

    private static void ChangeKeys(Driver end, Stranger peer)
    {
        end.Echo(300, 20);
        end.UpdateKeys();
        end.Echo(300, 20);
        AssertEpochs(end, 4, 4);

        // wolfSSL asks, too.
        peer.Command("update");
        peer.WaitFor("updated", end);
        end.Echo(300, 20);
        AssertEpochs(end, 5, 5);
    }

    private static void AssertEpochs(Driver end, int ours, int theirs)
    {
        Assert.AreEqual(ours & 3, end.Capture.EpochBits(end.Port, true));
        Assert.AreEqual(theirs & 3, end.Capture.EpochBits(end.Port, false));
    }

    private static StrangerOptions Asked(DtlsOptions options, int group)
    {
        StrangerOptions asked = new() { Suite = options.Suites.At(0).Name };
        asked.More.Add("dtls13=1");
        asked.More.Add(group == 0 ? "psk_alone=1" : "psk_alone=0");
        return asked;
    }

    private static DtlsOptions Options(int suite, int group, bool isServer)
    {
        SoftwareProvider software = new(new SystemEntropy());
        int[] groups = group == 0 ? [] : [group];
        CipherSuiteTable all = Suites13.AddTo(new CipherSuiteTable());
        return new DtlsOptions
        {
            Crypto = new CompositeProvider([software, new SoftwareEccProvider(software)]),
            Suites = new CipherSuiteTable().Add(all.Find(suite)),
            Psk = Store(),
            Versions = new VersionTable().Add(isServer ? new ServerVersion13(groups, group == 0) : new Version13(groups, group == 0)),
        };
    }

    private static PskStore Store()
    {
        PskStore store = new();
        store.Add(TestSuite.Key, TestSuite.Identity);
        return store;
    }
}
