using System;
using System.Linq;
using Microsoft.VisualStudio.TestTools.UnitTesting;
using NfDtls.Server;
using M = NfDtls.HandshakeType;

namespace NfDtls.Tests.Engine;

[TestClass]
public class CookieTests
{
    private readonly DtlsServerEngine _server = new DtlsServerEngine(TestBed.Options(1));

    [TestMethod]
    public void Nothing_is_kept_of_a_client_before_its_cookie()
    {
        for (int i = 0; i < 1000; i++)
        {
            ScriptedClient client = new ScriptedClient(_server, new byte[] { 1, 2, (byte)(i >> 8), (byte)i });
            client.SendHello();
            CollectionAssert.AreEqual(new[] { M.HelloVerifyRequest }, client.Peer.Received);
        }

        Assert.AreEqual(0, _server.SessionCount);
        Assert.AreEqual(0, _server.HandshakeCount);
        Assert.AreEqual(long.MaxValue, _server.NextDeadline);
        Assert.AreEqual(1000, _server.Statistics.CookiesSent);
        Assert.AreEqual(_server.Pool.Count, _server.Pool.Available);
    }

    [TestMethod]
    public void The_answer_is_smaller_than_the_smallest_hello_and_has_its_numbers()
    {
        ScriptedClient client = new ScriptedClient(_server, TestBed.Address);
        client.Peer.NextRecord = 0x123456;
        client.Peer.NextMessage = 3;
        byte[] hello = client.Peer.Message(M.ClientHello, client.Peer.ClientHelloBody());
        byte[] copy = (byte[])hello.Clone();
        _server.HandleDatagram(copy, 0, copy.Length, TestBed.Address, 6, 1);
        Packet packet = _server.PollDatagram(1);
        Assert.IsTrue(packet.Length < hello.Length);
        Assert.IsTrue(packet.Length < 13 + 12 + 2 + 32 + 1 + 1, "Smaller than any first fragment that is answered.");
        byte[] answer = packet.Buffer.AsSpan(packet.Offset, packet.Length).ToArray();
        packet.Return();
        CollectionAssert.AreEqual(new byte[] { 22, 0xFE, 0xFF, 0, 0, 0, 0, 0, 0x12, 0x34, 0x56 }, answer.AsSpan(0, 11).ToArray());
        Assert.AreEqual(3, answer[18]);
        CollectionAssert.AreEqual(new byte[] { 0xFE, 0xFF, 16 }, answer.AsSpan(25, 3).ToArray());
        Assert.IsNull(_server.PollDatagram(1));
    }

    [TestMethod]
    public void A_cookie_holds_for_its_address_random_session_id_and_version_only()
    {
        Refuses((_, _) => { }, TestBed.OtherAddress);
        Refuses((_, _) => { }, new byte[] { 192, 0, 2, 7, 0xC0, 0x02 });
        Refuses((_, _) => { }, new byte[] { 192, 0, 2, 7, 0xC0 });
        Refuses((peer, _) => peer.ClientRandom = TestBed.Bytes(32, 11), TestBed.Address);
        Refuses((peer, _) => peer.SessionId = new byte[1], TestBed.Address);
        Refuses((peer, _) => peer.Version = 0xFEFC, TestBed.Address);
        Accepts(peer => peer.Suites = new byte[] { 1, 2, 0xC0, 0xA8 });
    }

    [TestMethod]
    public void A_cookie_holds_for_no_other_session_id_of_the_same_length()
    {
        foreach (int length in new[] { 1, 8, 32 })
        {
            for (int changed = -1; changed < length; changed++)
            {
                ScriptedClient client = new ScriptedClient(_server, TestBed.Address);
                client.Peer.SessionId = TestBed.Bytes(length, 60);
                client.SendHello();
                if (changed >= 0)
                {
                    client.Peer.SessionId[changed] ^= 1;
                }

                client.SendHello();
                Assert.AreEqual(changed < 0, client.Peer.Received.Contains(M.ServerHello), length + ": " + changed);
                _server.Reset();
            }
        }
    }

    [TestMethod]
    public void Cookies_that_are_wrong_in_any_bit_or_length_are_answered_with_another()
    {
        for (int bit = 0; bit < 128; bit++)
        {
            Refuses((peer, _) => peer.Cookie[bit / 8] ^= (byte)(1 << (bit % 8)), TestBed.Address);
        }

        foreach (int length in new[] { 0, 1, 15, 17, 32, 255 })
        {
            Refuses(
                (peer, cookie) =>
                {
                    byte[] other = new byte[length];
                    Array.Copy(cookie, other, Math.Min(length, 16));
                    peer.Cookie = other;
                },
                TestBed.Address);
        }
    }

    [TestMethod]
    public void A_cookie_outlives_one_change_of_the_secret_but_not_two()
    {
        foreach ((int after, bool holds) in new[] { (0, true), (59_000, true), (61_000, true), (100_000, true), (125_000, false), (10_000_000, false) })
        {
            DtlsServerEngine server = new DtlsServerEngine(TestBed.Options(1));
            ScriptedClient client = new ScriptedClient(server, TestBed.Address);
            client.SendHello();
            client.Now += after / 2;
            ScriptedClient other = new ScriptedClient(server, TestBed.OtherAddress) { Now = client.Now };
            other.SendHello();
            client.Now += after - (after / 2);
            client.SendHello();
            Assert.AreEqual(holds, client.Peer.Received.Contains(M.ServerHello), after.ToString());
        }
    }

    [TestMethod]
    public void A_first_fragment_without_the_whole_cookie_field_is_dropped_and_so_are_later_ones()
    {
        ScriptedClient client = new ScriptedClient(_server, TestBed.Address);
        byte[] body = client.Peer.ClientHelloBody();
        for (int length = 1; length < 36; length++)
        {
            client.Send(Part(body, 0, length));
            Assert.AreEqual(0, client.Answers, length.ToString());
        }

        client.Send(Part(body, 36, body.Length - 36));
        Assert.AreEqual(0, client.Answers);
        client.Send(Part(body, 0, 36));
        Assert.AreEqual(1, client.Answers);
        Assert.AreEqual(0, _server.SessionCount);
    }

    [TestMethod]
    public void The_first_fragment_of_a_hello_proves_the_address()
    {
        ScriptedClient client = new ScriptedClient(_server, TestBed.Address);
        client.SendHello();
        byte[] whole = client.Peer.Message(M.ClientHello, client.Peer.ClientHelloBody());
        byte[] body = whole.AsSpan(25).ToArray();
        client.Send(Part(body, 0, 55, 1));
        Assert.AreEqual(1, _server.HandshakeCount);
        client.Send(Part(body, 55, body.Length - 55, 1));
        Assert.IsTrue(client.Peer.Received.Contains(M.ServerHelloDone));
    }

    [TestMethod]
    [DataRow(0)]
    [DataRow(16)]
    [DataRow(20)]
    public void A_datagram_of_many_hellos_gets_one_answer_for_two_HMACs_at_most(int cookie)
    {
        DtlsOptions options = TestBed.Options(1);
        CountingProvider provider = new CountingProvider(options.Crypto);
        options.Crypto = provider;
        DtlsServerEngine server = new DtlsServerEngine(options);
        ScriptedClient client = new ScriptedClient(server, TestBed.Address);
        client.Peer.Cookie = new byte[cookie];
        byte[] datagram = Enumerable.Range(0, 16)
            .SelectMany(i => Part(client.Peer.ClientHelloBody(), 0, 36 + cookie, i))
            .ToArray();
        client.Send(datagram);
        Assert.AreEqual(1, client.Answers);
        Assert.AreEqual(cookie == 16 ? 2 : 1, provider.Hmacs);
        Assert.AreEqual(15, server.Statistics.Dropped(DropReason.Duplicate));

        // Another datagram is another chance.
        client.Peer.Received.Clear();
        client.SendHello();
        CollectionAssert.AreEqual(new[] { M.ServerHello, M.ServerHelloDone }, client.Peer.Received);
    }

    [TestMethod]
    public void The_exchange_can_be_turned_off()
    {
        DtlsOptions options = TestBed.Options(1);
        options.CookieExchange = false;
        DtlsServerEngine server = new DtlsServerEngine(options);
        ScriptedClient client = new ScriptedClient(server, TestBed.Address);
        client.SendHello();
        CollectionAssert.AreEqual(new[] { M.ServerHello, M.ServerHelloDone }, client.Peer.Received);
        new TestBed(TestBed.Options(3), options).Connect().VerifyEcho();
    }

    [TestMethod]
    public void Without_the_exchange_a_hello_may_come_in_pieces_of_any_size()
    {
        foreach (int size in new[] { 1, 2, 3, 10, 33, 34, 35, 50 })
        {
            DtlsOptions options = TestBed.Options(1);
            options.CookieExchange = false;
            DtlsServerEngine server = new DtlsServerEngine(options);
            ScriptedClient client = new ScriptedClient(server, TestBed.Address);
            byte[] body = client.Peer.ClientHelloBody();
            for (int round = 0; round < 2; round++)
            {
                // The second time it is the same hello again, which a restart must not be taken for.
                for (int at = 0; at < body.Length; at += size)
                {
                    client.Send(Part(body, at, Math.Min(size, body.Length - at)));
                }

                Assert.AreEqual(1, server.HandshakeCount, size.ToString());
                CollectionAssert.AreEqual(new[] { M.ServerHello, M.ServerHelloDone }, client.Peer.Received, size.ToString());
            }

            client.Peer.Restart();
            client.Peer.NextMessage = 0;
            client.Peer.ClientRandom = TestBed.Bytes(32, 77);
            client.Peer.Received.Clear();
            body = client.Peer.ClientHelloBody();
            client.Now += 40_000;
            server.HandleTimeout(client.Now);
            client.Peer.Message(M.ClientHello, body);
            for (int at = 0; at < body.Length; at += size)
            {
                client.Send(Part(body, at, Math.Min(size, body.Length - at)));
            }

            client.Send(client.Peer.Message(M.ClientKeyExchange, client.Peer.ClientKeyExchangeBody()));
            client.Send(client.Peer.ChangeCipherSpec());
            client.Send(client.Peer.Finished(true));
            Assert.AreEqual(1, server.Statistics.HandshakesCompleted, size.ToString());
        }
    }

    [TestMethod]
    [DataRow(true)]
    [DataRow(false)]
    public void A_hello_whose_number_no_exchange_of_cookies_explains_begins_nothing(bool exchange)
    {
        foreach (int sequence in new[] { 0, 1, 2, 3, 4, 5, 7, 100, 0xFFFF })
        {
            DtlsOptions options = TestBed.Options(1);
            options.CookieExchange = exchange;
            DtlsServerEngine server = new DtlsServerEngine(options);
            ScriptedClient client = new ScriptedClient(server, TestBed.Address);
            client.SendHello();
            server.Reset();
            client.Peer.NextMessage = sequence;
            client.SendHello();
            Assert.AreEqual(sequence <= 4 ? 1 : 0, server.SessionCount, sequence.ToString());
            Assert.AreEqual(sequence <= 4 ? 0 : 1, server.Statistics.Dropped(DropReason.MessageSequence), sequence.ToString());
        }
    }

    [TestMethod]
    public void The_server_hello_has_the_numbers_of_the_hello()
    {
        DtlsServerEngine server = new DtlsServerEngine(TestBed.Options(1));
        ScriptedClient client = new ScriptedClient(server, TestBed.Address);
        client.Peer.NextRecord = 40;
        client.SendHello();
        client.Peer.NextRecord = 0xABCDE;
        byte[] hello = client.Peer.Message(M.ClientHello, client.Peer.ClientHelloBody());
        server.HandleDatagram(hello, 0, hello.Length, TestBed.Address, 6, client.Now);
        Packet packet = server.PollDatagram(client.Now);
        CollectionAssert.AreEqual(new byte[] { 0, 0, 0, 0, 0, 0x0A, 0xBC, 0xDE }, packet.Buffer.AsSpan(packet.Offset + 3, 8).ToArray());
        Assert.AreEqual(1, packet.Buffer[packet.Offset + 18]);
        packet.Return();
    }

    [TestMethod]
    [DataRow(0xFFFFFFFF0000, true)]
    [DataRow(0xFFFFFFFF0001, false)]
    [DataRow(0xFFFFFFFFFFFE, false)]
    [DataRow(0xFFFFFFFFFFFF, false)]
    public void A_hello_whose_number_leaves_too_few_for_a_handshake_gets_no_answer(long number, bool isAnswered)
    {
        // The answers bear its number and those behind it: at the end of the numbers, a handshake would have none for its last messages.
        ScriptedClient client = new ScriptedClient(_server, TestBed.Address);
        client.Peer.NextRecord = number;
        client.SendHello();
        Assert.AreEqual(isAnswered ? 1 : 0, client.Answers);
        client.Peer.NextRecord = 0;
        client.Peer.NextMessage = 0;
        client.Peer.Cookie = new byte[0];
        client.Peer.Restart();
        client.SendHello();
        client.Peer.NextRecord = number;
        client.SendHello();
        Assert.AreEqual(isAnswered, client.Peer.Received.Contains(M.ServerHello));
        Assert.AreEqual(isAnswered ? 1 : 0, _server.SessionCount);
        Assert.AreEqual(isAnswered ? 0 : 2, _server.Statistics.Dropped(DropReason.Fragment));
        client.Send(client.Peer.Message(M.ClientKeyExchange, client.Peer.ClientKeyExchangeBody()));
        client.Send(client.Peer.ChangeCipherSpec());
        client.Send(client.Peer.Finished(true));
        Assert.AreEqual(isAnswered ? 1 : 0, _server.Statistics.HandshakesCompleted);
    }

    [TestMethod]
    public void A_flood_of_proven_addresses_takes_handshake_slots_only_for_a_time()
    {
        DtlsOptions options = TestBed.Options(2);
        options.MaxRetransmits = 1;
        TestBed bed = new TestBed(TestBed.Options(1), options);
        for (int i = 0; i < 20; i++)
        {
            new ScriptedClient(bed.Server, new byte[] { 9, 9, 9, (byte)i }) { Now = bed.Network.Now }.Hello();
        }

        Assert.AreEqual(4, bed.Server.HandshakeCount);
        Assert.AreEqual(16, bed.Server.Statistics.NoFreeSession);
        bed.Connect().VerifyEcho();
        bed.Network.Run(10_000);
        Assert.AreEqual(1, bed.Server.SessionCount);
        bed.VerifyPools();
    }

    [TestMethod]
    public void A_server_without_entropy_answers_nothing_and_takes_no_harm()
    {
        DtlsOptions options = TestBed.Options(2);
        FailingProvider provider = new FailingProvider(options.Crypto);
        options.Crypto = provider;
        TestBed bed = new TestBed(TestBed.Options(1), options);
        provider.Fails = true;
        bed.Network.PartsMayFail = true;
        bed.Client.Engine.Connect(bed.Network.Now);
        bed.Network.Run(10_000);
        Assert.IsTrue(bed.Network.Sent.TrueForAll(datagram => datagram.ToServer));
        Assert.AreEqual("no entropy", bed.Network.Failures[0].Message);
        Assert.AreEqual(bed.Network.Sent.Count, bed.Network.Failures.Count);
        provider.Fails = false;
        Assert.IsTrue(bed.Network.Run(bed.IsConnected, 100_000));
        bed.VerifyEcho();
    }

    private static byte[] Part(byte[] body, int offset, int count, int sequence = 0)
    {
        byte[] content = new byte[12 + count];
        MessageHeader.Write(content, 0, M.ClientHello, body.Length, sequence, offset, count);
        Array.Copy(body, offset, content, 12, count);
        return TestBed.Record(ContentType.Handshake, 0, 0, content);
    }

    private void Accepts(Action<ScriptedPeer> change)
    {
        ScriptedClient client = new ScriptedClient(new DtlsServerEngine(TestBed.Options(1)), TestBed.Address);
        client.SendHello();
        change(client.Peer);
        client.SendHello();
        Assert.IsTrue(client.Peer.Received.Contains(M.ServerHello));
    }

    private void Refuses(Action<ScriptedPeer, byte[]> change, byte[] address)
    {
        ScriptedClient first = new ScriptedClient(_server, TestBed.Address);
        first.SendHello();
        ScriptedClient second = new ScriptedClient(_server, address);
        second.Peer.Cookie = (byte[])first.Peer.Cookie.Clone();
        change(second.Peer, first.Peer.Cookie);
        second.SendHello();
        CollectionAssert.AreEqual(new[] { M.HelloVerifyRequest }, second.Peer.Received);
        Assert.AreEqual(0, _server.SessionCount);
    }

    [TestMethod]
    public void A_message_that_came_too_early_does_not_spoil_the_cookie()
    {
        TestBed bed = new TestBed();
        bed.Client.Engine.Connect(bed.Network.Now);
        bed.Network.Deliver(false, TestBed.Address, TestBed.Message(HandshakeType.ServerHello, 1, 1, TestBed.Bytes(40, 0xA0)));
        Assert.IsTrue(bed.Network.Run(bed.IsConnected, 1000));
        Assert.AreEqual(0, bed.Client.Engine.Statistics.Retransmissions);
        Assert.AreEqual(1, bed.Server.Statistics.CookiesSent);
    }
}
