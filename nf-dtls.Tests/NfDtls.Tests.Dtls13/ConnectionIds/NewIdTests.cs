using System;
using System.Collections.Generic;
using System.Linq;
using Microsoft.VisualStudio.TestTools.UnitTesting;
using NfDtls.Dtls13;
using NfDtls.Tests.Engine;

namespace NfDtls.Tests.Dtls13;

/// <summary>NewConnectionId and RequestConnectionId (RFC 9147 section 9).</summary>
[TestClass]
public sealed class NewIdTests
{
    private const int Most = IdentifyingFeature.MostSpares;

    [TestMethod]
    public void A_client_that_moves_goes_on_with_an_ID_that_was_to_spare_and_asks_for_another()
    {
        CidBed13 bed = new CidBed13(spares: 3).Connect();
        Assert.AreEqual(0, bed.Bed.Server.Statistics.PeersMoved);
        bed.Echoes();
        bed.Network.Run(500);
        HashSet<string> used = [];
        for (int i = 1; i <= 12; i++)
        {
            Assert.AreEqual(3, ConnectionIdUpdates.Spares(bed.Client));
            byte[] before = bed.ClientFeature.PeerIdOf(bed.Client);
            int from = bed.Network.Sent.Count;
            bed.Rebind(i, true);
            Assert.IsTrue(bed.Echoes());
            bed.VerifyAt(bed.Address);
            bed.Network.Run(500);
            byte[] id = bed.ClientFeature.PeerIdOf(bed.Client);
            Assert.IsTrue(used.Add(Convert.ToHexString(id)), "no ID is used on two paths");
            CollectionAssert.AreEqual(id, bed.ServerFeature.IdOf(bed.Server));
            Assert.IsTrue(bed.Records(true, from).All(one => one.AsSpan(1, 8).SequenceEqual(id)));
            Assert.IsFalse(before.AsSpan().SequenceEqual(id));
        }
    }

    [TestMethod]
    public void Without_one_to_spare_it_goes_on_with_the_same()
    {
        CidBed13 bed = new CidBed13().Connect();
        byte[] id = bed.ClientFeature.PeerIdOf(bed.Client);
        bed.Rebind(1, true);
        Assert.IsTrue(bed.Echoes());
        bed.VerifyAt(bed.Address);
        CollectionAssert.AreEqual(id, bed.ClientFeature.PeerIdOf(bed.Client));
        Assert.IsFalse(ConnectionIdUpdates.UseSpare(bed.Client));
    }

    [TestMethod]
    [DataRow(true)]
    [DataRow(false)]
    public void Either_end_changes_the_ID_of_what_comes_to_it(bool ofServer)
    {
        CidBed13 bed = new CidBed13().Connect();
        bed.Echoes();
        Association own = ofServer ? bed.Server : bed.Client;
        for (int i = 0; i < 10; i++)
        {
            byte[] old = Current(bed, ofServer);
            byte[] late = TestBed.Seal(ofServer ? bed.Client : bed.Server, ContentType.ApplicationData, 1);
            Assert.IsTrue(ConnectionIdUpdates.Renew(own, bed.Network.Now));
            bed.Network.Run(500);
            byte[] fresh = Current(bed, ofServer);
            Assert.IsFalse(fresh.AsSpan().SequenceEqual(old));
            CollectionAssert.AreEqual(fresh, ofServer ? bed.ClientFeature.PeerIdOf(bed.Client) : bed.ServerFeature.PeerIdOf(bed.Server));
            Assert.IsTrue(bed.Echoes());

            // What was under way is read.
            long received = bed.Bed.Server.Statistics.RecordsReceived + bed.Bed.Client.Engine.Statistics.RecordsReceived;
            bed.Network.Echo = false;
            bed.Network.Inject(ofServer, TestBed.Address, late, 0);
            bed.Network.Run(50);
            bed.Network.Echo = true;
            Assert.AreEqual(received + 1, bed.Bed.Server.Statistics.RecordsReceived + bed.Bed.Client.Engine.Statistics.RecordsReceived);
            bed.Bed.Client.ReceiveAll();
            Drain(bed.Server);
        }
    }

    [TestMethod]
    public void The_ID_before_is_forgotten_after_two_minutes()
    {
        CidBed13 bed = new CidBed13().Connect();
        bed.Echoes();
        byte[] early = TestBed.Seal(bed.Client, ContentType.ApplicationData, 1);
        byte[] late = TestBed.Seal(bed.Client, ContentType.ApplicationData, 1);
        bed.Network.Echo = false;
        ConnectionIdUpdates.Renew(bed.Server, bed.Network.Now);
        bed.Network.Run(119_000);
        bed.Network.Inject(true, TestBed.OtherAddress, early, 0);
        bed.Network.Run(2_000);
        Assert.AreEqual(0, bed.Bed.Server.Statistics.Dropped(DropReason.NoSession));
        bed.Network.Inject(true, TestBed.OtherAddress, late, 0);
        bed.Network.Run(10);
        Assert.AreEqual(1, bed.Bed.Server.Statistics.Dropped(DropReason.NoSession));
    }

    [TestMethod]
    public void Messages_come_in_the_end_where_one_in_five_datagrams_is_lost_doubled_and_late()
    {
        for (int seed = 0; seed < 100; seed++)
        {
            CidBed13 bed = new CidBed13(seed: seed, spares: seed % (Most + 1)).Connect();
            bed.Network.Drop = 0.2;
            bed.Network.Duplicate = 0.2;
            bed.Network.Delay = 0.2;
            bed.Echoes();
            ConnectionIdUpdates.Renew(bed.Client, bed.Network.Now);
            ConnectionIdUpdates.Renew(bed.Server, bed.Network.Now);
            ConnectionIdUpdates.Request(bed.Server, 2, bed.Network.Now);
            KeyUpdates.Begin(bed.Client, true, bed.Network.Now);
            bed.Network.Run(100_000);
            bed.Network.Drop = 0;
            bed.Network.Delay = 0;
            bed.Network.Run(100_000);
            bed.Bed.Client.ReceiveAll();
            Assert.IsTrue(bed.Echoes(), "seed " + seed);
            Assert.AreEqual(seed % (Most + 1), ConnectionIdUpdates.Spares(bed.Client), "seed " + seed);
            Assert.AreEqual(2, ConnectionIdUpdates.Spares(bed.Server), "seed " + seed);
            Assert.IsNull(SessionIds.Of(bed.Client).Sending, "seed " + seed);
            Assert.IsNull(SessionIds.Of(bed.Server).Sending, "seed " + seed);
        }
    }

    [TestMethod]
    public void A_message_without_an_ACK_rests_and_goes_on_when_the_peer_is_heard()
    {
        CidBed13 bed = new CidBed13().Connect();
        bed.Echoes();
        bed.Network.Filter = datagram => datagram.ToServer;
        ConnectionIdUpdates.Renew(bed.Server, bed.Network.Now);
        bed.Network.Run(3_600_000);
        int sent = bed.Network.Sent.Count;
        bed.Network.Run(3_600_000);
        Assert.HasCount(sent, bed.Network.Sent);
        bed.Network.Filter = null;
        byte[] old = bed.ServerFeature.IdOf(bed.Server);
        Assert.IsTrue(bed.Echoes());
        bed.Network.Run(5_000);
        Assert.IsFalse(old.AsSpan().SequenceEqual(bed.ServerFeature.IdOf(bed.Server)));
    }

    [TestMethod]
    public void A_peer_gets_no_more_than_four_to_spare_and_is_sent_away_when_it_goes_on_asking()
    {
        CidBed13 bed = new CidBed13().Connect();
        bed.Echoes();
        bed.Say(true, HandshakeType13.RequestConnectionId, 255);
        bed.Network.Run(500);
        Assert.AreEqual(Most, ConnectionIdUpdates.Spares(bed.Client));
        for (int i = 0; i < IdMessages.MostIdleRequests; i++)
        {
            bed.Say(true, HandshakeType13.RequestConnectionId, (byte)(i == 1 ? 0 : 1));
            bed.Network.Run(500);
            Assert.AreEqual(AssociationState.Connected, bed.Server.State);
            Assert.AreEqual(Most, ConnectionIdUpdates.Spares(bed.Client));
        }

        bed.Say(true, HandshakeType13.RequestConnectionId, 1);
        Assert.AreEqual(DtlsError.TooManyConnectionIds, bed.Server.LastError);
        Assert.AreEqual(52, bed.Server.AlertSent);
        bed.Network.Run(100);
        Assert.AreEqual(52, bed.Client.AlertReceived);
    }

    [TestMethod]
    public void Requests_are_met_again_when_spares_are_used()
    {
        CidBed13 bed = new CidBed13(spares: Most).Connect();
        bed.Echoes();
        bed.Network.Run(500);
        for (int i = 0; i < 50; i++)
        {
            Assert.IsTrue(ConnectionIdUpdates.UseSpare(bed.Client));
            Assert.IsTrue(bed.Echoes());
            bed.Network.Run(500);
            Assert.AreEqual(Most, ConnectionIdUpdates.Spares(bed.Client));
        }

        Assert.IsFalse(ConnectionIdUpdates.Give(bed.Server, 1, bed.Network.Now));
    }

    [TestMethod]
    public void A_flood_of_new_IDs_leaves_four_to_spare_and_changes_the_ID_in_use_at_most()
    {
        CidBed13 bed = new CidBed13().Connect();
        bed.Echoes();
        for (int i = 0; i < 300; i++)
        {
            List<byte> ids = [];
            for (int j = 0; j < 30; j++)
            {
                ids.AddRange([9, (byte)i, (byte)(i >> 8), (byte)j, 4, 5, 6, 7, 8, 9]);
            }

            bed.Say(false, HandshakeType13.NewConnectionId, [(byte)(ids.Count >> 8), (byte)ids.Count, .. ids, (byte)(i % 2)]);
            Assert.AreEqual(AssociationState.Connected, bed.Client.State);
            Assert.AreEqual(Most, ConnectionIdUpdates.Spares(bed.Client));
        }

        Assert.HasCount(9, bed.ClientFeature.PeerIdOf(bed.Client));
    }

    [TestMethod]
    public void What_is_too_long_to_be_sent_is_not_kept_and_cannot_be_demanded()
    {
        CidBed13 bed = new CidBed13();
        bed.ClientFeature.MaxPeerLength = 8;
        bed.Connect();
        bed.Echoes();
        bed.Say(false, HandshakeType13.NewConnectionId, [0, 13, 9, 1, 2, 3, 4, 5, 6, 7, 8, 9, 2, 1, 2, 1]);
        Assert.AreEqual(1, ConnectionIdUpdates.Spares(bed.Client));
        bed.Say(false, HandshakeType13.NewConnectionId, [0, 10, 9, 1, 2, 3, 4, 5, 6, 7, 8, 9, 0]);
        Assert.AreEqual(DtlsError.IllegalParameter, bed.Client.LastError);
    }

    [TestMethod]
    public void A_message_in_pieces_is_put_together_and_one_that_is_too_long_refused()
    {
        CidBed13 bed = new CidBed13().Connect();
        bed.Echoes();
        byte[] body = [0, 8, 3, 1, 2, 3, 3, 4, 5, 6, 1];
        KeyState state = CidBed13.StateOf(bed.Server);
        for (int at = body.Length - 1; at >= 0; at--)
        {
            byte[] piece = TestBed.PieceOf(HandshakeType13.NewConnectionId, body.Length, state.NextToSend, at, body[at]);
            bed.Network.Inject(false, TestBed.Address, TestBed.Seal(bed.Server, ContentType.Handshake, piece), 0);
            bed.Network.Run(20);
        }

        state.NextToSend++;
        Assert.AreEqual(2, ConnectionIdUpdates.Spares(bed.Client));
        byte[] first = TestBed.PieceOf(HandshakeType13.NewConnectionId, IdMessages.LongestMessage + 1, state.NextToSend, 0, 1);
        bed.Network.Inject(false, TestBed.Address, TestBed.Seal(bed.Server, ContentType.Handshake, first), 0);
        bed.Network.Run(20);
        Assert.AreEqual(DtlsError.HandshakeMessageTooLarge, bed.Client.LastError);
    }

    [TestMethod]
    [DataRow(HandshakeType13.NewConnectionId, "0000 00", DtlsError.IllegalParameter)]
    [DataRow(HandshakeType13.NewConnectionId, "0001 00 01", DtlsError.IllegalParameter)]
    [DataRow(HandshakeType13.NewConnectionId, "0002 0141 02", DtlsError.IllegalParameter)]
    [DataRow(HandshakeType13.NewConnectionId, "0002 0241 01", DtlsError.DecodeError)]
    [DataRow(HandshakeType13.NewConnectionId, "0002 0141", DtlsError.DecodeError)]
    [DataRow(HandshakeType13.NewConnectionId, "0002 0141 01 00", DtlsError.DecodeError)]
    [DataRow(HandshakeType13.NewConnectionId, "", DtlsError.DecodeError)]
    [DataRow(HandshakeType13.RequestConnectionId, "", DtlsError.DecodeError)]
    [DataRow(HandshakeType13.RequestConnectionId, "0101", DtlsError.DecodeError)]
    public void A_message_that_is_wrong_ends_the_session(int type, string hex, DtlsError error)
    {
        foreach (bool toServer in new[] { true, false })
        {
            CidBed13 bed = new CidBed13().Connect();
            bed.Echoes();
            bed.Say(toServer, type, Convert.FromHexString(hex.Replace(" ", "")));
            Assert.AreEqual(error, (toServer ? bed.Server : bed.Client).LastError);
        }
    }

    [TestMethod]
    public void Neither_message_may_come_where_there_are_no_IDs_in_its_direction()
    {
        byte[] give = [0, 2, 1, 65, 1];
        Refuses(new CidBed13(8, 0), false, HandshakeType13.NewConnectionId, give);
        Refuses(new CidBed13(8, 0), true, HandshakeType13.RequestConnectionId, 1);
        Refuses(new CidBed13(0, 8), true, HandshakeType13.NewConnectionId, give);
        Refuses(new CidBed13(0, 8), false, HandshakeType13.RequestConnectionId, 1);
        Refuses(new CidBed13(0, 0), true, HandshakeType13.NewConnectionId, give);
        Refuses(new CidBed13(0, 0), true, HandshakeType13.RequestConnectionId, 1);
    }

    [TestMethod]
    public void The_application_is_told_what_it_may_ask_for()
    {
        CidBed13 bed = new CidBed13(8, 0).Connect();
        Assert.ThrowsExactly<ArgumentNullException>(() => ConnectionIdUpdates.Renew(null!, 0));
        Assert.ThrowsExactly<InvalidOperationException>(() => ConnectionIdUpdates.Request(bed.Client, 1, 0));
        Assert.ThrowsExactly<InvalidOperationException>(() => ConnectionIdUpdates.UseSpare(bed.Client));
        Assert.ThrowsExactly<InvalidOperationException>(() => ConnectionIdUpdates.Renew(bed.Server, 0));
        Assert.ThrowsExactly<InvalidOperationException>(() => ConnectionIdUpdates.Give(bed.Server, 1, 0));
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => ConnectionIdUpdates.Request(bed.Server, Most + 1, 0));
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => ConnectionIdUpdates.Give(bed.Client, 0, 0));
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => bed.ClientFeature.Spares = Most + 1);
        Assert.IsTrue(ConnectionIdUpdates.Request(bed.Server, 2, bed.Network.Now));
        Assert.IsFalse(ConnectionIdUpdates.Request(bed.Server, 2, bed.Network.Now), "one is under way");
        Assert.IsTrue(ConnectionIdUpdates.Renew(bed.Client, bed.Network.Now));
        Assert.IsFalse(ConnectionIdUpdates.Renew(bed.Client, bed.Network.Now));
        TestBed old = new();
        Assert.ThrowsExactly<InvalidOperationException>(() => ConnectionIdUpdates.Renew(old.Client.Association, 0));
    }

    /// <summary>What a feature saves of an association brings back the IDs in use and those to spare, of both directions.</summary>
    [TestMethod]
    [DataRow(true)]
    [DataRow(false)]
    public void IDs_to_spare_are_saved_and_taken_back(bool ofServer)
    {
        CidBed13 bed = new CidBed13(spares: 2).Connect();
        bed.Echoes();
        ConnectionIdUpdates.Request(bed.Server, 3, bed.Network.Now);
        bed.Network.Run(2000);
        Association own = ofServer ? bed.Server : bed.Client;
        Feature feature = ofServer ? bed.ServerFeature : bed.ClientFeature;
        WireWriter writer = new();
        byte[] bytes = new byte[200];
        writer.Reset(bytes, 0, bytes.Length);
        feature.Save(own, writer);
        Assert.IsFalse(writer.Failed);
        Restore(feature, own, bytes.AsSpan(0, writer.Length).ToArray());
        Assert.AreEqual(2, ConnectionIdUpdates.Spares(bed.Client));
        Assert.AreEqual(3, ConnectionIdUpdates.Spares(bed.Server));
        for (int i = 1; i <= 3; i++)
        {
            bed.Rebind(i, true);
            ConnectionIdUpdates.UseSpare(bed.Server);
            Assert.IsTrue(bed.Echoes());
            bed.VerifyAt(bed.Address);
        }

        for (int length = 0; length < writer.Length; length++)
        {
            // A cut within an ID is none; between two of the peer's it is a shorter list.
            WireReader reader = new();
            reader.Reset(bytes, 0, length);
            feature.ReadSaved(reader);
        }

        bed.Client.Close(0, bed.Network.Now);
        bed.Network.Run(2000);
        Assert.AreEqual(0, bed.Bed.Server.SessionCount);
    }

    private static void Restore(Feature feature, Association association, byte[] bytes)
    {
        for (Epoch epoch = association.Epochs.Newest; epoch != null; epoch = epoch.Before)
        {
            ((UnifiedCodec)epoch.ReadCodec).Ids = null;
        }

        WireReader reader = new();
        reader.Reset(bytes, 0, bytes.Length);
        object saved = feature.ReadSaved(reader);
        Assert.IsNotNull(saved);
        feature.Restore(association, saved);
    }

    private static byte[] Current(CidBed13 bed, bool ofServer)
    {
        return ofServer ? bed.ServerFeature.IdOf(bed.Server) : bed.ClientFeature.IdOf(bed.Client);
    }

    private static void Drain(Association association)
    {
        byte[] buffer = new byte[2000];
        while (association.Pending > 0)
        {
            association.Receive(buffer, 0);
        }
    }

    private static void Refuses(CidBed13 bed, bool toServer, int type, params byte[] body)
    {
        bed.Connect();
        bed.Echoes();
        bed.Say(toServer, type, body);
        Assert.AreEqual(DtlsError.UnexpectedMessage, (toServer ? bed.Server : bed.Client).LastError);
    }
}
