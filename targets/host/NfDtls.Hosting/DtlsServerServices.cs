using System;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace NfDtls.Hosting;

/// <summary>Puts a DTLS server into a host.</summary>
public static class DtlsServerServices
{
    /// <summary>
    /// Adds a server, which begins and ends with the host. Its options come from the section Dtls of the host's configuration, and
    /// then from <paramref name="configure"/>; what is wrong with them ends the host's start.
    /// </summary>
    /// <param name="services">The host's.</param>
    /// <param name="configure">Sets the handler, and what configuration does not say.</param>
    public static IServiceCollection AddDtlsServer(this IServiceCollection services, Action<DtlsServerOptions> configure)
    {
        ArgumentNullException.ThrowIfNull(services);
        ArgumentNullException.ThrowIfNull(configure);
        services.AddOptions<DtlsServerOptions>().BindConfiguration(DtlsServerOptions.Section).Configure(configure).ValidateOnStart();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<DtlsServerOptions>, DtlsServerOptionsValidator>());
        services.TryAddSingleton<DtlsServerService>();
        services.AddSingleton<IHostedService>(provider => provider.GetRequiredService<DtlsServerService>());
        return services;
    }

    /// <summary>Adds a check of the server to the host's health checks.</summary>
    /// <param name="builder">The host's.</param>
    /// <param name="name">The check's name.</param>
    public static IHealthChecksBuilder AddDtlsServer(this IHealthChecksBuilder builder, string name = "dtls")
    {
        ArgumentNullException.ThrowIfNull(builder);
        builder.Services.TryAddSingleton<DtlsServerHealthCheck>();
        return builder.Add(new Microsoft.Extensions.Diagnostics.HealthChecks.HealthCheckRegistration(name, provider => provider.GetRequiredService<DtlsServerHealthCheck>(), null, null));
    }
}
