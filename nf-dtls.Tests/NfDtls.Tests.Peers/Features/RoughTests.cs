using System;
using System.Diagnostics;
using System.Linq;
using Microsoft.VisualStudio.TestTools.UnitTesting;
using NfDtls.Extensions;
using NfDtls.Tests.Peers.Certificates;
using NfDtls.Tests.Peers.Ends;
using NfDtls.Tests.Peers.Programs;
using NfDtls.Tests.Peers.Strangers;

namespace NfDtls.Tests.Peers.Features;

/// <summary>
/// Everything at once with the newer peers: connection IDs, tickets, sizes, protocols and, with mbedTLS, renegotiation, over a network that
/// loses, doubles and reorders a fifth each.
/// </summary>
[TestClass]
public sealed class RoughTests
{
    private const int OneIn = 5;
    private const int Pause = 200;

    // So much the path takes, whatever the losses make of its MTU.
    private const int LongestMessage = 150;

    private static readonly TestSuite Suite = PskPrograms.Suite;

    [TestMethod]
    [DataRow("mbedTLS", 1)]
    [DataRow("mbedTLS", 2)]
    [DataRow("wolfSSL", 3)]
    public void Our_client_moves_renegotiates_and_comes_back_with_a_newer_server(string library, int seed)
    {
        bool renegotiates = library == "mbedTLS";
        using Stranger peer = Stranger.StartServer(StrangerLibrary.Named(library), Peers(renegotiates));
        SessionResumption resumption = new();
        using (TestClient client = Rough(new TestClient(Options(resumption), peer.Port), seed))
        {
            client.Connect(Suite.Suite);
            Exchange(client, peer);
            client.ChangePort();
            Exchange(client, peer);
            if (renegotiates)
            {
                Renegotiate(client, peer);
                Exchange(client, peer);
            }

            client.ChangePort();
            Exchange(client, peer);
            Assert.AreNotEqual(0, client.ComesBy!.Accidents + client.GoesBy!.Accidents);
        }

        using TestClient again = Rough(new TestClient(Options(new SessionResumption { Session = resumption.Session }), peer.Port), seed + 100);
        again.Connect(Suite.Suite);
        Assert.IsTrue(again.Association.IsResumed, peer.Output);
        Assert.AreEqual("coap", again.Association.ApplicationProtocol);

        // The server must have had its last flight before it moves.
        Exchange(again, peer);
        again.ChangePort();
        Exchange(again, peer);
    }

    [TestMethod]
    [DataRow("mbedTLS", 4)]
    [DataRow("mbedTLS", 5)]
    [DataRow("wolfSSL", 6)]
    public void A_newer_client_moves_renegotiates_and_comes_back_with_our_server(string library, int seed)
    {
        bool renegotiates = library == "mbedTLS";
        using TestServer server = Rough(new TestServer(Options(new SessionResumption())), seed);
        using Stranger peer = Stranger.StartClient(StrangerLibrary.Named(library), server.Port, Peers(renegotiates));
        server.Accept(Suite.Suite);
        peer.WaitForState("connected", server);
        Exchange(server, peer);
        Move(server, peer);
        Exchange(server, peer);
        if (renegotiates)
        {
            Renegotiate(server, peer);
            Exchange(server, peer);
        }

        Move(server, peer);
        Exchange(server, peer);
        server.AwaitAnother();
        peer.Command("wake");
        server.Accept(Suite.Suite);

        // A renegotiation brings no ticket, and mbedTLS forgets the one before it.
        Assert.AreEqual(!renegotiates, server.Association.IsResumed, peer.Output);
        Assert.AreEqual("coap", server.Association.ApplicationProtocol);
        peer.WaitForState("connected", server);
        Move(server, peer);
        Exchange(server, peer);
    }

    private static T Rough<T>(T end, int seed)
        where T : Driver
    {
        end.ComesBy = new RoughWay(OneIn, seed);
        end.GoesBy = new RoughWay(OneIn, seed + 1000);
        return end;
    }

    private static DtlsOptions Options(SessionResumption resumption)
    {
        DtlsOptions options = Lossy.Options(Suite.Options());
        options.Features =
        [
            new ConnectionIdFeature(8), resumption, new Renegotiation { AllowPeer = true, PeerInterval = 0 }, new MaxFragmentLength(1024),
            new ApplicationProtocols(["coap"]), new KeyExporter(),
        ];
        return options;
    }

    private static StrangerOptions Peers(bool renegotiates)
    {
        return new StrangerOptions
        {
            Suite = Suite.Suite.Name,
            Cid = [0xA1, 0xA2, 0xA3],
            Tickets = true,
            Renegotiation = renegotiates,
            MaxFragmentLength = 1024,
            Alpn = ["coap"],
            Retransmit = 200,
        };
    }

    /// <summary>Messages there and back, each sent until it is.</summary>
    private static void Exchange(Driver end, Stranger peer)
    {
        Random random = new(7);
        for (int i = 0; i < 5; i++)
        {
            byte[] message = new byte[1 + random.Next(LongestMessage)];
            random.NextBytes(message);
            byte[]? back = null;
            for (Stopwatch clock = Stopwatch.StartNew(); back == null || !back.SequenceEqual(message); back = end.TryReceive(Pause))
            {
                Assert.IsFalse(Patience.IsOver(clock), peer.Output);
                end.Send(message);
            }
        }
    }

    private static void Move(TestServer server, Stranger peer)
    {
        int port = peer.Move(server);
        for (Stopwatch clock = Stopwatch.StartNew(); ((server.Association.PeerAddress[4] << 8) | server.Association.PeerAddress[5]) != port; server.TryReceive(Pause))
        {
            Assert.IsFalse(Patience.IsOver(clock), peer.Output);
            peer.Command("send from there");
        }
    }

    private static void Renegotiate(Driver end, Stranger peer)
    {
        end.Events = 0;
        end.Renegotiate();
        Assert.IsTrue(end.Run(() => (end.Events & (AssociationEvents.Renegotiated | AssociationEvents.RenegotiationRefused)) != 0), peer.Output);
        Assert.AreNotEqual(0, end.Events & AssociationEvents.Renegotiated, peer.Output);
    }
}
