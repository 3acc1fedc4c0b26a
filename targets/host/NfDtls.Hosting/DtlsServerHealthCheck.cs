using System.Collections.Generic;
using System.Threading;
using System.Threading.Tasks;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using NfDtls.Net;

namespace NfDtls.Hosting;

/// <summary>Healthy while the server listens; degraded while clients find no place, or the backlog is full, between one look and the next.</summary>
internal sealed class DtlsServerHealthCheck : IHealthCheck
{
    private readonly DtlsServerService _server;
    private long _refused;

    public DtlsServerHealthCheck(DtlsServerService server)
    {
        _server = server;
    }

    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        if (!_server.IsReady)
        {
            return Task.FromResult(new HealthCheckResult(context.Registration.FailureStatus, "The DTLS server does not listen."));
        }

        DtlsListenerStatistics statistics = _server.Listener!.GetStatistics();
        Dictionary<string, object> data = new()
        {
            ["sessions"] = statistics.Sessions,
            ["handshakes"] = statistics.Handshakes,
            ["refused"] = statistics.NoFreeSession + statistics.BacklogRejections,
        };
        long refused = statistics.NoFreeSession + statistics.BacklogRejections;
        bool isFull = refused > Interlocked.Exchange(ref _refused, refused);
        return Task.FromResult(isFull ? HealthCheckResult.Degraded("Clients found no place.", null, data) : HealthCheckResult.Healthy("The DTLS server listens.", data));
    }
}
