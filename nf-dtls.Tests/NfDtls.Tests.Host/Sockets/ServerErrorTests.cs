using System;
using System.Collections.Concurrent;
using System.Linq;
using System.Net;
using Microsoft.VisualStudio.TestTools.UnitTesting;
using NfDtls.Sockets;

namespace NfDtls.Tests.Host;

/// <summary>A server's Error tells whose it was, why, and which alerts went.</summary>
[TestClass]
public class ServerErrorTests
{
    private readonly ConcurrentQueue<(DtlsSession? Session, DtlsException Error)> _told = new();

    [TestMethod]
    [DataRow(false)]
    [DataRow(true)]
    public void A_handshake_that_fails_is_told_with_its_session_the_reason_and_the_alert_that_was_sent(bool isHeardElsewhere)
    {
        using EchoServer server = new EchoServer();
        server.Server.Error += (session, error) => _told.Enqueue((session, error));
        if (isHeardElsewhere)
        {
            server.Server.HandshakeFailed += (_, _) => { };
        }

        using DtlsClient client = new DtlsClient(OfStranger());
        Setup.Fails(DtlsError.AlertReceived, () => client.Connect(server.EndPoint, Setup.Patience));
        (DtlsSession? session, DtlsException error) = First();
        Assert.AreEqual(IPAddress.Loopback, session!.RemoteEndPoint.Address);
        Assert.AreEqual(client.LocalPort, session.RemoteEndPoint.Port);
        Assert.AreEqual(DtlsError.UnknownPskIdentity, error.Error);
        Assert.AreEqual(error.Error, session.LastError);
        Assert.AreEqual(Alert.UnknownPskIdentity, error.AlertSent);
        Assert.AreEqual(Alert.None, error.AlertReceived);
        Assert.IsNull(error.InnerException);
        Assert.AreEqual("The handshake failed: there is no key for this identity.", error.Message);
    }

    [TestMethod]
    public void What_a_handler_throws_is_told_with_the_session_it_was_called_for()
    {
        using EchoServer server = new EchoServer();
        InvalidOperationException thrown = new("of the application");
        server.Server.Error += (session, error) => _told.Enqueue((session, error));
        server.OnRecord = (_, _) => throw thrown;
        using DtlsClient client = server.Connect(out DtlsSession connected);
        client.Send(new byte[1]);
        (DtlsSession? session, DtlsException error) = First();
        Assert.AreSame(connected, session);
        Assert.AreEqual(DtlsError.InternalError, error.Error);
        Assert.AreSame(thrown, error.InnerException);
        Assert.AreEqual("of the application", error.Message);
    }

    [TestMethod]
    public void Clients_for_whom_there_is_no_place_are_told_of_without_a_session()
    {
        DtlsOptions options = Setup.Options();
        options.MaxSessions = 1;
        options.MaxHandshakes = 1;
        using EchoServer server = new EchoServer(options);
        server.Server.Error += (session, error) => _told.Enqueue((session, error));
        using DtlsClient first = server.Connect();
        using DtlsClient second = new DtlsClient(Setup.Options());
        Setup.Fails(DtlsError.NoFreeSession, () => second.Connect(server.EndPoint, Setup.Patience));
        (DtlsSession? session, DtlsException error) = First();
        Assert.IsNull(session);
        Assert.AreEqual(DtlsError.NoFreeSession, error.Error);
        StringAssert.StartsWith(error.Message, "A client was turned away: ");
    }

    private (DtlsSession? Session, DtlsException Error) First()
    {
        Setup.Until(() => !_told.IsEmpty, "Error");
        return _told.First();
    }

    private static DtlsOptions OfStranger()
    {
        DtlsOptions options = Setup.HastyOptions();
        options.Psk = new PskStore();
        options.Psk.Add(Setup.Key, "somebody else");
        return options;
    }
}
