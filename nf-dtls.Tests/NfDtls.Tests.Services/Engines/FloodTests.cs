using System;
using System.Linq;
using Microsoft.VisualStudio.TestTools.UnitTesting;
using NfDtls.Tests.Engine;

namespace NfDtls.Tests.Services.Engines;

/// <summary>A server under more than it can take.</summary>
[TestClass]
public class FloodTests
{
    [TestMethod]
    public void Ten_thousand_spoofed_hellos_leave_no_state_and_get_one_small_answer_each()
    {
        const int Count = 10_000;
        Field field = new Field(Setup.SeededOptions(1));
        TestClient first = field.Connect();
        TestClient second = field.Connect();
        byte[] hello = FirstHello();
        byte[] buffer = new byte[hello.Length];
        int answersBefore = field.Server.Statistics.CookiesSent;
        for (int i = 0; i < Count; i++)
        {
            byte[] address = Field.AddressOf(i);
            hello.CopyTo(buffer, 0);
            field.Server.HandleDatagram(buffer, 0, buffer.Length, address, address.Length, field.Network.Now);
            Packet answer = field.Server.PollDatagram(field.Network.Now);
            Assert.IsNotNull(answer);
            Assert.IsTrue(answer.Length < hello.Length, answer.Length + " bytes answer " + hello.Length + ".");
            CollectionAssert.AreEqual(address, answer.Address.AsSpan(0, answer.AddressLength).ToArray());
            answer.Return();
            Assert.IsNull(field.Server.PollDatagram(field.Network.Now));
            if (i % 500 == 0)
            {
                field.Echo(first, "first " + i);
                field.Echo(second, "second " + i);
            }
        }

        Assert.AreEqual(Count, field.Server.Statistics.CookiesSent - answersBefore);
        Assert.AreEqual(2, field.Server.SessionCount);
        Assert.AreEqual(0, field.Server.HandshakeCount);
        Assert.AreEqual(field.Server.Pool.Count, field.Server.Pool.Available);
    }

    [TestMethod]
    public void A_spoofed_hello_allocates_nothing()
    {
        const int Count = 10_000;
        Field field = new Field(Setup.SeededOptions(1));
        byte[] hello = FirstHello();
        byte[] buffer = new byte[hello.Length];
        byte[] address = Field.AddressOf(0);
        long allocated = long.MaxValue;

        // The least of several: a collection that another thread begins adds to what this one seems to have taken.
        for (int round = 0; round < 5; round++)
        {
            long before = GC.GetAllocatedBytesForCurrentThread();
            for (int i = 0; i < Count; i++)
            {
                address[1] = (byte)(i >> 8);
                address[2] = (byte)i;
                hello.CopyTo(buffer, 0);
                field.Server.HandleDatagram(buffer, 0, buffer.Length, address, address.Length, field.Network.Now);
                field.Server.PollDatagram(field.Network.Now).Return();
            }

            allocated = Math.Min(allocated, GC.GetAllocatedBytesForCurrentThread() - before);
        }

        Assert.IsTrue(allocated < 10_000, allocated + " bytes for " + Count + " hellos.");
    }

    [TestMethod]
    public void A_flood_of_more_hellos_than_packets_loses_hellos_and_nothing_else()
    {
        Field field = new Field(Setup.SeededOptions(1));
        TestClient client = field.Connect();
        byte[] hello = FirstHello();
        for (int i = 0; i < 1000; i++)
        {
            byte[] address = Field.AddressOf(i);
            byte[] copy = (byte[])hello.Clone();
            field.Server.HandleDatagram(copy, 0, copy.Length, address, address.Length, field.Network.Now);
        }

        Assert.AreEqual(0, field.Server.Pool.Available);
        field.Network.Flush();
        Assert.AreEqual(field.Server.Pool.Count, field.Server.Pool.Available);
        Assert.AreEqual(1000 - field.Server.Pool.Count, field.Server.Statistics.Dropped(DropReason.NoBuffer));
        field.Echo(client, "still here");
    }

    [TestMethod]
    public void A_flood_of_handshakes_with_right_cookies_takes_handshake_slots_only()
    {
        const int Flood = 60;
        DtlsOptions options = Setup.SeededOptions(1);
        options.MaxSessions = 10;
        options.MaxHandshakes = 3;
        options.RetransmitTimeout = 1000;
        options.MaxRetransmits = 2;
        options.PoolPackets = 32;
        Field field = new Field(options);
        TestClient first = field.Connect();
        TestClient second = field.Connect();

        // The flood says hello twice and then no more.
        field.Network.Filter = datagram => !datagram.ToServer || datagram.FirstMessage == HandshakeType.ClientHello || datagram.FirstEpoch == 1;
        TestClient[] flood = Enumerable.Range(0, Flood).Select(_ => field.Add()).ToArray();
        for (int i = 0; i < Flood; i++)
        {
            flood[i].Engine.Connect(field.Network.Now);
            field.Network.Run(100);
            Assert.IsTrue(field.Server.HandshakeCount <= 3);
            Assert.IsTrue(field.Server.SessionCount <= 5);
            field.Echo(first, "first " + i);
            field.Echo(second, "second " + i);
        }

        Assert.AreEqual(3, field.Server.HandshakeCount);
        Assert.IsTrue(field.Server.Statistics.NoFreeSession > 0);
        foreach (TestClient one in flood)
        {
            one.Engine.Reset();
            field.Network.Remove(one);
        }

        field.Network.Filter = null;
        Assert.IsTrue(field.Network.Run(() => field.Server.HandshakeCount == 0, 60_000), "The handshake slots do not come back.");
        field.Echo(field.Connect(), "after the flood");
        field.Echo(first, "still here");
        field.Network.Settle();
        Assert.AreEqual(field.Server.Pool.Count, field.Server.Pool.Available);
    }

    [TestMethod]
    public void A_full_table_says_so_and_takes_the_next_client_when_a_place_is_free()
    {
        DtlsOptions options = Setup.SeededOptions(1);
        options.MaxSessions = 2;
        Field field = new Field(options);
        TestClient first = field.Connect();
        TestClient second = field.Connect();
        TestClient third = field.Add();
        int sent = field.Server.Statistics.DatagramsSent - field.Server.Statistics.CookiesSent;
        third.Engine.Connect(field.Network.Now);
        field.Network.Run(() => third.State == AssociationState.Closed, 10_000);
        Assert.IsTrue(field.Server.Statistics.DatagramsSent - field.Server.Statistics.CookiesSent > sent);
        Assert.AreEqual(DtlsError.NoFreeSession, third.Association.LastError);
        field.Echo(first, "first");
        field.Echo(second, "second");
        second.Association.Close(5000, field.Network.Now);
        field.Network.Run(100);
        third.Engine.Connect(field.Network.Now);
        Assert.IsTrue(field.Network.Run(() => third.State == AssociationState.Connected, 60_000), "The freed place is not taken.");
        Assert.AreEqual(AssociationState.Closed, second.State);
        field.Echo(third, "third");
    }

    [TestMethod]
    public void The_session_that_was_silent_longest_makes_room_where_the_options_say_so()
    {
        DtlsOptions options = Setup.SeededOptions(1);
        options.MaxSessions = 2;
        options.EvictAfter = 100;
        Field field = new Field(options);
        TestClient first = field.Connect();
        TestClient second = field.Connect();
        field.Network.Run(100);
        field.Echo(first, "first was heard last");
        DtlsError reason = DtlsError.None;
        Association evicted = field.SessionOf(second);
        field.Network.AutoRelease = false;
        TestClient third = field.Add();
        third.Engine.Connect(field.Network.Now);
        Assert.IsTrue(field.Network.Run(() => evicted.State == AssociationState.Closed, 30_000), "Nobody is evicted.");
        reason = evicted.LastError;
        field.Server.Release(evicted);
        field.Network.AutoRelease = true;
        Assert.AreEqual(DtlsError.Evicted, reason);
        Assert.IsTrue(field.Network.Run(() => third.State == AssociationState.Connected, 30_000), "The place is not taken.");
        field.Network.Run(50);
        Assert.AreEqual(AssociationState.Closed, second.State);
        field.Echo(first, "first");
        field.Echo(third, "third");
        Assert.AreEqual(2, field.Server.SessionCount);
    }

    private static byte[] FirstHello()
    {
        DtlsClientEngine client = new DtlsClientEngine(Setup.SeededOptions(9));
        client.Connect(1);
        Packet packet = client.PollDatagram(1);
        byte[] hello = packet.Buffer.AsSpan(packet.Offset, packet.Length).ToArray();
        packet.Return();
        return hello;
    }
}
