using System;
using System.Collections.Generic;
using System.Linq;
using Microsoft.VisualStudio.TestTools.UnitTesting;
using NfDtls.Dtls13;
using NfDtls.Extensions;
using NfDtls.Tests.Engine;
using NfDtls.Tests.Extensions;

namespace NfDtls.Tests.Dtls13;

/// <summary>
/// Messages after the handshake whose ACK does not come: what is behind them has higher numbers, so none is let fall, and none
/// has another's number.
/// </summary>
[TestClass]
public sealed class RestingMessageTests
{
    private const int TicketLength = 144;
    private const int Hour = 3_600_000;

    [TestMethod]
    public void Behind_a_ticket_that_never_came_new_keys_come_and_so_does_the_ticket()
    {
        ResumptionBed13 bed = new ResumptionBed13().Connect();
        bed.Close();
        byte[] before = bed.OfClient.Session.Export();
        bed.Network.Filter = datagram => datagram.Bytes.Length != TicketLength;
        bed.Connect();
        bed.Network.Run(Hour);
        CollectionAssert.AreEqual(before, bed.OfClient.Session.Export());
        bed.Network.Filter = null;
        KeyUpdates.Begin(bed.Server, true, bed.Network.Now);
        bed.Network.Run(5_000);
        Assert.AreEqual(4L, bed.Server.WriteEpoch.Number);
        Assert.AreEqual(4L, bed.Client.WriteEpoch.Number);
        CollectionAssert.AreNotEqual(before, bed.OfClient.Session.Export());
        VerifyNothingUnderWay(bed.Client, bed.Server);
        bed.Bed.VerifyEcho();
    }

    [TestMethod]
    public void A_ticket_that_rests_is_sent_once_when_the_client_is_heard_and_no_oftener_than_the_longest_timeout()
    {
        ResumptionBed13 bed = new();

        // Its number has two bytes later on.
        bed.Network.Filter = datagram => datagram.ToServer || datagram.Bytes.Length is not (TicketLength or TicketLength + 1);
        bed.Connect();
        bed.Network.Run(Hour);
        bed.TakeSent();
        bed.Network.Run(Hour);
        Assert.IsEmpty(bed.Network.Sent);
        for (int i = 0; i < 600; i++)
        {
            bed.Client.Send(new byte[5], 0, 5, bed.Network.Now);
            bed.Network.Run(1_000);
            bed.Bed.Client.ReceiveAll();
        }

        Assert.IsLessThanOrEqualTo(11, bed.TakeSent().Count(one => !one.ToServer && one.Bytes.Length >= TicketLength), "ten minutes of data");
        Assert.IsFalse(bed.OfClient.Session?.HasTicket == true);
        bed.Network.Filter = null;
        bed.Network.Run(60_000);
        bed.Client.Send(new byte[5], 0, 5, bed.Network.Now);
        bed.Network.Run(100);
        Assert.IsTrue(bed.OfClient.Session!.HasTicket);
        VerifyNothingUnderWay(bed.Client, bed.Server);
    }

    [TestMethod]
    public void An_end_that_is_closing_sends_no_message_again_and_has_nothing_due_for_one()
    {
        ResumptionBed13 bed = new();
        bed.Network.Filter = datagram => datagram.ToServer || datagram.Bytes.Length is not (TicketLength or TicketLength + 1);
        bed.Connect();
        KeyUpdates.Begin(bed.Server, false, bed.Network.Now);
        bed.Network.Run(10);
        bed.Network.Filter = _ => false;
        bed.Server.Close(Hour, bed.Network.Now);
        bed.Network.Run(10);
        bed.TakeSent();
        for (int i = 0; i < 600; i++)
        {
            Assert.IsGreaterThan(bed.Network.Now, bed.Bed.Server.NextDeadline);
            bed.Network.Run(1_000);
        }

        Assert.IsEmpty(bed.Network.Sent, "Behind a close_notify nothing is sent.");
    }

    [TestMethod]
    [DataRow(true)]
    [DataRow(false)]
    public void A_KeyUpdate_that_rests_goes_on_when_the_peer_is_heard_and_what_waits_behind_it_as_well(bool ofServer)
    {
        CidBed13 bed = new CidBed13().Connect();
        bed.Echoes();
        Association own = ofServer ? bed.Server : bed.Client;
        Association peer = ofServer ? bed.Client : bed.Server;
        bed.Network.Filter = datagram => datagram.ToServer == ofServer;
        KeyUpdates.Begin(own, false, bed.Network.Now);
        ConnectionIdUpdates.Renew(own, bed.Network.Now);
        bed.Network.Run(Hour);
        int sent = bed.Network.Sent.Count;
        bed.Network.Run(Hour);
        Assert.HasCount(sent, bed.Network.Sent);
        Assert.AreEqual(3L, own.WriteEpoch.Number);
        bed.Network.Filter = null;
        bed.Network.Echo = false;
        peer.Send(new byte[5], 0, 5, bed.Network.Now);
        bed.Network.Run(5_000);
        Assert.AreEqual(4L, own.WriteEpoch.Number);
        VerifyNothingUnderWay(bed.Client, bed.Server);
    }

    [TestMethod]
    public void A_NewConnectionId_that_rests_goes_out_with_the_KeyUpdate_behind_it()
    {
        CidBed13 bed = new CidBed13().Connect();
        bed.Echoes();
        bed.Network.Filter = datagram => datagram.ToServer;
        ConnectionIdUpdates.Renew(bed.Server, bed.Network.Now);
        bed.Network.Run(Hour);
        bed.Network.Filter = null;
        KeyUpdates.Begin(bed.Server, false, bed.Network.Now);
        bed.Network.Run(5_000);
        Assert.AreEqual(4L, bed.Server.WriteEpoch.Number);
        VerifyNothingUnderWay(bed.Client, bed.Server);
        Assert.IsTrue(bed.Echoes());
    }

    [TestMethod]
    public void Asking_for_another_ID_wakes_the_message_that_rests()
    {
        CidBed13 bed = new CidBed13().Connect();
        bed.Echoes();
        bed.Network.Filter = datagram => datagram.ToServer;
        ConnectionIdUpdates.Give(bed.Server, 1, bed.Network.Now);
        bed.Network.Run(Hour);
        bed.Network.Filter = null;
        Assert.IsTrue(ConnectionIdUpdates.Give(bed.Server, 1, bed.Network.Now));
        bed.Network.Run(5_000);
        Assert.AreEqual(2, ConnectionIdUpdates.Spares(bed.Client));
        VerifyNothingUnderWay(bed.Client, bed.Server);
    }

    [TestMethod]
    public void A_record_number_that_found_no_packet_stands_for_no_message()
    {
        CidBed13 bed = new CidBed13().Connect();
        bed.Echoes();

        // No packet is free when the update is to go out: the number that it would have had is the next record's.
        Packet[] taken = Enumerable.Range(0, bed.Bed.Client.Engine.Pool.Available).Select(_ => bed.Bed.Client.Engine.Pool.Rent()).ToArray();
        KeyUpdates.Begin(bed.Client, false, bed.Network.Now);
        foreach (Packet packet in taken)
        {
            packet.Return();
        }

        long number = bed.Client.WriteEpoch.NextSequence;
        byte[] ack = [0, 16, .. new byte[7], (byte)bed.Client.WriteEpoch.Number, .. new byte[7], (byte)number];
        bed.Network.Inject(false, TestBed.Address, TestBed.Seal(bed.Server, ContentType.Ack, ack), 0);
        bed.Network.Run(5);
        Assert.AreEqual(3L, bed.Client.WriteEpoch.Number);
        bed.Network.Run(5_000);
        Assert.AreEqual(4L, bed.Client.WriteEpoch.Number);
        Assert.IsTrue(bed.Echoes());
    }

    [TestMethod]
    public void After_outages_of_any_length_every_message_has_come_and_no_number_stood_for_two()
    {
        for (int seed = 0; seed < 60; seed++)
        {
            Random random = new(seed);
            Dictionary<string, string> said = [];
            CidBed13 bed = Recorded(seed, said);
            for (int step = 0; step < 12; step++)
            {
                Assert.AreEqual(AssociationState.Connected, bed.Client.State, "seed " + seed);
                Act(bed, random.Next(8), bed.Network.Now);
                int blocked = random.Next(4);
                bed.Network.Filter = datagram => (blocked & (datagram.ToServer ? 1 : 2)) == 0;
                bed.Network.Run(random.Next(2) == 0 ? random.Next(5_000) : random.Next(1_500_000));
                bed.Bed.Client.ReceiveAll();
            }

            bed.Network.Filter = null;
            for (int i = 0; i < 4; i++)
            {
                bed.Network.Run(70_000);
                Assert.IsTrue(bed.Echoes(), "seed " + seed);
            }

            bed.Network.Run(5_000);
            VerifyNothingUnderWay(bed.Client, bed.Server, "seed " + seed);
            Assert.AreEqual(CidBed13.StateOf(bed.Client).NextToSend, CidBed13.StateOf(bed.Server).NextToRead, "seed " + seed);
            Assert.AreEqual(CidBed13.StateOf(bed.Server).NextToSend, CidBed13.StateOf(bed.Client).NextToRead, "seed " + seed);
        }
    }

    private static void Act(CidBed13 bed, int what, long now)
    {
        Association own = what % 2 == 0 ? bed.Client : bed.Server;
        switch (what / 2)
        {
            case 0:
                KeyUpdates.Begin(own, what == 1, now);
                break;
            case 1:
                ConnectionIdUpdates.Renew(own, now);
                break;
            case 2:
                ConnectionIdUpdates.Request(own, 1, now);
                break;
            default:
                bed.Client.Send(new byte[3], 0, 3, now);
                break;
        }
    }

    /// <summary>A connected bed whose handshake messages are told, each piece under its end, number and place.</summary>
    private static CidBed13 Recorded(int seed, Dictionary<string, string> said)
    {
        DtlsOptions client = Bed13.Options(false, seed, Bed13.NoGroup, true);
        DtlsOptions server = Bed13.Options(true, seed + 1000, Bed13.NoGroup, true);
        client.Crypto = Recorder(client.Crypto, "client", said);
        server.Crypto = Recorder(server.Crypto, "server", said);
        return new CidBed13(client, server, seed: seed, servers: [new SessionResumption()], more: [new SessionResumption()]).Connect();
    }

    private static RecordingProvider Recorder(CryptoProvider inner, string who, Dictionary<string, string> said)
    {
        SealRecorder recorder = new();
        recorder.Content = content =>
        {
            int end = Array.FindLastIndex(content, one => one != 0);
            if (end > 12 && content[end] == ContentType.Handshake)
            {
                // message_seq and fragment offset; then type, length and the piece.
                string key = who + Convert.ToHexString(content, 4, 5);
                string piece = Convert.ToHexString(content, 0, 4) + Convert.ToHexString(content, 9, end - 9);
                Assert.AreEqual(said.TryGetValue(key, out string? before) ? before : piece, piece, key);
                said[key] = piece;
            }
        };
        return new RecordingProvider(inner, recorder);
    }

    private static void VerifyNothingUnderWay(Association client, Association server, string what = "")
    {
        foreach (Association one in new[] { client, server })
        {
            Assert.IsFalse(CidBed13.StateOf(one).IsUnderWay, what);
            Assert.IsNull(CidBed13.StateOf(one).Ticket, what);
            Assert.IsNull(SessionIds.Of(one)?.Sending, what);
        }
    }
}
