using System;
using Microsoft.VisualStudio.TestTools.UnitTesting;

namespace NfDtls.Tests.Engine;

[TestClass]
public class PacketPoolTests
{
    [TestMethod]
    public void A_pool_gives_out_all_it_has_and_then_null()
    {
        PacketPool pool = new PacketPool(4, 200);
        Packet[] packets = new Packet[4];
        for (int i = 0; i < 4; i++)
        {
            packets[i] = pool.Rent();
        }

        Assert.IsNull(pool.Rent());
        Assert.IsNull(pool.Rent());
        Assert.AreEqual(2, pool.Exhausted);
        Assert.AreEqual(0, pool.Available);
        foreach (Packet packet in packets)
        {
            packet.Return();
        }

        Assert.AreEqual(4, pool.Available);
        Assert.AreEqual(4, pool.HighWaterMark);
    }

    [TestMethod]
    public void A_packet_cannot_be_returned_twice()
    {
        PacketPool pool = new PacketPool(2, 200);
        Packet packet = pool.Rent();
        packet.Return();
        Check.Throws(typeof(InvalidOperationException), packet.Return);
        Assert.AreEqual(2, pool.Available);
    }

    [TestMethod]
    public void A_packet_that_is_not_returned_shows_as_a_leak()
    {
        PacketPool pool = new PacketPool(3, 200);
        pool.Rent().Return();
        pool.Rent();
        Assert.AreEqual(2, pool.Available);
        Assert.AreEqual(1, pool.HighWaterMark);
    }

    [TestMethod]
    public void A_returned_packet_is_wiped()
    {
        PacketPool pool = new PacketPool(2, 200);
        Packet packet = pool.Rent();
        packet.Append(Check.Bytes(200, 1), 0, 200);
        byte[] buffer = packet.Buffer;
        packet.Return();
        Assert.IsTrue(Check.IsZero(buffer));
    }

    [TestMethod]
    public void Append_takes_what_fits_and_nothing_of_what_does_not()
    {
        Packet packet = new PacketPool(2, 150).Rent();
        Assert.AreEqual(150, packet.Remaining);
        packet.Append(Check.Bytes(100), 0, 100);
        Check.Throws(typeof(ArgumentException), () => packet.Append(Check.Bytes(51), 0, 51));
        Check.Throws(typeof(ArgumentException), () => packet.Append(Check.Bytes(51), 0, -1));
        Assert.AreEqual(100, packet.Length);
        byte[] copy = new byte[120];
        Assert.AreEqual(100, packet.CopyTo(copy, 20));
        Assert.AreEqual(99, copy[119]);
        Check.Throws(typeof(ArgumentException), () => packet.CopyTo(copy, 21));
    }

    [TestMethod]
    public void Sizes_out_of_range_are_refused()
    {
        Check.Throws(typeof(ArgumentOutOfRangeException), () => new PacketPool(1, 200));
        Check.Throws(typeof(ArgumentOutOfRangeException), () => new PacketPool(65536, 200));
        Check.Throws(typeof(ArgumentOutOfRangeException), () => new PacketPool(2, 149));
        Check.Throws(typeof(ArgumentOutOfRangeException), () => new PacketPool(2, 16385));
    }

    [TestMethod]
    public void A_queue_keeps_the_order_and_gives_everything_back()
    {
        PacketPool pool = new PacketPool(4, 200);
        PacketQueue queue = new PacketQueue();
        Packet first = pool.Rent();
        Packet second = pool.Rent();
        queue.Add(first);
        queue.Add(second);
        queue.Add(pool.Rent());
        Assert.AreSame(first, queue.Take());
        Assert.AreSame(second, queue.First);
        Assert.AreEqual(2, queue.Count);
        first.Return();
        queue.ReturnAll();
        Assert.IsNull(queue.Take());
        Assert.AreEqual(4, pool.Available);
    }
}
