using System.Collections.Concurrent;
using System.Linq;
using Microsoft.VisualStudio.TestTools.UnitTesting;
using NfDtls.Sockets;

namespace NfDtls.Tests.Services.Sockets;

/// <summary>An application that decides about each client.</summary>
[TestClass]
public class ConnectingTests
{
    [TestMethod]
    public void A_client_may_be_accepted_at_once_or_later_and_refused()
    {
        ConcurrentQueue<DtlsSession> asked = new();
        ConcurrentQueue<DtlsError> errors = new();
        DtlsOptions options = Setup.HostOptions();
        options.AskToConnect = true;
        using DtlsServer server = new DtlsServer(options);
        server.ClientConnecting += asked.Enqueue;
        server.Error += (_, error) => errors.Enqueue(error.Error);
        server.Start(Setup.Loopback(0));

        using DtlsClient later = new DtlsClient(Setup.HostOptions());
        DtlsSession session = Ask(server, later, asked);
        Assert.AreEqual(later.LocalPort, session.RemoteEndPoint.Port);
        Assert.AreEqual(AssociationState.Connecting, later.State);
        Assert.IsTrue(session.Start(Setup.Patience));
        Assert.IsTrue(later.Connect(Setup.Loopback(server.LocalPort), Setup.Patience));

        using DtlsClient refused = new DtlsClient(Setup.HostOptions());
        session = Ask(server, refused, asked);

        // Else it would ask again.
        refused.Reset();
        session.Refuse();
        Setup.Until(() => errors.Contains(DtlsError.Refused), "Error(Refused)");
        Setup.Until(() => server.SessionCount == 1, "a free place");

        server.ClientConnecting -= asked.Enqueue;
        server.ClientConnecting += one => one.Accept();
        using DtlsClient atOnce = new DtlsClient(Setup.HostOptions());
        Assert.IsTrue(atOnce.Connect(Setup.Loopback(server.LocalPort), Setup.Patience));
    }

    private static DtlsSession Ask(DtlsServer server, DtlsClient client, ConcurrentQueue<DtlsSession> asked)
    {
        Assert.IsFalse(client.Connect(Setup.Loopback(server.LocalPort), 0));
        Setup.Until(() => !asked.IsEmpty, "ClientConnecting");
        Assert.IsTrue(asked.TryDequeue(out DtlsSession? session));
        return session;
    }
}
