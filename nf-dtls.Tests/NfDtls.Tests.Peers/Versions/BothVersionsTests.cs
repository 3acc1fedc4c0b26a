using System.Globalization;
using Microsoft.VisualStudio.TestTools.UnitTesting;
using NfDtls.Crypto.Software;
using NfDtls.Dtls13;
using NfDtls.Dtls13.Server;
using NfDtls.Tests.Peers.Ends;
using NfDtls.Tests.Peers.Features;
using NfDtls.Tests.Peers.Programs;
using NfDtls.Tests.Peers.Strangers;

namespace NfDtls.Tests.Peers.Versions;

/// <summary>One hello that offers DTLS 1.3 and 1.2, the same to all: old servers answer it in 1.2, newer ones in 1.3.</summary>
[TestClass]
public sealed class BothVersionsTests
{
    private const int Dtls13 = 0xFEFC;

    [TestMethod]
    public void OpenSSL_answers_in_the_older_version()
    {
        int port = FreePorts.Udp();
        using PeerProgram peer = PskPrograms.OpenSslServer(port);
        using TestClient client = Connect(port, DtlsVersion.Dtls12);
        client.Send([.. "over OpenSSL\n"u8]);
        peer.WaitForOutput("over OpenSSL");
        Assert.AreEqual(DtlsError.SessionClosed, client.Close(), peer.Output);
    }

    [TestMethod]
    public void GnuTLS_answers_in_the_older_version()
    {
        using WorkFolder folder = new();
        int port = FreePorts.Udp();
        using PeerProgram peer = PskPrograms.GnuTlsServer(folder, port);
        using TestClient client = Connect(port, DtlsVersion.Dtls12);
        client.Send([.. "over GnuTLS\n"u8]);
        peer.WaitForOutput("over GnuTLS");
    }

    [TestMethod]
    [DataRow("mbedTLS", "TLS_PSK_WITH_CHACHA20_POLY1305_SHA256", DtlsVersion.Dtls12)]
    [DataRow("wolfSSL", "TLS_PSK_WITH_CHACHA20_POLY1305_SHA256", DtlsVersion.Dtls12)]
    [DataRow("wolfSSL", "TLS_AES_128_GCM_SHA256", Dtls13)]
    public void Newer_libraries_answer_in_what_they_were_told_to_speak(string library, string suite, int version)
    {
        StrangerOptions asked = new() { Suite = suite };
        if (version == Dtls13)
        {
            asked.More.Add("dtls13=1");
            asked.More.Add("psk_alone=0");
        }

        using Stranger peer = Stranger.StartServer(StrangerLibrary.Named(library), asked);
        using TestClient client = Connect(peer.Port, version);
        client.Echo(200, 200);
        Assert.AreEqual(DtlsError.SessionClosed, client.Close(), peer.Output);
    }

    [TestMethod]
    [DataRow(DtlsVersion.Dtls12)]
    [DataRow(Dtls13)]
    public void A_server_of_both_answers_a_client_of_wolfSSL_in_its_own(int version)
    {
        using TestServer server = new(Options(isServer: true));
        StrangerOptions asked = new() { Suite = version == Dtls13 ? "TLS_AES_128_GCM_SHA256" : "TLS_PSK_WITH_CHACHA20_POLY1305_SHA256" };
        if (version == Dtls13)
        {
            asked.More.Add("dtls13=1");
            asked.More.Add("psk_alone=0");
            asked.More.Add("share=" + NamedGroup.X25519.ToString(CultureInfo.InvariantCulture));
        }

        using Stranger peer = Stranger.StartClient(StrangerLibrary.Wolf, server.Port, asked);
        server.Accept(Options(isServer: true).Suites.Find(version == Dtls13 ? 0x1301 : PskPrograms.Suite.Suite.Id));
        Assert.AreEqual(version, server.Association.Version);
        server.Echo(200, 200);
        Assert.AreEqual(DtlsError.SessionClosed, server.Close(), peer.Output);
        peer.WaitForExit();
    }

    private static TestClient Connect(int port, int version)
    {
        DtlsOptions options = Options(isServer: false);
        TestClient client = new(options, port);
        client.Connect(options.Suites.Find(version == Dtls13 ? 0x1301 : PskPrograms.Suite.Suite.Id));
        Assert.AreEqual(version, client.Association.Version);
        return client;
    }

    private static DtlsOptions Options(bool isServer)
    {
        int[] groups = [NamedGroup.X25519];
        DtlsOptions options = PskPrograms.Suite.Options();
        SoftwareProvider software = new(new SystemEntropy());
        options.Crypto = new CompositeProvider([software, new SoftwareEccProvider(software)]);
        options.Suites = Suites13.AddTo(new CipherSuiteTable()).Add(PskSuites.ChaCha20Poly1305Sha256());
        options.Versions = new VersionTable().Add(new Dtls12()).Add(isServer ? new ServerVersion13(groups, false) : new Version13(groups, false));
        return options;
    }
}
