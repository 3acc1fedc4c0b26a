using System;
using System.Collections.Concurrent;
using System.Collections.Generic;
using System.Diagnostics;
using System.Diagnostics.Metrics;
using System.IO;
using System.Linq;
using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Threading.Tasks;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Microsoft.VisualStudio.TestTools.UnitTesting;
using NfDtls.Hosting;
using NfDtls.Net;

namespace NfDtls.Tests.Net;

/// <summary>A server within .NET's generic host.</summary>
[TestClass]
public sealed class HostingTests
{
    private readonly Lines _log = new();

    [TestMethod]
    public async Task A_host_serves_with_keys_from_configuration_logs_without_them_and_tells_peers_when_it_stops()
    {
        using IHost host = Build(Keys(), options => options.MapDtls(0, Ends.EchoAsync));
        await host.StartAsync();
        DtlsListener listener = host.Services.GetRequiredService<DtlsServerService>().Listener!;
        Assert.AreEqual(IPAddress.Loopback, listener.LocalEndPoint.Address);
        Assert.AreEqual(1, listener.ShardCount);
        await using DtlsConnection client = await Ends.ConnectAsync(listener);
        await Ends.AssertEchoesAsync(client, "hosted");
        await Ends.FailsAsync(DtlsError.AlertReceived, () => Ends.ConnectAsync(listener, options => options.Psk = new DtlsPskCredential("stranger", Ends.Key)));
        HealthCheckService health = host.Services.GetRequiredService<HealthCheckService>();
        Assert.AreEqual(HealthStatus.Healthy, (await health.CheckHealthAsync()).Status);
        await host.StopAsync().WaitAsync(Ends.Patience);
        await client.Closed.WaitAsync(Ends.Patience);
        Assert.AreEqual(DtlsError.SessionClosed, client.CloseReason);
        Assert.AreEqual(HealthStatus.Unhealthy, (await health.CheckHealthAsync()).Status);
        int[] told = [1, 2, 3, 4, 8];
        await Ends.UntilAsync(() => told.All(number => _log.Any(line => line.Number == number)), "all lines");
        Assert.IsTrue(_log.Any(line => line.Number == 1 && line.Text.Contains("cryptography: " + listener.Cryptography)), "where the cryptography comes from");
        Assert.IsFalse(_log.Any(line => line.Text.Contains(Convert.ToHexString(Ends.Key), StringComparison.OrdinalIgnoreCase)), "A key is no line of a log.");
    }

    [TestMethod]
    [DataRow("Port", "65536", "Port must be 0 to 65535")]
    [DataRow("Address", "somewhere", "Address must be an IP address")]
    [DataRow("MaxConnections", "0", "MaxConnections must be")]
    [DataRow("MaxHandshakes", "1", "MaxHandshakes must be")]
    [DataRow("Shards", "65", "Shards must be")]
    [DataRow("IdleTimeout", "-00:00:01", "IdleTimeout must be")]
    [DataRow("HandshakeTimeout", "00:00:00", "HandshakeTimeout must be")]
    [DataRow("DrainTimeout", "-00:00:01", "DrainTimeout must be")]
    [DataRow("CertificateReload", "-00:00:01", "CertificateReload must be")]
    [DataRow("Keys:other", "0g", "the key of other must be")]
    [DataRow("Keys:other", "", "the key of other must be")]
    [DataRow("CertificateFile", "/nowhere.pem", "There is no file /nowhere.pem")]
    [DataRow("KeyFile", "/nowhere.pem", "KeyFile is of no use without CertificateFile")]
    [DataRow("ClientCertificates", "Require", "ClientCertificates asks clients")]
    public async Task What_is_wrong_with_the_options_ends_the_start_by_name(string name, string value, string message)
    {
        Dictionary<string, string?> configuration = Keys();
        configuration["Dtls:" + name] = value;
        using IHost host = Build(configuration, options => options.Handler = Ends.EchoAsync);
        OptionsValidationException e = await Assert.ThrowsExactlyAsync<OptionsValidationException>(() => host.StartAsync());
        Assert.Contains(message, e.Message);
        Assert.DoesNotContain(Convert.ToHexString(Ends.Key), e.Message);
    }

    [TestMethod]
    public async Task Without_a_handler_or_credentials_a_host_does_not_start()
    {
        using IHost host = Build([], _ => { });
        OptionsValidationException e = await Assert.ThrowsExactlyAsync<OptionsValidationException>(() => host.StartAsync());
        Assert.Contains("Handler must be set", e.Message);
        Assert.Contains("no handshake could succeed", e.Message);
    }

    [TestMethod]
    public async Task A_handler_that_fails_ends_its_connection_and_is_logged()
    {
        using IHost host = Build(Keys(), options => options.MapDtls(0, _ => throw new InvalidOperationException("broken handler")));
        await host.StartAsync();
        await using DtlsConnection client = await Ends.ConnectAsync(host.Services.GetRequiredService<DtlsServerService>().Listener!);
        await client.Closed.WaitAsync(Ends.Patience);
        await Ends.UntilAsync(() => _log.Any(line => line.Number == 5 && line.Exception is InvalidOperationException), "the handler's line");
        await host.StopAsync().WaitAsync(Ends.Patience);
    }

    [TestMethod]
    public void Strangers_whose_handshakes_fail_keep_nothing_out_of_the_log_that_broke_here()
    {
        using IHost host = Build(Keys(), options => options.MapDtls(0, Ends.EchoAsync));
        DtlsServerService server = host.Services.GetRequiredService<DtlsServerService>();
        for (int i = 0; i < 1000; i++)
        {
            server.OnError(null, new DtlsListenerErrorEventArgs(new IPEndPoint(IPAddress.Loopback, 5), DtlsError.AlertReceived, 20, 40, null));
        }

        server.OnError(null, new DtlsListenerErrorEventArgs(null, DtlsError.InternalError, Alert.None, Alert.None, new InvalidOperationException("broken here")));
        Assert.IsTrue(_log.Any(line => line.Number == 4 && line.Text.StartsWith("A handshake with 127.0.0.1:5 failed: AlertReceived, ", StringComparison.Ordinal)
            && line.Text.EndsWith("; alert sent: bad_record_mac, received: handshake_failure", StringComparison.Ordinal)));
        Assert.IsTrue(_log.Any(line => line.Number == 10 && line.Exception is InvalidOperationException));
    }

    [TestMethod]
    public async Task A_new_certificate_file_serves_new_handshakes_sessions_go_on_and_a_broken_one_changes_nothing()
    {
        string folder = Directory.CreateTempSubdirectory("nfdtls-host").FullName;
        try
        {
            using Certified authority = new();
            using X509Certificate2 first = authority.Server();
            using X509Certificate2 second = authority.Server();
            string file = Path.Combine(folder, "own.pem");
            Write(file, first);
            using IHost host = Build(new Dictionary<string, string?> { ["Dtls:CertificateFile"] = file, ["Dtls:CertificateReload"] = "00:00:00" }, options => options.MapDtls(0, Ends.EchoAsync));
            await host.StartAsync();
            DtlsServerService server = host.Services.GetRequiredService<DtlsServerService>();
            await using DtlsConnection old = await Connect();
            Assert.IsFalse(server.ReloadCertificates());
            await File.WriteAllTextAsync(file, "half of a fi");
            Assert.IsFalse(server.ReloadCertificates());
            Assert.IsTrue(_log.Any(line => line.Number == 7));
            Write(file, second);
            Assert.IsTrue(server.ReloadCertificates());
            await using DtlsConnection young = await Connect();
            Assert.AreEqual(first.Thumbprint, old.RemoteCertificate!.Thumbprint);
            Assert.AreEqual(second.Thumbprint, young.RemoteCertificate!.Thumbprint);
            await Ends.AssertEchoesAsync(old, "still here");
            await host.StopAsync().WaitAsync(Ends.Patience);

            Task<DtlsConnection> Connect() => Ends.ConnectAsync(server.Listener!, options =>
            {
                options.Psk = null;
                options.TrustedCertificates = [authority.Root];
                options.TargetHost = Certified.ServerName;
            });
        }
        finally
        {
            Directory.Delete(folder, true);
        }
    }

    [TestMethod]
    public async Task Handshakes_are_measured_and_traced()
    {
        ConcurrentQueue<string> measured = new();
        using MeterListener meters = new();
        meters.InstrumentPublished = (instrument, listening) =>
        {
            if (instrument.Meter.Name == DtlsTelemetry.Name)
            {
                listening.EnableMeasurementEvents(instrument);
            }
        };
        meters.SetMeasurementEventCallback<double>((instrument, _, _, _) => measured.Enqueue(instrument.Name));
        meters.SetMeasurementEventCallback<long>((instrument, _, _, _) => measured.Enqueue(instrument.Name));
        meters.Start();
        ConcurrentQueue<Activity> traced = new();
        using ActivityListener activities = new()
        {
            ShouldListenTo = source => source.Name == DtlsTelemetry.Name,
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
            ActivityStopped = traced.Enqueue,
        };
        ActivitySource.AddActivityListener(activities);
        await using (DtlsListener listener = await Ends.ListenAsync())
        {
            (DtlsConnection client, DtlsConnection server) = await Ends.PairAsync(listener);
            await Ends.SendAsync(client, "counted");
            await Ends.ReceiveAsync(server);
            await client.DisposeAsync();
            await Ends.FailsAsync(DtlsError.AlertReceived, () => Ends.ConnectAsync(listener, options => options.Psk = new DtlsPskCredential("stranger", Ends.Key)));
        }

        CollectionAssert.IsSubsetOf(new[] { "dtls.handshake.duration", "dtls.connections.active", "dtls.data.sent", "dtls.data.received" }, measured.ToArray());
        foreach (ActivityKind kind in new[] { ActivityKind.Server, ActivityKind.Client })
        {
            Activity good = traced.Single(activity => activity.Kind == kind && activity.Status == ActivityStatusCode.Unset);
            Assert.AreEqual("1.2", good.GetTagItem("tls.protocol.version"));
            Assert.AreEqual("127.0.0.1", good.GetTagItem("network.peer.address"));
            Activity bad = traced.Single(activity => activity.Kind == kind && activity.Status == ActivityStatusCode.Error);
            Assert.AreEqual(kind == ActivityKind.Server ? "UnknownPskIdentity" : "AlertReceived", bad.GetTagItem("error.type"));
        }
    }

    private static Dictionary<string, string?> Keys()
    {
        return new Dictionary<string, string?> { ["Dtls:Keys:" + Ends.Identity] = Convert.ToHexString(Ends.Key) };
    }

    private static void Write(string file, X509Certificate2 certificate)
    {
        File.WriteAllText(file, certificate.ExportCertificatePem() + "\n" + certificate.GetECDsaPrivateKey()!.ExportPkcs8PrivateKeyPem() + "\n");
    }

    private IHost Build(Dictionary<string, string?> configuration, Action<DtlsServerOptions> configure)
    {
        HostApplicationBuilder builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["Dtls:Address"] = "127.0.0.1",
            ["Dtls:Port"] = "0",
            ["Dtls:Shards"] = "1",
            ["Dtls:HandshakeTimeout"] = Ends.Patience.ToString(),
            ["Dtls:DrainTimeout"] = Ends.Patience.ToString(),
        });
        builder.Configuration.AddInMemoryCollection(configuration);
        builder.Services.Configure<HostOptions>(options => options.ShutdownTimeout = Ends.Patience);
        builder.Logging.AddProvider(_log).SetMinimumLevel(LogLevel.Trace);
        builder.Services.AddDtlsServer(configure);
        builder.Services.AddHealthChecks().AddDtlsServer();
        return builder.Build();
    }

    /// <summary>Keeps what the server logs.</summary>
    private sealed class Lines : ILoggerProvider, ILogger
    {
        private readonly ConcurrentQueue<(int Number, string Text, Exception? Exception)> _lines = new();

        public bool Any(Func<(int Number, string Text, Exception? Exception), bool> condition)
        {
            return _lines.Any(condition);
        }

        public ILogger CreateLogger(string categoryName)
        {
            return categoryName.StartsWith("NfDtls.", StringComparison.Ordinal) ? this : Microsoft.Extensions.Logging.Abstractions.NullLogger.Instance;
        }

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull
        {
            return null;
        }

        public bool IsEnabled(LogLevel logLevel)
        {
            return true;
        }

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            _lines.Enqueue((eventId.Id, formatter(state, exception), exception));
        }

        public void Dispose()
        {
        }
    }
}
