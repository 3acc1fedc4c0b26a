using System;
using System.Linq;
using System.Net;
using System.Net.Sockets;
using System.Threading;
using Microsoft.VisualStudio.TestTools.UnitTesting;
using NfDtls.Sockets;

namespace NfDtls.Tests.Host;

/// <summary>Send and Receive, and how connections end.</summary>
[TestClass]
public class TransferTests
{
    private readonly byte[] _buffer = new byte[2000];

    [TestMethod]
    public void Sending_too_much_names_both_numbers_and_hurts_nothing()
    {
        using EchoServer server = new EchoServer();
        using DtlsClient client = server.Connect(out DtlsSession session);
        int most = client.MaxPayload;
        Assert.AreEqual(most, session.MaxPayload);
        foreach (Action send in new Action[] { () => client.Send(new byte[most + 1]), () => session.Send(new byte[most + 1]) })
        {
            ArgumentException e = Assert.ThrowsExactly<ArgumentException>(send);
            StringAssert.Contains(e.Message, most.ToString());
            StringAssert.Contains(e.Message, (most + 1).ToString());
        }

        Check.Echo(client, "hello");
    }

    [TestMethod]
    public void An_application_that_knows_the_path_says_how_long_datagrams_may_be()
    {
        using EchoServer server = new EchoServer();
        using DtlsClient client = server.Connect(out DtlsSession session);
        Assert.AreEqual(1232, client.PathMtu);
        Assert.AreEqual(1232, session.PathMtu);
        int most = client.MaxPayload;
        client.PathMtu = 600;
        session.PathMtu = 700;
        Assert.AreEqual(most - 632, client.MaxPayload);
        Assert.AreEqual(most - 532, session.MaxPayload);
        Check.Echo(client, new string('x', client.MaxPayload));
        Assert.ThrowsExactly<ArgumentException>(() => client.Send(new byte[most]));
        Assert.ThrowsExactly<ArgumentException>(() => session.Send(new byte[most]));
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => client.PathMtu = 1233);
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => session.PathMtu = 149);
        client.Close(Setup.Patience);
        Setup.Until(() => session.PathMtu == 0, "the session's end");
        session.PathMtu = 500;
    }

    [TestMethod]
    public void Part_of_an_array_is_sent_and_received()
    {
        using EchoServer server = new EchoServer();
        using DtlsClient client = server.Connect();
        client.Send(Setup.Bytes("xhellox"), 1, 5);
        Assert.AreEqual(5, client.Receive(_buffer, 7, Setup.Patience));
        Assert.AreEqual("hello", System.Text.Encoding.UTF8.GetString(_buffer, 7, 5));
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => client.Send(new byte[5], 3, 3));
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => client.Send(new byte[5], -1, 3));
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => client.Receive(_buffer, 2001, 0));
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => client.Receive(_buffer, 0, -2));
        Assert.ThrowsExactly<ArgumentNullException>(() => client.Send((byte[])null!));
        Assert.ThrowsExactly<ArgumentNullException>(() => client.Receive(null!, 0, 0));
    }

    [TestMethod]
    [TestProperty("Error", nameof(DtlsError.NotConnected))]
    public void Before_Connect_nothing_can_be_sent_or_received()
    {
        using DtlsClient client = new DtlsClient(Setup.Options());
        Setup.Fails(DtlsError.NotConnected, () => client.Send(new byte[1]));
        Setup.Fails(DtlsError.NotConnected, () => client.Send(new byte[1], Setup.Loopback(9)));
        Setup.Fails(DtlsError.NotConnected, () => client.Receive(_buffer, 0, -1));
        Setup.Fails(DtlsError.NotConnected, () => client.Move(Setup.Loopback(9)));
        Assert.IsTrue(client.Close(Setup.Patience));
        Assert.AreEqual(0, client.MaxPayload);
        Assert.AreEqual(AssociationState.Idle, client.State);
        Assert.IsNull(client.Suite);
        Assert.IsNull(client.RemoteEndPoint);
    }

    [TestMethod]
    [TestProperty("Error", nameof(DtlsError.SessionClosed))]
    public void After_Close_nothing_can_be_sent_or_received()
    {
        using EchoServer server = new EchoServer();
        using DtlsClient client = server.Connect();
        Assert.IsTrue(client.Close(Setup.Patience));
        Assert.AreEqual(AssociationState.Closed, client.State);
        Assert.AreEqual(DtlsError.SessionClosed, client.LastError);
        foreach (Action call in new Action[] { () => client.Send(new byte[1]), () => client.Receive(_buffer, 0, -1), () => client.Move(server.EndPoint) })
        {
            DtlsException e = Setup.Fails(DtlsError.SessionClosed, call);
            Assert.AreEqual(Alert.CloseNotify, e.AlertSent);
            Assert.AreEqual(Alert.CloseNotify, e.AlertReceived);
        }
        Assert.IsTrue(client.Close(Setup.Patience), "closing twice");
    }

    [TestMethod]
    public void After_Dispose_every_call_says_so()
    {
        using EchoServer server = new EchoServer();
        DtlsClient client = server.Connect();
        client.Dispose();
        client.Dispose();
        Assert.ThrowsExactly<ObjectDisposedException>(() => client.Send(new byte[1]));
        Assert.ThrowsExactly<ObjectDisposedException>(() => client.Receive(_buffer, 0, -1));
        Assert.ThrowsExactly<ObjectDisposedException>(() => client.Connect(server.EndPoint, -1));
        Assert.ThrowsExactly<ObjectDisposedException>(() => client.Close(-1));
        Assert.ThrowsExactly<ObjectDisposedException>(() => client.Reset());
        Assert.ThrowsExactly<ObjectDisposedException>(() => client.Move(server.EndPoint));
        Setup.Until(() => server.Disconnected.Contains(DtlsError.SessionClosed), "the server is told");
        Check.Whole(client.Pool);
    }

    [TestMethod]
    public void Dispose_from_another_thread_ends_a_Receive_that_waits_for_ever()
    {
        using EchoServer server = new EchoServer();
        DtlsClient client = server.Connect();
        Running receive = Setup.Start(() => client.Receive(_buffer, 0, -1));
        Setup.Until(() => client.Callers == 1, "a Receive that waits");
        Setup.InTime("Dispose", client.Dispose);
        Assert.IsTrue(receive.Join(Setup.Patience));
        Assert.IsInstanceOfType<ObjectDisposedException>(receive.Failure);
    }

    [TestMethod]
    public void Dispose_from_another_thread_ends_a_Connect_that_waits_for_ever()
    {
        using Socket socket = Check.SilentSocket();
        IPEndPoint silent = (IPEndPoint)socket.LocalEndPoint!;
        DtlsClient client = new DtlsClient(Setup.Options());
        Running connect = Setup.Start(() => client.Connect(silent, -1));
        Setup.Until(() => connect.IsBlocked && client.State == AssociationState.Connecting, "a Connect that waits");
        Setup.InTime("Dispose", client.Dispose);
        Assert.IsTrue(connect.Join(Setup.Patience));
        Assert.IsInstanceOfType<ObjectDisposedException>(connect.Failure);
        Check.Whole(client.Pool);
    }

    [TestMethod]
    public void Another_address_is_refused_until_Move_names_it()
    {
        using EchoServer server = new EchoServer();
        using Socket other = Check.SilentSocket();
        IPEndPoint elsewhere = (IPEndPoint)other.LocalEndPoint!;
        using DtlsClient client = server.Connect();
        client.Send(Setup.Bytes("a"), server.EndPoint);
        Assert.AreEqual("a", Check.Receive(client));
        Assert.ThrowsExactly<ArgumentException>(() => client.Send(Setup.Bytes("b"), elsewhere));
        Assert.ThrowsExactly<ArgumentException>(() => client.Move(new IPEndPoint(IPAddress.IPv6Loopback, 9)));

        client.Move(elsewhere);
        Assert.AreEqual(elsewhere, client.RemoteEndPoint);
        client.Send(Setup.Bytes("b"), elsewhere);
        Assert.ThrowsExactly<ArgumentException>(() => client.Send(Setup.Bytes("c"), server.EndPoint));

        // A relay under the new address: the connection goes on through it.
        other.ReceiveTimeout = Setup.Patience;
        int count = other.Receive(_buffer);
        client.Move(server.EndPoint);
        other.SendTo(_buffer.AsSpan(0, count), Setup.Loopback(client.LocalPort));
        Check.Echo(client, "d");
    }

    [TestMethod]
    public void Receive_waits_no_longer_than_it_is_told_and_for_ever_with_minus_one()
    {
        using EchoServer server = new EchoServer();
        using DtlsClient client = server.Connect(out DtlsSession session);
        Assert.AreEqual(-1, client.Receive(_buffer, 0, 0));
        Assert.AreEqual(-1, client.Receive(_buffer, 0, 20));
        Assert.AreEqual(-1, session.Receive(_buffer, 0, 0));
        Assert.AreEqual(-1, session.Receive(_buffer, 0, 20));
        int count = 0;
        Running receive = Setup.Start(() => count = client.Receive(_buffer, 0, -1));
        Setup.Until(() => client.Callers == 1, "a Receive that waits");
        session.Send(new byte[77]);
        Setup.Await("Receive", receive);
        Assert.AreEqual(77, count);
    }

    [TestMethod]
    public void A_session_can_wait_for_its_records_too()
    {
        using EchoServer server = new EchoServer();
        server.IsLazy = true;
        using DtlsClient client = server.Connect(out DtlsSession session);
        Running receive = Setup.Start(() => Assert.AreEqual("hello", Check.Receive(session)));
        Setup.Until(() => receive.IsBlocked, "a Receive that waits");
        client.Send(Setup.Bytes("hello"));
        Setup.Await("Receive", receive);
        receive = Setup.Start(() => session.Receive(new byte[10], 0, -1));
        Setup.Until(() => receive.IsBlocked, "a Receive that waits");
        Assert.IsTrue(client.Close(Setup.Patience));
        Assert.IsTrue(receive.Join(Setup.Patience));
        Assert.AreEqual(DtlsError.SessionClosed, (receive.Failure as DtlsException)?.Error);
    }

    [TestMethod]
    [TestProperty("Error", nameof(DtlsError.MessageTooLarge))]
    public void A_record_that_does_not_fit_is_kept()
    {
        using EchoServer server = new EchoServer();
        using DtlsClient client = server.Connect();
        client.Send(new byte[100]);
        DtlsException e = Setup.Fails(DtlsError.MessageTooLarge, () => client.Receive(new byte[99], 0, Setup.Patience));
        StringAssert.Contains(e.Message, "100");
        StringAssert.Contains(e.Message, "99");
        Setup.Fails(DtlsError.MessageTooLarge, () => client.Receive(new byte[100], 1, Setup.Patience));
        Assert.AreEqual(100, client.Receive(new byte[100], 0, 0));
        Assert.AreEqual(-1, client.Receive(new byte[100], 0, 0));
    }

    [TestMethod]
    public void A_record_that_does_not_fit_is_kept_at_the_server_even_after_the_end()
    {
        using EchoServer server = new EchoServer();
        server.IsLazy = true;
        using DtlsClient client = server.Connect(out DtlsSession session);
        client.Send(new byte[100]);
        Setup.Fails(DtlsError.MessageTooLarge, () => session.Receive(new byte[99], 0, Setup.Patience));
        Assert.IsTrue(client.Close(Setup.Patience));
        Setup.Until(() => !server.Disconnected.IsEmpty, "Disconnected");
        Setup.Fails(DtlsError.MessageTooLarge, () => session.Receive(new byte[99], 0, 0));
        Assert.AreEqual(100, session.Receive(new byte[100], 0, 0));
        Setup.Fails(DtlsError.SessionClosed, () => session.Receive(new byte[100], 0, 0));
    }

    [TestMethod]
    public void An_empty_record_is_not_nothing()
    {
        using EchoServer server = new EchoServer();
        using DtlsClient client = server.Connect();
        client.Send([]);
        Assert.AreEqual(0, client.Receive([], 0, Setup.Patience));
        Assert.AreEqual(-1, client.Receive([], 0, 0));
    }

    [TestMethod]
    public void Close_is_true_when_the_server_answers_and_the_server_hears_of_it()
    {
        using EchoServer server = new EchoServer();
        using DtlsClient client = server.Connect(out DtlsSession session);
        Assert.IsTrue(client.Close(Setup.Patience));
        Setup.Until(() => server.Disconnected.Count == 1, "Disconnected");
        Assert.AreEqual(DtlsError.SessionClosed, server.Disconnected.ToArray()[0]);
        Assert.AreEqual(DtlsError.SessionClosed, session.LastError);
        Assert.AreEqual(AssociationState.Closed, session.State);
        Assert.AreEqual(0, session.MaxPayload);
        Setup.Fails(DtlsError.SessionClosed, () => session.Send(new byte[1]));
        session.Close();
        Setup.Until(() => server.Server.SessionCount == 0, "an empty table");
    }

    [TestMethod]
    [TestProperty("Error", nameof(DtlsError.CloseFail))]
    [DataRow(0)]
    [DataRow(100)]
    public void Close_is_false_when_no_answer_comes(int timeout)
    {
        using EchoServer server = new EchoServer();
        using Socket silent = Check.SilentSocket();
        using DtlsClient client = server.Connect();
        client.Move((IPEndPoint)silent.LocalEndPoint!);
        Assert.IsFalse(client.Close(timeout));
        Assert.AreEqual(DtlsError.CloseFail, client.LastError);
        Assert.AreEqual(AssociationState.Closed, client.State);
        Assert.AreEqual(0, client.MaxPayload);
        Setup.Fails(DtlsError.SessionClosed, () => client.Send(new byte[1]));
        Setup.Fails(DtlsError.SessionClosed, () => client.Receive(_buffer, 0, -1));
        Assert.IsTrue(silent.Available > 0, "close_notify was sent");
        Assert.IsTrue(client.Connect(server.EndPoint, Setup.Patience), "the client may connect again");
    }

    [TestMethod]
    public void A_session_that_closes_without_an_answer_ends_with_CloseFail()
    {
        using EchoServer server = new EchoServer();
        server.Server.CloseTimeout = 100;
        using DtlsClient client = server.Connect(out DtlsSession session);
        client.Reset();
        session.Close();
        Assert.AreEqual(AssociationState.Closing, session.State);
        Setup.Fails(DtlsError.SessionClosed, () => session.Send(new byte[1]));
        Setup.Until(() => server.Disconnected.Count == 1, "Disconnected");
        Assert.AreEqual(DtlsError.CloseFail, server.Disconnected.ToArray()[0]);
    }

    [TestMethod]
    public void What_came_before_the_close_is_delivered_first_at_the_client()
    {
        using EchoServer server = new EchoServer();
        using DtlsClient client = server.Connect(out DtlsSession session);
        session.Send(Setup.Bytes("one"));
        session.Send(Setup.Bytes("two"));
        session.Close();
        Setup.Until(() => client.State == AssociationState.Closed, "the close");
        Setup.Fails(DtlsError.SessionClosed, () => client.Send(new byte[1]));
        Assert.AreEqual("one", Check.Receive(client));
        Assert.AreEqual("two", Check.Receive(client));
        Setup.Fails(DtlsError.SessionClosed, () => client.Receive(_buffer, 0, -1));
        Setup.Until(() => server.Disconnected.Contains(DtlsError.SessionClosed), "the answer");
    }

    [TestMethod]
    public void What_came_before_the_close_is_delivered_first_at_the_server()
    {
        using EchoServer server = new EchoServer();
        server.IsLazy = true;
        using DtlsClient client = server.Connect(out DtlsSession session);
        client.Send(Setup.Bytes("one"));
        client.Send(Setup.Bytes("two"));
        Assert.IsTrue(client.Close(Setup.Patience));
        Setup.Until(() => server.Disconnected.Count == 1, "Disconnected");
        Assert.AreEqual("one", Check.Receive(session));
        Assert.AreEqual("two", Check.Receive(session));
        Setup.Fails(DtlsError.SessionClosed, () => session.Receive(_buffer, 0, -1));
        Check.Whole(server.Server.Pool);
    }

    [TestMethod]
    public void A_close_by_the_server_ends_a_Receive_that_waits_for_ever()
    {
        using EchoServer server = new EchoServer();
        using DtlsClient client = server.Connect(out DtlsSession session);
        Running receive = Setup.Start(() => client.Receive(_buffer, 0, -1));
        Setup.Until(() => client.Callers == 1, "a Receive that waits");
        session.Close();
        Assert.IsTrue(receive.Join(Setup.Patience));
        Assert.AreEqual(DtlsError.SessionClosed, (receive.Failure as DtlsException)?.Error);
        Assert.AreEqual(DtlsError.SessionClosed, client.LastError);
    }

    [TestMethod]
    public void Garbage_and_strangers_change_nothing()
    {
        using EchoServer server = new EchoServer();
        using DtlsClient client = server.Connect();
        using Socket stranger = Check.SilentSocket();
        byte[] forged = [23, 0xFE, 0xFD, 0, 1, 0, 0, 0, 0, 0, 99, 0, 24, 0, 1, 0, 0, 0, 0, 0, 99, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16];
        foreach (byte[] datagram in new byte[][] { [], [1], forged, new byte[3000] })
        {
            stranger.SendTo(datagram, server.EndPoint);
            stranger.SendTo(datagram, Setup.Loopback(client.LocalPort));
        }

        Setup.Until(() => client.Statistics.Dropped(DropReason.NoSession) >= 3, "strangers counted at the client");
        Setup.Until(() => client.Statistics.Dropped(DropReason.Truncated) == 1, "the long one counted at the client");
        Setup.Until(() => server.Server.Statistics.Dropped(DropReason.Truncated) == 1, "the long one counted at the server");
        Check.Echo(client, "hello");
        Assert.IsTrue(server.Errors.IsEmpty);
    }

    [TestMethod]
    public void Two_threads_receive_at_once_and_each_gets_a_record_of_its_own()
    {
        using EchoServer server = new EchoServer();
        using DtlsClient client = server.Connect(out DtlsSession session);
        string[] got = new string[2];
        Running first = Setup.Start(() => got[0] = Check.Receive(client));
        Running second = Setup.Start(() => got[1] = Check.Receive(client));
        Setup.Until(() => client.Callers == 2, "two that wait");
        session.Send(Setup.Bytes("a"));
        session.Send(Setup.Bytes("b"));
        Setup.Await("the first", first);
        Setup.Await("the second", second);
        Array.Sort(got);
        CollectionAssert.AreEqual(new[] { "a", "b" }, got);
    }

    [TestMethod]
    public void Two_threads_send_at_once_and_everything_arrives()
    {
        const int Each = 100;
        using EchoServer server = new EchoServer();
        int count = 0;
        server.OnRecord = (_, _) => Interlocked.Increment(ref count);
        using DtlsClient client = server.Connect();
        int allowed = 0;
        Action send = () =>
        {
            for (int i = 0; i < Each; i++)
            {
                // No more on the way than the server's queue takes.
                int number = Interlocked.Increment(ref allowed);
                Setup.Until(() => number - Volatile.Read(ref count) <= 4, "room");
                client.Send(Setup.Bytes("x"));
            }
        };
        Running first = Setup.Start(send);
        Running second = Setup.Start(send);
        Setup.Await("the first", first);
        Setup.Await("the second", second);
        Setup.Until(() => Volatile.Read(ref count) == 2 * Each, "all records");
    }

    [TestMethod]
    public void Two_threads_connect_and_close_at_once()
    {
        using EchoServer server = new EchoServer();
        using DtlsClient client = new DtlsClient(Setup.Options());
        for (int i = 0; i < 5; i++)
        {
            Action connect = () =>
            {
                try
                {
                    Assert.IsTrue(client.Connect(server.EndPoint, Setup.Patience));
                }
                catch (DtlsException e) when (e.Error == DtlsError.AlreadyConnected)
                {
                    // The other thread was there before.
                }
            };
            Running first = Setup.Start(connect);
            Running second = Setup.Start(connect);
            Setup.Await("the first Connect", first);
            Setup.Await("the second Connect", second);
            Check.Echo(client, "hello");
            first = Setup.Start(() => Assert.IsTrue(client.Close(Setup.Patience)));
            second = Setup.Start(() => Assert.IsTrue(client.Close(Setup.Patience)));
            Setup.Await("the first Close", first);
            Setup.Await("the second Close", second);
        }

        Setup.Until(() => server.Disconnected.Count == 5, "5 ends");
        Assert.AreEqual(5, server.Connected.Count);
    }
}
