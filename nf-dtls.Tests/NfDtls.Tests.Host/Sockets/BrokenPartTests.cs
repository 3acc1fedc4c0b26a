using System;
using System.Collections.Concurrent;
using System.Linq;
using Microsoft.VisualStudio.TestTools.UnitTesting;
using NfDtls.Sockets;

namespace NfDtls.Tests.Host;

/// <summary>An extension or a key exchange of the application's own that throws or fails costs its handshake, and nothing else.</summary>
[TestClass]
public class BrokenPartTests
{
    [TestMethod]
    [TestProperty("Error", nameof(DtlsError.InternalError))]
    public void An_extension_that_throws_at_the_server_costs_that_handshake_alone()
    {
        CapturingExtension broken = new CapturingExtension();
        using EchoServer server = new EchoServer(With(broken));
        using DtlsClient earlier = server.Connect(With(new CapturingExtension()));
        broken.ThrowsWhenRead = true;
        using (DtlsClient client = new DtlsClient(With(new CapturingExtension())))
        {
            DtlsException e = Setup.Fails(DtlsError.AlertReceived, () => client.Connect(server.EndPoint, Setup.Patience));
            Assert.AreEqual(Alert.InternalError, e.AlertReceived);
        }

        Setup.Until(() => server.Errors.Count >= 2, "the exception and the end");
        Assert.IsTrue(server.Errors.All(error => error == DtlsError.InternalError));
        Assert.IsTrue(server.Exceptions.All(exception => exception.Message == CapturingExtension.Where));
        Assert.AreEqual(1, server.Server.SessionCount);
        Check.Echo(earlier, "still here");
        broken.ThrowsWhenRead = false;
        using DtlsClient later = server.Connect(With(new CapturingExtension()));
        Check.Echo(later, "hello");
        Check.Whole(server.Server.Pool);
    }

    [TestMethod]
    public void An_extension_that_throws_at_the_client_fails_its_handshake_and_says_what_it_threw()
    {
        CapturingExtension broken = new CapturingExtension { ThrowsWhenRead = true };
        using EchoServer server = new EchoServer(With(new CapturingExtension()));
        using DtlsClient client = new DtlsClient(With(broken));
        ConcurrentQueue<Exception> told = new();
        client.Error += (error, exception) =>
        {
            if (error == DtlsError.InternalError)
            {
                told.Enqueue(exception);
            }
        };
        DtlsException e = Setup.Fails(DtlsError.InternalError, () => client.Connect(server.EndPoint, Setup.Patience));
        Assert.AreEqual(Alert.InternalError, e.AlertSent);
        Setup.Until(() => told.Count == 1, "Error");
        Assert.AreEqual(CapturingExtension.Where, told.Single().Message);
        broken.ThrowsWhenRead = false;
        Assert.IsTrue(client.Connect(server.EndPoint, Setup.Patience));
        Check.Echo(client, "hello");
        Check.Whole(client.Pool);
    }

    [TestMethod]
    public void What_an_extension_throws_into_Connect_comes_out_of_it_and_the_client_stays_idle()
    {
        CapturingExtension broken = new CapturingExtension { ThrowsWhenWritten = true };
        using EchoServer server = new EchoServer();
        using DtlsClient client = new DtlsClient(With(broken));
        Assert.ThrowsExactly<NotSupportedException>(() => client.Connect(server.EndPoint, Setup.Patience));
        Assert.AreEqual(AssociationState.Idle, client.State);
        broken.ThrowsWhenWritten = false;
        Assert.IsTrue(client.Connect(server.EndPoint, Setup.Patience));
        Check.Echo(client, "hello");
        Check.Whole(client.Pool);
    }

    [TestMethod]
    [DataRow("throws")]
    [DataRow("throws later")]
    [DataRow("does not fit")]
    public void A_key_exchange_that_fails_at_the_server_ends_the_handshake_with_internal_error(string how)
    {
        using EchoServer server = new EchoServer(With(FailingKeyExchange.Suites(how)));
        using DtlsClient client = new DtlsClient(With(FailingKeyExchange.Suites("works")));
        DtlsException e = Setup.Fails(DtlsError.AlertReceived, () => client.Connect(server.EndPoint, Setup.Patience));
        Assert.AreEqual(Alert.InternalError, e.AlertReceived);
        Setup.Until(() => server.Errors.Contains(DtlsError.InternalError) && server.Server.SessionCount == 0, "Error, and a free place");
        Assert.AreEqual(how != "does not fit", !server.Exceptions.IsEmpty);
        Check.Whole(server.Server.Pool);
    }

    [TestMethod]
    [DataRow("throws")]
    [DataRow("throws later")]
    [DataRow("does not fit")]
    public void A_key_exchange_that_fails_at_the_client_ends_the_handshake_with_internal_error(string how)
    {
        using EchoServer server = new EchoServer(With(FailingKeyExchange.Suites("works")));
        using (DtlsClient working = server.Connect(With(FailingKeyExchange.Suites("works"))))
        {
            Check.Echo(working, "it can work");
        }

        using DtlsClient client = new DtlsClient(With(FailingKeyExchange.Suites(how)));
        DtlsException e = Setup.Fails(DtlsError.InternalError, () => client.Connect(server.EndPoint, Setup.Patience));
        Assert.AreEqual(Alert.InternalError, e.AlertSent);
        Check.Whole(client.Pool);
    }

    private static DtlsOptions With(HelloExtension extension)
    {
        DtlsOptions options = Setup.Options();
        options.Extensions = [extension];
        return options;
    }

    private static DtlsOptions With(CipherSuiteTable suites)
    {
        DtlsOptions options = Setup.Options();
        options.Suites = suites;
        return options;
    }
}
