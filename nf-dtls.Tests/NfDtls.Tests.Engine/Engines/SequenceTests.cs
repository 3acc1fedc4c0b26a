using System;
using System.Collections.Generic;
using System.Linq;
using Microsoft.VisualStudio.TestTools.UnitTesting;
using NfDtls.Server;
using M = NfDtls.HandshakeType;

namespace NfDtls.Tests.Engine;

/// <summary>
/// What protocol-state fuzzing looks for, by trying everything: every sequence of messages of a length, with right keys and
/// a right transcript, and the handshake completes if and only if the standard allows it.
/// </summary>
[TestClass]
public class SequenceTests
{
    private static readonly string[] s_fromClient = { "CKE", "CCS", "FIN", "FIN0", "CERT", "CV", "CH", "SH", "DATA0", "DATA1", "ALERT0", "HR" };
    private static readonly string[] s_fromServer = { "SH", "SHD", "SKE", "CCS", "FIN", "FIN0", "CERT", "CREQ", "HVR", "DATA1", "HR", "CH" };

    [TestMethod]
    public void A_server_completes_only_what_the_standard_allows()
    {
        DtlsServerEngine server = new DtlsServerEngine(TestBed.Options(1));
        int completed = 0;
        foreach (string[] sequence in Sequences(s_fromClient, 4))
        {
            int before = server.Statistics.HandshakesCompleted;
            ScriptedClient client = new ScriptedClient(server, TestBed.Address).Hello();
            foreach (string symbol in sequence)
            {
                client.Send(FromClient(client.Peer, symbol));
            }

            bool done = server.Statistics.HandshakesCompleted > before;
            Assert.AreEqual(IsAllowedFromClient(sequence), done, string.Join(" ", sequence));
            completed += done ? 1 : 0;
            server.Reset();
            Assert.AreEqual(server.Pool.Count, server.Pool.Available, string.Join(" ", sequence));
        }

        Assert.IsTrue(completed > 10, completed.ToString());
        new ScriptedClient(server, TestBed.Address).Complete();
        Assert.AreEqual(1, server.SessionCount);
    }

    [TestMethod]
    public void A_client_completes_only_what_the_standard_allows()
    {
        DtlsClientEngine client = new DtlsClientEngine(TestBed.Options(1));
        int completed = 0;
        foreach (string[] sequence in Sequences(s_fromServer, 4).Concat(Variants(new[] { "SH", "SHD", "CCS", "FIN" })).Concat(Variants(new[] { "SH", "SKE", "SHD", "CCS", "FIN" })))
        {
            bool done = RunFromServer(client, sequence);
            Assert.AreEqual(IsAllowedFromServer(sequence), done, string.Join(" ", sequence));
            completed += done ? 1 : 0;
            client.Reset();
            Assert.AreEqual(client.Pool.Count, client.Pool.Available, string.Join(" ", sequence));
        }

        Assert.IsTrue(completed > 5, completed.ToString());
    }

    [TestMethod]
    public void A_message_number_that_is_left_out_or_comes_twice_completes_nothing_at_either_end()
    {
        // The transcript has the numbers as they were sent, so that nothing but the numbers is wrong.
        string[] flight = { "SH", "SHD", "CCS", "FIN" };
        string[] answer = { "CKE", "CCS", "FIN" };
        foreach ((string[] right, string at, int step) in new[]
        {
            (flight, "SH", 1), (flight, "SHD", 1), (flight, "FIN", 1), (flight, "SHD", -1), (flight, "FIN", -1),
            (answer, "CKE", 1), (answer, "FIN", 1), (answer, "CKE", -1), (answer, "FIN", -1),
        })
        {
            bool done = right == flight ? ClientCompletes(at, step) : ServerCompletes(at, step);
            Assert.IsFalse(done, at + " " + step);
        }

        Assert.IsTrue(ClientCompletes("SH", 0));
        Assert.IsTrue(ServerCompletes("CKE", 0));

        bool ClientCompletes(string at, int step)
        {
            DtlsClientEngine client = new DtlsClientEngine(TestBed.Options(1));
            ScriptedPeer peer = new ScriptedPeer(true);
            client.Connect(0);
            Drain(client, peer);
            Deliver(client, peer, FromServer(peer, "HVR"));
            foreach (string symbol in flight)
            {
                peer.NextMessage += symbol == at ? step : 0;
                Deliver(client, peer, FromServer(peer, symbol));
            }

            return client.Statistics.HandshakesCompleted > 0;
        }

        bool ServerCompletes(string at, int step)
        {
            DtlsServerEngine server = new DtlsServerEngine(TestBed.Options(1));
            ScriptedClient client = new ScriptedClient(server, TestBed.Address).Hello();
            foreach (string symbol in answer)
            {
                client.Peer.NextMessage += symbol == at ? step : 0;
                client.Send(FromClient(client.Peer, symbol));
            }

            return server.Statistics.HandshakesCompleted > 0;
        }
    }

    [TestMethod]
    public void A_ChangeCipherSpec_that_is_not_one_byte_of_value_one_begins_no_epoch()
    {
        foreach (byte[] content in new[] { new byte[] { 0 }, new byte[] { 2 }, new byte[] { 1, 1 }, new byte[] { 1, 0 } })
        {
            DtlsServerEngine server = new DtlsServerEngine(TestBed.Options(1));
            ScriptedClient client = new ScriptedClient(server, TestBed.Address).Hello();
            client.Send(client.Peer.Message(M.ClientKeyExchange, client.Peer.ClientKeyExchangeBody()));
            client.Send(TestBed.Record(ContentType.ChangeCipherSpec, 0, client.Peer.NextRecord++, content));
            Assert.AreEqual(1, server.Statistics.Dropped(DropReason.ChangeCipherSpec));
            client.Send(client.Peer.Finished(true));
            Assert.AreEqual(0, server.Statistics.HandshakesCompleted);
            client.Send(client.Peer.ChangeCipherSpec());
            Assert.AreEqual(1, server.Statistics.HandshakesCompleted);
        }
    }

    [TestMethod]
    public void A_handshake_does_not_begin_with_anything_but_a_client_hello()
    {
        DtlsServerEngine server = new DtlsServerEngine(TestBed.Options(1));
        foreach (string symbol in s_fromClient.Where(symbol => symbol != "CH"))
        {
            ScriptedClient client = new ScriptedClient(server, TestBed.Address);
            client.Send(FromClient(client.Peer, symbol));
            Assert.AreEqual(0, client.Answers, symbol);
            Assert.AreEqual(0, server.SessionCount, symbol);
        }

        Assert.AreEqual(s_fromClient.Length - 1, server.Statistics.Dropped(DropReason.NoSession));
    }

    [TestMethod]
    public void A_wrong_finished_is_refused_with_decrypt_error_and_cannot_be_made_good()
    {
        DtlsServerEngine server = new DtlsServerEngine(TestBed.Options(1));
        ScriptedClient client = new ScriptedClient(server, TestBed.Address).Hello();
        client.Send(client.Peer.Message(M.ClientKeyExchange, client.Peer.ClientKeyExchangeBody()));
        client.Send(client.Peer.ChangeCipherSpec());
        client.Send(client.Peer.Finished(true, false));
        Assert.AreEqual(Alert.DecryptError, client.Peer.Alerts.Single().Description);
        int answers = client.Answers;
        client.Peer.NextMessage--;
        client.Send(client.Peer.Finished(true));
        Assert.AreEqual(answers, client.Answers);
        Assert.AreEqual(0, server.Statistics.HandshakesCompleted);
        Assert.AreEqual(1, server.Statistics.HandshakesFailed);
    }

    [TestMethod]
    public void After_its_fatal_alert_a_server_takes_no_more_of_that_handshake()
    {
        DtlsServerEngine server = new DtlsServerEngine(TestBed.Options(1));
        ScriptedClient client = new ScriptedClient(server, TestBed.Address).Hello();
        client.Send(client.Peer.Message(M.CertificateVerify, new byte[10]));
        Assert.AreEqual(Alert.UnexpectedMessage, client.Peer.Alerts.Single().Description);
        int answers = client.Answers;
        client.Send(client.Peer.Message(M.ClientKeyExchange, client.Peer.ClientKeyExchangeBody()));
        client.Send(client.Peer.ChangeCipherSpec());
        client.Send(client.Peer.Finished(true));
        Assert.AreEqual(answers, client.Answers);
        Assert.AreEqual(0, server.Statistics.HandshakesCompleted);
    }

    [TestMethod]
    public void Every_choice_of_a_server_that_was_not_offered_is_refused()
    {
        Refuses(DtlsError.IllegalParameter, Alert.IllegalParameter, peer => peer.Suite = 0x00A8);
        Refuses(DtlsError.IllegalParameter, Alert.IllegalParameter, peer => peer.Suite = 0x00FF);
        Refuses(DtlsError.IllegalParameter, Alert.IllegalParameter, peer => peer.Suite = 0);
        Refuses(DtlsError.IllegalParameter, Alert.IllegalParameter, peer => peer.Compression = 1);
        Refuses(DtlsError.ProtocolVersion, Alert.ProtocolVersion, peer => peer.Version = DtlsVersion.Dtls10);
        Refuses(DtlsError.ProtocolVersion, Alert.ProtocolVersion, peer => peer.Version = 0xFEFC);
        Refuses(DtlsError.UnsupportedExtension, Alert.UnsupportedExtension, peer => peer.Extensions = new byte[] { 0, 4, 0, 22, 0, 0 });
        Refuses(DtlsError.UnsupportedExtension, Alert.UnsupportedExtension, peer => peer.Extensions = new byte[] { 0, 5, 0, 15, 0, 1, 1 });
        Refuses(DtlsError.DecodeError, Alert.DecodeError, peer => peer.Extensions = new byte[] { 0, 8, 0, 23, 0, 0, 0, 23, 0, 0 });
        Refuses(DtlsError.DecodeError, Alert.DecodeError, peer => peer.Extensions = new byte[] { 0, 5, 0, 23, 0, 1, 0 });
        Refuses(DtlsError.DecodeError, Alert.DecodeError, peer => peer.Extensions = new byte[] { 0, 9, 0, 23, 0, 0 });
        Refuses(DtlsError.DecodeError, Alert.DecodeError, peer => peer.Extensions = new byte[] { 0, 0, 1 });
        Refuses(DtlsError.DecodeError, Alert.DecodeError, peer => peer.SessionId = new byte[33]);
        Refuses(DtlsError.HandshakeFailure, Alert.HandshakeFailure, peer => peer.Extensions = new byte[] { 0, 6, 0xFF, 1, 0, 2, 1, 7 });
        Refuses(DtlsError.IllegalParameter, Alert.IllegalParameter, peer => TestBed.Text("DOWNGRD\0").CopyTo(peer.ServerRandom, 24));
    }

    [TestMethod]
    public void Hellos_that_break_their_syntax_or_offer_nothing_get_their_alert_once()
    {
        Answers(Alert.DecodeError, peer => peer.Suites = new byte[] { 0xC0, 0xA8, 0 });
        Answers(Alert.DecodeError, peer => peer.Suites = new byte[0]);
        Answers(Alert.DecodeError, peer => peer.Compressions = new byte[0]);
        Answers(Alert.IllegalParameter, peer => peer.Compressions = new byte[] { 1 });
        Answers(Alert.HandshakeFailure, peer => peer.Suites = new byte[] { 0x13, 0x01 });
        Answers(Alert.ProtocolVersion, peer => peer.Version = DtlsVersion.Dtls10);
        foreach (int version in new[] { 0x0303, 0x0304, 0x0302, 0x0300, 0x0000, 0x0100, 0x7FFF, 0xFDFD, 0xFF00, 0xFFFF })
        {
            Answers(Alert.ProtocolVersion, peer => peer.Version = version);
        }

        Answers(Alert.DecodeError, peer => peer.Extensions = new byte[] { 0, 8, 0, 23, 0, 0, 0, 23, 0, 0 });
        Answers(Alert.DecodeError, peer => peer.Extensions = new byte[] { 0, 8, 0x7A, 0x7A, 0, 0, 0x7A, 0x7A, 0, 0 });
        Answers(Alert.DecodeError, peer => peer.Extensions = new byte[] { 0, 4, 0, 23, 0, 1 });
        Answers(Alert.DecodeError, peer => peer.Extensions = new byte[] { 0, 3, 0, 23, 0 });
        Answers(Alert.DecodeError, peer => peer.Extensions = new byte[] { 0, 0, 0 });
        Answers(Alert.DecodeError, peer => peer.Extensions = new byte[] { 0 });
        Answers(Alert.HandshakeFailure, peer => peer.Extensions = new byte[] { 0, 6, 0xFF, 1, 0, 2, 1, 7 });
        Answers(Alert.DecodeError, peer => peer.Extensions = new byte[] { 0, 6, 0xFF, 1, 0, 2, 7, 7 });
    }

    [TestMethod]
    public void Hellos_with_unknown_extensions_newer_versions_and_empty_blocks_are_answered()
    {
        foreach (Action<ScriptedPeer> change in new Action<ScriptedPeer>[]
        {
            peer => peer.Extensions = new byte[] { 0, 10, 0x7A, 0x7A, 0, 2, 1, 2, 0, 99, 0, 0 },
            peer => peer.Extensions = new byte[] { 0, 0 },
            peer => peer.Version = 0xFEFC,
            peer => peer.Suites = new byte[] { 0x7A, 0x7A, 0xC0, 0xA8 },
            peer => peer.Compressions = new byte[] { 1, 0 },
            peer => peer.SessionId = TestBed.Bytes(32),
            peer => peer.Extensions = new byte[] { 0, 5, 0xFF, 1, 0, 1, 0 },
        })
        {
            DtlsServerEngine server = new DtlsServerEngine(TestBed.Options(1));
            ScriptedClient client = new ScriptedClient(server, TestBed.Address);
            change(client.Peer);
            client.Complete();
            Assert.AreEqual(1, server.Statistics.HandshakesCompleted);
        }
    }

    [TestMethod]
    public void A_client_gives_up_when_hello_verify_requests_never_end()
    {
        DtlsClientEngine client = new DtlsClientEngine(TestBed.Options(1));
        ScriptedPeer peer = new ScriptedPeer(true);
        client.Connect(0);
        Drain(client, peer);
        for (int i = 0; i < 20; i++)
        {
            Deliver(client, peer, FromServer(peer, "HVR"));
        }

        Assert.AreEqual(AssociationState.Closed, client.Association.State);
        Assert.IsTrue(peer.Received.Count(type => type == M.ClientHello) < 12);
    }

    [TestMethod]
    public void A_retransmitted_server_flight_is_answered_with_flight_5_at_a_limited_rate()
    {
        TestBed bed = new TestBed();
        bed.Network.Filter = datagram => datagram.Number < 4;
        bed.Client.Engine.Connect(bed.Network.Now);
        bed.Network.Run(100);
        byte[] flight = bed.Network.Sent[3].Bytes;
        int sent = bed.Network.Sent.Count(datagram => datagram.ToServer);
        for (int i = 0; i < 100; i++)
        {
            bed.Network.Deliver(false, TestBed.Address, flight);
            bed.Network.Flush();
        }

        Assert.IsTrue(bed.Network.Sent.Count(datagram => datagram.ToServer) <= sent + 1);
    }

    [TestMethod]
    public void A_finished_sent_again_and_again_is_answered_at_a_limited_rate()
    {
        DtlsServerEngine server = new DtlsServerEngine(TestBed.Options(1));
        ScriptedClient client = new ScriptedClient(server, TestBed.Address).Complete();
        int answers = client.Answers;
        for (int i = 0; i < 100; i++)
        {
            client.Send(client.Peer.FinishedAgain());
        }

        Assert.AreEqual(answers, client.Answers);
        client.Now += 1000;
        client.Send(client.Peer.FinishedAgain());
        Assert.IsTrue(client.Answers > answers);
        Assert.AreEqual(1, server.SessionCount);
    }

    [TestMethod]
    public void A_suite_that_is_registered_but_that_the_provider_lacks_is_not_offered_and_not_accepted()
    {
        DtlsOptions options = TestBed.Options(1);
        options.Suites = PskSuites.Constrained().Add(new CipherSuite(0xFE99, "TEST_LACKING", 0x12345, 16, CryptoAlgorithm.Sha256, new PskKeyExchangeFactory()));
        DtlsClientEngine client = new DtlsClientEngine(options);
        ScriptedPeer peer = new ScriptedPeer(true) { Suite = 0xFE99 };
        client.Connect(0);
        Drain(client, peer);
        Deliver(client, peer, FromServer(peer, "SH"));
        Assert.AreEqual(DtlsError.IllegalParameter, client.Association.LastError);
    }

    private static bool RunFromServer(DtlsClientEngine client, string[] sequence)
    {
        int before = client.Statistics.HandshakesCompleted;
        ScriptedPeer peer = new ScriptedPeer(true);
        client.Connect(0);
        Drain(client, peer);
        Deliver(client, peer, FromServer(peer, "HVR"));
        foreach (string symbol in sequence)
        {
            Deliver(client, peer, FromServer(peer, symbol));
        }

        return client.Statistics.HandshakesCompleted > before;
    }

    private static void Refuses(DtlsError error, int alert, Action<ScriptedPeer> change)
    {
        DtlsClientEngine client = new DtlsClientEngine(TestBed.Options(1));
        ScriptedPeer peer = new ScriptedPeer(true);
        change(peer);
        client.Connect(0);
        Drain(client, peer);
        Deliver(client, peer, FromServer(peer, "SH"));
        Assert.AreEqual(AssociationState.Closed, client.Association.State);
        Assert.AreEqual(error, client.Association.LastError);
        Assert.AreEqual(alert, peer.Alerts.Single().Description);
        Assert.AreEqual(client.Pool.Count, client.Pool.Available);
    }

    private static void Answers(int alert, Action<ScriptedPeer> change)
    {
        DtlsServerEngine server = new DtlsServerEngine(TestBed.Options(1));
        ScriptedClient client = new ScriptedClient(server, TestBed.Address);
        client.SendHello();
        change(client.Peer);
        if (client.Peer.Version != DtlsVersion.Dtls12)
        {
            client.SendHello();
        }

        Assert.AreEqual(0, client.Peer.Alerts.Count, "before the cookie");
        client.SendHello();
        Assert.AreEqual(1, client.Peer.Alerts.Count);
        Assert.AreEqual((0, 2, alert), client.Peer.Alerts[0]);
        Assert.AreEqual(0, server.HandshakeCount);
        Assert.AreEqual(server.Pool.Count, server.Pool.Available);
    }

    private static byte[] FromClient(ScriptedPeer peer, string symbol)
    {
        switch (symbol)
        {
            case "CKE": return peer.Message(M.ClientKeyExchange, peer.ClientKeyExchangeBody());
            case "CERT": return peer.Message(M.Certificate, new byte[3]);
            case "CV": return peer.Message(M.CertificateVerify, new byte[] { 4, 3, 0, 1, 9 });
            case "CH": return peer.Message(M.ClientHello, peer.ClientHelloBody());
            case "SH": return peer.Message(M.ServerHello, peer.ServerHelloBody());
            default: return Common(peer, symbol);
        }
    }

    private static byte[] FromServer(ScriptedPeer peer, string symbol)
    {
        switch (symbol)
        {
            case "SH": return peer.Message(M.ServerHello, peer.ServerHelloBody());
            case "SHD": return peer.Message(M.ServerHelloDone, new byte[0]);
            case "SKE": return peer.Message(M.ServerKeyExchange, new byte[] { 0, 2, 65, 66 });
            case "CERT": return peer.Message(M.Certificate, new byte[3]);
            case "CREQ": return peer.Message(M.CertificateRequest, new byte[] { 1, 64, 0, 2, 4, 3, 0, 0 });
            case "HVR": return peer.Message(M.HelloVerifyRequest, new byte[] { 0xFE, 0xFF, 3, 7, 8, 9 });
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
            case "DATA0": return TestBed.Record(ContentType.ApplicationData, 0, peer.NextRecord++, 1, 2, 3);
            case "DATA1": return peer.Protect(ContentType.ApplicationData, 1, 2, 3);
            case "ALERT0": return TestBed.Record(ContentType.Alert, 0, peer.NextRecord++, 2, 40);
            case "HR": return TestBed.Record(ContentType.Handshake, 0, peer.NextRecord++, TestBed.Fragment(M.HelloRequest, peer.NextMessage));
            default: throw new ArgumentException(symbol);
        }
    }

    /// <summary>ClientKeyExchange and Finished are the first messages, and a ChangeCipherSpec comes behind the former; records may overtake each other.</summary>
    private static bool IsAllowedFromClient(string[] sequence)
    {
        string[] messages = sequence.Where(symbol => symbol is "CKE" or "FIN" or "FIN0" or "CERT" or "CV" or "CH" or "SH").ToArray();
        return messages.Length >= 2 && messages[0] == "CKE" && messages[1] == "FIN"
            && Array.LastIndexOf(sequence, "CCS") > Array.IndexOf(sequence, "CKE");
    }

    private static bool IsAllowedFromServer(string[] sequence)
    {
        List<string> messages = sequence.Where(symbol => symbol is not ("CCS" or "DATA1" or "HR")).SkipWhile(symbol => symbol == "HVR").ToList();
        if (messages.Count > 1 && messages[1] == "SKE")
        {
            messages.RemoveAt(1);
        }

        return messages.Count >= 3 && messages[0] == "SH" && messages[1] == "SHD" && messages[2] == "FIN"
            && Array.LastIndexOf(sequence, "CCS") > Array.IndexOf(sequence, "SHD");
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

    /// <summary>The right sequence, and each that has one message more or less, or two that changed places.</summary>
    private static IEnumerable<string[]> Variants(string[] right)
    {
        yield return right;
        for (int at = 0; at <= right.Length; at++)
        {
            foreach (string symbol in s_fromServer)
            {
                List<string> more = right.ToList();
                more.Insert(at, symbol);
                yield return more.ToArray();
            }

            for (int other = at + 1; other < right.Length; other++)
            {
                string[] swapped = (string[])right.Clone();
                (swapped[at], swapped[other]) = (swapped[other], swapped[at]);
                yield return swapped;
            }

            if (at < right.Length)
            {
                List<string> less = right.ToList();
                less.RemoveAt(at);
                yield return less.ToArray();
            }
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
