using System;
using System.Collections.Generic;
using System.Linq;
using Microsoft.VisualStudio.TestTools.UnitTesting;
using NfDtls.Extensions;
using NfDtls.Tests.Engine;

namespace NfDtls.Tests.Dtls13;

/// <summary>Records with connection IDs in DTLS 1.3 (RFC 9147 section 4 and 9), and clients whose address changes.</summary>
[TestClass]
public sealed class MovingTests13
{
    [TestMethod]
    [DataRow(8, 8)]
    [DataRow(0, 8)]
    [DataRow(8, 0)]
    [DataRow(0, 0)]
    [DataRow(1, 1)]
    [DataRow(32, 32)]
    public void Every_protected_record_carries_the_ID_that_its_receiver_asked_for(int clients, int servers)
    {
        CidBed13 bed = new CidBed13(clients, servers).Connect();
        Assert.IsTrue(bed.Echoes());
        Assert.IsTrue(bed.Echoes());
        foreach (bool toServer in new[] { true, false })
        {
            byte[]? id = toServer ? bed.ServerFeature.IdOf(bed.Server) : bed.ClientFeature.IdOf(bed.Client);
            Assert.AreEqual(toServer ? servers : clients, id == null ? 0 : id.Length);
            CollectionAssert.AreEqual(id, toServer ? bed.ClientFeature.PeerIdOf(bed.Client) : bed.ServerFeature.PeerIdOf(bed.Server));
            List<byte[]> records = bed.Records(toServer);
            Assert.IsGreaterThanOrEqualTo(2, records.Count);
            foreach (byte[] record in records)
            {
                Assert.AreEqual(id != null, (record[0] & 0x10) != 0);
                CollectionAssert.AreEqual(id ?? [], record.AsSpan(1, id == null ? 0 : id.Length).ToArray());
            }
        }

        foreach (Datagram plain in bed.Network.Sent.Where(one => one.Bytes[0] is 22 or 26 or 21))
        {
            Assert.AreEqual(0, plain.Bytes[3] | plain.Bytes[4], "plaintext is of epoch 0, in the form of 1.2");
        }

        // Content of 20 bytes: type, tag, a byte of flags, one of the number, and the ID.
        Assert.HasCount(20 + 11 + servers, bed.Records(true).Last());
        Assert.HasCount(20 + 11 + clients, bed.Records(false).Last());
    }

    [TestMethod]
    public void Without_the_feature_at_one_end_records_have_no_ID()
    {
        foreach (bool ofClient in new[] { true, false })
        {
            DtlsOptions client = Bed13.Options(false, 1, Bed13.NoGroup, true);
            DtlsOptions server = Bed13.Options(true, 2, Bed13.NoGroup, true);
            (ofClient ? client : server).Features = [new ConnectionIdFeature(8)];
            TestBed bed = new(client, server);
            Assert.IsTrue(Bed13.Connect(bed));
            Assert.IsTrue(bed.Network.Sent.All(one => (one.Bytes[0] & 0xF0) != 0x30));
        }
    }

    [TestMethod]
    public void A_session_with_an_ID_goes_on_from_another_address()
    {
        CidBed13 bed = new CidBed13().Connect();
        for (int i = 1; i < 5; i++)
        {
            bed.Rebind(i);
            Assert.IsTrue(bed.Echoes());
            bed.VerifyAt(bed.Address);
        }

        Assert.AreEqual(4, bed.Bed.Server.Statistics.PeersMoved);
        Assert.AreEqual(1, bed.Bed.Server.SessionCount);
    }

    [TestMethod]
    public void A_session_without_an_ID_does_not()
    {
        CidBed13 bed = new CidBed13(8, 0).Connect();
        bed.Rebind(1);
        Assert.IsFalse(bed.Echoes());
        Assert.AreEqual(0, bed.Bed.Server.Statistics.PeersMoved);
        Assert.IsGreaterThan(0, bed.Bed.Server.Statistics.Dropped(DropReason.NoSession));
    }

    [TestMethod]
    public void An_older_record_that_arrives_late_and_copies_move_nothing()
    {
        CidBed13 bed = new CidBed13().Connect();
        byte[] late = TestBed.Seal(bed.Client, ContentType.ApplicationData, 1);
        byte[] before = (byte[])late.Clone();
        bed.Rebind(1);
        Assert.IsTrue(bed.Echoes());
        byte[] copy = bed.Records(true).Last();
        bed.Network.Inject(true, TestBed.Address, late, 0);
        bed.Network.Inject(true, [203, 0, 113, 1, 1, 1], copy, 0);
        bed.Network.Inject(true, [203, 0, 113, 1, 1, 1], before, 20);
        for (int i = 0; i < 100; i++)
        {
            byte[] forged = (byte[])copy.Clone();
            forged[9] ^= 0x40;
            forged[^1] += (byte)(1 + i);
            bed.Network.Inject(true, [203, 0, 113, 2, 1, (byte)i], forged, 0);
        }

        bed.Network.Run(100);
        bed.VerifyAt(bed.Address);
        Assert.AreEqual(1, bed.Bed.Server.Statistics.PeersMoved);
        Assert.AreEqual(2, bed.Bed.Server.Statistics.Dropped(DropReason.Replay));
        Assert.AreEqual(100, bed.Bed.Server.Statistics.Dropped(DropReason.Forged));
    }

    [TestMethod]
    public void Two_sessions_are_told_apart_by_their_IDs_alone()
    {
        CidBed13 bed = new CidBed13().Connect();
        DtlsOptions options = Bed13.Options(false, 77, Bed13.NoGroup, true);
        options.Features = [new ConnectionIdFeature(3)];
        TestClient other = bed.Network.Add(new DtlsClientEngine(options), TestBed.OtherAddress);
        other.Engine.Connect(bed.Network.Now);
        Assert.IsTrue(bed.Network.Run(() => other.State == AssociationState.Connected, 5000));

        // Each sends from the other's address.
        byte[] first = TestBed.Seal(bed.Client, ContentType.ApplicationData, 1);
        byte[] second = TestBed.Seal(other.Association, ContentType.ApplicationData, 2);
        bed.Network.Echo = false;
        bed.Network.Inject(true, TestBed.OtherAddress, first, 0);
        bed.Network.Inject(true, TestBed.Address, second, 1);
        bed.Network.Run(50);
        Assert.AreEqual(2, bed.Bed.Server.Statistics.PeersMoved);
        Assert.AreEqual(0, bed.Bed.Server.Statistics.Dropped(DropReason.Forged));
    }

    [TestMethod]
    public void A_record_with_a_wrong_ID_or_without_one_is_dropped_and_counts_as_no_forgery()
    {
        CidBed13 bed = new CidBed13().Connect();
        bed.Network.Echo = false;
        byte[] right = TestBed.Seal(bed.Server, ContentType.ApplicationData, 9);
        byte[] wrong = (byte[])right.Clone();
        wrong[4] ^= 1;
        byte[] without = right.AsSpan(8).ToArray();
        without[0] = (byte)(right[0] & ~0x10);
        bed.Network.Inject(false, TestBed.Address, wrong, 0);
        bed.Network.Inject(false, TestBed.Address, without, 0);
        bed.Network.Run(20);
        Assert.AreEqual(2, bed.Bed.Client.Engine.Statistics.Dropped(DropReason.ContentType));
        Assert.AreEqual(0, bed.Bed.Client.Engine.Statistics.Dropped(DropReason.Forged));
        bed.Network.Inject(false, TestBed.Address, right, 0);
        bed.Network.Run(20);
        Assert.AreEqual(1, bed.Client.Pending);
    }

    [TestMethod]
    public void Handshakes_with_IDs_succeed_where_one_in_five_datagrams_is_lost_doubled_and_late()
    {
        for (int seed = 0; seed < 100; seed++)
        {
            CidBed13 bed = new(seed % 3 * 4, seed % 2 * 8, seed);
            bed.Network.Drop = 0.2;
            bed.Network.Duplicate = 0.2;
            bed.Network.Delay = 0.2;
            Assert.IsTrue(Bed13.Connect(bed.Bed, 200_000), "seed " + seed);
        }
    }

    [TestMethod]
    public void Content_is_padded_to_the_block_that_the_options_say()
    {
        CidBed13 bed = new(8, 8);
        bed.ClientFeature.PaddingBlock = 64;
        bed.Connect();
        int from = bed.Network.Sent.Count;
        foreach (int length in new[] { 0, 1, 62, 63, 64, 200 })
        {
            bed.Client.Send(new byte[length], 0, length, bed.Network.Now);
            bed.Network.Run(100);
            byte[] record = bed.Records(true, from).Last();
            Assert.AreEqual(0, (record.Length - 2 - 8 - 8) % 64, "length " + length);
            Assert.AreEqual(length, bed.Bed.Client.ReceiveAll().Single().Length);
        }

        bed.Client.Send(new byte[bed.Client.MaxPayload], 0, bed.Client.MaxPayload, bed.Network.Now);
        bed.Network.Run(100);
        Assert.IsLessThanOrEqualTo(bed.Client.PathMtu, bed.Records(true, from).Max(one => one.Length));
        Assert.HasCount(1, bed.Bed.Client.ReceiveAll());
    }

    [TestMethod]
    public void IDs_go_on_through_new_keys()
    {
        CidBed13 bed = new CidBed13().Connect();
        for (int i = 1; i <= 6; i++)
        {
            NfDtls.Dtls13.KeyUpdates.Begin(i % 2 == 0 ? bed.Client : bed.Server, true, bed.Network.Now);
            bed.Network.Run(500);
            bed.Rebind(i);
            Assert.IsTrue(bed.Echoes());
            bed.VerifyAt(bed.Address);
        }

        Assert.AreEqual(9L, bed.Client.WriteEpoch.Number);
    }

    [TestMethod]
    [DataRow(true)]
    [DataRow(false)]
    public void A_checked_path_is_taken_once_the_client_has_answered_there(bool asksOldPath)
    {
        CidBed13 bed = new CidBed13(more: [new ReturnRoutability()], servers: [new ReturnRoutability { AsksOldPath = asksOldPath, Timeout = 300 }]).Connect();
        bed.Rebind(1, true);
        bed.Client.Send(new byte[5], 0, 5, bed.Network.Now);
        bed.Network.Run(1);
        bed.VerifyAt(TestBed.Address);
        bed.Network.Run(2000);
        bed.VerifyAt(bed.Address);
        Assert.AreEqual(1, bed.Bed.Server.Statistics.PeersMoved);
        bed.Bed.Client.ReceiveAll();
        Assert.IsTrue(bed.Echoes());
    }

    [TestMethod]
    public void A_path_that_does_not_answer_is_not_taken_and_gets_little()
    {
        ReturnRoutability check = new() { Timeout = 300 };
        CidBed13 bed = new CidBed13(more: [new ReturnRoutability()], servers: [check]).Connect();
        byte[] elsewhere = [203, 0, 113, 9, 1, 1];
        byte[] record = TestBed.Seal(bed.Client, ContentType.ApplicationData, 1);
        int from = bed.Network.Sent.Count;
        bed.Network.Filter = datagram => datagram.ToServer || !datagram.Address.AsSpan().SequenceEqual(TestBed.Address);
        bed.Network.Inject(true, elsewhere, record, 0);
        bed.Network.Run(5000);
        bed.VerifyAt(TestBed.Address);
        Assert.AreEqual(1, bed.Bed.Server.Statistics.PathsFailed);
        Assert.IsFalse(check.IsChecking(bed.Server));
        int sent = bed.Network.Sent.Skip(from).Where(one => !one.ToServer && one.Address.AsSpan().SequenceEqual(elsewhere)).Sum(one => one.Bytes.Length);
        Assert.IsLessThanOrEqualTo(3 * record.Length, sent);
        Assert.IsGreaterThan(0, sent);
    }

    [TestMethod]
    public void A_client_that_offers_both_versions_has_an_ID_in_either()
    {
        foreach (bool isNew in new[] { true, false })
        {
            DtlsOptions client = Bed13.Options(false, 1, Bed13.NoGroup, true, NfDtls.Dtls13.Suites13.AddTo(PskSuites.Constrained()));
            DtlsOptions server = isNew ? Bed13.Options(true, 2, Bed13.NoGroup, true) : TestBed.Options(2);
            client.Versions = new VersionTable().Add(new NfDtls.Dtls13.Version13(Bed13.NoGroup, true)).Add(new Dtls12());
            ConnectionIdFeature feature = new(5);
            client.Features = [feature];
            server.Features = [new ConnectionIdFeature(8)];
            TestBed bed = new(client, server);
            Assert.IsTrue(Bed13.Connect(bed));
            Assert.HasCount(5, feature.IdOf(bed.Client.Association));
            Assert.HasCount(8, feature.PeerIdOf(bed.Client.Association));
            Assert.AreEqual(isNew ? 0xFEFC : 0xFEFD, bed.Client.Association.Version);
        }
    }
}
