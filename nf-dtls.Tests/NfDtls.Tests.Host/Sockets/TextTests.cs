using System;
using System.Collections.Generic;
using System.Linq;
using System.Reflection;
using Microsoft.VisualStudio.TestTools.UnitTesting;
using NfDtls.Sockets;

namespace NfDtls.Tests.Host;

/// <summary>Errors, alerts and the rest in words.</summary>
[TestClass]
public class TextTests
{
    [TestMethod]
    public void Every_error_has_a_phrase_of_its_own()
    {
        string[] phrases = Enum.GetValues<DtlsError>().Select(DtlsErrors.Describe).ToArray();
        Assert.AreEqual(phrases.Length, phrases.Distinct().Count());
        foreach (string phrase in phrases)
        {
            Assert.IsFalse(phrase.Contains("error ", StringComparison.Ordinal), phrase);
            Assert.IsFalse(phrase.EndsWith('.'), phrase);
        }

        Assert.AreEqual("error 999", DtlsErrors.Describe((DtlsError)999));
    }

    [TestMethod]
    public void Every_number_has_its_name()
    {
        Named(typeof(Alert), DtlsNames.OfAlert, "alert ", nameof(Alert.None));
        Named(typeof(HandshakeType), DtlsNames.OfMessage, "message ");
        Named(typeof(DropReason), DtlsNames.OfDrop, "reason ", nameof(DropReason.Count));
        Assert.AreEqual("alert 99", DtlsNames.OfAlert(99));
        Assert.AreEqual("message 99", DtlsNames.OfMessage(99));
        Assert.AreEqual("reason 99", DtlsNames.OfDrop(99));
    }

    [TestMethod]
    public void An_alert_of_the_peers_is_named_with_what_it_means()
    {
        Assert.AreEqual("the peer sent unknown_psk_identity: it has no key for this identity", DtlsErrors.DescribeWith(DtlsError.AlertReceived, Alert.UnknownPskIdentity));
        Assert.AreEqual("the peer sent an alert", DtlsErrors.DescribeWith(DtlsError.AlertReceived, Alert.None));
        Assert.AreEqual(DtlsErrors.Describe(DtlsError.Timeout), DtlsErrors.DescribeWith(DtlsError.Timeout, Alert.None));
    }

    [TestMethod]
    public void What_ends_a_handshake_or_a_session_is_said_in_the_exception()
    {
        using EchoServer server = new EchoServer();
        DtlsOptions options = Setup.Options();
        options.Psk = new PskStore();
        options.Psk.Add(Setup.Key, "somebody else");
        using DtlsClient stranger = new DtlsClient(options);
        DtlsException e = Setup.Fails(DtlsError.AlertReceived, () => stranger.Connect(server.EndPoint, Setup.Patience));
        Assert.AreEqual("The handshake failed: the peer sent unknown_psk_identity: it has no key for this identity.", e.Message);
        e = Setup.Fails(DtlsError.AlertReceived, () => stranger.Receive(new byte[1], 0, 0));
        StringAssert.Contains(e.Message, "it has no key for this identity");

        using DtlsClient client = server.Connect(out DtlsSession session);
        client.Close(Setup.Patience);
        Setup.Until(() => !server.Disconnected.IsEmpty, "Disconnected");
        e = Setup.Fails(DtlsError.SessionClosed, () => session.Send(new byte[1]));
        Assert.AreEqual("The session has ended: closed.", e.Message);
    }

    private static void Named(Type type, Func<int, string> name, string unnamed, params string[] except)
    {
        HashSet<string> names = [];
        foreach (FieldInfo field in type.GetFields(BindingFlags.Public | BindingFlags.Static).Where(field => !except.Contains(field.Name)))
        {
            string found = name((int)field.GetRawConstantValue()!);
            Assert.IsFalse(found.StartsWith(unnamed + (int)field.GetRawConstantValue()!, StringComparison.Ordinal), field.Name);
            Assert.IsTrue(names.Add(found), found);
        }
    }
}
