using System;
using System.Linq;
using Microsoft.VisualStudio.TestTools.UnitTesting;
using NfDtls.Dtls13;
using NfDtls.Extensions;
using NfDtls.Server;
using NfDtls.Tests.Engine;

namespace NfDtls.Tests.Dtls13;

/// <summary>Messages about connection IDs, tickets and updates of keys that are on their way when an association is saved, and when its end crashes.</summary>
[TestClass]
public sealed class DurableMessageTests
{
    private static readonly byte[] s_key = TestBed.Bytes(16, 0x70);

    [TestMethod]
    [DataRow(false)]
    [DataRow(true)]
    public void A_promise_can_be_written_while_a_message_about_IDs_is_on_its_way_and_the_keys_have_changed(bool crashes)
    {
        DurableAssociations saver = new();
        CidBed13 bed = new CidBed13(8, 8, more: [saver]).Connect();
        Assert.IsTrue(bed.Echoes());
        Store(saver, bed.Client);
        Assert.IsTrue(ConnectionIdUpdates.Request(bed.Client, 2, bed.Network.Now));

        // The request comes, and each ACK of it is lost; that of the update comes.
        bed.Network.Filter = datagram => datagram.ToServer || CidBed13.StateOf(bed.Client).IsUnderWay;
        bed.Network.Run(10);
        KeyUpdates.Begin(bed.Client, false, bed.Network.Now);
        bed.Network.Run(50);
        Assert.AreEqual(4L, bed.Client.WriteEpoch.Number);
        Assert.IsNotNull(SessionIds.Of(bed.Client).Sending, "on its way");
        bed.Network.Filter = null;
        byte[] stored = Store(saver, bed.Client);
        if (crashes)
        {
            saver = Restart(bed, stored);
            Store(saver, bed.Restored!.Association);
            SkipPromised(bed, bed.Restored.Association);
        }

        Association client = crashes ? bed.Restored!.Association : bed.Client;
        for (int i = 0; i < 5; i++)
        {
            bed.Network.Run(100_000);
            Store(saver, client);
        }

        Assert.IsNull(SessionIds.Of(client).Sending, "acknowledged");
        Assert.AreEqual(2, SessionIds.Of(client).Peers.Count, "IDs to spare came");
        KeyUpdates.Begin(client, true, bed.Network.Now);
        for (int i = 0; i < 4; i++)
        {
            bed.Network.Run(5_000);
            Store(saver, client);
        }

        Assert.AreEqual(5L, client.WriteEpoch.Number);
        Assert.AreEqual(4L, client.ReadEpoch.Number);
    }

    [TestMethod]
    [DataRow(false)]
    [DataRow(true)]
    public void A_ticket_that_nobody_acknowledged_uses_up_no_promise_for_good(bool crashes)
    {
        DurableAssociations saver = Saver();
        DtlsOptions Server(int seed, DurableAssociations durable, SessionResumption resumption)
        {
            DtlsOptions options = Bed13.Options(true, seed, Bed13.NoGroup, true);
            options.Features = [resumption, durable];
            return options;
        }

        DtlsOptions client = Bed13.Options(false, 1, Bed13.NoGroup, true);
        SessionResumption ofClient = new();
        RotatingTicketKeys keys = new(3600);
        client.Features = [ofClient];
        TestBed bed = new(client, Server(1001, saver, new SessionResumption { TicketKeys = keys }));
        bed.Network.Echo = false;
        bed.Network.Filter = datagram => datagram.ToServer || datagram.Bytes.Length != 144;
        Assert.IsTrue(Bed13.Connect(bed));
        Association server = bed.ServerAssociation!;
        Store(saver, server);
        bed.Network.Run(600_000);
        Assert.IsNotNull(CidBed13.StateOf(server).Ticket);
        Assert.IsGreaterThan(server.WriteEpoch.LastWritable, server.WriteEpoch.NextSequence, "used up");
        byte[] stored = Store(saver, server);
        if (crashes)
        {
            saver = Saver();
            DtlsServerEngine again = new(Server(4711, saver, new SessionResumption { TicketKeys = keys }));
            bed.Network.Server = again;
            server = saver.Import(again, s_key, stored, 0, stored.Length, 0, bed.Network.Now);
            Store(saver, server);
        }

        bed.Network.Filter = null;
        for (int i = 0; i < 4; i++)
        {
            bed.Client.Association.Send(TestBed.Bytes(5, i), 0, 5, bed.Network.Now);
            bed.Network.Run(5000);
            Store(saver, server);
        }

        Assert.IsNull(CidBed13.StateOf(server).Ticket);
        Assert.IsTrue(ofClient.Session.HasTicket);
        Assert.AreEqual(AssociationState.Connected, bed.Client.Association.State);
    }

    /// <summary>Nobody keeps the parts of a message over a crash: none is acknowledged, so that all of it comes again.</summary>
    [TestMethod]
    public void A_message_in_pieces_comes_whole_though_its_reader_crashes_between_them()
    {
        DurableAssociations saver = Saver();
        CidBed13 bed = new CidBed13(8, 8, more: [saver]).Connect();
        Assert.IsTrue(bed.Echoes());
        byte[] stored = Store(saver, bed.Client);
        byte[] body = [0, 18, 8, .. TestBed.Bytes(8, 1), 8, .. TestBed.Bytes(8, 2), 1];
        int acks = Acks(bed);
        SayPiece(bed, body, 0, 12);
        Assert.AreEqual(acks, Acks(bed), "a part of it");
        Assert.IsNotNull(SessionIds.Of(bed.Client).Parts);
        stored = Store(saver, bed.Client);
        saver = Restart(bed, stored);
        Association client = bed.Restored!.Association;
        Store(saver, client);
        SkipPromised(bed, client);
        Store(saver, client);
        SayPiece(bed, body, 0, 12);
        SayPiece(bed, body, 12, body.Length - 12);
        Assert.AreEqual(acks, Acks(bed), "nothing that is stored knows that it is there");
        Store(saver, client);
        SayPiece(bed, body, 0, 12);
        SayPiece(bed, body, 12, body.Length - 12);
        Assert.AreEqual(acks + 2, Acks(bed));
        Assert.AreEqual(2, SessionIds.Of(client).Peers.Count);
    }

    [TestMethod]
    public void What_has_come_in_part_before_the_first_promise_is_waited_for()
    {
        DurableAssociations saver = Saver();
        CidBed13 bed = new CidBed13(8, 8, more: [saver]).Connect();
        Assert.IsTrue(bed.Echoes());
        byte[] body = [0, 18, 8, .. TestBed.Bytes(8, 1), 8, .. TestBed.Bytes(8, 2), 1];
        int acks = Acks(bed);
        SayPiece(bed, body, 0, 12);
        Assert.AreEqual(acks + 1, Acks(bed));
        Assert.AreEqual(DtlsError.NotConnected, Assert.ThrowsExactly<DtlsException>(() => Store(saver, bed.Client)).Error);
        SayPiece(bed, body, 12, body.Length - 12);
        Store(saver, bed.Client);
    }

    /// <summary>Between the writing of a first promise and the word that it is stored: what it does not know of is neither acknowledged nor used.</summary>
    [TestMethod]
    public void A_promise_that_is_being_stored_binds_already()
    {
        DurableAssociations saver = Saver();
        CidBed13 bed = new CidBed13(8, 8, more: [saver]).Connect();
        Assert.IsTrue(bed.Echoes());
        byte[] buffer = new byte[600];
        int length = saver.WritePromise(bed.Client, s_key, buffer, 0);
        KeyUpdates.Begin(bed.Server, false, bed.Network.Now);
        bed.Network.Run(100);
        Assert.AreEqual(3L, bed.Server.WriteEpoch.Number, "not acknowledged");
        byte[] stored = buffer.AsSpan(0, length).ToArray();
        saver = Restart(bed, stored);
        Association client = bed.Restored!.Association;
        for (int i = 0; i < 5; i++)
        {
            Store(saver, client);
            bed.Network.Run(60_000);
        }

        Assert.AreEqual(4L, bed.Server.WriteEpoch.Number);
        Store(saver, client);
        bed.Server.Send(TestBed.Bytes(5, 1), 0, 5, bed.Network.Now);
        Assert.IsTrue(bed.Network.Run(() => client.Pending > 0, 1000));
    }

    /// <summary>Few numbers ahead, so that they are used up, and that little is lost by a crash.</summary>
    private static DurableAssociations Saver()
    {
        return new DurableAssociations { WriteBlock = 4, ReadBlock = 2 };
    }

    /// <summary>Numbers that were promised before a crash are not taken after it.</summary>
    private static void SkipPromised(CidBed13 bed, Association client)
    {
        while (bed.Server.WriteEpoch.NextSequence <= client.ReadEpoch.Window.Highest)
        {
            bed.Network.Inject(false, bed.Address, TestBed.Seal(bed.Server, ContentType.ApplicationData, TestBed.Bytes(5, 1)), 0);
            bed.Network.Run(20);
        }
    }

    private static byte[] Store(DurableAssociations saver, Association association)
    {
        byte[] buffer = new byte[600];
        int length = saver.WritePromise(association, s_key, buffer, 0);
        saver.PromiseStored(association, buffer, 0);
        return buffer.AsSpan(0, length).ToArray();
    }

    private static DurableAssociations Restart(CidBed13 bed, byte[] stored)
    {
        DurableAssociations saver = Saver();
        bed.RestartClient(saver);
        saver.Import(bed.Restored!.Engine, s_key, stored, 0, stored.Length, 0, bed.Network.Now);
        return saver;
    }

    /// <summary>A piece of the server's next message, each in a record of its own.</summary>
    private static void SayPiece(CidBed13 bed, byte[] body, int offset, int length)
    {
        byte[] message = new byte[MessageHeader.Length + length];
        MessageHeader.Write(message, 0, HandshakeType13.NewConnectionId, body.Length, CidBed13.StateOf(bed.Server).NextToSend, offset, length);
        body.AsSpan(offset, length).CopyTo(message.AsSpan(MessageHeader.Length));
        bed.Network.Inject(false, bed.Address, TestBed.Seal(bed.Server, ContentType.Handshake, message), 0);
        bed.Network.Run(20);
    }

    private static int Acks(CidBed13 bed)
    {
        return bed.Network.Sent.Count(one => one.ToServer);
    }
}
