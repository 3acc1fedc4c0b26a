using System;
using Microsoft.VisualStudio.TestTools.UnitTesting;
using NfDtls.Extensions;
using NfDtls.Tests.Peers.Ends;
using NfDtls.Tests.Peers.Programs;
using NfDtls.Tests.Peers.Strangers;

namespace NfDtls.Tests.Peers.Features;

/// <summary>Our end sleeps or crashes in the midst of a session and goes on as another engine; the other stack does not notice.</summary>
[TestClass]
public sealed class SleepingPeerTests
{
    private const int Times = 5;
    private const int ReadBlock = 3;

    private static readonly byte[] s_key = "a key of 16 byte"u8.ToArray();
    private static readonly TestSuite s_suite = PskPrograms.Suite;

    private DurableAssociations _saver = new();

    [TestMethod]
    [DataRow(false)]
    [DataRow(true)]
    public void S_server_goes_on_with_our_client(bool crashes)
    {
        int port = FreePorts.Udp();
        using PeerProgram peer = PskPrograms.OpenSslServer(port);
        using TestClient client = new(Options(), port);
        client.Connect(s_suite.Suite);
        for (int i = 0; i < Times; i++)
        {
            client.Send(Text("ours " + i + "\n"));
            client.RunUntil(peer, "ours " + i);
            peer.Write("theirs " + i + "\n");
            CollectionAssert.AreEqual(Text("theirs " + i + "\n"), client.Receive());
            Sleep(client, crashes);
            LoseBlock(crashes, client, () => peer.Write("lost\n"));
        }

        client.Send(Text("the end\n"));
        client.RunUntil(peer, "the end");
        Assert.AreEqual(DtlsError.SessionClosed, client.Close(), peer.Output);
    }

    [TestMethod]
    [DataRow(false)]
    [DataRow(true)]
    public void S_client_goes_on_with_our_server(bool crashes)
    {
        using TestServer server = new(Options());
        using PeerProgram peer = PskPrograms.OpenSslClient(server.Port);
        server.Accept(s_suite.Suite);
        for (int i = 0; i < Times; i++)
        {
            server.Send(Text("ours " + i + "\n"));
            server.RunUntil(peer, "ours " + i);
            peer.Write("theirs " + i + "\n");
            CollectionAssert.AreEqual(Text("theirs " + i + "\n"), server.Receive());
            Sleep(server, crashes);
            LoseBlock(crashes, server, () => peer.Write("lost\n"));
        }

        peer.Write("Q\n");
        server.ExpectClose();
        peer.WaitForExit();
    }

    [TestMethod]
    public void Gnutls_serv_goes_on_with_our_client()
    {
        int port = FreePorts.Udp();
        using WorkFolder folder = new();
        using PeerProgram peer = PskPrograms.GnuTlsServer(folder, port);
        using TestClient client = new(Options(), port);
        client.Connect(s_suite.Suite);
        for (int i = 0; i < Times; i++)
        {
            client.Echo(3, 500);
            Sleep(client, false);
        }

        client.Echo(3, 500);
    }

    [TestMethod]
    [DataRow("mbedTLS", "AES_128_CCM_8")]
    [DataRow("mbedTLS", "AES_128_CBC_SHA256")]
    [DataRow("wolfSSL", "CHACHA20_POLY1305_SHA256")]
    public void A_newer_server_goes_on_with_our_client_at_another_port_by_its_connection_id(string library, string name)
    {
        TestSuite suite = TestSuite.Named(name);
        StrangerOptions asked = new() { Suite = suite.Suite.Name, Cid = [0xA1, 0xA2, 0xA3] };
        using Stranger peer = Stranger.StartServer(StrangerLibrary.Named(library), asked);
        using TestClient client = new(Options(suite, 4), peer.Port);
        client.Connect(suite.Suite);
        Assert.AreEqual("a1a2a3", peer.WaitForState("connected", client).OwnCid);
        for (int i = 0; i < Times; i++)
        {
            client.Echo(3, 500);
            Sleep(client, false, suite, 4);
            client.ChangePort();
            client.Echo(3, 500);
            Assert.AreEqual("peer moved to port " + client.Port, peer.WaitFor("peer moved", client));
        }

        Assert.AreEqual(DtlsError.SessionClosed, client.Close(), peer.Output);
    }

    [TestMethod]
    [DataRow("mbedTLS")]
    [DataRow("wolfSSL")]
    public void A_newer_client_that_moved_while_our_server_slept_is_found_again(string library)
    {
        using TestServer server = new(Options(s_suite, 8));
        StrangerOptions asked = new() { Suite = s_suite.Suite.Name, Cid = [0xB1], Echo = false };
        using Stranger peer = Stranger.StartClient(StrangerLibrary.Named(library), server.Port, asked);
        server.Accept(s_suite.Suite);
        Assert.AreEqual("b1", peer.WaitForState("connected", server).OwnCid);
        for (int i = 0; i < Times; i++)
        {
            Sleep(server, false, s_suite, 8);
            peer.Move(server);
            peer.Command("send hello " + i);
            CollectionAssert.AreEqual(Text("hello " + i), server.Receive());
            server.Send(Text("ours " + i));
            peer.WaitFor("received ours " + i, server);
        }

        peer.Command("close");
        server.ExpectClose();
    }

    private static byte[] Text(string text)
    {
        return System.Text.Encoding.ASCII.GetBytes(text);
    }

    /// <summary>After a crash what comes up to the promise is dropped, as it may have come before.</summary>
    private static void LoseBlock(bool crashes, Driver end, Action send)
    {
        for (int i = 0; crashes && i < ReadBlock; i++)
        {
            int before = end.Received;
            send();
            end.Run(() => end.Received > before);
            Assert.AreEqual(0, end.Association.Pending);
        }
    }

    private DtlsOptions Options()
    {
        return Options(s_suite, 0);
    }

    private DtlsOptions Options(TestSuite suite, int idLength)
    {
        DtlsOptions options = suite.Options();
        _saver = new DurableAssociations { ReadBlock = ReadBlock };
        options.Features = idLength == 0 ? [_saver] : [new ConnectionIdFeature(idLength), _saver];
        return options;
    }

    private void Sleep(Driver end, bool crashes)
    {
        Sleep(end, crashes, s_suite, 0);
    }

    /// <summary>Goes on as another engine, from an export, or after a crash from the promise that was stored.</summary>
    private void Sleep(Driver end, bool crashes, TestSuite suite, int idLength)
    {
        byte[] buffer = new byte[400];
        int length = crashes ? _saver.WritePromise(end.Association, s_key, buffer, 0) : _saver.Export(end.Association, s_key, buffer, 0);
        byte[] saved = buffer.AsSpan(0, length).ToArray();
        DtlsOptions options = Options(suite, idLength);
        if (end is TestClient client)
        {
            client.Wake(options, _saver, s_key, saved);
        }
        else
        {
            ((TestServer)end).Wake(options, _saver, s_key, saved);
        }
    }
}
