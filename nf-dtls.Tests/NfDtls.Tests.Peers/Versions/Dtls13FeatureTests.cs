using System;
using Microsoft.VisualStudio.TestTools.UnitTesting;
using NfDtls.Crypto.Software;
using NfDtls.Dtls13;
using NfDtls.Dtls13.Server;
using NfDtls.Extensions;
using NfDtls.Tests.Peers.Ends;
using NfDtls.Tests.Peers.Strangers;

namespace NfDtls.Tests.Peers.Versions;

/// <summary>Features of DTLS 1.3 against wolfSSL 5.9, which has no record_size_limit: exported keys, protocols, names, sizes, sleep.</summary>
[TestClass]
public sealed class Dtls13FeatureTests
{
    private const string Label = "EXPERIMENTAL-nfdtls";

    private static readonly byte[] s_key = "a key of 16 byte"u8.ToArray();

    private DurableAssociations _saver = new();

    [TestMethod]
    public void A_server_of_wolfSSL_exports_what_our_client_does_and_agrees_on_protocol_and_sizes()
    {
        StrangerOptions asked = Asked();
        asked.Alpn = ["x", "coap"];
        DtlsOptions options = Options(false);
        using Stranger peer = Stranger.StartServer(StrangerLibrary.Wolf, asked);
        using TestClient client = new(options, peer.Port);
        client.Connect(options.Suites.At(0));
        Assert.AreEqual("coap", peer.WaitForState("connected", client).Alpn);
        Assert.AreEqual("coap", client.Association.ApplicationProtocol);
        Assert.AreEqual(512, client.Association.MaxPayload);
        client.Echo(20, 500);
        Export(client, peer);
        Assert.AreEqual(DtlsError.SessionClosed, client.Close(), peer.Output);
    }

    [TestMethod]
    public void A_client_of_wolfSSL_exports_what_our_server_does_and_agrees_on_protocol_name_and_sizes()
    {
        StrangerOptions asked = Asked();
        asked.Alpn = ["x", "coap"];
        asked.MaxFragmentLength = 512;
        asked.ServerName = "lamp.example";
        asked.More.Add("share=" + NamedGroup.X25519);
        DtlsOptions options = Options(true);
        using TestServer server = new(options);
        using Stranger peer = Stranger.StartClient(StrangerLibrary.Wolf, server.Port, asked);
        server.Accept(options.Suites.At(0));
        Assert.AreEqual("coap", server.Association.ApplicationProtocol);
        Assert.AreEqual("lamp.example", server.Association.ServerName);
        Assert.AreEqual(512, server.Association.MaxPayload);
        server.Echo(20, 500);
        Export(server, peer);
        Assert.AreEqual(DtlsError.SessionClosed, server.Close(), peer.Output);
        peer.WaitForExit();
    }

    [TestMethod]
    public void A_server_of_wolfSSL_goes_on_with_our_client_that_sleeps_and_changes_its_keys()
    {
        DtlsOptions options = Options(false);
        using Stranger peer = Stranger.StartServer(StrangerLibrary.Wolf, Asked());
        using TestClient client = new(options, peer.Port);
        client.Connect(options.Suites.At(0));
        Sleep(client);
        Assert.AreEqual(DtlsError.SessionClosed, client.Close(), peer.Output);
    }

    [TestMethod]
    public void A_client_of_wolfSSL_goes_on_with_our_server_that_sleeps_and_changes_its_keys()
    {
        StrangerOptions asked = Asked();
        asked.More.Add("share=" + NamedGroup.X25519);
        DtlsOptions options = Options(true);
        using TestServer server = new(options);
        using Stranger peer = Stranger.StartClient(StrangerLibrary.Wolf, server.Port, asked);
        server.Accept(options.Suites.At(0));
        Sleep(server);
        Assert.AreEqual(DtlsError.SessionClosed, server.Close(), peer.Output);
        peer.WaitForExit();
    }

    private void Sleep(Driver end)
    {
        for (int i = 0; i < 4; i++)
        {
            end.Echo(5, 200);
            byte[] before = Exported(end, null);
            byte[] buffer = new byte[DurableAssociations.UsualLength + 52];
            int length = _saver.Export(end.Association, s_key, buffer, 0);
            DtlsOptions options = Options(end is TestServer);
            byte[] saved = buffer.AsSpan(0, length).ToArray();
            if (end is TestServer server)
            {
                server.Wake(options, _saver, s_key, saved);
            }
            else
            {
                ((TestClient)end).Wake(options, _saver, s_key, saved);
            }

            CollectionAssert.AreEqual(before, Exported(end, null));
            end.Echo(5, 200);
            end.UpdateKeys();
            end.Echo(5, 200);
        }
    }

    private static void Export(Driver end, Stranger peer)
    {
        peer.Command("export " + Label + " 32");
        Assert.AreEqual("exported " + Convert.ToHexString(Exported(end, null)).ToLowerInvariant(), peer.WaitFor("exported", end));
        peer.Command("export " + Label + " 32 0708");
        Assert.AreEqual("exported " + Convert.ToHexString(Exported(end, [7, 8])).ToLowerInvariant(), peer.WaitFor("exported", end));
    }

    private static byte[] Exported(Driver end, byte[]? context)
    {
        byte[] key = new byte[32];
        end.Association.ExportKey(Label, context, key, 0, 32);
        return key;
    }

    private static StrangerOptions Asked()
    {
        StrangerOptions asked = new() { Suite = "TLS_AES_128_CCM_8_SHA256" };
        asked.More.Add("dtls13=1");
        asked.More.Add("psk_alone=0");
        return asked;
    }

    private DtlsOptions Options(bool isServer)
    {
        SoftwareProvider software = new(new SystemEntropy());
        int[] groups = [NamedGroup.X25519];
        PskStore store = new();
        store.Add(TestSuite.Key, TestSuite.Identity);
        _saver = new DurableAssociations();
        return new DtlsOptions
        {
            Crypto = new CompositeProvider([software, new SoftwareEccProvider(software)]),
            Suites = Suites13.Constrained(),
            Psk = store,
            Versions = new VersionTable().Add(isServer ? new ServerVersion13(groups, false) : new Version13(groups, false)),
            Features =
            [
                new KeyExporter(), new ApplicationProtocols(["coap", "h2"]), isServer ? new MaxFragmentLength() : new MaxFragmentLength(512),
                new RecordSizeLimit(600), new ServerNames().Add("lamp.example"), _saver
            ],
        };
    }
}
