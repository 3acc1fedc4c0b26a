using System;
using System.Collections.Generic;
using System.Linq;
using Microsoft.VisualStudio.TestTools.UnitTesting;
using NfDtls.Extensions;
using NfDtls.Server;
using NfDtls.Tests.Engine;
using M = NfDtls.HandshakeType;

namespace NfDtls.Tests.Extensions;

/// <summary>Resumed handshakes with peers that keep no rules: what the abbreviated handshake allows, and what its bindings are for.</summary>
[TestClass]
public sealed class ScriptedResumptionTests
{
    private static readonly byte[] s_extendedMasterSecret = { 0, 4, 0, 23, 0, 0 };
    private static readonly byte[] s_withTicket = { 0, 8, 0, 23, 0, 0, 0, 35, 0, 0 };
    private static readonly string[] s_fromServer = { "SH", "NST", "CCS", "FIN", "FIN0", "SHD", "SKE", "CERT", "HVR", "DATA1" };
    private static readonly string[] s_fromClient = { "CCS", "FIN", "FIN0", "CKE", "CERT", "CV", "CH", "NST", "DATA1" };

    [TestMethod]
    [DataRow(false)]
    [DataRow(true)]
    public void A_client_completes_only_what_the_standard_allows(bool ticketComes)
    {
        ResumableSession session = new ResumptionBed(false).Connect().OfClient.Session;
        SessionResumption resumption = new SessionResumption();
        DtlsClientEngine client = Client(resumption);
        int completed = 0;
        foreach (string[] sequence in Sequences(s_fromServer, 4))
        {
            resumption.Session = session;
            int before = client.Statistics.HandshakesCompleted;
            ScriptedPeer peer = Begin(client, session, ticketComes ? s_withTicket : s_extendedMasterSecret);
            foreach (string symbol in sequence)
            {
                Deliver(client, peer, FromServer(peer, symbol));
            }

            bool done = client.Statistics.HandshakesCompleted > before;
            Assert.AreEqual(IsAllowedFromServer(sequence, ticketComes), done, string.Join(" ", sequence));
            completed += done ? 1 : 0;
            client.Reset();
            Assert.AreEqual(client.Pool.Count, client.Pool.Available);
        }

        Assert.IsGreaterThan(ticketComes ? 0 : 5, completed);
    }

    [TestMethod]
    public void A_server_completes_only_what_the_standard_allows()
    {
        MemorySessionStore store = new MemorySessionStore(4);
        ResumptionBed bed = new ResumptionBed(false, changeServer: server => server.Store = store).Connect();
        ResumableSession session = bed.OfClient.Session;
        byte[] kept = store.Find(session.Id, bed.Network.Now);
        DtlsServerEngine server = bed.Bed.Server;
        int completed = 0;
        foreach (string[] sequence in Sequences(s_fromClient, 3))
        {
            store.Put(session.Id, (byte[])kept.Clone(), 86_400, bed.Network.Now);
            int before = server.Statistics.HandshakesCompleted;
            ScriptedClient client = Client(server, session, s_extendedMasterSecret).Hello();
            Assert.IsTrue(client.Peer.Received.Contains(M.Finished));
            foreach (string symbol in sequence)
            {
                client.Send(FromClient(client.Peer, symbol));
            }

            bool done = server.Statistics.HandshakesCompleted > before;
            Assert.AreEqual(IsAllowedFromClient(sequence), done, string.Join(" ", sequence));
            completed += done ? 1 : 0;
            server.Reset();
            Assert.AreEqual(server.Pool.Count, server.Pool.Available);
        }

        Assert.IsGreaterThan(5, completed);
    }

    [TestMethod]
    [DataRow(false)]
    [DataRow(true)]
    public void A_wrong_finished_of_the_client_ends_the_session_at_the_server(bool tickets)
    {
        MemorySessionStore store = new MemorySessionStore(4);
        ResumptionBed bed = new ResumptionBed(tickets, changeServer: server => server.Store = store).Connect();
        ResumableSession session = bed.OfClient.Session;
        bed.Close();
        bed.Bed.Server.Reset();
        ScriptedClient client = Client(bed.Bed.Server, session, tickets ? TicketBlock(session.Ticket) : s_extendedMasterSecret).Hello();
        client.Send(client.Peer.ChangeCipherSpec());
        client.Send(client.Peer.Finished(true, false));
        Assert.AreEqual((1, 2, Alert.DecryptError), client.Peer.Alerts.Single());
        Assert.AreEqual(0, store.Count);
        bed.Bed.Server.Reset();
        bed.VerifyFull();
        bed.VerifyResumes();
    }

    [TestMethod]
    [DataRow(false)]
    [DataRow(true)]
    public void Records_under_other_keys_do_not_end_the_session_at_the_server(bool tickets)
    {
        ResumptionBed bed = new ResumptionBed(tickets).Connect();
        ResumableSession session = bed.OfClient.Session;
        bed.Close();
        ScriptedClient client = Client(bed.Bed.Server, session, tickets ? TicketBlock(session.Ticket) : s_extendedMasterSecret);
        client.Peer.ResumedMaster = new byte[48];
        client.Hello();
        client.Send(client.Peer.ChangeCipherSpec());
        client.Send(client.Peer.Finished(true));
        bed.Network.Run(200_000);
        Assert.AreEqual(0, bed.Bed.Server.SessionCount);
        Assert.AreEqual(1, bed.Bed.Server.Statistics.HandshakesFailedWith(DtlsError.KeyMismatchSuspected));
        bed.VerifyResumes();
    }

    [TestMethod]
    [DataRow(false, 0)]
    [DataRow(false, 1)]
    [DataRow(false, 2)]
    [DataRow(true, 0)]
    [DataRow(true, 1)]
    [DataRow(true, 2)]
    public void What_a_stranger_with_a_seen_session_sends_in_the_clear_does_not_end_it_at_the_server(bool tickets, int kind)
    {
        ResumptionBed bed = new ResumptionBed(tickets).Connect();
        ResumableSession session = bed.OfClient.Session;
        bed.Close();
        ScriptedClient client = Client(bed.Bed.Server, session, tickets ? TicketBlock(session.Ticket) : s_extendedMasterSecret).Hello();
        Assert.IsTrue(client.Peer.Received.Contains(M.Finished));
        switch (kind)
        {
            case 0: client.Send(FromClient(client.Peer, "CERT")); break;
            case 1: client.Send(client.Peer.Message(M.Finished, new byte[11])); break;
            default: client.Send(new byte[] { ContentType.Alert, 254, 253, 0, 0, 0, 0, 0, 0, 0, 99, 0, 2, Alert.LevelFatal, Alert.DecryptError }); break;
        }

        bed.Network.Run(200_000);
        Assert.AreEqual(0, bed.Bed.Server.HandshakeCount);
        Assert.AreEqual(0, bed.Bed.Server.SessionCount);
        bed.VerifyResumes();
    }

    [TestMethod]
    public void A_wrong_finished_of_the_server_ends_the_session_at_the_client()
    {
        ResumableSession session = new ResumptionBed(false).Connect().OfClient.Session;
        SessionResumption resumption = new SessionResumption { Session = session };
        DtlsClientEngine client = Client(resumption);
        ScriptedPeer peer = Begin(client, session, s_extendedMasterSecret);
        Deliver(client, peer, FromServer(peer, "SH"));
        Deliver(client, peer, FromServer(peer, "CCS"));
        Deliver(client, peer, peer.Finished(true, false));
        Assert.AreEqual(DtlsError.DecryptError, client.Association.LastError);
        Assert.AreEqual(Alert.DecryptError, peer.Alerts.Single().Description);
        Assert.IsNull(resumption.Session);
    }

    [TestMethod]
    public void A_server_that_resumes_with_other_keys_costs_the_session_but_the_next_connection_works()
    {
        ResumableSession session = new ResumptionBed(false).Connect().OfClient.Session;
        SessionResumption resumption = new SessionResumption { Session = session };
        DtlsClientEngine client = Client(resumption);
        ScriptedPeer peer = Begin(client, session, s_extendedMasterSecret);
        peer.ResumedMaster = new byte[48];
        Deliver(client, peer, FromServer(peer, "SH"));
        Deliver(client, peer, FromServer(peer, "CCS"));
        Deliver(client, peer, FromServer(peer, "FIN"));
        long now = 0;
        while (client.Association.State == AssociationState.Connecting)
        {
            now = Math.Max(now, client.NextDeadline);
            client.HandleTimeout(now);
            Drain(client, peer);
        }

        Assert.AreEqual(DtlsError.KeyMismatchSuspected, client.Association.LastError);
        Assert.IsNull(resumption.Session);
    }

    [TestMethod]
    public void What_a_server_changes_of_a_session_that_it_resumes_is_refused()
    {
        Refuses(DtlsError.IllegalParameter, peer => peer.Suite = 0xC0A4);
        Refuses(DtlsError.IllegalParameter, peer => peer.Suite = 0x00A8);
        Refuses(DtlsError.IllegalParameter, peer => peer.Version = DtlsVersion.Dtls10);
        Refuses(DtlsError.HandshakeFailure, peer => peer.Extensions = new byte[0]);
        Refuses(DtlsError.UnsupportedExtension, peer => peer.Extensions = new byte[] { 0, 8, 0, 23, 0, 0, 0, 99, 0, 0 });
    }

    [TestMethod]
    [DataRow(false)]
    [DataRow(true)]
    public void A_hello_without_extended_master_secret_cannot_resume_a_session_with_it(bool tickets)
    {
        ResumptionBed bed = new ResumptionBed(tickets).Connect();
        ResumableSession session = bed.OfClient.Session;
        bed.Close();
        byte[] block = TicketBlock(session.Ticket);
        byte[] without = tickets ? new byte[] { 0, (byte)(block[1] - 4) }.Concat(block.Skip(6)).ToArray() : new byte[0];
        ScriptedClient client = Client(bed.Bed.Server, session, without).Hello();
        Assert.AreEqual((0, 2, Alert.HandshakeFailure), client.Peer.Alerts.Single());
    }

    [TestMethod]
    public void A_session_without_extended_master_secret_has_no_id_and_no_ticket()
    {
        ResumptionBed bed = new ResumptionBed(true);
        ScriptedClient client = new ScriptedClient(bed.Bed.Server, TestBed.Address);
        client.Peer.Extensions = new byte[] { 0, 4, 0, 35, 0, 0 };
        client.Complete();
        Assert.AreEqual(1, bed.Bed.Server.SessionCount);
        Assert.IsFalse(client.Peer.Received.Contains(M.NewSessionTicket));
        bed.Bed.Server.Reset();
        client = new ScriptedClient(bed.Bed.Server, TestBed.Address).Complete();
        Assert.AreEqual(1, bed.Bed.Server.SessionCount);
        Assert.AreEqual(0, ((MemorySessionStore)bed.OfServer.Store).Count);

        // Nor does a client keep one whose server gives it an id without.
        SessionResumption resumption = new SessionResumption();
        DtlsClientEngine engine = Client(resumption);
        ScriptedPeer peer = new ScriptedPeer(true) { SessionId = TestBed.Bytes(32) };
        engine.Connect(0);
        Drain(engine, peer);
        foreach (string symbol in new[] { "SH", "SHD", "CCS", "FIN" })
        {
            Deliver(engine, peer, FromServer(peer, symbol));
        }

        Assert.AreEqual(AssociationState.Connected, engine.Association.State);
        Assert.IsNull(resumption.Session);
    }

    [TestMethod]
    public void Without_encrypt_then_MAC_a_session_with_it_is_not_resumed()
    {
        CipherSuite cbc = PskSuites.All().Find(0x00AE);
        ResumptionBed bed = new ResumptionBed(false, options => options.Suites = TestBed.Only(cbc)).Connect();
        ResumableSession session = bed.OfClient.Session;
        Assert.IsTrue(session.State.EncryptThenMac);
        bed.VerifyResumes();
        bed.Close();
        ScriptedClient client = Client(bed.Bed.Server, session, s_extendedMasterSecret);
        client.Peer.Suites = new byte[] { 0, 0xAE };
        client.Hello();
        Assert.IsTrue(client.Peer.Received.Contains(M.ServerHelloDone), "It was no full handshake.");
    }

    [TestMethod]
    [DataRow(false)]
    [DataRow(true)]
    public void A_suite_that_the_hello_does_not_offer_is_not_resumed(bool tickets)
    {
        CipherSuiteTable suites = new CipherSuiteTable().Add(PskSuites.Constrained().At(0)).Add(PskSuites.All().Find(0x00A8));
        ResumptionBed bed = new ResumptionBed(tickets, options => options.Suites = suites).Connect();
        ResumableSession session = bed.OfClient.Session;
        bed.Close();
        ScriptedClient client = Client(bed.Bed.Server, session, tickets ? TicketBlock(session.Ticket) : s_extendedMasterSecret);
        client.Peer.Suites = new byte[] { 0, 0xA8 };
        client.Hello();
        Assert.IsTrue(client.Peer.Received.Contains(M.ServerHelloDone), "It was no full handshake.");
        Assert.IsEmpty(client.Peer.Alerts);
    }

    [TestMethod]
    public void A_connection_that_ends_with_a_fatal_alert_takes_its_session_along()
    {
        foreach (bool tickets in new[] { false, true })
        {
            ResumptionBed bed = new ResumptionBed(tickets).Connect();
            bed.Network.Inject(true, TestBed.Address, TestBed.Seal(bed.Client, ContentType.Alert, 2, (byte)Alert.InternalError), 1);
            bed.Network.Run(100);
            Assert.AreEqual(0, bed.Bed.Server.SessionCount);
            Assert.AreEqual(0, ((MemorySessionStore)bed.OfServer.Store).Count);
            bed.Bed.Client.Engine.Reset();
            bed.VerifyFull();
            bed.Network.Inject(false, TestBed.Address, TestBed.Seal(bed.Server, ContentType.Alert, 2, (byte)Alert.InternalError), 1);
            bed.Network.Run(100);
            Assert.AreEqual(AssociationState.Closed, bed.Client.State);
            Assert.IsNull(bed.OfClient.Session);
        }
    }

    [TestMethod]
    public void A_server_that_has_no_place_leaves_a_client_its_session()
    {
        ResumptionBed bed = new ResumptionBed(false, options =>
        {
            options.MaxSessions = 1;
            options.EvictLeastRecentlyUsed = false;
        }).Connect();
        bed.Close();
        TestClient other = bed.Network.Add(new DtlsClientEngine(TestBed.Options(99)), TestBed.OtherAddress);
        other.Engine.Connect(bed.Network.Now);
        Assert.IsTrue(bed.Network.Run(() => other.State == AssociationState.Connected, 10_000));
        bed.Bed.VerifyClientFails(DtlsError.NoFreeSession);
        other.Association.Close(0, bed.Network.Now);
        bed.VerifyResumes();
    }

    private static void Refuses(DtlsError error, Action<ScriptedPeer> change)
    {
        ResumableSession session = new ResumptionBed(false).Connect().OfClient.Session;
        SessionResumption resumption = new SessionResumption { Session = session };
        DtlsOptions options = TestBed.Options(1);
        options.Suites = PskSuites.All();
        options.Features = new Feature[] { resumption };
        DtlsClientEngine client = new DtlsClientEngine(options);
        ScriptedPeer peer = Begin(client, session, s_extendedMasterSecret);
        change(peer);
        Deliver(client, peer, FromServer(peer, "SH"));
        Assert.AreEqual(error, client.Association.LastError);
        Assert.AreEqual(AlertTable.AlertFor(error), peer.Alerts.Single().Description);
        Assert.IsNull(resumption.Session);
    }

    private static DtlsClientEngine Client(SessionResumption resumption)
    {
        DtlsOptions options = TestBed.Options(1);
        options.Features = new Feature[] { resumption };
        return new DtlsClientEngine(options);
    }

    private static ScriptedClient Client(DtlsServerEngine server, ResumableSession session, byte[] extensions)
    {
        ScriptedClient client = new ScriptedClient(server, TestBed.Address) { Now = 1_100_000 };
        client.Peer.SessionId = session.HasTicket ? new byte[] { 1, 2, 3 } : session.Id;
        client.Peer.ResumedMaster = session.State.Master;
        client.Peer.Extensions = extensions;
        return client;
    }

    private static byte[] TicketBlock(byte[] ticket)
    {
        int length = 4 + 4 + ticket.Length;
        return new byte[] { (byte)(length >> 8), (byte)length, 0, 23, 0, 0, 0, 35, (byte)(ticket.Length >> 8), (byte)ticket.Length }.Concat(ticket).ToArray();
    }

    /// <summary>A server that has asked for the cookie, and will resume the session.</summary>
    private static ScriptedPeer Begin(DtlsClientEngine client, ResumableSession session, byte[] extensions)
    {
        ScriptedPeer peer = new ScriptedPeer(true) { ResumedMaster = session.State.Master, Extensions = extensions };
        client.Connect(0);
        Drain(client, peer);
        Deliver(client, peer, FromServer(peer, "HVR"));
        peer.SessionId = peer.OfferedId;
        CollectionAssert.AreEqual(session.Id, peer.OfferedId);
        return peer;
    }

    private static byte[] FromServer(ScriptedPeer peer, string symbol)
    {
        switch (symbol)
        {
            case "SH": return peer.Message(M.ServerHello, peer.ServerHelloBody());
            case "SHD": return peer.Message(M.ServerHelloDone, new byte[0]);
            case "SKE": return peer.Message(M.ServerKeyExchange, new byte[] { 0, 2, 65, 66 });
            case "CERT": return peer.Message(M.Certificate, new byte[3]);
            case "HVR": return peer.Message(M.HelloVerifyRequest, new byte[] { 0xFE, 0xFF, 3, 7, 8, 9 });
            default: return Common(peer, symbol);
        }
    }

    private static byte[] FromClient(ScriptedPeer peer, string symbol)
    {
        switch (symbol)
        {
            case "CKE": return peer.Message(M.ClientKeyExchange, peer.ClientKeyExchangeBody());
            case "CERT": return peer.Message(M.Certificate, new byte[3]);
            case "CV": return peer.Message(M.CertificateVerify, new byte[] { 4, 3, 0, 1, 9 });
            case "CH": return peer.Message(M.ClientHello, peer.ClientHelloBody());
            default: return Common(peer, symbol);
        }
    }

    private static byte[] Common(ScriptedPeer peer, string symbol)
    {
        switch (symbol)
        {
            case "CCS": return peer.ChangeCipherSpec();
            case "FIN": return peer.Finished(true);
            case "FIN0": return peer.Finished(false);
            case "NST": return peer.Message(M.NewSessionTicket, new byte[] { 0, 0, 1, 0, 0, 3, 7, 8, 9 });
            case "DATA1": return peer.Protect(ContentType.ApplicationData, 1, 2, 3);
            default: throw new ArgumentException(symbol);
        }
    }

    /// <summary>ServerHello, a ticket where one was promised, Finished; and a ChangeCipherSpec behind what is in the clear. Records may overtake each other.</summary>
    private static bool IsAllowedFromServer(string[] sequence, bool ticketComes)
    {
        string[] messages = sequence.Where(symbol => symbol is not ("CCS" or "DATA1")).SkipWhile(symbol => symbol == "HVR").ToArray();
        string[] right = ticketComes ? new[] { "SH", "NST", "FIN" } : new[] { "SH", "FIN" };
        return messages.Take(right.Length).SequenceEqual(right)
            && Array.LastIndexOf(sequence, "CCS") > Array.IndexOf(sequence, right[right.Length - 2]);
    }

    private static bool IsAllowedFromClient(string[] sequence)
    {
        string[] messages = sequence.Where(symbol => symbol is not ("CCS" or "DATA1")).ToArray();
        return messages.Length > 0 && messages[0] == "FIN" && sequence.Contains("CCS");
    }

    private static IEnumerable<string[]> Sequences(string[] alphabet, int length)
    {
        int count = (int)Math.Pow(alphabet.Length, length);
        for (int number = 0; number < count; number++)
        {
            string[] sequence = new string[length];
            for (int i = 0, rest = number; i < length; i++, rest /= alphabet.Length)
            {
                sequence[i] = alphabet[rest % alphabet.Length];
            }

            yield return sequence;
        }
    }

    private static void Deliver(DtlsClientEngine client, ScriptedPeer peer, byte[] datagram)
    {
        client.HandleDatagram((byte[])datagram.Clone(), 0, datagram.Length, 0);
        Drain(client, peer);
    }

    private static void Drain(DtlsClientEngine client, ScriptedPeer peer)
    {
        for (Packet packet = client.PollDatagram(0); packet != null; packet = client.PollDatagram(0))
        {
            byte[] bytes = packet.Buffer.AsSpan(packet.Offset, packet.Length).ToArray();
            packet.Return();
            peer.Take(bytes);
        }
    }
}
