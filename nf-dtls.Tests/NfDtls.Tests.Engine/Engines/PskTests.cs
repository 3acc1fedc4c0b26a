using System;
using System.Collections.Generic;
using System.Linq;
using Microsoft.VisualStudio.TestTools.UnitTesting;

namespace NfDtls.Tests.Engine;

[TestClass]
public class PskTests
{
    [TestMethod]
    public void An_unknown_identity_gets_its_alert()
    {
        TestBed bed = Unknown(false);
        bed.VerifyClientFails(DtlsError.AlertReceived);
        Assert.AreEqual(Alert.UnknownPskIdentity, bed.Client.Association.AlertReceived);
        Assert.AreEqual(0, bed.Server.SessionCount);
        bed.VerifyPools();
    }

    [TestMethod]
    public void An_unknown_identity_that_is_hidden_looks_like_a_wrong_key()
    {
        TestBed hidden = Unknown(true);
        hidden.Client.Engine.Connect(hidden.Network.Now);
        hidden.Network.Run(3_000_000);
        TestBed wrong = WrongKey();
        wrong.Client.Engine.Connect(wrong.Network.Now);
        wrong.Network.Run(3_000_000);
        Assert.AreEqual(wrong.Client.Association.LastError, hidden.Client.Association.LastError);
        CollectionAssert.AreEqual(Shape(wrong), Shape(hidden));
        Assert.AreEqual(Alert.None, hidden.Client.Association.AlertReceived);
        hidden.VerifyPools();
    }

    [TestMethod]
    public void A_wrong_key_is_suspected_by_the_server()
    {
        TestBed bed = WrongKey();
        bed.Network.AutoRelease = false;
        bed.Client.Engine.Connect(bed.Network.Now);
        bed.Network.Run(3_000_000);
        Assert.AreEqual(AssociationState.Closed, bed.Client.State);
        Association server = bed.Server.At(0);
        Assert.AreEqual(DtlsError.KeyMismatchSuspected, server.LastError);
        Assert.AreEqual(0, bed.Server.Statistics.HandshakesCompleted);
        bed.VerifyPools();
    }

    [TestMethod]
    public void A_hint_selects_the_key_and_without_one_the_first_is_taken()
    {
        foreach (string? hint in new[] { null, "gateway", "other" })
        {
            DtlsOptions client = TestBed.Options(1);
            client.Psk = new PskStore();
            client.Psk.Add(TestBed.Bytes(16, 1), "first");
            client.Psk.Add(TestBed.Bytes(16, 2), "second", "gateway");
            DtlsOptions server = TestBed.Options(2);
            server.Psk = new PskStore();
            server.Psk.Add(TestBed.Bytes(16, 1), "first");
            server.Psk.Add(TestBed.Bytes(16, 2), "second");
            server.PskHint = hint == null ? null : TestBed.Text(hint);
            TestBed bed = new TestBed(client, server).Connect();
            CollectionAssert.AreEqual(TestBed.Text(hint == "gateway" ? "second" : "first"), bed.ServerAssociation!.PskIdentity);
            CollectionAssert.AreEqual(bed.ServerAssociation.PskIdentity, bed.Client.Association.PskIdentity);
            bed.VerifyEcho();
        }
    }

    [TestMethod]
    public void Identities_count_over_their_exact_length()
    {
        DtlsOptions client = TestBed.Options(1);
        client.Psk = TestBed.Store(TestBed.Key, TestBed.Text("sensor-1\0x"));
        TestBed bed = new TestBed(client, TestBed.Options(2));
        bed.VerifyClientFails(DtlsError.AlertReceived);
        Assert.AreEqual(Alert.UnknownPskIdentity, bed.Client.Association.AlertReceived);
    }

    [TestMethod]
    [DataRow("9C3FE18010FF44C2A07BD10599EEF012", "FF00FF", DisplayName = "a UUID as bytes, and a hint of no text")]
    [DataRow("00", "00", DisplayName = "a zero byte")]
    [DataRow("", "80", DisplayName = "no byte at all")]
    [DataRow("C0AF00EDA080", "", DisplayName = "overlong, NUL and a surrogate")]
    public void Identities_and_hints_are_bytes_of_any_value_in_both_roles(string identityHex, string hintHex)
    {
        byte[] identity = System.Convert.FromHexString(identityHex);
        byte[] hint = System.Convert.FromHexString(hintHex);
        foreach (bool asks in new[] { false, true })
        {
            DtlsOptions client = TestBed.Options(1);
            client.Psk = new PskStore();
            client.Psk.Add(TestBed.Bytes(16, 1), "default");
            client.Psk.Add(TestBed.Key, identity, hint);
            client.AskForPsk = asks;
            DtlsOptions server = TestBed.Options(2);
            server.Psk = TestBed.Store(TestBed.Key, identity);
            server.Psk.Add(TestBed.Bytes(16, 1), "default");
            server.PskHint = hint;
            server.AskForPsk = asks;
            TestBed bed = new TestBed(client, server);
            bed.Network.PskWanted = request =>
            {
                CollectionAssert.AreEqual(request.IsServer ? identity : hint, request.Asked);
                request.Answer(TestBed.Key, identity);
            };
            bed.Connect().VerifyEcho();
            byte[] expected = asks || hint.Length > 0 ? identity : TestBed.Text("default");
            CollectionAssert.AreEqual(expected, bed.ServerAssociation!.PskIdentity);
            CollectionAssert.AreEqual(expected, bed.Client.Association.PskIdentity);
        }
    }

    [TestMethod]
    public void An_answer_that_is_too_long_leaves_the_question_open()
    {
        DtlsOptions client = TestBed.Options(1);
        client.AskForPsk = true;
        client.Psk = null;
        TestBed bed = new TestBed(client, TestBed.Options(2));
        PskRequest? asked = null;
        bed.Network.PskWanted = request => asked = request;
        bed.Client.Engine.Connect(bed.Network.Now);
        Assert.IsTrue(bed.Network.Run(() => asked != null, 1000));
        StringAssert.Contains(Assert.ThrowsExactly<System.ArgumentException>(() => asked!.Answer(TestBed.Key, new byte[129])).Message, "129");
        Assert.ThrowsExactly<System.ArgumentNullException>(() => asked!.Answer(TestBed.Key, null));
        Assert.IsTrue(asked!.IsWaiting);
        asked.Answer(TestBed.Key, TestBed.Text("sensor-1"));
        Assert.IsTrue(bed.Network.Run(bed.IsConnected, 60_000));
    }

    [TestMethod]
    public void Keys_of_every_length_work()
    {
        foreach (int length in new[] { 1, 16, 32, 63, 64 })
        {
            DtlsOptions client = TestBed.Options(1);
            client.Psk = TestBed.Store(TestBed.Bytes(length), new byte[0]);
            DtlsOptions server = TestBed.Options(2);
            server.Psk = client.Psk;
            new TestBed(client, server).Connect().VerifyEcho();
        }

        DtlsOptions longClient = TestBed.Options(1);
        longClient.Psk = new PskStore(1024);
        longClient.Psk.Add(TestBed.Bytes(1024), "x");
        DtlsOptions longServer = TestBed.Options(2);
        longServer.Psk = longClient.Psk;
        new TestBed(longClient, longServer).Connect().VerifyEcho();
    }

    [TestMethod]
    public void A_key_removed_while_a_handshake_runs_still_serves_it_and_not_the_next()
    {
        DtlsOptions server = TestBed.Options(2);
        TestBed bed = new TestBed(TestBed.Options(1), server);
        bed.Network.Filter = datagram =>
        {
            if (datagram.ToServer && datagram.FirstMessage == HandshakeType.ClientKeyExchange)
            {
                bed.Network.Filter = inner => inner.ToServer || Forget(server);
            }

            return true;
        };
        bed.Connect().VerifyEcho();
        bed.Client.Engine.Reset();
        bed.Network.Filter = null;
        bed.VerifyClientFails(DtlsError.AlertReceived);
    }

    [TestMethod]
    public void Both_ends_can_ask_the_application_and_wait_for_its_answer()
    {
        DtlsOptions client = TestBed.Options(1);
        client.AskForPsk = true;
        client.Psk = null;
        DtlsOptions server = TestBed.Options(2);
        server.AskForPsk = true;
        server.Psk = null;
        server.PskHint = TestBed.Text("plant 7");
        server.HandshakeTimeout = 60_000;
        TestBed bed = new TestBed(client, server);
        PskRequest? asked = null;
        bed.Network.PskWanted = request => asked = request;
        bed.Client.Engine.Connect(bed.Network.Now);
        Assert.IsTrue(bed.Network.Run(() => asked != null, 1000));
        Assert.IsFalse(asked!.IsServer);
        Assert.AreSame(asked, bed.Client.Association.PskRequest);
        CollectionAssert.AreEqual(TestBed.Text("plant 7"), asked.Asked);
        bed.Network.Run(20_000);
        asked.Answer(TestBed.Key, TestBed.Text("late"));
        asked = null;
        Assert.IsTrue(bed.Network.Run(() => asked != null, 60_000));
        Assert.IsTrue(asked!.IsServer);
        CollectionAssert.AreEqual(TestBed.Text("late"), asked.Asked);
        bed.Network.Run(20_000);
        asked.Answer(TestBed.Key);
        Assert.IsTrue(bed.Network.Run(bed.IsConnected, 60_000), bed.Client.Association.LastError + " " + bed.ServerAssociation?.LastError);
        Assert.IsNull(bed.Client.Association.PskRequest);
        bed.VerifyEcho();
        bed.VerifyPools();
    }

    [TestMethod]
    public void A_refusing_application_means_an_unknown_identity()
    {
        DtlsOptions server = TestBed.Options(2);
        server.AskForPsk = true;
        TestBed bed = new TestBed(TestBed.Options(1), server);
        bed.Network.PskWanted = request => request.Refuse();
        bed.VerifyClientFails(DtlsError.AlertReceived);
        Assert.AreEqual(Alert.UnknownPskIdentity, bed.Client.Association.AlertReceived);

        DtlsOptions client = TestBed.Options(1);
        client.AskForPsk = true;
        bed = new TestBed(client, TestBed.Options(2));
        bed.Network.PskWanted = request => request.Refuse();
        bed.VerifyClientFails(DtlsError.UnknownPskIdentity);
    }

    [TestMethod]
    public void A_refusal_can_be_hidden_like_an_unknown_identity()
    {
        DtlsOptions server = TestBed.Options(2);
        server.AskForPsk = true;
        server.HideUnknownIdentities = true;
        TestBed bed = new TestBed(TestBed.Options(1), server);
        bed.Network.PskWanted = request => request.Refuse();
        bed.Client.Engine.Connect(bed.Network.Now);
        bed.Network.Run(3_000_000);
        Assert.AreEqual(AssociationState.Closed, bed.Client.State);
        Assert.AreEqual(Alert.None, bed.Client.Association.AlertReceived);
        Assert.AreEqual(0, bed.Server.Statistics.HandshakesCompleted);
    }

    [TestMethod]
    [DataRow(16, false)]
    [DataRow(24, false)]
    [DataRow(32, false)]
    [DataRow(64, false)]
    [DataRow(16, true)]
    public void The_same_work_is_done_in_the_same_order_whether_an_identity_is_known_or_not(int keyLength, bool asks)
    {
        List<string> known = Work(keyLength, asks, "sensor-1");
        Assert.IsTrue(known.Count > 20 && known.Any(call => call.StartsWith("Open", StringComparison.Ordinal)), string.Join(", ", known));
        foreach (string unknown in new[] { "sensor-7", "sensor-0" })
        {
            CollectionAssert.AreEqual(known, Work(keyLength, asks, unknown), unknown);
        }
    }

    [TestMethod]
    public void An_application_that_never_answers_is_not_waited_for_beyond_the_deadline()
    {
        DtlsOptions server = TestBed.Options(2);
        server.AskForPsk = true;
        server.HandshakeTimeout = 30_000;
        TestBed bed = new TestBed(TestBed.Options(1), server);
        bed.Client.Engine.Connect(bed.Network.Now);
        bed.Network.Run(29_000);
        Assert.AreEqual(1, bed.Server.HandshakeCount);
        bed.Network.Run(2000);
        Assert.AreEqual(0, bed.Server.HandshakeCount);
        bed.Client.Engine.Reset();
        bed.VerifyPools();
    }

    [TestMethod]
    public void An_answer_that_comes_after_the_handshake_ended_is_ignored()
    {
        DtlsOptions server = TestBed.Options(2);
        server.AskForPsk = true;
        TestBed bed = new TestBed(TestBed.Options(1), server);
        PskRequest? asked = null;
        bed.Network.PskWanted = request => asked = request;
        bed.Client.Engine.Connect(bed.Network.Now);
        bed.Network.Run(() => asked != null, 1000);
        bed.Server.Reset();
        asked!.Answer(TestBed.Key);
        bed.Network.Run(1000);
        Assert.AreEqual(0, bed.Server.SessionCount);
        Assert.IsNull(asked.Key);
    }

    private static TestBed Unknown(bool hide)
    {
        DtlsOptions client = TestBed.Options(1);
        client.Psk = TestBed.Store(TestBed.Key, TestBed.Text("stranger"));
        DtlsOptions server = TestBed.Options(2);
        server.HideUnknownIdentities = hide;
        return new TestBed(client, server);
    }

    /// <summary>What a server that hides which identities it knows asks of its provider, with sizes, for one whose key is wrong.</summary>
    private static List<string> Work(int keyLength, bool asks, string identity)
    {
        DtlsOptions client = TestBed.Options(1);
        client.Psk = TestBed.Store(TestBed.Bytes(16, 200), TestBed.Text(identity));
        DtlsOptions server = TestBed.Options(2);
        WatchedProvider provider = new WatchedProvider(server.Crypto);
        server.Crypto = provider;
        server.HideUnknownIdentities = true;
        server.AskForPsk = asks;
        server.Psk = new PskStore();
        for (int i = 1; i <= 3; i++)
        {
            server.Psk.Add(TestBed.Bytes(keyLength, i), "sensor-" + i);
        }

        TestBed bed = new TestBed(client, server);
        bed.Network.PskWanted = request =>
        {
            if (identity == "sensor-1")
            {
                request.Answer(TestBed.Bytes(keyLength, 1));
            }
            else
            {
                request.Refuse();
            }
        };
        List<string> calls = new();
        provider.Calling = (name, size) => calls.Add(name + " " + size);
        bed.Client.Engine.Connect(bed.Network.Now);
        bed.Network.Run(600_000);
        Assert.AreEqual(AssociationState.Closed, bed.Client.State);
        Assert.AreEqual(0, bed.Server.SessionCount);
        Assert.AreEqual(0, bed.Server.Statistics.HandshakesCompleted);
        return calls;
    }

    private static TestBed WrongKey()
    {
        DtlsOptions client = TestBed.Options(1);
        client.Psk = TestBed.Store(TestBed.Bytes(16, 99), TestBed.Text("sensor-1"));
        return new TestBed(client, TestBed.Options(2));
    }

    private static string[] Shape(TestBed bed)
    {
        long begin = bed.Network.Sent[0].Sent;
        return bed.Network.Sent.Select(datagram => (datagram.Sent - begin) + " " + datagram.ToServer + " " + datagram.Bytes.Length).ToArray();
    }

    private static bool Forget(DtlsOptions server)
    {
        server.Psk.Remove("sensor-1");
        return true;
    }
}
