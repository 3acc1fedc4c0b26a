using System;
using System.Collections.Generic;
using System.Net;
using System.Net.Security;
using System.Threading.Tasks;
using Microsoft.VisualStudio.TestTools.UnitTesting;
using NfDtls.Net;

namespace NfDtls.Tests.Net;

/// <summary>Options that are not allowed, each told by its name.</summary>
[TestClass]
public sealed class OptionTests
{
    public static IEnumerable<object[]> OfListeners =>
    [
        Of(nameof(DtlsListenerOptions.ListenEndPoint), options => options.ListenEndPoint = null),
        Of(nameof(DtlsListenerOptions.EnabledProtocols), options => options.EnabledProtocols = DtlsProtocols.None),
        Of(nameof(DtlsListenerOptions.EnabledProtocols), options => options.EnabledProtocols = (DtlsProtocols)4),
        Of(nameof(DtlsListenerOptions.CipherSuites), options => options.CipherSuites = [TlsCipherSuite.TLS_NULL_WITH_NULL_NULL]),
        Of("Suites", options => options.CipherSuites = []),
        Of("Suites can be used", options => options.CipherSuites = [TlsCipherSuite.TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256]),
        Of(nameof(DtlsListenerOptions.ConnectionIdLength), options => options.ConnectionIdLength = 33),
        Of(nameof(DtlsListenerOptions.ConnectionIdLength), options => options.ConnectionIdLength = -1),
        Of("Connection IDs of one byte", options =>
        {
            options.ConnectionIdLength = 1;
            options.Shards = 2;
        }),
        Of(nameof(DtlsListenerOptions.HandshakeTimeout), options => options.HandshakeTimeout = TimeSpan.Zero),
        Of(nameof(DtlsListenerOptions.CloseTimeout), options => options.CloseTimeout = TimeSpan.FromSeconds(-1)),
        Of(nameof(DtlsListenerOptions.RetransmitTimeout), options => options.RetransmitTimeout = TimeSpan.FromMilliseconds(49)),
        Of(nameof(DtlsListenerOptions.MaxDatagramSize), options => options.MaxDatagramSize = 149),
        Of(nameof(DtlsListenerOptions.ReceiveQueueLength), options => options.ReceiveQueueLength = 0),
        Of(nameof(DtlsListenerOptions.TimeProvider), options => options.TimeProvider = null!),
        Of(nameof(DtlsListenerOptions.ListenBacklog), options => options.ListenBacklog = 0),
        Of(nameof(DtlsListenerOptions.MaxConnections), options => options.MaxConnections = 0),
        Of(nameof(DtlsListenerOptions.MaxHandshakes), options => options.MaxHandshakes = 1),
        Of(nameof(DtlsListenerOptions.MaxConnectionsPerHost), options => options.MaxConnectionsPerHost = -1),
        Of(nameof(DtlsListenerOptions.Shards), options => options.Shards = 65),
        Of(nameof(DtlsListenerOptions.IdleTimeout), options => options.IdleTimeout = TimeSpan.FromSeconds(-1)),
        Of(nameof(DtlsListenerOptions.PskCallbackTimeout), options => options.PskCallbackTimeout = TimeSpan.Zero),
        Of(nameof(DtlsListenerOptions.PskHint), options => options.PskHint = new byte[129]),
        Of("pre-shared key", options => options.PskCallback = null),
        Of(nameof(DtlsListenerOptions.ClientCertificates), options => options.ClientCertificates = ClientCertificates.Request),
    ];

    [TestMethod]
    [DynamicData(nameof(OfListeners))]
    public async Task A_listener_names_the_option_that_is_wrong(string name, Action<DtlsListenerOptions> change)
    {
        ArgumentException e = await Assert.ThrowsAsync<ArgumentException>(() => Ends.ListenAsync(change));
        Assert.Contains(name, e.Message);
    }

    [TestMethod]
    public async Task A_client_names_the_option_that_is_wrong()
    {
        (string Name, Action<DtlsClientOptions> Change)[] cases =
        [
            (nameof(DtlsClientOptions.RemoteEndPoint), options => options.RemoteEndPoint = null),
            (nameof(DtlsClientOptions.RemoteEndPoint), options => options.RemoteEndPoint = new IPEndPoint(IPAddress.Loopback, 0)),
            (nameof(DtlsClientOptions.PskCallback), options => options.PskCallback = (_, _) => ValueTask.FromResult<DtlsPskCredential?>(null)),
            (nameof(DtlsClientOptions.CipherSuites), options => options.CipherSuites = [TlsCipherSuite.TLS_RSA_WITH_RC4_128_MD5]),
        ];
        foreach ((string name, Action<DtlsClientOptions> change) in cases)
        {
            DtlsClientOptions options = Ends.ClientOptions(new IPEndPoint(IPAddress.Loopback, 1));
            change(options);
            ArgumentException e = await Assert.ThrowsAsync<ArgumentException>(() => DtlsConnection.ConnectAsync(options).AsTask());
            Assert.Contains(name, e.Message);
        }

        Assert.ThrowsExactly<ArgumentException>(() => new DtlsPskCredential("identity", []));
        Assert.ThrowsExactly<ArgumentException>(() => new DtlsPskCredential("identity", new byte[65]));
        Assert.ThrowsExactly<ArgumentException>(() => new DtlsPskCredential(new byte[129], new byte[16]));
        Assert.DoesNotContain("16 bytes of key!", new DtlsPskCredential("identity", Ends.Key).ToString());
    }

    [TestMethod]
    public async Task A_silent_connection_is_closed_after_its_time_and_a_host_has_no_more_than_its_share()
    {
        await using DtlsListener listener = await Ends.ListenAsync(options =>
        {
            options.IdleTimeout = TimeSpan.FromMilliseconds(200);
            options.MaxConnectionsPerHost = 1;
        });
        (DtlsConnection client, DtlsConnection server) = await Ends.PairAsync(listener);
        await server.Closed.WaitAsync(Ends.Patience);
        Assert.AreEqual(DtlsError.IdleTimeout, server.CloseReason);
        await Ends.FailsAsync(DtlsError.IdleTimeout, () => server.ReceiveAsync(new byte[1]).AsTask());
        await client.Closed.WaitAsync(Ends.Patience);
        Assert.AreEqual(DtlsError.SessionClosed, client.CloseReason);
        await client.DisposeAsync();
    }

    [TestMethod]
    public async Task Each_engine_is_configured_once_and_last()
    {
        int configured = 0;
        await using DtlsListener listener = await Ends.ListenAsync(options =>
        {
            options.Shards = 3;
            options.MaxDatagramSize = 600;
            options.ConfigureEngine = engine =>
            {
                configured++;
                Assert.AreEqual(600, engine.Mtu);
                engine.Mtu = 500;
            };
        });
        Assert.AreEqual(3, configured);
        (DtlsConnection client, DtlsConnection server) = await Ends.PairAsync(listener);
        Assert.IsLessThan(500, server.MaxSendSize);
        await client.DisposeAsync();
    }

    private static object[] Of(string name, Action<DtlsListenerOptions> change)
    {
        return [name, change];
    }
}
