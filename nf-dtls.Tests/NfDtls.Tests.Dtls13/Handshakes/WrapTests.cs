using System;
using Microsoft.VisualStudio.TestTools.UnitTesting;
using NfDtls.Dtls13;
using NfDtls.Tests.Engine;

namespace NfDtls.Tests.Dtls13;

/// <summary>The numbers of a session of DTLS 1.3 near their end: none begins anew (RFC 9147 sections 4.2.1 and 5.2).</summary>
[TestClass]
public sealed class WrapTests
{
    private const int LastButOne = 0xFFFE;

    [TestMethod]
    [DataRow(false)]
    [DataRow(true)]
    public void After_the_last_message_seq_keys_change_no_more_and_the_session_goes_on(bool ofServer)
    {
        CidBed13 bed = Bed(ofServer);
        Association sender = ofServer ? bed.Server : bed.Client;
        Association reader = ofServer ? bed.Client : bed.Server;
        KeyUpdates.Begin(sender, false, bed.Network.Now);
        bed.Network.Run(2000);
        Assert.AreEqual(4L, sender.WriteEpoch.Number, "The last number is used.");
        Assert.AreEqual(4L, reader.ReadEpoch.Number);
        for (int i = 0; i < 5; i++)
        {
            KeyUpdates.Begin(sender, true, bed.Network.Now);
            bed.Network.Run(120_000);
            Assert.AreEqual(4L, sender.WriteEpoch.Number);
            Assert.AreEqual(4L, reader.ReadEpoch.Number);
            Assert.IsTrue(bed.Echoes(), "Both have the same keys.");
        }

        // The other direction has its own numbers.
        KeyUpdates.Begin(reader, true, bed.Network.Now);
        bed.Network.Run(2000);
        Assert.AreEqual(4L, reader.WriteEpoch.Number);
        Assert.IsTrue(bed.Echoes());
    }

    [TestMethod]
    [DataRow(false)]
    [DataRow(true)]
    public void After_the_last_message_seq_no_ID_is_given_or_asked_for_and_nothing_is_due_for_it(bool ofServer)
    {
        CidBed13 bed = Bed(ofServer);
        Association sender = ofServer ? bed.Server : bed.Client;
        Assert.IsTrue(ConnectionIdUpdates.Request(sender, 1, bed.Network.Now));
        bed.Network.Run(2000);
        Assert.AreEqual(1, ConnectionIdUpdates.Spares(sender), "The last number is used.");
        Assert.AreEqual(0xFFFF, CidBed13.StateOf(sender).NextToSend);
        int sent = bed.Network.Sent.Count;
        ConnectionIdUpdates.Renew(sender, bed.Network.Now);
        ConnectionIdUpdates.Request(sender, 1, bed.Network.Now);
        int events = bed.Network.Events;
        bed.Network.Run(600_000);
        Assert.AreEqual(sent, bed.Network.Sent.Count);
        Assert.IsLessThan(20, bed.Network.Events - events, "Nothing is due for what cannot be sent.");
        Assert.AreEqual(0xFFFF, CidBed13.StateOf(sender).NextToSend);
        Assert.IsTrue(bed.Echoes());
    }

    [TestMethod]
    public void Without_a_number_for_new_keys_a_session_ends_at_the_limit_of_the_old_ones()
    {
        DtlsOptions client = Bed13.Options(false, 1, Bed13.NoGroup, true);
        client.SealLimit = 64;
        TestBed bed = new(client, Bed13.Options(true, 2, Bed13.NoGroup, true));
        Assert.IsTrue(Bed13.Connect(bed));
        CidBed13.StateOf(bed.Client.Association).NextToSend = 0xFFFF;
        CidBed13.StateOf(bed.ServerAssociation!).NextToRead = 0xFFFF;
        int sent = 0;
        DtlsException e = Assert.ThrowsExactly<DtlsException>(() =>
        {
            for (; sent < 100; sent++)
            {
                bed.VerifyEcho();
            }
        });
        Assert.AreEqual(DtlsError.SealLimitReached, e.Error);
        Assert.IsTrue(sent is > 50 and < 64, sent.ToString());
        bed.Network.Run(1000);
        Assert.AreEqual(0, bed.Server.SessionCount, "It was told.");
        bed.VerifyPools();
    }

    [TestMethod]
    [DataRow(false)]
    [DataRow(true)]
    public void Behind_the_last_record_number_nothing_is_sealed(bool ofServer)
    {
        TestBed bed = Bed13.PskAlone();
        Assert.IsTrue(Bed13.Connect(bed));
        bed.VerifyEcho();
        bed.Network.Echo = false;
        bed.Network.AutoRelease = false;
        Association sender = ofServer ? bed.ServerAssociation! : bed.Client.Association;
        Association reader = ofServer ? bed.Client.Association : bed.ServerAssociation!;

        // The reader has heard of the numbers before, from which it tells the bits that are not sent.
        sender.WriteEpoch.NextSequence = Epoch.LastSequence - 3;
        reader.ReadEpoch.Window.BeginAfter(Epoch.LastSequence - 4);
        int sent = 0;
        DtlsException e = Assert.ThrowsExactly<DtlsException>(() =>
        {
            for (; sent < 10; sent++)
            {
                sender.Send(new byte[] { (byte)sent }, 0, 1, bed.Network.Now);
                bed.Network.Run(50);
            }
        });
        Assert.AreEqual(DtlsError.SequenceExhausted, e.Error);
        Assert.AreEqual(3, sent, "The very last is for the alert.");
        bed.Network.Run(1000);
        Assert.AreEqual(3, reader.Pending);
        Assert.AreEqual(AssociationState.Closed, reader.State);
        Assert.AreEqual(DtlsError.SessionClosed, reader.LastError);
    }

    /// <summary>An end has one message_seq left, and the other knows of those before it.</summary>
    private static CidBed13 Bed(bool ofServer)
    {
        CidBed13 bed = new CidBed13().Connect();
        Assert.IsTrue(bed.Echoes());
        CidBed13.StateOf(ofServer ? bed.Server : bed.Client).NextToSend = LastButOne;
        CidBed13.StateOf(ofServer ? bed.Client : bed.Server).NextToRead = LastButOne;
        return bed;
    }
}
