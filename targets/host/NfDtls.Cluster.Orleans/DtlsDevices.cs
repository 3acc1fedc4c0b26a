using System;
using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using System.Threading;
using System.Threading.Tasks;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using NfDtls.Cluster.Orleans.Nodes;
using NfDtls.Net;
using Orleans;
using Orleans.Runtime;

namespace NfDtls.Cluster.Orleans;

/// <summary>
/// Gives this silo's connections to grains: what comes goes to the device's grain, and what the grain sends goes by whichever silo has
/// the connection. Of the silo's container, where <see cref="DtlsDevicesServices.AddDtlsDevices"/> puts it.
/// </summary>
public sealed class DtlsDevices
{
    private readonly IGrainFactory _grains;
    private readonly DeviceConnections _connections;
    private readonly DeviceGrainOptions _options;
    private readonly ILogger<DtlsDevices> _logger;
    private long _failures;
    private long _refused;

    /// <summary>Made by the silo's container.</summary>
    internal DtlsDevices(IGrainFactory grains, DeviceConnections connections, IOptions<DeviceGrainOptions> options, ILogger<DtlsDevices> logger)
    {
        _grains = grains;
        _connections = connections;
        _options = options.Value;
        _logger = logger;
    }

    /// <summary>Connections that are served here.</summary>
    public int Count => _connections.Count;

    /// <summary>Calls of grains that failed; their connections went on.</summary>
    public long Failures => Volatile.Read(ref _failures);

    /// <summary>Connections that had no grain, and were closed.</summary>
    public long Refused => Volatile.Read(ref _refused);

    /// <summary>Serves whoever connects, until the listener is disposed of and the last connection is over.</summary>
    /// <param name="listener">The caller's, who disposes of it.</param>
    [SuppressMessage("Design", "CA1031", Justification = "What keeps one connection from its grain must not keep the others.")]
    public async Task ServeAsync(DtlsListener listener)
    {
        ArgumentNullException.ThrowIfNull(listener);
        ConcurrentDictionary<Task, byte> serving = new();
        while (true)
        {
            DtlsConnection connection;
            try
            {
                connection = await listener.AcceptConnectionAsync().ConfigureAwait(false);
            }
            catch (ObjectDisposedException)
            {
                break;
            }

            Task task = Task.Run(async () =>
            {
                try
                {
                    await ServeAsync(connection).ConfigureAwait(false);
                }
                catch (Exception e)
                {
                    Fail(e);
                    await connection.DisposeAsync().ConfigureAwait(false);
                }
            });
            serving.TryAdd(task, 0);
            _ = task.ContinueWith(over => serving.TryRemove(over, out _), CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
        }

        await Task.WhenAll(serving.Keys).ConfigureAwait(false);
    }

    /// <summary>
    /// Serves one connection until it is over, and disposes of it: a handler for NfDtls.Hosting. A datagram is given to the grain when
    /// the one before was taken; what comes meanwhile waits in the connection, as much as that has room for.
    /// </summary>
    /// <param name="connection">The connection.</param>
    public async Task ServeAsync(DtlsConnection connection)
    {
        ArgumentNullException.ThrowIfNull(connection);
        await using (connection.ConfigureAwait(false))
        {
            if (_options.Grain(connection, _grains) is not { } grain)
            {
                Interlocked.Increment(ref _refused);
                return;
            }

            DeviceLink link = _connections.Add(grain.GetGrainId(), connection);
            try
            {
                await CallAsync(grain.OnConnected(link)).ConfigureAwait(false);
                await ReadAsync(connection, grain, link).ConfigureAwait(false);
            }
            catch (DtlsException)
            {
                // It ended otherwise than in order; the grain is told all the same.
            }
            finally
            {
                _connections.Remove(link);
                await CallAsync(grain.OnDisconnected(link)).ConfigureAwait(false);
            }
        }
    }

    private async Task ReadAsync(DtlsConnection connection, IDeviceGrain grain, DeviceLink link)
    {
        await foreach (DtlsDatagram datagram in connection.ReadAllAsync().ConfigureAwait(false))
        {
            byte[] data;
            using (datagram)
            {
                data = datagram.Memory.ToArray();
            }

            _connections.Hear(link);
            await CallAsync(grain.OnDatagram(new DeviceDatagram(data, link))).ConfigureAwait(false);
        }
    }

    [SuppressMessage("Design", "CA1031", Justification = "Whatever it was, the next datagram may find the grain well.")]
    private async Task CallAsync(Task call)
    {
        try
        {
            await call.ConfigureAwait(false);
        }
        catch (Exception e)
        {
            Fail(e);
        }
    }

    // A device can have its grain fail as often as it likes: the first of each power of two is told, all are counted.
    private void Fail(Exception e)
    {
        long count = Interlocked.Increment(ref _failures);
        if ((count & (count - 1)) == 0)
        {
            DtlsDevicesLog.GrainFailed(_logger, e, count);
        }
    }
}
