using System;
using System.Net;
using System.Text;
using System.Threading.Tasks;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using NfDtls.Cluster.Orleans;
using NfDtls.Net;
using NfDtls.Tests.Net;
using NfDtls.Tests.Peers.Programs;
using Orleans;
using Orleans.Configuration;
using Orleans.Hosting;
using Orleans.Runtime;
using Orleans.Runtime.Placement;
using StackExchange.Redis;

namespace NfDtls.Tests.Cluster.Devices;

/// <summary>A silo of a cluster whose members know each other by Redis; listeners come and go with the tests.</summary>
internal sealed class OrleansNode : IAsyncDisposable
{
    private readonly IHost _host;

    private OrleansNode(IHost host)
    {
        _host = host;
    }

    internal DtlsDevices Devices => _host.Services.GetRequiredService<DtlsDevices>();

    internal IGrainFactory Grains => _host.Services.GetRequiredService<IGrainFactory>();

    internal SiloAddress Silo => _host.Services.GetRequiredService<ILocalSiloDetails>().SiloAddress;

    internal static async Task<OrleansNode> StartAsync(string redis)
    {
        HostApplicationBuilder builder = Host.CreateApplicationBuilder();
        builder.Logging.ClearProviders();
        builder.UseOrleans(silo => silo
            .Configure<ClusterOptions>(options => options.ClusterId = options.ServiceId = "fleet")
            .ConfigureEndpoints(IPAddress.Loopback, FreePorts.Tcp(), 0)
            .UseRedisClustering(options => options.ConfigurationOptions = ConfigurationOptions.Parse(redis))
            .AddDtlsDevices());
        IHost host = builder.Build();
        await host.StartAsync();
        return new OrleansNode(host);
    }

    /// <summary>A listener before this silo.</summary>
    internal async Task<Fleet.Node> ListenAsync(byte name, DtlsProtocols version, Fleet.Members members, AssociationStore? store, Action<DtlsListenerOptions>? change = null)
    {
        Fleet.Node node = await Fleet.Node.StartAsync(name, version, 1, members, store, isDeaf: true, change: options =>
        {
            options.ListenBacklog = 16;
            options.PskCallback = (_, _) => ValueTask.FromResult<byte[]?>(Ends.Key);
            change?.Invoke(options);
        });
        _ = Devices.ServeAsync(node.Listener);
        return node;
    }

    /// <summary>A device's grain, which is made at this silo where it is nowhere yet.</summary>
    internal async Task<IThermometer> GrainAsync(string identity)
    {
        IThermometer grain = Grains.GetGrain<IThermometer>(identity);
        RequestContext.Set(IPlacementDirector.PlacementHintKey, Silo);
        try
        {
            await grain.HeardAsync().WaitAsync(Ends.Patience);
        }
        finally
        {
            RequestContext.Remove(IPlacementDirector.PlacementHintKey);
        }

        return grain;
    }

    internal Task<bool> SendAsync(string identity, string text)
    {
        return Grains.GetGrain<IThermometer>(identity).SendAsync(Encoding.UTF8.GetBytes(text)).WaitAsync(Ends.Patience);
    }

    public async ValueTask DisposeAsync()
    {
        await _host.StopAsync();
        _host.Dispose();
    }
}
