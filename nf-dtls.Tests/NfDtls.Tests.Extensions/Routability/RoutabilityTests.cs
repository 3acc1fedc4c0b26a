using System;
using System.Collections.Generic;
using System.Linq;
using Microsoft.VisualStudio.TestTools.UnitTesting;
using NfDtls.Extensions;
using NfDtls.Server;
using NfDtls.Tests.Engine;

namespace NfDtls.Tests.Extensions;

/// <summary>Return routability (RFC 9853): a path is checked before a session takes it.</summary>
[TestClass]
public sealed class RoutabilityTests
{
    private static readonly byte[] s_elsewhere = { 203, 0, 113, 66, 6, 6 };

    [TestMethod]
    public void It_is_agreed_on_only_by_two_that_have_it_and_connection_ids()
    {
        foreach (bool client in new[] { false, true })
        {
            foreach (bool server in new[] { false, true })
            {
                CidBed bed = Bed(client ? new ReturnRoutability() : null, server ? new ReturnRoutability() : null).Connect();
                Assert.AreEqual(client && server, bed.Server.Engine.Features.OfType<ReturnRoutability>().Any(feature => feature.Guards(bed.Server)));
                Assert.AreEqual(client && server, bed.Client.Engine.Features.OfType<ReturnRoutability>().Any(feature => feature.Guards(bed.Client)));
                bed.Rebind();
                Assert.AreEqual(!(client && server), bed.Echoes(100));
            }
        }

        // A client that offers no IDs does not offer it either, and a server without IDs does not agree.
        CidBed alone = new CidBed(ConnectionIdTests.With(TestBed.Options(1), new ReturnRoutability()), ConnectionIdTests.With(TestBed.Options(2), new ReturnRoutability()), null, new ConnectionIdFeature(8)).Connect();
        Assert.DoesNotContain("003D0000", Convert.ToHexString(alone.Network.Sent[0].Bytes));
        alone = new CidBed(ConnectionIdTests.With(TestBed.Options(1), new ReturnRoutability()), ConnectionIdTests.With(TestBed.Options(2), new ReturnRoutability()), new ConnectionIdFeature(8), null).Connect();
        Assert.Contains("003D0000", Convert.ToHexString(alone.Network.Sent[0].Bytes));
        Assert.IsFalse(alone.Network.Sent.Where(datagram => !datagram.ToServer).Any(datagram => Convert.ToHexString(datagram.Bytes).Contains("003D0000", StringComparison.Ordinal)));
        alone.VerifyEcho();
    }

    [TestMethod]
    public void A_session_follows_after_the_basic_check()
    {
        ReturnRoutability servers = new ReturnRoutability { AsksOldPath = false };
        CidBed bed = Bed(new ReturnRoutability(), servers).Connect();
        bed.VerifyEcho();
        bed.Rebind();
        int sent = bed.Network.Sent.Count;
        Assert.IsFalse(bed.Echoes(5), "What is sent before goes to the old path.");
        bed.Network.Run(10);
        Assert.IsTrue(servers.IsChecking(bed.Server));
        CollectionAssert.AreEqual(TestBed.Address, bed.Server.PeerAddress.AsSpan(0, 6).ToArray());
        bed.Network.Run(30);
        Assert.IsFalse(servers.IsChecking(bed.Server));
        bed.VerifyAt(bed.Address);
        Assert.HasCount(sent + 4, bed.Network.Sent);
        bed.VerifyEcho();
        Assert.HasCount(1, bed.Network.ServerEvents.Where(told => (told.Events & AssociationEvents.Moved) != 0));
        Assert.HasCount(0, bed.Network.ServerEvents.Where(told => (told.Events & AssociationEvents.PathFailed) != 0));
        bed.Bed.VerifyPools();
    }

    [TestMethod]
    public void A_session_follows_after_the_enhanced_check_where_the_old_path_is_dead()
    {
        ReturnRoutability servers = new ReturnRoutability { Timeout = 600 };
        CidBed bed = Bed(new ReturnRoutability(), servers).Connect();
        bed.VerifyEcho();
        bed.Rebind();
        long begin = bed.Network.Now;
        Assert.IsFalse(bed.Echoes(5));
        Assert.IsTrue(bed.Network.Run(() => bed.Bed.Server.Statistics.PeersMoved > 0, 5000));
        Assert.IsTrue(bed.Network.Now - begin is >= 600 and < 660, "It took " + (bed.Network.Now - begin));
        bed.VerifyEcho();
        bed.VerifyAt(bed.Address);
    }

    [TestMethod]
    public void A_client_that_moves_says_at_the_old_path_that_it_has_left_it()
    {
        ReturnRoutability servers = new ReturnRoutability();
        CidBed bed = Bed(new ReturnRoutability(), servers).Connect();
        bed.VerifyEcho();

        // Two paths of one client: each is an address of the network's and a name of the client's.
        byte[] path = { 1 };
        DtlsClientEngine engine = bed.Bed.Client.Engine;
        engine.Move(path, 1);
        bed.Client.Send(new byte[] { 7 }, 0, 1, bed.Network.Now);
        for (int step = 0; step < 5; step++)
        {
            for (Packet packet = engine.PollDatagram(bed.Network.Now); packet != null; packet = engine.PollDatagram(bed.Network.Now))
            {
                byte[] bytes = packet.Buffer.AsSpan(packet.Offset, packet.Length).ToArray();
                byte[] from = packet.AddressLength == 1 ? s_elsewhere : TestBed.Address;
                packet.Return();
                bed.Bed.Server.HandleDatagram(bytes, 0, bytes.Length, from, 6, bed.Network.Now);
            }

            for (Packet packet = bed.Bed.Server.PollDatagram(bed.Network.Now); packet != null; packet = bed.Bed.Server.PollDatagram(bed.Network.Now))
            {
                byte[] bytes = packet.Buffer.AsSpan(packet.Offset, packet.Length).ToArray();
                bool isNew = packet.Address.AsSpan(0, 6).SequenceEqual(s_elsewhere);
                packet.Return();
                engine.HandleDatagram(bytes, 0, bytes.Length, isNew ? path : null, isNew ? 1 : 0, bed.Network.Now);
            }
        }

        // No time has passed: the old path was dropped, the new one answered.
        bed.VerifyAt(s_elsewhere);
        Assert.AreEqual(1, bed.Bed.Server.Statistics.PeersMoved);
        Assert.AreEqual(0, bed.Bed.Server.Statistics.PathsFailed);
        Assert.ThrowsExactly<ArgumentException>(() => engine.Move(new byte[29], 29));
        Assert.ThrowsExactly<ArgumentException>(() => engine.Move(null, 1));
    }

    [TestMethod]
    [DataRow(false)]
    [DataRow(true)]
    public void Copies_that_come_first_never_take_the_session(bool enhanced)
    {
        ReturnRoutability servers = new ReturnRoutability { AsksOldPath = enhanced };
        CidBed bed = Bed(new ReturnRoutability(), servers).Connect();
        bed.VerifyEcho();
        int received = 0;
        for (int i = 0; i < 30; i++)
        {
            byte[] record = ConnectionIdTests.Seal(bed.Client, ContentType.ApplicationData, TestBed.Bytes(i));
            received += record.Length;
            bed.Network.Inject(true, s_elsewhere, record, 0);
            bed.Network.Inject(true, bed.Address, record, 5);
            bed.Network.Run(i % 3 == 0 ? 200 : 2000);
            bed.VerifyAt(TestBed.Address);
        }

        int sent = bed.Network.Sent.Where(datagram => !datagram.ToServer && datagram.Address.SequenceEqual(s_elsewhere)).Sum(datagram => datagram.Bytes.Length);
        Assert.IsLessThanOrEqualTo(3 * received, sent);
        Assert.AreEqual(enhanced, sent == 0, "Where the old path answers, the new one is not asked.");
        Assert.AreEqual(0, bed.Bed.Server.Statistics.PeersMoved);
        Assert.IsGreaterThan(5, bed.Bed.Server.Statistics.PathsFailed);
        Assert.IsTrue(bed.Network.ServerEvents.Any(told => (told.Events & AssociationEvents.PathFailed) != 0));
        bed.Network.Run(5000);
        bed.Bed.Client.ReceiveAll();
        bed.VerifyEcho();
    }

    [TestMethod]
    public void One_who_forwards_both_ways_takes_the_session_only_from_a_server_that_does_not_ask_the_old_path()
    {
        foreach (bool enhanced in new[] { false, true })
        {
            CidBed bed = Bed(new ReturnRoutability(), new ReturnRoutability { AsksOldPath = enhanced }).Connect();
            bed.VerifyEcho();
            bed.Network.Filter = datagram =>
            {
                if (datagram.ToServer)
                {
                    // The copy wins the race.
                    bed.Network.Inject(true, s_elsewhere, datagram.Bytes, 1);
                }
                else if (datagram.Address.SequenceEqual(s_elsewhere))
                {
                    bed.Network.Inject(false, TestBed.Address, datagram.Bytes, 1);
                }

                return true;
            };
            bed.Client.Send(new byte[] { 1 }, 0, 1, bed.Network.Now);
            bed.Network.Run(3000);
            bed.VerifyAt(enhanced ? TestBed.Address : s_elsewhere);
        }
    }

    [TestMethod]
    public void No_more_than_one_check_runs_and_a_flood_of_fresh_records_costs_few_datagrams()
    {
        CidBed bed = Bed(new ReturnRoutability(), new ReturnRoutability { AsksOldPath = false }).Connect();
        bed.VerifyEcho();
        bed.Network.Echo = false;
        int sent = bed.Network.Sent.Count;
        for (int i = 0; i < 300; i++)
        {
            bed.Network.Inject(true, new byte[] { 203, 0, 113, (byte)i, 1, (byte)(i >> 8) }, ConnectionIdTests.Seal(bed.Client, ContentType.ApplicationData, 1), 0);
            bed.Network.Run(1);
            while (bed.Server.Pending > 0)
            {
                bed.Server.TakePacket().Return();
            }
        }

        Assert.IsLessThanOrEqualTo(sent + 3, bed.Network.Sent.Count, "One check: three challenges at the most.");
        Assert.AreEqual(0, bed.Bed.Server.Statistics.PeersMoved);
        bed.Network.Run(3000);
        Assert.AreEqual(1, bed.Bed.Server.Statistics.PathsFailed);
    }

    [TestMethod]
    public void An_unproven_path_never_gets_more_than_three_times_its_bytes()
    {
        // The client's ID is long, and what it sends is short: a challenge has to wait for more.
        ConnectionIdFeature clients = new ConnectionIdFeature(new FixedIds(TestBed.Bytes(255)), 255);
        CidBed bed = new CidBed(ConnectionIdTests.With(TestBed.Options(1), new ReturnRoutability()), ConnectionIdTests.With(TestBed.Options(2), new ReturnRoutability { AsksOldPath = false }), clients, new ConnectionIdFeature(1)).Connect();
        bed.VerifyEcho();
        bed.Network.Echo = false;
        int received = 0;
        for (int i = 0; i < 12; i++)
        {
            byte[] record = ConnectionIdTests.Seal(bed.Client, ContentType.ApplicationData, 1);
            received += record.Length;
            bed.Network.Inject(true, s_elsewhere, record, 0);
            bed.Network.Run(50);
            while (bed.Server.Pending > 0)
            {
                bed.Server.TakePacket().Return();
            }

            int sent = bed.Network.Sent.Where(datagram => !datagram.ToServer && datagram.Address.SequenceEqual(s_elsewhere)).Sum(datagram => datagram.Bytes.Length);
            Assert.IsLessThanOrEqualTo(3 * received, sent);
        }

        Assert.IsTrue(bed.Network.Sent.Any(datagram => !datagram.ToServer && datagram.Address.SequenceEqual(s_elsewhere)));
    }

    [TestMethod]
    public void A_late_record_from_elsewhere_begins_no_check()
    {
        ReturnRoutability servers = new ReturnRoutability();
        CidBed bed = Bed(new ReturnRoutability(), servers).Connect();
        byte[] late = ConnectionIdTests.Seal(bed.Client, ContentType.ApplicationData, 1);
        bed.VerifyEcho();
        bed.Network.Inject(true, s_elsewhere, late, 0);
        bed.Network.Run(50);
        Assert.IsFalse(servers.IsChecking(bed.Server));
        Assert.AreEqual(0, bed.Bed.Server.Statistics.PathsFailed);
    }

    [TestMethod]
    public void A_check_ends_when_the_peer_goes_on_from_where_it_was()
    {
        ReturnRoutability servers = new ReturnRoutability { AsksOldPath = false };
        CidBed bed = Bed(new ReturnRoutability(), servers).Connect();
        bed.Network.Inject(true, s_elsewhere, ConnectionIdTests.Seal(bed.Client, ContentType.ApplicationData, 1), 0);
        bed.Network.Run(50);
        Assert.IsTrue(servers.IsChecking(bed.Server));
        bed.Bed.Client.ReceiveAll();
        bed.VerifyEcho();
        Assert.IsFalse(servers.IsChecking(bed.Server));
        Assert.AreEqual(1, bed.Bed.Server.Statistics.PathsFailed);
    }

    [TestMethod]
    [DataRow(21, false)]
    [DataRow(22, false)]
    [DataRow(23, true)]
    [DataRow(24, true)]
    [DataRow(25, true)]
    public void It_goes_on_through_loss_duplication_and_reordering(int seed, bool enhanced)
    {
        DtlsOptions client = ConnectionIdTests.With(TestBed.Options(seed), new ReturnRoutability());
        DtlsOptions server = ConnectionIdTests.With(TestBed.Options(seed + 9), new ReturnRoutability { AsksOldPath = enhanced });
        CidBed bed = new CidBed(client, server, new ConnectionIdFeature(8), new ConnectionIdFeature(8), seed);
        bed.Network.Drop = 0.2;
        bed.Network.Duplicate = 0.2;
        bed.Network.Delay = 0.2;
        bed.Network.LongestDelay = 400;
        bed.Connect();
        bed.Network.Run(20_000);
        HashSet<int> received = new();
        for (int i = 0; i < 200; i++)
        {
            if (i % 20 == 0)
            {
                bed.Rebind(1 + (i / 20));
            }

            bed.Client.Send(new byte[] { (byte)i }, 0, 1, bed.Network.Now);
            bed.Network.Run(1000);
            foreach (byte[] echo in bed.Bed.Client.ReceiveAll())
            {
                Assert.IsTrue(received.Add(echo[0]), "An echo came twice.");
            }
        }

        Assert.IsGreaterThan(60, received.Count);
        Assert.IsGreaterThanOrEqualTo(7, bed.Bed.Server.Statistics.PeersMoved);
        bed.Network.Drop = 0;
        bed.Network.Delay = 0;
        bed.Client.Send(new byte[] { 1 }, 0, 1, bed.Network.Now);
        bed.Network.Run(10_000);
        bed.Bed.Client.ReceiveAll();
        bed.VerifyEcho();
        bed.VerifyAt(bed.Address);
    }

    [TestMethod]
    public void Every_challenge_is_answered_once_with_its_cookie_and_what_is_unknown_is_ignored()
    {
        CidBed bed = Bed(new ReturnRoutability(), new ReturnRoutability()).Connect();
        bed.VerifyEcho();
        int sent = bed.Network.Sent.Count;
        byte[] challenge = { 0, 1, 2, 3, 4, 5, 6, 7, 8 };
        byte[] record = ConnectionIdTests.Seal(bed.Server, ContentType.ReturnRoutability, challenge);
        bed.Network.Inject(false, bed.Address, record, 0);
        bed.Network.Inject(false, bed.Address, record, 5);
        bed.Network.Run(100);
        Assert.HasCount(sent + 1, bed.Network.Sent);

        // Answers that nobody asked for, and a message of the future.
        foreach (byte[] message in new[] { new byte[] { 1, 1, 2, 3, 4, 5, 6, 7, 8 }, new byte[] { 2, 1, 2, 3, 4, 5, 6, 7, 8 }, new byte[] { 3 }, new byte[] { 200, 1, 2 } })
        {
            bed.Network.Inject(true, bed.Address, ConnectionIdTests.Seal(bed.Client, ContentType.ReturnRoutability, message), 0);
            bed.Network.Inject(false, bed.Address, ConnectionIdTests.Seal(bed.Server, ContentType.ReturnRoutability, message), 0);
        }

        bed.Network.Run(100);
        Assert.HasCount(sent + 1, bed.Network.Sent);
        bed.VerifyEcho();
        foreach (byte[] malformed in new[] { new byte[0], new byte[] { 0, 1 }, new byte[] { 0, 1, 2, 3, 4, 5, 6, 7, 8, 9 } })
        {
            bed = Bed(new ReturnRoutability(), new ReturnRoutability()).Connect();
            bed.Network.Inject(true, bed.Address, ConnectionIdTests.Seal(bed.Client, ContentType.ReturnRoutability, malformed), 0);
            bed.Network.Run(100);
            Assert.AreEqual(DtlsError.DecodeError, bed.Server.LastError);
        }
    }

    [TestMethod]
    public void An_answer_counts_only_from_the_path_that_was_asked_and_with_its_cookie()
    {
        ReturnRoutability servers = new ReturnRoutability { AsksOldPath = false };
        CidBed bed = Bed(new ReturnRoutability(), servers).Connect();
        bed.VerifyEcho();
        bed.Rebind();
        bool holds = true;
        byte[]? response = null;
        bed.Network.Filter = datagram =>
        {
            if (holds && datagram.ToServer && response == null && servers.IsChecking(bed.Server))
            {
                response = datagram.Bytes;
                return false;
            }

            return !holds || !datagram.ToServer || response == null;
        };
        bed.Client.Send(new byte[] { 1 }, 0, 1, bed.Network.Now);
        bed.Network.Run(60);
        Assert.IsNotNull(response);

        // From a third address it is no answer, and having come once it is none later.
        bed.Network.Inject(true, s_elsewhere, response, 0);
        bed.Network.Run(20);
        Assert.IsTrue(servers.IsChecking(bed.Server));
        bed.Network.Inject(true, bed.Address, response, 0);
        bed.Network.Run(20);
        Assert.IsTrue(servers.IsChecking(bed.Server));

        // A wrong cookie is none.
        bed.Network.Inject(true, bed.Address, ConnectionIdTests.Seal(bed.Client, ContentType.ReturnRoutability, 1, 1, 2, 3, 4, 5, 6, 7, 8), 0);
        bed.Network.Run(20);
        Assert.AreEqual(0, bed.Bed.Server.Statistics.PeersMoved);
        holds = false;
        bed.Network.Run(3000);
        Assert.IsLessThanOrEqualTo(1, bed.Bed.Server.Statistics.PeersMoved);
    }

    [TestMethod]
    public void Without_agreement_its_records_are_dropped()
    {
        CidBed bed = Bed(new ReturnRoutability(), null).Connect();
        bed.Network.Inject(true, bed.Address, ConnectionIdTests.Seal(bed.Client, ContentType.ReturnRoutability, 0, 1, 2, 3, 4, 5, 6, 7, 8), 0);
        bed.Network.Inject(false, bed.Address, ConnectionIdTests.Seal(bed.Server, ContentType.ReturnRoutability, 0, 1, 2, 3, 4, 5, 6, 7, 8), 0);
        bed.Network.Run(100);
        Assert.AreEqual(1, bed.Bed.Server.Statistics.Dropped(DropReason.ContentType));
        Assert.AreEqual(1, bed.Bed.Client.Engine.Statistics.Dropped(DropReason.ContentType));
        bed.VerifyEcho();
    }

    [TestMethod]
    [DataRow(false)]
    [DataRow(true)]
    public void A_client_that_moves_behind_its_Finished_gets_the_last_flight_there_and_is_followed(bool enhanced)
    {
        CidBed bed = Bed(new ReturnRoutability(), new ReturnRoutability { AsksOldPath = enhanced });
        int lost = 0;
        bed.Network.Filter = datagram =>
        {
            if (!datagram.ToServer && datagram.FirstType == ContentType.ChangeCipherSpec && lost == 0)
            {
                lost++;
                bed.Rebind();
                return false;
            }

            return true;
        };
        bed.Bed.Client.Engine.Connect(bed.Network.Now);
        Assert.IsTrue(bed.Network.Run(() => bed.Client.State == AssociationState.Connected, 60_000), "The client never got the last flight.");
        Assert.AreEqual(0, bed.Bed.Server.Statistics.PeersMoved);
        Assert.IsTrue(bed.Network.Run(() => bed.Bed.Server.Statistics.PeersMoved == 1, 5000));
        Assert.AreEqual(AssociationState.Connected, bed.Bed.Server.Find(bed.Address, 6).State);
        bed.VerifyEcho();
        Datagram[] there = bed.Network.Sent.Where(datagram => datagram.Address.SequenceEqual(bed.Address)).ToArray();
        Assert.IsLessThanOrEqualTo(3 * there.Where(datagram => datagram.ToServer).Sum(datagram => datagram.Bytes.Length), there.Where(datagram => !datagram.ToServer).Sum(datagram => datagram.Bytes.Length));
    }

    [TestMethod]
    public void Times_have_bounds()
    {
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => new ReturnRoutability { Timeout = 29 });
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => new ReturnRoutability { Timeout = 600_001 });
        Assert.AreEqual(1000, new ReturnRoutability().Timeout);
    }

    private static CidBed Bed(ReturnRoutability? client, ReturnRoutability? server)
    {
        DtlsOptions clients = client == null ? TestBed.Options(1) : ConnectionIdTests.With(TestBed.Options(1), client);
        DtlsOptions servers = server == null ? TestBed.Options(2) : ConnectionIdTests.With(TestBed.Options(2), server);
        return new CidBed(clients, servers, new ConnectionIdFeature(8), new ConnectionIdFeature(8));
    }
}
