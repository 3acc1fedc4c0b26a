using System;
using System.Collections.Concurrent;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Net;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Threading;
using System.Threading.Tasks;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using NfDtls.Net;

namespace NfDtls.Hosting;

/// <summary>
/// A DTLS server as a host's service: listens when the host starts, gives each connection to the handler, looks for new certificates,
/// and when the host stops tells every peer and waits.
/// </summary>
public sealed class DtlsServerService : IHostedService, IAsyncDisposable
{
    private readonly DtlsServerOptions _options;
    private readonly ILogger<DtlsServerService> _logger;
    private readonly TimeProvider _time;
    private readonly LogBudget _strangers;
    private readonly LogBudget _failures;
    private readonly CancellationTokenSource _stop = new();
    private readonly ConcurrentDictionary<Task, byte> _handlers = new();
    private DtlsListener? _listener;
    private Task _accepting = Task.CompletedTask;
    private Task _reloading = Task.CompletedTask;
    private string _loaded = "";

    /// <summary>Made by the host's container.</summary>
    public DtlsServerService(IOptions<DtlsServerOptions> options, ILogger<DtlsServerService> logger, TimeProvider? time = null)
    {
        ArgumentNullException.ThrowIfNull(options);
        _options = options.Value;
        _logger = logger;
        _time = time ?? TimeProvider.System;
        _strangers = new LogBudget(_time);
        _failures = new LogBudget(_time);
    }

    /// <summary>The listener; null before the start.</summary>
    public DtlsListener? Listener => _listener;

    /// <summary>Whether it listens, and takes new clients.</summary>
    public bool IsReady => _listener is { IsDraining: false };

    /// <inheritdoc/>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        DtlsListener listener = await DtlsListener.ListenAsync(MakeOptions(), cancellationToken).ConfigureAwait(false);
        _listener = listener;
        listener.Error += OnError;
        DtlsServerLog.Listening(_logger, listener.LocalEndPoint, listener.ShardCount, listener.Cryptography);
        _accepting = Task.Run(() => AcceptAsync(listener), CancellationToken.None);
        if (_options.CertificateFile != null && _options.CertificateReload > TimeSpan.Zero)
        {
            _reloading = Task.Run(ReloadAsync, CancellationToken.None);
        }
    }

    /// <inheritdoc/>
    public async Task StopAsync(CancellationToken cancellationToken)
    {
        DtlsListener? listener = _listener;
        if (listener == null)
        {
            return;
        }

        DtlsServerLog.Draining(_logger, listener.GetStatistics().Sessions);
        await _stop.CancelAsync().ConfigureAwait(false);
        try
        {
            await listener.DrainAsync(cancellationToken).ConfigureAwait(false);
            await Task.WhenAll(_handlers.Keys).WaitAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            DtlsServerLog.DrainedInPart(_logger);
        }

        await DisposeAsync().ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync().ConfigureAwait(false);
        if (_listener != null)
        {
            await _listener.DisposeAsync().ConfigureAwait(false);
        }

        await _accepting.ConfigureAwait(false);
        await _reloading.ConfigureAwait(false);
    }

    /// <summary>Looks at the certificate's files now; whether they had changed and are used.</summary>
    /// <exception cref="InvalidOperationException">The server does not run, or has no certificate.</exception>
    public bool ReloadCertificates()
    {
        DtlsListener listener = _listener ?? throw new InvalidOperationException("The server does not run.");
        if (_options.CertificateFile == null)
        {
            throw new InvalidOperationException("The server has no certificate's file.");
        }

        try
        {
            string text = ReadFiles();
            if (text == _loaded)
            {
                return false;
            }

            (X509Certificate2Collection own, X509Certificate2Collection below) = Load();
            listener.UpdateCertificates(own, below);
            _loaded = text;
            DtlsServerLog.CertificatesReloaded(_logger);
            return true;
        }
        catch (Exception e)
        {
            DtlsServerLog.CertificatesRefused(_logger, e);
            return false;
        }
    }

    private DtlsListenerOptions MakeOptions()
    {
        DtlsListenerOptions options = new()
        {
            ListenEndPoint = new IPEndPoint(IPAddress.Parse(_options.Address), _options.Port),
            MaxConnections = _options.MaxConnections,
            MaxHandshakes = _options.MaxHandshakes,
            Shards = _options.Shards,
            IdleTimeout = _options.IdleTimeout,
            HandshakeTimeout = _options.HandshakeTimeout,
            CloseTimeout = _options.DrainTimeout,
            ClientCertificates = _options.ClientCertificates,
            TimeProvider = _time,
        };
        if (_options.CertificateFile != null)
        {
            _loaded = ReadFiles();
            (options.Certificates, options.IntermediateCertificates) = Load();
        }

        if (_options.TrustFile != null)
        {
            options.TrustedCertificates = [];
            options.TrustedCertificates.ImportFromPemFile(_options.TrustFile);
        }

        options.PskCallback = MakePskCallback();
        _options.ConfigureListener?.Invoke(options);
        return options;
    }

    private DtlsServerPskCallback? MakePskCallback()
    {
        if (_options.Keys.Count == 0)
        {
            return _options.PskCallback;
        }

        Dictionary<string, byte[]> keys = _options.Keys.ToDictionary(pair => pair.Key, pair => Convert.FromHexString(pair.Value), StringComparer.Ordinal);
        DtlsServerPskCallback? others = _options.PskCallback;
        return (identity, cancellationToken) =>
        {
            if (keys.TryGetValue(Encoding.UTF8.GetString(identity.Span), out byte[]? key))
            {
                return ValueTask.FromResult<byte[]?>(key);
            }

            return others == null ? ValueTask.FromResult<byte[]?>(null) : others(identity, cancellationToken);
        };
    }

    private (X509Certificate2Collection Own, X509Certificate2Collection Below) Load()
    {
        string file = _options.CertificateFile!;
        X509Certificate2Collection all = [];
        all.ImportFromPemFile(file);
        X509Certificate2Collection below = [];
        below.AddRange(all.Skip(1).ToArray());
        return ([X509Certificate2.CreateFromPemFile(file, _options.KeyFile ?? file)], below);
    }

    private string ReadFiles()
    {
        return File.ReadAllText(_options.CertificateFile!) + (_options.KeyFile == null ? "" : File.ReadAllText(_options.KeyFile));
    }

    private async Task AcceptAsync(DtlsListener listener)
    {
        while (true)
        {
            DtlsConnection connection;
            try
            {
                connection = await listener.AcceptConnectionAsync(_stop.Token).ConfigureAwait(false);
            }
            catch (Exception e) when (e is OperationCanceledException or ObjectDisposedException)
            {
                return;
            }

            Task handling = Task.Run(() => HandleAsync(connection), CancellationToken.None);
            _handlers.TryAdd(handling, 0);
            _ = handling.ContinueWith(over => _handlers.TryRemove(over, out _), CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
        }
    }

    private async Task HandleAsync(DtlsConnection connection)
    {
        DtlsServerLog.Connected(_logger, connection.RemoteEndPoint);
        await using (connection)
        {
            try
            {
                await _options.Handler!(connection).ConfigureAwait(false);
            }
            catch (Exception e) when (e is DtlsException or ObjectDisposedException && connection.Closed.IsCompleted)
            {
                // The connection is over, which is told below.
            }
            catch (Exception e)
            {
                DtlsServerLog.HandlerFailed(_logger, e, connection.RemoteEndPoint);
            }
        }

        DtlsServerLog.Over(_logger, connection.RemoteEndPoint, connection.CloseReason, DtlsServerLog.NameOf(connection.AlertSent), DtlsServerLog.NameOf(connection.AlertReceived));
    }

    private async Task ReloadAsync()
    {
        using PeriodicTimer timer = new(_options.CertificateReload, _time);
        try
        {
            while (await timer.WaitForNextTickAsync(_stop.Token).ConfigureAwait(false))
            {
                ReloadCertificates();
            }
        }
        catch (OperationCanceledException)
        {
            // The server stops.
        }
    }

    internal void OnError(object? sender, DtlsListenerErrorEventArgs e)
    {
        // Who proves an address can have handshakes fail, and a flood of them must neither fill a disk nor hide what breaks here.
        LogBudget budget = e.Exception == null ? _strangers : _failures;
        if (!budget.MayWrite(out long leftOut))
        {
            return;
        }

        if (leftOut > 0)
        {
            DtlsServerLog.LeftOut(_logger, leftOut);
        }

        if (e.Exception != null)
        {
            DtlsServerLog.Failed(_logger, e.Exception);
        }
        else
        {
            DtlsServerLog.HandshakeFailed(_logger, e.RemoteEndPoint, e.Error, e.Message, DtlsServerLog.NameOf(e.AlertSent), DtlsServerLog.NameOf(e.AlertReceived));
        }
    }
}
