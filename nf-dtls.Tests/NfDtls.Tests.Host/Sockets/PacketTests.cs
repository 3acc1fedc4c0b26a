using System;
using System.Collections.Generic;
using System.Linq;
using System.Text;
using System.Threading;
using Microsoft.VisualStudio.TestTools.UnitTesting;
using NfDtls.Sockets;

namespace NfDtls.Tests.Host;

/// <summary>Sending and receiving without a copy: whose the packets are, and that they all come back.</summary>
[TestClass]
public class PacketTests
{
    [TestMethod]
    public void Packets_go_there_and_back_without_a_copy_and_the_pools_are_whole_at_the_end()
    {
        using EchoServer server = new EchoServer();
        server.IsLazy = true;
        int notLent = 0;
        server.Server.DataReceived += session =>
        {
            // What was received may be sent as it is.
            Packet lent = session.ReceivePacket(-1);
            if (lent == null)
            {
                Interlocked.Increment(ref notLent);
                return;
            }

            session.Send(lent);
        };
        using DtlsClient client = server.Connect();
        for (int i = 0; i < 100; i++)
        {
            string text = i == 50 ? "" : new string('x', i * 5) + i;
            client.Send(Filled(client.Pool, text));
            Assert.AreEqual(text, Text(client.ReceivePacket(Setup.Patience)));
        }

        Assert.AreEqual(0, notLent);
        Assert.IsTrue(client.Close(Setup.Patience));
        Check.Whole(client.Pool);
        Check.Whole(server.Server.Pool);
        Assert.IsTrue(server.Errors.IsEmpty, string.Join(", ", server.Exceptions));
    }

    [TestMethod]
    public void A_packet_that_was_sent_belongs_to_the_stack()
    {
        using EchoServer server = new EchoServer();
        using DtlsClient client = server.Connect(out DtlsSession session);
        Packet ofClient = Filled(client.Pool, "one");
        client.Send(ofClient);
        Assert.AreEqual("one", Check.Receive(client));
        Check.Whole(client.Pool);
        Assert.ThrowsExactly<ArgumentException>(() => client.Send(ofClient));
        Assert.ThrowsExactly<InvalidOperationException>(ofClient.Return);
        Packet ofServer = Filled(server.Server.Pool, "two");
        session.Send(ofServer);
        Assert.AreEqual("two", Check.Receive(client));
        Check.Whole(server.Server.Pool);
        Assert.ThrowsExactly<ArgumentException>(() => session.Send(ofServer));
        Assert.ThrowsExactly<InvalidOperationException>(ofServer.Return);
        Check.Echo(client, "hello");
        Check.Whole(client.Pool);
    }

    [TestMethod]
    public void A_packet_that_is_too_long_names_both_numbers_and_is_still_the_callers()
    {
        using EchoServer server = new EchoServer();
        using DtlsClient client = server.Connect(out DtlsSession session);
        int most = client.MaxPayload;
        Packet ofClient = Filled(client.Pool, new string('c', most + 1));
        Packet ofServer = Filled(server.Server.Pool, new string('s', most + 1));
        foreach (Action send in new Action[] { () => client.Send(ofClient), () => session.Send(ofServer) })
        {
            ArgumentException e = Assert.ThrowsExactly<ArgumentException>(send);
            StringAssert.Contains(e.Message, most.ToString());
            StringAssert.Contains(e.Message, (most + 1).ToString());
        }

        Assert.AreEqual(most + 1, ofClient.Length);
        Assert.AreEqual(new string('c', most + 1), Text(ofClient));
        Assert.AreEqual(new string('s', most + 1), Text(ofServer));
        string longest = new string('l', most);
        client.Send(Filled(client.Pool, longest));
        Assert.AreEqual(longest, Check.Receive(client));
        Check.Whole(client.Pool);
        Check.Whole(server.Server.Pool);
    }

    [TestMethod]
    public void A_packet_of_another_pool_is_refused_in_words_and_is_still_the_callers()
    {
        using EchoServer server = new EchoServer();
        using DtlsClient client = server.Connect(out DtlsSession session);
        Packet ofClient = Filled(client.Pool, "the client's");
        Packet ofServer = Filled(server.Server.Pool, "the server's");
        foreach (Action send in new Action[] { () => client.Send(ofServer), () => session.Send(ofClient) })
        {
            StringAssert.Contains(Assert.ThrowsExactly<ArgumentException>(send).Message, "pool");
        }

        client.Send(ofClient);
        Assert.AreEqual("the client's", Check.Receive(client));
        Assert.AreEqual("the server's", Text(ofServer));
        Check.Whole(client.Pool);
        Check.Whole(server.Server.Pool);
    }

    [TestMethod]
    public void A_packet_that_cannot_be_sent_before_or_after_the_connection_is_still_the_callers()
    {
        using EchoServer server = new EchoServer();
        DtlsClient client = new DtlsClient(Setup.Options());
        Packet ofClient = Filled(client.Pool, "kept");
        Setup.Fails(DtlsError.NotConnected, () => client.Send(ofClient));
        Assert.IsTrue(client.Connect(server.EndPoint, Setup.Patience));
        Setup.Until(() => server.Connected.Count == 1, "Connected");
        DtlsSession session = server.Connected.Single();
        Assert.IsTrue(client.Close(Setup.Patience));
        Setup.Until(() => server.Disconnected.Count == 1, "Disconnected");
        Packet ofServer = Filled(server.Server.Pool, "kept too");
        Setup.Fails(DtlsError.SessionClosed, () => client.Send(ofClient));
        Setup.Fails(DtlsError.SessionClosed, () => session.Send(ofServer));
        Assert.ThrowsExactly<ArgumentNullException>(() => client.Send((Packet)null!));
        Assert.ThrowsExactly<ArgumentNullException>(() => session.Send((Packet)null!));
        client.Dispose();
        Assert.ThrowsExactly<ObjectDisposedException>(() => client.Send(ofClient));
        Assert.AreEqual("kept", Text(ofClient));
        Assert.AreEqual("kept too", Text(ofServer));
        Check.Whole(client.Pool);
        Check.Whole(server.Server.Pool);
    }

    [TestMethod]
    public void ReceivePacket_waits_as_it_is_told_and_lends_nothing_when_the_time_is_over()
    {
        using EchoServer server = new EchoServer();
        server.IsLazy = true;
        using DtlsClient client = server.Connect(out DtlsSession session);
        Assert.IsNull(client.ReceivePacket(0));
        Assert.IsNull(client.ReceivePacket(30));
        Assert.IsNull(session.ReceivePacket(0));
        Assert.IsNull(session.ReceivePacket(30));
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => client.ReceivePacket(-2));
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => session.ReceivePacket(-2));
        Packet? atServer = null;
        Packet? atClient = null;
        Running ofServer = Setup.Start(() => atServer = session.ReceivePacket(-1));
        Running ofClient = Setup.Start(() => atClient = client.ReceivePacket(-1));
        Setup.Until(() => ofServer.IsBlocked && client.Callers == 1, "two that wait");
        client.Send(Setup.Bytes("up"));
        session.Send(Setup.Bytes("down"));
        Setup.Await("the server's", ofServer);
        Setup.Await("the client's", ofClient);
        Assert.AreEqual("up", Text(atServer!));
        Assert.AreEqual("down", Text(atClient!));
        Check.Whole(client.Pool);
        Check.Whole(server.Server.Pool);
    }

    [TestMethod]
    public void A_lent_packet_outlives_the_connection()
    {
        using EchoServer server = new EchoServer();
        server.IsLazy = true;
        using DtlsClient client = server.Connect(out DtlsSession session);
        client.Send(Setup.Bytes("up"));
        session.Send(Setup.Bytes("down"));
        Packet atServer = session.ReceivePacket(Setup.Patience);
        Packet atClient = client.ReceivePacket(Setup.Patience);
        client.Dispose();
        server.Server.Stop();
        Setup.Until(() => client.Pool.Available == client.Pool.Count - 1, "all but one at the client");
        Setup.Until(() => server.Server.Pool.Available == server.Server.Pool.Count - 1, "all but one at the server");
        Assert.AreEqual("up", Text(atServer));
        Assert.AreEqual("down", Text(atClient));
        Assert.ThrowsExactly<InvalidOperationException>(atClient.Return);
        Check.Whole(client.Pool);
        Check.Whole(server.Server.Pool);
    }

    [TestMethod]
    public void What_came_before_the_close_is_lent_too()
    {
        using EchoServer server = new EchoServer();
        server.IsLazy = true;
        using DtlsClient client = server.Connect(out DtlsSession session);
        client.Send(Setup.Bytes("one"));
        client.Send(Setup.Bytes("two"));
        session.Send(Setup.Bytes("three"));
        Assert.AreEqual("three", Text(client.ReceivePacket(Setup.Patience)));
        Assert.IsTrue(client.Close(Setup.Patience));
        Setup.Fails(DtlsError.SessionClosed, () => client.ReceivePacket(-1));
        Setup.Until(() => server.Disconnected.Count == 1, "Disconnected");
        Assert.AreEqual("one", Text(session.ReceivePacket(-1)));
        Assert.AreEqual("two", Text(session.ReceivePacket(-1)));
        Setup.Fails(DtlsError.SessionClosed, () => session.ReceivePacket(-1));
        Check.Whole(client.Pool);
        Check.Whole(server.Server.Pool);
    }

    [TestMethod]
    [TestProperty("Error", nameof(DtlsError.PoolExhausted))]
    public void With_an_empty_pool_nothing_is_sent_and_what_is_left_of_a_session_is_kept()
    {
        using EchoServer server = new EchoServer();
        server.IsLazy = true;
        using DtlsClient client = server.Connect(out DtlsSession session);
        client.Send(Setup.Bytes("left"));
        Setup.Until(() => server.Server.Pool.Available == server.Server.Pool.Count - 1, "the record");
        List<Packet> ofClient = Drain(client.Pool);
        List<Packet> ofServer = Drain(server.Server.Pool);
        Setup.Fails(DtlsError.PoolExhausted, () => client.Send(new byte[1]));
        Setup.Fails(DtlsError.PoolExhausted, () => session.Send(new byte[1]));
        Assert.AreEqual(AssociationState.Connected, client.State);
        Assert.AreEqual(AssociationState.Connected, session.State);

        // A packet that one has already goes out all the same.
        session.Send(ofServer[0]);
        ofServer.RemoveAt(0);
        Setup.Until(() => client.Statistics.Dropped(DropReason.NoBuffer) >= 2, "a record that is dropped for want of a packet");
        ofClient.ForEach(packet => packet.Return());
        Assert.IsTrue(client.Close(Setup.Patience));
        Setup.Until(() => server.Disconnected.Count == 1, "Disconnected");
        ofServer.AddRange(Drain(server.Server.Pool));
        Setup.Fails(DtlsError.PoolExhausted, () => session.ReceivePacket(0));
        Setup.Fails(DtlsError.PoolExhausted, () => session.ReceivePacket(-1));
        ofServer.ForEach(packet => packet.Return());
        Assert.AreEqual("left", Text(session.ReceivePacket(0)));
        Check.Whole(client.Pool);
        Check.Whole(server.Server.Pool);
    }

    [TestMethod]
    public void Lent_packets_that_are_kept_too_long_cost_records_and_not_the_connection()
    {
        using EchoServer server = new EchoServer();
        server.IsLazy = true;
        using DtlsClient client = server.Connect(out DtlsSession session);
        List<Packet> kept = [];
        for (int i = 0; i < client.Pool.Count; i++)
        {
            session.Send(Setup.Bytes("record " + i));
            kept.Add(client.ReceivePacket(Setup.Patience));
            Assert.IsNotNull(kept.Last());
        }

        session.Send(Setup.Bytes("lost"));
        Setup.Until(() => client.Statistics.Dropped(DropReason.NoBuffer) > 0, "a record that is dropped");
        for (int i = 0; i < kept.Count; i++)
        {
            Assert.AreEqual("record " + i, Text(kept[i]));
        }

        session.Send(Setup.Bytes("not lost"));
        Assert.AreEqual("not lost", Check.Receive(client));
        Check.Whole(client.Pool);
        Check.Whole(server.Server.Pool);
    }

    private static Packet Filled(PacketPool pool, string text)
    {
        Packet packet = pool.Rent();
        Assert.IsNotNull(packet);
        byte[] bytes = Setup.Bytes(text);
        packet.Append(bytes, 0, bytes.Length);
        return packet;
    }

    /// <summary>What a packet says; gives it back.</summary>
    private static string Text(Packet packet)
    {
        Assert.IsNotNull(packet, "no packet comes");
        string text = Encoding.UTF8.GetString(packet.Buffer, packet.Offset, packet.Length);
        packet.Return();
        return text;
    }

    private static List<Packet> Drain(PacketPool pool)
    {
        List<Packet> packets = [];
        for (Packet packet = pool.Rent(); packet != null; packet = pool.Rent())
        {
            packets.Add(packet);
        }

        return packets;
    }
}
