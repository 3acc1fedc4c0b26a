using System;
using System.Collections.Generic;
using System.Linq;
using Microsoft.VisualStudio.TestTools.UnitTesting;
using NfDtls.Server;
using M = NfDtls.HandshakeType;

namespace NfDtls.Tests.Engine;

/// <summary>A message is put together of pieces of the epoch that the rules expect it in, and of no others.</summary>
[TestClass]
public class FragmentEpochTests
{
    [TestMethod]
    public void No_number_of_plaintext_pieces_of_the_finished_to_come_holds_up_a_handshake()
    {
        // Everything an attacker can say of it in the clear, at both ends, beside every datagram of the handshake.
        long undisturbed = Duration(bed => 0);
        int datagrams = 0;
        long disturbed = Duration(bed =>
        {
            for (int sequence = 0; sequence < 8; sequence++)
            {
                foreach (byte[] piece in PiecesOfFinished(sequence))
                {
                    bed.Network.Deliver(true, TestBed.Address, piece);
                    bed.Network.Deliver(false, TestBed.Address, piece);
                    datagrams += 2;
                }
            }

            return datagrams;
        });
        Assert.IsTrue(datagrams > 300, datagrams.ToString());
        Assert.AreEqual(undisturbed, disturbed, "In spite of " + datagrams + " datagrams it takes as long as without.");
    }

    [TestMethod]
    public void A_finished_in_the_clear_next_in_order_does_not_meet_the_one_that_is_due()
    {
        foreach (int bytes in new[] { 1, 6, 11, 12 })
        {
            DtlsServerEngine server = new DtlsServerEngine(TestBed.Options(1));
            ScriptedClient client = new ScriptedClient(server, TestBed.Address).Hello();
            client.Send(TestBed.Piece(M.Finished, 12, client.Peer.NextMessage + 1, 60, 0, new byte[12]));
            client.Send(client.Peer.Message(M.ClientKeyExchange, client.Peer.ClientKeyExchangeBody()));
            byte[] finished = client.Peer.Finished(true);
            byte[] whole = client.Peer.LastFinished;
            int sequence = client.Peer.NextMessage - 1;
            client.Send(TestBed.Piece(M.Finished, 12, sequence, 60, 0, whole.AsSpan(12, bytes).ToArray()));
            client.Send(client.Peer.ChangeCipherSpec());

            // The rest, protected: together they would be the right Finished.
            client.Send(client.Peer.Protect(ContentType.Handshake, TestBed.PieceOf(M.Finished, 12, sequence, Math.Min(bytes, 11), whole.AsSpan(12 + Math.Min(bytes, 11)).ToArray())));
            Assert.AreEqual(0, server.Statistics.HandshakesCompleted, bytes.ToString());
            Assert.AreEqual(AssociationState.Connecting, client.Association!.State);
            client.Send(finished);
            Assert.AreEqual(1, server.Statistics.HandshakesCompleted, bytes.ToString());
            Assert.IsTrue(server.Statistics.Dropped(DropReason.Epoch) > 0);
        }
    }

    [TestMethod]
    public void Pieces_that_came_before_their_turn_in_the_clear_do_not_meet_those_of_the_next_epoch()
    {
        // Under whatever name: what waits in an out-of-order slot when the epoch changes is of the old one.
        foreach (int type in new[] { M.Finished, M.CertificateVerify, M.NewSessionTicket })
        {
            DtlsServerEngine server = new DtlsServerEngine(TestBed.Options(1));
            ScriptedClient client = new ScriptedClient(server, TestBed.Address).Hello();
            int next = client.Peer.NextMessage;
            client.Send(TestBed.Piece(type, 12, next + 1, 60, 0, 1));
            client.Send(TestBed.Piece(type, 12, next + 2, 61, 3, 1, 2));
            client.Send(client.Peer.Message(M.ClientKeyExchange, client.Peer.ClientKeyExchangeBody()));
            client.Send(TestBed.Piece(type, 12, next + 1, 62, 5, 1));
            client.Send(client.Peer.ChangeCipherSpec());
            foreach (byte[] piece in ProtectedPieces(client.Peer))
            {
                client.Send(piece);
            }

            Assert.AreEqual(1, server.Statistics.HandshakesCompleted, type.ToString());

            DtlsClientEngine other = new DtlsClientEngine(TestBed.Options(1));
            ScriptedPeer peer = new ScriptedPeer(true);
            other.Connect(0);
            Give(other, peer, TestBed.Piece(type, 12, 2, 60, 0, 1));
            Give(other, peer, peer.Message(M.ServerHello, peer.ServerHelloBody()));
            Give(other, peer, peer.Message(M.ServerHelloDone, new byte[0]));
            Give(other, peer, TestBed.Piece(type, 12, 2, 61, 7, 1));
            Give(other, peer, peer.ChangeCipherSpec());
            foreach (byte[] piece in ProtectedPieces(peer))
            {
                Give(other, peer, piece);
            }

            Assert.AreEqual(AssociationState.Connected, other.Association.State, type.ToString());
        }
    }

    [TestMethod]
    public void A_protected_finished_in_pieces_is_put_together()
    {
        DtlsServerEngine server = new DtlsServerEngine(TestBed.Options(1));
        ScriptedClient client = new ScriptedClient(server, TestBed.Address).Hello();
        client.Send(client.Peer.Message(M.ClientKeyExchange, client.Peer.ClientKeyExchangeBody()));
        client.Peer.Finished(true);
        byte[] whole = client.Peer.LastFinished;
        List<byte[]> pieces = Enumerable.Range(0, 12)
            .Select(i => client.Peer.Protect(ContentType.Handshake, TestBed.PieceOf(M.Finished, 12, client.Peer.NextMessage - 1, i, whole[12 + i]))).ToList();

        // The first few before the ChangeCipherSpec: they wait for their epoch.
        client.Send(pieces[7]);
        client.Send(pieces[3]);
        client.Send(client.Peer.ChangeCipherSpec());
        foreach (byte[] piece in pieces.Where((_, i) => i != 3 && i != 7))
        {
            Assert.AreEqual(0, server.Statistics.HandshakesCompleted);
            client.Send(piece);
        }

        Assert.AreEqual(1, server.Statistics.HandshakesCompleted);
    }

    [TestMethod]
    public void Pieces_that_somebody_made_up_do_not_keep_out_a_message_that_comes_whole()
    {
        long undisturbed = Duration(_ => 0);
        Assert.AreEqual(undisturbed, Duration(bed =>
        {
            for (int sequence = 0; sequence < 8; sequence++)
            {
                foreach (int type in new[] { M.ServerHello, M.ServerHelloDone, M.ClientKeyExchange, M.CertificateVerify })
                {
                    bed.Network.Deliver(true, TestBed.Address, TestBed.Piece(type, 100, sequence, 90, 50, 1, 2));
                    bed.Network.Deliver(false, TestBed.Address, TestBed.Piece(type, 100, sequence, 90, 50, 1, 2));
                }
            }

            return 0;
        }));
    }

    [TestMethod]
    [DataRow(false)]
    [DataRow(true)]
    public void A_message_in_as_many_pieces_as_it_has_bytes_is_put_together_in_any_order(bool fromBehind)
    {
        DtlsServerEngine server = new DtlsServerEngine(TestBed.Options(1));
        ScriptedClient client = new ScriptedClient(server, TestBed.Address).Hello();
        byte[] body = client.Peer.ClientKeyExchangeBody();
        int sequence = client.Peer.NextMessage;
        client.Peer.Message(M.ClientKeyExchange, body);

        // Every second byte first: as many separate pieces as there can be.
        IEnumerable<int> order = Enumerable.Range(0, body.Length).Where(i => i % 2 == 0).Concat(Enumerable.Range(0, body.Length).Where(i => i % 2 == 1));
        foreach (int at in fromBehind ? order.Reverse() : order)
        {
            client.Send(TestBed.Piece(M.ClientKeyExchange, body.Length, sequence, client.Peer.NextRecord++, at, body[at]));
        }

        client.Send(client.Peer.ChangeCipherSpec());
        client.Send(client.Peer.Finished(true));
        Assert.AreEqual(1, server.Statistics.HandshakesCompleted);
    }

    /// <summary>The right Finished in two pieces, neither of which can stand for the whole.</summary>
    private static List<byte[]> ProtectedPieces(ScriptedPeer peer)
    {
        peer.Finished(true);
        byte[] body = peer.LastFinished.AsSpan(12).ToArray();
        int sequence = peer.NextMessage - 1;
        return new List<byte[]>
        {
            peer.Protect(ContentType.Handshake, TestBed.PieceOf(M.Finished, 12, sequence, 7, body.AsSpan(7).ToArray())),
            peer.Protect(ContentType.Handshake, TestBed.PieceOf(M.Finished, 12, sequence, 0, body.AsSpan(0, 7).ToArray())),
        };
    }

    private static IEnumerable<byte[]> PiecesOfFinished(int sequence)
    {
        yield return TestBed.Piece(M.Finished, 12, sequence, 70, 0, 1);
        yield return TestBed.Piece(M.Finished, 12, sequence, 71, 11, 1);
        yield return TestBed.Piece(M.Finished, 36, sequence, 72, 3, 1, 2, 3);
        yield return TestBed.Piece(M.Finished, 12, sequence, 73, 0, new byte[11]);
    }

    /// <summary>Milliseconds that a handshake takes while somebody interferes with every datagram of it.</summary>
    private static long Duration(Func<TestBed, int> interfere)
    {
        TestBed bed = new TestBed();
        bed.Network.Filter = _ =>
        {
            interfere(bed);
            return true;
        };
        long begin = bed.Network.Now;
        bed.Connect();
        long duration = bed.Network.Now - begin;
        Assert.AreEqual(0, bed.Client.Engine.Statistics.Retransmissions + bed.Server.Statistics.Retransmissions);
        bed.Network.Filter = null;
        bed.VerifyEcho();
        return duration;
    }

    private static void Give(DtlsClientEngine client, ScriptedPeer peer, byte[] datagram)
    {
        client.HandleDatagram(datagram, 0, datagram.Length, 0);
        for (Packet packet = client.PollDatagram(0); packet != null; packet = client.PollDatagram(0))
        {
            byte[] bytes = packet.Buffer.AsSpan(packet.Offset, packet.Length).ToArray();
            packet.Return();
            peer.Take(bytes);
        }
    }
}
