using System;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using NfDtls.Cluster.Orleans.Nodes;
using Orleans;
using Orleans.Hosting;
using Orleans.Runtime;

namespace NfDtls.Cluster.Orleans;

/// <summary>Puts devices into a silo.</summary>
public static class DtlsDevicesServices
{
    /// <summary>
    /// Adds <see cref="DtlsDevices"/>, and lets grains at any silo send by this one's connections. Every silo of the cluster that has
    /// grains of devices, or a listener, wants it.
    /// </summary>
    /// <param name="silo">The silo.</param>
    /// <param name="configure">Says which grain a connection is of, where that is not <see cref="DeviceGrainOptions.ByIdentity"/>.</param>
    public static ISiloBuilder AddDtlsDevices(this ISiloBuilder silo, Action<DeviceGrainOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(silo);
        silo.Services.AddOptions<DeviceGrainOptions>().Configure(options => configure?.Invoke(options))
            .Validate(options => options.Grain != null, "Grain is set.")
            .Validate(options => options.AnswerTimeout > TimeSpan.Zero && options.AnswerTimeout.TotalMilliseconds <= int.MaxValue, "AnswerTimeout is more than 0, and at most 24 days.");
        silo.Services.AddSingleton(services => new DeviceConnections(services.GetRequiredService<ILocalSiloDetails>(), services.GetService<TimeProvider>()));
        silo.Services.AddSingleton<DeviceNodes>();
        silo.Services.AddSingleton(services => new DtlsDevices(
            services.GetRequiredService<IGrainFactory>(), services.GetRequiredService<DeviceConnections>(), services.GetRequiredService<IOptions<DeviceGrainOptions>>(), services.GetRequiredService<ILogger<DtlsDevices>>()));
        return silo.AddGrainService<DeviceNode>();
    }
}
