using System;
using System.Collections.Generic;
using System.Linq;
using Microsoft.VisualStudio.TestTools.UnitTesting;
using NfDtls.Crypto.Host;
using NfDtls.Dtls13;
using NfDtls.Server;
using NfDtls.Tests.Engine;
using M = NfDtls.HandshakeType;

namespace NfDtls.Tests.Dtls13;

/// <summary>
/// What protocol-state fuzzing looks for, by trying everything: every sequence of messages of a length, each in one of its epochs,
/// with right keys and a right transcript. The handshake completes if and only if the standard allows it, and what ends it is told
/// by one alert.
/// </summary>
[TestClass]
public sealed class SequenceTests13
{
    private const int NewSessionTicket = M.NewSessionTicket;
    private const int EndOfEarlyData = 5;

    private static readonly string[] s_fromClient = ["FIN2", "FIN0", "FIN3", "CERT2", "CV2", "CH0", "CH2", "KU2", "KU3", "EOED2", "DATA3", "ALERT0"];
    private static readonly string[] s_moreFromClient = [.. s_fromClient, "SH0", "EE2", "NST2", "NST3", "HR2", "DATA0", "DATA2", "ACK2", "CCS0", "RID3", "ALERT2", "CERT0", "HVR0"];
    private static readonly string[] s_fromServer = ["SH0", "HRR0", "EE2", "EE0", "CREQ2", "CERT2", "FIN2", "FIN0", "NST3", "KU3", "ACK3", "ALERT0"];
    private static readonly string[] s_moreFromServer = [.. s_fromServer, "CH0", "CV2", "FIN3", "NST2", "KU2", "HVR0", "HR0", "EE3", "DATA0", "DATA2", "DATA3", "ACK2", "CCS0", "SH2", "RID3"];

    [TestMethod]
    public void A_server_completes_only_what_the_standard_allows()
    {
        int completed = RunServer(Sequences(s_fromClient, 4));
        Assert.IsGreaterThan(1000, completed);
    }

    [TestMethod]
    public void A_server_completes_only_what_the_standard_allows_of_everything_there_is()
    {
        Assert.IsGreaterThan(100, RunServer(Sequences(s_moreFromClient, 3)));
    }

    [TestMethod]
    public void A_client_completes_only_what_the_standard_allows()
    {
        string[][] right = [["SH0", "EE2", "FIN2", "ACK3"], ["HRR0", "SH0", "EE2", "FIN2", "ACK3"], ["SH0", "EE2", "FIN2", "NST3"]];
        int completed = RunClient(Sequences(s_fromServer, 4).Concat(right.SelectMany(one => Variants(one, s_moreFromServer))));
        Assert.IsGreaterThan(40, completed);
    }

    [TestMethod]
    public void A_client_completes_only_what_the_standard_allows_of_everything_there_is()
    {
        Assert.AreEqual(0, RunClient(Sequences(s_moreFromServer, 3)), "with less than four messages nothing is complete");
    }

    [TestMethod]
    public void A_handshake_does_not_begin_with_anything_but_a_client_hello()
    {
        DtlsServerEngine server = new(Bed13.Options(true, 1, Bed13.NoGroup, true));
        foreach (string symbol in s_moreFromClient.Where(symbol => symbol != "CH0"))
        {
            ScriptedClient13 client = new(server);
            client.Send(Symbol(client.Peer, symbol));
            Assert.AreEqual(0, client.Answers, symbol);
            Assert.AreEqual(0, server.SessionCount, symbol);
        }

        Assert.AreEqual(s_moreFromClient.Length - 1, server.Statistics.DroppedInAll);
    }

    /// <summary>A message in the clear behind the ServerHello, in one record with it, is none of the epoch that the ServerHello begins.</summary>
    [TestMethod]
    public void What_stands_behind_a_hello_in_its_record_is_not_taken_for_what_comes_protected()
    {
        DtlsClientEngine client = Client();
        ScriptedPeer13 peer = new(true);
        client.Connect(0);
        Drain(client, peer);
        byte[] hello = Symbol(peer, "SH0");
        byte[] extensions = TestBed.Fragment(HandshakeType13.EncryptedExtensions, peer.NextMessage, 0, 0);
        Deliver(client, peer, TestBed.Record(ContentType.Handshake, 0, 9, [.. hello[13..], .. extensions]));
        foreach (string symbol in new[] { "EE2", "FIN2", "ACK3" })
        {
            Deliver(client, peer, Symbol(peer, symbol));
        }

        Assert.AreEqual(AssociationState.Connected, client.Association.State);
    }

    [TestMethod]
    public void A_wrong_Finished_is_a_decrypt_error_and_cannot_be_made_good()
    {
        DtlsServerEngine server = new(Bed13.Options(true, 1, Bed13.NoGroup, true));
        ScriptedClient13 client = new ScriptedClient13(server).Hello();
        byte[] right = client.Peer.FinishedBody();
        byte[] wrong = (byte[])right.Clone();
        wrong[31] ^= 1;
        client.Send(client.Peer.Record(2, ContentType.Handshake, TestBed.Fragment(M.Finished, client.Peer.NextMessage, wrong)));
        Assert.AreEqual(Alert.DecryptError, client.Peer.Alerts.Single().Description);
        int answers = client.Answers;
        client.Send(client.Peer.Record(2, ContentType.Handshake, TestBed.Fragment(M.Finished, client.Peer.NextMessage, right)));
        Assert.AreEqual(answers, client.Answers);
        Assert.AreEqual(0, server.Statistics.HandshakesCompleted);
        Assert.AreEqual(1, server.Statistics.HandshakesFailed);
    }

    /// <summary>What comes after the handshake is of the epochs of data; in the one before only copies are heard, which are acknowledged.</summary>
    [TestMethod]
    [DataRow("KU2")]
    [DataRow("NST2")]
    [DataRow("FIN2")]
    public void A_new_message_in_the_epoch_of_the_handshake_that_is_over_ends_the_session(string symbol)
    {
        DtlsServerEngine server = new(Bed13.Options(true, 1, Bed13.NoGroup, true));
        ScriptedClient13 client = new ScriptedClient13(server).Hello();
        byte[] body = client.Peer.FinishedBody();
        client.Send(Symbol(client.Peer, "FIN2"));
        int acks = client.Peer.Acks;
        client.Send(client.Peer.Record(2, ContentType.Handshake, TestBed.Fragment(M.Finished, client.Peer.NextMessage - 1, body)));
        Assert.AreEqual(acks + 1, client.Peer.Acks);
        Assert.IsEmpty(client.Peer.Alerts);
        client.Send(Symbol(client.Peer, symbol));
        Assert.AreEqual((3, Alert.UnexpectedMessage), client.Peer.Alerts.Single());
        Assert.AreEqual(1, server.Statistics.HandshakesCompleted);
    }

    /// <summary>An ACK under right keys says nothing of records that were never sent, and nothing at all of an epoch above its own.</summary>
    [TestMethod]
    [DataRow(2, 77, Alert.None)]
    [DataRow(3, 0, Alert.None)]
    [DataRow(1, 0, Alert.None)]
    [DataRow(4, 0, Alert.IllegalParameter)]
    public void An_ACK_of_what_was_not_sent_completes_nothing_and_one_of_a_later_epoch_ends_it(int epoch, int number, int alert)
    {
        DtlsClientEngine client = Client();
        ScriptedPeer13 peer = new(true);
        client.Connect(0);
        Drain(client, peer);
        foreach (string symbol in new[] { "SH0", "EE2", "FIN2" })
        {
            Deliver(client, peer, Symbol(peer, symbol));
        }

        Deliver(client, peer, peer.Record(3, ContentType.Ack, [0, 16, .. new byte[7], (byte)epoch, .. new byte[7], (byte)number]));
        Assert.AreNotEqual(AssociationState.Connected, client.Association.State);
        Assert.AreEqual(alert, peer.Alerts.Count == 0 ? Alert.None : peer.Alerts.Single().Description);
        Deliver(client, peer, Symbol(peer, "ACK3"));
        Assert.AreEqual(alert == Alert.None, client.Association.State == AssociationState.Connected);
    }

    /// <summary>After close_notify and after a fatal alert of either side nothing more is read or answered.</summary>
    [TestMethod]
    [DataRow(1, 0)]
    [DataRow(2, 40)]
    public void After_an_alert_that_ends_it_a_session_takes_and_says_nothing_more(int level, int description)
    {
        DtlsServerEngine server = new(Bed13.Options(true, 1, Bed13.NoGroup, true));
        ScriptedClient13 client = new ScriptedClient13(server).Hello();
        client.Send(Symbol(client.Peer, "FIN2"));
        Assert.AreEqual(1, server.Statistics.HandshakesCompleted);
        client.Send(client.Peer.Record(3, ContentType.Alert, [(byte)level, (byte)description]));
        int answers = client.Answers;
        foreach (string symbol in s_moreFromClient.Where(symbol => symbol != "CH0"))
        {
            client.Send(Symbol(client.Peer, symbol));
        }

        Assert.AreEqual(answers, client.Answers);
        Assert.AreEqual(0, server.Statistics.HandshakesFailed);
    }

    private static int RunServer(IEnumerable<string[]> sequences)
    {
        DtlsOptions options = Bed13.Options(true, 1, Bed13.NoGroup, true);
        options.Crypto = new HostProvider();
        DtlsServerEngine server = new(options);
        int completed = 0;
        foreach (string[] sequence in sequences)
        {
            string what = string.Join(" ", sequence);
            int before = server.Statistics.HandshakesCompleted;
            ScriptedClient13 client = new ScriptedClient13(server).Hello();
            foreach (string symbol in sequence)
            {
                if (symbol == "CH0" && server.HandshakeCount == 0)
                {
                    // Behind the end a hello, whose cookie holds, begins another handshake; behind completion it is a copy.
                    break;
                }

                client.Send(Symbol(client.Peer, symbol));
            }

            bool done = server.Statistics.HandshakesCompleted > before;
            (bool isAllowed, bool isRefused) = ExpectFromClient(sequence);
            Assert.AreEqual(isAllowed, done, what);
            Assert.IsLessThanOrEqualTo(1, client.Peer.Alerts.Count, what);
            if (!isAllowed)
            {
                Assert.AreEqual(isRefused, client.Peer.Alerts.Count == 1, what);
            }

            Assert.IsTrue(client.Peer.Alerts.All(alert => alert == (3, Alert.UnexpectedMessage)), what);
            completed += done ? 1 : 0;
            server.Reset();
            Assert.AreEqual(server.Pool.Count, server.Pool.Available, what);
        }

        new ScriptedClient13(server).Hello().Send(new byte[1]);
        Assert.AreEqual(1, server.SessionCount);
        return completed;
    }

    private static int RunClient(IEnumerable<string[]> sequences)
    {
        DtlsClientEngine client = Client();
        int completed = 0;
        foreach (string[] sequence in sequences)
        {
            string what = string.Join(" ", sequence);
            int before = client.Statistics.HandshakesCompleted;
            ScriptedPeer13 peer = new(true);
            client.Connect(0);
            Drain(client, peer);
            foreach (string symbol in sequence)
            {
                Deliver(client, peer, Symbol(peer, symbol));
            }

            bool done = client.Statistics.HandshakesCompleted > before;
            (bool isAllowed, int alert) = ExpectFromServer(sequence);
            Assert.AreEqual(isAllowed, done, what);
            Assert.IsLessThanOrEqualTo(1, peer.Alerts.Count, what);
            if (!isAllowed)
            {
                Assert.AreEqual(alert, peer.Alerts.Count == 0 ? Alert.None : peer.Alerts[0].Description, what);
                Assert.AreNotEqual(AssociationState.Connected, client.Association.State, what);
            }

            completed += done ? 1 : 0;
            client.Reset();
            Assert.AreEqual(client.Pool.Count, client.Pool.Available, what);
        }

        return completed;
    }

    /// <summary>
    /// The first handshake message behind the hellos must be the Finished, in epoch 2: another one there ends it, and one of another
    /// epoch is dropped, or waits, and what follows has too high a message_seq for ever.
    /// </summary>
    private static (bool IsAllowed, bool IsRefused) ExpectFromClient(string[] sequence)
    {
        foreach (string symbol in sequence)
        {
            if (symbol == "ALERT2")
            {
                return (false, false);
            }

            if (IsMessage(symbol))
            {
                // A HelloRequest is nothing at all.
                return (symbol == "FIN2", symbol[^1] == '2' && symbol is not ("FIN2" or "HR2"));
            }
        }

        return (false, false);
    }

    private static (bool IsAllowed, int Alert) ExpectFromServer(string[] sequence)
    {
        bool isRetried = false;
        string next = "SH0";
        bool isStuck = false;
        foreach (string symbol in sequence)
        {
            if (next == "ACK3")
            {
                // All was read: a ticket says what the ACK would, whatever its number.
                if (symbol is "ACK3" or "NST3")
                {
                    return (true, Alert.None);
                }
            }
            else if (!IsMessage(symbol) || isStuck)
            {
                continue;
            }
            else if (symbol == "HRR0" && next == "SH0" && !isRetried)
            {
                isRetried = true;
            }
            else if (symbol == next)
            {
                next = next == "SH0" ? "EE2" : next == "EE2" ? "FIN2" : "ACK3";
            }
            else if (symbol is not ("HR0" or "HR2") && symbol[^1] == next[^1])
            {
                return (false, Alert.UnexpectedMessage);
            }
            else
            {
                // Of another epoch, or of none: its number is missing from here on.
                isStuck = true;
            }
        }

        return (false, Alert.None);
    }

    private static bool IsMessage(string symbol)
    {
        return !(symbol.StartsWith("DATA", StringComparison.Ordinal) || symbol.StartsWith("ALERT", StringComparison.Ordinal)
            || symbol.StartsWith("ACK", StringComparison.Ordinal) || symbol.StartsWith("CCS", StringComparison.Ordinal));
    }

    private static byte[] Symbol(ScriptedPeer13 peer, string symbol)
    {
        int epoch = symbol[^1] - '0';
        switch (symbol[..^1])
        {
            case "FIN": return peer.Message(epoch, M.Finished, peer.FinishedBody());
            case "CERT": return peer.Message(epoch, M.Certificate, [0, 0, 0, 0]);
            case "CV": return peer.Message(epoch, M.CertificateVerify, [8, 4, 0, 1, 9]);
            case "CREQ": return peer.Message(epoch, M.CertificateRequest, [0, 0, 8, 0, 13, 0, 4, 0, 2, 4, 3]);
            case "CH": return peer.Message(epoch, M.ClientHello, peer.ClientHelloBody());
            case "SH": return peer.Message(epoch, M.ServerHello, ScriptedPeer13.ServerHelloBody(false));
            case "HRR": return peer.Message(epoch, M.ServerHello, ScriptedPeer13.ServerHelloBody(true));
            case "HVR": return peer.Message(epoch, M.HelloVerifyRequest, [0xFE, 0xFF, 3, 7, 8, 9]);
            case "HR": return peer.Message(epoch, M.HelloRequest, []);
            case "EE": return peer.Message(epoch, HandshakeType13.EncryptedExtensions, [0, 0]);
            case "EOED": return peer.Message(epoch, EndOfEarlyData, []);
            case "KU": return peer.Message(epoch, HandshakeType13.KeyUpdate, [0]);
            case "RID": return peer.Message(epoch, HandshakeType13.RequestConnectionId, [1]);
            case "NST": return peer.Message(epoch, NewSessionTicket, [0, 0, 0, 9, 1, 2, 3, 4, 1, 0, 0, 2, 8, 8, 0, 0]);
            case "ACK": return peer.Ack(epoch);
            case "DATA": return peer.Record(epoch, ContentType.ApplicationData, [1, 2, 3]);
            case "ALERT": return peer.Record(epoch, ContentType.Alert, [2, 40]);
            case "CCS": return peer.Record(epoch, ContentType.ChangeCipherSpec, [1]);
            default: throw new ArgumentException(symbol);
        }
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
    private static IEnumerable<string[]> Variants(string[] right, string[] alphabet)
    {
        yield return right;
        for (int at = 0; at <= right.Length; at++)
        {
            foreach (string symbol in alphabet)
            {
                yield return [.. right[..at], symbol, .. right[at..]];
            }

            for (int other = at + 1; other < right.Length; other++)
            {
                string[] swapped = (string[])right.Clone();
                (swapped[at], swapped[other]) = (swapped[other], swapped[at]);
                yield return swapped;
            }

            if (at < right.Length)
            {
                yield return [.. right[..at], .. right[(at + 1)..]];
            }
        }
    }

    private static DtlsClientEngine Client()
    {
        DtlsOptions options = Bed13.Options(false, 1, Bed13.NoGroup, true);
        options.Crypto = new HostProvider();
        return new DtlsClientEngine(options);
    }

    private static void Deliver(DtlsClientEngine client, ScriptedPeer13 peer, byte[] datagram)
    {
        client.HandleDatagram((byte[])datagram.Clone(), 0, datagram.Length, 0);
        Drain(client, peer);
    }

    private static void Drain(DtlsClientEngine client, ScriptedPeer13 peer)
    {
        for (int i = 0; i < 20; i++)
        {
            for (Packet packet = client.PollDatagram(0); packet != null; packet = client.PollDatagram(0))
            {
                byte[] bytes = packet.Buffer.AsSpan(packet.Offset, packet.Length).ToArray();
                packet.Return();
                peer.Take(bytes);
            }

            if (client.NextDeadline > 0)
            {
                break;
            }

            client.HandleTimeout(0);
        }

        Exception? failure = client.TakeFailure();
        Assert.IsNull(failure, failure?.Message);
    }
}
