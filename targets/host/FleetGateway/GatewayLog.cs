using System;
using Microsoft.Extensions.Logging;

namespace FleetGateway;

/// <summary>What is logged beside what NfDtls.Hosting does.</summary>
internal static partial class GatewayLog
{
    [LoggerMessage(300, LogLevel.Warning, "Redis did not answer; what is known of a device stays as it is here")]
    internal static partial void NoRedis(ILogger logger, Exception exception);

    [LoggerMessage(301, LogLevel.Information, "Node {Name} serves at {EndPoint}, as process {Process}")]
    internal static partial void NodeServes(ILogger logger, string name, object endPoint, int process);

    [LoggerMessage(302, LogLevel.Warning, "Node {Name} has ended ({Code}); another one is started")]
    internal static partial void NodeEnded(ILogger logger, string name, int code);

    [LoggerMessage(303, LogLevel.Warning, "Node {Name}: {Line}")]
    internal static partial void NodeSays(ILogger logger, string name, string line);

    [LoggerMessage(304, LogLevel.Warning, "The balancer drops datagrams of new senders; this is said once a minute at the most")]
    internal static partial void BalancerDrops(ILogger logger, Exception exception);

    [LoggerMessage(305, LogLevel.Error, "A node did not start, or is lost; another one is started")]
    internal static partial void NodeFailed(ILogger logger, Exception exception);
}
