using System;
using System.Linq;
using Microsoft.VisualStudio.TestTools.UnitTesting;
using NfDtls.Extensions;
using NfDtls.Server;
using NfDtls.Tests.Engine;

namespace NfDtls.Tests.Extensions;

/// <summary>server_name without certificates: keys by name, names that are refused, answers that come later.</summary>
[TestClass]
public sealed class ServerNameTests
{
    private static readonly byte[] KeyOfA = TestBed.Bytes(16, 1);
    private static readonly byte[] KeyOfB = TestBed.Bytes(16, 2);

    [TestMethod]
    public void A_server_has_keys_and_a_hint_for_each_of_its_names()
    {
        foreach ((string? name, byte[] key, string? hint) in new[] { ("a.example", KeyOfA, "of a"), ("A.Example.", KeyOfA, "of a"), ("b.example", KeyOfB, null), (null, TestBed.Key, "of all"), ("c.example", TestBed.Key, "of all") })
        {
            ServerNames names = new ServerNames()
                .Add("a.example", TestBed.Store(KeyOfA, TestBed.Text("me")), TestBed.Text("of a")).Add("b.example", TestBed.Store(KeyOfB, TestBed.Text("me")), null);
            DtlsOptions server = Options(2, names, TestBed.Key);
            server.PskHint = TestBed.Text("of all");
            DtlsOptions client = Client(1, name, key, hint);
            TestBed bed = new TestBed(client, server).Connect();
            Assert.AreEqual(name?.TrimEnd('.'), bed.ServerAssociation!.ServerName, name);
            Assert.IsNull(bed.Client.Association.ServerName);
            bed.VerifyEcho();
        }
    }

    [TestMethod]
    public void The_key_of_one_name_is_none_for_another()
    {
        ServerNames names = new ServerNames().Add("a.example", TestBed.Store(KeyOfA, TestBed.Text("me")), null).Add("b.example", TestBed.Store(KeyOfB, TestBed.Text("me")), null);
        TestBed bed = new TestBed(Client(1, "b.example", KeyOfA, null), Options(2, names, TestBed.Key));
        bed.VerifyClientFails(DtlsError.KeyMismatchSuspected);
    }

    [TestMethod]
    public void A_name_that_is_not_known_is_ignored_or_refused_as_the_server_wants_it()
    {
        TestBed bed = new TestBed(Client(1, "c.example", TestBed.Key, null), Options(2, new ServerNames().Add("a.example"), TestBed.Key)).Connect();
        Assert.AreEqual("c.example", bed.ServerAssociation!.ServerName);
        Assert.IsFalse(IsAnswered(bed));

        bed = new TestBed(Client(1, "c.example", TestBed.Key, null), Options(2, new ServerNames { RefusesUnknown = true }.Add("a.example"), TestBed.Key));
        bed.VerifyClientFails(DtlsError.AlertReceived);
        Assert.AreEqual(Alert.UnrecognizedName, bed.Client.Association.AlertReceived);

        bed = new TestBed(Client(1, "a.example", TestBed.Key, null), Options(2, new ServerNames { RefusesUnknown = true }.Add("a.example"), TestBed.Key)).Connect();
        Assert.IsTrue(IsAnswered(bed), "RFC 6066 section 3: a server that used the name says so.");

        bed = new TestBed(Client(1, null, TestBed.Key, null), Options(2, new ServerNames { RefusesUnknown = true }.Add("a.example"), TestBed.Key)).Connect();
        Assert.IsNull(bed.ServerAssociation!.ServerName);
    }

    [TestMethod]
    [DataRow(0)]
    [DataRow(25_000)]
    public void An_application_answers_by_the_name_at_once_or_later(long later)
    {
        DtlsOptions server = Options(2, new ServerNames(), TestBed.Key);
        server.AskToConnect = true;
        DtlsOptions client = Client(1, "b.example", KeyOfB, "of b");
        client.MaxRetransmits = 20;
        TestBed bed = new TestBed(client, server);
        bed.Client.Engine.Connect(bed.Network.Now);
        Association? asking = null;
        Assert.IsTrue(bed.Network.Run(() => (asking = bed.Network.ServerEvents.FirstOrDefault(one => (one.Events & AssociationEvents.Connecting) != 0).Association) != null, 10_000));
        Assert.AreEqual("b.example", asking!.ServerName);
        bed.Network.Run(later);
        asking.ConnectRequest.Accept(TestBed.Store(KeyOfB, TestBed.Text("me")), TestBed.Text("of b"));
        Assert.IsTrue(bed.Network.Run(bed.IsConnected, 60_000));
        Assert.AreEqual("b.example", bed.ServerAssociation!.ServerName);
        bed.VerifyEcho();
        Assert.AreEqual(1, bed.Network.ServerEvents.Count(one => (one.Events & AssociationEvents.Connecting) != 0), "It is asked once.");
    }

    [TestMethod]
    public void An_application_refuses_a_name()
    {
        DtlsOptions server = Options(2, new ServerNames(), TestBed.Key);
        server.AskToConnect = true;
        TestBed bed = new TestBed(Client(1, "b.example", KeyOfB, null), server);
        bed.Client.Engine.Connect(bed.Network.Now);
        Association? asking = null;
        bed.Network.Run(() => (asking = bed.Network.ServerEvents.FirstOrDefault(one => (one.Events & AssociationEvents.Connecting) != 0).Association) != null, 10_000);
        ConnectRequest request = asking!.ConnectRequest;
        Assert.ThrowsExactly<ArgumentNullException>(() => request.Accept(null, null));
        Assert.ThrowsExactly<ArgumentException>(() => request.Accept(new PskStore(), new byte[129]));
        Assert.IsTrue(request.IsWaiting, "A wrong answer is none.");
        request.RefuseName();
        bed.Network.Run(() => bed.Client.State == AssociationState.Closed, 60_000);
        Assert.AreEqual(Alert.UnrecognizedName, bed.Client.Association.AlertReceived);
    }

    [TestMethod]
    public void A_question_for_a_key_tells_the_name()
    {
        DtlsOptions server = Options(2, new ServerNames(), TestBed.Key);
        server.AskForPsk = true;
        TestBed bed = new TestBed(Client(1, "b.example", KeyOfB, null), server);
        string? asked = null;
        bed.Network.PskWanted = request =>
        {
            asked = request.ServerName;
            request.Answer(KeyOfB);
        };
        bed.Connect();
        Assert.AreEqual("b.example", asked);
    }

    [TestMethod]
    public void A_list_of_names_that_is_none_is_a_decode_error()
    {
        foreach (string hex in new[] { "", "0000", "0003000000", "00040000016100", "0004000002", "000500000161", "00080000016100000162", "0003010001", "00" })
        {
            TestBed bed = new TestBed(Options(1, new Answering(0, Convert.FromHexString(hex)), TestBed.Key), Options(2, new ServerNames(), TestBed.Key));
            bed.VerifyClientFails(DtlsError.AlertReceived);
            Assert.AreEqual(Alert.DecodeError, bed.Client.Association.AlertReceived, hex);
        }

        // A name of a kind that nobody knows yet is passed over, and one with a character that no name has is nobody's.
        foreach ((string hex, int alert) in new[] { ("0008070001780000016" + "1", 0), ("00040000012F", Alert.UnrecognizedName), ("00040000012A", Alert.UnrecognizedName) })
        {
            TestBed bed = new TestBed(
                Options(1, new Answering(0, Convert.FromHexString(hex)), TestBed.Key), Options(2, new ServerNames { RefusesUnknown = true }.Add("a"), TestBed.Key));
            if (alert == 0)
            {
                bed.Connect();
                Assert.AreEqual("a", bed.ServerAssociation!.ServerName);
                continue;
            }

            bed.VerifyClientFails(DtlsError.AlertReceived);
            Assert.AreEqual(alert, bed.Client.Association.AlertReceived, hex);
        }
    }

    [TestMethod]
    public void What_is_no_name_cannot_be_added_nor_twice()
    {
        foreach (string? name in new[] { null, "", ".", "a..b", "192.0.2.1", "::1", new string('a', 64), "a b", "\u00e4" })
        {
            Assert.ThrowsExactly<ArgumentException>(() => new ServerNames().Add(name!));
        }

        Assert.ThrowsExactly<ArgumentException>(() => new ServerNames().Add("a").Add("A."));
        Assert.ThrowsExactly<ArgumentException>(() => new ServerNames().Add("a", null, new byte[129]));
    }

    [TestMethod]
    public void The_longest_name_fits_into_a_flight_of_which_nobody_said_how_long_it_is()
    {
        string name = string.Join('.', Enumerable.Repeat(new string('x', 61), 4)) + ".abcde";
        TestBed bed = new TestBed(Client(1, name, TestBed.Key, null), Options(2, new ServerNames(), TestBed.Key), 3);
        bed.Network.Drop = 0.1;
        bed.Connect();
        Assert.AreEqual(253, name.Length);
        Assert.AreEqual(name, bed.ServerAssociation!.ServerName);
    }

    private static bool IsAnswered(TestBed bed)
    {
        byte[] hello = bed.Network.Sent.Last(one => !one.ToServer && one.Bytes[0] == ContentType.Handshake && one.Bytes[13] == HandshakeType.ServerHello).Bytes;
        int at = 13 + 12 + 2 + 32;
        at += 1 + hello[at] + 3;
        int end = at + 2 + ((hello[at] << 8) | hello[at + 1]);
        for (at += 2; at < end; at += 4 + ((hello[at + 2] << 8) | hello[at + 3]))
        {
            if (hello[at] == 0 && hello[at + 1] == 0)
            {
                return true;
            }
        }

        return false;
    }

    private static DtlsOptions Client(int seed, string? name, byte[] key, string? hint)
    {
        DtlsOptions options = Options(seed, new ServerNames(), key);
        options.Psk = TestBed.Store(key, TestBed.Text("me"), hint == null ? null : TestBed.Text(hint));
        options.ServerName = name;
        return options;
    }

    private static DtlsOptions Options(int seed, Feature feature, byte[] key)
    {
        DtlsOptions options = TestBed.Options(seed);
        options.Psk = TestBed.Store(key, TestBed.Text("me"));
        options.Features = new[] { feature };
        return options;
    }
}
