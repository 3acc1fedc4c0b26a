using System;
using System.Linq;
using Microsoft.VisualStudio.TestTools.UnitTesting;
using NfDtls.Extensions;
using NfDtls.Server;
using NfDtls.Tests.Engine;

namespace NfDtls.Tests.Extensions;

/// <summary>Whatever has changed since, or cannot be told, means a full handshake and never an error.</summary>
[TestClass]
public sealed class ResumptionFallbackTests
{
    [TestMethod]
    [DataRow(false)]
    [DataRow(true)]
    public void A_session_that_the_server_holds_for_over_means_a_full_handshake(bool tickets)
    {
        ResumptionBed bed = new ResumptionBed(tickets, changeServer: server => server.Lifetime = 3600).Connect();
        bed.Close();
        bed.Network.Run(3_500_000);
        bed.VerifyResumes();
        bed.Close();
        bed.Network.Run(3_700_000);

        // A client that has been asleep counts from when it woke.
        bed.RestartClient();
        bed.VerifyFull();
        bed.VerifyResumes();
    }

    [TestMethod]
    public void A_client_does_not_offer_what_is_over()
    {
        ResumptionBed bed = new ResumptionBed(true, changeClient: client => client.Lifetime = 1000).Connect();
        bed.Close();
        bed.Network.Run(1_000_500);
        bed.TakeSent();
        bed.VerifyFull();
        Assert.IsLessThan(110, bed.TakeSent().Max(datagram => datagram.FirstMessage == HandshakeType.ClientHello ? datagram.Bytes.Length : 0));
        bed = new ResumptionBed(true, changeServer: server => server.Lifetime = 1000).Connect();
        Assert.AreEqual(1000, bed.OfClient.Session.Lifetime, "the server's hint");
    }

    [TestMethod]
    public void A_ticket_is_renewed_in_the_second_half_of_its_time_but_not_for_ever()
    {
        ResumptionBed bed = new ResumptionBed(true, changeServer: server =>
        {
            server.Lifetime = 1000;
            server.MaxAge = 2600;
        }).Connect();
        byte[] first = bed.OfClient.Session.Ticket;
        Wait(bed, 400);
        bed.VerifyResumes();
        CollectionAssert.AreEqual(first, bed.OfClient.Session.Ticket);
        for (int i = 0; i < 3; i++)
        {
            Wait(bed, 550);
            byte[] before = bed.OfClient.Session.Ticket;
            bed.VerifyResumes();
            CollectionAssert.AreNotEqual(before, bed.OfClient.Session.Ticket);
        }

        // 2,600 s after the full handshake, and no later.
        Wait(bed, 550);
        bed.VerifyFull();
        bed.VerifyResumes();
    }

    [TestMethod]
    public void Tickets_of_the_key_before_are_taken_and_renewed_and_older_ones_are_not()
    {
        ResumptionBed bed = new ResumptionBed(true, changeServer: server => server.TicketKeys = new RotatingTicketKeys(100)).Connect();
        byte[] first = bed.OfClient.Session.Ticket;
        Wait(bed, 150);
        bed.VerifyResumes();
        byte[] second = bed.OfClient.Session.Ticket;
        CollectionAssert.AreNotEqual(first.Take(4).ToArray(), second.Take(4).ToArray(), "another key");
        Wait(bed, 250);
        bed.VerifyFull();
    }

    [TestMethod]
    public void A_ticket_with_any_byte_changed_or_cut_means_a_full_handshake()
    {
        ResumptionBed bed = new ResumptionBed(true).Connect();
        ResumableSession session = bed.OfClient.Session;
        for (int at = 0; at < session.Ticket.Length; at++)
        {
            byte[] ticket = (byte[])session.Ticket.Clone();
            ticket[at] ^= 0x10;
            Offer(bed, session, ticket);
            Assert.IsFalse(bed.Reconnect(), "byte " + at);
        }

        for (int length = 1; length < session.Ticket.Length; length += 7)
        {
            Offer(bed, session, session.Ticket.Take(length).ToArray());
            Assert.IsFalse(bed.Reconnect(), length + " bytes");
        }

        Offer(bed, session, session.Ticket.Append((byte)0).ToArray());
        bed.VerifyFull();
        Offer(bed, session, TestBed.Bytes(512));
        bed.VerifyFull();
        Offer(bed, session, session.Ticket);
        bed.VerifyResumes();
    }

    [TestMethod]
    public void Random_bytes_for_a_ticket_mean_a_full_handshake()
    {
        ResumptionBed bed = new ResumptionBed(true).Connect();
        ResumableSession session = bed.OfClient.Session;
        Random random = new Random(5);
        for (int i = 0; i < 300; i++)
        {
            byte[] ticket = new byte[1 + random.Next(512)];
            random.NextBytes(ticket);
            Array.Copy(session.Ticket, ticket, Math.Min(random.Next(20), ticket.Length));
            Offer(bed, session, ticket);
            Assert.IsFalse(bed.Reconnect());
        }
    }

    [TestMethod]
    [DataRow(false)]
    [DataRow(true)]
    public void A_server_that_was_started_anew_asks_for_a_full_handshake(bool tickets)
    {
        ResumptionBed bed = new ResumptionBed(tickets).Connect();
        bed.Close();
        bed.RestartServer();
        bed.VerifyFull();
        bed.VerifyResumes();
    }

    [TestMethod]
    public void Servers_with_common_keys_or_a_common_store_resume_each_others_sessions()
    {
        FixedKeys keys = new FixedKeys();
        ResumptionBed bed = new ResumptionBed(true, changeServer: server => server.TicketKeys = keys).Connect();
        bed.Close();
        bed.RestartServer(new SessionResumption { TicketKeys = keys });
        bed.VerifyResumes();
        MemorySessionStore store = new MemorySessionStore(4);
        bed = new ResumptionBed(false, changeServer: server => server.Store = store).Connect();
        bed.Close();
        bed.RestartServer(new SessionResumption { Tickets = false, Store = store });
        bed.VerifyResumes();
        Assert.AreEqual(1, store.Count);
    }

    [TestMethod]
    public void Of_a_full_store_the_session_that_was_used_least_recently_leaves()
    {
        MemorySessionStore store = new MemorySessionStore(2);
        ResumptionBed bed = new ResumptionBed(false, changeServer: server => server.Store = store).Connect();
        ResumableSession first = bed.OfClient.Session;
        bed.OfClient.Session = null!;
        bed.VerifyFull();
        ResumableSession second = bed.OfClient.Session;
        bed.OfClient.Session = first;
        bed.VerifyResumes();
        bed.OfClient.Session = null;
        bed.VerifyFull();
        bed.OfClient.Session = first;
        bed.VerifyResumes();
        bed.OfClient.Session = second;
        bed.VerifyFull();
        Assert.AreEqual(2, store.Count);
    }

    [TestMethod]
    [DataRow(false)]
    [DataRow(true)]
    public void Another_key_for_the_same_identity_means_a_full_handshake(bool tickets)
    {
        byte[] key = TestBed.Bytes(16, 0x70);
        FixedKeys keys = new FixedKeys();
        MemorySessionStore store = new MemorySessionStore(2);
        void Share(SessionResumption server)
        {
            server.TicketKeys = keys;
            server.Store = store;
        }

        ResumptionBed bed = new ResumptionBed(tickets, changeServer: Share).Connect();
        ResumableSession session = bed.OfClient.Session;

        // Both ends know of it: the client does not offer its session.
        bed.RestartClient(options => options.Psk = TestBed.Store(key, TestBed.Text("sensor-1")));
        SessionResumption ofServer = new SessionResumption { Tickets = tickets };
        Share(ofServer);
        bed.RestartServer(ofServer, options => options.Psk = TestBed.Store(key, TestBed.Text("sensor-1")));
        bed.VerifyFull();

        // The client does not look: the server does.
        bed.RestartClient(options => options.AskForPsk = true, session);
        bed.OfClient.Peers = new Peers();
        bed.Network.PskWanted = request => request.Answer(key, TestBed.Text("sensor-1"));
        bed.VerifyFull();
        bed.VerifyResumes();
    }

    [TestMethod]
    [DataRow(false)]
    [DataRow(true)]
    public void An_identity_that_was_removed_cannot_resume(bool tickets)
    {
        ResumptionBed bed = new ResumptionBed(tickets).Connect();
        bed.ServerOptions.Psk.Remove("sensor-1");
        bed.ServerOptions.Psk.Add(TestBed.Bytes(16), "another");
        bed.Close();
        bed.Bed.VerifyClientFails(DtlsError.AlertReceived);
        Assert.AreEqual(Alert.UnknownPskIdentity, bed.Client.AlertReceived);
    }

    [TestMethod]
    [DataRow(false)]
    [DataRow(true)]
    public void Another_table_of_suites_at_either_end_means_a_full_handshake(bool tickets)
    {
        CipherSuite ccm = PskSuites.Constrained().At(0);
        CipherSuite gcm = PskSuites.All().Find(0x00A8);
        FixedKeys keys = new FixedKeys();
        MemorySessionStore store = new MemorySessionStore(2);
        ResumptionBed bed = new ResumptionBed(tickets, options => options.Suites = TestBed.Only(ccm), 1, server =>
        {
            server.TicketKeys = keys;
            server.Store = store;
        }).Connect();
        ResumableSession session = bed.OfClient.Session;
        bed.RestartClient(options => options.Suites = TestBed.Only(gcm));
        bed.RestartServer(new SessionResumption { Tickets = tickets, TicketKeys = keys, Store = store }, options => options.Suites = new CipherSuiteTable().Add(gcm).Add(ccm));
        bed.VerifyFull();
        Assert.AreEqual(gcm, bed.Client.Suite);

        // A session goes on with its suite, whichever a server would choose now.
        bed.RestartClient(options => options.Suites = new CipherSuiteTable().Add(gcm).Add(ccm), session);
        bed.VerifyResumes();
        Assert.AreEqual(ccm, bed.Client.Suite);
        bed.RestartServer(new SessionResumption { Tickets = tickets, TicketKeys = keys, Store = store }, options => options.Suites = TestBed.Only(gcm));
        bed.VerifyFull();
        Assert.AreEqual(gcm, bed.Client.Suite);
    }

    [TestMethod]
    [DataRow(false)]
    [DataRow(true)]
    public void What_an_extension_asked_for_must_be_asked_for_again(bool tickets)
    {
        Asking asking = new Asking();
        ResumptionBed bed = new ResumptionBed(tickets, options => options.Extensions = new HelloExtension[] { asking }).Connect();
        bed.VerifyResumes();
        ResumableSession session = bed.OfClient.Session;
        asking.OfServer = 2;
        bed.VerifyFull();
        bed.VerifyResumes();
        asking.OfClient = 2;
        bed.TakeSent();
        bed.VerifyFull();
        if (tickets)
        {
            Assert.IsLessThan(130, bed.TakeSent().First(datagram => datagram.FirstMessage == HandshakeType.ClientHello).Bytes.Length, "It was offered.");
        }

        asking.OfClient = 0;
        asking.OfServer = 0;
        bed.OfClient.Session = session;
        bed.VerifyResumes();
    }

    [TestMethod]
    [DataRow(false)]
    [DataRow(true)]
    public void The_application_may_refuse_a_peer(bool tickets)
    {
        Peers peers = new Peers();
        ResumptionBed bed = new ResumptionBed(tickets, changeServer: server => server.Peers = peers).Connect();
        bed.VerifyResumes();
        CollectionAssert.AreEqual(TestBed.Text("sensor-1"), peers.Identity);
        peers.Allow = false;
        bed.VerifyFull();
        peers.Allow = true;
        bed.VerifyResumes();
    }

    [TestMethod]
    [DataRow(false)]
    [DataRow(true)]
    public void Where_the_application_is_asked_for_keys_it_must_speak_for_peers_too(bool tickets)
    {
        ResumptionBed bed = new ResumptionBed(tickets, changeClient: client => client.Peers = new Peers(), changeServer: server => server.Tickets = tickets);
        bed.Network.PskWanted = request => request.Answer(TestBed.Key, TestBed.Text("sensor-1"));
        bed.RestartServer(null, options => options.AskForPsk = true);
        bed.Connect();
        Assert.IsNull(bed.OfClient.Session);
        bed.RestartServer(new SessionResumption { Tickets = tickets, Peers = new Peers() }, options => options.AskForPsk = true);
        bed.VerifyFull();
        bed.VerifyResumes();
    }

    [TestMethod]
    public void What_a_store_or_the_keys_throw_costs_no_more_than_a_full_handshake()
    {
        ResumptionBed bed = new ResumptionBed(false, changeServer: server => server.Store = new Broken());
        bed.Network.PartsMayFail = true;
        bed.Connect();
        bed.VerifyFull();
        Assert.AreEqual(3, bed.Network.Failures.Count);
        bed = new ResumptionBed(true, changeServer: server => server.TicketKeys = new BrokenKeys());
        bed.Network.PartsMayFail = true;
        bed.Connect();
        Assert.IsNull(bed.OfClient.Session);
        bed.VerifyFull();
    }

    [TestMethod]
    [DataRow(false)]
    [DataRow(true)]
    public void A_cookie_is_still_asked_for(bool tickets)
    {
        ResumptionBed bed = new ResumptionBed(tickets).Connect();
        int cookies = bed.Bed.Server.Statistics.CookiesSent;
        bed.VerifyResumes();
        Assert.AreEqual(cookies + 1, bed.Bed.Server.Statistics.CookiesSent);
    }

    [TestMethod]
    public void A_ticket_that_finds_no_room_in_the_flight_is_not_offered()
    {
        ResumptionBed bed = new ResumptionBed(true, options => options.MaxFlight = 400).Connect();
        Assert.IsTrue(bed.OfClient.Session.HasTicket);
        bed.VerifyFull();
    }

    private static void Wait(ResumptionBed bed, int seconds)
    {
        bed.Close();
        bed.Network.Run(1000L * seconds);
    }

    private static void Offer(ResumptionBed bed, ResumableSession session, byte[] ticket)
    {
        bed.OfClient.Session = new ResumableSession(session.State.Copy(), session.Id, ticket, session.Lifetime, session.IsAbsolute);
    }

    private sealed class FixedKeys : TicketKeys
    {
        private readonly TicketKey _key = new TicketKey(new byte[] { 1, 2, 3, 4 }, CryptoAlgorithm.Aes128Ccm, TestBed.Bytes(16, 7));

        public override TicketKey GetCurrent(CryptoProvider crypto, long now)
        {
            return _key;
        }

        public override TicketKey Find(byte[] name, int offset, long now)
        {
            return name.AsSpan(offset, 4).SequenceEqual(new byte[] { 1, 2, 3, 4 }) ? _key : null!;
        }
    }

    private sealed class Peers : ResumablePeers
    {
        internal bool Allow { get; set; } = true;

        internal byte[]? Identity { get; private set; }

        public override bool MayResume(byte[] pskIdentity, byte[] certificateHash)
        {
            Identity = pskIdentity;
            return Allow;
        }
    }

    private sealed class Broken : SessionStore
    {
        public override void Put(byte[] id, byte[] session, int seconds, long now)
        {
            throw new InvalidOperationException("put");
        }

        public override byte[] Find(byte[] id, long now)
        {
            throw new InvalidOperationException("find");
        }

        public override void Remove(byte[] id)
        {
            throw new InvalidOperationException("remove");
        }
    }

    private sealed class BrokenKeys : TicketKeys
    {
        public override TicketKey GetCurrent(CryptoProvider crypto, long now)
        {
            throw new InvalidOperationException("current");
        }

        public override TicketKey Find(byte[] name, int offset, long now)
        {
            throw new InvalidOperationException("find");
        }
    }

    private sealed class Asking : HelloExtension
    {
        internal byte OfClient { get; set; }

        internal byte OfServer { get; set; }

        public override int Type
        {
            get { return 0x7A01; }
        }

        public override bool Writes(Handshake handshake, int messageType)
        {
            return false;
        }

        public override void Write(Handshake handshake, int messageType, WireWriter writer)
        {
        }

        public override DtlsError Read(Handshake handshake, int messageType, WireReader reader)
        {
            return DtlsError.None;
        }

        public override byte[] SessionContext(Handshake handshake)
        {
            byte value = handshake.IsServer ? OfServer : OfClient;
            return value == 0 ? null! : new[] { value };
        }
    }
}
