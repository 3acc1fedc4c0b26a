using System;
using System.Linq;
using Microsoft.VisualStudio.TestTools.UnitTesting;
using NfDtls.Extensions;
using NfDtls.Tests.Peers.Ends;
using NfDtls.Tests.Peers.Programs;
using NfDtls.Tests.Peers.Strangers;

namespace NfDtls.Tests.Peers.Features;

/// <summary>Sizes of records with other stacks: max_fragment_length, and record_size_limit with GnuTLS, which has it.</summary>
[TestClass]
public sealed class SizeTests
{
    private const int Length = 512;

    // OpenSSL cuts no data: what is longer than a record ends its connection.
    [TestMethod]
    public void S_server_keeps_to_our_clients_fragment_length()
    {
        int port = FreePorts.Udp();
        using PeerProgram peer = PskPrograms.OpenSslServer(port);
        using TestClient client = new(Options(new MaxFragmentLength(Length)), port);
        client.Connect(PskPrograms.Suite.Suite);
        Assert.AreEqual(Length, client.Association.MaxPayload);
        peer.Write(new string('x', Length - 1) + "\n");
        Assert.HasCount(Length, client.Receive());
        client.Send(Enumerable.Repeat((byte)'y', Length).ToArray());
        peer.WaitForOutput(new string('y', Length));
    }

    [TestMethod]
    public void Our_server_keeps_to_s_clients_fragment_length()
    {
        using TestServer server = new(Options(new MaxFragmentLength()));
        using PeerProgram peer = PskPrograms.OpenSslClient(server.Port, "-maxfraglen", "512");
        server.Accept(PskPrograms.Suite.Suite);
        Assert.AreEqual(Length, server.Association.MaxPayload);
        peer.Write(new string('x', Length - 1) + "\n");
        Assert.HasCount(Length, server.Receive());

        server.Send(Enumerable.Repeat((byte)'y', Length).ToArray());
        peer.WaitForOutput(new string('y', Length));
    }

    [TestMethod]
    [DataRow(512)]
    [DataRow(700)]
    public void Gnutls_cli_and_our_server_keep_to_each_others_record_size_limit(int limit)
    {
        using TestServer server = new(Options(new RecordSizeLimit(600), new MaxFragmentLength()));
        using PeerProgram peer = PskPrograms.GnuTlsClient(server.Port, "--recordsize", limit.ToString());
        server.Accept(PskPrograms.Suite.Suite);
        Assert.AreEqual(limit, server.Association.MaxPayload);
        server.Send(Enumerable.Repeat((byte)'y', limit).ToArray());
        peer.WaitForOutput(new string('y', limit));
        peer.Write(new string('x', 500) + "\n");
        Assert.IsTrue(server.Receive().Length <= 501);
    }

    [TestMethod]
    public void Gnutls_serv_and_our_client_keep_to_each_others_record_size_limit()
    {
        int port = FreePorts.Udp();
        using WorkFolder folder = new();
        using PeerProgram peer = PskPrograms.GnuTlsServer(folder, port, "--recordsize", "700");
        using TestClient client = new(Options(new RecordSizeLimit(600)), port);
        client.Connect(PskPrograms.Suite.Suite);
        Assert.AreEqual(700, client.Association.MaxPayload);
        byte[] data = Enumerable.Repeat((byte)'y', 600).ToArray();
        client.Send(data);
        for (int received = 0; received < data.Length;)
        {
            byte[] record = client.Receive();
            Assert.IsTrue(record.Length <= 600 && record.All(one => one == 'y'));
            received += record.Length;
        }
    }

    [TestMethod]
    public void A_BouncyCastle_server_takes_our_clients_fragment_length()
    {
        BouncyPsk asked = new();
        using BouncyPeer peer = asked.StartServer();
        using TestClient client = new(Options(new MaxFragmentLength(Length)), peer.Port);
        client.Connect(PskPrograms.Suite.Suite);
        Assert.AreEqual(Length, client.Association.MaxPayload, peer.Output);
        client.Echo(20, Length);
    }

    [TestMethod]
    public void Our_server_takes_a_BouncyCastle_clients_fragment_length()
    {
        BouncyPsk asked = new() { MaxFragmentLength = 1 };
        using TestServer server = new(Options(new MaxFragmentLength()));
        using BouncyPeer peer = asked.StartClient(server.Port);
        server.Accept(PskPrograms.Suite.Suite);
        Assert.AreEqual(Length, server.Association.MaxPayload, peer.Output);
        server.Echo(20, Length);
    }

    [TestMethod]
    [DataRow("mbedTLS")]
    [DataRow("wolfSSL")]
    public void A_newer_server_takes_our_clients_fragment_length(string library)
    {
        using Stranger peer = Stranger.StartServer(StrangerLibrary.Named(library), new StrangerOptions { Suite = PskPrograms.Suite.Suite.Name });
        using TestClient client = new(Options(new MaxFragmentLength(Length)), peer.Port);
        client.Connect(PskPrograms.Suite.Suite);
        Assert.AreEqual(Length, client.Association.MaxPayload, peer.Output);
        Assert.IsTrue(peer.WaitForState("connected", client).Payload <= Length, peer.Output);
        client.Echo(20, Length);
        peer.Command("fill 512");
        Assert.HasCount(Length, client.Receive());
    }

    [TestMethod]
    [DataRow("mbedTLS")]
    [DataRow("wolfSSL")]
    public void Our_server_takes_a_newer_clients_fragment_length(string library)
    {
        using TestServer server = new(Options(new MaxFragmentLength()));
        StrangerOptions options = new() { Suite = PskPrograms.Suite.Suite.Name, MaxFragmentLength = Length };
        using Stranger peer = Stranger.StartClient(StrangerLibrary.Named(library), server.Port, options);
        server.Accept(PskPrograms.Suite.Suite);
        Assert.AreEqual(Length, server.Association.MaxPayload, peer.Output);
        Assert.IsTrue(peer.WaitForState("connected", server).Payload <= Length, peer.Output);
        server.Echo(20, Length);
    }

    private static DtlsOptions Options(params Feature[] features)
    {
        DtlsOptions options = PskPrograms.Suite.Options();
        options.Features = features;
        return options;
    }
}
