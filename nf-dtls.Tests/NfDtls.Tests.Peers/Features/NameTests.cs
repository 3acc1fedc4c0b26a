using Microsoft.VisualStudio.TestTools.UnitTesting;
using NfDtls.Extensions;
using NfDtls.Tests.Peers.Ends;
using NfDtls.Tests.Peers.Programs;

namespace NfDtls.Tests.Peers.Features;

/// <summary>Servers by name, with other stacks and pre-shared keys.</summary>
[TestClass]
public sealed class NameTests
{
    private const string Name = "sensor.example";

    [TestMethod]
    public void Our_server_hears_the_name_of_s_client()
    {
        using TestServer server = new(Options(new ServerNames { RefusesUnknown = true }.Add(Name)));
        using PeerProgram peer = PskPrograms.OpenSslClient(server.Port, "-servername", Name);
        server.Accept(PskPrograms.Suite.Suite);
        Assert.AreEqual(Name, server.Association.ServerName);
    }

    [TestMethod]
    public void Our_server_tells_s_client_that_nobody_has_the_name()
    {
        using TestServer server = new(Options(new ServerNames { RefusesUnknown = true }.Add(Name)));
        using PeerProgram peer = PskPrograms.OpenSslClient(server.Port, "-servername", "other.example");
        Assert.AreEqual(DtlsError.UnrecognizedName, server.AcceptInVain().LastError);
        StringAssert.Contains(peer.WaitForExit(), "alert number 112");
    }

    [TestMethod]
    public void Our_server_has_keys_of_its_own_for_the_name_of_gnutls_cli()
    {
        PskStore keys = new();
        keys.Add(TestSuite.Key, TestSuite.Identity);
        DtlsOptions options = Options(new ServerNames().Add(Name, keys, null));
        options.Psk = new PskStore();
        options.Psk.Add(new byte[16], "nobody");
        using TestServer server = new(options);
        using PeerProgram peer = PskPrograms.GnuTlsClient(server.Port, "--sni-hostname", Name);
        server.Accept(PskPrograms.Suite.Suite);
        Assert.AreEqual(Name, server.Association.ServerName);
    }

    [TestMethod]
    public void Our_server_hears_the_name_of_a_BouncyCastle_client()
    {
        BouncyPsk asked = new() { ServerName = Name };
        using TestServer server = new(Options(new ServerNames { RefusesUnknown = true }.Add(Name)));
        using BouncyPeer peer = asked.StartClient(server.Port);
        server.Accept(PskPrograms.Suite.Suite);
        Assert.AreEqual(Name, server.Association.ServerName, peer.Output);
        server.Echo(10, 100);
    }

    [TestMethod]
    public void S_server_hears_our_clients_name()
    {
        int port = FreePorts.Udp();
        using PeerProgram peer = PskPrograms.OpenSslServer(port, "-tlsextdebug");
        DtlsOptions options = Options(new ServerNames());
        options.ServerName = Name;
        using TestClient client = new(options, port);
        client.Connect(PskPrograms.Suite.Suite);
        peer.WaitForOutput("TLS client extension \"server name\" (id=0), len=" + (Name.Length + 5));
    }

    [TestMethod]
    public void Gnutls_serv_takes_our_client_by_its_name()
    {
        int port = FreePorts.Udp();
        using WorkFolder folder = new();
        using PeerProgram peer = PskPrograms.GnuTlsServer(folder, port, "--sni-hostname", Name);
        DtlsOptions options = Options(new ServerNames());
        options.ServerName = Name;
        using TestClient client = new(options, port);
        client.Connect(PskPrograms.Suite.Suite);
    }

    private static DtlsOptions Options(params Feature[] features)
    {
        DtlsOptions options = PskPrograms.Suite.Options();
        options.Features = features;
        return options;
    }
}
