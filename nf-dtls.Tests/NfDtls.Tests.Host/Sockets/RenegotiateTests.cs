using System;
using System.Collections.Concurrent;
using Microsoft.VisualStudio.TestTools.UnitTesting;
using NfDtls.Extensions;
using NfDtls.Sockets;

namespace NfDtls.Tests.Host;

/// <summary>New keys within a connection, from either end, through sockets.</summary>
[TestClass]
public class RenegotiateTests
{
    private readonly byte[] _buffer = new byte[2000];

    [TestMethod]
    [TestProperty("Event", "DtlsServer.Renegotiated")]
    public void Either_end_renegotiates_and_the_server_is_told()
    {
        using EchoServer server = new EchoServer(Options(true));
        ConcurrentQueue<DtlsSession> renewed = new();
        server.Server.Renegotiated += renewed.Enqueue;
        using DtlsClient client = server.Connect(Options(true));
        Assert.IsFalse(client.IsRenegotiating);
        Assert.IsTrue(client.Renegotiate(Setup.Patience));
        Setup.Until(() => renewed.Count == 1, "Renegotiated");
        DtlsSession session = server.Connected.ToArray()[0];
        VerifyEcho(client);
        Assert.IsTrue(session.Renegotiate(Setup.Patience));
        Setup.Until(() => renewed.Count == 2, "Renegotiated");
        VerifyEcho(client);
        Assert.AreEqual(Setup.Identity, System.Text.Encoding.UTF8.GetString(session.PskIdentity));
        Assert.IsTrue(client.Close(Setup.Patience));
        Assert.IsTrue(server.Errors.IsEmpty);
    }

    [TestMethod]
    public void A_refusal_returns_false_and_the_connection_goes_on()
    {
        using EchoServer server = new EchoServer(Options(false));
        using DtlsClient client = server.Connect(Options(false));
        Assert.IsFalse(client.Renegotiate(Setup.Patience));
        Setup.Until(() => server.Connected.Count == 1, "Connected");
        Assert.IsFalse(server.Connected.ToArray()[0].Renegotiate(Setup.Patience));
        VerifyEcho(client);
    }

    [TestMethod]
    public void Without_waiting_the_handshake_goes_on_by_itself_also_from_a_notification()
    {
        using EchoServer server = new EchoServer(Options(true));
        ConcurrentQueue<DtlsSession> renewed = new();
        server.Server.Renegotiated += renewed.Enqueue;
        bool? returned = null;
        server.OnRecord = (session, record) =>
        {
            returned = session.Renegotiate(-1);
            session.Send(record);
        };
        using DtlsClient client = server.Connect(Options(true));
        client.Renegotiate(0);
        Setup.Until(() => !client.IsRenegotiating && renewed.Count == 1, "Renegotiated");
        VerifyEcho(client);
        Assert.IsFalse(returned);
        Setup.Until(() => renewed.Count == 2, "Renegotiated by the handler");
        server.OnRecord = (session, record) => session.Send(record);
        VerifyEcho(client);
    }

    [TestMethod]
    public void What_cannot_be_is_said()
    {
        using EchoServer server = new EchoServer(Setup.Options());
        using DtlsClient idle = new DtlsClient(Options(true));
        Setup.Fails(DtlsError.NotConnected, () => idle.Renegotiate(0));
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => idle.Renegotiate(-2));
        using DtlsClient without = server.Connect();
        Assert.ThrowsExactly<InvalidOperationException>(() => without.Renegotiate(0));
        Setup.Until(() => server.Connected.Count == 1, "Connected");
        DtlsSession session = server.Connected.ToArray()[0];
        Assert.ThrowsExactly<InvalidOperationException>(() => session.Renegotiate(0));
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => session.Renegotiate(-2));
        Assert.IsTrue(without.Close(Setup.Patience));
        Setup.Until(() => server.Disconnected.Count == 1, "Disconnected");
        Setup.Fails(DtlsError.SessionClosed, () => session.Renegotiate(0));
        using DtlsClient closed = server.Connect(Options(true));
        Assert.IsTrue(closed.Close(Setup.Patience));
        Setup.Fails(DtlsError.SessionClosed, () => closed.Renegotiate(Setup.Patience));
    }

    private static DtlsOptions Options(bool allows)
    {
        DtlsOptions options = Setup.Options();
        options.Features = new Feature[] { new Renegotiation { AllowPeer = allows } };
        return options;
    }

    private void VerifyEcho(DtlsClient client)
    {
        client.Send(new byte[] { 1, 2, 3 });
        Assert.AreEqual(3, client.Receive(_buffer, 0, Setup.Patience));
    }
}
