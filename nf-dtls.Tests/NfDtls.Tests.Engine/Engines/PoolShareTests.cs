using System.Collections.Generic;
using System.Linq;
using Microsoft.VisualStudio.TestTools.UnitTesting;
using NfDtls.Server;

namespace NfDtls.Tests.Engine;

/// <summary>Sessions that nobody reads, in front of a pool that all of them share.</summary>
[TestClass]
public class PoolShareTests
{
    [TestMethod]
    [DataRow(2, false)]
    [DataRow(3, false)]
    [DataRow(5, false)]
    [DataRow(60, true)]
    public void Others_connect_and_are_served_while_some_sessions_are_not_read(int unread, bool gateway)
    {
        DtlsOptions options = TestBed.HostOptions();
        if (gateway)
        {
            options = DtlsOptions.Gateway();
            options.Crypto = TestBed.HostOptions().Crypto;
            options.Suites = TestBed.HostOptions().Suites;
            options.Psk = TestBed.HostOptions().Psk;
        }
        else
        {
            options.PoolPackets = unread > 3 ? 16 : 8;
        }

        TestBed bed = new TestBed(TestBed.HostOptions(), options);
        bed.Network.Echo = false;
        TestClient[] talkers = Enumerable.Range(0, unread).Select(i => Connect(bed, i)).ToArray();
        for (int i = 0; i < 40; i++)
        {
            foreach (TestClient talker in talkers)
            {
                talker.Association.Send(new byte[50], 0, 50, bed.Network.Now);
                bed.Network.Run(20);
            }
        }

        int kept = bed.Server.Pool.Count - bed.Server.Pool.Available;
        Assert.IsTrue(kept <= bed.Server.Pool.Count * 3 / 4, kept + " packets are kept.");
        int most = talkers.Max(talker => bed.Server.Find(talker.Address, talker.Address.Length).Pending);
        Assert.IsTrue(most <= bed.Server.Pool.Count / 2, "One session keeps " + most + ".");
        bed.Network.Echo = true;
        for (int i = 0; i < 3; i++)
        {
            TestClient other = Connect(bed, unread + i);
            other.Association.Send(new byte[30], 0, 30, bed.Network.Now);
            Assert.IsTrue(bed.Network.Run(() => other.Association.Pending > 0, 1000), "No echo for client " + i + ".");
            other.Association.Receive(new byte[100], 0);
        }
    }

    [TestMethod]
    [DataRow(false, 6)]
    [DataRow(true, 60)]
    public void However_many_sessions_fill_their_queues_another_connects_and_its_record_is_kept(bool gateway, int count)
    {
        DtlsOptions options = gateway ? DtlsOptions.Gateway() : TestBed.HostOptions();
        options.Crypto = TestBed.HostOptions().Crypto;
        options.Suites = TestBed.HostOptions().Suites;
        options.Psk = TestBed.HostOptions().Psk;
        TestBed bed = new TestBed(TestBed.HostOptions(), options);
        bed.Network.Echo = false;
        for (int unread = 1; unread <= count; unread++)
        {
            TestClient talker = Connect(bed, unread);
            for (int i = 0; i < 20; i++)
            {
                talker.Association.Send(new byte[50], 0, 50, bed.Network.Now);
                bed.Network.Run(20);
            }

            TestClient other = Connect(bed, 10_000 + unread);
            other.Association.Send(new byte[30], 0, 30, bed.Network.Now);
            bed.Network.Run(20);
            Assert.AreEqual(1, bed.Server.Find(other.Address, other.Address.Length).Pending, unread + " are not read.");
            other.Association.Close(0, bed.Network.Now);
            bed.Network.Run(20);
        }

        Association session = bed.Server.Find(Connect(bed, 20_000).Address, 7);
        session.Send(new byte[5], 0, 5, bed.Network.Now);
    }

    [TestMethod]
    [DataRow(3)]
    [DataRow(7)]
    public void However_many_sessions_are_not_read_and_in_whatever_order_they_fill_one_that_is_read_is_served(int unread)
    {
        foreach (bool inTurn in new[] { true, false })
        {
            DtlsOptions options = TestBed.HostOptions();
            options.PoolPackets = 8;
            options.EvictLeastRecentlyUsed = false;
            TestBed bed = new TestBed(TestBed.HostOptions(), options);
            bed.Network.Echo = false;
            TestClient[] talkers = Enumerable.Range(0, unread).Select(i => Connect(bed, i)).ToArray();
            TestClient other = Connect(bed, unread);
            for (int i = 0; i < 10 * unread; i++)
            {
                talkers[inTurn ? i % unread : i / 10].Association.Send(new byte[50], 0, 50, bed.Network.Now);
                bed.Network.Run(20);
            }

            bed.Network.Echo = true;
            for (int i = 0; i < 10; i++)
            {
                other.Association.Send(new byte[30], 0, 30, bed.Network.Now);
                Assert.IsTrue(bed.Network.Run(() => other.Association.Pending > 0, 1000), "No echo " + i + ".");
                other.Association.Receive(new byte[100], 0);
            }

            Assert.IsTrue(talkers.All(talker => bed.Server.Find(talker.Address, talker.Address.Length).State == AssociationState.Connected));
            Assert.IsTrue(bed.Server.Statistics.Dropped(DropReason.NoBuffer) > 0);
        }
    }

    [TestMethod]
    public void A_session_alone_may_fill_its_queue()
    {
        DtlsOptions options = TestBed.Options(1001);
        options.MaxSessions = 1;
        options.ReceiveQueue = 6;
        TestBed bed = new TestBed(TestBed.Options(1), options).Connect();
        bed.Network.Echo = false;
        for (int i = 0; i < 10; i++)
        {
            bed.Client.Association.Send(new byte[50], 0, 50, bed.Network.Now);
            bed.Network.Run(20);
        }

        Assert.AreEqual(6, bed.ServerAssociation!.Pending);
        bed.ServerAssociation.Send(new byte[5], 0, 5, bed.Network.Now);
        Assert.IsTrue(bed.Network.Run(() => bed.Client.Association.Pending == 1, 1000), "Nothing can be sent.");
    }

    [TestMethod]
    public void However_many_keep_packets_a_part_of_the_pool_stays_for_what_is_passing()
    {
        foreach (int count in new[] { 2, 3, 7, 8, 64, 1000 })
        {
            PacketPool pool = new PacketPool(count, 200);
            List<Packet> kept = new();
            for (Packet packet = pool.RentToKeep(0); packet != null; packet = pool.RentToKeep(0))
            {
                kept.Add(packet);
            }

            Assert.AreEqual(PacketPool.PassingOf(count), pool.Available);
            Assert.IsTrue(pool.Available >= 1 && pool.Available <= count / 2, count.ToString());
            Packet passing = pool.Rent();
            Assert.IsNotNull(passing);
            passing.Return();
            kept.ForEach(packet => packet.Return());
        }
    }

    [TestMethod]
    public void Those_that_take_all_they_can_get_end_with_equal_shares_and_leave_one_more()
    {
        foreach (int takers in new[] { 1, 2, 3, 7 })
        {
            PacketPool pool = new PacketPool(64, 200);
            int[] kept = new int[takers];
            for (int i = 0; i < 200; i++)
            {
                int taker = i % takers;
                kept[taker] += pool.RentToKeep(kept[taker]) == null ? 0 : 1;
            }

            int share = 48 / (takers + 1);
            Assert.IsTrue(kept.All(count => count >= share && count <= share + 1), string.Join(" ", kept));
            Assert.IsTrue(pool.Available - PacketPool.PassingOf(64) >= share - takers, pool.Available.ToString());
        }
    }

    private static TestClient Connect(TestBed bed, int number)
    {
        byte[] address = { 4, (byte)(number >> 8), (byte)number, 10, 0, 0, 1 };
        TestClient client = bed.Network.Add(new DtlsClientEngine(TestBed.HostOptions()), address);
        client.Engine.Connect(bed.Network.Now);
        Assert.IsTrue(bed.Network.Run(() => client.State == AssociationState.Connected, 1000), "Client " + number + " does not connect.");
        bed.Network.Run(20);
        return client;
    }
}
