using System;
using Microsoft.VisualStudio.TestTools.UnitTesting;
using NfDtls.Extensions;
using NfDtls.Tests.Peers.Ends;
using NfDtls.Tests.Peers.Programs;
using NfDtls.Tests.Peers.Strangers;

namespace NfDtls.Tests.Peers.Features;

/// <summary>Other stacks export the same keys (RFC 5705). gnutls-serv tells none over UDP.</summary>
[TestClass]
public sealed class ExportedKeyTests
{
    private const string Label = "EXPERIMENTAL-nfdtls";
    private const int Length = 32;

    [TestMethod]
    public void S_server_exports_what_our_client_does()
    {
        int port = FreePorts.Udp();
        using PeerProgram peer = PskPrograms.OpenSslServer(port, "-keymatexport", Label, "-keymatexportlen", "32");
        using TestClient client = new(Options(), port);
        client.Connect(PskPrograms.Suite.Suite);
        peer.WaitForOutput("Keying material: " + Exported(client, null));
    }

    [TestMethod]
    public void S_client_exports_what_our_server_does()
    {
        using TestServer server = new(Options());
        using PeerProgram peer = PskPrograms.OpenSslClient(server.Port, "-keymatexport", Label, "-keymatexportlen", "32");
        server.Accept(PskPrograms.Suite.Suite);
        peer.WaitForOutput("Keying material: " + Exported(server, null));
    }

    [TestMethod]
    public void Gnutls_cli_exports_what_our_server_does()
    {
        using TestServer server = new(Options());
        using PeerProgram peer = PskPrograms.GnuTlsClient(server.Port, "--keymatexport", Label, "--keymatexportsize", "32");
        server.Accept(PskPrograms.Suite.Suite);
        peer.WaitForOutput("Key material: " + Exported(server, null).ToLowerInvariant());
    }

    [TestMethod]
    [DataRow(false)]
    [DataRow(true)]
    public void A_BouncyCastle_server_exports_what_our_client_does(bool hasContext)
    {
        BouncyPsk asked = new() { ExportLabel = Label, ExportContext = hasContext ? [] : null };
        using BouncyPeer peer = asked.StartServer();
        using TestClient client = new(Options(), peer.Port);
        client.Connect(PskPrograms.Suite.Suite);
        client.Run(() => asked.Exported != null);
        Assert.AreEqual(Exported(client, asked.ExportContext), Convert.ToHexString(asked.Exported!), peer.Output);
    }

    [TestMethod]
    [DataRow(false)]
    [DataRow(true)]
    public void A_BouncyCastle_client_exports_what_our_server_does(bool hasContext)
    {
        BouncyPsk asked = new() { ExportLabel = Label, ExportContext = hasContext ? [1, 2, 3] : null };
        using TestServer server = new(Options());
        using BouncyPeer peer = asked.StartClient(server.Port);
        server.Accept(PskPrograms.Suite.Suite);
        server.Run(() => asked.Exported != null);
        Assert.AreEqual(Exported(server, asked.ExportContext), Convert.ToHexString(asked.Exported!), peer.Output);
    }

    // mbedTLS's server exports once a record has come behind its handshake.
    [TestMethod]
    [DataRow("mbedTLS")]
    [DataRow("wolfSSL")]
    public void A_newer_server_exports_what_our_client_does(string library)
    {
        using Stranger peer = Stranger.StartServer(StrangerLibrary.Named(library), new StrangerOptions { Suite = PskPrograms.Suite.Suite.Name });
        using TestClient client = new(Options(), peer.Port);
        client.Connect(PskPrograms.Suite.Suite);
        peer.WaitForState("connected", client);
        client.Echo(2, 10);
        peer.Command("export " + Label + " 32");
        Assert.AreEqual("exported " + Exported(client, null).ToLowerInvariant(), peer.WaitFor("exported", client));
        peer.Command("export " + Label + " 32 0708");
        Assert.AreEqual("exported " + Exported(client, [7, 8]).ToLowerInvariant(), peer.WaitFor("exported", client));
    }

    [TestMethod]
    [DataRow("mbedTLS")]
    [DataRow("wolfSSL")]
    public void A_newer_client_exports_what_our_server_does(string library)
    {
        using TestServer server = new(Options());
        using Stranger peer = Stranger.StartClient(StrangerLibrary.Named(library), server.Port, new StrangerOptions { Suite = PskPrograms.Suite.Suite.Name });
        server.Accept(PskPrograms.Suite.Suite);
        peer.WaitForState("connected", server);
        peer.Command("export " + Label + " 32 0708");
        Assert.AreEqual("exported " + Exported(server, [7, 8]).ToLowerInvariant(), peer.WaitFor("exported", server));
    }

    [TestMethod]
    [DataRow(false)]
    [DataRow(true)]
    public void A_newer_peer_exports_what_we_do_after_each_renegotiation(bool isServer)
    {
        StrangerOptions asked = new() { Suite = PskPrograms.Suite.Suite.Name, Renegotiation = true };
        DtlsOptions options = PskPrograms.Suite.Options();
        options.Features = [new KeyExporter(), new Renegotiation { AllowPeer = true, PeerInterval = 0 }];
        TestServer? ours = isServer ? null : new TestServer(options);
        using Stranger peer = ours == null ? Stranger.StartServer(StrangerLibrary.Mbed, asked) : Stranger.StartClient(StrangerLibrary.Mbed, ours.Port, asked);
        TestClient? client = ours == null ? new TestClient(options, peer.Port) : null;
        using Driver end = ours ?? (Driver)client!;
        ours?.Accept(PskPrograms.Suite.Suite);
        client?.Connect(PskPrograms.Suite.Suite);
        for (int i = 0; i < 3; i++)
        {
            end.Echo(2, 10);
            peer.Command("export " + Label + " 32");
            Assert.AreEqual("exported " + Exported(end, null).ToLowerInvariant(), peer.WaitFor("exported", end));
            peer.Command("renegotiate");
            peer.WaitForState("renegotiated", end);
        }
    }

    [TestMethod]
    [DataRow("mbedTLS")]
    public void Nothing_is_exported_with_a_newer_peer_without_the_extended_master_secret(string library)
    {
        StrangerOptions options = new() { Suite = PskPrograms.Suite.Suite.Name, ExtendedMasterSecret = false };
        using Stranger peer = Stranger.StartServer(StrangerLibrary.Named(library), options);
        using TestClient client = new(Options(), peer.Port);
        client.Connect(PskPrograms.Suite.Suite);
        DtlsException refused = Assert.ThrowsExactly<DtlsException>(() => Exported(client, null));
        Assert.AreEqual(DtlsError.InsufficientSecurity, refused.Error);
    }

    private static DtlsOptions Options()
    {
        DtlsOptions options = PskPrograms.Suite.Options();
        options.Features = [new KeyExporter()];
        return options;
    }

    private static string Exported(Driver end, byte[]? context)
    {
        byte[] key = new byte[Length];
        end.Association.ExportKey(Label, context, key, 0, Length);
        return Convert.ToHexString(key);
    }
}
