using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Net;
using System.Security.Cryptography;
using System.Threading;
using System.Threading.Tasks;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using StackExchange.Redis;

namespace FleetGateway.Fleet;

/// <summary>
/// A fleet on one machine: starts the nodes as processes of this program, puts the balancer before them, and starts another node where
/// one ends, under a name that none has had. The nodes' keys are this run's: they are told to the nodes by their environment.
/// </summary>
internal sealed class Launcher : IHostedService
{
    private const int MostNodes = 16;
    private const int KeyLength = 32;
    private const int IdKeyLength = 16;

    private readonly FleetOptions _options;
    private readonly FleetView _view;
    private readonly DeviceRegistry _registry;
    private readonly TimeProvider _time;
    private readonly ILogger<Launcher> _logger;
    private readonly IPEndPoint _listen;
    private readonly CancellationTokenSource _end = new();
    private readonly List<Task> _running = [];
    private Balancer? _balancer;
    private int _names;

    public Launcher(FleetOptions options, IConfiguration configuration, FleetView view, DeviceRegistry registry, TimeProvider time, ILogger<Launcher> logger)
    {
        _options = options;
        _view = view;
        _registry = registry;
        _time = time;
        _logger = logger;
        _listen = new IPEndPoint(IPAddress.Parse(configuration["Dtls:Address"] ?? "::"), configuration.GetValue("Dtls:Port", 5684));
    }

    /// <summary>Where devices come to.</summary>
    internal IPEndPoint? EndPoint => _balancer?.EndPoint;

    /// <summary>Adds a fleet to the program; false, having said why, where there can be none.</summary>
    internal static async Task<bool> TryAddAsync(WebApplicationBuilder builder, FleetOptions options)
    {
        if (options.Nodes is < 1 or > MostNodes || options.Redis == null)
        {
            Console.Error.WriteLine($"A fleet wants --nodes N, 1 to {MostNodes}, and --redis HOST:PORT.");
            return false;
        }

        try
        {
            builder.Services.AddSingleton<IConnectionMultiplexer>(await ConnectionMultiplexer.ConnectAsync(options.Redis));
        }
        catch (RedisConnectionException e)
        {
            Console.Error.WriteLine($"There is no Redis at {options.Redis}: {e.Message}");
            return false;
        }

        options.Key = Convert.ToHexString(RandomNumberGenerator.GetBytes(KeyLength));
        options.IdKey = Convert.ToHexString(RandomNumberGenerator.GetBytes(IdKeyLength));
        builder.Services.AddSingleton(options);
        builder.Services.AddSingleton<DeviceStates>();
        builder.Services.AddSingleton<FleetView>();
        builder.Services.AddSingleton<IGateway>(services => services.GetRequiredService<FleetView>());
        builder.Services.AddSingleton<Launcher>();
        builder.Services.AddHostedService(services => services.GetRequiredService<Launcher>());
        builder.Services.AddHostedService(services => services.GetRequiredService<FleetView>());
        return true;
    }

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        _balancer = new Balancer(_listen, FleetMember.Ids(_options), _time, e => GatewayLog.BalancerDrops(_logger, e));
        TaskCompletionSource[] ready = Enumerable.Range(0, _options.Nodes).Select(_ => new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).ToArray();

        // The first one makes the ring's key where there is none; several at once would make several.
        _running.Add(Task.Run(() => RunAsync(ready[0]), CancellationToken.None));
        await ready[0].Task.WaitAsync(cancellationToken);
        _running.AddRange(ready.Skip(1).Select(one => Task.Run(() => RunAsync(one), CancellationToken.None)));
        await Task.WhenAll(ready.Select(one => one.Task)).WaitAsync(cancellationToken);
    }

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        await _end.CancelAsync();
        try
        {
            await Task.WhenAll(_running);
        }
        finally
        {
            await (_balancer?.DisposeAsync() ?? ValueTask.CompletedTask);
        }
    }

    private Task RunAsync(TaskCompletionSource ready)
    {
        return new Place(_time, e => GatewayLog.NodeFailed(_logger, e)).KeepAsync(() => RunNodeAsync(ready), _end.Token);
    }

    private async Task RunNodeAsync(TaskCompletionSource ready)
    {
        string name = NextName();
        using NodeRun node = NodeRun.Start(name, Environment(name), line => GatewayLog.NodeSays(_logger, name, line));
        int code;
        try
        {
            if (await node.WaitUntilReadyAsync(_end.Token))
            {
                GatewayLog.NodeServes(_logger, name, node.EndPoint!, node.ProcessId);
                _view.Add(name, node.ProcessId, node.Page!);
                _balancer!.Add(Convert.FromHexString(name), node.EndPoint!);
                ready.TrySetResult();
            }

            code = await node.WaitForExitAsync(_end.Token);
        }
        finally
        {
            _balancer!.Remove(Convert.FromHexString(name));
            _view.Fall(name);
        }

        if (!_end.IsCancellationRequested)
        {
            GatewayLog.NodeEnded(_logger, name, code);
        }
    }

    // One that no node of this fleet has had: connection IDs name their node for as long as a device keeps them.
    private string NextName()
    {
        int name = Interlocked.Increment(ref _names);
        return name <= ushort.MaxValue
            ? name.ToString("X4", CultureInfo.InvariantCulture)
            : throw new InvalidOperationException($"The fleet has started {ushort.MaxValue} nodes, and has no name for another one; it has to be started anew.");
    }

    // What a node has to know beside what this process was told. No key stands on a command line, which any user of a machine can read.
    private Dictionary<string, string> Environment(string name)
    {
        Dictionary<string, string> said = new()
        {
            ["Fleet__Node"] = name,
            ["Fleet__Redis"] = _options.Redis!,
            ["Fleet__Key"] = _options.Key,
            ["Fleet__IdKey"] = _options.IdKey,
            ["Logging__LogLevel__Default"] = nameof(LogLevel.Warning),
        };
        if (_registry.ExampleKey is { } key)
        {
            string device = _registry.All.Single().Identity;
            said[$"Devices__{device}__Key"] = Convert.ToHexString(key);
        }

        return said;
    }
}
