using System;
using System.Text;
using Microsoft.VisualStudio.TestTools.UnitTesting;
using NfDtls.Tests.Engine;

namespace NfDtls.Tests.Services.Engines;

/// <summary>Who owns a packet, and when it comes back.</summary>
[TestClass]
public class PacketTests
{
    [TestMethod]
    public void A_packet_sent_belongs_to_the_engine_and_comes_back_to_the_pool()
    {
        Field field = new Field(Setup.SeededOptions(1));
        TestClient client = field.Connect();
        PacketPool pool = client.Engine.Pool;
        Packet packet = pool.Rent();
        Assert.AreEqual(pool.PayloadSize, packet.Remaining);
        byte[] data = Encoding.ASCII.GetBytes("without a copy");
        packet.Append(data, 0, 7);
        packet.Append(data, 7, data.Length - 7);
        Assert.AreEqual(data.Length, packet.Length);
        client.Association.Send(packet, field.Network.Now);
        Assert.AreEqual(pool.Count - 1, pool.Available);
        Assert.IsTrue(field.Network.Run(() => client.Association.Pending > 0, 5000));
        CollectionAssert.AreEqual(data, client.ReceiveAll()[0]);
        Assert.AreEqual(pool.Count, pool.Available);
    }

    [TestMethod]
    public void A_packet_takes_as_many_bytes_as_its_pool_says_and_leaves_the_room_behind_them_to_the_tag()
    {
        Packet packet = new PacketPool(2, 200).Rent()!;
        packet.Append(new byte[60], 0, 60);
        foreach (int count in new[] { 141, 140 + PacketPool.Tailroom, 5000, -1 })
        {
            ArgumentException e = Assert.ThrowsExactly<ArgumentException>(() => packet.Append(new byte[6000], 0, count));
            StringAssert.Contains(e.Message, "140 bytes, not for " + count);
            Assert.AreEqual(60, packet.Length);
        }

        packet.Append(new byte[140], 0, 140);
        Assert.AreEqual(0, packet.Remaining);
        Assert.ThrowsExactly<ArgumentException>(() => packet.Append(new byte[1], 0, 1));
    }

    [TestMethod]
    public void A_packet_that_could_not_be_sent_still_belongs_to_the_caller()
    {
        Field field = new Field(Setup.SeededOptions(1));
        TestClient client = field.Add();
        PacketPool pool = client.Engine.Pool;
        Packet packet = pool.Rent();
        packet.Append(new byte[10], 0, 10);
        Setup.Fails(DtlsError.NotConnected, () => client.Association.Send(packet, field.Network.Now));
        field.Connect(client);
        int free = pool.PayloadSize - 10;
        packet.Append(new byte[free], 0, free);
        ArgumentException e = Assert.ThrowsExactly<ArgumentException>(() => client.Association.Send(packet, field.Network.Now));
        StringAssert.Contains(e.Message, client.Association.MaxPayload.ToString());
        StringAssert.Contains(e.Message, pool.PayloadSize.ToString());
        client.Association.Close(5000, field.Network.Now);
        field.Network.Run(() => client.State == AssociationState.Closed, 10_000);
        Setup.Fails(DtlsError.SessionClosed, () => client.Association.Send(packet, field.Network.Now));
        Assert.AreEqual(pool.PayloadSize, packet.Length);
        Assert.AreEqual(pool.Count - 1, pool.Available);
        packet.Return();
        Assert.AreEqual(pool.Count, pool.Available);
        Assert.ThrowsExactly<InvalidOperationException>(packet.Return);
        Assert.ThrowsExactly<ArgumentException>(() => client.Association.Send(packet, field.Network.Now));
    }

    [TestMethod]
    public void A_record_taken_is_lent_until_it_is_returned()
    {
        Field field = new Field(Setup.SeededOptions(1));
        field.Network.Echo = false;
        TestClient client = field.Connect();
        Association session = field.SessionOf(client);
        PacketPool pool = field.Server.Pool;
        byte[] data = Encoding.ASCII.GetBytes("lent");
        client.Association.Send(data, 0, data.Length, field.Network.Now);
        Assert.IsTrue(field.Network.Run(() => session.Pending > 0, 5000));
        Packet lent = session.TakePacket();
        Assert.IsNull(session.TakePacket());
        Assert.AreEqual(pool.Count - 1, pool.Available);
        session.Close(0, field.Network.Now);
        field.Network.Settle();
        CollectionAssert.AreEqual(data, lent.Buffer.AsSpan(lent.Offset, lent.Length).ToArray());
        Assert.AreEqual(pool.Count - 1, pool.Available);
        lent.Return();
        Assert.AreEqual(pool.Count, pool.Available);
    }

    [TestMethod]
    public void Clients_and_a_server_may_share_a_pool()
    {
        PacketPool pool = new PacketPool(16, 1232);
        DtlsOptions options = Setup.SeededOptions(1);
        options.Pool = pool;
        Field field = new Field(options);
        Assert.AreSame(pool, field.Server.Pool);
        TestClient[] clients = new TestClient[4];
        for (int i = 0; i < clients.Length; i++)
        {
            DtlsOptions own = Setup.SeededOptions(10 + i);
            own.Pool = pool;
            clients[i] = field.Connect(field.Add(own));
        }

        for (int i = 0; i < 100; i++)
        {
            field.Echo(clients[i % clients.Length], "message " + i);
        }

        foreach (TestClient client in clients)
        {
            client.Association.Close(5000, field.Network.Now);
        }

        field.Network.Settle();
        Assert.AreEqual(0, field.Server.SessionCount);
        Assert.AreEqual(pool.Count, pool.Available);
    }

    [TestMethod]
    public void An_empty_pool_fails_a_send_and_the_session_goes_on_when_packets_are_back()
    {
        Field field = new Field(Setup.SeededOptions(1));
        TestClient client = field.Connect();
        PacketPool pool = client.Engine.Pool;
        Packet[] taken = new Packet[pool.Count];
        for (int i = 0; i < taken.Length; i++)
        {
            taken[i] = pool.Rent();
        }

        Assert.IsNull(pool.Rent());
        Setup.Fails(DtlsError.PoolExhausted, () => client.Association.Send(new byte[1], 0, 1, field.Network.Now));
        taken[0].Append(new byte[3], 0, 3);
        client.Association.Send(taken[0], field.Network.Now);
        for (int i = 1; i < taken.Length; i++)
        {
            taken[i].Return();
        }

        Assert.IsTrue(field.Network.Run(() => client.Association.Pending > 0, 5000));
        Assert.AreEqual(3, client.ReceiveAll()[0].Length);
        field.Echo(client, "and on");
    }
}
