using System;
using System.Net;
using System.Net.Security;
using System.Text;
using System.Threading.Tasks;
using Microsoft.VisualStudio.TestTools.UnitTesting;
using NfDtls.Net;

namespace NfDtls.Tests.Net;

/// <summary>What a connection is for, and what both ends know of it.</summary>
[TestClass]
public sealed class EchoTests
{
    [TestMethod]
    [DataRow(DtlsProtocols.Dtls12)]
    [DataRow(DtlsProtocols.Dtls13)]
    public async Task Data_go_both_ways_with_a_key_that_the_call_back_finds(DtlsProtocols version)
    {
        await using DtlsListener listener = await Ends.ListenAsync(options => options.EnabledProtocols = version);
        (DtlsConnection client, DtlsConnection server) = await Ends.PairAsync(listener, options => options.EnabledProtocols = version);
        await using (client)
        {
            await Ends.SendAsync(client, "to the server");
            Assert.AreEqual("to the server", await Ends.ReceiveAsync(server));
            await Ends.SendAsync(server, "to the client");
            Assert.AreEqual("to the client", await Ends.ReceiveAsync(client));
            Assert.AreEqual(version, client.NegotiatedProtocol);
            Assert.AreEqual(version, server.NegotiatedProtocol);
            Assert.AreEqual(client.NegotiatedCipherSuite, server.NegotiatedCipherSuite);
            Assert.AreEqual(Ends.Identity, Encoding.UTF8.GetString(server.PskIdentity!.Value.Span));
            Assert.AreEqual(client.LocalEndPoint, server.RemoteEndPoint);
            Assert.AreEqual(listener.LocalEndPoint, client.RemoteEndPoint);
            Assert.IsNull(server.RemoteCertificate);
            Assert.IsFalse(server.IsResumed);
            Assert.IsGreaterThan(1000, client.MaxSendSize);
        }
    }

    [TestMethod]
    public async Task A_listener_speaks_both_versions_at_one_time()
    {
        await using DtlsListener listener = await Ends.ListenAsync(options => options.EnabledProtocols = DtlsProtocols.Dtls12 | DtlsProtocols.Dtls13);
        _ = Ends.EchoAsync(listener);
        foreach (DtlsProtocols version in new[] { DtlsProtocols.Dtls12, DtlsProtocols.Dtls13 })
        {
            await using DtlsConnection client = await Ends.ConnectAsync(listener, options => options.EnabledProtocols = version);
            await Ends.AssertEchoesAsync(client, version.ToString());
            Assert.AreEqual(version, client.NegotiatedProtocol);
        }
    }

    [TestMethod]
    [DataRow(DtlsProtocols.Dtls12)]
    [DataRow(DtlsProtocols.Dtls13)]
    public async Task Both_ends_derive_the_same_key_for_another_protocol(DtlsProtocols version)
    {
        await using DtlsListener listener = await Ends.ListenAsync(options => options.EnabledProtocols = version);
        (DtlsConnection client, DtlsConnection server) = await Ends.PairAsync(listener, options => options.EnabledProtocols = version);
        await using (client)
        {
            byte[] key = client.ExportKeyingMaterial("EXPERIMENTAL-net", null, 32);
            Assert.HasCount(32, key);
            CollectionAssert.AreEqual(key, server.ExportKeyingMaterial("EXPERIMENTAL-net", null, 32));
            CollectionAssert.AreNotEqual(key, server.ExportKeyingMaterial("EXPERIMENTAL-net", [1], 32));
        }
    }

    [TestMethod]
    public async Task Datagrams_keep_their_bounds_and_empty_ones_come_too()
    {
        await using DtlsListener listener = await Ends.ListenAsync();
        (DtlsConnection client, DtlsConnection server) = await Ends.PairAsync(listener);
        await using (client)
        {
            byte[] largest = new byte[client.MaxSendSize];
            new Random(1).NextBytes(largest);
            await client.SendAsync(largest);
            await client.SendAsync(ReadOnlyMemory<byte>.Empty);
            await client.SendAsync("x"u8.ToArray());
            byte[] buffer = new byte[2048];
            Assert.AreEqual(largest.Length, await server.ReceiveAsync(buffer));
            Assert.IsTrue(buffer.AsSpan(0, largest.Length).SequenceEqual(largest));
            Assert.AreEqual(0, await server.ReceiveAsync(buffer));
            Assert.AreEqual(1, await server.ReceiveAsync(buffer));
            await Assert.ThrowsAsync<ArgumentException>(() => client.SendAsync(new byte[largest.Length + 1]).AsTask());
        }
    }

    [TestMethod]
    public async Task A_datagram_larger_than_the_buffer_is_kept()
    {
        await using DtlsListener listener = await Ends.ListenAsync();
        (DtlsConnection client, DtlsConnection server) = await Ends.PairAsync(listener);
        await using (client)
        {
            await Ends.SendAsync(client, "eight by");
            await Ends.FailsAsync(DtlsError.MessageTooLarge, () => server.ReceiveAsync(new byte[7]).AsTask());
            Assert.AreEqual("eight by", await Ends.ReceiveAsync(server));
        }
    }

    [TestMethod]
    public async Task Closing_tells_the_peer_what_was_sent_before_is_still_received_and_then_all_ends()
    {
        await using DtlsListener listener = await Ends.ListenAsync();
        (DtlsConnection client, DtlsConnection server) = await Ends.PairAsync(listener);
        await Ends.SendAsync(client, "last words");
        await client.CloseAsync().AsTask().WaitAsync(Ends.Patience);
        Assert.AreEqual(DtlsError.SessionClosed, client.CloseReason);
        await server.Closed.WaitAsync(Ends.Patience);
        Assert.AreEqual(DtlsError.SessionClosed, server.CloseReason);
        Assert.AreEqual("last words", await Ends.ReceiveAsync(server));
        await Ends.FailsAsync(DtlsError.SessionClosed, () => server.ReceiveAsync(new byte[10]).AsTask());
        await Ends.FailsAsync(DtlsError.SessionClosed, () => server.SendAsync(new byte[10]).AsTask());
        await Ends.FailsAsync(DtlsError.SessionClosed, () => client.SendAsync(new byte[10]).AsTask());
        await client.CloseAsync();
        await foreach (DtlsDatagram datagram in server.ReadAllAsync())
        {
            Assert.Fail("Nothing is left.");
        }

        await client.DisposeAsync();
        await server.DisposeAsync();
        await Assert.ThrowsExactlyAsync<ObjectDisposedException>(() => client.SendAsync(new byte[1]).AsTask());
        await Assert.ThrowsExactlyAsync<ObjectDisposedException>(() => client.ReceiveAsync(new byte[1]).AsTask());
    }

    [TestMethod]
    public async Task A_wrong_key_fails_at_the_client_and_is_told_by_the_listener()
    {
        await using DtlsListener listener = await Ends.ListenAsync();
        TaskCompletionSource<DtlsListenerErrorEventArgs> told = new();
        listener.Error += (_, e) => told.TrySetResult(e);
        await Ends.FailsAsync(DtlsError.AlertReceived, () => Ends.ConnectAsync(listener, options => options.Psk = new DtlsPskCredential("stranger", Ends.Key)));
        DtlsListenerErrorEventArgs error = await told.Task.WaitAsync(Ends.Patience);
        Assert.AreEqual(DtlsError.UnknownPskIdentity, error.Error);
        Assert.AreEqual(IPAddress.Loopback, error.RemoteEndPoint!.Address);
        Assert.AreEqual(Alert.UnknownPskIdentity, error.AlertSent);
        Assert.AreEqual(Alert.None, error.AlertReceived);
    }

    [TestMethod]
    public async Task The_clients_call_back_is_told_the_hint_and_chooses_the_key()
    {
        await using DtlsListener listener = await Ends.ListenAsync(options => options.PskHint = "plant 7"u8.ToArray());
        string? hint = null;
        await using DtlsConnection client = await Ends.ConnectAsync(listener, options =>
        {
            options.Psk = null;
            options.PskCallback = async (asked, cancellationToken) =>
            {
                await Task.Yield();
                hint = Encoding.UTF8.GetString(asked.Span);
                return new DtlsPskCredential(Ends.Identity, Ends.Key);
            };
        });
        Assert.AreEqual("plant 7", hint);
    }

    [TestMethod]
    public async Task Suites_and_protocols_of_the_application_are_those_that_were_named()
    {
        SslApplicationProtocol coap = new("coap");
        await using DtlsListener listener = await Ends.ListenAsync(options => options.ApplicationProtocols = [new SslApplicationProtocol("other"), coap]);
        (DtlsConnection client, DtlsConnection server) = await Ends.PairAsync(listener, options =>
        {
            options.CipherSuites = [TlsCipherSuite.TLS_PSK_WITH_AES_128_CCM_8];
            options.ApplicationProtocols = [coap];
            options.TargetHost = "gateway.example";
        });
        await using (client)
        {
            Assert.AreEqual(TlsCipherSuite.TLS_PSK_WITH_AES_128_CCM_8, client.NegotiatedCipherSuite);
            Assert.AreEqual(TlsCipherSuite.TLS_PSK_WITH_AES_128_CCM_8, server.NegotiatedCipherSuite);
            Assert.AreEqual(coap, client.NegotiatedApplicationProtocol);
            Assert.AreEqual(coap, server.NegotiatedApplicationProtocol);
            Assert.AreEqual("gateway.example", client.TargetHostName);
        }
    }
}
