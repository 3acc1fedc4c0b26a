using System.Globalization;
using Microsoft.VisualStudio.TestTools.UnitTesting;
using NfDtls.Crypto.Native;
using NfDtls.Crypto.Software;
using NfDtls.Dtls13;
using NfDtls.Dtls13.Server;
using NfDtls.Tests.Peers.Ends;
using NfDtls.Tests.Peers.Strangers;

namespace NfDtls.Tests.Peers.Versions;

/// <summary>X25519MLKEM768 in DTLS 1.3, against wolfSSL 5.9, with hellos in one datagram and in two.</summary>
[TestClass]
public sealed class HybridTests
{
    [TestMethod]
    [DataRow(1500)]
    [DataRow(1200)]
    public void Our_client_agrees_with_a_server_of_wolfSSL(int mtu)
    {
        DtlsOptions options = Options(mtu, false);
        StrangerOptions asked = Asked(options, mtu);
        asked.More.Add("long_hello=1");
        using Stranger peer = Stranger.StartServer(StrangerLibrary.Wolf, asked);
        using TestClient client = new(options, peer.Port);
        client.Connect(options.Suites.At(0));
        client.Echo(300, 50);
        Assert.AreEqual(DtlsError.SessionClosed, client.Close(), peer.Output);
        peer.WaitFor("closed by the peer");
    }

    [TestMethod]
    [DataRow(1500, NamedGroup.X25519MlKem768)]
    [DataRow(1200, NamedGroup.X25519MlKem768)]
    [DataRow(1200, NamedGroup.X25519)]
    public void Our_server_agrees_with_a_client_of_wolfSSL(int mtu, int share)
    {
        DtlsOptions options = Options(mtu, true);
        using TestServer server = new(options);
        StrangerOptions asked = Asked(options, mtu);
        asked.More.Add("share=" + share.ToString(CultureInfo.InvariantCulture));
        using Stranger peer = Stranger.StartClient(StrangerLibrary.Wolf, server.Port, asked);
        server.Accept(options.Suites.At(0));
        server.Echo(300, 50);
        Assert.AreEqual(DtlsError.SessionClosed, server.Close(), peer.Output);
        peer.WaitForExit();
    }

    /// <summary>wolfSSL itself sends no key that does not fit into a datagram before it has a cookie: its first hello is cut on the way.</summary>
    [TestMethod]
    [DataRow(900)]
    [DataRow(300)]
    public void Our_server_agrees_with_a_client_of_wolfSSL_whose_first_hello_comes_in_pieces(int size)
    {
        DtlsOptions options = Options(1500, true);
        options.Versions = new VersionTable().Add(new ServerVersion13([NamedGroup.X25519MlKem768], false) { HelloPlaces = 1 });
        using TestServer server = new(options);
        StrangerOptions asked = Asked(options, 1500);
        asked.More.Add("share=" + NamedGroup.X25519MlKem768.ToString(CultureInfo.InvariantCulture));
        asked.More.Add("cut_hello=" + size.ToString(CultureInfo.InvariantCulture));
        using Stranger peer = Stranger.StartClient(StrangerLibrary.Wolf, server.Port, asked);
        server.Accept(options.Suites.At(0));
        server.Echo(300, 50);
        Assert.AreEqual(DtlsError.SessionClosed, server.Close(), peer.Output);
        peer.WaitForExit();
    }

    private static StrangerOptions Asked(DtlsOptions options, int mtu)
    {
        StrangerOptions asked = new() { Suite = options.Suites.At(0).Name, Mtu = mtu };
        asked.More.Add("dtls13=1");
        asked.More.Add("psk_alone=0");
        return asked;
    }

    private static DtlsOptions Options(int mtu, bool isServer)
    {
        SoftwareProvider software = new(new SystemEntropy());
        int[] groups = [NamedGroup.X25519MlKem768];
        PskStore store = new();
        store.Add(TestSuite.Key, TestSuite.Identity);
        return new DtlsOptions
        {
            Crypto = new CompositeProvider([software, new SoftwareEccProvider(software), new NativeProvider()]),
            Suites = new CipherSuiteTable().Add(Suites13.Aes128GcmSha256()),
            Psk = store,
            Mtu = mtu,
            Versions = new VersionTable().Add(isServer ? new ServerVersion13(groups, false) : new Version13(groups, false)),
        };
    }
}
