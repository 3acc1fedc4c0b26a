using System;
using System.Net;
using System.Threading;
using System.Threading.Tasks;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.DataProtection.KeyManagement;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using NfDtls.Cluster;
using NfDtls.Extensions;
using NfDtls.Hosting;
using NfDtls.Net;
using StackExchange.Redis;

namespace FleetGateway.Fleet;

/// <summary>
/// What makes a gateway a node: connection IDs that name it, associations in Redis, keys of tickets and cookies of a key ring there. It
/// joins when its listener is there, and leaves before that ends.
/// </summary>
internal sealed class FleetMember : IHostedService, IAsyncDisposable
{
    private const string Name = "gateway";

    // A device that another node takes over sends as many again, at the most: CoAP does so four times.
    private const int PromisedReads = 2;

    // All of them come from the balancer's address.
    private const int MaxLookups = 2048;

    private readonly RedisAssociations _associations;
    private readonly RedisMembers _members;
    private readonly FleetNode _node;
    private readonly RingTicketKeys _tickets;
    private readonly RingCookies _cookies;
    private readonly DeviceRegistry _registry;
    private readonly IServiceProvider _services;

    public FleetMember(FleetOptions options, IConnectionMultiplexer redis, IKeyManager ring, DeviceRegistry registry, IServiceProvider services)
    {
        QuicLbOptions ids = Ids(options);
        _associations = new RedisAssociations(redis, Name);
        _members = new RedisMembers(redis, ids.NodeId, Name);
        _node = new FleetNode(ids, _members, new IPEndPoint(IPAddress.Loopback, 0), Convert.FromHexString(options.Key));
        _tickets = new RingTicketKeys(ring);
        _cookies = new RingCookies(ring);
        _registry = registry;
        _services = services;
    }

    /// <summary>Makes a gateway a node.</summary>
    internal static async Task AddAsync(WebApplicationBuilder builder, FleetOptions options)
    {
        ConnectionMultiplexer redis = await ConnectionMultiplexer.ConnectAsync(options.Redis!);
        builder.Services.AddSingleton(options);
        builder.Services.AddSingleton<IConnectionMultiplexer>(redis);
        builder.Services.AddDataProtection().SetApplicationName(Name).PersistKeysToStackExchangeRedis(redis, Name + ":ring");
        builder.Services.AddSingleton<DeviceStates>();
        builder.Services.AddSingleton<FleetMember>();
        builder.Services.AddHostedService(services => services.GetRequiredService<FleetMember>());
        builder.Services.AddOptions<DtlsServerOptions>().Configure<FleetMember>((server, member) =>
        {
            Action<DtlsListenerOptions>? before = server.ConfigureListener;
            server.ConfigureListener = listener =>
            {
                before?.Invoke(listener);
                member.Configure(listener);
            };
        });
    }

    /// <summary>How the fleet's connection IDs are.</summary>
    internal static QuicLbOptions Ids(FleetOptions options)
    {
        return new QuicLbOptions { NodeId = Convert.FromHexString(options.Node ?? "0000"), NonceLength = 8, Key = Convert.FromHexString(options.IdKey) };
    }

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        await _services.GetRequiredService<DeviceStates>().WatchAsync();
        _node.Serve(_services.GetRequiredService<DtlsServerService>().Listener!);
        await _members.JoinAsync(_node.HandOverEndPoint);
    }

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        await _members.DisposeAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await _node.DisposeAsync();
        await _associations.DisposeAsync();
        _tickets.Dispose();
        _cookies.Dispose();
    }

    private void Configure(DtlsListenerOptions listener)
    {
        listener.Node = _node;
        listener.Associations = _associations;
        listener.AssociationKey = _node.AssociationKey;
        listener.PromisedReads = PromisedReads;
        listener.MaxAssociationLookupsPerHost = MaxLookups;
        RegisteredPeers peers = new(_registry);
        listener.ConfigureEngine = engine => engine.Features =
            [.. engine.Features ?? [], _cookies.ForEngine(), new SessionResumption { TicketKeys = _tickets, StoreSize = 0, Peers = peers }];
    }

    /// <summary>Who is still in the registry resumes.</summary>
    private sealed class RegisteredPeers(DeviceRegistry registry) : ResumablePeers
    {
        public override bool MayResume(byte[]? pskIdentity, byte[]? certificateHash)
        {
            return pskIdentity != null && registry.Find(System.Text.Encoding.UTF8.GetString(pskIdentity)) != null;
        }
    }
}
